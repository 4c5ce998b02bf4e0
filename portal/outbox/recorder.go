package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"quittance/payments"
	"quittance/payments/ledger"
	"quittance/payments/money"
	"quittance/portal/identity"
	"quittance/portal/notice"
)

// Recorder turns domain changes into events, inside their transaction: an
// event exists exactly when what it tells is true (WHK-03). All fields are
// required.
type Recorder struct {
	Events Events
	Books  Books
	Now    func() time.Time
	NewID  func() EventID
}

var (
	_ payments.Watcher = (*Recorder)(nil)
	_ identity.Watcher = (*Recorder)(nil)
	_ notice.Watcher   = (*Recorder)(nil)
)

// newsTypes is which event each piece of news becomes, and which transfer it
// is about.
var newsTypes = map[payments.News]struct {
	Type Type
	Kind ledger.Kind
}{
	payments.NewsSubmitted:  {Type: PaymentSubmitted},
	payments.NewsConfirmed:  {Type: PaymentConfirmed, Kind: ledger.Payment},
	payments.NewsHeld:       {Type: PaymentHeld, Kind: ledger.Payment},
	payments.NewsReleased:   {Type: PaymentConfirmed, Kind: ledger.Release},
	payments.NewsFailed:     {Type: PaymentFailed},
	payments.NewsReversed:   {Type: PaymentReversed, Kind: ledger.Reversal},
	payments.NewsReinstated: {Type: PaymentReinstated, Kind: ledger.Reinstate},
	payments.NewsRefunded:   {Type: PaymentRefunded, Kind: ledger.Refund},
}

// PaymentChanged appends an event for each piece of news, in its order.
func (r *Recorder) PaymentChanged(ctx context.Context, c payments.Change) error {
	if !c.Moved || len(c.News) == 0 {
		return nil
	}
	ref, err := r.Books.AccountRef(ctx, c.After.AccountID)
	if err != nil {
		return fmt.Errorf("account of payment %s: %w", c.After.ID, err)
	}
	owed, err := r.Books.Owed(ctx, debtsOf(c.After))
	if err != nil {
		return fmt.Errorf("balances of payment %s: %w", c.After.ID, err)
	}
	for _, news := range c.News {
		if err := r.tell(ctx, c, news, ref, owed); err != nil {
			return fmt.Errorf("event %s of payment %s: %w", news, c.After.ID, err)
		}
	}
	return nil
}

func (r *Recorder) tell(ctx context.Context, c payments.Change, news payments.News, ref string, owed map[string]money.Cents) error {
	row, ok := newsTypes[news]
	if !ok {
		return ErrBadType
	}
	d := Data{AccountRef: ref, Payment: paymentFacts(c, row.Kind, owed)}
	switch row.Type {
	case PaymentConfirmed:
		d.Payment.only(func(a AllocationFacts) bool { return a.ChangeCents != 0 || a.CreditChangeCents != 0 })
	case PaymentHeld:
		d.Payment.only(func(a AllocationFacts) bool { return a.HeldChangeCents != 0 })
	}
	if row.Kind == ledger.Refund || row.Kind == ledger.Reversal || row.Kind == ledger.Reinstate {
		original, err := r.Events.LatestEvent(ctx, c.After.ID, PaymentConfirmed)
		if errors.Is(err, ErrNoEvent) {
			original, err = r.Events.LatestEvent(ctx, c.After.ID, PaymentHeld)
		}
		if err != nil && !errors.Is(err, ErrNoEvent) {
			return err
		}
		d.OriginalEventID = original
	}
	return r.append(ctx, Event{
		Type: row.Type, AccountID: c.After.AccountID, PaymentID: c.After.ID, Creditors: touched(d.Payment, row.Kind),
		Transfers: posted(c.Transfers, row.Kind),
	}, d)
}

// posted are the transfers of a kind: what the event says of them is booked, and
// acknowledged, by itself.
func posted(transfers []ledger.Transfer, kind ledger.Kind) (ids []string) {
	for _, t := range transfers {
		if t.Kind == kind {
			ids = append(ids, t.ID)
		}
	}
	return ids
}

// Overpaid tells that more was paid on a debt than was owed (AMT-07).
func (r *Recorder) Overpaid(ctx context.Context, accountID string, f CreditFacts) error {
	return r.onDebt(ctx, PaymentOverpaid, accountID, f.CreditorRef, Data{Credit: &f})
}

// IdentityChanged appends an event for each of identity's changes; both name
// them alike.
func (r *Recorder) IdentityChanged(ctx context.Context, c identity.Change) error {
	account := string(c.AccountID)
	if c.Kind == identity.ConsumerVerified {
		return r.about(ctx, ConsumerVerified, account, Data{Consumer: &ConsumerFacts{Via: string(c.Via), By: string(c.Speaker.Role)}})
	}
	return r.about(ctx, Type(c.Kind), account, Data{Link: &LinkFacts{ID: string(c.LinkID), Channel: string(c.Channel)}})
}

// MessageChanged tells of a message that will reach nobody. What was withheld
// on purpose is not told: it was never undeliverable.
func (r *Recorder) MessageChanged(ctx context.Context, m notice.Outgoing) error {
	if m.Status != notice.Failed {
		return nil
	}
	return r.about(ctx, MessageUndeliverable, string(m.AccountID), Data{
		Message: &MessageFacts{ID: m.ID, Channel: string(m.Channel), Reason: m.Problem},
	})
}

// Mismatch tells that two books differ.
func (r *Recorder) Mismatch(ctx context.Context, f ReconciledFacts) error {
	return r.append(ctx, Event{Type: ReconciliationMismatch}, Data{Reconciliation: &f})
}

// Sealed tells the heads of the chains, to be kept where nobody who writes to
// the database can reach (S11).
func (r *Recorder) Sealed(ctx context.Context, f SealedFacts) error {
	return r.append(ctx, Event{Type: AuditSealed}, Data{Audit: &f})
}

// endpointChanged tells that an endpoint was paused or resumed.
func (r *Recorder) endpointChanged(ctx context.Context, t Type, e Endpoint) error {
	return r.append(ctx, Event{Type: t, EndpointID: e.ID}, Data{
		Endpoint: &EndpointFacts{ID: e.ID, Reason: e.Reason, FailingSince: stamp(e.FailingSince)},
	})
}

// testEvent is an event that is sent but never appended.
func (r *Recorder) testEvent(id EndpointID) (Event, error) {
	facts, err := json.Marshal(Data{Schema: EndpointTest.Schema(), Endpoint: &EndpointFacts{ID: id}})
	if err != nil {
		return Event{}, fmt.Errorf("write facts: %w", err)
	}
	return Event{ID: r.NewID(), Type: EndpointTest, EndpointID: id, Facts: facts, OccurredAt: r.Now().UTC()}, nil
}

func (r *Recorder) about(ctx context.Context, t Type, accountID string, d Data) error {
	return r.onDebt(ctx, t, accountID, "", d)
}

// onDebt appends an event that the creditor of a debt is told of as well.
func (r *Recorder) onDebt(ctx context.Context, t Type, accountID, creditorRef string, d Data) error {
	return r.onDebtAs(ctx, r.NewID(), t, accountID, creditorRef, d)
}

// onDebtAs is onDebt with an id that the caller remembers.
func (r *Recorder) onDebtAs(ctx context.Context, id EventID, t Type, accountID, creditorRef string, d Data) error {
	if t.kind().Use != Emitted {
		return fmt.Errorf("%w: %q", ErrBadType, t)
	}
	ref, err := r.Books.AccountRef(ctx, accountID)
	if err != nil {
		return fmt.Errorf("account of event %s: %w", t, err)
	}
	d.AccountRef = ref
	var creditors []string
	if creditorRef != "" {
		creditors = []string{creditorRef}
	}
	return r.append(ctx, Event{ID: id, Type: t, AccountID: accountID, Creditors: creditors}, d)
}

func (r *Recorder) append(ctx context.Context, e Event, d Data) error {
	d.Schema = e.Type.Schema()
	facts, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("write facts: %w", err)
	}
	if e.ID == "" {
		e.ID = r.NewID()
	}
	e.Facts, e.OccurredAt = facts, r.Now().UTC().Truncate(time.Microsecond)
	return r.Events.AppendEvent(ctx, e)
}

// paymentFacts are what an event of one kind of transfer says. The balances
// after a change that posted several transfers are found by walking back from
// what is owed now.
func paymentFacts(c payments.Change, kind ledger.Kind, owed map[string]money.Cents) *PaymentFacts {
	p := c.After
	f := &PaymentFacts{
		ID: string(p.ID), Reference: p.Reference, By: p.By, AmountCents: p.Amount, Currency: money.Currency, Method: string(p.Method),
		SubmittedAt: stamp(p.SubmittedAt), ConfirmedAt: stamp(p.ConfirmedAt), ReversibleUntil: stamp(p.ReversibleUntil),
		ProcessorRef: p.IntentID, Allocations: make([]AllocationFacts, 0, len(p.Allocations)),
	}
	if p.ConfirmedAt.IsZero() {
		f.ExpectedBy = stamp(p.ExpectedBy)
	}
	if p.Failure != (payments.Failure{}) && (kind == "" || kind == ledger.Reversal) {
		f.Failure = &FailureFacts{Code: p.Failure.Code, ReturnCode: p.Failure.ReturnCode}
	}
	for _, a := range p.Allocations {
		change, later := effects(c.Transfers, kind, ledger.Debt(a.DebtID))
		held, _ := effects(c.Transfers, kind, ledger.Held(a.DebtID))
		beyond, _ := effects(c.Transfers, kind, ledger.Credit(a.DebtID))
		f.Allocations = append(f.Allocations, AllocationFacts{
			DebtRef: a.DebtRef, CreditorRef: a.CreditorRef, AmountCents: a.Amount,
			ChangeCents: change, BalanceAfterCents: owed[a.DebtID] - later, HeldChangeCents: -held, HeldReason: a.Held, CreditChangeCents: -beyond,
		})
	}
	return f
}

// only keeps the allocations of a payment that an event is about, and their sum:
// a part that is held is no part of what is confirmed.
func (f *PaymentFacts) only(of func(AllocationFacts) bool) {
	f.Allocations = slices.DeleteFunc(f.Allocations, func(a AllocationFacts) bool { return !of(a) })
	f.AmountCents = 0
	for _, a := range f.Allocations {
		f.AmountCents += a.AmountCents
	}
}

// effects sums what the transfer of one kind did to an account and what the
// transfers posted after it did. Without a kind nothing was booked before, so
// all transfers are later.
func effects(transfers []ledger.Transfer, kind ledger.Kind, account ledger.Account) (change, later money.Cents) {
	passed := kind == ""
	for _, t := range transfers {
		var sum money.Cents
		for _, e := range t.Entries {
			if e.Account == account {
				sum += e.Amount
			}
		}
		switch {
		case t.Kind == kind:
			change, passed = change+sum, true
		case passed:
			later += sum
		}
	}
	return change, later
}

func debtsOf(p payments.Payment) []string {
	var ids []string
	for _, a := range p.Allocations {
		ids = append(ids, a.DebtID)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// touched lists the creditors whose debts an event is about: those whose
// balance it changed or, where it books nothing, all of the payment's. A refund
// that came off one creditor's debt is no business of the other's (DSC-06).
func touched(f *PaymentFacts, kind ledger.Kind) []string {
	var refs []string
	for _, a := range f.Allocations {
		if kind == "" || a.ChangeCents != 0 || a.HeldChangeCents != 0 || a.CreditChangeCents != 0 {
			refs = append(refs, a.CreditorRef)
		}
	}
	slices.Sort(refs)
	return slices.Compact(refs)
}
