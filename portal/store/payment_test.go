package store_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/ledger"
	"quittance/payments/money"
	"quittance/portal/debt"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

func TestAPaymentReadsBackAsItWasStored(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 50000, 20000)
		p := payment("a", 1500)
		p.Allocations = append(p.Allocations, payments.Allocation{DebtID: "dbt_2", DebtRef: "D-2", CreditorRef: "C-1", Amount: 500})
		p.Amount = 2000
		p.Saved, p.Unattended = payments.Saved{CustomerID: "cus_1", MethodID: "pm_1", MandateID: "mandate_1"}, true
		mustCreate(t, s, p)
		full := p
		full.Status, full.Token, full.Method = payments.Checking, "ctoken", payments.BankAccount
		full.Details = payments.Details{Type: payments.BankAccount, Brand: "Bank", Last4: "6789", Funding: "unknown", Wallet: "w", Country: "US", HolderID: "pm_1", Expires: "2027-01"}
		full.Consent = payments.Consent{TextHash: "h", Text: "I agree? Yes.", SessionID: "ses_1", IP: "::1", UserAgent: "ua", Language: "es", At: noon}
		full.IntentID, full.CheckoutID, full.ChargeID = "pi_1", "cs_1", "ch_1"
		full.Failure = payments.Failure{Code: "code", ReturnCode: "R01"}
		full.Refunded, full.Withdrawn, full.Revision = 100, 200, 1
		full.SubmittedAt, full.ExpectedBy, full.ConfirmedAt = noon.Add(1e3), noon.Add(2e3), noon.Add(3e3)
		full.ReversibleUntil, full.ClosedAt, full.ObservedAt, full.CheckAt = noon.Add(4e3), noon.Add(5e3), noon.Add(6e3), noon.Add(7e3)
		if err := s.SavePayment(t.Context(), payments.Change{Before: p, After: full, Moved: true}); err != nil {
			t.Fatal(err)
		}
		got, err := s.Payment(t.Context(), p.ID)
		if err != nil || !reflect.DeepEqual(got, full) {
			t.Errorf("got %+v\nwant %+v\n%v", got, full, err)
		}
		for intent, checkout := range map[string]string{"pi_1": "", "": "cs_1", "pi_other": "cs_1"} {
			if id, err := s.PaymentOf(t.Context(), intent, checkout); err != nil || id != p.ID {
				t.Errorf("payment of %q %q: %q, %v", intent, checkout, id, err)
			}
		}
		if _, err := s.PaymentOf(t.Context(), "", ""); !errors.Is(err, payments.ErrNotFound) {
			t.Errorf("no ids: %v", err)
		}
	})
}

func TestOneRequestKeyNeverMakesTwoPayments(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 50000)
		var wg sync.WaitGroup
		var made atomic.Int64
		for i := range 8 {
			wg.Go(func() {
				p := payment(fmt.Sprint(i), 100)
				p.RequestKey, p.Status = "the same", payments.Submitting
				kept, created, err := s.CreatePayment(t.Context(), p)
				switch {
				case err != nil:
					t.Errorf("create: %v", err)
				case created:
					made.Add(1)
				case len(kept.Allocations) != 1 || kept.RequestKey != "the same":
					t.Errorf("not the kept payment: %+v", kept)
				}
			})
		}
		wg.Wait()
		if made.Load() != 1 {
			t.Errorf("%d payments were made", made.Load())
		}
		if st := statement(t, s); st.Pending != 100 {
			t.Errorf("pending %d", st.Pending)
		}
	})
}

func TestAStaleChangeIsRefused(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 50000)
		p := payment("a", 100)
		mustCreate(t, s, p)
		next := p
		next.Status, next.Revision = payments.Ready, 1
		if err := s.SavePayment(t.Context(), payments.Change{Before: p, After: next}); err != nil {
			t.Fatal(err)
		}
		change, err := payments.Apply(p, succeeded(p), noon)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.SavePayment(t.Context(), change); !errors.Is(err, payments.ErrStale) {
			t.Errorf("got %v", err)
		}
		if sum, _ := balance(t.Context(), s, ledger.Debt("dbt_1")); sum != 50000 {
			t.Errorf("a stale change posted: %d", sum)
		}
	})
}

func TestTheSameEventIsRecordedOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var wg sync.WaitGroup
		var fresh atomic.Int64
		for range 8 {
			wg.Go(func() {
				err := s.InTx(t.Context(), func(ctx context.Context) error {
					first, err := s.RecordEvent(ctx, payments.Event{ID: "evt_1", Type: "charge.updated"}, noon)
					if first {
						fresh.Add(1)
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		seen, err := s.SeenEvent(t.Context(), "evt_1")
		if fresh.Load() != 1 || !seen || err != nil {
			t.Errorf("%d first times, seen %v, %v", fresh.Load(), seen, err)
		}
		if seen, err := s.SeenEvent(t.Context(), "evt_2"); seen || err != nil {
			t.Errorf("never seen: %v, %v", seen, err)
		}
	})
}

// payWhatIsLeft is what a tab does: look under lock, then send.
func payWhatIsLeft(ctx context.Context, s *store.Store, p payments.Payment) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		open, err := s.Statements(ctx, "acc_1", []debt.ID{"dbt_1"}, "")
		if err != nil {
			return err
		}
		if open[0].Payable() < p.Amount {
			return payments.ErrTooMuch
		}
		p.Status = payments.Submitting
		_, _, err = s.CreatePayment(ctx, p)
		return err
	})
}

func TestAMT07_TwoTabsCannotPayTheSameDebtTwice(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000)
		var wg sync.WaitGroup
		var paid atomic.Int64
		for i := range 8 {
			wg.Go(func() {
				for j := range 5 {
					p := payment(fmt.Sprintf("%d.%d", i, j), 1500)
					err := payWhatIsLeft(t.Context(), s, p)
					if errors.Is(err, payments.ErrTooMuch) {
						continue
					}
					if err == nil {
						paid.Add(1)
						err = confirm(t.Context(), s, p.ID)
					}
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		st := statement(t, s)
		if paid.Load() != 6 || st.Owed != 1000 || st.Pending != 0 {
			t.Errorf("%d payments, owed %d, pending %d", paid.Load(), st.Owed, st.Pending)
		}
		if err := s.CheckGuards(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestEightAtOncePayTwentyTimesEachAndEveryEventTwice(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000000)
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				for j := range 20 {
					p := payment(fmt.Sprintf("%d.%d", i, j), money.Cents(100+i))
					if _, _, err := s.CreatePayment(t.Context(), p); err != nil {
						t.Error(err)
					}
					var twice sync.WaitGroup
					for range 2 {
						twice.Go(func() {
							if err := confirm(t.Context(), s, p.ID); err != nil {
								t.Error(err)
							}
						})
					}
					twice.Wait()
				}
			})
		}
		wg.Wait()
		want := money.Cents(10000000 - 20*(100+101+102+103+104+105+106+107))
		if st := statement(t, s); st.Owed != want || len(st.OnTheWay) != 160 {
			t.Errorf("owed %d instead of %d, %d on the way", st.Owed, want, len(st.OnTheWay))
		}
	})
}

func TestAStatementTellsWhatIsPendingAndWhatIsOnTheWay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 50000)
		started, flying, done := payment("started", 100), payment("flying", 200), payment("done", 400)
		flying.Status, flying.CreatedAt, flying.SubmittedAt = payments.Processing, noon.Add(time.Second), noon.Add(2*time.Second)
		done.CreatedAt = noon.Add(3 * time.Second)
		failed := payment("failed", 800)
		failed.Status = payments.Failed
		for _, p := range []payments.Payment{started, flying, done, failed} {
			mustCreate(t, s, p)
		}
		if err := confirm(t.Context(), s, done.ID); err != nil {
			t.Fatal(err)
		}
		st := statement(t, s)
		want := []debt.Movement{
			{PaymentReference: "PAY-flying", Amount: 200, At: noon.Add(2 * time.Second)},
			{PaymentReference: "PAY-done", Amount: 400, At: noon.Add(3 * time.Second), Confirmed: true},
		}
		if st.Owed != 49600 || st.Pending != 200 || !reflect.DeepEqual(st.OnTheWay, want) {
			t.Errorf("owed %d, pending %d, on the way %+v", st.Owed, st.Pending, st.OnTheWay)
		}
		err := s.InTx(t.Context(), func(ctx context.Context) error {
			open, err := s.Statements(ctx, "acc_1", []debt.ID{"dbt_1", "dbt_of_someone_else"}, flying.ID)
			if err == nil && (len(open) != 1 || open[0].Pending != 0) {
				t.Errorf("without itself: %+v", open)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		d := owing(1, 1, 50000)
		d.AccountID = ""
		st.Debt.AccountID = ""
		if !reflect.DeepEqual(st.Debt, d) {
			t.Errorf("got %+v\nwant %+v", st.Debt, d)
		}
	})
}

func TestDuePaymentsAreListedUntilTheyAreNoted(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 50000)
		for i, check := range []time.Time{noon.Add(time.Minute), noon, {}, noon.Add(time.Hour)} {
			p := payment(fmt.Sprint(i), 100)
			p.CheckAt = check
			mustCreate(t, s, p)
		}
		due, err := s.DuePayments(t.Context(), noon.Add(time.Minute), 10)
		if err != nil || !reflect.DeepEqual(due, []payments.ID{"pay_1", "pay_0"}) {
			t.Errorf("due %v, %v", due, err)
		}
		if err := s.NoteCheck(t.Context(), "pay_1", noon, noon.Add(time.Hour)); err != nil {
			t.Error(err)
		}
		if due, _ := s.DuePayments(t.Context(), noon.Add(time.Minute), 10); len(due) != 1 {
			t.Errorf("due %v", due)
		}
		if p, _ := s.Payment(t.Context(), "pay_1"); p.Revision != 0 || !p.ObservedAt.Equal(noon) {
			t.Errorf("noted %+v", p)
		}
	})
}

func TestPaymentsOfAnAccountStayItsOwn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 50000)
		for i := range 3 {
			p := payment(fmt.Sprint(i), 100)
			p.CreatedAt = noon.Add(time.Duration(i) * time.Second)
			mustCreate(t, s, p)
		}
		list, err := s.PaymentsOfAccount(t.Context(), "acc_1", 2)
		if err != nil || len(list) != 2 || list[0].ID != "pay_2" || list[1].ID != "pay_1" {
			t.Errorf("list %+v, %v", list, err)
		}
		if p, err := s.PaymentByReference(t.Context(), "acc_1", "PAY-1"); err != nil || p.ID != "pay_1" {
			t.Errorf("by reference: %+v, %v", p, err)
		}
		for _, other := range []func() error{
			func() error { _, err := s.PaymentByReference(t.Context(), "acc_2", "PAY-1"); return err },
			func() error { _, err := s.PaymentByKey(t.Context(), "acc_2", "key 1"); return err },
			func() error { _, err := s.Payment(t.Context(), "pay_nobody"); return err },
		} {
			if err := other(); !errors.Is(err, payments.ErrNotFound) {
				t.Errorf("got %v", err)
			}
		}
	})
}
