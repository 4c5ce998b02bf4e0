package store

import (
	"context"
	"time"

	"quittance/payments"
)

var _ payments.Declines = (*Store)(nil)

// AddDecline implements payments.Declines.
func (s *Store) AddDecline(ctx context.Context, p payments.Payment, when time.Time) error {
	_, err := s.exec(ctx, `INSERT INTO declines (attempt_id, revision, account_id, fingerprint, at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (attempt_id, revision) DO NOTHING`, string(p.ID), p.Revision, p.AccountID, p.Details.Fingerprint, at(when))
	return err
}

// RemoveDecline implements payments.Declines.
func (s *Store) RemoveDecline(ctx context.Context, p payments.Payment) error {
	_, err := s.exec(ctx, `DELETE FROM declines WHERE attempt_id = ? AND revision = ?`, string(p.ID), p.Revision)
	return err
}

// underWay are payments by card of an account, or of a card, that a person
// started and whose outcome is open. A page of the processor that is merely open
// is none: its declines are counted by themselves.
const underWay = `FROM payments WHERE method = 'card' AND unattended = 0 AND status IN ('submitting', 'checking', 'needs_action')
	AND NOT (status = 'needs_action' AND checkout_id IS NOT NULL) AND id <> ? AND submitted_at > ? AND `

// Tries implements payments.Declines. The locks are of the kind that needs no row.
func (s *Store) Tries(ctx context.Context, p payments.Payment, since time.Time) (payments.Tries, error) {
	var declined, open payments.Tries
	if err := s.lockName(ctx, "declines:"+p.AccountID); err != nil {
		return declined, err
	}
	err := s.queryRow(ctx, []any{&declined.OfAccount, &open.OfAccount}, `SELECT
		(SELECT COUNT(*) FROM declines WHERE account_id = ? AND at > ?), (SELECT COUNT(*) `+underWay+`account_id = ?)`,
		p.AccountID, at(since), string(p.ID), at(since), p.AccountID)
	if card := p.Details.Fingerprint; err == nil && card != "" {
		if err = s.lockName(ctx, "declines of card:"+card); err != nil {
			return declined, err
		}
		err = s.queryRow(ctx, []any{&declined.OfCard, &open.OfCard}, `SELECT
			(SELECT COUNT(*) FROM declines WHERE fingerprint = ? AND at > ?), (SELECT COUNT(*) `+underWay+`detail_fingerprint = ?)`,
			card, at(since), string(p.ID), at(since), card)
	}
	return payments.Tries{OfAccount: declined.OfAccount + open.OfAccount, OfCard: declined.OfCard + open.OfCard}, err
}

// CardsStopped counts the accounts from which no card is taken, because as many
// were declined since a time as a day allows.
func (s *Store) CardsStopped(ctx context.Context, since time.Time) (int, error) {
	var n int
	err := s.queryRow(ctx, []any{&n}, `SELECT COUNT(*) FROM (SELECT account_id FROM declines WHERE at > ? GROUP BY account_id HAVING COUNT(*) >= ?) t`,
		at(since), payments.DeclinesADay)
	return n, err
}
