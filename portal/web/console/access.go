package console

import (
	"context"
	"net/http"
	"time"

	"quittance/frontend/pages/console"
	"quittance/frontend/paths"
	"quittance/portal/audit"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/web"
)

// Access opens the doors of consumers. It is identity.Verifier.
type Access interface {
	Access(ctx context.Context, id debt.AccountID) (identity.Access, error)
	Help(ctx context.Context, id debt.AccountID) error
	Renew(ctx context.Context, id debt.AccountID) error
}

// Doors knows how the doors of all stand. It is *store.Store.
type Doors interface {
	Doors(ctx context.Context, now time.Time) (identity.Doors, error)
}

// access shows the code of an account with its words, to read out to a person who
// was recognized, and whether it waits. Each look is in the audit (SEC-09).
func (p *Pages) access(r *web.Request, who identity.Staff) error {
	id := debt.AccountID(r.Param("id"))
	account, state, err := p.door(r.Context(), id)
	if err != nil {
		return err
	}
	letter, err := p.Links.Phrases.Letter(state.Code)
	if err != nil {
		return err
	}
	if err := p.Audit.Note(r.Context(), audit.Reading+"code", string(id), "", r.Reference()); err != nil {
		return err // what cannot be written down is not told
	}
	return r.Page(http.StatusOK, console.Access{
		Base: base(r, who), AccountID: string(id), AccountRef: account.Ref, Name: name(account),
		Code: letter.Code, WordsEN: letter.Words["en"], WordsES: letter.Words["es"],
		Misses: state.Misses, WaitMinutes: int((state.Decision.Wait + time.Minute - 1) / time.Minute), Capped: state.Decision.Capped(),
	})
}

// door loads an account and how its code stands. An account that was erased has no
// code (REC-01): it has no such page; identity.ErrNotFound.
func (p *Pages) door(ctx context.Context, id debt.AccountID) (debt.Account, identity.Access, error) {
	account, err := p.Accounts.Account(ctx, id)
	if err != nil {
		return account, identity.Access{}, err
	}
	state, err := p.Access.Access(ctx, id)
	if err == nil && len(state.Code.Sealed) == 0 {
		err = identity.ErrNotFound
	}
	return account, state, err
}

// clearAccess lets a person try again at once.
func (p *Pages) clearAccess(r *web.Request, who identity.Staff) error {
	return p.opens(r, who, "clear misses", p.Access.Help)
}

// renewCode gives a person a new code.
func (p *Pages) renewCode(r *web.Request, who identity.Staff) error {
	return p.opens(r, who, "renew code", p.Access.Renew)
}

func (p *Pages) opens(r *web.Request, who identity.Staff, what string, do func(context.Context, debt.AccountID) error) error {
	id := debt.AccountID(r.Param("id"))
	if _, _, err := p.door(r.Context(), id); err != nil {
		return err
	}
	if err := do(r.Context(), id); err != nil {
		return err
	}
	p.record(r, who, what, string(id))
	return r.SeeOther(paths.ConsoleAccess(string(id)))
}

// doors lists the codes under guesses, and what was counted in the last hour.
func (p *Pages) doors(r *web.Request, who identity.Staff) error {
	d, err := p.Doors.Doors(r.Context(), p.Now())
	if err != nil {
		return err
	}
	page := console.Doors{Base: base(r, who), Failed: d.Failed, Budget: d.Budget, Nobody: d.Nobody, Paused: d.Paused}
	for _, u := range d.Under {
		page.Under = append(page.Under, console.UnderGuess{AccountID: string(u.AccountID), AccountRef: u.AccountRef, Misses: u.Misses})
	}
	return r.Page(http.StatusOK, page)
}
