package plans

import (
	"context"
	"log/slog"
	"time"

	"quittance/payments"
	"quittance/plans/civil"
)

// Transactor runs fn in one transaction; a nested call joins it.
type Transactor interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
}

// Store keeps plans.
type Store interface {
	// CreatePlan stores a new plan with its installments and its agreement. When
	// the account has a plan of the same request key it returns that one and
	// false; ErrRunning when the debt has a running plan.
	CreatePlan(ctx context.Context, p Plan, a Agreement) (Plan, bool, error)
	// Plan loads and, in a transaction, locks a plan; ErrNotFound.
	Plan(ctx context.Context, id ID) (Plan, error)
	// PlansOfAccount lists an account's plans, the newest first.
	PlansOfAccount(ctx context.Context, accountID string) ([]Plan, error)
	// RunningPlan finds the running plan of a debt and locks it in a
	// transaction; ErrNotFound.
	RunningPlan(ctx context.Context, debtID string) (Plan, error)
	// SavePlan stores all of c.After and its agreement; ErrStale when the stored
	// revision is not c.Before's.
	SavePlan(ctx context.Context, c Change) error
}

// Drafts keeps wishes that are not signed yet.
type Drafts interface {
	CreateDraft(ctx context.Context, d Draft) error
	// Draft loads one of an account; ErrNotFound.
	Draft(ctx context.Context, accountID, id string) (Draft, error)
	// SaveDraft stores Wish, Charging, Method, Token and Details.
	SaveDraft(ctx context.Context, d Draft) error
}

// Credits remember which payment paid which installment, so that what comes
// back is owed on the same installments again.
type Credits interface {
	// AddCredits stores them; a payment's credits are stored once.
	AddCredits(ctx context.Context, list []Credit) error
	// Credits lists what a payment paid.
	Credits(ctx context.Context, id payments.ID) ([]Credit, error)
	// DropCredits forgets a payment's credits: it came back.
	DropCredits(ctx context.Context, id payments.ID) error
}

// Agenda says what is to be done.
type Agenda interface {
	// ClaimDue leases installments of active automatic plans whose ChargeAt has
	// come and that are Scheduled with no lease, or InFlight with a lease that
	// ran out and no payment yet; the longest due first.
	ClaimDue(ctx context.Context, now, until time.Time, limit int) ([]Due, error)
	// Defer leases an installment until a time: it is looked at again then.
	Defer(ctx context.Context, d Due, until time.Time) error
	// NoticesDue lists installments whose notice is Waiting and goes out on or
	// before the day.
	NoticesDue(ctx context.Context, day civil.Date, limit int) ([]Due, error)
	// Overdue lists installments that are still owed, not Missed, and were due on
	// or before the day; and paused plans whose ResumeOn has come, with Number 0.
	Overdue(ctx context.Context, day civil.Date, limit int) ([]Due, error)
	// CardsEnding lists active automatic plans whose card's last day is within both
	// days, something is to be charged after it, and that were not told of it.
	CardsEnding(ctx context.Context, from, to civil.Date, limit int) ([]ID, error)
}

// Index finds plans by what others know of them.
type Index interface {
	// ByNotice finds the installment whose notice a message is; ErrNotFound.
	ByNotice(ctx context.Context, messageID string) (Due, error)
	// BySetup finds the plan that has a setup or waits for it; ErrNotFound.
	BySetup(ctx context.Context, setupID string) (ID, error)
	// ByMethod lists running plans that charge a saved method.
	ByMethod(ctx context.Context, methodID string) ([]ID, error)
	// ClaimVerifying lists plans whose method is still being verified and that were
	// not asked about since before, those that wait longest first; they count as
	// asked about now.
	ClaimVerifying(ctx context.Context, now, before time.Time, limit int) ([]ID, error)
	// RunningOf lists the running plans of accounts, in the order of their ids.
	RunningOf(ctx context.Context, accountIDs []string) ([]ID, error)
}

// Papers keeps what was signed, for ever.
type Papers interface {
	// Agreements lists what was signed for a plan, the oldest first.
	Agreements(ctx context.Context, id ID) ([]Agreement, error)
}

// Due names one installment that something is to be done about.
type Due struct {
	Plan   ID
	Number int
}

// TermsBook holds what creditors allow.
type TermsBook interface {
	// TermsFor lists all terms whose scope could match.
	TermsFor(ctx context.Context, creditorRef, debtType, debtRef string) ([]Terms, error)
}

// Debts answers what may be agreed on for a debt of an account; its answer is
// kept (GEN-01). ErrNotFound for another's debt. It takes no locks: whoever
// moves money asks again under one.
type Debts interface {
	// Calendar says what day it is for the consumer, and all zones they may be in.
	Calendar(ctx context.Context, accountID string) (today civil.Date, zones []*time.Location, err error)
	// Subject asks whether the consumer, who is there, may make a plan.
	Subject(ctx context.Context, accountID, debtID string) (Subject, error)
	// Lock lets nobody change how the account's debts stand before the caller's
	// transaction ends; what is asked after it is so until then.
	Lock(ctx context.Context, accountID string) error
	// Unattended asks whether an installment may be charged now: Payable is what
	// may be charged at most, Refusal why not and Ends whether the plan ends for
	// that reason rather than waits.
	Unattended(ctx context.Context, p Plan) (s Subject, ends bool, err error)
	// MayUse returns payments.ErrMethodRefused when this kind of card may not be
	// used for the debt (STR-02).
	MayUse(ctx context.Context, accountID, debtID string, d payments.Details) error
}

// Record is the system of record, asked right before each charge (WHK-05).
type Record interface {
	// Ask asks how a plan's debt stands and keeps the answer where Debts finds it.
	// It is called outside of transactions; what is fresh is not asked again.
	Ask(ctx context.Context, p Plan) error
}

// Charger charges a saved method; payments.Service is one.
type Charger interface {
	ChargeSaved(ctx context.Context, r payments.SavedRequest) (payments.Payment, error)
}

// Notices gives the written notice of a charge to come, in the caller's
// transaction, and says how: NoticeQueued with the message's id, or NoticeMail
// where no e-mail may be used (PDN-03).
type Notices interface {
	Announce(ctx context.Context, p Plan, i Installment) (NoticeState, string, error)
	// Mail asks for the notice on paper, whatever other ways there are, and
	// returns the id by which its sending is told.
	Mail(ctx context.Context, p Plan, i Installment) (string, error)
}

// Watcher is told of each change inside its transaction; its error undoes it.
type Watcher interface {
	PlanChanged(ctx context.Context, c Change) error
}

// Credit is the part of a payment that paid an installment.
type Credit struct {
	Payment payments.ID
	Plan    ID
	Number  int
	Amount  int64 // cents
}

// Service is how plans are made, bent, charged and ended. All fields are
// required but the watchers, Lease, Books and Record, without which the stored
// status of a debt counts.
type Service struct {
	Tx                Transactor
	Store             Store
	Drafts            Drafts
	Credits           Credits
	Agenda            Agenda
	Index             Index
	Papers            Papers
	Books             Books
	Terms             TermsBook
	Debts             Debts
	Saver             payments.Saver
	Inspect           func(ctx context.Context, token string) (payments.Details, error)
	Charger           Charger
	Record            Record
	Notices           Notices
	Watchers          []Watcher
	Now               func() time.Time
	NewID             func() (ID, string) // id and human reference
	NewDraftID        func() string
	Statements        Statements
	StatementWatchers []StatementWatcher
	NewStatementID    func() string
	Lease             time.Duration // how long a claimed charge belongs to one worker
	Log               *slog.Logger
}
