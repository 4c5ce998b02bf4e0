package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"quittance/portal/debt"
	"quittance/portal/dispute"
)

var (
	_ dispute.Store = (*Store)(nil)
	_ dispute.Queue = (*Store)(nil)
)

// AddDispute implements dispute.Store. The debt is locked by then, so that two
// tabs that send the same come one after the other.
func (s *Store) AddDispute(ctx context.Context, d dispute.Dispute) (dispute.Dispute, bool, error) {
	all, err := s.loadDisputes(ctx, `d.account_id = ? AND d.request_key = ?`, string(d.AccountID), d.RequestKey)
	if err != nil || len(all) > 0 {
		return append(all, d)[0], false, err
	}
	lines, err := json.Marshal(d.Lines)
	if err != nil {
		return d, false, err
	}
	reasons, err := json.Marshal(d.Reasons)
	if err != nil {
		return d, false, err
	}
	err = s.batch(ctx,
		step{query: `INSERT INTO disputes (id, reference, request_key, account_id, debt_id, debt_ref, creditor_ref, kind, scope, lines, reasons,
			paid_on, language, disputed_cents, owed_cents, timely, earlier, opened_at, answer_by, hash, filed_by) VALUES (` + marks(21) + `)`, touches: 1,
			args: []any{string(d.ID), d.Reference, d.RequestKey, string(d.AccountID), optional(d.DebtID), d.DebtRef, d.CreditorRef, string(d.Kind),
				string(d.Scope), string(lines), string(reasons), d.PaidOn.String(), d.Language, int64(d.Disputed), int64(d.Owed), flag(d.Timely),
				optional(d.Earlier), at(d.OpenedAt), d.AnswerBy.String(), d.Hash, string(d.By)}},
		step{query: `INSERT INTO dispute_stories (dispute_id, sealed) VALUES (?, ?)`, args: []any{string(d.ID), d.Sealed}, touches: 1},
	)
	if err != nil {
		return d, false, fmt.Errorf("add dispute: %w", err)
	}
	return d, true, nil
}

// AddStep implements dispute.Store: two who answer at once meet at the key.
func (s *Store) AddStep(ctx context.Context, id dispute.ID, p dispute.Step) error {
	_, err := s.exec(ctx, `INSERT INTO dispute_steps (dispute_id, position, state, outcome, document_id, method, sent_on, by, file_id, at)
		VALUES (`+marks(10)+`)`,
		string(id), 1, string(p.State), string(p.Outcome), p.DocumentID, p.Method, p.SentOn.String(), p.By, string(p.File), at(p.At))
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return dispute.ErrNotNow
	}
	if err != nil {
		return fmt.Errorf("add step of dispute: %w", err)
	}
	return nil
}

// Dispute implements dispute.Store.
func (s *Store) Dispute(ctx context.Context, id dispute.ID) (dispute.Dispute, error) {
	if s.engine == postgresEngine && s.txn(ctx) != nil {
		err := s.query(ctx, func(row) error { return nil }, `SELECT id FROM disputes WHERE id = ? FOR NO KEY UPDATE`, string(id))
		if err != nil {
			return dispute.Dispute{}, fmt.Errorf("lock dispute: %w", err)
		}
	}
	all, err := s.loadDisputes(ctx, `d.id = ?`, string(id))
	if err == nil && len(all) == 0 {
		err = dispute.ErrNotFound
	}
	if err != nil {
		return dispute.Dispute{}, err
	}
	return all[0], nil
}

// DisputesOf implements dispute.Store.
func (s *Store) DisputesOf(ctx context.Context, account debt.AccountID) ([]dispute.Dispute, error) {
	return s.loadDisputes(ctx, `d.account_id = ? ORDER BY d.opened_at DESC, d.id`, string(account))
}

// Disputes implements dispute.Queue.
func (s *Store) Disputes(ctx context.Context, of debt.Creditors, q dispute.Query) ([]dispute.Dispute, error) {
	where, args := s.disputed(of)
	switch q.State {
	case "":
	case dispute.Open:
		where += ` AND p.dispute_id IS NULL`
	default:
		where, args = where+` AND p.state = ?`, append(args, string(q.State))
	}
	if q.NoComplaints {
		where += ` AND d.kind <> 'complaint'`
	}
	if q.After != "" {
		where += ` AND (d.answer_by, d.id) > (SELECT answer_by, id FROM disputes WHERE id = ?)`
		args = append(args, string(q.After))
	}
	return s.loadDisputes(ctx, where+` ORDER BY d.answer_by, d.id LIMIT ?`, append(args, q.Limit)...)
}

func (s *Store) loadDisputes(ctx context.Context, where string, args ...any) ([]dispute.Dispute, error) {
	var all []dispute.Dispute
	err := s.query(ctx, func(r row) error {
		d, err := scanDispute(r)
		all = append(all, d)
		return err
	}, `SELECT d.id, d.reference, d.request_key, d.account_id, d.debt_id, d.debt_ref, d.creditor_ref, d.kind, d.scope, d.lines, d.reasons,
		d.paid_on, d.language, d.disputed_cents, d.owed_cents, d.timely, d.earlier, d.opened_at, d.answer_by, d.hash, d.filed_by, t.sealed,
		p.state, p.outcome, p.document_id, p.method, p.sent_on, p.by, p.file_id, p.at
		FROM disputes d LEFT JOIN dispute_stories t ON t.dispute_id = d.id LEFT JOIN dispute_steps p ON p.dispute_id = d.id
		WHERE `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("load disputes: %w", err)
	}
	return all, nil
}

func scanDispute(r row) (dispute.Dispute, error) {
	var d dispute.Dispute
	var debtID, earlier optional
	var lines, reasons string
	var paidOn, answerBy day
	var timely int64
	var opened, ended stamp
	var state, outcome, document, method, sentOn, by, file sql.NullString
	err := r.Scan(&d.ID, &d.Reference, &d.RequestKey, &d.AccountID, &debtID, &d.DebtRef, &d.CreditorRef, &d.Kind, &d.Scope, &lines, &reasons,
		&paidOn, &d.Language, &d.Disputed, &d.Owed, &timely, &earlier, &opened, &answerBy, &d.Hash, &d.By, &d.Sealed,
		&state, &outcome, &document, &method, &sentOn, &by, &file, &ended)
	if err != nil {
		return d, err
	}
	d.DebtID, d.Earlier, d.Timely = debt.ID(debtID), dispute.ID(earlier), timely == 1
	d.PaidOn, d.AnswerBy, d.OpenedAt = paidOn.Date, answerBy.Date, opened.Time
	if state.Valid {
		p := dispute.Step{
			State: dispute.State(state.String), Outcome: dispute.Outcome(outcome.String), DocumentID: document.String,
			Method: method.String, By: by.String, File: dispute.FileID(file.String), At: ended.Time,
		}
		var sent day
		if err := sent.Scan(sentOn.String); err != nil {
			return d, err
		}
		p.SentOn = sent.Date
		d.Steps = append(d.Steps, p)
	}
	return d, errors.Join(json.Unmarshal([]byte(lines), &d.Lines), json.Unmarshal([]byte(reasons), &d.Reasons))
}
