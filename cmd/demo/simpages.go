package demo

import (
	"strings"

	"quittance/frontend/htmlcheck"
	"quittance/frontend/locale"
)

// The facts, by what they are about. Each book that knows one tells it under the
// same name.
const (
	aOwed      = "owed:"       // of a debt: what is left of it in the books and was not let go, never below zero
	aAsked     = "asked:"      // of a debt: the same, as its owner is asked for it; of a person: of all debts
	aWay       = "on its way:" // of a debt
	aHeld      = "held:"       // of a debt: taken, and not on it
	aCredit    = "credit:"     // of a debt: paid beyond it
	aSince     = "paid here since:"
	aChanged   = "changed since:"
	aStated    = "stated:" // of a debt: what the system of record said last
	aItemized  = "itemized:"
	aCredited  = "credited:"
	aAdded     = "added:" // interest and fees
	aNext      = "next:"  // of a debt: the next payment of its plan
	anAmountOf = "amount:"
	aKept      = "kept:"     // of a payment: what of it neither went back nor was taken back
	aRefunded  = "refunded:" // of a payment
	aPlanned   = "planned:"  // of a plan: in all
	aPaid      = "paid:"     // of a plan
	aLeft      = "left:"     // of a plan
	aForgiven  = "let go:"   // of a plan
	unnamed    = ""          // bound to words that nothing else tells of
)

// about are the sentences that pages say of one debt.
func about(ref string) []sentence {
	return []sentence{
		{"account.pending", "$amount", []string{aWay + ref}},
		{"debt.pending", "$amount date", []string{aWay + ref}},
		{"debt.pending_late", "$amount", []string{aWay + ref}},
		{"debt.booked", "$amount date", []string{aSince + ref}},
		{"debt.held", "$amount date", []string{aHeld + ref}},
		{"debt.credit", "$amount", []string{aCredit + ref}},
		{"debt.credit_stated", "$amount", []string{aCredit + ref}},
		{"plan.account_next", "$amount date", []string{aNext + ref}},
		{"plan.account_late", "$amount date", []string{aNext + ref}},
	}
}

// beside are the sentences about what is in no part of the sum of a page.
func beside(of string) []sentence {
	return []sentence{{"owed.beside_disputed", "$amount", []string{of}}, {"owed.beside_on_hold", "$amount", []string{of}}}
}

func figures(of string) map[locale.Key]string {
	return map[locale.Key]string{"debt.today": of, "owed.disputed": of, "owed.on_hold": of}
}

// account reads the overview: refs are the debts by their ids.
func (r *reader) account(who string, refs map[string]string) {
	const sum, card = "the sum at the top", "its card"
	r.figure(sum, map[locale.Key]string{"account.owe": aAsked + who, "owed.disputed": aAsked + who, "owed.on_hold": aAsked + who})
	for _, c := range r.main.Find(".debt") {
		more, amount := c.Find(".debt-more"), c.Find(".debt-amount")
		if len(more) != 1 || len(amount) != 1 {
			continue
		}
		ref := refs[after(more[0].Attrs["href"], "/debts/")]
		r.amount(amount[0], aAsked+ref, card)
		r.none(card, aWay+ref, aHeld+ref, aCredit+ref, aNext+ref)
		r.lines(c, ".status", card, about(ref)...)
	}
	r.lines(r.main, ".status", sum, beside(aAsked+who)...)
	for _, list := range r.main.Find(".past") {
		for _, one := range list.Find("li") {
			r.past(one)
		}
	}
}

// past reads a payment in the list of an account.
func (r *reader) past(one *htmlcheck.Node) {
	const list = "the list of payments"
	link, amount, state := one.Find("a"), one.Find(".past-amount"), one.Find(".soft")
	if len(link) != 1 || len(amount) != 1 || len(state) != 1 {
		return
	}
	id := after(link[0].Attrs["href"], "/payments/")
	c := r.amount(amount[0], anAmountOf+id, list)
	says := func(key locale.Key) bool { return state[0].Text() == r.words.T(key) }
	back, part := r.match(state[0].Text(), sentence{key: "state.paid_part", holds: "$amount"})
	switch {
	case part:
		r.add(aKept+id, list, c-back[0])
		r.add(aRefunded+id, list, back[0])
		r.bound[state[0]] = true
	case says("state.paid"), says("state.held"):
		r.add(aKept+id, list, c)
	case says("state.refunded"):
		r.add(aRefunded+id, list, c)
		r.add(aKept+id, list, 0)
	case says("state.returned"), says("state.failed"), says("state.canceled"), says("state.pending"):
		r.add(aKept+id, list, 0)
	}
}

// debt reads what makes up a debt.
func (r *reader) debt(ref string) {
	const sum, rows = "the sum at the top", "what makes it up"
	r.figure(sum, figures(aAsked+ref))
	r.none(sum, aWay+ref, aHeld+ref, aCredit+ref, aNext+ref)
	r.lines(r.main, ".status", sum, append(about(ref), beside(aAsked+ref)...)...)
	for _, row := range r.main.Find(".items-row") {
		for _, s := range []sentence{
			{"legal.as_of", "date", []string{aItemized + ref}},
			{"legal.interest", "", []string{aAdded + ref}},
			{"legal.fees", "", []string{aAdded + ref}},
			{"legal.paid", "", []string{aCredited + ref}},
			{"legal.total", "", []string{aStated + ref, aAsked + ref}},
			{"debt.total_then", "date", []string{aStated + ref}},
			{"debt.paid_here", "", []string{aSince + ref}},
			{"debt.total_now", "", []string{aAsked + ref}},
		} {
			r.row(row, rows, s)
		}
		for _, key := range []locale.Key{"debt.changed", "debt.too_much"} {
			if c, ok := r.row(row, rows, sentence{key: key}); ok && strings.Contains(row.Text(), "−") {
				r.add(aChanged+ref, rows, -c)
			} else if ok {
				r.add(aChanged+ref, rows, c)
			}
		}
	}
	if len(r.main.Find(".amount")) > 0 { // of one that was taken back the rows are of their day
		r.none(rows, aSince+ref, aChanged+ref)
	}
}

// receipt reads the record of a payment on one debt.
func (r *reader) receipt(id, ref, creditor string) {
	const slip = "the slip"
	r.none(slip, aRefunded+id)
	for _, row := range r.main.Find(".details-row") {
		for _, s := range []sentence{
			{"receipt.total", "", []string{anAmountOf + id}},
			{"receipt.total_pending", "", []string{anAmountOf + id}},
			{"receipt.total_held", "", []string{anAmountOf + id}},
			{"receipt.total_back", "", []string{anAmountOf + id}},
			{"receipt.refunded", "", []string{aRefunded + id}},
		} {
			r.row(row, slip, s)
		}
	}
	r.parts(id, ref, creditor)
}

// outcome reads the page that says what became of a payment.
func (r *reader) outcome(id, ref, creditor string) {
	r.lines(r.main, "h1", "the title",
		sentence{"outcome.paid", "$amount", []string{anAmountOf + id}}, sentence{"outcome.pending", "$amount", []string{anAmountOf + id}},
		sentence{"outcome.held", "$amount", []string{anAmountOf + id}}, sentence{"outcome.refunded", "$amount", []string{aRefunded + id}})
	r.parts(id, ref, creditor)
	r.lines(r.main, ".status", "what happens next", about(ref)...)
	r.lines(r.main, "p", "what happens next", sentence{"outcome.plan_taken", "$amount date", []string{aNext + ref}})
}

// parts reads what both say of the debt of a payment, and of what went back.
func (r *reader) parts(id, ref, creditor string) {
	const rest = "what is left"
	for _, row := range r.main.Find(".details-row") {
		for _, s := range []sentence{
			{"outcome.left", "creditor", []string{aAsked + ref}},
			{"owed.disputed", "", []string{aAsked + ref}},
			{"owed.on_hold", "", []string{aAsked + ref}},
		} {
			r.row(row, rest, s)
		}
		if name, value := row.Find("dt"), row.Find("dd"); len(name) == 1 && len(value) == 1 && name[0].Text() == creditor {
			r.amount(value[0], anAmountOf+id, "its line")
		}
		r.row(row, "its line", sentence{"outcome.sent_back_line", "creditor", []string{aRefunded + id}})
	}
	for _, box := range r.main.Find(".notice") {
		r.lines(box, "p", "its note",
			sentence{"outcome.sent_back", "$amount", []string{aRefunded + id}},
			sentence{"outcome.credit", "$amount creditor", []string{aCredit + ref}})
	}
}

// foldedLines are the lists of a plan's payments: of a long one what is near
// stands once more, before the whole list.
const foldedLines = ".plan-lines"

// plan reads where a plan stands.
func (r *reader) plan(id, ref string) {
	const rows, top = "its figures", "the sum at the top"
	r.figure(top, map[locale.Key]string{"plan.next": aNext + ref, "plan.next_late": aNext + ref})
	r.lines(r.main, "h2", "the bar", sentence{"plan.progress", "$paid $total", []string{aPaid + id, aPlanned + id}})
	for _, row := range r.main.Find(".details-row") {
		for _, s := range []sentence{
			{"plan.paid_so_far", "", []string{aPaid + id}},
			{"plan.left", "", []string{aLeft + id}},
			{"debt.today", "", []string{aAsked + ref}},
			{"plan.total", "", []string{aPlanned + id}},
			{"plan.total_was", "", []string{aPlanned + id}},
			{"plan.let_go", "", []string{aForgiven + id}},
			{"plan.let_go_later", "", []string{aForgiven + id}},
		} {
			r.row(row, rows, s)
		}
	}
	for _, box := range r.main.Find(".notice") {
		r.lines(box, "p", "its note",
			sentence{"plan.broken_settled", "$owed $amount", []string{aAsked + ref, aForgiven + id}},
			sentence{"plan.completed_settled", "$amount", []string{aForgiven + id}})
	}
	lists := r.main.Find(foldedLines)
	for n, list := range lists {
		r.days(list, id, n == len(lists)-1)
	}
}

// days reads the payments of a plan. What is still to be paid is their sum.
func (r *reader) days(list *htmlcheck.Node, id string, whole bool) {
	const days = "its days"
	if whole {
		r.none(days, aLeft+id)
	}
	for _, one := range list.Find("li") {
		amount, note := one.Find(".plan-amount"), one.Find(".plan-note")
		if len(amount) != 1 || len(note) == 0 {
			continue
		}
		if r.bound[amount[0]] = true; whole && note[0].Text() != r.words.T("plan.line_paid") {
			r.amount(amount[0], aLeft+id, days)
		}
	}
}
