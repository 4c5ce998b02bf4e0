package console

import (
	"context"
	"net/http"
	"slices"
	"time"

	"quittance/frontend/pages/console"
	"quittance/portal/claim"
	"quittance/portal/dispute"
	"quittance/portal/identity"
	"quittance/portal/web"
)

// Claims reads what people said of their lives; package claim's service does.
type Claims interface {
	Newest(ctx context.Context, openOnly bool, limit int) ([]claim.Claim, error)
	Said(ctx context.Context, id claim.ID) (claim.Details, error)
}

// mostClaims is how many of the queue are listed.
const mostClaims = 200

// takenBackFor is how long the queue shows that a death was taken back.
const takenBackFor = 30 * 24 * time.Hour

// claims is the queue of what waits for the system of record, the oldest first.
// Nothing can be confirmed or cleared here (rules.md O).
func (p *Pages) claims(r *web.Request, who identity.Staff) error {
	page := console.Claims{Base: base(r, who)}
	waiting, err := p.Claims.Newest(r.Context(), true, mostClaims)
	if err != nil {
		return err
	}
	lately, err := p.Claims.Newest(r.Context(), false, mostClaims)
	if err != nil {
		return err
	}
	for _, c := range lately { // nobody of the agency looked when it was taken back
		if c.TakenBack() && p.Now().Sub(c.DecidedAt) < takenBackFor {
			waiting = append(waiting, c)
		}
	}
	slices.Reverse(waiting)
	for _, c := range waiting {
		line, err := p.claimLine(r.Context(), c)
		if err != nil {
			return err
		}
		page.Claims = append(page.Claims, line)
	}
	return r.Page(http.StatusOK, page)
}

func (p *Pages) claimLine(ctx context.Context, c claim.Claim) (console.Claim, error) {
	account, err := p.Accounts.Account(ctx, c.AccountID)
	if err != nil {
		return console.Claim{}, err
	}
	said, err := p.Claims.Said(ctx, c.ID)
	line := console.Claim{
		ID: string(c.ID), AccountID: string(c.AccountID), AccountRef: account.Ref, Reference: c.Reference, Kind: string(c.Kind), ByLink: c.Door == claim.ByLink,
		At: c.CreatedAt.In(p.Zone), Days: int(p.Now().Sub(c.CreatedAt).Hours()) / 24,
		Links: c.Stopped.Links, Plans: c.Stopped.Plans, Messages: c.Stopped.Messages,
		Name: said.Name, Relation: said.Relation, Phone: said.Phone, LawyersEmail: said.Email, CaseNumber: said.CaseNumber,
	}
	if c.TakenBack() {
		line.TakenBack = c.DecidedAt.In(p.Zone)
	}
	if !c.Until.IsZero() {
		line.Until = c.Until.In(p.Zone)
	}
	if err != nil {
		return line, err
	}
	files, err := p.Disputes.ClaimPapers(ctx, c.ID)
	line.Files = fileLines(files)
	return line, err
}

// claimFile hands a file of a claim out as a download, like one of a dispute.
func (p *Pages) claimFile(r *web.Request, who identity.Staff) error {
	f, content, err := p.Disputes.ReadClaimPaper(r.Context(), claim.ID(r.Param("id")), dispute.FileID(r.Param("file")))
	if err != nil {
		return noDispute(err)
	}
	return p.handOut(r, who, f, content)
}
