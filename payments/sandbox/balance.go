package sandbox

import "time"

// balanceTransaction is one line of the agency's balance at the processor.
type balanceTransaction struct {
	head
	Amount            int64       `json:"amount"`
	AvailableOn       int64       `json:"available_on"`
	Currency          string      `json:"currency"`
	Description       maybe       `json:"description"`
	ExchangeRate      *struct{}   `json:"exchange_rate"`
	Fee               int64       `json:"fee"`
	FeeDetails        []feeDetail `json:"fee_details"`
	Net               int64       `json:"net"`
	ReportingCategory string      `json:"reporting_category"`
	Source            ref         `json:"source"`
	Status            string      `json:"status"`
	Type              string      `json:"type"`
}

type feeDetail struct {
	Amount      int64     `json:"amount"`
	Application *struct{} `json:"application"`
	Currency    string    `json:"currency"`
	Description string    `json:"description"`
	Type        string    `json:"type"`
}

func (t *balanceTransaction) copy() object { c := *t; return &c }

func (t *balanceTransaction) field(name string) *ref {
	if name == "source" {
		return &t.Source
	}
	return nil
}

// disputeFee is what the processor takes for a disputed card payment.
const disputeFee = 1500

func (s *Server) enter(kind, category, source string, amount, fee int64, wait time.Duration) *balanceTransaction {
	t := &balanceTransaction{
		head: s.head("txn_3", "balance_transaction"), Amount: amount, Currency: "usd", Fee: fee, FeeDetails: []feeDetail{},
		Net: amount - fee, ReportingCategory: category, Source: ref{ID: source}, Status: "available", Type: kind,
	}
	at := s.now().Add(wait)
	t.AvailableOn = at.Unix()
	if fee > 0 {
		t.FeeDetails = []feeDetail{{Amount: fee, Currency: "usd", Description: "Sandbox processing fees", Type: "stripe_fee"}}
	}
	if wait > 0 {
		t.Status = "pending"
		s.later(at, func() { t.Status = "available" })
	}
	s.balance.add(t)
	return t
}

// book enters a successful charge.
func (s *Server) book(ch *charge) {
	kind, fee, wait := "charge", (ch.AmountCaptured*29+500)/1000+30, 48*time.Hour
	if ch.PaymentMethodDetails.Type == "us_bank_account" {
		kind, fee, wait = "payment", min(500, (ch.AmountCaptured*8+500)/1000), 0
	}
	if ch.cardRow.available {
		wait = 0
	}
	ch.BalanceTransaction.ID = s.enter(kind, "charge", ch.ID, ch.AmountCaptured, fee, wait).ID
}

func getBalance(c *call) (any, *apiError) {
	t, ok := c.s.balance.get(c.id())
	if !ok {
		return nil, unknownID("balance transaction", c.id(), "id")
	}
	return t, nil
}

func listBalance(c *call) (any, *apiError) {
	kind, source := c.get("type"), c.get("source")
	return list(&c.s.balance, c, func(t *balanceTransaction) bool {
		return (kind == "" || t.Type == kind) && (source == "" || t.Source.ID == source)
	})
}
