package outbox

import (
	"context"
	"fmt"
	"slices"

	"quittance/payments/money"
	"quittance/portal/claim"
	"quittance/portal/debt"
	"quittance/portal/dispute"
)

var _ dispute.Watcher = (*Recorder)(nil)

// DisputeFacts are what is told of a dispute or of a request: never what the
// consumer wrote, which is asked for by the API (WHK-04). Days are YYYY-MM-DD.
type DisputeFacts struct {
	ID                  string            `json:"id"`
	Reference           string            `json:"reference"`
	DebtRef             string            `json:"debt_ref"`
	CreditorRef         string            `json:"creditor_ref"`
	By                  string            `json:"by,omitempty"` // role of who sent it for the consumer
	Scope               string            `json:"scope,omitempty"`
	Lines               []string          `json:"lines,omitempty"`
	DisputedCents       *money.Cents      `json:"disputed_cents,omitempty"`
	Reasons             []string          `json:"reasons,omitempty"`
	Timely              *bool             `json:"timely,omitempty"`
	PossibleDuplicateOf string            `json:"possible_duplicate_of,omitempty"`
	Files               *int              `json:"files,omitempty"`
	AnswerBy            string            `json:"answer_by,omitempty"`
	SHA256              string            `json:"sha256,omitempty"`
	File                *DisputeFileFacts `json:"file,omitempty"`
	Outcome             string            `json:"outcome,omitempty"`
	DocumentID          string            `json:"document_id,omitempty"`
	Method              string            `json:"method,omitempty"`
	SentOn              string            `json:"sent_on,omitempty"`
}

// DisputeFileFacts name a file, by its content and never by its name.
type DisputeFileFacts struct {
	ID     string `json:"id"`
	Type   string `json:"type"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// forCreditor leaves out who sent it, and why, but for a name that was used by somebody else,
// which the creditor has to know (STS-05).
func (f DisputeFacts) forCreditor() DisputeFacts {
	f.Reasons = slices.DeleteFunc(slices.Clone(f.Reasons), func(r string) bool { return r != string(dispute.IdentityTheft) })
	if len(f.Reasons) == 0 {
		f.Reasons = nil
	}
	f.By = ""
	return f
}

// DisputeChanged implements dispute.Watcher. A complaint is a message like any
// other; a name that was used by somebody else is also told as a claim (STS-05).
func (r *Recorder) DisputeChanged(ctx context.Context, c dispute.Change) error {
	if c.Dispute.Kind == dispute.Complaint {
		if c.News != dispute.Opened {
			return nil
		}
		return r.MessageReceived(ctx, string(c.Dispute.AccountID), ReceivedFacts{ID: string(c.Dispute.ID), Via: "complaint"})
	}
	d := c.Dispute
	f := DisputeFacts{ID: string(d.ID), Reference: d.Reference, DebtRef: d.DebtRef, CreditorRef: d.CreditorRef, By: string(d.By)}
	t := DisputeOpened
	switch c.News {
	case dispute.Opened:
		f.AnswerBy, f.SHA256 = d.AnswerBy.String(), d.Hash
		if d.Kind == dispute.Creditor {
			t = CreditorRequested
			break
		}
		f.Scope, f.DisputedCents, f.Timely, f.Files, f.PossibleDuplicateOf = string(d.Scope), &d.Disputed, &d.Timely, &c.Files, string(d.Earlier)
		if d.Scope == dispute.Lines {
			f.Lines = texts(d.Lines)
		}
		f.Reasons = texts(d.Reasons)
	case dispute.EvidenceAdded:
		t, f.File = DisputeEvidenceAdded, &DisputeFileFacts{ID: string(c.File.ID), Type: c.File.Type, Bytes: c.File.Size, SHA256: c.File.SHA256}
	case dispute.Ended:
		last, _ := d.Last()
		t, f.Outcome, f.DocumentID, f.Method, f.SentOn = DisputeClosed, string(last.Outcome), last.DocumentID, last.Method, last.SentOn.String()
	}
	if err := r.onDebt(ctx, t, string(d.AccountID), d.CreditorRef, Data{Dispute: &f}); err != nil {
		return fmt.Errorf("event %s of dispute %s: %w", t, d.ID, err)
	}
	if t == DisputeOpened && d.Has(dispute.IdentityTheft) {
		return r.stolen(ctx, d)
	}
	return nil
}

// stolen tells the system of record and the creditor of the debt at once.
func (r *Recorder) stolen(ctx context.Context, d dispute.Dispute) error {
	f := ClaimFacts{
		ID: string(d.ID), Reference: d.Reference, Kind: string(claim.IdentityTheft), State: string(claim.Claimed), Status: string(debt.IdentityTheft),
		Door: string(claim.ByConsumer), ClaimedAt: stamp(d.OpenedAt), DebtRefs: []string{d.DebtRef},
	}
	return r.onDebt(ctx, StatusClaimed, string(d.AccountID), d.CreditorRef, Data{Claim: &f})
}

func texts[T ~string](list []T) []string {
	var all []string
	for _, one := range list {
		all = append(all, string(one))
	}
	return all
}
