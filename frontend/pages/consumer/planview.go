package consumer

import (
	"quittance/payments/money"
	"quittance/plans/civil"
)

// PlanStatus is where a plan stands.
type PlanStatus string

// The statuses.
const (
	PlanAwaiting  PlanStatus = "awaiting"
	PlanActive    PlanStatus = "active"
	PlanPaused    PlanStatus = "paused"
	PlanBroken    PlanStatus = "broken"
	PlanCompleted PlanStatus = "completed"
	PlanCanceled  PlanStatus = "canceled"
)

// PlanReason is why it stands there, as far as a person needs to know.
type PlanReason string

// The reasons.
const (
	PlanReasonNone   PlanReason = ""
	PlanByYou        PlanReason = "you"
	PlanMethodFailed PlanReason = "method_failed"
	PlanNeedsYou     PlanReason = "needs_you" // the bank wants the consumer to take part
	PlanStopOrder    PlanReason = "stop_order"
	PlanMissed       PlanReason = "missed"
	PlanDebtGone     PlanReason = "debt_gone"
	PlanVerifyFailed PlanReason = "verify_failed"
	PlanDisputed     PlanReason = "disputed"
	PlanOnHold       PlanReason = "on_hold"
)

// Plan is one plan: where it stands, what comes next, and each payment.
type Plan struct {
	Base
	ID, Reference, DebtID, Creditor string
	Kind                            PlanKind
	Status                          PlanStatus
	Reason                          PlanReason
	Rhythm                          Rhythm
	Method                          MethodView // empty when each is paid by hand
	Paid, Left, Total, Forgiven     money.Cents
	Owed                            money.Cents // what is asked for on the debt, whatever the plan says
	Next                            *PlanLine
	Lines                           []PlanLine
	ResumeOn                        civil.Date
	VerifyURL                       string
	BankAsks                        bool       // it is the bank that asks, not small deposits
	Coming                          MethodView // signed for and still being checked; empty: none
	NotTaken                        MethodView // could not be checked, so nothing changed; empty: none
	CardEnds                        civil.Date // the last day of its card, which comes before its last payment; zero: not soon
	CardOver                        bool       // that day is past
	Fresh                           bool       // it was set up a moment ago
	Running                         bool
	Version                         int
	CanPay                          bool
	Ahead                           bool       // the next one can be paid now, in place of its charge
	Provisional                     civil.Date // of a plan that is paid: until then a bank may take a payment back; zero: it may not
}

// PlanLine is one payment of a plan.
type PlanLine struct {
	Number   int
	Date     civil.Date
	Amount   money.Cents // still to be paid, or paid
	State    LineState
	Reason   Reason     // of a payment that did not work
	From     civil.Date // where it was moved from
	NoticeOn civil.Date // the day on which we write about it
	New      bool       // in a preview: not so in the schedule until now
	Movable  bool       // nothing was sent for it
	Retry    bool       // it did not work and may be tried again
	Late     bool       // the day of the next one is past
}

// LineState is where one payment stands.
type LineState string

// The states of a payment of a plan.
const (
	LineComing LineState = ""
	LineOnWay  LineState = "on_way"
	LineHeld   LineState = "held" // taken, and it counts on no debt yet
	LinePaid   LineState = "paid"
	LineFailed LineState = "failed"
	LineMissed LineState = "missed"
	LineWaits  LineState = "waits" // not taken on its day, by no fault of the consumer's
)

// PlanAction is a change to a plan, by the name its form sends.
type PlanAction string

// The changes.
const (
	ActionMove   PlanAction = "move"
	ActionSkip   PlanAction = "skip"
	ActionSplit  PlanAction = "split"
	ActionAmount PlanAction = "amount"
	ActionRhythm PlanAction = "rhythm"
	ActionPause  PlanAction = "pause"
	ActionResume PlanAction = "resume"
	ActionRetry  PlanAction = "retry"
	ActionHand   PlanAction = "by_hand"
)

// PlanChange lists the changes that are possible, each a form of its own.
//
// POST /plans/{id}/change with "action" and, named after the action,
// "{action}_number", "{action}_to", "amount_each" or "rhythm_rhythm".
type PlanChange struct {
	Base
	PlanID, Creditor string
	Actions          []PlanAction
	Movable          []PlanLine // payments that may be moved, split or skipped
	Failed           []PlanLine // payments that may be tried again
	Days, PauseDays  []civil.Date
	Rhythms          []Rhythm
	SkipsLeft        int
	Least            money.Cents
	Asked            PlanAsk
	NewMethod        bool // another account or card can be given
	Stale            bool // another tab changed the plan meanwhile
	NotNow           bool // the plan's state does not allow it
}

// PlanAsk is the change that was asked for, as sent.
type PlanAsk struct {
	Action                   PlanAction
	Number, To, Each, Rhythm Input
	Problem                  string // belongs to no field
}

// PlanPreview shows the schedule until now and the new one, before anything
// changes. Its POST signs the new one.
//
// POST /plans/{id}/change/confirm with the fields of PlanChange, "revision",
// "agree" = "yes" and "name".
type PlanPreview struct {
	Base
	PlanID   string
	Revision int64
	Seen     string // mark of the text, sent back with the signature
	Ask      PlanAsk
	Old, New []PlanLine
	Terms    PlanTerms
	Signed   Signature
}

// PlanStop asks once. Its POST stops the plan (REG-05).
type PlanStop struct {
	Base
	PlanID, Creditor string
	Left             money.Cents // still owed after it
	Automatic        bool
	Sent             money.Cents // with the bank already
	Waits            money.Cents // for a check at the bank, and can be stopped
	WaitsAt          string      // id of that payment
}
