package sandbox_test

import (
	"net/http"
	"slices"
	"testing"
	"time"
)

// typed is a browser's form with that card number.
func typed(number string) request {
	return request{method: http.MethodPost, path: "/v1/confirmation_tokens", bearer: publicKey,
		fields: "payment_method_data[type]=card&payment_method_data[card][exp_month]=12&payment_method_data[card][exp_year]=34&payment_method_data[card][cvc]=123&payment_method_data[card][number]=" + number}
}

func TestEachCardNumberDoesWhatStripeSays(t *testing.T) {
	t.Parallel()
	for number, c := range map[string]struct{ brand, funding, status, code, decline string }{
		"4242424242424242": {"visa", "credit", "succeeded", "", ""},
		"4000056655665556": {"visa", "debit", "succeeded", "", ""},
		"5555555555554444": {"mastercard", "credit", "succeeded", "", ""},
		"5200828282828210": {"mastercard", "debit", "succeeded", "", ""},
		"5105105105105100": {"mastercard", "prepaid", "succeeded", "", ""},
		"378282246310005":  {"amex", "credit", "succeeded", "", ""},
		"4000000000000077": {"visa", "credit", "succeeded", "", ""},
		"4000000000000002": {"visa", "credit", "", "card_declined", "generic_decline"},
		"4000000000009995": {"visa", "credit", "", "card_declined", "insufficient_funds"},
		"4000000000009987": {"visa", "credit", "", "card_declined", "lost_card"},
		"4000000000009979": {"visa", "credit", "", "card_declined", "stolen_card"},
		"4100000000000019": {"visa", "credit", "", "card_declined", "fraudulent"},
		"4000000000000069": {"visa", "credit", "", "expired_card", ""},
		"4000000000000127": {"visa", "credit", "", "incorrect_cvc", ""},
		"4000000000000119": {"visa", "credit", "", "processing_error", ""},
		"4000002500003155": {"visa", "credit", "requires_action", "", ""},
		"4000002760003184": {"visa", "credit", "requires_action", "", ""},
		"4000000000003220": {"visa", "credit", "requires_action", "", ""},
		"4000008400001629": {"visa", "credit", "requires_action", "", ""},
	} {
		t.Run(number, func(t *testing.T) {
			t.Parallel()
			h := start(t)
			token := h.must(200, typed(number)).text("id")
			preview := h.get("/v1/confirmation_tokens/"+token, "")
			same(t, "brand", preview.text("payment_method_preview", "card", "brand"), c.brand)
			same(t, "funding", preview.text("payment_method_preview", "card", "funding"), c.funding)
			same(t, "last4", preview.text("payment_method_preview", "card", "last4"), number[len(number)-4:])
			fields := "amount=15000&currency=usd&confirm=true&metadata[payment_id]=pay_1&confirmation_token=" + token
			if c.status != "" {
				same(t, "status", h.post(200, "/v1/payment_intents", fields).text("status"), c.status)
				return
			}
			e := h.post(402, "/v1/payment_intents", fields)
			same(t, "type", e.text("error", "type"), "card_error")
			same(t, "code", e.text("error", "code"), c.code)
			same(t, "decline code", e.text("error", "decline_code"), c.decline)
			same(t, "intent", e.text("error", "payment_intent", "status"), "requires_payment_method")
			same(t, "kept error", e.text("error", "payment_intent", "last_payment_error", "code"), c.code)
			sameList(t, "events", h.events(), "payment_intent.created", "charge.failed", "payment_intent.payment_failed")
			same(t, "nothing moved", len(h.Charges())+h.ChargeCount("pay_1"), 0)
		})
	}
}

func TestMistypedExpiredAndRealCardsAreRefusedInTheForm(t *testing.T) {
	t.Parallel()
	h := start(t)
	mistyped, real := typed("4242424242424241"), typed("4929000000006")
	same(t, "mistyped", h.must(402, mistyped).text("error", "code"), "incorrect_number")
	same(t, "not a test card", h.must(402, real).text("error", "decline_code"), "test_mode_live_card")
	past := typed("4242424242424242")
	past.fields = "payment_method_data[type]=card&payment_method_data[card][number]=4242424242424242&payment_method_data[card][exp_month]=1&payment_method_data[card][exp_year]=2020"
	same(t, "expired", h.must(402, past).text("error", "code"), "invalid_expiry_year")
	byServer := typed("4242424242424242")
	byServer.bearer = secretKey
	h.must(402, byServer) // a server must never hold a card number
}

func TestATokenConfirmsOneIntentAndExpires(t *testing.T) {
	t.Parallel()
	h := start(t)
	token := h.post(200, "/v1/test_helpers/confirmation_tokens", "payment_method=pm_card_visa").text("id")
	fields := "amount=500&currency=usd&confirm=true&confirmation_token=" + token
	p := h.post(200, "/v1/payment_intents", fields)
	same(t, "used by", h.get("/v1/confirmation_tokens/"+token, "").text("payment_intent"), p.text("id"))
	same(t, "again", h.post(400, "/v1/payment_intents", fields).text("error", "param"), "confirmation_token")
	late := h.post(200, "/v1/test_helpers/confirmation_tokens", "payment_method=pm_card_visa").text("id")
	h.Advance(12 * time.Hour)
	h.post(400, "/v1/payment_intents", "amount=500&currency=usd&confirm=true&confirmation_token="+late)
	same(t, "charges", len(h.Charges()), 1)
}

func TestABankTokenShowsTheAccountAndCarriesTheMandate(t *testing.T) {
	t.Parallel()
	h := start(t)
	q := typed("")
	q.fields = "payment_method_data[type]=us_bank_account&payment_method_data[billing_details][name]=Jo Doe&payment_method_data[us_bank_account][routing_number]=110000000&payment_method_data[us_bank_account][account_number]=000123456789&payment_method_data[us_bank_account][account_type]=savings"
	token := h.must(200, q)
	same(t, "bank", token.text("payment_method_preview", "us_bank_account", "bank_name"), "STRIPE TEST BANK")
	same(t, "type", token.text("payment_method_preview", "us_bank_account", "account_type"), "savings")
	same(t, "last4", token.text("payment_method_preview", "us_bank_account", "last4"), "6789")
	p := h.post(200, "/v1/payment_intents", "amount=500&currency=usd&confirm=true&payment_method_types[]=us_bank_account&confirmation_token="+token.text("id"))
	same(t, "status", p.text("status"), "processing")
	q.fields = "payment_method_data[type]=us_bank_account&payment_method_data[billing_details][name]=Jo&payment_method_data[us_bank_account][routing_number]=110000001&payment_method_data[us_bank_account][account_number]=000123456789"
	same(t, "routing", h.must(400, q).text("error", "code"), "routing_number_invalid")
}

func TestAUsedMethodWithoutACustomerIsNotChargedAgain(t *testing.T) {
	t.Parallel()
	h := start(t)
	m := h.post(200, "/v1/payment_methods", "type=card&card[token]=tok_visa").text("id")
	h.post(200, "/v1/payment_intents", cardIntent+m)
	h.post(400, "/v1/payment_intents", cardIntent+m)
	same(t, "charges", len(h.Charges()), 1)
}

func TestSTR14_ADisputedCardCanBeAnswered(t *testing.T) {
	t.Parallel()
	h := start(t)
	p := h.post(200, "/v1/payment_intents", cardIntent+"pm_card_createDispute")
	same(t, "withdrawn", h.last("charge.dispute.funds_withdrawn").text("status"), "needs_response")
	d := h.get("/v1/disputes", "payment_intent="+p.text("id")).data()[0]
	same(t, "reason", d.text("reason"), "fraudulent")
	same(t, "refund", h.post(400, "/v1/refunds", "payment_intent="+p.text("id")).text("error", "code"), "charge_disputed")
	d = h.post(200, "/v1/disputes/"+d.text("id"), "evidence[uncategorized_text]=winning_evidence")
	same(t, "answered", d.text("status"), "under_review")
	same(t, "won", h.last("charge.dispute.funds_reinstated").text("status"), "won")
	same(t, "closed", h.last("charge.dispute.closed").text("status"), "won")
	h.post(400, "/v1/disputes/"+d.text("id")+"/close", "")

	h.post(200, "/v1/payment_intents", cardIntent+"pm_card_createDisputeInquiry")
	inquiry := h.last("charge.dispute.created")
	same(t, "inquiry", inquiry.text("status"), "warning_needs_response")
	same(t, "closed", h.post(200, "/v1/disputes/"+inquiry.text("id")+"/close", "").text("status"), "warning_closed")
}

func TestAnEarlyFraudWarningFollowsItsCard(t *testing.T) {
	t.Parallel()
	h := start(t)
	p := h.post(200, "/v1/payment_intents", cardIntent+"pm_card_createIssuerFraudRecord")
	same(t, "intent", h.last("radar.early_fraud_warning.created").text("payment_intent"), p.text("id"))
}

func TestSTR13_RefundsArePartialBoundedAndFollowedUp(t *testing.T) {
	t.Parallel()
	h := start(t)
	p := h.post(200, "/v1/payment_intents", cardIntent+"pm_card_visa")
	refund := "payment_intent=" + p.text("id")
	same(t, "part", h.post(200, "/v1/refunds", refund+"&amount=5000").text("status"), "succeeded")
	same(t, "on the charge", h.last("charge.refunded").int("amount_refunded"), 5000)
	same(t, "too much", h.post(400, "/v1/refunds", refund+"&amount=10001").text("error", "param"), "amount")
	same(t, "nothing", h.post(400, "/v1/refunds", refund+"&amount=0").text("error", "param"), "amount")
	same(t, "rest", h.post(200, "/v1/refunds", refund).int("amount"), 10000)
	same(t, "again", h.post(400, "/v1/refunds", refund).text("error", "code"), "charge_already_refunded")
	same(t, "listed", len(h.get("/v1/refunds", refund).data()), 2)

	h.post(200, "/v1/payment_intents", bankIntent+"success")
	p = h.post(200, "/v1/payment_intents", bankIntent+"success")
	same(t, "while processing", h.post(400, "/v1/refunds", "payment_intent="+p.text("id")).text("error", "code"), "charge_not_refundable")
	h.Advance(10 * day)
	same(t, "bank", h.post(200, "/v1/refunds", "payment_intent="+p.text("id")).text("status"), "pending")
	h.Advance(10 * day)
	same(t, "arrived", h.last("charge.refund.updated").text("status"), "succeeded")

	p = h.post(200, "/v1/payment_intents", cardIntent+"pm_card_refundFail")
	h.post(200, "/v1/refunds", "payment_intent="+p.text("id"))
	h.Advance(3 * day)
	same(t, "failed", h.last("charge.refund.updated").text("status"), "failed")
}

func TestSTR08_OffSessionChargesNeedASetUpCard(t *testing.T) {
	t.Parallel()
	h := start(t)
	customer := h.post(200, "/v1/customers", "name=Jo").text("id")
	si := h.post(200, "/v1/setup_intents", "confirm=true&payment_method=pm_card_visa&customer="+customer)
	same(t, "saved", si.text("status"), "succeeded")
	later := "amount=500&currency=usd&confirm=true&off_session=true&customer=" + customer + "&payment_method="
	same(t, "charged", h.post(200, "/v1/payment_intents", later+si.text("payment_method")).text("status"), "succeeded")
	m := h.post(200, "/v1/payment_methods/pm_card_authenticationRequired/attach", "customer="+customer).text("id")
	e := h.post(402, "/v1/payment_intents", later+m)
	same(t, "not proven", e.text("error", "code"), "authentication_required")
	same(t, "declined at setup", h.post(402, "/v1/setup_intents", "confirm=true&payment_method=pm_card_chargeDeclined&customer="+customer).text("error", "code"), "card_declined")
	if !slices.Contains(h.events(), "setup_intent.setup_failed") || !slices.Contains(h.events(), "payment_method.attached") {
		t.Errorf("events: %v", h.events())
	}
}

func TestAHeldCardIsCapturedOrReleased(t *testing.T) {
	t.Parallel()
	h := start(t)
	p := h.post(200, "/v1/payment_intents", cardIntent+"pm_card_visa&capture_method=manual")
	same(t, "held", p.text("status"), "requires_capture")
	h.post(400, "/v1/payment_intents/"+p.text("id")+"/capture", "amount_to_capture=15001")
	same(t, "captured", h.post(200, "/v1/payment_intents/"+p.text("id")+"/capture", "amount_to_capture=10000").int("amount_received"), 10000)
}
