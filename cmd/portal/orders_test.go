package main

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/payments/sandbox"
	"quittance/portal/debt"
	"quittance/portal/outbox"
	"quittance/portal/store/storetest"
)

// atOnce lets the processor hear of an order when another arrives, or when the
// other was answered without it.
type atOnce struct {
	payments.Refunder
	arrived  atomic.Int64
	both     chan struct{}
	answered chan struct{}
}

func (a *atOnce) Refund(ctx context.Context, p payments.Payment, b payments.Back) (payments.Truth, error) {
	if a.arrived.Add(1) == 2 {
		close(a.both)
	}
	select {
	case <-a.both:
	case <-a.answered:
	case <-time.After(30 * time.Second):
	}
	return a.Refunder.Refund(ctx, p, b)
}

// refunds presses "Send back" on the page of a payment.
func (a *agent) refunds(p payments.Payment, key, amount string) (int, string) {
	of := p.Allocations[0].DebtID
	return a.do(http.MethodPost, "/console/refunds", values("reference", p.Reference, "debt", of, "key", key, "amount-"+of, amount))
}

// ordered is what became of a payment's orders.
func (r *rehearsal) ordered(t *testing.T, p payments.Payment) (states []payments.OrderState) {
	t.Helper()
	all, err := r.Portal.Store.RefundOrders(t.Context(), p.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range all {
		states = append(states, o.State)
	}
	return states
}

// TestSTR13_TwoOrdersAtOneMomentGiveBackNoMoreThanStands lets two people of finance
// send most of the same money back, each by a form of their own, at one moment. One
// order is kept and the processor hears of it; the other is refused by us.
func TestSTR13_TwoOrdersAtOneMomentGiveBackNoMoreThanStands(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		r := rehearse(t, database)
		paid, err := r.paysOver(t, "A-1001", "key-1", payments.Card, "pm_card_visa", 50_00, 40_00)
		if err != nil {
			t.Fatal(err)
		}
		gate := &atOnce{Refunder: r.Portal.Payments.Refunds, both: make(chan struct{}), answered: make(chan struct{})}
		r.Portal.Payments.Refunds = gate
		desks := []*agent{r.finance(t), r.finance(t)}
		statuses := make([]int, len(desks))
		var done sync.WaitGroup
		for i, desk := range desks {
			desk.get("/console/refunds?reference=" + paid.Reference)
			done.Go(func() {
				statuses[i], _ = desk.refunds(paid, []string{"one", "two"}[i], "40.00")
				if statuses[i] == http.StatusUnprocessableEntity {
					close(gate.answered)
				}
			})
		}
		done.Wait()
		if statuses[0]+statuses[1] != http.StatusSeeOther+http.StatusUnprocessableEntity || gate.arrived.Load() != 1 {
			t.Errorf("answered %v, the processor heard %d orders", statuses, gate.arrived.Load())
		}
		r.moves(t, 1)
		if p, err := r.Portal.Store.Payment(t.Context(), paid.ID); err != nil || p.Refunded != 40_00 || p.Ordered() != 0 {
			t.Errorf("%s went back, %s is on its way, %v", p.Refunded, p.Ordered(), err)
		}
		if states := r.ordered(t, paid); len(states) != 1 || states[0] != payments.OrderDone {
			t.Errorf("orders %v", states)
		}
		r.balanced(t)
	})
}

// killed dies as an order is given, or once it was.
type killed struct {
	payments.Refunder
	after bool
	dead  bool
}

func (k *killed) Refund(ctx context.Context, p payments.Payment, b payments.Back) (t payments.Truth, err error) {
	if k.dead {
		return k.Refunder.Refund(ctx, p, b)
	}
	if k.dead = true; k.after {
		_, err = k.Refunder.Refund(ctx, p, b)
	}
	return payments.Truth{}, errors.Join(err, errors.New("killed"))
}

// TestSTR13_AnOrderOfTheConsoleIsFoundOut sends some of a bank payment back: the
// order is lost, or its answer is, or the process dies before or after it. Nobody
// presses again; meanwhile nobody can order the same money once more. It goes back
// once.
func TestSTR13_AnOrderOfTheConsoleIsFoundOut(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]func(r *rehearsal){
		"the order is lost":  func(r *rehearsal) { r.Processor.FailNextOn("/v1/refunds", 1, sandbox.ModeError) },
		"the answer is lost": func(r *rehearsal) { r.Processor.FailNextOn("/v1/refunds", 20, sandbox.ModeErrorAfter) },
		"we die before it":   func(r *rehearsal) { r.Portal.Payments.Refunds = &killed{Refunder: r.Portal.Payments.Refunds} },
		"we die after it is in": func(r *rehearsal) {
			r.Portal.Payments.Refunds = &killed{Refunder: r.Portal.Payments.Refunds, after: true}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.EachURL(t, func(t *testing.T, database string) {
				r := rehearseStill(t, database)
				paid, err := r.paysOver(t, "A-1001", "key-1", payments.BankAccount, "pm_usBankAccount_success", 50_00, 40_00)
				if err != nil {
					t.Fatal(err)
				}
				r.moves(t, 7)
				fin := r.finance(t)
				fin.get("/console/refunds?reference=" + paid.Reference)
				fault(r)
				fin.refunds(paid, "one", "40.00")
				r.Processor.ClearFaults()
				if states := r.ordered(t, paid); len(states) != 1 || states[0] != payments.OrderOpen {
					t.Fatalf("orders %v", states)
				}
				fin.get("/console/refunds?reference=" + paid.Reference)
				if status, page := fin.refunds(paid, "two", "40.00"); status != http.StatusUnprocessableEntity {
					t.Errorf("the same money again: %d %s", status, textOf(page))
				}
				r.moves(t, 14)
				var refunds struct{ Data []struct{ Amount int64 } }
				r.atProcessor(t, http.MethodGet, "/v1/refunds?payment_intent="+paid.IntentID, nil, &refunds)
				if len(refunds.Data) != 1 || refunds.Data[0].Amount != 40_00 {
					t.Errorf("the processor gives back %+v", refunds.Data)
				}
				if p, err := r.Portal.Store.Payment(t.Context(), paid.ID); err != nil || p.Refunded != 40_00 || p.Ordered() != 0 {
					t.Errorf("%s went back, %s is on its way, %v", p.Refunded, p.Ordered(), err)
				}
				if states := r.ordered(t, paid); len(states) != 1 || states[0] != payments.OrderDone {
					t.Errorf("orders %v", states)
				}
				r.balanced(t)
			})
		})
	}
}

// TestSTR13_ARefundThatFailsLaterIsOnTheListAgain sends a credit back to a card that
// is closed by then: the processor says that it is done, and a day later that it is
// not. Each book takes it back, finance is told and sends it another way.
func TestSTR13_ARefundThatFailsLaterIsOnTheListAgain(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		r := rehearse(t, database)
		paid, err := r.Pay(t.Context(), "A-1002", "key-1", 482_17, payments.Card, "pm_card_refundFail")
		if err != nil {
			t.Fatal(err)
		}
		r.owe(t, "A-1002", 2, 332_17, debt.Active)
		fin := r.finance(t)
		if status, page := fin.presses(fin.waits(), "refund"); status != http.StatusSeeOther {
			t.Fatalf("%d %s", status, textOf(page))
		}
		id, _, err := r.FirstDebt(t.Context(), "A-1002")
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		if sent := r.told(t, id, outbox.PaymentRefunded); len(sent) != 1 || sent[0].Payment.Allocations[0].ChangeCents != 150_00 {
			t.Fatalf("sent back: %+v", sent)
		}
		fin.sees("crd_", false)
		r.moves(t, 4)
		if p, err := r.Portal.Store.Payment(t.Context(), paid.ID); err != nil || p.Status != payments.Confirmed || p.Refunded != 0 || p.Ordered() != 0 {
			t.Errorf("the payment is %s, %s went back and %s is on its way, %v", p.Status, p.Refunded, p.Ordered(), err)
		}
		if states := r.ordered(t, paid); len(states) != 1 || states[0] != payments.OrderFailed {
			t.Errorf("orders %v", states)
		}
		if owed, credit := r.standsAt(t, "A-1002"); owed != -150_00 || credit != 150_00 {
			t.Errorf("owed %s, a credit of %s", owed, credit)
		}
		if again := r.told(t, id, outbox.PaymentReinstated); len(again) != 1 || again[0].Payment.Allocations[0].ChangeCents != -150_00 {
			t.Errorf("the system of record is told %+v", again)
		}
		fin = r.finance(t)
		if _, page := fin.get("/console/alerts"); strings.Count(page, "Money sent back did not get there") != 1 {
			t.Errorf("finance is not told: %s", textOf(page))
		}
		if status, page := fin.presses(fin.waits(), "elsewhere"); status != http.StatusSeeOther {
			t.Errorf("%d %s", status, textOf(page))
		}
		r.visitor(t, "A-1002").says(t, "/account", "You do not owe us anything.")
		r.balanced(t)
	})
}

// TestSTR13_AnOrderThatIsRefusedWhenNobodyLooksRings: the console's answer was lost,
// and the processor takes the order no more when it is told of it again.
func TestSTR13_AnOrderThatIsRefusedWhenNobodyLooksRings(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		r := rehearseStill(t, database)
		paid, err := r.paysOver(t, "A-1001", "key-1", payments.Card, "pm_card_visa", 50_00, 40_00)
		if err != nil {
			t.Fatal(err)
		}
		fin := r.finance(t)
		fin.get("/console/refunds?reference=" + paid.Reference)
		r.Portal.Payments.Refunds = &refuses{Refunder: r.Portal.Payments.Refunds}
		fin.refunds(paid, "one", "40.00")
		r.moves(t, 14)
		if states := r.ordered(t, paid); len(states) != 1 || states[0] != payments.OrderRefused {
			t.Fatalf("orders %v", states)
		}
		fin = r.finance(t)
		if _, page := fin.get("/console/alerts"); strings.Count(page, "Money sent back did not get there") != 1 || !strings.Contains(page, "refused") {
			t.Errorf("finance is not told: %s", textOf(page))
		}
		r.balanced(t)
	})
}

// refuses loses the first order on its way, and takes none after it.
type refuses struct {
	payments.Refunder
	asked bool
}

func (f *refuses) Refund(context.Context, payments.Payment, payments.Back) (payments.Truth, error) {
	if f.asked {
		return payments.Truth{}, payments.ErrRefused
	}
	f.asked = true
	return payments.Truth{}, payments.ErrUnknownOutcome
}

// TestSTR13_AnOrderOfACreditThatIsRefusedIsOrderedAnew: the processor takes the first
// order of a credit not, or we die over it. What was refused is pressed again, also
// when it is another amount by then; what we died over goes back by itself, and nobody
// can press for it meanwhile. It goes back once.
func TestSTR13_AnOrderOfACreditThatIsRefusedIsOrderedAnew(t *testing.T) {
	t.Parallel()
	for name, way := range map[string]struct {
		first   func(payments.Refunder) payments.Refunder
		refused bool
	}{
		"refused":               {func(to payments.Refunder) payments.Refunder { return &refusesOnce{Refunder: to} }, true},
		"we die before it":      {func(to payments.Refunder) payments.Refunder { return &killed{Refunder: to} }, false},
		"we die after it is in": {func(to payments.Refunder) payments.Refunder { return &killed{Refunder: to, after: true} }, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.EachURL(t, func(t *testing.T, database string) {
				r := rehearseStill(t, database)
				paid, err := r.Pay(t.Context(), "A-1002", "key-1", 482_17, payments.Card, "pm_card_visa")
				if err != nil {
					t.Fatal(err)
				}
				r.owe(t, "A-1002", 2, 332_17, debt.Active)
				fin := r.finance(t)
				r.Portal.Payments.Refunds = way.first(r.Portal.Payments.Refunds)
				status, page := fin.presses(fin.waits(), "refund")
				if way.refused && status != http.StatusUnprocessableEntity {
					t.Fatalf("refused: %d %s", status, textOf(page))
				}
				want := money.Cents(150_00)
				if way.refused {
					r.owe(t, "A-1002", 3, 312_17, debt.Active)
					want = 170_00
					if status, page = fin.presses(fin.waits(), "refund"); status != http.StatusSeeOther {
						t.Fatalf("pressed again: %d %s", status, textOf(page))
					}
				} else {
					fin.sees("$150.00 is on its way back", true)
				}
				r.moves(t, 2)
				var refunds struct{ Data []struct{ Amount int64 } }
				r.atProcessor(t, http.MethodGet, "/v1/refunds?payment_intent="+paid.IntentID, nil, &refunds)
				if len(refunds.Data) != 1 || refunds.Data[0].Amount != int64(want) {
					t.Errorf("the processor gives back %+v, want %s", refunds.Data, want)
				}
				if owed, credit := r.standsAt(t, "A-1002"); owed != 0 || credit != 0 {
					t.Errorf("afterwards: owed %s, a credit of %s", owed, credit)
				}
				r.balanced(t)
			})
		})
	}
}

// refusesOnce takes the first order not.
type refusesOnce struct {
	payments.Refunder
	asked bool
}

func (f *refusesOnce) Refund(ctx context.Context, p payments.Payment, b payments.Back) (payments.Truth, error) {
	if !f.asked {
		f.asked = true
		return payments.Truth{}, payments.ErrRefused
	}
	return f.Refunder.Refund(ctx, p, b)
}
