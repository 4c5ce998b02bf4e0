package consumer

import (
	"strings"

	"quittance/frontend/components/details"
	"quittance/frontend/components/doors"
	"quittance/frontend/components/field"
	"quittance/frontend/components/icon"
	"quittance/frontend/components/summary"
	"quittance/frontend/locale"
	"quittance/frontend/paths"
	"quittance/payments/money"
	"quittance/plans/civil"
)

// PlanBudget is the worksheet on what comes in and goes out in a month, and
// what was found. Nobody has to fill it in.
//
// POST /debts/{id}/budget with "household" and an amount a month for each kind,
// named by BudgetField.Name; empty is nothing.
type PlanBudget struct {
	Base
	DebtID, Creditor string
	Once             string // the form's one-time key: sent twice, it is one statement
	Household        Input
	Income           []BudgetField
	Essentials       []BudgetField
	Found            *BudgetFound // nil: nothing was submitted yet, or it has problems
}

// BudgetField is one amount a month as typed.
type BudgetField struct {
	Kind string
	Input
}

// Name is the field's name and id.
func (f BudgetField) Name() string { return "month_" + f.Kind }

// BudgetFound is what the calculation made of a month.
type BudgetFound struct {
	Calculation        string // the published name of it
	On                 civil.Date
	Household          int
	Income, Essentials []BudgetLine
	In, Out, Left      money.Cents
	Ceiling            money.Cents // the most that is suggested a month; 0: nothing
	Each               money.Cents // of a plan that can begin at once, and its first day; 0: none can
	First              civil.Date
	Least              money.Cents // the nearest that could, where that is more than the ceiling
	Open               bool        // a plan can be made at all
}

// BudgetLine is one amount a month that is not zero.
type BudgetLine struct {
	Kind   string
	Amount money.Cents
}

var budgetWords = map[string]locale.Key{
	"pay": "budget.pay", "benefits": "budget.benefits", "other_income": "budget.other_income",
	"housing": "budget.housing", "utilities": "budget.utilities", "food": "budget.food", "transport": "budget.transport",
	"health": "budget.health", "care": "budget.care", "other_debts": "budget.other_debts",
}

func (p PlanBudget) problems() []summary.Line {
	all := line("household", p.Household.Problem)
	for _, f := range append(append([]BudgetField(nil), p.Income...), p.Essentials...) {
		all = append(all, line(f.Name(), f.Problem)...)
	}
	return all
}

func (p PlanBudget) title() string {
	if p.Found != nil {
		return p.T("budget.found")
	}
	return p.T("budget.title")
}

func (p PlanBudget) household() field.Field {
	return field.Field{
		Name: "household", Label: p.T("budget.people"), Hint: p.T("budget.people_hint"), Value: p.Household.Value,
		Problem: p.Household.Problem, ProblemLabel: p.T("frame.problem_label"), Autocomplete: "off", InputMode: "numeric",
		Width: "short", MaxLength: "40",
	}
}

func (p PlanBudget) month(f BudgetField) field.Field {
	return field.Field{
		Name: f.Name(), Label: p.T(budgetWords[f.Kind]), Value: f.Value, Problem: f.Problem,
		ProblemLabel: p.T("frame.problem_label"), Autocomplete: "off", InputMode: "decimal", Prefix: "$", Width: "short", MaxLength: "40",
	}
}

// facts are the month as it was submitted, line by line, with its sums.
func (p PlanBudget) facts() []details.Row {
	all := []details.Row{
		{Name: p.T("budget.made"), Value: p.Words.Date(p.Found.On)},
		{Name: p.T("budget.people"), Value: number(p.Found.Household)},
	}
	all = append(all, p.lines(p.Found.Income)...)
	all = append(all, details.Row{Name: p.T("budget.in"), Value: p.Found.In.String(), Strong: true})
	all = append(all, p.lines(p.Found.Essentials)...)
	return append(all,
		details.Row{Name: p.T("budget.out"), Value: p.Found.Out.String(), Strong: true},
		details.Row{Name: p.T("budget.left"), Value: p.Found.Left.String(), Strong: true},
		details.Row{Name: p.T("budget.most"), Value: p.Found.Ceiling.String(), Strong: true},
	)
}

func (p PlanBudget) lines(all []BudgetLine) []details.Row {
	var list []details.Row
	for _, l := range all {
		list = append(list, details.Row{Name: p.T(budgetWords[l.Kind]), Value: l.Amount.String()})
	}
	return list
}

// ways are the other ways on, all alike (DIS-09, U11).
func (p PlanBudget) ways() []doors.Door {
	all := []doors.Door{
		wrongDoor(p.Base, p.DebtID),
		{Href: helpPath(AboutHelp), Words: p.T("door.help"), Icon: icon.Hand()},
		{Href: paths.Account, Words: p.T("pay.not_now"), Icon: icon.Clock()},
	}
	if p.Found == nil || !p.Found.Open {
		return all
	}
	return append([]doors.Door{{Href: paths.PlanOptions(p.DebtID), Words: p.T("plan.see_ways"), Icon: icon.Calendar()}}, all...)
}

// sent is an amount as a form sends it.
func sent(c money.Cents) string { return strings.TrimPrefix(c.String(), "$") }
