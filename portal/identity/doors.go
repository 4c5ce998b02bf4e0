package identity

import (
	"context"
	"fmt"
	"slices"
	"time"

	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/notice"
)

// Doors is how the doors of an hour stand, for those who watch them. It names
// accounts by the agency's own numbers and nothing of a person.
type Doors struct {
	Failed int // at codes that exist
	Budget int // of the agency, for those
	Nobody int // at codes and addresses that nobody has
	Paused int // tries that were not looked at
	Under  []UnderGuess
}

// UnderGuess is an account whose code had many misses within a day, without a
// success or help since.
type UnderGuess struct {
	AccountID  debt.AccountID
	AccountRef string
	Misses     int
}

// When doors ring: a code that has to wait an hour, and codes that are made up.
const (
	RingMisses = 5
	RingNobody = 100
)

// Ring reports whether somebody should look.
func (d Doors) Ring() bool {
	return len(d.Under) > 0 || d.Nobody >= RingNobody || d.Budget > 0 && d.Failed >= d.Budget
}

// AgencyBudget is how many failures an hour an agency with so many accounts bears
// at codes that exist.
func AgencyBudget(accounts int) int { return max(BudgetAnHour, accounts/AccountsAFailure) }

// AccessWords tell a person that somebody of the agency opened their sign-in, or
// gave them a new code. The code is never in them.
type AccessWords interface {
	AccessText(language string, ch contact.Channel, renewed bool) (notice.Text, error)
}

// Access is how an account's code stands.
type Access struct {
	Code     SealedCode
	Misses   int // since the last success or help
	Decision Decision
}

// Access reads how the code of an account stands; ErrNotFound.
func (v *Verifier) Access(ctx context.Context, id debt.AccountID) (Access, error) {
	p, err := v.People.Person(ctx, id)
	if err != nil {
		return Access{}, fmt.Errorf("person: %w", err)
	}
	past, err := v.Attempts.Attempts(ctx, codeBucket(p.CodeHash), MostInARow)
	if err != nil {
		return Access{}, fmt.Errorf("attempts: %w", err)
	}
	now := v.now()
	return Access{
		Code:   SealedCode{AccountID: id, Hash: p.CodeHash, Sealed: p.CodeSealed},
		Misses: len(sinceSuccess(past, now)), Decision: Decide(past, now),
	}, nil
}

// Help lets every count of an account begin anew, for a consumer whom somebody of
// the agency has recognized (S4), and tells the person; ErrNotFound.
func (v *Verifier) Help(ctx context.Context, id debt.AccountID) error {
	return v.help(ctx, id, false, func(context.Context, Person) error { return nil })
}

// Renew is Help with a new reference code: the old one opens nothing, what it
// opened ends, and no browser is known any more; ErrNotFound.
func (v *Verifier) Renew(ctx context.Context, id debt.AccountID) error {
	return v.help(ctx, id, true, func(ctx context.Context, p Person) error {
		_, hash, sealed := v.Codes.New()
		if err := v.People.RenewCode(ctx, p.AccountID, hash, sealed); err != nil {
			return fmt.Errorf("renew code: %w", err)
		}
		return v.Sessions.EndAll(ctx, string(id), "code renewed")
	})
}

// counts are the buckets of all the ways into an account: its code and those of
// who may speak for it, links, digits, and the fact typed again.
func (v *Verifier) counts(ctx context.Context, p Person) ([]string, error) {
	all := append(withKnown(codeBucket(p.CodeHash)), p.stepUpBucket(), againPrefix+string(p.AccountID))
	links, err := v.Links.LinksOf(ctx, p.AccountID)
	if err != nil {
		return nil, fmt.Errorf("links: %w", err)
	}
	for _, l := range links {
		all = append(all, l.tries())
	}
	speaking, err := v.People.RepresentativesOf(ctx, p.AccountID)
	if err != nil {
		return nil, fmt.Errorf("representatives: %w", err)
	}
	for _, r := range speaking {
		all = append(all, withKnown(codeBucket(r.CodeHash))...)
		all = append(all, Person{Speaking: r}.stepUpBucket())
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

func (v *Verifier) help(ctx context.Context, id debt.AccountID, renewed bool, do func(context.Context, Person) error) error {
	return v.Tx.InTx(ctx, func(ctx context.Context) error {
		p, err := v.People.Person(ctx, id)
		if err != nil {
			return fmt.Errorf("person: %w", err)
		}
		counts, err := v.counts(ctx, p)
		if err != nil {
			return err
		}
		if err := v.Attempts.ClearAttempts(ctx, v.now(), counts...); err != nil {
			return fmt.Errorf("clear attempts: %w", err)
		}
		if err := do(ctx, p); err != nil {
			return err
		}
		return v.tellPerson(ctx, p, renewed)
	})
}

// tellPerson writes to the contact on file, by the first channel that carries a
// word about the safety of the account: whoever called need not be the person.
// Where there is none, the audit alone knows.
func (v *Verifier) tellPerson(ctx context.Context, p Person, renewed bool) error {
	if v.Book == nil || v.AccessWords == nil {
		return nil
	}
	for _, ch := range []contact.Channel{contact.Email, contact.SMS} {
		known, err := v.Book.Preferences(ctx, p.Reach(), ch)
		if err != nil {
			return err
		}
		known.Owed, known.Security = true, true
		if may, why := contact.May(known, ch, v.now()); !may && !why.Waits() {
			continue
		}
		text, err := v.AccessWords.AccessText(p.Language, ch, renewed)
		if err != nil {
			return fmt.Errorf("words: %w", err)
		}
		_, err = v.Messages.Add(ctx, notice.Message{
			AccountID: p.AccountID, To: known.Address, Channel: ch, Kind: notice.KindAccess, Language: p.Language, Text: text,
			ExpiresAt: v.now().Add(3 * 24 * time.Hour),
		})
		return err
	}
	return nil
}
