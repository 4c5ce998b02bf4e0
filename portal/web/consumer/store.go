package consumer

import (
	"context"

	"quittance/payments"
	"quittance/portal/debt"
)

// Accounts is what the pages read of an account. Plain reads go straight to
// the store; none of them locks.
type Accounts interface {
	// Account loads the consumer's account.
	Account(ctx context.Context, id debt.AccountID) (debt.Account, error)
	// Overview loads the account, all its debts with what is owed on each, in
	// the order in which they were placed (equal times: by id), and its newest
	// payments, newest first (CreatedAt, then id). OnTheWay
	// holds every payment whose Status.InFlight(), and every confirmed one that the snapshot does not contain yet,
	// oldest first. Pending counts those in flight.
	Overview(ctx context.Context, id debt.AccountID, most int) (debt.Account, []debt.Statement, []payments.Payment, error)
}

// Payments is what the pages read of payments.
type Payments interface {
	// PaymentByReference finds an account's payment by its human reference;
	// payments.ErrNotFound, also for a payment of another account.
	PaymentByReference(ctx context.Context, accountID, reference string) (payments.Payment, error)
}
