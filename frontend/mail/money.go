package mail

import (
	"quittance/frontend/locale"
	"quittance/payments/money"
	"quittance/plans/civil"
)

// Turn is what became of money.
type Turn string

// The turns, in the words that an email has for each.
const (
	Paid        Turn = "paid"
	Sent        Turn = "sent"         // by the bank, and not here yet
	Cleared     Turn = "cleared"      // what the bank sent is here
	Returned    Turn = "returned"     // by the bank
	ChargedBack Turn = "charged_back" // by the bank of a card, while a dispute is open
	Failed      Turn = "failed"       // a charge of a plan: nothing was taken
	Refunded    Turn = "refunded"
	Held        Turn = "held"    // taken, and it counts on nothing yet
	Counted     Turn = "counted" // held before, and it counts now
	Again       Turn = "again"   // it had gone back, and counts again
)

var turnWords = map[Turn]locale.Key{
	Paid: "mail.money_paid", Sent: "mail.money_sent", Cleared: "mail.money_cleared", Returned: "mail.money_returned",
	ChargedBack: "mail.money_charged_back", Failed: "mail.money_failed", Refunded: "mail.money_refunded", Held: "mail.money_held",
	Counted: "mail.money_counted", Again: "mail.money_again",
}

// Moved is one turn: how much, and on which day.
type Moved struct {
	Turn   Turn
	Amount money.Cents
	On     civil.Date
}

// MoneyWords are what an email about a payment is made of.
type MoneyWords struct {
	Reference string
	Moves     []Moved // in the order of time
	ClearsBy  civil.Date
	Method    MethodWords
	URL       string
}

// MethodWords name a card or a bank account.
type MethodWords struct {
	Card  bool
	Last4 string // empty: not known
}

func (m MethodWords) in(p *locale.Printer) string {
	switch {
	case m.Card && m.Last4 != "":
		return p.T("mail.card_ending", "digits", m.Last4)
	case m.Card:
		return p.T("mail.card")
	case m.Last4 != "":
		return p.T("mail.bank_ending", "digits", m.Last4)
	}
	return p.T("mail.bank")
}

// Money tells what became of a payment.
func Money(p *locale.Printer, from Sender, w MoneyWords) Message {
	var parts []string
	for _, m := range w.Moves {
		words := p.T(turnWords[m.Turn], "date", p.Date(m.On), "amount", m.Amount, "method", w.Method.in(p))
		if m.Turn == Sent && !w.ClearsBy.IsZero() {
			words += " " + p.T("mail.money_clears", "date", p.Date(w.ClearsBy))
		}
		parts = append(parts, words)
	}
	return communication(p, from, p.T("mail.money_subject", "reference", w.Reference), append(parts, p.T("mail.money_more")+"\n"+w.URL)...)
}

// OverpaidWords are what an email about money that was too much is made of.
type OverpaidWords struct {
	Amount money.Cents // all of it
	On     civil.Date
	URL    string
}

// Overpaid tells that more was paid than was owed, and that it goes back (AMT-07).
func Overpaid(p *locale.Printer, from Sender, w OverpaidWords) Message {
	return communication(p, from, p.T("mail.overpaid_subject"), p.T("mail.overpaid", "date", p.Date(w.On), "amount", w.Amount), p.T("mail.money_more")+"\n"+w.URL)
}

// PlanTurn is what became of a plan without the consumer's doing.
type PlanTurn string

// The turns of a plan.
const (
	PlanLess  PlanTurn = "less"  // less is owed
	PlanLater PlanTurn = "later" // a charge moved to another day
	PlanEnded PlanTurn = "ended"
	PlanCard  PlanTurn = "card" // its card ends before its last payment
)

var planWords = map[PlanTurn]locale.Key{
	PlanLess: "mail.plan_less", PlanLater: "mail.plan_later", PlanEnded: "mail.plan_ended", PlanCard: "mail.plan_card",
}

// PlanMoved is an email about a changed plan: its next payment, where there is
// one.
type PlanMoved struct {
	Reference string
	Turn      PlanTurn
	Next      money.Cents // zero: there is none
	On        civil.Date
	CardEnds  civil.Date // the last day of its card, of PlanCard
	URL       string
}

// Plan tells that a plan was changed or its card ends, and what comes next.
func Plan(p *locale.Printer, from Sender, w PlanMoved) Message {
	words := p.T(planWords[w.Turn], "date", p.Date(w.CardEnds))
	if w.Next > 0 {
		words += " " + p.T("mail.plan_next", "amount", w.Next, "date", p.Date(w.On))
	}
	return communication(p, from, p.T("mail.plan_subject", "reference", w.Reference), words, p.T("mail.money_more")+"\n"+w.URL)
}
