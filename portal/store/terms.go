package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"quittance/payments/money"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/plans/schedule"
)

var _ plans.TermsBook = (*Store)(nil)

// TermsFor implements plans.TermsBook.
func (s *Store) TermsFor(ctx context.Context, creditorRef, debtType, debtRef string) ([]plans.Terms, error) {
	return s.terms(ctx, `WHERE creditor_ref IN ('', ?) AND debt_type IN ('', ?) AND debt_ref IN ('', ?)`, creditorRef, debtType, debtRef)
}

// Terms lists all versions of all terms, the oldest of each first.
func (s *Store) Terms(ctx context.Context) ([]plans.Terms, error) { return s.terms(ctx, "") }

// AddTerms adds versions of terms; plans.ErrStale when one of them is held.
func (s *Store) AddTerms(ctx context.Context, list []plans.Terms, now time.Time) error {
	if len(list) == 0 {
		return nil
	}
	var args []any
	for _, t := range list {
		text, err := writeTerms(t)
		if err != nil {
			return err
		}
		args = append(args, t.ID, t.Version, t.Scope.CreditorRef, t.Scope.DebtType, t.Scope.DebtRef, day{t.Effective}, text, at(now))
	}
	_, err := s.exec(ctx, `INSERT INTO plan_terms (id, version, creditor_ref, debt_type, debt_ref, effective, terms, added_at)
		VALUES `+tuples(len(list), 8), args...)
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		err = plans.ErrStale
	}
	if err != nil {
		return fmt.Errorf("add terms: %w", err)
	}
	return nil
}

// terms reads whole terms: all versions of one have the same scope. Each
// version ends on the day before the next one begins.
func (s *Store) terms(ctx context.Context, where string, args ...any) ([]plans.Terms, error) {
	var all []plans.Terms
	err := s.query(ctx, func(r row) error {
		var text string
		if err := r.Scan(&text); err != nil {
			return err
		}
		t, err := readTerms(text)
		if n := len(all); n > 0 && all[n-1].ID == t.ID {
			end := t.Effective.AddDays(-1)
			if last := &all[n-1]; last.Until.IsZero() || end.Before(last.Until) {
				last.Until = end
			}
		}
		all = append(all, t)
		return err
	}, `SELECT terms FROM plan_terms `+where+` ORDER BY id, version`, args...)
	if err != nil {
		return nil, fmt.Errorf("load terms: %w", err)
	}
	return all, nil
}

// termsRow is how terms are stored, with a plan and in the book.
type termsRow struct {
	ID              string      `json:"id"`
	Version         int         `json:"version"`
	CreditorRef     string      `json:"creditor_ref"`
	DebtType        string      `json:"debt_type"`
	DebtRef         string      `json:"debt_ref"`
	Effective       string      `json:"effective"`
	Until           string      `json:"until"`
	MinCents        money.Cents `json:"min_cents"`
	MinPercent      int         `json:"min_percent"`
	MaxMonths       int         `json:"max_months"`
	Rhythms         []string    `json:"rhythms"`
	FirstWithinDays int         `json:"first_within_days"`
	LaterDays       int         `json:"later_days"`
	Settlements     []floorRow  `json:"settlements"`
	Skips           int         `json:"skips"`
	PauseDays       int         `json:"pause_days"`
	GraceDays       int         `json:"grace_days"`
	Retries         int         `json:"retries"`
	HardshipCents   money.Cents `json:"hardship_min_cents"`
	HardshipMonths  int         `json:"hardship_months"`
	BreakAfter      int         `json:"break_after"`
}

// floorRow is the least share that settles a debt.
type floorRow struct {
	MinAgeDays int         `json:"min_age_days"`
	MinCents   money.Cents `json:"min_balance_cents"`
	Percent    int         `json:"percent"`
	Payments   int         `json:"payments"`
	ValidDays  int         `json:"valid_days"`
}

func writeTerms(t plans.Terms) (string, error) {
	r := termsRow{
		ID: t.ID, Version: t.Version, CreditorRef: t.Scope.CreditorRef, DebtType: t.Scope.DebtType, DebtRef: t.Scope.DebtRef,
		Effective: t.Effective.String(), Until: t.Until.String(), MinCents: t.MinAmount, MinPercent: t.MinPercent, MaxMonths: t.MaxMonths,
		FirstWithinDays: t.FirstWithinDays, LaterDays: t.LaterDays, Skips: t.Skips, PauseDays: t.PauseDays, GraceDays: t.GraceDays,
		Retries: t.Retries, HardshipCents: t.HardshipMin, HardshipMonths: t.HardshipMonths, BreakAfter: t.BreakAfter,
	}
	for _, rhythm := range t.Rhythms {
		r.Rhythms = append(r.Rhythms, string(rhythm))
	}
	for _, f := range t.Settlements {
		r.Settlements = append(r.Settlements, floorRow{
			MinAgeDays: f.MinAgeDays, MinCents: f.MinBalance, Percent: f.Percent, Payments: f.Payments, ValidDays: f.ValidDays,
		})
	}
	text, err := json.Marshal(r)
	return string(text), err
}

func readTerms(text string) (plans.Terms, error) {
	var r termsRow
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		return plans.Terms{}, fmt.Errorf("read terms: %w", err)
	}
	effective, err := civil.Parse(r.Effective)
	until, err2 := civil.Parse(r.Until)
	t := plans.Terms{
		ID: r.ID, Version: r.Version, Scope: plans.Scope{CreditorRef: r.CreditorRef, DebtType: r.DebtType, DebtRef: r.DebtRef},
		Effective: effective, Until: until, MinAmount: r.MinCents, MinPercent: r.MinPercent, MaxMonths: r.MaxMonths,
		FirstWithinDays: r.FirstWithinDays, LaterDays: r.LaterDays, Skips: r.Skips, PauseDays: r.PauseDays, GraceDays: r.GraceDays,
		Retries: r.Retries, HardshipMin: r.HardshipCents, HardshipMonths: r.HardshipMonths, BreakAfter: r.BreakAfter,
	}
	for _, rhythm := range r.Rhythms {
		t.Rhythms = append(t.Rhythms, schedule.Rhythm(rhythm))
	}
	for _, f := range r.Settlements {
		t.Settlements = append(t.Settlements, plans.SettlementFloor{
			MinAgeDays: f.MinAgeDays, MinBalance: f.MinCents, Percent: f.Percent, Payments: f.Payments, ValidDays: f.ValidDays,
		})
	}
	return t, errors.Join(err, err2)
}
