package payments

import (
	"fmt"
	"slices"
	"time"

	"quittance/payments/ledger"
	"quittance/payments/money"
)

// ReturnWindow is how long after settlement a consumer's bank may send an ACH
// debit back as unauthorized (ACH-08). Cards are given the same window in
// ReversibleUntil although chargebacks may come later. It is also how far back
// returns are counted (ACH-06).
const ReturnWindow = 60 * 24 * time.Hour

// News is something that happened to a payment, in the words of the outgoing
// events.
type News string

// News that watchers are told.
const (
	NewsSubmitted  News = "payment.submitted"
	NewsConfirmed  News = "payment.confirmed"
	NewsHeld       News = "payment.held"     // taken, and it may not stand on the debt
	NewsReleased   News = "payment.released" // of what was held: it stands on the debt now
	NewsFailed     News = "payment.failed"
	NewsReversed   News = "payment.reversed"
	NewsReinstated News = "payment.reinstated"
	NewsRefunded   News = "payment.refunded"
)

// Change is one decision about a payment: what it was, what it is now, what is
// posted and what there is to tell. Of a Change that did not move nobody is
// told; only ObservedAt of After may be newer.
type Change struct {
	Before, After Payment
	Moved         bool
	Declined      bool // a card that a person gave did not go through
	Transfers     []ledger.Transfer
	News          []News
}

// Landed lists the allocations that stand on their debts from this change on,
// and did not before.
func (c Change) Landed() []Allocation {
	if c.After.Status != Confirmed {
		return nil
	}
	var landed []Allocation
	for i, a := range c.After.Allocations {
		if a.Held == "" && (c.Before.Status != Confirmed || c.Before.Allocations[i].Held != "") {
			landed = append(landed, a)
		}
	}
	return landed
}

// Apply decides what the processor's word makes of a payment. It is monotone:
// the same truth again moves nothing, an older one never undoes a newer one,
// and any order of truths ends in the same status and ledger; only whether a
// payment that ended with nothing taken is called failed or canceled depends
// on what was heard of it. It returns ErrWrongTruth when payment, currency or amounts are not those that were
// asked for (S15); then nothing moves.
func Apply(p Payment, t Truth, now time.Time) (Change, error) {
	if err := match(p, t); err != nil {
		return Change{Before: p, After: p}, err
	}
	if t.ObservedAt.Before(p.ObservedAt) {
		return Change{Before: p, After: p}, nil
	}
	next := settle(learn(p, t), t, now)
	if same(p, next) {
		return Change{Before: p, After: next}, nil
	}
	c := decide(p, next, now)
	c.Declined = declined(p, next, t)
	return c, nil
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
	case t.Refunded < 0 || t.Withdrawn < 0 || t.Refunded > p.Amount || t.Withdrawn > p.Amount || named(t) > t.Refunded:
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
		known := p.Details.Fingerprint
		p.Details = t.Details
		if p.Status.Ended() || p.Status.Taken() {
			p.Details.Fingerprint = known // it is kept while declines are counted, and does not come back
		}
	}
	if !t.ExpectedBy.IsZero() {
		p.ExpectedBy = t.ExpectedBy
	}
	return p
}

// settle moves the payment to what the truth says. A move that the table does
// not know is not made: money that was taken does not become untaken.
func settle(p Payment, t Truth, now time.Time) Payment {
	to := target(p, t)
	if to != p.Status && !May(p.Status, to) {
		return p
	}
	more := t.Withdrawn > p.Withdrawn
	if to.Taken() && t.State == IntentSucceeded {
		p = take(p, t, now)
	}
	p = enter(p, to, more, now)
	p.Failure = failure(p, t)
	return p
}

// take notes that the processor holds, or held, the money. When it was first
// taken stays; what went back since is as the truth says.
func take(p Payment, t Truth, now time.Time) Payment {
	if p.ConfirmedAt.IsZero() {
		p.ConfirmedAt = now
		p.ReversibleUntil = now.Add(ReturnWindow)
	}
	p.Refunded, p.Withdrawn = t.Refunded, t.Withdrawn
	return direct(p, t.Directed)
}

// direct notes from which debts was given back. Beyond what was paid on a debt,
// and of a debt that is none of the payment's, the word does not count.
func direct(p Payment, back []Amount) Payment {
	p.Allocations = slices.Clone(p.Allocations)
	for i := range p.Allocations {
		a := &p.Allocations[i]
		a.Refunded = 0
		for _, b := range back {
			if b.DebtID == a.DebtID {
				a.Refunded = min(a.Amount, a.Refunded+b.Amount)
			}
		}
	}
	return p
}

// named is what of the money that went back names its debt.
func named(t Truth) (sum money.Cents) {
	for _, b := range t.Directed {
		sum += b.Amount
	}
	return sum
}

// enter sets the status and the time at which the payment closed, or the bank took
// some more of it.
func enter(p Payment, to Status, more bool, now time.Time) Payment {
	closed := to.Ended() || to == Refunded || to.Taken() && p.Withdrawn > 0
	switch {
	case !closed:
		p.ClosedAt = time.Time{}
	case to != p.Status || more:
		p.ClosedAt = now
	}
	p.Status = to
	return p
}

// failure is why the payment stands where it does: kept until another reason
// comes or the payment is well again.
func failure(p Payment, t Truth) Failure {
	switch {
	case !p.Status.Ended() && (p.Withdrawn == 0 || p.Status == Refunded):
		return Failure{}
	case t.Failure != Failure{}:
		return t.Failure
	case p.Unattended && t.State == IntentNeedsAction:
		return Failure{Code: FailureNeedsConsumer}
	case p.Unattended && t.Elsewhere && p.Failure == Failure{}:
		return Failure{Code: FailureElsewhere}
	}
	return p.Failure
}

// target is the status that a truth asks for.
func target(p Payment, t Truth) Status {
	failed := t.Failure != Failure{}
	switch t.State {
	case IntentSucceeded:
		return taken(p, t)
	case IntentProcessing:
		return Processing
	case IntentNeedsAction:
		if p.Unattended {
			return Failed // nobody is there who could act (STR-08)
		}
		return NeedsAction
	case IntentCanceled:
		if failed || p.Unattended && t.Elsewhere {
			return Failed
		}
		return Canceled
	}
	// The intent waits for a method. Where we chose the method an attempt has
	// failed for good; on the hosted page the consumer may try another card.
	if failed && (p.CheckoutID == "" || p.Method != Card) {
		return Failed
	}
	return p.Status
}

func taken(p Payment, t Truth) Status {
	switch {
	case t.Refunded >= p.Amount: // what a bank takes back after that is nobody's to pay again
		return Refunded
	case t.Withdrawn > 0 && t.Refunded+t.Withdrawn >= p.Amount: // of a part the rest stands (STR-14)
		return Reversed
	case p.apart():
		return Held
	}
	return Confirmed
}

// same reports whether two versions of a payment say the same; when the
// processor was last asked does not count.
func same(a, b Payment) bool {
	return a.Status == b.Status && a.IntentID == b.IntentID && a.ChargeID == b.ChargeID &&
		a.Details == b.Details && a.Refunded == b.Refunded && a.Withdrawn == b.Withdrawn &&
		a.Failure == b.Failure && a.ExpectedBy.Equal(b.ExpectedBy) && slices.Equal(a.Allocations, b.Allocations)
}

// decide compares before and after: what to post and what to tell.
func decide(before, after Payment, now time.Time) Change {
	c := Change{Before: before, After: after, Moved: true}
	c.After.Revision++
	if after.Status == Processing && before.Status != Processing {
		c.News = append(c.News, NewsSubmitted)
	}
	// Of a payment that was given up before it was sent nobody was told a thing.
	sent := before.Status == Processing
	if after.Status == Failed && before.Status != Failed || after.Status == Canceled && sent {
		c.News = append(c.News, NewsFailed)
	}
	c.post(now)
	return c
}

// post adds the transfers that bring the ledger from what it held before to
// what it must hold now. Confirmation, refund, reversal and reinstatement are
// posted apart, so that a reversal restores exactly what the payment lowered; so
// is a release, which no truth brings about.
func (c *Change) post(now time.Time) {
	at, end := c.Before, c.After
	if at.ConfirmedAt.IsZero() && !end.ConfirmedAt.IsZero() {
		at = c.arrive(at, now)
	}
	if both := c.stayed(at); both.Refunded < at.Refunded && both.Refunded < end.Refunded {
		at = c.step(ledger.Reinstate, NewsReinstated, at, both, now) // one refund failed, another was made
	}
	if end.Refunded > at.Refunded {
		at = c.step(ledger.Refund, NewsRefunded, at, c.gone(end, end.Refunded, at.Withdrawn), now)
	}
	if end.Withdrawn > at.Withdrawn {
		at = c.step(ledger.Reversal, NewsReversed, at, c.gone(at, at.Refunded, end.Withdrawn), now)
	}
	if end.Refunded < at.Refunded || end.Withdrawn < at.Withdrawn {
		at = c.step(ledger.Reinstate, NewsReinstated, at, end, now)
	}
	if !slices.EqualFunc(at.Allocations, end.Allocations, func(a, b Allocation) bool { return a.Held == b.Held }) {
		c.step(ledger.Release, NewsReleased, at, end, now)
	}
}

// arrive posts what was taken: one transfer, told as what it is to each debt.
func (c *Change) arrive(from Payment, now time.Time) Payment {
	to := c.gone(from, from.Refunded, from.Withdrawn)
	if from.apart() {
		return c.step(ledger.Payment, NewsHeld, from, to, now)
	}
	to = c.step(ledger.Payment, NewsConfirmed, from, to, now)
	if slices.ContainsFunc(from.Allocations, func(a Allocation) bool { return a.Held != "" }) {
		c.News = append(c.News, NewsHeld)
	}
	return to
}

// gone is the payment after the change once so much of it is gone, from each debt
// as it is of another.
func (c *Change) gone(of Payment, refunded, withdrawn money.Cents) Payment {
	to := c.After
	to.Refunded, to.Withdrawn = refunded, withdrawn
	to.Allocations = slices.Clone(c.After.Allocations)
	for i := range to.Allocations {
		to.Allocations[i].Refunded = of.Allocations[i].Refunded
	}
	return to
}

// stayed is the payment with what is gone of it both before and after the change.
func (c *Change) stayed(before Payment) Payment {
	both := c.gone(before, 0, min(before.Withdrawn, c.After.Withdrawn))
	var named, now money.Cents
	for i := range both.Allocations {
		a := &both.Allocations[i]
		named, now = named+a.Refunded, now+c.After.Allocations[i].Refunded
		a.Refunded = min(a.Refunded, c.After.Allocations[i].Refunded)
		both.Refunded += a.Refunded
	}
	both.Refunded += min(before.Refunded-named, c.After.Refunded-now)
	return both
}

// step posts one kind of movement and returns the payment as it is after it.
func (c *Change) step(kind ledger.Kind, news News, from, to Payment, now time.Time) Payment {
	c.News = append(c.News, news)
	if entries := difference(from, to); len(entries) > 0 {
		c.Transfers = append(c.Transfers, ledger.Transfer{
			ID: transferID(c.After, kind), Kind: kind, PaymentID: string(to.ID), At: now, Entries: entries,
		})
	}
	return to
}

// transferID is unique for ever. A payment is posted once in its life; what
// follows may happen again in a later revision.
func transferID(p Payment, kind ledger.Kind) string {
	if kind == ledger.Payment {
		return fmt.Sprintf("%s/%s", p.ID, kind)
	}
	return fmt.Sprintf("%s/%s/%d", p.ID, kind, p.Revision)
}

// difference is the entries between what two versions of a payment hold.
func difference(from, to Payment) []ledger.Entry {
	var entries []ledger.Entry
	add := func(account ledger.Account, amount money.Cents) {
		i := slices.IndexFunc(entries, func(e ledger.Entry) bool { return e.Account == account })
		if i < 0 {
			entries = append(entries, ledger.Entry{Account: account, Amount: amount})
			return
		}
		entries[i].Amount += amount
	}
	before, after := from.Shares(), to.Shares()
	for i, a := range to.Allocations {
		add(from.Allocations[i].account(), before[i])
		add(a.account(), -after[i])
	}
	add(ledger.Lost, to.Lost()-from.Lost())
	add(ledger.Clearing, to.Net()-to.Lost()-from.Net()+from.Lost())
	return slices.DeleteFunc(entries, func(e ledger.Entry) bool { return e.Amount == 0 })
}
