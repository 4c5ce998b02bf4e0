// Package console holds the collector's pages. As with the consumer's pages, a
// struct carries plain values, renders itself and documents the fields of its
// form. The agent never sees a card field, an account number or a date of birth.
package console

import (
	"context"
	"io"
	"time"

	"quittance/frontend/layouts"
	"quittance/frontend/locale"
	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/payments/money"
	"quittance/plans/civil"
)

// Base is what every console page knows.
type Base = layouts.Desk

// Nav returns the console's navigation in the words of the base.
func Nav(b Base) []layouts.Way {
	return []layouts.Way{
		{Href: paths.Console, Words: homeWords(b)},
		{Href: paths.ConsoleClaims, Words: b.T("console.claims")},
		{Href: paths.ConsoleDisputes, Words: b.T("console.disputes")},
		{Href: paths.ConsoleRows, Words: b.T("console.rows")},
		{Href: paths.ConsoleNotices, Words: b.T("console.notices")},
		{Href: paths.ConsoleMessages, Words: b.T("messages.title")},
		{Href: paths.ConsoleWishes, Words: b.T("console.wishes")},
		{Href: paths.ConsoleWebhooks, Words: b.T("console.webhooks")},
		{Href: paths.ConsoleAlerts, Words: b.T("console.alerts")},
		{Href: paths.ConsoleHeld, Words: b.T("console.held")},
		{Href: paths.ConsoleCredits, Words: b.T("console.credits")},
	}
}

// homeWords names the first page: for who finds no accounts it is what waits for them.
func homeWords(b Base) string {
	if b.Finds || b.Staff == "" {
		return b.T("console.find")
	}
	return b.T("console.work")
}

// SignIn asks staff for their email and password.
//
// POST /console/sign-in with "email" and "password".
type SignIn struct {
	Base
	Email       string
	Failed      bool // one answer to every mismatch
	Crowded     bool // too many sign in at once; nothing was looked at
	WaitMinutes int
	Chosen      bool // the password was just chosen or changed
	Late        bool // the second step took too long
	NewApp      bool // another app was just set up
}

// Home searches.
//
// POST /console/search with "q": a reference code, an account reference of the
// system of record, or a phone number.
type Home struct {
	Base
	DoorsRing bool // somebody guesses at codes
	Query     string
	Problem   string
	Searched  bool
	Found     []Found
	Unposted  int // events that were received but not posted
	// NoticesOwed counts validation notices that nobody reported by the third day.
	NoticesOwed int
	// LettersOwed counts letters that wait to be mailed.
	LettersOwed int
	// RowsWait counts rows of placements that somebody must look at.
	RowsWait int
}

// Found is one account that fits the search.
type Found struct {
	AccountID  string
	AccountRef string
	Name       string
	Debts      int
	Total      money.Cents
}

// Account is one account during a call: who, what is owed and what happened
// today, and the link on its way.
//
// POST /console/accounts/{id}/links with "channel" (sms, email or say) and, for a
// text, "consent" = "yes": the consumer agreed on this call.
type Account struct {
	Base
	AccountID  string
	AccountRef string
	Name       string
	Language   string // "Spanish", in the language of the page
	LocalTime  time.Time
	Flags      []Flag
	LegalHold  *LegalHold // nil: nothing keeps it from being erased in its time
	Debts      []Debt
	Story      []Event // newest first
	Channels   []Channel
	Problem    string // the form was refused
	MayCall    bool   // links may be sent from here, and payments stopped
	Open       []OpenPayment
	NotStopped locale.Key // why a payment was not stopped
	Again      string     // address at which the open page looks again
	Sent       *Link      // the newest link, nil when none was sent
}

// LegalHold says since when, for whom and why nothing of an account is erased.
type LegalHold struct {
	Since      time.Time
	By, Reason string
}

// Flag is something to know before speaking, in words.
type Flag struct {
	Words string
	Care  bool
}

// Debt is one debt in the table.
type Debt struct {
	DebtRef  string
	Creditor string
	What     string
	Amount   money.Cents
	Pending  money.Cents
	Held     money.Cents // taken for it, and counts on nothing
	Credit   money.Cents // paid beyond it
	Status   consumer.DebtStatus
	AsOf     civil.Date
}

// OpenPayment is a payment that waits for a step of the consumer at their bank:
// nothing is sent.
//
// POST /console/accounts/{id}/payments/{id}/stop gives it up.
type OpenPayment struct {
	ID, Reference string
	Amount        money.Cents
}

// Why a payment was not stopped.
const (
	StopSent    locale.Key = "console.stop_sent"    // it was sent meanwhile
	StopUnknown locale.Key = "console.stop_unknown" // the processor did not answer
)

// Event is one line of the story.
type Event struct {
	At     time.Time // in the agency's zone
	Kind   EventKind
	Amount money.Cents // of a payment; zero otherwise
	Part   PlanPart    // what that was made for
}

// PlanPart is what a payment by hand was made for.
type PlanPart string

// The parts.
const (
	PartNone    PlanPart = ""        // for its debts alone
	PartInstead PlanPart = "instead" // in place of the next one of a plan
	PartExtra   PlanPart = "extra"   // on top of a plan
)

func (p PlanPart) words(b Base) string {
	switch p {
	case PartInstead:
		return b.T("console.part_instead")
	case PartExtra:
		return b.T("console.part_extra")
	default:
		return ""
	}
}

// EventKind names what happened.
type EventKind string

// The kinds the story tells.
const (
	EventPlaced    EventKind = "placed"
	EventLinkSent  EventKind = "link_sent"
	EventOpened    EventKind = "opened"
	EventVerified  EventKind = "verified"
	EventReading   EventKind = "reading"
	EventChoosing  EventKind = "choosing"
	EventPaying    EventKind = "paying"
	EventSubmitted EventKind = "submitted"
	EventPaid      EventKind = "paid"
	EventFailed    EventKind = "failed"
	EventReversed  EventKind = "reversed"
	EventHeld      EventKind = "held"
	EventNotMe     EventKind = "not_me"
	EventSignedOut EventKind = "signed_out"
)

// Channel is one way to send the link, and why it is closed if it is.
type Channel struct {
	Kind    string // "sms", "email" or "say"
	To      string // masked: "(•••) •••-0147"
	Closed  string // the reason in words; empty: open
	Consent bool   // needs the consumer's word on this call
}

// Link is the link of this call.
type Link struct {
	At     time.Time
	Phrase []string
	Ended  bool
	Steps  []Step
}

// Step is one step of the live trail, in order.
type Step struct {
	Kind EventKind
	At   time.Time // zero: not yet
}

// Webhooks shows the endpoints, what was received but not posted, and the
// attempts.
//
// POST /console/webhooks/replay with "endpoint" and "event".
type Webhooks struct {
	Base
	Endpoints []Endpoint
	Unposted  []Unposted
	Attempts  []Attempt // newest first
	Done      bool      // a replay was asked for
}

// Endpoint is one receiver.
type Endpoint struct {
	ID       string
	URL      string
	Scope    string // the creditor whose debts it sees; empty: all
	State    EndpointState
	Waiting  int
	Sequence int64
	LastOK   time.Time
	NextTry  time.Time
}

// EndpointState is whether an endpoint receives events.
type EndpointState string

// The states of an endpoint.
const (
	EndpointActive EndpointState = "active"
	EndpointPaused EndpointState = "paused"
	EndpointOff    EndpointState = "off"
)

// Unposted is an event that was received and not yet posted, or refused.
type Unposted struct {
	EventID  string
	Type     string
	Sequence int64
	Since    time.Time
	Refused  string // the system's reason; empty: no answer yet
}

// Attempt is one delivery.
type Attempt struct {
	EndpointID string
	EventID    string
	Type       string
	At         time.Time
	Millis     int64
	Status     int    // of HTTP; zero: there was no answer
	Class      string // "timeout", "dns", "tls", "refused", "redirect"; empty when answered
	Reply      string // the first of what was answered
}

// Problem is the page for an address that is none, or a fault of ours.
type Problem struct {
	Base
	Title, Text string
	Reference   string
}

// Render writes the page; so do the methods of this name below.
func (p SignIn) Render(ctx context.Context, w io.Writer) error  { return signInPage(p).Render(ctx, w) }
func (p Home) Render(ctx context.Context, w io.Writer) error    { return homePage(p).Render(ctx, w) }
func (p Account) Render(ctx context.Context, w io.Writer) error { return accountPage(p).Render(ctx, w) }
func (p Webhooks) Render(ctx context.Context, w io.Writer) error {
	return webhooksPage(p).Render(ctx, w)
}
func (p Problem) Render(ctx context.Context, w io.Writer) error { return problemPage(p).Render(ctx, w) }

// clock writes the time of day to the second, as the story and the trail do.
func clock(t time.Time) string { return t.Format("15:04:05") }

func when(b Base, t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return b.Words.Date(civil.Of(t)) + " " + clock(t)
}

// told is what an event is called in the story.
func told(b Base, e Event) string {
	switch e.Kind {
	case EventPlaced:
		return b.T("console.event_placed")
	case EventSubmitted:
		return b.T("console.event_submitted", "amount", e.Amount)
	case EventPaid:
		return b.T("console.event_paid", "amount", e.Amount)
	case EventFailed:
		return b.T("console.event_failed", "amount", e.Amount)
	case EventHeld:
		return b.T("console.event_held", "amount", e.Amount)
	case EventReversed:
		return b.T("console.event_reversed", "amount", e.Amount)
	case EventNotMe:
		return b.T("console.event_not_me")
	case EventSignedOut:
		return b.T("console.event_signed_out")
	default:
		return stepWords(b, e.Kind)
	}
}

// stepWords is what a step of the trail is called.
func stepWords(b Base, k EventKind) string {
	switch k {
	case EventLinkSent:
		return b.T("console.step_sent")
	case EventOpened:
		return b.T("console.step_opened")
	case EventVerified:
		return b.T("console.step_verified")
	case EventReading:
		return b.T("console.step_reading")
	case EventChoosing:
		return b.T("console.step_choosing")
	case EventPaying:
		return b.T("console.step_paying")
	default:
		return b.T("console.step_result")
	}
}

// next is what to say now, in one calm line.
func (p Account) next() string {
	if p.Sent == nil {
		return p.T("console.say_send")
	}
	last := EventLinkSent
	for _, step := range p.Sent.Steps {
		if !step.At.IsZero() {
			last = step.Kind
		}
	}
	switch last {
	case EventLinkSent:
		return p.T("console.say_words")
	case EventOpened:
		return p.T("console.say_check")
	case EventVerified, EventReading:
		return p.T("console.say_read")
	case EventChoosing, EventPaying:
		return p.T("console.say_wait")
	default:
		return p.T("console.say_done")
	}
}

func debtWords(b Base, s consumer.DebtStatus) string {
	switch s {
	case consumer.DebtPending:
		return b.T("console.debt_pending")
	case consumer.DebtDisputed:
		return b.T("console.debt_disputed")
	case consumer.DebtTimeBarred:
		return b.T("console.debt_time_barred")
	case consumer.DebtReturned, consumer.DebtChargeback:
		return b.T("console.debt_returned")
	case consumer.DebtHold:
		return b.T("console.debt_hold")
	case consumer.DebtPaid:
		return b.T("console.debt_paid")
	case consumer.DebtClosed:
		return b.T("console.debt_closed")
	default:
		return b.T("console.debt_open")
	}
}

func endpointWords(b Base, s EndpointState) string {
	switch s {
	case EndpointPaused:
		return b.T("console.endpoint_paused")
	case EndpointOff:
		return b.T("console.endpoint_off")
	default:
		return b.T("console.endpoint_active")
	}
}
