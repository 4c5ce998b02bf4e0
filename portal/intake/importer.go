package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"quittance/portal/debt"
)

// BatchRows is how many rows are decided and saved in one transaction when
// Importer names no other number.
const BatchRows = 5000

// attempts is how often a batch is decided again after ErrConflict.
const attempts = 4

// Importer takes placements in. All fields but BatchRows, BornFactor, Count and
// Watchers are required.
type Importer struct {
	Tx        Transactor
	Store     Store
	Codes     Codes
	Holds     Holder
	Key       []byte                     // of the hashes by which a task is known again
	NewID     func(prefix string) string // "acc" -> "acc_…"
	Now       func() time.Time
	BatchRows int
	// BornFactor is set where consumers are matched by their date of birth: a row
	// without one is held, and told of. The ZIP code is needed in any case.
	BornFactor bool
	// Count says what of a debt a consumer may be asked for (AMT-04); the rest is
	// flagged in the report and taken in all the same.
	Count    func(home debt.Address, s debt.Statement) debt.Statement
	Watchers []Watcher
}

// Options of one import.
type Options struct {
	Format Format // empty: Auto
	DryRun bool   // decide and report, save nothing
	// Progress is told after each batch.
	Progress func(Progress)
	// Each is told of every row, in the file's order, once its batch is saved.
	Each func(Line) error
	// Issued is told the reference code of each new account, and of each that is placed
	// again after its erasure, once it is saved.
	Issued func(a debt.Account, code string) error
}

// Progress is how far an import is.
type Progress struct {
	Report
	Bytes int64 // read so far
}

// Line is what became of one row.
type Line struct {
	Row     int // CSV: the line, the header being 1; JSON: the debt, from 1
	DebtRef string
	Outcome Outcome
	Faults  []Fault
}

// Flagged reports whether the row was not refused but has something to look at.
func (l Line) Flagged() bool {
	return len(l.Faults) > 0 && l.Outcome != Refused && l.Outcome != Older
}

// Report counts rows by outcome, and among those that were not refused the ones
// with something to look at.
type Report struct {
	Rows, New, Updated, Unchanged, Older, Refused, HeldBack int
	Flagged                                                 int
	Waiting                                                 int // for a person: their status is less strict than what is held
	NewAccounts, ChangedAccounts                            int
}

// Import reads a file to its end. What is saved is saved batch by batch: when
// it returns an error (ErrHeader, ErrBroken, the store's), whole batches before
// it are in and stand in the Report; importing the file again is harmless.
func (im *Importer) Import(ctx context.Context, r io.Reader, o Options) (Report, error) {
	counted := &counter{r: r}
	src, err := open(counted, o.Format)
	if err != nil {
		return Report{}, err
	}
	run := &run{Importer: im, options: o, id: im.NewID("imp")}
	size := im.BatchRows
	if size <= 0 {
		size = BatchRows
	}
	items := make([]item, 0, size)
	flush := func() error {
		err := run.batch(ctx, items)
		items = items[:0]
		if o.Progress != nil && err == nil {
			o.Progress(Progress{Report: run.report, Bytes: counted.n})
		}
		return err
	}
	now := im.Now()
	broken := src.each(func(r *record) error {
		row, refusal := check(r, now)
		items = append(items, item{row: row, refusal: refusal})
		if len(items) < size {
			return nil
		}
		return flush()
	})
	if broken != nil && !errors.Is(broken, ErrBroken) {
		return run.report, broken
	}
	return run.report, errors.Join(flush(), broken)
}

// counter counts what was read.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// item is one checked row, or why it was refused.
type item struct {
	row     Row
	refusal Refusal
}

// run is one import under way.
type run struct {
	*Importer
	options Options
	id      string
	report  Report
}

// batch decides and saves items in one transaction, then reports them.
func (r *run) batch(ctx context.Context, items []item) error {
	if len(items) == 0 {
		return nil
	}
	var b *batch
	for attempt := 1; ; attempt++ {
		err := r.Tx.InTx(ctx, func(ctx context.Context) error {
			var err error
			b, err = r.decide(ctx, items)
			if err != nil || r.options.DryRun || b.empty() {
				return err
			}
			if err := r.Store.SavePlacements(ctx, b.toSave()); err != nil {
				return err
			}
			if err := b.stop(ctx); err != nil {
				return err
			}
			return r.follow(ctx, b)
		})
		if errors.Is(err, ErrConflict) && attempt < attempts && ctx.Err() == nil {
			continue
		}
		if err != nil {
			return fmt.Errorf("rows %d to %d: %w", items[0].row.Number, items[len(items)-1].row.Number, err)
		}
		return r.tell(b)
	}
}

// decide loads what the batch may touch, once, and decides row by row; each
// decision is known to the rows after it.
func (r *run) decide(ctx context.Context, items []item) (*batch, error) {
	accounts, debts, creditors := make(map[string]bool, len(items)), make(map[string]bool, len(items)), map[string]bool{}
	for _, it := range items {
		accounts[it.row.AccountRef], debts[it.row.Debt.Ref], creditors[it.row.Debt.CreditorRef] = true, true, true
	}
	b := newBatch(r, len(items))
	held, err := r.Store.HeldPlacements(ctx, refs(accounts), refs(debts))
	if err == nil {
		err = r.Store.HeldTasks(ctx, &held, slices.Concat(refs(accounts), refs(debts), refs(creditors)), refs(creditors))
	}
	if err != nil {
		return nil, err
	}
	b.load(held)
	for _, it := range items {
		b.add(it)
	}
	return b, nil
}

// refs are references, sorted, without what could not be read.
func refs(set map[string]bool) []string {
	delete(set, "")
	return slices.Sorted(maps.Keys(set))
}

// tell counts and reports a batch that is saved.
func (r *run) tell(b *batch) error {
	for _, line := range b.lines {
		r.report.Rows++
		*r.report.of(line.Outcome)++
		if line.Flagged() {
			r.report.Flagged++
		}
		if line.Waits() {
			r.report.Waiting++
		}
		if r.options.Each != nil {
			if err := r.options.Each(line); err != nil {
				return err
			}
		}
	}
	for _, a := range b.changedAccounts {
		if a.state == Updated {
			r.report.ChangedAccounts++
		} else {
			r.report.NewAccounts++
		}
		if a.code == "" || r.options.Issued == nil || r.options.DryRun {
			continue
		}
		if err := r.options.Issued(a.Account, a.code); err != nil {
			return err
		}
	}
	return nil
}

func (r *Report) of(o Outcome) *int {
	switch o {
	case New:
		return &r.New
	case Updated:
		return &r.Updated
	case Unchanged:
		return &r.Unchanged
	case Older:
		return &r.Older
	case HeldBack:
		return &r.HeldBack
	}
	return &r.Refused
}
