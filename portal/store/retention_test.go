package store_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/ledger"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/portal/audit"
	"quittance/portal/chain"
	"quittance/portal/credit"
	"quittance/portal/debt"
	"quittance/portal/evidence"
	"quittance/portal/intake"
	"quittance/portal/outbox"
	"quittance/portal/retention"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

func TestREC01_WhatIsPastIsErasedAndTheBooksAndChainsStay(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url)
		now := noon
		log := &audit.Log{Store: s, Now: func() time.Time { return now }}
		job := &retention.Job{Store: s, Audit: log, Now: func() time.Time { return now }}
		d := owing(1, 1, 50000)
		d.Type = debt.Loan
		save(t, s, intake.Batch{NewAccounts: []intake.NewAccount{newAccount(canary())}, NewDebts: debts(d), Transfers: []ledger.Transfer{placement(d, 50000)}, At: noon})
		_, err := s.AddStatement(t.Context(), plans.Statement{ID: "fst_1", AccountID: "acc_1", RequestKey: "k", At: noon, Budget: plans.Budget{Household: 1}})
		must(t, err)
		must(t, s.AppendEvent(t.Context(), outbox.Event{ID: "evt_1", Type: "x", AccountID: "acc_1", OccurredAt: noon, Facts: []byte(`{"n":1}`)}))
		must(t, (&evidence.Keeper{Store: s, Now: func() time.Time { return noon }, Build: "b"}).Keep(t.Context(),
			evidence.Sight{AccountID: "acc_1", Kind: "debt", Route: "GET /", Status: 200, Language: "en"}, []byte("Xanthippe owes")))
		linkChain(t, s, chain.Evidence)
		run := func(dry bool) retention.Report {
			t.Helper()
			report, err := job.Run(t.Context(), dry)
			must(t, err)
			return report
		}
		now = noon.AddDate(10, 0, 0)
		if r := run(false); r.Looked != 1 || len(r.Accounts) != 0 {
			t.Errorf("a debt that is still collected: %+v", r)
		}
		d.Status = debt.Recalled
		d.Snapshot.Version++
		save(t, s, intake.Batch{ChangedDebts: debts(d), At: noon})
		now = noon.AddDate(3, 0, 0).Add(-time.Microsecond)
		if r := run(false); len(r.Accounts) != 0 {
			t.Errorf("a moment too early: %+v", r)
		}
		now = noon.AddDate(3, 0, 0)
		holds := &retention.Holds{Store: s, Audit: log, Now: job.Now}
		for range 2 {
			if h, err := holds.Place(t.Context(), "acc_1", "Legal", "case canary_1"); err != nil || !h.At.Equal(now) {
				t.Errorf("held %+v, %v", h, err)
			}
		}
		if strings.Contains(dumpTables(t, url, "legal_holds"), "canary_1") {
			t.Error("why it is held stands readable")
		}
		if r := run(true); len(r.Accounts) != 0 || !slices.Equal(r.Held, []string{"acc_1"}) {
			t.Errorf("held: %+v", r)
		}
		if h, held, err := holds.Of(t.Context(), "acc_1"); !held || err != nil || h.Reason != "case canary_1" || h.By != "Legal" {
			t.Errorf("%+v, %v, %v", h, held, err)
		}
		for _, want := range []bool{true, false} {
			if lifted, err := holds.Lift(t.Context(), "acc_1"); lifted != want || err != nil {
				t.Errorf("lifted %v, %v", lifted, err)
			}
		}
		if _, err := holds.Place(t.Context(), "acc_1", "Legal", ""); !errors.Is(err, retention.ErrHold) {
			t.Errorf("a hold without a reason: %v", err)
		}
		if r := run(true); len(r.Accounts) != 1 {
			t.Errorf("a dry run: %+v", r)
		}
		if a, err := s.Account(t.Context(), "acc_1"); err != nil || a.Consumer.FirstName != "Xanthippe" {
			t.Fatalf("a dry run erased: %v", err)
		}
		if r := run(false); len(r.Accounts) != 1 || r.Erased["accounts"] != 1 || r.Erased["evidence_pages"] != 1 || r.Erased["financial_statements"] != 1 {
			t.Errorf("erased: %+v", r)
		}
		if r := run(false); r.Looked != 0 {
			t.Errorf("a second time: %+v", r)
		}
		afterErasure(t, s, url)
	})
}

// TestF9_ErasingAnAccountForgetsItsCards: also those whose declines still count.
func TestF9_ErasingAnAccountForgetsItsCards(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url)
		save(t, s, intake.Batch{NewAccounts: []intake.NewAccount{newAccount(canary())}, NewDebts: debts(owing(1, 1, 50000)), At: noon})
		pay := payment("1", 100)
		pay.Details = payments.Details{Type: payments.Card, Fingerprint: "canary_of_a_card"}
		mustCreate(t, s, pay)
		must(t, s.AddDecline(t.Context(), pay, noon))
		if said := dumpTables(t, url, "payments", "declines"); strings.Count(said, "canary_of_a_card") != 2 {
			t.Fatalf("the card is not known: %s", said)
		}
		must(t, s.InTx(t.Context(), func(ctx context.Context) error {
			_, err := s.EraseAccount(ctx, "acc_1", noon)
			return err
		}))
		if said := dumpTables(t, url, "payments", "declines"); strings.Contains(said, "canary_of_a_card") || strings.Contains(said, "declines") {
			t.Errorf("the card is still known: %s", said)
		}
	})
}

// afterErasure finds the books and the chains as they were and nothing of the
// person.
func afterErasure(t *testing.T, s *store.Store, url string) {
	t.Helper()
	a, err := s.Account(t.Context(), "acc_1")
	if err != nil || a.Ref != "A-1" || a.Consumer != (debt.Consumer{Language: "en", Address: debt.Address{State: "CA"}}) {
		t.Errorf("left of the person: %+v, %v", a, err)
	}
	content := dumpTables(t, url, "accounts", "debts", "financial_statements", "events", "evidence", "evidence_pages", "audit")
	for _, c := range append(canaries, "Visit") {
		if strings.Contains(content, c) {
			t.Errorf("%q is still there", c)
		}
	}
	sights, err := s.SightsOf(t.Context(), "acc_1")
	if err != nil || len(sights) != 1 {
		t.Fatalf("sights: %d, %v", len(sights), err)
	}
	if _, err := s.Page(t.Context(), "acc_1", sights[0].PageHash); err == nil {
		t.Error("the page can still be seen")
	}
	if head, err := evidence.Verify(t.Context(), s, chain.Proof{}, func(int64, int64) {}); err != nil || head.Position != 1 {
		t.Errorf("the chain of sights: %+v, %v", head, err)
	}
	if sum, err := balance(t.Context(), s, ledger.Debt("dbt_1")); sum != 50000 || err != nil {
		t.Errorf("the ledger: %d, %v", sum, err)
	}
	if rows, err := s.AuditOf(t.Context(), "acc_1"); err != nil || len(rows) != 3 || rows[0].Action != "legal_hold.placed" || rows[1].Action != "legal_hold.lifted" || rows[2].Action != "account.erased" {
		t.Errorf("the audit log: %+v, %v", rows, err)
	}
	must(t, s.CheckGuards(t.Context()))
}

// TestAMT07_NobodyIsForgottenWhoseMoneyIsToGoBack keeps an account until its credit
// is closed.
func TestAMT07_NobodyIsForgottenWhoseMoneyIsToGoBack(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url)
		now := noon.AddDate(20, 0, 0)
		job := &retention.Job{Store: s, Audit: &audit.Log{Store: s, Now: func() time.Time { return now }}, Now: func() time.Time { return now }}
		d := owing(1, 1, 50000)
		d.Status = debt.Paid
		save(t, s, intake.Batch{NewAccounts: []intake.NewAccount{newAccount(canary())}, NewDebts: debts(d), Transfers: []ledger.Transfer{placement(d, 50000)}, At: noon})
		c := credit.Credit{ID: "crd_1", Balance: credit.Balance{AccountID: "acc_1", DebtID: d.ID}, OpenedAt: noon, Due: civil.Of(noon), Told: 100}
		_, err := s.AddCredit(t.Context(), c)
		must(t, err)
		if r, err := job.Run(t.Context(), false); err != nil || len(r.Accounts) != 0 {
			t.Errorf("a credit is open: %+v, %v", r, err)
		}
		c.ClosedAt, c.ClosedAs = noon, credit.Elsewhere
		must(t, s.SaveCredit(t.Context(), c))
		if r, err := job.Run(t.Context(), false); err != nil || len(r.Accounts) != 1 {
			t.Errorf("nothing is left to send back: %+v, %v", r, err)
		}
	})
}
