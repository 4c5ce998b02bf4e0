// Package letter keeps the papers that people are owed (STA-04): the written
// confirmation of a plan, its account at least each quarter, the letter that
// says what pays a debt off, and the one that says that nothing is owed any
// more. Everybody gets them as pages. Where the law of a place wants one in
// writing by a day, it goes out by e-mail to who agreed to that, and otherwise
// the system of record is asked to mail it; papers that the portal cannot write
// are asked for in the same way. What was owed, when, and how it went out stays.
package letter

import (
	"errors"
	"strings"
	"time"

	"quittance/payments/money"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/portal/debt"
)

// Errors of this package.
var (
	ErrNotFound = errors.New("no such letter")
	ErrClosed   = errors.New("nothing of this debt can be paid off here")
)

// Kind is a paper, by the name that compliance packs know it by. Packs may name
// others: those are written and mailed by the agency.
type Kind string

// The papers that the portal writes.
const (
	Confirmation Kind = "plan_confirmation"
	Accounting   Kind = "plan_accounting"
	Payoff       Kind = "payoff_letter"
	Satisfaction Kind = "satisfaction_letter"
	// Withdrawal says that a satisfaction letter does not hold any more: what paid
	// the debt off came back (ACH-08).
	Withdrawal Kind = "satisfaction_withdrawn"
)

// usual is within how many days the portal writes each where no law names a
// term; of an account, how many days lie between two.
var usual = map[Kind]int{Confirmation: 5, Accounting: 90, Payoff: 14, Satisfaction: 28, Withdrawal: 5}

// Ours reports whether the portal writes the paper itself.
func (k Kind) Ours() bool { return usual[k] > 0 }

// State is where a letter stands.
type State string

// The states.
const (
	Waiting State = "waiting" // to be written on a day to come
	Queued  State = "queued"  // an e-mail about it is on its way
	Mail    State = "mail"    // the system of record was asked to mail it
	Given   State = "given"
	Over    State = "over" // what it was about ended before its day, or may not be told any more
)

// moves is the table of what may follow what.
var moves = map[State][]State{Waiting: {Queued, Mail, Given, Over}, Queued: {Given, Mail, Over}, Mail: {Given},
	Given: {Mail, Over}} // an e-mail that left came back

// Way is how a letter was given.
type Way string

// The ways.
const (
	ByPortal Way = "portal"
	ByEmail  Way = "email"
	ByMail   Way = "mail"
)

// Letter is one paper that somebody is owed.
type Letter struct {
	ID          string // "ltr_…"
	AccountID   debt.AccountID
	DebtID      debt.ID
	DebtRef     string
	CreditorRef string
	Kind        Kind
	Occasion    string      // the same occasion is the same letter
	Subject     string      // the plan it is about, or empty
	Amount      money.Cents // what is left when it is written
	Required    bool        // the law of the place wants it in writing by Due
	State       State
	Way         Way
	Message     string // the message or the event that it went out by
	OwedAt      time.Time
	MakeOn, Due civil.Date // when it is written, and the last day
	MadeAt      time.Time
	GivenAt     time.Time
}

// Facts are what a letter says. They are kept sealed, as they were on its day.
type Facts struct {
	On        civil.Date
	Name      string
	Creditor  string
	What      string
	Ending    string // the last four digits of the account
	Reference string // of the plan
	Total     money.Cents
	Paid      money.Cents
	Forgiven  money.Cents
	Left      money.Cents // of the debt
	OnItsWay  money.Cents // sent and not cleared
	Lines     []Line
}

// Line is one installment of a plan.
type Line struct {
	Due    civil.Date
	Amount money.Cents
	Paid   money.Cents
}

// write gathers what a letter says about a debt and, where it is about one, a
// plan.
func write(a debt.Account, s debt.Statement, p plans.Plan, on civil.Date) Facts {
	f := Facts{
		On: on, Name: strings.TrimSpace(a.Consumer.FirstName + " " + a.Consumer.LastName), Creditor: s.Debt.CreditorName, What: s.Debt.Description,
		Ending: s.Debt.AccountNumberLast4, Left: max(0, s.Owed), OnItsWay: s.Pending - s.Waiting,
	}
	if p.ID == "" {
		return f
	}
	f.Reference, f.Total, f.Paid, f.Forgiven = p.Reference, p.Total, p.PaidSoFar(), p.Forgiven
	for _, i := range p.Installments {
		f.Lines = append(f.Lines, Line{Due: i.Due, Amount: i.Amount, Paid: i.Paid})
	}
	return f
}
