package console

import (
	"context"
	"net/http"

	"quittance/frontend/pages/console"
	"quittance/plans/civil"
	"quittance/portal/identity"
	"quittance/portal/letter"
	"quittance/portal/validation"
	"quittance/portal/web"
)

// Notices lists validation notices that are still owed; package validation's
// service does.
type Notices interface {
	Owed(ctx context.Context, most int) ([]validation.Duty, error)
}

// Letters lists letters that the agency is to mail; package letter's service
// does.
type Letters interface {
	ToMail(ctx context.Context, most int) ([]letter.Letter, error)
}

// mostOwed is how many of the queue are listed.
const mostOwed = 200

// notices is the queue of validation notices that nobody has reported by the
// third day (VAL-10), and of letters that the law wants in writing and that have
// to be mailed (STA-04). A report by the system of record takes one off.
func (p *Pages) notices(r *web.Request, who identity.Staff) error {
	page := console.Notices{Base: base(r, who)}
	owed, err := p.Notices.Owed(r.Context(), mostOwed)
	if err != nil {
		return err
	}
	for _, d := range owed {
		line, err := p.owedNotice(r.Context(), d)
		if err != nil {
			return err
		}
		page.Owed = append(page.Owed, line)
	}
	letters, err := p.Letters.ToMail(r.Context(), mostOwed)
	if err != nil {
		return err
	}
	for _, l := range letters {
		account, err := p.Accounts.Account(r.Context(), l.AccountID)
		if err != nil {
			return err
		}
		page.Letters = append(page.Letters, console.OwedLetter{
			Kind: string(l.Kind), OwedNotice: console.OwedNotice{
				AccountID: string(l.AccountID), AccountRef: account.Ref, DebtRef: l.DebtRef, Began: l.OwedAt.In(p.Zone), Due: l.Due, Late: p.past(l.Due),
			},
		})
	}
	return r.Page(http.StatusOK, page)
}

func (p *Pages) owedNotice(ctx context.Context, d validation.Duty) (console.OwedNotice, error) {
	line := console.OwedNotice{
		AccountID: string(d.AccountID), Began: d.BeganAt.In(p.Zone), Due: d.Due, Late: p.past(d.Due),
	}
	account, err := p.Accounts.Account(ctx, d.AccountID)
	if err != nil {
		return line, err
	}
	line.AccountRef = account.Ref
	statements, err := p.Accounts.AccountStatements(ctx, d.AccountID)
	for _, s := range statements {
		if s.Debt.ID == d.DebtID {
			line.DebtRef = s.Debt.Ref
		}
	}
	return line, err
}

// past reports whether a day is over where the agency is.
func (p *Pages) past(due civil.Date) bool { return due.Before(civil.Of(p.Now().In(p.Zone))) }
