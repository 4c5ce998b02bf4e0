package sandbox

import "time"

// The only micro-deposits that verify: 32 and 45 cents, or the code SM11AA.
// 10 and 11 cents, or SM33CC, use up every try at once. As with Stripe.
const (
	rightCode   = "SM11AA"
	blockedCode = "SM33CC"
)

// Tries a person has (STR-11), and how long.
const (
	amountTries    = 3
	codeTries      = 10
	depositTimeout = 10 * 24 * time.Hour
)

// deposits are two small credits, or one with a code, on their way to an account.
type deposits struct {
	sent                   time.Time
	amountTries, codeTries int
}

type verifyDeposit struct {
	ArrivalDate int64  `json:"arrival_date"`
	HostedURL   string `json:"hosted_verification_url"`
	Type        string `json:"microdeposit_type"`
}

// sendDeposits starts the wait. expire is called when the deposits could not be
// sent (two business days) or were never confirmed (ten days).
func (s *Server) sendDeposits(id, base string, expire func()) (*deposits, *nextAction) {
	d := &deposits{sent: s.now()}
	s.later(businessDaysAfter(s.now(), 2), expire)
	s.later(s.now().Add(depositTimeout), expire)
	return d, &nextAction{Type: "verify_with_microdeposits", Verify: &verifyDeposit{
		ArrivalDate: businessDaysAfter(s.now(), 1).Unix(), HostedURL: base + "/microdeposits/" + id, Type: "descriptor_code",
	}}
}

// depositsFailed ends an attempt whose deposits were refused or forgotten.
func (s *Server) depositsFailed(p *intent) {
	if p.Status != "requires_action" {
		return
	}
	if e := s.lapsed(p.deposits, p.method); e != nil {
		p.deposits = nil
		s.failed(p, e, nil)
	}
}

func (s *Server) lapsed(d *deposits, m *method) *apiError {
	switch {
	case d == nil:
		return nil
	case m.bankRow.noDeposits:
		return invalid("payment_method_microdeposit_failed", "Microdeposit transfers failed. Please check the account, institution and transit numbers provided.")
	case s.now().Before(d.sent.Add(depositTimeout)):
		return nil
	}
	return invalid("payment_method_microdeposit_verification_timeout", "Microdeposits were not verified within 10 days.")
}

func verifyIntent(c *call) (any, *apiError) {
	p, err := c.intent()
	if err != nil {
		return nil, err
	}
	if p.deposits == nil {
		return nil, unexpectedState("payment_intent", "intent", "This PaymentIntent is not waiting for microdeposits; its status is %s.", p.Status)
	}
	if err := c.tryDeposits(p.deposits); err != nil {
		if err.Code == exceeded {
			p.deposits = nil
			c.s.failed(p, err, nil)
		}
		return nil, err
	}
	p.method.verified = true
	c.s.debit(p)
	return c.seenBy(p), nil
}

const (
	exceeded   = "payment_method_microdeposit_verification_attempts_exceeded"
	mismatched = "payment_method_microdeposit_verification_"
)

// tryDeposits judges one try: by code or by the two amounts in cents.
func (c *call) tryDeposits(d *deposits) *apiError {
	code, amounts := c.get("descriptor_code"), c.list("amounts")
	switch {
	case code != "":
		d.codeTries++
		return judge(code == rightCode, code == blockedCode || d.codeTries >= codeTries, "descriptor_code_mismatch", "descriptor_code")
	case len(amounts) == 2:
		d.amountTries++
		pair := amounts[0] + "," + amounts[1]
		right := pair == "32,45" || pair == "45,32"
		return judge(right, pair == "10,11" || pair == "11,10" || d.amountTries >= amountTries, "amounts_mismatch", "amounts")
	case len(amounts) > 0:
		return invalid(mismatched+"amounts_invalid", "You must provide exactly two amounts.").at("amounts")
	}
	return missing("amounts")
}

func judge(right, last bool, code, param string) *apiError {
	var e *apiError
	switch {
	case right:
		return nil
	case last:
		e = invalid(exceeded, "You have exceeded the number of allowed verification attempts.")
	default:
		e = invalid(mismatched+code, "The %s provided does not match what was sent to the bank account.", param)
	}
	e.began = true
	return e.at(param)
}
