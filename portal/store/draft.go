package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"quittance/payments"
	"quittance/plans"
)

var (
	_ plans.Drafts  = (*Store)(nil)
	_ plans.Credits = (*Store)(nil)
)

const draftColumns = `id, account_id, debt_id, plan_id, created_at, kind, rhythm, first_on, other_day, passed_dates, each_cents, installments,
	charging, method, token, detail_type, detail_brand, detail_last4, detail_funding, detail_wallet, detail_country, detail_holder, detail_expires`

// CreateDraft implements plans.Drafts.
func (s *Store) CreateDraft(ctx context.Context, d plans.Draft) error {
	args := append([]any{d.ID, d.AccountID, d.DebtID, string(d.Plan), at(d.CreatedAt)}, draftValues(d)...)
	_, err := s.exec(ctx, `INSERT INTO plan_drafts (`+draftColumns+`) VALUES (`+marks(len(args))+`)`, args...)
	if err != nil {
		return fmt.Errorf("create draft: %w", err)
	}
	return nil
}

// Draft implements plans.Drafts.
func (s *Store) Draft(ctx context.Context, accountID, id string) (plans.Draft, error) {
	var d plans.Draft
	var created stamp
	var first day
	w, m := &d.Wish, &d.Details
	err := s.queryRow(ctx, []any{&d.ID, &d.AccountID, &d.DebtID, &d.Plan, &created, &w.Kind, &w.Rule.Rhythm, &first, &w.Rule.OtherDay,
		&w.Rule.Passed, &w.Each, &w.Count, &d.Charging, &d.Method, &d.Token, &m.Type, &m.Brand, &m.Last4, &m.Funding, &m.Wallet, &m.Country, &m.HolderID, &m.Expires},
		`SELECT `+draftColumns+` FROM plan_drafts WHERE id = ? AND account_id = ?`, id, accountID)
	if errors.Is(err, sql.ErrNoRows) {
		return plans.Draft{}, plans.ErrNotFound
	}
	w.Rule.First, d.CreatedAt = first.Date, created.Time
	return d, err
}

// SaveDraft implements plans.Drafts.
func (s *Store) SaveDraft(ctx context.Context, d plans.Draft) error {
	rows, err := s.exec(ctx, `UPDATE plan_drafts SET kind = ?, rhythm = ?, first_on = ?, other_day = ?, passed_dates = ?, each_cents = ?,
		installments = ?, charging = ?, method = ?, token = ?, detail_type = ?, detail_brand = ?, detail_last4 = ?, detail_funding = ?,
		detail_wallet = ?, detail_country = ?, detail_holder = ?, detail_expires = ? WHERE id = ? AND account_id = ?`,
		append(draftValues(d), d.ID, d.AccountID)...)
	if err == nil && rows == 0 {
		err = plans.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("save draft: %w", err)
	}
	return nil
}

func draftValues(d plans.Draft) []any {
	w, m := d.Wish, d.Details
	return []any{string(w.Kind), string(w.Rule.Rhythm), day{w.Rule.First}, w.Rule.OtherDay, w.Rule.Passed, int64(w.Each), w.Count,
		string(d.Charging), string(d.Method), d.Token, string(m.Type), m.Brand, m.Last4, m.Funding, m.Wallet, m.Country, m.HolderID, m.Expires}
}

// AddCredits implements plans.Credits.
func (s *Store) AddCredits(ctx context.Context, list []plans.Credit) error {
	if len(list) == 0 {
		return nil
	}
	var args []any
	for _, c := range list {
		args = append(args, string(c.Payment), string(c.Plan), c.Number, c.Amount)
	}
	_, err := s.exec(ctx, `INSERT INTO plan_credits (payment_id, plan_id, number, amount_cents) VALUES `+tuples(len(list), 4)+`
		ON CONFLICT (payment_id, plan_id, number) DO NOTHING`, args...)
	if err != nil {
		return fmt.Errorf("add credits: %w", err)
	}
	return nil
}

// Credits implements plans.Credits.
func (s *Store) Credits(ctx context.Context, id payments.ID) ([]plans.Credit, error) {
	var all []plans.Credit
	err := s.query(ctx, func(r row) error {
		var c plans.Credit
		err := r.Scan(&c.Payment, &c.Plan, &c.Number, &c.Amount)
		all = append(all, c)
		return err
	}, `SELECT payment_id, plan_id, number, amount_cents FROM plan_credits WHERE payment_id = ? ORDER BY plan_id, number`, string(id))
	return all, err
}

// DropCredits implements plans.Credits.
func (s *Store) DropCredits(ctx context.Context, id payments.ID) error {
	_, err := s.exec(ctx, `DELETE FROM plan_credits WHERE payment_id = ?`, string(id))
	return err
}

// PlanReversibleUntil implements outbox.Books.
func (s *Store) PlanReversibleUntil(ctx context.Context, planID string) (time.Time, error) {
	var until stamp
	err := s.queryRow(ctx, []any{&until}, `SELECT p.reversible_until FROM plan_credits c JOIN payments p ON p.id = c.payment_id
		WHERE c.plan_id = ? AND p.reversible_until IS NOT NULL ORDER BY p.reversible_until DESC LIMIT 1`, planID)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return until.Time, err
}
