package paymentstest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/ledger"
	"quittance/payments/money"
)

// fact is something that comes to be true at the processor some time after the
// payment was submitted. The processor sends an event about it.
type fact struct {
	after time.Duration
	is    func(t *payments.Truth)
}

// scenario is the life of one payment at the processor.
type scenario struct {
	name    string
	method  payments.Method
	outcome Outcome // of the charge; empty for the hosted page
	facts   []fact
	saved   bool // charged while nobody was watching
}

const day = 24 * time.Hour

// scenarios are the lives that a payment can have (rules.md K, events).
var scenarios = []scenario{
	{"card paid", payments.Card, Succeeds, nil, false},
	{"card paid, answer lost", payments.Card, Vanishes, nil, false},
	{"card declined", payments.Card, Declines, nil, false},
	{"charge never arrived", payments.Card, Drops, nil, false},
	{"3-D Secure done", payments.Card, Challenges, []fact{{5 * time.Minute, Take}}, false},
	{"3-D Secure failed", payments.Card, Challenges, []fact{{5 * time.Minute, Return("")}}, false},
	{"card refunded in parts", payments.Card, Succeeds, []fact{{day, GiveBack(10_00)}, {2 * day, GiveBack(5_00)}}, false},
	{"card refunded, refund failed", payments.Card, Succeeds, []fact{{day, GiveBack(10_00)}, {6 * day, GiveBack(-10_00)}}, false},
	{"card refunded whole", payments.Card, Succeeds, []fact{{day, GiveBack(money.Max)}}, false},
	{"chargeback lost", payments.Card, Succeeds, []fact{{20 * day, Withdraw("")}}, false},
	{"chargeback won", payments.Card, Succeeds, []fact{{20 * day, Withdraw("")}, {50 * day, Reinstate}}, false},
	{"chargeback of a part lost", payments.Card, Succeeds, []fact{{20 * day, WithdrawPart(30_00)}}, false},
	{"chargeback of a part won", payments.Card, Succeeds, []fact{{day, GiveBack(10_00)}, {20 * day, WithdrawPart(30_00)}, {50 * day, Reinstate}}, false},
	{"chargeback after a refund", payments.Card, Succeeds, []fact{{day, GiveBack(10_00)}, {30 * day, Withdraw("")}}, false},
	{"bank debit settled", payments.BankAccount, Processes, []fact{{4 * day, Take}}, false},
	{"bank debit returned R01", payments.BankAccount, Processes, []fact{{3 * day, Return("R01")}}, false},
	{"bank debit settled, then R10", payments.BankAccount, Processes, []fact{{4 * day, Take}, {40 * day, Withdraw("R10")}}, false},
	{"microdeposits", payments.BankAccount, Challenges, []fact{{time.Second, microdeposits}, {2 * day, process}, {6 * day, Take}}, false},
	{"microdeposits given up", payments.BankAccount, Challenges, []fact{{time.Second, microdeposits}, {10 * day, expire}}, false},
	{"hosted page paid", payments.Card, "", []fact{{10 * time.Minute, declinedThere}, {20 * time.Minute, Take}}, false},
	{"hosted page left", payments.Card, "", []fact{{50 * time.Minute, expire}}, false},
	{"saved card paid, answer lost, refunded", payments.Card, Vanishes, []fact{{day, GiveBack(10_00)}}, true},
	{"saved card declined", payments.Card, Declines, nil, true},
	{"saved card wants the consumer", payments.Card, Challenges, nil, true},
	{"saved account debited, then R10", payments.BankAccount, Processes, []fact{{4 * day, Take}, {40 * day, Withdraw("R10")}}, true},
	{"saved account debited, then R01", payments.BankAccount, Processes, []fact{{3 * day, Return("R01")}}, true},
}

func microdeposits(t *payments.Truth) { t.Microdeposits = true }

func process(t *payments.Truth) { t.State, t.Microdeposits = payments.IntentProcessing, false }

func expire(t *payments.Truth) { t.State, t.Microdeposits = payments.IntentCanceled, false }

// declinedThere is a card that was declined on the hosted page, where the
// consumer may try another.
func declinedThere(t *payments.Truth) {
	t.State, t.IntentID, t.Failure = payments.IntentOpen, "pi_"+string(t.PaymentID), payments.Failure{Code: "card_declined"}
}

// Chaos runs the scenarios (R4), some at once, once with each event delivered
// in order and once, and then with every event delivered ten times, shuffled,
// an hour to three days late or never, with answers overtaken by newer ones
// and answers lost. Polling heals what was dropped. In the end payments and
// balances must be the same. Each seed is reproducible by its number.
func Chaos(t *testing.T, open Open, seeds int) {
	ctx := t.Context()
	calm := NewWorld(t, open)
	want := map[int]string{}
	for i, s := range scenarios {
		life := begin(ctx, t, calm, s)
		inOrder(ctx, t, calm, life)
		want[i] = dump(ctx, t, calm, life)
	}
	wild := NewWorld(t, open)
	first := Seed(t)
	for seed := first; seed < first+uint64(seeds); seed++ {
		random := rand.New(rand.NewPCG(seed, 4))
		var lives []*life
		var picked []int
		for range 1 + random.IntN(3) {
			i := random.IntN(len(scenarios))
			picked = append(picked, i)
			lives = append(lives, begin(ctx, t, wild, scenarios[i]))
		}
		anyhow(ctx, t, wild, random, lives)
		for n, i := range picked {
			if got := dump(ctx, t, wild, lives[n]); got != want[i] {
				t.Fatalf("seed %d, %s:\n%s\nin order and once:\n%s", seed, scenarios[i].name, got, want[i])
			}
		}
	}
	for _, w := range []*World{calm, wild} {
		if sum, err := w.Books.Total(ctx); err != nil || sum != 0 {
			t.Fatalf("the ledger sums to %d, %v", sum, err)
		}
	}
}

// life is a scenario under way.
type life struct {
	scenario
	account, debt string
	id            payments.ID
	begun         time.Time
}

// begin places a debt and pays a part of it.
func begin(ctx context.Context, t *testing.T, w *World, s scenario) *life {
	t.Helper()
	l := &life{scenario: s, account: w.Name("acc_"), debt: w.Name("dbt_")}
	must(t, w.Books.Place(ctx, Placement{AccountID: l.account, DebtID: l.debt, CreditorRef: l.debt, Balance: 482_17, AsOf: w.Clock.Now()}))
	r := payments.Request{
		AccountID: l.account, RequestKey: w.Name("key"), Method: s.method,
		Amounts: []payments.Amount{{DebtID: l.debt, Amount: 150_00}},
	}
	if s.saved {
		p, err := w.Charge(ctx, r, s.outcome)
		must(t, err)
		l.id, l.begun = p.ID, w.Clock.Now()
		return l
	}
	p, err := w.Start(ctx, r)
	must(t, err)
	l.id, l.begun = p.ID, w.Clock.Now()
	if s.outcome == "" {
		_, err = w.OpenPage(ctx, l.account, p.ID, payments.Consent{Text: "I authorize this debit."}, "https://portal.example/back", "https://portal.example/stop")
		must(t, err)
		return l
	}
	_, err = w.Choose(ctx, l.account, p.ID, Token(s.method, s.outcome))
	must(t, err)
	_, err = w.Submit(ctx, l.account, p.ID, payments.Consent{Text: "I authorize this debit."})
	must(t, err)
	return l
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// inOrder lets the facts happen and delivers one event about each.
func inOrder(ctx context.Context, t *testing.T, w *World, l *life) {
	t.Helper()
	for _, f := range append([]fact{{0, func(*payments.Truth) {}}}, l.facts...) {
		w.Clock.Advance(max(0, l.begun.Add(f.after).Sub(w.Clock.Now())))
		w.Processor.Set(l.id, f.is)
		_, err := w.Handle(ctx, w.Processor.Event(l.id, w.Name("evt_")))
		must(t, err)
	}
	must(t, w.settleAll(ctx))
}

// settleAll sweeps until every payment has come to rest.
func (w *World) settleAll(ctx context.Context) error {
	for range 45 {
		if err := w.Settle(ctx, 3); err != nil {
			return err
		}
	}
	return nil
}

// happening is one thing on the line of time.
type happening struct {
	at time.Time
	do func()
}

// anyhow lets the facts of all lives happen and delivers their events badly,
// with a sweep every six hours.
func anyhow(ctx context.Context, t *testing.T, w *World, random *rand.Rand, lives []*life) {
	t.Helper()
	var line []happening
	end := w.Clock.Now()
	for _, l := range lives {
		for _, f := range append([]fact{{0, func(*payments.Truth) {}}}, l.facts...) {
			at := l.begun.Add(f.after)
			overtakes := random.IntN(3) == 0
			line = append(line, happening{at, func() { w.happen(ctx, t, l, f, overtakes) }})
			line = append(line, deliveries(ctx, t, w, random, l, at)...)
		}
	}
	for _, h := range line {
		end = later(end, h.at)
	}
	for at := w.Clock.Now(); at.Before(end); at = at.Add(6 * time.Hour) {
		line = append(line, happening{at, func() { mustHeal(t, sweep(ctx, w)) }})
	}
	slices.SortStableFunc(line, func(a, b happening) int { return a.at.Compare(b.at) })
	for _, h := range line {
		w.Clock.Advance(max(0, h.at.Sub(w.Clock.Now())))
		h.do()
	}
	must(t, w.settleAll(ctx))
}

// happen lets a fact come true. Where it overtakes, that is while an older
// answer is on its way, which then arrives after the newer one was applied.
func (w *World) happen(ctx context.Context, t *testing.T, l *life, f fact, overtakes bool) {
	t.Helper()
	if !overtakes {
		w.Processor.Set(l.id, f.is)
		return
	}
	w.Processor.Between(func() {
		w.Processor.Set(l.id, f.is)
		w.Clock.Advance(time.Second)
		_, _, err := w.Refresh(ctx, l.id)
		must(t, err)
	})
	_, err := w.Handle(ctx, w.Processor.Event(l.id, w.Name("evt_")))
	must(t, err)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func sweep(ctx context.Context, w *World) error {
	_, err := w.Sweep(ctx, 10_000)
	return err
}

// deliveries are ten copies of the event about a fact, at random times; one
// event in four is lost altogether.
func deliveries(ctx context.Context, t *testing.T, w *World, random *rand.Rand, l *life, at time.Time) []happening {
	if random.IntN(4) == 0 {
		return nil
	}
	e := w.Processor.Event(l.id, w.Name("evt_"))
	var line []happening
	for range 10 {
		late := time.Duration(random.Int64N(int64(3 * day)))
		lost := random.IntN(8) == 0
		line = append(line, happening{at.Add(late), func() {
			if lost {
				w.Processor.Fail("Fetch", payments.ErrUnknownOutcome)
			}
			_, err := w.Handle(ctx, e)
			mustHeal(t, err)
			w.Processor.Heal()
		}})
	}
	return line
}

// mustHeal stops on errors that sending again or polling does not heal.
func mustHeal(t *testing.T, err error) {
	t.Helper()
	if err != nil && !errors.Is(err, payments.ErrUnknownOutcome) {
		t.Fatal(err)
	}
}

// dump writes what a payment and its balances came to, without ids and times,
// which differ from run to run.
func dump(ctx context.Context, t *testing.T, w *World, l *life) string {
	t.Helper()
	p, err := w.Store.Payment(ctx, l.id)
	must(t, err)
	if truth, _ := w.Processor.Holds(l.id); p.Net() != left(truth) {
		t.Fatalf("%s: %d are posted, the processor has %d", l.name, p.Net(), left(truth))
	}
	owed, pending, err := w.Books.Owed(ctx, l.account, l.debt)
	must(t, err)
	transfers, err := w.Books.Transfers(ctx, []string{l.debt})
	must(t, err)
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s intent %t charge %t failure %v details %v\n", p.Method, p.Status, p.IntentID != "", p.ChargeID != "", p.Failure, p.Details)
	fmt.Fprintf(&b, "amount %d refunded %d withdrawn %d net %d confirmed %t closed %t\n", p.Amount, p.Refunded, p.Withdrawn, p.Net(), !p.ConfirmedAt.IsZero(), !p.ClosedAt.IsZero())
	fmt.Fprintf(&b, "owed %d pending %d charges %d\n", owed, pending, w.Processor.Charges(l.id))
	for _, account := range []ledger.Account{ledger.Clearing, ledger.Debt(l.debt), ledger.Placed(l.debt)} {
		name, _, _ := strings.Cut(string(account), ":")
		fmt.Fprintf(&b, "%s %d\n", name, ledger.Balance(transfers, account))
	}
	return b.String()
}
