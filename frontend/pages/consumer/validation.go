package consumer

import (
	"context"
	"io"
	"strings"

	"quittance/frontend/locale"
	"quittance/frontend/modelform"
	"quittance/frontend/paths"
	"quittance/plans/civil"
)

// ValidationNotice is the validation notice of one debt as it was given, or that
// one is still to come. It is a document of its own: nothing on it leads to
// paying (VAL-13).
type ValidationNotice struct {
	Base
	DebtID   string
	Creditor string
	Given    civil.Date
	Method   NoticeMethod
	Period   NoticePeriod
	Paper    *modelform.Document // nil: none is known yet
	Due      civil.Date          // by which it is mailed, where none is known; zero: not known either
	Problem  string              // beside the boxes
	Both     string              // a dispute and the question for the original creditor: the address of the first
	ByMail   bool                // the only answer is one with a check: how to mail it
}

// NoticePeriod is the validation period as a page tells of it.
type NoticePeriod struct {
	End     civil.Date
	Running bool
}

// NoticeMethod is how a notice was given.
type NoticeMethod string

// Ways of giving a notice.
const (
	NoticeMailed     NoticeMethod = "mail"
	NoticeSaid       NoticeMethod = "oral"
	NoticeElectronic NoticeMethod = "electronic"
)

// ProblemNoAnswer is the sentence for an answer without a box checked.
const ProblemNoAnswer locale.Key = "vnotice.no_answer"

// Render writes the page.
func (p ValidationNotice) Render(ctx context.Context, w io.Writer) error {
	return validationPage(p).Render(ctx, w)
}

// given says when and how the notice was given.
func (p ValidationNotice) given() string {
	switch p.Method {
	case NoticeSaid:
		return p.T("vnotice.given_oral", "date", p.Given)
	case NoticeElectronic:
		return p.T("vnotice.given_electronic", "date", p.Given)
	}
	return p.T("vnotice.given_mail", "date", p.Given)
}

func (n NoticePeriod) words(b Base) string {
	if n.Running {
		return b.T("vnotice.until", "date", n.End)
	}
	return b.T("vnotice.over", "date", n.End)
}

// cut parts a line at the address in it, so that the address can be a link.
func cut(l modelform.Line) (before, address, after string) {
	shown := strings.TrimPrefix(l.URL, "https://")
	if l.Page != "" {
		shown = l.URL
	}
	if before, after, found := strings.Cut(l.Text, shown); found && l.URL != "" {
		return before, shown, after
	}
	return l.Text, "", ""
}

// target is where an address of the notice leads: on the portal, to the debt
// that it is about.
func (p ValidationNotice) target(l modelform.Line) string {
	switch l.Page {
	case modelform.ToDispute:
		return paths.Dispute(p.DebtID)
	case modelform.ToRequest:
		return paths.Request(p.DebtID)
	}
	return l.URL
}
