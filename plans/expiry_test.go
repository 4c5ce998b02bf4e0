package plans_test

import (
	"testing"

	"quittance/payments"
	"quittance/plans"
	"quittance/plans/civil"
)

func on(t *testing.T, s string) civil.Date {
	t.Helper()
	if s == "" {
		return civil.Date{}
	}
	d, err := civil.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestIE_F20_ACardThatEndsBeforeThePlanIsKnown(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ expires, last, want string }{
		{"2027-01", "2027-02-01", "2027-01-31"}, {"2027-01", "2027-01-31", ""}, {"2027-02", "2027-03-16", "2027-02-28"},
		{"2028-02", "2028-03-01", "2028-02-29"}, {"2026-12", "2027-01-15", "2026-12-31"}, {"", "2027-01-15", ""}, {"soon", "2027-01-15", ""}, {"2027-01", "", ""},
	} {
		if got := plans.CardEnds(payments.Details{Expires: c.expires}, on(t, c.last)); got != on(t, c.want) {
			t.Errorf("a card of %q, the last payment on %q: %s", c.expires, c.last, got)
		}
	}
}

func TestIE_F20_AMonthBeforeItsCardEndsAPlanSaysSo(t *testing.T) {
	t.Parallel()
	plan := func(change func(*plans.Plan)) plans.Plan {
		p := plans.Plan{Status: plans.Active, Charging: plans.Automatic, Details: payments.Details{Expires: "2027-01"}, Installments: []plans.Installment{
			{Number: 1, Due: on(t, "2027-01-15"), Amount: 50_00, Status: plans.Scheduled}, {Number: 2, Due: on(t, "2027-02-16"), Amount: 50_00, Status: plans.Scheduled},
		}}
		change(&p)
		return p
	}
	for about, c := range map[string]struct {
		today, want string
		change      func(*plans.Plan)
	}{
		"more than a month before": {"2026-12-30", "", func(*plans.Plan) {}},
		"a month before":           {"2026-12-31", "2027-01-31", func(*plans.Plan) {}},
		"afterwards":               {"2027-02-02", "2027-01-31", func(*plans.Plan) {}},
		"the last one is paid":     {"2027-01-20", "", func(p *plans.Plan) { p.Installments[1].Status = plans.Paid }},
		"the last one is dropped":  {"2027-01-20", "", func(p *plans.Plan) { p.Installments[1].Status = plans.Dropped }},
		"by hand":                  {"2027-01-20", "", func(p *plans.Plan) { p.Charging = plans.ByHand }},
		"stopped":                  {"2027-01-20", "", func(p *plans.Plan) { p.Status = plans.Canceled }},
		"paused":                   {"2027-01-20", "2027-01-31", func(p *plans.Plan) { p.Status = plans.Paused }},
		"another is being checked": {"2027-01-20", "", func(p *plans.Plan) { p.Incoming.SetupID = "seti_1" }},
	} {
		if got := plan(c.change).CardEnding(on(t, c.today)); got != on(t, c.want) {
			t.Errorf("%s: %s", about, got)
		}
	}
}

// TestIE_F20_OfACardThatItsBankRenewedNobodyIsTold charges a card that ends in
// January: the first charge says whether it still does.
func TestIE_F20_OfACardThatItsBankRenewedNobodyIsTold(t *testing.T) {
	t.Parallel()
	for about, c := range map[string]struct {
		charged payments.Details
		told    int
	}{
		"renewed":        {payments.Details{HolderID: "pm_1", Expires: "2030-01"}, 0},
		"as it was":      {payments.Details{HolderID: "pm_1", Expires: "2027-01"}, 1},
		"not said":       {payments.Details{HolderID: "pm_1"}, 1},
		"of another one": {payments.Details{HolderID: "pm_2", Expires: "2030-01"}, 1},
	} {
		w := newWorld(t)
		w.setup.Details = payments.Details{Type: payments.Card, Brand: "visa", Last4: "4242", HolderID: "pm_1", Expires: "2027-01"}
		p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-12-15"), Each: 10000}, plans.Automatic)
		w.answer = func(int, payments.SavedRequest) payments.Payment {
			return payments.Payment{Status: payments.Confirmed, Details: c.charged}
		}
		w.days(t, 90)
		told := 0
		for _, change := range w.told {
			if change.Why == plans.CardRunsOut {
				told++
			}
		}
		if told != c.told || w.plan(t, p.ID).Status != plans.Active {
			t.Errorf("%s: told %d times, the plan is %s", about, told, w.plan(t, p.ID).Status)
		}
	}
}
