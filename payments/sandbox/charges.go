package sandbox

// charge is one attempt to move money: ch_… for cards, py_… for bank debits.
type charge struct {
	head
	Amount                        int64             `json:"amount"`
	AmountCaptured                int64             `json:"amount_captured"`
	AmountRefunded                int64             `json:"amount_refunded"`
	Application                   *struct{}         `json:"application"`
	ApplicationFee                *struct{}         `json:"application_fee"`
	ApplicationFeeAmount          *int64            `json:"application_fee_amount"`
	BalanceTransaction            ref               `json:"balance_transaction"`
	BillingDetails                billing           `json:"billing_details"`
	CalculatedStatementDescriptor maybe             `json:"calculated_statement_descriptor"`
	Captured                      bool              `json:"captured"`
	Currency                      string            `json:"currency"`
	Customer                      ref               `json:"customer"`
	Description                   maybe             `json:"description"`
	Disputed                      bool              `json:"disputed"`
	FailureBalanceTransaction     ref               `json:"failure_balance_transaction"`
	FailureCode                   maybe             `json:"failure_code"`
	FailureMessage                maybe             `json:"failure_message"`
	FraudDetails                  struct{}          `json:"fraud_details"`
	Invoice                       *struct{}         `json:"invoice"`
	Metadata                      map[string]string `json:"metadata"`
	OnBehalfOf                    *struct{}         `json:"on_behalf_of"`
	Outcome                       *outcome          `json:"outcome"`
	Paid                          bool              `json:"paid"`
	PaymentIntent                 ref               `json:"payment_intent"`
	PaymentMethod                 string            `json:"payment_method"`
	PaymentMethodDetails          chargeDetails     `json:"payment_method_details"`
	ReceiptEmail                  maybe             `json:"receipt_email"`
	ReceiptNumber                 maybe             `json:"receipt_number"`
	ReceiptURL                    maybe             `json:"receipt_url"`
	Refunded                      bool              `json:"refunded"`
	Review                        ref               `json:"review"`
	Shipping                      *struct{}         `json:"shipping"`
	Source                        *struct{}         `json:"source"`
	SourceTransfer                *struct{}         `json:"source_transfer"`
	StatementDescriptor           maybe             `json:"statement_descriptor"`
	StatementDescriptorSuffix     maybe             `json:"statement_descriptor_suffix"`
	Status                        string            `json:"status"`
	TransferData                  *struct{}         `json:"transfer_data"`
	TransferGroup                 maybe             `json:"transfer_group"`

	key     string // the Idempotency-Key it came under
	cardRow testCard
	dispute *dispute
}

func (ch *charge) copy() object { c := *ch; return &c }

func (ch *charge) field(name string) *ref {
	switch name {
	case "balance_transaction":
		return &ch.BalanceTransaction
	case "failure_balance_transaction":
		return &ch.FailureBalanceTransaction
	case "payment_intent":
		return &ch.PaymentIntent
	case "customer":
		return &ch.Customer
	case "review":
		return &ch.Review
	}
	return nil
}

type outcome struct {
	NetworkStatus string `json:"network_status"`
	Reason        maybe  `json:"reason"`
	RiskLevel     string `json:"risk_level"`
	RiskScore     int    `json:"risk_score"`
	SellerMessage string `json:"seller_message"`
	Type          string `json:"type"`
}

type chargeDetails struct {
	Card          *cardCharge `json:"card,omitempty"`
	Type          string      `json:"type"`
	USBankAccount *bankCharge `json:"us_bank_account,omitempty"`
}

type cardCharge struct {
	AmountAuthorized int64         `json:"amount_authorized"`
	Brand            string        `json:"brand"`
	Checks           checks        `json:"checks"`
	Country          string        `json:"country"`
	ExpMonth         int           `json:"exp_month"`
	ExpYear          int           `json:"exp_year"`
	Fingerprint      string        `json:"fingerprint"`
	Funding          string        `json:"funding"`
	Installments     *struct{}     `json:"installments"`
	Last4            string        `json:"last4"`
	Mandate          maybe         `json:"mandate"`
	Network          string        `json:"network"`
	ThreeDSecure     *threeDSecure `json:"three_d_secure"`
	Wallet           *struct{}     `json:"wallet"`
}

type threeDSecure struct {
	AuthenticationFlow string `json:"authentication_flow"`
	Result             string `json:"result"`
	Version            string `json:"version"`
}

type bankCharge struct {
	AccountHolderType string `json:"account_holder_type"`
	AccountType       string `json:"account_type"`
	BankName          string `json:"bank_name"`
	Fingerprint       string `json:"fingerprint"`
	Last4             string `json:"last4"`
	Mandate           maybe  `json:"mandate,omitempty"`
	PaymentReference  maybe  `json:"payment_reference"`
	RoutingNumber     string `json:"routing_number"`
}

// newCharge begins an attempt, stored and pending.
func (s *Server) newCharge(p *intent) *charge {
	prefix := "ch_3"
	if p.method.Type == "us_bank_account" {
		prefix = "py_3"
	}
	ch := &charge{
		head: s.head(prefix, "charge"), Amount: p.Amount, BillingDetails: p.method.BillingDetails, Currency: p.Currency,
		CalculatedStatementDescriptor: "SANDBOX", Customer: ref{ID: p.Customer.ID}, Description: p.Description,
		Metadata: p.Metadata, Outcome: &outcome{"approved_by_network", "", "normal", 12, "Payment complete.", "authorized"},
		PaymentIntent: ref{ID: p.ID}, PaymentMethod: p.method.ID, PaymentMethodDetails: s.details(p),
		ReceiptEmail: p.ReceiptEmail, Status: "pending", StatementDescriptorSuffix: p.StatementDescriptorSuffix,
		key: p.key, cardRow: p.method.cardRow,
	}
	s.charges.add(ch)
	p.LatestCharge.ID = ch.ID
	return ch
}

func (s *Server) details(p *intent) chargeDetails {
	m := p.method
	if b := m.USBankAccount; b != nil {
		return chargeDetails{Type: m.Type, USBankAccount: &bankCharge{
			AccountHolderType: b.AccountHolderType, AccountType: b.AccountType, BankName: b.BankName, Fingerprint: b.Fingerprint,
			Last4: b.Last4, Mandate: maybe(p.mandate), PaymentReference: maybe(s.random(15)), RoutingNumber: b.RoutingNumber,
		}}
	}
	out := &cardCharge{
		AmountAuthorized: p.Amount, Brand: m.Card.Brand, Checks: m.Card.Checks, Country: m.Card.Country, ExpMonth: m.Card.ExpMonth,
		ExpYear: m.Card.ExpYear, Fingerprint: m.Card.Fingerprint, Funding: m.Card.Funding, Last4: m.Card.Last4, Network: m.Card.Brand,
	}
	switch {
	case m.cardRow.decline == wrongCVC:
		out.Checks.CVCCheck = "fail"
	case out.Checks.CVCCheck != "":
		out.Checks.CVCCheck = "pass"
	}
	if p.token != "" {
		out.ThreeDSecure = &threeDSecure{"challenge", "authenticated", "2.2.0"}
	}
	return chargeDetails{Type: "card", Card: out}
}

func refusedOutcome(e *apiError) *outcome {
	if e.DeclineCode == "fraudulent" {
		return &outcome{"not_sent_to_network", "highest_risk_level", "highest", 92, "Stripe blocked this payment as too risky.", "blocked"}
	}
	return &outcome{"declined_by_network", maybe(orString(e.DeclineCode, e.Code)), "normal", 25, "The bank did not accept the payment.", "issuer_declined"}
}

// drop ends a charge whose intent was canceled.
func (s *Server) drop(ch *charge) {
	if ch.Status == "pending" {
		ch.Status, ch.Paid = "failed", false
		ch.FailureCode, ch.FailureMessage = "payment_intent_canceled", "The payment was canceled before it was sent."
		s.emit("charge.failed", ch)
		return
	}
	ch.Refunded, ch.AmountRefunded = true, ch.Amount
	s.emit("charge.refunded", ch)
}

func getCharge(c *call) (any, *apiError) {
	ch, ok := c.s.charges.get(c.id())
	if !ok {
		return nil, unknownID("charge", c.id(), "id")
	}
	return ch, nil
}

func listCharges(c *call) (any, *apiError) {
	intent, customer := c.get("payment_intent"), c.get("customer")
	return list(&c.s.charges, c, func(ch *charge) bool {
		return (intent == "" || ch.PaymentIntent.ID == intent) && (customer == "" || ch.Customer.ID == customer)
	})
}
