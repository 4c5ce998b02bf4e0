package outbox

import (
	"context"
	"slices"

	"quittance/portal/claim"
)

var _ claim.Watcher = (*Recorder)(nil)

// ClaimFacts are what is told of a claim: never who said so, what they said in
// their own words, or how they can be reached (WHK-04). The system of record
// reads that where it is asked for, by the claim's id.
type ClaimFacts struct {
	ID         string   `json:"id"`
	Reference  string   `json:"reference"`
	Kind       string   `json:"kind"`
	State      string   `json:"state"`
	Status     string   `json:"status,omitempty"` // that the debts count as from now on
	Door       string   `json:"door"`             // "consumer", "link" or "record"
	ClaimedAt  string   `json:"claimed_at"`
	Until      string   `json:"until,omitempty"` // of a pause
	DebtRefs   []string `json:"debt_refs"`
	CaseNumber string   `json:"case_number,omitempty"`
	Chapter    string   `json:"chapter,omitempty"`
	// Consented is true when a represented person asked to pay here themselves
	// all the same (STS-03).
	Consented bool `json:"consented,omitempty"`
	// Interest asks for what a servicemember's law gives back (STS-04).
	Interest bool `json:"interest_review,omitempty"`
}

// ClaimMade implements claim.Watcher. Creditors hear of an identity theft, each
// of its own debts (STS-05, DSC-06), and of nothing else in a person's life.
func (r *Recorder) ClaimMade(ctx context.Context, n claim.News) error {
	if n.Effect.Event == "" || n.Claim.Kind == claim.WrongPerson && n.Claim.Door == claim.ByLink {
		return nil // the link's own event has told it
	}
	if n.Claim.Kind != claim.IdentityTheft {
		return r.claimed(ctx, n, "")
	}
	var creditors []string
	for _, d := range n.Debts {
		creditors = append(creditors, d.CreditorRef)
	}
	slices.Sort(creditors)
	for _, creditor := range slices.Compact(creditors) {
		if err := r.claimed(ctx, n, creditor); err != nil {
			return err
		}
	}
	return nil
}

// claimed tells of a claim on the debts of one creditor, or on all of them.
func (r *Recorder) claimed(ctx context.Context, n claim.News, creditor string) error {
	c := n.Claim
	f := ClaimFacts{
		ID: string(c.ID), Reference: c.Reference, Kind: string(c.Kind), State: string(c.State), Status: string(n.Effect.Status),
		Door: string(c.Door), ClaimedAt: stamp(c.CreatedAt), Until: stamp(c.Until), DebtRefs: []string{},
		CaseNumber: n.Details.CaseNumber, Chapter: n.Details.Chapter, Consented: !c.ConsentAt.IsZero(),
		Interest: c.Kind == claim.Servicemember,
	}
	if c.State == claim.Cleared {
		f.Status = "" // nothing counts as anything for it any more
	}
	for _, d := range n.Debts {
		if creditor == "" || d.CreditorRef == creditor {
			f.DebtRefs = append(f.DebtRefs, d.Ref)
		}
	}
	return r.onDebt(ctx, Type(n.Effect.Event), string(c.AccountID), creditor, Data{Claim: &f})
}
