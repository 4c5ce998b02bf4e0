package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"quittance/portal/debt"
	"quittance/portal/validation"
)

var (
	_ validation.Store    = (*Store)(nil)
	_ validation.Duties   = (*Store)(nil)
	_ validation.Accounts = (*Store)(nil)
)

// AddNotice implements validation.Store.
func (s *Store) AddNotice(ctx context.Context, n validation.Notice, sealed []byte) (bool, error) {
	sealed, err := s.hidden(ctx, string(n.AccountID), noticeAt(n.ID), sealed)
	if err != nil {
		return false, fmt.Errorf("keep notice: %w", err)
	}
	touched, err := s.exec(ctx, `INSERT INTO validation_notices (id, account_id, debt_id, provided_on, received_on, ends_on,
			delivered_via, source, itemization_type, itemization_date, hash, sealed, at)
		VALUES (`+marks(13)+`) ON CONFLICT (debt_id, account_id, provided_on, delivered_via) DO NOTHING`,
		string(n.ID), string(n.AccountID), string(n.DebtID), n.Provided.String(), n.Receipt.String(), n.End.String(),
		string(n.Via), string(n.Source), string(n.Type), n.Itemized.String(), n.Hash, sealed, at(n.At))
	if err == nil && touched == 1 {
		err = s.useItemization(ctx, n.DebtID, n.At)
	}
	if err != nil {
		return false, fmt.Errorf("keep notice: %w", err)
	}
	return touched == 1, nil
}

// useItemization fixes the itemization date of a debt (VAL-02).
func (s *Store) useItemization(ctx context.Context, id debt.ID, when time.Time) error {
	_, err := s.exec(ctx, `UPDATE debts SET itemization_used_at = ? WHERE id = ? AND itemization_used_at IS NULL`, at(when), string(id))
	return err
}

// ValidationNotices implements validation.Store.
func (s *Store) ValidationNotices(ctx context.Context, id debt.AccountID) ([]validation.Notice, error) {
	var all []validation.Notice
	err := s.query(ctx, func(r row) error {
		n := validation.Notice{AccountID: id}
		var provided, received, ends, itemized day
		var made stamp
		err := r.Scan(&n.ID, &n.DebtID, &provided, &received, &ends, &n.Via, &n.Source, &n.Type, &itemized, &n.Hash, &made)
		n.Provided, n.Receipt, n.End, n.Itemized, n.At = provided.Date, received.Date, ends.Date, itemized.Date, made.Time
		all = append(all, n)
		return err
	}, `SELECT id, debt_id, provided_on, received_on, ends_on, delivered_via, source, itemization_type, itemization_date, hash, at
		FROM validation_notices WHERE account_id = ? ORDER BY at, id`, string(id))
	if err != nil {
		return nil, fmt.Errorf("load notices: %w", err)
	}
	return all, nil
}

// SealedNotice implements validation.Store. What was erased is not found.
func (s *Store) SealedNotice(ctx context.Context, id validation.ID) (sealed []byte, err error) {
	var account string
	err = s.queryRow(ctx, []any{&account, &sealed}, `SELECT account_id, sealed FROM validation_notices WHERE id = ?`, string(id))
	if err == nil {
		sealed, err = s.shown(ctx, account, noticeAt(id), sealed)
	}
	if errors.Is(err, sql.ErrNoRows) || err == nil && len(sealed) == 0 {
		return nil, validation.ErrNotFound
	}
	return sealed, err
}

func noticeAt(id validation.ID) string { return "validation_notices.sealed:" + string(id) }

// AddNoticeRequest implements validation.Store.
func (s *Store) AddNoticeRequest(ctx context.Context, r validation.Request) error {
	_, err := s.exec(ctx, `INSERT INTO validation_requests (id, notice_id, language, at) VALUES (`+marks(4)+`)`,
		r.ID, string(r.Notice), r.Language, at(r.At))
	return err
}

// DebtByRef implements validation.Accounts.
func (s *Store) DebtByRef(ctx context.Context, ref string) (account debt.AccountID, id debt.ID, err error) {
	err = s.queryRow(ctx, []any{&account, &id}, `SELECT account_id, id FROM debts WHERE ref = ?`, ref)
	if errors.Is(err, sql.ErrNoRows) {
		err = validation.ErrNotFound
	}
	return account, id, err
}

// Unnoticed implements validation.Duties.
func (s *Store) Unnoticed(ctx context.Context, id debt.AccountID) (ids []debt.ID, err error) {
	err = s.query(ctx, func(r row) error {
		var d debt.ID
		err := r.Scan(&d)
		ids = append(ids, d)
		return err
	}, `SELECT d.id FROM debts d WHERE d.id IN (`+debtsOfAccount+`)
		AND NOT EXISTS (SELECT 1 FROM validation_notices n WHERE n.debt_id = d.id AND n.account_id = ?)
		AND NOT EXISTS (SELECT 1 FROM validation_duties v WHERE v.debt_id = d.id AND v.account_id = ? AND v.ended_by NOT IN ('recalled', 'bankruptcy'))
		ORDER BY d.id`, string(id), string(id), string(id), string(id))
	return ids, err
}

// BeginDuty implements validation.Duties.
func (s *Store) BeginDuty(ctx context.Context, d validation.Duty) (bool, error) {
	touched, err := s.exec(ctx, `INSERT INTO validation_duties (debt_id, account_id, event_id, began_at, due_on, alert_at, ended_by)
		VALUES (`+marks(7)+`) ON CONFLICT (debt_id, account_id) DO UPDATE SET event_id = excluded.event_id, began_at = excluded.began_at, due_on = excluded.due_on,
			alert_at = excluded.alert_at, alerted_at = NULL, ended_at = NULL, ended_by = '' WHERE validation_duties.ended_by IN ('recalled', 'bankruptcy')`,
		string(d.DebtID), string(d.AccountID), d.EventID, at(d.BeganAt), d.Due.String(), at(d.AlertAt), "")
	if err == nil {
		err = s.useItemization(ctx, d.DebtID, d.BeganAt)
	}
	return touched == 1, err
}

// EndDuty implements validation.Duties.
func (s *Store) EndDuty(ctx context.Context, whose debt.AccountID, id debt.ID, by string, when time.Time) error {
	_, err := s.exec(ctx, `UPDATE validation_duties SET ended_at = ?, ended_by = ? WHERE debt_id = ? AND account_id = ? AND ended_at IS NULL`,
		at(when), by, string(id), string(whose))
	return err
}

// Alerted implements validation.Duties.
func (s *Store) Alerted(ctx context.Context, whose debt.AccountID, id debt.ID, when time.Time) error {
	_, err := s.exec(ctx, `UPDATE validation_duties SET alerted_at = ? WHERE debt_id = ? AND account_id = ? AND ended_at IS NULL`, at(when), string(id), string(whose))
	return err
}

// OpenDuties implements validation.Duties.
func (s *Store) OpenDuties(ctx context.Context, q validation.DutyQuery) ([]validation.Duty, error) {
	where, args := `ended_at IS NULL`, []any{}
	if q.EventID != "" {
		where, args = where+` AND event_id = ?`, append(args, q.EventID)
	}
	if q.Account != "" {
		where, args = where+` AND account_id = ?`, append(args, string(q.Account))
	}
	if !q.Before.IsZero() {
		where, args = where+` AND alert_at <= ?`, append(args, at(q.Before))
	}
	if q.Untold {
		where += ` AND alerted_at IS NULL`
	}
	var all []validation.Duty
	err := s.query(ctx, func(r row) error {
		var d validation.Duty
		var due day
		var began, alert, alerted stamp
		err := r.Scan(&d.DebtID, &d.AccountID, &d.EventID, &began, &due, &alert, &alerted)
		d.BeganAt, d.Due, d.AlertAt, d.AlertedAt = began.Time, due.Date, alert.Time, alerted.Time
		all = append(all, d)
		return err
	}, `SELECT debt_id, account_id, event_id, began_at, due_on, alert_at, alerted_at FROM validation_duties
		WHERE `+where+` ORDER BY alert_at, debt_id LIMIT ?`, append(args, q.Most)...)
	return all, err
}

// NoticeRequests lists when a notice was asked for in another language.
func (s *Store) NoticeRequests(ctx context.Context, id validation.ID) ([]validation.Request, error) {
	var all []validation.Request
	err := s.query(ctx, func(r row) error {
		q := validation.Request{Notice: id}
		var asked stamp
		err := r.Scan(&q.ID, &q.Language, &asked)
		q.At = asked.Time
		all = append(all, q)
		return err
	}, `SELECT id, language, at FROM validation_requests WHERE notice_id = ? ORDER BY at, id`, string(id))
	return all, err
}
