package evidence

import (
	"context"

	"quittance/portal/chain"
)

// Records is how the chain of sights is read.
type Records interface {
	// EvidenceHead is the end of the chain.
	EvidenceHead(ctx context.Context) (chain.Head, error)
	// EvidenceRows lists linked sights after a position, in order.
	EvidenceRows(ctx context.Context, after int64, limit int) ([]Stored, error)
}

// pageOf bounds how many rows are held in memory.
const pageOf = 1000

// Verify walks the whole chain and returns its head; *chain.Broken.
func Verify(ctx context.Context, records Records, against chain.Proof, progress func(done, all int64)) (chain.Head, error) {
	head, err := records.EvidenceHead(ctx)
	if err != nil {
		return head, err
	}
	return head, chain.Walk(head, against, func(after int64) ([]chain.Row, error) {
		stored, err := records.EvidenceRows(ctx, after, pageOf)
		rows := make([]chain.Row, 0, len(stored))
		for _, s := range stored {
			rows = append(rows, s.Row())
		}
		return rows, err
	}, progress)
}
