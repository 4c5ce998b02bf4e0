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
	var rest []pack.Words
	for _, w := range words {
		if w.Trigger == pack.TimeBarred {
			barred.Text = append(barred.Text, w.In(b.Lang()))
			continue
		}
		rest = append(rest, w)
	}
	all := inPlaces(b, rest)
	if v.status(d) == debt.TimeBarred {
		if len(barred.Text) == 0 {
			barred.Text = []string{b.T(timeBarred), b.T(timeBarredRevive)}
		}
		all = append([]consumer.Notice{barred}, all...)
	}
	return v.sized(d, all)
}

// inPlaces puts each text under the title of its place, once.
func inPlaces(b layouts.Base, words []pack.Words) []consumer.Notice {
	var all []consumer.Notice
	seen := map[string]bool{}
	for _, w := range words {
		if !seen[w.RuleID] {
			seen[w.RuleID] = true
			all = place(all, b.T(placeTitle, "place", w.Place[b.Lang()]), w.In(b.Lang()))
		}
	}
	return all
}

// sized makes required words as large as the law of the place wants them.
func (v view) sized(d debt.Debt, all []consumer.Notice) []consumer.Notice {
	_, effects := v.place(d)
	for i := range all {
		all[i].Points = effects.MinFontPoints
	}
	return all
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

// besideDispute are the texts that stand beside the dispute form.
func (v view) besideDispute(b layouts.Base, d debt.Debt) []consumer.Notice {
	_, effects := v.place(d)
	return v.sized(d, inPlaces(b, effects.Dispute))
}

// first are the texts of the first notice about debts, each once.
func (v view) first(b layouts.Base) []consumer.Notice {
	var words []pack.Words
	for _, s := range v.shown() {
		_, effects := v.place(s.Debt)
		words = append(words, effects.First...)
	}
	all := inPlaces(b, words)
	if len(all) > 0 {
		return v.sized(v.shown()[0].Debt, all)
	}
	return nil
}
