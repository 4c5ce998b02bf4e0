// Package stripetest puts the real gateway before a server of its own, over
// HTTP, for the tests of stripegw and for those that compare every request and
// answer with the processor's own description of its API.
package stripetest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/gatewaytest"
	"quittance/payments/stripegw"
)

// Keys of the rig.
const (
	SecretKey     = "sk_test_rig"
	WebhookSecret = "whsec_rig_0123456789abcdef0123456789abcdef"
)

// methods are the processor's test methods by kind; that of BankRevoked does what
// only the sandbox's does.
var methods = map[gatewaytest.Kind]string{
	gatewaytest.CardUnanswered: "pm_card_chargeDeclinedProcessingError",
	gatewaytest.CardFailsLater: "pm_card_chargeCustomerFail",
	gatewaytest.CardAsksAlways: "pm_card_authenticationRequired",
	gatewaytest.CardCredit:     "pm_card_visa",
	gatewaytest.CardDebit:      "pm_card_visa_debit",
	gatewaytest.CardPrepaid:    "pm_card_mastercard_prepaid",
	gatewaytest.CardNoFunds:    "pm_card_chargeDeclinedInsufficientFunds",
	gatewaytest.CardChallenge:  "pm_card_threeDSecure2Required",
	gatewaytest.CardDisputed:   "pm_card_createDispute",
	gatewaytest.BankGood:       "pm_usBankAccount_success",
	gatewaytest.BankNoFunds:    "pm_usBankAccount_insufficientFunds",
	gatewaytest.BankRevoked:    "pm_usBankAccount_debitNotAuthorized",
}

// Server is a stateful server that answers like the processor, as far as the
// suite has to steer it.
type Server struct {
	Handler    http.Handler
	Advance    func(d time.Duration)
	LoseAnswer func() // the next POST does its work and loses its answer
	Break      func() // the next POST fails with nothing done
	Charges    func(id payments.ID) int
	Return     func(intentID, code string) bool // of a bank debit
}

// Bench is a gateway with the server behind it and that server's address.
type Bench struct {
	Gateway *stripegw.Gateway
	Server  Server
	URL     string
}

// New starts the server and puts a gateway before it.
func New(t testing.TB, s Server) Bench {
	t.Helper()
	srv := httptest.NewServer(s.Handler)
	t.Cleanup(srv.Close)
	return Bench{Gateway: Dial(t, srv.URL), Server: s, URL: srv.URL}
}

// Dial makes a gateway to the server at address.
func Dial(t testing.TB, address string) *stripegw.Gateway {
	t.Helper()
	g, err := stripegw.New(stripegw.Config{
		SecretKey: SecretKey, WebhookSecrets: []string{WebhookSecret}, APIURL: address, Deadline: 30 * time.Second, Back: Back,
		FingerprintKey: []byte("key of fingerprints in tests"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// Back is where a bank's check leads back to.
func Back(id payments.ID) string { return "https://pay.example/payments/" + string(id) }

// Rig is the bench as the suite of package gatewaytest steers it.
func (b Bench) Rig(t testing.TB) gatewaytest.Rig {
	nobody := httptest.NewServer(http.NotFoundHandler())
	nobody.Close()
	return gatewaytest.Rig{
		Gateway: b.Gateway, Hosted: b.Gateway, Refunds: b.Gateway, Saver: b.Gateway, Unreachable: Dial(t, nobody.URL),
		Token:      func(t *testing.T, k gatewaytest.Kind) string { return b.Token(t, k) },
		Days:       func(_ *testing.T, n int) { b.Server.Advance(time.Duration(n) * 24 * time.Hour) },
		LoseAnswer: func(*testing.T) { b.Server.LoseAnswer() },
		Break:      func(*testing.T) { b.Server.Break() },
		Charges:    func(_ *testing.T, id payments.ID) int { return b.Server.Charges(id) },
		Prove:      b.prove,
		Verify: func(t *testing.T, s payments.Setup) {
			b.call(t, "/v1/setup_intents/"+s.ID+"/verify_microdeposits", url.Values{"descriptor_code": {"SM11AA"}}, nil)
		},
		Return: func(t *testing.T, intentID, code string) {
			if !b.Server.Return(intentID, code) {
				t.Errorf("%s could not be returned with %s", intentID, code)
			}
		},
	}
}

// prove passes the challenge of a setup, on the page it leads to.
func (b Bench) prove(t *testing.T, s payments.Setup) {
	t.Helper()
	b.call(t, strings.TrimPrefix(s.ActionURL, b.URL), url.Values{"action": {"complete"}}, nil)
}

// Token makes a confirmation token as a browser does, through the processor's
// own test helper.
func (b Bench) Token(t testing.TB, k gatewaytest.Kind) string {
	t.Helper()
	form := url.Values{"payment_method": {methods[k]}}
	if k == gatewaytest.BankTyped {
		form = typed
	}
	var token struct{ ID string }
	b.call(t, "/v1/test_helpers/confirmation_tokens", form, &token)
	if token.ID == "" {
		t.Fatalf("no token of %s", k)
	}
	return token.ID
}

// typed are the numbers of an account that its holder typed.
var typed = url.Values{
	"payment_method_data[type]":                                 {"us_bank_account"},
	"payment_method_data[billing_details][name]":                {"Jenny Rosen"},
	"payment_method_data[us_bank_account][routing_number]":      {"110000000"},
	"payment_method_data[us_bank_account][account_number]":      {"000123456789"},
	"payment_method_data[us_bank_account][verification_method]": {"microdeposits"},
}

// call posts a form as the consumer's browser would, and goes nowhere after it.
func (b Bench) call(t testing.TB, path string, form url.Values, into any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "Bearer "+SecretKey)
	stays := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := stays.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err == nil && into != nil {
		err = json.Unmarshal(raw, into)
	}
	if err != nil || res.StatusCode >= http.StatusBadRequest {
		t.Fatalf("%s: status %d, %v: %s", path, res.StatusCode, err, raw)
	}
}
