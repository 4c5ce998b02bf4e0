package paymentstest

import (
	"fmt"
	"strings"
	"time"

	"pgregory.net/rapid"

	"quittance/payments"
	"quittance/payments/ledger"
	"quittance/payments/money"
)

// modelDebt is what ought to be true of a debt, kept without a ledger: the
// last snapshot, and which payments it contained with how much.
type modelDebt struct {
	id       string
	snapshot Placement
	known    map[payments.ID]money.Cents // what the snapshot contains of each payment
	posted   map[payments.ID][]posting
}

// posting is what a payment held on the debt when the system of record posted all
// that it had moved so far.
type posting struct {
	at   time.Time
	held money.Cents
}

func cents(t *rapid.T, most int64) money.Cents {
	return money.Cents(rapid.Int64Range(0, most).Draw(t, "cents"))
}

// possible lists what can happen next to an intent.
func possible(t payments.Truth, part money.Cents) []func(*payments.Truth) {
	switch {
	case t.State == payments.IntentNeedsAction:
		return []func(*payments.Truth){Take, Return("")}
	case t.State == payments.IntentProcessing:
		return []func(*payments.Truth){Take, Return("R01")}
	case t.State == payments.IntentSucceeded && t.Withdrawn > 0:
		return []func(*payments.Truth){Reinstate}
	case t.State == payments.IntentSucceeded:
		return []func(*payments.Truth){Withdraw("R10"), WithdrawPart(part), GiveBack(min(part, t.Amount-t.Refunded)), GiveBack(-part)}
	}
	return nil
}

// place hands in a snapshot as of now.
func (m *machine) place(d *modelDebt) {
	m.w.Clock.Advance(time.Second)
	d.snapshot = Placement{
		AccountID: m.account, DebtID: d.id, CreditorRef: "creditor of " + d.id,
		Balance: 1_00 + cents(m.t, 500_00), AsOf: m.w.Clock.Now(),
	}
	m.must(m.w.Books.Place(m.ctx, d.snapshot))
	d.known = map[payments.ID]money.Cents{}
	for id, all := range d.posted {
		for _, p := range all {
			if p.at.Before(d.snapshot.AsOf) {
				d.known[id] = p.held
			}
		}
	}
}

func (m *machine) snapshot() {
	m.place(m.debts[rapid.IntRange(0, len(m.debts)-1).Draw(m.t, "debt")])
}

func (m *machine) staleSnapshot() {
	d := m.debts[rapid.IntRange(0, len(m.debts)-1).Draw(m.t, "debt")]
	old := d.snapshot
	old.AsOf, old.Balance = old.AsOf.Add(-time.Minute), 1_00+cents(m.t, 500_00)
	m.must(m.w.Books.Place(m.ctx, old))
}

// acknowledge lets the system of record post what a payment moved so far.
func (m *machine) acknowledge() {
	id, ok := m.some()
	if !ok || m.load(id).ConfirmedAt.IsZero() {
		return
	}
	at := m.w.Clock.Now()
	m.must(m.w.Books.Acknowledge(m.ctx, id, at))
	for _, d := range m.debts {
		if d.posted == nil {
			d.posted = map[payments.ID][]posting{}
		}
		d.posted[id] = append(d.posted[id], posting{at, m.share(id, d)})
	}
}

func (m *machine) wait() {
	minutes := rapid.IntRange(1, 90).Draw(m.t, "minutes")
	m.w.Clock.Advance(time.Duration(minutes) * time.Minute)
	m.sweep()
}

// sweep lets the service look after every payment.
func (m *machine) sweep() {
	_, err := m.w.Sweep(m.ctx, 10_000)
	m.must(err)
	clear(m.read)
}

// share is by how much a payment lowers a debt: what it holds there, and what of
// it went back without being owed again.
func (m *machine) share(id payments.ID, d *modelDebt) (sum money.Cents) {
	p := m.load(id)
	for i, a := range p.Allocations {
		if a.DebtID == d.id {
			sum += p.Shares()[i] + a.FromCredit
		}
	}
	return sum
}

func (m *machine) owed(d *modelDebt) (owed, pending money.Cents) {
	owed, pending, err := m.w.Books.Owed(m.ctx, m.account, d.id)
	m.must(err)
	return owed, pending
}

// balances holds what is shown against the model: the snapshot, less what
// each payment holds beyond what the snapshot contained of it.
func (m *machine) balances() {
	for id := range m.touched {
		delete(m.read, id)
	}
	clear(m.touched)
	for _, d := range m.debts {
		want, reserved := d.snapshot.Balance, money.Cents(0)
		for _, id := range m.pays {
			want -= m.share(id, d) - d.known[id]
			reserved += m.reserved(id, d)
		}
		owed, pending := m.owed(d)
		if owed != want || pending != reserved {
			m.t.Fatalf("%s: owed %d, want %d; pending %d, want %d", d.id, owed, want, pending, reserved)
		}
	}
}

func (m *machine) reserved(id payments.ID, d *modelDebt) (sum money.Cents) {
	p := m.load(id)
	for _, a := range p.Allocations {
		if a.DebtID == d.id && p.Status.InFlight() {
			sum += a.Amount
		}
	}
	return sum
}

// ledger holds the transfers against the laws and against what was seen.
func (m *machine) ledger() {
	var ids []string
	for _, d := range m.debts {
		ids = append(ids, d.id)
	}
	transfers, err := m.w.Books.Transfers(m.ctx, ids)
	m.must(err)
	held := map[string]money.Cents{}
	unique := map[string]string{}
	for _, t := range transfers {
		m.must(t.Check())
		written := fmt.Sprintln(t.Kind, t.PaymentID, t.At.UnixMicro(), t.Entries)
		if first, ok := m.seen[t.ID]; ok && first != written {
			m.t.Fatalf("transfer %s changed from %s to %s", t.ID, first, written)
		}
		if _, twice := unique[t.ID]; twice {
			m.t.Fatalf("transfer %s is there twice", t.ID)
		}
		m.seen[t.ID], unique[t.ID] = written, written
		if once := t.PaymentID + " is paid"; t.Kind == ledger.Payment {
			if unique[once] != "" {
				m.t.Fatalf("%s was posted twice", t.PaymentID)
			}
			unique[once] = t.ID
		}
		for _, e := range t.Entries {
			held[t.PaymentID+string(e.Account)] += e.Amount
		}
	}
	for id := range m.seen {
		if unique[id] == "" {
			m.t.Fatalf("transfer %s is gone", id)
		}
	}
	m.folds(transfers, held)
}

// folds holds balances and payments against the sums of their entries.
func (m *machine) folds(transfers []ledger.Transfer, held map[string]money.Cents) {
	for _, d := range m.debts {
		if owed, _ := m.owed(d); owed != ledger.Balance(transfers, ledger.Debt(d.id)) {
			m.t.Fatalf("%s shows %d, its entries sum to %d", d.id, owed, ledger.Balance(transfers, ledger.Debt(d.id)))
		}
	}
	for _, id := range m.pays {
		p := m.load(id)
		if got := held[string(id)+string(ledger.Clearing)] + held[string(id)+string(ledger.Lost)]; got != p.Net() {
			m.t.Fatalf("%s (%s) stands at %d in the ledger, it holds %d", id, p.Status, got, p.Net())
		}
		for _, d := range m.debts {
			if got := -held[string(id)+string(ledger.Debt(d.id))]; got != m.share(id, d) {
				m.t.Fatalf("%s (%s) lowered %s by %d, it holds %d of it", id, p.Status, d.id, got, m.share(id, d))
			}
		}
		if n := m.w.Processor.Charges(id); n > 1 {
			m.t.Fatalf("%s was charged %d times", id, n)
		}
	}
}

// end lets time pass until nothing is open, and compares with the processor.
func (m *machine) end() {
	for range 30 {
		m.w.Clock.Advance(5 * 24 * time.Hour)
		m.sweep()
	}
	m.balances()
	m.ledger()
	for _, id := range m.pays {
		p := m.load(id)
		truth, _ := m.w.Processor.Holds(id)
		want := left(truth)
		if p.Net() != want || p.Status.Holds() && p.Status != payments.Processing {
			m.t.Fatalf("%s ended %s with %d, the processor holds %d (%s)", id, p.Status, p.Net(), want, truth.State)
		}
		if p.Unattended && p.IntentID != "" && (truth.State == payments.IntentOpen || truth.State == payments.IntentNeedsAction) {
			m.t.Fatalf("%s ended %s, unattended, and its intent is still %s", id, p.Status, truth.State)
		}
	}
}

// count notes what the run has met, so that a machine that does nothing fails.
func (m *machine) count(met map[string]int) {
	for _, written := range m.seen {
		kind, _, _ := strings.Cut(written, " ")
		met[kind]++
	}
	for _, id := range m.pays {
		p := m.load(id)
		met["status "+string(p.Status)]++
		for _, a := range p.Allocations {
			met["refunds from a debt"] += min(1, int(a.Refunded))
			met["went back of a credit"] += min(1, int(a.FromCredit))
		}
		if p.Unattended {
			met["unattended "+string(p.Status)]++
		}
	}
}
