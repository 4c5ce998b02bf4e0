package console

import (
	"context"
	"time"

	"quittance/payments"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/outbox"
	"quittance/portal/retention"
)

// Accounts is what the console reads of accounts.
type Accounts interface {
	// AccountByRef finds by the collector's own number; false when there is none.
	AccountByRef(ctx context.Context, ref string) (debt.Account, bool, error)
	Account(ctx context.Context, id debt.AccountID) (debt.Account, error)
	// FindAccounts finds by a whole name or a phone number.
	FindAccounts(ctx context.Context, query string, limit int) ([]debt.Account, error)
	AccountStatements(ctx context.Context, id debt.AccountID) ([]debt.Statement, error)
	PaymentsOfAccount(ctx context.Context, accountID string, limit int) ([]payments.Payment, error)
}

// Audit writes down what staff do; it is audit.Log.
type Audit interface {
	Note(ctx context.Context, action, accountID, object string, refs ...string) error
}

// Refusals writes down who was not let in; it is audit.Refusals.
type Refusals interface {
	Note(ctx context.Context, action, tried, visitor string, refs ...string) error
}

// LegalHolds says what is kept from being erased; it is retention's Holds.
type LegalHolds interface {
	Of(ctx context.Context, account string) (retention.Hold, bool, error)
}

// People finds who stands behind a reference code; identity.ErrNotFound.
type People interface {
	PersonByCode(ctx context.Context, hash []byte) (identity.Person, error)
}

// Webhooks is what the console reads of the outbox.
type Webhooks interface {
	Endpoints(ctx context.Context) ([]outbox.Endpoint, error)
	Unposted(ctx context.Context, types []outbox.Type, from, before time.Time, limit int) ([]outbox.Unposted, error)
	Deliveries(ctx context.Context, endpoint outbox.EndpointID, after int64, limit int) ([]outbox.Delivery, error)
	Attempts(ctx context.Context, endpoint outbox.EndpointID, sequence int64) ([]outbox.Attempt, error)
}
