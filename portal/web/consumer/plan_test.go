package consumer_test

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"quittance/payments/gatewaytest"
	"quittance/plans"
	"quittance/portal/debt"
	"quittance/portal/gate"
)

// noNotices says that the system of record mails each notice.
type noNotices struct{}

func (noNotices) Announce(context.Context, plans.Plan, plans.Installment) (plans.NoticeState, string, error) {
	return plans.NoticeMail, "", nil
}

func (noNotices) Mail(context.Context, plans.Plan, plans.Installment) (string, error) { return "", nil }

func (b *bundle) plans() *plans.Service {
	return &plans.Service{
		Tx: b.store, Store: b.store, Drafts: b.store, Credits: b.store, Agenda: b.store, Index: b.store, Papers: b.store,
		Terms: b.store, Debts: gate.Planner{Keeper: &gate.Keeper{Records: b.store, Law: b.law, Now: b.now}, Periods: b.store}, Saver: b.pay.Counted(b.gateway),
		Inspect: b.gateway.Inspect, Charger: b.pay, Notices: noNotices{}, Now: b.now, Log: slog.New(slog.NewTextHandler(b.log, nil)),
		NewID:      func() (plans.ID, string) { return plans.ID("pln_" + rand.Text()), "PLN-" + rand.Text()[:8] },
		NewDraftID: func() string { return "drf_" + rand.Text() },
		Statements: b.store, NewStatementID: func() string { return "fst_" + rand.Text() },
	}
}

var (
	seenField = regexp.MustCompile(`name="seen" value="([^"]*)"`)
	revision  = regexp.MustCompile(`name="revision" value="([^"]*)"`)
	anyOption = regexp.MustCompile(`<option value="(\d{4}-\d\d-\d\d)"`)
	optionIn  = func(body, id string) []string {
		_, rest, _ := strings.Cut(body, `id="`+id+`"`)
		list, _, _ := strings.Cut(rest, "</select>")
		var days []string
		for _, m := range anyOption.FindAllStringSubmatch(list, -1) {
			days = append(days, m[1])
		}
		return days
	}
)

func field(t *testing.T, pattern *regexp.Regexp, a view) string {
	t.Helper()
	found := pattern.FindStringSubmatch(a.body)
	if found == nil {
		t.Fatalf("no %s on the page: %d %s", pattern, a.status, a.body)
	}
	return found[1]
}

// wish asks for 40 dollars a month and returns the address of the draft.
func (v *browser) wish(p person) string {
	v.t.Helper()
	options := "/debts/" + string(p.debts[0].ID) + "/plan"
	page := v.get(options)
	days := optionIn(page.body, "first")
	if page.status != http.StatusOK || len(days) < 5 {
		v.t.Fatalf("the ways to pay: %d, %d days", page.status, len(days))
	}
	a := v.post(options, "kind", "installments", "each", "40", "rhythm", "monthly", "first", days[4])
	if a.status != http.StatusSeeOther || !strings.HasPrefix(a.location, "/plans/new/drf_") {
		v.t.Fatalf("the wish led to %d %q\n%s", a.status, a.location, a.body)
	}
	return a.location
}

func (v *browser) goes(want int, prefix string, a view) view {
	v.t.Helper()
	if a.status != want || !strings.HasPrefix(a.location, prefix) {
		v.t.Fatalf("got %d %q, want %d %q\n%s", a.status, a.location, want, prefix, a.body)
	}
	return a
}

// byHand sets up a plan that is paid by hand and returns its address.
func (v *browser) byHand(p person) string {
	v.t.Helper()
	draft := v.wish(p)
	v.get(draft)
	v.goes(303, draft+"/sign", v.post(draft, "do", "charging", "charging", "hand"))
	seen := field(v.t, seenField, v.get(draft+"/sign"))
	return v.goes(303, "/plans/pln_", v.post(draft+"/sign", "seen", seen, "agree", "yes", "name", "Ana Garcia")).location
}

func says(t *testing.T, a view, all ...string) {
	t.Helper()
	for _, text := range all {
		if !strings.Contains(a.body, text) {
			t.Errorf("%d: the page does not say %q\n%s", a.status, text, a.body)
		}
	}
}

func TestREG02_APlanByBankAccountIsSignedWordForWord(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	draft := v.wish(p)
	says(t, v.get(draft), "$40.00", "$30.00", "In all", "$150.00")
	v.goes(303, draft+"/method", v.post(draft, "do", "charging", "charging", "bank"))
	v.get(draft + "/method")
	a := v.post(draft+"/method", "confirmation_token", b.bench.Token(t, gatewaytest.BankGood))
	v.goes(303, draft+"/sign", a)
	shown := v.get(draft + "/sign")
	says(t, shown, "I authorize Acme Services, LLC", "There are 4 payments.", "3 business days", "on the same terms", "by email at a•••@example.com")
	seen := field(t, seenField, shown)
	if a := v.post(draft+"/sign", "seen", seen); a.status != 422 || !strings.Contains(a.body, "To go on, tick the box.") || !strings.Contains(a.body, "Type your name.") {
		t.Errorf("unsigned: %d", a.status)
	}
	if a := v.post(draft+"/sign", "seen", "other", "agree", "yes", "name", "Ana Garcia"); a.status != 422 || !strings.Contains(a.body, "look again before you sign") {
		t.Errorf("another text than was shown: %d", a.status)
	}
	plan := v.goes(303, "/plans/pln_", v.post(draft+"/sign", "seen", seen, "agree", "yes", "name", "Ana Garcia")).location
	again := v.goes(303, "/plans/pln_", v.post(draft+"/sign", "seen", seen, "agree", "yes", "name", "Ana Garcia")).location
	if again != plan {
		t.Errorf("the same form made two plans: %s and %s", plan, again)
	}
	says(t, v.get(plan), "$0.00 of $150.00 is paid", "Stop this plan")
	says(t, v.get(plan+"/agreements/1"), "I authorize Acme Services, LLC", "Ana Garcia", "by email at a•••@example.com", `href="`+plan+`/agreements/1/copy.pdf"`)
	if a := v.get(plan + "/agreements/1/copy.pdf"); a.status != http.StatusOK || !strings.HasPrefix(a.body, "%PDF-") || a.body != v.get(plan+"/agreements/1/copy.pdf").body {
		t.Errorf("the copy on paper: %d, %d bytes", a.status, len(a.body))
	}
	if a := v.get(plan + "/agreements/7/copy.pdf"); a.status != http.StatusNotFound {
		t.Errorf("a copy of what was never signed: %d", a.status)
	}
	says(t, v.get("/account"), "Next: $40.00")
	if a := b.signedIn(t, b.place(t, owing(15000))).get(plan); a.status != http.StatusNotFound {
		t.Errorf("another consumer's plan: %d", a.status)
	}
}

func TestREG06_APlanByHandHasTheSameTermsAndNeedsNoMethod(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	plan := v.byHand(p)
	page := v.get(plan)
	says(t, page, "You pay each one yourself.", "It is set up")
	calendar := v.get(plan + "/calendar.ics")
	if n := strings.Count(calendar.body, "BEGIN:VEVENT"); n != 4 || strings.Contains(calendar.body, "$") || strings.Contains(calendar.body, "Mercy") {
		t.Errorf("the calendar has %d events:\n%s", n, calendar.body)
	}
	if a := v.get("/debts/" + string(p.debts[0].ID) + "/plan"); !strings.Contains(a.body, "See your plan") {
		t.Error("a second plan is offered")
	}
}

func TestAWishThatCannotBeGetsTheNearestThingBesideItsField(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	options := "/debts/" + string(p.debts[0].ID) + "/plan"
	day := optionIn(v.get(options).body, "first")[0]
	for _, c := range []struct{ each, rhythm, first, want string }{
		{"5", "monthly", day, "at least $25.00"},
		{"500", "monthly", day, "You owe $150.00."},
		{"", "", "", "Choose a day."},
		{"40.001", "monthly", day, `value="40.001"`},
		{"40", "daily", day, "Choose how often you can pay."},
		{"40", "monthly", "2020-01-02", "The first one you can choose is"},
		{"40", "monthly", "2026-02-30", "Choose a day."},
		{"40", "monthly", "2099-01-05", "The last one you can choose is"},
	} {
		a := v.post(options, "kind", "installments", "each", c.each, "rhythm", c.rhythm, "first", c.first)
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, c.want) {
			t.Errorf("%+v: %d without %q", c, a.status, c.want)
		}
	}
	for _, count := range []string{"0", "-1", "99999999999999999999", "601", "x"} {
		if a := v.post(options, "kind", "installments", "rhythm", "weekly", "count", count); a.status != http.StatusUnprocessableEntity {
			t.Errorf("an offer of %s payments: %d", count, a.status)
		}
	}
	if a := v.post(options, "kind", "settlement", "rhythm", "monthly", "count", "1"); a.status != 422 || !strings.Contains(a.body, "not offered any more") {
		t.Errorf("a settlement nobody offered: %d", a.status)
	}
}

func TestREG05_APlanIsStoppedInTwoClicks(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	plan := v.byHand(p)
	says(t, v.get(plan), `href="`+plan+`/stop"`)
	says(t, v.get(plan+"/stop"), "Stop this plan?", "You still owe $150.00")
	v.goes(303, plan, v.post(plan+"/stop"))
	says(t, v.get(plan), "This plan is stopped", "A new plan")
	v.goes(303, plan, v.post(plan+"/stop")) // the second tap
	v.goes(303, plan, v.get(plan+"/letter"))
	v.goes(303, plan, v.get(plan+"/letter.pdf"))
}

func TestAChangeIsShownBeforeItIsSignedAndTwoTabsMakeOne(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	plan := v.byHand(p)
	days := optionIn(v.get(plan+"/change").body, "move_to")
	preview := v.post(plan+"/change", "action", "move", "move_number", "1", "move_to", days[7])
	says(t, preview, "Check the new dates", "Until now", "With the change")
	seen, rev := field(t, seenField, preview), field(t, revision, preview)
	form := []string{"action", "move", "move_number", "1", "move_to", days[7], "seen", seen, "revision", rev}
	if a := v.post(plan+"/change/confirm", form...); a.status != 422 || !strings.Contains(a.body, "Type your name.") {
		t.Errorf("unsigned: %d", a.status)
	}
	signed := append(form, "agree", "yes", "name", "Ana Garcia")
	v.goes(303, plan, v.post(plan+"/change/confirm", signed...))
	if a := v.post(plan+"/change/confirm", signed...); a.status != http.StatusConflict || !strings.Contains(a.body, "another window") {
		t.Errorf("the other tab: %d", a.status)
	}
	says(t, v.get(plan), "Moved here from")
	says(t, v.get(plan+"/agreements/2"), "Others you signed")
}

func TestAChangeThatCannotBeSaysWhy(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	plan := v.byHand(p)
	v.get(plan + "/change")
	for _, c := range []struct {
		form []string
		want string
	}{
		{[]string{"action", "amount", "amount_each", "5"}, "at least $25.00"},
		{[]string{"action", "move"}, "Choose which one."},
		{[]string{"action", "move", "move_number", "1", "move_to", "2099-01-05"}, "The last one you can choose is"},
		{[]string{"action", "retry", "retry_number", "1"}, "That cannot be done right now"},
		{[]string{"action", "cancel"}, "That cannot be done right now"},
		{[]string{"action", "bogus"}, "That cannot be done right now"},
		{[]string{"action", "rhythm", "rhythm_rhythm", "daily"}, "Choose how often"},
		{[]string{"action", "pause", "pause_to", "2099-01-05"}, "The last one you can choose is"},
	} {
		if a := v.post(plan+"/change", c.form...); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, c.want) {
			t.Errorf("%v: %d without %q", c.form, a.status, c.want)
		}
	}
	for _, form := range [][]string{
		{"action", "skip", "skip_number", "1"}, {"action", "split", "split_number", "2"}, {"action", "amount", "amount_each", "75"},
		{"action", "rhythm", "rhythm_rhythm", "weekly"},
	} {
		says(t, v.post(plan+"/change", form...), "With the change")
	}
}

func TestDIS09_ADisputedDebtIsOfferedNoPlan(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owingAs(15000, debt.Medical, debt.Disputed))
	a := b.signedIn(t, p).get("/debts/" + string(p.debts[0].ID) + "/plan")
	says(t, a, "You told us this is wrong.", "I need help")
	if strings.Contains(a.body, `name="each"`) {
		t.Error("a plan is offered")
	}
}

func TestTheDebtsThatMayBePlannedAreListed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000), owing(20000))
	v := b.signedIn(t, p)
	plan := v.byHand(p)
	says(t, v.get("/plans"), `href="`+plan+`"`, `href="/debts/`+string(p.debts[1].ID)+`/plan"`)
}

// TestIE_F10_APlansPastDayIsNotPromisedAgain lets the first day of a plan go by.
func TestIE_F10_APlansPastDayIsNotPromisedAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	plan := v.byHand(p)
	says(t, v.get("/account"), "Next: $40.00")
	b.bench.Sandbox.Advance(20 * 24 * time.Hour)
	v = b.signedIn(t, p)
	page, account := v.get(plan), v.get("/account")
	says(t, page, "Not paid yet", "set for")
	says(t, account, "Not paid yet: $40.00, set for")
	saysNot(t, account, "Next: $40.00")
}

// TestE2_G12_AStoppedPlanTakesItsDaysBack reads the calendar file before and
// after.
func TestE2_G12_AStoppedPlanTakesItsDaysBack(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	plan := v.byHand(p)
	sequence := regexp.MustCompile(`SEQUENCE:(\d+)`)
	entries := regexp.MustCompile(`UID:\S+`)
	before := v.get(plan + "/calendar.ics")
	says(t, before, "STATUS:CONFIRMED")
	saysNot(t, before, "CANCELLED") //nolint:misspell // the word of RFC 5545
	v.goes(303, plan, v.post(plan+"/stop"))
	says(t, v.get(plan), plan+"/calendar.ics", "Take the days out of my calendar")
	after := v.get(plan + "/calendar.ics")
	if n := strings.Count(after.body, "STATUS:CANCELLED"); n != 4 || strings.Contains(after.body, "CONFIRMED") { //nolint:misspell // likewise
		t.Errorf("%d of 4 days are taken back:\n%s", n, after.body)
	}
	if was, is := entries.FindAllString(before.body, -1), entries.FindAllString(after.body, -1); !slices.Equal(was, is) {
		t.Errorf("the entries were %v, and are %v", was, is)
	}
	if was, is := field(t, sequence, before), field(t, sequence, after); is <= was {
		t.Errorf("the sequence went from %s to %s", was, is)
	}
}

// TestF7_WhatAPaymentBesideAPlanDoesIsSaidBeforeAndAfter pays by hand on a debt
// whose plan takes each payment by itself.
func TestF7_WhatAPaymentBesideAPlanDoesIsSaidBeforeAndAfter(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	draft := v.wish(p)
	v.goes(303, draft+"/method", v.post(draft, "do", "charging", "charging", "bank"))
	v.get(draft + "/method")
	v.goes(303, draft+"/sign", v.post(draft+"/method", "confirmation_token", b.bench.Token(t, gatewaytest.BankGood)))
	seen := field(t, seenField, v.get(draft+"/sign"))
	plan := v.goes(303, "/plans/pln_", v.post(draft+"/sign", "seen", seen, "agree", "yes", "name", "Ana Garcia")).location
	says(t, v.get("/payments/new"), "What you pay here is extra. Your plan ends sooner.", "We still take $40.00 on", `href="`+plan+`/pay"`)
	id := v.ready(gatewaytest.CardDebit, "choice_"+string(p.debts[0].ID), "other", "amount_"+string(p.debts[0].ID), "30")
	v.post("/payments/" + id + "/review")
	says(t, v.get("/payments/"+id), "You paid $30.00", "Your plan goes on. We take $40.00 on")
}

// TestF9_TheLowestPaymentThatIsAllowedIsShownFirst asks for the ways to pay a
// large debt.
func TestF9_TheLowestPaymentThatIsAllowedIsShownFirst(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(48_211_90))
	page := b.signedIn(t, p).get("/debts/" + string(p.debts[0].ID) + "/plan")
	says(t, page, "$2,008.83 every month", "$4,017.66 every month", "$8,035.32 every month")
	if low, quick := strings.Index(page.body, "$2,008.83 every"), strings.Index(page.body, "$8,035.32 every"); low > quick {
		t.Error("the quickest stands first")
	}
	saysNot(t, page, "twice a month</h3>", "every two weeks</h3>")
}
