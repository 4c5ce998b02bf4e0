package sandbox_test

import "testing"

func TestAMandateIsOfOneAccountOnly(t *testing.T) {
	t.Parallel()
	h := start(t)
	customer := h.post(200, "/v1/customers", "").text("id")
	save := "confirm=true&payment_method_types[]=us_bank_account&mandate_data[customer_acceptance][type]=offline&customer=" + customer + "&payment_method=pm_usBankAccount_"
	one, other := h.post(200, "/v1/setup_intents", save+"success"), h.post(200, "/v1/setup_intents", save+"insufficientFunds")
	charge := "amount=500&currency=usd&confirm=true&off_session=true&payment_method_types[]=us_bank_account&customer=" + customer +
		"&payment_method=" + one.text("payment_method") + "&mandate="
	same(t, "another's", h.post(400, "/v1/payment_intents", charge+other.text("mandate")).text("error", "code"), "payment_intent_mandate_invalid")
	same(t, "its own", h.post(200, "/v1/payment_intents", charge+one.text("mandate")).text("status"), "processing")
}

func TestAReturnOfASavedAccountBlocksItAsStripeLists(t *testing.T) {
	t.Parallel()
	for code, blocks := range map[string]bool{"R01": false, "R02": true, "R07": true, "R08": true, "R09": false, "R10": true, "R11": true} {
		h := start(t)
		customer := h.post(200, "/v1/customers", "").text("id")
		p := h.post(200, "/v1/payment_intents", bankIntent+"success&setup_future_usage=off_session&customer="+customer)
		if !h.Return(p.text("id"), code) {
			t.Fatalf("no return of %s", code)
		}
		m := h.get("/v1/payment_methods/"+p.text("payment_method"), "")
		if got := m.text("us_bank_account", "status_details", "blocked", "network_code"); got != code && blocks || got != "" && !blocks {
			t.Errorf("%s blocks with %q", code, got)
		}
	}
}
