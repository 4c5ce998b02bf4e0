package record_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"quittance/plans"
	"quittance/portal/debt"
	"quittance/portal/intake"
	"quittance/portal/record"
)

var now = time.Date(2026, 11, 22, 15, 0, 0, 0, time.UTC)

// world is a system of record, and what is known of one debt.
type world struct {
	now    time.Time
	known  time.Time
	answer string
	err    error
	asked  []string
	took   []intake.Standing
}

func (w *world) Fetch(ctx context.Context, address, token string) ([]byte, error) {
	if _, bounded := ctx.Deadline(); !bounded || token != "secret" {
		return nil, errors.New("asked without a deadline or a token")
	}
	w.asked = append(w.asked, address)
	return []byte(w.answer), w.err
}

func (w *world) Account(context.Context, debt.AccountID) (debt.Account, error) {
	return debt.Account{ID: "acc_1", Ref: "A 1"}, nil
}

func (w *world) AccountStatements(context.Context, debt.AccountID) ([]debt.Statement, error) {
	return []debt.Statement{{Debt: debt.Debt{ID: "dbt_1", Snapshot: debt.Snapshot{AsOf: w.known}}}}, nil
}

func (w *world) Stand(_ context.Context, s intake.Standing) error {
	w.took = append(w.took, s)
	return nil
}

func setup() (*world, *record.Asker) {
	w := &world{now: now, known: now.Add(-2 * time.Hour), answer: `{"status":"active","balance_cents":48217,"as_of":"2026-11-22T14:59:00Z"}`}
	return w, &record.Asker{
		URL: "https://sor.example.com/status?key=1", Token: "secret", Fetcher: w, Accounts: w, Taker: w, Now: func() time.Time { return w.now },
	}
}

var plan = plans.Plan{AccountID: "acc_1", Debt: plans.DebtRef{ID: "dbt_1", Ref: "D-1"}}

func TestWHK05_TheAnswerIsTakenInAsThePlacementOfThatMoment(t *testing.T) {
	t.Parallel()
	w, a := setup()
	if err := a.Ask(t.Context(), plan); err != nil {
		t.Fatal(err)
	}
	want := intake.Standing{AccountRef: "A 1", DebtRef: "D-1", Status: debt.Active, Balance: 48217, AsOf: now.Add(-time.Minute)}
	if len(w.took) != 1 || w.took[0] != want {
		t.Errorf("took %+v", w.took)
	}
	u, err := url.Parse(w.asked[0])
	if err != nil || u.Query().Get("account_ref") != "A 1" || u.Query().Get("debt_ref") != "D-1" || u.Query().Get("key") != "1" {
		t.Errorf("asked %s, %v", w.asked[0], err)
	}
}

func TestWHK05_WhatIsFreshIsNotAskedAgain(t *testing.T) {
	t.Parallel()
	for age, asked := range map[time.Duration]int{0: 0, time.Hour: 0, time.Hour + time.Second: 1} {
		w, a := setup()
		w.known = now.Add(-age)
		if err := a.Ask(t.Context(), plan); err != nil || len(w.asked) != asked {
			t.Errorf("known since %v: asked %d times, %v", age, len(w.asked), err)
		}
	}
}

func TestWHK05_AnAnswerThatDoesNotSayEverythingIsNone(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{
		``, `[]`, `{}`, `not json`,
		`{"status":"fine","balance_cents":1,"as_of":"2026-11-22T14:59:00Z"}`,
		`{"status":"active","as_of":"2026-11-22T14:59:00Z"}`,
		`{"status":"active","balance_cents":1}`,
		`{"status":"active","balance_cents":1.5,"as_of":"2026-11-22T14:59:00Z"}`,
		`{"status":"active","balance_cents":1,"as_of":"2026-11-22T13:59:59Z"}`,
		`{"status":"active","balance_cents":1,"as_of":"2026-11-22T15:06:00Z"}`,
	} {
		w, a := setup()
		w.answer = answer
		if err := a.Ask(t.Context(), plan); !errors.Is(err, record.ErrBad) || len(w.took) != 0 {
			t.Errorf("%s: %v, took %v", answer, err, w.took)
		}
	}
	w, a := setup()
	if err := a.Ask(t.Context(), plans.Plan{AccountID: "acc_1", Debt: plans.DebtRef{ID: "dbt_9"}}); err == nil || len(w.asked) != 0 {
		t.Errorf("a debt that is not placed: %v", err)
	}
}

func TestOneThatIsDownIsLeftAloneForAWhileThatGrows(t *testing.T) {
	t.Parallel()
	w, a := setup()
	w.err = errors.New("connection refused")
	ask := func() int {
		if err := a.Ask(t.Context(), plan); !errors.Is(err, record.ErrSilent) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%v", err)
		}
		return len(w.asked)
	}
	for range 20 {
		ask()
	}
	if len(w.asked) != 3 {
		t.Fatalf("asked %d times at once", len(w.asked))
	}
	w.now = w.now.Add(10 * time.Second)
	if first, second := ask(), ask(); first != 4 || second != 4 {
		t.Errorf("asked %d times", len(w.asked))
	}
	w.now = w.now.Add(10 * time.Second)
	if ask() != 4 {
		t.Error("the second rest is as short as the first")
	}
	w.now, w.err = now.Add(time.Minute), nil
	if err := a.Ask(t.Context(), plan); err != nil {
		t.Errorf("after it came back: %v", err)
	}
}
