package store

import (
	"context"
	"strings"

	"quittance/portal/debt"
)

// Whose debts somebody may know of goes into a query by one of these, before what
// limits and counts it. Nobody's set finds nothing.

// everything is the condition of the set of all.
const everything = `1 = 1`

// theirs writes that a column names a creditor of the set.
func (s *Store) theirs(column string, c debt.Creditors) (string, []any) {
	if c.All() {
		return everything, nil
	}
	where, refs := s.oneOf(column, c.Refs())
	return where, []any{refs}
}

// touching writes that an event is about debts of the set.
func touching(c debt.Creditors) (string, []any) {
	if c.All() {
		return everything, nil
	}
	parts, args := []string{`1 = 0`}, []any{}
	for _, ref := range c.Refs() {
		parts, args = append(parts, `replace(creditors, ?, '') <> creditors`), append(args, lines([]string{ref}))
	}
	return `(` + strings.Join(parts, ` OR `) + `)`, args
}

// owing writes that an account, named by a column, owes a debt of the set, alone or
// together with others.
func (s *Store) owing(account string, c debt.Creditors) (string, []any) {
	if c.All() {
		return everything, nil
	}
	where, refs := s.oneOf(`own.creditor_ref`, c.Refs())
	return `(EXISTS (SELECT 1 FROM debts own WHERE own.account_id = ` + account + ` AND ` + where + `) OR EXISTS (
		SELECT 1 FROM joint_debtors j JOIN debts own ON own.id = j.debt_id WHERE j.account_id = ` + account + ` AND ` + where + `))`, []any{refs, refs}
}

// disputed writes that a dispute is about a debt of the set. A complaint about no
// debt is about all that its account owes.
func (s *Store) disputed(c debt.Creditors) (string, []any) {
	if c.All() {
		return everything, nil
	}
	about, args := s.theirs(`d.creditor_ref`, c)
	owes, more := s.owing(`d.account_id`, c)
	return `(` + about + ` OR d.creditor_ref = '' AND ` + owes + `)`, append(args, more...)
}

// CreditorRefs lists the creditors whose debts were placed.
func (s *Store) CreditorRefs(ctx context.Context) ([]string, error) {
	var refs []string
	err := s.query(ctx, func(r row) error {
		var ref string
		err := r.Scan(&ref)
		refs = append(refs, ref)
		return err
	}, `SELECT ref FROM creditors ORDER BY ref`)
	return refs, err
}
