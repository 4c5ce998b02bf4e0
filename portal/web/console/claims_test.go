package console_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"quittance/portal/claim"
	"quittance/portal/debt"
)

// waiting is a queue of claims, the newest first.
type waiting struct{ all []claim.Claim }

func (w *waiting) Newest(context.Context, bool, int) ([]claim.Claim, error) { return w.all, nil }
func (w *waiting) Said(_ context.Context, id claim.ID) (claim.Details, error) {
	return claim.Details{Name: "Ben of " + string(id)}, nil
}

func TestSTS09_TheQueueOfClaimsShowsTheirAgeAndWhatWasStopped(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account, _ := b.place(t, debt.Active)
	agent := b.signedIn(t, "sam@acme.example")
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
