package demo

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"

	"quittance/payments/ledger"
	"quittance/payments/money"
	"quittance/portal/audit"
	"quittance/portal/chain"
	"quittance/portal/outbox"
)

// verdict is what the books hold at a time, and what is wrong.
type verdict struct {
	books          paymentBooks
	wrong          []mismatch
	unequal        []unequal
	differing      []differing // facts of which not all books tell the same
	told           facts
	early          []string          // what differed on days within
	looks          int               // how often all five were held against each other
	names          map[string]string // of the payments that differ
	owed           money.Cents       // in our ledger
	recorded       money.Cents       // in the system of record
	faults         []string          // beside the books
	waiting        int               // webhooks that were not delivered
	moving         int               // bank debits on their way
	failed         int               // background work that was tried again
	arrived, again int
}

func (s *simulation) verdict(ctx context.Context) (verdict, error) {
	v := verdict{names: map[string]string{}, moving: len(s.Processor.PendingCharges()), failed: s.failed, early: s.early, looks: s.looks, faults: slices.Clone(s.wrongs)}
	transfers, err := s.Portal.Store.Transfers(ctx, ledger.Clearing)
	if err != nil {
		return v, err
	}
	charges := s.Processor.Charges()
	v.books = paymentBooks{processor: processorBook(charges), ledger: ledgerBook(transfers), events: s.road.paidBook(), record: s.books.paidBook()}
	v.wrong = v.books.compare()
	for _, step := range []func(context.Context, *verdict) error{s.name, s.weigh, s.inspect, s.count} {
		if err := step(ctx, &v); err != nil {
			return v, err
		}
	}
	once := map[string]int{}
	for _, c := range charges {
		if id := c.Metadata["payment_id"]; id != "" {
			if once[id]++; once[id] == 2 {
				v.faults = append(v.faults, fmt.Sprintf("%s was charged more than once", id))
			}
		}
	}
	return v, nil
}

// name finds out what the payments that differ are called.
func (s *simulation) name(ctx context.Context, v *verdict) error {
	for i := range s.People {
		id, _, err := s.FirstDebt(ctx, person(i))
		if err != nil {
			return err
		}
		paid, err := s.Portal.Store.PaymentsOfAccount(ctx, string(id), 10_000)
		if err != nil {
			return err
		}
		for _, p := range paid {
			v.names[string(p.ID)] = fmt.Sprintf("%s of %s", p.Reference, person(i))
		}
		if i == disputing {
			for _, p := range s.rested(paid) {
				v.faults = append(v.faults, fmt.Sprintf("%s was charged while the debt was disputed (AMT-06)", p.Reference))
			}
		}
	}
	return nil
}

// weigh compares the balance of each debt.
func (s *simulation) weigh(ctx context.Context, v *verdict) error {
	ours, theirs := map[string]money.Cents{}, s.books.balances()
	for ref, rest := range s.road.letGo() { // the books hold it while it is provisional
		theirs[ref] -= rest
	}
	for i := range s.People {
		_, st, err := s.FirstDebt(ctx, person(i))
		if err != nil {
			return err
		}
		ours[st.Debt.Ref] = st.Owed
		v.owed += st.Owed
		v.recorded += theirs[st.Debt.Ref]
	}
	v.unequal = compareBalances(ours, theirs)
	return nil
}

// inspect asks the ledger and the log whether they are whole.
func (s *simulation) inspect(ctx context.Context, v *verdict) error {
	for _, check := range []func(context.Context) error{s.Portal.Store.CheckLedger, s.Portal.Store.CheckGuards, func(ctx context.Context) error {
		_, err := audit.Verify(ctx, s.Portal.Store, chain.Proof{Key: s.Portal.ChainKey()}, func(int64, int64) {})
		return err
	}} {
		if err := check(ctx); err != nil {
			v.faults = append(v.faults, err.Error())
		}
	}
	return ctx.Err()
}

// count looks at the webhooks: each arrived, in a sequence without a gap.
func (s *simulation) count(ctx context.Context, v *verdict) error {
	endpoints, err := s.Portal.Store.Endpoints(ctx)
	if err != nil || len(endpoints) != 1 {
		return fmt.Errorf("%d endpoints: %w", len(endpoints), err)
	}
	for after := int64(0); ; {
		page, err := s.Portal.Store.Deliveries(ctx, endpoints[0].ID, after, 500)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			break
		}
		for _, d := range page {
			after = d.Sequence
			if d.State != outbox.Delivered {
				v.waiting++
			}
		}
	}
	var missing int
	v.arrived, missing, v.again = s.road.gaps()
	if unread := s.road.unread(); unread != 0 {
		v.faults = append(v.faults, fmt.Sprintf("%d webhooks could not be read", unread))
	}
	if missing != 0 && v.waiting == 0 {
		v.faults = append(v.faults, fmt.Sprintf("%d webhooks never arrived although they count as delivered", missing))
	}
	return nil
}

// difference is by how many cents the books disagree: 0 when they agree.
func (v verdict) difference() money.Cents {
	var payments, debts money.Cents
	for _, m := range v.wrong {
		payments += m.off
	}
	for _, u := range v.unequal {
		debts += u.off()
	}
	var facts money.Cents
	for _, d := range v.differing {
		facts += d.off()
	}
	return max(payments, debts, facts) // what is wrong with a payment is wrong with its debt and its pages too
}

// open reports whether the next days may still change the verdict: something is
// on its way, or our ledger has not heard of all that the processor did.
func (v verdict) open() bool {
	return v.waiting > 0 || v.moving > 0 || slices.ContainsFunc(v.wrong, func(m mismatch) bool { return !maps.Equal(m.held[0], m.held[1]) })
}

func (v verdict) faulty() bool { return v.difference() != 0 || len(v.faults)+len(v.early) > 0 }

// rows are the words of the table.
var rows = []struct {
	kind ledger.Kind
	word string
}{{ledger.Payment, "confirmed"}, {ledger.Reversal, "reversed"}, {ledger.Reinstate, "reinstated"}, {ledger.Refund, "refunded"}, {lost, "lost"}}

// print writes the table, what differs, and the difference.
func (v verdict) print(w io.Writer) {
	fmt.Fprintf(w, "\n%-12s", "payments")
	for _, name := range bookNames {
		fmt.Fprintf(w, " %20s", name)
	}
	fmt.Fprintln(w)
	for _, row := range rows {
		fmt.Fprintf(w, "%-12s", row.word)
		for _, b := range v.books.all() {
			count, amount := b.total(row.kind)
			fmt.Fprintf(w, " %5d %14s", count, amount)
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "%-12s", "in all")
	for _, b := range v.books.all() {
		var net money.Cents
		for _, s := range b {
			net += s.net()
		}
		fmt.Fprintf(w, " %20s", net)
	}
	fmt.Fprintf(w, "\n%-12s %20s %20s %20s %20s\n\n", "still owed", "", v.owed, "", v.recorded)
	fmt.Fprintf(w, "The pages that people and the console get tell of %d facts as these books do; all five were held against each other on %d days.\n", len(v.told)-len(v.differing), v.looks)
	fmt.Fprintf(w, "Webhooks to the system of record: %d, %d of them more than once, %d not delivered. Bank debits on their way: %d.\n", v.arrived, v.again, v.waiting, v.moving)
	if v.failed > 0 {
		fmt.Fprintf(w, "Background work failed %d times and was tried again.\n", v.failed)
	}
	for _, line := range append(slices.Clone(v.early), v.findings("at the end")...) {
		fmt.Fprintln(w, line)
	}
	fmt.Fprintf(w, "Ledger difference: %s\n", v.difference())
}

// findings are what differs, and the faults, each with the day.
func (v verdict) findings(when string) (all []string) {
	say := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	for _, m := range v.wrong {
		say("differs %s: %s: %s at the processor, %s in our ledger, %s by the events, %s in the system of record",
			when, v.nameOf(m.payment), m.held[0].net(), m.held[1].net(), m.held[2].net(), m.held[3].net())
	}
	for _, u := range v.unequal {
		say("differs %s: debt %s: %s owed in our ledger, %s in the system of record", when, u.debt, u.ours, u.theirs)
	}
	for _, d := range v.differing {
		say("differs %s: %s", when, d.words(v.called))
	}
	for _, fault := range v.faults {
		say("fault %s: %s", when, fault)
	}
	return all
}

// called is what a fact is of: a payment or a plan by its reference.
func (v verdict) called(id string) string { return cmp.Or(v.names[id], id) }

func (v verdict) nameOf(payment string) string {
	if name := v.names[payment]; name != "" {
		return name
	}
	return payment + ", which is no payment of ours"
}
