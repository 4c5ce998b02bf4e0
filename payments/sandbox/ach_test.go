package sandbox_test

import (
	"net/http"
	"slices"
	"testing"
	"time"
)

const day = 24 * time.Hour

func TestSTR10_ADebitStaysProcessingForFourBusinessDays(t *testing.T) {
	t.Parallel()
	h := start(t)
	p := h.post(200, "/v1/payment_intents", bankIntent+"success&expand[]=latest_charge")
	same(t, "status", p.text("status"), "processing")
	same(t, "charge", p.text("latest_charge", "status"), "pending")
	same(t, "nothing moved yet", len(h.Charges()), 0)
	same(t, "but on its way", len(h.PendingCharges()), 1)
	same(t, "and counted", h.ChargeCount("pay_1"), 1)
	path := "/v1/payment_intents/" + p.text("id")
	h.setClock(monday.Add(3 * day)) // Thursday
	same(t, "on the third day", h.get(path, "").text("status"), "processing")
	h.setClock(monday.Add(4 * day)) // Friday
	same(t, "on the fourth day", h.get(path, "").text("status"), "succeeded")
	sameList(t, "events", h.events(), "payment_intent.created", "charge.pending", "payment_intent.processing", "charge.succeeded", "payment_intent.succeeded")
	same(t, "moved", len(h.Charges()), 1)
}

func TestWeekendsAndBankHolidaysDoNotCount(t *testing.T) {
	t.Parallel()
	h := start(t)
	thursday := time.Date(2026, 7, 2, 15, 0, 0, 0, time.UTC) // the 4th is a Saturday, the 3rd stays a business day
	for from, want := range map[time.Time]int{
		monday:   4,
		thursday: 6,
		time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC): 7, // Thanksgiving week: Monday to Monday
		time.Date(2027, 7, 1, 15, 0, 0, 0, time.UTC):   7, // Independence Day on a Sunday is kept on Monday
		time.Date(2026, 5, 22, 15, 0, 0, 0, time.UTC):  7, // Memorial Day
		time.Date(2026, 1, 16, 15, 0, 0, 0, time.UTC):  7, // King's birthday
		time.Date(2026, 9, 4, 15, 0, 0, 0, time.UTC):   7, // Labor Day
		time.Date(2026, 10, 9, 15, 0, 0, 0, time.UTC):  7, // Columbus Day
	} {
		h.setClock(from)
		path := "/v1/payment_intents/" + h.post(200, "/v1/payment_intents", bankIntent+"success").text("id")
		days := 0
		for h.get(path, "").text("status") == "processing" && days < 20 {
			days++
			h.setClock(from.Add(time.Duration(days) * day))
		}
		same(t, from.Format("Mon 2006-01-02"), days, want)
	}
}

func TestEachBankAccountDoesWhatItsNumberSays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		first, after, failure, disputed string
	}{
		"success":            {"processing", "succeeded", "", ""},
		"accountClosed":      {"processing", "requires_payment_method", "account_closed", ""},
		"noAccount":          {"processing", "requires_payment_method", "no_account", ""},
		"insufficientFunds":  {"processing", "requires_payment_method", "insufficient_funds", ""},
		"debitNotAuthorized": {"processing", "succeeded", "", "debit_not_authorized"},
		"dispute":            {"processing", "succeeded", "", "debit_not_authorized"},
		"processing":         {"processing", "processing", "", ""},
		"failMicrodeposits":  {"requires_action", "requires_payment_method", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := start(t)
			p := h.post(200, "/v1/payment_intents", bankIntent+name)
			same(t, "at first", p.text("status"), c.first)
			h.Advance(20 * day)
			p = h.get("/v1/payment_intents/"+p.text("id"), "expand[]=latest_charge")
			same(t, "after", p.text("status"), c.after)
			same(t, "failure", p.text("latest_charge", "failure_code"), c.failure)
			disputes := h.get("/v1/disputes", "").data()
			if c.disputed == "" {
				same(t, "disputes", len(disputes), 0)
				return
			}
			same(t, "reason", disputes[0].text("reason"), c.disputed)
			same(t, "final", disputes[0].text("status"), "lost")
		})
	}
}

func TestARefusedAccountIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	h := start(t)
	for name, code := range map[string]string{"weeklyLimitExceeded": "charge_exceeds_source_limit", "riskLevelHighest": "bank_account_declined"} {
		e := h.post(402, "/v1/payment_intents", bankIntent+name)
		same(t, name, e.text("error", "code"), code)
		same(t, name, e.text("error", "payment_intent", "status"), "requires_payment_method")
	}
}

func TestSTR12_AnR10AfterSuccessIsALostDisputeAndEndsTheMandate(t *testing.T) {
	t.Parallel()
	h := start(t)
	p := h.post(200, "/v1/payment_intents", bankIntent+"debitNotAuthorized&expand[]=latest_charge")
	mandate := p.text("latest_charge", "payment_method_details", "us_bank_account", "mandate")
	h.setClock(monday.Add(4 * day))
	same(t, "settled", h.get("/v1/payment_intents/"+p.text("id"), "").text("status"), "succeeded")
	same(t, "mandate", h.get("/v1/mandates/"+mandate, "").text("status"), "active")
	h.setClock(monday.Add(11 * day)) // five business days later
	d := h.last("charge.dispute.funds_withdrawn")
	same(t, "reason", d.text("reason"), "debit_not_authorized")
	same(t, "status", d.text("status"), "lost")
	same(t, "network code", d.text("network_reason_code"), "R10")
	same(t, "mandate", h.get("/v1/mandates/"+mandate, "").text("status"), "inactive")
	if !slices.Contains(h.events(), "charge.dispute.created") || !slices.Contains(h.events(), "mandate.updated") {
		t.Errorf("events: %v", h.events())
	}
	refused := h.post(400, "/v1/refunds", "payment_intent="+p.text("id"))
	same(t, "a refund would pay twice", refused.text("error", "code"), "charge_disputed")
}

func TestAJumpOverManyDaysSettlesEachThingAtItsOwnTime(t *testing.T) {
	t.Parallel()
	h := start(t)
	h.post(200, "/v1/payment_intents", bankIntent+"debitNotAuthorized")
	h.Advance(60 * day)
	d := h.last("charge.dispute.created")
	same(t, "when", time.Unix(d.int("created"), 0).UTC().Format("2006-01-02"), "2026-03-13")
}

func TestAnyReturnCodeCanBeOrdered(t *testing.T) {
	t.Parallel()
	h := start(t)
	early := h.post(200, "/v1/payment_intents", bankIntent+"success").text("id")
	same(t, "while processing", h.Return(early, "R02"), true)
	p := h.get("/v1/payment_intents/"+early, "")
	same(t, "failed", p.text("last_payment_error", "code"), "account_closed")
	same(t, "only once", h.Return(early, "R02"), false)
	late := h.post(200, "/v1/payment_intents", bankIntent+"success").text("id")
	h.Advance(10 * day)
	same(t, "after success", h.Return(late, "R01"), true)
	same(t, "reason", h.last("charge.dispute.created").text("reason"), "insufficient_funds")
	same(t, "unknown code", h.Return(late, "R99"), false)
}

func TestSTR15_ABlockedAccountIsNotDebitedAgain(t *testing.T) {
	t.Parallel()
	h := start(t)
	customer := h.post(200, "/v1/customers", "name=Jo").text("id")
	p := h.post(200, "/v1/payment_intents", bankIntent+"accountClosed&setup_future_usage=off_session&customer="+customer)
	method := p.text("payment_method")
	h.Advance(10 * day)
	e := h.post(402, "/v1/payment_intents", "amount=500&currency=usd&confirm=true&off_session=true&payment_method_types[]=us_bank_account&customer="+customer+"&payment_method="+method)
	same(t, "code", e.text("error", "code"), "payment_method_bank_account_blocked")
	m := h.get("/v1/payment_methods/"+method, "")
	same(t, "network code", m.text("us_bank_account", "status_details", "blocked", "network_code"), "R02")
}

func TestSTR11_MicrodepositsAreVerifiedByCodeOrAmounts(t *testing.T) {
	t.Parallel()
	h := start(t)
	const waiting = bankIntent + "success&payment_method_options[us_bank_account][verification_method]=microdeposits"
	p := h.post(200, "/v1/payment_intents", waiting)
	same(t, "status", p.text("status"), "requires_action")
	same(t, "next", p.text("next_action", "type"), "verify_with_microdeposits")
	same(t, "no charge", len(h.PendingCharges()), 0)
	path := "/v1/payment_intents/" + p.text("id") + "/verify_microdeposits"
	e := h.post(400, path, "descriptor_code=SM00ZZ")
	same(t, "wrong code", e.text("error", "code"), "payment_method_microdeposit_verification_descriptor_code_mismatch")
	same(t, "right code", h.post(200, path, "descriptor_code=SM11AA").text("status"), "processing")
	same(t, "twice", h.post(400, path, "descriptor_code=SM11AA").text("error", "code"), "payment_intent_unexpected_state")

	p = h.post(200, "/v1/payment_intents", waiting)
	path = "/v1/payment_intents/" + p.text("id") + "/verify_microdeposits"
	for _, want := range []string{"amounts_mismatch", "amounts_mismatch", "attempts_exceeded"} {
		e := h.post(400, path, "amounts[0]=1&amounts[1]=2")
		same(t, "wrong amounts", e.text("error", "code"), "payment_method_microdeposit_verification_"+want)
	}
	same(t, "used up", h.get("/v1/payment_intents/"+p.text("id"), "").text("status"), "requires_payment_method")

	p = h.post(200, "/v1/payment_intents", waiting)
	path = "/v1/payment_intents/" + p.text("id") + "/verify_microdeposits"
	same(t, "right amounts", h.must(200, request{
		method: http.MethodPost, path: path, bearer: publicKey,
		fields: "amounts[0]=32&amounts[1]=45&client_secret=" + p.text("client_secret"),
	}).text("status"), "processing")

	p = h.post(200, "/v1/payment_intents", waiting)
	h.Advance(9 * day)
	same(t, "nine days", h.get("/v1/payment_intents/"+p.text("id"), "").text("status"), "requires_action")
	h.Advance(day)
	p = h.get("/v1/payment_intents/"+p.text("id"), "")
	same(t, "ten days", p.text("last_payment_error", "code"), "payment_method_microdeposit_verification_timeout")
}

func TestASavedAccountIsDebitedAgainUnderItsMandate(t *testing.T) {
	t.Parallel()
	h := start(t)
	customer := h.post(200, "/v1/customers", "name=Jo").text("id")
	p := h.post(200, "/v1/payment_intents", bankIntent+"success&setup_future_usage=off_session&customer="+customer)
	again := h.post(200, "/v1/payment_intents", "amount=500&currency=usd&confirm=true&off_session=true&payment_method_types[]=us_bank_account&customer="+customer+"&payment_method="+p.text("payment_method"))
	same(t, "status", again.text("status"), "processing")
	other := h.post(200, "/v1/customers", "name=Al").text("id")
	h.post(400, "/v1/payment_intents", "amount=500&currency=usd&confirm=true&payment_method_types[]=us_bank_account&customer="+other+"&payment_method="+p.text("payment_method"))
	h.post(200, "/v1/payment_methods/"+p.text("payment_method")+"/detach", "")
	h.post(400, "/v1/payment_intents", "amount=500&currency=usd&confirm=true&payment_method_types[]=us_bank_account&customer="+customer+"&payment_method="+p.text("payment_method"))
}

func TestADebitThatNeverSettlesCanBeCanceled(t *testing.T) {
	t.Parallel()
	h := start(t)
	stuck := h.post(200, "/v1/payment_intents", bankIntent+"processing").text("id")
	sent := h.post(200, "/v1/payment_intents", bankIntent+"success").text("id")
	same(t, "stuck", h.post(200, "/v1/payment_intents/"+stuck+"/cancel", "").text("status"), "canceled")
	h.post(400, "/v1/payment_intents/"+sent+"/cancel", "")
	same(t, "counted", h.ChargeCount("pay_1"), 1)
}
