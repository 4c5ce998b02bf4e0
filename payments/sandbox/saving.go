package sandbox

// beginSetup starts saving a method: refused, challenged, waiting for deposits or done.
func (s *Server) beginSetup(o *setupIntent, k confirmation) *apiError {
	m := k.method
	o.attempt = attempt{key: s.currentKey(), method: m, accepted: k.accepted, returnURL: k.returnURL}
	o.LastSetupError, o.NextAction = nil, nil
	if d := m.cardRow.decline; m.Type == "card" && d.code != "" && !m.cardRow.attaches && m.cardRow.challenge == challengeNever {
		return s.setupFailed(o, declined(d))
	}
	needs := m.cardRow.challenge != challengeNever
	deposits := m.Type == "us_bank_account" && !m.verified && (k.deposits || m.deposits || m.bankRow.noDeposits)
	switch {
	case m.Type == "card" && needs:
		o.token = s.random(32)
		o.Status, o.NextAction = "requires_action", s.challengeAction(o.ID, o.token, k)
		s.emit("setup_intent.requires_action", o)
	case deposits:
		o.Status = "requires_action"
		o.deposits, o.NextAction = s.sendDeposits(o.ID, k.base, func() { s.setupLapsed(o) })
		s.emit("setup_intent.requires_action", o)
	default:
		s.setupDone(o)
	}
	return nil
}

func (s *Server) setupDone(o *setupIntent) {
	m := o.method
	m.setUp, m.verified = true, true
	if m.Type == "us_bank_account" && o.accepted != nil {
		o.Mandate.ID = s.grant(o.accepted, m, 0, true).ID
	}
	s.attach(m, o.Customer.ID)
	o.Status, o.NextAction, o.deposits = "succeeded", nil, nil
	s.emit("setup_intent.succeeded", o)
}

func (s *Server) setupFailed(o *setupIntent, e *apiError) *apiError {
	e.PaymentMethod = o.method.copy()
	o.Status, o.NextAction, o.PaymentMethod, o.deposits = "requires_payment_method", nil, ref{}, nil
	o.LastSetupError = e.plain()
	s.emit("setup_intent.setup_failed", o)
	return e
}

func (s *Server) setupProven(o *setupIntent, passed bool) {
	if passed {
		s.setupDone(o)
		return
	}
	o.token = ""
	e := declined(notProven)
	e.Type, e.Code = "invalid_request_error", "setup_intent_authentication_failure"
	s.setupFailed(o, e)
}

func (s *Server) setupLapsed(o *setupIntent) {
	if o.Status != "requires_action" {
		return
	}
	if e := s.lapsed(o.deposits, o.method); e != nil {
		s.setupFailed(o, e)
	}
}
