package sandbox_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// browse is a person's browser that stays where it is sent, so that a test sees
// each redirect.
func (h *harness) browse(method, address string, fields url.Values) (int, http.Header, string) {
	h.t.Helper()
	var body io.Reader
	if method == http.MethodPost {
		body = strings.NewReader(fields.Encode())
	}
	r, err := http.NewRequestWithContext(h.t.Context(), method, address, body)
	if err != nil {
		h.t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(text)
}

func TestAChallengePassedByRedirectPaysAndReturnsThePerson(t *testing.T) {
	t.Parallel()
	h := start(t)
	p := h.post(200, "/v1/payment_intents", cardIntent+"pm_card_threeDSecure2Required&return_url=https://portal.test/back?x=1")
	same(t, "next", p.text("next_action", "type"), "redirect_to_url")
	page := p.text("next_action", "redirect_to_url", "url")
	status, header, body := h.browse(http.MethodGet, page, nil)
	same(t, "page", status, 200)
	if strings.Contains(header.Get("Content-Security-Policy"), "form-action") || !strings.Contains(body, "$150.00") {
		t.Errorf("challenge page: %s %s", header, body)
	}
	same(t, "looking charges nothing", len(h.Charges()), 0)
	status, header, _ = h.browse(http.MethodPost, page, url.Values{"action": {"complete"}})
	same(t, "redirect", status, http.StatusSeeOther)
	back, _ := url.Parse(header.Get("Location"))
	same(t, "host", back.Host, "portal.test")
	same(t, "kept", back.Query().Get("x"), "1")
	same(t, "intent", back.Query().Get("payment_intent"), p.text("id"))
	same(t, "secret", back.Query().Get("payment_intent_client_secret"), p.text("client_secret"))
	same(t, "outcome", back.Query().Get("redirect_status"), "succeeded")
	h.browse(http.MethodPost, page, url.Values{"action": {"complete"}})
	h.browse(http.MethodPost, page, url.Values{"action": {"fail"}})
	same(t, "charged once", h.ChargeCount("pay_1"), 1)
	got := h.get("/v1/payment_intents/"+p.text("id"), "expand[]=latest_charge")
	same(t, "proof", got.text("latest_charge", "payment_method_details", "card", "three_d_secure", "result"), "authenticated")
	sameList(t, "events", h.events(), "payment_intent.created", "payment_intent.requires_action", "charge.succeeded", "payment_intent.succeeded", "charge.updated")
}

func TestAFailedChallengeChargesNothing(t *testing.T) {
	t.Parallel()
	h := start(t)
	p := h.post(200, "/v1/payment_intents", cardIntent+"pm_card_authenticationRequired&return_url=https://portal.test/back")
	page := p.text("next_action", "redirect_to_url", "url")
	_, header, _ := h.browse(http.MethodPost, page, url.Values{"action": {"fail"}})
	if !strings.Contains(header.Get("Location"), "redirect_status=failed") {
		t.Errorf("returned to %s", header.Get("Location"))
	}
	got := h.get("/v1/payment_intents/"+p.text("id"), "")
	same(t, "status", got.text("status"), "requires_payment_method")
	same(t, "why", got.text("last_payment_error", "code"), "payment_intent_authentication_failure")
	same(t, "moved", len(h.Charges()), 0)
	status, _, _ := h.browse(http.MethodPost, page, url.Values{"action": {"complete"}})
	same(t, "the page is gone", status, http.StatusNotFound)
	same(t, "another card", h.post(200, "/v1/payment_intents/"+p.text("id")+"/confirm", "payment_method=pm_card_visa").text("status"), "succeeded")
}

func TestACardMayBeDeclinedAfterItsChallenge(t *testing.T) {
	t.Parallel()
	h := start(t)
	p := h.post(200, "/v1/payment_intents", cardIntent+"pm_card_threeDSecureRequiredChargeDeclined&return_url=https://portal.test/back")
	h.browse(http.MethodPost, p.text("next_action", "redirect_to_url", "url"), url.Values{"action": {"complete"}})
	got := h.get("/v1/payment_intents/"+p.text("id"), "")
	same(t, "status", got.text("status"), "requires_payment_method")
	same(t, "why", got.text("last_payment_error", "code"), "card_declined")
}

func TestTheBrowserScriptShowsTheChallengeInAFrame(t *testing.T) {
	t.Parallel()
	h := start(t)
	token := h.post(200, "/v1/test_helpers/confirmation_tokens", "payment_method=pm_card_threeDSecure2Required&return_url=https://portal.test/back").text("id")
	p := h.post(200, "/v1/payment_intents", "amount=500&currency=usd&confirm=true&confirmation_token="+token)
	same(t, "next", p.text("next_action", "type"), "use_stripe_sdk")
	page := p.text("next_action", "use_stripe_sdk", "stripe_js")
	status, _, body := h.browse(http.MethodPost, page+"?frame=1", url.Values{"action": {"complete"}})
	same(t, "stays in the frame", status, 200)
	if !strings.Contains(body, "data-done") {
		t.Error("the frame does not tell the page that it is over")
	}
	wrong := page[:strings.LastIndexByte(page, '/')] + "/guess"
	status, _, _ = h.browse(http.MethodPost, wrong, url.Values{"action": {"complete"}})
	same(t, "a guessed address", status, http.StatusNotFound)
}

func TestASavedCardPassesItsChallengeOnce(t *testing.T) {
	t.Parallel()
	h := start(t)
	customer := h.post(200, "/v1/customers", "name=Jo").text("id")
	si := h.post(200, "/v1/setup_intents", "confirm=true&return_url=https://portal.test/back&payment_method=pm_card_authenticationRequiredOnSetup&customer="+customer)
	same(t, "status", si.text("status"), "requires_action")
	_, header, _ := h.browse(http.MethodPost, si.text("next_action", "redirect_to_url", "url"), url.Values{"action": {"complete"}})
	if !strings.Contains(header.Get("Location"), "setup_intent="+si.text("id")) {
		t.Errorf("returned to %s", header.Get("Location"))
	}
	si = h.get("/v1/setup_intents/"+si.text("id"), "")
	same(t, "saved", si.text("status"), "succeeded")
	p := h.post(200, "/v1/payment_intents", "amount=500&currency=usd&confirm=true&off_session=true&customer="+customer+"&payment_method="+si.text("payment_method"))
	same(t, "charged later", p.text("status"), "succeeded")
	canceled := h.post(200, "/v1/setup_intents", "customer="+customer)
	same(t, "canceled", h.post(200, "/v1/setup_intents/"+canceled.text("id")+"/cancel", "").text("status"), "canceled")
}
