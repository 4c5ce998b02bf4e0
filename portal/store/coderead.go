package store

import (
	"context"
	"time"

	"quittance/portal/identity"
)

var _ identity.CodeReads = (*Store)(nil)

// CountCodeRead implements identity.CodeReads, in one statement.
func (s *Store) CountCodeRead(ctx context.Context, reader string, hour time.Time, limit int64) (bool, error) {
	n, err := s.exec(ctx, `INSERT INTO code_reads (reader, hour, n) VALUES (?, ?, 1)
		ON CONFLICT (reader, hour) DO UPDATE SET n = code_reads.n + 1 WHERE code_reads.n < ?`, reader, at(hour), limit)
	return n == 1, err
}
