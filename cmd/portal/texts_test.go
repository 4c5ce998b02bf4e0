package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"

	"quittance/cmd/demo"
	"quittance/portal/claim"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/notice"
	"quittance/portal/notice/sms/smstest"
	"quittance/portal/outbox"
	"quittance/portal/store/storetest"
)

const carriersToken = "TokenOfTheCarrier0123"

// carried is a rehearsal whose carrier reports texts and what became of them.
func carried(t *testing.T, database string) *rehearsal {
	t.Helper()
	return rehearse(t, database, func(r *rehearsal) { r.Portal.Config.Twilio.AuthToken = carriersToken })
}

// carrier posts a form as the carrier signs it.
func (r *rehearsal) carrier(t *testing.T, form url.Values) {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.URL+"/hooks/twilio", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	q.Header.Set("X-Twilio-Signature", smstest.Sign(carriersToken, r.URL+"/hooks/twilio", form))
	answer, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if said, err := io.ReadAll(answer.Body); err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%v: %d %s, %v", form, answer.StatusCode, said, err)
	}
}

// TestSMS03_COM07_WhatATextSaysIsKeptWhateverItAsksFor: a dispute is nobody's
// wrong number; a stop that also says wrong is both.
func TestSMS03_COM07_WhatATextSaysIsKeptWhateverItAsksFor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		body      string
		reason    contact.Reason
		withdrawn bool
		wrong     int // events of a wrong party
		confirmed int
	}{
		{body: "I dispute this bill. The amount is wrong, I paid $50 in May."},
		{body: "I do not mean to be rude, can I pay Friday?"},
		{body: "STOP, wrong amount, leave me alone", reason: contact.OptedOut, withdrawn: true, confirmed: 1},
		{body: "You have the wrong number", reason: contact.WrongPerson, wrong: 1},
		{body: "STOP wrong number", reason: contact.WrongPerson, withdrawn: true, wrong: 1},
	} {
		t.Run(c.body, func(t *testing.T) {
			t.Parallel()
			storetest.EachURL(t, func(t *testing.T, database string) {
				r := carried(t, database)
				account, _, err := r.Portal.Store.AccountByRef(t.Context(), "A-1002")
				if err != nil {
					t.Fatal(err)
				}
				r.carrier(t, url.Values{"MessageSid": {"SM1"}, "From": {account.Consumer.Phone}, "To": {"+12025550100"}, "Body": {c.body}, "SmsStatus": {"received"}})

				thread, err := r.Portal.Thread.All(t.Context(), account.ID)
				if err != nil || len(thread) != 1 || thread[0].Words != c.body {
					t.Errorf("the thread is %+v, %v", thread, err)
				}
				if told := r.told(t, account.ID, outbox.MessageReceived); len(told) != 1 {
					t.Errorf("%d messages were told", len(told))
				}
				if told := r.told(t, account.ID, outbox.WrongPartyReported); len(told) != c.wrong {
					t.Errorf("%d wrong parties were told; want %d", len(told), c.wrong)
				}
				r.hears(t, account.ID, c.reason, c.withdrawn, c.confirmed)
			})
		})
	}
}

// hears holds how an account may be texted, whether a stop is on record, and how
// often one was confirmed.
func (r *rehearsal) hears(t *testing.T, id debt.AccountID, reason contact.Reason, withdrawn bool, confirmed int) {
	t.Helper()
	person, err := r.Portal.Store.Person(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	known, err := r.Portal.Contacts.Preferences(t.Context(), person.Reach(), contact.SMS)
	if err != nil {
		t.Fatal(err)
	}
	if way, err := r.Portal.Contacts.WayOf(t.Context(), person.Reach(), contact.SMS); err != nil || way.Reason != reason {
		t.Errorf("texts: %q, want %q; %v", way.Reason, reason, err)
	}
	if got := slices.ContainsFunc(known.Consents, func(c contact.Consent) bool { return c.Basis == contact.Withdrawn }); got != withdrawn {
		t.Errorf("a withdrawal is on record: %v", got)
	}
	all, err := r.Portal.Store.OutgoingMessages(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	said := 0
	for _, m := range all {
		if m.AccountID == id && m.Kind == notice.KindStopped {
			said++
		}
	}
	if said != confirmed {
		t.Errorf("COM-08: confirmed %d times, want %d", said, confirmed)
	}
}

// TestSEC08_AMessageThatComesBackLaterIsInTheLog: what the carrier reports after
// it took a text is in the audit log like what it refused at once.
func TestSEC08_AMessageThatComesBackLaterIsInTheLog(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		r := carried(t, database)
		account, _ := r.linked(t, "A-1002")
		sent := r.sentTo(t, account.ID, notice.KindLink)
		for range 2 { // the carrier says it twice
			r.carrier(t, url.Values{"MessageSid": {sent.ProviderID}, "MessageStatus": {"undelivered"}, "ErrorCode": {"30006"}})
		}
		rows, err := r.Portal.Store.AuditOf(t.Context(), string(account.ID))
		if err != nil {
			t.Fatal(err)
		}
		failed := 0
		for _, row := range rows {
			if row.Action == "message.failed" && row.Object == sent.ID {
				failed++
			}
		}
		if failed != 1 {
			t.Errorf("%d rows of the message that came back", failed)
		}
		r.hears(t, account.ID, contact.Unreachable, true, 0)
	})
}

// TestSMS05_AStopByTextEndsTheLinkThatWentToTheNumber sends a link and has its
// reader answer STOP.
func TestSMS05_AStopByTextEndsTheLinkThatWentToTheNumber(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		r := carried(t, database)
		account, sent := r.linked(t, "A-1002")
		r.carrier(t, url.Values{"MessageSid": {"SM1"}, "From": {account.Consumer.Phone}, "To": {"+12025550100"}, "Body": {"STOP"}, "SmsStatus": {"received"}})
		held, err := r.Portal.Store.Link(t.Context(), sent.Link.ID)
		if err != nil || held.EndedAt.IsZero() {
			t.Errorf("the link after the stop: %+v, %v", held, err)
		}
	})
}

// TestVAL10_ALinkBeginsTheDutyToMailANotice sends a link to somebody who got no
// validation notice yet, and has the system of record say that it was mailed.
func TestVAL10_ALinkBeginsTheDutyToMailANotice(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		r := carried(t, database)
		account, _ := r.linked(t, "A-1005") // no notice is known
		owed := func(want int) {
			t.Helper()
			duties, err := r.Portal.Validation.OwedTo(t.Context(), account.ID)
			if err != nil || len(duties) != want {
				t.Errorf("owed: %+v, %v; want %d", duties, err, want)
			}
		}
		owed(1)
		all, err := r.Portal.Store.Feed(t.Context(), debt.AllCreditors(), outbox.FeedQuery{Limit: 10_000})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range all {
			if e.AccountID != string(account.ID) || e.Type != outbox.NoticeMailRequired {
				continue
			}
			if _, err := r.Portal.Poster.Acknowledge(t.Context(), outbox.Posting{Event: e.ID, TransactionID: "USPS-1"}); err != nil {
				t.Fatal(err)
			}
		}
		owed(0)
	})
}

// TestSMS03_AStrangerAtALinkStandsBeforeTheCollectors opens a texted link and
// says on its page that this is somebody else.
func TestSMS03_AStrangerAtALinkStandsBeforeTheCollectors(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		r := carried(t, database)
		account, _ := r.linked(t, "A-1002")
		texts, err := r.Phone.Items(t.Context(), 1)
		if err != nil || len(texts) != 1 {
			t.Fatal(texts, err)
		}
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		p := &payer{rig: &rig{t: t}, base: r.URL, client: &http.Client{Jar: jar}}
		link := strings.TrimPrefix(demo.AddressInText.FindString(texts[0].Plain), r.Portal.Config.PublicURL)
		page, _ := p.get(link)
		p.post(link+"/not-me", url.Values{"csrf": {field(csrfField, page)}})
		open, err := r.Portal.Claims.Newest(t.Context(), true, 10)
		if err != nil || len(open) != 1 || open[0].AccountID != account.ID || open[0].Kind != claim.WrongPerson {
			t.Errorf("before the collectors: %+v, %v", open, err)
		}
	})
}

// linked texts a link to a sample person, on a call in which they agreed to it.
func (r *rehearsal) linked(t *testing.T, ref string) (debt.Account, identity.SentLink) {
	t.Helper()
	account, _, err := r.Portal.Store.AccountByRef(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	sent, err := r.Portal.Links.Send(t.Context(), identity.LinkRequest{AccountID: account.ID, Channel: contact.SMS, By: "staff:stf_1",
		Consent: &contact.Consent{Basis: contact.DirectConsent, TextVersion: "console.consent/1"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	return account, sent
}

// sentTo is the newest message of a kind that went to an account.
func (r *rehearsal) sentTo(t *testing.T, id debt.AccountID, kind notice.Kind) notice.Outgoing {
	t.Helper()
	all, err := r.Portal.Store.OutgoingMessages(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		if m.AccountID == id && m.Kind == kind && m.Status == notice.Sent {
			return m
		}
	}
	t.Fatalf("no %s went to %s: %+v", kind, id, all)
	return notice.Outgoing{}
}
