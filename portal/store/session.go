package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"quittance/portal/identity"
	"quittance/portal/represent"
)

var (
	_ identity.SessionStore = (*Store)(nil)
	_ represent.Sessions    = (*Store)(nil)
)

// AddSession implements identity.SessionStore. The representative is locked, so
// that one who is revoked at this moment is either refused here or ended there.
func (s *Store) AddSession(ctx context.Context, n identity.Session) error {
	if n.Speaker.ID == "" {
		return s.addSession(ctx, n)
	}
	var answer error // a refusal, which must not undo what the caller wrote
	err := s.InTx(ctx, func(ctx context.Context) error {
		var id string
		err := s.queryRow(ctx, []any{&id}, `SELECT r.id FROM representatives r WHERE r.id = ? AND r.revoked_at IS NULL`+s.forUpdate(ctx, "r"),
			string(n.Speaker.ID))
		if errors.Is(err, sql.ErrNoRows) {
			answer = identity.ErrSpeaksNoMore
			return nil
		}
		if err != nil {
			return fmt.Errorf("lock the representative: %w", err)
		}
		return s.addSession(ctx, n)
	})
	return cmp.Or(err, answer)
}

func (s *Store) addSession(ctx context.Context, n identity.Session) error {
	_, err := s.exec(ctx, `INSERT INTO sessions (id, audience, subject, representative_id, role, path, link_id, stepped_up, created_at,
		seen_at, expires_at, ended_at, ended_why, device) VALUES (`+marks(14)+`)`,
		string(n.ID), string(n.Audience), n.Subject, string(n.Speaker.ID), string(n.Speaker.Role), string(n.Path), string(n.LinkID),
		flag(n.SteppedUp), at(n.CreatedAt), at(n.SeenAt), at(n.ExpiresAt), at(n.EndedAt), n.EndedWhy, n.Device)
	return err
}

const sessionColumns = `id, audience, subject, representative_id, role, path, link_id, stepped_up, created_at, seen_at, expires_at,
	ended_at, ended_why, device`

// sessionRow is a session as it is read.
type sessionRow struct {
	identity.Session
	steppedUp                     int
	created, seen, expires, ended stamp
}

func (r *sessionRow) columns() []any {
	n := &r.Session
	return []any{&n.ID, &n.Audience, &n.Subject, &n.Speaker.ID, &n.Speaker.Role, &n.Path, &n.LinkID, &r.steppedUp, &r.created, &r.seen,
		&r.expires, &r.ended, &n.EndedWhy, &n.Device}
}

func (r sessionRow) session() identity.Session {
	n := r.Session
	n.SteppedUp = r.steppedUp == 1
	n.CreatedAt, n.SeenAt, n.ExpiresAt, n.EndedAt = r.created.Time, r.seen.Time, r.expires.Time, r.ended.Time
	return n
}

// Session implements identity.SessionStore.
func (s *Store) Session(ctx context.Context, id identity.SessionID) (identity.Session, error) {
	var r sessionRow
	err := s.queryRow(ctx, r.columns(), `SELECT `+sessionColumns+` FROM sessions WHERE id = ?`, string(id))
	return r.session(), notFound(err)
}

// SessionsOf implements identity.SessionList.
func (s *Store) SessionsOf(ctx context.Context, a identity.Audience, subject string, seenAfter time.Time) ([]identity.Session, error) {
	var all []identity.Session
	err := s.query(ctx, func(found row) error {
		var r sessionRow
		if err := found.Scan(r.columns()...); err != nil {
			return err
		}
		all = append(all, r.session())
		return nil
	}, `SELECT `+sessionColumns+` FROM sessions WHERE audience = ? AND subject = ? AND ended_at IS NULL AND seen_at > ?
		ORDER BY created_at DESC, id DESC LIMIT 200`, string(a), subject, at(seenAfter))
	return all, err
}

// NameDevice implements identity.SessionList.
func (s *Store) NameDevice(ctx context.Context, id identity.SessionID, device string) error {
	_, err := s.exec(ctx, `UPDATE sessions SET device = ? WHERE id = ?`, device, string(id))
	return err
}

// TouchSession implements identity.SessionStore.
func (s *Store) TouchSession(ctx context.Context, id identity.SessionID, seen time.Time) error {
	_, err := s.exec(ctx, `UPDATE sessions SET seen_at = ? WHERE id = ? AND ended_at IS NULL AND seen_at < ?`,
		at(seen), string(id), at(seen))
	return err
}

// EndSession implements identity.SessionStore.
func (s *Store) EndSession(ctx context.Context, id identity.SessionID, when time.Time, why string) error {
	_, err := s.exec(ctx, `UPDATE sessions SET ended_at = ?, ended_why = ? WHERE id = ? AND ended_at IS NULL`,
		at(when), why, string(id))
	return err
}

// EndSessionsOf implements identity.SessionStore.
func (s *Store) EndSessionsOf(ctx context.Context, a identity.Audience, subject string, when time.Time, why string) error {
	_, err := s.exec(ctx, `UPDATE sessions SET ended_at = ?, ended_why = ?
		WHERE audience = ? AND subject = ? AND ended_at IS NULL`, at(when), why, string(a), subject)
	return err
}

// EndSessionsOfLink implements identity.SessionList.
func (s *Store) EndSessionsOfLink(ctx context.Context, id identity.LinkID, when time.Time, why string) error {
	_, err := s.exec(ctx, `UPDATE sessions SET ended_at = ?, ended_why = ? WHERE link_id = ? AND link_id <> '' AND ended_at IS NULL`,
		at(when), why, string(id))
	return err
}

// EndSessionsOfRepresentative implements represent.Sessions.
func (s *Store) EndSessionsOfRepresentative(ctx context.Context, id represent.ID, when time.Time, why string) error {
	_, err := s.exec(ctx, `UPDATE sessions SET ended_at = ?, ended_why = ? WHERE audience = ? AND representative_id = ? AND ended_at IS NULL`,
		at(when), why, string(identity.Consumers), string(id))
	return err
}
