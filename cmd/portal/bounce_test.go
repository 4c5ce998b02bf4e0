package main

import (
	"context"
	"encoding/json"
	"testing"

	"quittance/payments"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/plans/schedule"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/dispute"
	"quittance/portal/notice"
	"quittance/portal/outbox"
	"quittance/portal/store/storetest"
	"quittance/portal/validation"
)

// bouncing is a mail server that knows no mailbox of one address.
type bouncing struct {
	notice.Sender
	address string
}

func (b bouncing) Send(ctx context.Context, m notice.Message) (string, error) {
	if m.To == b.address {
		return "", notice.ErrBounced
	}
	return b.Sender.Send(ctx, m)
}

// told lists what the system of record was told of an account.
func (r *rehearsal) told(t *testing.T, id debt.AccountID, of outbox.Type) []outbox.Data {
	t.Helper()
	if err := r.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	all, err := r.Portal.Store.Feed(t.Context(), debt.AllCreditors(), outbox.FeedQuery{Limit: 10_000})
	if err != nil {
		t.Fatal(err)
	}
	var found []outbox.Data
	for _, e := range all {
		if e.Type != of || e.AccountID != string(id) {
			continue
		}
		var d outbox.Data
		if err := json.Unmarshal(e.Facts, &d); err != nil {
			t.Fatal(err)
		}
		found = append(found, d)
	}
	return found
}

// lose reports the newest message of a kind to an account as come back, twice.
func (r *rehearsal) lose(t *testing.T, id debt.AccountID, kind notice.Kind) {
	t.Helper()
	all, err := r.Portal.Store.OutgoingMessages(t.Context(), 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		if m.AccountID != id || m.Kind != kind {
			continue
		}
		for range 2 {
			if err := r.Portal.Reports.Lost(t.Context(), m.ID); err != nil {
				t.Fatal(err)
			}
		}
		return
	}
	t.Fatalf("no %s went to %s", kind, id)
}

func (r *rehearsal) shut(t *testing.T, id debt.AccountID) contact.Reason {
	t.Helper()
	person, err := r.Portal.Store.Person(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	way, err := r.Portal.Contacts.WayOf(t.Context(), person.Reach(), contact.Email)
	if err != nil {
		t.Fatal(err)
	}
	return way.Reason
}

// TestPDN03_ABouncedNoticeIsAskedForOnPaperOnceAndWithoutItNothingIsCharged has
// one notice refused by the mail server and another come back a day later.
func TestPDN03_ABouncedNoticeIsAskedForOnPaperOnceAndWithoutItNothingIsCharged(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		ctx := t.Context()
		wish := plans.Wish{Kind: plans.Later, Rule: schedule.Rule{First: civil.Of(r.Clock.Now()).AddDays(25)}}
		atOnce, refused := r.signUp(t, "A-1002", payments.Card, "pm_card_visa", wish)
		later, reported := r.signUp(t, "A-1007", payments.Card, "pm_card_visa", wish)
		person, err := r.Portal.Store.Person(ctx, refused)
		if err != nil {
			t.Fatal(err)
		}
		senders := r.Portal.Notices.Senders
		senders[contact.Email] = bouncing{senders[contact.Email], person.Email}
		for len(r.told(t, refused, outbox.NoticeMailRequired)) == 0 {
			if err := r.MoveDays(ctx, 1); err != nil {
				t.Fatal(err)
			}
		}
		r.lose(t, reported, notice.KindCharge)
		due := atOnce.Installments[0].Due
		for _, id := range []debt.AccountID{refused, reported} {
			mail, lost := r.told(t, id, outbox.NoticeMailRequired), r.told(t, id, outbox.MessageUndeliverable)
			if len(mail) != 1 || mail[0].Notice.Kind != outbox.ChargeAhead || mail[0].Notice.Due != due.String() || len(lost) != 1 || lost[0].Message.Reason != notice.ProblemBounced {
				t.Errorf("asked for on paper %+v, told as lost %+v", mail, lost)
			}
			if why := r.shut(t, id); why != contact.Unreachable {
				t.Errorf("the address is %q", why)
			}
		}
		if err := r.MoveDays(ctx, civil.DaysBetween(civil.Of(r.Clock.Now()), due)+1); err != nil {
			t.Fatal(err)
		}
		for _, of := range []plans.Plan{atOnce, later} {
			p, err := r.Portal.Store.Plan(ctx, of.ID)
			if err != nil || p.Left() != p.Total || !p.Installments[0].Due.After(due) {
				t.Errorf("PDN-03 an undelivered notice, and %s of %s left, due %s, %v", p.Left(), p.Total, p.Installments[0].Due, err)
			}
		}
	})
}

// TestVAL12_AnElectronicAnswerWhoseMessageCameBackIsAskedForOnPaperOnce answers
// who the debt was first owed to, on the screen, and has the message come back.
func TestVAL12_AnElectronicAnswerWhoseMessageCameBackIsAskedForOnPaperOnce(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		ctx := t.Context()
		account, _, err := r.Portal.Store.AccountByRef(ctx, "A-1001")
		if err != nil {
			t.Fatal(err)
		}
		err = r.Portal.Contacts.Record(ctx, contact.Consent{
			AccountID: account.ID, Channel: contact.Email, Basis: contact.DirectConsent, RecordedBy: "consumer", TextVersion: validation.ElectronicText,
		}, contact.EmailAddress(account.Consumer.Email))
		if err != nil {
			t.Fatal(err)
		}
		statements, err := r.Portal.Store.AccountStatements(ctx, account.ID)
		if err != nil {
			t.Fatal(err)
		}
		var of debt.Debt
		for _, s := range statements {
			if s.Debt.OriginalCreditorName != "" {
				of = s.Debt
			}
		}
		d, err := r.Portal.Disputes.Open(ctx, account.ID, of.ID, dispute.Filing{Kind: dispute.Creditor}, "key-1")
		if err != nil || len(d.Steps) != 1 {
			t.Fatalf("answered with %+v, %v", d.Steps, err)
		}
		if len(r.told(t, account.ID, outbox.NoticeMailRequired)) != 0 {
			t.Fatal("paper was asked for before anything was lost")
		}
		r.lose(t, account.ID, notice.KindAnswer)
		mail := r.told(t, account.ID, outbox.NoticeMailRequired)
		if len(mail) != 1 || mail[0].Notice.Kind != outbox.DisputeAnswer || mail[0].Notice.Reference != d.Reference || mail[0].Notice.DebtRef != of.Ref {
			t.Errorf("asked for on paper %+v", mail)
		}
		if agreed, err := r.Portal.Electronic(ctx, account.ID); err != nil || agreed {
			t.Errorf("the consent to electronic answers stands: %v, %v", agreed, err)
		}
	})
}
