package app

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"quittance/payments"
	"quittance/plans"
	"quittance/portal/claim"
	"quittance/portal/debt"
	"quittance/portal/hold"
	"quittance/portal/identity"
	"quittance/portal/intake"
	"quittance/portal/store"
)

// stopPlans lets plans rest, end or ask for less when their debts stand
// otherwise than before: a hold was opened or closed on one, or a placement says
// so.
type stopPlans struct{ plans *plans.Service }

var (
	_ hold.Watcher   = stopPlans{}
	_ intake.Watcher = stopPlans{}
)

// HoldsChanged implements hold.Watcher.
func (s stopPlans) HoldsChanged(ctx context.Context, c hold.Change) error {
	return s.plans.AccountsChanged(ctx, string(c.AccountID))
}

// DebtsPlaced implements intake.Watcher.
func (s stopPlans) DebtsPlaced(ctx context.Context, p intake.Placed) error {
	return again(s.plans.AccountsChanged(ctx, accountsOf(p)...))
}

// openPayments raises doubts about payments that are open at the processor, or
// here, where their debts stand otherwise than when they were begun; the job that
// sweeps payments asks the gate again and takes back what may not be paid any
// more.
type openPayments struct{ payments *payments.Service }

var (
	_ hold.Watcher     = openPayments{}
	_ intake.Watcher   = openPayments{}
	_ payments.Watcher = openPayments{}
	_ plans.Watcher    = openPayments{}
)

// HoldsChanged implements hold.Watcher.
func (o openPayments) HoldsChanged(ctx context.Context, c hold.Change) error {
	return o.payments.Doubt(ctx, string(c.AccountID))
}

// DebtsPlaced implements intake.Watcher.
func (o openPayments) DebtsPlaced(ctx context.Context, p intake.Placed) error {
	return again(o.payments.Doubt(ctx, accountsOf(p)...))
}

// PaymentChanged implements payments.Watcher: what a bank had taken back counts
// again, and somebody may be about to pay it a second time.
func (o openPayments) PaymentChanged(ctx context.Context, c payments.Change) error {
	if !slices.Contains(c.News, payments.NewsReinstated) {
		return nil
	}
	return o.payments.Doubt(ctx, c.After.AccountID)
}

// PlanChanged implements plans.Watcher: where a deal to pay less was kept the rest
// is let go, and may be paid by nobody.
func (o openPayments) PlanChanged(ctx context.Context, c plans.Change) error {
	if c.After.Kind != plans.Settlement || !slices.Contains(c.News, plans.NewsCompleted) {
		return nil
	}
	return o.payments.Doubt(ctx, c.After.AccountID)
}

// endLinks ends texted links to an account when a placement says of one of its
// debts what ends them when a person says it (STS-01 ... STS-06).
type endLinks struct{ links *identity.Links }

var _ intake.Watcher = endLinks{}

// DebtsPlaced implements intake.Watcher.
func (e endLinks) DebtsPlaced(ctx context.Context, p intake.Placed) error {
	ended := map[debt.AccountID]bool{}
	for _, t := range p.Debts {
		id := t.After.AccountID
		if !t.Matters() || t.Before.Status == t.After.Status || ended[id] || !claim.EndsLinks(t.After.Status) {
			continue
		}
		ended[id] = true
		if err := e.links.RevokeAll(ctx, id); err != nil {
			return again(err)
		}
	}
	return nil
}

// accountsOf names the accounts whose plans, payments and papers a placement may
// concern.
func accountsOf(p intake.Placed) []string {
	var ids []string
	for _, id := range p.Accounts() {
		ids = append(ids, string(id))
	}
	return ids
}

// again lets a batch be decided again when something else was in its way.
func again(err error) error {
	if store.Retryable(err) || errors.Is(err, plans.ErrStale) {
		return fmt.Errorf("%w: %w", intake.ErrConflict, err)
	}
	return err
}
