package main

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"quittance/payments"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/plans/schedule"
	"quittance/portal/claim"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/notice"
	"quittance/portal/notice/inbox"
	"quittance/portal/store/storetest"
)

var seenField = regexp.MustCompile(`name="seen" value="([^"]+)"`)

// pays pays $25.00 on a person's first debt, through the pages. Whoever wants to
// be told ticks the box for it.
func (c *clearing) pays(ref string, by payments.Method, token string, tell bool) (review string) {
	c.t.Helper()
	who := c.visitor(c.t, ref)
	at := c.toReview(c.t, who, by, token)
	review, _ = who.get(at)
	form := url.Values{"csrf": {field(csrfField, review)}, "seen": {field(seenField, review)}, "authorize": {"yes"}}
	if tell {
		form.Set("tell", "yes")
	}
	if done := who.post(at, form); done != strings.TrimSuffix(at, "/review") {
		c.t.Fatalf("%s: paying led from %q to %q", ref, at, done)
	}
	p, err := c.Portal.Store.Payment(c.t.Context(), payments.ID(strings.TrimSuffix(strings.TrimPrefix(at, "/payments/"), "/review")))
	c.must(err)
	c.paid[ref] = p
	return review
}

// toReview gets to the last page before a person pays $25.00 on their first debt.
func (r *rehearsal) toReview(t *testing.T, who *payer, by payments.Method, token string) (at string) {
	t.Helper()
	page, _ := who.get("/payments/new")
	of := debtField.FindStringSubmatch(page)
	if of == nil {
		t.Fatalf("nothing can be paid: %s", field(headline, page))
	}
	next := who.post("/payments/new", url.Values{
		"csrf": {field(csrfField, page)}, "once": {field(onceField, page)}, "choice_" + of[1]: {"other"}, "amount_" + of[1]: {"25.00"}, "method": {string(by)},
	})
	secret, err := r.Token(t.Context(), token, false)
	if err != nil {
		t.Fatal(err)
	}
	page, _ = who.get(next)
	return who.post(next, url.Values{"csrf": {field(csrfField, page)}, "confirmation_token": {secret}})
}

// mails are the messages about money that went to a person, the oldest first.
func (c *clearing) mails(ref string) []inbox.Item {
	c.t.Helper()
	id, _, err := c.FirstDebt(c.t.Context(), ref)
	c.must(err)
	c.must(c.Settle(c.t.Context()))
	all, err := c.Phone.Items(c.t.Context(), 1000)
	c.must(err)
	all = slices.DeleteFunc(all, func(i inbox.Item) bool { return i.Stored.AccountID != id || i.Stored.Kind != notice.KindMoney })
	slices.Reverse(all)
	return all
}

// hear holds what a person was told of their money by now, in this order.
func (c *clearing) hear(ref string, want ...string) {
	c.t.Helper()
	got := c.mails(ref)
	if len(got) != len(want) {
		c.t.Errorf("%s was told %d times, want %d: %+v", ref, len(got), len(want), got)
		return
	}
	for i, words := range want {
		if m := got[i]; !strings.Contains(m.Plain, words) || m.Stored.Status != notice.Sent {
			c.t.Errorf("%s: message %d is %s and does not say %q: %s", ref, i, m.Stored.Status, words, m.Plain)
		}
	}
}

// agrees lets a person allow a channel, as their preferences do.
func (c *clearing) agrees(ref string, choice contact.Choice) debt.AccountID {
	c.t.Helper()
	id, _, err := c.FirstDebt(c.t.Context(), ref)
	c.must(err)
	person, err := c.Portal.Store.Person(c.t.Context(), id)
	c.must(err)
	c.must(c.Portal.Contacts.Prefer(c.t.Context(), person.Reach(), choice, "consumer"))
	return id
}

// TestCOM05_F6_WhoeverPaysIsToldWhatBecomesOfIt pays through the pages: whoever
// ticks the box is told that it was paid or sent, that it cleared, came back or
// went back; whoever does not is told nothing, and is asked again.
func TestCOM05_F6_WhoeverPaysIsToldWhatBecomesOfIt(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		c := clears(t, database)
		ctx := t.Context()
		c.pays("A-1002", payments.BankAccount, "pm_usBankAccount_success", true)
		c.pays("A-1007", payments.BankAccount, "pm_usBankAccount_insufficientFunds", true)
		c.pays("A-1011", payments.Card, "pm_card_visa", true)
		review := c.pays("A-1006", payments.Card, "pm_card_visa", false)
		if !strings.Contains(review, "Email me about my payments and my account at A•••@example.com") || strings.Contains(review, `value="yes" checked`) {
			t.Error("nobody is asked, or the box is ticked beforehand")
		}
		c.hear("A-1002", "we asked your bank to send $25.00 from your bank account that ends in 6789")
		c.hear("A-1011", "usted pagó $25.00 desde su tarjeta que termina en 4242")
		c.must(c.MoveDays(ctx, 7))
		_, err := c.Portal.Payments.Refund(ctx, c.paid["A-1011"].ID, payments.Back{Amount: 10_00, Key: "key-1"})
		c.must(err)
		c.must(c.MoveDays(ctx, 1))
		c.hear("A-1002", "we asked your bank to send", "your payment of $25.00 from your bank account that ends in 6789 cleared")
		c.hear("A-1007", "we asked your bank to send", "your bank sent your payment of $25.00 back. It does not count as paid.")
		c.hear("A-1011", "usted pagó", "le devolvimos $10.00")
		c.hear("A-1006")
		for _, m := range c.mails("A-1007") {
			if m.Subject != "Your payment "+c.paid["A-1007"].Reference || !strings.Contains(m.Plain, "This is from a debt collector.") {
				t.Errorf("DSC-02: %q: %s", m.Subject, m.Plain)
			}
		}
		if review := c.pays("A-1002", payments.Card, "pm_card_visa", false); strings.Contains(review, `name="tell"`) {
			t.Error("who agreed is asked again")
		}
		c.hear("A-1002", "we asked", "cleared", "you paid $25.00 from your card that ends in 4242")
	})
}

// TestAMT07_F6_WhoPaidTooMuchHearsThatItGoesBack lets files lower what is owed
// while the bank moves the money, and after a card paid. By email it is said; by
// text the payment's own word says that there is news, and a word of its own where a
// file brings it; who asked for no word of their money gets none.
func TestAMT07_F6_WhoPaidTooMuchHearsThatItGoesBack(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		c := clears(t, database)
		pays := map[string]payments.Method{"A-1002": payments.BankAccount, "A-1006": payments.BankAccount, "A-1007": payments.Card, "A-1008": payments.Card, "A-1011": payments.Card}
		tokens := map[payments.Method]string{payments.BankAccount: "pm_usBankAccount_success", payments.Card: "pm_card_visa"}
		c.agrees("A-1006", contact.Choice{SMS: true})
		c.agrees("A-1008", contact.Choice{SMS: true})
		for ref, by := range pays {
			c.pays(ref, by, tokens[by], ref == "A-1002" || ref == "A-1007")
			c.owe(t, ref, 2, 15_00, debt.Active)
		}
		const tooMuch = "your payments came to $10.00 more than was owed. We send it back to you."
		c.hear("A-1007", "you paid $25.00", tooMuch)
		c.hear("A-1008", "there is news for you", "there is news for you")
		c.must(c.MoveDays(t.Context(), 7))
		c.must(c.MoveDays(t.Context(), 1)) // at an hour at which messages leave
		c.hear("A-1002", "we asked your bank to send", "cleared", tooMuch)
		c.hear("A-1006", "there is news for you", "there is news for you")
		c.hear("A-1011")
	})
}

// TestSMS04_F6_ByTextNobodyIsToldMoreThanThatThereIsNews tells of money by text,
// where no email may be used.
func TestSMS04_F6_ByTextNobodyIsToldMoreThanThatThereIsNews(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		c := clears(t, database)
		c.agrees("A-1002", contact.Choice{SMS: true})
		c.pays("A-1002", payments.Card, "pm_card_visa", false)
		got := c.mails("A-1002")
		want := "Acme Services: there is news for you. " + c.URL + "/ Reply STOP to end texts."
		if len(got) != 1 || got[0].Channel != contact.SMS || got[0].Plain != want || got[0].Subject != "" {
			t.Errorf("told %+v", got)
		}
	})
}

// TestCOM10_STS01_F6_NobodyIsToldWhomNoMessageMayReach has a rule stand against
// the word, when it is written or by the time that it leaves. A dispute does not:
// what became of the person's own money is an answer.
func TestCOM10_STS01_F6_NobodyIsToldWhomNoMessageMayReach(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		c := clears(t, database)
		ctx := t.Context()
		both := contact.Choice{SMS: true, Email: true}
		for _, ref := range []string{"A-1002", "A-1006", "A-1007", "A-1008", "A-1009", "A-1001"} {
			c.agrees(ref, both)
		}
		for _, ref := range []string{"A-1002", "A-1006", "A-1007", "A-1008", "A-1009"} {
			c.pays(ref, payments.BankAccount, "pm_usBankAccount_success", false)
			c.hear(ref, "we asked your bank to send $25.00")
		}
		c.restate(map[string]string{"A-1002": "bankruptcy", "A-1006": "attorney"})
		ceased, _, err := c.FirstDebt(ctx, "A-1007")
		c.must(err)
		_, err = c.Portal.Claims.Make(ctx, claim.Request{AccountID: ceased, Kind: claim.Hardship, Door: claim.ByConsumer, By: "session:ses_1"})
		c.must(err)
		c.agrees("A-1008", contact.Choice{}) // wants nothing any more
		c.disputed("A-1009")
		c.pays("A-1001", payments.Card, "pm_card_visa", false) // and goes bankrupt before the word has left
		c.restate(map[string]string{"A-1002": "bankruptcy", "A-1006": "attorney", "A-1001": "bankruptcy"})
		c.must(c.MoveDays(ctx, 7))
		for _, ref := range []string{"A-1002", "A-1006", "A-1007", "A-1008"} {
			c.hear(ref, "we asked your bank to send")
		}
		c.hear("A-1009", "we asked your bank to send", "We hold it. It does not count as paid.")
		if got := c.mails("A-1001"); len(got) != 1 || got[0].Stored.Status != notice.Withheld {
			t.Errorf("A-1001 was told %+v", got)
		}
	})
}

// TestREG04_F6_WhoHasAPlanIsToldWhenItChangesWithoutThem lets files lower one debt
// and take another back, and a saved card be declined when nobody is looking.
func TestREG04_F6_WhoHasAPlanIsToldWhenItChangesWithoutThem(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		c := clears(t, database)
		ctx := t.Context()
		c.signUp(t, "A-1002", payments.Card, "pm_card_visa", c.monthlyFrom(20, 100_00)) // of 482.17
		c.signUp(t, "A-1008", payments.Card, "pm_card_visa", c.monthlyFrom(20, 50_00))
		c.signUp(t, "A-1007", payments.Card, "pm_card_chargeCustomerFail", plans.Wish{
			Kind: plans.Later, Rule: schedule.Rule{First: civil.Of(c.Clock.Now()).AddDays(4)},
		})
		c.filed(t, 2, "A-1002-1", "owed", "150.00")
		c.filed(t, 2, "A-1008-1", "status", "recalled")
		c.hear("A-1002", "Less is owed than before. So we changed the payments that you agreed to: they come to less. The next one is $100.00 on ")
		c.hear("A-1008", "The payments that you agreed to have ended.")
		c.hear("A-1007")
		c.must(c.MoveDays(ctx, 8))
		c.hear("A-1007", "a payment of $231.40 from your card that ends in 0341 did not work. Nothing was taken.")
	})
}

// TestACH08_F6_TheAccountSaysFirstWhatHappenedWithoutThePersonsDoing lets a bank
// send a payment back, a charge of a plan fail, money be held and a balance fall
// below what was paid.
func TestACH08_F6_TheAccountSaysFirstWhatHappenedWithoutThePersonsDoing(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		c := clears(t, database)
		c.send("A-1002")
		c.disputed("A-1002")
		c.pays("A-1007", payments.BankAccount, "pm_usBankAccount_insufficientFunds", false)
		plan, _ := c.signUp(t, "A-1008", payments.Card, "pm_card_chargeCustomerFail", plans.Wish{
			Kind: plans.Later, Rule: schedule.Rule{First: civil.Of(c.Clock.Now()).AddDays(4)},
		})
		c.send("A-1009")
		c.takes(1, func(ref string, row []string, at func(string) int) {
			if ref == "A-1009" { // $25.00 is on its way
				row[at("payments_credits")], row[at("balance")] = "940.00", "10.00"
			}
		})
		c.must(c.MoveDays(t.Context(), 8))
		_, over := c.now("A-1009")
		for ref, want := range map[string]string{
			"A-1002": `/payments/` + string(c.paid["A-1002"].ID) + `">We hold a payment of yours.`,
			"A-1007": `/payments/` + string(c.paid["A-1007"].ID) + `">Your bank sent a payment back on `,
			"A-1008": `/plans/` + string(plan.ID) + `">A payment of your plan did not work.`,
			"A-1009": `/debts/` + string(over.Debt.ID) + `">You paid more than was owed. We send it back.`,
		} {
			if page, _ := c.visitor(t, ref).get("/account"); !strings.Contains(page, want) || strings.Count(page, "News of your money") != 1 {
				t.Errorf("%s: the account does not say %s: %s", ref, want, page)
			}
		}
		if page, _ := c.visitor(t, "A-1006").get("/account"); strings.Contains(page, "News of your money") {
			t.Error("A-1006 is told of nothing")
		}
	})
}
