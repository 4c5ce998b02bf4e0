package outbox_test

import (
	"strings"
	"testing"
	"time"

	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/dispute"
	"quittance/portal/outbox"
)

func disputed() dispute.Dispute {
	return dispute.Dispute{
		ID: "dsp_01", Reference: "DSP-7KQ2M9XD", AccountID: "acc_1", DebtID: "dbt_1", DebtRef: "D-1001", CreditorRef: "mercy",
		Filing: dispute.Filing{
			Kind: dispute.OfDebt, Scope: dispute.Lines, Lines: []dispute.Line{dispute.LineInterest, dispute.LineFees},
			Reasons: []dispute.Reason{dispute.WrongAmount, dispute.Coerced, dispute.IdentityTheft},
			Story:   dispute.Story{Words: "I never agreed to this", SafeContact: "at my sister's"},
		},
		Disputed: 3217, Owed: 33217, Timely: true, Earlier: "dsp_00", AnswerBy: civil.Date{Year: 2026, Month: 12, Day: 22},
		Hash: strings.Repeat("a1", 32), OpenedAt: time.Date(2026, 11, 22, 18, 4, 5, 0, time.UTC),
	}
}

// disputeStory tells of a dispute, a file that is added to it, its answer, and
// of a question for the original creditor.
func (b *bench) disputeStory(t *testing.T) {
	t.Helper()
	d := disputed()
	tell := func(c dispute.Change) { b.mustRecord(t, b.recorder.DisputeChanged(t.Context(), c)) }
	tell(dispute.Change{Dispute: d, News: dispute.Opened, Files: 2})
	tell(dispute.Change{Dispute: d, News: dispute.EvidenceAdded, File: dispute.File{
		ID: "fil_01", Name: "my bank letter.pdf", Type: "application/pdf", Size: 48213, SHA256: strings.Repeat("b2", 32),
	}})
	d.Steps = []dispute.Step{{
		State: dispute.Answered, Outcome: dispute.Verified, DocumentID: "V-2201", Method: "mail", SentOn: civil.Date{Year: 2026, Month: 12, Day: 3},
	}}
	tell(dispute.Change{Dispute: d, News: dispute.Ended})
	d.Kind, d.Reference, d.Steps = dispute.Creditor, "OCR-7KQ2M9XD", nil
	tell(dispute.Change{Dispute: d, News: dispute.Opened})
}

func TestWHK04_AnEventOfADisputeNeverSaysWhatTheConsumerWrote(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.disputeStory(t)
	d := disputed()
	d.Kind, d.DebtID, d.DebtRef = dispute.Complaint, "", ""
	b.mustRecord(t, b.recorder.DisputeChanged(t.Context(), dispute.Change{Dispute: d, News: dispute.Opened}))
	if last := b.events[len(b.events)-1]; last.Type != outbox.MessageReceived || !strings.Contains(string(last.Facts), `"via":"complaint"`) {
		t.Errorf("a complaint is told as %s: %s", last.Type, last.Facts)
	}
	if len(b.events) != 6 {
		t.Fatalf("%d events", len(b.events))
	}
	for _, e := range b.events {
		for _, secret := range []string{"never agreed", "sister", "bank letter"} {
			if strings.Contains(string(e.Facts), secret) {
				t.Errorf("%s says %q", e.Type, secret)
			}
		}
	}
}

func TestSTS05_ACreditorHearsOfIdentityTheftAndOfNoOtherReason(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.disputeStory(t)
	claimed, err := outbox.Body(b.events[1], 2, debt.CreditorsOf("mercy"))
	if err != nil || b.events[1].Type != outbox.StatusClaimed || !strings.Contains(string(claimed), "identity_theft") || !outbox.Sees(b.events[1], debt.CreditorsOf("mercy"), nil) {
		t.Errorf("%s: %s, %v", b.events[1].Type, claimed, err)
	}
	e := b.events[0]
	if !outbox.Sees(e, debt.CreditorsOf("mercy"), nil) || outbox.Sees(e, debt.CreditorsOf("northside"), nil) {
		t.Error("the wrong creditor is told")
	}
	body, err := outbox.Body(e, 1, debt.CreditorsOf("mercy"))
	if err != nil {
		t.Fatal(err)
	}
	if s := string(body); !strings.Contains(s, "identity_theft") || strings.Contains(s, "coerced") || strings.Contains(s, "wrong_amount") {
		t.Errorf("the creditor is told %s", s)
	}
	for _, problem := range validateBody(t, e.Type, body) {
		t.Error(problem)
	}
}
