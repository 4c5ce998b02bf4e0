package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"quittance/payments/ledger"
	"quittance/portal/debt"
)

// BatchRows is how many rows are decided and saved in one transaction when
// Importer names no other number.
const BatchRows = 5000

// attempts is how often a batch is decided again after ErrConflict.
const attempts = 4

// Importer takes placements in. All fields but BatchRows are required.
type Importer struct {
	Tx        Transactor
	Store     Store
	Codes     Codes
	NewID     func(prefix string) string // "acc" -> "acc_…"
	Now       func() time.Time
	BatchRows int
}

// Options of one import.
type Options struct {
	Format Format // empty: Auto
	DryRun bool   // decide and report, save nothing
	// Progress is told after each batch.
	Progress func(Progress)
	// Each is told of every row, in the file's order, once its batch is saved.
	Each func(Line) error
	// Issued is told the reference code of each new account, once it is saved.
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

// Report counts rows by outcome.
type Report struct {
	Rows, New, Updated, Unchanged, Older, Refused int
	NewAccounts, ChangedAccounts                  int
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
			return r.Store.SavePlacements(ctx, b.toSave())
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
	accounts, debts := map[string]bool{}, map[string]bool{}
	for _, it := range items {
		if it.refusal == nil {
			accounts[it.row.AccountRef], debts[it.row.Debt.Ref] = true, true
		}
	}
	b := &batch{run: r, at: r.Now().UTC().Truncate(time.Microsecond)}
	var err error
	if len(debts) > 0 {
		b.held, err = r.Store.HeldPlacements(ctx, slices.Sorted(maps.Keys(accounts)), slices.Sorted(maps.Keys(debts)))
	}
	if err != nil {
		return nil, err
	}
	b.prepare()
	for _, it := range items {
		b.add(it)
	}
	return b, nil
}

// tell counts and reports a batch that is saved.
func (r *run) tell(b *batch) error {
	for _, line := range b.lines {
		r.report.Rows++
		*r.report.of(line.Outcome)++
		if r.options.Each != nil {
			if err := r.options.Each(line); err != nil {
				return err
			}
		}
	}
	r.report.NewAccounts += len(b.newAccounts)
	r.report.ChangedAccounts += len(b.changedAccounts)
	if r.options.Issued == nil || r.options.DryRun {
		return nil
	}
	for i, a := range b.newAccounts {
		if err := r.options.Issued(a.Account, b.codes[i]); err != nil {
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
	}
	return &r.Refused
}

// batch collects decisions until they are saved.
type batch struct {
	*run
	held  Held
	at    time.Time
	lines []Line

	newAccounts     []NewAccount
	codes           []string // of newAccounts, as printed
	changedAccounts []debt.Account
	newDebts        []debt.Debt
	changedDebts    []debt.Debt
	transfers       []ledger.Transfer
	places          places
}

// places says where an account or debt stands in the lists above, so that a
// second row of the file replaces what the first one put there.
type places struct {
	newAccount, changedAccount, newDebt, changedDebt map[string]int
}

func (b *batch) prepare() {
	if b.held.Accounts == nil {
		b.held.Accounts = map[string]HeldAccount{}
	}
	if b.held.Debts == nil {
		b.held.Debts = map[string]HeldDebt{}
	}
	b.places = places{map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}}
}

func (b *batch) empty() bool {
	return len(b.newAccounts)+len(b.changedAccounts)+len(b.newDebts)+len(b.changedDebts)+len(b.transfers) == 0
}

func (b *batch) toSave() Batch {
	return Batch{
		NewAccounts: b.newAccounts, ChangedAccounts: b.changedAccounts, NewDebts: b.newDebts,
		ChangedDebts: b.changedDebts, Transfers: b.transfers, At: b.at,
	}
}

// add decides one row against what is held and what earlier rows made of it.
func (b *batch) add(it item) {
	line := Line{Row: it.row.Number, DebtRef: it.row.Debt.Ref, Outcome: Refused, Faults: it.refusal}
	if it.refusal == nil {
		c, err := Decide(b.known(it.row), it.row, b.at)
		line.Outcome = c.Outcome
		var refusal Refusal
		switch {
		case errors.As(err, &refusal):
			line.Faults = refusal
		case c.Note != Fault{}:
			line.Faults = []Fault{c.Note}
		}
		if err == nil && (c.Outcome == New || c.Outcome == Updated) {
			b.keep(it.row, c)
		}
	}
	b.lines = append(b.lines, line)
}

func (b *batch) known(row Row) (k Known) {
	if a, ok := b.held.Accounts[row.AccountRef]; ok {
		k.Account = &a
	}
	if d, ok := b.held.Debts[row.Debt.Ref]; ok {
		k.Debt = &d
	}
	return k
}

// keep puts a change among what will be saved.
func (b *batch) keep(row Row, c Change) {
	d := c.Debt
	d.AccountID = b.keepAccount(row, c)
	if c.Outcome == New {
		d.ID = debt.ID(b.NewID("dbt"))
	}
	_, isNew := b.places.newDebt[d.Ref]
	if c.Outcome == New || isNew {
		put(&b.newDebts, b.places.newDebt, d.Ref, d)
	} else {
		put(&b.changedDebts, b.places.changedDebt, d.Ref, d)
	}
	held := b.held.Debts[d.Ref]
	held.Debt, held.AccountRef, held.Owed = d, row.AccountRef, c.Owed
	b.held.Debts[d.Ref] = held
	if c.Placed != 0 {
		b.transfers = append(b.transfers, placement(fmt.Sprintf("%s/%d", b.id, row.Number), d, c))
	}
}

// keepAccount returns the id of the row's account, made now if it is new.
func (b *batch) keepAccount(row Row, c Change) debt.AccountID {
	a := c.Account
	i, isNew := b.places.newAccount[a.Ref]
	switch {
	case c.AccountState == New:
		a.ID = debt.AccountID(b.NewID("acc"))
		code, hash, sealed := b.Codes.New()
		put(&b.newAccounts, b.places.newAccount, a.Ref, NewAccount{Account: a, CodeHash: hash, CodeSealed: sealed})
		b.codes = append(b.codes, code)
	case c.AccountState == Updated && isNew:
		b.newAccounts[i].Account = a
	case c.AccountState == Updated:
		put(&b.changedAccounts, b.places.changedAccount, a.Ref, a)
	}
	held := b.held.Accounts[a.Ref]
	held.Account = a
	if asOf := row.Debt.Snapshot.AsOf; asOf.After(held.AsOf) {
		held.AsOf = asOf
	}
	b.held.Accounts[a.Ref] = held
	return a.ID
}

// put replaces the value of a reference, or appends it.
func put[T any](list *[]T, places map[string]int, ref string, v T) {
	if i, ok := places[ref]; ok {
		(*list)[i] = v
		return
	}
	places[ref] = len(*list)
	*list = append(*list, v)
}

// placement posts what a snapshot changed: the debt's account against what its
// creditor placed. The id holds the import and the row, so that a batch that is
// saved twice is refused.
func placement(id string, d debt.Debt, c Change) ledger.Transfer {
	return ledger.Transfer{
		ID: id, Kind: ledger.Placement, At: c.At,
		Entries: []ledger.Entry{
			{Account: ledger.Debt(string(d.ID)), Amount: c.Placed},
			{Account: ledger.Placed(d.CreditorRef), Amount: -c.Placed},
		},
	}
}
