package consumer_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"quittance/payments"
	"quittance/payments/gatewaytest"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// hosts goes to the last look before the processor's page and returns its
// address and what was shown there.
func (v *browser) hosts(p person, debt int) (page, seen string) {
	v.t.Helper()
	a := v.choose("card", only(p, debt, "all")...)
	page = strings.Replace(a.location, "/method", "/hosted", 1)
	return page, field(v.t, seenField, v.get(page))
}

// types gives a card without money on the processor's page and returns its
// status.
func (b *bundle) types(t *testing.T, page string) int {
	t.Helper()
	a, err := http.PostForm(page, url.Values{"method": {"card"}, "number": {"4000000000009995"}, "expiry": {"12 / 40"}, "cvc": {"123"}})
	must(t, err)
	must(t, a.Body.Close())
	b.bench.Sandbox.Deliver(t.Context())
	return a.StatusCode
}

// TestASVS241_TheHostedPageIsNoWayAroundFiveDeclines: whoever stood before it
// when the fifth card was declined reads the rule, and goes no further by card.
func TestASVS241_TheHostedPageIsNoWayAroundFiveDeclines(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		p := b.place(t, owing(15000), owing(9900))
		v := b.signedIn(t, p)
		page, seen := v.hosts(p, 1)
		v.declines(p, payments.DeclinesADay)
		a := v.post(page, "seen", seen)
		if a.status != 422 || !strings.Contains(a.body, noMoreCards) || !strings.Contains(a.body, "(800) 555-0134") {
			t.Errorf("the hosted page: %d %q\n%s", a.status, a.location, a.body)
		}
		payment, err := s.Payment(t.Context(), payments.ID(strings.Split(page, "/")[2]))
		must(t, err)
		if payment.CheckoutID != "" {
			t.Errorf("a page was opened, and the payment is %s", payment.Status)
		}
		if bank := v.ready(gatewaytest.BankGood, only(p, 1, "all")...); bank == "" {
			t.Error("a bank account is not taken")
		}
	})
}

// TestASVS241_AnOpenHostedPageIsShutByTheFifthDecline that was on it, or by the
// next one where the others were elsewhere; who comes back reads that nothing was
// taken, and the rule where they choose.
func TestASVS241_AnOpenHostedPageIsShutByTheFifthDecline(t *testing.T) {
	t.Parallel()
	for name, elsewhere := range map[string]int{"all on it": 0, "all but one on it": 1, "none on it": payments.DeclinesADay} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				b := setupWith(t, s, options{events: true})
				p := b.place(t, owing(15000), owing(9900))
				v := b.signedIn(t, p)
				page, seen := v.hosts(p, 1)
				opened := v.post(page, "seen", seen)
				if opened.status != 303 || !strings.HasPrefix(opened.location, b.bench.URL+"/checkout/") {
					t.Fatalf("opening led to %d %q", opened.status, opened.location)
				}
				v.declines(p, elsewhere)
				for i := range max(1, payments.DeclinesADay-elsewhere) {
					if status := b.types(t, opened.location); status != 422 {
						t.Errorf("card %d there: %d", i+1, status)
					}
				}
				if status := b.types(t, opened.location); status != http.StatusGone {
					t.Errorf("the page takes one more card: %d", status)
				}
				outcome := v.get("/payments/" + strings.Split(page, "/")[2])
				if !strings.Contains(outcome.body, "Nothing was taken") {
					t.Errorf("who comes back reads %d\n%s", outcome.status, outcome.body)
				}
				if a := v.choose("card", only(p, 1, "all")...); a.status != 422 || !strings.Contains(a.body, noMoreCards) {
					t.Errorf("choosing a card again: %d", a.status)
				}
			})
		})
	}
}
