package sandbox

import (
	"maps"
	"time"
)

// Charge is money that moved, for rigs that compare it with a ledger.
type Charge struct {
	ID             string            `json:"id"`
	PaymentIntent  string            `json:"payment_intent"`
	Amount         int64             `json:"amount"` // cents
	AmountRefunded int64             `json:"amount_refunded"`
	Currency       string            `json:"currency"`
	Metadata       map[string]string `json:"metadata"`
	IdempotencyKey string            `json:"idempotency_key"`
	Method         string            `json:"method"` // "card" or "us_bank_account"
	Status         string            `json:"status"` // "succeeded"; from PendingCharges "pending"
	Disputed       bool              `json:"disputed"`
	Withdrawn      int64             `json:"withdrawn"`  // cents that the payer's bank took back
	Reinstated     int64             `json:"reinstated"` // of them, what came back when the dispute was won
	Created        time.Time         `json:"created"`
}

// Charges returns every successful movement of money, oldest first.
func (s *Server) Charges() []Charge { return s.chargesWith("succeeded") }

// PendingCharges returns the bank debits that are still on their way.
func (s *Server) PendingCharges() []Charge { return s.chargesWith("pending") }

func (s *Server) chargesWith(status string) []Charge {
	s.lock()
	defer s.unlock()
	out := []Charge{}
	for _, ch := range s.charges.rows {
		if ch.Status == status && (ch.Captured || status != "succeeded") {
			out = append(out, ch.summary())
		}
	}
	return out
}

func (ch *charge) summary() Charge {
	withdrawn, reinstated := ch.dispute.moved()
	return Charge{
		ID: ch.ID, PaymentIntent: ch.PaymentIntent.ID, Amount: ch.moved(), AmountRefunded: ch.AmountRefunded, Currency: ch.Currency,
		Metadata: maps.Clone(ch.Metadata), IdempotencyKey: ch.key, Method: ch.PaymentMethodDetails.Type, Status: ch.Status,
		Disputed: ch.Disputed, Withdrawn: withdrawn, Reinstated: reinstated, Created: time.Unix(ch.Created, 0).UTC(),
	}
}

// moved is what was or will be taken: a held card may be captured in part.
func (ch *charge) moved() int64 {
	if ch.Captured {
		return ch.AmountCaptured
	}
	return ch.Amount
}

// ChargeCount returns how often the payment with metadata[payment_id] == id was
// charged: successful charges and debits on their way. More than one is the
// fault this project exists to prevent.
func (s *Server) ChargeCount(id string) int {
	s.lock()
	defer s.unlock()
	n := 0
	for _, p := range s.byPayment[id] {
		if ch, ok := s.charges.get(p.LatestCharge.ID); ok && ch.Status != "failed" {
			n++
		}
	}
	return n
}

// Advance moves the sandbox's clock ahead of Config.Now by d and settles what
// falls due on the way, each thing at its own moment.
func (s *Server) Advance(d time.Duration) {
	s.mu.Lock()
	s.offset += d
	s.settle()
	s.unlock()
}

// Now returns the sandbox's clock.
func (s *Server) Now() time.Time { return s.clock() }

// Return sends a bank debit back with a network code such as "R01" or "R10":
// while it is processing it fails, after it succeeded it is disputed and lost.
// It reports whether there was such a debit.
func (s *Server) Return(paymentIntent, code string) bool {
	s.lock()
	defer s.unlock()
	p, ok := s.intents.get(paymentIntent)
	return ok && p.method != nil && s.returned(p, code)
}

// Dispute disputes the charge of a card payment, for a reason such as
// "fraudulent". It returns the identifier of the dispute, "" if there can be none.
func (s *Server) Dispute(paymentIntent, reason string) string {
	return s.DisputePart(paymentIntent, 0, reason)
}

// DisputePart is Dispute of some cents of the charge; 0 is of all that was not
// given back. More than that it cannot be.
func (s *Server) DisputePart(paymentIntent string, amount int64, reason string) string {
	s.lock()
	defer s.unlock()
	p, ok := s.intents.get(paymentIntent)
	if !ok {
		return ""
	}
	ch, ok := s.charges.get(p.LatestCharge.ID)
	if !ok || ch.PaymentMethodDetails.Type != "card" {
		return ""
	}
	left := ch.AmountCaptured - ch.AmountRefunded
	if amount == 0 {
		amount = left
	}
	if d := s.openDisputeOf(ch, min(amount, left), reason, ""); d != nil {
		return d.ID
	}
	return ""
}

// DecideDispute ends an open dispute as a bank would.
func (s *Server) DecideDispute(id string, won bool) bool {
	s.lock()
	defer s.unlock()
	d, ok := s.disputes.get(id)
	if !ok || d.EvidenceDetails.DueBy == 0 || d.Status == "won" || d.Status == "lost" || d.Status == "warning_closed" {
		return false
	}
	s.decide(d, won)
	return true
}

// Emit sends an event that nothing here causes by itself, such as
// payment_method.automatically_updated or review.opened, about the stored object
// with that identifier. It reports whether there is one.
func (s *Server) Emit(kind, id string) bool {
	s.lock()
	defer s.unlock()
	o := s.find(id)
	if o == nil {
		return false
	}
	s.emit(kind, o)
	return true
}

// Stats counts what a rig waits for.
type Stats struct {
	Intents   int `json:"intents"`
	Charges   int `json:"charges"` // attempts, successful or not
	Events    int `json:"events"`  // still remembered
	Queued    int `json:"queued"`  // deliveries that wait
	Delivered int `json:"delivered"`
	Dropped   int `json:"dropped"`
}

// Stats returns the present counts.
func (s *Server) Stats() Stats {
	s.lock()
	defer s.unlock()
	return Stats{len(s.intents.rows), len(s.charges.rows), len(s.events.rows), s.sending.len(), s.delivered, s.dropped}
}
