package api_test

import (
	"context"
	"strings"
	"testing"

	"quittance/portal/claim"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/hold"
	"quittance/portal/identity"
	"quittance/portal/seal"
)

// noLinks are links of an account to which none was sent.
type noLinks struct{}

func (noLinks) RevokeAll(context.Context, debt.AccountID) error { return nil }
func (noLinks) Holder(context.Context, string) (identity.Link, error) {
	return identity.Link{}, identity.ErrLinkEnded
}
func (noLinks) HolderPending(context.Context, string) (identity.Link, error) {
	return identity.Link{}, identity.ErrPending
}

func (p *plant) claiming(box *seal.Box) *claim.Service {
	return &claim.Service{
		Tx: p.store, Store: p.store, Lists: p.store, Going: p.store, Accounts: p.store,
		Holds: &hold.Service{Tx: p.store, Store: p.store, Now: p.Now, NewID: func() string { return p.id("hld") }},
		Links: noLinks{}, Addresses: &contact.Book{Store: p.store, Key: []byte("key"), Now: p.Now}, Sealer: box,
		Watchers: []claim.Watcher{p.recorder}, Now: p.Now,
		NewID: func() (claim.ID, string) {
			id := p.id("clm")
			return claim.ID(id), "CLM-" + strings.TrimPrefix(id, "clm_")
		},
		NewReport: func() string { return p.id("clr") },
	}
}

func (p *plant) claimed(t *testing.T, k claim.Kind) string {
	t.Helper()
	account, _, err := p.store.AccountByRef(t.Context(), "A-1")
	if err != nil {
		t.Fatal(err)
	}
	c, err := p.deps.Claims.(*claim.Service).Make(t.Context(), claim.Request{
		AccountID: account.ID, Kind: k, Door: claim.ByConsumer, By: "session:ses_1", Details: claim.Details{CaseNumber: "26-10417", Name: "Ben Ode"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(c.ID)
}

func (p *plant) holdsOf(t *testing.T) int {
	t.Helper()
	account, _, err := p.store.AccountByRef(t.Context(), "A-1")
	if err != nil {
		t.Fatal(err)
	}
	statements, err := p.store.AccountStatements(t.Context(), account.ID)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, s := range statements {
		n += len(s.Debt.Holds)
	}
	return n
}

func TestSTS01_OnlyTheSystemOfRecordConfirmsOrClearsAClaim(t *testing.T) {
	t.Parallel()
	p := setup(t)
	token := p.token(t, "")
	p.place(t, token)
	id := p.claimed(t, claim.Bankruptcy)
	if p.holdsOf(t) == 0 {
		t.Fatal("nothing is held")
	}
	waiting := p.ask(t, token, "GET", "/api/v1/claims?open=true", "")
	if waiting.status != 200 || !strings.Contains(waiting.body, id) || strings.Contains(waiting.body, "Ode") {
		t.Errorf("the list: %d %s", waiting.status, waiting.body)
	}
	one := p.ask(t, token, "GET", "/api/v1/claims/"+id, "")
	if one.status != 200 || one.field(t, "state") != "claimed" || one.field(t, "account_ref") != "A-1" || one.field(t, "said.name") != "Ben Ode" {
		t.Errorf("one: %d %s", one.status, one.body)
	}
	for body, want := range map[string]int{
		`{"state":"claimed","by":"Kim","on":"2026-11-20"}`:   422,
		`{"state":"confirmed","by":"","on":"2026-11-20"}`:    422,
		`{"state":"confirmed","by":"Kim","on":"2030-11-20"}`: 422,
		`{"state":"confirmed","by":"Kim","on":"soon"}`:       422,
	} {
		if a := p.ask(t, token, "PUT", "/api/v1/claims/"+id, body); a.status != want {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
	for _, step := range []struct {
		state, is string
		status    int
		held      bool
	}{{"confirmed", "confirmed", 200, true}, {"confirmed", "confirmed", 200, true}, {"cleared", "cleared", 200, false}, {"confirmed", "", 409, false}} {
		a := p.ask(t, token, "PUT", "/api/v1/claims/"+id, `{"state":"`+step.state+`","by":"Kim","on":"2026-11-20"}`)
		if a.status != step.status || step.is != "" && (a.field(t, "state") != step.is || a.field(t, "decided_on") != "2026-11-20") {
			t.Errorf("%s: %d %s", step.state, a.status, a.body)
		}
		if (p.holdsOf(t) > 0) != step.held {
			t.Errorf("%s: held %v", step.state, !step.held)
		}
	}
	if a := p.ask(t, token, "GET", "/api/v1/claims?open=true", ""); strings.Contains(a.body, id) {
		t.Error("a claim that was decided still waits")
	}
}

func TestDSC06_CreditorsReadAndDecideNoClaims(t *testing.T) {
	t.Parallel()
	p := setup(t)
	p.place(t, p.token(t, ""))
	id := p.claimed(t, claim.IdentityTheft)
	mercy := p.token(t, "mercy")
	if a := p.ask(t, mercy, "GET", "/api/v1/claims", ""); a.status != 200 || strings.Contains(a.body, id) {
		t.Errorf("the list: %d %s", a.status, a.body)
	}
	if a := p.ask(t, mercy, "GET", "/api/v1/claims/"+id, ""); a.status != 404 {
		t.Errorf("one: %d %s", a.status, a.body)
	}
	if a := p.ask(t, mercy, "PUT", "/api/v1/claims/"+id, `{"state":"cleared","by":"Kim","on":"2026-11-20"}`); a.status != 403 || p.holdsOf(t) == 0 {
		t.Errorf("deciding: %d %s", a.status, a.body)
	}
}
