package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/sandbox"
	"quittance/portal/debt"
	"quittance/portal/identity"
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

// TestACH03_F16_AColleagueOnACallAndAProgramStopIt too, at the processor as well,
// as long as nothing is sent; of what was sent they are told so, and it goes on.
func TestACH03_F16_AColleagueOnACallAndAProgramStopIt(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		c := clears(t, database)
		desk, program := c.staff(identity.RoleCollector), c.token(t, debt.AllCreditors())
		console := func(p payments.Payment) (int, string) {
			desk.get("/console/accounts/" + p.AccountID)
			return desk.do(http.MethodPost, "/console/accounts/"+p.AccountID+"/payments/"+string(p.ID)+"/stop", url.Values{})
		}
		api := func(p payments.Payment) (int, string) {
			return c.call(t, program, http.MethodPost, "/api/v1/payments/"+string(p.ID)+"/cancellation", "", nil)
		}
		way := openSteps[len(openSteps)-1]
		for i, by := range []struct {
			stop        func(payments.Payment) (int, string)
			done, again int
			sent        string
		}{
			{console, http.StatusSeeOther, http.StatusSeeOther, "It cannot be stopped here"},
			{api, http.StatusOK, http.StatusOK, "The payment was sent"},
		} {
			ref := []string{"A-1007", "A-1008"}[i]
			p := c.startOn(t, ref+"-1", way.method, 50_00)
			address := way.leave(t, c.rehearsal, p)
			if _, page := desk.get("/console/accounts/" + p.AccountID); !strings.Contains(page, "/payments/"+string(p.ID)+"/stop") || !strings.Contains(page, "Stop $50.00") {
				t.Fatalf("the collector sees nothing to stop: %s", textOf(page))
			}
			if status, said := by.stop(p); status != by.done {
				t.Fatalf("%s: stopped with %d %s", ref, status, textOf(said))
			}
			if status, said := by.stop(p); status != by.again {
				t.Errorf("%s: stopped once more with %d %s", ref, status, textOf(said))
			}
			way.goOn(t, c.rehearsal, p, address) // what is stopped is stopped at the processor too
			c.must(c.Settle(t.Context()))
			_, st, err := c.FirstDebt(t.Context(), ref)
			c.must(err)
			if p, err = c.Portal.Store.Payment(t.Context(), p.ID); err != nil || p.Status != payments.Canceled || st.Payable() != st.Owed {
				t.Errorf("%s: it is %s, %s of %s may be paid, %v", ref, p.Status, st.Payable(), st.Owed, err)
			}
			if _, page := desk.get("/console/accounts/" + p.AccountID); strings.Contains(page, "/stop") {
				t.Errorf("%s: it can be stopped again: %s", ref, textOf(page))
			}
			late := c.startOn(t, []string{"A-1006-1", "A-1010-1"}[i], way.method, 20_00)
			at := way.leave(t, c.rehearsal, late)
			c.Processor.SetEventFaults(sandbox.EventFaults{Delay: time.Hour}) // the processor knows, and nobody tells us yet
			way.goOn(t, c.rehearsal, late, at)
			if status, said := by.stop(late); status < 400 || !strings.Contains(said, by.sent) {
				t.Errorf("%s: what was sent this moment: %d %s", ref, status, textOf(said))
			}
			if late, err = c.Portal.Store.Payment(t.Context(), late.ID); err != nil || late.Status != payments.Processing {
				t.Errorf("%s: what was sent this moment is %s, %v", ref, late.Status, err)
			}
			c.Processor.ClearFaults()
			c.pays([]string{"A-1002", "A-1011"}[i], payments.BankAccount, "pm_usBankAccount_success", false)
			sent := c.paid[[]string{"A-1002", "A-1011"}[i]]
			if status, said := by.stop(sent); status < 400 || !strings.Contains(said, by.sent) {
				t.Errorf("what is sent: %d %s", status, textOf(said))
			}
			if sent, err = c.Portal.Store.Payment(t.Context(), sent.ID); err != nil || sent.Status != payments.Processing {
				t.Errorf("what is sent is %s, %v", sent.Status, err)
			}
		}
		other, err := c.Portal.Store.Payment(t.Context(), c.paid["A-1002"].ID)
		c.must(err)
		other.AccountID = c.paid["A-1011"].AccountID
		if status, _ := console(other); status != http.StatusNotFound {
			t.Errorf("a payment of another account: %d", status)
		}
	})
}
