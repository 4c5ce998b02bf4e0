// Package credit keeps what people paid beyond what they owed (AMT-07): because a
// balance fell while their payment was on its way, because a dispute of a card
// was won after they had paid again, because the books were put right. How much
// it is, the ledger says, always; here is since when, until when it is to be sent
// back, who was told of it, and what was asked of the processor to send it back.
// It stays until it went back or somebody says what became of it.
package credit

import (
	"errors"
	"fmt"
	"time"

	"quittance/payments"
	"quittance/payments/ledger"
	"quittance/payments/money"
	"quittance/plans/civil"
	"quittance/portal/debt"
)

// Errors of this package.
var (
	ErrNotFound = errors.New("no such credit")
	ErrNothing  = errors.New("nothing of the credit can be sent back here now")
	ErrChanged  = errors.New("the amount is another one than was shown")
)

// Closed says how a credit ended.
type Closed string

// Ways in which a credit ends.
const (
	Even      Closed = "even"       // the books came even: sent back, taken back by the bank, or owed again
	Elsewhere Closed = "elsewhere"  // sent back another way, by check for instance
	NotOurs   Closed = "not_a_debt" // it was found not to be the consumer's: the file was right
)

// Said reports whether a person may say so.
func (c Closed) Said() bool { return c == Elsewhere || c == NotOurs }

// Balance is what was paid beyond one debt, as the ledger has it now.
type Balance struct {
	AccountID   debt.AccountID
	DebtID      debt.ID
	DebtRef     string
	CreditorRef string
	// Over stands on the debt's own account, Kept on its account of credits: the
	// last snapshot does not show that part.
	Over, Kept money.Cents
	// Stated is what the system of record itself says to be too much.
	Stated money.Cents
}

// Amount is all of it.
func (b Balance) Amount() money.Cents { return b.Over + b.Kept }

// Credit is one open or closed line of the list.
type Credit struct {
	ID string // "crd_…"
	Balance
	OpenedAt time.Time
	Due      civil.Date  // until then it is to be sent back
	Told     money.Cents // what the system of record knows of it
	ClosedAt time.Time
	ClosedBy string // who said so; empty: the books
	ClosedAs Closed
	Asked    []Refund // of the processor, in the order of time
}

// Refund is what was asked of the processor to send a credit back.
type Refund struct {
	PaymentID payments.ID
	Attempt   int
	Amount    money.Cents
	Before    money.Cents // what the payment had given back from the debt by then
	At        time.Time
	By        string
}

// back is the order to the processor. A number is never given out twice: what was
// refused is asked for anew.
func (r Refund) back(c Credit) payments.Back {
	return payments.Back{DebtID: string(c.DebtID), Amount: r.Amount, By: r.By, Key: fmt.Sprintf("%s/%s/%d", c.ID, r.PaymentID, r.Attempt)}
}

// Part is what of a credit can be sent back by one payment.
type Part struct {
	Payment payments.Payment
	Amount  money.Cents
}

// Parts says by which payments a credit can go back, the newest first, and what of it
// is on its way back, by whoever's payments. It goes back to who paid it: of a joint
// debt to them who paid last. A payment gives back from the debt no more than stands
// of it there, and nothing while the bank holds any of it (STR-13). What no file shows
// goes back first, and is not owed again.
func Parts(c Credit, paid []payments.Payment) (parts []Part, onItsWay money.Cents) {
	for _, p := range paid {
		onItsWay += ordered(p, c.DebtID)
	}
	left := c.Amount() - onItsWay
	for _, p := range paid {
		if p.AccountID != string(c.AccountID) || p.Status != payments.Confirmed || p.Withdrawn > 0 {
			continue
		}
		if amount := min(left, share(p, c.DebtID)-ordered(p, c.DebtID)); amount > 0 {
			parts = append(parts, Part{p, amount})
			left -= amount
		}
	}
	return parts, onItsWay
}

// share is what stands of a payment on a debt; what is held goes back by itself.
func share(p payments.Payment, id debt.ID) (stands money.Cents) {
	for i, sum := range p.Shares() {
		if a := p.Allocations[i]; a.DebtID == string(id) && a.Held == "" {
			stands += sum
		}
	}
	return stands
}

// ordered is what of a payment was ordered to go back from a debt on which it
// stands, by whomever.
func ordered(p payments.Payment, id debt.ID) (sum money.Cents) {
	for _, a := range p.Allocations {
		if a.DebtID == string(id) && a.Held == "" {
			sum += a.Ordered
		}
	}
	return sum
}

// settled posts that a credit is gone another way than through the processor.
func settled(c Credit, at time.Time) ledger.Transfer {
	t := ledger.Transfer{ID: c.ID + "/" + string(ledger.Settled), Kind: ledger.Settled, At: at}
	for _, e := range []ledger.Entry{
		{Account: ledger.Debt(string(c.DebtID)), Amount: c.Over},
		{Account: ledger.Credit(string(c.DebtID)), Amount: c.Kept},
		{Account: ledger.Placed(c.CreditorRef), Amount: -c.Amount()},
	} {
		if e.Amount != 0 {
			t.Entries = append(t.Entries, e)
		}
	}
	return t
}
