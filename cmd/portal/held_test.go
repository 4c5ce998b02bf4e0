package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"quittance/cmd/demo"
	"quittance/payments"
	"quittance/payments/ledger"
	"quittance/payments/money"
	"quittance/plans/civil"
	"quittance/portal/alert"
	"quittance/portal/debt"
	"quittance/portal/dispute"
	"quittance/portal/identity"
	"quittance/portal/intake"
	"quittance/portal/letter"
	"quittance/portal/outbox"
	"quittance/portal/store/storetest"
)

// clearing is a portal on which people pay from bank accounts, and the debts
// change before the money comes.
type clearing struct {
	*rehearsal
	t       *testing.T
	first   time.Time
	version int
	paid    map[string]payments.Payment
}

const sent money.Cents = 25_00

func (c *clearing) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func clears(t *testing.T, database string) *clearing {
	t.Helper()
	r := rehearse(t, database)
	return &clearing{rehearsal: r, t: t, first: r.Clock.Now(), version: 1, paid: map[string]payments.Payment{}}
}

// send lets a person pay from a bank account.
func (c *clearing) send(ref string) {
	c.t.Helper()
	p, err := c.Pay(c.t.Context(), ref, "held/"+ref, sent, payments.BankAccount, "pm_usBankAccount_success")
	c.must(err)
	if p.Status != payments.Processing {
		c.t.Fatalf("%s: %s", ref, p.Status)
	}
	c.paid[ref] = p
}

// restate takes a file in which the first debts of people stand otherwise.
func (c *clearing) restate(statuses map[string]string) {
	c.t.Helper()
	c.takes(len(statuses), func(ref string, row []string, at func(string) int) {
		if status, says := statuses[ref]; says {
			row[at("status")] = status
		}
	})
}

// takes takes a file in which the rows of first debts are changed.
func (c *clearing) takes(updated int, change func(ref string, row []string, at func(name string) int)) {
	c.t.Helper()
	c.version++
	rows, err := csv.NewReader(bytes.NewReader(demo.Placements(c.People, c.first))).ReadAll()
	c.must(err)
	at := func(name string) int { return slices.Index(rows[0], name) }
	for _, row := range rows[1:] {
		row[at("balance_version")] = strconv.Itoa(c.version)
		if strings.HasSuffix(row[at("debt_ref")], "-1") {
			change(row[at("account_ref")], row, at)
		}
	}
	var file bytes.Buffer
	c.must(csv.NewWriter(&file).WriteAll(rows))
	r, err := c.Portal.Importer.Import(c.t.Context(), &file, intake.Options{Format: intake.CSV})
	c.must(err)
	if r.Refused > 0 || r.Updated < updated {
		c.t.Fatalf("the file: %+v", r)
	}
}

// disputed opens a dispute of a person's first debt.
func (c *clearing) disputed(ref string) dispute.Dispute {
	c.t.Helper()
	id, st, err := c.FirstDebt(c.t.Context(), ref)
	c.must(err)
	d, err := c.Portal.Disputes.Open(c.t.Context(), id, st.Debt.ID, dispute.Filing{Kind: dispute.OfDebt, Scope: dispute.Whole, Language: "en", Reasons: []dispute.Reason{dispute.WrongAmount}}, "key/"+ref)
	c.must(err)
	return d
}

// now is a person's payment, and the debt that it is for.
func (c *clearing) now(ref string) (payments.Payment, debt.Statement) {
	c.t.Helper()
	p, err := c.Portal.Store.Payment(c.t.Context(), c.paid[ref].ID)
	c.must(err)
	_, st, err := c.FirstDebt(c.t.Context(), ref)
	c.must(err)
	return p, st
}

// stands checks a person's payment: what it is, what of it is held, and what the
// system of record was told to post on the debt.
func (c *clearing) stands(ref string, status payments.Status, apart, posted money.Cents) {
	c.t.Helper()
	p, st := c.now(ref)
	if p.Status != status || st.Held != apart {
		c.t.Errorf("%s: %s with %s held, want %s with %s", ref, p.Status, st.Held, status, apart)
	}
	if booked, _ := c.posted(p.ID); booked != posted {
		c.t.Errorf("%s: %s is to be posted, want %s", ref, booked, posted)
	}
	if placed := st.Debt.Snapshot.Balance; st.Owed != placed-posted {
		c.t.Errorf("%s: %s of %s is owed with %s posted", ref, st.Owed, placed, posted)
	}
}

// posted is what events say of a payment: what was posted on debts, and what is
// held beside.
func (c *clearing) posted(id payments.ID) (posted, apart money.Cents) {
	c.t.Helper()
	all, err := c.Portal.Store.Feed(c.t.Context(), debt.AllCreditors(), outbox.FeedQuery{Limit: 10_000})
	c.must(err)
	for _, e := range all {
		var d outbox.Data
		c.must(json.Unmarshal(e.Facts, &d))
		if d.Payment == nil || e.PaymentID != id {
			continue
		}
		for _, a := range d.Payment.Allocations {
			posted, apart = posted-a.ChangeCents, apart+a.HeldChangeCents
		}
	}
	return posted, apart
}

// agree holds the books against each other: of each payment the processor, our
// ledger and the events have as much, but for what was lost.
func (c *clearing) agree() {
	c.t.Helper()
	c.must(c.Settle(c.t.Context()))
	c.must(c.Portal.Store.CheckLedger(c.t.Context()))
	transfers, err := c.Portal.Store.Transfers(c.t.Context(), ledger.Clearing)
	c.must(err)
	for _, charge := range c.Processor.Charges() {
		id := payments.ID(charge.Metadata["payment_id"])
		has := money.Cents(charge.Amount - charge.AmountRefunded - charge.Withdrawn + charge.Reinstated)
		var cleared, lost money.Cents
		for _, t := range transfers {
			if t.PaymentID == string(id) {
				cleared += ledger.Balance([]ledger.Transfer{t}, ledger.Clearing)
				lost += ledger.Balance([]ledger.Transfer{t}, ledger.Lost)
			}
		}
		if posted, apart := c.posted(id); has != cleared || has != posted+apart-lost {
			c.t.Errorf("%s: the processor has %s, our ledger %s; posted %s, held %s, lost %s", id, has, cleared, posted, apart, lost)
		}
	}
}

// TestSTS01_F4_WhatClearsForADebtThatMayNotBePaidIsHeld lets rows of a file, and
// a dispute, come between a bank payment and its money.
func TestSTS01_F4_WhatClearsForADebtThatMayNotBePaidIsHeld(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		c := clears(t, database)
		ctx := t.Context()
		rows := map[string]string{"A-1002": "bankruptcy", "A-1006": "recalled", "A-1007": "deceased", "A-1008": "attorney", "A-1009": "identity_theft"}
		reasons := map[string]string{"A-1011": "disputed"}
		words := map[string]string{"A-1006": "We hold $25.00 of yours", "A-1011": "Tenemos guardados $25.00 suyos"}
		for ref, status := range rows {
			c.send(ref)
			reasons[ref] = status
		}
		c.send("A-1011")
		c.send("A-1001")
		c.restate(rows)
		c.disputed("A-1011")
		c.must(c.MoveDays(ctx, 7))
		for ref, reason := range reasons {
			p, st := c.now(ref)
			c.stands(ref, payments.Held, sent, 0)
			if p.Allocations[0].Held != reason {
				t.Errorf("%s is held as %q", ref, p.Allocations[0].Held)
			}
			if told := c.told(t, st.Debt.AccountID, outbox.PaymentConfirmed); len(told) != 0 {
				t.Errorf("%s is told as paid", ref)
			}
			told := c.told(t, st.Debt.AccountID, outbox.PaymentHeld)
			if len(told) != 1 || told[0].Payment.Allocations[0].HeldChangeCents != sent || told[0].Payment.Allocations[0].ChangeCents != 0 || told[0].Payment.Allocations[0].HeldReason != reason {
				t.Errorf("%s is told as %+v", ref, told)
			}
		}
		c.stands("A-1001", payments.Confirmed, 0, sent)
		for _, ref := range []string{"A-1006", "A-1011"} {
			if page, _ := c.visitor(t, ref).get("/payments/" + string(c.paid[ref].ID)); !strings.Contains(page, words[ref]) {
				t.Errorf("%s reads %q", ref, field(headline, page))
			}
			status, body := c.call(t, c.bearer(t, "", identity.AccountsRead), http.MethodGet, "/api/v1/accounts/"+ref+"/balance", "", nil)
			if status != http.StatusOK || !strings.Contains(body, `"held_cents":2500`) {
				t.Errorf("the API says of %s: %d %s", ref, status, body)
			}
		}
		c.agree()
		all, err := c.Portal.Held.List(ctx, 100)
		c.must(err)
		if len(all) != len(reasons) {
			t.Errorf("%d are listed", len(all))
		}
	})
}

// TestSTS09_F4_WhatComesAfterIAmNotThisPersonIsHeld: what is in flight when who
// signed in says on the page that they are not the person is nobody's payment yet.
func TestSTS09_F4_WhatComesAfterIAmNotThisPersonIsHeld(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		c := clears(t, database)
		c.send("A-1002")
		who := c.visitor(t, "A-1002")
		page, _ := who.get("/help/not-me")
		who.post("/help/not-me", url.Values{"csrf": {field(csrfField, page)}})
		c.must(c.MoveDays(t.Context(), 7))
		c.stands("A-1002", payments.Held, sent, 0)
		p, st := c.now("A-1002")
		if p.Allocations[0].Held != "under_review" {
			t.Errorf("it is held as %q", p.Allocations[0].Held)
		}
		if told := c.told(t, st.Debt.AccountID, outbox.PaymentConfirmed); len(told) != 0 {
			t.Errorf("it is told as paid: %+v", told)
		}
		c.agree()
		if _, body := c.finance().get("/console/held"); !strings.Contains(body, "Who owes it is to be looked at first") {
			t.Error("the console does not say why")
		}
	})
}

// TestAMT06_F21_ADisputedPaymentCountsWhenTheConsumerSaysSo and goes back when
// they say that: not before no bank can take it back any more.
func TestAMT06_F21_ADisputedPaymentCountsWhenTheConsumerSaysSo(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		c := clears(t, database)
		ctx := t.Context()
		c.send("A-1002")
		c.send("A-1006")
		counts, back := c.disputed("A-1002"), c.disputed("A-1006")
		c.must(c.MoveDays(ctx, 7))
		choose := func(ref, choice string, d dispute.Dispute) *payer {
			t.Helper()
			who, receipt := c.visitor(t, ref), "/disputes/"+d.Reference
			page, _ := who.get(receipt)
			if !strings.Contains(page, "We hold $25.00 of yours") {
				t.Fatalf("%s is not asked: %s", ref, field(headline, page))
			}
			if next := who.post(receipt+"/payment", url.Values{"csrf": {field(csrfField, page)}, "payment": {string(c.paid[ref].ID)}, "choice": {choice}}); next == "" {
				t.Fatalf("%s: no answer", ref)
			}
			return who
		}
		who := choose("A-1002", "keep", counts)
		c.must(c.Settle(ctx))
		c.stands("A-1002", payments.Confirmed, 0, sent)
		if page, _ := who.get("/payments/" + string(c.paid["A-1002"].ID)); !strings.Contains(page, "You paid $25.00") {
			t.Errorf("the page says %q", field(headline, page))
		}
		who = choose("A-1006", "return", back)
		c.runs(t, "held money")
		c.stands("A-1006", payments.Held, sent, 0)
		if page, _ := who.get("/disputes/" + back.Reference); !strings.Contains(page, "Until then your bank can take it back.") {
			t.Error("the page does not say when it goes back")
		}
		c.must(c.MoveDays(ctx, 61))
		c.runs(t, "held money")
		c.must(c.MoveDays(ctx, 7))
		c.stands("A-1006", payments.Refunded, 0, 0)
		_, st := c.now("A-1006")
		if told := c.told(t, st.Debt.AccountID, outbox.PaymentRefunded); len(told) != 1 || told[0].Payment.Allocations[0].HeldChangeCents != -sent || told[0].Payment.Allocations[0].ChangeCents != 0 {
			t.Errorf("told %+v", told)
		}
		c.agree()
	})
}

// finance is a browser of the console, like any other of staff.
func (c *clearing) finance() *agent { return c.staff(identity.RoleFinance) }

func (c *clearing) staff(role identity.Role) *agent {
	c.t.Helper()
	email, password := string(role)+"@held.example", "correct horse battery staple"
	if _, err := c.Portal.Desk.Add(c.t.Context(), email, "Fay", password, role); err != nil {
		c.t.Fatal(err)
	}
	a := newAgent(c.t, c.URL)
	if status := a.signIn(email, password); status != http.StatusSeeOther {
		c.t.Fatalf("finance signs in: %d", status)
	}
	return a
}

// TestSTS01_F4_HeldMoneyIsCountedOrSentBackInTheConsole by finance: never on a
// debt that still may not be paid, and early only at the risk that is shown.
func TestSTS01_F4_HeldMoneyIsCountedOrSentBackInTheConsole(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		c := clears(t, database)
		ctx := t.Context()
		c.send("A-1002")
		c.send("A-1006")
		c.restate(map[string]string{"A-1002": "bankruptcy", "A-1006": "recalled"})
		c.must(c.MoveDays(ctx, 7))
		desk := c.finance()
		do := func(ref, what, risk string, want int, says string) {
			t.Helper()
			desk.get("/console/held")
			status, body := desk.decidesHeld(url.Values{
				"payment": {string(c.paid[ref].ID)}, "debt": {c.paid[ref].Allocations[0].DebtID}, "do": {what}, "risk": {risk},
			})
			if status != want || !strings.Contains(body, says) {
				t.Errorf("%s %s: %d %s", what, ref, status, body)
			}
		}
		do("A-1002", "count", "", http.StatusUnprocessableEntity, "The debt still may not be paid.")
		do("A-1006", "now", "", http.StatusUnprocessableEntity, "Tick the box first.")
		c.stands("A-1002", payments.Held, sent, 0)
		c.stands("A-1006", payments.Held, sent, 0)
		c.restate(map[string]string{"A-1002": "active", "A-1006": "recalled"})
		do("A-1002", "count", "", http.StatusUnprocessableEntity, "The debt still may not be paid.")
		c.staff(identity.RoleCompliance).decides("confirmed")
		do("A-1002", "count", "", http.StatusSeeOther, "")
		do("A-1002", "count", "", http.StatusUnprocessableEntity, "This changed")
		do("A-1006", "now", "yes", http.StatusSeeOther, "")
		c.must(c.MoveDays(ctx, 7))
		c.stands("A-1002", payments.Confirmed, 0, sent)
		c.stands("A-1006", payments.Refunded, 0, 0)
		if _, body := desk.get("/console/held"); strings.Contains(body, "A-1002") || strings.Contains(body, "A-1006") {
			t.Error("what is settled is still listed")
		}
		c.agree()
	})
}

// TestAMT05_F21_OneOfTwoHeldPartsGoesBackAndTheOtherCounts: each debt of a payment
// is decided by itself.
func TestAMT05_F21_OneOfTwoHeldPartsGoesBackAndTheOtherCounts(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		c := clears(t, database)
		ctx := t.Context()
		p, err := c.paysOver(t, "A-1001", "key-1", payments.BankAccount, "pm_usBankAccount_success", 20_00, 30_00)
		c.must(err)
		before := c.debtsOf(t, "A-1001")
		var opened []dispute.Dispute
		for _, st := range before[:2] {
			d, err := c.Portal.Disputes.Open(ctx, st.Debt.AccountID, st.Debt.ID, dispute.Filing{Kind: dispute.OfDebt, Scope: dispute.Whole, Language: "en", Reasons: []dispute.Reason{dispute.WrongAmount}}, "key/"+st.Debt.Ref)
			c.must(err)
			opened = append(opened, d)
		}
		c.must(c.MoveDays(ctx, 7))
		desk := c.finance()
		desk.get("/console/held")
		if status, body := desk.decidesHeld(values("payment", string(p.ID), "debt", string(before[0].Debt.ID), "do", "now", "risk", "yes")); status != http.StatusSeeOther {
			t.Fatalf("%d %s", status, textOf(body))
		}
		c.must(c.MoveDays(ctx, 7))
		if after := c.debtsOf(t, "A-1001"); after[0].Held != 0 || after[1].Held != 30_00 {
			t.Errorf("%s and %s are held", after[0].Held, after[1].Held)
		}
		told := c.changes(t, before[0].Debt.AccountID, outbox.PaymentRefunded)
		if told[before[0].Debt.Ref].HeldChangeCents != -20_00 || told[before[1].Debt.Ref].HeldChangeCents != 0 {
			t.Errorf("told %+v", told)
		}
		_, err = c.Portal.Disputes.Withdraw(ctx, opened[1].AccountID, opened[1].Reference)
		c.must(err)
		c.must(c.Portal.Held.Release(ctx, p.ID, before[1].Debt.ID, 30_00))
		if after := c.debtsOf(t, "A-1001"); after[1].Held != 0 || after[1].Owed != before[1].Owed-30_00 || after[0].Owed != before[0].Owed {
			t.Errorf("%s and %s are owed", after[0].Owed, after[1].Owed)
		}
		c.agree()
	})
}

// TestSTR13_F1_WhatTheBankTakesBackAfterARefundIsOurLoss rings, and nobody is
// asked for it again.
func TestSTR13_F1_WhatTheBankTakesBackAfterARefundIsOurLoss(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		c := clears(t, database)
		ctx := t.Context()
		c.send("A-1002")
		c.restate(map[string]string{"A-1002": "bankruptcy"})
		c.must(c.MoveDays(ctx, 7))
		p, before := c.now("A-1002")
		c.must(c.Portal.Held.SendBack(ctx, p.ID, debt.ID(p.Allocations[0].DebtID), sent, "stf_1", true))
		c.must(c.MoveDays(ctx, 7))
		if !c.Processor.Return(p.IntentID, "R10") {
			t.Fatal("the debit does not come back")
		}
		c.runs(t, "missed events")
		p, after := c.now("A-1002")
		if p.Status != payments.Refunded || after.Owed != before.Owed || p.Lost() != sent {
			t.Errorf("%s with %s owed, %s before; %s lost", p.Status, after.Owed, before.Owed, p.Lost())
		}
		all, err := c.Portal.Alerts.List(ctx, 10)
		c.must(err)
		var rings int
		for _, a := range all {
			if a.Kind == alert.Loss && a.PaymentID == p.ID {
				rings++
			}
		}
		if rings != 1 {
			t.Errorf("rang %d times: %+v", rings, all)
		}
		c.agree()
	})
}

// TestSTA04_F13_NoSatisfactionLetterWhileMoneyIsHeld lets a debt be paid off, by
// what comes for what a file says is left, while other money for it is held.
func TestSTA04_F13_NoSatisfactionLetterWhileMoneyIsHeld(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		c := clears(t, database)
		ctx := t.Context()
		c.send("A-1002")
		d := c.disputed("A-1002")
		c.must(c.MoveDays(ctx, 7))
		_, st := c.now("A-1002")
		_, err := c.Portal.Disputes.Withdraw(ctx, st.Debt.AccountID, d.Reference)
		c.must(err)
		if left := st.Payable(); left != st.Owed-sent {
			t.Errorf("%s may be paid of %s with %s held", left, st.Owed, st.Held)
		}
		_, err = c.Pay(ctx, "A-1002", "the rest", st.Owed-sent, payments.BankAccount, "pm_usBankAccount_success")
		c.must(err)
		c.takes(1, func(ref string, row []string, at func(string) int) {
			if ref == "A-1002" {
				row[at("payments_credits")], row[at("balance")] = sent.Decimal(), (st.Owed - sent).Decimal()
			}
		})
		c.must(c.MoveDays(ctx, 7))
		if _, rest := c.now("A-1002"); rest.Owed != 0 || rest.Held != sent {
			t.Fatalf("%s is owed with %s held", rest.Owed, rest.Held)
		}
		letters := func() (n int) {
			t.Helper()
			all, err := c.Portal.Papers.Of(ctx, st.Debt.AccountID)
			c.must(err)
			for _, l := range all {
				if l.Kind == letter.Satisfaction {
					n++
				}
			}
			return n
		}
		if n := letters(); n != 0 {
			t.Errorf("%d letters while money is held", n)
		}
		c.must(c.Portal.Held.Release(ctx, c.paid["A-1002"].ID, st.Debt.ID, sent))
		if n := letters(); n != 1 {
			t.Errorf("%d letters once it counts", n)
		}
	})
}

// TestAMT07_F4_TheConsoleShowsWhatIsHeldAndHowLate lets money for a bankrupt debt
// wait: the account says that it is there, the list by when it is to be decided.
func TestAMT07_F4_TheConsoleShowsWhatIsHeldAndHowLate(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		c := clears(t, database)
		ctx := t.Context()
		c.send("A-1002")
		c.restate(map[string]string{"A-1002": "bankruptcy"})
		c.must(c.MoveDays(ctx, 7))
		desk := c.finance()
		_, st := c.now("A-1002")
		collector := newAgent(t, c.URL)
		collector.signIn(c.Staff[0].Email, c.Staff[0].Password)
		if _, body := collector.get("/console/accounts/" + string(st.Debt.AccountID)); !strings.Contains(body, "$25.00 held apart") {
			t.Error("the account does not say that money is held")
		}
		if _, body := desk.get("/console/held"); !strings.Contains(body, "To be done by") || strings.Contains(body, "<strong>Late</strong>") {
			t.Errorf("the list has no day, or is late: %s", body)
		}
		due := c.Portal.Held.Due(must(c.Portal.Held.List(ctx, 1))[0])
		for civil.Of(c.Clock.Now().In(c.Portal.Zone())).Before(due.AddDays(1)) {
			c.must(c.MoveDays(ctx, 1))
		}
		if status := desk.signIn("finance@held.example", "correct horse battery staple"); status != http.StatusSeeOther {
			t.Fatalf("finance signs in again: %d", status)
		}
		if _, body := desk.get("/console/held"); !strings.Contains(body, "<strong>Late</strong>") {
			t.Errorf("the list does not say that it is late, on %s: %s", due.AddDays(1), body)
		}
	})
}
