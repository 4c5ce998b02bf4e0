package intake

import (
	"context"
	"errors"
	"slices"
	"time"

	"quittance/plans/civil"
	"quittance/portal/debt"
)

// A status that leaves more open than the one that is held is taken in, whatever
// it came by: a file, a request, or the system of record's answer before a charge.
// The one before it stays in force as a hold until a person confirms the new one,
// or a later row says as much again.

// stays is the status that a row's debt had until now, where the row's is less
// strict. A limitation date counts as what it makes of the debt on the day
// (STS-07).
func (h HeldDebt) stays(row debt.Debt, now time.Time) debt.Status {
	was, day := h.Debt, civil.Of(now)
	was.Settled, row.Settled = false, false // no row speaks of it
	if held := was.StatusOn(day); held.Stricter(row.StatusOn(day)) {
		return held
	}
	return ""
}

// loosen holds a debt as what it was until now, and asks a person whether the
// row's status is right.
func (b *batch) loosen(row Row, was debt.Status) {
	d := b.about(row)
	t := Task{
		Kind: LessStrict, Subject: d.Ref, AccountID: d.AccountID, AccountRef: row.AccountRef, DebtRef: d.Ref, Status: d.Status,
		Reasons: reasons([]Fault{fault(status, lessStrict)}), Mark: b.mark(LessStrict, append([]string{d.Ref, string(was), string(d.Status)}, b.whose(row)...)...),
		AsOf: row.Debt.Snapshot.AsOf, At: b.at,
	}
	asked, known := b.tasks[string(t.Mark)]
	if !known || asked.Decision != Open {
		t.ID, asked = b.NewID("tsk"), &t
		b.tasks[string(t.Mark)] = asked
		b.newTasks = append(b.newTasks, asked)
	}
	b.holds = append(b.holds, debt.Hold{AccountID: d.AccountID, DebtID: d.ID, Status: was, Source: asked.ID})
}

// retract takes back what rows of this batch asked about a debt's status, where a
// later row of it says as much as before.
func (b *batch) retract(ref string) {
	b.newTasks = slices.DeleteFunc(b.newTasks, func(t *Task) bool {
		needless := t.Kind == LessStrict && t.DebtRef == ref && !slices.ContainsFunc(b.holds, func(h debt.Hold) bool { return h.Source == t.ID })
		if needless {
			delete(b.tasks, string(t.Mark))
		}
		return needless
	})
}

// lessStrict is the code of a status that waits for a person.
const lessStrict = "less_strict"

// Waits reports whether the status of the row waits for a person.
func (l Line) Waits() bool {
	return slices.ContainsFunc(l.Faults, func(f Fault) bool { return f.Code == lessStrict })
}

// DecideList takes one decision of somebody about the less strict statuses of a
// list as they saw it: the tasks that it names, each in a transaction of its own, and
// none that came later. What was decided or answered meanwhile is left as it is. It
// returns what it decided, which stands on an error too.
func (d *Desk) DecideList(ctx context.Context, ids []string, said Decision, by string) ([]Task, error) {
	var decided []Task
	for _, id := range ids {
		t, found, err := d.Store.Task(ctx, id)
		if err != nil {
			return decided, err
		}
		if !found || t.Kind != LessStrict {
			continue
		}
		switch t, err = d.Decide(ctx, id, said, by); {
		case err == nil:
			decided = append(decided, t)
		case !errors.Is(err, ErrNoTask):
			return decided, err
		}
	}
	return decided, nil
}
