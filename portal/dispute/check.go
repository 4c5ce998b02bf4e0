package dispute

import (
	"slices"
	"strings"
	"unicode/utf8"

	"quittance/payments/money"
	"quittance/plans/civil"
	"quittance/portal/debt"
)

// MostWords is how many characters a person may write in one field.
const MostWords = 3000

// Field names a field of the form.
type Field string

// The fields of the form.
const (
	FieldReasons Field = "reasons"
	FieldWords   Field = "words"
	FieldLines   Field = "lines"
	FieldAmount  Field = "amount"
	FieldPaidOn  Field = "paid_on"
	FieldPaidTo  Field = "paid_to"
	FieldSafe    Field = "safe_contact"
)

// Fault is what is wrong with a field.
type Fault string

// The faults.
const (
	Missing Fault = "missing"
	TooLong Fault = "too_long"
	TooMuch Fault = "too_much"
	Future  Fault = "future"
	Unknown Fault = "unknown"
)

// Problem is one field that is not as it should be.
type Problem struct {
	Field Field
	Fault Fault
}

// Problems implements error. It names fields, never what was written.
type Problems []Problem

// Error names the fields.
func (p Problems) Error() string {
	var all []string
	for _, one := range p {
		all = append(all, string(one.Field)+" is "+string(one.Fault))
	}
	return "the dispute cannot be taken: " + strings.Join(all, ", ")
}

// Check looks at a filing on a debt of which owed is owed, on a day: what it
// disputes in cents, and the problems there are. It asks for as little as the
// law does: one reason, and words where "other" is all there is.
func Check(f Filing, i debt.Itemization, owed money.Cents, today civil.Date) (money.Cents, Problems) {
	var p problems
	if f.Kind == OfDebt {
		p.reasons(f)
		p.paid(f, today)
	}
	if f.Kind == Complaint && strings.TrimSpace(f.Story.Words) == "" {
		p.add(FieldWords, Missing)
	}
	p.length(FieldWords, f.Story.Words)
	p.length(FieldPaidTo, f.Story.PaidTo)
	p.length(FieldSafe, f.Story.SafeContact)
	disputed := p.scope(f, i, owed)
	return disputed, Problems(p)
}

type problems []Problem

func (p *problems) add(f Field, why Fault) { *p = append(*p, Problem{f, why}) }

func (p *problems) length(f Field, text string) {
	if utf8.RuneCountInString(text) > MostWords {
		p.add(f, TooLong)
	}
}

func (p *problems) reasons(f Filing) {
	if len(f.Reasons) == 0 {
		p.add(FieldReasons, Missing)
	}
	for _, r := range f.Reasons {
		if !slices.Contains(Reasons, r) {
			p.add(FieldReasons, Unknown)
		}
	}
	if slices.Contains(f.Reasons, Other) && strings.TrimSpace(f.Story.Words) == "" {
		p.add(FieldWords, Missing)
	}
}

func (p *problems) paid(f Filing, today civil.Date) {
	if !f.PaidOn.IsZero() && today.Before(f.PaidOn) {
		p.add(FieldPaidOn, Future)
	}
}

// scope is what is disputed in cents. More than is owed is not disputed: the
// whole is.
func (p *problems) scope(f Filing, i debt.Itemization, owed money.Cents) money.Cents {
	switch {
	case f.Kind == Complaint:
		return 0
	case f.Kind == Creditor || f.Scope == Whole || f.Scope == "":
		return owed
	case f.Scope == Lines:
		var sum money.Cents
		for _, l := range f.Lines {
			sum += l.Of(i)
		}
		if sum <= 0 {
			p.add(FieldLines, Missing)
		}
		return min(sum, owed)
	case f.Scope == Part:
		switch {
		case f.Amount <= 0:
			p.add(FieldAmount, Missing)
		case f.Amount > owed:
			p.add(FieldAmount, TooMuch)
		}
		return min(f.Amount, owed)
	}
	p.add(FieldLines, Unknown)
	return owed
}

// HoldStatus is what the debt counts as while the dispute is open.
func (d Dispute) HoldStatus() debt.Status {
	if d.Has(IdentityTheft) {
		return debt.IdentityTheft
	}
	return debt.Disputed
}

// HoldAmount is what of the debt is held: 0 for the whole. Who says that
// somebody used their name, or was made to borrow, disputes all of it.
func (d Dispute) HoldAmount() money.Cents {
	if d.Kind != OfDebt || d.Has(IdentityTheft) || d.Has(Coerced) || d.All() {
		return 0
	}
	return d.Disputed
}

// Repeats reports whether the dispute may be the same as an earlier one that
// was answered (DIS-05). Only the collector decides whether it is: it is never
// refused for it. Anything new that was written counts as new.
func (d Dispute) Repeats(earlier Dispute) bool {
	return d.Kind == OfDebt && earlier.Kind == OfDebt && earlier.DebtID == d.DebtID && earlier.State() == Answered &&
		d.Disputed <= earlier.Disputed && subset(d.Reasons, earlier.Reasons)
}

func subset(a, b []Reason) bool {
	return !slices.ContainsFunc(a, func(r Reason) bool { return !slices.Contains(b, r) })
}

// Proof is what the collector sends to end a hold.
type Proof struct {
	Outcome    Outcome
	DocumentID string
	Method     string
	SentOn     civil.Date
	By         string
	File       FileID
}

// answers is which outcomes answer which kind.
var answers = map[Kind][]Outcome{
	OfDebt: {Verified, Duplicative}, Creditor: {CreditorSent}, Complaint: {Replied},
}

// methods are how an answer may be sent. By mail needs nobody's consent; by
// electronic means alone the consumer must have agreed to that (VAL-12).
var methods = []string{"mail", "portal", "email"}

// ByMail reports whether an answer went by post.
func (p Proof) ByMail() bool { return p.Method == "mail" }

// Answer is the step of a dispute that is answered on proof (DIS-03): a
// document by its number, how it was sent, and on which day, which is not to
// come.
func Answer(d Dispute, p Proof, today civil.Date) (Step, error) {
	if !slices.Contains(moves[d.State()], Answered) {
		return Step{}, ErrNotNow
	}
	if strings.TrimSpace(p.DocumentID) == "" || !slices.Contains(methods, p.Method) || p.SentOn.IsZero() || today.Before(p.SentOn) ||
		!slices.Contains(answers[d.Kind], p.Outcome) || p.Outcome == Duplicative && d.Earlier == "" {
		return Step{}, ErrNoProof
	}
	return Step{
		State: Answered, Outcome: p.Outcome, DocumentID: p.DocumentID, Method: p.Method, SentOn: p.SentOn, By: p.By, File: p.File,
	}, nil
}

// MayWithdraw reports whether the consumer may take it back on a page. Who says
// that somebody used their name, or made them borrow, talks to a person first:
// somebody else may be holding the phone (STS-05, STS-08). A complaint holds
// nothing.
func (d Dispute) MayWithdraw() bool {
	return d.Kind.Holds() && !d.Has(IdentityTheft) && !d.Has(Coerced) && slices.Contains(moves[d.State()], Closed)
}

// Withdraw is the step of a dispute that the consumer takes back.
func Withdraw(d Dispute, by string) (Step, error) {
	switch {
	case !slices.Contains(moves[d.State()], Closed):
		return Step{}, ErrNotNow
	case !d.MayWithdraw():
		return Step{}, ErrStays
	}
	return Step{State: Closed, Outcome: Withdrawn, By: by}, nil
}

// Favor is the step of a dispute that is closed because the debt now stands as
// the consumer said: it was taken back or paid, or nothing is owed any more but
// what was never disputed. It looks at the debt, never at what somebody claims.
func Favor(d Dispute, s debt.Statement, by string) (Step, error) {
	if d.Kind != OfDebt || !slices.Contains(moves[d.State()], Closed) {
		return Step{}, ErrNotNow
	}
	gone := s.Debt.Status == debt.Recalled || s.Debt.Status == debt.Paid
	newer := s.Debt.Snapshot.AsOf.After(d.OpenedAt)
	if !gone && (!newer || s.Owed > d.Owed-d.Disputed) {
		return Step{}, ErrNoFavor
	}
	return Step{State: Closed, Outcome: InFavor, By: by}, nil
}
