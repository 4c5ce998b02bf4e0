package consumer

import (
	"github.com/a-h/templ"

	"quittance/frontend/pages"
	"quittance/frontend/paths"
	"quittance/payments/money"
)

func budgetFields(kinds, values []string) []BudgetField {
	all := make([]BudgetField, len(kinds))
	for i, kind := range kinds {
		all[i].Kind = kind
		if i < len(values) {
			all[i].Value = values[i]
		}
	}
	return all
}

func (s sample) budgeting() []pages.Example {
	in := []string{"pay", "benefits", "other_income"}
	out := []string{"housing", "utilities", "food", "transport", "health", "care", "other_debts"}
	budget := func(state, title string, change func(Base, *PlanBudget)) pages.Example {
		return s.show("plan-budget", state, title, true, paths.PlanBudget("dbt_1"), func(b Base) templ.Component {
			p := PlanBudget{Base: b, DebtID: "dbt_1", Creditor: "Mercy Clinic", Income: budgetFields(in, nil), Essentials: budgetFields(out, nil)}
			change(b, &p)
			return p
		})
	}
	found := func(change func(f *BudgetFound)) func(Base, *PlanBudget) {
		return func(_ Base, p *PlanBudget) {
			p.Household.Value = "3"
			p.Income, p.Essentials = budgetFields(in, []string{"1,900.00", "240.00"}), budgetFields(out, []string{"980.00", "210.00", "520.00"})
			p.Found = &BudgetFound{
				Calculation: "quittance-1", On: today, Household: 3,
				Income:     []BudgetLine{{"pay", 1_900_00}, {"benefits", 240_00}},
				Essentials: []BudgetLine{{"housing", 980_00}, {"utilities", 210_00}, {"food", 520_00}},
				In:         2_140_00, Out: 1_710_00, Left: 430_00, Ceiling: 214_00, Each: 214_00, First: soon, Open: true,
			}
			change(p.Found)
		}
	}
	nothing := func(f *BudgetFound) {
		f.Income, f.In, f.Left, f.Ceiling, f.Each = f.Income[:1], 1_900_00, 0, 0, 0
		f.Essentials, f.Out = append(f.Essentials, BudgetLine{"care", 400_00}), 2_110_00
	}
	return []pages.Example{
		budget("empty", "The worksheet", func(Base, *PlanBudget) {}),
		budget("problems", "What cannot be read is kept as typed", func(b Base, p *PlanBudget) {
			p.Household = Input{"many", b.T(ProblemBudgetPeople)}
			p.Income[0].Input = Input{"about 2000", b.T(ProblemBudgetAmount)}
			p.Essentials[0].Input = Input{"2000000", b.T(ProblemBudgetMost, "max", money.Cents(1_000_000_00))}
			p.Essentials[2].Value = "420.50"
		}),
		budget("yes", "A number, and a plan at it", found(func(*BudgetFound) {})),
		budget("below", "A number below the least of the rules", found(func(f *BudgetFound) { f.Each, f.Least, f.Ceiling, f.Left = 0, 12_50, 4_00, 8_00 })),
		budget("closed", "A number, and no plan can be made", found(func(f *BudgetFound) { f.Each, f.Open = 0, false })),
		budget("nothing", "Nothing is left", found(nothing)),
		budget("nothing-closed", "Nothing is left, and no plan can be made", found(func(f *BudgetFound) { nothing(f); f.Open = false })),
	}
}
