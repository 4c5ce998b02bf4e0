package console_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"quittance/portal/alert"
)

func TestSTR14_FinanceSeesWhatTheProcessorWantsAndMarksItAsSeen(t *testing.T) {
	t.Parallel()
	b := setup(t)
	keep := func(state string, at time.Time) {
		t.Helper()
		if _, err := b.store.KeepAlert(t.Context(), alert.Alert{Kind: "dispute", Subject: "dp_1", State: state, PaymentID: "pay_1", DueAt: at.AddDate(0, 0, 7), At: at}); err != nil {
			t.Fatal(err)
		}
	}
	start := time.Date(2026, time.November, 20, 9, 0, 0, 123000, time.UTC)
	keep("needs_response", start)
	if a := b.signedIn(t, "sam@acme.example").get("/console/alerts"); a.status != 404 {
		t.Errorf("a collector: %d", a.status)
	}
	finance := b.signedIn(t, "fin@acme.example")
	version := func() string {
		t.Helper()
		a := finance.get("/console/alerts")
		found := regexp.MustCompile(`name="version" value="([^"]*)"`).FindStringSubmatch(a.body)
		if a.status != 200 || !strings.Contains(a.body, "dp_1") || !strings.Contains(a.body, "pay_1") || found == nil {
			t.Fatalf("%d %s", a.status, a.body)
		}
		return found[1]
	}
	stale := version()
	keep("under_review", start.Add(time.Hour))
	for _, v := range []string{stale, "", "yesterday"} {
		if a := finance.post("/console/alerts", "kind", "dispute", "subject", "dp_1", "version", v); a.status != 422 || !strings.Contains(a.body, "under review") {
			t.Errorf("%q, which stands otherwise by now: %d", v, a.status)
		}
	}
	if a := finance.post("/console/alerts", "kind", "dispute", "subject", "dp_1", "version", version()); a.status != 303 {
		t.Errorf("seen: %d %s", a.status, a.body)
	}
	if a := finance.get("/console/alerts"); strings.Contains(a.body, `name="version"`) {
		t.Error("it is asked for again")
	}
}
