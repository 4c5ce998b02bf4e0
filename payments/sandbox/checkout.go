package sandbox

import (
	"slices"
	"strings"
	"time"
)

// session is a hosted checkout page for one payment.
type session struct {
	head
	AmountSubtotal       int64             `json:"amount_subtotal"`
	AmountTotal          int64             `json:"amount_total"`
	AutomaticTax         automaticTax      `json:"automatic_tax"`
	CancelURL            maybe             `json:"cancel_url"`
	ClientReferenceID    maybe             `json:"client_reference_id"`
	Currency             string            `json:"currency"`
	CustomFields         []struct{}        `json:"custom_fields"`
	CustomText           customText        `json:"custom_text"`
	Customer             ref               `json:"customer"`
	CustomerCreation     string            `json:"customer_creation"`
	CustomerDetails      *struct{}         `json:"customer_details"`
	CustomerEmail        maybe             `json:"customer_email"`
	ExpiresAt            int64             `json:"expires_at"`
	Locale               maybe             `json:"locale"`
	Metadata             map[string]string `json:"metadata"`
	Mode                 string            `json:"mode"`
	PaymentIntent        ref               `json:"payment_intent"`
	PaymentMethodOptions sessionOptions    `json:"payment_method_options"`
	PaymentMethodTypes   []string          `json:"payment_method_types"`
	PaymentStatus        string            `json:"payment_status"`
	ShippingOptions      []struct{}        `json:"shipping_options"`
	Status               string            `json:"status"`
	SubmitType           maybe             `json:"submit_type"`
	SuccessURL           maybe             `json:"success_url"`
	UIMode               string            `json:"ui_mode"`
	URL                  maybe             `json:"url"`

	intent *intent // not stored until the person submits the form
	label  string  // what is being paid, as the page says it
}

// sessionOptions is narrower than an intent's options.
type sessionOptions struct {
	USBankAccount *bankOptions `json:"us_bank_account,omitempty"`
}

type automaticTax struct {
	Enabled   bool      `json:"enabled"`
	Liability *struct{} `json:"liability"`
	Status    maybe     `json:"status"`
}

type customText struct {
	AfterSubmit              *struct{} `json:"after_submit"`
	ShippingAddress          *struct{} `json:"shipping_address"`
	Submit                   *struct{} `json:"submit"`
	TermsOfServiceAcceptance *struct{} `json:"terms_of_service_acceptance"`
}

func (o *session) copy() object { c := *o; return &c }

func (o *session) field(name string) *ref {
	switch name {
	case "payment_intent":
		return &o.PaymentIntent
	case "customer":
		return &o.Customer
	}
	return nil
}

const sessionFields = ` mode:payment! success_url! cancel_url client_reference_id customer customer_email expires_at:int
	locale:auto|en|es submit_type:auto|pay|book|donate metadata.*:text ui_mode:hosted customer_creation:always|if_required
	payment_method_types.#:card|us_bank_account payment_method_options.us_bank_account.verification_method:automatic|instant
	payment_method_options.card.request_three_d_secure:any|automatic|challenge
	payment_intent_data.metadata.*:text payment_intent_data.description payment_intent_data.statement_descriptor
	payment_intent_data.statement_descriptor_suffix payment_intent_data.setup_future_usage:off_session|on_session
	payment_intent_data.receipt_email payment_intent_data.transfer_group payment_intent_data.capture_method:automatic|automatic_async|manual
	line_items.#.quantity:int line_items.#.price_data.currency line_items.#.price_data.unit_amount:int
	line_items.#.price_data.product_data.name line_items.#.price_data.product_data.description `

func createSession(c *call) (any, *apiError) {
	p, err := c.newIntent("payment_intent_data.")
	if err != nil {
		return nil, err
	}
	total, label, err := c.lineItems()
	if err != nil {
		return nil, err
	}
	p.Amount = total
	if err := checkAmount(total); err != nil {
		return nil, err.at("line_items")
	}
	o := &session{
		head: c.s.head("cs_test_", "checkout.session"), AmountSubtotal: total, AmountTotal: total, CancelURL: maybe(c.get("cancel_url")),
		ClientReferenceID: maybe(c.get("client_reference_id")), Currency: "usd", CustomFields: []struct{}{}, Customer: p.Customer,
		CustomerCreation: "if_required", CustomerEmail: maybe(c.get("customer_email")), Locale: maybe(c.get("locale")),
		Metadata: c.merged("metadata", nil), Mode: "payment", PaymentMethodOptions: sessionOptions{p.PaymentMethodOptions.USBankAccount},
		PaymentMethodTypes: p.PaymentMethodTypes, PaymentStatus: "unpaid", ShippingOptions: []struct{}{}, Status: "open",
		SubmitType: maybe(c.get("submit_type")), SuccessURL: maybe(c.get("success_url")), UIMode: "hosted", intent: p, label: label,
	}
	if err := c.schedule(o); err != nil {
		return nil, err
	}
	o.URL = maybe(c.base + "/checkout/" + o.ID)
	c.s.sessions.add(o)
	return o, nil
}

// lineItems sums price_data × quantity and names the first item.
func (c *call) lineItems() (total int64, label string, err *apiError) {
	var unit int64
	for _, p := range c.params {
		switch p.flat {
		case "line_items.#.price_data.currency":
			if err := checkCurrency(p.value); err != nil {
				return 0, "", err.at(p.name)
			}
		case "line_items.#.price_data.product_data.name":
			label = orString(label, p.value)
		case "line_items.#.price_data.unit_amount":
			unit = c.int64At(p.name)
			quantity := c.int64At(strings.Replace(p.name, "[price_data][unit_amount]", "[quantity]", 1))
			if unit < 1 || quantity < 1 || unit > maxAmount || quantity > maxAmount/unit {
				return 0, "", invalid("parameter_invalid_integer", "Each line item needs a unit_amount and a quantity of at least 1, and the total at most $999,999.99.").at(p.name)
			}
			total += unit * quantity
		}
	}
	if unit == 0 {
		return 0, "", missing("line_items")
	}
	return total, label, nil
}

func (c *call) int64At(name string) int64 {
	i := slices.IndexFunc(c.params, func(p param) bool { return p.name == name })
	if i < 0 {
		return 0
	}
	return params{{flat: "v", value: c.params[i].value}}.int64("v")
}

// schedule sets when the session lapses: half an hour to a day from now.
func (c *call) schedule(o *session) *apiError {
	now := c.s.now()
	at := now.Add(24 * time.Hour)
	if c.has("expires_at") {
		at = time.Unix(c.int64("expires_at"), 0)
		if at.Before(now.Add(30*time.Minute).Truncate(time.Second)) || at.After(now.Add(24*time.Hour)) {
			return invalid("", "The expires_at timestamp must be between 30 minutes and 24 hours from Checkout Session creation.").at("expires_at")
		}
	}
	o.ExpiresAt = at.Unix()
	c.s.later(at, func() { c.s.expire(o) })
	return nil
}

func (s *Server) expire(o *session) {
	if o.Status != "open" {
		return
	}
	o.Status, o.URL = "expired", ""
	if o.PaymentIntent.ID != "" {
		s.cancel(o.intent, "abandoned")
	}
	s.emit("checkout.session.expired", o)
}

func (c *call) session() (*session, *apiError) {
	o, ok := c.s.sessions.get(c.id())
	if !ok {
		return nil, unknownID("checkout.session", c.id(), "session")
	}
	return o, nil
}

func getSession(c *call) (any, *apiError) { return c.session() }

func expireSession(c *call) (any, *apiError) {
	o, err := c.session()
	if err != nil {
		return nil, err
	}
	if o.Status != "open" {
		return nil, invalid("", "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of `%s`.", o.Status).at("session")
	}
	c.s.expire(o)
	return o, nil
}

func listSessions(c *call) (any, *apiError) {
	intent, customer, status := c.get("payment_intent"), c.get("customer"), c.get("status")
	return list(&c.s.sessions, c, func(o *session) bool {
		return (intent == "" || o.PaymentIntent.ID == intent) && (customer == "" || o.Customer.ID == customer) && (status == "" || o.Status == status)
	})
}

// submit is the person's press on the button: the intent comes into being with
// the first one and is confirmed with each.
func (s *Server) submit(o *session, m *method, base string) *apiError {
	p := o.intent
	if o.PaymentIntent.ID == "" {
		s.addIntent(p)
		o.PaymentIntent.ID = p.ID
		s.bySession[p.ID] = o
	}
	k := confirmation{method: m, base: base, returnURL: base + "/checkout/" + o.ID}
	if m.Type == "us_bank_account" {
		k.accepted = &mandateData{acceptance{Online: &online{"127.0.0.1", "checkout"}, Type: "online"}}
	}
	err := s.begin(p, k)
	if p.Status == "processing" || p.deposits != nil {
		s.complete(o)
	}
	return err
}

// complete ends the person's part. A bank debit is complete and still unpaid.
func (s *Server) complete(o *session) {
	if o.Status != "open" {
		return
	}
	o.Status, o.URL = "complete", ""
	s.emit("checkout.session.completed", o)
}

// sessionPaid and sessionFailed follow the intent of a session.
func (s *Server) sessionPaid(p *intent) {
	o, ok := s.bySession[p.ID]
	if !ok || o.PaymentStatus == "paid" {
		return
	}
	o.PaymentStatus = "paid"
	if o.Status == "complete" {
		s.emit("checkout.session.async_payment_succeeded", o)
		return
	}
	s.complete(o)
}

func (s *Server) sessionFailed(p *intent) {
	if o, ok := s.bySession[p.ID]; ok && o.Status == "complete" {
		s.emit("checkout.session.async_payment_failed", o)
	}
}
