package console

import (
	"context"
	"io"
	"time"

	"quittance/frontend/locale"
	"quittance/payments/money"
	"quittance/plans/civil"
)

// Disputes is the queue of what consumers sent and nobody has answered yet, the
// earliest due first.
type Disputes struct {
	Base
	Lines []DisputeLine
}

// DisputeLine is one of them.
type DisputeLine struct {
	ID, Reference, DebtRef string
	Kind                   string // "dispute", "original_creditor" or "complaint"
	Disputed               money.Cents
	Whole                  bool
	Opened                 time.Time
	Due                    civil.Date
	Late                   bool
}

// Dispute is one, with all that was said and sent, and the answer to it.
//
// POST /console/disputes/{id} as a form with files: "outcome", "document_id",
// "method", "sent_on" and the file "paper"; POST /console/disputes/{id}/close.
type Dispute struct {
	Base
	DisputeLine
	AccountID         string
	Reasons           []string // as the form sends them
	Story, PaidTo     string
	Safe              string
	PaidOn            civil.Date
	Timely            bool
	Repeats           string // reference of the one that it may repeat
	Files             []DisputeFile
	Outcomes          []string // that answer it; none when it has ended
	Ended             string   // the outcome, when it has
	EndedOn           civil.Date
	Problem           locale.Key
	Faults            map[string]locale.Key // by the field that is not as it should be
	DocumentID, Chose string                // as typed
	Method, SentOn    string
}

// DisputeFile is one file.
type DisputeFile struct {
	ID, Type  string
	Bytes     int64
	Open      bool // it may be opened
	Unscanned bool // there is no scanner
	Ours      bool
}

// Why an answer was not taken.
const (
	DisputeNoProof   locale.Key = "console.dispute_why_proof"
	DisputeNoConsent locale.Key = "console.dispute_why_consent"
	DisputeNoFavor   locale.Key = "console.dispute_why_favor"
	DisputeEnded     locale.Key = "console.dispute_why_state"
	DisputeBadFile   locale.Key = "console.dispute_why_file"
)

// What to put right in a field of the answer.
const (
	DisputeFaultOutcome locale.Key = "console.dispute_fault_outcome"
	DisputeFaultNumber  locale.Key = "console.dispute_fault_number"
	DisputeFaultMethod  locale.Key = "console.dispute_fault_method"
	DisputeFaultConsent locale.Key = "console.dispute_fault_consent"
	DisputeFaultDay     locale.Key = "console.dispute_fault_day"
	DisputeFaultFuture  locale.Key = "console.dispute_fault_future"
	DisputeFaultFile    locale.Key = "console.dispute_fault_file"
)

// fault is the sentence beside a field of the answer, or nothing.
func (p Dispute) fault(field string) string {
	if key := p.Faults[field]; key != "" {
		return p.T(key)
	}
	return ""
}

var outcomeWords = map[string]locale.Key{
	"verified": "console.dispute_verified", "duplicative": "console.dispute_duplicative", "creditor_sent": "console.dispute_creditor",
	"replied": "console.dispute_replied", "in_consumers_favor": "console.dispute_favor",
	"withdrawn": "console.dispute_withdrawn",
}

var methodWords = map[string]locale.Key{
	"mail": "console.dispute_mail", "portal": "console.dispute_portal", "email": "console.dispute_email",
}

var disputeKinds = map[string]locale.Key{
	"dispute": "dispute.kind", "original_creditor": "dispute.kind_ask", "complaint": "dispute.kind_complaint",
}

var disputeReasons = map[string]locale.Key{
	"not_mine": "dispute.not_mine", "wrong_amount": "dispute.wrong_amount", "already_paid": "dispute.already_paid",
	"paid_creditor": "dispute.paid_creditor", "identity_theft": "dispute.stolen", "coerced": "dispute.coerced", "other": "dispute.other",
}

func (l DisputeLine) amount(b Base) string {
	if l.Kind != "dispute" {
		return "–"
	}
	if l.Whole {
		return b.T("dispute.row_whole") + " " + l.Disputed.String()
	}
	return l.Disputed.String()
}

// Render writes the page; so does the next method.
func (p Disputes) Render(ctx context.Context, w io.Writer) error {
	return disputesPage(p).Render(ctx, w)
}
func (p Dispute) Render(ctx context.Context, w io.Writer) error { return disputePage(p).Render(ctx, w) }
