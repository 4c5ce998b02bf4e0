package paymentstest

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"quittance/payments"
	"quittance/payments/ledger"
	"quittance/payments/money"
)

// Laws runs at least so many random operations (R10): payments by card and
// bank account, attended and not, partial ones, repeated and double submits, lost answers,
// returns before and after success, disputes won and lost, refunds that work
// and fail, new and stale snapshots, acknowledgements, repeated events and
// answers that were overtaken. After the operations these laws hold:
//
//   - the entries of every transfer and of the ledger sum to zero;
//   - what is shown as owed is the fold of the debt's entries;
//   - transfers are only added: none that was there changes or disappears;
//   - a payment is charged once and confirmed in the ledger once at most;
//   - what stands on each debt is what the payment holds, so that a reversal
//     restores the balance exactly, but for what goes back of a credit;
//   - what is given back from a debt leaves that debt and no other (AMT-05);
//   - what failed unattended can never be confirmed later (STR-08);
//   - nothing is reserved beyond what is owed;
//   - in the end the ledger holds what the processor holds.
func Laws(t *testing.T, open Open, operations int) {
	w := NewWorld(t, open)
	done, met := 0, map[string]int{}
	unmet := func() string {
		kinds := []ledger.Kind{ledger.Placement, ledger.Payment, ledger.Refund, ledger.Reversal, ledger.Reinstate}
		i := slices.IndexFunc(kinds, func(kind ledger.Kind) bool { return met[string(kind)] == 0 })
		if i < 0 || operations < enough {
			return ""
		}
		return string(kinds[i])
	}
	for seed := Seed(t); done < operations || done < 5*operations && unmet() != ""; seed += 1_000_003 {
		check(t, seed, func(rt *rapid.T) {
			m := newMachine(t.Context(), w, rt)
			steps := rapid.IntRange(1, min(600, max(40, operations/50))).Draw(rt, "steps")
			for i := range steps {
				m.step()
				m.balances()
				if i%16 == 15 {
					m.ledger()
				}
			}
			done += steps
			m.ledger()
			m.end()
			m.count(met)
		})
	}
	sum, err := w.Books.Total(t.Context())
	if err != nil || sum != 0 {
		t.Fatalf("the ledger sums to %d, %v", sum, err)
	}
	if kind := unmet(); kind != "" {
		t.Errorf("%d operations met no %s: the machine proves nothing about it", done, kind)
	}
	t.Logf("%d operations, ended with %v", done, met)
}

// enough operations have to meet every kind of movement; when they do not yet,
// more are done.
const enough = 4000

// machine is one run: a consumer with a few debts, and what ought to be true.
type machine struct {
	ctx     context.Context
	w       *World
	t       *rapid.T
	account string
	debts   []*modelDebt
	pays    []payments.ID
	read    map[payments.ID]payments.Payment // as last read
	touched map[payments.ID]bool             // to be read again
	seen    map[string]string                // transfer id → its entries as first seen
	events  []payments.Event
}

func newMachine(ctx context.Context, w *World, t *rapid.T) *machine {
	m := &machine{ctx: ctx, w: w, t: t, account: w.Name("acc_"), seen: map[string]string{}}
	m.read, m.touched = map[payments.ID]payments.Payment{}, map[payments.ID]bool{}
	for range rapid.IntRange(1, 3).Draw(t, "debts") {
		d := &modelDebt{id: w.Name("dbt_")}
		m.debts = append(m.debts, d)
		m.place(d)
	}
	return m
}

// step does one random operation.
func (m *machine) step() {
	operations := []struct {
		name string
		do   func()
	}{
		{"pay", m.pay}, {"pay", m.pay}, {"pay", m.pay}, {"pay", m.pay}, {"charge saved", m.chargeSaved}, {"charge saved", m.chargeSaved}, {"start", m.startOnly}, {"repeat", m.repeat}, {"submit again", m.submitAgain},
		{"the bank acts", m.act}, {"the bank acts", m.act}, {"event", m.event}, {"event", m.event}, {"same event", m.sameEvent},
		{"overtaken answer", m.overtaken}, {"refund", m.refund}, {"cancel", m.cancel}, {"hosted page", m.hosted},
		{"snapshot", m.snapshot}, {"stale snapshot", m.staleSnapshot}, {"acknowledge", m.acknowledge}, {"time passes", m.wait},
	}
	i := rapid.IntRange(0, len(operations)-1).Draw(m.t, "operation")
	m.t.Log(operations[i].name)
	operations[i].do()
}

// some draws one of the payments so far; false when there is none.
func (m *machine) some() (payments.ID, bool) {
	if len(m.pays) == 0 {
		return "", false
	}
	recent := max(0, len(m.pays)-12)
	id := m.pays[rapid.IntRange(recent, len(m.pays)-1).Draw(m.t, "payment")]
	m.touched[id] = true
	return id, true
}

// load reads a payment, unless nothing can have changed it since.
func (m *machine) load(id payments.ID) payments.Payment {
	p, ok := m.read[id]
	if ok && !m.touched[id] {
		return p
	}
	p, err := m.w.Store.Payment(m.ctx, id)
	m.must(err)
	m.read[id] = p
	return p
}

// made notes a new payment.
func (m *machine) made(id payments.ID) {
	m.pays = append(m.pays, id)
	m.touched[id] = true
}

// must stops on any error that is not among those a caller has to expect.
func (m *machine) must(err error, expected ...error) {
	if err != nil && !slices.ContainsFunc(expected, func(e error) bool { return errors.Is(err, e) }) {
		m.t.Fatalf("unexpected: %v", err)
	}
}

// wish draws amounts: some of the debts, each in a limit that may lie beyond
// what can be paid.
func (m *machine) wish() []payments.Amount {
	var chosen []payments.Amount
	for _, d := range m.debts {
		if len(chosen) > 0 && !rapid.Bool().Draw(m.t, "also") {
			continue
		}
		chosen = append(chosen, payments.Amount{DebtID: d.id, Amount: 10 + cents(m.t, 60_00)})
	}
	return chosen
}

// start asks for a payment and checks that it is not of more than may be paid
// (AMT-07).
func (m *machine) start() (payments.Payment, bool) {
	method := rapid.SampledFrom([]payments.Method{payments.Card, payments.BankAccount}).Draw(m.t, "method")
	r := payments.Request{AccountID: m.account, RequestKey: m.w.Name("key"), Method: method, Amounts: m.wish()}
	free := m.free()
	p, err := m.w.Start(m.ctx, r)
	m.must(err, payments.ErrTooMuch, payments.ErrTooLittle, payments.ErrBadAmount)
	if err != nil {
		return p, false
	}
	m.fits(p, free)
	if again, err := m.w.Start(m.ctx, r); err != nil || again.ID != p.ID {
		m.t.Fatalf("the same request made %s and then %s: %v", p.ID, again.ID, err)
	}
	m.made(p.ID)
	return p, true
}

// free is what may be paid on each debt.
func (m *machine) free() map[string]money.Cents {
	free := map[string]money.Cents{}
	for _, d := range m.debts {
		owed, pending := m.owed(d)
		free[d.id] = owed - pending
	}
	return free
}

// fits holds a payment that was taken on against what was free before: two
// drafts of the same dollars are never both sent.
func (m *machine) fits(p payments.Payment, free map[string]money.Cents) {
	for _, a := range p.Allocations {
		if a.Amount > free[a.DebtID] {
			m.t.Fatalf("%d cents were reserved on a debt with %d left", a.Amount, free[a.DebtID])
		}
	}
}

func (m *machine) startOnly() { m.start() }

// outcomes of a charge, good ones more often.
var outcomes = []Outcome{Succeeds, Succeeds, Declines, Challenges, Processes, Vanishes, Drops, Refuses}

// pay goes all the way to the processor with a random outcome.
func (m *machine) pay() {
	p, ok := m.start()
	if !ok {
		return
	}
	outcome := rapid.SampledFrom(outcomes).Draw(m.t, "outcome")
	m.fault("Begin", 40)
	m.submit(p, Token(p.Method, outcome))
}

// chargeSaved charges a saved method while nobody is watching, and once more
// with the same key, which asks the processor for nothing.
func (m *machine) chargeSaved() {
	method := rapid.SampledFrom([]payments.Method{payments.Card, payments.BankAccount}).Draw(m.t, "method")
	r := payments.Request{AccountID: m.account, RequestKey: m.w.Name("pln_"), Method: method, Amounts: m.wish()}
	outcome := rapid.SampledFrom(outcomes).Draw(m.t, "outcome")
	for _, method := range []string{"Begin", "Charge", "Cancel"} {
		m.fault(method, 40)
	}
	p, err := m.w.Charge(m.ctx, r, outcome)
	m.w.Processor.Heal()
	m.must(err, payments.ErrTooMuch, payments.ErrTooLittle, payments.ErrBadAmount)
	if err != nil {
		return
	}
	m.made(p.ID)
	asked := m.w.Processor.Calls("Charge")
	again, err := m.w.Charge(m.ctx, r, outcome)
	if err != nil || again.ID != p.ID || m.w.Processor.Calls("Charge") != asked {
		m.t.Fatalf("the same charge made %s and then %s, asked %d more times: %v", p.ID, again.ID, m.w.Processor.Calls("Charge")-asked, err)
	}
}

func (m *machine) submit(p payments.Payment, token string) {
	_, err := m.w.Choose(m.ctx, m.account, p.ID, token)
	m.must(err)
	free := m.free()
	_, err = m.w.Submit(m.ctx, m.account, p.ID, payments.Consent{Text: "I authorize this debit.", SessionID: "ses_1"})
	m.must(err, payments.ErrTooMuch, payments.ErrDebtClosed)
	if err == nil {
		m.fits(p, free)
	}
}

// fault makes one call in so many fail with an answer that is lost before
// anything was done.
func (m *machine) fault(method string, oneIn int) {
	if rapid.IntRange(1, oneIn).Draw(m.t, "fault") == oneIn {
		m.w.Processor.Fail(method, payments.ErrUnknownOutcome)
	}
}

// repeat tries an ended payment again.
func (m *machine) repeat() {
	id, ok := m.some()
	if !ok {
		return
	}
	p, err := m.w.Retry(m.ctx, m.account, id, m.w.Name("key"))
	m.must(err, payments.ErrNotNow, payments.ErrTooMuch)
	if err == nil {
		m.made(p.ID)
		m.submit(p, Token(p.Method, Succeeds))
	}
}

func (m *machine) submitAgain() {
	id, ok := m.some()
	if !ok || m.load(id).Status == payments.Ready {
		return
	}
	before := m.w.Processor.Calls("Charge")
	_, err := m.w.Submit(m.ctx, m.account, id, payments.Consent{Text: "I authorize this debit."})
	m.must(err, payments.ErrNotNow)
	if m.w.Processor.Calls("Charge") != before {
		m.t.Fatalf("a second submit of %s asked the processor again", id)
	}
}

func (m *machine) cancel() {
	if id, ok := m.some(); ok {
		_, err := m.w.Cancel(m.ctx, m.account, id)
		m.must(err, payments.ErrNotNow)
	}
}

func (m *machine) hosted() {
	p, ok := m.start()
	if !ok {
		return
	}
	_, err := m.w.OpenPage(m.ctx, m.account, p.ID, payments.Consent{Text: "I authorize this debit."}, "https://portal.example/back", "https://portal.example/stop")
	m.must(err)
}

func (m *machine) refund() {
	id, ok := m.some()
	if !ok {
		return
	}
	before := m.load(id)
	if before.Status == payments.Confirmed {
		var err error
		before, _, err = m.w.Refresh(m.ctx, id)
		m.must(err)
	}
	of := rapid.SampledFrom(before.Allocations).Draw(m.t, "of")
	m.fault("Refund", 10)
	after, err := m.w.Refund(m.ctx, id, payments.Back{DebtID: of.DebtID, Amount: cents(m.t, 40_00), Key: m.w.Name("refund")})
	m.w.Processor.Heal() // where the processor was not asked; a sweep gives lost orders again
	m.must(err, payments.ErrNotNow, payments.ErrTooMuch, payments.ErrBadAmount, payments.ErrRefused, payments.ErrUnknownOutcome)
	if err != nil {
		return
	}
	for i, stands := range after.Shares() {
		if other := after.Allocations[i].DebtID; other != of.DebtID && stands != before.Shares()[i] {
			m.t.Fatalf("a refund from %s left %d on %s, where %d stood", of.DebtID, stands, other, before.Shares()[i])
		}
	}
}

// act lets the processor's side change in a way that it could.
func (m *machine) act() {
	id, ok := m.some()
	if !ok {
		return
	}
	m.change(id)
	if rapid.Bool().Draw(m.t, "tell") {
		m.deliver(m.w.Processor.Event(id, m.w.Name("evt_")))
	}
}

func (m *machine) change(id payments.ID) {
	part := cents(m.t, 40_00)
	pick := rapid.IntRange(0, 5).Draw(m.t, "fact")
	m.w.Processor.Set(id, func(t *payments.Truth) {
		if facts := possible(*t, part); len(facts) > 0 {
			facts[pick%len(facts)](t)
		}
	})
}

func (m *machine) event() {
	id, ok := m.some()
	if !ok {
		return
	}
	e := m.w.Processor.Event(id, m.w.Name("evt_"))
	m.events = append(m.events, e)
	m.deliver(e)
}

func (m *machine) sameEvent() {
	if len(m.events) > 0 {
		m.deliver(m.events[rapid.IntRange(0, len(m.events)-1).Draw(m.t, "event")])
	}
}

// deliver hands in an event. Of payments the processor has never heard of it
// cannot say anything.
func (m *machine) deliver(e payments.Event) {
	m.touched[e.PaymentID] = true
	_, err := m.w.Handle(m.ctx, e)
	m.must(err, payments.ErrRefused, payments.ErrUnknownOutcome)
}

// overtaken makes an answer arrive after a newer one was applied.
func (m *machine) overtaken() {
	id, ok := m.some()
	if !ok {
		return
	}
	newest := m.load(id)
	m.w.Processor.Between(func() {
		m.change(id)
		m.w.Clock.Advance(time.Second)
		var err error
		newest, _, err = m.w.Refresh(m.ctx, id)
		m.must(err)
	})
	m.deliver(m.w.Processor.Event(id, m.w.Name("evt_")))
	m.w.Processor.Heal()
	if p := m.load(id); p.Status != newest.Status || p.Net() != newest.Net() {
		m.t.Fatalf("%s was %s with %d and an older answer made it %s with %d", id, newest.Status, newest.Net(), p.Status, p.Net())
	}
}
