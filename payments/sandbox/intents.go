package sandbox

import (
	"slices"
	"strings"
)

// Stripe's limits of one payment in US dollars.
const minAmount, maxAmount = 50, 99_999_999

func checkAmount(amount int64) *apiError {
	switch {
	case amount < 1:
		return invalid("parameter_invalid_integer", "This value must be greater than or equal to 1.").at("amount")
	case amount < minAmount:
		return invalid("amount_too_small", "Amount must be at least $0.50 usd").at("amount")
	case amount > maxAmount:
		return invalid("amount_too_large", "Amount must be no more than $999,999.99").at("amount")
	}
	return nil
}

func checkCurrency(currency string) *apiError {
	if strings.ToLower(currency) != "usd" {
		return invalid("", "Invalid currency: %s. Stripe currently supports these currencies: usd", currency).at("currency")
	}
	return nil
}

func createIntent(c *call) (any, *apiError) {
	p, err := c.newIntent("")
	if err != nil {
		return nil, err
	}
	if err := c.setMethodOf(p); err != nil {
		return nil, err
	}
	if !c.bool("confirm") {
		c.s.addIntent(p)
		return p, nil
	}
	k, err := c.confirmation(p)
	if err != nil {
		return nil, err
	}
	c.s.addIntent(p)
	return c.confirmed(p, k)
}

// newIntent builds an intent of the request's fields, unstored. below is
// "payment_intent_data." for a checkout session.
func (c *call) newIntent(below string) (*intent, *apiError) {
	p := &intent{
		head: c.s.head("pi_3", "payment_intent"), CaptureMethod: orString(c.get(below+"capture_method"), "automatic_async"),
		ConfirmationMethod: orString(c.get("confirmation_method"), "automatic"), Currency: "usd",
		Metadata: map[string]string{}, Status: "requires_payment_method", PaymentMethodTypes: []string{"card"},
	}
	p.ClientSecret = p.ID + "_secret_" + c.s.random(24)
	if c.bool("automatic_payment_methods.enabled") {
		p.AutomaticPaymentMethods = &automatic{orString(c.get("automatic_payment_methods.allow_redirects"), "always"), true}
		p.PaymentMethodTypes = []string{"card", "us_bank_account"}
	}
	if err := c.applyFields(p, below); err != nil {
		return nil, err
	}
	if below == "" {
		return p, checkAmount(p.Amount)
	}
	return p, nil
}

// applyFields lays the fields that create and update share over the intent.
func (c *call) applyFields(p *intent, below string) *apiError {
	if c.has("amount") {
		p.Amount = c.int64("amount")
	}
	if err := checkAmount(p.Amount); below == "" && err != nil {
		return err
	}
	if c.has("currency") {
		if err := checkCurrency(c.get("currency")); err != nil {
			return err
		}
	}
	if id := c.get("customer"); id != "" {
		if _, ok := c.s.customers.get(id); !ok {
			return unknownID("customer", id, "customer")
		}
		p.Customer.ID = id
	}
	if types := c.list("payment_method_types"); len(types) > 0 {
		p.PaymentMethodTypes = types
	}
	for name, field := range map[string]*maybe{
		"description": &p.Description, "receipt_email": &p.ReceiptEmail, "setup_future_usage": &p.SetupFutureUsage,
		"statement_descriptor": &p.StatementDescriptor, "statement_descriptor_suffix": &p.StatementDescriptorSuffix,
		"transfer_group": &p.TransferGroup,
	} {
		if c.has(below + name) {
			*field = maybe(c.get(below + name))
		}
	}
	p.Metadata = c.merged(below+"metadata", p.Metadata)
	c.applyOptions(p)
	return nil
}

func (c *call) applyOptions(p *intent) {
	if slices.Contains(p.PaymentMethodTypes, "card") && p.PaymentMethodOptions.Card == nil {
		p.PaymentMethodOptions.Card = &cardOptions{RequestThreeDSecure: "automatic"}
	}
	if slices.Contains(p.PaymentMethodTypes, "us_bank_account") && p.PaymentMethodOptions.USBankAccount == nil {
		p.PaymentMethodOptions.USBankAccount = &bankOptions{VerificationMethod: "automatic"}
	}
	if v := c.get("payment_method_options.us_bank_account.verification_method"); v != "" {
		p.PaymentMethodOptions.USBankAccount = &bankOptions{VerificationMethod: v}
	}
	if v := c.get("payment_method_options.card.request_three_d_secure"); v != "" {
		p.PaymentMethodOptions.Card = &cardOptions{RequestThreeDSecure: v}
	}
}

func (s *Server) addIntent(p *intent) {
	s.intents.add(p)
	s.index(p)
	s.emit("payment_intent.created", p)
}

// index keeps the intents of one payment findable by metadata[payment_id].
func (s *Server) index(p *intent) {
	id := p.Metadata["payment_id"]
	if id != "" && !slices.Contains(s.byPayment[id], p) {
		s.byPayment[id] = append(s.byPayment[id], p)
	}
}

// intent finds the intent of the address; the browser must know its secret.
func (c *call) intent() (*intent, *apiError) {
	id := c.id()
	p, ok := c.s.intents.get(id)
	if !ok || (c.public && !same(c.get("client_secret"), p.ClientSecret)) {
		return nil, unknownID("payment_intent", id, "intent")
	}
	if secret := c.get("client_secret"); secret != "" && !same(secret, p.ClientSecret) {
		return nil, invalid("payment_intent_invalid_parameter", "The client_secret provided does not match the client_secret associated with the PaymentIntent.").at("client_secret")
	}
	return p, nil
}

// seenBy is the intent as the caller may see it: a browser gets neither
// metadata nor charge.
func (c *call) seenBy(p *intent) object {
	if !c.public {
		return p
	}
	view := *p
	view.Metadata, view.LatestCharge, view.Customer = map[string]string{}, ref{}, ref{}
	return &view
}

func getIntent(c *call) (any, *apiError) {
	p, err := c.intent()
	if err != nil {
		return nil, err
	}
	return c.seenBy(p), nil
}

func updateIntent(c *call) (any, *apiError) {
	p, err := c.intent()
	if err != nil {
		return nil, err
	}
	if (c.has("amount") || c.has("payment_method")) && !slices.Contains(open, p.Status) {
		return nil, unexpectedState("payment_intent", "intent", "This PaymentIntent's amount or payment_method could not be updated because it has a status of %s.", p.Status)
	}
	if err := c.applyFields(p, ""); err != nil {
		return nil, err
	}
	c.s.index(p)
	return p, c.setMethodOf(p)
}

// open are the states in which an intent may still change.
var open = []string{"requires_payment_method", "requires_confirmation", "requires_action"}

func cancelIntent(c *call) (any, *apiError) {
	p, err := c.intent()
	if err != nil {
		return nil, err
	}
	if err := c.s.cancel(p, orString(c.get("cancellation_reason"), "")); err != nil {
		return nil, err
	}
	return p, nil
}

func (s *Server) cancel(p *intent, reason string) *apiError {
	stuck := p.Status == "processing" && p.method != nil && p.method.bankRow.never
	if !slices.Contains(open, p.Status) && p.Status != "requires_capture" && !stuck {
		e := unexpectedState("payment_intent", "intent", "You cannot cancel this PaymentIntent because it has a status of %s. Only a PaymentIntent with one of the following statuses may be canceled: requires_payment_method, requires_capture, requires_confirmation, requires_action, processing.", p.Status)
		e.PaymentIntent = p
		return e
	}
	if ch, ok := s.charges.get(p.LatestCharge.ID); ok && (ch.Status == "pending" || p.Status == "requires_capture") {
		s.drop(ch)
	}
	p.Status, p.NextAction, p.AmountCapturable, p.deposits = "canceled", nil, 0, nil
	p.CanceledAt, p.CancellationReason = stamp(s.now().Unix()), maybe(reason)
	s.emit("payment_intent.canceled", p)
	return nil
}

func listIntents(c *call) (any, *apiError) {
	customer := c.get("customer")
	return list(&c.s.intents, c, func(p *intent) bool { return customer == "" || p.Customer.ID == customer })
}
