package sandbox_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

const checkoutFields = "mode=payment&success_url=https://portal.test/ok?s={CHECKOUT_SESSION_ID}&cancel_url=https://portal.test/no" +
	"&payment_method_types[0]=card&payment_method_types[1]=us_bank_account&payment_intent_data[metadata][payment_id]=pay_1" +
	"&line_items[0][quantity]=1&line_items[0][price_data][currency]=usd&line_items[0][price_data][unit_amount]=15000&line_items[0][price_data][product_data][name]=Account 4417"

func card(number string) url.Values {
	return url.Values{"method": {"card"}, "number": {number}, "expiry": {"12 / 34"}, "cvc": {"123"}}
}

func account(number string) url.Values {
	return url.Values{"method": {"us_bank_account"}, "name": {"Jo Doe"}, "routing": {"110000000"}, "account": {number}, "account_type": {"checking"}}
}

func TestTheHostedPagePaysByCardWithoutAScript(t *testing.T) {
	t.Parallel()
	h := start(t)
	o := h.post(200, "/v1/checkout/sessions", checkoutFields)
	same(t, "amount", o.int("amount_total"), 15000)
	if o.at("payment_intent") != nil {
		t.Error("the intent exists before the person submits")
	}
	status, header, body := h.browse(http.MethodGet, o.text("url"), nil)
	same(t, "page", status, 200)
	for _, want := range []string{"$150.00", "Account 4417", `autocomplete="cc-number"`, `for="routing"`, "https://portal.test/no"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(body, "<script") || !strings.Contains(header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
		t.Error("the page has a script, or may be framed")
	}
	status, header, _ = h.browse(http.MethodPost, o.text("url"), card("4000 0566 5566 5556"))
	same(t, "paid", status, http.StatusSeeOther)
	same(t, "returned", header.Get("Location"), "https://portal.test/ok?s="+o.text("id"))
	status, _, _ = h.browse(http.MethodPost, o.text("url"), card("4242424242424242"))
	same(t, "again", status, http.StatusSeeOther)
	same(t, "charged once", h.ChargeCount("pay_1"), 1)
	o = h.get("/v1/checkout/sessions/"+o.text("id"), "expand[]=payment_intent")
	same(t, "status", o.text("status")+" "+o.text("payment_status"), "complete paid")
	same(t, "intent", o.text("payment_intent", "status"), "succeeded")
	same(t, "found by intent", len(h.get("/v1/checkout/sessions", "payment_intent="+o.text("payment_intent", "id")).data()), 1)
	same(t, "event", h.last("checkout.session.completed").text("payment_status"), "paid")
}

func TestTheHostedPageSaysWhatIsWrongBesideTheField(t *testing.T) {
	t.Parallel()
	h := start(t)
	o := h.post(200, "/v1/checkout/sessions", checkoutFields+"&locale=es")
	for number, want := range map[string]string{
		"":                 "Escriba el número de su tarjeta.",
		"4242424242424241": "Revise el número de tarjeta",
		"4000000000009995": "no tiene fondos suficientes",
	} {
		status, _, body := h.browse(http.MethodPost, o.text("url"), card(number))
		same(t, number, status, http.StatusUnprocessableEntity)
		if !strings.Contains(body, want) || !strings.Contains(body, `value="12 / 34"`) || !strings.Contains(body, `lang="es"`) {
			t.Errorf("%q: %s", number, body)
		}
		if number != "" && strings.Contains(body, number) || strings.Contains(body, `value="123"`) {
			t.Errorf("%q: the page repeats the card number or its code", number)
		}
	}
	_, header, _ := h.browse(http.MethodPost, o.text("url"), card("4242424242424242"))
	same(t, "then paid", header.Get("Location"), "https://portal.test/ok?s="+o.text("id"))
	same(t, "one intent for all tries", len(h.get("/v1/payment_intents", "").data()), 1)
	same(t, "charged once", h.ChargeCount("pay_1"), 1)
}

func TestTheHostedPageLeadsThroughTheChallenge(t *testing.T) {
	t.Parallel()
	h := start(t)
	for _, action := range []string{"complete", "fail"} {
		o := h.post(200, "/v1/checkout/sessions", checkoutFields)
		_, header, _ := h.browse(http.MethodPost, o.text("url"), card("4000000000003220"))
		_, header, _ = h.browse(http.MethodPost, header.Get("Location"), url.Values{"action": {action}})
		status, header, body := h.browse(http.MethodGet, header.Get("Location"), nil)
		if action == "complete" {
			same(t, "returned", header.Get("Location"), "https://portal.test/ok?s="+o.text("id"))
			continue
		}
		same(t, "the form again", status, 200)
		if !strings.Contains(body, "could not confirm it is you") {
			t.Error("the page does not say that the challenge failed")
		}
	}
	same(t, "charges", len(h.Charges()), 1)
}

func TestABankSessionIsCompleteBeforeItIsPaid(t *testing.T) {
	t.Parallel()
	h := start(t)
	good := h.post(200, "/v1/checkout/sessions", checkoutFields)
	bad := h.post(200, "/v1/checkout/sessions", checkoutFields)
	h.browse(http.MethodPost, good.text("url"), account("000123456789"))
	h.browse(http.MethodPost, bad.text("url"), account("000222222227"))
	same(t, "completed", h.last("checkout.session.completed").text("payment_status"), "unpaid")
	h.Advance(10 * day)
	same(t, "paid", h.last("checkout.session.async_payment_succeeded").text("id"), good.text("id"))
	same(t, "failed", h.last("checkout.session.async_payment_failed").text("id"), bad.text("id"))
	same(t, "status", h.get("/v1/checkout/sessions/"+good.text("id"), "").text("payment_status"), "paid")
}

func TestASessionExpiresByItselfOrByOrder(t *testing.T) {
	t.Parallel()
	h := start(t)
	ordered := h.post(200, "/v1/checkout/sessions", checkoutFields)
	same(t, "ordered", h.post(200, "/v1/checkout/sessions/"+ordered.text("id")+"/expire", "").text("status"), "expired")
	h.post(400, "/v1/checkout/sessions/"+ordered.text("id")+"/expire", "")
	lapsing := h.post(200, "/v1/checkout/sessions", checkoutFields)
	h.Advance(24 * time.Hour)
	status, _, _ := h.browse(http.MethodPost, h.url+"/checkout/"+lapsing.text("id"), card("4242424242424242"))
	same(t, "sent back", status, http.StatusSeeOther)
	status, _, body := h.browse(http.MethodGet, h.url+"/checkout/"+lapsing.text("id"), nil)
	same(t, "gone", status, http.StatusGone)
	if !strings.Contains(body, "Nothing was charged") {
		t.Error("the page does not say that nothing was charged")
	}
	same(t, "charges", len(h.Charges()), 0)
	if !slices.Contains(h.events(), "checkout.session.expired") {
		t.Error("no event")
	}
}

func TestSessionsThatStripeRefusesAreRefused(t *testing.T) {
	t.Parallel()
	h := start(t)
	for fields, param := range map[string]string{
		strings.Replace(checkoutFields, "mode=payment", "x=1", 1):                                    "x",
		strings.Replace(checkoutFields, "unit_amount]=15000", "name]=a", 1):                          "line_items[0][price_data][name]",
		strings.Replace(checkoutFields, "unit_amount]=15000", "unit_amount]=9223372036854775807", 1): "line_items[0][price_data][unit_amount]",
		strings.Replace(checkoutFields, "unit_amount]=15000", "unit_amount]=10", 1):                  "line_items",
		checkoutFields + "&expires_at=1":                                                             "expires_at",
	} {
		same(t, fields, h.post(400, "/v1/checkout/sessions", fields).text("error", "param"), param)
	}
}

func TestTheDepositsPageVerifiesAnAccount(t *testing.T) {
	t.Parallel()
	h := start(t)
	p := h.post(200, "/v1/payment_intents", bankIntent+"success&payment_method_options[us_bank_account][verification_method]=microdeposits")
	page := p.text("next_action", "verify_with_microdeposits", "hosted_verification_url")
	status, _, _ := h.browse(http.MethodGet, page, nil)
	same(t, "page", status, 200)
	status, _, body := h.browse(http.MethodPost, page, url.Values{"code": {"SM00ZZ"}})
	same(t, "wrong", status, http.StatusUnprocessableEntity)
	if !strings.Contains(body, "does not match") {
		t.Error("the page does not say what is wrong")
	}
	status, _, _ = h.browse(http.MethodPost, page, url.Values{"first_amount": {"32"}, "second_amount": {"45"}})
	same(t, "right", status, 200)
	same(t, "on its way", h.get("/v1/payment_intents/"+p.text("id"), "").text("status"), "processing")
}
