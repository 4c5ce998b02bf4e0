package sandbox

// intent is a PaymentIntent: one amount on its way to be paid once.
type intent struct {
	head
	Amount                    int64             `json:"amount"`
	AmountCapturable          int64             `json:"amount_capturable"`
	AmountDetails             amountDetails     `json:"amount_details"`
	AmountReceived            int64             `json:"amount_received"`
	Application               *struct{}         `json:"application"`
	ApplicationFeeAmount      *int64            `json:"application_fee_amount"`
	AutomaticPaymentMethods   *automatic        `json:"automatic_payment_methods"`
	CanceledAt                stamp             `json:"canceled_at"`
	CancellationReason        maybe             `json:"cancellation_reason"`
	CaptureMethod             string            `json:"capture_method"`
	ClientSecret              string            `json:"client_secret"`
	ConfirmationMethod        string            `json:"confirmation_method"`
	Currency                  string            `json:"currency"`
	Customer                  ref               `json:"customer"`
	Description               maybe             `json:"description"`
	Invoice                   *struct{}         `json:"invoice"`
	LastPaymentError          *apiError         `json:"last_payment_error"`
	LatestCharge              ref               `json:"latest_charge"`
	Metadata                  map[string]string `json:"metadata"`
	NextAction                *nextAction       `json:"next_action"`
	OnBehalfOf                *struct{}         `json:"on_behalf_of"`
	PaymentMethod             ref               `json:"payment_method"`
	PaymentMethodConfig       *struct{}         `json:"payment_method_configuration_details"`
	PaymentMethodOptions      methodOptions     `json:"payment_method_options"`
	PaymentMethodTypes        []string          `json:"payment_method_types"`
	Processing                *struct{}         `json:"processing"`
	ReceiptEmail              maybe             `json:"receipt_email"`
	Review                    ref               `json:"review"`
	SetupFutureUsage          maybe             `json:"setup_future_usage"`
	Shipping                  *struct{}         `json:"shipping"`
	Source                    *struct{}         `json:"source"`
	StatementDescriptor       maybe             `json:"statement_descriptor"`
	StatementDescriptorSuffix maybe             `json:"statement_descriptor_suffix"`
	Status                    string            `json:"status"`
	TransferData              *struct{}         `json:"transfer_data"`
	TransferGroup             maybe             `json:"transfer_group"`

	attempt
}

// attempt is what the sandbox remembers of the confirmation under way.
type attempt struct {
	key       string       // the Idempotency-Key it came under
	method    *method      // what is being charged
	mandate   string       // the right to debit it
	accepted  *mandateData // the acceptance it rests on
	token     string       // the address of the challenge
	returnURL string
	deposits  *deposits // micro-deposits on their way
}

type amountDetails struct {
	Tip struct{} `json:"tip"`
}

type automatic struct {
	AllowRedirects string `json:"allow_redirects"`
	Enabled        bool   `json:"enabled"`
}

type methodOptions struct {
	Card          *cardOptions `json:"card,omitempty"`
	USBankAccount *bankOptions `json:"us_bank_account,omitempty"`
}

type cardOptions struct {
	Installments        *struct{} `json:"installments"`
	MandateOptions      *struct{} `json:"mandate_options"`
	Network             maybe     `json:"network"`
	RequestThreeDSecure string    `json:"request_three_d_secure"`
}

type bankOptions struct {
	VerificationMethod string `json:"verification_method"`
}

// nextAction is what the person has to do before the payment can go on.
type nextAction struct {
	RedirectToURL *redirect      `json:"redirect_to_url,omitempty"`
	Type          string         `json:"type"`
	UseStripeSDK  *sdkAction     `json:"use_stripe_sdk,omitempty"`
	Verify        *verifyDeposit `json:"verify_with_microdeposits,omitempty"`
}

type redirect struct {
	ReturnURL maybe  `json:"return_url"`
	URL       string `json:"url"`
}

type sdkAction struct {
	StripeJS string `json:"stripe_js"`
	Type     string `json:"type"`
}

func (p *intent) copy() object { c := *p; return &c }

func (p *intent) field(name string) *ref {
	switch name {
	case "latest_charge":
		return &p.LatestCharge
	case "payment_method":
		return &p.PaymentMethod
	case "customer":
		return &p.Customer
	case "review":
		return &p.Review
	}
	return nil
}
