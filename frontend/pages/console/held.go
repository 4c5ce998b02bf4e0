package console

import (
	"context"
	"io"
	"slices"
	"time"

	"quittance/frontend/locale"
	"quittance/payments/money"
	"quittance/plans/civil"
)

// Held is money that was taken and counts on no debt.
//
// POST /console/held with "payment", "debt" and "do": "count", "back" or "now",
// the last with "risk" = "yes" while a bank may take it back. "amount" is what was
// shown: of another one nothing is done.
type Held struct {
	Base
	Lines   []HeldLine
	Problem locale.Key // empty: none
}

// HeldLine is one debt's held part of a payment.
type HeldLine struct {
	PaymentID, DebtID    string
	Reference            string // of the payment
	AccountRef           string
	DebtRef, CreditorRef string
	Reason               string
	Amount               money.Cents
	At                   time.Time
	Days                 int        // since it came
	Due                  civil.Date // by then it is to be off this list
	Late                 bool
	Until                civil.Date // until then a bank may take it back; zero: none may
	GoesBack             bool       // somebody said so
	ByConsumer           bool       // the consumer did
	Asked                time.Time  // when the processor was told
	UnderWay             bool       // and it is giving it back
	Changed              bool       // it was another amount when somebody pressed
}

// Why a thing was not done with held money.
const (
	HeldStillClosed locale.Key = "console.held_closed"
	HeldChanged     locale.Key = "console.alert_changed"
	HeldNoTick      locale.Key = "console.held_no_tick"
	HeldRefused     locale.Key = "console.credit_refused"
)

var heldReasons = map[string]locale.Key{
	"disputed": "console.held_disputed", "bankruptcy": "console.held_bankruptcy", "recalled": "console.held_recalled", "deceased": "console.held_deceased",
	"attorney": "console.held_attorney", "identity_theft": "console.held_identity", "minor": "console.held_minor",
	"under_review": "console.held_review",
}

// AnyChanged reports whether a line was another one when somebody pressed.
func (p Held) AnyChanged() bool {
	return slices.ContainsFunc(p.Lines, func(l HeldLine) bool { return l.Changed })
}

func (l HeldLine) why(b Base) string {
	if key, known := heldReasons[l.Reason]; known {
		return b.T(key)
	}
	return b.T("console.held_other")
}

// Render writes the page.
func (p Held) Render(ctx context.Context, w io.Writer) error { return heldPage(p).Render(ctx, w) }
