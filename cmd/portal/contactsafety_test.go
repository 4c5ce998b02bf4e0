package main

import (
	"fmt"
	"testing"
	"time"

	"quittance/portal/claim"
	"quittance/portal/debt"
	"quittance/portal/notice"
	"quittance/portal/outbox"
	"quittance/portal/store/storetest"
	"quittance/portal/talk"
)

// TestTwoHundredMessagesAreTwoWebhooks: the first at once, and the rest together
// when the minute is over. Nothing is lost.
func TestTwoHundredMessagesAreTwoWebhooks(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		account := debt.AccountID(r.opens(t, r.Accounts[0].ReferenceCode))
		for i := range 200 {
			if _, err := r.Portal.Thread.Write(t.Context(), account, fmt.Sprintf("Message %d", i)); err != nil {
				t.Fatal(err)
			}
		}
		if told := r.told(t, account, outbox.MessageReceived); len(told) != 1 || told[0].Received.Count != 1 {
			t.Errorf("within the minute: %d events", len(told))
		}
		r.Clock.Move(time.Minute)
		if _, err := r.Portal.Herald.Sweep(t.Context(), 10); err != nil {
			t.Fatal(err)
		}
		ids := map[string]bool{}
		told := r.told(t, account, outbox.MessageReceived)
		for _, d := range told {
			for _, id := range d.Received.IDs {
				ids[id] = true
			}
		}
		if len(told) != 2 || told[1].Received.Count != 199 || len(ids) != 200 {
			t.Errorf("after it: %d events about %d messages", len(told), len(ids))
		}
		thread, err := r.Portal.Thread.All(t.Context(), account)
		if err != nil || len(thread) < 200 {
			t.Errorf("the thread has %d, %v", len(thread), err)
		}
		r.Clock.Move(time.Minute)
		if n, err := r.Portal.Herald.Sweep(t.Context(), 10); err != nil || n != 0 {
			t.Errorf("with nothing to tell: %d, %v", n, err)
		}
	})
}

// TestSTS02_ADeathToldByALinkAsksForALetterToTheAddressOnFile and none that was
// said by who signed in.
func TestSTS02_ADeathToldByALinkAsksForALetterToTheAddressOnFile(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		byLink, signedIn := debt.AccountID(r.opens(t, r.Accounts[0].ReferenceCode)), debt.AccountID(r.opens(t, r.Accounts[1].ReferenceCode))
		for id, door := range map[debt.AccountID]claim.Door{byLink: claim.ByLink, signedIn: claim.ByConsumer} {
			if _, err := r.Portal.Claims.Make(t.Context(), claim.Request{AccountID: id, Kind: claim.Death, Door: door, By: "test"}); err != nil {
				t.Fatal(err)
			}
		}
		letters := 0
		for _, d := range r.told(t, byLink, outbox.NoticeMailRequired) {
			if d.Notice.Kind == outbox.DeathReportedNotice && d.Notice.DebtRef == "" && d.Notice.Reference != "" {
				letters++
			}
		}
		for _, d := range r.told(t, signedIn, outbox.NoticeMailRequired) {
			if d.Notice.Kind == outbox.DeathReportedNotice {
				t.Error("a letter about a death that who signed in told of")
			}
		}
		if letters != 1 {
			t.Errorf("%d letters", letters)
		}
	})
}

// TestSEC12_AWordToTheOldContactThatComesBackBecomesALetterToTheOldAddress.
func TestSEC12_AWordToTheOldContactThatComesBackBecomesALetterToTheOldAddress(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		id := debt.AccountID(r.opens(t, r.Accounts[0].ReferenceCode))
		before, err := r.Portal.Store.Account(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		moved := talk.Contact{Address: debt.Address{Line1: "2 Oak St", City: "Dayton", State: "OH", PostalCode: "45402"}}
		if err := r.Portal.Changing.Make(t.Context(), id, talk.Address, moved); err != nil {
			t.Fatal(err)
		}
		if changed := r.told(t, id, outbox.ContactChanged); len(changed) != 1 || !changed[0].Contact.OldWasTold {
			t.Fatalf("told %+v", changed)
		}
		r.lose(t, id, notice.KindChanged)
		var letters []outbox.NoticeFacts
		for _, d := range r.told(t, id, outbox.NoticeMailRequired) {
			if d.Notice.Kind == outbox.ContactChangedNotice {
				letters = append(letters, *d.Notice)
			}
		}
		if len(letters) != 1 || letters[0].MailTo == nil || letters[0].MailTo.Line1 != before.Consumer.Address.Line1 || letters[0].DebtRef != "" {
			t.Errorf("letters %+v", letters)
		}
	})
}
