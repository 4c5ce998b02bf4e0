// Package consumer holds the pages a consumer sees: one struct and one template
// each. A struct carries plain values and the words are chosen here. Each
// struct renders itself: it is a templ.Component, so a handler only needs
//
//	page.Render(ctx, w)
//
// Forms are POSTs with a hidden "csrf" field. The other field names stand in the
// comment of each struct. A page that could not be accepted is rendered again
// with status 422, the values as typed and a Problem beside each field.
package consumer

import (
	"strconv"

	"quittance/frontend/layouts"
	"quittance/payments/money"
	"quittance/plans/civil"
)

// Base and Agency are what every page knows; see package layouts.
type (
	Base   = layouts.Base
	Agency = layouts.Agency
	Idle   = layouts.Idle
)

// Input is one field as the consumer typed it, and the sentence that says how
// to put it right. An empty Problem means there is nothing wrong with it.
type Input struct {
	Value   string
	Problem string
}

// Notice is a text the law asks for, already in the language of the page.
type Notice struct {
	Title  string
	Text   []string // paragraphs
	Points int      // the least size that the law asks for; 0: none
}

// sizes are the larger sizes that required words are drawn in. The text of a
// page is 13.5 point.
var sizes = []int{14, 16, 18, 20, 24}

// class is the size of the words, the next larger one that there is.
func (n Notice) class() string {
	for _, size := range sizes {
		if n.Points > 13 && n.Points <= size {
			return "points-" + strconv.Itoa(size)
		}
	}
	return ""
}

// Method is how a payment is made, by the processor's names.
type Method string

// The two methods. There is no default: the consumer chooses.
const (
	MethodNone Method = ""
	MethodCard Method = "card"
	MethodBank Method = "us_bank_account"
)

// MethodView is a card or bank account as it may be shown: never more than the
// last four digits.
type MethodView struct {
	Kind  Method
	Label string // "Visa" or the bank's name; may be empty
	Last4 string
	// Elsewhere says that it is not known yet, because it is given on the
	// partner's page.
	Elsewhere bool
}

// DebtStatus is what a debt's card says in words, with one next step.
type DebtStatus string

// The states a debt can be shown in.
const (
	DebtOpen       DebtStatus = "open"
	DebtPending    DebtStatus = "pending"     // all of it is on its way
	DebtDisputed   DebtStatus = "disputed"    // collection has stopped until we answer
	DebtTimeBarred DebtStatus = "time_barred" // shown with its notice
	DebtReturned   DebtStatus = "returned"    // a payment came back from the bank
	DebtChargeback DebtStatus = "chargeback"  // a card payment is disputed at the bank, or was
	DebtHold       DebtStatus = "hold"        // nothing can be paid here for now
	DebtPaid       DebtStatus = "paid"
	DebtClosed     DebtStatus = "closed" // recalled: the agency no longer handles it
)

// OnTheWay is a payment that has not cleared yet, or that is paid and only not
// yet in the balance which the collector told, or that is held.
type OnTheWay struct {
	Reference string
	PaymentID string // empty where it is paid
	Amount    money.Cents
	ClearsBy  civil.Date
	Paid      civil.Date // zero: not cleared yet
	Held      bool       // it was taken, and does not count
}
