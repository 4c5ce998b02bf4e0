package payments_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/paymentstest"
)

// listed is what the processor lists, whatever the days.
type listed []payments.Truth

func (l listed) Payments(context.Context, time.Time, time.Time, int) ([]payments.Truth, error) {
	return l, nil
}

func TestSTR05_EachWayInWhichTheBooksDifferIsADifference(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.November, 22, 3, 0, 0, 0, time.UTC)
	posted := payments.Payment{ID: "pay_1", IntentID: "pi_1", Amount: 15000, Status: payments.Confirmed}
	held := payments.Truth{PaymentID: "pay_1", IntentID: "pi_1", State: payments.IntentSucceeded, Amount: 15000, Received: 15000, Currency: "usd"}
	type change = func(*payments.Payment, *payments.Truth)
	for name, c := range map[string]struct {
		change          change
		differs         bool
		expected, found int64
	}{
		"the same":       {func(*payments.Payment, *payments.Truth) {}, false, 0, 0},
		"went back":      {func(p *payments.Payment, _ *payments.Truth) { p.Status = payments.Reversed }, false, 0, 0},
		"less received":  {func(_ *payments.Payment, t *payments.Truth) { t.Received = 14000 }, true, 15000, 14000},
		"asked for more": {func(_ *payments.Payment, t *payments.Truth) { t.Amount, t.Received = 15100, 15100 }, true, 15000, 15100},
		"not posted":     {func(p *payments.Payment, _ *payments.Truth) { p.Status = payments.Failed }, true, 0, 15000},
		"not taken":      {func(_ *payments.Payment, t *payments.Truth) { t.State, t.Received = payments.IntentCanceled, 0 }, true, 15000, 0},
		"asked about soon": {func(p *payments.Payment, _ *payments.Truth) {
			p.Status, p.CheckAt = payments.Processing, now.Add(-time.Minute)
		}, false, 0, 0},
		"overlooked": {func(p *payments.Payment, _ *payments.Truth) {
			p.Status, p.CheckAt = payments.Processing, now.Add(-2*time.Hour)
		}, true, 0, 15000},
		"a second, open":      {func(_ *payments.Payment, t *payments.Truth) { t.IntentID, t.State = "pi_2", payments.IntentOpen }, false, 0, 0},
		"a second, that pays": {func(_ *payments.Payment, t *payments.Truth) { t.IntentID = "pi_2" }, true, 15000, 15000},
	} {
		p, truth := posted, held
		c.change(&p, &truth)
		m, differs := payments.Compare(p, truth, now)
		if differs != c.differs || int64(m.Expected) != c.expected || int64(m.Found) != c.found || differs == (m.Reason == "") {
			t.Errorf("%s: %v, %+v", name, differs, m)
		}
	}
}

func TestSTR05_TheNightlyLookTellsTheAlarmsAndMovesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.submitted(payments.Card, paymentstest.Succeeds)
	truth, err := b.Gateway.Fetch(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	short, foreign, open := truth, truth, truth
	short.Received -= 100
	foreign.PaymentID, foreign.IntentID = "", "pi_foreign"
	open.PaymentID, open.IntentID, open.State = "", "pi_open", payments.IntentOpen
	b.List = listed{truth, open}
	if err := b.Reconcile(t.Context()); err != nil || len(b.m.alarms) != 0 {
		t.Errorf("the same books: %v, %v", b.m.alarms, err)
	}
	b.List = listed{short, foreign}
	if err := b.Reconcile(t.Context()); err != nil {
		t.Error(err)
	}
	if len(b.m.alarms) != 2 || !strings.HasPrefix(b.m.alarms[0], string(p.ID)+": ") || !slices.Contains(b.m.alarms, ": the portal knows of no such payment") {
		t.Errorf("alarms %q", b.m.alarms)
	}
	after, err := b.Store.Payment(t.Context(), p.ID)
	b.is(after, err, payments.Confirmed, nil)
}

// unlisted cannot say what the processor holds.
type unlisted struct{}

func (unlisted) Payments(context.Context, time.Time, time.Time, int) ([]payments.Truth, error) {
	return nil, errDeaf
}

// closing is a store whose books close after so many payments were read.
type closing struct {
	payments.Store
	after *int
}

func (c closing) Payment(ctx context.Context, id payments.ID) (payments.Payment, error) {
	if *c.after--; *c.after < 0 {
		return payments.Payment{}, errDeaf
	}
	return c.Store.Payment(ctx, id)
}

func TestSTR05_ANightlyLookThatCannotBeFinishedIsAnError(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.submitted(payments.Card, paymentstest.Succeeds)
	truth, err := b.Gateway.Fetch(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	short := truth
	short.Received -= 100
	whole := *b.Service
	for name, spoil := range map[string]func(*payments.Service){
		"no list":             func(s *payments.Service) { s.List = unlisted{} },
		"no books":            func(s *payments.Service) { s.Store = closing{s.Store, new(int)} },
		"the books close":     func(s *payments.Service) { one := 1; s.Store = closing{s.Store, &one} },
		"the alarm is broken": func(s *payments.Service) { s.List, s.Alarms = listed{short}, []payments.Alarm{deaf{}} },
	} {
		s := whole
		s.List = listed{truth}
		spoil(&s)
		if err := s.Reconcile(t.Context()); !errors.Is(err, errDeaf) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
