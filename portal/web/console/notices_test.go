package console_test

import (
	"context"
	"strings"
	"testing"

	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/letter"
	"quittance/portal/validation"
)

// owing is the queue of validation notices that are owed.
type owing struct {
	all     []validation.Duty
	letters []letter.Letter
}

func (o *owing) Owed(context.Context, int) ([]validation.Duty, error) { return o.all, nil }

func (o *owing) ToMail(context.Context, int) ([]letter.Letter, error) { return o.letters, nil }

func TestSTA04_ALetterThatTheAgencyHasToMailStandsInTheQueueWithItsDay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account, _ := b.place(t, debt.Active)
	agent := b.signedIn(t, "kim@acme.example")
	b.owing.letters = []letter.Letter{
		{AccountID: account.ID, DebtRef: "D-77", Kind: letter.Confirmation, OwedAt: noon.AddDate(0, 0, -6), Due: civil.Of(noon).AddDays(-1)},
		{AccountID: account.ID, DebtRef: "D-78", Kind: "notice_to_cosigner", OwedAt: noon, Due: civil.Of(noon).AddDays(5)},
	}
	if a := agent.get("/console"); !strings.Contains(a.body, "2 letters wait to be mailed.") || !strings.Contains(a.body, `href="/console/notices"`) {
		t.Error("the first page does not tell of the queue")
	}
	a := agent.get("/console/notices")
	for _, want := range []string{account.Ref, "D-77", "Your plan in writing", "notice to cosigner"} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the queue does not say %q", want)
		}
	}
	if strings.Count(a.body, "Late") != 1 {
		t.Error("the one that is late is not marked, or another is")
	}
}

func TestVAL10_ANoticeThatIsOwedOnTheThirdDayStandsInAQueue(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account, _ := b.place(t, debt.Active)
	statements, err := b.store.AccountStatements(t.Context(), account.ID)
	if err != nil {
		t.Fatal(err)
	}
	agent := b.signedIn(t, "kim@acme.example")
	if a := agent.get("/console"); strings.Contains(a.body, "still owed") {
		t.Error("an empty queue is told of")
	}
	if a := agent.get("/console/notices"); a.status != 200 || !strings.Contains(a.body, "Nothing waits.") {
		t.Errorf("an empty queue: %d", a.status)
	}
	d := statements[0].Debt
	b.owing.all = []validation.Duty{{DebtID: d.ID, AccountID: account.ID, BeganAt: noon.AddDate(0, 0, -7), Due: civil.Of(noon).AddDays(-2)}}
	if a := agent.get("/console"); !strings.Contains(a.body, "A validation notice is still owed.") || strings.Count(a.body, `href="/console/notices"`) != 2 {
		t.Error("the first page does not tell of the queue")
	}
	a := agent.get("/console/notices")
	for _, want := range []string{account.Ref, d.Ref, "Late"} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the queue does not say %q", want)
		}
	}
}
