package contact

import (
	"context"
	"crypto/rand"
	"time"

	"quittance/portal/debt"
)

// Refused is a message that somebody wanted to send and a rule stood against.
type Refused struct {
	ID        string // "ref_…"
	AccountID debt.AccountID
	Channel   Channel
	Kind      string // of the message
	Reason    Reason // or one of the gate's
	Rule      string
	AskedBy   string // "staff:stf_…", "token:tok_…", "portal"
	At        time.Time
}

// Refusals keeps what was refused.
type Refusals interface {
	AddRefusal(ctx context.Context, r Refused) error
	// RefusalsOf lists those of an account, newest first, at most 20.
	RefusalsOf(ctx context.Context, id debt.AccountID) ([]Refused, error)
}

// Refuse keeps a refusal, in the caller's transaction. ID and At are filled in.
func (b *Book) Refuse(ctx context.Context, r Refused) error {
	if b.Refusals == nil {
		return nil
	}
	r.ID, r.At = "ref_"+rand.Text(), b.now()
	return b.Refusals.AddRefusal(ctx, r)
}
