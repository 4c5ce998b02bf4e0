package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"quittance/portal/letter"
)

var _ letter.Store = (*Store)(nil)

// AddLetter implements letter.Store.
func (s *Store) AddLetter(ctx context.Context, l letter.Letter) (bool, error) {
	touched, err := s.exec(ctx, `INSERT INTO letters (id, account_id, debt_id, debt_ref, creditor_ref, kind, occasion, subject, amount_cents,
			required, state, way, message, owed_at, make_on, due_on)
		VALUES (`+marks(16)+`) ON CONFLICT (account_id, occasion) DO NOTHING`,
		l.ID, string(l.AccountID), string(l.DebtID), l.DebtRef, l.CreditorRef, string(l.Kind), l.Occasion, l.Subject, int64(l.Amount),
		flag(l.Required), string(l.State), string(l.Way), l.Message, at(l.OwedAt), l.MakeOn.String(), l.Due.String())
	if err != nil {
		return false, fmt.Errorf("keep letter: %w", err)
	}
	return touched == 1, nil
}

// SaveLetter implements letter.Store.
func (s *Store) SaveLetter(ctx context.Context, l letter.Letter, sealed []byte) error {
	_, err := s.exec(ctx, `UPDATE letters SET state = ?, amount_cents = ?, way = ?, message = ?, make_on = ?, made_at = ?, given_at = ? WHERE id = ?`,
		string(l.State), int64(l.Amount), string(l.Way), l.Message, l.MakeOn.String(), at(l.MadeAt), at(l.GivenAt), l.ID)
	if err == nil && sealed != nil {
		_, err = s.exec(ctx, `UPDATE letters SET sealed = ? WHERE id = ? AND sealed IS NULL`, sealed, l.ID)
	}
	if err != nil {
		return fmt.Errorf("save letter: %w", err)
	}
	return nil
}

// LockLetter implements letter.Store.
func (s *Store) LockLetter(ctx context.Context, id string) (letter.Letter, error) {
	all, err := s.letters(ctx, `l.id = ?`+s.forUpdate(ctx, "l"), id)
	if err == nil && len(all) == 0 {
		err = letter.ErrNotFound
	}
	if err != nil {
		return letter.Letter{}, err
	}
	return all[0], nil
}

// SealedLetter implements letter.Store.
func (s *Store) SealedLetter(ctx context.Context, id string) (sealed []byte, err error) {
	err = s.queryRow(ctx, []any{&sealed}, `SELECT sealed FROM letters WHERE id = ? AND sealed IS NOT NULL`, id)
	if errors.Is(err, sql.ErrNoRows) {
		err = letter.ErrNotFound
	}
	return sealed, err
}

// Letters implements letter.Store.
func (s *Store) Letters(ctx context.Context, q letter.Query) ([]letter.Letter, error) {
	where, args := `1 = 1`, []any{}
	for _, part := range []struct{ clause, value string }{
		{` AND l.account_id = ?`, string(q.Account)}, {` AND l.state = ?`, string(q.State)}, {` AND l.message = ?`, q.Message},
		{` AND l.make_on <= ?`, q.By.String()},
	} {
		if part.value != "" {
			where, args = where+part.clause, append(args, part.value)
		}
	}
	return s.letters(ctx, where+` ORDER BY l.due_on, l.id LIMIT ?`, append(args, q.Most)...)
}

func (s *Store) letters(ctx context.Context, where string, args ...any) ([]letter.Letter, error) {
	var all []letter.Letter
	err := s.query(ctx, func(r row) error {
		var l letter.Letter
		var required int64
		var owed, made, given stamp
		var makeOn, due day
		err := r.Scan(&l.ID, &l.AccountID, &l.DebtID, &l.DebtRef, &l.CreditorRef, &l.Kind, &l.Occasion, &l.Subject, &l.Amount, &required,
			&l.State, &l.Way, &l.Message, &owed, &makeOn, &due, &made, &given)
		l.Required, l.OwedAt, l.MakeOn, l.Due, l.MadeAt, l.GivenAt = required == 1, owed.Time, makeOn.Date, due.Date, made.Time, given.Time
		all = append(all, l)
		return err
	}, `SELECT l.id, l.account_id, l.debt_id, l.debt_ref, l.creditor_ref, l.kind, l.occasion, l.subject, l.amount_cents, l.required,
		l.state, l.way, l.message, l.owed_at, l.make_on, l.due_on, l.made_at, l.given_at FROM letters l WHERE `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("load letters: %w", err)
	}
	return all, nil
}
