package plans

import (
	"errors"

	"quittance/payments/money"
	"quittance/plans/civil"
	"quittance/plans/schedule"
)

// usualFirstDays is how far away a first payment is when no day was asked for.
const usualFirstDays = 14

// Offers are the options that terms give on a debt. Nothing of them is chosen.
func Offers(s Subject, t Terms) Options {
	o := Options{Subject: s, Terms: t, Least: least(t, s.Payable), FirstFrom: schedule.Roll(s.Today), FirstUntil: s.Today.AddDays(t.FirstWithinDays)}
	if s.Refusal != "" || s.NoNew != "" || s.Payable <= 0 {
		return o
	}
	o.Plans = gentleToQuick(s, t)
	if floors := floorsFor(s, t); len(floors) > 0 { // the lowest
		counts := []int{1}
		if n := floors[0].Payments; n > 1 {
			counts = append(counts, n)
		}
		for _, n := range counts {
			if q, err := Make(s, t, Wish{Kind: Settlement, Rule: schedule.Rule{Rhythm: schedule.Monthly}, Count: n}); err == nil {
				o.Settlements = append(o.Settlements, q)
			}
		}
	}
	if q, err := Make(s, t, Wish{Kind: Later, Rule: schedule.Rule{Rhythm: schedule.Once}}); err == nil {
		o.Later = &q
	}
	return o
}

// gentleToQuick are the plans that are offered unasked: the lowest installment
// that is allowed, then about twice and four times as much. They have one rhythm,
// so that no two are nearly the same; any other is the consumer's to ask for.
func gentleToQuick(s Subject, t Terms) []Quote {
	r := schedule.Monthly
	if !allows(t, r) && len(t.Rhythms) > 0 {
		r = t.Rhythms[0]
	}
	of := func(n int) (Quote, error) {
		return Make(s, t, Wish{Kind: Installments, Rule: schedule.Rule{Rhythm: r}, Count: n})
	}
	most := mostCount(t, s.Payable, r)
	gentle, err := of(most)
	var no *Impossible
	if errors.As(err, &no) && no.Count > 0 {
		gentle, err = of(no.Count)
	}
	if err != nil {
		return nil
	}
	offers, last := []Quote{gentle}, len(gentle.Lines)
	for _, n := range [...]int{last / 2, last / 4} {
		if q, err := of(n); err == nil && n > 1 && n < last {
			offers, last = append(offers, q), n
		}
	}
	return offers
}

// Make turns a wish into a quote. What cannot be is *Impossible, with the
// nearest thing that can.
func Make(s Subject, t Terms, w Wish) (Quote, error) {
	switch {
	case s.Refusal != "":
		return Quote{}, &Impossible{Problem: NotAllowed, Refusal: s.Refusal}
	case s.NoNew != "":
		return Quote{}, &Impossible{Problem: NotAllowed, Refusal: s.NoNew}
	case s.Payable <= 0:
		return Quote{}, &Impossible{Problem: NothingOwed}
	}
	first, err := firstDay(s, t, w)
	if err != nil {
		return Quote{}, err
	}
	w.Rule.First = first
	switch w.Kind {
	case Installments:
		return installments(s, t, w)
	case Settlement:
		return settlement(s, t, w)
	case Later:
		return later(s, t, w)
	}
	return Quote{}, &Impossible{Problem: NotAllowed}
}

// firstDay is the day of the first payment: the one asked for, or the usual
// one. It is the nominal day; the schedule rolls it to an open one.
func firstDay(s Subject, t Terms, w Wish) (civil.Date, error) {
	until := s.Today.AddDays(t.FirstWithinDays)
	if w.Kind == Later {
		until = s.Today.AddDays(t.LaterDays)
	}
	first := w.Rule.First
	if first.IsZero() {
		first = s.Today.AddDays(usualFirstDays)
		if first.After(until) {
			first = until
		}
		if w.Kind == Later {
			first = until
		}
	}
	switch {
	case first.Before(s.Today):
		return first, &Impossible{Problem: DateTooEarly, Field: "first", Date: schedule.Roll(s.Today)}
	case first.After(until):
		return first, &Impossible{Problem: DateTooLate, Field: "first", Date: until}
	}
	return first, nil
}

func installments(s Subject, t Terms, w Wish) (Quote, error) {
	if !allows(t, w.Rule.Rhythm) {
		return Quote{}, &Impossible{Problem: BadRhythm, Field: "rhythm"}
	}
	lines, err := layOut(s.Payable, w, least(t, s.Payable))
	if err != nil {
		return Quote{}, err
	}
	limit := s.Today.AddMonths(t.MaxMonths, s.Today.Day)
	if lines[len(lines)-1].Due.After(limit) {
		n := fitting(w.Rule, limit)
		return Quote{}, &Impossible{Problem: TooLong, Field: "amount", Count: n, Amount: share(s.Payable, n)}
	}
	return quote(Installments, w.Rule, lines, t), nil
}

// tails is how many times a last installment goes at least into the others: a
// smaller one is not worth a trip of its own, and is spread over those before it.
const tails = 10

// layOut spreads an amount as the wish says: so much each time, or so often.
func layOut(total money.Cents, w Wish, smallest money.Cents) ([]schedule.Line, error) {
	switch {
	case w.Each > total:
		return nil, &Impossible{Problem: TooLarge, Field: "amount", Amount: total}
	case w.Each > 0 && w.Each < smallest:
		return nil, &Impossible{Problem: TooSmall, Field: "amount", Amount: smallest}
	case w.Each > 0:
		if n := schedule.Count(total, w.Each); n > 1 && (total-w.Each*money.Cents(n-1))*tails <= w.Each {
			if lines, err := schedule.Even(total, n-1, w.Rule); err == nil {
				return lines, nil
			}
		}
		return schedule.By(total, w.Each, w.Rule)
	case w.Count < 1:
		return nil, &Impossible{Problem: TooSmall, Field: "amount", Amount: smallest}
	case w.Count > 1 && share(total, w.Count) < smallest:
		most := max(1, int(total/smallest))
		return nil, &Impossible{Problem: TooSmall, Field: "count", Count: most, Amount: share(total, most)}
	}
	return schedule.Even(total, w.Count, w.Rule)
}

func settlement(s Subject, t Terms, w Wish) (Quote, error) {
	floors := floorsFor(s, t)
	if len(floors) == 0 {
		return Quote{}, &Impossible{Problem: NoSettlement}
	}
	f := floors[0]
	if w.Count < 1 || w.Count > max(1, f.Payments) {
		return Quote{}, &Impossible{Problem: TooLong, Field: "count", Count: max(1, f.Payments)}
	}
	w.Rule.Rhythm = schedule.Monthly
	total := percentOf(s.Payable, f.Percent)
	lines, err := schedule.Even(total, w.Count, w.Rule)
	if err != nil {
		return Quote{}, &Impossible{Problem: NoSettlement}
	}
	q := quote(Settlement, w.Rule, lines, t)
	q.Forgiven, q.Today, q.Until = s.Payable-total, s.Today, s.OfferUntil
	q.Expires = notBefore(s.Today.AddDays(f.ValidDays), q.Until)
	return q, nil
}

// notBefore is a day, or the earliest one that is allowed.
func notBefore(day, earliest civil.Date) civil.Date {
	if day.Before(earliest) {
		return earliest
	}
	return day
}

func later(s Subject, t Terms, w Wish) (Quote, error) {
	if t.LaterDays < 1 {
		return Quote{}, &Impossible{Problem: NotAllowed}
	}
	w.Rule.Rhythm = schedule.Once
	lines, err := schedule.Even(s.Payable, 1, w.Rule)
	if err != nil {
		return Quote{}, &Impossible{Problem: NothingOwed}
	}
	return quote(Later, w.Rule, lines, t), nil
}

func quote(k Kind, r schedule.Rule, lines []schedule.Line, t Terms) Quote {
	return Quote{Kind: k, Rule: r, Lines: lines, Total: schedule.Sum(lines), Each: lines[0].Amount, Terms: t}
}

// floorsFor are the settlements that a debt qualifies for, the lowest first.
func floorsFor(s Subject, t Terms) []SettlementFloor {
	var fit []SettlementFloor
	for _, f := range t.Settlements {
		old := !s.Since.IsZero() && !s.Today.Before(s.Since.AddDays(f.MinAgeDays))
		if !old || s.Payable < f.MinBalance || f.Percent < 1 || f.Percent > 99 {
			continue
		}
		if len(fit) > 0 && fit[0].Percent <= f.Percent {
			fit = append(fit, f)
			continue
		}
		fit = append([]SettlementFloor{f}, fit...)
	}
	return fit
}

// least is the smallest installment but the last. A balance below it is paid
// in one go.
func least(t Terms, payable money.Cents) money.Cents {
	return min(payable, max(1, t.MinAmount, percentOf(payable, t.MinPercent)))
}

// percentOf rounds up: an agreed share is never a cent short of it.
func percentOf(amount money.Cents, percent int) money.Cents {
	return (amount*money.Cents(percent) + 99) / 100
}

func share(total money.Cents, n int) money.Cents {
	if n < 1 {
		return total
	}
	return (total + money.Cents(n) - 1) / money.Cents(n)
}

func allows(t Terms, r schedule.Rhythm) bool {
	for _, allowed := range t.Rhythms {
		if allowed == r {
			return true
		}
	}
	return false
}

// aYear is how often each rhythm comes in one.
var aYear = map[schedule.Rhythm]int{schedule.Weekly: 52, schedule.EveryTwoWeeks: 26, schedule.TwiceAMonth: 24, schedule.Monthly: 12}

// mostCount is how many installments a plan may have at most: over the longest
// time, and none of them below the least.
func mostCount(t Terms, payable money.Cents, r schedule.Rhythm) int {
	smallest := least(t, payable)
	n := int(payable / smallest)
	if share(payable, n+1) >= smallest { // the last one is a little less
		n++
	}
	return min(aYear[r]*t.MaxMonths/12, n)
}

// fitting is how many dates a rule has until a day.
func fitting(r schedule.Rule, until civil.Date) int {
	dates := r.Dates(53 * 10)
	n := 0
	for n < len(dates) && !dates[n].After(until) {
		n++
	}
	return n
}
