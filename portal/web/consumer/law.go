package consumer

import (
	"quittance/frontend/layouts"
	"quittance/frontend/locale"
	"quittance/frontend/pages/consumer"
	"quittance/portal/debt"
	"quittance/portal/pack"
)

// Words of the law that stand beside a debt.
const (
	timeBarredTitle  locale.Key = "legal.time_barred_title"
	timeBarred       locale.Key = "legal.time_barred"
	timeBarredRevive locale.Key = "legal.time_barred_revive"
	placeTitle       locale.Key = "legal.place_title"
)

// lawNotices writes required texts, those of one place under one title. A
// time-barred debt has the notice of the state; where the state has no words of
// its own, the portal's (STS-07).
func (v view) lawNotices(b layouts.Base, d debt.Debt, words []pack.Words) []consumer.Notice {
	barred := consumer.Notice{Title: b.T(timeBarredTitle)}
	var rest []consumer.Notice
	for _, w := range words {
		if w.Trigger == pack.TimeBarred {
			barred.Text = append(barred.Text, w.In(b.Lang()))
			continue
		}
		rest = place(rest, b.T(placeTitle, "place", w.Place[b.Lang()]), w.In(b.Lang()))
	}
	if v.status(d) != debt.TimeBarred {
		return rest
	}
	if len(barred.Text) == 0 {
		barred.Text = []string{b.T(timeBarred), b.T(timeBarredRevive)}
	}
	return append([]consumer.Notice{barred}, rest...)
}

// place puts a text under its title.
func place(all []consumer.Notice, title, text string) []consumer.Notice {
	for i := range all {
		if all[i].Title == title {
			all[i].Text = append(all[i].Text, text)
			return all
		}
	}
	return append(all, consumer.Notice{Title: title, Text: []string{text}})
}

// beforePayment are the texts that stand on the last page before a payment.
func (v view) beforePayment(b layouts.Base, d debt.Debt) []consumer.Notice {
	_, effects := v.place(d)
	return v.lawNotices(b, d, effects.Before)
}

// withPlan are the texts that stand beside a plan, with those beside the amount.
func (v view) withPlan(b layouts.Base, d debt.Debt) []consumer.Notice {
	_, effects := v.place(d)
	return v.lawNotices(b, d, append(effects.Beside, effects.Plan...))
}

// first are the texts of the first notice about debts, each once.
func (v view) first(b layouts.Base) []consumer.Notice {
	var all []consumer.Notice
	seen := map[string]bool{}
	for _, s := range v.shown() {
		_, effects := v.place(s.Debt)
		for _, w := range effects.First {
			if !seen[w.RuleID] {
				seen[w.RuleID] = true
				all = place(all, b.T(placeTitle, "place", w.Place[b.Lang()]), w.In(b.Lang()))
			}
		}
	}
	return all
}
