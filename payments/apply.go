package payments

import (
	"fmt"
	"time"

	"quittance/payments/ledger"
	"quittance/payments/money"
)

// ReturnWindow is how long after settlement a consumer's bank may send an ACH
// debit back as unauthorized (ACH-08). Cards are given the same window in
// ReversibleUntil although chargebacks may come later.
const ReturnWindow = 60 * 24 * time.Hour

// News is something that happened to a payment, in the words of the outgoing
// events.
type News string

// News that watchers are told.
const (
	NewsSubmitted  News = "payment.submitted"
	NewsConfirmed  News = "payment.confirmed"
	NewsFailed     News = "payment.failed"
	NewsReversed   News = "payment.reversed"
	NewsReinstated News = "payment.reinstated"
	NewsRefunded   News = "payment.refunded"
)

// Change is one decision about a payment: what it was, what it is now, what is
// posted and what there is to tell. A Change that did not move is not saved
// and nobody is told.
type Change struct {
	Before, After Payment
	Moved         bool
	Transfers     []ledger.Transfer
	News          []News
}

// Apply decides what the processor's word makes of a payment. It is monotone:
// the same truth again moves nothing, an older one never undoes a newer one,
// and any order of truths ends in the same ledger. It returns ErrWrongTruth
// when payment, currency or amount are not those that were asked for (S15);
// then nothing moves.
func Apply(p Payment, t Truth, now time.Time) (Change, error) {
	if err := match(p, t); err != nil {
		return Change{Before: p, After: p}, err
	}
	if t.ObservedAt.Before(p.ObservedAt) {
		return Change{Before: p, After: p}, nil
	}
	next := learn(p, t)
	next = settle(next, t, now)
	return decide(p, next, now), nil
}

func match(p Payment, t Truth) error {
	switch {
	case t.PaymentID != p.ID:
		return fmt.Errorf("%w: it names another payment", ErrWrongTruth)
	case t.Currency != money.Currency:
		return fmt.Errorf("%w: currency", ErrWrongTruth)
	case t.Amount != p.Amount:
		return fmt.Errorf("%w: amount", ErrWrongTruth)
	case t.State == IntentSucceeded && t.Received != p.Amount:
		return fmt.Errorf("%w: amount received", ErrWrongTruth)
	case t.Refunded < 0 || t.Withdrawn < 0 || t.Refunded > p.Amount || t.Withdrawn > p.Amount:
		return fmt.Errorf("%w: amount given back", ErrWrongTruth)
	case p.IntentID != "" && t.IntentID != "" && p.IntentID != t.IntentID:
		return fmt.Errorf("%w: it names another intent", ErrWrongTruth)
	}
	return nil
}

// learn copies ids and details that were not known before.
func learn(p Payment, t Truth) Payment {
	p.ObservedAt = t.ObservedAt
	if t.IntentID != "" {
		p.IntentID = t.IntentID
	}
	if t.ChargeID != "" {
		p.ChargeID = t.ChargeID
	}
	if t.Details.Type != "" {
		p.Details = t.Details
	}
	if !t.ExpectedBy.IsZero() {
		p.ExpectedBy = t.ExpectedBy
	}
	return p
}

// settle moves the status to what the truth says, where that move is legal.
func settle(p Payment, t Truth, now time.Time) Payment {
	to := target(p, t)
	if to == p.Status || !May(p.Status, to) && !(to == Reversed && p.ConfirmedAt.IsZero()) {
		if t.State != IntentSucceeded {
			return p
		}
	}
	switch {
	case t.State == IntentSucceeded:
		if p.ConfirmedAt.IsZero() {
			p.ConfirmedAt = now
			p.ReversibleUntil = now.Add(ReturnWindow)
			p.Failure = Failure{}
			p.ClosedAt = time.Time{}
		}
		p.Refunded = max(p.Refunded, t.Refunded)
		p.Withdrawn = t.Withdrawn
		p.Status = to
		if to == Reversed && p.ClosedAt.IsZero() {
			p.ClosedAt = now
			p.Failure = t.Failure
		}
		if to == Confirmed {
			p.ClosedAt, p.Failure = time.Time{}, Failure{}
		}
	case to == Failed || to == Canceled:
		p.Status, p.ClosedAt, p.Failure = to, now, t.Failure
	default:
		p.Status = to
	}
	return p
}

// target is the status that a truth asks for.
func target(p Payment, t Truth) Status {
	switch t.State {
	case IntentSucceeded:
		switch {
		case t.Withdrawn > 0:
			return Reversed
		case max(p.Refunded, t.Refunded) >= p.Amount:
			return Refunded
		}
		return Confirmed
	case IntentProcessing:
		return Processing
	case IntentNeedsAction:
		return NeedsAction
	case IntentCanceled:
		return Canceled
	}
	return open(p, t)
}

// open is what an intent without a method means: declined when an attempt
// failed. On the hosted page the consumer may try another card, so a decline
// there leaves the payment where it is, unless a bank has sent the debit back.
func open(p Payment, t Truth) Status {
	switch {
	case t.Failure == (Failure{}):
		return p.Status
	case p.CheckoutID != "" && p.Status != Processing:
		return p.Status
	}
	return Failed
}

// decide compares before and after: what to post and what to tell.
func decide(before, after Payment, now time.Time) Change {
	c := Change{Before: before, After: after}
	c.Moved = worthSaving(before, after)
	if !c.Moved {
		c.After = before
		return c
	}
	c.After.Revision++
	if after.Status == Processing && before.Status != Processing {
		c.News = append(c.News, NewsSubmitted)
	}
	if after.Status == Failed && before.Status != Failed {
		c.News = append(c.News, NewsFailed)
	}
	post(&c, now)
	return c
}

func worthSaving(before, after Payment) bool {
	after.ObservedAt = before.ObservedAt
	return !samePayment(before, after)
}

func samePayment(a, b Payment) bool {
	return a.Status == b.Status && a.IntentID == b.IntentID && a.ChargeID == b.ChargeID &&
		a.Details == b.Details && a.Refunded == b.Refunded && a.Withdrawn == b.Withdrawn &&
		a.Failure == b.Failure && a.ExpectedBy.Equal(b.ExpectedBy) && a.ConfirmedAt.Equal(b.ConfirmedAt)
}

// post adds the transfers that bring the ledger from what it held before to
// what it must hold now. Confirmation, refund and withdrawal are posted apart,
// so that a reversal restores exactly what the payment had lowered.
func post(c *Change, now time.Time) {
	at := c.Before
	step := func(kind ledger.Kind, news News, change func(*Payment)) {
		from := at
		change(&at)
		c.News = append(c.News, news)
		if t, moved := transfer(kind, from, at, c.After.Revision, now); moved {
			c.Transfers = append(c.Transfers, t)
		}
	}
	if c.Before.ConfirmedAt.IsZero() && !c.After.ConfirmedAt.IsZero() {
		step(ledger.Payment, NewsConfirmed, func(p *Payment) { p.ConfirmedAt = c.After.ConfirmedAt })
	}
	if c.After.Refunded > c.Before.Refunded {
		step(ledger.Refund, NewsRefunded, func(p *Payment) { p.Refunded = c.After.Refunded })
	}
	if c.After.Withdrawn > c.Before.Withdrawn {
		step(ledger.Reversal, NewsReversed, func(p *Payment) { p.Withdrawn = c.After.Withdrawn })
	}
	if c.After.Withdrawn < c.Before.Withdrawn {
		step(ledger.Reinstate, NewsReinstated, func(p *Payment) { p.Withdrawn = c.After.Withdrawn })
	}
}

// transfer posts the difference of what two versions of a payment hold.
func transfer(kind ledger.Kind, from, to Payment, revision int64, now time.Time) (ledger.Transfer, bool) {
	t := ledger.Transfer{
		ID:   fmt.Sprintf("%s/%d/%s", to.ID, revision, kind),
		Kind: kind, PaymentID: string(to.ID), At: now,
	}
	before, after := Spread(to.Allocations, from.Net()), Spread(to.Allocations, to.Net())
	for i, a := range to.Allocations {
		if d := after[i] - before[i]; d != 0 {
			t.Entries = append(t.Entries, ledger.Entry{Account: ledger.Debt(a.DebtID), Amount: -d})
		}
	}
	if d := to.Net() - from.Net(); d != 0 {
		t.Entries = append(t.Entries, ledger.Entry{Account: ledger.Clearing, Amount: d})
	}
	return t, len(t.Entries) > 0
}

// Spread says how much of a payment's net amount stands on each of its debts:
// debts are filled in the order in which the consumer directed them, so a
// partial refund comes off the last one first.
func Spread(allocations []Allocation, net money.Cents) []money.Cents {
	shares := make([]money.Cents, len(allocations))
	for i, a := range allocations {
		shares[i] = min(a.Amount, net)
		net -= shares[i]
	}
	return shares
}
