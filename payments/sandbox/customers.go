package sandbox

// customer owns saved payment methods.
type customer struct {
	head
	Address          *address          `json:"address"`
	Balance          int64             `json:"balance"`
	Currency         maybe             `json:"currency"`
	DefaultSource    *struct{}         `json:"default_source"`
	Delinquent       bool              `json:"delinquent"`
	Description      maybe             `json:"description"`
	Discount         *struct{}         `json:"discount"`
	Email            maybe             `json:"email"`
	InvoicePrefix    string            `json:"invoice_prefix"`
	InvoiceSettings  invoiceSettings   `json:"invoice_settings"`
	Metadata         map[string]string `json:"metadata"`
	Name             maybe             `json:"name"`
	Phone            maybe             `json:"phone"`
	PreferredLocales []string          `json:"preferred_locales"`
	Shipping         *struct{}         `json:"shipping"`
	TaxExempt        string            `json:"tax_exempt"`
	TestClock        maybe             `json:"test_clock"`
}

type invoiceSettings struct {
	CustomFields         *struct{} `json:"custom_fields"`
	DefaultPaymentMethod ref       `json:"default_payment_method"`
	Footer               maybe     `json:"footer"`
	RenderingOptions     *struct{} `json:"rendering_options"`
}

func (o *customer) copy() object { c := *o; return &c }

func (o *customer) field(name string) *ref {
	if name == "invoice_settings" {
		return &o.InvoiceSettings.DefaultPaymentMethod
	}
	return nil
}

const customerFields = ` description:text email:text name:text phone:text metadata.*:text preferred_locales.#
	address.city:text address.country:text address.line1:text address.line2:text address.postal_code:text address.state:text
	payment_method invoice_settings.default_payment_method `

func createCustomer(c *call) (any, *apiError) {
	o := &customer{head: c.s.head("cus_", "customer"), InvoicePrefix: c.s.random(8), PreferredLocales: []string{}, TaxExempt: "none"}
	if err := c.applyCustomer(o); err != nil {
		return nil, err
	}
	c.s.customers.add(o)
	if id := c.get("payment_method"); id != "" {
		m, err := c.method(id)
		if err != nil {
			return nil, err
		}
		c.s.attach(m, o.ID)
	}
	c.s.emit("customer.created", o)
	return o, nil
}

func (c *call) applyCustomer(o *customer) *apiError {
	for name, field := range map[string]*maybe{"description": &o.Description, "email": &o.Email, "name": &o.Name, "phone": &o.Phone} {
		if c.has(name) {
			*field = maybe(c.get(name))
		}
	}
	if c.under("address") {
		a := (&call{params: c.params}).billing("").Address
		o.Address = &a
	}
	if id := c.get("invoice_settings.default_payment_method"); id != "" {
		if m, ok := c.s.methods.get(id); !ok || m.Customer.ID != o.ID {
			return invalid("resource_missing", "The customer does not have a payment method with the ID %s. The payment method must be attached to the customer.", id).at("invoice_settings[default_payment_method]")
		}
		o.InvoiceSettings.DefaultPaymentMethod.ID = id
	}
	if locales := c.list("preferred_locales"); locales != nil {
		o.PreferredLocales = locales
	}
	o.Metadata = c.merged("metadata", o.Metadata)
	return nil
}

func (c *call) customer() (*customer, *apiError) {
	o, ok := c.s.customers.get(c.id())
	if !ok {
		return nil, unknownID("customer", c.id(), "id")
	}
	return o, nil
}

func getCustomer(c *call) (any, *apiError) { return c.customer() }

func updateCustomer(c *call) (any, *apiError) {
	o, err := c.customer()
	if err != nil {
		return nil, err
	}
	if err := c.applyCustomer(o); err != nil {
		return nil, err
	}
	c.s.emit("customer.updated", o)
	return o, nil
}

func listCustomers(c *call) (any, *apiError) {
	email := maybe(c.get("email"))
	return list(&c.s.customers, c, func(o *customer) bool { return email == "" || o.Email == email })
}
