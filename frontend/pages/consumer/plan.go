package consumer

import (
	"quittance/payments/money"
	"quittance/plans/civil"
)

// PlanKind is what is agreed to.
type PlanKind string

// The kinds of plans.
const (
	PlanInstallments PlanKind = "installments"
	PlanSettlement   PlanKind = "settlement" // less than the balance; the rest is let go
	PlanLater        PlanKind = "later"      // all of it on one later day
)

// Rhythm is how often a payment comes.
type Rhythm string

// The rhythms.
const (
	RhythmWeekly      Rhythm = "weekly"
	RhythmTwoWeeks    Rhythm = "every_two_weeks"
	RhythmTwiceAMonth Rhythm = "twice_a_month"
	RhythmMonthly     Rhythm = "monthly"
	RhythmOnce        Rhythm = "once"
)

// Charging is who starts each payment. There is no default (REG-06).
type Charging string

// The ways of charging.
const (
	ChargingUnset Charging = ""
	ChargingBank  Charging = "bank"
	ChargingCard  Charging = "card"
	ChargingHand  Charging = "hand"
)

// PlanDebts asks which debt to pay over time, and leads to plans that run.
type PlanDebts struct {
	Base
	Debts []PlanDebt
}

// PlanDebt is one debt on that page.
type PlanDebt struct {
	DebtID, Creditor, What string
	Amount                 money.Cents
	PlanID                 string // of the plan that runs; empty: none
	Closed                 bool   // no plan can be made here now
}

// PlanOptions are the ways to pay one debt over time. Nothing of it is chosen.
//
// POST /debts/{id}/plan with "kind", and with "rhythm" and "count" of an offer,
// or "each", "rhythm" and "first" of the consumer's own wish, or "later".
type PlanOptions struct {
	Base
	DebtID, Creditor, What string
	Payable                money.Cents
	Disputed               money.Cents // the part, where Refused is for a dispute of a part (DIS-04)
	Offers                 []PlanOffer
	Settlements            []PlanOffer
	Rhythms                []Rhythm // allowed for the consumer's own wish
	Days                   []civil.Date
	LaterDays              []civil.Date // for more time; none: not offered
	Wish                   PlanWish
	Later                  Input // the day of more time, as sent
	Problem                string
	Why                    PlanWhy
	Running                string // the plan that runs; then nothing is offered
	Refused                PlanRefused
	Notices                []Notice
}

// PlanHardship is what somebody can do who cannot pay now.
type PlanHardship struct {
	Base
	DebtID, Creditor string
	Open             bool        // a new plan is possible
	Later            bool        // so is more time
	Least            money.Cents // of a payment, and months at most, with a worksheet
	Months           int
	Running          string // the plan that runs; empty: none
	Break            bool   // it can rest
	Pause            bool   // everything can rest for a while
}

// PlanOffer is one plan as it would be.
type PlanOffer struct {
	Rhythm          Rhythm
	Each            money.Cents
	Count           int
	First           civil.Date
	Last            civil.Date
	LastAmount      money.Cents
	Total, Forgiven money.Cents
	Until           civil.Date // last day on which a settlement is offered
}

// PlanWish is "I can pay … every …, first on …" as typed.
type PlanWish struct {
	Each, Rhythm, First Input
}

// PlanWhy is what the creditor allows, for the words on why there are these
// choices.
type PlanWhy struct {
	Least            money.Cents
	Months           int
	FirstUntil       civil.Date
	Skips, PauseDays int
	Settles          bool
}

// PlanRefused is why no plan can be made.
type PlanRefused string

// The reasons, each with what is possible.
const (
	PlanRefusedNot        PlanRefused = ""
	PlanRefusedDisputed   PlanRefused = "disputed"
	PlanRefusedTimeBarred PlanRefused = "time_barred"
	PlanRefusedPending    PlanRefused = "pending" // all of it is on its way
	PlanRefusedPaid       PlanRefused = "paid"
	PlanRefusedHold       PlanRefused = "hold"
	PlanRefusedHere       PlanRefused = "here" // others owe the debt too, of which nothing is told
	PlanRefusedOff        PlanRefused = "off"  // the portal takes no payments
)

// PlanSchedule is a plan before it is agreed on: every date and amount.
//
// POST /plans/new/{draft} with "first" to ask for another first day, or with
// "charging" (bank, card or hand) to go on.
type PlanSchedule struct {
	Base
	DraftID, DebtID, Creditor string
	Kind                      PlanKind
	Rhythm                    Rhythm
	Lines                     []PlanLine
	Total, Forgiven           money.Cents
	Until                     civil.Date
	Days                      []civil.Date
	First                     Input
	Charging                  Charging
	CreditCards               bool
	ChargingProblem           string
	Problem                   string // the wish is not possible any more
	Notices                   []Notice
}

// PlanNewMethod asks for which kind of account or card a running plan is to be
// paid from. Nothing is chosen.
//
// POST /plans/{id}/method with "charging" (bank or card).
type PlanNewMethod struct {
	Base
	PlanID, Creditor string
	Now              MethodView // empty: each payment is made by hand
	CreditCards      bool
	Problem          string
}

// PlanMethod is the card or bank step of a plan; see PayMethod. With a PlanID it
// is that of a running plan.
//
// POST /plans/new/{draft}/method or /plans/{id}/method/{draft} with
// "confirmation_token".
type PlanMethod struct {
	Base
	DraftID, PlanID           string
	Method                    Method
	PublishableKey, ScriptURL string
	CreditCards               bool
	Refused                   Refused
}

// PlanSign is the authorization. Its POST agrees to the plan. With a PlanID it
// is the authorization of another account or card for that plan.
//
// POST /plans/new/{draft}/sign or /plans/{id}/method/{draft}/sign with "agree" =
// "yes" and "name", and "revision" of a running plan.
type PlanSign struct {
	Base
	DraftID, PlanID string
	Revision        int64  // of the running plan
	Seen            string // mark of the text, sent back with the signature
	Terms           PlanTerms
	Signed          Signature
	Problem         string // the schedule moved meanwhile
	Notices         []Notice
	CardEnds        civil.Date // the last day of the card, where LastOn, that of the last payment, is after it; zero: it lasts
	LastOn          civil.Date
}

// Signature is the box and the typed name below a text.
type Signature struct {
	Agreed       bool
	AgreeProblem string
	Name         Input
}

// PlanPaper is what was agreed to, word for word, for good.
type PlanPaper struct {
	Base
	PlanID, Reference string
	Version           int
	Text              []string
	Name              string
	At                string // day and time in the consumer's words
	Versions          []int  // all there are
}

// PlanLetter says that a plan is completed or a debt settled.
type PlanLetter struct {
	Base
	PlanID, Reference string
	Kind              PlanKind
	Name              string // of the consumer
	Creditor, What    string
	AccountEnding     string
	Paid, Forgiven    money.Cents
	On                civil.Date
	// Provisional is the last day on which a bank may take the last payment back.
	Provisional civil.Date
}
