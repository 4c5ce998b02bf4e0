package main

import (
	"net/url"
	"strings"
	"testing"

	"quittance/payments"
	"quittance/portal/store/storetest"
)

// TestACH03_F16_ABankPaymentIsStoppedUntilItIsSentAndTheWordsSayNoMore stops what
// waits for a check at the bank, by the page; and what is sent, which nobody can
// stop any more, as the authorization says.
func TestACH03_F16_ABankPaymentIsStoppedUntilItIsSentAndTheWordsSayNoMore(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		c := clears(t, database)
		ctx := t.Context()
		for i, debt := range []string{"A-1007-1", "A-1008-1"} { // a card's bank asks; two small deposits prove an account
			way := openSteps[len(openSteps)-2+i]
			p := c.startOn(t, debt, way.method, 50_00)
			address := way.leave(t, c.rehearsal, p)
			ref, at := strings.TrimSuffix(debt, "-1"), "/payments/"+string(p.ID)
			who := c.visitor(t, ref)
			page, _ := who.get(at)
			if !strings.Contains(page, `action="`+at+`/stop"`) {
				t.Fatalf("%s: there is no way back: %s", way.name, page)
			}
			if led := who.post(at+"/stop", url.Values{"csrf": {field(csrfField, page)}}); led != at {
				t.Fatalf("%s: stopping led to %q", way.name, led)
			}
			if page, _ = who.get(at); !strings.Contains(page, "This payment was stopped") || strings.Contains(page, "/stop") {
				t.Errorf("%s: after it: %s", way.name, page)
			}
			way.goOn(t, c.rehearsal, p, address) // what is stopped is stopped at the processor too
			c.must(c.Settle(ctx))
			_, st, err := c.FirstDebt(ctx, ref)
			c.must(err)
			if p, err = c.Portal.Store.Payment(ctx, p.ID); err != nil || p.Status != payments.Canceled || st.Payable() != st.Owed {
				t.Errorf("%s: it is %s, %s of %s may be paid, %v", way.name, p.Status, st.Payable(), st.Owed, err)
			}
		}
		review := c.pays("A-1002", payments.BankAccount, "pm_usBankAccount_success", false)
		if !strings.Contains(review, "you can stop it here until then. Once it is sent, we cannot stop it.") {
			t.Errorf("what is agreed to: %s", review)
		}
		if review = c.pays("A-1011", payments.BankAccount, "pm_usBankAccount_success", false); !strings.Contains(review, "Una vez enviado, ya no podemos detenerlo.") {
			t.Errorf("what is agreed to in Spanish: %s", review)
		}
		who, at := c.visitor(t, "A-1002"), "/payments/"+string(c.paid["A-1002"].ID)
		page, _ := who.get(at)
		if strings.Contains(page, "/stop") || !strings.Contains(page, "Your bank is sending $25.00") {
			t.Errorf("of a payment that is sent: %s", page)
		}
		account, _ := who.get("/account")
		if led := who.post(at+"/stop", url.Values{"csrf": {field(csrfField, account)}}); led != at {
			t.Errorf("stopping it led to %q", led)
		}
		if p, _ := c.now("A-1002"); p.Status != payments.Processing {
			t.Errorf("a payment that is sent is %s", p.Status)
		}
	})
}
