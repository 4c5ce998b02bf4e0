package sandbox

// chargeCard asks the bank, after any challenge was passed.
func (s *Server) chargeCard(p *intent) *apiError {
	ch := s.newCharge(p)
	if d := p.method.cardRow.decline; d.code != "" {
		return s.refuse(p, ch, declined(d))
	}
	s.keepMethod(p)
	if p.CaptureMethod == "manual" {
		ch.Status, ch.Paid, ch.Captured, ch.AmountCaptured = "succeeded", true, false, 0
		p.Status, p.AmountCapturable = "requires_capture", p.Amount
		s.emit("charge.succeeded", ch)
		s.emit("payment_intent.amount_capturable_updated", p)
		return nil
	}
	s.succeed(p, ch)
	return nil
}

// keepMethod saves the method for later, or marks it as used up.
func (s *Server) keepMethod(p *intent) {
	if p.SetupFutureUsage != "" && p.Customer.ID != "" {
		p.method.setUp = true
		s.attach(p.method, p.Customer.ID)
	}
	p.method.used = p.method.Customer.ID == ""
}

// refuse ends the attempt: the charge failed, the intent wants another method.
func (s *Server) refuse(p *intent, ch *charge, e *apiError) *apiError {
	ch.Status, ch.FailureCode, ch.FailureMessage = "failed", maybe(e.Code), maybe(e.Message)
	ch.Outcome = refusedOutcome(e)
	e.Charge, e.PaymentMethod = maybe(ch.ID), p.method.copy()
	s.failed(p, e, ch)
	return e
}

// failed returns the intent to requires_payment_method and tells.
func (s *Server) failed(p *intent, e *apiError, ch *charge) {
	p.Status, p.NextAction, p.PaymentMethod = "requires_payment_method", nil, ref{}
	p.LastPaymentError = e.plain()
	if ch != nil {
		s.emit("charge.failed", ch)
	}
	s.emit("payment_intent.payment_failed", p)
}

// succeed is the moment the money is the agency's.
func (s *Server) succeed(p *intent, ch *charge) {
	ch.Status, ch.Paid, ch.Captured, ch.AmountCaptured = "succeeded", true, true, ch.Amount
	p.Status, p.AmountReceived, p.AmountCapturable, p.NextAction = "succeeded", ch.Amount, 0, nil
	if p.CaptureMethod == "automatic_async" && p.method.Type == "card" {
		s.later(s.now(), func() {
			s.book(ch)
			s.emit("charge.updated", ch)
		})
	} else {
		s.book(ch)
	}
	s.emit("charge.succeeded", ch)
	s.emit("payment_intent.succeeded", p)
	s.follow(p, ch)
	s.sessionPaid(p)
}

// follow arranges what a test number brings after its success.
func (s *Server) follow(p *intent, ch *charge) {
	card, bank := p.method.cardRow, p.method.bankRow
	if card.dispute != "" {
		s.later(s.now(), func() { s.openDispute(ch, card.dispute, "") })
	}
	if card.warning {
		s.later(s.now(), func() { s.warn(p, ch) })
	}
	if bank.returns != "" {
		at := s.now()
		if !bank.soon {
			at = businessDaysAfter(at, s.cfg.LateReturnBusinessDays)
		}
		s.later(at, func() { s.returned(p, bank.returns) })
	}
}

func captureIntent(c *call) (any, *apiError) {
	p, err := c.intent()
	if err != nil {
		return nil, err
	}
	amount := p.Amount
	if c.has("amount_to_capture") {
		amount = c.int64("amount_to_capture")
	}
	if p.Status != "requires_capture" || amount < 1 || amount > p.AmountCapturable {
		return nil, unexpectedState("payment_intent", "intent", "This PaymentIntent could not be captured: its status is %s and its capturable amount %d.", p.Status, p.AmountCapturable)
	}
	ch, _ := c.s.charges.get(p.LatestCharge.ID)
	ch.Captured, ch.AmountCaptured = true, amount
	p.Status, p.AmountReceived, p.AmountCapturable = "succeeded", amount, 0
	c.s.book(ch)
	c.s.emit("charge.captured", ch)
	c.s.emit("payment_intent.succeeded", p)
	return p, nil
}
