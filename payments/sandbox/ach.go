package sandbox

import "net/http"

// beginDebit starts a debit of a bank account: refused at once, held for
// micro-deposits, or processing until the banks have spoken.
func (s *Server) beginDebit(p *intent, k confirmation) *apiError {
	m := k.method
	if e := refusedDebit(m); e != nil {
		e.PaymentMethod = m.copy()
		s.failed(p, e, nil)
		return e
	}
	if p.mandate == "" {
		p.mandate = s.grant(k.accepted, m, p.Amount, p.SetupFutureUsage == "off_session").ID
	}
	if !m.verified && (k.deposits || m.deposits || m.bankRow.noDeposits) {
		p.Status = "requires_action"
		p.deposits, p.NextAction = s.sendDeposits(p.ID, k.base, func() { s.depositsFailed(p) })
		s.emit("payment_intent.requires_action", p)
		return nil
	}
	m.verified = true
	s.debit(p)
	return nil
}

func refusedDebit(m *method) *apiError {
	refusal := func(code, message string) *apiError {
		e := invalid(code, "%s", message)
		e.status, e.began = http.StatusPaymentRequired, true
		return e
	}
	switch {
	case m.USBankAccount.StatusDetails != nil:
		return refusal("payment_method_bank_account_blocked", "This bank account cannot be used: its bank returned an earlier debit ("+m.USBankAccount.StatusDetails.Blocked.NetworkCode+").")
	case m.bankRow.overLimit:
		return refusal("charge_exceeds_source_limit", "This payment would exceed the weekly limit of this bank account.")
	case m.bankRow.blocked:
		return refusal("bank_account_declined", "This bank account was refused as too risky.")
	}
	return nil
}

// debit sends the debit to the bank. It stays processing for four business days
// (STR-10), then succeeds or fails.
func (s *Server) debit(p *intent) {
	ch := s.newCharge(p)
	p.Status, p.NextAction, p.deposits = "processing", nil, nil
	s.keepMethod(p)
	s.emit("charge.pending", ch)
	s.emit("payment_intent.processing", p)
	if p.method.bankRow.never {
		return
	}
	s.later(businessDaysAfter(s.now(), s.cfg.ACHBusinessDays), func() { s.settleDebit(p, ch) })
}

func (s *Server) settleDebit(p *intent, ch *charge) {
	if p.Status != "processing" || ch.Status != "pending" {
		return
	}
	if code := p.method.bankRow.fails; code != "" {
		s.bounce(p, ch, code)
		return
	}
	s.succeed(p, ch)
}

// bounce is a return that arrives before the debit counted as paid.
func (s *Server) bounce(p *intent, ch *charge, code string) {
	row := returnCodes[code]
	s.block(p.method, code, row)
	e := invalid(row.failure, "%s", row.message)
	e.Charge, e.PaymentMethod = maybe(ch.ID), p.method.copy()
	ch.Status, ch.FailureCode, ch.FailureMessage = "failed", maybe(row.failure), maybe(row.message)
	ch.Outcome = &outcome{"declined_by_network", maybe(row.failure), "not_assessed", 0, "The bank returned the payment (" + code + ").", "issuer_declined"}
	s.failed(p, e, ch)
	s.sessionFailed(p)
}

// returned is a return by its network code, whenever it arrives: a failure while
// the debit is processing, a lost dispute after it succeeded (STR-12).
func (s *Server) returned(p *intent, code string) bool {
	row, known := returnCodes[code]
	ch, found := s.charges.get(p.LatestCharge.ID)
	switch {
	case !known || !found || p.method.Type != "us_bank_account":
		return false
	case ch.Status == "pending":
		s.bounce(p, ch, code)
	case ch.Status == "succeeded" && ch.dispute == nil:
		s.block(p.method, code, row)
		s.openDispute(ch, row.reason, code)
		s.revoke(p.mandate)
	default:
		return false
	}
	return true
}

// block marks a bank account that must not be debited again (STR-15).
func (s *Server) block(m *method, code string, row returnCode) {
	if !row.blocks {
		return
	}
	reason := map[string]string{
		"account_closed": "bank_account_closed", "no_account": "bank_account_invalid_details",
		"bank_account_restricted": "bank_account_restricted", "bank_account_unusable": "bank_account_unusable",
	}[row.failure]
	account := *m.USBankAccount
	account.StatusDetails = &statusDetails{blocked{code, orString(reason, "debit_not_authorized")}}
	m.USBankAccount = &account
}
