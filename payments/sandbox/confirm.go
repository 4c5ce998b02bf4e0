package sandbox

import (
	"slices"
	"strings"
)

const confirmFields = mandateFields + ` confirmation_token payment_method payment_method_types.#:card|us_bank_account return_url receipt_email:text
	setup_future_usage:off_session|on_session off_session:bool use_stripe_sdk:bool error_on_requires_action:bool
	capture_method:automatic|automatic_async|manual client_secret
	payment_method_options.us_bank_account.verification_method:automatic|instant|microdeposits|skip
	payment_method_options.us_bank_account.setup_future_usage payment_method_options.us_bank_account.financial_connections.permissions.#
	payment_method_options.us_bank_account.financial_connections.prefetch.# payment_method_options.us_bank_account.preferred_settlement_speed:fastest|standard
	payment_method_options.us_bank_account.mandate_options.collection_method
	payment_method_options.card.request_three_d_secure:any|automatic|challenge payment_method_options.card.setup_future_usage
	payment_method_options.card.capture_method payment_method_options.card.statement_descriptor_suffix_kana `

// confirmation is a checked decision to charge a method.
type confirmation struct {
	method       *method
	token        *confirmationToken
	accepted     *mandateData
	mandate      string
	returnURL    string
	base         string
	sdk          bool // the browser script will show the challenge
	offSession   bool
	failOnAction bool
	deposits     bool
}

func confirmIntent(c *call) (any, *apiError) {
	p, err := c.intent()
	if err != nil {
		return nil, err
	}
	if v := c.get("setup_future_usage"); v != "" {
		p.SetupFutureUsage = maybe(v)
	}
	if types := c.list("payment_method_types"); len(types) > 0 {
		p.PaymentMethodTypes = types
	}
	c.applyOptions(p)
	k, err := c.confirmation(p)
	if err != nil {
		return nil, err
	}
	return c.confirmed(p, k)
}

// setMethodOf stores the method of a create or update that does not confirm.
func (c *call) setMethodOf(p *intent) *apiError {
	if c.bool("confirm") || (!c.has("payment_method") && !c.under("payment_method_data")) {
		return nil
	}
	k := confirmation{}
	if err := c.choose(&k, p.PaymentMethod.ID); err != nil {
		return err
	}
	if err := c.allowed(p, k.method); err != nil {
		return err
	}
	p.PaymentMethod.ID, p.Status, p.NextAction = k.method.ID, "requires_confirmation", nil
	return nil
}

// choose finds the method a request names: a token, an identifier, fields, or
// the one the intent already has.
func (c *call) choose(k *confirmation, held string) (err *apiError) {
	switch {
	case c.has("confirmation_token"):
		if c.has("payment_method") || c.under("payment_method_data") {
			return invalid("", "You cannot provide both confirmation_token and payment_method or payment_method_data.").at("confirmation_token")
		}
		if k.token, err = c.usableToken(c.get("confirmation_token")); err != nil {
			return err
		}
		k.method, k.accepted, k.returnURL, k.sdk = k.token.method, k.token.MandateData, string(k.token.ReturnURL), k.token.UseStripeSDK
	case c.has("payment_method"):
		k.method, err = c.method(c.get("payment_method"))
	case c.under("payment_method_data"):
		k.method, err = c.newMethod("payment_method_data.")
	case held != "":
		k.method, err = c.stored(held)
	default:
		err = invalid("payment_intent_unexpected_state", "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.").at("payment_method")
	}
	return err
}

// confirmation checks everything that can refuse a confirmation before money is touched.
func (c *call) confirmation(p *intent) (confirmation, *apiError) {
	k := confirmation{base: c.base}
	if !slices.Contains(open, p.Status) {
		e := unexpectedState("payment_intent", "intent", "You cannot confirm this PaymentIntent because it has a status of %s.", p.Status)
		if p.Status == "succeeded" {
			e.Message = "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed."
		}
		e.PaymentIntent = c.seenBy(p)
		return k, e
	}
	if err := c.choose(&k, p.PaymentMethod.ID); err != nil {
		return k, err
	}
	if err := c.allowed(p, k.method); err != nil {
		return k, err
	}
	c.applyFlags(&k)
	if a := p.AutomaticPaymentMethods; a != nil && a.AllowRedirects == "always" && k.returnURL == "" {
		return k, invalid("", "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a `return_url`.").at("return_url")
	}
	if err := c.checkMandate(&k); err != nil {
		return k, err
	}
	if o := p.PaymentMethodOptions.USBankAccount; o != nil {
		k.deposits = o.VerificationMethod == "microdeposits"
	}
	if k.token != nil {
		k.token.spentOn(p.ID)
	}
	return k, nil
}

func (c *call) applyFlags(k *confirmation) {
	k.returnURL = orString(c.get("return_url"), k.returnURL)
	k.offSession, k.failOnAction = c.bool("off_session"), c.bool("error_on_requires_action")
	if c.has("use_stripe_sdk") {
		k.sdk = c.bool("use_stripe_sdk")
	} else if c.public {
		k.sdk = true
	}
	if d := c.mandateData(); d != nil {
		k.accepted = d
	}
}

// allowed checks that the intent takes this method and that it may be used (again).
func (c *call) allowed(p *intent, m *method) *apiError {
	if !slices.Contains(p.PaymentMethodTypes, m.Type) {
		return invalid("", "The PaymentMethod provided (%s) is not allowed for this PaymentIntent. Please attach a PaymentMethod of one of the following types: %s.", m.Type, strings.Join(p.PaymentMethodTypes, ", ")).at("payment_method")
	}
	return reusable(m, p.Customer.ID)
}

func reusable(m *method, customer string) *apiError {
	switch {
	case m.used && m.Customer.ID == "":
		return usedUp()
	case m.Customer.ID != "" && customer == "":
		return invalid("", "The PaymentMethod you provided (%s) is attached to a customer so you must provide the customer in the request.", m.ID).at("payment_method")
	case m.Customer.ID != "" && m.Customer.ID != customer:
		return invalid("", "The PaymentMethod you provided (%s) belongs to a different customer.", m.ID).at("payment_method")
	}
	return nil
}

// checkMandate asks for the acceptance that a debit of a bank account needs.
func (c *call) checkMandate(k *confirmation) *apiError {
	if k.method.Type != "us_bank_account" {
		return nil
	}
	if k.mandate = c.get("mandate"); k.mandate != "" {
		held, ok := c.s.mandates.get(k.mandate)
		if !ok {
			return unknownID("mandate", k.mandate, "mandate")
		}
		if held.Status != "active" {
			return invalid("payment_intent_mandate_invalid", "The mandate provided is %s.", held.Status).at("mandate")
		}
		if held.PaymentMethod.ID != k.method.ID {
			return invalid("payment_intent_mandate_invalid", "The mandate provided is of another payment method.").at("mandate")
		}
		return nil
	}
	if held := c.s.mandateOf(k.method); held != nil && k.accepted == nil {
		k.mandate = held.ID
	}
	if k.mandate == "" && k.accepted == nil {
		return missing("mandate_data")
	}
	return nil
}

// confirmed carries the confirmation out. A refusal carries the intent, as Stripe's does.
func (c *call) confirmed(p *intent, k confirmation) (object, *apiError) {
	if err := c.s.begin(p, k); err != nil {
		err.PaymentIntent = c.seenBy(p)
		return nil, err
	}
	return c.seenBy(p), nil
}

func (s *Server) begin(p *intent, k confirmation) *apiError {
	p.attempt = attempt{key: s.currentKey(), method: k.method, mandate: k.mandate, accepted: k.accepted, returnURL: k.returnURL}
	p.PaymentMethod.ID, p.LastPaymentError, p.NextAction = k.method.ID, nil, nil
	if k.method.Type == "us_bank_account" {
		return s.beginDebit(p, k)
	}
	if !needsChallenge(k.method, p.PaymentMethodOptions.Card, k.offSession) {
		return s.chargeCard(p)
	}
	if k.offSession || k.failOnAction {
		return s.refuse(p, s.newCharge(p), declined(unproven))
	}
	s.challenge(p, k)
	return nil
}

func (s *Server) currentKey() string {
	if s.current == nil {
		return ""
	}
	return s.current.key
}
