package sandbox

import (
	"fmt"
	"time"
)

// refund gives money of a charge back.
type refund struct {
	head
	Amount                    int64             `json:"amount"`
	BalanceTransaction        ref               `json:"balance_transaction"`
	Charge                    ref               `json:"charge"`
	Currency                  string            `json:"currency"`
	DestinationDetails        *destination      `json:"destination_details,omitempty"`
	FailureBalanceTransaction *ref              `json:"failure_balance_transaction,omitempty"`
	FailureReason             string            `json:"failure_reason,omitempty"`
	Metadata                  map[string]string `json:"metadata"`
	PaymentIntent             ref               `json:"payment_intent"`
	Reason                    maybe             `json:"reason"`
	ReceiptNumber             maybe             `json:"receipt_number"`
	SourceTransferReversal    *struct{}         `json:"source_transfer_reversal"`
	Status                    string            `json:"status"`
	TransferReversal          *struct{}         `json:"transfer_reversal"`
}

type destination struct {
	Card           *struct{} `json:"card,omitempty"`
	Type           string    `json:"type"`
	USBankTransfer *struct{} `json:"us_bank_transfer,omitempty"`
}

func (r *refund) copy() object { c := *r; return &c }

func (r *refund) field(name string) *ref {
	switch name {
	case "balance_transaction":
		return &r.BalanceTransaction
	case "charge":
		return &r.Charge
	case "payment_intent":
		return &r.PaymentIntent
	}
	return nil
}

// achRefundWindow is how long a bank debit may be refunded (STR-13).
const achRefundWindow = 180 * 24 * time.Hour

func createRefund(c *call) (any, *apiError) {
	ch, err := c.refundedCharge()
	if err != nil {
		return nil, err
	}
	amount := ch.AmountCaptured - ch.AmountRefunded
	if c.has("amount") {
		amount = c.int64("amount")
	}
	if err := c.s.refundable(ch, amount); err != nil {
		return nil, err
	}
	return c.s.refund(ch, amount, c.get("reason"), c.merged("metadata", nil)), nil
}

func (c *call) refundedCharge() (*charge, *apiError) {
	id, param := c.get("charge"), "charge"
	if intent := c.get("payment_intent"); id == "" {
		p, ok := c.s.intents.get(intent)
		switch {
		case intent == "":
			return nil, invalid("parameter_missing", "One of the following params should be provided for this request: payment_intent or charge.")
		case !ok:
			return nil, unknownID("payment_intent", intent, "payment_intent")
		case p.LatestCharge.ID == "":
			return nil, unexpectedState("payment_intent", "payment_intent", "This PaymentIntent (%s) does not have a successful charge to refund.", intent)
		}
		id, param = p.LatestCharge.ID, "payment_intent"
	}
	ch, ok := c.s.charges.get(id)
	if !ok {
		return nil, unknownID("charge", id, param)
	}
	return ch, nil
}

func (s *Server) refundable(ch *charge, amount int64) *apiError {
	left := ch.AmountCaptured - ch.AmountRefunded
	bank := ch.PaymentMethodDetails.Type == "us_bank_account"
	switch {
	case ch.Status != "succeeded" || !ch.Captured:
		return invalid("charge_not_refundable", "Charge %s is %s and cannot be refunded.", ch.ID, ch.Status)
	case ch.Disputed && (ch.dispute == nil || !ch.dispute.IsChargeRefundable):
		return invalid("charge_disputed", "Charge %s has been charged back; cannot issue a refund.", ch.ID)
	case left == 0:
		return invalid("charge_already_refunded", "Charge %s has already been refunded.", ch.ID)
	case amount < 1:
		return invalid("parameter_invalid_integer", "This value must be greater than or equal to 1.").at("amount")
	case amount > left:
		return invalid("", "Refund amount (%s) is greater than unrefunded amount on charge (%s)", dollars(amount), dollars(left)).at("amount")
	case bank && s.now().Sub(time.Unix(ch.Created, 0)) > achRefundWindow:
		return invalid("charge_expired_for_capture", "ACH payments can only be refunded within 180 days.")
	}
	return nil
}

func dollars(cents int64) string { return fmt.Sprintf("$%d.%02d", cents/100, cents%100) }

func (s *Server) refund(ch *charge, amount int64, reason string, metadata map[string]string) *refund {
	bank := ch.PaymentMethodDetails.Type == "us_bank_account"
	prefix, kind := "re_3", "refund"
	if bank {
		prefix, kind = "pyr_1", "payment_refund"
	}
	r := &refund{
		head: s.head(prefix, "refund"), Amount: amount, Charge: ref{ID: ch.ID}, Currency: ch.Currency, Metadata: metadata,
		PaymentIntent: ch.PaymentIntent, Reason: maybe(reason), Status: "succeeded",
	}
	r.BalanceTransaction.ID = s.enter(kind, "refund", r.ID, -amount, 0, 0).ID
	s.refunds.add(r)
	ch.AmountRefunded += amount
	ch.Refunded = ch.AmountRefunded == ch.AmountCaptured
	switch {
	case bank:
		r.Status, r.DestinationDetails = "pending", &destination{Type: "us_bank_transfer", USBankTransfer: &struct{}{}}
		s.later(businessDaysAfter(s.now(), s.cfg.ACHBusinessDays), func() { s.refundDone(r) })
	case ch.cardRow.refund == "pending":
		r.Status = "pending"
		s.later(businessDaysAfter(s.now(), 1), func() { s.refundDone(r) })
	case ch.cardRow.refund == "failed":
		s.later(businessDaysAfter(s.now(), 1), func() { s.refundFailed(ch, r) })
	}
	s.emit("charge.refunded", ch)
	return r
}

func (s *Server) refundDone(r *refund) {
	if r.Status != "pending" {
		return
	}
	r.Status = "succeeded"
	s.emit("charge.refund.updated", r)
}

// refundFailed takes a refund back: the money returns to the agency's balance.
func (s *Server) refundFailed(ch *charge, r *refund) {
	r.Status, r.FailureReason = "failed", "expired_or_canceled_card"
	r.FailureBalanceTransaction = &ref{ID: s.enter("refund_failure", "refund_failure", r.ID, r.Amount, 0, 0).ID}
	ch.AmountRefunded -= r.Amount
	ch.Refunded = false
	s.emit("charge.refund.updated", r)
}

func getRefund(c *call) (any, *apiError) {
	r, ok := c.s.refunds.get(c.id())
	if !ok {
		return nil, unknownID("refund", c.id(), "id")
	}
	return r, nil
}

func listRefunds(c *call) (any, *apiError) {
	charge, intent := c.get("charge"), c.get("payment_intent")
	return list(&c.s.refunds, c, func(r *refund) bool {
		return (charge == "" || r.Charge.ID == charge) && (intent == "" || r.PaymentIntent.ID == intent)
	})
}
