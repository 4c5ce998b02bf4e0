package contact

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
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
	WordsReadBy string // who of the agency read them: "staff:stf_…"; empty: nobody yet
}

// Why a wish is not kept.
var (
	ErrWish = errors.New("these hours leave no time to write in")
	// ErrWishRead is returned for words that were read before, or that the person
	// has replaced.
	ErrWishRead = errors.New("these words do not wait to be read")
)

// WordsText is the form in which words become rules; WordsRow is what the words
// of an account are sealed to.
const WordsText = "console.words/1"

// WordsRow is what the own words of an account's consumer are sealed to.
func WordsRow(id debt.AccountID) string { return "wish of " + string(id) }

// Unread reports whether something was said that nobody has read: it may ask for
// anything, so that nothing is sent until somebody has (COM-02).
func (w Wish) Unread() bool { return len(w.OwnWords) > 0 && w.WordsReadBy == "" }

// With adds rules to a wish. What the person asked for stays: of two answers
// the one that leaves us less counts.
func (w Wish) With(rules Wish) Wish {
	w.NoSMS, w.NoEmail, w.NotAtWork = w.NoSMS || rules.NoSMS, w.NoEmail || rules.NoEmail, w.NotAtWork || rules.NotAtWork
	w.Days = append(slices.Clone(w.Days), rules.Days...)
	slices.Sort(w.Days)
	w.Days = slices.Compact(w.Days)
	switch {
	case w.From == 0 && w.Until == 0:
		w.From, w.Until = rules.From, rules.Until
	case rules.From != 0 || rules.Until != 0:
		w.From, w.Until = max(w.From, rules.From), min(w.Until, rules.Until)
	}
	return w
}

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
	// UnreadWishes lists accounts whose newest wish has words that nobody has
	// read, the longest wait first.
	UnreadWishes(ctx context.Context, limit int) ([]Unread, error)
}

// Unread is an account whose consumer said something that nobody has read.
type Unread struct {
	AccountID  debt.AccountID
	AccountRef string
	Since      time.Time
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

// ReadWords keeps what a person's own words ask for, as somebody of the agency
// read them: from now on these rules count. wishID names what was read;
// ErrWishRead when it is not what waits, ErrWish for hours that leave none.
func (b *Book) ReadWords(ctx context.Context, id debt.AccountID, wishID string, rules Wish, by string) error {
	return b.Tx.InTx(ctx, func(ctx context.Context) error {
		said, err := b.Wishes.Wish(ctx, id)
		if err != nil {
			return fmt.Errorf("wishes: %w", err)
		}
		if said.ID != wishID || !said.Unread() {
			return ErrWishRead
		}
		read := said.With(rules)
		read.RecordedBy, read.TextVersion, read.WordsReadBy = by, WordsText, by
		return b.Ask(ctx, read)
	})
}
