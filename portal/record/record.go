// Package record asks the system of record how a debt stands, right before
// money moves with nobody watching (WHK-05). What it says is taken in like a
// placement of that moment, so that every page and decision knows it too.
package record

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"time"

	"quittance/payments/money"
	"quittance/plans"
	"quittance/portal/debt"
	"quittance/portal/intake"
)

// Fresh is how old what is known of a debt may be for a charge (WHK-05).
const Fresh = time.Hour

const (
	deadline = 5 * time.Second
	// ahead is how far the clock of the system of record may be before ours.
	ahead = 5 * time.Minute
	// After breakAfter failures in a row nobody is asked for a while that doubles
	// from restFrom to restMost: one that is down is not asked for each charge.
	breakAfter = 3
	restFrom   = 10 * time.Second
	restMost   = 10 * time.Minute
)

// Errors of this package.
var (
	ErrSilent = errors.New("the system of record does not answer")
	ErrBad    = errors.New("the answer of the system of record cannot be used")
)

// Fetcher gets a page of another system.
type Fetcher interface {
	Fetch(ctx context.Context, address, token string) ([]byte, error)
}

// Accounts reads what is known.
type Accounts interface {
	Account(ctx context.Context, id debt.AccountID) (debt.Account, error)
	AccountStatements(ctx context.Context, id debt.AccountID) ([]debt.Statement, error)
}

// Taker takes in what was said.
type Taker interface {
	Stand(ctx context.Context, s intake.Standing) error
}

// Asker asks. All fields are required.
type Asker struct {
	URL, Token string
	Fetcher    Fetcher
	Accounts   Accounts
	Taker      Taker
	Now        func() time.Time

	mu     sync.Mutex
	failed int       // in a row
	rest   time.Time // nobody is asked before it
}

var _ plans.Record = (*Asker)(nil)

// Ask implements plans.Record.
func (a *Asker) Ask(ctx context.Context, p plans.Plan) error {
	account, err := a.Accounts.Account(ctx, debt.AccountID(p.AccountID))
	if err != nil {
		return err
	}
	known, err := a.known(ctx, account.ID, debt.ID(p.Debt.ID))
	if err != nil || a.Now().Sub(known) <= Fresh {
		return err
	}
	if a.resting() {
		return ErrSilent
	}
	said, err := a.fetch(ctx, account.Ref, p.Debt.Ref)
	a.note(err)
	if err != nil {
		return err
	}
	return a.Taker.Stand(ctx, said)
}

// known is as of when the system of record last spoke of a debt.
func (a *Asker) known(ctx context.Context, id debt.AccountID, debtID debt.ID) (time.Time, error) {
	all, err := a.Accounts.AccountStatements(ctx, id)
	if err != nil {
		return time.Time{}, err
	}
	for _, s := range all {
		if s.Debt.ID == debtID {
			return s.Debt.Snapshot.AsOf, nil
		}
	}
	return time.Time{}, fmt.Errorf("%w: the debt is not placed here", ErrBad)
}

func (a *Asker) fetch(ctx context.Context, accountRef, debtRef string) (intake.Standing, error) {
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	u, err := url.Parse(a.URL)
	if err != nil {
		return intake.Standing{}, err
	}
	q := u.Query()
	q.Set("account_ref", accountRef)
	q.Set("debt_ref", debtRef)
	u.RawQuery = q.Encode()
	body, err := a.Fetcher.Fetch(ctx, u.String(), a.Token)
	if err != nil {
		return intake.Standing{}, fmt.Errorf("%w: %w", ErrSilent, err)
	}
	s, err := read(body, a.Now())
	s.AccountRef, s.DebtRef = accountRef, debtRef
	return s, err
}

// read takes an answer only when it says everything, of a moment that is fresh.
func read(body []byte, now time.Time) (intake.Standing, error) {
	var said struct {
		Status  debt.Status  `json:"status"`
		Balance *money.Cents `json:"balance_cents"`
		AsOf    time.Time    `json:"as_of"`
	}
	if err := json.Unmarshal(body, &said); err != nil {
		return intake.Standing{}, fmt.Errorf("%w: it is not the JSON that was asked for", ErrBad)
	}
	age := now.Sub(said.AsOf)
	switch {
	case !said.Status.Valid():
		return intake.Standing{}, fmt.Errorf("%w: unknown status", ErrBad)
	case said.Balance == nil:
		return intake.Standing{}, fmt.Errorf("%w: no balance", ErrBad)
	case age > Fresh || age < -ahead:
		return intake.Standing{}, fmt.Errorf("%w: it is of %s", ErrBad, said.AsOf.UTC().Format(time.RFC3339))
	}
	return intake.Standing{Status: said.Status, Balance: *said.Balance, AsOf: said.AsOf.UTC().Truncate(time.Microsecond)}, nil
}

func (a *Asker) resting() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.Now().Before(a.rest)
}

// note counts failures in a row and sets how long to leave it alone.
func (a *Asker) note(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err == nil {
		a.failed, a.rest = 0, time.Time{}
		return
	}
	if a.failed++; a.failed < breakAfter {
		return
	}
	wait := restFrom
	for range min(a.failed-breakAfter, 10) {
		wait *= 2
	}
	a.rest = a.Now().Add(min(wait, restMost))
}
