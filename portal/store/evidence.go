package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"

	"quittance/portal/chain"
	"quittance/portal/evidence"
)

var _ evidence.Store = (*Store)(nil)

func pageAt(account string, hash []byte) string {
	return fmt.Sprintf("evidence_pages.sealed:%s/%x", account, hash)
}

// KeepSight implements evidence.Store.
func (s *Store) KeepSight(ctx context.Context, e evidence.Sight, page []byte) error {
	sealed, err := s.sealPage(ctx, e, page)
	if err == nil {
		err = s.InTx(ctx, func(ctx context.Context) error {
			return s.batch(ctx, step{
				query: `INSERT INTO evidence_pages (account_id, hash, sealed, at) VALUES (?,?,?,?) ON CONFLICT DO NOTHING`,
				args:  []any{e.AccountID, e.PageHash, sealed, at(e.At)}, touches: anyRows,
			}, step{
				query: `INSERT INTO evidence (at, account_id, session_id, kind, route, status, language, build, rules, decisions,
					page_hash, own) VALUES (` + marks(12) + `)`, touches: 1,
				args: []any{at(e.At), e.AccountID, e.SessionID, e.Kind, e.Route, e.Status, e.Language, e.Build, e.Rules, e.Decisions,
					e.PageHash, e.Hash()},
			})
		})
	}
	if err != nil {
		return fmt.Errorf("keep what was seen: %w", err)
	}
	return nil
}

func (s *Store) sealPage(ctx context.Context, e evidence.Sight, page []byte) ([]byte, error) {
	v, err := s.vaultOf(ctx, e.AccountID)
	if err != nil {
		return nil, err
	}
	if v.box == nil {
		return nil, evidence.ErrErased
	}
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(page); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return v.box.Seal(packed.Bytes(), pageAt(e.AccountID, e.PageHash))
}

// SightsOf lists what was seen on an account, the oldest first.
func (s *Store) SightsOf(ctx context.Context, account string) ([]evidence.Stored, error) {
	return s.sights(ctx, `WHERE account_id = ? ORDER BY row_number`, account)
}

// Sight loads one; evidence.ErrErased when there is none.
func (s *Store) Sight(ctx context.Context, account string, number int64) (evidence.Stored, error) {
	found, err := s.sights(ctx, `WHERE account_id = ? AND row_number = ?`, account, number)
	if err == nil && len(found) == 0 {
		err = evidence.ErrErased
	}
	if err != nil {
		return evidence.Stored{}, err
	}
	return found[0], nil
}

// EvidenceRows lists linked sights after a position, in order.
func (s *Store) EvidenceRows(ctx context.Context, after int64, limit int) ([]evidence.Stored, error) {
	return s.sights(ctx, `WHERE position > ? ORDER BY position LIMIT ?`, after, limit)
}

// EvidenceHead is the end of the chain of sights.
func (s *Store) EvidenceHead(ctx context.Context) (chain.Head, error) {
	return s.chainHead(ctx, chain.Evidence, "")
}

func (s *Store) sights(ctx context.Context, where string, args ...any) ([]evidence.Stored, error) {
	var all []evidence.Stored
	err := s.query(ctx, func(r row) error {
		var e evidence.Stored
		var when stamp
		var position sql.NullInt64
		err := r.Scan(&e.Number, &when, &e.AccountID, &e.SessionID, &e.Kind, &e.Route, &e.Status, &e.Language, &e.Build, &e.Rules,
			&e.Decisions, &e.PageHash, &e.Own, &position, &e.Link)
		e.At, e.Position = when.Time, position.Int64
		all = append(all, e)
		return err
	}, `SELECT row_number, at, account_id, session_id, kind, route, status, language, build, rules, decisions, page_hash, own,
		position, link FROM evidence `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read what was seen: %w", err)
	}
	return all, nil
}

// Page loads the bytes that were seen; evidence.ErrErased when they are gone.
func (s *Store) Page(ctx context.Context, account string, hash []byte) ([]byte, error) {
	var sealed []byte
	err := s.queryRow(ctx, []any{&sealed}, `SELECT sealed FROM evidence_pages WHERE account_id = ? AND hash = ?`, account, hash)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, evidence.ErrErased
	}
	if err != nil {
		return nil, fmt.Errorf("read a page: %w", err)
	}
	v, err := s.vaultOf(ctx, account)
	if err != nil {
		return nil, err
	}
	if v.box == nil {
		return nil, evidence.ErrErased
	}
	packed, err := v.box.Open(sealed, pageAt(account, hash))
	if err != nil {
		return nil, fmt.Errorf("open a page: %w", err)
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("open a page: %w", err)
	}
	return io.ReadAll(io.LimitReader(r, 16<<20))
}
