package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"quittance/cmd/demo"
	"quittance/payments"
	"quittance/payments/money"
	"quittance/payments/sandbox"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/portal/claim"
	"quittance/portal/debt"
	"quittance/portal/dispute"
	"quittance/portal/identity"
	"quittance/portal/letter"
	"quittance/portal/outbox"
	"quittance/portal/store/storetest"
)

// openStep is a step at which somebody leaves a payment, and how they would go
// on from it.
type openStep struct {
	name   string
	method payments.Method
	leave  func(t *testing.T, r *rehearsal, p payments.Payment) (address string)
	goOn   func(t *testing.T, r *rehearsal, p payments.Payment, address string)
}

var openSteps = []openStep{
	{"chosen", payments.Card, func(*testing.T, *rehearsal, payments.Payment) string { return "" }, func(t *testing.T, r *rehearsal, p payments.Payment, _ string) {
		r.submits(t, p, "pm_card_visa")
	}},
	{"reviewed", payments.Card, func(t *testing.T, r *rehearsal, p payments.Payment) string {
		r.chooses(t, p, r.tokenOf(t, url.Values{"payment_method": {"pm_card_visa"}}))
		return ""
	}, func(t *testing.T, r *rehearsal, p payments.Payment, _ string) {
		_, _ = r.Portal.Payments.Submit(t.Context(), p.AccountID, p.ID, agreed("I pay.")) // what came of it is looked at
	}},
	{"on the partner's page", payments.Card, func(t *testing.T, r *rehearsal, p payments.Payment) string {
		address, err := r.Portal.Payments.OpenPage(t.Context(), p.AccountID, p.ID, agreed("I pay."), r.URL, r.URL)
		if err != nil {
			t.Fatal(err)
		}
		return address
	}, func(t *testing.T, r *rehearsal, _ payments.Payment, address string) {
		posts(t, address, url.Values{"method": {"card"}, "number": {"4242424242424242"}, "expiry": {"12 / 40"}, "cvc": {"123"}})
	}},
	{"at the bank's check", payments.Card, func(t *testing.T, r *rehearsal, p payments.Payment) string {
		return r.waitsAt(t, p, url.Values{"payment_method": {"pm_card_threeDSecure2Required"}})
	}, func(t *testing.T, _ *rehearsal, _ payments.Payment, address string) {
		posts(t, address, url.Values{"action": {"complete"}})
	}},
	{"waiting for two small deposits", payments.BankAccount, func(t *testing.T, r *rehearsal, p payments.Payment) string {
		return r.waitsAt(t, p, url.Values{
			"payment_method_data[type]": {"us_bank_account"}, "payment_method_data[billing_details][name]": {"Pat Sample"},
			"payment_method_data[us_bank_account][routing_number]": {"110000000"}, "payment_method_data[us_bank_account][account_number]": {"000123456789"},
			"payment_method_data[us_bank_account][verification_method]": {"microdeposits"},
		})
	}, func(t *testing.T, _ *rehearsal, _ payments.Payment, address string) {
		posts(t, address, url.Values{"code": {"SM11AA"}})
	}},
}

// posts sends a form of the processor's own pages, as a browser does.
func posts(t *testing.T, address string, form url.Values) {
	t.Helper()
	stays := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := stays.PostForm(address, form)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, answer.Body)
}

func (r *rehearsal) tokenOf(t *testing.T, form url.Values) string {
	t.Helper()
	token, err := r.TokenFor(t.Context(), form)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func (r *rehearsal) chooses(t *testing.T, p payments.Payment, token string) {
	t.Helper()
	if _, err := r.Portal.Payments.Choose(t.Context(), p.AccountID, p.ID, token); err != nil {
		t.Fatal(err)
	}
}

// submits goes on with a payment whatever it has become.
func (r *rehearsal) submits(t *testing.T, p payments.Payment, card string) {
	t.Helper()
	_, _ = r.Portal.Payments.Choose(t.Context(), p.AccountID, p.ID, r.tokenOf(t, url.Values{"payment_method": {card}}))
	_, _ = r.Portal.Payments.Submit(t.Context(), p.AccountID, p.ID, agreed("I pay."))
}

// waitsAt submits a payment that then waits for the person, and says where.
func (r *rehearsal) waitsAt(t *testing.T, p payments.Payment, method url.Values) string {
	t.Helper()
	r.chooses(t, p, r.tokenOf(t, method))
	p, err := r.Portal.Payments.Submit(t.Context(), p.AccountID, p.ID, agreed("I authorize this debit."))
	if err != nil || p.Status != payments.NeedsAction {
		t.Fatal(p.Status, err)
	}
	_, truth, err := r.Portal.Payments.Refresh(t.Context(), p.ID)
	if err != nil || truth.ActionURL == "" {
		t.Fatal(truth, err)
	}
	return truth.ActionURL
}

// startOn begins a payment of an amount on a debt.
func (r *rehearsal) startOn(t *testing.T, debtRef string, method payments.Method, amount money.Cents) payments.Payment {
	t.Helper()
	account, of, err := r.Portal.Store.DebtByRef(t.Context(), debtRef)
	if err != nil {
		t.Fatal(err)
	}
	p, err := r.Portal.Payments.Start(t.Context(), payments.Request{
		AccountID: string(account), RequestKey: "form of " + debtRef, Method: method, Amounts: []payments.Amount{{DebtID: string(of), Amount: amount}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// closing is something after which the $60.00 that somebody is about to pay on a
// debt of $100.00 may not be paid any more.
type closing struct {
	name string
	row  []string                                                                   // what the next file says of the debt
	of   string                                                                     // which of the two debts it is about; empty is the one that is paid
	act  func(ctx context.Context, r *rehearsal, a debt.AccountID, d debt.ID) error // what is done here
}

func byRow(s debt.Status) []string { return []string{"status", string(s)} }

func bySaying(k claim.Kind) func(context.Context, *rehearsal, debt.AccountID, debt.ID) error {
	return func(ctx context.Context, r *rehearsal, a debt.AccountID, _ debt.ID) error {
		_, err := r.Portal.Claims.Make(ctx, claim.Request{AccountID: a, Kind: k, Door: claim.ByConsumer, By: "session:ses_1"})
		return err
	}
}

func byDisputing(amount money.Cents) func(context.Context, *rehearsal, debt.AccountID, debt.ID) error {
	return func(ctx context.Context, r *rehearsal, a debt.AccountID, d debt.ID) error {
		f := dispute.Filing{Kind: dispute.OfDebt, Scope: dispute.Whole, Language: "en", Reasons: []dispute.Reason{dispute.WrongAmount}}
		if amount > 0 {
			f.Scope, f.Amount = dispute.Part, amount
		}
		_, err := r.Portal.Disputes.Open(ctx, a, d, f, "form "+string(d))
		return err
	}
}

var closings = []closing{
	{name: "bankruptcy by file", row: byRow(debt.Bankruptcy)},
	{name: "bankruptcy by file, of another debt", row: byRow(debt.Bankruptcy), of: "-2"},
	{name: "recalled", row: byRow(debt.Recalled)},
	{name: "paid by phone", row: []string{"status", "paid", "owed", "0.00"}},
	{name: "died, by file", row: byRow(debt.Deceased)},
	{name: "a lawyer, by file", row: byRow(debt.Attorney)},
	{name: "stolen identity, by file", row: byRow(debt.IdentityTheft)},
	{name: "disputed, by file", row: byRow(debt.Disputed)},
	{name: "less is owed", row: []string{"owed", "40.00"}},
	{name: "too old for a part", row: []string{"limitation_date", "2020-01-31"}},
	{name: "bankruptcy, said", act: bySaying(claim.Bankruptcy)},
	{name: "another person, said", act: bySaying(claim.WrongPerson)},
	{name: "died, said", act: bySaying(claim.Death)},
	{name: "a lawyer, said", act: bySaying(claim.Attorney)},
	{name: "a minor, said", act: bySaying(claim.Minor)},
	{name: "stolen identity, said", act: bySaying(claim.IdentityTheft)},
	{name: "disputed", act: byDisputing(0)},
	{name: "disputed in part", act: byDisputing(50_00)},
}

// staying are what stops nothing that the person begins themselves.
var staying = []closing{
	{name: "nothing", row: []string{}},
	{name: "cease, by file", row: byRow(debt.Cease)},
	{name: "servicemember, by file", row: byRow(debt.Servicemember)},
	{name: "a hard time, said", act: bySaying(claim.Hardship)},
	{name: "disputed in a part that is not paid", act: byDisputing(30_00)},
}

// TestSTS01_G00_EveryHoldTakesBackEveryOpenStep leaves payments at each step, lets
// each hold come, runs the job that sweeps payments, and goes on with the
// payments: none is charged. What stops nothing leaves each to be paid once.
func TestSTS01_G00_EveryHoldTakesBackEveryOpenStep(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		r := rehearse(t, database)
		ctx := t.Context()
		r.Portal.Payments.Declines = nil // everybody has the same few test cards
		type left struct {
			closing
			openStep
			payment payments.Payment
			address string
			want    int
		}
		all := append(append([]closing{}, closings...), staying...)
		var open []*left
		rows := map[string][]string{}
		for n, c := range all {
			for _, s := range openSteps {
				open = append(open, &left{closing: c, openStep: s, want: btoi(n >= len(closings))})
				ref := fmt.Sprintf("G-%03d", len(open))
				r.People = append(r.People, demo.Sample{
					Ref: ref, First: "Pat", Last: "Open", Born: "1980-01-01", City: "Dayton", State: "OH", ZIP: "45402",
					Debts: []demo.SampleDebt{
						{Creditor: "Riverside Hospital", Kind: "medical", Last4: "0001", What: "Care", Amount: 100_00, MonthsAgo: 5},
						{Creditor: "City Water", Kind: "utility", Last4: "0002", What: "Water", Amount: 50_00, MonthsAgo: 5},
					},
				})
				rows[ref+"-1"], rows[ref+"-2"] = nil, nil
			}
		}
		r.files(t, 2, rows)
		clear(rows)
		for i, l := range open {
			ref := fmt.Sprintf("G-%03d", i+1)
			l.payment = r.startOn(t, ref+"-1", l.method, 60_00)
			l.address = l.leave(t, r, l.payment)
			if l.row != nil {
				rows[ref+cmp.Or(l.of, "-1")] = l.row
			}
		}
		r.files(t, 3, rows)
		for _, l := range open {
			if l.act == nil {
				continue
			}
			if err := l.act(ctx, r, debt.AccountID(l.payment.AccountID), debt.ID(l.payment.Allocations[0].DebtID)); err != nil {
				t.Fatal(l.closing.name, err)
			}
		}
		for range 1 + len(open)/50 { // the job looks at fifty at a time
			r.runs(t, "payments")
		}
		for _, l := range open {
			l.goOn(t, r, l.payment, l.address)
		}
		if err := r.MoveDays(ctx, 7); err != nil {
			t.Fatal(err)
		}
		confirmed := map[string]int{}
		feed, err := r.Portal.Store.Feed(ctx, debt.AllCreditors(), outbox.FeedQuery{Limit: 10_000})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range feed {
			if e.Type == outbox.PaymentConfirmed {
				confirmed[e.AccountID]++
			}
		}
		for _, l := range open {
			about := l.closing.name + ", " + l.openStep.name
			if n := r.Processor.ChargeCount(string(l.payment.ID)); n != l.want {
				t.Errorf("%s: charged %d times, want %d", about, n, l.want)
			}
			p, err := r.Portal.Store.Payment(ctx, l.payment.ID)
			if err != nil || l.want == 0 && p.Status != payments.Canceled || l.want == 1 && p.Status != payments.Confirmed {
				t.Errorf("%s: the payment is %s, %v", about, p.Status, err)
			}
			if n := confirmed[p.AccountID]; n != l.want {
				t.Errorf("%s: told as paid %d times", about, n)
			}
			letters, err := r.Portal.Papers.Of(ctx, debt.AccountID(p.AccountID))
			for _, paper := range letters {
				if paper.Kind == letter.Satisfaction {
					t.Errorf("%s: a letter says that it is paid off", about)
				}
			}
			if err != nil {
				t.Error(err)
			}
		}
	})
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// TestSTS01_G00_WhatTheProcessorCouldNotTakeBackIsTriedAgain lets the processor be
// away when a partner's page is to be closed, and the portal start anew.
func TestSTS01_G00_WhatTheProcessorCouldNotTakeBackIsTriedAgain(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		r := rehearse(t, database)
		ctx := t.Context()
		page := openSteps[2]
		p := r.startOn(t, "A-1002-1", page.method, 60_00)
		address := page.leave(t, r, p)
		r.Processor.FailNextOn("/v1/checkout/sessions", 3, sandbox.ModeError)
		r.filed(t, 2, "A-1002-1", "status", "bankruptcy")
		if _, err := r.Portal.Payments.Sweep(ctx, 50); err == nil {
			t.Error("nothing failed")
		}
		r.Processor.ClearFaults()
		r.Clock.Move(time.Minute)
		r.runs(t, "payments")
		page.goOn(t, r, p, address)
		if now, err := r.Portal.Store.Payment(ctx, p.ID); err != nil || now.Status != payments.Canceled || r.Processor.ChargeCount(string(p.ID)) != 0 {
			t.Errorf("the payment is %s, %d charges, %v", now.Status, r.Processor.ChargeCount(string(p.ID)), err)
		}
		due, err := r.Portal.Store.DoubtsDue(ctx, r.Clock.Now().Add(time.Hour), 10)
		if err != nil || len(due) != 0 {
			t.Errorf("in doubt: %v, %v", due, err)
		}
	})
}

// TestWHK06_G00_ASettlementThatIsPaidTakesBackWhatIsOpen leaves a partner's page
// open on what a deal lets go, and pays the deal.
func TestWHK06_G00_ASettlementThatIsPaidTakesBackWhatIsOpen(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		r := rehearse(t, database)
		ctx := t.Context()
		terms := plans.DefaultTerms()
		terms.ID, terms.Scope, terms.Effective = "riverside", plans.Scope{CreditorRef: "C-102"}, civil.Of(r.Clock.Now()).AddDays(-10)
		terms.Settlements = []plans.SettlementFloor{{MinAgeDays: 30, Percent: 50, Payments: 2, ValidDays: 30}}
		if err := r.Portal.Store.AddTerms(ctx, []plans.Terms{terms}, r.Clock.Now()); err != nil {
			t.Fatal(err)
		}
		deal := r.byHand(t, "A-1002-1", plans.Wish{Kind: plans.Settlement, Count: 1})
		page := openSteps[2]
		p := r.startOn(t, "A-1002-1", page.method, 100_00)
		address := page.leave(t, r, p)
		if _, err := r.Pay(ctx, "A-1002", "the deal", deal.Total, payments.Card, "pm_card_visa"); err != nil {
			t.Fatal(err)
		}
		if now := r.planNow(t, deal); now.Status != plans.Completed {
			t.Fatal(now.Status)
		}
		r.runs(t, "payments")
		page.goOn(t, r, p, address)
		if n := r.Processor.ChargeCount(string(p.ID)); n != 0 {
			t.Errorf("charged %d times for what was let go", n)
		}
	})
}

// TestSTR14_G00_ADisputeThatIsWonTakesBackWhatIsOpen leaves a partner's page open
// on what a bank had taken back, and lets the bank give it again.
func TestSTR14_G00_ADisputeThatIsWonTakesBackWhatIsOpen(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		r := rehearse(t, database)
		ctx := t.Context()
		paid, err := r.Pay(ctx, "A-1002", "key-1", 482_17, payments.Card, "pm_card_visa")
		if err != nil || paid.Status != payments.Confirmed {
			t.Fatal(paid.Status, err)
		}
		taken := r.Processor.Dispute(paid.IntentID, "fraudulent")
		if err := r.MoveDays(ctx, 1); err != nil {
			t.Fatal(err)
		}
		page := openSteps[2]
		p := r.startOn(t, "A-1002-1", page.method, 100_00)
		address := page.leave(t, r, p)
		r.Processor.DecideDispute(taken, true)
		r.Processor.Deliver(ctx)
		if now, err := r.Portal.Store.Payment(ctx, paid.ID); err != nil || now.Status != payments.Confirmed {
			t.Fatal(now.Status, err)
		}
		r.runs(t, "payments")
		page.goOn(t, r, p, address)
		if n := r.Processor.ChargeCount(string(p.ID)); n != 0 {
			t.Errorf("charged %d times for what is paid", n)
		}
	})
}

// TestAMT07_F1_ADraftIsNoMoney leaves a payment before it is sent: all of the debt
// is owed, may be paid and may be planned on, and nothing is said to be on its way.
func TestAMT07_F1_ADraftIsNoMoney(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		r := rehearse(t, database)
		for ref, n := range map[string]int{"A-1002": 0, "A-1009": 1, "A-1007": 2} { // chosen, reviewed, on the partner's page
			step, p := openSteps[n], r.startOn(t, ref+"-1", payments.Card, r.owed(t, ref+"-1"))
			step.leave(t, r, p)
			whole := r.owed(t, ref+"-1").String()
			v := r.visitor(t, ref)
			for _, path := range []string{"/account", "/debts/" + p.Allocations[0].DebtID, "/debts/" + p.Allocations[0].DebtID + "/plan"} {
				page, _ := v.get(path)
				if !strings.Contains(page, whole) || strings.Contains(page, "on its way") {
					t.Errorf("%s, %s: without %s, or it is on its way:\n%s", step.name, path, whole, page)
				}
			}
			plan := r.byHand(t, ref+"-1", plans.Wish{Kind: plans.Later})
			if plan.Total != p.Amount {
				t.Errorf("%s: signed for %s of %s", step.name, plan.Total, p.Amount)
			}
		}
	})
}

// owed is what is owed on a debt.
func (r *rehearsal) owed(t *testing.T, debtRef string) money.Cents {
	t.Helper()
	account, of, err := r.Portal.Store.DebtByRef(t.Context(), debtRef)
	if err != nil {
		t.Fatal(err)
	}
	return r.statement(t, account, of).Owed
}

// TestGEN01_F18_WhatMayBePaidIsTheGatesWord reads balances by the API.
func TestGEN01_F18_WhatMayBePaidIsTheGatesWord(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		r := rehearse(t, database)
		ctx := t.Context()
		r.filed(t, 2, "A-1007-1", "status", "recalled")
		draft := r.startOn(t, "A-1002-1", payments.Card, 482_17)
		held, st, err := r.FirstDebt(ctx, "A-1008")
		if err != nil {
			t.Fatal(err)
		}
		if err := byDisputing(50_00)(ctx, r, held, st.Debt.ID); err != nil {
			t.Fatal(err)
		}
		token := r.bearer(t, "", identity.AccountsRead)
		for ref, want := range map[string]map[string]money.Cents{
			"A-1013": {"A-1013-1": 0},                     // bankrupt
			"A-1007": {"A-1007-1": 0},                     // recalled
			"A-1004": {"A-1004-1": 0, "A-1004-2": 118_90}, // the first is disputed
			"A-1008": {"A-1008-1": 126_00},                // 50.00 of 176.00 are disputed
			"A-1002": {"A-1002-1": 482_17},                // chosen and not sent
		} {
			status, said := r.call(t, token, http.MethodGet, "/api/v1/accounts/"+ref+"/balance", "", nil)
			var got struct {
				Debts []struct {
					Ref     string      `json:"debt_ref"`
					Payable money.Cents `json:"payable_cents"`
					Pending money.Cents `json:"pending_cents"`
				}
			}
			if err := json.Unmarshal([]byte(said), &got); err != nil || status != http.StatusOK || len(got.Debts) != len(want) {
				t.Fatal(status, said, err)
			}
			for _, d := range got.Debts {
				if d.Payable != want[d.Ref] || d.Pending != 0 {
					t.Errorf("%s: payable %s, want %s; pending %s", d.Ref, d.Payable, want[d.Ref], d.Pending)
				}
			}
		}
		if draft.Status != payments.Started {
			t.Error(draft.Status)
		}
	})
}
