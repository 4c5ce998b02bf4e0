package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"quittance/portal/claim"
	"quittance/portal/debt"
	"quittance/portal/gate"
)

var (
	_ claim.Store = (*Store)(nil)
	_ claim.Lists = (*Store)(nil)
	_ claim.Going = (*Store)(nil)

	_ gate.Consents = (*Store)(nil)
)

const claimColumns = `c.id, c.reference, c.account_id, c.kind, c.state, c.door, c.until, c.stopped_links, c.stopped_plans,
	c.stopped_messages, c.consent_at, c.created_at, c.decided_at, c.decided_by, c.decided_on`

func scanClaim(r row) (claim.Claim, error) {
	var c claim.Claim
	var until, consent, created, decided stamp
	var on day
	err := r.Scan(&c.ID, &c.Reference, &c.AccountID, &c.Kind, &c.State, &c.Door, &until, &c.Stopped.Links, &c.Stopped.Plans,
		&c.Stopped.Messages, &consent, &created, &decided, &c.DecidedBy, &on)
	c.Until, c.ConsentAt, c.CreatedAt, c.DecidedAt, c.DecidedOn = until.Time, consent.Time, created.Time, decided.Time, on.Date
	return c, err
}

// OpenClaim implements claim.Store.
func (s *Store) OpenClaim(ctx context.Context, id debt.AccountID, k claim.Kind) (claim.Claim, error) {
	if lock := s.forUpdate(ctx, "a"); lock != "" {
		var locked string
		if err := s.queryRow(ctx, []any{&locked}, `SELECT a.id FROM accounts a WHERE a.id = ?`+lock, string(id)); err != nil {
			return claim.Claim{}, fmt.Errorf("lock the account: %w", err)
		}
	}
	return s.oneClaim(ctx, `c.account_id = ? AND c.kind = ? AND c.state IN ('claimed', 'confirmed')`, string(id), string(k))
}

// ClaimByID implements claim.Store.
func (s *Store) ClaimByID(ctx context.Context, id claim.ID) (claim.Claim, error) {
	return s.oneClaim(ctx, `c.id = ?`+s.forUpdate(ctx, "c"), string(id))
}

// ClaimByReference finds an account's claim by what is read aloud.
func (s *Store) ClaimByReference(ctx context.Context, id debt.AccountID, reference string) (claim.Claim, error) {
	return s.oneClaim(ctx, `c.account_id = ? AND c.reference = ?`, string(id), reference)
}

func (s *Store) oneClaim(ctx context.Context, where string, args ...any) (claim.Claim, error) {
	var c claim.Claim
	err := sql.ErrNoRows
	failed := s.query(ctx, func(r row) error {
		c, err = scanClaim(r)
		return err
	}, `SELECT `+claimColumns+` FROM claims c WHERE `+where, args...)
	if failed == nil && errors.Is(err, sql.ErrNoRows) {
		return c, claim.ErrNotFound
	}
	if failed != nil {
		return c, fmt.Errorf("load claim: %w", failed)
	}
	return c, nil
}

// AddClaim implements claim.Store.
func (s *Store) AddClaim(ctx context.Context, c claim.Claim) error {
	effect, _ := c.Kind.Effect()
	_, err := s.exec(ctx, `INSERT INTO claims (id, reference, account_id, kind, status, state, door, until, stopped_links,
		stopped_plans, stopped_messages, consent_at, created_at, decided_at, decided_by, decided_on) VALUES (`+marks(16)+`)`,
		string(c.ID), c.Reference, string(c.AccountID), string(c.Kind), string(effect.Status), string(c.State), string(c.Door),
		at(c.Until), int64(c.Stopped.Links), int64(c.Stopped.Plans), int64(c.Stopped.Messages), at(c.ConsentAt), at(c.CreatedAt),
		at(c.DecidedAt), c.DecidedBy, c.DecidedOn.String())
	if err != nil {
		return fmt.Errorf("add claim: %w", err)
	}
	return nil
}

// SaveClaim implements claim.Store.
func (s *Store) SaveClaim(ctx context.Context, c claim.Claim) error {
	rows, err := s.exec(ctx, `UPDATE claims SET state = ?, door = ?, decided_at = ?, decided_by = ?, decided_on = ?, consent_at = ? WHERE id = ?`,
		string(c.State), string(c.Door), at(c.DecidedAt), c.DecidedBy, c.DecidedOn.String(), at(c.ConsentAt), string(c.ID))
	if err != nil {
		return fmt.Errorf("save claim: %w", err)
	}
	if rows == 0 {
		return claim.ErrNotFound
	}
	return nil
}

// AddReport implements claim.Store.
func (s *Store) AddReport(ctx context.Context, r claim.Report) error {
	var account string
	err := s.queryRow(ctx, []any{&account}, `SELECT account_id FROM claims WHERE id = ?`, string(r.ClaimID))
	if err == nil {
		r.Sealed, err = s.hidden(ctx, account, reportAt(r.ID), r.Sealed)
	}
	if err == nil {
		_, err = s.exec(ctx, `INSERT INTO claim_reports (id, claim_id, at, door, said_by, sealed) VALUES (`+marks(6)+`)`,
			r.ID, string(r.ClaimID), at(r.At), string(r.Door), r.By, r.Sealed)
	}
	if err != nil {
		return fmt.Errorf("add report: %w", err)
	}
	return nil
}

func reportAt(id string) string { return "claim_reports.sealed:" + id }

// Claims implements claim.Lists.
func (s *Store) Claims(ctx context.Context, openOnly bool, limit int) ([]claim.Claim, error) {
	where := ""
	if openOnly {
		where = ` WHERE c.state = 'claimed'`
	}
	return s.claims(ctx, where+` ORDER BY c.created_at DESC, c.id DESC LIMIT ?`, limit)
}

// ClaimsOfAccount implements claim.Lists.
func (s *Store) ClaimsOfAccount(ctx context.Context, id debt.AccountID) ([]claim.Claim, error) {
	return s.claims(ctx, ` WHERE c.account_id = ? ORDER BY c.created_at DESC, c.id DESC`, string(id))
}

func (s *Store) claims(ctx context.Context, rest string, args ...any) ([]claim.Claim, error) {
	var all []claim.Claim
	err := s.query(ctx, func(r row) error {
		c, err := scanClaim(r)
		all = append(all, c)
		return err
	}, `SELECT `+claimColumns+` FROM claims c`+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("load claims: %w", err)
	}
	return all, nil
}

// Reports implements claim.Lists. Of what was erased the row is left.
func (s *Store) Reports(ctx context.Context, id claim.ID) ([]claim.Report, error) {
	var all []claim.Report
	var account string
	err := s.query(ctx, func(r row) error {
		one := claim.Report{ClaimID: id}
		var when stamp
		err := r.Scan(&account, &one.ID, &when, &one.Door, &one.By, &one.Sealed)
		one.At = when.Time
		all = append(all, one)
		return err
	}, `SELECT c.account_id, r.id, r.at, r.door, r.said_by, r.sealed FROM claim_reports r JOIN claims c ON c.id = r.claim_id
		WHERE r.claim_id = ? ORDER BY r.at, r.id`, string(id))
	v, failed := s.vaultOf(ctx, account)
	err = errors.Join(err, failed)
	for i := range all {
		if err == nil {
			all[i].Sealed, err = v.opened(all[i].Sealed, reportAt(all[i].ID))
		}
	}
	if err != nil {
		return nil, fmt.Errorf("load reports: %w", err)
	}
	return all, nil
}

// OverduePauses implements claim.Lists.
func (s *Store) OverduePauses(ctx context.Context, now time.Time, limit int) ([]claim.ID, error) {
	return s.claimIDs(ctx, `SELECT c.id FROM claims c WHERE c.state = 'claimed' AND c.until IS NOT NULL AND c.until <= ?
		ORDER BY c.until LIMIT ?`, at(now), limit)
}

// Agreed implements claim.Lists.
func (s *Store) Agreed(ctx context.Context, limit int) ([]claim.ID, error) {
	return s.claimIDs(ctx, `SELECT c.id FROM claims c WHERE c.state = 'claimed' AND c.status <> ''
		AND (EXISTS (SELECT 1 FROM debts d WHERE d.account_id = c.account_id AND d.status = c.status)
			OR EXISTS (SELECT 1 FROM joint_debtors j WHERE j.account_id = c.account_id AND j.status = c.status))
		ORDER BY c.created_at LIMIT ?`, limit)
}

func (s *Store) claimIDs(ctx context.Context, query string, args ...any) ([]claim.ID, error) {
	var ids []claim.ID
	err := s.query(ctx, func(r row) error {
		var id claim.ID
		err := r.Scan(&id)
		ids = append(ids, id)
		return err
	}, query, args...)
	return ids, err
}

// Going implements claim.Going: links that can be opened, plans that go on, and
// messages that are about to leave, the code that a person asked for aside.
func (s *Store) Going(ctx context.Context, id debt.AccountID, now time.Time) (claim.Stopped, error) {
	var g claim.Stopped
	account := string(id)
	err := s.queryRow(ctx, []any{&g.Links, &g.Plans, &g.Messages}, `SELECT
		(SELECT COUNT(*) FROM links l WHERE l.account_id = ? AND l.ended_at IS NULL AND l.verified_at IS NULL AND l.expires_at > ?),
		(SELECT COUNT(*) FROM plans p WHERE p.account_id = ? AND p.status IN ('awaiting', 'active')),
		(SELECT COUNT(*) FROM messages m WHERE m.account_id = ? AND m.status = 'queued' AND m.kind NOT IN ('step_up', 'step_up_for'))`,
		account, at(now), account, account)
	if err != nil {
		return g, fmt.Errorf("count what goes on: %w", err)
	}
	return g, nil
}

// PayConsent implements gate.Consents.
func (s *Store) PayConsent(ctx context.Context, id debt.AccountID) (bool, error) {
	var n int
	err := s.queryRow(ctx, []any{&n}, `SELECT COUNT(*) FROM claims c WHERE c.account_id = ? AND c.kind = 'attorney'
		AND c.state IN ('claimed', 'confirmed') AND c.consent_at IS NOT NULL`, string(id))
	return n > 0, err
}
