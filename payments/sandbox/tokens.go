package sandbox

import (
	"strings"
	"time"
)

// confirmationToken carries what a person typed from the browser to the server:
// the server reads its preview (STR-02), then confirms an intent with it, once.
type confirmationToken struct {
	head
	ExpiresAt            int64         `json:"expires_at"`
	MandateData          *mandateData  `json:"mandate_data"`
	PaymentIntent        maybe         `json:"payment_intent"`
	PaymentMethodOptions *struct{}     `json:"payment_method_options"`
	Preview              methodPreview `json:"payment_method_preview"`
	ReturnURL            maybe         `json:"return_url"`
	SetupFutureUsage     maybe         `json:"setup_future_usage"`
	SetupIntent          maybe         `json:"setup_intent"`
	Shipping             *struct{}     `json:"shipping"`
	UseStripeSDK         bool          `json:"use_stripe_sdk"`

	method *method
}

func (t *confirmationToken) copy() object { c := *t; return &c }

type methodPreview struct {
	AllowRedisplay string       `json:"allow_redisplay"`
	BillingDetails billing      `json:"billing_details"`
	Card           *card        `json:"card,omitempty"`
	Customer       ref          `json:"customer"`
	Type           string       `json:"type"`
	USBankAccount  *bankAccount `json:"us_bank_account,omitempty"`
}

// createToken serves the browser (POST /v1/confirmation_tokens with the
// publishable key) and Stripe's test helper (with a test PaymentMethod).
func createToken(c *call) (any, *apiError) {
	m, err := c.tokenMethod()
	if err != nil {
		return nil, err
	}
	t := &confirmationToken{
		head: c.s.head("ctoken_1", "confirmation_token"), ExpiresAt: c.s.now().Add(12 * time.Hour).Unix(),
		ReturnURL: maybe(c.get("return_url")), SetupFutureUsage: maybe(c.get("setup_future_usage")),
		UseStripeSDK: true, method: m,
	}
	t.MandateData = c.mandateData()
	if t.MandateData == nil && m.Type == "us_bank_account" {
		t.MandateData = c.inferredMandate() // the browser's element shows the mandate and infers it
	}
	t.Preview = methodPreview{AllowRedisplay: m.AllowRedisplay, BillingDetails: m.BillingDetails, Card: m.Card, Customer: m.Customer, Type: m.Type, USBankAccount: m.USBankAccount}
	c.s.tokens.add(t)
	c.s.tokens.forgetOldest(c.s.cfg.MaxKeys)
	return t, nil
}

func (c *call) tokenMethod() (*method, *apiError) {
	if id := c.get("payment_method"); id != "" {
		return c.method(id)
	}
	if !c.under("payment_method_data") {
		return nil, missing("payment_method_data")
	}
	return c.newMethod("payment_method_data.")
}

func getToken(c *call) (any, *apiError) {
	t, ok := c.s.tokens.get(c.id())
	if !ok {
		return nil, unknownID("confirmation_token", c.id(), "confirmation_token")
	}
	return t, nil
}

// usableToken finds a token that was not used and has not expired.
func (c *call) usableToken(id string) (*confirmationToken, *apiError) {
	t, ok := c.s.tokens.get(id)
	if !ok {
		return nil, unknownID("confirmation_token", id, "confirmation_token")
	}
	usedBy := orString(string(t.PaymentIntent), string(t.SetupIntent))
	switch {
	case usedBy != "":
		return nil, invalid("", "The provided confirmation_token was already used with %s. Create a new one.", usedBy).at("confirmation_token")
	case c.s.now().Unix() >= t.ExpiresAt:
		return nil, invalid("", "The provided confirmation_token has expired. Create a new one.").at("confirmation_token")
	}
	return t, nil
}

func (t *confirmationToken) spentOn(intent string) {
	if strings.HasPrefix(intent, "pi_") {
		t.PaymentIntent = maybe(intent)
	} else {
		t.SetupIntent = maybe(intent)
	}
}
