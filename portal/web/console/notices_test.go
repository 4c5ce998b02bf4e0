package console_test

import (
	"context"
	"strings"
	"testing"

	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/validation"
)

// owing is the queue of validation notices that are owed.
type owing struct{ all []validation.Duty }

func (o *owing) Owed(context.Context, int) ([]validation.Duty, error) { return o.all, nil }

func TestVAL10_ANoticeThatIsOwedOnTheThirdDayStandsInAQueue(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account, _ := b.place(t, debt.Active)
	statements, err := b.store.AccountStatements(t.Context(), account.ID)
	if err != nil {
		t.Fatal(err)
	}
	agent := b.signedIn(t, "sam@acme.example")
	if a := agent.get("/console"); strings.Contains(a.body, "/console/notices") {
		t.Error("an empty queue is told of")
	}
	if a := agent.get("/console/notices"); a.status != 200 || !strings.Contains(a.body, "Nothing waits.") {
		t.Errorf("an empty queue: %d", a.status)
	}
	d := statements[0].Debt
	b.owing.all = []validation.Duty{{DebtID: d.ID, AccountID: account.ID, BeganAt: noon.AddDate(0, 0, -7), Due: civil.Of(noon).AddDays(-2)}}
	if a := agent.get("/console"); !strings.Contains(a.body, "A validation notice is still owed.") || !strings.Contains(a.body, `href="/console/notices"`) {
		t.Error("the first page does not tell of the queue")
	}
	a := agent.get("/console/notices")
	for _, want := range []string{account.Ref, d.Ref, "Late"} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the queue does not say %q", want)
		}
	}
}
