package retention

import (
	"context"
	"errors"
	"strconv"
	"time"
)

// Account is one account with what the rule asks.
type Account struct {
	ID string
	Facts
}

// Erased counts what was erased, by table.
type Erased map[string]int64

// Store is where persons are.
type Store interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	// RetentionFacts lists accounts that are not erased yet after an id, in order.
	RetentionFacts(ctx context.Context, after string, limit int) ([]Account, error)
	// LockFacts reads the facts of one account again and keeps it locked until the
	// transaction ends; false when it is erased already.
	LockFacts(ctx context.Context, id string) (Account, bool, error)
	// EraseAccount erases what is personal of one account.
	EraseAccount(ctx context.Context, id string, now time.Time) (Erased, error)
	// EraseStale erases what is of use for a while only: attempts, answers kept for
	// repeated requests, forms that were never sent.
	EraseStale(ctx context.Context, now time.Time) (Erased, error)
}

// Audit writes down what was erased.
type Audit interface {
	Note(ctx context.Context, action, accountID, object string, refs ...string) error
}

// Job erases what is past. All fields are required.
type Job struct {
	Store Store
	Audit Audit
	Now   func() time.Time
	// Years says how long the law of a state keeps; it is asked once for each. nil
	// is no longer than anywhere.
	Years func(state string) int
}

// Report is what a run did, or would do.
type Report struct {
	Looked   int
	Accounts []string // erased, or due
	Held     []string // kept by a legal hold alone
	Erased   Erased
}

// atOnce bounds how many accounts are read at a time.
const atOnce = 200

// Run looks at every account once. A dry run only says what is due.
func (j *Job) Run(ctx context.Context, dry bool) (Report, error) {
	report, now, years := Report{Erased: Erased{}}, j.Now(), map[string]int{}
	for last := ""; ; {
		accounts, err := j.Store.RetentionFacts(ctx, last, atOnce)
		if err != nil || len(accounts) == 0 {
			return report, errors.Join(err, j.stale(ctx, dry, now, report), j.told(ctx, dry, report))
		}
		for _, a := range accounts {
			last, report.Looked = a.ID, report.Looked+1
			if _, known := years[a.State]; !known && j.Years != nil {
				years[a.State] = j.Years(a.State)
			}
			a.StateYears = years[a.State]
			if err := j.one(ctx, a, dry, now, &report); err != nil {
				return report, err
			}
		}
	}
}

// told writes down that a run was made, and how many accounts it erased.
func (j *Job) told(ctx context.Context, dry bool, report Report) error {
	if dry {
		return nil
	}
	return j.Audit.Note(ctx, "retention.run", "", "", strconv.Itoa(report.Looked), strconv.Itoa(len(report.Accounts)))
}

func (j *Job) stale(ctx context.Context, dry bool, now time.Time, report Report) error {
	if dry {
		return nil
	}
	erased, err := j.Store.EraseStale(ctx, now)
	report.Erased.add(erased)
	return err
}

func (j *Job) one(ctx context.Context, a Account, dry bool, now time.Time, report *Report) error {
	if !due(a.Facts, now) {
		unheld := a.Facts
		if unheld.LegalHold = false; a.LegalHold && due(unheld, now) {
			report.Held = append(report.Held, a.ID)
		}
		return nil
	}
	if dry {
		report.Accounts = append(report.Accounts, a.ID)
		return nil
	}
	return j.Store.InTx(ctx, func(ctx context.Context) error {
		again, there, err := j.Store.LockFacts(ctx, a.ID)
		if again.StateYears = a.StateYears; again.State != a.State {
			return err // moved meanwhile: the next run asks anew
		}
		if err != nil || !there || !due(again.Facts, now) {
			return err
		}
		erased, err := j.Store.EraseAccount(ctx, a.ID, now)
		if err != nil {
			return err
		}
		report.Accounts = append(report.Accounts, a.ID)
		report.Erased.add(erased)
		return j.Audit.Note(ctx, "account.erased", a.ID, "")
	})
}

func due(f Facts, now time.Time) bool {
	until, may := Until(f)
	return may && !now.Before(until)
}

func (e Erased) add(more Erased) {
	for table, n := range more {
		e[table] += n
	}
}
