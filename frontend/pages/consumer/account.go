package consumer

import (
	"quittance/frontend/locale"
	"quittance/payments/money"
	"quittance/plans/civil"
)

// Account is the overview: what is owed, to whom, for what, and the four doors.
type Account struct {
	Base
	FirstName string
	For       string      // the whole name, to somebody who speaks for the consumer; then FirstName is empty
	Total     money.Cents // sum of what is asked for, payments on their way not yet taken off
	Disputed  money.Cents // in dispute, in no part of Total (DIS-02, DIS-04)
	OnHold    money.Cents // not to be paid here as the debts stand, in no part of Total
	AsOf      civil.Date
	PaidSince bool // something was paid here since that day, and is taken off
	Debts     []AccountDebt
	Payments  []PaymentLine // newest first; may be empty
	Sent      []DisputeSent // disputes, questions and complaints, newest first
	// Initial asks for the full first-contact sentence (DSC-01); the short one
	// stands on every page.
	Initial bool
	// Hold replaces every amount by a neutral page (STS-01, STS-03).
	Hold Hold
	// CanPay is false when no debt can be paid here now; the door then says why.
	CanPay  bool
	Notices []Notice
	First   []Notice // of the states, with the first-contact sentence
	// Told are changes of contact that were told by letter alone.
	Told []ContactTold
	// Attention is what a person should look at first; may be empty.
	Attention []Attention
}

// Attention is one line at the top of the account: what happened to money
// without the person's doing, and where it is told whole.
type Attention struct {
	What AttentionKind
	On   civil.Date // of what came back; the last day of a card
	Path string
}

// AttentionKind is what happened.
type AttentionKind string

// The kinds, in the order in which they stand.
const (
	AttentionReturned    AttentionKind = "returned"     // the bank sent a payment back
	AttentionChargedBack AttentionKind = "charged_back" // the bank of a card took one back
	AttentionFailed      AttentionKind = "failed"       // a payment of a plan did not work
	AttentionCardEnds    AttentionKind = "card_ends"    // the card of a plan ends before its last payment
	AttentionCardOver    AttentionKind = "card_over"    // it has ended
	AttentionHeld        AttentionKind = "held"         // money is held and does not count
	AttentionCredit      AttentionKind = "credit"       // more was paid than was owed, and goes back
)

var attentionWords = map[AttentionKind]locale.Key{
	AttentionReturned: "attention.returned", AttentionChargedBack: "attention.charged_back", AttentionFailed: "attention.failed",
	AttentionCardEnds: "attention.card_ends", AttentionCardOver: "attention.card_over", AttentionHeld: "attention.held", AttentionCredit: "attention.credit",
}

func (a Attention) words(b Base) string {
	if a.What == AttentionCardEnds || a.What == AttentionCardOver { // it may be next year
		return b.T(attentionWords[a.What], "date", a.On)
	}
	return b.T(attentionWords[a.What], "date", day(b, a.On))
}

// AccountDebt is one debt on the overview.
type AccountDebt struct {
	ID       string
	Creditor string
	What     string      // "Care in 2022"; in the language it was placed in
	Amount   money.Cents // the balance
	Disputed money.Cents // of Amount: nobody is asked for it
	Status   DebtStatus
	Pending  []OnTheWay
	Day      civil.Date // of the status: answer due (disputed), came back (returned), paid on (paid)
	Notices  []Notice   // stand beside the amount (STS-07)
	Plan     *PlanNext  // of the plan that runs; nil: none
	Credit   Credit
	// Provisional is, of a paid debt, the last day on which a bank may take a payment
	// back; zero: none may.
	Provisional civil.Date
}

// Credit is what was paid beyond a debt and goes back. Stated is true where the
// collector's books say so, and no payment here may be behind it.
type Credit struct {
	Amount money.Cents
	Stated bool
}

// words say what is sent back; empty where nothing is.
func (c Credit) words(b Base) string {
	switch {
	case c.Amount == 0:
		return ""
	case c.Stated:
		return b.T("debt.credit_stated", "amount", c.Amount)
	}
	return b.T("debt.credit", "amount", c.Amount)
}

// PlanNext is the next payment of a running plan; Amount is zero while the plan
// stands still.
type PlanNext struct {
	PlanID string
	Amount money.Cents
	Date   civil.Date
	Late   bool // the day is past
	Failed bool // a payment of it did not work, and is still to be paid
	Taken  bool // we take it; otherwise it is paid by hand
	// CardEnds is the last day of its card, from a month before on, where something is
	// to be taken after it; zero: not soon. CardOver: that day is past.
	CardEnds civil.Date
	CardOver bool
	Behind   bool // a payment by hand goes to what is late or due first
	Ahead    bool // it can be paid now, in place of its charge
}

// Hold says why an account shows no amounts.
type Hold string

// The reasons for a hold over a whole account.
const (
	HoldNone       Hold = ""
	HoldBankruptcy Hold = "bankruptcy"
	HoldAttorney   Hold = "attorney"
	HoldDeceased   Hold = "deceased"
	HoldIdentity   Hold = "identity_theft"
	HoldMinor      Hold = "minor"
	HoldOther      Hold = "other"
	HoldPlace      Hold = "place" // the portal is off where the consumer lives (STA-05)
)

// PaymentLine is one payment in the list of past payments.
type PaymentLine struct {
	PaymentID string
	Reference string
	Amount    money.Cents
	Date      civil.Date
	State     OutcomeState
	SentBack  money.Cents // of a payment that counts
	Taken     money.Cents // of it: by the bank, in a dispute
}

// Debt is the itemization of one debt (VAL-04) and the amount to pay today with
// its own date (VAL-05).
type Debt struct {
	Base
	ID               string
	Creditor         string
	OriginalCreditor string
	AccountEnding    string // last four digits; may be empty
	What             string
	Since            civil.Date // of the contract or the service; zero: not given
	Itemization      Itemization
	LeftOut          []LeftOut   // of what was added; not in the rows (AMT-04)
	Current          money.Cents // asked for today
	Disputed         money.Cents // beside it: in dispute
	OnHold           money.Cents // beside it: not to be paid here as the debt stands
	CurrentAsOf      civil.Date
	Status           DebtStatus
	Day              civil.Date // as in AccountDebt
	Pending          []OnTheWay
	CanPay           bool
	Notices          []Notice
	Plan             *PlanNext // of the plan that runs; nil: none
	Credit           Credit
	Provisional      civil.Date // as in AccountDebt
	HasNotice        bool       // a validation notice was given, or is on its way
	Period           NoticePeriod
	Sent             []DisputeSent // of this debt, newest first
	Letters          []LetterLine  // that were written about it, the newest first
	CanPayOff        bool          // the letter that says what pays it off can be asked for
}

// LeftOut is an added amount that the consumer is not asked for. Law is true where
// the law of the place forbids it; otherwise nothing says what allows it.
type LeftOut struct {
	Fees   bool // else interest
	Law    bool
	Amount money.Cents
}

// Itemization is the five rows of VAL-04. Interest, Fees and Paid are not
// negative; Now is Owed + Interest + Fees - Paid to the cent, checked where the
// debt comes in. PaidHere was paid on the portal since then and is no part of
// Paid; Changed is what else became of the balance, signed. Now - PaidHere +
// Changed is the balance of today.
type Itemization struct {
	Date                            civil.Date
	Owed, Interest, Fees, Paid, Now money.Cents
	PaidHere, Changed               money.Cents
}

// Today is the balance of today.
func (i Itemization) Today() money.Cents { return i.Now - i.PaidHere + i.Changed }
