package console_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"quittance/portal/audit"
	"quittance/portal/claim"
	"quittance/portal/debt"
)

// waiting is a queue of claims, the newest first.
type waiting struct {
	all    []claim.Claim
	closed bool // none of them is open
}

func (w *waiting) Newest(_ context.Context, openOnly bool, _ int) ([]claim.Claim, error) {
	if openOnly && w.closed {
		return nil, nil
	}
	return w.all, nil
}

func (w *waiting) Said(_ context.Context, id claim.ID) (claim.Details, error) {
	return claim.Details{Name: "Ben of " + string(id)}, nil
}

func TestSTS05_APaperOfAClaimIsHandedOutInTheQueueAndTheLookIsWrittenDown(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account, _ := b.place(t, debt.Active)
	stolen := claim.Claim{ID: "clm_1", Reference: "CLM-STOLEN", AccountID: account.ID, Kind: claim.IdentityTheft, State: claim.Claimed, Door: claim.ByConsumer, CreatedAt: noon}
	must(t, b.store.AddClaim(t.Context(), stolen))
	b.claims.all = []claim.Claim{stolen}
	f, err := b.disputes.AddClaimPaper(t.Context(), stolen.ID, "report of Ana.pdf", []byte(verification))
	must(t, err)
	agent, path := b.signedIn(t, "kim@acme.example"), "/console/claims/clm_1/files/"+string(f.ID)
	if a := agent.get("/console/claims"); !strings.Contains(a.body, `href="`+path+`"`) || strings.Contains(a.body, "report of Ana") {
		t.Errorf("the queue: %d\n%s", a.status, a.body)
	}
	before := len(b.written(t))
	if a := agent.get(path); a.status != 200 || a.body != verification {
		t.Errorf("the paper: %d", a.status)
	}
	if rows := b.written(t)[before:]; !slices.ContainsFunc(rows, func(r audit.Stored) bool {
		return r.Action == "console.read_evidence" && r.AccountID == string(account.ID)
	}) {
		t.Errorf("the look is not in the log: %+v", rows)
	}
	for _, elsewhere := range []string{"/console/claims/clm_2/files/" + string(f.ID), "/console/claims/clm_1/files/fil_0", "/console/disputes/clm_1/files/" + string(f.ID)} {
		if a := agent.get(elsewhere); a.status != 404 {
			t.Errorf("%s: %d", elsewhere, a.status)
		}
	}
	if a := b.signedIn(t, "fin@acme.example").get(path); a.status != 404 {
		t.Errorf("for finance: %d", a.status)
	}
}

func TestSTS09_TheQueueOfClaimsShowsTheirAgeAndWhatWasStopped(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account, _ := b.place(t, debt.Active)
	agent := b.signedIn(t, "kim@acme.example")
	if a := agent.get("/console/claims"); a.status != 200 || !strings.Contains(a.body, "Nothing waits.") {
		t.Errorf("an empty queue: %d", a.status)
	}
	b.claims.all = []claim.Claim{
		{ID: "clm_2", Reference: "CLM-NEWER", AccountID: account.ID, Kind: claim.Hardship, Door: claim.ByConsumer, CreatedAt: noon.Add(-time.Hour), Until: noon.AddDate(0, 0, 30)},
		{ID: "clm_1", Reference: "CLM-OLDER", AccountID: account.ID, Kind: claim.Death, Door: claim.ByLink, CreatedAt: noon.AddDate(0, 0, -3), Stopped: claim.Stopped{Links: 1, Plans: 2}},
	}
	a := agent.get("/console/claims")
	for _, want := range []string{"The person has died", "Said by somebody who has the link", "3 days", "Links ended: 1.", "Plans stopped: 2.", "Ben of clm_1", account.Ref, "Pause until"} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the queue does not say %q", want)
		}
	}
	if strings.Index(a.body, "CLM-OLDER") > strings.Index(a.body, "CLM-NEWER") {
		t.Error("the oldest does not stand first")
	}
	if strings.Contains(a.body, `name="clear"`) || strings.Count(a.body, "<form") > strings.Count(agent.get("/console").body, "<form") {
		t.Error("something can be decided here")
	}
}

func TestSTS02_TheQueueShowsADeathThatWhoeverSignedInTookBack(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account, _ := b.place(t, debt.Active)
	b.claims.all = []claim.Claim{{ID: "clm_1", Reference: "CLM-ALIVE", AccountID: account.ID, Kind: claim.Death, State: claim.Cleared, Door: claim.ByLink,
		CreatedAt: noon.AddDate(0, 0, -3), DecidedBy: "consumer", DecidedAt: noon.Add(-time.Hour)}}
	b.claims.closed = true
	if a := b.signedIn(t, "kim@acme.example").get("/console/claims"); !strings.Contains(a.body, "CLM-ALIVE") || !strings.Contains(a.body, "Taken back") {
		t.Errorf("the queue: %d\n%s", a.status, a.body)
	}
}
