package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"quittance/portal/retention"
)

var (
	_ retention.Store     = (*Store)(nil)
	_ retention.HoldStore = (*Store)(nil)
)

// selectRetention reads what the rule asks of an account. Collection is open
// while a debt is neither paid nor recalled, a plan runs, or money is on its
// way, held, or to be sent back. What a person does here counts as activity, as does what is done to them.
const selectRetention = `SELECT c.id, c.state, c.updated_at,
	(SELECT MAX(d.updated_at) FROM debts d WHERE d.account_id = c.id OR d.id IN (SELECT j.debt_id FROM joint_debtors j WHERE j.account_id = c.id)),
	(SELECT MAX(p.created_at) FROM payments p WHERE p.account_id = c.id),
	(SELECT MAX(p.confirmed_at) FROM payments p WHERE p.account_id = c.id),
	(SELECT MAX(p.closed_at) FROM payments p WHERE p.account_id = c.id),
	(SELECT MAX(m.created_at) FROM messages m WHERE m.account_id = c.id),
	(SELECT MAX(l.created_at) FROM links l WHERE l.account_id = c.id),
	(SELECT MAX(n.changed_at) FROM plans n WHERE n.account_id = c.id),
	(SELECT MAX(e.at) FROM evidence e WHERE e.account_id = c.id),
	(SELECT MAX(x.opened_at) FROM disputes x WHERE x.account_id = c.id),
	(SELECT MAX(n.ended_at) FROM plans n WHERE n.account_id = c.id AND n.charging = 'automatic'),
	CASE WHEN EXISTS (SELECT 1 FROM debts d WHERE d.account_id = c.id AND d.type = 'medical')
		OR EXISTS (SELECT 1 FROM joint_debtors j JOIN debts d ON d.id = j.debt_id WHERE j.account_id = c.id AND d.type = 'medical') THEN 1 ELSE 0 END,
	CASE WHEN EXISTS (SELECT 1 FROM legal_holds h WHERE h.account_id = c.id) THEN 1 ELSE 0 END,
	CASE WHEN EXISTS (SELECT 1 FROM debts d WHERE d.account_id = c.id AND d.status NOT IN ('paid', 'recalled'))
		OR EXISTS (SELECT 1 FROM joint_debtors j WHERE j.account_id = c.id AND j.status NOT IN ('paid', 'recalled'))
		OR EXISTS (SELECT 1 FROM plans n WHERE n.account_id = c.id AND n.status IN ('awaiting', 'active', 'paused', 'broken'))
		OR EXISTS (SELECT 1 FROM payments p WHERE p.account_id = c.id AND p.status NOT IN ('confirmed', 'failed', 'canceled', 'reversed', 'refunded'))
		OR EXISTS (SELECT 1 FROM payments p JOIN payment_allocations a ON a.payment_id = p.id
			WHERE p.account_id = c.id AND p.status = 'confirmed' AND a.held <> '')
		OR EXISTS (SELECT 1 FROM credits k WHERE k.account_id = c.id AND k.closed_at IS NULL)
		THEN 1 ELSE 0 END
	FROM accounts c WHERE c.erased_at IS NULL `

// RetentionFacts implements retention.Store.
func (s *Store) RetentionFacts(ctx context.Context, after string, limit int) ([]retention.Account, error) {
	return s.retained(ctx, `AND c.id > ? ORDER BY c.id LIMIT ?`, after, limit)
}

// LockFacts implements retention.Store.
func (s *Store) LockFacts(ctx context.Context, id string) (retention.Account, bool, error) {
	found, err := s.retained(ctx, `AND c.id = ?`+s.forUpdate(ctx, "c"), id)
	if err != nil || len(found) == 0 {
		return retention.Account{}, false, err
	}
	return found[0], true, nil
}

func (s *Store) retained(ctx context.Context, where string, args ...any) ([]retention.Account, error) {
	var all []retention.Account
	err := s.query(ctx, func(r row) error {
		var a retention.Account
		var times [10]stamp
		var mandate stamp
		var medical, held, open int
		dest := []any{&a.ID, &a.State}
		for i := range times {
			dest = append(dest, &times[i])
		}
		err := r.Scan(append(dest, &mandate, &medical, &held, &open)...)
		for _, t := range times {
			if t.After(a.LastActivity) {
				a.LastActivity = t.Time
			}
		}
		a.MandateEnd, a.Medical, a.LegalHold, a.Open = mandate.Time, medical == 1, held == 1, open == 1
		all = append(all, a)
		return err
	}, selectRetention+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read until when accounts are kept: %w", err)
	}
	return all, nil
}

// erasure is one statement of EraseAccount; its arguments are the account's id
// and, where said, empty bytes before it.
type erasure struct {
	table, query string
	empty        bool
}

// erasures are what is personal outside the accounts' own rows. What was signed
// or seen is sealed by the account's key and goes with it.
var erasures = []erasure{
	{"plan_drafts", `DELETE FROM plan_drafts WHERE account_id = ?`, false},
	{"financial_statements", `DELETE FROM financial_statements WHERE account_id = ?`, false},
	{"letters", `UPDATE letters SET sealed = NULL WHERE account_id = ?`, false},
	{"evidence_pages", `DELETE FROM evidence_pages WHERE account_id = ?`, false},
	{"representatives", `DELETE FROM representatives WHERE account_id = ?`, false},
	{"sessions", `DELETE FROM sessions WHERE subject = ?`, false},
	{"step_ups", `DELETE FROM step_ups WHERE account_id = ?`, false},
	{"digit_asks", `DELETE FROM digit_asks WHERE account_id = ?`, false},
	{"links", `DELETE FROM links WHERE account_id = ?`, false},
	{"stop_links", `DELETE FROM stop_links WHERE account_id = ?`, false},
	{"messages", `UPDATE messages SET sealed = ? WHERE account_id = ?`, true},
	{"thread_messages", `DELETE FROM thread_messages WHERE account_id = ?`, false},
	{"contacts_left", `DELETE FROM contacts_left WHERE account_id = ?`, false},
	{"contact_changes", `DELETE FROM contact_changes WHERE account_id = ?`, false},
	{"dispute_drafts", `DELETE FROM dispute_drafts WHERE account_id = ?`, false},
	{"dispute_stories", `DELETE FROM dispute_stories WHERE dispute_id IN (SELECT id FROM disputes WHERE account_id = ?)`, false},
	{"dispute_file_bytes", `DELETE FROM dispute_file_bytes WHERE file_id IN (SELECT id FROM dispute_files WHERE account_id = ?)`, false},
	{"dispute_files", `UPDATE dispute_files SET name = ? WHERE account_id = ?`, true},
	{"deliveries", `UPDATE deliveries SET body = '{}' WHERE event_id IN (SELECT id FROM events WHERE account_id = ?)`, false},
	{"events", `UPDATE events SET facts = '{}' WHERE account_id = ?`, false},
	{"delivery_attempts", `UPDATE delivery_attempts SET reply = '' WHERE EXISTS (SELECT 1 FROM deliveries d JOIN events e ON e.id = d.event_id
		WHERE d.endpoint_id = delivery_attempts.endpoint_id AND d.sequence = delivery_attempts.sequence AND e.account_id = ?)`, false},
	{"postings", `UPDATE postings SET refusal = '' WHERE refusal <> '' AND event_id IN (SELECT id FROM events WHERE account_id = ?)`, false},
	{"payments", `UPDATE payments SET consent_text = '', consent_ip = '', consent_user_agent = '', detail_holder = '', detail_last4 = '',
		detail_fingerprint = '' WHERE account_id = ?`, false},
	{"declines", `DELETE FROM declines WHERE account_id = ?`, false},
	{"plans", `UPDATE plans SET detail_holder = '', detail_last4 = '', incoming_details = '' WHERE account_id = ?`, false},
	{"debts", `WITH gone (id) AS (SELECT CAST(? AS TEXT)) UPDATE debts SET description = '', account_number_last4 = ''
		WHERE (account_id = (SELECT id FROM gone) OR id IN (SELECT j.debt_id FROM joint_debtors j WHERE j.account_id = (SELECT id FROM gone)))
		AND NOT EXISTS (SELECT 1 FROM joint_debtors j JOIN accounts o ON o.id = j.account_id
			WHERE j.debt_id = debts.id AND o.id <> (SELECT id FROM gone) AND o.erased_at IS NULL)`, false}, // the last person of a joint debt
}

// EraseAccount implements retention.Store. The account's row stays, with the
// collector's number and nothing of the person; its reference code opens nothing
// any more.
func (s *Store) EraseAccount(ctx context.Context, id string, now time.Time) (retention.Erased, error) {
	erased, empty := retention.Erased{}, []byte{}
	for _, e := range erasures {
		args := []any{id}
		if e.empty {
			args = []any{empty, id}
		}
		n, err := s.exec(ctx, e.query, args...)
		if err != nil {
			return nil, fmt.Errorf("erase %s: %w", e.table, err)
		}
		erased[e.table] = n
	}
	nobody := sha256.Sum256([]byte("erased " + id))
	n, err := s.exec(ctx, `UPDATE accounts SET vault = ?, person = ?, name_token = ?, phone_token = ?, code_sealed = ?, code_hash = ?,
		erased_at = ? WHERE id = ?`, empty, empty, empty, empty, empty, nobody[:], at(now), id)
	if err != nil {
		return nil, fmt.Errorf("erase the person: %w", err)
	}
	erased["accounts"] = n
	return erased, nil
}

// How long what is of use for a while only is kept.
const (
	keepAttempts = 90 * 24 * time.Hour
	keepAnswers  = 30 * 24 * time.Hour
	keepCounts   = 48 * time.Hour // of a day
	keepDrafts   = 90 * 24 * time.Hour
	keepReplies  = 3 * 366 * 24 * time.Hour // what receivers answered, as long as Regulation F asks for
)

// forgetAttempts forgets every try after its time: what is older counts no more
// (identity.FailuresFor), so no lock is for ever.
const forgetAttempts = `DELETE FROM attempts WHERE at < ?`

// forgetCards forgets by what a card is known again, once its declines count no
// more.
const forgetCards = `UPDATE payments SET detail_fingerprint = ''
	WHERE created_at < ? AND detail_fingerprint <> '' AND status NOT IN ('submitting', 'checking', 'needs_action')`

// EraseStale implements retention.Store.
func (s *Store) EraseStale(ctx context.Context, now time.Time) (retention.Erased, error) {
	erased := retention.Erased{}
	for _, e := range []struct {
		table, query string
		after        time.Duration
	}{
		{"attempts", forgetAttempts, keepAttempts},
		{"idempotency_keys", `DELETE FROM idempotency_keys WHERE at < ?`, keepAnswers},
		{"plan_drafts", `DELETE FROM plan_drafts WHERE created_at < ?`, keepDrafts},
		{"declines", `DELETE FROM declines WHERE at < ?`, keepCounts},
		{"payments", forgetCards, keepCounts},
		{"code_reads", `DELETE FROM code_reads WHERE hour < ?`, keepCounts},
		{"delivery_attempts", `DELETE FROM delivery_attempts WHERE at < ?`, keepReplies},
	} {
		n, err := s.exec(ctx, e.query, at(now.Add(-e.after)))
		if err != nil {
			return nil, fmt.Errorf("erase %s: %w", e.table, err)
		}
		erased[e.table] += n
	}
	return erased, nil
}

// LegalHold implements retention.HoldStore.
func (s *Store) LegalHold(ctx context.Context, account string) (retention.Hold, bool, error) {
	if lock := s.forUpdate(ctx, "a"); lock != "" {
		var locked string
		if err := s.queryRow(ctx, []any{&locked}, `SELECT a.id FROM accounts a WHERE a.id = ?`+lock, account); err != nil {
			return retention.Hold{}, false, fmt.Errorf("lock the account: %w", err)
		}
	}
	var h retention.Hold
	var made stamp
	err := s.queryRow(ctx, []any{&h.By, &h.Reason, &made}, `SELECT placed_by, reason, at FROM legal_holds WHERE account_id = ?`, account)
	if errors.Is(err, sql.ErrNoRows) {
		return h, false, nil
	}
	h.At = made.Time
	v, failed := s.vaultOf(ctx, account)
	if err = errors.Join(err, failed); err == nil {
		h.Reason, err = v.plain(h.Reason, "legal_holds.reason:"+account)
	}
	return h, true, err
}

// PlaceLegalHold implements retention.HoldStore.
func (s *Store) PlaceLegalHold(ctx context.Context, account string, h retention.Hold) error {
	sealed, err := s.sealTexts(ctx, account, "legal_holds.%s:"+account, map[string]string{"reason": h.Reason})
	if err == nil {
		_, err = s.exec(ctx, `INSERT INTO legal_holds (account_id, placed_by, reason, at) VALUES (?,?,?,?)
			ON CONFLICT (account_id) DO UPDATE SET placed_by = excluded.placed_by, reason = excluded.reason, at = excluded.at`,
			account, h.By, sealed["reason"], at(h.At))
	}
	return err
}

// LiftLegalHold implements retention.HoldStore.
func (s *Store) LiftLegalHold(ctx context.Context, account string) error {
	_, err := s.exec(ctx, `DELETE FROM legal_holds WHERE account_id = ?`, account)
	return err
}
