package store

import (
	"context"
	"fmt"
	"time"

	"quittance/portal/claim"
	"quittance/portal/debt"
	"quittance/portal/dispute"
)

var (
	_ dispute.Files  = (*Store)(nil)
	_ dispute.Scans  = (*Store)(nil)
	_ dispute.Drafts = (*Store)(nil)
)

// AddFile implements dispute.Files.
func (s *Store) AddFile(ctx context.Context, f dispute.File, sealed []byte) error {
	err := s.batch(ctx,
		step{query: `INSERT INTO dispute_files (id, account_id, draft_id, dispute_id, claim_id, name, type, size, sha256, sent_by, scan, added_at)
			VALUES (` + marks(12) + `)`, touches: 1,
			args: []any{string(f.ID), string(f.AccountID), f.DraftID, optional(f.DisputeID), optional(f.ClaimID), f.Sealed, f.Type, f.Size, f.SHA256, string(f.From),
				string(f.Scan), at(f.AddedAt)}},
		step{query: `INSERT INTO dispute_file_bytes (file_id, sealed) VALUES (?, ?)`, args: []any{string(f.ID), sealed}, touches: 1},
	)
	if err != nil {
		return fmt.Errorf("add file: %w", err)
	}
	return nil
}

const fileColumns = `f.id, f.account_id, f.draft_id, f.dispute_id, f.claim_id, f.name, f.type, f.size, f.sha256, f.sent_by, f.scan, f.added_at`

func scanFile(r row, more ...any) (dispute.File, error) {
	var f dispute.File
	var of, claimed optional
	var added stamp
	err := r.Scan(append([]any{&f.ID, &f.AccountID, &f.DraftID, &of, &claimed, &f.Sealed, &f.Type, &f.Size, &f.SHA256, &f.From, &f.Scan, &added}, more...)...)
	f.DisputeID, f.ClaimID, f.AddedAt = dispute.ID(of), claim.ID(claimed), added.Time
	return f, err
}

// FilesOf implements dispute.Files.
func (s *Store) FilesOf(ctx context.Context, of dispute.Owner) ([]dispute.File, error) {
	where, arg := `f.dispute_id IS NULL AND f.claim_id IS NULL AND f.draft_id = ?`, of.Draft
	switch {
	case of.Dispute != "":
		where, arg = `f.dispute_id = ?`, string(of.Dispute)
	case of.Claim != "":
		where, arg = `f.claim_id = ?`, string(of.Claim)
	}
	var all []dispute.File
	err := s.query(ctx, func(r row) error {
		f, err := scanFile(r)
		all = append(all, f)
		return err
	}, `SELECT `+fileColumns+` FROM dispute_files f WHERE `+where+` ORDER BY f.added_at, f.id`, arg)
	if err != nil {
		return nil, fmt.Errorf("load files: %w", err)
	}
	return all, nil
}

// FileBytes implements dispute.Files.
func (s *Store) FileBytes(ctx context.Context, id dispute.FileID) (dispute.File, []byte, error) {
	var f dispute.File
	var sealed []byte
	err := s.query(ctx, func(r row) (err error) {
		f, err = scanFile(r, &sealed)
		return err
	}, `SELECT `+fileColumns+`, b.sealed FROM dispute_files f JOIN dispute_file_bytes b ON b.file_id = f.id WHERE f.id = ?`, string(id))
	if err == nil && f.ID == "" {
		err = dispute.ErrNotFound
	}
	if err != nil {
		return dispute.File{}, nil, fmt.Errorf("load file: %w", err)
	}
	return f, sealed, nil
}

// AttachFiles implements dispute.Files.
func (s *Store) AttachFiles(ctx context.Context, draft string, to dispute.ID) error {
	_, err := s.exec(ctx, `UPDATE dispute_files SET dispute_id = ? WHERE draft_id = ? AND dispute_id IS NULL AND claim_id IS NULL`, string(to), draft)
	if err != nil {
		return fmt.Errorf("attach files: %w", err)
	}
	return nil
}

// DropFile implements dispute.Files.
func (s *Store) DropFile(ctx context.Context, account debt.AccountID, id dispute.FileID) error {
	mine := `SELECT id FROM dispute_files WHERE id = ? AND account_id = ? AND dispute_id IS NULL AND claim_id IS NULL`
	return s.InTx(ctx, func(ctx context.Context) error {
		return s.batch(ctx,
			step{query: `DELETE FROM dispute_file_bytes WHERE file_id IN (` + mine + `)`, args: []any{string(id), string(account)},
				touches: 1, otherwise: dispute.ErrNotFound},
			step{query: `DELETE FROM dispute_files WHERE id IN (` + mine + `)`, args: []any{string(id), string(account)}, touches: 1},
		)
	})
}

// PendingScans implements dispute.Scans.
func (s *Store) PendingScans(ctx context.Context, limit int) ([]dispute.FileID, error) {
	var ids []dispute.FileID
	err := s.query(ctx, func(r row) error {
		var id dispute.FileID
		err := r.Scan(&id)
		ids = append(ids, id)
		return err
	}, `SELECT id FROM dispute_files WHERE scan = 'pending' ORDER BY added_at LIMIT ?`, limit)
	if err != nil {
		return nil, fmt.Errorf("load files to scan: %w", err)
	}
	return ids, nil
}

// SetScan implements dispute.Scans.
func (s *Store) SetScan(ctx context.Context, id dispute.FileID, verdict dispute.Scan) error {
	_, err := s.exec(ctx, `UPDATE dispute_files SET scan = ? WHERE id = ? AND scan = 'pending'`, string(verdict), string(id))
	if err != nil {
		return fmt.Errorf("keep what the scanner said: %w", err)
	}
	return nil
}

// SaveDisputeDraft implements dispute.Drafts.
func (s *Store) SaveDisputeDraft(ctx context.Context, d dispute.Draft) error {
	touched, err := s.exec(ctx, `INSERT INTO dispute_drafts (id, account_id, debt_id, sealed, at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET debt_id = excluded.debt_id, sealed = excluded.sealed, at = excluded.at
		WHERE dispute_drafts.account_id = excluded.account_id`,
		d.ID, string(d.AccountID), string(d.DebtID), d.Sealed, at(d.At))
	if err == nil && touched == 0 {
		err = dispute.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("save draft of a dispute: %w", err)
	}
	return nil
}

// DisputeDraft implements dispute.Drafts.
func (s *Store) DisputeDraft(ctx context.Context, id string) (dispute.Draft, error) {
	d := dispute.Draft{}
	var when stamp
	err := s.query(ctx, func(r row) error { return r.Scan(&d.ID, &d.AccountID, &d.DebtID, &d.Sealed, &when) },
		`SELECT id, account_id, debt_id, sealed, at FROM dispute_drafts WHERE id = ?`, id)
	if err == nil && d.ID == "" {
		err = dispute.ErrNotFound
	}
	if err != nil {
		return dispute.Draft{}, fmt.Errorf("load draft of a dispute: %w", err)
	}
	d.At = when.Time
	return d, nil
}

// TidyDisputeDrafts implements dispute.Drafts.
func (s *Store) TidyDisputeDrafts(ctx context.Context, before time.Time) error {
	stale := `SELECT id FROM dispute_files WHERE dispute_id IS NULL AND claim_id IS NULL AND added_at < ?`
	return s.InTx(ctx, func(ctx context.Context) error {
		_, bytes := s.exec(ctx, `DELETE FROM dispute_file_bytes WHERE file_id IN (`+stale+`)`, at(before))
		if bytes != nil {
			return bytes
		}
		_, files := s.exec(ctx, `DELETE FROM dispute_files WHERE dispute_id IS NULL AND claim_id IS NULL AND added_at < ?`, at(before))
		if files != nil {
			return files
		}
		_, drafts := s.exec(ctx, `DELETE FROM dispute_drafts WHERE at < ?`, at(before))
		return drafts
	})
}

// UnsentDrafts implements dispute.Drafts.
func (s *Store) UnsentDrafts(ctx context.Context, of debt.AccountID) (n int, err error) {
	if err := s.lockAccount(ctx, of); err != nil {
		return 0, err
	}
	err = s.query(ctx, func(r row) error { return r.Scan(&n) },
		`SELECT count(*) FROM dispute_drafts t WHERE t.account_id = ?
			AND NOT EXISTS (SELECT 1 FROM disputes d WHERE d.account_id = t.account_id AND d.request_key = t.id)`, string(of))
	if err != nil {
		return 0, fmt.Errorf("count drafts of disputes: %w", err)
	}
	return n, nil
}

// SentSince implements dispute.Drafts.
func (s *Store) SentSince(ctx context.Context, of debt.AccountID, since time.Time) (files int, bytes int64, err error) {
	if err := s.lockAccount(ctx, of); err != nil {
		return 0, 0, err
	}
	err = s.query(ctx, func(r row) error { return r.Scan(&files, &bytes) },
		`SELECT count(*), CAST(coalesce(sum(size), 0) AS BIGINT) FROM dispute_files WHERE account_id = ? AND sent_by = 'consumer' AND added_at >= ?`,
		string(of), at(since))
	if err != nil {
		return 0, 0, fmt.Errorf("count files: %w", err)
	}
	return files, bytes, nil
}

// lockAccount makes what is counted stand until the transaction ends.
func (s *Store) lockAccount(ctx context.Context, id debt.AccountID) error {
	var found int
	return s.query(ctx, func(r row) error { return r.Scan(&found) }, `SELECT 1 FROM accounts a WHERE a.id = ?`+s.forUpdate(ctx, "a"), string(id))
}
