package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"time"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans/civil"
	"quittance/portal/intake"
)

// firstKey is the number of the first account. Numbers of eight digits stand
// out in whatever is sent to the database.
const firstKey = 10_000_001

// zip is everybody's ZIP code: the personal detail at the door.
const zip = "45402"

// counted names things by a number that rises from firstKey, so that pgbench
// can name them too.
func counted() naming {
	next := map[string]int{}
	return func(prefix string) string {
		n := next[prefix]
		next[prefix]++
		return prefix + "_" + strconv.Itoa(firstKey+n)
	}
}

// placements writes a file of made-up debts, so many for each account.
func placements(w io.Writer, debts, debtsEach int) error {
	out := csv.NewWriter(w)
	if err := out.Write(intake.Columns()); err != nil {
		return err
	}
	today := civil.Of(time.Now().UTC())
	for i := range debts {
		if err := out.Write(placement(firstKey+i/debtsEach, i, today)); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func placement(account, debt int, today civil.Date) []string {
	n := strconv.Itoa(account)
	creditor := debt % 40
	name := fmt.Sprintf("Creditor %d of Ohio", creditor)
	itemized := today.AddDays(-200 - debt%300)
	owed, interest := money.Cents(20000+debt%90000), money.Cents(debt%4000)
	return []string{
		"REF-" + n, "D-" + strconv.Itoa(firstKey+debt), "C-" + strconv.Itoa(creditor), name, name, "medical", fmt.Sprintf("%04d", debt%10000),
		"Ana", "Reyes" + n, "1984-03-12", "", strconv.Itoa(account%900+100) + " Maple Street", "", "Dayton", "OH", zip,
		fmt.Sprintf("+1937555%04d", account%10000), "consumer" + n + "@example.com", "en",
		"last_statement", itemized.String(), owed.Decimal(), interest.Decimal(), "0.00", "0.00", (owed + interest).Decimal(), today.String(),
		"1", itemized.AddDays(-60).String(), "Care at the clinic, visit " + strconv.Itoa(debt), "", "active", "creditor", "agreement", "",
	}
}

// file is a placements file in memory.
func file(debts, debtsEach int) ([]byte, error) {
	var b bytes.Buffer
	err := placements(&b, debts, debtsEach)
	return b.Bytes(), err
}

// stream is a placements file that is written while it is read.
func stream(debts, debtsEach int) io.ReadCloser {
	r, w := io.Pipe()
	go func() { w.CloseWithError(placements(w, debts, debtsEach)) }()
	return r
}

const paid money.Cents = 1500

// processing is a bank payment of the account's first debt that was submitted
// and waits for the processor's word.
func processing(key int, debtID, debtRef string) payments.Payment {
	n := strconv.Itoa(key)
	now := time.Now().UTC().Truncate(time.Microsecond)
	const text = "By choosing Pay $15.00 now, you authorize Lakeside Recovery LLC to debit the bank account named above for the amount " +
		"shown, once, on or after today. You may withdraw this authorization until the payment is submitted by calling (800) 555-0134."
	return payments.Payment{
		ID: payments.ID("pay_" + n), Reference: "PAY-" + n, AccountID: "acc_" + n, RequestKey: "once-" + n, RequestHash: "hash-" + n,
		Amount: paid, Method: payments.BankAccount, Status: payments.Processing, Token: "ctoken_" + n,
		Allocations: []payments.Allocation{{DebtID: debtID, DebtRef: debtRef, CreditorRef: "C-1", Amount: paid}},
		Details:     payments.Details{Type: payments.BankAccount, Brand: "STRIPE TEST BANK", Last4: "6789", Country: "US", HolderID: "pm_" + n},
		Consent: payments.Consent{
			TextHash: "5c1f2f0e", Text: text, SessionID: "ses_" + n, IP: "203.0.113.7", UserAgent: "Mozilla/5.0", Language: "en", At: now,
		},
		IntentID: "pi_" + n, Revision: 4, CreatedAt: now, SubmittedAt: now, ExpectedBy: now.Add(96 * time.Hour), ObservedAt: now,
		CheckAt: now.Add(time.Hour),
	}
}

// createPayments stores payments in transactions of a few hundred.
func createPayments(ctx context.Context, p *portal, all []payments.Payment) error {
	const together = 250
	for len(all) > 0 {
		some := all[:min(together, len(all))]
		all = all[len(some):]
		err := p.Store.InTx(ctx, func(ctx context.Context) error {
			for _, one := range some {
				if _, _, err := p.Store.CreatePayment(ctx, one); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
