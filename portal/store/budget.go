package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"quittance/plans"
)

var _ plans.Statements = (*Store)(nil)

// AddStatement implements plans.Statements.
func (s *Store) AddStatement(ctx context.Context, st plans.Statement) (bool, error) {
	income, err := json.Marshal(st.Budget.Income)
	if err != nil {
		return false, fmt.Errorf("add statement: %w", err)
	}
	essentials, err := json.Marshal(st.Budget.Essentials)
	if err != nil {
		return false, fmt.Errorf("add statement: %w", err)
	}
	sealed, err := s.sealTexts(ctx, st.AccountID, "financial_statements.%s:"+st.ID, map[string]string{"income": string(income), "essentials": string(essentials)})
	if err != nil {
		return false, fmt.Errorf("add statement: %w", err)
	}
	rows, err := s.exec(ctx, `INSERT INTO financial_statements
		(id, account_id, household, income, essentials, calculation, left_cents, ceiling_cents, at, request_key) VALUES (`+marks(10)+`)
		ON CONFLICT DO NOTHING`,
		st.ID, st.AccountID, st.Budget.Household, sealed["income"], sealed["essentials"], st.Finding.Calculation,
		int64(st.Finding.Left), int64(st.Finding.Ceiling), at(st.At), st.RequestKey)
	if err != nil {
		return false, fmt.Errorf("add statement: %w", err)
	}
	return rows > 0, nil
}

// LatestStatement implements plans.Statements.
func (s *Store) LatestStatement(ctx context.Context, accountID string) (plans.Statement, error) {
	all, err := s.budgets(ctx, accountID, 1)
	if err == nil && len(all) == 0 {
		err = plans.ErrNotFound
	}
	if err != nil {
		return plans.Statement{}, err
	}
	return all[0], nil
}

// StatementsOf lists what a person said of their budget, the newest first.
func (s *Store) StatementsOf(ctx context.Context, accountID string) ([]plans.Statement, error) {
	return s.budgets(ctx, accountID, mostRows)
}

// budgetTexts are a statement and its lists as they are stored.
type budgetTexts struct {
	plans.Statement
	income, essentials string
}

func (s *Store) budgets(ctx context.Context, accountID string, limit int) ([]plans.Statement, error) {
	var found []budgetTexts
	err := s.query(ctx, func(r row) error {
		st := budgetTexts{Statement: plans.Statement{AccountID: accountID}}
		var made stamp
		err := r.Scan(&st.ID, &st.Budget.Household, &st.income, &st.essentials, &st.Finding.Calculation, &st.Finding.Left, &st.Finding.Ceiling, &made, &st.RequestKey)
		st.At = made.Time
		found = append(found, st)
		return err
	}, `SELECT id, household, income, essentials, calculation, left_cents, ceiling_cents, at, request_key FROM financial_statements
		WHERE account_id = ? ORDER BY at DESC, id DESC LIMIT ?`, accountID, limit)
	var v vault
	if err == nil && len(found) > 0 {
		v, err = s.vaultOf(ctx, accountID)
	}
	all := make([]plans.Statement, 0, len(found))
	for _, st := range found {
		if err == nil {
			err = st.open(v)
		}
		all = append(all, st.Statement)
	}
	if err != nil {
		return nil, fmt.Errorf("load statement: %w", err)
	}
	return all, nil
}

// open reads the lists and sums them up.
func (b *budgetTexts) open(v vault) error {
	income, first := v.plain(b.income, "financial_statements.income:"+b.ID)
	essentials, second := v.plain(b.essentials, "financial_statements.essentials:"+b.ID)
	if err := errors.Join(first, second); err != nil {
		return err
	}
	if err := errors.Join(json.Unmarshal([]byte(income), &b.Budget.Income), json.Unmarshal([]byte(essentials), &b.Budget.Essentials)); err != nil {
		return err
	}
	for _, l := range b.Budget.Income {
		b.Finding.Income += l.Amount
	}
	for _, l := range b.Budget.Essentials {
		b.Finding.Essentials += l.Amount
	}
	return nil
}
