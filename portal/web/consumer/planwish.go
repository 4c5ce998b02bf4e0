package consumer

import (
	"errors"
	"strconv"

	"quittance/frontend/locale"
	"quittance/frontend/pages/consumer"
	"quittance/payments/money"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/plans/schedule"
	"quittance/portal/web"
)

// mostPayments of a plan that a form may ask for; the terms allow fewer.
const mostOfPlan = 600

// readWish reads what was asked for, and marks what cannot be read. A field
// that an offer does not have is left alone.
func readWish(page *consumer.PlanOptions, form web.Form) plans.Wish {
	w := plans.Wish{Kind: plans.Kind(form.Text("kind"))}
	w.Rule.Rhythm = schedule.Rhythm(form.Text("rhythm"))
	switch {
	case w.Kind == plans.Later:
		page.Later = consumer.Input{Value: form.Text("later")}
		w.Rule = schedule.Rule{Rhythm: schedule.Once, First: readDay(page.Base, &page.Later)}
	case form.Has("count"):
		w.Count, _ = strconv.Atoi(form.Text("count"))
		if w.Count < 1 || w.Count > mostOfPlan || w.Kind != plans.Installments && w.Kind != plans.Settlement {
			page.Problem = page.T(consumer.ProblemPlanOfferGone)
		}
	default:
		w.Kind = plans.Installments
		typeWish(page, form)
		w.Each = readMoney(page.Base, &page.Wish.Each)
		w.Rule.First = readDay(page.Base, &page.Wish.First)
		if page.Wish.Rhythm.Value == "" {
			page.Wish.Rhythm.Problem = page.T(consumer.ProblemPlanRhythm)
		}
	}
	return w
}

// typeWish fills the consumer's own wish in as it was typed.
func typeWish(page *consumer.PlanOptions, form web.Form) {
	page.Wish = consumer.PlanWish{
		Each:   consumer.Input{Value: form.Typed("each")},
		Rhythm: consumer.Input{Value: form.Text("rhythm")},
		First:  consumer.Input{Value: form.Text("first")},
	}
}

func wishProblem(page consumer.PlanOptions) bool {
	w := page.Wish
	return page.Problem != "" || page.Later.Problem != "" || w.Each.Problem != "" || w.Rhythm.Problem != "" || w.First.Problem != ""
}

// readDay reads a day of a list; an empty or impossible one is marked.
func readDay(b consumer.Base, i *consumer.Input) civil.Date {
	d, err := civil.Parse(i.Value)
	if err != nil || d.IsZero() {
		i.Problem = b.T(consumer.ProblemPlanDay)
	}
	return d
}

// readMoney reads an amount in dollars, and marks what is none.
func readMoney(b consumer.Base, i *consumer.Input) money.Cents {
	if web.FormOf(map[string]string{"": i.Value}).Text("") == "" {
		i.Problem = b.T(consumer.ProblemAmountMissing)
		return 0
	}
	amount, err := money.Typed(i.Value)
	switch {
	case errors.Is(err, money.ErrFraction):
		i.Problem = b.T(consumer.ProblemAmountCents)
	case errors.Is(err, money.ErrComma):
		i.Problem = b.T(consumer.ProblemAmountComma)
	case err != nil:
		i.Problem = b.T(consumer.ProblemAmountFormat)
	case amount == 0:
		i.Problem = b.T(consumer.ProblemAmountZero)
	}
	return amount
}

// dayProblems are the words for a day that cannot be; each names the nearest
// that can.
var dayProblems = map[plans.Problem]locale.Key{
	plans.DateTooEarly: consumer.ProblemPlanDayEarly, plans.DateTooLate: consumer.ProblemPlanDayLate,
	plans.PauseTooLong: consumer.ProblemPlanDayLate, plans.DateClosed: consumer.ProblemPlanDayClosed,
	plans.DateTaken: consumer.ProblemPlanDayTaken,
}

// otherProblems are the words for what has no nearest.
var otherProblems = map[plans.Problem]locale.Key{
	plans.BadRhythm: consumer.ProblemPlanRhythm, plans.NoSettlement: consumer.ProblemPlanOfferGone,
	plans.NoSkipsLeft: consumer.ProblemPlanSkips, plans.NothingToSplit: consumer.ProblemPlanSplit,
	plans.NotAllowed: consumer.ProblemPlanRefused, plans.AlreadyCharged: consumer.ProblemPlanSent,
	plans.NothingOwed: consumer.ProblemPlanNothing,
}

// impossibleWords say why a wish cannot be met and what can.
func impossibleWords(b consumer.Base, i *plans.Impossible) string {
	if key, ok := dayProblems[i.Problem]; ok && !i.Date.IsZero() {
		return b.T(key, "date", i.Date)
	}
	switch i.Problem {
	case plans.TooSmall:
		return b.T(consumer.ProblemPlanAmountMin, "min", i.Amount)
	case plans.TooLarge:
		return b.T(consumer.ProblemPlanAmountMax, "max", i.Amount)
	case plans.TooLong:
		if i.Amount > 0 {
			return b.T(consumer.ProblemPlanAmountLong, "amount", i.Amount)
		}
	}
	if key, ok := otherProblems[i.Problem]; ok {
		return b.T(key)
	}
	return b.T(consumer.ProblemPlanOfferGone)
}
