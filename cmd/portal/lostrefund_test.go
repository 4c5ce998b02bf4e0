package main

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"testing"

	"quittance/payments"
	"quittance/payments/sandbox"
	"quittance/portal/held"
	"quittance/portal/store/storetest"
)

// dying dies once as the processor has answered.
type dying struct {
	held.Payments
	dead bool
}

func (d *dying) Refund(ctx context.Context, id payments.ID, b payments.Back) (payments.Payment, error) {
	p, err := d.Payments.Refund(ctx, id, b)
	if d.dead {
		return p, err
	}
	d.dead = true
	return p, errors.New("killed")
}

// TestSTR13_ARefundWhoseAnswerIsNotKnownIsFoundOut sends held money of a bank payment
// back at once; the order is lost, or its answer is, or the process dies over it.
// Nobody has to press again: the job asks under the same key, and the money goes
// back once.
func TestSTR13_ARefundWhoseAnswerIsNotKnownIsFoundOut(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]func(c *clearing){
		"the order is lost":  func(c *clearing) { c.Processor.FailNext(1, sandbox.ModeError) },
		"the answer is lost": func(c *clearing) { c.Processor.FailNext(1, sandbox.ModeErrorAfter) },
		"we die":             func(c *clearing) { c.Portal.Held.Payments = &dying{Payments: c.Portal.Held.Payments} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.EachURL(t, func(t *testing.T, database string) {
				r := rehearseStill(t, database)
				c := &clearing{rehearsal: r, t: t, first: r.Clock.Now(), version: 1, paid: map[string]payments.Payment{}}
				c.send("A-1006")
				c.restate(map[string]string{"A-1006": "recalled"})
				c.moves(t, 7)
				desk := c.finance()
				desk.get("/console/held")
				fault(c)
				desk.decidesHeld(url.Values{
					"payment": {string(c.paid["A-1006"].ID)}, "debt": {c.paid["A-1006"].Allocations[0].DebtID}, "do": {"now"}, "risk": {"yes"},
				})
				for range 3 {
					c.runs(t, "held money")
				}
				var refunds struct{ Data []struct{ Amount int64 } }
				c.atProcessor(t, http.MethodGet, "/v1/refunds?payment_intent="+c.paid["A-1006"].IntentID, nil, &refunds)
				if len(refunds.Data) != 1 || refunds.Data[0].Amount != int64(sent) {
					t.Errorf("the processor gives back %+v", refunds.Data)
				}
				c.moves(t, 8)
				if left := must(c.Portal.Held.List(t.Context(), 10)); len(left) != 0 {
					t.Errorf("held: %+v", left)
				}
				if p, _ := c.now("A-1006"); p.Status != payments.Refunded || p.Refunded != sent {
					t.Errorf("%s, %s given back", p.Status, p.Refunded)
				}
			})
		})
	}
}
