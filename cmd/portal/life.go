package main

import (
	"context"
	"crypto/rand"

	"quittance/portal/claim"
	"quittance/portal/identity"
)

// wireClaims lets what people say of their own lives stop what it must: holds
// tell the plans, and the system of record is told in the same transaction.
func (p *portal) wireClaims() error {
	p.claims = &claim.Service{
		Tx: p.store, Store: p.store, Lists: p.store, Going: p.store, Accounts: p.store, Holds: p.holds, Links: p.links,
		Addresses: p.links.Book, Sealer: p.box, Watchers: []claim.Watcher{p.recorder}, Now: p.in.now,
		NewID:     func() (claim.ID, string) { return claim.ID("clm_" + rand.Text()), "CLM-" + readable() },
		NewReport: func() string { return "clr_" + rand.Text() },
	}
	p.links.Watchers = append(p.links.Watchers, strangers{p.claims})
	p.keeper.Consents = p.store
	return nil
}

// strangers puts a wrong person who said so by a link before the collectors.
type strangers struct{ claims *claim.Service }

// IdentityChanged implements identity.Watcher.
func (s strangers) IdentityChanged(ctx context.Context, c identity.Change) error {
	if c.Kind != identity.WrongPartyReported {
		return nil
	}
	return s.claims.Stranger(ctx, c.AccountID, "link:"+string(c.LinkID))
}
