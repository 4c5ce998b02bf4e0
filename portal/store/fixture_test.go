package store_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/ledger"
	"quittance/payments/money"
	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/intake"
	"quittance/portal/store"
)

// noon is the time at which most tests happen.
var noon = time.Date(2026, time.November, 22, 12, 0, 0, 123456000, time.UTC)

// account is an account as a collector would place it.
func account(n int) debt.Account {
	return debt.Account{
		ID: debt.AccountID(fmt.Sprintf("acc_%d", n)), Ref: fmt.Sprintf("A-%d", n),
		Consumer: debt.Consumer{
			FirstName: "Ana", LastName: "Ortiz", DateOfBirth: civil.Date{Year: 1980, Month: time.May, Day: 17}, SSNLast4: "1234",
			Address: debt.Address{Line1: "1 Main St", City: "Fresno", State: "CA", PostalCode: "93701"},
			Phone:   "+15595550100", Email: "ana@example.com", Language: "es",
		},
	}
}

// owing is the debt of an account with a balance.
func owing(n, of int, balance money.Cents) debt.Debt {
	return debt.Debt{
		ID: debt.ID(fmt.Sprintf("dbt_%d", n)), AccountID: account(of).ID, Ref: fmt.Sprintf("D-%d", n),
		CreditorRef: "C-1", CreditorName: "Valley Clinic", OriginalCreditorName: "Valley Clinic", Type: debt.Medical,
		AccountNumberLast4: "0042", Description: "Visit", ContractDate: civil.Date{Year: 2024, Month: time.March, Day: 1},
		Itemization: debt.Itemization{
			Type: debt.ChargeOff, Date: civil.Date{Year: 2025, Month: time.January, Day: 31},
			Amount: balance + 700 - 250, Interest: 250, Credits: 700,
		},
		Snapshot: debt.Snapshot{Balance: balance, AsOf: noon.AddDate(0, 0, -1), Version: 3}, Status: debt.Active,
	}
}

// placement posts what a debt was placed at.
func placement(d debt.Debt, amount money.Cents) ledger.Transfer {
	return ledger.Transfer{
		ID: fmt.Sprintf("%s/%d/placement", d.ID, d.Snapshot.Version), Kind: ledger.Placement, At: noon,
		Entries: []ledger.Entry{
			{Account: ledger.Debt(string(d.ID)), Amount: amount},
			{Account: ledger.Placed(d.CreditorRef), Amount: -amount},
		},
	}
}

func newAccount(a debt.Account) intake.NewAccount {
	hash := sha256.Sum256([]byte(a.ID))
	return intake.NewAccount{Account: a, CodeHash: hash[:], CodeSealed: []byte("sealed " + a.ID)}
}

// place stores one account with debts of the given balances, dbt_1 and on.
func place(t *testing.T, s *store.Store, balances ...money.Cents) {
	t.Helper()
	b := intake.Batch{NewAccounts: []intake.NewAccount{newAccount(account(1))}, At: noon}
	for i, balance := range balances {
		d := owing(i+1, 1, balance)
		b.NewDebts = append(b.NewDebts, d)
		b.Transfers = append(b.Transfers, placement(d, balance))
	}
	err := s.InTx(t.Context(), func(ctx context.Context) error { return s.SavePlacements(ctx, b) })
	if err != nil {
		t.Fatalf("place: %v", err)
	}
}

// payment pays an amount on dbt_1.
func payment(id string, amount money.Cents) payments.Payment {
	return payments.Payment{
		ID: payments.ID("pay_" + id), Reference: "PAY-" + id, AccountID: "acc_1", RequestKey: "key " + id, RequestHash: "hash",
		Amount: amount, Method: payments.Card, Status: payments.Started, CreatedAt: noon,
		Allocations: []payments.Allocation{{DebtID: "dbt_1", DebtRef: "D-1", CreditorRef: "C-1", Amount: amount}},
	}
}

// confirm saves the change by which the processor's word confirms a payment.
func confirm(ctx context.Context, s *store.Store, id payments.ID) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		p, err := s.Payment(ctx, id)
		if err != nil {
			return err
		}
		change, err := payments.Apply(p, succeeded(p), noon)
		if err != nil || !change.Moved {
			return err
		}
		return s.SavePayment(ctx, change)
	})
}

func succeeded(p payments.Payment) payments.Truth {
	return payments.Truth{
		PaymentID: p.ID, IntentID: "pi_" + string(p.ID), State: payments.IntentSucceeded, Amount: p.Amount,
		Received: p.Amount, Currency: money.Currency, ObservedAt: noon,
	}
}

func mustCreate(t *testing.T, s *store.Store, p payments.Payment) {
	t.Helper()
	if _, created, err := s.CreatePayment(t.Context(), p); err != nil || !created {
		t.Fatalf("create payment: created %v, %v", created, err)
	}
}

func statement(t *testing.T, s *store.Store) debt.Statement {
	t.Helper()
	all, err := s.AccountStatements(t.Context(), "acc_1")
	if err != nil || len(all) == 0 {
		t.Fatalf("statements: %d, %v", len(all), err)
	}
	return all[0]
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

func save(t *testing.T, s *store.Store, b intake.Batch) {
	t.Helper()
	must(t, s.InTx(t.Context(), func(ctx context.Context) error { return s.SavePlacements(ctx, b) }))
}

func debts(list ...debt.Debt) []debt.Debt { return list }

func debtStatus(s string) debt.Status { return debt.Status(s) }

// balance folds one account of the ledger.
func balance(ctx context.Context, s *store.Store, account ledger.Account) (money.Cents, error) {
	transfers, err := s.Transfers(ctx, account)
	return ledger.Balance(transfers, account), err
}
