package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"quittance/portal/debt"
	"quittance/portal/intake"
)

var _ intake.TaskStore = (*Store)(nil)

const taskColumns = `t.id, t.kind, t.subject, t.account_id, t.account_ref, t.debt_ref, t.status, t.reasons, t.name, t.mark, t.as_of, t.at,
	t.decision, t.decided_at, t.decided_by`

// tasks reads tasks with the holds that are open for each, a row a hold.
func (s *Store) tasks(ctx context.Context, where string, args ...any) ([]intake.Task, error) {
	var all []intake.Task
	err := s.query(ctx, func(r row) error {
		var t intake.Task
		var reasons string
		var asOf, made, decided stamp
		var account, owing, status optional
		err := r.Scan(&t.ID, &t.Kind, &t.Subject, &t.AccountID, &t.AccountRef, &t.DebtRef, &t.Status, &reasons, &t.Name, &t.Mark, &asOf, &made,
			&t.Decision, &decided, &t.DecidedBy, &account, &owing, &status)
		t.Reasons, t.AsOf, t.At, t.DecidedAt = strings.Fields(reasons), asOf.Time, made.Time, decided.Time
		if n := len(all); n == 0 || all[n-1].ID != t.ID {
			all = append(all, t)
		}
		if last := &all[len(all)-1]; owing != "" {
			last.Holds = append(last.Holds, debt.Hold{
				AccountID: debt.AccountID(account), DebtID: debt.ID(owing), Status: debt.Status(status), Source: t.ID,
			})
		}
		return err
	}, `SELECT `+taskColumns+`, h.account_id, h.debt_id, h.status FROM intake_tasks t
		LEFT JOIN holds h ON h.source = t.id AND h.closed_at IS NULL WHERE `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("load tasks of imports: %w", err)
	}
	return all, nil
}

// HeldTasks implements intake.Store.
func (s *Store) HeldTasks(ctx context.Context, into *intake.Held, subjects, creditorRefs []string) error {
	var err error
	match, list := s.oneOf("t.subject", subjects)
	if into.Tasks, err = s.tasks(ctx, match+` ORDER BY t.at, t.id`, list); err != nil {
		return err
	}
	into.Creditors = make(map[string]intake.Creditor, len(creditorRefs))
	match, list = s.oneOf("ref", creditorRefs)
	err = s.query(ctx, func(r row) error {
		var ref string
		var c intake.Creditor
		var named stamp
		err := r.Scan(&ref, &c.Name, &named)
		c.AsOf = named.Time
		into.Creditors[ref] = c
		return err
	}, `SELECT ref, name, named_as_of FROM creditors WHERE `+match, list)
	if err != nil {
		return fmt.Errorf("load creditors: %w", err)
	}
	return nil
}

// saveTasks keeps what was answered first: the same may be asked anew.
func (s *Store) saveTasks(ctx context.Context, b intake.Batch) error {
	for _, id := range b.Answered {
		if _, err := s.DecideTask(ctx, id, intake.Answered, "", b.At); err != nil {
			return err
		}
	}
	for _, t := range b.Tasks {
		_, err := s.exec(ctx, `INSERT INTO intake_tasks (id, kind, subject, account_id, account_ref, debt_ref, status, reasons, name, mark, as_of, at)
			VALUES (?,?,?,?,?,?,?,?,?,?,?,?)`, t.ID, string(t.Kind), t.Subject, string(t.AccountID), t.AccountRef, t.DebtRef, string(t.Status),
			strings.Join(t.Reasons, " "), t.Name, t.Mark, micros(t.AsOf), micros(t.At))
		if err != nil {
			return err
		}
	}
	return nil
}

// OpenTasks implements intake.TaskStore.
func (s *Store) OpenTasks(ctx context.Context, limit int) ([]intake.Task, error) {
	return s.tasks(ctx, `t.id IN (SELECT o.id FROM intake_tasks o WHERE o.decided_at IS NULL ORDER BY o.at, o.id LIMIT ?) ORDER BY t.at, t.id`, limit)
}

// Task implements intake.TaskStore.
func (s *Store) Task(ctx context.Context, id string) (intake.Task, bool, error) {
	all, err := s.tasks(ctx, `t.id = ?`, id)
	if err != nil || len(all) == 0 {
		return intake.Task{}, false, err
	}
	return all[0], true, nil
}

// DecideTask implements intake.TaskStore.
func (s *Store) DecideTask(ctx context.Context, id string, d intake.Decision, by string, when time.Time) (bool, error) {
	n, err := s.exec(ctx, `UPDATE intake_tasks SET decision = ?, decided_at = ?, decided_by = ? WHERE id = ? AND decided_at IS NULL`,
		string(d), at(when), by, id)
	if err != nil {
		return false, fmt.Errorf("decide a task of an import: %w", err)
	}
	return n == 1, nil
}

// RenameCreditor implements intake.TaskStore.
func (s *Store) RenameCreditor(ctx context.Context, ref, name string, asOf time.Time) error {
	if _, err := s.exec(ctx, `UPDATE creditors SET name = ?, named_as_of = ? WHERE ref = ?`, name, at(asOf), ref); err != nil {
		return fmt.Errorf("rename a creditor: %w", err)
	}
	return nil
}
