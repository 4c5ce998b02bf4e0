package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"quittance/cmd/demo"
	"quittance/portal/audit"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/outbox"
	"quittance/portal/store/storetest"
)

var (
	formToken = regexp.MustCompile(`name="csrf" value="([^"]+)"`)
	looksAt   = regexp.MustCompile(`data-again="([^"]+)"`)
)

// agent is a browser of the console on a portal that runs.
type agent struct {
	t      *testing.T
	at     string
	client *http.Client
	csrf   string
}

func newAgent(t *testing.T, at string) *agent {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &agent{t: t, at: at, client: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

func (a *agent) do(method, target string, fields url.Values) (int, string) {
	a.t.Helper()
	fields.Set("csrf", a.csrf)
	sent := ""
	if method == http.MethodPost {
		sent = fields.Encode()
	}
	request, err := http.NewRequestWithContext(a.t.Context(), method, a.at+target, strings.NewReader(sent))
	if err != nil {
		a.t.Fatal(err)
	}
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	answer, err := a.client.Do(request)
	if err != nil {
		a.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	if token := formToken.FindSubmatch(body); token != nil {
		a.csrf = string(token[1])
	}
	return answer.StatusCode, string(body)
}

func (a *agent) get(target string) (int, string) { return a.do(http.MethodGet, target, url.Values{}) }

func (a *agent) signIn(email, password string) int {
	a.get("/console/sign-in")
	status, _ := a.do(http.MethodPost, "/console/sign-in", url.Values{"email": {email}, "password": {password}})
	if status != http.StatusSeeOther {
		return status
	}
	status, _ = a.do(http.MethodPost, "/console/code", url.Values{"code": {recoveryCode(a.t, a.at, email)}})
	return status
}

// running are the portals of the tests by address, and the recovery codes that people
// have there: a clock that stands still shows no second code of an app. An address is
// given again once a portal has ended, and what belongs to one portal fits no other.
var running = struct {
	sync.Mutex
	portals map[string]*demo.Rehearsal
	codes   map[person][]string
}{portals: map[string]*demo.Rehearsal{}, codes: map[person][]string{}}

type person struct {
	of    *demo.Rehearsal
	email string
}

// recoveryCode is the next of somebody's ten.
func recoveryCode(t *testing.T, address, email string) string {
	t.Helper()
	running.Lock()
	defer running.Unlock()
	key := person{running.portals[address], strings.ToLower(email)}
	if len(running.codes[key]) == 0 {
		_, codes, err := key.of.Portal.Desk.Issue(t.Context(), email)
		if err != nil {
			t.Fatal(err)
		}
		running.codes[key] = codes
	}
	code := running.codes[key][0]
	running.codes[key] = running.codes[key][1:]
	return code
}

// TestSEC09_APageThatRefreshesItselfIsOneLook of its own session at its own
// account, for a quarter of an hour (F15): whoever looks otherwise is written
// down.
func TestSEC09_APageThatRefreshesItselfIsOneLook(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		const password = "correct horse battery staple"
		for _, email := range []string{"one@acme.example", "two@acme.example"} {
			if _, err := r.Portal.Desk.Add(t.Context(), email, "Pat", password, identity.RoleCollector); err != nil {
				t.Fatal(err)
			}
		}
		looks := func() int {
			t.Helper()
			n := 0
			for _, ref := range []string{"A-1002", "A-1003"} {
				a, _, err := r.Portal.Store.AccountByRef(t.Context(), ref)
				if err != nil {
					t.Fatal(err)
				}
				rows, err := r.Portal.Store.AuditOf(t.Context(), string(a.ID))
				if err != nil {
					t.Fatal(err)
				}
				for _, row := range rows {
					if row.Action == audit.Reading+"account" && strings.HasPrefix(row.Actor, "staff:") {
						n++
					}
				}
			}
			return n
		}
		account := func(ref string) string {
			a, found, err := r.Portal.Store.AccountByRef(t.Context(), ref)
			if err != nil || !found {
				t.Fatalf("%s: %v", ref, err)
			}
			return "/console/accounts/" + string(a.ID)
		}
		open := func(a *agent, target string, written int) string {
			t.Helper()
			before := looks()
			status, body := a.get(target)
			if status != http.StatusOK {
				t.Fatalf("%s: %d", target, status)
			}
			if got := looks() - before; got != written {
				t.Errorf("%s was written down %d times, not %d", target, got, written)
			}
			again := looksAt.FindStringSubmatch(body)
			if again == nil {
				t.Fatalf("%s does not say where it looks again", target)
			}
			return strings.ReplaceAll(again[1], "&amp;", "&")
		}
		one, two := newAgent(t, r.URL), newAgent(t, r.URL)
		one.signIn("one@acme.example", password)
		two.signIn("two@acme.example", password)
		again := open(one, account("A-1002"), 1)
		for range 10 {
			again = open(one, again, 0)
		}
		_, mark, _ := strings.Cut(again, "?")
		open(two, again, 1)                                      // another session
		open(one, account("A-1003")+"?"+mark, 1)                 // another account
		open(one, account("A-1002"), 1)                          // without the mark
		open(one, account("A-1002")+"?look=AAAAAAAAAAAAAAAA", 1) // made up
		r.Clock.Move(15 * time.Minute)
		if status, _ := one.get(again); status != http.StatusOK {
			one.signIn("one@acme.example", password) // the session was idle
		}
		open(one, again, 1)
	})
}

// TestSEC08_WhoIsRefusedIsNamedByHashesAlone: the same visitor and the same
// address can be told, and neither is in the log in the clear (F7, F13).
func TestSEC08_WhoIsRefusedIsNamedByHashesAlone(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		a := newAgent(t, r.URL)
		a.signIn("Sam@acme.example", "wrong password one")
		a.signIn("sam@acme.example", "wrong password two")
		a.signIn("other@acme.example", "wrong password two")
		rows, err := r.Portal.Store.AuditRefused(t.Context(), time.Unix(0, 0), time.Unix(1<<40, 0), 100)
		if err != nil || len(rows) != 3 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		if rows[0].Object != rows[1].Object || rows[1].Object == rows[2].Object || rows[0].Refs[0] != rows[2].Refs[0] {
			t.Errorf("addresses %s %s %s by %s", rows[0].Object, rows[1].Object, rows[2].Object, rows[0].Refs[0])
		}
		for _, row := range rows {
			if text := row.Object + strings.Join(row.Refs, " "); strings.Contains(text, "@") || strings.Contains(text, "127.0.0.1") || row.Action != audit.RefusedSignIn {
				t.Errorf("the log tells %s %s", row.Action, text)
			}
		}
		code := r.Accounts[0].ReferenceCode
		r.comesIn(t, code, "99999")
		rows, err = r.Portal.Store.AuditRefused(t.Context(), time.Unix(0, 0), time.Unix(1<<40, 0), 100)
		if err != nil || len(rows) != 4 {
			t.Fatalf("%d rows once a consumer was refused, %v", len(rows), err)
		}
		if text := rows[3].Object + strings.Join(rows[3].Refs, " "); rows[3].Action != audit.RefusedIdentity || rows[3].Refs[0] != rows[0].Refs[0] || strings.Contains(text, code) || strings.Contains(text, "99999") {
			t.Errorf("of a consumer the log tells %s %s", rows[3].Action, text)
		}
		settings := demo.Settings(r.URL, r.Portal.Config.Stripe.APIURL, "127.0.0.1:1", url)
		settings["PORTAL_SECRET_KEY"] = string(r.Portal.Config.SecretKey)
		days := []string{"-from", "2000-01-01", "-to", "2999-01-01"}
		for filter, want := range map[string]string{"-address=SAM@acme.example": "1 addresses were tried by 1 visitors", "-visitor=127.0.0.1": "3 addresses were tried by 1 visitors", "-visitor=10.9.9.9": "0 addresses"} {
			if said, code := order(t, settings, append([]string{"audit", "refused", filter}, days...)...); code != exitDone || !strings.Contains(said, want) {
				t.Errorf("%s: exit %d: %s", filter, code, said)
			}
		}
	})
}

// TestS11_TheEndsOfTheChainsLeaveTheDatabaseOnceADay to the agency's endpoints
// and to no creditor's (F13).
func TestS11_TheEndsOfTheChainsLeaveTheDatabaseOnceADay(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		sealed := func() int {
			t.Helper()
			if _, err := r.Portal.Link(t.Context()); err != nil {
				t.Fatal(err)
			}
			n, err := r.Portal.SealChains(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if n := sealed(); n < 1 {
			t.Fatalf("%d chains were sealed", n)
		}
		if n := sealed(); n != 0 {
			t.Errorf("%d chains were sealed twice in a day", n)
		}
		r.Clock.Move(24 * time.Hour)
		if n := sealed(); n < 1 {
			t.Errorf("the next day %d chains were sealed", n)
		}
		creditor, _, err := r.Portal.Endpoints.Create(t.Context(), outbox.NewEndpoint{URL: "https://hooks.example.com/creditor", CreditorRef: "mercy"})
		if err != nil {
			t.Fatal(err)
		}
		r.Clock.Move(24 * time.Hour)
		sealed()
		for n := 1; n > 0; {
			if n, err = r.Portal.Sequencer.Step(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		events, err := r.Portal.Store.Feed(t.Context(), debt.AllCreditors(), outbox.FeedQuery{Limit: 10_000})
		if err != nil {
			t.Fatal(err)
		}
		told := 0
		for _, e := range events {
			if e.Type == outbox.AuditSealed {
				told++
			}
		}
		heard, err := r.Portal.Store.Deliveries(t.Context(), creditor.ID, 0, 1000)
		if err != nil || told != 3 || slices.ContainsFunc(heard, func(d outbox.Delivery) bool { return d.Type == outbox.AuditSealed }) {
			t.Errorf("%d events in three days, and a creditor hears %+v, %v", told, heard, err)
		}
		settings := demo.Settings(r.URL, r.Portal.Config.Stripe.APIURL, "127.0.0.1:1", url)
		settings["PORTAL_SECRET_KEY"] = string(r.Portal.Config.SecretKey)
		if said, code := order(t, settings, "audit", "verify"); code != exitDone || !strings.Contains(said, "links are keyed from row 1 on") {
			t.Errorf("exit %d: %s", code, said)
		}
		if said, code := order(t, settings, "audit", "verify", "-head", "audit:1:"+strings.Repeat("00", 32)); code != exitFaults || !strings.Contains(said, "its link is another one than was sealed") {
			t.Errorf("exit %d: %s", code, said)
		}
	})
}
