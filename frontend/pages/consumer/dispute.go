package consumer

import (
	"context"
	"io"
	"slices"
	"time"

	"quittance/frontend/components/choice"
	"quittance/frontend/components/summary"
	"quittance/frontend/locale"
	"quittance/payments/money"
	"quittance/plans/civil"
)

// DisputeWhich asks which debt is wrong, where there are several; Ask when it is
// about whom a debt was first owed to.
type DisputeWhich struct {
	Base
	Debts []AccountDebt
	Ask   bool
}

// DisputeReason is one thing that may be wrong.
type DisputeReason string

// The reasons, by the names that the form sends.
const (
	WrongNotMine  DisputeReason = "not_mine"
	WrongAmount   DisputeReason = "wrong_amount"
	WrongPaid     DisputeReason = "already_paid"
	WrongCreditor DisputeReason = "paid_creditor"
	WrongStolen   DisputeReason = "identity_theft"
	WrongCoerced  DisputeReason = "coerced"
	WrongOther    DisputeReason = "other"
)

// DisputeReasons lists them in the order in which they are asked: the model
// notice's own three come first (VAL-08).
var DisputeReasons = []DisputeReason{WrongNotMine, WrongAmount, WrongPaid, WrongCreditor, WrongStolen, WrongCoerced, WrongOther}

var wrongWords = map[DisputeReason]locale.Key{
	WrongNotMine: "dispute.not_mine", WrongAmount: "dispute.wrong_amount", WrongPaid: "dispute.already_paid",
	WrongCreditor: "dispute.paid_creditor", WrongStolen: "dispute.stolen", WrongCoerced: "dispute.coerced", WrongOther: "dispute.other",
}

// DisputeScope is how much of a debt is wrong.
type DisputeScope string

// The scopes, by the names that the form sends. None chosen is all of it.
const (
	ScopeWhole DisputeScope = "whole"
	ScopeLines DisputeScope = "lines"
	ScopePart  DisputeScope = "amount"
)

// DisputeLine is one row of what makes a debt up.
type DisputeLine struct {
	Name    string // "owed", "interest" or "fees"; the form sends "line_" and the name
	Amount  money.Cents
	Checked bool
}

// DisputeFile is a file that was taken.
type DisputeFile struct {
	ID     string
	Name   string
	Refuse string // why it was not taken, in words
	Ours   bool   // from the agency
	Open   bool   // it may be opened
}

// DisputeForm asks what is wrong with one debt. Nothing is chosen beforehand.
//
// POST /disputes/about/{debt} as a form with files: "reason_" and the name of a
// reason = "yes", "scope", "line_" and the name of a row = "yes", "amount",
// "paid_on", "paid_to", "words", "safe_contact", "files", "draft", and "drop_"
// and the id of a file = "yes".
type DisputeForm struct {
	Base
	DebtID, Creditor, What string
	Total                  money.Cents
	Notices                []Notice // that the law wants beside the form
	NoAmounts              bool     // as the debt stands no amount is shown: only the whole can be disputed
	Hidden                 bool     // nothing of the debt may be shown
	ItemizedOn             civil.Date
	Reasons                map[DisputeReason]bool
	ReasonsProblem         string
	Scope                  DisputeScope
	Lines                  []DisputeLine
	LinesProblem           string
	Amount                 Input
	PaidOn, PaidTo         Input
	Story                  Input // sent as "words"
	Safe                   Input
	Draft                  string
	Files                  []DisputeFile // taken so far
	FileProblems           []string
}

// DisputeReview is the last look before a dispute is sent.
//
// POST /disputes/check/{draft}.
type DisputeReview struct {
	Base
	DebtID, Draft, Creditor, What string
	Reasons                       []DisputeReason
	Scope                         DisputeScope
	Lines                         []DisputeLine
	Disputed                      money.Cents
	PaidOn                        civil.Date
	PaidTo, Story, Safe           string
	Files                         []DisputeFile
	AnswerBy                      civil.Date
	Autopay                       bool // a plan charges this debt by itself
	Problem                       string
}

// DisputeKind is what was sent.
type DisputeKind string

// The kinds.
const (
	KindDispute   DisputeKind = "dispute"
	KindAsk       DisputeKind = "original_creditor"
	KindComplaint DisputeKind = "complaint"
)

// DisputeState is where it stands.
type DisputeState string

// The states.
const (
	DisputeOpen     DisputeState = "open"
	DisputeVerified DisputeState = "verified"    // proof was sent
	DisputeAgain    DisputeState = "duplicative" // answered before, and the same
	DisputeNamed    DisputeState = "creditor_sent"
	DisputeFavor    DisputeState = "in_consumers_favor"
	DisputeReplied  DisputeState = "replied"
	// DisputeWithdrawn: the consumer took it back.
	DisputeWithdrawn DisputeState = "withdrawn"
)

// Dispute is the receipt of a dispute and, from then on, where it stands.
//
// POST /disputes/{reference}/files as a form with "files"; POST
// /disputes/{reference}/payment with "payment" and "choice", keep or return.
type Dispute struct {
	Base
	Reference, DebtID, Creditor string
	Kind                        DisputeKind
	State                       DisputeState
	Whole, Stolen, Coerced      bool
	Disputed                    money.Cents
	SentAt                      time.Time
	AnswerBy                    civil.Date
	AnsweredOn                  civil.Date
	ByMail                      bool
	FirstOwedTo                 string // of the answer whom it was first owed to
	Files                       []DisputeFile
	FileProblems                []string
	Payments                    []HeldPayment
	Plan                        string // a plan that waits for a word; empty: none
	CanWithdraw                 bool
}

// DisputeWithdraw asks once more before a dispute is taken back. Nothing is
// ticked beforehand.
//
// POST /disputes/{reference}/withdraw with "sure" = "yes".
type DisputeWithdraw struct {
	Base
	Reference, Creditor string
	Asked               bool // it was the question for the original creditor
	Problem             string
}

// ProblemWithdraw stands beside the box that was not ticked.
const ProblemWithdraw locale.Key = "dispute.withdraw_problem"

// Render writes the page.
func (p DisputeWithdraw) Render(ctx context.Context, w io.Writer) error {
	return disputeWithdrawPage(p).Render(ctx, w)
}

func (p DisputeWithdraw) problems() []summary.Line { return line("sure", p.Problem) }

func (p DisputeWithdraw) sure() choice.Row {
	return choice.Row{ID: "sure", Name: "sure", Value: "yes", Label: p.T("dispute.withdraw_sure"), Problem: p.Problem != ""}
}

// HeldPayment is a payment that cleared after the debt was disputed, and is held.
type HeldPayment struct {
	PaymentID, Reference string
	Amount               money.Cents
	Returned             bool       // it goes back
	ReturnOn             civil.Date // not before; zero: now
}

// AskCreditor asks whom a debt was first owed to: one button.
//
// POST /request with "debt" and "once".
type AskCreditor struct {
	Base
	DebtID, Creditor, What, Once string
}

// ComplaintForm takes a complaint.
//
// POST /complaint with "words" and "once".
type ComplaintForm struct {
	Base
	Story Input // sent as "words"
	Once  string
}

// DisputeSent is one line in the list of what was sent.
type DisputeSent struct {
	Reference, Creditor string
	Kind                DisputeKind
	State               DisputeState
	On                  civil.Date
}

func (p DisputeForm) problems() []summary.Line {
	all := slices.Concat(
		line("reason_"+string(DisputeReasons[0]), p.ReasonsProblem), line("words", p.Story.Problem), line("paid_on", p.PaidOn.Problem),
		line("paid_to", p.PaidTo.Problem), line("safe_contact", p.Safe.Problem), line("scope_lines", p.LinesProblem), line("amount", p.Amount.Problem),
	)
	for _, words := range p.FileProblems {
		all = append(all, line("files", words)...)
	}
	return all
}

// linesOf names the rows as the page of the debt does.
func lineWords(b Base, l DisputeLine, on civil.Date) string {
	switch l.Name {
	case "interest":
		return b.T("dispute.line_interest")
	case "fees":
		return b.T("dispute.line_fees")
	}
	return b.T("dispute.line_owed", "date", on)
}

// Render writes the page; so do all the methods of this name below.
func (p DisputeWhich) Render(ctx context.Context, w io.Writer) error {
	return disputeWhichPage(p).Render(ctx, w)
}
func (p DisputeForm) Render(ctx context.Context, w io.Writer) error {
	return disputeFormPage(p).Render(ctx, w)
}
func (p DisputeReview) Render(ctx context.Context, w io.Writer) error {
	return disputeReviewPage(p).Render(ctx, w)
}
func (p Dispute) Render(ctx context.Context, w io.Writer) error {
	return disputePage(p).Render(ctx, w)
}
func (p AskCreditor) Render(ctx context.Context, w io.Writer) error {
	return askCreditorPage(p).Render(ctx, w)
}
func (p ComplaintForm) Render(ctx context.Context, w io.Writer) error {
	return complaintPage(p).Render(ctx, w)
}

func sentWords(b Base, s DisputeState) string {
	switch s {
	case DisputeOpen:
		return b.T("dispute.state_open")
	case DisputeFavor:
		return b.T("dispute.state_favor")
	case DisputeWithdrawn:
		return b.T("dispute.withdrawn")
	}
	return b.T("dispute.state_answered")
}

func kindOfWords(b Base, k DisputeKind) string {
	switch k {
	case KindAsk:
		return b.T("dispute.kind_ask")
	case KindComplaint:
		return b.T("dispute.kind_complaint")
	}
	return b.T("dispute.kind")
}
