package store

import (
	"context"
	"encoding/hex"
	"slices"
	"time"

	"quittance/portal/debt"
	"quittance/portal/talk"
)

var (
	_ talk.Texts        = (*Store)(nil)
	_ talk.Notes        = (*Store)(nil)
	_ talk.Changes      = (*Store)(nil)
	_ talk.ChangePeople = (*Store)(nil)
)

// TakeText implements talk.Texts.
func (s *Store) TakeText(ctx context.Context, providerID string, addressHash []byte, reading string, taken time.Time) (bool, error) {
	n, err := s.exec(ctx, `INSERT INTO inbound_texts (provider_id, address_hash, reading, at) VALUES (?, ?, ?, ?) ON CONFLICT (provider_id) DO NOTHING`,
		providerID, addressHash, reading, at(taken))
	return n == 1, err
}

// AccountsByPhone implements talk.Texts.
func (s *Store) AccountsByPhone(ctx context.Context, phone string) ([]debt.AccountID, error) {
	var ids []debt.AccountID
	err := s.query(ctx, func(r row) error {
		var id debt.AccountID
		err := r.Scan(&id)
		ids = append(ids, id)
		return err
	}, `SELECT c.id FROM accounts c WHERE c.phone_token = ? AND length(c.phone_token) > 0 ORDER BY c.id LIMIT 2`, s.phoneToken(phone))
	return ids, err
}

// AddNote implements talk.Notes.
func (s *Store) AddNote(ctx context.Context, n talk.Note) error {
	_, err := s.exec(ctx, `INSERT INTO thread_messages (id, account_id, written_by, via, sealed, at) VALUES (?, ?, ?, ?, ?, ?)`,
		n.ID, string(n.AccountID), n.By, string(n.Via), n.Sealed, at(n.At))
	return err
}

// NotesOf implements talk.Notes.
func (s *Store) NotesOf(ctx context.Context, id debt.AccountID, limit int) ([]talk.Note, error) {
	var all []talk.Note
	err := s.query(ctx, func(r row) error {
		var n talk.Note
		var written stamp
		err := r.Scan(&n.ID, &n.AccountID, &n.By, &n.Via, &n.Sealed, &written)
		n.At = written.Time
		all = append(all, n)
		return err
	}, `SELECT id, account_id, written_by, via, sealed, at FROM thread_messages WHERE account_id = ? ORDER BY at DESC, id DESC LIMIT ?`, string(id), limit)
	return all, err
}

// Unanswered implements talk.Notes.
func (s *Store) Unanswered(ctx context.Context, limit int) ([]talk.Waiting, error) {
	var all []talk.Waiting
	err := s.query(ctx, func(r row) error {
		var w talk.Waiting
		var since stamp
		err := r.Scan(&w.AccountID, &w.AccountRef, &since)
		w.Since = since.Time
		all = append(all, w)
		return err
	}, `SELECT m.account_id, c.ref, m.at FROM thread_messages m JOIN accounts c ON c.id = m.account_id
		WHERE m.written_by = 'consumer' AND NOT EXISTS (SELECT 1 FROM thread_messages l
			WHERE l.account_id = m.account_id AND (l.at > m.at OR l.at = m.at AND l.id > m.id))
		ORDER BY m.at, m.id LIMIT ?`, limit)
	return all, err
}

// AddChange implements talk.Changes.
func (s *Store) AddChange(ctx context.Context, c talk.Change) error {
	_, err := s.exec(ctx, `INSERT INTO contact_changes (id, account_id, what, sealed, via, target_hash, code_hash, tries, created_at, done_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		c.ID, string(c.AccountID), string(c.What), c.Sealed, string(c.Via), c.TargetHash, c.CodeHash, c.Tries, at(c.CreatedAt), at(c.DoneAt))
	return err
}

// Change implements talk.Changes.
func (s *Store) Change(ctx context.Context, id debt.AccountID, changeID string) (talk.Change, error) {
	return s.oneChange(ctx, `account_id = ? AND id = ?`, string(id), changeID)
}

// ChangeTold implements talk.Changes.
func (s *Store) ChangeTold(ctx context.Context, noticeID string) (talk.Change, error) {
	return s.oneChange(ctx, `notice_id = ? AND notice_id <> ''`, noticeID)
}

func (s *Store) oneChange(ctx context.Context, where string, args ...any) (talk.Change, error) {
	all, err := s.changes(ctx, where+s.forUpdate(ctx, "contact_changes"), args...)
	if err == nil && len(all) == 0 {
		return talk.Change{}, talk.ErrNoChange
	}
	if err != nil {
		return talk.Change{}, err
	}
	return all[0], nil
}

func (s *Store) changes(ctx context.Context, where string, args ...any) ([]talk.Change, error) {
	var all []talk.Change
	err := s.query(ctx, func(r row) error {
		var c talk.Change
		var made, done stamp
		err := r.Scan(&c.ID, &c.AccountID, &c.What, &c.Sealed, &c.Via, &c.TargetHash, &c.CodeHash, &c.Tries, &made, &done, &c.Told, &c.NoticeID, &c.Was)
		c.CreatedAt, c.DoneAt = made.Time, done.Time
		all = append(all, c)
		return err
	}, `SELECT id, account_id, what, sealed, via, target_hash, code_hash, tries, created_at, done_at, told, notice_id, was
		FROM contact_changes WHERE `+where, args...)
	return all, err
}

// LetteredChanges lists the changes of an account that its old contact hears of
// by letter alone, made after a time, newest first.
func (s *Store) LetteredChanges(ctx context.Context, id debt.AccountID, since time.Time) ([]talk.Change, error) {
	return s.changes(ctx, `account_id = ? AND told = 'letter' AND done_at > ? ORDER BY done_at DESC, id`, string(id), at(since))
}

// SaveChange implements talk.Changes.
func (s *Store) SaveChange(ctx context.Context, c talk.Change) error {
	_, err := s.exec(ctx, `UPDATE contact_changes SET tries = ?, done_at = ?, told = ?, notice_id = ?, was = ? WHERE id = ?`,
		c.Tries, at(c.DoneAt), string(c.Told), c.NoticeID, c.Was, c.ID)
	return err
}

// ChecksSince implements talk.Changes. The lock on the account and the target is
// of the kind that needs no row.
func (s *Store) ChecksSince(ctx context.Context, id debt.AccountID, target []byte, since time.Time) (ofAccount, ofTarget int, err error) {
	for _, name := range slices.Sorted(slices.Values([]string{"checks:" + string(id), "checks:" + hex.EncodeToString(target)})) {
		if err := s.lockName(ctx, name); err != nil {
			return 0, 0, err
		}
	}
	err = s.queryRow(ctx, []any{&ofAccount, &ofTarget}, `SELECT
		(SELECT COUNT(*) FROM contact_changes WHERE via <> '' AND account_id = ? AND created_at > ?),
		(SELECT COUNT(*) FROM contact_changes WHERE via <> '' AND target_hash = ? AND created_at > ?)`,
		string(id), at(since), target, at(since))
	return ofAccount, ofTarget, err
}

// lockName lets one transaction at a time go on under a name, until it ends.
// SQLite has one writer at a time anyway.
func (s *Store) lockName(ctx context.Context, name string) error {
	if s.engine != postgresEngine {
		return nil
	}
	var nothing string
	return s.queryRow(ctx, []any{&nothing}, `SELECT CAST(pg_advisory_xact_lock(hashtextextended(?, 0)) AS TEXT)`, name)
}
