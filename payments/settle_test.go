package payments_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/payments/paymentstest"
)

func (b bench) handle(e payments.Event, want payments.Handling, wantErr error) {
	b.t.Helper()
	if got, err := b.Handle(b.t.Context(), e); got != want || !errors.Is(err, wantErr) || wantErr == nil && err != nil {
		b.t.Errorf("%s, %v; want %s, %v", got, err, want, wantErr)
	}
}

func TestSTR05_AnEventHasItsEffectsOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.submitted(payments.BankAccount, paymentstest.Processes).ID
	b.Processor.Set(id, paymentstest.Take)
	e := b.Processor.Event(id, "evt_1")
	b.handle(e, payments.Applied, nil)
	b.handle(e, payments.Duplicate, nil)
	if n := b.Processor.Calls("Fetch"); n != 1 {
		t.Errorf("asked %d times", n)
	}
	b.handle(b.Processor.Event(id, "evt_2"), payments.Applied, nil)
	b.owed(332_17, 0)
	if len(b.m.news) != 2 {
		t.Errorf("told %v", b.m.news)
	}
}

func TestAnEventThatComesTwiceAtOnceIsRecordedOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.submitted(payments.BankAccount, paymentstest.Processes).ID
	e := b.Processor.Event(id, "evt_1")
	b.Processor.Between(func() { b.handle(e, payments.Applied, nil) })
	b.handle(e, payments.Duplicate, nil)
}

func TestS15_AnEventOfTheOtherModeIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	e := b.Processor.Event(b.submitted(payments.Card, paymentstest.Succeeds).ID, "evt_1")
	e.LiveMode = true
	b.handle(e, payments.Refused, payments.ErrWrongMode)
	b.ExpectLive = true
	b.handle(e, payments.Applied, nil)
}

func TestAnEventAboutNoPaymentOfOursIsRecordedAndCounted(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for i, e := range []payments.Event{{ID: "evt_1", IntentID: "pi_else"}, {ID: "evt_2", PaymentID: "pay_else"}, {ID: "evt_3"}} {
		b.handle(e, payments.Unknown, nil)
		b.handle(e, payments.Duplicate, nil)
		if b.Processor.Calls("Fetch") != 0 {
			t.Errorf("%d: the processor was asked", i)
		}
	}
}

func TestAnEventFindsItsPaymentByIntentAndByHostedPage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.submitted(payments.BankAccount, paymentstest.Processes)
	b.Processor.Set(p.ID, paymentstest.Take)
	b.handle(payments.Event{ID: "evt_1", IntentID: p.IntentID}, payments.Applied, nil)
	b.owed(332_17, 0)
	h := b.start(payments.Card)
	if _, err := b.OpenPage(t.Context(), "acc_1", h.ID, agreed, "", ""); err != nil {
		t.Fatal(err)
	}
	b.Processor.Set(h.ID, paymentstest.Take)
	b.handle(payments.Event{ID: "evt_2", CheckoutID: "cs_" + string(h.ID)}, payments.Applied, nil)
	b.owed(182_17, 0)
}

func TestS15_AWrongAmountMovesNothingAndRaisesTheAlarm(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.submitted(payments.BankAccount, paymentstest.Processes).ID
	b.Processor.Set(id, func(w *payments.Truth) { paymentstest.Take(w); w.Received-- })
	e := b.Processor.Event(id, "evt_1")
	b.handle(e, payments.Refused, payments.ErrWrongTruth)
	b.handle(e, payments.Duplicate, nil)
	b.owed(482_17, 150_00)
	p, _, err := b.Refresh(t.Context(), id)
	b.is(p, err, payments.Processing, payments.ErrWrongTruth)
	if len(b.m.alarms) != 2 {
		t.Errorf("alarms %v", b.m.alarms)
	}
	if p, _ = b.Store.Payment(t.Context(), id); !p.CheckAt.After(b.Clock.Now()) {
		t.Errorf("it is asked about again at %v", p.CheckAt)
	}
}

func TestS15_AnotherIntentInThePaymentsNameRaisesTheAlarm(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.submitted(payments.BankAccount, paymentstest.Processes).ID
	b.Processor.Set(id, func(w *payments.Truth) { w.IntentID = "pi_second" })
	b.handle(b.Processor.Event(id, "evt_1"), payments.Refused, payments.ErrWrongTruth)
	b.Alarms = []payments.Alarm{deaf{}}
	b.handle(b.Processor.Event(id, "evt_2"), "", errDeaf)
	if b.m.events["evt_2"] {
		t.Error("an event was recorded though its alarm was not")
	}
}

// warned keeps what a person has to see, while the transaction stands.
type warned struct{ all []string }

func (w *warned) Warn(_ context.Context, g payments.Warning, about payments.ID, _ time.Time) error {
	w.all = append(w.all, string(g.Kind)+" "+g.Subject+" "+string(about))
	return nil
}

func TestSTR14_WhatAPersonHasToSeeIsToldOnceWithItsPaymentIfAny(t *testing.T) {
	t.Parallel()
	b, w := setup(t), &warned{}
	b.Warnings = w
	id := b.submitted(payments.BankAccount, paymentstest.Processes).ID
	e := b.Processor.Event(id, "evt_1")
	e.Warning = payments.Warning{Kind: payments.DisputeWarning, Subject: "dp_1"}
	b.handle(e, payments.Applied, nil)
	b.handle(e, payments.Duplicate, nil)
	b.handle(payments.Event{ID: "evt_2", Warning: payments.Warning{Kind: payments.PayoutFailed, Subject: "po_1"}}, payments.Unknown, nil)
	b.handle(b.Processor.Event(id, "evt_3"), payments.Applied, nil)
	if want := []string{"dispute dp_1 " + string(id), "payout_failed po_1 "}; !slices.Equal(w.all, want) {
		t.Errorf("told %q, want %q", w.all, want)
	}
	b.Warnings = deaf{}
	e = b.Processor.Event(id, "evt_4")
	e.Warning = payments.Warning{Kind: payments.DisputeWarning, Subject: "dp_2"}
	b.handle(e, "", errDeaf)
	if b.m.events["evt_4"] {
		t.Error("an event was recorded though nobody was told what to look at")
	}
}

type deaf struct{}

var errDeaf = errors.New("nobody listens")

func (deaf) Mismatch(context.Context, payments.Mismatch) error { return errDeaf }

func (deaf) Warn(context.Context, payments.Warning, payments.ID, time.Time) error { return errDeaf }

func TestAnEventWhoseTruthCannotBeFetchedComesAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.submitted(payments.BankAccount, paymentstest.Processes).ID
	b.Processor.Set(id, paymentstest.Take)
	b.Processor.Fail("Fetch", payments.ErrUnknownOutcome)
	e := b.Processor.Event(id, "evt_1")
	b.handle(e, "", payments.ErrUnknownOutcome)
	b.handle(e, payments.Applied, nil)
	b.owed(332_17, 0)
}

func TestAnOvertakenAnswerChangesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.submitted(payments.Card, paymentstest.Succeeds).ID
	b.Processor.Between(func() {
		b.Clock.Advance(time.Second)
		b.Processor.Set(id, paymentstest.Withdraw("R10"))
		if _, _, err := b.Refresh(t.Context(), id); err != nil {
			t.Error(err)
		}
	})
	p, _, err := b.Refresh(t.Context(), id)
	b.is(p, err, payments.Reversed, nil)
	b.owed(482_17, 0)
}

func TestAQuestionAskedLaterIsNewerThoughTheClockIsBehind(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.submitted(payments.Card, paymentstest.Succeeds).ID
	b.Clock.Advance(-time.Hour) // another machine's
	b.Processor.Set(id, paymentstest.Withdraw("R10"))
	p, _, err := b.Refresh(t.Context(), id)
	b.is(p, err, payments.Reversed, nil)
}

func TestTheHostedPage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.start(payments.Card).ID
	var first string
	for range 2 {
		url, err := b.OpenPage(t.Context(), "acc_1", id, agreed, "https://portal.example/back", "https://portal.example/stop")
		if err != nil || url == "" || first != "" && url != first {
			t.Fatalf("%q, %v", url, err)
		}
		first = url
	}
	p, err := b.Submit(t.Context(), "acc_1", id, agreed)
	b.is(p, err, payments.NeedsAction, nil)
	b.owed(482_17, 150_00)
	b.Clock.Advance(paymentstest.AbandonAfter)
	p, _, err = b.Refresh(t.Context(), id)
	b.is(p, err, payments.Canceled, nil)
	b.owed(482_17, 0)
	_, err = b.OpenPage(t.Context(), "acc_1", id, agreed, "", "")
	b.is(payments.Payment{}, err, "", payments.ErrNotNow)
}

func TestAMT08_ACH03_TheHostedPageIsOpenedOnlyOnWhatWasAgreedTo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, method := range []payments.Method{payments.Card, payments.BankAccount} {
		id := b.start(method).ID
		asked := b.Processor.Calls("OpenPage")
		_, err := b.OpenPage(t.Context(), "acc_1", id, payments.Consent{SessionID: "ses_1"}, "", "")
		b.is(payments.Payment{}, err, "", payments.ErrNeedsConsent)
		if b.Processor.Calls("OpenPage") != asked {
			t.Errorf("%s: the processor was asked", method)
		}
		if _, err = b.OpenPage(t.Context(), "acc_1", id, agreed, "", ""); err != nil {
			t.Fatal(err)
		}
		p, err := b.Store.Payment(t.Context(), id)
		b.is(p, err, payments.NeedsAction, nil)
		if c := p.Consent; c.Text != agreed.Text || c.TextHash == "" || c.IP != agreed.IP || !c.At.Equal(b.Clock.Now()) {
			t.Errorf("%s: kept %+v", method, c)
		}
		_, err = b.OpenPage(t.Context(), "acc_1", id, payments.Consent{Text: "Something else."}, "", "")
		if p, _ = b.Store.Payment(t.Context(), id); err != nil || p.Consent.Text != agreed.Text {
			t.Errorf("%s: opened again it says %q, %v", method, p.Consent.Text, err)
		}
		if _, err = b.Cancel(t.Context(), "acc_1", id); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAHostedPageIsNotShownUnlessItIsStored(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.start(payments.Card).ID
	for name, c := range map[string]struct {
		account string
		prepare func()
		want    error
	}{
		"another's":        {"acc_2", func() {}, payments.ErrNotFound},
		"a disputed debt":  {"acc_1", func() { b.m.refusal["dbt_1"] = "disputed" }, payments.ErrDebtClosed},
		"no answer":        {"acc_1", func() { b.Processor.Fail("OpenPage", payments.ErrUnknownOutcome) }, payments.ErrUnknownOutcome},
		"nobody is told":   {"acc_1", func() { b.m.broken = errDeaf }, errDeaf},
		"given up by then": {"acc_1", func() { b.Hosted = late{b} }, payments.ErrNotNow},
	} {
		b.m.refusal, b.m.broken = map[string]string{}, nil
		c.prepare()
		if url, err := b.OpenPage(t.Context(), c.account, id, agreed, "", ""); url != "" || !errors.Is(err, c.want) {
			t.Errorf("%s: %q, %v", name, url, err)
		}
		b.Hosted = b.Processor
		if name == "given up by then" {
			id = b.start(payments.Card).ID
		}
	}
}

// late opens a page after the consumer has canceled in another tab.
type late struct{ b bench }

func (l late) OpenPage(ctx context.Context, p payments.Payment, back, stop string) (string, string, error) {
	l.b.m.broken = nil
	if _, err := l.b.Cancel(ctx, p.AccountID, p.ID); err != nil {
		l.b.t.Error(err)
	}
	return l.b.Processor.OpenPage(ctx, p, back, stop)
}

func TestSTR11_MicrodepositsAreWaitedFor(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.submitted(payments.BankAccount, paymentstest.Challenges).ID
	b.Processor.Set(id, func(w *payments.Truth) { w.Microdeposits = true })
	b.Clock.Advance(3 * 24 * time.Hour)
	p, truth, err := b.Refresh(t.Context(), id)
	b.is(p, err, payments.NeedsAction, nil)
	if !truth.Microdeposits {
		t.Error("the page is not told what is waited for")
	}
	b.Processor.Set(id, func(w *payments.Truth) { w.Microdeposits = false })
	p, _, err = b.Refresh(t.Context(), id)
	b.is(p, err, payments.Canceled, nil)
}

func TestGivingUpFindsMoneyThatWasTakenMeanwhile(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.submitted(payments.Card, paymentstest.Challenges).ID
	b.Clock.Advance(paymentstest.AbandonAfter)
	b.Processor.Between(func() { b.Processor.Set(id, paymentstest.Take) })
	p, _, err := b.Refresh(t.Context(), id)
	b.is(p, err, payments.Confirmed, nil)
	b.owed(332_17, 0)
}

func TestCanceling(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, c := range []struct {
		outcome paymentstest.Outcome
		want    payments.Status
		err     error
	}{
		{paymentstest.Challenges, payments.Canceled, nil},
		{paymentstest.Declines, payments.Failed, nil},
		{paymentstest.Processes, payments.Processing, payments.ErrNotNow},
		{paymentstest.Succeeds, payments.Confirmed, payments.ErrNotNow},
	} {
		id := b.submitted(payments.Card, c.outcome).ID
		for range 2 {
			p, err := b.Cancel(t.Context(), "acc_1", id)
			b.is(p, err, c.want, c.err)
		}
		p, err := b.Cancel(t.Context(), "acc_2", id)
		b.is(p, err, "", payments.ErrNotFound)
	}
	p, err := b.Cancel(t.Context(), "acc_1", b.start(payments.Card).ID)
	b.is(p, err, payments.Canceled, nil)
	id := b.submitted(payments.Card, paymentstest.Challenges).ID
	b.Processor.Fail("Cancel", payments.ErrUnknownOutcome)
	p, err = b.Cancel(t.Context(), "acc_1", id)
	b.is(p, err, payments.NeedsAction, payments.ErrUnknownOutcome)
}

func TestRefunding(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.submitted(payments.Card, paymentstest.Succeeds).ID
	for range 2 {
		p, err := b.Refund(t.Context(), id, payments.Back{Amount: 50_00, Key: "r1"})
		b.is(p, err, payments.Confirmed, nil)
		b.owed(382_17, 0)
	}
	for _, c := range []struct {
		amount int
		key    string
		want   error
	}{{100_01, "r2", payments.ErrTooMuch}, {0, "r2", payments.ErrBadAmount}, {-1, "r2", payments.ErrBadAmount}, {1, "", payments.ErrNoKey}} {
		if _, err := b.Refund(t.Context(), id, payments.Back{Amount: money.Cents(c.amount), Key: c.key}); !errors.Is(err, c.want) {
			t.Errorf("%d: %v", c.amount, err)
		}
	}
	p, err := b.Refund(t.Context(), id, payments.Back{Amount: 100_00, Key: "r2"})
	b.is(p, err, payments.Refunded, nil)
	b.owed(482_17, 0)
	p, err = b.Refund(t.Context(), id, payments.Back{Amount: 1, Key: "r3"})
	b.is(p, err, payments.Refunded, payments.ErrNotNow)
	p, err = b.Refund(t.Context(), "pay_none", payments.Back{Amount: 1, Key: "r3"})
	b.is(p, err, "", payments.ErrNotFound)
}

func TestSTR13_APaymentTheBankTookBackIsNotRefunded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.submitted(payments.Card, paymentstest.Succeeds).ID
	b.Processor.Set(id, paymentstest.Withdraw("R10"))
	b.handle(b.Processor.Event(id, "evt_1"), payments.Applied, nil)
	p, err := b.Refund(t.Context(), id, payments.Back{Amount: 1_00, Key: "r1"})
	b.is(p, err, payments.Reversed, payments.ErrNotNow)
	if b.Processor.Calls("Refund") != 0 {
		t.Error("the processor was asked")
	}
}

func TestARefundWhoseAnswerWasLostIsFoundBySweeping(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.submitted(payments.Card, paymentstest.Succeeds).ID
	b.Processor.Fail("Refund", payments.ErrUnknownOutcome)
	p, err := b.Refund(t.Context(), id, payments.Back{Amount: 50_00, Key: "r1"})
	b.is(p, err, payments.Confirmed, payments.ErrUnknownOutcome)
	b.Processor.Set(id, func(t *payments.Truth) { // it had arrived
		paymentstest.GiveBack(50_00)(t)
		t.Orders = []payments.Ordered{{Key: "r1", State: payments.OrderDone}}
	})
	b.Clock.Advance(paymentstest.StaleAfter)
	if n, err := b.Sweep(t.Context(), 10); n != 1 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	b.owed(382_17, 0)
	b.orders(id, payments.OrderDone)
}

func TestTryingAgainIsANewPaymentOfTheSameAmounts(t *testing.T) {
	t.Parallel()
	b := setup(t)
	old := b.submitted(payments.Card, paymentstest.Declines)
	for range 2 {
		p, err := b.Retry(t.Context(), "acc_1", old.ID, "again")
		b.is(p, err, payments.Started, nil)
		if p.ID == old.ID || p.Amount != old.Amount {
			t.Errorf("%+v", p)
		}
	}
	b.owed(482_17, 0)
	_, err := b.Retry(t.Context(), "acc_2", old.ID, "again")
	b.is(payments.Payment{}, err, "", payments.ErrNotFound)
	p, err := b.Retry(t.Context(), "acc_1", b.submitted(payments.Card, paymentstest.Vanishes).ID, "more")
	b.is(p, err, payments.Checking, payments.ErrNotNow)
}

func TestSweepingGivesUpWhatWasAbandoned(t *testing.T) {
	t.Parallel()
	b := setup(t)
	left := []payments.Payment{b.start(payments.Card), b.ready(payments.Card, paymentstest.Succeeds)}
	b.Clock.Advance(paymentstest.AbandonAfter - time.Second)
	if n, err := b.Sweep(t.Context(), 10); n != 0 || err != nil {
		t.Errorf("early: %d, %v", n, err)
	}
	b.Clock.Advance(time.Second)
	for want := 1; want >= 0; want-- {
		if n, err := b.Sweep(t.Context(), 1); n != 1 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
	}
	if n, err := b.Sweep(t.Context(), 10); n != 0 || err != nil {
		t.Errorf("again: %d, %v", n, err)
	}
	for _, p := range left {
		p, err := b.Payment(t.Context(), "acc_1", p.ID)
		b.is(p, err, payments.Canceled, nil)
	}
}

func TestSweepingOneThatCannotBeAskedAboutDoesNotHoldUpTheOthers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.submitted(payments.BankAccount, paymentstest.Processes)
	second := b.submitted(payments.BankAccount, paymentstest.Processes)
	b.Processor.Set(second.ID, paymentstest.Take)
	b.Clock.Advance(4 * 24 * time.Hour)
	b.Processor.Fail("Fetch", payments.ErrUnknownOutcome)
	n, err := b.Sweep(t.Context(), 10)
	if n != 1 || !errors.Is(err, payments.ErrUnknownOutcome) {
		t.Errorf("%d, %v", n, err)
	}
	b.owed(332_17, 150_00)
	if n, err := b.Sweep(t.Context(), 10); n != 0 || err != nil {
		t.Errorf("it is asked about again at once: %d, %v", n, err)
	}
}

func TestSweepingStopsWhenItIsTold(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.start(payments.Card)
	b.Clock.Advance(paymentstest.AbandonAfter)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if n, err := b.Sweep(ctx, 10); n != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("%d, %v", n, err)
	}
}

func TestACH08_AReturnIsFoundThoughItsEventNeverComes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.submitted(payments.Card, paymentstest.Succeeds).ID
	if err := b.Settle(t.Context(), 58); err != nil {
		t.Fatal(err)
	}
	b.Processor.Set(id, paymentstest.Withdraw("R10"))
	if err := b.Settle(t.Context(), 20); err != nil {
		t.Fatal(err)
	}
	b.owed(482_17, 0)
	if asked := b.Processor.Calls("Fetch"); asked > 40 {
		t.Errorf("the processor was asked %d times in 78 days", asked)
	}
}

func TestAPaymentComesToRestAndIsNotAskedAboutForEver(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ids := []payments.ID{
		b.submitted(payments.Card, paymentstest.Succeeds).ID, b.submitted(payments.Card, paymentstest.Declines).ID,
		b.start(payments.Card).ID,
	}
	if err := b.Settle(t.Context(), 200); err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		if p, err := b.Store.Payment(t.Context(), id); err != nil || !p.CheckAt.IsZero() {
			t.Errorf("%s is asked about again at %v, %v", p.Status, p.CheckAt, err)
		}
	}
}

func TestAPaymentIsReadByItsOwnAccountOnly(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.start(payments.Card).ID
	p, err := b.Payment(t.Context(), "acc_1", id)
	b.is(p, err, payments.Started, nil)
	p, err = b.Payment(t.Context(), "acc_2", id)
	b.is(p, err, "", payments.ErrNotFound)
	_, _, err = b.Refresh(t.Context(), "pay_none")
	b.is(payments.Payment{}, err, "", payments.ErrNotFound)
}

func TestAFreshPaymentIsLeftAloneByRefresh(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p, _, err := b.Refresh(t.Context(), b.start(payments.Card).ID)
	b.is(p, err, payments.Started, nil)
}

func TestGivingUpWithoutAnAnswerIsTriedAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.submitted(payments.Card, paymentstest.Challenges).ID
	b.Clock.Advance(paymentstest.AbandonAfter)
	b.Processor.Fail("Cancel", payments.ErrUnknownOutcome)
	p, _, err := b.Refresh(t.Context(), id)
	b.is(p, err, payments.NeedsAction, payments.ErrUnknownOutcome)
	b.Clock.Advance(paymentstest.AbandonAfter)
	if n, err := b.Sweep(t.Context(), 10); n != 1 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	b.owed(482_17, 0)
}
