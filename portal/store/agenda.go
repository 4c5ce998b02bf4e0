package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"quittance/plans"
	"quittance/plans/civil"
)

var (
	_ plans.Agenda = (*Store)(nil)
	_ plans.Index  = (*Store)(nil)
)

// dueCharges picks what is to be charged, from the index plan_installments_charges
// alone; nothing of the plan is asked.
const dueCharges = `SELECT plan_id, number FROM plan_installments
	WHERE chargeable = 1 AND charge_at <= ? AND (leased_until IS NULL OR leased_until <= ?)
	ORDER BY charge_at, plan_id, number LIMIT ?`

// claimCharges leases them in the same statement. The part that picks is kept
// apart, so that it runs once.
const claimCharges = `WITH picked (plan, place) AS MATERIALIZED (` + dueCharges + `%s)
	UPDATE plan_installments SET leased_until = ? FROM picked WHERE plan_id = plan AND number = place
	RETURNING plan_id, number, charge_at`

// ClaimDue implements plans.Agenda.
func (s *Store) ClaimDue(ctx context.Context, now, until time.Time, limit int) ([]plans.Due, error) {
	type charge struct {
		plans.Due
		at stamp
	}
	var claimed []charge
	err := s.together(ctx, func(ctx context.Context) error {
		return s.query(ctx, func(r row) error {
			var c charge
			err := r.Scan(&c.Plan, &c.Number, &c.at)
			claimed = append(claimed, c)
			return err
		}, fmt.Sprintf(claimCharges, s.skipLocked()), at(now), at(now), limit, at(until))
	})
	if err != nil {
		return nil, fmt.Errorf("claim charges: %w", err)
	}
	slices.SortFunc(claimed, func(a, b charge) int {
		return cmp.Or(a.at.Compare(b.at.Time), cmp.Compare(a.Plan, b.Plan), cmp.Compare(a.Number, b.Number))
	})
	var due []plans.Due
	for _, c := range claimed {
		due = append(due, c.Due)
	}
	return due, nil
}

// Defer implements plans.Agenda.
func (s *Store) Defer(ctx context.Context, d plans.Due, until time.Time) error {
	_, err := s.exec(ctx, `UPDATE plan_installments SET leased_until = ? WHERE plan_id = ? AND number = ?`, at(until), string(d.Plan), d.Number)
	if err != nil {
		return fmt.Errorf("put a charge off: %w", err)
	}
	return nil
}

// NoticesDue implements plans.Agenda, for plans that are charged now: one that
// is paused needs no notice.
func (s *Store) NoticesDue(ctx context.Context, on civil.Date, limit int) ([]plans.Due, error) {
	var due []plans.Due
	err := s.lookups(ctx, dueLookup(&due, `SELECT plan_id, number FROM plan_installments
		WHERE chargeable = 1 AND notice_state = 'waiting' AND notice_on <= ?
		ORDER BY notice_on, plan_id, number LIMIT ?`, day{on}, limit))
	return due, err
}

// Overdue implements plans.Agenda. Of installments it lists those whose grace
// days are over: nothing is to be done about the others yet, and they must not
// stand in the way.
func (s *Store) Overdue(ctx context.Context, on civil.Date, limit int) ([]plans.Due, error) {
	var due []plans.Due
	err := s.lookups(ctx,
		dueLookup(&due, `SELECT id, 0 FROM plans WHERE status = 'paused' AND resume_on <> '' AND resume_on <= ?
			ORDER BY resume_on, id LIMIT ?`, day{on}, limit),
		dueLookup(&due, `SELECT plan_id, number FROM plan_installments WHERE overdue_on <> '' AND overdue_on <= ?
			ORDER BY overdue_on, plan_id, number LIMIT ?`, day{on}, limit))
	return due[:min(len(due), limit)], err
}

// cardsEnding reads the index plans_cards: what is not told, of a month or two.
// No day of a month is after its 31st, as text.
const cardsEnding = `SELECT id FROM plans p WHERE status = 'active' AND detail_expires <> '' AND detail_expires <> card_told
	AND detail_expires >= ? AND detail_expires < ? AND charging = 'automatic' AND incoming_setup = ''
	AND EXISTS (SELECT 1 FROM plan_installments i WHERE i.plan_id = p.id AND i.status IN ('scheduled', 'failed')
		AND i.paid_cents < i.amount_cents AND i.due > p.detail_expires || '-31')
	ORDER BY detail_expires, id LIMIT ?`

// CardsEnding implements plans.Agenda.
func (s *Store) CardsEnding(ctx context.Context, from, to civil.Date, limit int) ([]plans.ID, error) {
	var ids []plans.ID
	err := s.query(ctx, func(r row) error {
		var id plans.ID
		err := r.Scan(&id)
		ids = append(ids, id)
		return err
	}, cardsEnding, month(from), month(to.AddDays(1)), limit)
	if err != nil {
		return nil, fmt.Errorf("list the cards that end: %w", err)
	}
	return ids, nil
}

func month(d civil.Date) string { return d.String()[:len("2027-01")] }

func dueLookup(due *[]plans.Due, query string, args ...any) lookup {
	return lookup{query: query, args: args, scan: func(r row) error {
		var d plans.Due
		err := r.Scan(&d.Plan, &d.Number)
		*due = append(*due, d)
		return err
	}}
}

// ByNotice implements plans.Index.
func (s *Store) ByNotice(ctx context.Context, messageID string) (plans.Due, error) {
	var d plans.Due
	err := s.queryRow(ctx, []any{&d.Plan, &d.Number}, `SELECT plan_id, number FROM plan_installments
		WHERE notice_message = ? AND notice_message <> ''`, messageID)
	if errors.Is(err, sql.ErrNoRows) {
		err = plans.ErrNotFound
	}
	return d, err
}

// BySetup implements plans.Index.
func (s *Store) BySetup(ctx context.Context, setupID string) (plans.ID, error) {
	var id plans.ID
	err := s.queryRow(ctx, []any{&id}, `SELECT id FROM (
			SELECT id, created_at FROM plans WHERE setup_id = ? AND setup_id <> ''
			UNION ALL SELECT id, created_at FROM plans WHERE incoming_setup = ? AND incoming_setup <> '') AS found
		ORDER BY created_at DESC LIMIT 1`, setupID, setupID)
	if errors.Is(err, sql.ErrNoRows) {
		err = plans.ErrNotFound
	}
	return id, err
}

// ByMethod implements plans.Index.
func (s *Store) ByMethod(ctx context.Context, methodID string) ([]plans.ID, error) {
	return s.planIDs(ctx, `method_id = ? AND method_id <> '' AND `+running+` ORDER BY created_at, id`, methodID)
}

// ClaimVerifying implements plans.Index.
func (s *Store) ClaimVerifying(ctx context.Context, now, before time.Time, limit int) ([]plans.ID, error) {
	var ids []plans.ID
	err := s.together(ctx, func(ctx context.Context) error {
		return s.query(ctx, func(r row) error {
			var id plans.ID
			err := r.Scan(&id)
			ids = append(ids, id)
			return err
		}, fmt.Sprintf(claimVerifying, s.skipLocked()), at(before), limit, at(now))
	})
	if err != nil {
		return nil, fmt.Errorf("claim methods to be verified: %w", err)
	}
	slices.Sort(ids)
	return ids, nil
}

// RunningOf implements plans.Index.
func (s *Store) RunningOf(ctx context.Context, accountIDs []string) ([]plans.ID, error) {
	if len(accountIDs) == 0 {
		return nil, nil
	}
	match, list := s.oneOf("c.id", accountIDs)
	with, again := s.oneOf("mine.account_id", accountIDs)
	var ids []plans.ID
	err := s.query(ctx, func(r row) error {
		var id plans.ID
		err := r.Scan(&id)
		ids = append(ids, id)
		return err
	}, `SELECT p.id FROM plans p WHERE p.account_id IN (SELECT c.id FROM accounts c WHERE `+match+` UNION `+owingWith+with+`)
		AND p.`+running+` ORDER BY p.id`, list, again)
	if err != nil {
		return nil, fmt.Errorf("find running plans: %w", err)
	}
	return ids, nil
}

const claimVerifying = `WITH picked (plan) AS MATERIALIZED (SELECT id FROM plans
		WHERE (status = 'awaiting' OR incoming_setup <> '') AND (setup_asked_at IS NULL OR setup_asked_at <= ?)
		ORDER BY created_at, id LIMIT ?%s)
	UPDATE plans SET setup_asked_at = ? FROM picked WHERE id = plan RETURNING id`

func (s *Store) planIDs(ctx context.Context, where string, args ...any) ([]plans.ID, error) {
	var ids []plans.ID
	err := s.query(ctx, func(r row) error {
		var id plans.ID
		err := r.Scan(&id)
		ids = append(ids, id)
		return err
	}, `SELECT id FROM plans WHERE `+where, args...)
	return ids, err
}
