package plans

import (
	"time"

	"quittance/payments/money"
	"quittance/plans/civil"
	"quittance/plans/schedule"
)

// Scope says whom terms are for. Empty fields match anything; the narrower
// wins: debt, then debt type of a creditor, creditor, debt type, agency.
type Scope struct {
	CreditorRef, DebtType, DebtRef string
}

// Terms are what a creditor allows. There is no interest and no fee anywhere in
// them (AMT-01).
type Terms struct {
	ID              string // of the same terms over all their versions
	Version         int
	Scope           Scope
	Effective       civil.Date        // first day
	Until           civil.Date        // last day; zero for ever
	MinAmount       money.Cents       // least of an installment but the last
	MinPercent      int               // least of an installment, in percent of the balance
	MaxMonths       int               // longest duration
	Rhythms         []schedule.Rhythm // allowed ones, the usual first
	FirstWithinDays int               // the first payment is at most so many days away
	LaterDays       int               // more time: at most so many days; 0 is off
	Settlements     []SettlementFloor
	Skips           int         // installments that the consumer may move to the end, in all
	PauseDays       int         // longest pause; 0 is off
	GraceDays       int         // a late installment counts as missed after so many days
	Retries         int         // by the consumer's choice of a new date, at most 2 (ACH-05, STR-09)
	HardshipMin     money.Cents // least of an installment with a statement of hardship
	HardshipMonths  int         // longest duration with one; 0 is off
	BreakAfter      int         // missed installments after which the plan is broken
}

// SettlementFloor is the least share of the balance that settles a debt.
type SettlementFloor struct {
	MinAgeDays int         // of the debt, since its itemization date
	MinBalance money.Cents // of the debt
	Percent    int         // of the balance
	Payments   int         // at most so many, a month apart
	ValidDays  int         // how long an offer stands after it was shown
}

// DefaultTerms hold where a creditor set none: modest, and the same for
// everybody.
func DefaultTerms() Terms {
	return Terms{
		ID: "default", Version: 1, MinAmount: 2500, MaxMonths: 24,
		Rhythms:         []schedule.Rhythm{schedule.Monthly, schedule.TwiceAMonth, schedule.EveryTwoWeeks, schedule.Weekly},
		FirstWithinDays: 35, LaterDays: 30, Skips: 2, PauseDays: 60, GraceDays: 5, Retries: 1, BreakAfter: 2,
		HardshipMin: 500, HardshipMonths: 60,
	}
}

// Subject is the debt that terms are looked up for and offers are made on.
type Subject struct {
	AccountID string
	Debt      DebtRef
	DebtType  string
	Owed      money.Cents // what is owed, payments on their way included
	Payable   money.Cents // the most that may be agreed on now (AMT-07)
	Since     civil.Date  // itemization date
	Refusal   string      // why no plan may be made at all; empty when one may
	NoNew     string      // why no new one may, where one that runs may go on and change
	Today     civil.Date  // in the consumer's zone
	// OfferUntil is the earliest day on which an offer may expire: the end of the
	// validation period (DIS-09); zero for any.
	OfferUntil civil.Date
	// Unanswered: what is known of the debt is not fresh enough to charge it with
	// nobody watching (WHK-05).
	Unanswered bool
	Zones      []*time.Location
}

// Effective picks the terms that hold for a debt on a day: among those whose
// scope matches, the narrowest, and of these the latest version.
func Effective(all []Terms, s Subject) Terms {
	best, found := DefaultTerms(), false
	for _, t := range all {
		if !t.holds(s) {
			continue
		}
		if !found || t.width() > best.width() || t.width() == best.width() && t.newer(best) {
			best, found = t, true
		}
	}
	return best
}

func (t Terms) holds(s Subject) bool {
	matches := func(scope, is string) bool { return scope == "" || scope == is }
	return matches(t.Scope.CreditorRef, s.Debt.CreditorRef) && matches(t.Scope.DebtType, s.DebtType) &&
		matches(t.Scope.DebtRef, s.Debt.Ref) && !s.Today.Before(t.Effective) && (t.Until.IsZero() || !s.Today.After(t.Until))
}

// width rises with how narrow a scope is.
func (t Terms) width() int {
	w := 0
	if t.Scope.DebtRef != "" {
		w += 4
	}
	if t.Scope.CreditorRef != "" {
		w += 2
	}
	if t.Scope.DebtType != "" {
		w++
	}
	return w
}

func (t Terms) newer(other Terms) bool {
	if t.Effective != other.Effective {
		return t.Effective.After(other.Effective)
	}
	return t.Version > other.Version
}
