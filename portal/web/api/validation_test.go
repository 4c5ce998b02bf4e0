package api_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"quittance/frontend/locale"
	"quittance/frontend/modelform"
	"quittance/portal/debt"
	"quittance/portal/outbox"
	"quittance/portal/represent"
	"quittance/portal/seal"
	"quittance/portal/validation"
)

type quiet struct{}

func (quiet) NoticeOverdue(context.Context, validation.Duty) error { return nil }

// validation is the real service over the plant's store.
func (p *plant) validation(t *testing.T, box *seal.Box) *validation.Service {
	t.Helper()
	book, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	return &validation.Service{
		Tx: p.store, Store: p.store, Duties: p.store, Accounts: p.store, Sealer: box, Mail: p.recorder, Alarm: quiet{},
		Shown: func(debt.Account, []debt.Statement, debt.Statement, represent.Role, time.Time) bool { return true },
		Words: []modelform.Words{book.Printer("en"), book.Printer("es")},
		Agency: func() modelform.Facts {
			return modelform.Facts{Collector: modelform.Party{Name: "Acme Services", Lines: []string{"1 Elm St"}}, Phone: "775-555-0100", Site: "https://pay.example.com"}
		},
		Zone: time.UTC, Now: p.Now, NewID: p.id,
	}
}

const noticesOf = "/api/v1/debts/D-1/validation-notices"

func TestVAL11_ANoticeCountsWhenTheSystemOfRecordReportsIt(t *testing.T) {
	t.Parallel()
	p := setup(t)
	token := p.token(t, "")
	p.place(t, token)
	if a := p.ask(t, token, "GET", noticesOf, ""); a.status != 200 || !strings.Contains(a.body, `"notices":[]`) {
		t.Errorf("before: %d %s", a.status, a.body)
	}
	body := `{"provided_on":"2026-11-06","method":"mail"}`
	first := p.ask(t, token, "POST", noticesOf, body)
	if first.status != 201 || first.field(t, "period_ends_on") != "2026-12-16" || first.field(t, "assumed_received_on") != "2026-11-16" || first.field(t, "source") != "system_of_record" {
		t.Fatalf("VAL-09: %d %s", first.status, first.body)
	}
	if again := p.ask(t, token, "POST", noticesOf, body); again.status != 200 || again.field(t, "id") != first.field(t, "id") {
		t.Errorf("again: %d %s", again.status, again.body)
	}
	if a := p.ask(t, token, "GET", noticesOf, ""); strings.Count(a.body, `"id"`) != 1 {
		t.Errorf("kept %s", a.body)
	}
}

func TestVAL01_AReportThatCannotBeTrueNamesItsField(t *testing.T) {
	t.Parallel()
	p := setup(t)
	token := p.token(t, "")
	p.place(t, token)
	row := func(typ, total string) string {
		return `,"itemization":{"type":"` + typ + `","date":"2026-01-31","amount_cents":40000,"interest_added_cents":3217,"fees_added_cents":0,"payments_credits_cents":0,"total_cents":` + total + `}`
	}
	for body, want := range map[string]string{
		`{"provided_on":"2026-11-23","method":"mail"}`:                                 "body.provided_on",
		`{"provided_on":"2026-02-30","method":"mail"}`:                                 "provided_on",
		`{"provided_on":"2026-11-06","method":"pigeon"}`:                               "method",
		`{"provided_on":"2026-11-06","method":"e_esign"}`:                              "body.consent_ref",
		`{"provided_on":"2026-11-06","method":"mail"` + row("charge_off", "1") + `}`:   "total_cents",
		`{"provided_on":"2026-11-06","method":"mail"` + row("judgment", "43217") + `}`: "itemization-fixed",
	} {
		if a := p.ask(t, token, "POST", noticesOf, body); a.status != 422 && a.status != 409 || !strings.Contains(a.body, want) {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
	if a := p.ask(t, token, "POST", "/api/v1/debts/D-9/validation-notices", `{"provided_on":"2026-11-06","method":"mail"}`); a.status != 404 {
		t.Errorf("no such debt: %d", a.status)
	}
	if a := p.ask(t, p.token(t, "mercy"), "GET", noticesOf, ""); a.status != 403 {
		t.Errorf("a creditor's token: %d", a.status)
	}
}

// TestVAL02_AnotherItemizationDateIsRefusedAfterTheNotice at the import.
func TestVAL02_AnotherItemizationDateIsRefusedAfterTheNotice(t *testing.T) {
	t.Parallel()
	p := setup(t)
	token := p.token(t, "")
	p.place(t, token)
	if a := p.ask(t, token, "POST", noticesOf, `{"provided_on":"2026-11-06","method":"mail"}`); a.status != 201 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	later := strings.Replace(line("A-1", "D-1", "mercy", "432.17"), "2026-01-31", "2026-02-28", 1)
	later = strings.Replace(later, "2026-11-20", "2026-11-21", 1)
	if a := p.ask(t, token, "POST", "/api/v1/placements", header+later, "Content-Type", "text/csv"); !strings.Contains(a.body, "already used with the consumer") {
		t.Errorf("%d %s", a.status, a.body)
	}
}

// TestVAL10_TheFirstViewAsksForANoticeByAnEvent whose posting is the notice.
func TestVAL10_TheFirstViewAsksForANoticeByAnEvent(t *testing.T) {
	t.Parallel()
	p := setup(t)
	token := p.token(t, "")
	p.place(t, token)
	account, _, err := p.store.AccountByRef(t.Context(), "A-1")
	if err != nil {
		t.Fatal(err)
	}
	notices := p.deps.Validation.(*validation.Service)
	if err := p.store.InTx(t.Context(), func(ctx context.Context) error { return notices.Begin(ctx, account.ID, "") }); err != nil {
		t.Fatal(err)
	}
	if _, err := p.sequencer.Step(t.Context()); err != nil {
		t.Fatal(err)
	}
	feed := p.ask(t, token, "GET", "/api/v1/events?after=0", "")
	if strings.Count(feed.body, string(outbox.NoticeMailRequired)+`"`) < 2 || !strings.Contains(feed.body, `"kind":"validation_notice"`) || !strings.Contains(feed.body, `"due":"2026-11-27"`) {
		t.Errorf("the feed holds %s", feed.body)
	}
}
