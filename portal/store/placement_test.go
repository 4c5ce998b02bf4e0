package store_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/ledger"
	"quittance/payments/money"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/intake"
	"quittance/portal/outbox"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

func batchOf(changed ...debt.Debt) intake.Batch { return intake.Batch{ChangedDebts: changed, At: noon} }

func held(t *testing.T, s *store.Store, accounts, debts []string) (h intake.Held) {
	t.Helper()
	must(t, s.InTx(t.Context(), func(ctx context.Context) (err error) {
		h, err = s.HeldPlacements(ctx, accounts, debts)
		return err
	}))
	return h
}

func TestWhatIsHeldOfAPlacementIsComplete(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 50000, 300)
		for _, id := range []string{"a", "b", "c"} {
			mustCreate(t, s, payment(id, 100))
			must(t, confirm(t.Context(), s, payments.ID("pay_"+id)))
		}
		must(t, s.InTx(t.Context(), func(ctx context.Context) error { // b is reversed
			p, err := s.Payment(ctx, "pay_b")
			if err != nil {
				return err
			}
			truth := succeeded(p)
			truth.Withdrawn, truth.ObservedAt = 100, noon.Add(time.Second)
			c, err := payments.Apply(p, truth, noon)
			return errors.Join(err, s.SavePayment(ctx, c))
		}))
		e := event("evt_c", outbox.PaymentConfirmed)
		e.PaymentID = "pay_c"
		must(t, s.AppendEvent(t.Context(), e))
		must(t, s.SavePosting(t.Context(), outbox.Posting{Event: "evt_c", TransactionID: "T", PostedAt: noon.Add(time.Minute)}))

		h := held(t, s, []string{"A-1", "A-9"}, []string{"D-1", "D-2", "D-9"})
		wantAccounts := map[string]intake.HeldAccount{"A-1": {Account: account(1), AsOf: noon.AddDate(0, 0, -1), Debt: "dbt_1"}}
		if !reflect.DeepEqual(h.Accounts, wantAccounts) {
			t.Errorf("accounts %+v", h.Accounts)
		}
		one := h.Debts["D-1"]
		if len(h.Debts) != 2 || one.Owed != 49800 || one.AccountRef != "A-1" || !reflect.DeepEqual(one.Debt, owing(1, 1, 50000)) || len(one.Payments) != 2 {
			t.Errorf("debts %+v", h.Debts)
		}
		var posted int
		for _, c := range one.Payments {
			if c.Amount != 100 {
				t.Errorf("credit %+v", c)
			}
			if c.PostedAt.Equal(noon.Add(time.Minute)) {
				posted++
			}
		}
		if posted != 1 {
			t.Errorf("%d credits are posted", posted)
		}
		if two := h.Debts["D-2"]; two.Owed != 300 || two.Payments != nil || two.Used {
			t.Errorf("second debt %+v", two)
		}
	})
}

// TestM3_APaymentBookedByItsReceiptIsAbsorbedOnceWhateverComesFirst pays $1 of
// $500: the truth is $499 from then on, in files of either age.
func TestM3_APaymentBookedByItsReceiptIsAbsorbedOnceWhateverComesFirst(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 50000)
		mustCreate(t, s, payment("c", 100))
		must(t, confirm(t.Context(), s, "pay_c"))
		e := event("evt_c", outbox.PaymentConfirmed)
		e.PaymentID = "pay_c"
		must(t, s.AppendEvent(t.Context(), e))
		row := func(balance money.Cents, asOf time.Time) intake.Row {
			d := owing(1, 1, balance)
			d.Itemization.Credits = 50000 - balance
			d.Snapshot = debt.Snapshot{Balance: balance, AsOf: asOf}
			return intake.Row{Number: 1, AccountRef: "A-1", Consumer: account(1).Consumer, Debt: d}
		}
		owed := func(r intake.Row) money.Cents {
			t.Helper()
			h := held(t, s, []string{"A-1"}, []string{"D-1"}).Debts["D-1"]
			h.Debt.Snapshot.Version = 0
			c, err := intake.Decide(intake.Known{Debt: &h}, r, noon)
			must(t, err)
			return c.Owed
		}
		at := noon.Add(time.Hour)
		before, after := row(50000, at.Add(-time.Minute)), row(49900, at.Add(time.Minute))
		check := func(when string, wantBefore, wantAfter money.Cents) {
			t.Helper()
			if b, a := owed(before), owed(after); b != wantBefore || a != wantAfter {
				t.Errorf("%s: %d by a file from before, %d by one from after", when, b, a)
			}
		}
		check("nothing was said", 49900, 49800) // when in doubt the lower one
		must(t, s.SavePosting(t.Context(), outbox.Posting{Event: "evt_c", PostedAt: at}))
		check("booked by receipt", 49900, 49900)
		must(t, s.SavePosting(t.Context(), outbox.Posting{Event: "evt_c", Refusal: "no such account", PostedAt: at.Add(time.Second)}))
		check("refused after all", 49900, 49800)
		if err := s.SavePosting(t.Context(), outbox.Posting{Event: "evt_c", PostedAt: at.Add(2 * time.Second)}); err == nil {
			t.Error("a receipt replaced a refusal")
		}
		check("received again", 49900, 49800)
		must(t, s.SavePosting(t.Context(), outbox.Posting{Event: "evt_c", TransactionID: "T", PostedAt: at}))
		check("booked", 49900, 49900)
	})
}

func TestAChangedPlacementIsReplacedAsAWhole(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 50000)
		a, d := account(1), owing(1, 1, 40000)
		a.Consumer = debt.Consumer{FirstName: "Eva"}
		d.CreditorRef, d.CreditorName, d.Description, d.Status = "C-2", "New Clinic", "", debt.Paid
		d.Snapshot = debt.Snapshot{Balance: 40000, AsOf: noon, Version: 0}
		lower := placement(d, -10000)
		save(t, s, intake.Batch{ChangedAccounts: []debt.Account{a}, ChangedDebts: debts(d), Transfers: []ledger.Transfer{lower}, At: noon})
		st := statement(t, s)
		if st.Owed != 40000 || !reflect.DeepEqual(st.Debt, d) {
			t.Errorf("statement %+v", st)
		}
		if got, err := s.Account(t.Context(), "acc_1"); err != nil || !reflect.DeepEqual(got, a) {
			t.Errorf("account %+v, %v", got, err)
		}
	})
}

func TestABatchThatConflictsIsDecidedAgain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 50000)
		other := newAccount(account(2))
		twin := owing(9, 2, 100)
		twin.Ref = "D-1"
		err := s.InTx(t.Context(), func(ctx context.Context) error {
			return s.SavePlacements(ctx, intake.Batch{NewAccounts: []intake.NewAccount{other}, NewDebts: debts(twin), At: noon})
		})
		if !errors.Is(err, intake.ErrConflict) {
			t.Errorf("got %v", err)
		}
		if _, found, err := s.AccountByRef(t.Context(), "A-2"); found || err != nil {
			t.Errorf("half of a batch was kept: %v, %v", found, err)
		}
		if a, found, err := s.AccountByRef(t.Context(), "A-1"); !found || err != nil || a.ID != "acc_1" {
			t.Errorf("by reference: %+v %v %v", a, found, err)
		}
		if _, err := s.Account(t.Context(), "acc_2"); !errors.Is(err, identity.ErrNotFound) {
			t.Errorf("unknown account: %v", err)
		}
	})
}

func TestThousandsOfPlacementsInTwoBatches(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const size = 1000
		for n := range 2 {
			b := intake.Batch{At: noon}
			var accounts, refs []string
			for i := range size {
				k := n*size + i
				d := owing(k, k, money.Cents(1000+k))
				b.NewAccounts = append(b.NewAccounts, newAccount(account(k)))
				b.NewDebts = append(b.NewDebts, d)
				b.Transfers = append(b.Transfers, placement(d, d.Snapshot.Balance))
				accounts, refs = append(accounts, account(k).Ref), append(refs, d.Ref)
			}
			if h := held(t, s, accounts, refs); len(h.Debts) != 0 || len(h.Accounts) != 0 {
				t.Fatalf("held before: %d", len(h.Debts))
			}
			save(t, s, b)
			if h := held(t, s, accounts, refs); len(h.Debts) != size || len(h.Accounts) != size || h.Debts[fmt.Sprintf("D-%d", n*size)].Owed != money.Cents(1000+n*size) {
				t.Fatalf("held after: %d", len(h.Debts))
			}
		}
		must(t, s.CheckGuards(t.Context()))
	})
}
