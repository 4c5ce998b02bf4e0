package terms

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"quittance/plans"
)

// Transactor runs fn in one transaction; a nested call joins it.
type Transactor interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
}

// Book keeps terms.
type Book interface {
	// Terms lists all versions of all terms, the oldest of each first.
	Terms(ctx context.Context) ([]plans.Terms, error)
	// AddTerms adds versions; plans.ErrStale when one of them is held.
	AddTerms(ctx context.Context, list []plans.Terms, now time.Time) error
}

// Desk is where terms are set. All fields are required.
type Desk struct {
	Tx   Transactor
	Book Book
	Now  func() time.Time
}

// Set takes in terms, all of them or none, and returns them as they are held.
// The same words again change nothing. *Refused names the fields that are at
// fault; plans.ErrStale when somebody else was faster.
func (d *Desk) Set(ctx context.Context, f File) (held []plans.Terms, err error) {
	wanted, faults := read(f)
	if len(faults) > 0 {
		return nil, refuse(faults...)
	}
	err = d.Tx.InTx(ctx, func(ctx context.Context) error {
		known, err := d.Book.Terms(ctx)
		if err != nil {
			return err
		}
		var added []plans.Terms
		held, added, faults = next(known, wanted)
		if len(faults) > 0 {
			return refuse(faults...)
		}
		return d.Book.AddTerms(ctx, added, d.Now())
	})
	if err != nil {
		return nil, err
	}
	return held, nil
}

// List lists all versions of all terms, the oldest of each first.
func (d *Desk) List(ctx context.Context) ([]plans.Terms, error) { return d.Book.Terms(ctx) }

func read(f File) (list []plans.Terms, faults []Fault) {
	if len(f.Terms) == 0 {
		return nil, []Fault{{Field: "terms", Message: "is missing or empty"}}
	}
	seen := map[string]bool{}
	for n, words := range f.Terms {
		t, wrong := Check(words)
		if seen[t.ID] {
			wrong = append(wrong, Fault{Message: "is for the same debts as another one before it"})
		}
		seen[t.ID] = true
		list = append(list, t)
		for _, w := range wrong {
			faults = append(faults, Fault{Field: place(n, w.Field), Message: w.Message})
		}
	}
	return list, faults
}

// place names a field of the nth terms.
func place(n int, field string) string {
	if field == "" {
		return fmt.Sprintf("terms[%d]", n)
	}
	return fmt.Sprintf("terms[%d].%s", n, field)
}

// next decides which of the wanted terms are next versions of known ones. A
// version does not begin before the one that it follows.
func next(known, wanted []plans.Terms) (held, added []plans.Terms, faults []Fault) {
	last := map[string]plans.Terms{}
	for _, t := range known {
		last[t.ID] = t
	}
	for n, t := range wanted {
		before, found := last[t.ID]
		t.Version = before.Version
		if found && reflect.DeepEqual(t, before) {
			held = append(held, before)
			continue
		}
		if found && t.Effective.Before(before.Effective) {
			faults = append(faults, Fault{Field: place(n, "effective"), Message: "is before " + before.Effective.String() + ", when the version that is held begins"})
		}
		t.Version++
		held, added = append(held, t), append(added, t)
	}
	return held, added, faults
}
