package sandbox_test

import (
	"net/http"
	"testing"
)

func TestACardPaymentSucceedsAtOnceAndTellsInOrder(t *testing.T) {
	t.Parallel()
	h := start(t)
	p := h.post(200, "/v1/payment_intents", cardIntent+"pm_card_visa_debit&expand[]=latest_charge&expand[]=payment_method")
	same(t, "status", p.text("status"), "succeeded")
	same(t, "amount received", p.int("amount_received"), 15000)
	same(t, "funding", p.text("payment_method", "card", "funding"), "debit")
	same(t, "charge status", p.text("latest_charge", "status"), "succeeded")
	sameList(t, "events", h.events(), "payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "charge.updated")
	charges := h.Charges()
	if len(charges) != 1 || charges[0].Amount != 15000 || charges[0].Metadata["payment_id"] != "pay_1" {
		t.Fatalf("charges: %+v", charges)
	}
	same(t, "charge count", h.ChargeCount("pay_1"), 1)
}

func TestTheBalanceTransactionComesWithTheAsynchronousCapture(t *testing.T) {
	t.Parallel()
	h := start(t)
	p := h.post(200, "/v1/payment_intents", cardIntent+"pm_card_visa&expand[]=latest_charge")
	if p.at("latest_charge", "balance_transaction") != nil {
		t.Fatal("the balance transaction is there before the capture")
	}
	p = h.get("/v1/payment_intents/"+p.text("id"), "expand[]=latest_charge.balance_transaction")
	same(t, "fee", p.int("latest_charge", "balance_transaction", "fee"), 465)
	same(t, "net", p.int("latest_charge", "balance_transaction", "net"), 14535)
}

func TestRequestsThatStripeRefusesAreRefused(t *testing.T) {
	t.Parallel()
	h := start(t)
	for name, c := range map[string]struct {
		fields, code, param string
	}{
		"missing amount":    {"currency=usd", "parameter_missing", "amount"},
		"missing currency":  {"amount=100", "parameter_missing", "currency"},
		"unknown parameter": {"amount=100&currency=usd&shade=blue", "parameter_unknown", "shade"},
		"unknown below":     {"amount=100&currency=usd&payment_method_options[card][shade]=blue", "parameter_unknown", "payment_method_options[card][shade]"},
		"not a number":      {"amount=1.50&currency=usd", "parameter_invalid_integer", "amount"},
		"overflow":          {"amount=92233720368547758089&currency=usd", "parameter_invalid_integer", "amount"},
		"negative":          {"amount=-5&currency=usd", "parameter_invalid_integer", "amount"},
		"below 50 cents":    {"amount=49&currency=usd", "amount_too_small", "amount"},
		"above the limit":   {"amount=100000000&currency=usd", "amount_too_large", "amount"},
		"empty":             {"amount=&currency=usd", "parameter_invalid_empty", "amount"},
		"currency":          {"amount=100&currency=eur", "", "currency"},
		"bad enum":          {"amount=100&currency=usd&capture_method=never", "", "capture_method"},
		"no such customer":  {"amount=100&currency=usd&customer=cus_none", "resource_missing", "customer"},
		"no such method":    {"amount=100&currency=usd&confirm=true&payment_method=pm_none", "resource_missing", "payment_method"},
		"type not allowed":  {"amount=100&currency=usd&confirm=true&payment_method=pm_usBankAccount_success", "", "payment_method"},
		"debit, no mandate": {"amount=100&currency=usd&confirm=true&payment_method=pm_usBankAccount_success&payment_method_types[]=us_bank_account", "parameter_missing", "mandate_data"},
		"confirm, nothing":  {"amount=100&currency=usd&confirm=true", "payment_intent_unexpected_state", "payment_method"},
		"expand":            {"amount=100&currency=usd&expand[]=shade", "", "expand"},
	} {
		status, _, out, err := h.send(request{method: http.MethodPost, path: "/v1/payment_intents", fields: c.fields})
		if err != nil {
			t.Fatal(err)
		}
		if status != 400 && status != 404 || out.text("error", "code") != c.code || out.text("error", "param") != c.param || out.text("error", "type") != "invalid_request_error" {
			t.Errorf("%s: %d %v", name, status, out)
		}
	}
	same(t, "charges", len(h.Charges()), 0)
}

func TestKeysAndVersionsOfOthersAreRefused(t *testing.T) {
	t.Parallel()
	h := start(t)
	q := request{method: http.MethodGet, path: "/v1/payment_intents", bearer: "sk_test_other_account"}
	h.must(401, q)
	q.bearer = publicKey
	same(t, "code", h.must(401, q).text("error", "code"), "secret_key_required")
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, h.url+"/v1/payment_intents", nil)
	r.SetBasicAuth(secretKey, "")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	same(t, "basic auth", resp.StatusCode, 200)
	r.Header.Set("Stripe-Version", "2025-03-31.basil")
	resp, err = http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	same(t, "other version", resp.StatusCode, 400)
	h.must(404, request{method: http.MethodGet, path: "/v1/nothing"})
	h.must(404, request{method: http.MethodGet, path: "/v1/payment_intents/pi_none"})
}

func TestAnIntentIsConfirmedOnceAndCanceledOnlyWhileOpen(t *testing.T) {
	t.Parallel()
	h := start(t)
	p := h.post(200, "/v1/payment_intents", "amount=500&currency=usd")
	same(t, "status", p.text("status"), "requires_payment_method")
	path := "/v1/payment_intents/" + p.text("id")
	same(t, "with a method", h.post(200, path, "payment_method=pm_card_visa").text("status"), "requires_confirmation")
	same(t, "confirmed", h.post(200, path+"/confirm", "").text("status"), "succeeded")
	again := h.post(400, path+"/confirm", "payment_method=pm_card_visa")
	same(t, "again", again.text("error", "code"), "payment_intent_unexpected_state")
	same(t, "the intent in the error", again.text("error", "payment_intent", "status"), "succeeded")
	same(t, "cancel", h.post(400, path+"/cancel", "").text("error", "code"), "payment_intent_unexpected_state")
	same(t, "update", h.post(400, path, "amount=600").text("error", "code"), "payment_intent_unexpected_state")
	same(t, "charges", len(h.Charges()), 1)

	p = h.post(200, "/v1/payment_intents", "amount=500&currency=usd")
	p = h.post(200, "/v1/payment_intents/"+p.text("id")+"/cancel", "cancellation_reason=abandoned")
	same(t, "canceled", p.text("status"), "canceled")
}

func TestABrowserNeedsTheClientSecretAndSeesNoMetadata(t *testing.T) {
	t.Parallel()
	h := start(t)
	p := h.post(200, "/v1/payment_intents", cardIntent+"pm_card_visa")
	q := request{method: http.MethodGet, path: "/v1/payment_intents/" + p.text("id"), bearer: publicKey}
	h.must(404, q)
	q.fields = "client_secret=" + p.text("client_secret")
	seen := h.must(200, q)
	same(t, "status", seen.text("status"), "succeeded")
	same(t, "metadata", len(seen["metadata"].(map[string]any)), 0)
}

func TestListsPageByCursorAndSearchFindsByMetadata(t *testing.T) {
	t.Parallel()
	h := start(t)
	var ids []string
	for range 5 {
		ids = append(ids, h.post(200, "/v1/payment_intents", "amount=500&currency=usd&metadata[payment_id]=pay_9").text("id"))
	}
	page := h.get("/v1/payment_intents", "limit=2")
	same(t, "newest first", page.data()[0].text("id"), ids[4])
	same(t, "more", page["has_more"].(bool), true)
	page = h.get("/v1/payment_intents", "limit=3&starting_after="+ids[3])
	same(t, "after", page.data()[0].text("id"), ids[2])
	same(t, "no more", page["has_more"].(bool), false)
	page = h.get("/v1/payment_intents", "limit=2&ending_before="+ids[0])
	sameList(t, "before", []string{page.data()[0].text("id"), page.data()[1].text("id")}, ids[2], ids[1])
	same(t, "created", len(h.get("/v1/payment_intents", "created[gt]=9999999999").data()), 0)
	found := h.get("/v1/payment_intents/search", "query=metadata['payment_id']:'pay_9' AND status:'requires_payment_method'")
	same(t, "found", len(found.data()), 5)
	same(t, "not found", len(h.get("/v1/payment_intents/search", "query=metadata['payment_id']:'pay_8'").data()), 0)
}
