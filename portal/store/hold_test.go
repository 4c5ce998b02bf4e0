package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"quittance/portal/debt"
	"quittance/portal/hold"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// heard keeps what a watcher of holds was told.
type heard struct{ changes []hold.Change }

func (h *heard) HoldsChanged(_ context.Context, c hold.Change) error {
	h.changes = append(h.changes, c)
	return nil
}

func holds(s *store.Store, w ...hold.Watcher) *hold.Service {
	n := 0
	return &hold.Service{
		Tx: s, Store: s, Watchers: w, Now: func() time.Time { return noon },
		NewID: func() string { n++; return fmt.Sprintf("hld_%d", n) },
	}
}

func TestDIS02_AHoldStandsOnItsDebtUntilItsSourceIsAnswered(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000, 20000)
		listener := &heard{}
		desk := holds(s, listener)
		h := debt.Hold{AccountID: "acc_1", DebtID: "dbt_1", Status: debt.Disputed, Amount: 2500, Source: "dsp_1"}
		for range 2 { // the second time it stands already
			if err := desk.Place(t.Context(), []debt.Hold{h}); err != nil {
				t.Fatal(err)
			}
		}
		h.ID, h.OpenedAt = "hld_1", noon
		for name, read := range map[string]func() ([]debt.Statement, error){
			"all": func() ([]debt.Statement, error) { return s.AccountStatements(t.Context(), "acc_1") },
			"some": func() ([]debt.Statement, error) {
				return s.Statements(t.Context(), "acc_1", []debt.ID{"dbt_1", "dbt_2"}, "")
			},
			"overview": func() ([]debt.Statement, error) {
				_, all, _, err := s.Overview(t.Context(), "acc_1", 5)
				return all, err
			},
		} {
			all, err := read()
			if err != nil || len(all) != 2 || len(all[0].Debt.Holds) != 1 || all[0].Debt.Holds[0] != h || len(all[1].Debt.Holds) != 0 {
				t.Errorf("%s: %+v, %v", name, all, err)
			}
		}
		closed, err := desk.Release(t.Context(), "dsp_1")
		if err != nil || len(closed) != 1 || closed[0] != h {
			t.Fatalf("closed %+v, %v", closed, err)
		}
		if closed, err = desk.Release(t.Context(), "dsp_1"); err != nil || len(closed) != 0 {
			t.Errorf("closed again: %+v, %v", closed, err)
		}
		all, err := s.AccountStatements(t.Context(), "acc_1")
		if err != nil || len(all[0].Debt.Holds) != 0 {
			t.Errorf("after: %+v, %v", all[0].Debt.Holds, err)
		}
		if len(listener.changes) != 2 || len(listener.changes[0].Opened) != 1 || len(listener.changes[1].Closed) != 1 || listener.changes[1].Closed[0].DebtID != "dbt_1" {
			t.Errorf("heard %+v", listener.changes)
		}
	})
}

func TestDIS02_AHoldIsGoneWithTheTransactionThatOpenedIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000)
		err := s.InTx(t.Context(), func(ctx context.Context) error {
			if err := holds(s).Place(ctx, []debt.Hold{{AccountID: "acc_1", DebtID: "dbt_1", Status: debt.Cease, Source: "pref_1"}}); err != nil {
				return err
			}
			return context.Canceled
		})
		all, readErr := s.AccountStatements(t.Context(), "acc_1")
		if err == nil || readErr != nil || len(all[0].Debt.Holds) != 0 {
			t.Errorf("%v, %v: %+v", err, readErr, all[0].Debt.Holds)
		}
	})
}

func TestAHoldSaysWhatItIsAbout(t *testing.T) {
	t.Parallel()
	whole := debt.Hold{AccountID: "acc_1", DebtID: "dbt_1", Status: debt.Disputed, Source: "dsp_1"}
	for name, spoil := range map[string]func(*debt.Hold){
		"account": func(h *debt.Hold) { h.AccountID = "" }, "debt": func(h *debt.Hold) { h.DebtID = "" },
		"source": func(h *debt.Hold) { h.Source = "" }, "status": func(h *debt.Hold) { h.Status = "odd" },
		"amount": func(h *debt.Hold) { h.Amount = -1 },
	} {
		h := whole
		spoil(&h)
		desk := &hold.Service{Now: time.Now}
		if err := desk.Place(t.Context(), []debt.Hold{h}); err != hold.ErrIncomplete { //nolint:errorlint // nothing wraps it
			t.Errorf("%s: %v", name, err)
		}
	}
}
