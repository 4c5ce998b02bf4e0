package consumer_test

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/gatewaytest"
	"quittance/payments/sandbox"
	"quittance/portal/debt"
	"quittance/portal/intake"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

func TestAPersonPaysByCard(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(33217), owing(15000))
	v := b.signedIn(t, p)
	account := v.get("/account")
	for _, want := range []string{"$482.17", "Mercy Clinic", "Ana"} {
		if !strings.Contains(account.body, want) {
			t.Errorf("the account lacks %q", want)
		}
	}
	if d := v.get("/debts/" + string(p.debts[0].ID)); d.status != 200 || !strings.Contains(d.body, "$332.17") {
		t.Errorf("the debt: %d", d.status)
	}
	id := v.ready(gatewaytest.CardDebit, "choice_"+string(p.debts[1].ID), "all")
	review := v.get("/payments/" + id + "/review")
	if !strings.Contains(review.body, "Pay $150.00 now") || !strings.Contains(review.body, "Mercy Clinic") {
		t.Errorf("the review page:\n%s", review.body)
	}
	if a := v.post("/payments/" + id + "/review"); a.status != 303 || a.location != "/payments/"+id {
		t.Fatalf("paying led to %d %s", a.status, a.location)
	}
	outcome := v.get("/payments/" + id)
	if !strings.Contains(outcome.body, "You paid $150.00") {
		t.Fatalf("the outcome:\n%s", outcome.body)
	}
	if got := len(b.bench.Sandbox.Charges()); got != 1 {
		t.Errorf("%d charges", got)
	}
	if a := v.get("/account"); !strings.Contains(a.body, "$332.17") || strings.Contains(a.body, "$482.17") {
		t.Error("the balance did not go down")
	}
}

func TestM3_WhatWasPaidSinceTheBalanceOfItsDayIsListed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000), owing(9900))
	v := b.signedIn(t, p)
	id := string(p.debts[0].ID)
	pages := []string{"/account", "/debts/" + id}
	const since = "$50.00, already taken off."
	listed := func(want int) {
		t.Helper()
		for _, page := range pages {
			if got := strings.Count(v.get(page).body, since); got != want {
				t.Errorf("%s lists %d, want %d", page, got, want)
			}
		}
	}
	listed(0)
	payment := v.ready(gatewaytest.CardDebit, "choice_"+id, "other", "amount_"+id, "50")
	v.post("/payments/" + payment + "/review")
	listed(1)
	if other := v.get("/debts/" + string(p.debts[1].ID)); strings.Contains(other.body, "already taken off") {
		t.Error("the other debt lists it")
	}
}

func TestABankPaymentIsPendingUntilItClearsAndMayComeBack(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for kind, want := range map[gatewaytest.Kind]string{
		gatewaytest.BankGood:    "You paid $150.00",
		gatewaytest.BankNoFunds: "Your bank sent the payment back",
	} {
		p := b.place(t, owing(15000))
		v := b.signedIn(t, p)
		id := v.ready(kind, "choice_"+string(p.debts[0].ID), "all")
		if a := v.post("/payments/" + id + "/review"); a.status != 422 || !strings.Contains(a.body, "Tick the box") {
			t.Fatalf("without the authorization: %d", a.status)
		}
		if a := v.post("/payments/"+id+"/review", "authorize", "yes", "seen", "what was shown yesterday"); a.status != 422 || !strings.Contains(a.body, "read this again") {
			t.Fatalf("REG-02: another text than was shown: %d", a.status)
		}
		if a := v.authorize(id); a.status != 303 {
			t.Fatalf("paying led to %d\n%s", a.status, a.body)
		}
		pending := v.get("/payments/" + id)
		if !strings.Contains(pending.body, "Your bank is sending $150.00") || strings.Contains(pending.body, "You paid") {
			t.Fatalf("pending:\n%s", pending.body)
		}
		if c := v.get("/payments/new"); !strings.Contains(c.body, "All of it is on its way") {
			t.Error("a second payment of the same debt is offered")
		}
		b.bench.Sandbox.Advance(6 * 24 * time.Hour)
		if _, _, err := b.pay.Refresh(t.Context(), payments.ID(id)); err != nil {
			t.Fatal(err)
		}
		v = b.signedIn(t, p)
		if a := v.get("/payments/" + id); !strings.Contains(a.body, want) {
			t.Errorf("%s: no %q in\n%s", kind, want, a.body)
		}
	}
}

func TestADeclineTakesNothingAndTheNextTryIsANewPayment(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	all := "choice_" + string(p.debts[0].ID)
	id := v.ready(gatewaytest.CardNoFunds, all, "all")
	v.post("/payments/" + id + "/review")
	a := v.get("/payments/" + id)
	if !strings.Contains(a.body, "Nothing was taken") || !strings.Contains(a.body, "not enough money") {
		t.Fatalf("the decline:\n%s", a.body)
	}
	second := v.ready(gatewaytest.CardDebit, all, "all")
	if second == id {
		t.Fatal("the payment that failed was used again")
	}
	v.post("/payments/" + second + "/review")
	if a := v.get("/payments/" + second); !strings.Contains(a.body, "You paid $150.00") {
		t.Errorf("the second try:\n%s", a.body)
	}
}

func TestABankMayAskForOneMoreStep(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	id := v.ready(gatewaytest.CardChallenge, "choice_"+string(p.debts[0].ID), "all")
	v.post("/payments/" + id + "/review")
	a := v.get("/payments/" + id)
	for _, words := range []string{`href="` + b.bench.URL + `/3ds/`, "Go to my bank&#39;s check", "Nothing has been taken so far", "(800) 555-0134", `href="/payments/new"`} {
		if !strings.Contains(a.body, words) {
			t.Errorf("the step lacks %s:\n%s", words, a.body)
		}
	}
	if strings.Contains(a.body, "_secret_") || strings.Contains(a.body, b.bench.URL+"/v3/") {
		t.Error("the step needs a script")
	}
	// What the processor writes into the address when it leads back stays nowhere.
	v.goes(303, "/payments/"+id, v.get("/payments/"+id+"?payment_intent=pi_1&payment_intent_client_secret=pi_1_secret_2&redirect_status=pending"))
	// Choosing again gives the first payment up at the processor.
	second := v.ready(gatewaytest.CardDebit, "choice_"+string(p.debts[0].ID), "all")
	v.post("/payments/" + second + "/review")
	if a := v.get("/payments/" + id); !strings.Contains(a.body, "This payment was stopped") {
		t.Errorf("the first payment:\n%s", a.body)
	}
	if got := len(b.bench.Sandbox.Charges()); got != 1 {
		t.Errorf("%d charges", got)
	}
}

func TestSTR02_ACreditCardIsRefusedForALoanBeforeAnythingIsTaken(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owingAs(15000, debt.Loan, debt.Active))
	v := b.signedIn(t, p)
	a := v.choose("card", "choice_"+string(p.debts[0].ID), "all")
	v.get(a.location)
	refused := v.post(a.location, "confirmation_token", b.bench.Token(t, gatewaytest.CardCredit))
	if refused.status != 422 || !strings.Contains(refused.body, "This is a credit card") {
		t.Fatalf("got %d\n%s", refused.status, refused.body)
	}
	if next := v.post(a.location, "confirmation_token", b.bench.Token(t, gatewaytest.CardDebit)); next.status != 303 {
		t.Errorf("a debit card: %d", next.status)
	}
	hosted := v.post(strings.Replace(a.location, "/method", "/hosted", 1))
	if hosted.status != 422 {
		t.Errorf("the hosted page was opened for any card: %d", hosted.status)
	}
}

func TestSTS07_AnOldDebtShowsItsNoticeAndIsPaidInFullOrNot(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owingAs(15000, debt.Medical, debt.TimeBarred))
	v := b.signedIn(t, p)
	id := string(p.debts[0].ID)
	for _, page := range []string{"/account", "/debts/" + id, "/payments/new"} {
		if a := v.get(page); !strings.Contains(a.body, "we will not sue you for it") {
			t.Errorf("%s lacks the notice", page)
		}
	}
	if a := v.choose("card", "choice_"+id, "other", "amount_"+id, "10"); a.status != 422 || !strings.Contains(a.body, "only be paid in full") {
		t.Errorf("a part was taken: %d", a.status)
	}
}

func TestSTS01_ABankruptAccountShowsNoAmount(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(33217), owingAs(15000, debt.Medical, debt.Bankruptcy))
	v := b.signedIn(t, p)
	if a := v.get("/account"); strings.Contains(a.body, "$") || !strings.Contains(a.body, "bankruptcy") {
		t.Errorf("the account:\n%s", a.body)
	}
	for _, d := range p.debts {
		if a := v.get("/debts/" + string(d.ID)); a.status != 303 || a.location != "/account" {
			t.Errorf("a debt was shown: %d", a.status)
		}
	}
	if a := v.get("/payments/new"); a.status != 303 {
		t.Errorf("paying is offered: %d", a.status)
	}
}

func TestAMT06_NothingIsPaidOnADisputedDebt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(33217), owingAs(15000, debt.Medical, debt.Disputed))
	v := b.signedIn(t, p)
	if a := v.get("/payments/new"); !strings.Contains(a.body, "It cannot be paid while we look at it") {
		t.Error("the page does not say why")
	}
	a := v.choose("card", "choice_"+string(p.debts[1].ID), "all")
	if a.status != 422 {
		t.Errorf("a disputed debt was taken: %d", a.status)
	}
}

func TestWhatCannotBeAnAmountIsRefusedBesideItsField(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	id := string(p.debts[0].ID)
	tests := []struct{ typed, says string }{
		{"", "Type the amount you want to pay"},
		{"-5", "above zero"},
		{"$-5", "above zero"},
		{"0", "above zero"},
		{"0.00", "above zero"},
		{"10.005", "two numbers after the point"},
		{"ten", "in dollars and cents"},
		{"1e3", "in dollars and cents"},
		{"1,5", "if the comma is for cents"},
		{"1.250,50", "if the comma is for cents"},
		{"4,82.17", "if the comma is for cents"},
		{"150,01", "up to $150.00"},
		{"150.01", "up to $150.00"},
		{"999999999999999999999", "up to $150.00"},
		{"9223372036854775808", "up to $150.00"},
		{"10\x00", "in dollars and cents"},
		{"\xff10", "in dollars and cents"},
		{"٣", "in dollars and cents"},
		{"0.49", "The smallest amount is $0.50"},
	}
	for _, tt := range tests {
		a := v.choose("card", "choice_"+id, "other", "amount_"+id, tt.typed)
		if a.status != 422 || !strings.Contains(a.body, tt.says) {
			t.Errorf("%q: got %d without %q", tt.typed, a.status, tt.says)
		}
		if tt.typed == "150.01" && !strings.Contains(a.body, `value="150.01"`) {
			t.Error("what was typed is gone")
		}
	}
	if a := v.choose("card"); a.status != 422 || !strings.Contains(a.body, "Choose what you want to pay") {
		t.Errorf("nothing chosen: %d", a.status)
	}
	if a := v.choose("gold", "choice_"+id, "all"); a.status != 422 || !strings.Contains(a.body, "Choose a bank account or a card") {
		t.Errorf("an unknown method: %d", a.status)
	}
	if a := v.choose("card", "choice_"+id, "all", "debt_id", "dbt_other", "status", "confirmed", "fee", "1"); a.status != 303 {
		t.Errorf("fields that do not exist mattered: %d", a.status)
	}
}

// TestE2_G10_AKeypadThatHasOnlyACommaPaysToTheCent pays "12,50" on the page.
func TestE2_G10_AKeypadThatHasOnlyACommaPaysToTheCent(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	id := string(p.debts[0].ID)
	began := v.ready(gatewaytest.CardDebit, "choice_"+id, "other", "amount_"+id, "12,50")
	says(t, v.get("/payments/"+began+"/review"), "Pay $12.50 now")
	v.post("/payments/" + began + "/review")
	says(t, v.get("/debts/"+id), "$137.50")
}

func TestU17_NoSecondSendingPaysTwice(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	all := "choice_" + string(p.debts[0].ID)
	page := v.get("/payments/new")
	once := onceField.FindStringSubmatch(page.body)[1]
	first := v.post("/payments/new", "once", once, "method", "card", all, "all")
	again := v.post("/payments/new", "once", once, "method", "card", all, "all")
	if first.location != again.location {
		t.Fatalf("a second sending led elsewhere: %s, %s", first.location, again.location)
	}
	other := v.post("/payments/new", "once", once, "method", "us_bank_account", all, "all")
	if other.status != 422 || !strings.Contains(other.body, "already sent this payment") {
		t.Errorf("the same key with other content: %d", other.status)
	}
	id := strings.TrimSuffix(strings.TrimPrefix(first.location, "/payments/"), "/method")
	v.get(first.location)
	v.post(first.location, "confirmation_token", b.bench.Token(t, gatewaytest.CardDebit))
	v.get("/payments/" + id + "/review")
	for range 3 { // a double click and a refresh
		if a := v.post("/payments/" + id + "/review"); a.status != 303 || a.location != "/payments/"+id {
			t.Errorf("paying again led to %d %s", a.status, a.location)
		}
	}
	if a := v.get("/payments/" + id + "/review"); a.location != "/payments/"+id {
		t.Errorf("back on the review page: %d %s", a.status, a.location)
	}
	if a := v.get("/payments/" + id + "/method"); a.location != "/payments/"+id {
		t.Errorf("back on the method page: %d %s", a.status, a.location)
	}
	if a := v.post("/payments/new", "once", once, "method", "card", all, "all"); a.location != "/payments/"+id {
		t.Errorf("the first form again: %d %s", a.status, a.location)
	}
	if got := len(b.bench.Sandbox.Charges()); got != 1 {
		t.Errorf("%d charges", got)
	}
}

func TestAMT07_TwoTabsCannotPayTheSameDebtTwice(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	all := "choice_" + string(p.debts[0].ID)
	one, two := b.signedIn(t, p), b.signedIn(t, p)
	first := one.ready(gatewaytest.CardDebit, all, "all")
	second := two.ready(gatewaytest.CardDebit, all, "all")
	one.post("/payments/" + first + "/review")
	two.post("/payments/" + second + "/review")
	if got := len(b.bench.Sandbox.Charges()); got != 1 {
		t.Errorf("%d charges", got)
	}
	if a := one.get("/payments/" + first); !strings.Contains(a.body, "This payment was stopped") {
		t.Errorf("the tab that was left:\n%s", a.body)
	}
}

func TestR17_FiftySendingsOfOneFormChargeOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		p := b.place(t, owing(15000))
		v := b.signedIn(t, p)
		once := onceField.FindStringSubmatch(v.get("/payments/new").body)[1]
		token := v.csrf
		answers := many(func() string {
			a := v.post("/payments/new", "csrf", token, "once", once, "method", "card", "choice_"+string(p.debts[0].ID), "all")
			return fmt.Sprint(a.status, a.location)
		})
		if len(answers) != 1 {
			t.Fatalf("choosing was answered in %d ways: %v", len(answers), answers)
		}
		id := strings.TrimSuffix(strings.TrimPrefix(slices.Collect(maps.Keys(answers))[0], "303/payments/"), "/method")
		v.post("/payments/"+id+"/method", "csrf", token, "confirmation_token", b.bench.Token(t, gatewaytest.CardDebit))
		answers = many(func() string {
			a := v.post("/payments/"+id+"/review", "csrf", token)
			return fmt.Sprint(a.status, a.location)
		})
		if len(answers) != 1 || answers["303/payments/"+id] != 50 {
			t.Errorf("paying was answered in %d ways: %v", len(answers), answers)
		}
		if got := len(b.bench.Sandbox.Charges()); got != 1 {
			t.Errorf("%d charges", got)
		}
	})
}

// many does something fifty times at once and counts the different answers. A
// busy machine may turn a sending away (503) before it did anything; whoever
// sends it again gets the answer of all the others.
func many(do func() string) map[string]int {
	var mu sync.Mutex
	var all sync.WaitGroup
	answers := map[string]int{}
	for range 50 {
		all.Go(func() {
			answer := do()
			for strings.HasPrefix(answer, "503") {
				answer = do()
			}
			mu.Lock()
			defer mu.Unlock()
			answers[answer]++
		})
	}
	all.Wait()
	return answers
}

func TestU13_WhenTheAnswerIsLostThePageSaysSoAndNobodyPaysTwice(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	id := v.ready(gatewaytest.CardDebit, "choice_"+string(p.debts[0].ID), "all")
	b.bench.Sandbox.FailNextOn("/confirm", 1, sandbox.ModeErrorAfter)
	v.post("/payments/" + id + "/review")
	b.bench.Sandbox.FailNextOn("/payment_intents", 1000, sandbox.ModeError)
	a := v.get("/payments/" + id)
	if !strings.Contains(a.body, "Do not pay again") || !strings.Contains(a.body, `http-equiv="refresh"`) {
		t.Fatalf("while nobody knows:\n%s", a.body)
	}
	if c := v.get("/payments/new"); !strings.Contains(c.body, "We are checking a payment you made") {
		t.Error("a second payment is offered while one is unknown")
	}
	b.bench.Sandbox.ClearFaults()
	b.bench.Sandbox.Advance(5 * time.Second)
	if a := v.get("/payments/" + id); !strings.Contains(a.body, "You paid $150.00") {
		t.Errorf("afterwards:\n%s", a.body)
	}
	if got := len(b.bench.Sandbox.Charges()); got != 1 {
		t.Errorf("%d charges", got)
	}
}

func TestU17_AfterTheSessionEndedThePaymentGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	id := string(p.debts[0].ID)
	v := b.signedIn(t, p)
	page := v.get("/payments/new")
	once := onceField.FindStringSubmatch(page.body)[1]
	b.bench.Sandbox.Advance(16 * time.Minute)
	expired := v.post("/payments/new", "once", once, "method", "card", "choice_"+id, "other", "amount_"+id, "12.50")
	if expired.status != 403 || strings.Contains(expired.body, "12.50") {
		t.Fatalf("after the session: %d", expired.status)
	}
	v.get("/")
	v.post("/", "code", p.code)
	v.get("/verify")
	if a := v.post("/verify", "zip", "45501"); a.location != "/payments/new" {
		t.Fatalf("signing in led to %q", a.location)
	}
	if a := v.get("/payments/new"); !strings.Contains(a.body, `value="12.50"`) {
		t.Error("what was typed is gone")
	}
}

func TestWhatOnePersonTypedIsNotShownToTheNextOne(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ana, ben := b.place(t, owing(15000)), b.place(t, owing(9900))
	v := b.signedIn(t, ana)
	b.bench.Sandbox.Advance(16 * time.Minute)
	v.get("/debts/" + string(ana.debts[0].ID))
	v.get("/")
	v.post("/", "code", ben.code)
	v.get("/verify")
	if a := v.post("/verify", "zip", "45501"); a.location != "/account" {
		t.Errorf("the next person was led to %q", a.location)
	}
}

func TestU7_WithoutJavaScriptTheProcessorsOwnPageTakesOver(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	a := v.choose("card", "choice_"+string(p.debts[0].ID), "all")
	id := strings.TrimSuffix(strings.TrimPrefix(a.location, "/payments/"), "/method")
	if page := v.get(a.location); !strings.Contains(page.body, `href="/payments/`+id+`/hosted"`) {
		t.Error("the way is not offered")
	}
	page := v.get("/payments/" + id + "/hosted")
	if !strings.Contains(page.header.Get("Content-Security-Policy"), "form-action 'self' "+b.bench.URL) {
		t.Error("the form may not lead to the processor's page")
	}
	seen := field(t, seenField, page)
	hosted := v.post("/payments/"+id+"/hosted", "seen", seen)
	if hosted.status != 303 || !strings.HasPrefix(hosted.location, b.bench.URL+"/checkout/") {
		t.Fatalf("got %d %s", hosted.status, hosted.location)
	}
	if again := v.post("/payments/"+id+"/hosted", "seen", seen); again.location != hosted.location && again.location != "/payments/"+id {
		t.Errorf("a second click opened another page: %s", again.location)
	}
	if back := v.get("/payments/" + id); !strings.Contains(back.body, "Nothing was taken") {
		t.Errorf("back without paying:\n%s", back.body)
	}
	if late := v.get("/payments/" + id + "/hosted"); late.location != "/payments/"+id {
		t.Errorf("a payment that ended is reviewed: %d", late.status)
	}
}

func TestAMT08_WithoutJavaScriptTheSameIsSaidBeforePayingAndKept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, method := range []string{"card", "us_bank_account"} {
		p := b.place(t, owingAs(15000, debt.Medical, debt.TimeBarred))
		v := b.signedIn(t, p)
		page := strings.Replace(v.choose(method, "choice_"+string(p.debts[0].ID), "all").location, "/method", "/hosted", 1)
		review := v.get(page)
		for _, mark := range []string{"", "another text"} {
			if a := v.post(page, "authorize", "yes", "seen", mark); a.status != 422 || !strings.Contains(a.body, "read this again") {
				t.Errorf("%s: agreed to what was not shown (%q): %d", method, mark, a.status)
			}
		}
		for _, want := range []string{"For: Care in 2022. First owed to", "we will not sue you for it", "Go on to pay $150.00"} {
			if !strings.Contains(review.body, want) {
				t.Errorf("%s: the review lacks %q:\n%s", method, want, review.body)
			}
		}
		seen := seenField.FindStringSubmatch(review.body)[1]
		if opened := v.post(page, "seen", seen); method == "card" != (opened.status == 303) {
			t.Errorf("%s: without a tick: %d", method, opened.status)
		}
		if opened := v.post(page, "authorize", "yes", "seen", seen); !strings.HasPrefix(opened.location, b.bench.URL+"/checkout/") {
			t.Errorf("ACH-03: with the tick: %d %s", opened.status, opened.location)
		}
		payment, err := b.pay.Payment(t.Context(), string(p.account.ID), payments.ID(strings.Split(page, "/")[2]))
		must(t, err)
		c := payment.Consent
		if !strings.Contains(c.Text, "First owed to") || c.TextHash == "" || c.IP == "" || c.SessionID == "" || c.At.IsZero() {
			t.Errorf("%s: kept %+v", method, c)
		}
		if bank := strings.Contains(c.Text, "I authorize Acme Services, LLC to debit $150.00"); bank != (method != "card") {
			t.Errorf("%s: kept %q", method, c.Text)
		}
	}
}

func TestAMT06_ADebtThatChangedOnTheWayToTheHostedPageIsChosenAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	page := strings.Replace(v.choose("card", "choice_"+string(p.debts[0].ID), "all").location, "/method", "/hosted", 1)
	seen := field(t, seenField, v.get(page))
	disputed := p.debts[0]
	disputed.Status = debt.Disputed
	must(t, b.store.InTx(t.Context(), func(ctx context.Context) error {
		return b.store.SavePlacements(ctx, intake.Batch{At: b.now(), ChangedDebts: []debt.Debt{disputed}})
	}))
	if a := v.post(page, "seen", seen); a.status != 422 || !strings.Contains(a.body, "It cannot be paid while we look at it") {
		t.Errorf("got %d\n%s", a.status, a.body)
	}
}

func TestTheReceiptCanBeKept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	id := v.ready(gatewaytest.CardDebit, "choice_"+string(p.debts[0].ID), "other", "amount_"+string(p.debts[0].ID), "50")
	v.post("/payments/" + id + "/review")
	payment, err := b.pay.Payment(t.Context(), string(p.account.ID), payments.ID(id))
	must(t, err)
	a := v.get("/receipts/" + payment.Reference)
	for _, want := range []string{payment.Reference, "$50.00", "$100.00", "Ana Garcia", "Acme Services, LLC"} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the receipt lacks %q", want)
		}
	}
	if payment.Consent.Text == "" || !strings.Contains(payment.Consent.Text, "Mercy Clinic") || payment.Consent.SessionID == "" {
		t.Errorf("what was shown is not kept: %+v", payment.Consent)
	}
}

// keptField is one field of a form that sends the same amounts again.
var keptField = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)

// TestF10_AfterADeclineTheAmountsStayAndAnotherMethodIsOneStepAway presses the
// button of the page that says no, as it stands there.
func TestF10_AfterADeclineTheAmountsStayAndAnotherMethodIsOneStepAway(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(150_00), owing(99_00))
	v := b.signedIn(t, p)
	first, second := string(p.debts[0].ID), string(p.debts[1].ID)
	id := v.ready(gatewaytest.CardNoFunds, "choice_"+first, "other", "amount_"+first, "40", "choice_"+second, "other", "amount_"+second, "12.34")
	v.post("/payments/" + id + "/review")
	page := v.get("/payments/" + id)
	says(t, page, "Nothing was taken", "The amounts are kept.", "Another card", "From a bank account")
	_, form, found := strings.Cut(page.body, "Another card")
	if form, _, _ = strings.Cut(form, "From a bank account"); !found {
		t.Fatal("there is no form")
	}
	var fields []string
	for _, match := range keptField.FindAllStringSubmatch(form, -1) {
		fields = append(fields, match[1], match[2])
	}
	again := v.post("/payments/new", fields...)
	if again.status != 303 || !strings.HasSuffix(again.location, "/method") {
		t.Fatalf("another method: %d %s\n%s", again.status, again.location, again.body)
	}
	says(t, v.get(again.location), "$52.34", "bank")
	if !strings.Contains(strings.Join(fields, " "), "us_bank_account") {
		t.Errorf("the last form is %v", fields)
	}
}

// TestF21_ASentenceWithoutItsPartIsLeftOut reviews a payment on a debt that has
// no description.
func TestF21_ASentenceWithoutItsPartIsLeftOut(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := owing(150_00)
	d.Description = ""
	v := b.signedIn(t, b.place(t, d))
	id := v.ready(gatewaytest.CardDebit, "choice_"+string(d.ID), "all")
	page := v.get("/payments/" + id + "/review")
	says(t, page, "First owed to Mercy Clinic.")
	saysNot(t, page, "For:")
}

// TestIE_F10_NoDayThatIsPastIsPromised leaves a bank payment on its way until
// after the day on which it should have cleared.
func TestIE_F10_NoDayThatIsPastIsPromised(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(150_00))
	v := b.signedIn(t, p)
	id := v.ready(gatewaytest.BankGood, "choice_"+string(p.debts[0].ID), "all")
	v.goes(303, "/payments/"+id, v.authorize(id))
	says(t, v.get("/payments/"+id), "It should clear by")
	b.bench.Sandbox.Advance(12 * 24 * time.Hour)
	v = b.signedIn(t, p)
	reference := regexp.MustCompile(`PAY-\w+`)
	page := v.get("/payments/" + id)
	for _, a := range []view{page, v.get("/debts/" + string(p.debts[0].ID)), v.get("/receipts/" + reference.FindString(page.body))} {
		says(t, a, "It takes longer than it should.")
		saysNot(t, a, "should clear by")
	}
}
