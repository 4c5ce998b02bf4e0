// Package plans lets people pay over time, settle, or ask for more time, within
// rules that the creditor sets. Everything that is decided here is decided by
// pure functions of values and the time; Service loads, saves and tells.
//
//	awaiting ──► active ◄──► paused        awaiting: the bank account is still being verified
//	   │          │  ▲         │
//	   │          ▼  │         │
//	   │        broken ◄───────┤           broken: told kindly, with the way back
//	   │          │            │
//	   └──────────┴──► canceled, completed
//
// One plan pays one debt. Money is moved by package payments alone: a plan says
// what is to be charged and hears what became of it.
package plans

import (
	"slices"
	"time"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans/civil"
	"quittance/plans/schedule"
)

// ID is the portal's id of a plan ("pln_…").
type ID string

// Kind is what the consumer agreed to.
type Kind string

// Kinds of plans.
const (
	Installments Kind = "installments" // the whole balance over time
	Settlement   Kind = "settlement"   // less than the balance, and the rest is let go
	Later        Kind = "later"        // more time: all of it on one later day
)

// Charging says who starts each payment. Equal terms hold for both (REG-06).
type Charging string

// Ways of charging.
const (
	ByHand    Charging = "manual"    // the consumer pays each installment
	Automatic Charging = "automatic" // a saved method is charged on the day
)

// Status is where a plan stands.
type Status string

// Statuses of a plan.
const (
	Awaiting  Status = "awaiting"
	Active    Status = "active"
	Paused    Status = "paused"
	Broken    Status = "broken"
	Completed Status = "completed"
	Canceled  Status = "canceled"
)

var moves = map[Status][]Status{
	Awaiting: {Active, Canceled},
	Active:   {Paused, Broken, Completed, Canceled},
	Paused:   {Active, Broken, Completed, Canceled},
	Broken:   {Active, Completed, Canceled},
	// A bank may take the last payment back, up to 60 days later (ACH-08).
	Completed: {Active, Broken},
}

// May reports whether a plan may move from one status to another.
func May(from, to Status) bool { return slices.Contains(moves[from], to) }

// Running reports whether a plan in this status still binds anybody: a debt has
// at most one such plan.
func (s Status) Running() bool {
	return s == Awaiting || s == Active || s == Paused || s == Broken
}

// Reason says in one key word why a plan stands where it stands. Package gate's
// reasons ("disputed", "bankruptcy", …) are used as they are.
type Reason string

// Reasons of our own.
const (
	ByConsumer    Reason = "consumer"       // the consumer asked for it
	MethodFailed  Reason = "method_failed"  // the bank or card cannot be charged again
	NeedsSignIn   Reason = "authentication" // the bank wants the consumer to take part (STR-08)
	StopPayment   Reason = "stop_payment"   // the bank was told to stop this debit (R08)
	MissedTooMany Reason = "missed"
	DebtGone      Reason = "debt_closed" // paid elsewhere, recalled or no longer ours
	VerifyFailed  Reason = "verification_failed"
)

// Plan is what one consumer agreed to pay on one debt, and what became of it.
type Plan struct {
	ID         ID
	Reference  string // for people: "PLN-7KQ2M9XD"
	AccountID  string
	RequestKey string // the form's one-time key: the same key never makes two plans
	Debt       DebtRef
	Kind       Kind
	Total      money.Cents // what the consumer agreed to pay under the plan
	Forgiven   money.Cents // what is let go once a settlement is completed
	Rule       schedule.Rule
	Charging   Charging
	Saved      payments.Saved
	Details    payments.Details // of the saved method
	SetupID    string           // the processor's setup of the method
	Incoming   Incoming         // the method that takes its place once it is verified
	Terms      Terms            // as they were agreed
	Status     Status
	Reason     Reason
	// Installments are in the order of their due dates.
	Installments []Installment
	Version      int // of the signed schedule; each change signs a new one
	Skipped      int // installments moved to the end by the consumer so far
	ResumeOn     civil.Date
	Revision     int64 // rises by one with each saved change
	CreatedAt    time.Time
	ActivatedAt  time.Time
	ChangedAt    time.Time
	EndedAt      time.Time
	CardTold     string // the last month, "2027-01", of the card whose end was told of; empty: of none
}

// Incoming is a method that the consumer signed for and that is still being
// verified (STR-11). Until then the plan goes on as before; zero when there is
// none.
type Incoming struct {
	SetupID  string // the processor's setup; empty once it came to nothing
	Details  payments.Details
	SignedAt time.Time
}

// Pending reports whether a method is on its way into a plan.
func (i Incoming) Pending() bool { return i.SetupID != "" }

// Refused reports whether the last method that was to come could not be
// verified: the consumer is told until they choose again.
func (i Incoming) Refused() bool { return i.SetupID == "" && !i.SignedAt.IsZero() }

// DebtRef names the debt of a plan to us, to the system of record and to its
// creditor.
type DebtRef struct{ ID, Ref, CreditorRef string }

// InstallmentStatus is where one installment stands.
type InstallmentStatus string

// Statuses of an installment.
const (
	Scheduled InstallmentStatus = "scheduled"
	InFlight  InstallmentStatus = "charging" // a payment is on its way
	Paid      InstallmentStatus = "paid"
	Failed    InstallmentStatus = "failed"  // nothing was taken, or it came back; it is still owed
	Dropped   InstallmentStatus = "dropped" // no longer owed under the plan
)

// Installment is one amount on one day.
type Installment struct {
	Number   int // stays with it for life
	Due      civil.Date
	ChargeAt time.Time // the first instant at which it may be charged (PDN-04)
	Amount   money.Cents
	Paid     money.Cents // by whatever payment
	Status   InstallmentStatus
	// Attempts counts charges so far; with plan and number it is the request key
	// of the payment (STR-07).
	Attempts  int
	Retries   int         // attempts on a new day that the consumer chose (ACH-05)
	PaymentID payments.ID // of the last attempt
	Failure   payments.Failure
	Notice    Notice
	Missed    bool // its grace days passed unpaid
	// Unanswered: its day has come, and the system of record has not said how the
	// debt stands (WHK-05). The consumer was told.
	Unanswered bool
}

// Owed is what is still to be paid on an installment.
func (i Installment) Owed() money.Cents {
	if i.Status == Dropped {
		return 0
	}
	return max(0, i.Amount-i.Paid)
}

// Open reports whether something is still to be paid and nothing is on its way.
func (i Installment) Open() bool {
	return (i.Status == Scheduled || i.Status == Failed) && i.Owed() > 0
}

// Notice is the written notice of a charge to come (PDN-01, PDN-02).
type Notice struct {
	State     NoticeState
	On        civil.Date // the day on which it goes out
	MessageID string
	SentAt    time.Time
}

// NoticeState says whether the notice that the law wants was given.
type NoticeState string

// States of a notice. A charge that needs one is made only when it was Given.
const (
	NoticeNone    NoticeState = ""        // none is owed: paid by hand, or at most five days after agreeing
	NoticeWaiting NoticeState = "waiting" // goes out on its day
	NoticeQueued  NoticeState = "queued"  // handed to the senders
	NoticeMail    NoticeState = "mail"    // the system of record was asked to mail it (PDN-03)
	NoticeGiven   NoticeState = "given"
	NoticeFailed  NoticeState = "failed" // it reached nobody: nothing is charged
)

// Left is what is still to be paid under the plan.
func (p Plan) Left() money.Cents {
	var sum money.Cents
	for _, i := range p.Installments {
		sum += i.Owed()
	}
	return sum
}

// PaidSoFar is what was paid under the plan.
func (p Plan) PaidSoFar() money.Cents {
	var sum money.Cents
	for _, i := range p.Installments {
		sum += i.Paid
	}
	return sum
}

// Next is the earliest installment on which something is still to be paid and
// nothing is on its way.
func (p Plan) Next() (Installment, bool) {
	for _, i := range p.Installments {
		if i.Open() {
			return i, true
		}
	}
	return Installment{}, false
}

// Installment finds one by its number.
func (p Plan) Installment(number int) (Installment, bool) {
	for _, i := range p.Installments {
		if i.Number == number {
			return i, true
		}
	}
	return Installment{}, false
}

// clone is a plan whose installments may be changed.
func (p Plan) clone() Plan {
	p.Installments = slices.Clone(p.Installments)
	return p
}

// Agreement is one signed schedule: what was shown, word for word, and who
// said yes to it from where (REG-02, ACH-03). Old ones are kept.
type Agreement struct {
	PlanID   ID
	Version  int
	Why      Why
	Lines    []schedule.Line
	Name     string // typed by the consumer
	Consent  payments.Consent
	AgreedAt time.Time
}

// Why says what an agreement or a change came of.
type Why string

// What changes a plan.
const (
	Enrolled          Why = "enrolled"
	DateMoved         Why = "date_moved"
	WasSkipped        Why = "skipped"
	WasSplit          Why = "split"
	AmountChanged     Why = "amount_changed"
	RhythmChanged     Why = "rhythm_changed"
	MethodChanged     Why = "method_changed"
	ByConsumerWhy     Why = "consumer"
	PaidAhead         Why = "paid_ahead"
	BalanceFell       Why = "balance_fell"
	NoticeMissing     Why = "notice_missing" // moved, because the notice could not be given
	WeWereLate        Why = "late"           // moved, because we could not charge on the day
	InstallmentPaid   Why = "installment_paid"
	InstallmentFailed Why = "installment_failed"
	InstallmentMissed Why = "installment_missed"
	PaymentReturned   Why = "payment_returned"
	CardRunsOut       Why = "card_runs_out" // its card ends soon, before its last payment: the consumer is told
	RecordSilent      Why = "record_silent" // not charged on its day: the system of record did not answer
	Housekeeping      Why = "housekeeping"  // a lease, a notice: nobody is told
)

// News is what the watchers are told.
type News string

// News of a plan.
const (
	NewsCreated   News = "created"
	NewsChanged   News = "changed"
	NewsPaused    News = "paused"
	NewsResumed   News = "resumed"
	NewsCanceled  News = "canceled"
	NewsBroken    News = "broken"
	NewsCompleted News = "completed"
)

// Change is what was decided about a plan.
type Change struct {
	Before, After Plan
	Moved         bool
	Why           Why
	News          []News
	Agreement     *Agreement // where a new schedule was signed
}
