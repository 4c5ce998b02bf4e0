package identity

import (
	"context"
	"fmt"
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

// Help lets the counts of an account's code begin anew, for a consumer whom
// somebody of the agency has recognized (S4), and tells the person; ErrNotFound.
func (v *Verifier) Help(ctx context.Context, id debt.AccountID) error {
	return v.help(ctx, id, false, func(ctx context.Context, p Person) error {
		return v.Attempts.ClearAttempts(ctx, codeBucket(p.CodeHash), v.now())
	})
}

// Renew gives an account a new reference code and tells the person that there is
// one: the old one opens nothing, and no browser is known any more; ErrNotFound.
func (v *Verifier) Renew(ctx context.Context, id debt.AccountID) error {
	return v.help(ctx, id, true, func(ctx context.Context, p Person) error {
		_, hash, sealed := v.Codes.New()
		return v.People.RenewCode(ctx, p.AccountID, hash, sealed)
	})
}

func (v *Verifier) help(ctx context.Context, id debt.AccountID, renewed bool, do func(context.Context, Person) error) error {
	return v.Tx.InTx(ctx, func(ctx context.Context) error {
		p, err := v.People.Person(ctx, id)
		if err != nil {
			return fmt.Errorf("person: %w", err)
		}
		if err := do(ctx, p); err != nil {
			return err
		}
		return v.tellPerson(ctx, p, renewed)
	})
}

// tellPerson writes to the contact on file, which the person who called is asked
// about; where there is none, the audit alone knows.
func (v *Verifier) tellPerson(ctx context.Context, p Person, renewed bool) error {
	if v.Book == nil || v.AccessWords == nil {
		return nil
	}
	ch, to, err := v.reachable(ctx, p)
	if err != nil || to == "" {
		return err
	}
	text, err := v.AccessWords.AccessText(p.Language, ch, renewed)
	if err != nil {
		return fmt.Errorf("words: %w", err)
	}
	_, err = v.Messages.Add(ctx, notice.Message{
		AccountID: p.AccountID, To: to, Channel: ch, Kind: notice.KindAccess, Language: p.Language, Text: text,
		ExpiresAt: v.now().Add(3 * 24 * time.Hour), Asked: true,
	})
	return err
}
