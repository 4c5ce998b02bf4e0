package sandbox

import "strings"

// method is a PaymentMethod: a card or a US bank account.
type method struct {
	head
	AllowRedisplay string            `json:"allow_redisplay"`
	BillingDetails billing           `json:"billing_details"`
	Card           *card             `json:"card,omitempty"`
	Customer       ref               `json:"customer"`
	Metadata       map[string]string `json:"metadata"`
	Type           string            `json:"type"`
	USBankAccount  *bankAccount      `json:"us_bank_account,omitempty"`

	cardRow  testCard
	bankRow  testBank
	deposits bool   // the person asked for micro-deposits
	verified bool   // the account was proven to be theirs
	setUp    bool   // a challenge was passed for later use
	mandate  string // for later debits
	used     bool   // paid with, and kept by no customer
}

func (m *method) copy() object { c := *m; return &c }

func (m *method) field(name string) *ref {
	if name == "customer" {
		return &m.Customer
	}
	return nil
}

type billing struct {
	Address address `json:"address"`
	Email   maybe   `json:"email"`
	Name    maybe   `json:"name"`
	Phone   maybe   `json:"phone"`
}

type address struct {
	City       maybe `json:"city"`
	Country    maybe `json:"country"`
	Line1      maybe `json:"line1"`
	Line2      maybe `json:"line2"`
	PostalCode maybe `json:"postal_code"`
	State      maybe `json:"state"`
}

// methodFields are the parameters of a new method, below prefix.
func methodFields(prefix string) string {
	words := strings.Fields(`type:card|us_bank_account allow_redisplay:always|limited|unspecified metadata.*:text
		billing_details.email:text billing_details.name:text billing_details.phone:text billing_details.address.*:text
		card.number card.exp_month:int card.exp_year:int card.cvc card.token
		us_bank_account.routing_number us_bank_account.account_number us_bank_account.account_type:checking|savings
		us_bank_account.account_holder_type:individual|company us_bank_account.financial_connections_account
		us_bank_account.verification_method:automatic|instant|microdeposits`)
	for i, word := range words {
		words[i] = prefix + word
	}
	return " " + strings.Join(words, " ") + " "
}

func createMethod(c *call) (any, *apiError) { return c.newMethod("") }

// newMethod makes a method of the fields below prefix, and stores it.
func (c *call) newMethod(prefix string) (*method, *apiError) {
	m := &method{head: c.s.head("pm_1", "payment_method"), Type: c.get(prefix + "type"), AllowRedisplay: "unspecified"}
	m.BillingDetails = c.billing(prefix + "billing_details.")
	m.Metadata = c.merged(prefix+"metadata", nil)
	var err *apiError
	switch m.Type {
	case "card":
		err = c.fillCard(m, prefix+"card.")
	case "us_bank_account":
		err = c.fillBank(m, prefix+"us_bank_account.")
	default:
		err = missing(bracketed(prefix + "type"))
	}
	if err != nil {
		return nil, err
	}
	c.s.methods.add(m)
	return m, nil
}

func (c *call) billing(prefix string) billing {
	at := func(name string) maybe { return maybe(c.get(prefix + "address." + name)) }
	return billing{
		Address: address{at("city"), at("country"), at("line1"), at("line2"), at("postal_code"), at("state")},
		Email:   maybe(c.get(prefix + "email")), Name: maybe(c.get(prefix + "name")), Phone: maybe(c.get(prefix + "phone")),
	}
}

// bracketed spells a flat name as a caller does: a.b.c is a[b][c].
func bracketed(flat string) string {
	first, rest, deep := strings.Cut(flat, ".")
	if !deep {
		return first
	}
	return first + "[" + strings.ReplaceAll(rest, ".", "][") + "]"
}

// method finds a stored method, or makes one of Stripe's test names.
func (c *call) method(id string) (*method, *apiError) {
	if m, ok := c.s.methods.get(id); ok {
		return m, nil
	}
	m := &method{head: c.s.head("pm_1", "payment_method"), AllowRedisplay: "unspecified", Metadata: map[string]string{}}
	if name, ok := strings.CutPrefix(id, "pm_card_"); ok {
		if row, ok := cardByID(name); ok {
			c.s.setCard(m, row, 12, c.s.now().Year()+3, true)
			c.s.methods.add(m)
			return m, nil
		}
	}
	if name, ok := strings.CutPrefix(id, "pm_usBankAccount_"); ok {
		if row, ok := bankByID(name); ok {
			m.BillingDetails.Name = "Jenny Rosen"
			c.s.setBank(m, row, "checking", "individual")
			c.s.methods.add(m)
			return m, nil
		}
	}
	return nil, unknownID("PaymentMethod", id, "payment_method")
}

func getMethod(c *call) (any, *apiError) { return c.stored(c.id()) }

func (c *call) stored(id string) (*method, *apiError) {
	if m, ok := c.s.methods.get(id); ok {
		return m, nil
	}
	return nil, unknownID("PaymentMethod", id, "payment_method")
}

func updateMethod(c *call) (any, *apiError) {
	m, err := c.stored(c.id())
	if err != nil {
		return nil, err
	}
	m.Metadata = c.merged("metadata", m.Metadata)
	if c.under("billing_details") {
		m.BillingDetails = c.billing("billing_details.")
	}
	return m, nil
}

func attachMethod(c *call) (any, *apiError) {
	m, err := c.method(c.id())
	if err != nil {
		return nil, err
	}
	if _, ok := c.s.customers.get(c.get("customer")); !ok {
		return nil, unknownID("customer", c.get("customer"), "customer")
	}
	if m.used && m.Customer.ID == "" {
		return nil, usedUp()
	}
	if m.Customer.ID != "" && m.Customer.ID != c.get("customer") {
		return nil, invalid("", "The payment method you provided has already been attached to a customer.").at("payment_method")
	}
	if d := m.cardRow.decline; d.code != "" && !m.cardRow.attaches && m.cardRow.challenge == challengeNever {
		return nil, declined(d)
	}
	c.s.attach(m, c.get("customer"))
	return m, nil
}

func (s *Server) attach(m *method, customer string) {
	if customer == "" || m.Customer.ID == customer {
		return
	}
	m.Customer.ID, m.used = customer, false
	s.emit("payment_method.attached", m)
}

func detachMethod(c *call) (any, *apiError) {
	m, err := c.stored(c.id())
	if err != nil {
		return nil, err
	}
	if m.Customer.ID == "" {
		return nil, invalid("", "The payment method you provided is not attached to a customer so detachment is impossible.").at("payment_method")
	}
	m.Customer.ID, m.used = "", true
	c.s.emit("payment_method.detached", m)
	return m, nil
}

func listMethods(c *call) (any, *apiError) {
	customer, kind := orString(c.id(), c.get("customer")), c.get("type")
	return list(&c.s.methods, c, func(m *method) bool {
		return customer != "" && m.Customer.ID == customer && (kind == "" || m.Type == kind)
	})
}

func usedUp() *apiError {
	return invalid("", "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment or was detached from a Customer. It may not be used again. To use a PaymentMethod multiple times, you must attach it to a Customer first.").at("payment_method")
}
