package app

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"quittance/plans/civil"
	"quittance/portal/audit"
	"quittance/portal/chain"
	"quittance/portal/debt"
	"quittance/portal/evidence"
	"quittance/portal/gate"
	"quittance/portal/pack"
	"quittance/portal/store"
)

// keepEvidence keeps what each person saw, with what was decided for it.
func (p *Portal) keepEvidence() *evidence.Keeper {
	return &evidence.Keeper{Store: p.Store, Now: p.in.Now, Build: Release + " " + Source(), Rules: p.rulesInForce}
}

// rulesInForce is one stamp of all compliance packs that hold on the day;
// `portal packs` lists them.
func (p *Portal) rulesInForce(now time.Time) string {
	sum := sha256.New()
	for one := range p.places.Book.On(pack.Day(civil.Of(now))) {
		fmt.Fprintln(sum, one.Stamp())
	}
	return fmt.Sprintf("packs %x", sum.Sum(nil)[:8])
}

// deciding is the store for the gate: what it decides stands with the page.
type deciding struct{ *store.Store }

// KeepDecisions implements gate.Records.
func (d deciding) KeepDecisions(ctx context.Context, kept []gate.Kept) error {
	for _, k := range kept {
		evidence.Decided(ctx, fmt.Sprintf("%s %s %s allowed=%t %s %s", k.Action, k.DebtID, k.Status, k.Decision.Allowed, k.Decision.Reason,
			strings.Join(k.Decision.RuleIDs, ",")))
	}
	return d.Store.KeepDecisions(ctx, kept)
}

// Link is a job: it links what was written to the chains.
func (p *Portal) Link(ctx context.Context) (int, error) {
	linked := 0
	for _, name := range chain.Names {
		n, err := (&chain.Linker{Tx: p.Store, Store: p.Store, Name: name, Key: p.ChainKey()}).Run(ctx)
		if err != nil {
			return linked, err
		}
		linked += n
	}
	return linked, nil
}

// Accounts are read through it by whoever looks at other people's accounts.
func (p *Portal) Accounts() looked { return looked{p.Store, p.Audit} }

// looked is the store for those who look at other people's accounts: each look
// is written down before anything is shown (SEC-09).
type looked struct {
	*store.Store
	audit *audit.Log
}

// Account loads an account for staff or a program.
func (l looked) Account(ctx context.Context, id debt.AccountID) (debt.Account, error) {
	a, err := l.Store.Account(ctx, id)
	if err == nil && !audit.IsSeen(ctx) {
		err = l.audit.Note(ctx, audit.Reading+"account", string(a.ID), "")
	}
	return a, err
}

// AccountByRef finds an account for staff or a program.
func (l looked) AccountByRef(ctx context.Context, ref string) (debt.Account, bool, error) {
	a, found, err := l.Store.AccountByRef(ctx, ref)
	if err == nil && found {
		err = l.audit.Note(ctx, audit.Reading+"account", string(a.ID), "")
	}
	return a, found, err
}

// FindAccounts finds accounts for staff.
func (l looked) FindAccounts(ctx context.Context, query string, limit int) ([]debt.Account, error) {
	found, err := l.Store.FindAccounts(ctx, query, limit)
	for _, a := range found {
		if err == nil {
			err = l.audit.Note(ctx, audit.Reading+"account", string(a.ID), "")
		}
	}
	return found, err
}
