// Package stripetest puts the real gateway before a server of its own, over
// HTTP, for the tests of stripegw and for those that compare every request and
// answer with the processor's own description of its API.
package stripetest

import (
	"encoding/json"
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

// methods are the processor's test methods by kind; the last one is the
// sandbox's own.
var methods = map[gatewaytest.Kind]string{
	gatewaytest.CardCredit:    "pm_card_visa",
	gatewaytest.CardDebit:     "pm_card_visa_debit",
	gatewaytest.CardPrepaid:   "pm_card_mastercard_prepaid",
	gatewaytest.CardNoFunds:   "pm_card_chargeDeclinedInsufficientFunds",
	gatewaytest.CardChallenge: "pm_card_threeDSecure2Required",
	gatewaytest.CardDisputed:  "pm_card_createDispute",
	gatewaytest.BankGood:      "pm_usBankAccount_success",
	gatewaytest.BankNoFunds:   "pm_usBankAccount_insufficientFunds",
	gatewaytest.BankRevoked:   "pm_usBankAccount_debitNotAuthorized",
}

// Server is a stateful server that answers like the processor, as far as the
// suite has to steer it.
type Server struct {
	Handler    http.Handler
	Advance    func(d time.Duration)
	LoseAnswer func() // the next POST does its work and loses its answer
	Break      func() // the next POST fails with nothing done
	Charges    func(id payments.ID) int
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
		SecretKey: SecretKey, WebhookSecrets: []string{WebhookSecret}, APIURL: address, Deadline: 30 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// Rig is the bench as the suite of package gatewaytest steers it.
func (b Bench) Rig(t testing.TB) gatewaytest.Rig {
	nobody := httptest.NewServer(http.NotFoundHandler())
	nobody.Close()
	return gatewaytest.Rig{
		Gateway: b.Gateway, Hosted: b.Gateway, Refunds: b.Gateway, Unreachable: Dial(t, nobody.URL),
		Token:      func(t *testing.T, k gatewaytest.Kind) string { return b.Token(t, k) },
		Days:       func(_ *testing.T, n int) { b.Server.Advance(time.Duration(n) * 24 * time.Hour) },
		LoseAnswer: func(*testing.T) { b.Server.LoseAnswer() },
		Break:      func(*testing.T) { b.Server.Break() },
		Charges:    func(_ *testing.T, id payments.ID) int { return b.Server.Charges(id) },
	}
}

// Token makes a confirmation token as a browser does, through the processor's
// own test helper.
func (b Bench) Token(t testing.TB, k gatewaytest.Kind) string {
	t.Helper()
	form := url.Values{"payment_method": {methods[k]}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.URL+"/v1/test_helpers/confirmation_tokens", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "Bearer "+SecretKey)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var token struct{ ID string }
	if err := json.NewDecoder(res.Body).Decode(&token); err != nil || token.ID == "" {
		t.Fatalf("no token of %s: status %d, %v", methods[k], res.StatusCode, err)
	}
	return token.ID
}
