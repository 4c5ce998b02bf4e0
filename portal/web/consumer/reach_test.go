package consumer_test

import (
	"context"
	"crypto/rand"
	"regexp"
	"strings"
	"testing"

	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/hold"
	"quittance/portal/notice"
	"quittance/portal/seal"
	"quittance/portal/talk"
	"quittance/portal/web/consumer"
)

// reach is what the pages about contact need; nobody hears what they tell.
func (b *bundle) reach(t *testing.T, book *contact.Book) consumer.Reach {
	t.Helper()
	box, err := seal.New(map[byte][]byte{1: key("seal")})
	must(t, err)
	holds := &hold.Service{Tx: b.store, Store: b.store, Now: b.now, NewID: func() string { return "hld_" + rand.Text() }}
	return consumer.Reach{
		Book: book, Sealer: box, Language: b.store,
		Thread: &talk.Thread{Tx: b.store, Notes: b.store, Sealer: box, Book: book, People: b.store, May: allowed{}, Queue: b.sent,
			Words: talkWords{}, Teller: unheard{}, Now: b.now},
		Ceasing:  &talk.Ceasing{Tx: b.store, Holds: holds, Accounts: b.store, Book: book, People: reachable{b}, Teller: unheard{}},
		Changing: b.change(box, book), Lettered: b.store,
	}
}

func (b *bundle) change(box *seal.Box, book *contact.Book) *talk.Changing {
	b.heard = &heard{}
	thread := &talk.Thread{Tx: b.store, Notes: b.store, Sealer: box, Book: book, People: b.store, May: allowed{}, Queue: b.sent,
		Words: talkWords{}, Teller: unheard{}, Now: b.now}
	b.changing = &talk.Changing{Tx: b.store, Store: b.store, People: b.store, Sealer: box, Key: key("change"), Book: book, May: b.heard, Thread: thread,
		Queue: b.sent, Words: talkWords{}, Teller: b.heard, Now: b.now}
	return b.changing
}

// heard is what the system of record hears of changes of contact, and the state
// of the debts that stands against writing.
type heard struct {
	stands  string
	told    []bool
	letters []debt.Address
}

func (h *heard) MayWrite(context.Context, debt.AccountID) (string, string, error) {
	return "COM-10", h.stands, nil
}

func (h *heard) ContactMoved(_ context.Context, _ debt.AccountID, _ talk.What, _ talk.Contact, oldWasTold bool) error {
	h.told = append(h.told, oldWasTold)
	return nil
}

func (h *heard) LetterToOld(_ context.Context, _ debt.AccountID, was debt.Address) (string, error) {
	h.letters = append(h.letters, was)
	return "evt_1", nil
}

type reachable struct{ b *bundle }

func (r reachable) Reach(ctx context.Context, id debt.AccountID) (contact.Person, error) {
	p, err := r.b.store.Person(ctx, id)
	return p.Reach(), err
}

type unheard struct{}

func (unheard) ConsumerWrote(context.Context, talk.Note) error { return nil }
func (unheard) CeaseAsked(context.Context, debt.AccountID, string, []debt.Debt) error {
	return nil
}

type talkWords struct{}

func (talkWords) WaitingText(string, contact.Channel) (notice.Text, error) {
	return notice.Text{Plain: "an answer waits"}, nil
}

func (talkWords) CheckText(_ string, _ contact.Channel, digits string) (notice.Text, error) {
	return notice.Text{Plain: "digits " + digits}, nil
}

func (talkWords) AskedText(_ string, what talk.What, to talk.Contact) string {
	return "asked " + string(what) + " " + to.Phone + to.Email + to.Address.Line1
}

func (talkWords) ChangedText(_ string, _ contact.Channel, what talk.What) (notice.Text, error) {
	return notice.Text{Plain: "changed " + string(what)}, nil
}

// newest is the message that went out last.
func (b *bundle) newest(t *testing.T) notice.Message {
	t.Helper()
	b.sent.last(t)
	b.sent.mu.Lock()
	defer b.sent.mu.Unlock()
	return b.sent.sent[len(b.sent.sent)-1]
}

func TestCOM02_APreferenceCountsAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	if page := v.get("/preferences"); page.status != 200 || strings.Contains(page.body, "ana@example.com") || !strings.Contains(page.body, "a•••@example.com") {
		t.Fatalf("the page: %d", page.status)
	}
	if why := b.mayMail(t, p); why != contact.NoConsent {
		t.Fatalf("before: %q", why)
	}
	a := v.post("/preferences", "email", "yes", "day0", "yes", "from", "12", "until", "18", "words", "After lunch please.", "write_in", "es")
	if a.status != 303 {
		t.Fatalf("saving: %d %s", a.status, a.body)
	}
	if way, err := b.contacts.WayOf(t.Context(), contact.Person{AccountID: p.account.ID, Email: "ana@example.com", State: "OH"}, contact.Email); err != nil || !way.On {
		t.Errorf("e-mail: %+v, %v", way, err)
	}
	wish, err := b.store.Wish(t.Context(), p.account.ID)
	if err != nil || len(wish.Days) != 1 || wish.From != 12 || wish.Until != 18 || !wish.NoSMS || wish.TextVersion != contact.PreferencesText ||
		strings.Contains(string(wish.OwnWords), "lunch") {
		t.Errorf("wish %+v, %v", wish, err)
	}
	page := v.get("/preferences?saved=1")
	for _, want := range []string{"After lunch please.", `id="day0" name="day0" value="yes" checked`, `id="email" name="email" value="yes" checked`} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the page does not show %q", want)
		}
	}
	v.post("/preferences", "words", "", "write_in", "en")
	if why := b.mayMail(t, p); why != contact.OptedOut {
		t.Errorf("after it was taken off: %q", why)
	}
	v.post("/preferences", "email", "yes", "words", "please do not email me")
	if why := b.mayMail(t, p); why != contact.OptedOut {
		t.Errorf("COM-07 own words say stop: %q", why)
	}
	if a := v.post("/preferences", "email", "yes", "from", "18", "until", "9"); a.status != 422 {
		t.Errorf("hours that leave none: %d", a.status)
	}
}

func TestCOM10_OneButtonEndsAllContactAndThePersonMayStillPay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000), owing(5000))
	v := b.signedIn(t, p)
	v.get("/preferences/stop")
	for range 2 {
		if a := v.post("/preferences/stop"); a.status != 303 {
			t.Fatalf("stopping: %d", a.status)
		}
	}
	if page := v.get("/preferences/stop"); !strings.Contains(page.body, "We have stopped") {
		t.Error("it is not confirmed")
	}
	statements, err := b.store.AccountStatements(t.Context(), p.account.ID)
	must(t, err)
	for _, s := range statements {
		if len(s.Debt.Holds) != 1 || s.Debt.Holds[0].Status != debt.Cease {
			t.Errorf("holds of %s: %+v", s.Debt.ID, s.Debt.Holds)
		}
	}
	if a := v.get("/payments/new"); a.status != 200 {
		t.Errorf("they cannot pay any more: %d", a.status)
	}
	if a := v.post("/preferences/stop/undo"); a.status != 303 {
		t.Errorf("undo: %d", a.status)
	}
	statements, err = b.store.AccountStatements(t.Context(), p.account.ID)
	if must(t, err); len(statements[0].Debt.Holds) != 0 {
		t.Errorf("after undo: %+v", statements[0].Debt.Holds)
	}
}

func TestSEC12_ANewEmailIsCheckedAndTheOldContactIsTold(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	b.mailable(t, p)
	v := b.signedIn(t, p)
	v.get("/preferences/new/email")
	if a := v.post("/preferences/new/email", "email", "new@example.org", "zip", "99999"); a.status != 422 || len(b.sent.sent) != 0 {
		t.Fatalf("without the detail: %d", a.status)
	}
	if a := v.post("/preferences/new/email", "email", "not an address", "zip", "45501"); a.status != 422 || !strings.Contains(a.body, `value="not an address"`) {
		t.Errorf("no address: %d", a.status)
	}
	if a := v.post("/preferences/new/email", "email", "ana@cityhall.example", "consent", "yes", "zip", "45501"); a.status != 422 || !strings.Contains(a.body, `name="attest"`) {
		t.Errorf("COM-04 an address at work: %d", a.status)
	}
	a := v.post("/preferences/new/email", "email", "new@example.org", "consent", "yes", "zip", "45501")
	if a.status != 303 || b.newest(t).To != "new@example.org" || b.newest(t).Kind != notice.KindCheck {
		t.Fatalf("asking led to %d %q", a.status, a.location)
	}
	digits := regexp.MustCompile(`\d{6}`).FindString(b.newest(t).Plain)
	v.get(a.location)
	if wrong := v.post(a.location, "code", "12345x"); wrong.status != 422 {
		t.Errorf("wrong digits: %d", wrong.status)
	}
	if account, _ := b.store.Account(t.Context(), p.account.ID); account.Consumer.Email != "ana@example.com" {
		t.Errorf("changed before it was checked: %s", account.Consumer.Email)
	}
	if done := v.post(a.location, "code", digits); done.status != 303 {
		t.Fatalf("right digits: %d %s", done.status, done.body)
	}
	account, err := b.store.Account(t.Context(), p.account.ID)
	if must(t, err); account.Consumer.Email != "new@example.org" {
		t.Errorf("e-mail is %s", account.Consumer.Email)
	}
	if told := b.newest(t); told.To != "ana@example.com" || told.Kind != notice.KindChanged {
		t.Errorf("told %+v", told)
	}
	known, err := b.contacts.Preferences(t.Context(), contact.Person{AccountID: p.account.ID, Email: "new@example.org", State: "OH"}, contact.Email)
	must(t, err)
	if _, why := contact.May(known, contact.Email, b.daytime()); why != "" {
		t.Errorf("the new address: %q", why)
	}
	if again := v.post(a.location, "code", digits); again.status != 303 || !strings.HasSuffix(again.location, "/new/email") {
		t.Errorf("used twice: %d %q", again.status, again.location)
	}
}

func TestAConsumerWritesAndOnlyTheyReadIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	b.mailable(t, p)
	v := b.signedIn(t, p)
	v.get("/messages")
	if a := v.post("/messages", "words", "  "); a.status != 422 {
		t.Errorf("nothing written: %d", a.status)
	}
	if a := v.post("/messages", "words", "Did my check arrive? My card is 4242 4242 4242 4242. <b>Thanks</b>"); a.status != 303 {
		t.Fatalf("writing: %d", a.status)
	}
	page := v.get("/messages?sent=1")
	if !strings.Contains(page.body, "Did my check arrive? My card is •••• 4242. &lt;b&gt;Thanks") {
		t.Errorf("SEC-01 the thread: %s", page.body)
	}
	if a := v.post("/messages", "words", "please stop writing to me"); a.location != "/messages?sent=stopped" {
		t.Errorf("COM-07 a stop in a message led to %q", a.location)
	}
	if why := b.mayMail(t, p); why != contact.OptedOut {
		t.Errorf("after a stop in a message: %q", why)
	}
	other := b.signedIn(t, b.place(t, owing(100)))
	if page := other.get("/messages"); strings.Contains(page.body, "check arrive") {
		t.Error("another reads the thread")
	}
}
