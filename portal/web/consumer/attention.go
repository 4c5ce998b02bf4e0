package consumer

import (
	"slices"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/payments"
	"quittance/plans/civil"
	"quittance/portal/debt"
)

// attention is what happened to money without the person's doing and is not over:
// what came back and was not paid since, a payment of a plan that did not work,
// a card that ends, what is held, and what goes back to them.
func (v view) attention(debts []consumer.AccountDebt) []consumer.Attention {
	var back, failed, cards, apart, credits []consumer.Attention
	for _, d := range debts {
		if p, what := v.cameBack(debt.ID(d.ID)); what != "" {
			back = append(back, consumer.Attention{What: what, On: v.dayOf(p.ClosedAt), Path: paths.Payment(string(p.ID))})
		}
		if d.Plan != nil && d.Plan.Failed {
			failed = append(failed, consumer.Attention{What: consumer.AttentionFailed, Path: paths.Plan(d.Plan.PlanID)})
		}
		if d.Plan != nil && !d.Plan.CardEnds.IsZero() {
			what := consumer.AttentionCardEnds
			if d.Plan.CardOver {
				what = consumer.AttentionCardOver
			}
			cards = append(cards, consumer.Attention{What: what, On: d.Plan.CardEnds, Path: paths.Plan(d.Plan.PlanID)})
		}
		if d.Credit.Amount > 0 {
			credits = append(credits, consumer.Attention{What: consumer.AttentionCredit, Path: paths.Debt(d.ID)})
		}
		for _, p := range v.payments {
			if heldFor(p, d.ID) {
				apart = append(apart, consumer.Attention{What: consumer.AttentionHeld, Path: paths.Payment(string(p.ID))})
			}
		}
	}
	return once(slices.Concat(back, failed, cards, apart, credits))
}

// cameBack is the newest payment of a debt where it came back, and how.
func (v view) cameBack(id debt.ID) (payments.Payment, consumer.AttentionKind) {
	if day, _ := v.returnedOn(id); day == (civil.Date{}) {
		return payments.Payment{}, ""
	}
	for _, p := range v.payments {
		switch {
		case allocated(p, id) == 0:
		case chargedBack(p) && p.WithdrawnOf(string(id)) > 0:
			return p, consumer.AttentionChargedBack
		case sentBack(p):
			return p, consumer.AttentionReturned
		}
	}
	return payments.Payment{}, ""
}

// heldFor reports whether money of a payment is held for a debt now.
func heldFor(p payments.Payment, id string) bool {
	shares := p.Shares()
	for i, a := range p.Allocations {
		if a.DebtID == id && a.Held != "" && shares[i] > 0 && (p.Status == payments.Held || p.Status == payments.Confirmed) {
			return true
		}
	}
	return false
}

// once leaves out what a payment of several debts would say twice.
func once(all []consumer.Attention) (kept []consumer.Attention) {
	for _, a := range all {
		if !slices.Contains(kept, a) {
			kept = append(kept, a)
		}
	}
	return kept
}
