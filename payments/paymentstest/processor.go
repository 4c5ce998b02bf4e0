package paymentstest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"quittance/payments"
	"quittance/payments/money"
)

// Outcome is what a charge of a token comes to.
type Outcome string

// Outcomes a token can stand for.
const (
	Succeeds   Outcome = "succeeds"
	Declines   Outcome = "declines"
	Challenges Outcome = "challenges" // waits for the consumer
	Processes  Outcome = "processes"  // the bank moves the money later
	Vanishes   Outcome = "vanishes"   // it succeeds and the answer is lost
	Drops      Outcome = "drops"      // it never arrives and nobody says so
	Refuses    Outcome = "refuses"    // the request itself is refused
)

// Token is a token of the method with the outcome.
func Token(m payments.Method, o Outcome) string { return string(m) + "/" + string(o) }

// Saved is a saved method with the outcome.
func Saved(m payments.Method, o Outcome) payments.Saved {
	return payments.Saved{CustomerID: "cus_1", MethodID: Token(m, o), MandateID: "mandate_1"}
}

// Processor is a processor on a string. It keeps one intent a payment, in the
// words of payments.Truth.
type Processor struct {
	mu      sync.Mutex
	intents map[payments.ID]*payments.Truth
	refunds map[string]bool
	charges map[payments.ID]int
	calls   map[string]int
	fail    map[string][]error
	between func()
}

var (
	_ payments.Gateway  = (*Processor)(nil)
	_ payments.Hosted   = (*Processor)(nil)
	_ payments.Refunder = (*Processor)(nil)
)

// NewProcessor returns a processor that knows of nothing.
func NewProcessor() *Processor {
	return &Processor{
		intents: map[payments.ID]*payments.Truth{}, refunds: map[string]bool{},
		charges: map[payments.ID]int{}, calls: map[string]int{}, fail: map[string][]error{},
	}
}

// Fail makes the next call of a method ("Begin", "Fetch", …) fail with the
// error before anything is done. It may be called several times.
func (g *Processor) Fail(method string, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.fail[method] = append(g.fail[method], err)
}

// Between runs fn once, after the next Fetch has read its answer and before it
// returns it: what fn does makes the answer stale.
func (g *Processor) Between(fn func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.between = fn
}

// Heal forgets what Fail and Between asked for.
func (g *Processor) Heal() {
	g.mu.Lock()
	defer g.mu.Unlock()
	clear(g.fail)
	g.between = nil
}

// Calls is how often a method was called.
func (g *Processor) Calls(method string) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.calls[method]
}

// Charges is how often money was asked for in a payment's name.
func (g *Processor) Charges(id payments.ID) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.charges[id]
}

// Set changes what the processor holds about a payment.
func (g *Processor) Set(id payments.ID, change func(t *payments.Truth)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if t := g.intents[id]; t != nil {
		change(t)
	}
}

// Holds returns what the processor holds about a payment; false for nothing.
func (g *Processor) Holds(id payments.ID) (payments.Truth, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	t := g.intents[id]
	if t == nil {
		return payments.Truth{}, false
	}
	return *t, true
}

// left is what the processor has of a payment for the creditor; a dispute of
// what was refunded takes nothing from the debt twice.
func left(t payments.Truth) money.Cents {
	if t.State != payments.IntentSucceeded {
		return 0
	}
	return max(0, t.Received-t.Refunded-t.Withdrawn)
}

// Event is a new event about a payment.
func (g *Processor) Event(id payments.ID, eventID string) payments.Event {
	t, _ := g.Holds(id)
	return payments.Event{ID: eventID, Type: "payment_intent.changed", IntentID: t.IntentID, CheckoutID: t.CheckoutID, PaymentID: id}
}

// enter counts a call and returns the failure that was asked for.
func (g *Processor) enter(method string) error {
	g.calls[method]++
	queue := g.fail[method]
	if len(queue) == 0 {
		return nil
	}
	g.fail[method] = queue[1:]
	return queue[0]
}

// Inspect implements payments.Gateway.
func (g *Processor) Inspect(_ context.Context, token string) (payments.Details, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := g.enter("Inspect"); err != nil {
		return payments.Details{}, err
	}
	method, _, ok := strings.Cut(token, "/")
	if !ok {
		return payments.Details{}, payments.ErrRefused
	}
	return details(payments.Method(method)), nil
}

func details(m payments.Method) payments.Details {
	if m == payments.BankAccount {
		return payments.Details{Type: m, Brand: "STRIPE TEST BANK", Last4: "6789"}
	}
	return payments.Details{Type: m, Brand: "visa", Last4: "5556", Funding: "debit", Country: "US"}
}

// Begin implements payments.Gateway.
func (g *Processor) Begin(_ context.Context, p payments.Payment) (string, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := g.enter("Begin"); err != nil {
		return "", err
	}
	return g.intent(p).IntentID, nil
}

// intent returns the payment's intent, made when there is none.
func (g *Processor) intent(p payments.Payment) *payments.Truth {
	t := g.intents[p.ID]
	if t == nil {
		t = &payments.Truth{PaymentID: p.ID, State: payments.IntentOpen, Amount: p.Amount, Currency: money.Currency, CheckoutID: p.CheckoutID}
		g.intents[p.ID] = t
	}
	if t.IntentID == "" {
		t.IntentID = "pi_" + string(p.ID)
	}
	return t
}

// Charge implements payments.Gateway.
func (g *Processor) Charge(_ context.Context, p payments.Payment) (payments.Truth, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := g.enter("Charge"); err != nil {
		return payments.Truth{}, err
	}
	t := g.intents[p.ID]
	_, outcome, _ := strings.Cut(p.Token+p.Saved.MethodID, "/")
	switch {
	case t == nil || t.IntentID != p.IntentID || t.State != payments.IntentOpen || Outcome(outcome) == Refuses:
		return payments.Truth{}, payments.ErrRefused
	case Outcome(outcome) == Drops:
		return payments.Truth{}, payments.ErrUnknownOutcome
	}
	g.charges[p.ID]++
	t.Details = p.Details
	happen(t, Outcome(outcome))
	if Outcome(outcome) == Vanishes {
		return payments.Truth{}, payments.ErrUnknownOutcome
	}
	return *t, nil
}

// happen lets a charge come to its outcome.
func happen(t *payments.Truth, o Outcome) {
	switch o {
	case Declines:
		t.Failure = payments.Failure{Code: "card_declined"}
	case Challenges:
		t.State, t.ActionURL = payments.IntentNeedsAction, "https://bank.example/challenge"
	case Processes:
		t.State, t.ChargeID = payments.IntentProcessing, "ch_"+string(t.PaymentID)
	default:
		Take(t)
	}
}

// Take is the fact that the processor has taken the money.
func Take(t *payments.Truth) {
	t.State, t.Received, t.Failure = payments.IntentSucceeded, t.Amount, payments.Failure{}
	t.IntentID, t.ChargeID, t.ActionURL = "pi_"+string(t.PaymentID), "ch_"+string(t.PaymentID), ""
}

// Return is the fact that the bank sent back a debit before it succeeded, or
// declined an attempt.
func Return(code string) func(t *payments.Truth) {
	return func(t *payments.Truth) {
		t.State, t.Failure = payments.IntentOpen, payments.Failure{Code: "debit_returned", ReturnCode: code}
	}
}

// Withdraw is the fact that the bank took the money back, by a return or a
// dispute.
func Withdraw(code string) func(t *payments.Truth) {
	return func(t *payments.Truth) {
		t.Withdrawn, t.Failure = t.Amount, payments.Failure{Code: "disputed", ReturnCode: code}
	}
}

// WithdrawPart is the fact that a part of what was not given back is disputed.
func WithdrawPart(amount money.Cents) func(t *payments.Truth) {
	return func(t *payments.Truth) {
		t.Withdrawn, t.Failure = max(0, min(amount, t.Amount-t.Refunded)), payments.Failure{Code: "disputed"}
	}
}

// Reinstate is the fact that a dispute was won.
func Reinstate(t *payments.Truth) { t.Withdrawn, t.Failure = 0, payments.Failure{} }

// GiveBack is the fact that an amount was refunded by somebody who named no debt; a
// negative one that refunds failed, the last that named theirs first.
func GiveBack(amount money.Cents) func(t *payments.Truth) {
	return func(t *payments.Truth) {
		t.Refunded = max(0, min(t.Amount, t.Refunded+amount))
		for n := len(t.Directed); n > 0 && amount < 0; n-- {
			last := t.Directed[n-1]
			cut := min(last.Amount, -amount)
			amount, last.Amount = amount+cut, last.Amount-cut
			t.Directed = append(slices.Clone(t.Directed[:n-1]), last)
		}
	}
}

// Fetch implements payments.Gateway.
func (g *Processor) Fetch(_ context.Context, p payments.Payment) (payments.Truth, error) {
	g.mu.Lock()
	if err := g.enter("Fetch"); err != nil {
		g.mu.Unlock()
		return payments.Truth{}, err
	}
	t := g.intents[p.ID]
	if t == nil {
		g.mu.Unlock()
		return payments.Truth{}, payments.ErrRefused
	}
	truth, between := *t, g.between
	g.between = nil
	g.mu.Unlock()
	if between != nil {
		between()
	}
	return truth, nil
}

// Cancel implements payments.Gateway.
func (g *Processor) Cancel(_ context.Context, p payments.Payment) (payments.Truth, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := g.enter("Cancel"); err != nil {
		return payments.Truth{}, err
	}
	t := g.intents[p.ID]
	if t == nil {
		return payments.Truth{}, payments.ErrRefused
	}
	if t.State == payments.IntentOpen || t.State == payments.IntentNeedsAction {
		t.State = payments.IntentCanceled
	}
	return *t, nil
}

// OpenPage implements payments.Hosted.
func (g *Processor) OpenPage(_ context.Context, p payments.Payment, _, _ string) (checkoutID, url string, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := g.enter("OpenPage"); err != nil {
		return "", "", err
	}
	t := g.intent(p)
	if t.CheckoutID == "" {
		t.CheckoutID, t.IntentID, t.State = "cs_"+string(p.ID), "", payments.IntentNeedsAction
	}
	return t.CheckoutID, "https://processor.example/" + t.CheckoutID, nil
}

// Refund implements payments.Refunder.
func (g *Processor) Refund(_ context.Context, p payments.Payment, b payments.Back) (payments.Truth, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := g.enter("Refund"); err != nil {
		return payments.Truth{}, err
	}
	name := fmt.Sprintf("%s/%s", p.ID, b.Key)
	t := g.intents[p.ID]
	if t != nil && g.refunds[name] {
		return *t, nil
	}
	if t == nil || t.State != payments.IntentSucceeded || t.Withdrawn > 0 || t.Refunded+b.Amount > t.Amount {
		return payments.Truth{}, payments.ErrRefused
	}
	t.Refunded += b.Amount
	if b.DebtID != "" {
		t.Directed = append(slices.Clone(t.Directed), payments.Amount{DebtID: b.DebtID, Amount: b.Amount})
	}
	t.Orders = append(slices.Clone(t.Orders), payments.Ordered{Key: b.Key, State: payments.OrderDone})
	g.refunds[name] = true
	return *t, nil
}
