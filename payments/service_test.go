package payments_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/payments/paymentstest"
)

// bench is a world with one account that owes $482.17 and $90.00.
type bench struct {
	*paymentstest.World
	m *memory
	t *testing.T
}

func setup(t *testing.T) bench {
	t.Helper()
	m := newMemory()
	w := paymentstest.NewWorld(t, func(testing.TB, func() time.Time) paymentstest.Parts { return m.parts() })
	w.Alarms = []payments.Alarm{m}
	for id, balance := range map[string]money.Cents{"dbt_1": 482_17, "dbt_2": 90_00} {
		if err := m.Place(t.Context(), paymentstest.Placement{AccountID: "acc_1", DebtID: id, CreditorRef: "mercy", Balance: balance, AsOf: w.Clock.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	return bench{w, m, t}
}

func (b bench) request(key string, amount money.Cents) payments.Request {
	return payments.Request{AccountID: "acc_1", RequestKey: key, Method: payments.Card, Amounts: []payments.Amount{{DebtID: "dbt_1", Amount: amount}}}
}

func (b bench) start(method payments.Method) payments.Payment {
	b.t.Helper()
	r := b.request(b.Name("key"), 150_00)
	r.Method = method
	p, err := b.Start(b.t.Context(), r)
	if err != nil {
		b.t.Fatal(err)
	}
	return p
}

// ready is a payment whose method was chosen.
func (b bench) ready(method payments.Method, o paymentstest.Outcome) payments.Payment {
	b.t.Helper()
	p, err := b.Choose(b.t.Context(), "acc_1", b.start(method).ID, paymentstest.Token(method, o))
	if err != nil {
		b.t.Fatal(err)
	}
	return p
}

var agreed = payments.Consent{Text: "I authorize this debit.", SessionID: "ses_1", IP: "192.0.2.1"}

func (b bench) submitted(method payments.Method, o paymentstest.Outcome) payments.Payment {
	b.t.Helper()
	p, err := b.Submit(b.t.Context(), "acc_1", b.ready(method, o).ID, agreed)
	if err != nil {
		b.t.Fatal(err)
	}
	return p
}

func (b bench) owed(want, reserved money.Cents) {
	b.t.Helper()
	if owed, pending, _ := b.m.Owed(b.t.Context(), "acc_1", "dbt_1"); owed != want || pending != reserved {
		b.t.Errorf("owed %s with %s pending, want %s with %s", owed, pending, want, reserved)
	}
}

func (b bench) is(p payments.Payment, err error, want payments.Status, wantErr error) {
	b.t.Helper()
	if p.Status != want || !errors.Is(err, wantErr) || wantErr == nil && err != nil {
		b.t.Errorf("%s, %v; want %s, %v", p.Status, err, want, wantErr)
	}
}

func TestAMT07_ADraftReservesNothingAndWhatIsSentDoes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.start(payments.Card)
	if p.Status != payments.Started || p.Amount != 150_00 || p.Allocations[0].DebtRef != "ref dbt_1" || p.Reference == "" {
		t.Errorf("%+v", p)
	}
	b.owed(482_17, 0)
	b.submitted(payments.BankAccount, paymentstest.Processes)
	b.owed(482_17, 150_00)
	_, err := b.Start(t.Context(), b.request("k2", 332_18))
	var problems payments.Problems
	if !errors.As(err, &problems) || problems[0].Max != 332_17 || !errors.Is(err, payments.ErrTooMuch) {
		t.Errorf("a cent beyond the rest: %v", err)
	}
}

func TestAMT07_TwoTabsCannotPayTheSameDebtTwice(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var wg sync.WaitGroup
	sent := make(chan payments.ID, 20)
	for range 20 {
		wg.Go(func() {
			p, err := b.Start(t.Context(), b.request(b.Name("tab"), 482_17))
			if err == nil {
				_, err = b.Choose(t.Context(), "acc_1", p.ID, paymentstest.Token(payments.Card, paymentstest.Challenges))
			}
			if err == nil {
				p, err = b.Submit(t.Context(), "acc_1", p.ID, agreed)
			}
			if err == nil && p.Status == payments.NeedsAction {
				sent <- p.ID
			}
		})
	}
	wg.Wait()
	if n := len(sent); n != 1 {
		t.Errorf("%d tabs sent the whole debt", n)
	}
}

func TestR17_FiftyEqualRequestsMakeOnePayment(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var wg sync.WaitGroup
	answers := make(chan payments.ID, 50)
	for range 50 {
		wg.Go(func() {
			p, err := b.Start(t.Context(), b.request("key", 482_17))
			if err != nil {
				t.Error(err)
			}
			answers <- p.ID
		})
	}
	wg.Wait()
	first := <-answers
	for range 49 {
		if id := <-answers; id != first {
			t.Errorf("%s and %s", first, id)
		}
	}
	if _, err := b.Start(t.Context(), b.request("key", 482_16)); !errors.Is(err, payments.ErrKeyReused) {
		t.Errorf("the same key with another amount: %v", err)
	}
}

func TestWhatCannotBeStarted(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for name, c := range map[string]struct {
		change func(r *payments.Request)
		want   error
	}{
		"no key":          {func(r *payments.Request) { r.RequestKey = "" }, payments.ErrNoKey},
		"no such method":  {func(r *payments.Request) { r.Method = "check" }, payments.ErrMethodRefused},
		"nothing chosen":  {func(r *payments.Request) { r.Amounts = nil }, payments.ErrNoAmount},
		"another account": {func(r *payments.Request) { r.AccountID = "acc_2" }, payments.ErrDebtClosed},
	} {
		r := b.request(name, 1_00)
		c.change(&r)
		if _, err := b.Start(t.Context(), r); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	b.owed(482_17, 0)
}

func TestGEN01_TheDecisionBehindARefusalIsKept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.m.refusal["dbt_1"] = "disputed"
	if _, err := b.Start(t.Context(), b.request("k", 1_00)); !errors.Is(err, payments.ErrDebtClosed) {
		t.Fatal(err)
	}
	if b.m.decisions != 1 {
		t.Errorf("%d decisions were kept", b.m.decisions)
	}
}

func TestR18_WhileTheBooksDoNotBalanceNoNewMoneyMoves(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ready, taken := b.ready(payments.Card, paymentstest.Succeeds), b.submitted(payments.Card, paymentstest.Succeeds)
	b.Paused = func() bool { return true }
	_, err := b.Start(t.Context(), b.request("k", 1_00))
	b.is(payments.Payment{}, err, "", payments.ErrPaused)
	p, err := b.Submit(t.Context(), "acc_1", ready.ID, agreed)
	b.is(p, err, payments.Ready, payments.ErrPaused)
	_, err = b.OpenPage(t.Context(), "acc_1", ready.ID, agreed, "", "")
	b.is(payments.Payment{}, err, "", payments.ErrPaused)
	_, err = b.Refund(t.Context(), taken.ID, payments.Back{Amount: 1_00, Key: "r"})
	b.is(payments.Payment{}, err, "", payments.ErrPaused)
	b.Processor.Set(taken.ID, paymentstest.Withdraw("R10"))
	p, _, err = b.Refresh(t.Context(), taken.ID)
	b.is(p, err, payments.Reversed, nil)
}

func TestSTR02_ACreditCardIsRefusedBeforeItIsCharged(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.m.noCredit = true
	b.Gateway = credit{b.Processor}
	p := b.start(payments.Card)
	kept := b.m.decisions
	got, err := b.Choose(t.Context(), "acc_1", p.ID, paymentstest.Token(payments.Card, paymentstest.Succeeds))
	b.is(got, err, payments.Started, payments.ErrMethodRefused)
	if b.m.decisions != kept+1 {
		t.Error("the decision is not kept")
	}
	_, err = b.OpenPage(t.Context(), "acc_1", p.ID, agreed, "", "")
	b.is(payments.Payment{}, err, "", payments.ErrMethodRefused)
	if _, err = b.OpenPage(t.Context(), "acc_1", b.start(payments.BankAccount).ID, agreed, "", ""); err != nil {
		t.Errorf("a bank account on the hosted page: %v", err)
	}
}

// credit is a processor whose cards are credit cards.
type credit struct{ *paymentstest.Processor }

func (credit) Inspect(context.Context, string) (payments.Details, error) {
	return payments.Details{Type: payments.Card, Funding: "credit"}, nil
}

func TestChoosingAMethod(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.start(payments.Card).ID
	token := paymentstest.Token(payments.Card, paymentstest.Succeeds)
	for name, c := range map[string]struct {
		account, token string
		want           error
	}{
		"no token":       {"acc_1", "", payments.ErrMethodRefused},
		"another's":      {"acc_2", token, payments.ErrNotFound},
		"a bank account": {"acc_1", paymentstest.Token(payments.BankAccount, paymentstest.Succeeds), payments.ErrMethodRefused},
		"a spent token":  {"acc_1", "spent", payments.ErrRefused},
	} {
		if p, err := b.Choose(t.Context(), c.account, id, c.token); !errors.Is(err, c.want) || c.account == "acc_2" && p.ID != "" {
			t.Errorf("%s: %v, %+v", name, err, p)
		}
	}
	for range 2 {
		p, err := b.Choose(t.Context(), "acc_1", id, token)
		b.is(p, err, payments.Ready, nil)
		if p.Revision != 1 || p.Details.Last4 == "" {
			t.Errorf("revision %d of %+v", p.Revision, p.Details)
		}
	}
	p, err := b.Choose(t.Context(), "acc_1", id, paymentstest.Token(payments.Card, paymentstest.Declines))
	b.is(p, err, payments.Ready, nil)
	p, err = b.Choose(t.Context(), "acc_1", b.submitted(payments.Card, paymentstest.Succeeds).ID, token)
	b.is(p, err, payments.Confirmed, payments.ErrNotNow)
}

func TestWhatASubmitComesTo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		method  payments.Method
		outcome paymentstest.Outcome
		want    payments.Status
		news    []payments.News
		owed    money.Cents
		pending money.Cents
	}{
		{payments.Card, paymentstest.Succeeds, payments.Confirmed, []payments.News{payments.NewsConfirmed}, 332_17, 0},
		{payments.Card, paymentstest.Declines, payments.Failed, []payments.News{payments.NewsFailed}, 482_17, 0},
		{payments.Card, paymentstest.Challenges, payments.NeedsAction, nil, 482_17, 150_00},
		{payments.BankAccount, paymentstest.Processes, payments.Processing, []payments.News{payments.NewsSubmitted}, 482_17, 150_00},
		{payments.Card, paymentstest.Vanishes, payments.Checking, nil, 482_17, 150_00},
		{payments.Card, paymentstest.Drops, payments.Checking, nil, 482_17, 150_00},
		{payments.Card, paymentstest.Refuses, payments.Failed, []payments.News{payments.NewsFailed}, 482_17, 0},
	} {
		b := setup(t)
		p := b.submitted(c.method, c.outcome)
		b.is(p, nil, c.want, nil)
		b.owed(c.owed, c.pending)
		if !slices.Equal(b.m.news, c.news) {
			t.Errorf("%s: told %v", c.outcome, b.m.news)
		}
		again, err := b.Submit(t.Context(), "acc_1", p.ID, payments.Consent{})
		b.is(again, err, c.want, nil)
		if n := b.Processor.Calls("Charge"); n != 1 {
			t.Errorf("%s: the processor was asked %d times", c.outcome, n)
		}
	}
}

func TestR17_FiftySubmitsAtOnceChargeOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.ready(payments.Card, paymentstest.Succeeds).ID
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if _, err := b.Submit(t.Context(), "acc_1", id, agreed); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := b.Processor.Calls("Charge"); n != 1 {
		t.Errorf("%d charges", n)
	}
	b.owed(332_17, 0)
}

func TestACH03_ABankAccountIsDebitedOnlyOnAnAuthorizationThatIsKept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.ready(payments.BankAccount, paymentstest.Processes).ID
	p, err := b.Submit(t.Context(), "acc_1", id, payments.Consent{})
	b.is(p, err, payments.Ready, payments.ErrNeedsConsent)
	p, err = b.Submit(t.Context(), "acc_1", id, agreed)
	b.is(p, err, payments.Processing, nil)
	if p.Consent.Text != agreed.Text || len(p.Consent.TextHash) != 64 || !p.Consent.At.Equal(p.SubmittedAt) || p.Consent.IP != agreed.IP {
		t.Errorf("proof %+v", p.Consent)
	}
}

func TestWhatCannotBeSubmitted(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p, err := b.Submit(t.Context(), "acc_1", b.start(payments.Card).ID, agreed)
	b.is(p, err, payments.Started, payments.ErrNotNow)
	p, err = b.Submit(t.Context(), "acc_2", b.ready(payments.Card, paymentstest.Succeeds).ID, agreed)
	b.is(p, err, "", payments.ErrNotFound)
	p, err = b.Submit(t.Context(), "acc_1", "pay_none", agreed)
	b.is(p, err, "", payments.ErrNotFound)
	if b.Processor.Calls("Begin") != 0 {
		t.Error("the processor was asked")
	}
}

func TestAMT06_ADebtThatWasDisputedMeanwhileIsNotPaid(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.ready(payments.Card, paymentstest.Succeeds).ID
	b.m.refusal["dbt_1"] = "disputed"
	kept := b.m.decisions
	p, err := b.Submit(t.Context(), "acc_1", id, agreed)
	b.is(p, err, payments.Ready, payments.ErrDebtClosed)
	if b.m.decisions != kept+1 || b.Processor.Calls("Begin") != 0 {
		t.Errorf("%d decisions, %d calls", b.m.decisions-kept, b.Processor.Calls("Begin"))
	}
}

func TestAPaymentThatCouldNotBeBegunTookNothing(t *testing.T) {
	t.Parallel()
	for cause, code := range map[error]string{
		payments.ErrUnknownOutcome: payments.FailureUnreachable, payments.ErrRefused: payments.FailureRefused,
	} {
		b := setup(t)
		b.Processor.Fail("Begin", cause)
		p := b.submitted(payments.Card, paymentstest.Succeeds)
		if p.Status != payments.Failed || p.Failure.Code != code || b.Processor.Calls("Charge") != 0 {
			t.Errorf("%s, %+v", p.Status, p.Failure)
		}
		b.owed(482_17, 0)
	}
}

func TestALostAnswerIsFoundOutAndNeverChargedAgain(t *testing.T) {
	t.Parallel()
	for outcome, want := range map[paymentstest.Outcome]payments.Status{
		paymentstest.Vanishes: payments.Confirmed, paymentstest.Drops: payments.Canceled,
	} {
		b := setup(t)
		p := b.submitted(payments.Card, outcome)
		b.is(p, nil, payments.Checking, nil)
		if p, _, err := b.Refresh(t.Context(), p.ID); outcome == paymentstest.Drops {
			b.is(p, err, payments.Checking, nil) // it may still arrive
		}
		b.Clock.Advance(paymentstest.StaleAfter)
		p, _, err := b.Refresh(t.Context(), p.ID)
		b.is(p, err, want, nil)
		if n := b.Processor.Calls("Charge"); n != 1 {
			t.Errorf("%d charges", n)
		}
	}
}

func TestARefusedChargeStaysUnknownUntilItIsCanceled(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.Processor.Fail("Cancel", payments.ErrUnknownOutcome)
	p := b.submitted(payments.Card, paymentstest.Refuses)
	b.is(p, nil, payments.Checking, nil)
	b.Clock.Advance(paymentstest.StaleAfter)
	p, _, err := b.Refresh(t.Context(), p.ID)
	b.is(p, err, payments.Canceled, nil)
}

// slow is a processor that takes so long to begin that the payment is swept.
type slow struct {
	*paymentstest.Processor
	b bench
}

func (s slow) Begin(ctx context.Context, p payments.Payment) (string, error) {
	s.b.Clock.Advance(paymentstest.StaleAfter)
	if _, err := s.b.Sweep(ctx, 10); err != nil {
		s.b.t.Error(err)
	}
	return s.Processor.Begin(ctx, p)
}

func TestAPaymentGivenUpWhileItBeganIsNotCharged(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.Gateway = slow{b.Processor, b}
	p := b.submitted(payments.Card, paymentstest.Succeeds)
	if p.Status != payments.Canceled || b.Processor.Calls("Charge") != 0 {
		t.Errorf("%s after %d charges", p.Status, b.Processor.Calls("Charge"))
	}
	b.owed(482_17, 0)
}

// eager is a processor whose event about a new intent is faster than its
// answer.
type eager struct {
	*paymentstest.Processor
	b bench
}

func (e eager) Begin(ctx context.Context, p payments.Payment) (string, error) {
	id, err := e.Processor.Begin(ctx, p)
	if _, failed := e.b.Handle(ctx, e.Event(p.ID, "evt_eager")); failed != nil {
		e.b.t.Error(failed)
	}
	return id, err
}

func TestAnEventThatOvertakesTheAnswerDoesNotStopThePayment(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.Gateway = eager{b.Processor, b}
	b.is(b.submitted(payments.Card, paymentstest.Succeeds), nil, payments.Confirmed, nil)
	b.owed(332_17, 0)
}

func TestTheOutcomeIsRecordedThoughTheConsumerHasGone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.ready(payments.Card, paymentstest.Succeeds).ID
	ctx, leave := context.WithCancel(t.Context())
	b.Gateway = leaving{b.Processor, leave}
	p, err := b.Submit(ctx, "acc_1", id, agreed)
	b.is(p, err, payments.Confirmed, nil)
}

type leaving struct {
	*paymentstest.Processor
	leave func()
}

func (l leaving) Begin(ctx context.Context, p payments.Payment) (string, error) {
	defer l.leave()
	return l.Processor.Begin(ctx, p)
}

func TestAWatchersErrorUndoesTheChange(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.submitted(payments.BankAccount, paymentstest.Processes).ID
	b.Processor.Set(id, paymentstest.Take)
	b.m.broken = errors.New("the outbox is full")
	p, _, err := b.Refresh(t.Context(), id)
	b.is(p, err, payments.Processing, b.m.broken)
	b.owed(482_17, 150_00)
	b.m.broken = nil
	p, _, err = b.Refresh(t.Context(), id)
	b.is(p, err, payments.Confirmed, nil)
	b.owed(332_17, 0)
}
