package intake

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"slices"
	"strings"
	"time"

	"quittance/portal/debt"
)

// TaskKind is why a person must look at a row.
type TaskKind string

// The kinds of tasks.
const (
	// AnotherPerson: the row is about somebody else than the account it names.
	// Nothing of it was taken in.
	AnotherPerson TaskKind = "another_person"
	// NotTakenIn: a row of a debt that is held was refused.
	NotTakenIn TaskKind = "not_taken_in"
	// PlaceUnknown: the state or ZIP code of a row could not be read, so which law
	// holds is not known.
	PlaceUnknown TaskKind = "place_unknown"
	// OtherCreditorName: a row gives a creditor another name.
	OtherCreditorName TaskKind = "other_creditor_name"
	// LessStrict: a row's status leaves more open than the one before it, which stays
	// in force as a hold.
	LessStrict TaskKind = "less_strict"
	// JointDebtors: a row gives a debt of the same creditor under a second
	// account_ref. Nothing of it was taken in.
	JointDebtors TaskKind = "joint_debtors"
)

// Decision is what a person said of a task, or that a later row answered it.
type Decision string

// The decisions. Confirmed takes what the row said: that it is the same person, the
// creditor's name, that both owe the debt, or the status that is less strict, whose
// hold ends. Dropped leaves
// all as it is and ends the hold; that of a stricter status stays.
const (
	Open      Decision = ""
	Confirmed Decision = "confirmed"
	Dropped   Decision = "dropped"
	Answered  Decision = "answered" // by a later row
)

// Task is what a person must look at. It names references and columns and never
// what stood in them; the name is a creditor's, or of JointDebtors the account_ref under
// which the debt is held, whose AccountID it is.
type Task struct {
	ID         string // "tsk_…"; the source of the holds that it opened
	Kind       TaskKind
	Subject    string // the reference it is about
	AccountID  debt.AccountID
	AccountRef string
	DebtRef    string
	Status     debt.Status // what the row says; empty where it could not be read
	Reasons    []string    // "column:code", sorted
	Name       string      // of OtherCreditorName: the other name; of JointDebtors: the other account_ref
	Mark       []byte      // a keyed hash of all that makes it another task
	AsOf       time.Time   // of the row
	At         time.Time
	Decision   Decision
	DecidedAt  time.Time
	DecidedBy  string
	Holds      []debt.Hold // that are open for it
}

// Holder stops collection on debts; package hold's Service does.
type Holder interface {
	Place(ctx context.Context, holds []debt.Hold) error
	Release(ctx context.Context, source string) ([]debt.Hold, error)
}

// mark is the keyed hash of what a task is about: it may be made of a person's
// name, and nobody can guess it back.
func (im *Importer) mark(kind TaskKind, parts ...string) []byte {
	mac := hmac.New(sha256.New, im.Key)
	mac.Write([]byte(string(kind) + "\x00" + strings.Join(parts, "\x00")))
	return mac.Sum(nil)[:16]
}

// identity is what makes a person the same one again, for a mark.
func identity(c debt.Consumer) string {
	return strings.Join([]string{strings.Join(words(c.FirstName+" "+c.LastName), " "), c.DateOfBirth.String(), five(c.Address.PostalCode)}, "|")
}

// reasons are the columns and codes of faults.
func reasons(faults []Fault) []string {
	var all []string
	for _, f := range faults {
		all = append(all, f.Column+":"+f.Code)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// setAside does what can be done of a row that is not taken in: where it says
// something stricter of a debt than is held, the debt is held at once, and a
// person is told. Of a debt that was never placed there is nothing to hold.
func (b *batch) setAside(row Row, kind TaskKind, faults []Fault) []Fault {
	slot := b.debts[row.Debt.Ref]
	t := Task{Kind: kind, Subject: row.Debt.Ref, AccountRef: row.AccountRef, DebtRef: row.Debt.Ref, Reasons: reasons(faults)}
	if row.Debt.Status.Valid() {
		t.Status = row.Debt.Status
	}
	h, stricter := b.silence(row, slot)
	switch {
	case kind == AnotherPerson:
		t.Subject = row.AccountRef
		t.Mark = b.mark(kind, t.Subject, identity(row.Consumer))
		t.AccountID = b.accounts[row.AccountRef].Account.ID
	case slot == nil:
		return faults
	case kind == JointDebtors:
		t.Mark = b.mark(kind, t.Subject, t.AccountRef, identity(row.Consumer))
		t.AccountID, t.Name = slot.Debt.AccountID, slot.AccountRef
	default:
		t.Mark = b.mark(kind, append([]string{t.Subject, string(t.Status), strings.Join(t.Reasons, " ")}, b.whose(row)...)...)
		t.AccountID = slot.of(row.AccountRef).Debt.AccountID
	}
	if h.Source = b.task(t, row, stricter); !stricter || h.Source == "" {
		return faults
	}
	b.holds = append(b.holds, h)
	return append(slices.Clone(faults), fault(status, "stricter"))
}

// personal are the statuses of a person that count for all their debts.
var personal = []debt.Status{debt.Bankruptcy, debt.Deceased, debt.Minor}

// silence says which debt a row that is not taken in holds, and as what. What is
// older than what is held says nothing; what does not say how old it is does.
func (b *batch) silence(row Row, slot *debtSlot) (debt.Hold, bool) {
	said := row.Debt.Status
	if !said.Valid() {
		return debt.Hold{}, false
	}
	if slot == nil {
		account := b.accounts[row.AccountRef]
		if account == nil || account.Debt == "" || !slices.Contains(personal, said) {
			return debt.Hold{}, false
		}
		return debt.Hold{AccountID: account.Account.ID, DebtID: account.Debt, Status: said}, true
	}
	held := slot.of(row.AccountRef).Debt
	if !slot.owes(row.AccountRef) { // to who is known to owe it, the row is somebody else's
		held = slot.Debt
		said = said.Shared()
	}
	if !row.Debt.Snapshot.AsOf.IsZero() && held.Snapshot.Newer(row.Debt.Snapshot) || !said.Stricter(held.Status) {
		return debt.Hold{}, false
	}
	return debt.Hold{AccountID: held.AccountID, DebtID: held.ID, Status: said}, true
}

// task asks a person to look, once: what was asked is not asked again, nor what was
// decided, unless a later row would hold the debt. It returns the task's id, empty
// where what was decided stands.
func (b *batch) task(t Task, row Row, holds bool) string {
	old, known := b.tasks[string(t.Mark)]
	switch {
	case known && old.Decision == Open:
		return old.ID
	case known && (!holds || !row.Debt.Snapshot.AsOf.After(old.DecidedAt)):
		return ""
	}
	t.ID, t.At, t.AsOf = b.NewID("tsk"), b.at, row.Debt.Snapshot.AsOf
	b.tasks[string(t.Mark)] = &t
	b.newTasks = append(b.newTasks, &t)
	return t.ID
}

// confirmed reports whether a person said that a row's person is the account's.
func (b *batch) confirmed(row Row) bool {
	if len(b.tasks) == 0 {
		return false
	}
	t, known := b.tasks[string(b.mark(AnotherPerson, row.AccountRef, identity(row.Consumer)))]
	return known && t.Decision == Confirmed
}

// nowhere holds a debt whose row was taken in without its state or ZIP code.
func (b *batch) nowhere(row Row) {
	d := b.about(row)
	t := Task{
		Kind: PlaceUnknown, Subject: row.Debt.Ref, AccountID: d.AccountID, AccountRef: row.AccountRef, DebtRef: row.Debt.Ref,
		Status: row.Debt.Status, Reasons: reasons(row.Address), Mark: b.mark(PlaceUnknown, append([]string{row.Debt.Ref}, b.whose(row)...)...),
	}
	if id := b.task(t, row, true); id != "" {
		b.holds = append(b.holds, debt.Hold{AccountID: d.AccountID, DebtID: d.ID, Status: debt.UnderReview, Source: id})
	}
}

// answer ends what earlier rows of a debt left open, now that one of it is taken
// in that says as much. A status that would be less strict ends no hold: a person
// does.
func (b *batch) answer(row Row) {
	d := b.about(row)
	open := func(h debt.Hold) bool {
		if h.Status == debt.UnderReview {
			return row.Nowhere
		}
		return h.Status.Stricter(row.Debt.Status)
	}
	before := len(b.holds)
	if b.holds = slices.DeleteFunc(b.holds, func(h debt.Hold) bool { return h.DebtID == d.ID && h.AccountID == d.AccountID && !open(h) }); len(b.holds) < before {
		b.retract(row.Debt.Ref)
	}
	for _, t := range b.tasks {
		if d.Joint && t.AccountRef != row.AccountRef {
			continue // about somebody else who owes it
		}
		ours := t.Subject == row.Debt.Ref && (t.Kind == NotTakenIn || t.Kind == PlaceUnknown || t.Kind == LessStrict)
		others := func(h debt.Hold) bool { return h.DebtID != d.ID || open(h) }
		if !ours && len(t.Holds) == 0 || slices.ContainsFunc(t.Holds, others) || ours && t.Decision != Open && len(t.Holds) == 0 {
			continue
		}
		if len(t.Holds) > 0 {
			b.released = append(b.released, t.ID)
		}
		if t.Holds = nil; ours && t.Decision == Open && !b.isNew(t) {
			t.Decision, t.DecidedAt = Answered, b.at
			b.answered = append(b.answered, t.ID)
		}
	}
	slices.Sort(b.released)
	slices.Sort(b.answered)
}

func (b *batch) isNew(t *Task) bool { return slices.Contains(b.newTasks, t) }

// stop opens and ends the holds of a batch, in its transaction.
func (b *batch) stop(ctx context.Context) error {
	for _, h := range b.holds {
		if err := b.Holds.Place(ctx, []debt.Hold{h}); err != nil {
			return err
		}
	}
	for _, source := range b.released {
		if _, err := b.Holds.Release(ctx, source); err != nil {
			return err
		}
	}
	return nil
}
