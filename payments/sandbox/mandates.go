package sandbox

import "net"

// mandateData is a person's acceptance of a debit, as it was sent.
type mandateData struct {
	CustomerAcceptance acceptance `json:"customer_acceptance"`
}

type acceptance struct {
	AcceptedAt stamp     `json:"accepted_at,omitempty"`
	Offline    *struct{} `json:"offline,omitempty"`
	Online     *online   `json:"online,omitempty"`
	Type       string    `json:"type"`
}

type online struct {
	IPAddress maybe `json:"ip_address"`
	UserAgent maybe `json:"user_agent"`
}

const mandateFields = ` mandate mandate_data.customer_acceptance.type:online|offline mandate_data.customer_acceptance.accepted_at:int
	mandate_data.customer_acceptance.online.ip_address mandate_data.customer_acceptance.online.user_agent
	mandate_data.customer_acceptance.online.infer_from_client:bool mandate_data.customer_acceptance.offline:text `

// mandate is the right to debit an account, once or again.
type mandate struct {
	head
	CustomerAcceptance   acceptance     `json:"customer_acceptance"`
	MultiUse             *struct{}      `json:"multi_use,omitempty"`
	PaymentMethod        ref            `json:"payment_method"`
	PaymentMethodDetails mandateDetails `json:"payment_method_details"`
	SingleUse            *singleUse     `json:"single_use,omitempty"`
	Status               string         `json:"status"`
	Type                 string         `json:"type"`
}

func (m *mandate) copy() object { c := *m; return &c }

func (m *mandate) field(name string) *ref {
	if name == "payment_method" {
		return &m.PaymentMethod
	}
	return nil
}

type mandateDetails struct {
	Card          *struct{} `json:"card,omitempty"`
	Type          string    `json:"type"`
	USBankAccount *struct{} `json:"us_bank_account,omitempty"`
}

type singleUse struct {
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"`
}

// mandateData reads the acceptance of a request; nil where it has none.
func (c *call) mandateData() *mandateData {
	const at = "mandate_data.customer_acceptance."
	kind := c.get(at + "type")
	if kind == "" {
		return nil
	}
	if c.bool(at + "online.infer_from_client") {
		return c.inferredMandate()
	}
	a := acceptance{AcceptedAt: stamp(c.int64(at + "accepted_at")), Type: kind}
	if kind == "online" {
		a.Online = &online{maybe(c.get(at + "online.ip_address")), maybe(c.get(at + "online.user_agent"))}
	} else {
		a.Offline = &struct{}{}
	}
	return &mandateData{a}
}

func (c *call) inferredMandate() *mandateData {
	host, _, err := net.SplitHostPort(c.r.RemoteAddr)
	if err != nil {
		host = "127.0.0.1"
	}
	return &mandateData{acceptance{Online: &online{maybe(host), maybe(orString(c.r.UserAgent(), "unknown"))}, Type: "online"}}
}

// grant stores a mandate: for one amount, or for later debits too.
func (s *Server) grant(d *mandateData, m *method, amount int64, multi bool) *mandate {
	out := &mandate{head: s.head("mandate_1", "mandate"), CustomerAcceptance: d.CustomerAcceptance, Status: "active"}
	out.CustomerAcceptance.AcceptedAt = stamp(s.now().Unix())
	out.PaymentMethod.ID = m.ID
	out.PaymentMethodDetails.Type = m.Type
	if m.Type == "card" {
		out.PaymentMethodDetails.Card = &struct{}{}
	} else {
		out.PaymentMethodDetails.USBankAccount = &struct{}{}
	}
	if multi {
		out.Type, out.MultiUse = "multi_use", &struct{}{}
		m.mandate = out.ID
	} else {
		out.Type, out.SingleUse = "single_use", &singleUse{amount, "usd"}
	}
	s.mandates.add(out)
	return out
}

// mandateOf returns the active mandate for later debits of a saved method.
func (s *Server) mandateOf(m *method) *mandate {
	if d, ok := s.mandates.get(m.mandate); ok && d.Status == "active" {
		return d
	}
	return nil
}

func getMandate(c *call) (any, *apiError) {
	m, ok := c.s.mandates.get(c.id())
	if !ok {
		return nil, unknownID("mandate", c.id(), "mandate")
	}
	return m, nil
}

// revoke ends a mandate, as a claim of the account's owner does.
func (s *Server) revoke(id string) {
	m, ok := s.mandates.get(id)
	if !ok || m.Status == "inactive" {
		return
	}
	m.Status = "inactive"
	s.emit("mandate.updated", m)
}
