package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"quittance/portal/audit"
	"quittance/portal/chain"
)

var (
	_ audit.Store   = (*Store)(nil)
	_ audit.Records = (*Store)(nil)
)

// AddAudit implements audit.Store: one statement.
func (s *Store) AddAudit(ctx context.Context, entries []audit.Entry) error {
	if len(entries) == 0 {
		return nil
	}
	args := make([]any, 0, 7*len(entries))
	for _, e := range entries {
		args = append(args, at(e.At), e.Actor, e.Action, e.AccountID, e.Object, strings.Join(e.Refs, "\n"), e.Hash())
	}
	_, err := s.exec(ctx, `INSERT INTO audit (at, actor, action, account_id, object, refs, own) VALUES `+tuples(len(entries), 7), args...)
	if err != nil {
		return fmt.Errorf("add to the audit log: %w", err)
	}
	return nil
}

// AuditHead implements audit.Records.
func (s *Store) AuditHead(ctx context.Context) (chain.Head, error) {
	return s.chainHead(ctx, chain.Audit, "")
}

// AuditRows implements audit.Records.
func (s *Store) AuditRows(ctx context.Context, after int64, limit int) ([]audit.Stored, error) {
	return s.auditRows(ctx, `WHERE position > ? ORDER BY position LIMIT ?`, after, limit)
}

// LooseAudit implements audit.Records.
func (s *Store) LooseAudit(ctx context.Context, limit int) ([]audit.Stored, error) {
	return s.auditRows(ctx, `WHERE position IS NULL ORDER BY row_number LIMIT ?`, limit)
}

// AuditReads implements audit.Records.
func (s *Store) AuditReads(ctx context.Context, actor string, from, to time.Time, limit int) ([]audit.Stored, error) {
	return s.auditRows(ctx, `WHERE actor = ? AND at >= ? AND at < ? AND action >= 'read.' AND action < 'read/' ORDER BY at, row_number LIMIT ?`,
		actor, at(from), at(to), limit)
}

// AuditRefused lists who was refused, the oldest first.
func (s *Store) AuditRefused(ctx context.Context, from, to time.Time, limit int) ([]audit.Stored, error) {
	return s.auditRows(ctx, `WHERE at >= ? AND at < ? AND action >= 'refused.' AND action < 'refused/' ORDER BY at, row_number LIMIT ?`,
		at(from), at(to), limit)
}

// AuditOf implements audit.Records.
func (s *Store) AuditOf(ctx context.Context, accountID string) ([]audit.Stored, error) {
	return s.auditRows(ctx, `WHERE account_id = ? AND account_id <> '' ORDER BY row_number`, accountID)
}

// AuditCount counts how often something was done on an account since a time.
func (s *Store) AuditCount(ctx context.Context, accountID, action string, since time.Time) (n int, err error) {
	err = s.queryRow(ctx, []any{&n}, `SELECT COUNT(*) FROM audit WHERE account_id = ? AND account_id <> '' AND action = ? AND at >= ?`,
		accountID, action, at(since))
	return n, err
}

func (s *Store) auditRows(ctx context.Context, where string, args ...any) ([]audit.Stored, error) {
	var rows []audit.Stored
	err := s.query(ctx, func(r row) error {
		var e audit.Stored
		var when stamp
		var refs string
		var position sql.NullInt64
		err := r.Scan(&e.Number, &when, &e.Actor, &e.Action, &e.AccountID, &e.Object, &refs, &e.Own, &position, &e.Link)
		e.At, e.Position = when.Time, position.Int64
		if refs != "" {
			e.Refs = strings.Split(refs, "\n")
		}
		rows = append(rows, e)
		return err
	}, `SELECT row_number, at, actor, action, account_id, object, refs, own, position, link FROM audit `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read the audit log: %w", err)
	}
	return rows, nil
}
