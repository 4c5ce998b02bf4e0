// Package demo holds the pages of "portal demo" that stand in for the world
// around the portal: a phone, a system of record, and a clock to move.
package demo

import (
	"context"
	"io"
	"time"

	"quittance/frontend/layouts"
	"quittance/frontend/locale"
	"quittance/frontend/paths"
	"quittance/payments/money"
	"quittance/plans/civil"
)

// Base is what every demo page knows.
type Base = layouts.Desk

// Nav returns the demo's navigation in the words of the base.
func Nav(b Base) []layouts.Way {
	return []layouts.Way{
		{Href: paths.Demo, Words: b.T("demo.title")},
		{Href: paths.DemoPhone, Words: b.T("demo.phone")},
		{Href: paths.DemoRecord, Words: b.T("demo.record")},
		{Href: paths.Start, Words: b.T("demo.portal")},
		{Href: paths.Console, Words: b.T("demo.console")},
	}
}

// Home lists the sample accounts and moves the clock.
//
// POST /demo/clock with "days", 1 to 366.
type Home struct {
	Base
	Now       time.Time
	MovedDays int
	Moved     bool   // the clock was just moved
	Problem   string // beside the days
	Accounts  []Account
	Staff     []Staff
	Cards     []Card
}

// ProblemDays is the sentence beside a number of days that was refused.
const ProblemDays locale.Key = "demo.days_problem"

// Account is one sample account.
type Account struct {
	Code  string // as printed: "K7Q2-9MXD-4F"
	ZIP   string
	Birth civil.Date
	About string
}

// Staff is one sample sign-in of the console.
type Staff struct{ Email, Password, Code string }

// Card is a test number and what it does.
type Card struct{ Number, About string }

// Phone is the inbox of every sample phone and mail address.
type Phone struct {
	Base
	Messages []Message // newest first
}

// Message is one text or email that was sent.
type Message struct {
	At   time.Time
	To   string
	Mail bool
	Body string
	Link string // in the body; empty: none
}

// Record is the demo's system of record: what arrived and what is posted.
type Record struct {
	Base
	Deliveries []Delivery // newest first
	Balances   []Balance
}

// Delivery is one webhook as it arrived.
type Delivery struct {
	At          time.Time
	EventID     string
	Type        string
	Sequence    int64
	Attempt     int
	Verified    bool   // the signature is right
	Transaction string // posted under this id; empty: not posted
	Body        string // JSON, indented
}

// Balance is one debt as this system of record has it.
type Balance struct {
	AccountRef string
	DebtRef    string
	Creditor   string
	Amount     money.Cents
	Changed    bool // since the placement
}

// Render writes the page; so do the methods of this name below.
func (p Home) Render(ctx context.Context, w io.Writer) error   { return homePage(p).Render(ctx, w) }
func (p Phone) Render(ctx context.Context, w io.Writer) error  { return phonePage(p).Render(ctx, w) }
func (p Record) Render(ctx context.Context, w io.Writer) error { return recordPage(p).Render(ctx, w) }

func clock(b Base, t time.Time) string {
	return b.Words.Date(civil.Of(t)) + ", " + t.Format("15:04:05")
}
