package api

import (
	"context"
	"encoding/base64"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/dispute"
	"quittance/portal/identity"
)

// Disputes is what the API does with disputes; dispute.Service is it.
type Disputes interface {
	List(ctx context.Context, of debt.Creditors, q dispute.Query) ([]dispute.Dispute, error)
	Dispute(ctx context.Context, id dispute.ID) (dispute.Dispute, error)
	Answer(ctx context.Context, id dispute.ID, p dispute.Proof, paper *dispute.Paper) (dispute.Dispute, error)
	Close(ctx context.Context, id dispute.ID, by string) (dispute.Dispute, error)
	DisputeFiles
}

// DisputeFiles reads evidence; dispute.ErrNotFound, also for a file that may do
// harm.
type DisputeFiles interface {
	Evidence(ctx context.Context, draft string, of dispute.ID) ([]dispute.File, error)
	Read(ctx context.Context, of dispute.ID, id dispute.FileID) (dispute.File, []byte, error)
}

type disputeBody struct {
	ID                  string            `json:"id"`
	Reference           string            `json:"reference" doc:"What the consumer sees."`
	Kind                string            `json:"kind" doc:"dispute, original_creditor or complaint."`
	State               string            `json:"state" doc:"open, answered or closed. While it is open the debt is held."`
	DebtRef             string            `json:"debt_ref,omitempty"`
	CreditorRef         string            `json:"creditor_ref,omitempty"`
	Scope               string            `json:"scope,omitempty" doc:"whole, lines or amount."`
	Lines               []string          `json:"lines,omitempty" doc:"Of the scope lines: owed, interest, fees."`
	DisputedCents       int64             `json:"disputed_cents"`
	Reasons             []string          `json:"reasons,omitempty" doc:"A creditor's token sees identity_theft alone."`
	Timely              bool              `json:"timely" doc:"Within the validation period, or not known."`
	PossibleDuplicateOf string            `json:"possible_duplicate_of,omitempty"`
	OpenedAt            time.Time         `json:"opened_at"`
	AnswerBy            string            `json:"answer_by" doc:"YYYY-MM-DD."`
	SHA256              string            `json:"sha256" doc:"Of what was sent."`
	Story               *disputeStory     `json:"story,omitempty" doc:"What the consumer wrote. Not for creditors' tokens, and not in lists."`
	Files               []disputeFileBody `json:"files,omitempty" doc:"Not for creditors' tokens, and not in lists."`
	Outcome             string            `json:"outcome,omitempty" doc:"verified, duplicative, creditor_sent, in_consumers_favor, withdrawn by the consumer or replied."`
	DocumentID          string            `json:"document_id,omitempty"`
	Method              string            `json:"method,omitempty"`
	SentOn              string            `json:"sent_on,omitempty"`
	EndedAt             *time.Time        `json:"ended_at,omitempty"`
}

type disputeStory struct {
	Words       string `json:"words,omitempty"`
	PaidOn      string `json:"paid_on,omitempty"`
	PaidTo      string `json:"paid_to,omitempty"`
	SafeContact string `json:"safe_contact,omitempty" doc:"The only way in which this person may be reached."`
}

type disputeFileBody struct {
	ID     string `json:"id"`
	Type   string `json:"type" doc:"Of its content."`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
	Scan   string `json:"scan" doc:"clean, off (no scanner), pending, infected or failed. Only the first two can be fetched."`
}

type disputeList struct {
	Disputes []disputeBody `json:"disputes" doc:"The earliest due first."`
}

type answerBody struct {
	Outcome    string         `json:"outcome" enum:"verified,duplicative,creditor_sent,replied" doc:"What was sent."`
	DocumentID string         `json:"document_id" minLength:"1" maxLength:"100" doc:"Your own number of the document."`
	Method     string         `json:"method" enum:"mail,portal,email" doc:"How it was sent. The last two need the consumer's consent."`
	SentOn     string         `json:"sent_on" format:"date" doc:"YYYY-MM-DD, not later than today."`
	Document   *answerPayload `json:"document,omitempty" doc:"The document itself: a PDF or picture, for the consumer to read in the portal."`
}

type answerPayload struct {
	Name    string `json:"name" minLength:"1" maxLength:"200"`
	Content string `json:"content" doc:"Base64, up to 2.5 MB of it."`
}

// answerLimit is the largest answer in bytes, with its document in base64.
const answerLimit = 3600 << 10

func (s *server) disputeRoutes() {
	list := operation(http.MethodGet, "/api/v1/disputes", "disputes", "Disputes, requests and complaints", identity.DisputesRead)
	huma.Register(s.api, list, s.disputes)
	huma.Register(s.api, operation(http.MethodGet, "/api/v1/disputes/{id}", "dispute", "One dispute", identity.DisputesRead, http.StatusNotFound), s.dispute)
	file := operation(http.MethodGet, "/api/v1/disputes/{id}/files/{file}", "dispute-file", "A file of a dispute", identity.DisputesWrite, http.StatusNotFound)
	huma.Register(s.api, file, s.disputeFile)
	answer := operation(http.MethodPost, "/api/v1/disputes/{id}/verification", "answer-dispute", "Answer a dispute on proof", identity.DisputesWrite,
		http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusConflict)
	answer.Description = "Ends the hold. There is no other way out of it than a document that was sent, its number, how, and when."
	answer = keyed(answer)
	answer.Metadata[takesBytes], answer.Metadata[takesLong] = answerLimit, true
	huma.Register(s.api, answer, s.answerDispute)
	closing := operation(http.MethodPost, "/api/v1/disputes/{id}/closing", "close-dispute", "Close a dispute in the consumer's favor", identity.DisputesWrite,
		http.StatusNotFound, http.StatusConflict)
	closing.Description = "Done where the debt was recalled or paid, or a newer balance no longer holds what was disputed. It looks at the debt as it was placed last."
	huma.Register(s.api, keyed(closing), s.closeDispute)
}

func (s *server) disputes(ctx context.Context, in *struct {
	State string `query:"state" enum:"open,answered,closed" doc:"Empty: all."`
	After string `query:"after" doc:"Id of the last one of the page before."`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}) (*struct{ Body disputeList }, error) {
	own := caller(ctx).Creditors
	all, err := s.Disputes.List(ctx, own, dispute.Query{State: dispute.State(in.State), NoComplaints: !own.All(), After: dispute.ID(in.After), Limit: in.Limit})
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	body := disputeList{Disputes: []disputeBody{}}
	for _, d := range all {
		body.Disputes = append(body.Disputes, describeDispute(d, own))
	}
	return &struct{ Body disputeList }{body}, nil
}

// dispute tells the agency all that was written and sent, and a creditor that
// there is one (WHK-04).
func (s *server) dispute(ctx context.Context, in *struct {
	ID string `path:"id"`
}) (*struct{ Body disputeBody }, error) {
	d, err := s.ownDispute(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	body, err := s.whole(ctx, d)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	return &struct{ Body disputeBody }{body}, nil
}

func (s *server) whole(ctx context.Context, d dispute.Dispute) (disputeBody, error) {
	own := caller(ctx).Creditors
	body := describeDispute(d, own)
	if !own.All() {
		return body, nil
	}
	if err := s.Audit.Note(ctx, "read.dispute", string(d.AccountID), string(d.ID)); err != nil {
		return body, err
	}
	body.Story = &disputeStory{Words: d.Story.Words, PaidOn: d.PaidOn.String(), PaidTo: d.Story.PaidTo, SafeContact: d.Story.SafeContact}
	files, err := s.Disputes.Evidence(ctx, "", d.ID)
	for _, f := range files {
		body.Files = append(body.Files, disputeFileBody{ID: string(f.ID), Type: f.Type, Bytes: f.Size, SHA256: f.SHA256, Scan: string(f.Scan)})
	}
	return body, err
}

func (s *server) ownDispute(ctx context.Context, escaped string) (dispute.Dispute, error) {
	id, err := unescaped("dispute", escaped)
	if err != nil {
		return dispute.Dispute{}, s.fail(ctx, err)
	}
	d, err := s.Disputes.Dispute(ctx, dispute.ID(id))
	if own := caller(ctx).Creditors; err == nil && !own.All() && (!own.See(d.CreditorRef) || d.Kind == dispute.Complaint) {
		err = dispute.ErrNotFound
	}
	if err != nil {
		return d, s.fail(ctx, err)
	}
	return d, nil
}

func (s *server) disputeFile(ctx context.Context, in *struct {
	ID   string `path:"id"`
	File string `path:"file"`
}) (*struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Sniff       string `header:"X-Content-Type-Options"`
	Policy      string `header:"Content-Security-Policy"`
	Body        []byte
}, error) {
	id, err := unescaped("dispute", in.ID)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	file, err := unescaped("file", in.File)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	f, content, err := s.Disputes.Read(ctx, dispute.ID(id), dispute.FileID(file))
	if err == nil {
		err = s.Audit.Note(ctx, "read.evidence", string(f.AccountID), string(f.ID))
	}
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	return &struct {
		ContentType string `header:"Content-Type"`
		Disposition string `header:"Content-Disposition"`
		Sniff       string `header:"X-Content-Type-Options"`
		Policy      string `header:"Content-Security-Policy"`
		Body        []byte
	}{f.Type, `attachment; filename="file` + dispute.Extension(f.Type) + `"`, "nosniff", "default-src 'none'; frame-ancestors 'none'; sandbox", content}, nil
}

func (s *server) answerDispute(ctx context.Context, in *struct {
	ID   string `path:"id"`
	Body answerBody
}) (*struct{ Body disputeBody }, error) {
	d, err := s.ownDispute(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	sent, err := civil.Parse(in.Body.SentOn)
	if err != nil {
		return nil, invalid("body.sent_on", "is no day")
	}
	var paper *dispute.Paper
	if in.Body.Document != nil {
		content, err := base64.StdEncoding.DecodeString(in.Body.Document.Content)
		if err != nil {
			return nil, invalid("body.document.content", "is not base64")
		}
		paper = &dispute.Paper{Name: in.Body.Document.Name, Content: content}
	}
	d, err = s.Disputes.Answer(ctx, d.ID, dispute.Proof{
		Outcome: dispute.Outcome(in.Body.Outcome), DocumentID: in.Body.DocumentID, Method: in.Body.Method, SentOn: sent, By: "api:" + string(caller(ctx).ID),
	}, paper)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	return &struct{ Body disputeBody }{describeDispute(d, caller(ctx).Creditors)}, nil
}

func (s *server) closeDispute(ctx context.Context, in *struct {
	ID string `path:"id"`
}) (*struct{ Body disputeBody }, error) {
	d, err := s.ownDispute(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if d, err = s.Disputes.Close(ctx, d.ID, "api:"+string(caller(ctx).ID)); err != nil {
		return nil, s.fail(ctx, err)
	}
	return &struct{ Body disputeBody }{describeDispute(d, caller(ctx).Creditors)}, nil
}

func describeDispute(d dispute.Dispute, to debt.Creditors) disputeBody {
	body := disputeBody{
		ID: string(d.ID), Reference: d.Reference, Kind: string(d.Kind), State: string(d.State()), DebtRef: d.DebtRef, CreditorRef: d.CreditorRef,
		DisputedCents: int64(d.Disputed), Timely: d.Timely, PossibleDuplicateOf: string(d.Earlier), OpenedAt: d.OpenedAt,
		AnswerBy: d.AnswerBy.String(), SHA256: d.Hash,
	}
	if d.Kind == dispute.OfDebt {
		body.Scope = string(d.Scope)
	}
	if d.Scope == dispute.Lines {
		for _, l := range d.Lines {
			body.Lines = append(body.Lines, string(l))
		}
	}
	for _, r := range d.Reasons {
		if to.All() || r == dispute.IdentityTheft {
			body.Reasons = append(body.Reasons, string(r))
		}
	}
	if last, ended := d.Last(); ended {
		body.Outcome, body.DocumentID, body.Method, body.EndedAt = string(last.Outcome), last.DocumentID, last.Method, when(last.At)
		body.SentOn = last.SentOn.String()
	}
	return body
}
