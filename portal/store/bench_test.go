package store_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/portal/debt"
	"quittance/portal/intake"
	"quittance/portal/outbox"
	"quittance/portal/store"
)

const batchSize = 5000

// fill places accounts with one debt each in batches, as an import does.
func fill(b *testing.B, s *store.Store, from, to int) {
	b.Helper()
	for ; from < to; from += batchSize {
		batch := intake.Batch{At: noon}
		var accounts, refs []string
		for k := from; k < min(from+batchSize, to); k++ {
			d := owing(k, k, money.Cents(100000+k))
			batch.NewAccounts = append(batch.NewAccounts, newAccount(account(k)))
			batch.NewDebts = append(batch.NewDebts, d)
			batch.Transfers = append(batch.Transfers, placement(d, d.Snapshot.Balance))
			accounts, refs = append(accounts, account(k).Ref), append(refs, d.Ref)
		}
		err := s.InTx(b.Context(), func(ctx context.Context) error {
			if _, err := s.HeldPlacements(ctx, accounts, refs); err != nil {
				return err
			}
			return s.SavePlacements(ctx, batch)
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPlacements is one new debt of an import.
func BenchmarkPlacements(b *testing.B) {
	for name, open := range engines {
		b.Run(name, func(b *testing.B) {
			s := open(b)
			b.ResetTimer()
			fill(b, s, 0, b.N)
		})
	}
}

// BenchmarkStatements is what the balance page reads.
func BenchmarkStatements(b *testing.B) {
	const accounts = 10000
	for name, open := range engines {
		b.Run(name, func(b *testing.B) {
			s := open(b)
			fill(b, s, 0, accounts)
			var n atomic.Int64
			b.SetParallelism(4)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					id := debt.AccountID(fmt.Sprintf("acc_%d", n.Add(7919)%accounts))
					if _, err := s.Account(b.Context(), id); err != nil {
						b.Error(err)
					}
					if list, err := s.AccountStatements(b.Context(), id); err != nil || len(list) != 1 {
						b.Error(len(list), err)
					}
				}
			})
		})
	}
}

// BenchmarkConfirmation is an event that confirms a payment: recorded, posted,
// told to the outbox, committed.
func BenchmarkConfirmation(b *testing.B) {
	const accounts = 1000
	for name, open := range engines {
		b.Run(name, func(b *testing.B) {
			s := open(b)
			fill(b, s, 0, accounts)
			for i := range b.N {
				p := payment(fmt.Sprint(i), 100)
				d := owing(i%accounts, i%accounts, 1)
				p.AccountID, p.Status, p.Allocations[0].DebtID = string(d.AccountID), payments.Processing, string(d.ID)
				if _, _, err := s.CreatePayment(b.Context(), p); err != nil {
					b.Fatal(err)
				}
			}
			var n atomic.Int64
			b.SetParallelism(4)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := handle(b.Context(), s, fmt.Sprint(n.Add(1)-1)); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}

func handle(ctx context.Context, s *store.Store, id string) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		if _, err := s.RecordEvent(ctx, payments.Event{ID: "evt_" + id, Type: "payment_intent.succeeded"}, noon); err != nil {
			return err
		}
		p, err := s.Payment(ctx, payments.ID("pay_"+id))
		if err != nil {
			return err
		}
		change, err := payments.Apply(p, succeeded(p), noon)
		if err != nil {
			return err
		}
		if err := s.SavePayment(ctx, change); err != nil {
			return err
		}
		if _, err := s.AccountRef(ctx, p.AccountID); err != nil {
			return err
		}
		if _, err := s.Owed(ctx, []string{p.Allocations[0].DebtID}); err != nil {
			return err
		}
		e := event("evt_out_"+id, outbox.PaymentConfirmed)
		e.PaymentID = p.ID
		return s.AppendEvent(ctx, e)
	})
}
