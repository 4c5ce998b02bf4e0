package consumer

import (
	"crypto/rand"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/payments/money"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/plans/schedule"
	"quittance/portal/web"
)

// The most that a worksheet takes, as plans.Budget does.
const (
	mostPeople = 20
	mostMonth  = money.Cents(1_000_000_00)
)

// planBudget is the worksheet, or what was found where there is a statement
// that still counts. Where no plan can be made nobody is asked for one.
func (p *Pages) planBudget(r *web.Request) error {
	page, o, err := p.budgetPage(r)
	if err != nil {
		return err
	}
	if form, kept := r.KeptForm(); kept && form.Has("household") {
		typeMonth(&page, form)
		return r.Page(http.StatusOK, page)
	}
	latest, err := p.Plans.Latest(r.Context(), r.Session().Subject)
	switch {
	case err == nil:
		foundMonth(&page, latest, o, civil.Of(latest.At.In(p.Zone)))
	case !errors.Is(err, plans.ErrNotFound):
		return err
	case !open(page, o):
		return r.SeeOther(paths.PlanOptions(page.DebtID))
	}
	return r.Page(http.StatusOK, page)
}

// postPlanBudget keeps a statement and shows what was found.
func (p *Pages) postPlanBudget(r *web.Request) error {
	page, o, err := p.budgetPage(r)
	if err != nil {
		return err
	}
	if !open(page, o) {
		return r.SeeOther(paths.PlanOptions(page.DebtID))
	}
	typeMonth(&page, r.Form())
	budget, whole := readMonth(&page)
	if !whole {
		return r.Page(http.StatusUnprocessableEntity, page)
	}
	if _, err = p.Plans.Submit(r.Context(), r.Session().Subject, page.Once, budget); err != nil {
		return err
	}
	return r.SeeOther(paths.PlanBudget(page.DebtID))
}

func (p *Pages) budgetPage(r *web.Request) (consumer.PlanBudget, plans.Options, error) {
	v, err := p.load(r)
	if err != nil {
		return consumer.PlanBudget{}, plans.Options{}, err
	}
	s, err := v.shownDebt(r.Param("id"))
	if err != nil {
		return consumer.PlanBudget{}, plans.Options{}, err
	}
	page := consumer.PlanBudget{
		Base: r.Base(), DebtID: string(s.Debt.ID), Creditor: s.Debt.CreditorName, Once: rand.Text(),
		Income: monthFields(plans.IncomeKinds), Essentials: monthFields(plans.EssentialKinds),
	}
	o, err := p.Plans.Options(r.Context(), r.Session().Subject, page.DebtID)
	return page, o, hidden(err)
}

// open reports whether a plan can be made on the debt.
func open(page consumer.PlanBudget, o plans.Options) bool {
	return !page.PaymentsOff && o.Running == nil && o.Subject.Refusal == "" && o.Subject.NoNew == "" && o.Subject.Payable > 0
}

func monthFields(kinds []string) []consumer.BudgetField {
	fields := make([]consumer.BudgetField, len(kinds))
	for i, kind := range kinds {
		fields[i].Kind = kind
	}
	return fields
}

// typeMonth fills the worksheet in as it was typed.
func typeMonth(page *consumer.PlanBudget, form web.Form) {
	page.Household.Value = form.Typed("household")
	if once := form.Text("once"); len(once) == onceLength {
		page.Once = once
	}
	for _, fields := range [][]consumer.BudgetField{page.Income, page.Essentials} {
		for i := range fields {
			fields[i].Value = form.Typed(fields[i].Name())
		}
	}
}

// readMonth reads the worksheet and marks what cannot be read.
func readMonth(page *consumer.PlanBudget) (b plans.Budget, whole bool) {
	people, err := strconv.Atoi(strings.TrimSpace(page.Household.Value))
	whole = err == nil && people >= 1 && people <= mostPeople
	if !whole {
		page.Household.Problem = page.T(consumer.ProblemBudgetPeople)
	}
	b.Household = people
	b.Income = readLines(page.Base, page.Income, &whole)
	b.Essentials = readLines(page.Base, page.Essentials, &whole)
	return b, whole
}

// readLines reads amounts a month; an empty one is zero.
func readLines(b consumer.Base, fields []consumer.BudgetField, whole *bool) []plans.Line {
	lines := make([]plans.Line, len(fields))
	for i := range fields {
		lines[i].Kind = fields[i].Kind
		if strings.TrimSpace(fields[i].Value) == "" {
			continue
		}
		amount, err := money.Typed(fields[i].Value)
		switch {
		case errors.Is(err, money.ErrTooLarge), err == nil && amount > mostMonth:
			fields[i].Problem = b.T(consumer.ProblemBudgetMost, "max", mostMonth)
		case err != nil:
			fields[i].Problem = b.T(consumer.ProblemBudgetAmount)
		}
		lines[i].Amount = amount
		*whole = *whole && fields[i].Problem == ""
	}
	return lines
}

// foundMonth puts a statement and what was found on the page, and the plan that
// can begin at it.
func foundMonth(page *consumer.PlanBudget, s plans.Statement, o plans.Options, on civil.Date) {
	f := s.Finding
	page.Household.Value = strconv.Itoa(s.Budget.Household)
	page.Found = &consumer.BudgetFound{
		Calculation: f.Calculation, On: on, Household: s.Budget.Household, In: f.Income, Out: f.Essentials, Left: f.Left,
		Ceiling: f.Ceiling, Open: open(*page, o),
		Income: monthLines(page.Income, s.Budget.Income), Essentials: monthLines(page.Essentials, s.Budget.Essentials),
	}
	if page.Found.Open && f.Ceiling > 0 {
		beginAt(page.Found, o)
	}
}

// beginAt looks whether the terms allow a plan at the number that was found.
func beginAt(f *consumer.BudgetFound, o plans.Options) {
	wish := plans.Wish{
		Kind: plans.Installments, Each: min(f.Ceiling, o.Subject.Payable), Rule: schedule.Rule{Rhythm: schedule.Monthly},
	}
	quote, err := plans.Make(o.Subject, o.Terms, wish)
	var impossible *plans.Impossible
	switch {
	case err == nil:
		f.Each, f.First = wish.Each, quote.Rule.First
	case errors.As(err, &impossible) && impossible.Field == "amount":
		f.Least = impossible.Amount
	}
}

// monthLines are the amounts that are not zero; they are filled in again too.
func monthLines(fields []consumer.BudgetField, lines []plans.Line) []consumer.BudgetLine {
	var shown []consumer.BudgetLine
	for _, l := range lines {
		if l.Amount == 0 {
			continue
		}
		shown = append(shown, consumer.BudgetLine{Kind: l.Kind, Amount: l.Amount})
		for i := range fields {
			if fields[i].Kind == l.Kind {
				fields[i].Value = strings.TrimPrefix(l.Amount.String(), "$")
			}
		}
	}
	return shown
}
