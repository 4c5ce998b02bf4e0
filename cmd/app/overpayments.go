package app

import (
	"context"

	"quittance/payments"
	"quittance/portal/credit"
	"quittance/portal/outbox"
)

// overpayments tells the system of record what was paid beyond a debt (AMT-07).
type overpayments struct{ recorder *outbox.Recorder }

var _ credit.Watcher = overpayments{}

// MoreThanOwed implements credit.Watcher.
func (o overpayments) MoreThanOwed(ctx context.Context, c credit.Credit, by payments.Payment) error {
	return o.recorder.Overpaid(ctx, string(c.AccountID), outbox.CreditFacts{
		ID: c.ID, DebtRef: c.DebtRef, CreditorRef: c.CreditorRef, AmountCents: c.Amount(), SendBackBy: c.Due.String(),
		PaymentID: string(by.ID), PaymentReference: by.Reference,
	})
}
