package sandbox

import (
	"strconv"
	"strings"
)

// card is what a PaymentMethod, a preview and a charge say of a card.
type card struct {
	Brand             string    `json:"brand"`
	Checks            checks    `json:"checks"`
	Country           string    `json:"country"`
	DisplayBrand      string    `json:"display_brand,omitempty"`
	ExpMonth          int       `json:"exp_month"`
	ExpYear           int       `json:"exp_year"`
	Fingerprint       string    `json:"fingerprint"`
	Funding           string    `json:"funding"`
	GeneratedFrom     *struct{} `json:"generated_from"`
	Last4             string    `json:"last4"`
	Networks          networks  `json:"networks"`
	ThreeDSecureUsage usage     `json:"three_d_secure_usage"`
	Wallet            *struct{} `json:"wallet"`
}

type checks struct {
	AddressLine1Check      maybe `json:"address_line1_check"`
	AddressPostalCodeCheck maybe `json:"address_postal_code_check"`
	CVCCheck               maybe `json:"cvc_check"`
}

type networks struct {
	Available []string `json:"available"`
	Preferred maybe    `json:"preferred"`
}

type usage struct {
	Supported bool `json:"supported"`
}

// bankAccount is what a PaymentMethod and a preview say of a bank account.
type bankAccount struct {
	AccountHolderType           string         `json:"account_holder_type"`
	AccountType                 string         `json:"account_type"`
	BankName                    string         `json:"bank_name"`
	FinancialConnectionsAccount maybe          `json:"financial_connections_account"`
	Fingerprint                 string         `json:"fingerprint"`
	Last4                       string         `json:"last4"`
	Networks                    bankNetworks   `json:"networks"`
	RoutingNumber               string         `json:"routing_number"`
	StatusDetails               *statusDetails `json:"status_details"`
}

type bankNetworks struct {
	Preferred maybe    `json:"preferred"`
	Supported []string `json:"supported"`
}

type statusDetails struct {
	Blocked blocked `json:"blocked"`
}

type blocked struct {
	NetworkCode string `json:"network_code"`
	Reason      string `json:"reason"`
}

// fillCard takes a typed number (browsers only, as with Stripe) or a test token.
func (c *call) fillCard(m *method, prefix string) *apiError {
	if token := c.get(prefix + "token"); token != "" {
		row, ok := cardByID(strings.TrimPrefix(token, "tok_"))
		if !ok {
			return unknownID("token", token, bracketed(prefix+"token"))
		}
		c.s.setCard(m, row, 12, c.s.now().Year()+3, true)
		return nil
	}
	number := strings.Map(digitsOnly, c.get(prefix+"number"))
	if number == "" {
		return missing(bracketed(prefix + "number"))
	}
	if !c.public {
		e := invalid("", "Sending credit card numbers directly to the Stripe API is generally unsafe. Use the browser script or a test PaymentMethod such as pm_card_visa.")
		e.status = 402
		return e
	}
	row, err := typedCard(number)
	if err != nil {
		return err.at(bracketed(prefix + "number"))
	}
	month, year := int(c.int64(prefix+"exp_month")), int(c.int64(prefix+"exp_year"))
	if year < 100 {
		year += 2000
	}
	if err := c.s.checkExpiry(month, year); err != nil {
		return err
	}
	cvc := c.get(prefix + "cvc")
	if cvc != "" && (strings.Map(digitsOnly, cvc) != cvc || len(cvc) < 3 || len(cvc) > 4) {
		return declined(decline{"invalid_cvc", "", "Your card's security code is invalid."}).at(bracketed(prefix + "cvc"))
	}
	c.s.setCard(m, row, month, year, cvc != "")
	return nil
}

func digitsOnly(r rune) rune {
	if r >= '0' && r <= '9' {
		return r
	}
	return -1
}

// typedCard refuses mistyped numbers and, above all, real ones.
func typedCard(number string) (testCard, *apiError) {
	if !luhn(number) {
		return testCard{}, declined(wrongNumber)
	}
	row, ok := cardByNumber(number)
	if !ok {
		return testCard{}, declined(decline{"card_declined", "test_mode_live_card", "Your card was declined. Your request was in test mode, but used a non test card. For a list of valid test cards, visit: https://stripe.com/docs/testing."})
	}
	return row, nil
}

func (s *Server) checkExpiry(month, year int) *apiError {
	now := s.now()
	switch {
	case month < 1 || month > 12:
		return declined(decline{"invalid_expiry_month", "", "Your card's expiration month is invalid."}).at("exp_month")
	case year < now.Year() || year > now.Year()+50 || (year == now.Year() && month < int(now.Month())):
		return declined(decline{"invalid_expiry_year", "", "Your card's expiration year is invalid."}).at("exp_year")
	}
	return nil
}

func (s *Server) setCard(m *method, row testCard, month, year int, cvc bool) {
	m.Type, m.cardRow = "card", row
	m.Card = &card{
		Brand: row.brand, Country: "US", DisplayBrand: row.brand, ExpMonth: month, ExpYear: year,
		Fingerprint: fingerprint("card", row.number), Funding: row.funding, Last4: row.number[len(row.number)-4:],
		Networks:          networks{Available: []string{row.brand}},
		ThreeDSecureUsage: usage{Supported: true},
	}
	if cvc {
		m.Card.Checks.CVCCheck = "unchecked"
	}
}

func (c *call) fillBank(m *method, prefix string) *apiError {
	routing, account := c.get(prefix+"routing_number"), c.get(prefix+"account_number")
	switch {
	case routing == "":
		return missing(bracketed(prefix + "routing_number"))
	case account == "":
		return missing(bracketed(prefix + "account_number"))
	case !validRouting(routing):
		return invalid("routing_number_invalid", "The routing number provided is not valid.").at(bracketed(prefix + "routing_number"))
	case m.BillingDetails.Name == "":
		return missing(strings.Replace(bracketed(prefix+"x"), "us_bank_account][x]", "billing_details][name]", 1))
	}
	row, ok := bankByAccount(account)
	if !ok || routing != testRouting {
		return invalid("account_number_invalid", "You must use a test bank account number in test mode. Try routing number %s with account number 000123456789.", testRouting).at(bracketed(prefix + "account_number"))
	}
	m.deposits = c.get(prefix+"verification_method") == "microdeposits"
	c.s.setBank(m, row, orString(c.get(prefix+"account_type"), "checking"), orString(c.get(prefix+"account_holder_type"), "individual"))
	return nil
}

func (s *Server) setBank(m *method, row testBank, kind, holder string) {
	m.Type, m.bankRow = "us_bank_account", row
	m.USBankAccount = &bankAccount{
		AccountHolderType: holder, AccountType: kind, BankName: "STRIPE TEST BANK", Fingerprint: fingerprint("bank", row.account),
		Last4: row.account[len(row.account)-4:], RoutingNumber: testRouting,
		Networks: bankNetworks{Preferred: "ach", Supported: []string{"ach"}},
	}
}

// fingerprint is the same for the same number, whoever typed it.
func fingerprint(kind, number string) string {
	sum := params{{name: kind, value: number}}.fingerprint()
	n := uint64(0)
	for _, b := range sum[:8] {
		n = n<<8 | uint64(b)
	}
	return "Sb" + strconv.FormatUint(n, 36)
}
