package contact

import (
	"context"
	"time"

	"quittance/portal/debt"
)

// Kind is what happened to the ways of reaching a person.
type Kind string

// What watchers are told of.
const (
	Given   Kind = "given"     // a ground was recorded
	Ended   Kind = "withdrawn" // a stop, in whatever words
	Strange Kind = "wrong"     // the address reached a stranger
	Wished  Kind = "wishes"    // days, hours and ways were asked for
)

// Change is one thing that happened; it holds no number and no
// address, only the hash by which the portal knows it.
type Change struct {
	Kind        Kind
	AccountID   debt.AccountID
	At          time.Time
	Channel     Channel // empty of Wished
	AddressHash []byte  // of the number or address; empty of Wished
	Basis       Basis   // of Given
	By          string
	TextVersion string
	Wish        Wish // of Wished
}

// Watcher is told of each change inside its transaction; its error undoes it.
type Watcher interface {
	ContactChanged(ctx context.Context, c Change) error
}

func (b *Book) tell(ctx context.Context, c Change) error {
	for _, w := range b.Watchers {
		if err := w.ContactChanged(ctx, c); err != nil {
			return err
		}
	}
	return nil
}
