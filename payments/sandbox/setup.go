package sandbox

import (
	"net/http"
	"slices"
)

// setupIntent saves a method for later debits, such as a plan's installments.
type setupIntent struct {
	head
	Application             *struct{}         `json:"application"`
	AttachToSelf            bool              `json:"attach_to_self,omitempty"`
	AutomaticPaymentMethods *automatic        `json:"automatic_payment_methods"`
	CancellationReason      maybe             `json:"cancellation_reason"`
	ClientSecret            string            `json:"client_secret"`
	Customer                ref               `json:"customer"`
	Description             maybe             `json:"description"`
	FlowDirections          []string          `json:"flow_directions"`
	LastSetupError          *apiError         `json:"last_setup_error"`
	LatestAttempt           ref               `json:"latest_attempt"`
	Mandate                 ref               `json:"mandate"`
	Metadata                map[string]string `json:"metadata"`
	NextAction              *nextAction       `json:"next_action"`
	OnBehalfOf              *struct{}         `json:"on_behalf_of"`
	PaymentMethod           ref               `json:"payment_method"`
	PaymentMethodConfig     *struct{}         `json:"payment_method_configuration_details"`
	PaymentMethodOptions    methodOptions     `json:"payment_method_options"`
	PaymentMethodTypes      []string          `json:"payment_method_types"`
	SingleUseMandate        ref               `json:"single_use_mandate"`
	Status                  string            `json:"status"`
	Usage                   string            `json:"usage"`

	attempt
}

func (o *setupIntent) copy() object { c := *o; return &c }

func (o *setupIntent) field(name string) *ref {
	switch name {
	case "payment_method":
		return &o.PaymentMethod
	case "mandate":
		return &o.Mandate
	case "customer":
		return &o.Customer
	case "latest_attempt":
		return &o.LatestAttempt
	}
	return nil
}

func createSetup(c *call) (any, *apiError) {
	o := &setupIntent{
		head: c.s.head("seti_1", "setup_intent"), Description: maybe(c.get("description")), Metadata: c.merged("metadata", nil),
		PaymentMethodTypes: []string{"card"}, Status: "requires_payment_method", Usage: orString(c.get("usage"), "off_session"),
	}
	o.ClientSecret = o.ID + "_secret_" + c.s.random(24)
	if id := c.get("customer"); id != "" {
		if _, ok := c.s.customers.get(id); !ok {
			return nil, unknownID("customer", id, "customer")
		}
		o.Customer.ID = id
	}
	if c.bool("automatic_payment_methods.enabled") {
		o.AutomaticPaymentMethods = &automatic{orString(c.get("automatic_payment_methods.allow_redirects"), "always"), true}
		o.PaymentMethodTypes = []string{"card", "us_bank_account"}
	}
	if types := c.list("payment_method_types"); len(types) > 0 {
		o.PaymentMethodTypes = types
	}
	k, err := c.setupConfirmation(o, c.bool("confirm"))
	if err != nil {
		return nil, err
	}
	c.s.setups.add(o)
	c.s.emit("setup_intent.created", o)
	if !c.bool("confirm") {
		return o, nil
	}
	return c.setUp(o, k)
}

// setupConfirmation checks a confirmation; without one it only notes the method.
func (c *call) setupConfirmation(o *setupIntent, confirming bool) (confirmation, *apiError) {
	k := confirmation{base: c.base}
	named := c.has("payment_method") || c.under("payment_method_data") || c.has("confirmation_token")
	if !confirming && !named {
		return k, nil
	}
	if err := c.choose(&k, o.PaymentMethod.ID); err != nil {
		return k, err
	}
	if !slices.Contains(o.PaymentMethodTypes, k.method.Type) {
		return k, invalid("", "The PaymentMethod provided (%s) is not allowed for this SetupIntent.", k.method.Type).at("payment_method")
	}
	if err := reusable(k.method, o.Customer.ID); err != nil {
		return k, err
	}
	o.PaymentMethod.ID, o.Status = k.method.ID, "requires_confirmation"
	if !confirming {
		return k, nil
	}
	c.applyFlags(&k)
	if err := c.checkMandate(&k); err != nil {
		return k, err
	}
	k.deposits = c.get("payment_method_options.us_bank_account.verification_method") == "microdeposits"
	if k.token != nil {
		k.token.spentOn(o.ID)
	}
	return k, nil
}

func confirmSetup(c *call) (any, *apiError) {
	o, err := c.setupIntent()
	if err != nil {
		return nil, err
	}
	if !slices.Contains(open, o.Status) {
		return nil, unexpectedState("setup_intent", "intent", "You cannot confirm this SetupIntent because it has a status of %s.", o.Status)
	}
	k, err := c.setupConfirmation(o, true)
	if err != nil {
		return nil, err
	}
	return c.setUp(o, k)
}

func (c *call) setUp(o *setupIntent, k confirmation) (any, *apiError) {
	if err := c.s.beginSetup(o, k); err != nil {
		err.SetupIntent = c.seenSetup(o)
		return nil, err
	}
	return c.seenSetup(o), nil
}

func (c *call) setupIntent() (*setupIntent, *apiError) {
	id := c.id()
	o, ok := c.s.setups.get(id)
	if !ok || (c.public && !same(c.get("client_secret"), o.ClientSecret)) {
		return nil, unknownID("setupintent", id, "intent")
	}
	return o, nil
}

func (c *call) seenSetup(o *setupIntent) object {
	if !c.public {
		return o
	}
	view := *o
	view.Metadata, view.Customer = map[string]string{}, ref{}
	return &view
}

func getSetup(c *call) (any, *apiError) {
	o, err := c.setupIntent()
	if err != nil {
		return nil, err
	}
	return c.seenSetup(o), nil
}

func cancelSetup(c *call) (any, *apiError) {
	o, err := c.setupIntent()
	if err != nil {
		return nil, err
	}
	if !slices.Contains(open, o.Status) {
		return nil, unexpectedState("setup_intent", "intent", "You cannot cancel this SetupIntent because it has a status of %s.", o.Status)
	}
	o.Status, o.NextAction, o.CancellationReason, o.deposits = "canceled", nil, maybe(c.get("cancellation_reason")), nil
	c.s.emit("setup_intent.canceled", o)
	return o, nil
}

func verifySetup(c *call) (any, *apiError) {
	o, err := c.setupIntent()
	if err != nil {
		return nil, err
	}
	if o.deposits == nil {
		return nil, unexpectedState("setup_intent", "intent", "This SetupIntent is not waiting for microdeposits; its status is %s.", o.Status)
	}
	if err := c.tryDeposits(o.deposits); err != nil {
		if err.Code == exceeded {
			err.status = http.StatusBadRequest
			c.s.setupFailed(o, err)
		}
		return nil, err
	}
	c.s.setupDone(o)
	return c.seenSetup(o), nil
}

func listSetups(c *call) (any, *apiError) {
	customer := c.get("customer")
	return list(&c.s.setups, c, func(o *setupIntent) bool { return customer == "" || o.Customer.ID == customer })
}
