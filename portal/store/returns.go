package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"quittance/payments"
)

// Returns counts the ACH debits submitted since a time and how they came back:
// first those of all creditors together, then each creditor's (ACH-06).
func (s *Store) Returns(ctx context.Context, since time.Time) ([]payments.Returns, error) {
	counted, args := returnColumns()
	var all []payments.Returns
	scan := func(r row) error {
		var one payments.Returns
		err := r.Scan(&one.CreditorRef, &one.Debits, &one.Unauthorized, &one.Administrative, &one.All)
		all = append(all, one)
		return err
	}
	const of = ` FROM payments p WHERE p.method = ? AND p.submitted_at >= ?`
	const ofEach = ` FROM payments p JOIN (SELECT DISTINCT payment_id, creditor_ref FROM payment_allocations) a ON a.payment_id = p.id
		WHERE p.method = ? AND p.submitted_at >= ? GROUP BY a.creditor_ref ORDER BY a.creditor_ref`
	args = append(args, string(payments.BankAccount), at(since))
	err := s.lookups(ctx,
		lookup{query: `SELECT ''` + counted + of, args: args, scan: scan},
		lookup{query: `SELECT a.creditor_ref` + counted + ofEach, args: args, scan: scan})
	if err != nil {
		return nil, fmt.Errorf("count returns: %w", err)
	}
	return all, nil
}

// returnColumns are the counts, each of a list of return codes.
func returnColumns() (string, []any) {
	var args []any
	count := func(codes []string) string {
		for _, code := range codes {
			args = append(args, code)
		}
		marks := strings.TrimSuffix(strings.Repeat("?, ", len(codes)), ", ")
		return `, COUNT(CASE WHEN p.failure_return_code IN (` + marks + `) THEN 1 END)`
	}
	return `, COUNT(*)` + count(payments.UnauthorizedReturns) + count(payments.AdministrativeReturns) +
		`, COUNT(CASE WHEN p.failure_return_code <> '' THEN 1 END)`, args
}
