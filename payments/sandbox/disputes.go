package sandbox

import (
	"strings"
	"time"
)

// dispute is money taken back by the payer's bank.
type dispute struct {
	head
	Amount               int64                 `json:"amount"`
	BalanceTransactions  []*balanceTransaction `json:"balance_transactions"`
	Charge               ref                   `json:"charge"`
	Currency             string                `json:"currency"`
	Evidence             map[string]maybe      `json:"evidence"`
	EvidenceDetails      evidenceDetails       `json:"evidence_details"`
	IsChargeRefundable   bool                  `json:"is_charge_refundable"`
	Metadata             map[string]string     `json:"metadata"`
	NetworkReasonCode    maybe                 `json:"network_reason_code"`
	PaymentIntent        ref                   `json:"payment_intent"`
	PaymentMethodDetails *disputeDetails       `json:"payment_method_details,omitempty"`
	Reason               string                `json:"reason"`
	Status               string                `json:"status"`
}

type evidenceDetails struct {
	DueBy           stamp `json:"due_by"`
	HasEvidence     bool  `json:"has_evidence"`
	PastDue         bool  `json:"past_due"`
	SubmissionCount int   `json:"submission_count"`
}

type disputeDetails struct {
	Card *disputeCard `json:"card,omitempty"`
	Type string       `json:"type"`
}

type disputeCard struct {
	Brand             string `json:"brand"`
	CaseType          string `json:"case_type"`
	NetworkReasonCode maybe  `json:"network_reason_code"`
}

func (d *dispute) copy() object { c := *d; return &c }

func (d *dispute) field(name string) *ref {
	switch name {
	case "charge":
		return &d.Charge
	case "payment_intent":
		return &d.PaymentIntent
	}
	return nil
}

const responseTime = 9 * 24 * time.Hour

// openDispute disputes a charge once. A bank debit is lost at once and for good
// (STR-12), all of it, whatever was given back before (STR-13); a card dispute
// can be answered; an inquiry takes no money yet.
func (s *Server) openDispute(ch *charge, reason, code string) {
	amount := ch.AmountCaptured - ch.AmountRefunded
	if ch.PaymentMethodDetails.Type == "us_bank_account" {
		amount = ch.AmountCaptured
	}
	s.openDisputeOf(ch, amount, reason, code)
}

// openDisputeOf disputes a part of a charge.
func (s *Server) openDisputeOf(ch *charge, amount int64, reason, code string) *dispute {
	if ch.Status != "succeeded" || ch.dispute != nil || amount == 0 {
		return nil
	}
	d := &dispute{
		head: s.head("du_1", "dispute"), Amount: amount, BalanceTransactions: []*balanceTransaction{}, Charge: ref{ID: ch.ID},
		Currency: ch.Currency, Evidence: map[string]maybe{}, Metadata: map[string]string{}, NetworkReasonCode: maybe(code),
		PaymentIntent: ch.PaymentIntent, Reason: reason, Status: "needs_response",
	}
	if card := ch.PaymentMethodDetails.Card; card != nil {
		d.EvidenceDetails.DueBy = stamp(s.now().Add(responseTime).Unix())
		d.PaymentMethodDetails = &disputeDetails{&disputeCard{card.Brand, "chargeback", maybe(orString(code, "10.4"))}, "card"}
	} else {
		d.Status = "lost"
	}
	if reason == "inquiry" {
		d.Reason, d.Status, d.IsChargeRefundable = "general", "warning_needs_response", true
		d.PaymentMethodDetails.Card.CaseType = "inquiry"
	}
	ch.Disputed, ch.dispute = true, d
	s.disputes.add(d)
	s.announce(d)
	return d
}

func (s *Server) announce(d *dispute) {
	s.emit("charge.dispute.created", d)
	if d.Status != "warning_needs_response" {
		s.withdraw(d)
	}
	if d.Status == "lost" {
		s.emit("charge.dispute.closed", d)
	}
}

func (s *Server) withdraw(d *dispute) {
	fee := int64(0)
	if d.PaymentMethodDetails != nil {
		fee = disputeFee
	}
	d.BalanceTransactions = append(d.BalanceTransactions, s.enter("adjustment", "dispute", d.ID, -d.Amount, fee, 0))
	s.emit("charge.dispute.funds_withdrawn", d)
}

// moved is what a dispute took, and what came back from it, in cents.
func (d *dispute) moved() (withdrawn, reinstated int64) {
	if d == nil {
		return 0, 0
	}
	for _, t := range d.BalanceTransactions {
		withdrawn -= min(t.Amount, 0)
		reinstated += max(t.Amount, 0)
	}
	return withdrawn, reinstated
}

// winning says whether a dispute is still open for an answer.
func (d *dispute) answerable() bool { return strings.HasSuffix(d.Status, "needs_response") }

// updateDispute takes evidence. As with Stripe's test mode, the uncategorized
// text "winning_evidence" wins, any other submission loses.
func updateDispute(c *call) (any, *apiError) {
	d, err := c.dispute()
	if err != nil {
		return nil, err
	}
	if !d.answerable() {
		return nil, invalid("", "This dispute is already %s.", d.Status)
	}
	d.Metadata = c.merged("metadata", d.Metadata)
	evidence := map[string]maybe{}
	for k, v := range c.merged("evidence", nil) {
		evidence[k] = maybe(v)
	}
	if len(evidence) > 0 {
		d.Evidence, d.EvidenceDetails.HasEvidence = evidence, true
	}
	if c.get("submit") == "false" || len(evidence) == 0 {
		c.s.emit("charge.dispute.updated", d)
		return d, nil
	}
	d.Status = strings.Replace(d.Status, "needs_response", "under_review", 1)
	d.EvidenceDetails.SubmissionCount++
	c.s.emit("charge.dispute.updated", d)
	won := d.Evidence["uncategorized_text"] == "winning_evidence"
	c.s.later(c.s.now(), func() { c.s.decide(d, won) })
	return d, nil
}

func closeDispute(c *call) (any, *apiError) {
	d, err := c.dispute()
	if err != nil {
		return nil, err
	}
	if !d.answerable() {
		return nil, invalid("", "This dispute is already closed.")
	}
	c.s.decide(d, false)
	return d, nil
}

// decide ends a dispute. Money comes back only to who wins and had lost it.
func (s *Server) decide(d *dispute, won bool) {
	switch {
	case strings.HasPrefix(d.Status, "warning"):
		d.Status = "warning_closed"
	case won:
		d.Status = "won"
		d.BalanceTransactions = append(d.BalanceTransactions, s.enter("adjustment", "dispute_reversal", d.ID, d.Amount, 0, 0))
	default:
		d.Status = "lost"
	}
	if ch, ok := s.charges.get(d.Charge.ID); ok && d.Status != "lost" {
		ch.Disputed, ch.dispute = d.Status == "won", d
		d.IsChargeRefundable = true
	}
	if d.Status == "won" {
		s.emit("charge.dispute.funds_reinstated", d)
	}
	s.emit("charge.dispute.closed", d)
}

func (c *call) dispute() (*dispute, *apiError) {
	d, ok := c.s.disputes.get(c.id())
	if !ok {
		return nil, unknownID("dispute", c.id(), "dispute")
	}
	return d, nil
}

func getDispute(c *call) (any, *apiError) { return c.dispute() }

func listDisputes(c *call) (any, *apiError) {
	charge, intent := c.get("charge"), c.get("payment_intent")
	return list(&c.s.disputes, c, func(d *dispute) bool {
		return (charge == "" || d.Charge.ID == charge) && (intent == "" || d.PaymentIntent.ID == intent)
	})
}

// fraudWarning is the card network's early sign of fraud.
type fraudWarning struct {
	head
	Actionable    bool   `json:"actionable"`
	Charge        string `json:"charge"`
	FraudType     string `json:"fraud_type"`
	PaymentIntent string `json:"payment_intent"`
}

func (w *fraudWarning) copy() object { c := *w; return &c }

func (s *Server) warn(p *intent, ch *charge) {
	s.emit("radar.early_fraud_warning.created", &fraudWarning{
		head: s.head("issfr_1", "radar.early_fraud_warning"), Actionable: !ch.Refunded,
		Charge: ch.ID, FraudType: "unauthorized_use_of_card", PaymentIntent: p.ID,
	})
}
