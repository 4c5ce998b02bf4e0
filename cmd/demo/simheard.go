package demo

import (
	"encoding/json"
	"time"

	"quittance/payments/money"
)

// heard is what a creditor learns from the webhooks alone, each taken once,
// whatever it then posts.
type heard struct {
	paid   book
	apart  map[string]money.Cents // held, by debt
	left   map[string]balanceTold // by debt
	plans  map[string]planTold    // by plan
	unread int                    // events that could not be read
}

// balanceTold is the balance that the last event about a debt's payments told.
type balanceTold struct {
	at       time.Time
	sequence int64
	amount   money.Cents
}

// planTold is what the last event about a plan told.
type planTold struct {
	sequence        int64
	total, forgiven money.Cents
	installments    map[int]money.Cents
	settled         string // the debt whose rest is let go with it
}

// story is the part of an event that tells of amounts.
type story struct {
	Type      string    `json:"type"`
	Timestamp time.Time `json:"timestamp"`
	Data      struct {
		Sequence int64 `json:"sequence"`
		Payment  *struct {
			ID          string `json:"id"`
			Allocations []struct {
				allocation
				BalanceAfterCents money.Cents `json:"balance_after_cents"`
			} `json:"allocations"`
		} `json:"payment"`
		Plan *struct {
			ID            string      `json:"id"`
			Kind          string      `json:"kind"`
			Status        string      `json:"status"`
			DebtRef       string      `json:"debt_ref"`
			TotalCents    money.Cents `json:"total_cents"`
			ForgivenCents money.Cents `json:"forgiven_cents"`
			Installments  []struct {
				Number      int         `json:"number"`
				AmountCents money.Cents `json:"amount_cents"`
			} `json:"installments"`
		} `json:"plan"`
	} `json:"data"`
}

// hear takes one event.
func (h *heard) hear(body []byte) {
	var e story
	if err := json.Unmarshal(body, &e); err != nil {
		h.unread++
		return
	}
	if h.paid == nil {
		h.paid, h.apart, h.left, h.plans = book{}, map[string]money.Cents{}, map[string]balanceTold{}, map[string]planTold{}
	}
	if p := e.Data.Payment; p != nil {
		kind, moves := bookedKinds[e.Type]
		for _, a := range p.Allocations {
			if !moves {
				continue
			}
			h.paid.add(p.ID, kind, a.moved())
			h.apart[a.DebtRef] += a.HeldChangeCents
			if before := h.left[a.DebtRef]; e.Data.Sequence > before.sequence {
				h.left[a.DebtRef] = balanceTold{e.Timestamp, e.Data.Sequence, a.BalanceAfterCents}
			}
		}
	}
	if p := e.Data.Plan; p != nil && e.Data.Sequence > h.plans[p.ID].sequence {
		told := planTold{sequence: e.Data.Sequence, total: p.TotalCents, forgiven: p.ForgivenCents, installments: map[int]money.Cents{}}
		for _, i := range p.Installments {
			told.installments[i.Number] = i.AmountCents
		}
		if p.Kind == "settlement" && p.Status == "completed" {
			told.settled = p.DebtRef
		}
		h.plans[p.ID] = told
	}
}

// letGo is what the events say that is not asked for any more, by debt: the rest of
// a settlement that was paid, which the books still hold while it is provisional.
func (h *heard) letGo() map[string]money.Cents {
	all := map[string]money.Cents{}
	for _, p := range h.plans {
		if p.settled != "" {
			all[p.settled] += p.forgiven
		}
	}
	return all
}

// tell says what the events tell. What a debt's balance is after its last event
// holds only where the books said nothing else since.
func (h *heard) tell(f facts, refs []string, stated map[string]time.Time) {
	const here = "by the events"
	letGo := h.letGo()
	for _, ref := range refs {
		f.tell(aHeld+ref, here, h.apart[ref])
		if told, known := h.left[ref]; known && told.at.After(stated[ref]) {
			f.tell(aOwed+ref, here, max(0, told.amount-letGo[ref]))
		}
	}
	for id, p := range h.plans {
		f.tell(aPlanned+id, here, p.total)
		f.tell(aForgiven+id, here, p.forgiven)
	}
}
