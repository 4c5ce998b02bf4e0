package consumer

import (
	"strconv"

	"quittance/frontend/components/details"
	"quittance/frontend/locale"
	"quittance/plans/civil"
)

var everyWords = map[Rhythm]locale.Key{
	RhythmWeekly: "plan.every_week", RhythmTwoWeeks: "plan.every_two_weeks",
	RhythmTwiceAMonth: "plan.every_half_month", RhythmMonthly: "plan.every_month", RhythmOnce: "plan.once",
}

// every says a rhythm: "every two weeks".
func every(b Base, r Rhythm) string { return b.T(everyWords[r]) }

// number writes a count for an attribute or a hidden field.
func number(n int) string { return strconv.Itoa(n) }

// long writes a revision.
func long(n int64) string { return strconv.FormatInt(n, 10) }

// iso writes a day as a form sends it.
func iso(d civil.Date) string { return d.String() }

// kindWords names what is agreed to, as a heading.
func kindWords(b Base, k PlanKind) string {
	switch k {
	case PlanSettlement:
		return b.T("plan.kind_settlement")
	case PlanLater:
		return b.T("plan.kind_later")
	}
	return b.T("plan.kind_installments")
}

// words are the figures of an offer: nothing of it comes as a surprise later.
func (o PlanOffer) words(b Base) string {
	if o.Count == 1 {
		return b.T("plan.offer_day", "date", o.First)
	}
	return b.T("plan.offer_words", "count", o.Count, "first", o.First, "last", o.LastAmount, "date", o.Last, "total", o.Total)
}

// title names an offer: "$83.05 every month", "$200.00 once".
func (o PlanOffer) title(b Base) string {
	if o.Count == 1 {
		return b.T("plan.offer_once", "amount", o.Each)
	}
	return b.T("plan.offer", "amount", o.Each, "every", every(b, o.Rhythm))
}

// whyLines say what the creditor allows, in words.
func (p PlanOptions) whyLines() []string {
	all := []string{p.T("plan.why_same")}
	if p.Why.Least > 0 {
		all = append(all, p.T("plan.why_least", "amount", p.Why.Least))
	}
	if p.Why.Months > 0 {
		all = append(all, p.T("plan.why_long", "n", p.Why.Months))
	}
	if !p.Why.FirstUntil.IsZero() {
		all = append(all, p.T("plan.why_first", "date", p.Why.FirstUntil))
	}
	if p.Why.Skips > 0 {
		all = append(all, p.T("plan.why_skips", "n", p.Why.Skips))
	}
	if p.Why.PauseDays > 0 {
		all = append(all, p.T("plan.why_pause", "n", p.Why.PauseDays))
	}
	if p.Why.Settles {
		all = append(all, p.T("plan.why_settle"))
	}
	return append(all, p.T("plan.no_cost"))
}

// terms are the figures of a schedule.
func (p PlanSchedule) terms() []details.Row {
	var all []details.Row
	if n := len(p.Lines); n > 1 {
		first, last := p.Lines[0], p.Lines[n-1]
		all = append(all,
			details.Row{Name: p.T("plan.each"), Value: p.T("plan.offer", "amount", first.Amount, "every", every(p.Base, p.Rhythm))},
			details.Row{Name: p.T("plan.how_many"), Value: number(n)},
			details.Row{Name: p.T("plan.first"), Value: p.Words.Date(first.Date)},
			details.Row{Name: p.T("plan.last"), Value: p.T("plan.amount_on", "amount", last.Amount, "date", last.Date)},
		)
	} else if n == 1 {
		all = append(all, details.Row{Name: p.T("plan.day"), Value: p.Words.Date(p.Lines[0].Date)})
	}
	if p.Forgiven > 0 {
		all = append(all, details.Row{Name: p.T("plan.let_go_later"), Value: p.Forgiven.String()})
	}
	return append(all,
		details.Row{Name: p.T("plan.cost"), Value: p.T("review.none")},
		details.Row{Name: p.T("plan.total"), Value: p.Total.String(), Strong: true},
	)
}
