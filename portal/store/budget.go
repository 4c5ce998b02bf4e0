package store

import (
	"context"
	"database/sql"
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
	st := plans.Statement{AccountID: accountID}
	var income, essentials string
	var made stamp
	err := s.queryRow(ctx, []any{&st.ID, &st.Budget.Household, &income, &essentials, &st.Finding.Calculation, &st.Finding.Left, &st.Finding.Ceiling, &made, &st.RequestKey},
		`SELECT id, household, income, essentials, calculation, left_cents, ceiling_cents, at, request_key FROM financial_statements
		WHERE account_id = ? ORDER BY at DESC, id DESC LIMIT 1`, accountID)
	if errors.Is(err, sql.ErrNoRows) {
		return plans.Statement{}, plans.ErrNotFound
	}
	var v vault
	if err == nil {
		v, err = s.vaultOf(ctx, accountID)
	}
	for column, text := range map[string]*string{"income": &income, "essentials": &essentials} {
		if err == nil {
			*text, err = v.plain(*text, "financial_statements."+column+":"+st.ID)
		}
	}
	if err == nil {
		err = errors.Join(json.Unmarshal([]byte(income), &st.Budget.Income), json.Unmarshal([]byte(essentials), &st.Budget.Essentials))
	}
	if err != nil {
		return plans.Statement{}, fmt.Errorf("load statement: %w", err)
	}
	st.At = made.Time
	for _, l := range st.Budget.Income {
		st.Finding.Income += l.Amount
	}
	for _, l := range st.Budget.Essentials {
		st.Finding.Essentials += l.Amount
	}
	return st, nil
}
