package contact

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"quittance/portal/debt"
)

// Wish is what a person asked of us: by which ways not to write, on which days
// and at which hours not, and whatever else they said in their own words
// (COM-02). It is a person's: it outlives a change of number or address. The
// zero Wish asks for nothing.
type Wish struct {
	ID          string // "wsh_…"
	AccountID   debt.AccountID
	At          time.Time
	RecordedBy  string // "consumer", "staff:stf_…"
	TextVersion string // of the form they filled in

	NoSMS, NoEmail bool
	NotAtWork      bool
	Days           []time.Weekday // on which not
	// From and Until are the hours between which they may be written to, where
	// they are; both zero is any hour that the law leaves open.
	From, Until int
	OwnWords    []byte // sealed; empty when nothing was said
}

// ErrWish is returned for hours that leave no time at all.
var ErrWish = errors.New("these hours leave no time to write in")

// Check refuses hours that cannot be meant.
func (w Wish) Check() error {
	if w.From == 0 && w.Until == 0 {
		return nil
	}
	if w.From < 0 || w.Until > 24 || w.From >= w.Until {
		return ErrWish
	}
	return nil
}

// off reports whether the person wants nothing by the channel.
func (w Wish) off(ch Channel) bool { return ch == SMS && w.NoSMS || ch == Email && w.NoEmail }

// inconvenient reports whether the time is one of those they named, anywhere
// they may be.
func (w Wish) inconvenient(zones []*time.Location, at time.Time) bool {
	for _, z := range zones {
		local := at.In(z)
		for _, d := range w.Days {
			if local.Weekday() == d {
				return true
			}
		}
		if (w.From != 0 || w.Until != 0) && (local.Hour() < w.From || local.Hour() >= w.Until) {
			return true
		}
	}
	return false
}

// Wishes keeps what people asked of us.
type Wishes interface {
	// AddWish appends; wishes are never changed.
	AddWish(ctx context.Context, w Wish) error
	// Wish is the newest of an account; the zero Wish when there is none.
	Wish(ctx context.Context, id debt.AccountID) (Wish, error)
}

// Ask keeps a wish, which counts from now on. ID and At are filled in.
func (b *Book) Ask(ctx context.Context, w Wish) error {
	if err := w.Check(); err != nil {
		return err
	}
	w.ID, w.At = "wsh_"+rand.Text(), b.now()
	if err := b.Wishes.AddWish(ctx, w); err != nil {
		return err
	}
	return b.tell(ctx, Change{Kind: Wished, AccountID: w.AccountID, At: w.At, By: w.RecordedBy, TextVersion: w.TextVersion, Wish: w})
}
