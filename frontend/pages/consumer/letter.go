package consumer

import (
	"context"
	"io"

	"quittance/frontend/components/details"
	"quittance/frontend/locale"
	"quittance/payments/money"
	"quittance/plans/civil"
)

// LetterKind is a paper that the portal writes, by the name that the law's
// packs know it by.
type LetterKind string

// The kinds.
const (
	LetterConfirmation LetterKind = "plan_confirmation"
	LetterAccounting   LetterKind = "plan_accounting"
	LetterPayoff       LetterKind = "payoff_letter"
	LetterSatisfaction LetterKind = "satisfaction_letter"
	LetterWithdrawal   LetterKind = "satisfaction_withdrawn"
)

// letterWords are the title of each kind and its sentence.
var letterWords = map[LetterKind]struct{ title, text locale.Key }{
	LetterConfirmation: {"letter.confirmation", "letter.confirmation_text"}, LetterAccounting: {"letter.accounting", "letter.accounting_text"},
	LetterPayoff: {"letter.payoff", "letter.payoff_text"}, LetterSatisfaction: {"letter.satisfaction", "letter.satisfaction_text"},
	LetterWithdrawal: {"letter.withdrawal", "letter.withdrawal_text"},
}

// LetterLine names a letter that there is on a debt.
type LetterLine struct {
	ID   string
	Kind LetterKind
	On   civil.Date
}

// Letter is a letter as it was written on its day; later numbers never change
// it.
type Letter struct {
	Base
	LetterLine
	DebtID, Reference    string // Reference is the plan's, or empty
	Name, Creditor, What string
	Ending               string // last four digits of the account
	Total, Paid, Left    money.Cents
	Forgiven, OnItsWay   money.Cents
	Installments         []LetterInstallment
	Withdrawn            civil.Date // since when it does not hold any more; zero: it does
	Provisional          civil.Date // the last day on which a bank may take a payment back; zero: none
	PlanWords            []Notice   // that the law of the place wants with a plan
}

// LetterInstallment is one amount of a plan.
type LetterInstallment struct {
	Due          civil.Date
	Amount, Paid money.Cents
}

// Render writes the page.
func (p Letter) Render(ctx context.Context, w io.Writer) error { return letterPage(p).Render(ctx, w) }

// Title names the letter.
func (p Letter) Title() string { return p.T(letterWords[p.Kind].title) }

// Text is its sentence.
func (p Letter) Text() string {
	return p.T(letterWords[p.Kind].text, "date", p.On, "creditor", p.Creditor, "paid", p.Paid, "total", p.Total, "left", p.Left)
}

// NoLonger says that the letter does not hold any more; empty while it does.
func (p Letter) NoLonger() string {
	if p.Withdrawn.IsZero() {
		return ""
	}
	return p.T("letter.withdrawn", "date", p.Withdrawn)
}

// Notes are what is to be known besides.
func (p Letter) Notes() []string {
	var all []string
	if p.OnItsWay > 0 {
		all = append(all, p.T("letter.on_its_way", "amount", p.OnItsWay))
	}
	if p.Kind == LetterPayoff {
		all = append(all, p.T("letter.payoff_changes"))
	}
	if !p.Provisional.IsZero() {
		all = append(all, p.T("receipt.provisional", "date", p.Provisional))
	}
	return all
}

// Facts are a label and a value each.
func (p Letter) Facts() [][2]string { return pairs(p.facts()) }

// Schedule is a day, and what is due and what was paid of it.
func (p Letter) Schedule() [][2]string {
	var all [][2]string
	for _, i := range p.Installments {
		words := i.Amount.String()
		if i.Paid > 0 {
			words = p.T("letter.paid_of", "paid", i.Paid, "amount", i.Amount)
		}
		all = append(all, [2]string{p.Words.Date(i.Due), words})
	}
	return all
}

func (p Letter) facts() []details.Row {
	ending, let, with := "", "", p.T("debt.now_with")
	if p.Left == 0 {
		with = p.T("plan.letter_with")
	}
	if p.Ending != "" {
		ending = p.T("debt.ending", "digits", p.Ending)
	}
	if p.Forgiven > 0 {
		let = p.Forgiven.String()
	}
	return rows(
		details.Row{Name: p.T("letter.name"), Value: p.Name},
		details.Row{Name: with, Value: p.Creditor},
		details.Row{Name: p.T("debt.account"), Value: ending},
		details.Row{Name: p.T("debt.for"), Value: p.What},
		details.Row{Name: p.T("plan.let_go_later"), Value: let},
		details.Row{Name: p.T("letter.left"), Value: p.Left.String(), Strong: true},
	)
}
