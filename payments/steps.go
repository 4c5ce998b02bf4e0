package payments

import (
	"slices"
	"time"
)

// The moves that we make ourselves, as pure decisions. What the processor says
// is in apply.go.

// kept is the decision that nothing moves.
func kept(p Payment) Change { return Change{Before: p, After: p} }

// choose notes the method that the consumer chose. The same token again moves
// nothing; ErrNotNow once the payment was submitted.
func choose(p Payment, token string, d Details, now time.Time) (Change, error) {
	switch {
	case p.Status == Ready && p.Token == token:
		return kept(p), nil
	case !May(p.Status, Ready), p.Saved.MethodID != "":
		return kept(p), ErrNotNow
	}
	next := p
	next.Status, next.Token, next.Details = Ready, token, d
	return decide(p, next, now), nil
}

// submit notes that the consumer said pay, and what they agreed to. A payment
// that was submitted before moves nothing. A bank account is debited, and any
// saved method charged, only on an authorization (ACH-03, REG-02), which is given
// before where nobody is watching.
func submit(p Payment, c Consent, now time.Time) (Change, error) {
	switch {
	case p.Status == Started:
		return kept(p), ErrNotNow
	case p.Status != Ready:
		return kept(p), nil
	case (p.Method == BankAccount || p.Saved.MethodID != "") && c.Text == "":
		return kept(p), ErrNeedsConsent
	}
	return decide(p, agree(p, Submitting, c, now), now), nil
}

// agree notes what the consumer said yes to by sending the payment; of one that
// is charged unasked, when they said it before.
func agree(p Payment, to Status, c Consent, now time.Time) Payment {
	p.Status, p.Consent, p.SubmittedAt = to, c, now
	if !p.Unattended {
		p.Consent.At = now
	}
	if c.Text != "" {
		p.Consent.TextHash = digest(c.Text)
	}
	return p
}

// begin notes the intent that waits to be charged. Nothing moves when an event
// told of it before, or when the payment was given up meanwhile.
func begin(p Payment, intentID string, now time.Time) Change {
	if p.Status != Submitting || p.IntentID != "" {
		return kept(p)
	}
	next := p
	next.IntentID = intentID
	return decide(p, next, now)
}

// open notes that the consumer is sent to the hosted page, and what they agreed
// to; again moves nothing.
func open(p Payment, c Consent, checkoutID string, now time.Time) (Change, error) {
	switch {
	case p.Status == NeedsAction && p.CheckoutID == checkoutID:
		return kept(p), nil
	case p.Status != Started && p.Status != Ready, p.Saved.MethodID != "":
		return kept(p), ErrNotNow
	case c.Text == "":
		return kept(p), ErrNeedsConsent
	}
	next := agree(p, NeedsAction, c, now)
	next.CheckoutID = checkoutID
	return decide(p, next, now), nil
}

// lose notes that the processor's answer was lost. When an event was faster
// nothing moves.
func lose(p Payment, now time.Time) Change {
	if p.Status != Submitting {
		return kept(p)
	}
	next := p
	next.Status = Checking
	return decide(p, next, now)
}

// giveUp ends a payment of which the processor knows nothing that could still
// take money: an intent is charged only after its id was stored, and a hosted
// page is shown only after its id was.
func giveUp(p Payment, to Status, code string, now time.Time) Change {
	if !p.Status.Holds() || p.known() {
		return kept(p)
	}
	next := enter(p, to, false, now)
	next.Failure = Failure{Code: code}
	return decide(p, next, now)
}

// known reports whether the processor may know of the payment.
func (p Payment) known() bool { return p.IntentID != "" || p.CheckoutID != "" }

// cancel gives up a payment that is not submitted. One that waits for the
// consumer at the processor moves nothing here: the processor is told first.
func cancel(p Payment, now time.Time) (Change, error) {
	switch p.Status {
	case Started, Ready:
		return giveUp(p, Canceled, "", now), nil
	case NeedsAction, Canceled, Failed:
		return kept(p), nil
	}
	return kept(p), ErrNotNow
}

// release puts what is held for a debt on it. Released before, nothing moves;
// ErrNotNow where nothing is held for the debt.
func release(p Payment, debtID string, now time.Time) (Change, error) {
	i := slices.IndexFunc(p.Allocations, func(a Allocation) bool { return a.DebtID == debtID })
	switch {
	case i < 0, p.Status != Held && p.Status != Confirmed:
		return kept(p), ErrNotNow
	case p.Allocations[i].Held == "":
		return kept(p), nil
	}
	next := p
	next.Status, next.Allocations = Confirmed, slices.Clone(p.Allocations)
	next.Allocations[i].Held = ""
	return decide(p, next, now), nil
}

// refundable says whether money of the payment may be given back: no more goes
// back from a debt than stands of the payment there (AMT-05) and is not ordered
// to go already.
func refundable(p Payment, b Back) error {
	i := slices.IndexFunc(p.Allocations, func(a Allocation) bool { return a.DebtID == b.DebtID })
	switch {
	case p.Status != Confirmed && p.Status != Held, p.Withdrawn > 0:
		return ErrNotNow
	case b.Amount <= 0:
		return ErrBadAmount
	case i < 0:
		return ErrWhichDebt
	case b.Amount > p.Shares()[i]-p.Allocations[i].Ordered:
		return ErrTooMuch
	}
	return nil
}
