package intake

import (
	"context"
	"errors"
	"time"
)

// ErrNoTask means that there is no such task, that it is decided, or that it
// cannot be decided so.
var ErrNoTask = errors.New("no such task of an import is open")

// TaskStore keeps tasks.
type TaskStore interface {
	// OpenTasks lists what nobody decided, the oldest first.
	OpenTasks(ctx context.Context, limit int) ([]Task, error)
	// Task finds one; false when there is none.
	Task(ctx context.Context, id string) (Task, bool, error)
	// DecideTask keeps a decision; false when there is one.
	DecideTask(ctx context.Context, id string, d Decision, by string, at time.Time) (bool, error)
	// RenameCreditor gives a creditor its other name, from a row as of a time.
	RenameCreditor(ctx context.Context, ref, name string, asOf time.Time) error
}

// Desk shows people the tasks of imports and takes what they say of them. All
// fields are required.
type Desk struct {
	Tx    Transactor
	Store TaskStore
	Holds Holder
	Now   func() time.Time
}

// Open lists what waits for a person, the longest wait first.
func (d *Desk) Open(ctx context.Context, limit int) ([]Task, error) {
	return d.Store.OpenTasks(ctx, limit)
}

// Confirmable reports whether there is something to take of what the row said.
func (t Task) Confirmable() bool {
	return t.Kind == AnotherPerson || t.Kind == JointDebtors || t.Kind == OtherCreditorName || t.Kind == LessStrict
}

// Decide takes a decision of somebody ("staff:…") in one transaction: Confirmed
// lets the account's next row of that person in, or of who owes the debt too, renames the creditor, or lets the
// status count that is less strict; Dropped leaves all as it is and ends the holds
// of the task, but for those of a stricter status. It returns the task as it was, or
// ErrNoTask.
func (d *Desk) Decide(ctx context.Context, id string, said Decision, by string) (Task, error) {
	var t Task
	err := d.Tx.InTx(ctx, func(ctx context.Context) error {
		var found bool
		var err error
		if t, found, err = d.Store.Task(ctx, id); err != nil {
			return err
		}
		if !found || said != Dropped && (said != Confirmed || !t.Confirmable()) {
			return ErrNoTask
		}
		now := d.Now().UTC().Truncate(time.Microsecond)
		if kept, err := d.Store.DecideTask(ctx, id, said, by, now); err != nil || !kept {
			return errors.Join(err, ErrNoTask)
		}
		switch {
		case said == Confirmed && t.Kind == OtherCreditorName:
			return d.Store.RenameCreditor(ctx, t.Subject, t.Name, t.AsOf)
		case (said == Dropped) != (t.Kind == LessStrict):
			_, err = d.Holds.Release(ctx, id)
		}
		return err
	})
	return t, err
}
