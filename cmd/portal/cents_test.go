package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/ledger"
	"quittance/payments/money"
	"quittance/payments/paymentstest"
	"quittance/portal/debt"
	"quittance/portal/dispute"
	"quittance/portal/intake"
	"quittance/portal/outbox"
	"quittance/portal/store/storetest"
)

// purse is a random order of what happens to money and to debts.
type purse struct {
	*rehearsal
	t         *testing.T
	dice      *rand.Rand
	refs      []string
	version   int
	desk      *agent
	closed    map[debt.ID]bool            // may not be paid
	ours      map[debt.ID]dispute.Dispute // opened here by the consumer
	theirs    []string                    // disputes that are open at banks
	taken     map[payments.ID]bool
	elsewhere map[debt.AccountID]money.Cents // credits of which finance said that they went back another way
	did       []string
	met       map[string]int
}

// TestR10_NoCentIsOnNoList pays by card and by bank, over several debts; lets files
// lower balances, recall debts and tell of bankruptcies; disputes at banks and
// here, wins and loses; lets debits come back; sends back what is held, what is
// too much and parts of payments, also on the processor's own pages. Whatever came
// before, at every moment, of each account: what the processor has is what was paid
// of what was ever owed, and what is on the list of what is held, and on that of
// what is too much, less what was lost (AMT-05, AMT-06, AMT-07, STR-13).
func TestR10_NoCentIsOnNoList(t *testing.T) {
	t.Parallel()
	steps := paymentstest.Budget(t, "PROOF_CENTS", 60)
	storetest.EachURL(t, func(t *testing.T, url string) {
		seed := paymentstest.Seed(t)
		p := &purse{
			rehearsal: rehearseStill(t, url), t: t, dice: rand.New(rand.NewPCG(seed, 10)), refs: []string{"A-1001", "A-1001", "A-1002", "A-1006", "A-1007", "A-1008", "A-1009"}, version: 1,
			closed: map[debt.ID]bool{}, ours: map[debt.ID]dispute.Dispute{}, taken: map[payments.ID]bool{}, elsewhere: map[debt.AccountID]money.Cents{}, met: map[string]int{},
		}
		for range steps {
			p.step()
		}
		p.meets()
		p.told()
		for _, what := range []string{"a credit", "money held", "held money sent back", "a credit sent back", "a part sent back", "a return", "a dispute of a bank"} {
			if p.met[what] == 0 {
				t.Errorf("never %s after %d acts: this proves nothing about it", what, len(p.did))
			}
		}
		t.Logf("%d acts met %v", len(p.did), p.met)
	})
}

// meets lets two people to whom nothing happened yet meet what chance may have
// left out.
func (p *purse) meets() {
	held, credited := "A-1011", "A-1010"
	p.refs = append(p.refs, held, credited)
	var one payments.Payment
	var err error
	pays := func(ref string, method payments.Method, card string, amount money.Cents) func() bool {
		return func() bool {
			one, err = p.paysOver(p.t, ref, fmt.Sprintf("key-%d", len(p.did)), method, card, amount)
			p.must(err)
			return true
		}
	}
	clears := func() bool { p.Clock.Move(14 * 24 * time.Hour); return true }
	p.does("sends from a bank", pays(held, payments.BankAccount, "pm_usBankAccount_success", 25_00))
	p.does("time passes", clears)
	p.does("a return", func() bool { return p.Processor.Return(one.IntentID, "R10") })
	p.does("sends from a bank", pays(held, payments.BankAccount, "pm_usBankAccount_success", 26_00))
	p.does("a debt is closed", func() bool {
		st := p.debtsOf(p.t, held)[0]
		p.closed[st.Debt.ID] = true
		return p.states(held, 0, st.Debt.Snapshot.Balance, debt.Recalled)
	})
	p.does("time passes", clears)
	p.does("held money sent back", func() bool { return p.decides(string(one.ID), one.Allocations[0].DebtID, "now") })

	p.does("pays by card", pays(credited, payments.Card, "pm_card_visa_debit", 60_00))
	p.does("a part sent back", func() bool { return p.sendsBackOf(one, 0, 10_00) })
	p.does("pays by card", pays(credited, payments.Card, "pm_card_visa_debit", 25_00))
	p.does("a dispute of a bank", func() bool { return p.Processor.Dispute(one.IntentID, "fraudulent") != "" })
	p.does("a file", func() bool {
		return p.states(credited, 0, -20_00, p.debtsOf(p.t, credited)[0].Debt.Status)
	})
	p.does("a credit sent back", func() bool {
		for _, l := range must(p.Portal.Credits.Waiting(p.t.Context(), 1000)) {
			if l.DebtID == p.debtsOf(p.t, credited)[0].Debt.ID {
				desk := p.console()
				desk.get("/console/credits")
				status, _ := desk.presses("/console/credits/"+l.ID, "refund")
				return status == http.StatusSeeOther
			}
		}
		return false
	})
}

// step does any of the acts.
func (p *purse) step() {
	acts := []struct {
		name string
		do   func() bool // reports whether it could be done
	}{
		{"pays by card", func() bool { return p.pays(payments.Card, "pm_card_visa") }}, {"pays by card", func() bool { return p.pays(payments.Card, "pm_card_visa") }},
		{"sends from a bank", func() bool { return p.pays(payments.BankAccount, "pm_usBankAccount_success") }}, {"sends from a bank", func() bool { return p.pays(payments.BankAccount, "pm_usBankAccount_success") }},
		{"time passes", p.waits}, {"time passes", p.waits}, {"time passes", p.waits},
		{"a file", p.file}, {"a file", p.file}, {"a file", p.file}, {"a debt is closed", p.closes}, {"a dispute here", p.disputes}, {"it is withdrawn", p.withdraws},
		{"held money is decided", p.decidesHeld}, {"held money is decided", p.decidesHeld}, {"a credit goes back", p.credits}, {"a credit goes back", p.credits},
		{"a part goes back", p.sendsBack}, {"the processor's page", p.onTheirPage},
		{"a dispute of a bank", p.bankDisputes}, {"it is decided", p.bankDecides}, {"a return", p.returns},
	}
	a := acts[p.dice.IntN(len(acts))]
	p.does(a.name, a.do)
}

// does does one act, and looks at all lists after it.
func (p *purse) does(name string, do func() bool) {
	p.did = append(p.did, name)
	if do() {
		p.met[name]++
	}
	p.must(p.Settle(p.t.Context()))
	p.check()
	if len(p.did)%16 == 0 {
		p.told()
	}
}

func (p *purse) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatalf("%v after %s", err, p.story())
	}
}

func (p *purse) story() string { return strings.Join(p.did, ", ") }

// may takes an answer that says no.
func (p *purse) may(err error, no ...error) bool {
	p.t.Helper()
	if err == nil {
		return true
	}
	if !slices.ContainsFunc(no, func(e error) bool { return errors.Is(err, e) }) {
		p.must(err)
	}
	return false
}

func (p *purse) ref() string { return p.refs[p.dice.IntN(len(p.refs))] }

// cents is an amount up to one.
func (p *purse) cents(most money.Cents) money.Cents {
	return 1 + money.Cents(p.dice.Int64N(int64(max(1, most))))
}

func (p *purse) pays(method payments.Method, card string) bool {
	ref := p.ref()
	var amounts []money.Cents
	for _, st := range p.debtsOf(p.t, ref) {
		amount := max(0, st.Payable())
		if p.dice.IntN(3) > 0 {
			amount = min(amount, p.cents(90_00))
		}
		amounts = append(amounts, amount)
	}
	if p.dice.IntN(2) == 0 {
		amounts = amounts[:1]
	}
	_, err := p.paysOver(p.t, ref, fmt.Sprintf("key-%d", len(p.did)), method, card, amounts...)
	return p.may(err, payments.ErrNoAmount, payments.ErrTooLittle, payments.ErrDebtClosed, payments.ErrTooMuch, payments.ErrWholeOnly)
}

func (p *purse) waits() bool {
	p.Clock.Move(time.Duration(1+p.dice.IntN(6)) * 24 * time.Hour)
	p.must(p.Settle(p.t.Context()))
	p.runs(p.t, "held money")
	return true
}

// file states a balance anew, mostly another one than ours.
func (p *purse) file() bool {
	ref := p.ref()
	all := p.debtsOf(p.t, ref)
	n := p.dice.IntN(len(all))
	d := all[n].Debt
	balance := p.cents(d.Itemization.Amount)
	switch p.dice.IntN(8) {
	case 0, 1:
		balance = 0
	case 2:
		balance = -p.cents(20_00)
	}
	return p.states(ref, n, balance, d.Status)
}

// underWay is a debt for which money is on its way.
func (p *purse) underWay() (ref string, n int, st debt.Statement, found bool) {
	for _, ref := range p.refs {
		for n, st := range p.debtsOf(p.t, ref) {
			if st.Pending > 0 && !p.closed[st.Debt.ID] {
				return ref, n, st, true
			}
		}
	}
	return "", 0, debt.Statement{}, false
}

// closes lets a file say, while money is on its way, that the debt was taken back
// or that the person is bankrupt.
func (p *purse) closes() bool {
	ref, n, st, found := p.underWay()
	if !found {
		return false
	}
	if p.closed[st.Debt.ID] = true; p.dice.IntN(4) > 0 {
		return p.states(ref, n, st.Debt.Snapshot.Balance, debt.Recalled)
	}
	for _, other := range p.debtsOf(p.t, ref) {
		p.closed[other.Debt.ID] = true
	}
	return p.states(ref, n, st.Debt.Snapshot.Balance, debt.Bankruptcy)
}

func (p *purse) states(ref string, n int, balance money.Cents, status debt.Status) bool {
	p.version++
	report, err := p.Portal.Importer.Import(p.t.Context(), strings.NewReader(p.row(p.t, ref, n, p.version, balance, status)), intake.Options{Format: intake.CSV})
	if p.must(err); report.Refused > 0 {
		p.t.Fatalf("%+v after %s", report, p.story())
	}
	return true
}

func (p *purse) disputes() bool {
	_, _, st, found := p.underWay()
	if !found {
		return false
	}
	d := st.Debt
	one, err := p.Portal.Disputes.Open(p.t.Context(), d.AccountID, d.ID, dispute.Filing{
		Kind: dispute.OfDebt, Scope: dispute.Whole, Language: "en", Reasons: []dispute.Reason{dispute.WrongAmount},
	}, fmt.Sprintf("dispute-%d", len(p.did)))
	if !p.may(err, dispute.ErrNotOpen, dispute.ErrNotNow) {
		return false
	}
	p.ours[d.ID], p.closed[d.ID] = one, true
	return true
}

func (p *purse) withdraws() bool {
	ids := slices.Sorted(maps.Keys(p.ours))
	if len(ids) == 0 {
		return false
	}
	one := p.ours[ids[0]]
	_, err := p.Portal.Disputes.Withdraw(p.t.Context(), one.AccountID, one.Reference)
	delete(p.ours, ids[0])
	if !p.may(err, dispute.ErrStays, dispute.ErrNotNow) {
		return false
	}
	for _, st := range must(p.Portal.Store.AccountStatements(p.t.Context(), one.AccountID)) {
		if st.Debt.ID == ids[0] && st.Debt.Status != debt.Recalled && !p.bankrupt(one.AccountID) {
			delete(p.closed, ids[0])
		}
	}
	return true
}

func (p *purse) bankrupt(id debt.AccountID) bool {
	all := must(p.Portal.Store.AccountStatements(p.t.Context(), id))
	return slices.ContainsFunc(all, func(st debt.Statement) bool { return st.Debt.Status == debt.Bankruptcy })
}

// console is a browser of finance; sessions end while days pass.
func (p *purse) console() *agent {
	if p.desk != nil {
		if status, _ := p.desk.get("/console/credits"); status == http.StatusOK {
			return p.desk
		}
	}
	p.desk = p.finance(p.t)
	return p.desk
}

func (p *purse) decidesHeld() bool {
	all := must(p.Portal.Held.List(p.t.Context(), 100))
	if len(all) == 0 {
		return false
	}
	p.met["money held"]++
	one, what := all[p.dice.IntN(len(all))], []string{"back", "now", "now", "count"}[p.dice.IntN(4)]
	done := p.decides(string(one.PaymentID), string(one.DebtID), what)
	if done && what == "now" {
		p.met["held money sent back"]++
	}
	return done
}

func (p *purse) decides(payment, of, what string) bool {
	desk := p.console()
	desk.get("/console/held")
	status, _ := desk.decidesHeld(url.Values{"payment": {payment}, "debt": {of}, "do": {what}, "risk": {"yes"}})
	return status == http.StatusSeeOther
}

// credits presses one of the buttons of a credit.
func (p *purse) credits() bool {
	all := must(p.Portal.Credits.Waiting(p.t.Context(), 100))
	if len(all) == 0 {
		return false
	}
	p.met["a credit"]++
	one, act := all[p.dice.IntN(len(all))], "refund"
	if p.dice.IntN(5) == 0 {
		act = "elsewhere"
	}
	desk := p.console()
	desk.get("/console/credits")
	status, page := desk.presses("/console/credits/"+one.ID, act)
	switch {
	case status == http.StatusUnprocessableEntity: // it is on its way, or the processor has no more of it
		return false
	case status != http.StatusSeeOther:
		p.t.Fatalf("%d %s", status, textOf(page))
	case act == "elsewhere":
		p.elsewhere[one.AccountID] += one.Amount()
	default:
		p.met["a credit sent back"]++
	}
	return true
}

// some is one of the payments by which money was taken.
func (p *purse) some(method payments.Method) (payments.Payment, bool) {
	var all []payments.Payment
	for _, id := range slices.Sorted(maps.Keys(p.taken)) {
		if one := must(p.Portal.Store.Payment(p.t.Context(), id)); method == "" || one.Method == method {
			all = append(all, one)
		}
	}
	if len(all) == 0 {
		return payments.Payment{}, false
	}
	return all[p.dice.IntN(len(all))], true
}

func (p *purse) sendsBack() bool {
	one, ok := p.some("")
	if !ok {
		return false
	}
	n := p.dice.IntN(len(one.Allocations))
	sent := p.sendsBackOf(one, n, p.cents(one.Shares()[n]))
	if sent {
		p.met["a part sent back"]++
	}
	return sent
}

func (p *purse) sendsBackOf(one payments.Payment, n int, amount money.Cents) bool {
	of, desk := one.Allocations[n].DebtID, p.console()
	desk.get("/console/refunds?reference=" + one.Reference)
	status, page := desk.do(http.MethodPost, "/console/refunds", url.Values{
		"reference": {one.Reference}, "debt": {of}, "key": {fmt.Sprintf("part-%d", len(p.did))}, "amount-" + of: {amount.Decimal()},
	})
	if status != http.StatusSeeOther && status != http.StatusUnprocessableEntity {
		p.t.Fatalf("%d %s", status, textOf(page))
	}
	return status == http.StatusSeeOther
}

func (p *purse) onTheirPage() bool {
	one, ok := p.some("")
	return ok && p.dashboard(p.t, one, p.cents(max(1, one.Net()/2)))
}

func (p *purse) bankDisputes() bool {
	one, ok := p.some(payments.Card)
	if !ok {
		return false
	}
	part := int64(p.dice.IntN(2)) * int64(p.cents(one.Amount)) // or all of it
	id := p.Processor.DisputePart(one.IntentID, part, "fraudulent")
	if id != "" {
		p.theirs = append(p.theirs, id)
	}
	return id != ""
}

func (p *purse) bankDecides() bool {
	if len(p.theirs) == 0 {
		return false
	}
	n := p.dice.IntN(len(p.theirs))
	p.Processor.DecideDispute(p.theirs[n], p.dice.IntN(2) == 0)
	p.theirs = slices.Delete(p.theirs, n, n+1)
	return true
}

func (p *purse) returns() bool {
	one, ok := p.some(payments.BankAccount)
	return ok && p.Processor.Return(one.IntentID, "R10")
}

// check holds the lists against what the processor has, account by account.
func (p *purse) check() {
	p.t.Helper()
	ctx := p.t.Context()
	has, _ := p.has()
	lost := map[debt.AccountID]money.Cents{}
	for _, t := range must(p.Portal.Store.Transfers(ctx, ledger.Lost)) {
		if t.PaymentID != "" {
			lost[debt.AccountID(must(p.Portal.Store.Payment(ctx, payments.ID(t.PaymentID))).AccountID)] += ledger.Balance([]ledger.Transfer{t}, ledger.Lost)
		}
	}
	held, credits := map[debt.AccountID]money.Cents{}, map[debt.ID]money.Cents{}
	for _, m := range must(p.Portal.Held.List(ctx, 1000)) {
		held[m.AccountID] += m.Amount
		p.met["money held"]++
	}
	for _, l := range must(p.Portal.Credits.Waiting(ctx, 1000)) {
		credits[l.DebtID] += l.Amount()
		p.met["a credit"]++
	}
	var all, listed money.Cents
	for _, ref := range p.refs {
		var id debt.AccountID
		var paid, tooMuch money.Cents
		for _, st := range p.debtsOf(p.t, ref) {
			id, tooMuch = st.Debt.AccountID, tooMuch+credits[st.Debt.ID]
			paid += p.everOwed(st.Debt) - max(0, must(p.Portal.Store.Owed(ctx, []string{string(st.Debt.ID)}))[string(st.Debt.ID)])
			if st.Credit != credits[st.Debt.ID] {
				p.t.Errorf("%s: a credit of %s, %s on the list", st.Debt.Ref, st.Credit, credits[st.Debt.ID])
			}
		}
		if sum := paid + held[id] + tooMuch + p.elsewhere[id] - lost[id]; sum != has[id] {
			p.t.Errorf("%s: the processor has %s; paid %s, held %s, too much %s, gone another way %s, lost %s", ref, has[id], paid, held[id], tooMuch, p.elsewhere[id], lost[id])
		}
		all, listed = all+has[id], listed+paid+held[id]+tooMuch+p.elsewhere[id]-lost[id]
	}
	if all != listed {
		p.t.Errorf("in all the processor has %s, %s is on lists", all, listed)
	}
	p.must(p.Portal.Store.CheckLedger(ctx))
	if p.t.Failed() {
		p.t.Fatalf("after %s", p.story())
	}
}

// everOwed is what a debt's creditor says was ever owed on it, but for what was let
// go: by the files alone, whatever was paid.
func (p *purse) everOwed(d debt.Debt) (sum money.Cents) {
	for _, t := range must(p.Portal.Store.Transfers(p.t.Context(), ledger.Debt(string(d.ID)), ledger.Credit(string(d.ID)))) {
		if t.Kind == ledger.Placement {
			sum -= ledger.Balance([]ledger.Transfer{t}, ledger.Placed(d.CreditorRef))
		}
		sum -= ledger.Balance([]ledger.Transfer{t}, ledger.Waived(string(d.ID)))
	}
	return sum
}

// has is what the processor has of each account and of each payment, and looks at
// what came since it was asked last: on a debt that may not be paid nothing stands.
func (p *purse) has() (of map[debt.AccountID]money.Cents, by map[payments.ID]money.Cents) {
	p.t.Helper()
	of, by = map[debt.AccountID]money.Cents{}, map[payments.ID]money.Cents{}
	for _, c := range p.Processor.Charges() {
		one := must(p.Portal.Store.Payment(p.t.Context(), payments.ID(c.Metadata["payment_id"])))
		sum := money.Cents(c.Amount-c.AmountRefunded-c.Withdrawn+c.Reinstated) + p.pending(c.ID, c.AmountRefunded)
		by[one.ID] = sum
		of[debt.AccountID(one.AccountID)] += sum
		for _, a := range one.Allocations {
			if !p.taken[one.ID] && p.closed[debt.ID(a.DebtID)] && a.Held == "" {
				p.t.Errorf("%s came for %s, which may not be paid, and stands on it", a.Amount, a.DebtRef)
			}
		}
		p.taken[one.ID] = true
	}
	return of, by
}

// pending is what of a charge is on its way back, and did not leave yet.
func (p *purse) pending(charge string, refunded int64) (sum money.Cents) {
	if refunded == 0 {
		return 0
	}
	var list struct {
		Data []struct {
			Amount int64
			Status string
		}
	}
	p.atProcessor(p.t, http.MethodGet, "/v1/refunds?limit=100&charge="+charge, nil, &list)
	for _, r := range list.Data {
		if r.Status == "pending" {
			sum += money.Cents(r.Amount)
		}
	}
	return sum
}

// told holds what the system of record was told against what the processor has.
func (p *purse) told() {
	p.t.Helper()
	_, has := p.has()
	told := map[payments.ID]money.Cents{}
	for _, e := range must(p.Portal.Store.Feed(p.t.Context(), debt.AllCreditors(), outbox.FeedQuery{Limit: 10_000})) {
		var d outbox.Data
		p.must(json.Unmarshal(e.Facts, &d))
		if d.Payment == nil || e.PaymentID == "" {
			continue
		}
		for _, a := range d.Payment.Allocations {
			told[e.PaymentID] += a.HeldChangeCents + a.CreditChangeCents - a.ChangeCents
		}
	}
	for id, sum := range has {
		if one := must(p.Portal.Store.Payment(p.t.Context(), id)); told[id]-one.Lost() != sum {
			p.t.Fatalf("%s: %s is told, %s lost, the processor has %s, after %s", id, told[id], one.Lost(), sum, p.story())
		}
	}
}
