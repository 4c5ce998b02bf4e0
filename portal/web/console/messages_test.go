package console_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/notice"
	"quittance/portal/talk"
)

// agree lets the agency e-mail the person of an account.
func (b bundle) agree(t *testing.T, a debt.Account, at time.Time) {
	t.Helper()
	must(t, b.thread.Book.Record(t.Context(), contact.Consent{
		AccountID: a.ID, Channel: contact.Email, Basis: contact.DirectConsent, RecordedBy: "consumer", At: at,
	}, a.Consumer.Email))
}

// wrote lets the consumer of an account write.
func (b bundle) wrote(t *testing.T, a debt.Account, words string) {
	t.Helper()
	_, err := b.thread.Write(t.Context(), a.ID, words)
	must(t, err)
}

func TestTheQueueOfThreadsListsWhoWaitsAndAnAnswerTakesThemOff(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account, _ := b.place(t, debt.Active)
	b.agree(t, account, noon.Add(-time.Hour))
	agent := b.signedIn(t, "sam@acme.example")
	if a := agent.get("/console/messages"); a.status != 200 || !strings.Contains(a.body, "Every message is answered.") {
		t.Errorf("an empty queue: %d", a.status)
	}
	b.wrote(t, account, "Did my check arrive? <b>Thanks</b>")
	path := "/console/accounts/" + string(account.ID) + "/messages"
	if a := agent.get("/console/messages"); !strings.Contains(a.body, path) || !strings.Contains(a.body, account.Ref) {
		t.Errorf("the queue: %s", a.body)
	}
	if a := agent.get(path); a.status != 200 || !strings.Contains(a.body, "Did my check arrive? &lt;b&gt;Thanks") {
		t.Errorf("the thread: %d", a.status)
	}
	b.thread.Now = func() time.Time { return noon.Add(time.Second) }
	a := agent.post(path, "words", "Yes, on November 3.")
	if a.status != 200 || !strings.Contains(a.body, "Yes, on November 3.") || !strings.Contains(a.body, "A message tells them so") || *b.sent != 1 {
		t.Errorf("answered with %d, %d sent", a.status, *b.sent)
	}
	if a := agent.get("/console/messages"); strings.Contains(a.body, account.Ref) {
		t.Error("an answered thread still waits")
	}
	if log := b.log.String(); !strings.Contains(log, "answer message") || strings.Contains(log, "November 3") || strings.Contains(log, "check arrive") {
		t.Errorf("log:\n%s", log)
	}
}

func TestS10_ThreadsAndWishesAreForCollectorsAlone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account, _ := b.place(t, debt.Active)
	b.wrote(t, account, "Hello there")
	finance := b.signedIn(t, "fin@acme.example")
	own := "/console/accounts/" + string(account.ID)
	for _, path := range []string{"/console/messages", own + "/messages", "/console/wishes", own + "/wishes"} {
		if a := finance.get(path); a.status != 404 || strings.Contains(a.body, "Hello there") {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	for _, path := range []string{own + "/messages", own + "/wishes"} {
		if a := finance.post(path, "words", "Hi"); a.status != 404 {
			t.Errorf("posting to %s: %d", path, a.status)
		}
	}
	agent := b.signedIn(t, "sam@acme.example")
	if a := agent.get("/console/accounts/acc_other/messages"); a.status != 404 {
		t.Errorf("another's thread: %d", a.status)
	}
}

func TestAnAnswerThatCannotBeTakenKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account, _ := b.place(t, debt.Active)
	agent := b.signedIn(t, "sam@acme.example")
	path := "/console/accounts/" + string(account.ID) + "/messages"
	agent.get(path)
	long := strings.Repeat("é", talk.MostLetters+1)
	for words, kept := range map[string]string{"   ": "", long: long} {
		a := agent.post(path, "words", words)
		if a.status != 422 || !strings.Contains(a.body, "at most 2,000 letters") || !strings.Contains(a.body, kept) || *b.sent != 0 {
			t.Errorf("%d letters: %d", len(words), a.status)
		}
	}
	if a := agent.post(path, "words", strings.Repeat("é", talk.MostLetters)); a.status != 200 {
		t.Errorf("exactly as many: %d", a.status)
	}
	notes, err := b.thread.Read(t.Context(), account.ID)
	if must(t, err); len(notes) != 1 {
		t.Errorf("%d answers were kept", len(notes))
	}
}

// closedBy is a permission that a rule stands against.
type closedBy struct{ rule, reason string }

func (c closedBy) MayWrite(context.Context, debt.AccountID) (string, string, error) {
	return c.rule, c.reason, nil
}

func TestCOM07_AMessageThatMayNotBeSentIsRefusedWithTheRulesNameToTheAgentAndInTheLog(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		close func(b bundle, a debt.Account)
		words string
		rule  string
	}{
		"all contact was ended": {func(b bundle, _ debt.Account) { b.thread.May = closedBy{"COM-10", "cease"} }, "They asked us to stop all contact.", "COM-10"},
		"they opted out": {func(b bundle, a debt.Account) {
			book := b.thread.Book
			book.On = map[contact.Channel]bool{contact.Email: true}
			must(t, book.Stop(t.Context(), a.ID, contact.Email, book.Hash(contact.Email, a.Consumer.Email), "consumer", "mail.stop/1"))
		}, "", "COM-07"},
		"their words are unread": {func(b bundle, a debt.Account) {
			b.thread.Book.On = map[contact.Channel]bool{contact.Email: true}
			must(t, b.thread.Book.Ask(t.Context(), contact.Wish{AccountID: a.ID, OwnWords: []byte("sealed")}))
		}, "", "COM-02"},
	} {
		b := setup(t)
		account, _ := b.place(t, debt.Active)
		b.agree(t, account, noon.Add(-time.Hour))
		c.close(b, account)
		agent := b.signedIn(t, "sam@acme.example")
		path := "/console/accounts/" + string(account.ID) + "/messages"
		agent.get(path)
		a := agent.post(path, "words", "An answer.")
		if a.status != 200 || !strings.Contains(a.body, "No message tells them so:") || !strings.Contains(a.body, "("+c.rule+")") || !strings.Contains(a.body, c.words) || *b.sent != 0 {
			t.Errorf("%s: %d, %d sent\n%s", name, a.status, *b.sent, a.body)
		}
		if again := agent.get(path); !strings.Contains(again.body, "Not sent") {
			t.Errorf("%s: the refusal is not kept", name)
		}
		if log := b.log.String(); !strings.Contains(log, "message refused") || !strings.Contains(log, "rule="+c.rule) {
			t.Errorf("%s: log\n%s", name, log)
		}
	}
}

func TestSMS08_TheAgentSeesOfWhichTextNobodyKnowsWhetherItWent(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account, _ := b.place(t, debt.Active)
	for i, m := range []notice.Outgoing{
		{ID: "msg_1", Channel: contact.SMS, Kind: notice.KindLink, Status: notice.Failed, Problem: notice.ProblemUnknown},
		{ID: "msg_2", Channel: contact.Email, Kind: notice.KindCharge, Status: notice.Failed, Problem: notice.ProblemBounced},
		{ID: "msg_3", Channel: contact.Email, Kind: notice.KindThread, Status: notice.Withheld, Problem: string(contact.OptedOut)},
		{ID: "msg_4", Channel: contact.Email, Kind: notice.KindThread, Status: notice.Sent},
	} {
		m.AccountID, m.CreatedAt, m.Sealed, m.AddressHash = account.ID, noon.Add(time.Duration(i)*time.Minute), []byte("sealed"), []byte("hash")
		m.NextAt = m.CreatedAt
		must(t, b.store.AddOutgoing(t.Context(), m))
	}
	a := b.signedIn(t, "sam@acme.example").get("/console/accounts/" + string(account.ID) + "/messages")
	for _, want := range []string{"nobody knows if it went out. It is not sent again.", "it came back", "held back: They asked us to stop. (COM-07)", "word that an answer waits"} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

func TestCOM02_WordsWaitInAQueueUntilSomebodyMakesThemRules(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account, _ := b.place(t, debt.Active)
	b.agree(t, account, noon.Add(-time.Hour))
	say := func(words string, at time.Time) {
		sealed, err := b.box.Seal([]byte(words), contact.WordsRow(account.ID))
		must(t, err)
		b.thread.Book.Now = func() time.Time { return at }
		must(t, b.thread.Book.Ask(t.Context(), contact.Wish{AccountID: account.ID, RecordedBy: "consumer", OwnWords: sealed, Days: []time.Weekday{time.Sunday}}))
	}
	agent := b.signedIn(t, "kim@acme.example")
	path := "/console/accounts/" + string(account.ID) + "/wishes"
	if a := agent.get("/console/wishes"); a.status != 200 || !strings.Contains(a.body, "Nothing waits.") {
		t.Errorf("an empty queue: %d", a.status)
	}
	if a := agent.get(path); a.status != 404 {
		t.Errorf("of nothing said: %d", a.status)
	}
	say("Never before noon <please>", noon)
	if a := agent.get("/console/wishes"); !strings.Contains(a.body, path) {
		t.Error("it is not in the queue")
	}
	page := agent.get(path)
	if page.status != 200 || !strings.Contains(page.body, "Never before noon &lt;please&gt;") || !strings.Contains(page.body, `id="day0" name="day0" value="yes" checked`) {
		t.Fatalf("the words: %d\n%s", page.status, page.body)
	}
	old := field(t, page.body, "wish")
	if a := agent.post(path, "wish", old, "from", "18", "until", "9"); a.status != 422 || !strings.Contains(a.body, "These hours leave no time.") {
		t.Errorf("no hours: %d", a.status)
	}
	say("Never before noon, and never by text", noon.Add(time.Minute))
	if a := agent.post(path, "wish", old, "from", "12"); a.status != 422 || !strings.Contains(a.body, "never by text") || !strings.Contains(a.body, "Look again.") {
		t.Errorf("words that were replaced: %d", a.status)
	}
	b.thread.Book.Now = func() time.Time { return noon.Add(2 * time.Minute) }
	if a := agent.post(path, "wish", field(t, agent.get(path).body, "wish"), "no_sms", "yes", "from", "12"); a.status != 303 || a.location != "/console/wishes" {
		t.Fatalf("reading: %d %s", a.status, a.body)
	}
	w, err := b.store.Wish(t.Context(), account.ID)
	if must(t, err); w.Unread() || !w.NoSMS || w.From != 12 || w.Until != 21 || len(w.Days) != 1 || !strings.HasPrefix(w.WordsReadBy, "staff:") || w.TextVersion != contact.WordsText {
		t.Errorf("rules %+v", w)
	}
	if a := agent.get("/console/wishes"); strings.Contains(a.body, path) {
		t.Error("it still waits")
	}
	if a := agent.get(path); a.status != 200 || strings.Contains(a.body, "<form class=\"stack\"") {
		t.Errorf("once read: %d", a.status)
	}
	if log := b.log.String(); !strings.Contains(log, "keep wish") || strings.Contains(log, "noon") {
		t.Errorf("log:\n%s", log)
	}
}

// field is the value of a hidden field.
func field(t *testing.T, body, name string) string {
	t.Helper()
	_, after, found := strings.Cut(body, `name="`+name+`" value="`)
	if !found {
		t.Fatalf("there is no field %s", name)
	}
	value, _, _ := strings.Cut(after, `"`)
	return value
}
