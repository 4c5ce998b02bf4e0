package audit

import (
	"bytes"
	"context"
	"time"

	"quittance/portal/chain"
)

// Records is how the log is read.
type Records interface {
	// AuditHead is the end of the chain.
	AuditHead(ctx context.Context) (chain.Head, error)
	// AuditRows lists linked entries after a position, in order.
	AuditRows(ctx context.Context, after int64, limit int) ([]Stored, error)
	// LooseAudit lists entries that are not linked yet.
	LooseAudit(ctx context.Context, limit int) ([]Stored, error)
	// AuditReads lists what an actor looked at, the oldest first (SEC-09).
	AuditReads(ctx context.Context, actor string, from, to time.Time, limit int) ([]Stored, error)
	// AuditOf lists the entries of an account, the oldest first.
	AuditOf(ctx context.Context, accountID string) ([]Stored, error)
}

// pageOf bounds how many rows are held in memory.
const pageOf = 1000

// Verify walks the whole chain, holds it against what is known of it, and returns its head. The error of a row that is
// not as it was written is a *chain.Broken. progress is told how far it has come.
func Verify(ctx context.Context, records Records, against chain.Proof, progress func(done, all int64)) (chain.Head, error) {
	head, err := records.AuditHead(ctx)
	if err != nil {
		return head, err
	}
	err = chain.Walk(head, against, func(after int64) ([]chain.Row, error) {
		stored, err := records.AuditRows(ctx, after, pageOf)
		rows := make([]chain.Row, 0, len(stored))
		for _, r := range stored {
			rows = append(rows, r.Row())
		}
		return rows, err
	}, progress)
	if err != nil {
		return head, err
	}
	return head, verifyLoose(ctx, records)
}

// verifyLoose checks what waits to be linked: each row by itself.
func verifyLoose(ctx context.Context, records Records) error {
	rows, err := records.LooseAudit(ctx, pageOf)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if !bytes.Equal(r.Hash(), r.Own) {
			return &chain.Broken{Number: r.Number, Why: "a row that waits to be linked is not as it was written"}
		}
	}
	return nil
}
