package store

import (
	"context"
	"fmt"

	"quittance/payments"
	"quittance/portal/debt"
	"quittance/portal/gate"
	"quittance/portal/identity"
)

// usualDebts is how many debts a consumer seldom exceeds.
const usualDebts = 4

// Overview reads what a consumer's page shows, in one round trip on
// PostgreSQL: the account (identity.ErrNotFound), its debts as
// AccountStatements has them and its newest payments as PaymentsOfAccount.
func (s *Store) Overview(ctx context.Context, id debt.AccountID, most int) (a debt.Account, owed []debt.Statement, paid []payments.Payment, err error) {
	owed = make([]debt.Statement, 0, usualDebts)
	q, holds := statementsOf{account: id}, map[debt.ID][]debt.Hold{}
	var moving []gate.Moving
	err = s.lookups(ctx, s.accountLookup(&a, `c.id`, string(id)), s.movingOf(q, &moving), s.debtsOf(q, &owed), s.holdsOf(q, holds),
		s.paymentsLookup(&paid, newestPayments, string(id), most))
	if err == nil && a.ID == "" {
		err = identity.ErrNotFound
	}
	if err != nil {
		return debt.Account{}, nil, nil, fmt.Errorf("load overview: %w", err)
	}
	gate.AddPayments(owed, moving)
	addHolds(owed, holds)
	if err := s.addCredits(ctx, id, owed); err != nil {
		return debt.Account{}, nil, nil, err
	}
	s.count(a, owed)
	return a, owed, paid, nil
}
