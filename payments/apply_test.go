package payments

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"quittance/payments/ledger"
	"quittance/payments/money"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// a payment of $150.00 over two debts, of which the processor knows.
func paid(status Status) Payment {
	p := Payment{
		ID: "pay_1", Amount: 150_00, Method: Card, Status: status, IntentID: "pi_1", CreatedAt: noon, ObservedAt: noon,
		Allocations: []Allocation{{DebtID: "dbt_1", Amount: 100_00}, {DebtID: "dbt_2", Amount: 50_00}},
	}
	if status.Taken() {
		p.ConfirmedAt, p.ReversibleUntil = noon, noon.Add(ReturnWindow)
	}
	if status.Ended() || status == Reversed || status == Refunded {
		p.ClosedAt = noon
	}
	if status == Reversed {
		p.Withdrawn = p.Amount
	}
	if status == Refunded {
		p.Refunded = p.Amount
	}
	if status == Held {
		p.Allocations[0].Held, p.Allocations[1].Held = "disputed", "bankruptcy"
	}
	return p
}

func truth(s IntentState) Truth {
	t := Truth{PaymentID: "pay_1", IntentID: "pi_1", State: s, Amount: 150_00, Currency: money.Currency, ObservedAt: noon.Add(time.Minute)}
	if s == IntentSucceeded {
		t.Received = t.Amount
	}
	return t
}

func with(t Truth, change func(*Truth)) Truth {
	change(&t)
	return t
}

func apply(t *testing.T, p Payment, w Truth) Change {
	t.Helper()
	c, err := Apply(p, w, noon.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var everyStatus = []Status{Started, Ready, Submitting, Checking, NeedsAction, Processing, Failed, Canceled, Confirmed, Held, Reversed, Refunded}

var truths = []struct {
	name string
	is   Truth
}{
	{"open", truth(IntentOpen)},
	{"declined", with(truth(IntentOpen), func(t *Truth) { t.Failure.Code = "card_declined" })},
	{"needs_action", truth(IntentNeedsAction)},
	{"processing", truth(IntentProcessing)},
	{"canceled", truth(IntentCanceled)},
	{"canceled after a failure", with(truth(IntentCanceled), func(t *Truth) { t.Failure.Code = "expired" })},
	{"succeeded", truth(IntentSucceeded)},
	{"refunded in part", with(truth(IntentSucceeded), func(t *Truth) { t.Refunded = 20_00 })},
	{"refunded", with(truth(IntentSucceeded), func(t *Truth) { t.Refunded = 150_00 })},
	{"withdrawn", with(truth(IntentSucceeded), func(t *Truth) { t.Withdrawn = 150_00; t.Failure.ReturnCode = "R10" })},
	{"withdrawn in part", with(truth(IntentSucceeded), func(t *Truth) { t.Withdrawn = 30_00; t.Failure.Code = "fraudulent" })},
}

// TestSTR05_EveryStatusMeetsEveryTruth walks the whole state table: each row
// is a status, each column a truth in the order of truths.
func TestSTR05_EveryStatusMeetsEveryTruth(t *testing.T) {
	t.Parallel()
	want := map[Status][]Status{
		Started:     {Started, Failed, NeedsAction, Processing, Canceled, Failed, Confirmed, Confirmed, Refunded, Reversed, Confirmed},
		Ready:       {Ready, Failed, NeedsAction, Processing, Canceled, Failed, Confirmed, Confirmed, Refunded, Reversed, Confirmed},
		Submitting:  {Submitting, Failed, NeedsAction, Processing, Canceled, Failed, Confirmed, Confirmed, Refunded, Reversed, Confirmed},
		Checking:    {Checking, Failed, NeedsAction, Processing, Canceled, Failed, Confirmed, Confirmed, Refunded, Reversed, Confirmed},
		NeedsAction: {NeedsAction, Failed, NeedsAction, Processing, Canceled, Failed, Confirmed, Confirmed, Refunded, Reversed, Confirmed},
		Processing:  {Processing, Failed, NeedsAction, Processing, Canceled, Failed, Confirmed, Confirmed, Refunded, Reversed, Confirmed},
		Failed:      {Failed, Failed, NeedsAction, Processing, Failed, Failed, Confirmed, Confirmed, Refunded, Reversed, Confirmed},
		Canceled:    {Canceled, Canceled, Canceled, Processing, Canceled, Canceled, Confirmed, Confirmed, Refunded, Reversed, Confirmed},
		Confirmed:   {Confirmed, Confirmed, Confirmed, Confirmed, Confirmed, Confirmed, Confirmed, Confirmed, Refunded, Reversed, Confirmed},
		Held:        {Held, Held, Held, Held, Held, Held, Held, Held, Refunded, Reversed, Held},
		Reversed:    {Reversed, Reversed, Reversed, Reversed, Reversed, Reversed, Confirmed, Confirmed, Refunded, Reversed, Confirmed},
		Refunded:    {Refunded, Refunded, Refunded, Refunded, Refunded, Refunded, Confirmed, Confirmed, Refunded, Reversed, Confirmed},
	}
	for _, from := range everyStatus {
		for i, w := range truths {
			before := paid(from)
			c := apply(t, before, w.is)
			if c.After.Status != want[from][i] {
				t.Errorf("%s and the processor says %s: %s, want %s", from, w.name, c.After.Status, want[from][i])
			}
			if c.After.Status != from && !May(from, c.After.Status) {
				t.Errorf("%s → %s is not in the table", from, c.After.Status)
			}
			checkChange(t, c)
			if again := apply(t, c.After, w.is); again.Moved || len(again.News)+len(again.Transfers) > 0 {
				t.Errorf("%s and the processor says %s twice: moved again, %v", from, w.name, again.News)
			}
		}
	}
}

// checkChange holds what every change must be.
func checkChange(t *testing.T, c Change) {
	t.Helper()
	sums := map[ledger.Account]money.Cents{}
	for _, tr := range c.Transfers {
		if err := tr.Check(); err != nil {
			t.Errorf("transfer %s: %v", tr.ID, err)
		}
		for _, e := range tr.Entries {
			sums[e.Account] += e.Amount
		}
	}
	before, after := c.Before.Shares(), c.After.Shares()
	for i, a := range c.After.Allocations {
		if got, want := sums[a.account()], before[i]-after[i]; got != want {
			t.Errorf("%s moved by %d, want %d", a.account(), got, want)
		}
	}
	if got, want := sums[ledger.Clearing]+sums[ledger.Lost], c.After.Net()-c.Before.Net(); got != want {
		t.Errorf("clearing moved by %d, want %d", got, want)
	}
	if !c.Moved && (len(c.Transfers) > 0 || len(c.News) > 0 || c.After.Revision != c.Before.Revision) {
		t.Errorf("nothing moved and yet there is %v", c.News)
	}
	if c.Moved && c.After.Revision != c.Before.Revision+1 {
		t.Errorf("revision %d follows %d", c.After.Revision, c.Before.Revision)
	}
	closed := c.After.Status.Ended() || c.After.Status == Refunded || c.After.Withdrawn > 0
	if c.Moved && closed == c.After.ClosedAt.IsZero() {
		t.Errorf("%s closed at %v", c.After.Status, c.After.ClosedAt)
	}
	if c.After.Status.Taken() == c.After.ConfirmedAt.IsZero() {
		t.Errorf("%s confirmed at %v", c.After.Status, c.After.ConfirmedAt)
	}
}

func TestAMT02_ATruthThatIsNotWhatWasAskedForMovesNothing(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Truth){
		"another payment":     func(w *Truth) { w.PaymentID = "pay_2" },
		"another currency":    func(w *Truth) { w.Currency = "eur" },
		"another amount":      func(w *Truth) { w.Amount = 149_99 },
		"less received":       func(w *Truth) { w.Received = 149_99 },
		"negative refund":     func(w *Truth) { w.Refunded = -1 },
		"refund too large":    func(w *Truth) { w.Refunded = 150_01 },
		"negative withdrawal": func(w *Truth) { w.Withdrawn = -1 },
		"withdrawn too much":  func(w *Truth) { w.Withdrawn = 150_01 },
		"another intent":      func(w *Truth) { w.IntentID = "pi_2" },
	} {
		before := paid(Submitting)
		c, err := Apply(before, with(truth(IntentSucceeded), change), noon)
		if !errors.Is(err, ErrWrongTruth) || c.Moved || c.After.Status != Submitting || !c.After.ObservedAt.Equal(before.ObservedAt) {
			t.Errorf("%s: %v, moved %v", name, err, c.Moved)
		}
	}
}

func TestSTR05_AnOlderTruthNeverUndoesANewerOne(t *testing.T) {
	t.Parallel()
	p := apply(t, paid(Confirmed), truths[9].is).After
	old := with(truth(IntentSucceeded), func(w *Truth) { w.ObservedAt = noon.Add(time.Second) })
	if c := apply(t, p, old); c.Moved || c.After.Status != Reversed {
		t.Errorf("an older truth made it %s", c.After.Status)
	}
}

func TestSTR05_ATruthThatSaysNothingNewIsStillRememberedAsAsked(t *testing.T) {
	t.Parallel()
	c := apply(t, paid(Confirmed), truth(IntentSucceeded))
	if c.Moved || !c.After.ObservedAt.Equal(noon.Add(time.Minute)) {
		t.Errorf("moved %v, observed %v", c.Moved, c.After.ObservedAt)
	}
}

func TestACH08_AConfirmedPaymentSaysUntilWhenItMayComeBack(t *testing.T) {
	t.Parallel()
	p := apply(t, paid(Processing), truth(IntentSucceeded)).After
	if got := p.ReversibleUntil.Sub(p.ConfirmedAt); got != 60*24*time.Hour {
		t.Errorf("reversible for %v", got)
	}
	later, err := Apply(p, with(truths[7].is, func(w *Truth) { w.ObservedAt = noon.Add(2 * time.Hour) }), noon.Add(9*time.Hour))
	if err != nil || !later.After.ConfirmedAt.Equal(p.ConfirmedAt) {
		t.Errorf("it was confirmed again at %v, %v", later.After.ConfirmedAt, err)
	}
}

func TestNewsIsToldOfEachFactOnce(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from Status
		is   Truth
		want []News
	}{
		{Submitting, truth(IntentOpen), nil},
		{Submitting, truth(IntentNeedsAction), nil},
		{Submitting, truth(IntentProcessing), []News{NewsSubmitted}},
		{Submitting, truths[1].is, []News{NewsFailed}},
		{Submitting, truth(IntentCanceled), nil},
		{Processing, truth(IntentCanceled), []News{NewsFailed}},
		{Processing, truth(IntentSucceeded), []News{NewsConfirmed}},
		{Submitting, truths[9].is, []News{NewsConfirmed, NewsReversed}},
		{Submitting, truths[8].is, []News{NewsConfirmed, NewsRefunded}},
		{Confirmed, truths[7].is, []News{NewsRefunded}},
		{Confirmed, truths[9].is, []News{NewsReversed}},
		{Reversed, truth(IntentSucceeded), []News{NewsReinstated}},
		{Refunded, truth(IntentSucceeded), []News{NewsReinstated}},
		{Reversed, truths[8].is, []News{NewsRefunded, NewsReinstated}},
	} {
		if got := apply(t, paid(c.from), c.is).News; !slices.Equal(got, c.want) {
			t.Errorf("%s, then %s refunded %d withdrawn %d: %v, want %v", c.from, c.is.State, c.is.Refunded, c.is.Withdrawn, got, c.want)
		}
	}
}

func TestSTR12_AReversalRestoresTheBalanceExactly(t *testing.T) {
	t.Parallel()
	p, posted := paid(Processing), []ledger.Transfer(nil)
	for i, w := range []Truth{truth(IntentSucceeded), truths[7].is, truths[9].is, truth(IntentSucceeded), truths[9].is} {
		w.ObservedAt = noon.Add(time.Duration(i+1) * time.Hour)
		c := apply(t, p, w)
		checkChange(t, c)
		p, posted = c.After, append(posted, c.Transfers...)
	}
	for _, account := range []ledger.Account{ledger.Debt("dbt_1"), ledger.Debt("dbt_2"), ledger.Clearing} {
		if got := ledger.Balance(posted, account); got != 0 {
			t.Errorf("%s stands at %d after the money went back", account, got)
		}
	}
	ids := map[string]bool{}
	for _, tr := range posted {
		if ids[tr.ID] {
			t.Errorf("transfer %s is posted twice", tr.ID)
		}
		ids[tr.ID] = true
	}
}

func TestSTR13_ADisputeOfWhatWasRefundedTakesNothingTwice(t *testing.T) {
	t.Parallel()
	p := apply(t, paid(Confirmed), truths[8].is).After
	c := apply(t, p, with(truths[8].is, func(w *Truth) { w.Withdrawn, w.ObservedAt = 150_00, noon.Add(time.Hour) }))
	if c.After.Status != Refunded || c.After.Net() != 0 || !slices.Equal(c.News, []News{NewsReversed}) {
		t.Errorf("%s, net %d, %v", c.After.Status, c.After.Net(), c.News)
	}
	if len(c.Transfers) != 1 || !slices.Equal(c.Transfers[0].Entries, []ledger.Entry{{Account: ledger.Lost, Amount: 150_00}, {Account: ledger.Clearing, Amount: -150_00}}) {
		t.Errorf("posted %+v", c.Transfers)
	}
}

func TestADeclineOnTheHostedPageLeavesTheCardPaymentOpen(t *testing.T) {
	t.Parallel()
	p := paid(NeedsAction)
	p.CheckoutID, p.IntentID = "cs_1", ""
	if c := apply(t, p, truths[1].is); c.After.Status != NeedsAction || c.After.IntentID != "pi_1" {
		t.Errorf("a declined card: %s", c.After.Status)
	}
	p.Method = BankAccount
	if c := apply(t, p, truths[1].is); c.After.Status != Failed {
		t.Errorf("a returned debit: %s", c.After.Status)
	}
}

func TestWhatWasLearnedIsKeptWhenALaterTruthDoesNotRepeatIt(t *testing.T) {
	t.Parallel()
	full := with(truth(IntentProcessing), func(w *Truth) {
		w.ChargeID, w.Details, w.ExpectedBy = "ch_1", Details{Type: BankAccount, Last4: "6789"}, noon.Add(96*time.Hour)
	})
	p := apply(t, paid(Submitting), full).After
	p = apply(t, p, with(truth(IntentSucceeded), func(w *Truth) { w.IntentID = ""; w.ObservedAt = noon.Add(time.Hour) })).After
	if p.ChargeID != "ch_1" || p.Details.Last4 != "6789" || p.ExpectedBy.IsZero() || p.IntentID != "pi_1" {
		t.Errorf("%+v", p)
	}
}

func TestWhyItFailedIsKeptUntilItIsWell(t *testing.T) {
	t.Parallel()
	p := apply(t, paid(Submitting), truths[1].is).After
	silent := with(truth(IntentOpen), func(w *Truth) { w.ObservedAt = noon.Add(time.Hour) })
	if p = apply(t, p, silent).After; p.Failure.Code != "card_declined" {
		t.Errorf("failure %+v after a truth without one", p.Failure)
	}
	taken := with(truth(IntentSucceeded), func(w *Truth) { w.ObservedAt = noon.Add(2 * time.Hour) })
	if p = apply(t, p, taken).After; p.Failure != (Failure{}) || p.Status != Confirmed || !p.ClosedAt.IsZero() {
		t.Errorf("%s, failure %+v, closed %v", p.Status, p.Failure, p.ClosedAt)
	}
}

func TestEveryStatusHasItsRowAndNoneLeadsNowhere(t *testing.T) {
	t.Parallel()
	if len(moves) != len(everyStatus) {
		t.Errorf("the table has %d rows, there are %d statuses", len(moves), len(everyStatus))
	}
	for from, tos := range moves {
		for _, to := range tos {
			if !slices.Contains(everyStatus, to) {
				t.Errorf("%s → %s: no such status", from, to)
			}
			if from.Taken() && !to.Taken() {
				t.Errorf("%s → %s forgets money", from, to)
			}
		}
	}
	for _, s := range everyStatus {
		if n := btoi(s.Holds()) + btoi(s.Ended()) + btoi(s.Taken()); n != 1 {
			t.Errorf("%s is %d of open, ended and taken", s, n)
		}
	}
	if May("lost", Confirmed) {
		t.Error("an unknown status may move")
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// FuzzApplyAnyOrder makes up a plausible history of the processor, and applies
// it once in order and once in any order, twice each: status, money and ledger
// end the same, and at every step the ledger is what the payment
// holds.
func FuzzApplyAnyOrder(f *testing.F) {
	f.Add([]byte{0, 3, 6, 9}, uint64(1))
	f.Add([]byte{2, 3, 1, 6, 7, 9, 6, 8}, uint64(7))
	f.Fuzz(func(t *testing.T, script []byte, seed uint64) {
		history := plausible(script)
		want, _ := play(t, history)
		random := rand.New(rand.NewPCG(seed, 1))
		shuffled := slices.Concat(history, history)
		random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		got, posted := play(t, shuffled)
		if a, b := outcome(got), outcome(want); a != b {
			t.Fatalf("shuffled: %s\nin order: %s", a, b)
		}
		if net := ledger.Balance(posted, ledger.Clearing); net != want.Net() {
			t.Fatalf("the ledger holds %d, the payment %d", net, want.Net())
		}
	})
}

// outcome is what must not depend on the order. Whether a payment that ended
// with nothing taken is called failed or canceled may: a failure is remembered.
func outcome(p Payment) string {
	if p.Status.Ended() {
		return "ended"
	}
	return fmt.Sprint(p.Status, p.Refunded, p.Withdrawn, p.Net(), p.ConfirmedAt.IsZero(), p.ClosedAt.IsZero(), p.Failure)
}

// plausible turns bytes into truths in the order in which they can come to be:
// once money is taken only what went back changes, a canceled intent stays so
// and keeps the failure it had, and one that was tried is never untried.
func plausible(script []byte) []Truth {
	var history []Truth
	last := truth(IntentOpen)
	for i, b := range script[:min(len(script), 40)] {
		w := truths[int(b)%len(truths)].is
		untried := w.State == IntentOpen && w.Failure == Failure{}
		if untried || last.State == IntentCanceled || last.State == IntentSucceeded && w.State != IntentSucceeded {
			continue
		}
		if w.State == IntentCanceled {
			w.Failure = last.Failure
		}
		w.ObservedAt = noon.Add(time.Duration(i+1) * time.Second)
		history, last = append(history, w), w
	}
	return history
}

func play(t *testing.T, history []Truth) (Payment, []ledger.Transfer) {
	t.Helper()
	p, posted := paid(Submitting), []ledger.Transfer(nil)
	for _, w := range history {
		c := apply(t, p, w)
		checkChange(t, c)
		p, posted = c.After, append(posted, c.Transfers...)
	}
	return p, posted
}

// TestSTR07_AChargeThatSomebodyCanceledAtTheProcessorHasFailed tells it from
// one that we gave up because we died before it was asked for.
func TestSTR07_AChargeThatSomebodyCanceledAtTheProcessorHasFailed(t *testing.T) {
	t.Parallel()
	ours := truth(IntentCanceled)
	theirs := with(truth(IntentCanceled), func(t *Truth) { t.Elsewhere = true })
	for _, c := range []struct {
		name       string
		unattended bool
		is         Truth
		want       Status
		code       string
	}{
		{"given up by us", true, ours, Canceled, ""},
		{"canceled there", true, theirs, Failed, FailureElsewhere},
		{"canceled there while the consumer is present", false, theirs, Canceled, ""},
	} {
		before := paid(Processing)
		before.Unattended, before.Failure = c.unattended, Failure{}
		got := apply(t, before, c.is).After
		if got.Status != c.want || got.Failure.Code != c.code {
			t.Errorf("%s: %s, %q", c.name, got.Status, got.Failure.Code)
		}
	}
	for _, m := range []Method{Card, BankAccount} {
		if a := Advise(Failure{Code: FailureElsewhere}, m); !a.MayRetry || a.MethodOff || a.Pause || a.Cancel {
			t.Errorf("%s: %+v", m, a)
		}
	}
}
