package intake

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"time"

	"quittance/payments/ledger"
	"quittance/portal/debt"
)

// batch collects decisions until they are saved. What is held and what earlier
// rows of the batch made of it stand in the same two maps, so that a second row
// of a debt is decided against the first.
type batch struct {
	*run
	at       time.Time
	accounts map[string]*accountSlot
	debts    map[string]*debtSlot
	tasks    map[string]*Task // by mark
	names    map[string]Creditor
	lines    []Line

	changedAccounts []*accountSlot // new ones too, in the file's order
	changedDebts    []*debtSlot
	transfers       []ledger.Transfer
	newTasks        []*Task
	answered        []string // tasks that a row answered
	holds           []debt.Hold
	released        []string // sources
}

// accountSlot is an account as the batch leaves it. state is New, Updated, or
// empty while it stays as it is held.
type accountSlot struct {
	HeldAccount
	was          debt.Consumer // before the batch
	state        Outcome
	code         string // as printed, of a new one and of one that was erased
	hash, sealed []byte
}

type debtSlot struct {
	HeldDebt
	was   HeldDebt // before the batch; zero of a new one
	state Outcome
	by    string // who confirmed that others owe it too
}

func newBatch(r *run, rows int) *batch {
	return &batch{
		run: r, at: r.Now().UTC().Truncate(time.Microsecond),
		accounts: make(map[string]*accountSlot, rows), debts: make(map[string]*debtSlot, rows),
		tasks: map[string]*Task{}, names: map[string]Creditor{}, lines: make([]Line, 0, rows),
	}
}

func (b *batch) load(held Held) {
	for ref, a := range held.Accounts {
		b.accounts[ref] = &accountSlot{HeldAccount: a, was: a.Account.Consumer}
	}
	for ref, d := range held.Debts {
		b.debts[ref] = &debtSlot{HeldDebt: d, was: d}
	}
	for _, t := range held.Tasks { // the latest of a mark counts
		b.tasks[string(t.Mark)] = &t
	}
	maps.Copy(b.names, held.Creditors)
}

func (b *batch) empty() bool {
	return len(b.changedAccounts)+len(b.changedDebts)+len(b.newTasks)+len(b.answered)+len(b.holds)+len(b.released) == 0
}

func (b *batch) toSave() Batch {
	out := Batch{
		Transfers: b.transfers, At: b.at, Answered: b.answered,
		NewDebts: make([]debt.Debt, 0, len(b.changedDebts)), NewAccounts: make([]NewAccount, 0, len(b.changedAccounts)),
	}
	for _, a := range b.changedAccounts {
		if a.state == New {
			out.NewAccounts = append(out.NewAccounts, NewAccount{Account: a.Account, CodeHash: a.hash, CodeSealed: a.sealed})
		} else {
			out.ChangedAccounts = append(out.ChangedAccounts, a.Account)
		}
		if a.state == Updated && len(a.hash) > 0 {
			out.Recoded = append(out.Recoded, NewAccount{Account: a.Account, CodeHash: a.hash, CodeSealed: a.sealed})
		}
	}
	for _, d := range b.changedDebts {
		if d.state == New {
			out.NewDebts = append(out.NewDebts, d.Debt)
		} else {
			out.ChangedDebts = append(out.ChangedDebts, d.Debt)
		}
		out.Debtors = append(out.Debtors, d.debtors()...)
	}
	for _, t := range b.newTasks {
		out.Tasks = append(out.Tasks, *t)
	}
	return out
}

// add decides one row against what is held and what earlier rows made of it.
func (b *batch) add(it item) {
	line := Line{Row: it.row.Number, DebtRef: it.row.Debt.Ref, Outcome: Refused, Faults: it.refusal}
	if it.refusal == nil {
		line.Outcome, line.Faults = b.decide(it.row)
	}
	switch line.Outcome {
	case Refused:
		line.Faults = b.setAside(it.row, NotTakenIn, line.Faults)
	case HeldBack:
		kind := AnotherPerson
		if line.Faults[0].Code == joint {
			kind = JointDebtors
		}
		line.Faults = b.setAside(it.row, kind, line.Faults)
	}
	b.lines = append(b.lines, line)
}

func (b *batch) decide(row Row) (Outcome, []Fault) {
	account, placed := b.accounts[row.AccountRef], b.debts[row.Debt.Ref]
	var k Known
	if account != nil {
		k.Account, k.SamePerson = &account.HeldAccount, b.confirmed(row)
	}
	if placed != nil {
		seen := placed.of(row.AccountRef)
		k.Debt = &seen
		_, k.Together = b.asked(row)
	}
	other := b.keepName(&row.Debt)
	c, err := Decide(k, row, b.at)
	var refusal Refusal
	switch {
	case errors.As(err, &refusal):
		return Refused, refusal
	case len(c.Notes) > 0:
		return c.Outcome, c.Notes
	case c.Outcome == New || c.Outcome == Updated:
		b.nameCreditor(row, other)
		if was := b.said(placed, row); was != "" {
			c.Stays = was
		}
		c.Debt.AccountID = b.keepAccount(account, row, c)
		b.keepDebt(placed, row, c)
		if !row.Impersonal {
			b.answer(row)
		}
		if row.Nowhere {
			b.nowhere(row)
		}
		if c.Stays != "" {
			b.loosen(row, c.Stays)
		}
	}
	faults := slices.Concat(row.Flags, keptAddress(row))
	if other != "" {
		faults = append(faults, fault(creditorName, "other_name"))
	}
	if c.Differs {
		faults = append(faults, fault(balance, "joint_differs"))
	}
	if c.Kept > 0 {
		faults = append(faults, fault(balance, "credit_kept"))
	}
	if c.Stays != "" {
		faults = append(faults, fault(status, lessStrict))
	}
	return c.Outcome, append(faults, b.flags(row)...)
}

// keptAddress says of each part of an address that could not be read that what is
// held stays, and what follows.
func keptAddress(row Row) []Fault {
	var all []Fault
	for _, f := range row.Address {
		code := "kept"
		if c := byName[f.Column]; c == state || c == postalCode {
			code = "place_unknown"
		}
		all = append(all, named(f.Column, code))
	}
	return all
}

// keepName puts the name that is held of a row's creditor in the place of another
// one, which it returns: a row about one person renames nobody's creditor
// (VAL-01 v). original_creditor_name says the same where it was not given.
func (b *batch) keepName(d *debt.Debt) (other string) {
	held, known := b.names[d.CreditorRef]
	if !known || held.Name == d.CreditorName {
		return ""
	}
	other = d.CreditorName
	if d.OriginalCreditorName == other {
		d.OriginalCreditorName = held.Name
	}
	d.CreditorName = held.Name
	return other
}

// nameCreditor keeps the name of a new creditor, and asks a person about another
// one, unless it is older than the one that is held (M3).
func (b *batch) nameCreditor(row Row, other string) {
	d := row.Debt
	held, known := b.names[d.CreditorRef]
	switch {
	case !known:
		b.names[d.CreditorRef] = Creditor{Name: d.CreditorName, AsOf: d.Snapshot.AsOf}
	case other != "" && !d.Snapshot.AsOf.Before(held.AsOf):
		b.task(Task{
			Kind: OtherCreditorName, Subject: d.CreditorRef, AccountRef: row.AccountRef, DebtRef: d.Ref, Name: other,
			Reasons: []string{"creditor_name:other_name"}, Mark: b.mark(OtherCreditorName, d.CreditorRef, other),
		}, row, false)
	}
}

// flags are what is to be looked at in a row that is held as it says: added
// amounts that the consumer is not asked for, with the rule, and those that come
// without an authority (AMT-04).
func (b *batch) flags(row Row) []Fault {
	s, i := debt.Statement{Debt: row.Debt}, row.Debt.Itemization
	if b.Count != nil {
		s = b.Count(b.accounts[row.AccountRef].Account.Consumer.Address, s)
	}
	var all []Fault
	for _, out := range s.Excluded {
		f := fault(added[out.Part], "left_out")
		f.Sentence += " (" + out.Rule + ")"
		all = append(all, f)
	}
	if b.BornFactor && b.accounts[row.AccountRef].Account.Consumer.DateOfBirth.IsZero() {
		all = append(all, fault(dateOfBirth, "no_factor"))
	}
	if i.Interest > 0 && i.InterestAuthority == "" {
		all = append(all, fault(interestAuthority, "no_authority"))
	}
	if i.Fees > 0 && i.FeesAuthority == "" {
		all = append(all, fault(feesAuthority, "no_authority"))
	}
	return all
}

var added = map[debt.Part]column{debt.Interest: interestAdded, debt.Fees: feesAdded}

// keepAccount returns the id of the row's account, made now if it is new.
func (b *batch) keepAccount(slot *accountSlot, row Row, c Change) debt.AccountID {
	if slot == nil {
		slot = &accountSlot{state: New}
		slot.code, slot.hash, slot.sealed = b.Codes.New()
		c.Account.ID = debt.AccountID(b.NewID("acc"))
		b.accounts[row.AccountRef] = slot
		b.changedAccounts = append(b.changedAccounts, slot)
	}
	if c.AccountState == Updated && slot.state == "" && slot.nobody() {
		slot.code, slot.hash, slot.sealed = b.Codes.New() // the old code opens nothing any more (REC-01)
	}
	if c.AccountState == Updated && slot.state == "" {
		slot.state = Updated
		b.changedAccounts = append(b.changedAccounts, slot)
	}
	slot.Account = c.Account
	if asOf := row.Debt.Snapshot.AsOf; asOf.After(slot.AsOf) {
		slot.AsOf = asOf
	}
	return slot.Account.ID
}

func (b *batch) keepDebt(slot *debtSlot, row Row, c Change) {
	if slot == nil {
		slot = &debtSlot{state: New}
		c.Debt.ID = debt.ID(b.NewID("dbt"))
		b.debts[row.Debt.Ref] = slot
		b.changedDebts = append(b.changedDebts, slot)
	}
	if slot.state == "" {
		slot.state = Updated
		b.changedDebts = append(b.changedDebts, slot)
	}
	if slot.AccountRef == "" {
		slot.AccountRef = row.AccountRef
	}
	b.keepDebtor(slot, row, &c)
	slot.Debt, slot.Owed, slot.Kept = c.Debt, c.Owed, slot.Kept+c.Kept
	if account := b.accounts[row.AccountRef]; account.Debt == "" {
		account.Debt = c.Debt.ID
	}
	if c.Placed != 0 || c.Kept != 0 {
		b.transfers = append(b.transfers, placement(b.id+"/"+strconv.Itoa(row.Number), c))
	}
}
