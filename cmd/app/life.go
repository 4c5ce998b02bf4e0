package app

import (
	"context"
	"crypto/rand"

	"quittance/plans/civil"
	"quittance/portal/claim"
	"quittance/portal/identity"
	"quittance/portal/outbox"
)

// wireClaims lets what people say of their own lives stop what it must: holds
// tell the plans, and the system of record is told in the same transaction.
func (p *Portal) wireClaims() error {
	*p.Claims = claim.Service{
		Tx: p.Store, Store: p.Store, Lists: p.Store, Going: p.Store, Accounts: p.Store, Holds: p.holds, Links: p.Links,
		Addresses: p.Links.Book, Sealer: p.Box, Watchers: p.follows.claims, Now: p.in.Now,
		NewID:     func() (claim.ID, string) { return claim.ID("clm_" + rand.Text()), "CLM-" + readable() },
		NewReport: func() string { return "clr_" + rand.Text() },
	}
	return nil
}

// condolences ask for a letter to the address on file where somebody told us by a
// link of a death: nobody knows who it was, and the person may live.
type condolences struct{ *Portal }

// ClaimMade implements claim.Watcher.
func (c condolences) ClaimMade(ctx context.Context, n claim.News) error {
	if !n.Claim.Doubted() {
		return nil
	}
	by := civil.Of(c.in.Now()).AddDays(letterDays).String()
	_, err := c.recorder.MailRequired(ctx, outbox.About{AccountID: string(n.Claim.AccountID)}, outbox.NoticeFacts{
		Kind: outbox.DeathReportedNotice, Due: by, NoticeBy: by, Reference: n.Claim.Reference,
	})
	return err
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
