package terms

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"quittance/payments/money"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/plans/schedule"
	"quittance/portal/debt"
)

// Bounds of what terms may say.
const (
	mostMonths   = 60
	mostDays     = 365
	mostRetries  = 2 // after the first failure (ACH-05, STR-09)
	mostCents    = 1_000_000_00
	usualOffer   = 30 // days
	mostPayments = 12
)

var rhythms = []schedule.Rhythm{schedule.Weekly, schedule.EveryTwoWeeks, schedule.TwiceAMonth, schedule.Monthly}

var debtTypes = []debt.Type{
	debt.CreditCard, debt.Loan, debt.AutoLoan, debt.StudentLoan, debt.Payday, debt.Medical, debt.Utility, debt.Telecom, debt.Rent,
	debt.Government, debt.Other,
}

// Check turns words into terms, or says of each field what is wrong with it.
// The version is the book's to give.
func Check(w Words) (plans.Terms, []Fault) {
	c := &checker{}
	usual := plans.DefaultTerms()
	t := plans.Terms{
		Scope:           plans.Scope{CreditorRef: w.CreditorRef, DebtType: w.DebtType, DebtRef: w.DebtRef},
		Effective:       c.day("effective", w.Effective),
		Until:           c.day("until", w.Until),
		MinAmount:       money.Cents(number(c, "min_amount_cents", w.MinAmountCents, int64(usual.MinAmount), 1, mostCents)),
		MinPercent:      number(c, "min_percent", w.MinPercent, usual.MinPercent, 1, 100),
		MaxMonths:       number(c, "max_months", w.MaxMonths, usual.MaxMonths, 1, mostMonths),
		Rhythms:         c.rhythms(w.Rhythms, usual.Rhythms),
		FirstWithinDays: number(c, "first_within_days", w.FirstWithinDays, usual.FirstWithinDays, 1, 90),
		LaterDays:       number(c, "later_days", w.LaterDays, usual.LaterDays, 0, mostDays),
		Skips:           number(c, "skips", w.Skips, usual.Skips, 0, mostMonths),
		PauseDays:       number(c, "pause_days", w.PauseDays, usual.PauseDays, 0, mostDays),
		GraceDays:       number(c, "grace_days", w.GraceDays, usual.GraceDays, 0, 90),
		Retries:         number(c, "retries", w.Retries, usual.Retries, 0, mostRetries),
		HardshipMin:     money.Cents(number(c, "hardship_min_cents", w.HardshipCents, int64(usual.HardshipMin), 1, mostCents)),
		HardshipMonths:  number(c, "hardship_months", w.HardshipMonths, usual.HardshipMonths, 0, mostMonths),
		BreakAfter:      number(c, "break_after", w.BreakAfter, usual.BreakAfter, 0, mostMonths),
	}
	t.ID = scopeID(t.Scope)
	if w.Effective == "" {
		c.fault("effective", "is missing")
	}
	if !t.Until.IsZero() && t.Until.Before(t.Effective) {
		c.fault("until", "is before effective")
	}
	if w.DebtType != "" && !slices.Contains(debtTypes, debt.Type(w.DebtType)) {
		c.fault("debt_type", "is not a type of debt")
	}
	for n, s := range w.Settlements {
		t.Settlements = append(t.Settlements, c.settlement(fmt.Sprintf("settlements[%d].", n), s))
	}
	return t, c.faults
}

// scopeID names terms by whom they are for, so that each scope has one.
func scopeID(s plans.Scope) string {
	id := url.Values{}
	for name, value := range map[string]string{"creditor": s.CreditorRef, "type": s.DebtType, "debt": s.DebtRef} {
		if value != "" {
			id.Set(name, value)
		}
	}
	if len(id) == 0 {
		return "agency"
	}
	return id.Encode()
}

// checker gathers what is wrong.
type checker struct{ faults []Fault }

func (c *checker) fault(field, message string) {
	c.faults = append(c.faults, Fault{Field: field, Message: message})
}

func (c *checker) day(field, text string) civil.Date {
	d, err := civil.Parse(text)
	if err != nil {
		c.fault(field, "is not a day of the form YYYY-MM-DD")
	}
	return d
}

// number takes what was given within its bounds, or the usual.
func number[N int | int64](c *checker, field string, given *N, usual, least, most N) N {
	if given == nil {
		return usual
	}
	if *given < least || *given > most {
		c.fault(field, fmt.Sprintf("must be %d to %d", least, most))
	}
	return *given
}

func (c *checker) rhythms(given []string, usual []schedule.Rhythm) []schedule.Rhythm {
	if len(given) == 0 {
		return usual
	}
	var list []schedule.Rhythm
	for n, text := range given {
		r, field := schedule.Rhythm(text), fmt.Sprintf("rhythms[%d]", n)
		if !slices.Contains(rhythms, r) {
			c.fault(field, "is none of "+known())
		}
		if slices.Contains(list, r) {
			c.fault(field, "is there twice")
		}
		list = append(list, r)
	}
	return list
}

func known() string {
	var names []string
	for _, r := range rhythms {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}

func (c *checker) settlement(at string, s Settlement) plans.SettlementFloor {
	return plans.SettlementFloor{
		MinAgeDays: number(c, at+"min_age_days", &s.MinAgeDays, 0, 0, 36500),
		MinBalance: money.Cents(number(c, at+"min_balance_cents", &s.MinBalanceCents, 0, 0, mostCents)),
		Percent:    number(c, at+"percent", &s.Percent, 0, 1, 100),
		Payments:   number(c, at+"payments", s.Payments, 1, 1, mostPayments),
		ValidDays:  number(c, at+"valid_days", s.ValidDays, usualOffer, 1, mostDays),
	}
}
