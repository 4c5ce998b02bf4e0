package demo

import (
	"strings"

	"quittance/frontend/htmlcheck"
)

// cells are the cells of each row of a page's tables.
func (r *reader) cells() (rows [][]*htmlcheck.Node) {
	for _, body := range r.main.Find("tbody") {
		for _, row := range body.Find("tr") {
			rows = append(rows, row.Find("td"))
		}
	}
	return rows
}

// ownAmount binds the amount that stands in a cell itself, not in what is below it.
func (r *reader) ownAmount(cell *htmlcheck.Node, fact, place string) {
	for _, text := range own(cell) {
		if anAmount.MatchString(text.Text()) {
			r.amount(text, fact, place)
		}
	}
}

// deskAccount reads an account as a collector sees it.
func (r *reader) deskAccount() {
	const table = "the table of debts"
	for _, cells := range r.cells() {
		if len(cells) != 4 || len(cells[0].Find(".soft")) != 1 {
			continue
		}
		ref := cells[0].Find(".soft")[0].Text()
		r.ownAmount(cells[3], aOwed+ref, table)
		r.none(table, aWay+ref)
		r.lines(cells[3], ".soft", table, sentence{"console.pending", "$amount", []string{aWay + ref}},
			sentence{"console.debt_held", "$amount", []string{aHeld + ref}}, sentence{"console.debt_credit", "$amount", []string{aCredit + ref}})
	}
	for _, story := range r.main.Find(".story") {
		for _, told := range story.Find("li") {
			for _, text := range own(told) { // behind the time of day
				r.line(text, "the story", sentence{"console.event_submitted", "$amount", []string{unnamed}}, sentence{"console.event_paid", "$amount", []string{unnamed}},
					sentence{"console.event_failed", "$amount", []string{unnamed}}, sentence{"console.event_held", "$amount", []string{unnamed}},
					sentence{"console.event_reversed", "$amount", []string{unnamed}})
			}
		}
	}
}

// deskHeld reads the queue of money that counts on no debt; refs are all debts.
func (r *reader) deskHeld(refs []string) {
	const queue = "the queue"
	for _, ref := range refs {
		r.none(queue, aHeld+ref)
	}
	for _, cells := range r.cells() {
		if len(cells) < 3 || len(cells[0].Find(".soft")) != 1 {
			continue
		}
		_, ref, _ := strings.Cut(cells[0].Find(".soft")[0].Text(), " · ")
		r.amount(cells[2], aHeld+ref, queue)
	}
}

// deskCredits reads the queue of what was paid beyond debts.
func (r *reader) deskCredits(refs []string) {
	const queue = "the queue"
	for _, ref := range refs {
		r.none(queue, aCredit+ref)
	}
	for _, cells := range r.cells() {
		if len(cells) < 3 {
			continue
		}
		ref := ""
		for _, text := range own(cells[1]) {
			ref += text.Text()
		}
		r.ownAmount(cells[2], aCredit+ref, queue)
		r.lines(cells[2], ".soft", queue, sentence{"console.credit_kept", "$amount", []string{unnamed}}, sentence{"console.credit_way", "$amount", []string{unnamed}})
		for _, button := range cells[len(cells)-1].Find("button") {
			for _, text := range own(button) {
				r.line(text, queue, sentence{"console.credit_refund", "$amount", []string{unnamed}})
			}
		}
	}
}
