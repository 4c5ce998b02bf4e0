package demo

import (
	"cmp"
	"maps"
	"slices"

	"quittance/payments/ledger"
	"quittance/payments/money"
	"quittance/payments/sandbox"
)

// movedKinds are the ways in which money of a payment moves, in the order of the
// table.
var movedKinds = []ledger.Kind{ledger.Payment, ledger.Reversal, ledger.Reinstate, ledger.Refund}

// lost is what a bank took back of a payment that had been given back: the
// agency's own loss, of which no creditor is told.
const lost ledger.Kind = "lost"

// sums are what one book holds of one payment: cents by the way they moved,
// never negative.
type sums map[ledger.Kind]money.Cents

// net is what was taken and not given back.
func (s sums) net() money.Cents {
	return s[ledger.Payment] - s[ledger.Reversal] + s[ledger.Reinstate] - s[ledger.Refund]
}

// book is what one party holds of each payment, by the payment's id.
type book map[string]sums

func (b book) add(payment string, kind ledger.Kind, amount money.Cents) {
	if amount == 0 {
		return
	}
	if b[payment] == nil {
		b[payment] = sums{}
	}
	b[payment][kind] += amount
}

// total is how many payments moved in one way, and how many cents in all.
func (b book) total(kind ledger.Kind) (count int, amount money.Cents) {
	for _, s := range b {
		if s[kind] != 0 {
			count++
			amount += s[kind]
		}
	}
	return count, amount
}

// processorBook reads what the processor moved. A charge that belongs to no
// payment stands under its own id, so that no other book has it.
func processorBook(charges []sandbox.Charge) book {
	b := book{}
	for _, c := range charges {
		id := cmp.Or(c.Metadata["payment_id"], c.ID)
		loss := max(0, money.Cents(c.AmountRefunded+c.Withdrawn-c.Reinstated-c.Amount))
		b.add(id, ledger.Payment, money.Cents(c.Amount))
		b.add(id, ledger.Refund, money.Cents(c.AmountRefunded))
		b.add(id, ledger.Reversal, money.Cents(c.Withdrawn)-loss)
		b.add(id, ledger.Reinstate, money.Cents(c.Reinstated))
		b.add(id, lost, loss)
	}
	return b
}

// ledgerBook folds the transfers of the clearing account.
func ledgerBook(transfers []ledger.Transfer) book {
	b := book{}
	for _, t := range transfers {
		moved, loss := ledger.Balance([]ledger.Transfer{t}, ledger.Clearing), ledger.Balance([]ledger.Transfer{t}, ledger.Lost)
		b.add(t.PaymentID, t.Kind, max(moved+loss, -moved-loss))
		b.add(t.PaymentID, lost, loss)
	}
	return b
}

// paymentBooks is what the processor, our ledger, the events and the system of
// record hold of the payments. The fifth book, the pages, is held against them
// fact by fact.
type paymentBooks struct{ processor, ledger, events, record book }

func (t paymentBooks) all() [4]book { return [4]book{t.processor, t.ledger, t.events, t.record} }

// bookNames are how they are called in the story, in their order.
var bookNames = [4]string{"processor", "our ledger", "events", "system of record"}

// mismatch is one payment of which the books hold different things.
type mismatch struct {
	payment string
	held    [4]sums
	off     money.Cents // the sum, over the ways of moving, of most less least
}

// compare returns the payments that differ, in the order of their ids.
func (t paymentBooks) compare() []mismatch {
	ids := map[string]bool{}
	for _, b := range t.all() {
		for id := range b {
			ids[id] = true
		}
	}
	var wrong []mismatch
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		m := mismatch{payment: id}
		for i, b := range t.all() {
			m.held[i] = b[id]
		}
		for _, kind := range movedKinds {
			a, b, c, d := m.held[0][kind], m.held[1][kind], m.held[2][kind], m.held[3][kind]
			m.off += max(a, b, c, d) - min(a, b, c, d)
		}
		a, b := m.held[0][lost], m.held[1][lost]
		m.off += max(a, b) - min(a, b)
		if m.off != 0 {
			wrong = append(wrong, m)
		}
	}
	return wrong
}

// unequal is a debt on which our ledger and the system of record disagree.
type unequal struct {
	debt         string
	ours, theirs money.Cents
}

func (u unequal) off() money.Cents { return max(u.ours-u.theirs, u.theirs-u.ours) }

// compareBalances returns the debts whose balance differs, in the order of
// their references.
func compareBalances(ours, theirs map[string]money.Cents) []unequal {
	all := maps.Clone(ours)
	maps.Copy(all, theirs)
	var wrong []unequal
	for _, ref := range slices.Sorted(maps.Keys(all)) {
		if ours[ref] != theirs[ref] {
			wrong = append(wrong, unequal{debt: ref, ours: ours[ref], theirs: theirs[ref]})
		}
	}
	return wrong
}
