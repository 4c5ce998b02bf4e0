package consumer_test

import (
	"context"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/intake"
	"quittance/portal/notice"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

var sixDigits = regexp.MustCompile(`\d{6}`)

// onFile is how the person is reached now.
func (b *bundle) onFile(t *testing.T, p person) debt.Consumer {
	t.Helper()
	a, err := b.store.Account(t.Context(), p.account.ID)
	must(t, err)
	return a.Consumer
}

// count is how many messages went out.
func (m *messages) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.sent)
}

// newPhone asks for another number.
func (v *browser) newPhone(number string) view {
	v.get("/preferences/new/phone")
	return v.post("/preferences/new/phone", "phone", number, "zip", "45501")
}

// moves asks for another mailing address.
func (v *browser) moves(postal, zip string) view {
	v.get("/preferences/new/address")
	return v.post("/preferences/new/address", "line1", "2 Oak St", "city", "Dayton", "state", "oh", "postal", postal, "zip", zip)
}

func TestSEC12_ANewNumberIsProvedByDigitsToIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		p := b.place(t, owing(15000))
		v := b.signedIn(t, p)
		if a := v.post("/preferences/new/phone", "phone", "302-478-0199", "zip", "99999"); a.status != 422 || b.sent.count() != 0 {
			t.Fatalf("without the detail: %d", a.status)
		}
		a := v.newPhone("302-478-0199")
		if a.status != 303 || !strings.HasPrefix(a.location, "/preferences/check/") {
			t.Fatalf("asking led to %d %q", a.status, a.location)
		}
		check := b.newest(t)
		if check.To != "+13024780199" || check.Channel != contact.SMS || check.Kind != notice.KindCheck {
			t.Fatalf("the digits went as %+v", check)
		}
		if page := v.get(a.location); !strings.Contains(page.body, "to the new phone") {
			t.Errorf("the page says %s", page.body)
		}
		if wrong := v.post(a.location, "code", "12345x"); wrong.status != 422 || b.onFile(t, p).Phone != "+19375550142" {
			t.Errorf("wrong digits: %d, %s", wrong.status, b.onFile(t, p).Phone)
		}
		if done := v.post(a.location, "code", sixDigits.FindString(check.Plain)); done.status != 303 || done.location != "/preferences/changed/phone" {
			t.Fatalf("right digits: %d %q", done.status, done.location)
		}
		if is := b.onFile(t, p).Phone; is != "+13024780199" {
			t.Errorf("the number is %s", is)
		}
		if told := b.newest(t); told.To != "+19375550142" || told.Kind != notice.KindChanged || len(b.heard.told) != 1 || !b.heard.told[0] {
			t.Errorf("the old number: %+v, the system of record: %+v", told, b.heard.told)
		}
	})
}

// TestF13_F14_WhatIsPastedIntoANewContactIsRead: what cannot be six digits is no
// try, invisible signs are not kept, and no field cuts a paste.
func TestF13_F14_WhatIsPastedIntoANewContactIsRead(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		p := b.place(t, owing(15000))
		v := b.signedIn(t, p)
		a := v.newPhone("\u200b302-478-0199")
		digits := sixDigits.FindString(b.newest(t).Plain)
		for range 10 { // more than there are tries
			if wrong := v.post(a.location, "code", digits[:5]); wrong.status != 422 || !strings.Contains(wrong.body, "6 numbers") {
				t.Fatalf("five digits: %d %q", wrong.status, wrong.location)
			}
		}
		if done := v.post(a.location, "code", "\u200b“"+digits[:3]+" "+digits[3:]+".”"); done.status != 303 || b.onFile(t, p).Phone != "+13024780199" {
			t.Errorf("pasted digits: %d, the number is %s", done.status, b.onFile(t, p).Phone)
		}
		form := v.get("/preferences/new/address")
		for _, name := range []string{"state", "postal"} {
			cut := regexp.MustCompile(`name="` + name + `"[^>]*maxlength="(\d+)"`).FindStringSubmatch(form.body)
			if cut == nil || len(cut[1]) < 2 || cut[1] < "40" {
				t.Errorf("%s cuts a paste: %v", name, cut)
			}
		}
		moved := v.post("/preferences/new/address", "line1", "2 Oak\u00a0St\u200b", "city", "Dayton", "state", "\ufeff oh", "postal", "\u200b ４５４０２", "zip", "45501")
		if is := b.onFile(t, p).Address; moved.status != 303 || is != (debt.Address{Line1: "2 Oak St", City: "Dayton", State: "OH", PostalCode: "45402"}) {
			t.Errorf("a pasted address: %d, on file is %+q", moved.status, is)
		}
	})
}

// TestASVS655_DigitsOfAChangeWorkForTenMinutes as their message says.
func TestASVS655_DigitsOfAChangeWorkForTenMinutes(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		p := b.place(t, owing(15000))
		v := b.signedIn(t, p)
		a := v.newPhone("302-478-0199")
		b.bench.Sandbox.Advance(10 * time.Minute)
		if late := v.post(a.location, "code", sixDigits.FindString(b.newest(t).Plain)); late.status != 303 || late.location != "/preferences/new/phone" {
			t.Errorf("after ten minutes: %d %q", late.status, late.location)
		}
		if is := b.onFile(t, p).Phone; is != "+19375550142" {
			t.Errorf("the number is %s", is)
		}
	})
}

// TestSMS01_WhereNoTextsAreSentTheEmailOnFileProvesWhoAsks and where it cannot, a
// person makes the change.
func TestSMS01_WhereNoTextsAreSentTheEmailOnFileProvesWhoAsks(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		p := b.place(t, owing(15000))
		v := b.signedIn(t, p)
		must(t, b.contacts.Stranger(t.Context(), "", contact.SMS, b.contacts.Hash(contact.SMS, "+13024780177"), "consumer"))
		if a := v.newPhone("302-478-0177"); a.location != "/preferences/changed/phone?waits=1" || b.sent.count() != 0 {
			t.Errorf("SMS-03 a stranger's number led to %q", a.location)
		}
		b.contacts.On[contact.SMS] = false
		a := v.newPhone("302-478-0199")
		check := b.newest(t)
		if check.To != "ana@example.com" || check.Channel != contact.Email {
			t.Fatalf("the digits went as %+v", check)
		}
		if page := v.get(a.location); !strings.Contains(page.body, "We can not check the new phone number itself") {
			t.Errorf("the page does not say what is true: %s", page.body)
		}
		if done := v.post(a.location, "code", sixDigits.FindString(check.Plain)); done.status != 303 || b.onFile(t, p).Phone != "+13024780199" {
			t.Errorf("right digits: %d", done.status)
		}
		b.contacts.On[contact.Email] = false
		if a := v.newPhone("302-478-0155"); a.location != "/preferences/changed/phone?waits=1" {
			t.Errorf("by no way led to %q", a.location)
		}
		if page := v.get("/preferences/changed/phone?waits=1"); !strings.Contains(page.body, "Nothing is changed yet") || !strings.Contains(page.body, "(800) 555-0134") {
			t.Errorf("the page: %s", page.body)
		}
		if thread := v.get("/messages"); !strings.Contains(thread.body, "asked phone +13024780155") || b.onFile(t, p).Phone != "+13024780199" {
			t.Error("what was asked for is not kept for a person, or was changed")
		}
	})
}

// TestSEC12_COM02_TheOldContactHearsAsByAnyMessageOrByLetter: a word about the
// safety of an account needs no ground; it goes over nothing that was refused.
func TestSEC12_COM02_TheOldContactHearsAsByAnyMessageOrByLetter(t *testing.T) {
	t.Parallel()
	const email, phone = "ana@example.com", "+19375550142"
	off := func(ch contact.Channel, address string, end func(b *bundle, ctx context.Context, id debt.AccountID, ch contact.Channel, hash []byte) error) func(*testing.T, *bundle, person) {
		return func(t *testing.T, b *bundle, p person) {
			must(t, end(b, t.Context(), p.account.ID, ch, b.contacts.Hash(ch, address)))
		}
	}
	stop := func(b *bundle, ctx context.Context, id debt.AccountID, ch contact.Channel, hash []byte) error {
		return b.contacts.Stop(ctx, id, ch, hash, "consumer", "test/1")
	}
	gone := func(b *bundle, ctx context.Context, id debt.AccountID, ch contact.Channel, hash []byte) error {
		return b.contacts.Gone(ctx, id, ch, hash, "portal")
	}
	stranger := func(b *bundle, ctx context.Context, id debt.AccountID, ch contact.Channel, hash []byte) error {
		return b.contacts.Stranger(ctx, id, ch, hash, "consumer")
	}
	type step = func(*testing.T, *bundle, person)
	cases := map[string]struct {
		before []step
		to     string // of the message; empty: a letter
	}{
		"nobody ever asked":             {nil, email},
		"an e-mail that was stopped":    {[]step{off(contact.Email, email, stop)}, phone},
		"an e-mail that bounced":        {[]step{off(contact.Email, email, gone)}, phone},
		"an e-mail of a stranger":       {[]step{off(contact.Email, email, stranger)}, phone},
		"a number that was stopped too": {[]step{off(contact.Email, email, stop), off(contact.SMS, phone, stop)}, ""},
		"a number that is gone too":     {[]step{off(contact.Email, email, gone), off(contact.SMS, phone, gone)}, ""},
		"a number of a stranger too":    {[]step{off(contact.Email, email, stop), off(contact.SMS, phone, stranger)}, ""},
		"COM-10 all contact ended":      {[]step{func(_ *testing.T, b *bundle, _ person) { b.heard.stands = "cease" }}, ""},
		"COM-02 no texts and no e-mail": {[]step{func(t *testing.T, b *bundle, p person) {
			must(t, b.contacts.Ask(t.Context(), contact.Wish{AccountID: p.account.ID, NoSMS: true, NoEmail: true}))
		}}, ""},
		"COM-02 words that nobody read": {[]step{func(t *testing.T, b *bundle, p person) {
			must(t, b.contacts.Ask(t.Context(), contact.Wish{AccountID: p.account.ID, OwnWords: []byte("x")}))
		}}, ""},
		"SMS-02 a ground that was taken": {[]step{off(contact.Email, email, stop), func(t *testing.T, b *bundle, p person) {
			must(t, b.contacts.Record(t.Context(), contact.Consent{AccountID: p.account.ID, Channel: contact.SMS, Basis: contact.Withdrawn}, phone))
		}}, ""},
	}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		for name, c := range cases {
			p := b.place(t, owing(15000))
			v := b.signedIn(t, p)
			b.heard.stands, b.heard.letters, b.sent.sent = "", nil, nil
			for _, step := range c.before {
				step(t, b, p)
			}
			if a := v.moves("45402", "45501"); a.status != 303 || b.onFile(t, p).Address.PostalCode != "45402" {
				t.Fatalf("%s: moving led to %d %q", name, a.status, a.location)
			}
			banner := strings.Contains(v.get("/account").body, "your mailing address with us was changed")
			switch {
			case c.to != "" && (b.sent.count() != 1 || b.sent.sent[0].To != c.to || b.sent.sent[0].Kind != notice.KindChanged || len(b.heard.letters) != 0 || banner):
				t.Errorf("%s: sent %+v, letters %+v, banner %v", name, b.sent.sent, b.heard.letters, banner)
			case c.to == "" && (b.sent.count() != 0 || len(b.heard.letters) != 1 || b.heard.letters[0] != p.account.Consumer.Address || !banner):
				t.Errorf("%s: sent %+v, letters %+v, banner %v", name, b.sent.sent, b.heard.letters, banner)
			}
			b.contacts.Key = append([]byte("x"), b.contacts.Key...) // what was said of an address is forgotten
		}
	})
}

func TestSEC12_WhereNobodyWouldHearTheChangeWaitsForAPerson(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		b.home = debt.Address{State: "OH", PostalCode: "45501"} // no street: no letter reaches it
		p := b.place(t, owing(15000))
		v := b.signedIn(t, p)
		b.heard.stands = "cease"
		if a := v.moves("45402", "45501"); a.location != "/preferences/changed/address?waits=1" {
			t.Fatalf("moving led to %d %q", a.status, a.location)
		}
		if is := b.onFile(t, p).Address; is != b.home || b.sent.count() != 0 || len(b.heard.told) != 0 {
			t.Errorf("changed to %+v, sent %d, told %v", is, b.sent.count(), b.heard.told)
		}
		if thread := v.get("/messages"); !strings.Contains(thread.body, "asked address 2 Oak St") {
			t.Error("nobody hears of what was asked for")
		}
	})
}

// TestSEC12_AWordThatReachedNobodyBecomesALetter to the address that was on file.
func TestSEC12_AWordThatReachedNobodyBecomesALetter(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		p := b.place(t, owing(15000))
		v := b.signedIn(t, p)
		v.moves("45402", "45501")
		for range 2 { // told twice, written once
			lost := notice.Outgoing{ID: "msg_1", AccountID: p.account.ID, Kind: notice.KindChanged, Status: notice.Failed, Problem: notice.ProblemBounced}
			must(t, s.InTx(t.Context(), func(ctx context.Context) error { return b.changing.MessageChanged(ctx, lost) }))
		}
		if len(b.heard.letters) != 1 || b.heard.letters[0] != p.account.Consumer.Address {
			t.Errorf("letters %+v", b.heard.letters)
		}
		if page := v.get("/account"); !strings.Contains(page.body, "your mailing address with us was changed") {
			t.Error("the account does not say it")
		}
	})
}

// TestSEC07_ThreeCheckMessagesADay: for an account, to an address, and by many
// hands at once.
func TestSEC07_ThreeCheckMessagesADay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		mail := func(v *browser, to string) view {
			return v.post("/preferences/new/email", "email", to, "zip", "45501")
		}
		v := b.signedIn(t, b.place(t, owing(15000)))
		v.get("/preferences/new/email")
		var hands sync.WaitGroup
		for range 8 {
			hands.Go(func() { mail(v, "stranger@example.org") })
		}
		hands.Wait()
		if n := b.sent.count(); n != 3 {
			t.Errorf("%d messages went to strangers", n)
		}
		a := mail(v, "another@example.org")
		if a.status != 429 || !strings.Contains(a.body, "three times a day at most") || !strings.Contains(a.body, `value="another@example.org"`) {
			t.Errorf("the fourth: %d %s", a.status, a.body)
		}
		if phone := v.newPhone("302-478-0199"); phone.status != 429 {
			t.Errorf("by text: %d", phone.status)
		}
		w := b.signedIn(t, b.place(t, owing(15000)))
		w.get("/preferences/new/email")
		if other := mail(w, "stranger@example.org"); other.status != 429 {
			t.Errorf("the same stranger from another account: %d", other.status)
		}
		if other := mail(w, "own@example.org"); other.status != 303 {
			t.Errorf("another address from another account: %d", other.status)
		}
	})
}

// enters gives a code and a ZIP code and reports whether they open the account.
func (b *bundle) enters(t *testing.T, p person, zip string) bool {
	t.Helper()
	v := b.visit(t)
	v.get("/")
	v.post("/", "code", p.code)
	v.get("/verify")
	return v.post("/verify", "zip", zip).status == 303
}

// TestSEC12_AfterAMoveInASessionTheOldZIPOpensForSevenDays: who came in once does
// not choose what opens next, and who knows the new one learns nothing by it.
func TestSEC12_AfterAMoveInASessionTheOldZIPOpensForSevenDays(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		p, other := b.place(t, owing(15000)), b.place(t, owing(15000))
		v := b.signedIn(t, p)
		if a := v.moves("45402", "45501"); a.status != 303 {
			t.Fatalf("moving: %d", a.status)
		}
		if page := v.get("/preferences/changed/address"); !strings.Contains(page.body, "old ZIP code for the next 7 days") {
			t.Errorf("the page does not say which opens: %s", page.body)
		}
		for i := range 5 { // each would cost a pause if it were a guess
			hashes, opened := b.hashes.Load(), s.Opened()
			right := b.refused(t, p.code, "45402")
			worked, seen := b.hashes.Load()-hashes, s.Opened()-opened
			if i > 0 {
				continue
			}
			hashes, opened = b.hashes.Load(), s.Opened()
			wrong := b.refused(t, other.code, "45402")
			if right != wrong || worked != b.hashes.Load()-hashes || seen != s.Opened()-opened {
				t.Errorf("S2 the new ZIP code is not answered like a wrong one: %d and %d hashes, %d and %d opened", worked, b.hashes.Load()-hashes, seen, s.Opened()-opened)
			}
		}
		if a := v.moves("45403", "45402"); a.status == 303 {
			t.Error("the new ZIP code proves who asks")
		}
		if a := v.moves("45403", "45501"); a.status != 303 || b.enters(t, p, "45402") || b.enters(t, p, "45403") || !b.enters(t, p, "45501") {
			t.Error("after a second move another ZIP code than the first opens")
		}
		b.bench.Sandbox.Advance(7*24*time.Hour + time.Hour)
		if b.enters(t, p, "45501") || !b.enters(t, p, "45403") {
			t.Error("after 7 days the old ZIP code opens, or the new one does not")
		}
	})
}

// TestSEC12_AfterAMoveByFileBothZIPsOpenForSevenDays by way of the importer.
func TestSEC12_AfterAMoveByFileBothZIPsOpenForSevenDays(t *testing.T) {
	t.Parallel()
	const header = "account_ref,debt_ref,creditor_ref,creditor_name,debt_type,account_number_last4,first_name,last_name,date_of_birth,address_line1,city,state," +
		"postal_code,phone,email,itemization_type,itemization_date,itemization_amount,interest_added,fees_added,payments_credits,balance,balance_as_of,balance_version,status\n"
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		importer := &intake.Importer{Tx: s, Store: s, Codes: b.codes, Now: b.now, NewID: func(prefix string) string { return prefix + "_" + "new" }}
		says := func(p person, day, street, zip string) {
			row := p.account.Ref + "," + p.debts[0].Ref + ",mercy,Mercy Clinic,medical,0593,Ana,Garcia,1984-03-27," + street + ",Dayton,OH," + zip +
				",+19375550142,ana@example.com,charge_off,2025-03-31,150.00,0.00,0.00,0.00,150.00,2026-02-" + day + ",1" + day + ",active\n"
			report, err := importer.Import(t.Context(), strings.NewReader(header+row), intake.Options{Format: intake.CSV})
			if err != nil || report.Updated != 1 {
				t.Fatalf("the file: %+v, %v", report, err)
			}
		}
		p, own := b.place(t, owing(15000)), b.place(t, owing(15000))
		says(p, "01", "2 Oak St", "45402")
		if !b.enters(t, p, "45501") || !b.enters(t, p, "45402") || b.enters(t, p, "45403") {
			t.Error("after the file the old and the new ZIP code do not both open, or another does")
		}
		v := b.signedIn(t, own)
		v.moves("45402", "45501")
		says(own, "01", "3 Elm St", "45403")
		if !b.enters(t, own, "45501") || !b.enters(t, own, "45403") || b.enters(t, own, "45402") {
			t.Error("after a move in a session and one by file the ZIP code from before either and the file's do not both open, or the session's does")
		}
		b.bench.Sandbox.Advance(7*24*time.Hour + time.Hour)
		if b.enters(t, p, "45501") || !b.enters(t, p, "45402") {
			t.Error("after 7 days the old ZIP code opens, or the new one does not")
		}
	})
}
