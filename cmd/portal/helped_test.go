package main

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"quittance/cmd/app"
	"quittance/cmd/demo"
	"quittance/portal/audit"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/notice"
	"quittance/portal/notice/inbox"
	"quittance/portal/store/storetest"
)

// locked is a portal on which somebody guessed at the code of Ben Okafor.
type locked struct {
	*rehearsal
	t      *testing.T
	id     debt.AccountID
	person demo.Account
	owner  *agent // a browser that Ben was in with before
}

// truth is what everybody reads who was not let in.
const truth = "After a few tries we pause for a while. Wait an hour, or call us."

// lock has Ben sign in and out, and then strangers guess until the code waits.
func lock(t *testing.T, database string) *locked {
	t.Helper()
	l := &locked{rehearsal: rehearse(t, database), t: t}
	for _, a := range l.Accounts {
		if a.Ref == "A-1002" {
			l.person = a
		}
	}
	l.id = debt.AccountID(l.opens(t, l.person.ReferenceCode))
	l.owner = newAgent(t, l.URL)
	if !l.comes(l.owner, l.person.ReferenceCode, l.person.PostalCode) {
		t.Fatal("nobody gets in before there was a guess")
	}
	for i := range identity.RingMisses {
		if l.comes(newAgent(t, l.URL), l.person.ReferenceCode, fmt.Sprint(90000+i)) {
			t.Fatal("a guess opened the account")
		}
		l.Clock.Move([]time.Duration{0, 0, 31 * time.Second, 6 * time.Minute, 0}[i])
	}
	if l.comes(newAgent(t, l.URL), l.person.ReferenceCode, l.person.PostalCode) {
		t.Fatal("after five misses nothing pauses")
	}
	return l
}

// comes goes from the code to the account and says whether the account opened.
func (l *locked) comes(a *agent, code, zip string) bool {
	l.t.Helper()
	a.get("/")
	a.do(http.MethodPost, "/", url.Values{"code": {code}})
	a.get("/verify")
	status, body := a.do(http.MethodPost, "/verify", url.Values{"zip": {zip}})
	if in, _ := a.get("/account"); in == http.StatusOK && status == http.StatusSeeOther {
		return true
	}
	if status != http.StatusUnprocessableEntity || !strings.Contains(body, truth) {
		l.t.Fatalf("who is not let in reads %d\n%s", status, body)
	}
	return false
}

// desk is a browser of the console, signed in.
func (l *locked) desk(role identity.Role) *agent {
	l.t.Helper()
	const password = "correct horse battery staple"
	email := string(role) + "@acme.example"
	if _, err := l.Portal.Desk.Add(l.t.Context(), email, "Pat", password, role); err != nil {
		l.t.Fatal(err)
	}
	a := newAgent(l.t, l.URL)
	if status := a.signIn(email, password); status != http.StatusSeeOther {
		l.t.Fatalf("%s signs in: %d", role, status)
	}
	return a
}

// words are those of the letter with a code.
func (l *locked) words(code, language string) string {
	l.t.Helper()
	parsed, err := identity.ParseCode(code)
	if err != nil {
		l.t.Fatal(err)
	}
	return strings.Join(l.Portal.Phrases.OfCodeHash(l.Portal.Codes.Hash(parsed), language), " ")
}

// heard are the messages about the sign-in that went to Ben.
func (l *locked) heard() []inbox.Item {
	l.t.Helper()
	if _, err := l.Portal.Notices.Run(l.t.Context()); err != nil {
		l.t.Fatal(err)
	}
	all, err := l.Phone.Items(l.t.Context(), 1000)
	if err != nil {
		l.t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(i inbox.Item) bool { return i.Stored.AccountID != l.id || i.Stored.Kind != notice.KindAccess })
}

// noted counts the rows of the audit about Ben's account.
func (l *locked) noted(action, actor string) (n int) {
	l.t.Helper()
	rows, err := l.Portal.Store.AuditOf(l.t.Context(), string(l.id))
	if err != nil {
		l.t.Fatal(err)
	}
	for _, row := range rows {
		if row.Action == action && strings.HasPrefix(row.Actor, actor) {
			n++
		}
	}
	return n
}

// measured is what a monitor reads.
func (l *locked) measured() string {
	l.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		l.t.Fatal(err)
	}
	l.Clock.Move(app.DoorsFor) // one reading serves for so long
	go func() { _ = l.Portal.Metrics.Serve(l.t.Context(), listener, l.Portal.Store.Ping) }()
	return string(fetch(l.t, "http://"+listener.Addr().String()+"/metrics"))
}

// tells reports what a page or a text lacks.
func (l *locked) tells(what, text string, wants ...string) {
	l.t.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			l.t.Errorf("%s lacks %q:\n%s", what, want, text[max(0, len(text)-4000):])
		}
	}
}

// TestSEC08_GuessesAtACodeRingInTheConsoleAndInTheMetrics after misses that were
// made on the consumer's own page.
func TestSEC08_GuessesAtACodeRingInTheConsoleAndInTheMetrics(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		l := lock(t, database)
		nobody, _, _ := l.Portal.Codes.New()
		l.comes(newAgent(t, l.URL), nobody, "45501")
		l.comes(newAgent(t, l.URL), nobody, "45502")
		l.tells("/metrics", l.measured(), "portal_sign_in_failures 5\n", "portal_sign_in_budget 500\n", "portal_sign_in_nobody 2\n", "portal_sign_in_paused 1\n", "portal_codes_under_guessing 1\n")
		page := "/console/accounts/" + string(l.id) + "/access"
		desk := l.desk(identity.RoleCollector)
		_, home := desk.get("/console")
		l.tells("the first page", home, "Somebody guesses at codes.", `href="/console/sign-ins"`)
		_, doors := desk.get("/console/sign-ins")
		l.tells("the page of the doors", doors, "<dd>5 / 500</dd>", "<dd>2</dd>", "<dd>1</dd>", `<a href="`+page+`">A-1002</a>`, `<td class="number">5</td>`)
		_, access := desk.get(page)
		l.tells("the page of the account", access, "A-1002", "Ben Okafor", l.person.ReferenceCode, l.words(l.person.ReferenceCode, "en"), l.words(l.person.ReferenceCode, "es"), "<dd>5</dd>", "They can try again after 60 minutes.")
		if n := l.noted(audit.Reading+"code", "staff:"); n != 1 {
			t.Errorf("the log has %d looks at the code, want 1", n)
		}
		desk.do(http.MethodPost, page+"/clear", url.Values{})
		_, home = desk.get("/console")
		_, doors = desk.get("/console/sign-ins")
		if strings.Contains(home, "Somebody guesses") || strings.Contains(doors, "A-1002") || !strings.Contains(doors, "None in the last day.") {
			t.Errorf("it rings on after somebody helped:\n%s\n%s", home, doors)
		}
		l.tells("/metrics", l.measured(), "portal_codes_under_guessing 0\n", "portal_sign_in_failures 5\n")
	})
}

// TestSEC07_ACollectorLetsALockedPersonInAtOnce who is told of it at the contact
// on file, and not of the code.
func TestSEC07_ACollectorLetsALockedPersonInAtOnce(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		l := lock(t, database)
		page := "/console/accounts/" + string(l.id) + "/access"
		desk := l.desk(identity.RoleCollector)
		desk.get(page)
		if status, _ := desk.do(http.MethodPost, page+"/clear", url.Values{}); status != http.StatusSeeOther {
			t.Fatalf("clearing: %d", status)
		}
		if !l.comes(newAgent(t, l.URL), l.person.ReferenceCode, l.person.PostalCode) {
			t.Error("the person is not in")
		}
		_, after := desk.get(page)
		l.tells("the page of the account", after, "<dd>0</dd>", l.person.ReferenceCode)
		if strings.Contains(after, "They can try again after") {
			t.Error("the page names a pause that is over")
		}
		heard := l.heard()
		if len(heard) != 1 || !strings.Contains(heard[0].Plain, "opened again") || strings.Contains(heard[0].Plain, l.person.ReferenceCode) || heard[0].Stored.Status != notice.Sent {
			t.Errorf("the person heard %+v", heard)
		}
		if l.noted("console.clear_misses", "staff:") != 1 || l.noted("console.renew_code", "staff:") != 0 {
			t.Error("who cleared the misses is not in the log once")
		}
	})
}

// TestSEC07_ANewCodeTakesThePlaceOfTheOldOne that opens nothing any more, also
// not in a browser that was in with it.
func TestSEC07_ANewCodeTakesThePlaceOfTheOldOne(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		l := lock(t, database)
		page := "/console/accounts/" + string(l.id) + "/access"
		desk := l.desk(identity.RoleCollector)
		desk.get(page)
		if status, _ := desk.do(http.MethodPost, page+"/renew", url.Values{}); status != http.StatusSeeOther {
			t.Fatalf("renewing: %d", status)
		}
		letter, err := l.Portal.Codebook().ReferenceCode(t.Context(), l.person.Ref)
		if err != nil || letter.Code == l.person.ReferenceCode {
			t.Fatalf("the new code is %q, %v", letter.Code, err)
		}
		_, access := desk.get(page)
		l.tells("the page of the account", access, letter.Code, l.words(letter.Code, "en"), l.words(letter.Code, "es"), "<dd>0</dd>")
		if strings.Contains(access, l.person.ReferenceCode) {
			t.Error("the page shows the old code")
		}
		l.Clock.Move(2 * time.Hour) // no pause is behind what follows, and no session
		for name, a := range map[string]*agent{"a stranger's browser": newAgent(t, l.URL), "the owner's browser": l.owner} {
			if l.comes(a, l.person.ReferenceCode, l.person.PostalCode) {
				t.Errorf("the old code opens the account in %s", name)
			}
		}
		if !l.comes(newAgent(t, l.URL), letter.Code, l.person.PostalCode) {
			t.Error("the new code opens nothing")
		}
		heard := l.heard()
		if len(heard) != 1 || !strings.Contains(heard[0].Plain, "new code") || strings.Contains(heard[0].Plain, letter.Code) || strings.Contains(heard[0].Plain, l.person.ReferenceCode) {
			t.Errorf("the person heard %+v", heard)
		}
		if l.noted("console.renew_code", "staff:") != 1 {
			t.Error("who renewed the code is not in the log once")
		}
	})
}

// TestS10_CollectorsAloneOpenTheDoorsOfConsumers: to others the pages do not
// exist, and a form of another site moves nothing.
func TestS10_CollectorsAloneOpenTheDoorsOfConsumers(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		l := lock(t, database)
		page := "/console/accounts/" + string(l.id) + "/access"
		nothing := func(who string, status, want int, body string) {
			t.Helper()
			if status != want || strings.Contains(body, l.person.ReferenceCode) || strings.Contains(body, "A-1002") {
				t.Errorf("%s: %d, want %d", who, status, want)
			}
		}
		for _, role := range identity.Roles {
			if role == identity.RoleCollector || role == identity.RoleSupervisor {
				continue
			}
			a := l.desk(role)
			a.get("/console")
			for _, target := range []string{page, "/console/sign-ins"} {
				status, body := a.get(target)
				nothing(string(role)+" "+target, status, http.StatusNotFound, body)
			}
			for _, do := range []string{"/clear", "/renew"} {
				status, body := a.do(http.MethodPost, page+do, url.Values{})
				nothing(string(role)+do, status, http.StatusNotFound, body)
			}
		}
		for _, a := range []*agent{newAgent(t, l.URL), l.owner} { // nobody, and a consumer
			for _, target := range []string{page, "/console/sign-ins"} {
				status, body := a.get(target)
				nothing("without a session "+target, status, http.StatusSeeOther, body)
			}
		}
		desk := l.desk(identity.RoleCollector)
		desk.get(page)
		for _, do := range []string{"/clear", "/renew"} {
			desk.csrf = "made up"
			status, body := desk.do(http.MethodPost, page+do, url.Values{})
			nothing("another site"+do, status, http.StatusForbidden, body)
		}
		if status, _ := desk.get("/console/accounts/acc_other/access"); status != http.StatusNotFound {
			t.Errorf("of an account that is not there: %d", status)
		}
		if l.opens(t, l.person.ReferenceCode) != string(l.id) || l.comes(newAgent(t, l.URL), l.person.ReferenceCode, l.person.PostalCode) {
			t.Error("the code or its misses moved")
		}
		if heard := l.heard(); len(heard) != 0 {
			t.Errorf("the person heard %+v", heard)
		}
	})
}

// TestREC01_PagesOfAnErasedAccountAreThereOrAreNot but none of them breaks.
func TestREC01_PagesOfAnErasedAccountAreThereOrAreNot(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		l := &locked{rehearsal: rehearse(t, database), t: t}
		id := string(l.live(t, "A-1002"))
		if _, err := l.Portal.Store.EraseAccount(t.Context(), id, l.Clock.Now()); err != nil {
			t.Fatal(err)
		}
		server, err := l.Portal.Server()
		if err != nil {
			t.Fatal(err)
		}
		desk, asked := l.desk(identity.RoleCollector), 0
		desk.get("/console")
		for _, route := range server.Routes() {
			if !strings.HasPrefix(route.Pattern, "/console/accounts/:id") {
				continue
			}
			asked++
			target := strings.NewReplacer(":id", id, ":number", "1", ":representative", "rep_1").Replace(route.Pattern)
			status, body := desk.do(route.Method, target, url.Values{})
			if status >= http.StatusInternalServerError || strings.Contains(body, "Okafor") {
				t.Errorf("%s %s: %d", route.Method, route.Pattern, status)
			}
			if strings.Contains(route.Pattern, "/access") && status != http.StatusNotFound {
				t.Errorf("%s %s: %d, and there is nobody to let in", route.Method, route.Pattern, status)
			}
		}
		if asked < 10 {
			t.Errorf("only %d pages were asked for", asked)
		}
	})
}

// command runs a command on the database of a portal that runs.
func (l *locked) command(database string, args ...string) (string, int) {
	settings := demo.Settings(l.URL, l.Portal.Config.Stripe.APIURL, "127.0.0.1:1", database)
	settings["PORTAL_SECRET_KEY"] = string(l.Portal.Config.SecretKey)
	settings["PORTAL_SMTP_URL"] = "smtp://127.0.0.1:1"
	return order(l.t, settings, args...)
}

// TestSEC07_ACommandUnlocksAndRenewsACode by the agency's own number.
func TestSEC07_ACommandUnlocksAndRenewsACode(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		l := lock(t, database)
		gone := debt.AccountID(l.opens(t, l.Accounts[2].ReferenceCode))
		if _, err := l.Portal.Store.EraseAccount(t.Context(), string(gone), l.Clock.Now()); err != nil {
			t.Fatal(err)
		}
		for _, do := range []string{"unlock", "renew"} {
			for _, ref := range []string{"A-9999", l.Accounts[2].Ref, l.person.ReferenceCode} {
				if said, code := l.command(database, "codes", do, ref); code != exitFaults || !strings.Contains(said, "no account with this number has a code") {
					t.Errorf("%s %s: exit %d: %s", do, ref, code, said)
				}
			}
			for _, args := range [][]string{{"codes", do}, {"codes", do, "A-1002", "A-1003"}} {
				if said, code := l.command(database, args...); code != exitUsage || !strings.Contains(said, "portal codes "+do+" ACCOUNT_REF") {
					t.Errorf("%q: exit %d: %s", args, code, said)
				}
			}
		}
		if l.comes(newAgent(t, l.URL), l.person.ReferenceCode, l.person.PostalCode) || len(l.heard()) != 0 {
			t.Fatal("a command that failed moved something")
		}

		if said, code := l.command(database, "codes", "unlock", "A-1002"); code != exitDone || strings.Contains(said, l.person.ReferenceCode) {
			t.Errorf("unlock: exit %d: %s", code, said)
		}
		if !l.comes(newAgent(t, l.URL), l.person.ReferenceCode, l.person.PostalCode) {
			t.Error("unlocked, and the person is not in")
		}
		if said, code := l.command(database, "codes", "renew", "A-1002"); code != exitDone || strings.Contains(said, l.person.ReferenceCode) {
			t.Errorf("renew: exit %d: %s", code, said)
		}
		letter, err := l.Portal.Codebook().ReferenceCode(t.Context(), l.person.Ref)
		if err != nil {
			t.Fatal(err)
		}
		if l.comes(newAgent(t, l.URL), l.person.ReferenceCode, l.person.PostalCode) || !l.comes(newAgent(t, l.URL), letter.Code, l.person.PostalCode) {
			t.Error("the old code opens the account, or the new one does not")
		}
		heard := l.heard()
		if len(heard) != 2 || !strings.Contains(heard[0].Plain+heard[1].Plain, "opened again") || !strings.Contains(heard[0].Plain+heard[1].Plain, "new code") {
			t.Errorf("the person heard %+v", heard)
		}
		if l.noted("code.unlocked", "command") != 1 || l.noted("code.renewed", "command") != 1 {
			t.Error("the commands are not in the log once each")
		}
	})
}

// TestSEC07_ACommandLetsAColleagueTryAgain who mistyped the password where they
// sit.
func TestSEC07_ACommandLetsAColleagueTryAgain(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		l := &locked{rehearsal: rehearse(t, database), t: t}
		who := l.Staff[0]
		for i := range 5 {
			if status := newAgent(t, l.URL).signIn(who.Email, fmt.Sprintf("a wrong password %d", i)); status != http.StatusUnprocessableEntity {
				t.Fatalf("a wrong password: %d", status)
			}
			l.Clock.Move([]time.Duration{0, 0, 31 * time.Second, 6 * time.Minute, 0}[i])
		}
		tries := func() int { return newAgent(t, l.URL).signIn(who.Email, who.Password) }
		if status := tries(); status != http.StatusUnprocessableEntity {
			t.Fatalf("after five misses nothing pauses: %d", status)
		}
		for want, args := range map[string][]string{
			"nobody has this address: see portal staff list": {"staff", "unlock", "nobody@acme.example"},
			"portal staff unlock ADDRESS":                    {"staff", "unlock"},
		} {
			said, code := l.command(database, args...)
			if wants := map[bool]int{true: exitFaults, false: exitUsage}[len(args) == 3]; code != wants || !strings.Contains(said, want) {
				t.Errorf("%q: exit %d: %s", args, code, said)
			}
		}
		if status := tries(); status != http.StatusUnprocessableEntity {
			t.Fatalf("a command that failed unlocked: %d", status)
		}
		if said, code := l.command(database, "staff", "unlock", strings.ToUpper(who.Email[:1])+who.Email[1:]); code != exitDone {
			t.Errorf("exit %d: %s", code, said)
		}
		if status := tries(); status != http.StatusSeeOther {
			t.Errorf("unlocked, and the colleague is not in: %d", status)
		}
		rows, err := l.Portal.Store.LooseAudit(t.Context(), 10_000)
		if err != nil || !slices.ContainsFunc(rows, func(e audit.Stored) bool {
			return e.Action == "staff.unlocked" && e.Actor == "command" && strings.HasPrefix(e.Object, "stf_")
		}) {
			t.Errorf("the command is not in the log, %v", err)
		}
	})
}
