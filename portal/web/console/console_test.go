package console_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"quittance/frontend"
	"quittance/frontend/layouts"
	"quittance/frontend/locale"
	"quittance/payments"
	"quittance/payments/ledger"
	"quittance/payments/money"
	"quittance/plans/civil"
	"quittance/portal/alert"
	"quittance/portal/audit"
	"quittance/portal/contact"
	"quittance/portal/credit"
	"quittance/portal/debt"
	"quittance/portal/dispute"
	"quittance/portal/evidence"
	"quittance/portal/gate"
	"quittance/portal/held"
	"quittance/portal/hold"
	"quittance/portal/identity"
	_ "quittance/portal/identity/identitytest" // hashes cost nothing here
	"quittance/portal/intake"
	"quittance/portal/notice"
	"quittance/portal/outbox"
	"quittance/portal/pack/packtest"
	"quittance/portal/represent"
	"quittance/portal/retention"
	"quittance/portal/seal"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
	"quittance/portal/talk"
	"quittance/portal/web"
	"quittance/portal/web/console"
)

// bundle is the console on a real store, at three in the afternoon in Ohio.
type bundle struct {
	*web.Server
	store    *store.Store
	codes    *identity.Codes
	links    *identity.Links
	claims   *waiting
	owing    *owing
	disputes *dispute.Service
	log      *strings.Builder
	sent     *int
	box      *seal.Box
	thread   *talk.Thread
	door     *identity.Desk
	recovery map[string][]string // of people of the console
}

const password = "correct horse battery staple"

var noon = time.Date(2026, time.November, 20, 20, 0, 0, 0, time.UTC)

func setup(t *testing.T) bundle {
	t.Helper()
	s := storetest.SQLite(t)
	b := bundle{store: s, log: &strings.Builder{}, sent: new(int), claims: &waiting{}, owing: &owing{}, disputes: disputing(t, s), recovery: map[string][]string{}}
	now := func() time.Time { return noon }
	keys, err := identity.NewKeys(key)
	must(t, err)
	b.codes, err = identity.NewCodes(keys)
	must(t, err)
	sessions := identity.NewSessions(s, identity.Collector, nil, keys, now)
	door := identity.NewDesk(s, s, s, sessions, keys, now)
	b.door = door
	for email, role := range map[string]identity.Role{
		"sam@acme.example": identity.RoleCollector, "fin@acme.example": identity.RoleFinance, "kim@acme.example": identity.RoleCompliance,
	} {
		_, err = door.Add(t.Context(), email, "Sam Agent", password, role)
		must(t, err)
	}
	log := slog.New(slog.NewTextHandler(b.log, nil))
	box, err := seal.New(map[byte][]byte{1: key("seal")})
	must(t, err)
	b.box = box
	book := &contact.Book{Tx: s, Store: s, Wishes: s, Stops: s, Refusals: s, Key: key("contact"), On: map[contact.Channel]bool{contact.SMS: true, contact.Email: true}, Now: now}
	b.links = &identity.Links{
		Tx: s, Store: s, People: s, Book: book, Permission: allowed{}, Messages: counted{b.sent}, Words: words{},
		Phrases: identity.NewPhrases(keys, b.codes, s), Keys: keys, PublicURL: "http://pay.example", Now: now,
		Sessions: identity.NewSessions(s, identity.Consumers, nil, keys, now),
	}
	printed, err := locale.Load()
	must(t, err)
	assets, err := frontend.Load("")
	must(t, err)
	b.thread = &talk.Thread{Tx: s, Notes: s, Sealer: box, Book: book, People: s, May: allowed{}, Queue: counted{b.sent}, Words: words{}, Teller: unheard{}, Now: now}
	pages := &console.Pages{
		Thread: b.thread, Messages: s, Accounts: s, Law: packtest.Everywhere(), Audit: &audit.Log{Store: s, Now: now}, Refusals: &audit.Refusals{Log: &audit.Log{Store: s, Now: now}, Key: key("refusals")}, LookKey: key("look"), Sights: s, Holds: &retention.Holds{Store: s}, Claims: b.claims, Notices: b.owing, Letters: b.owing, Disputes: b.disputes, People: s, Webhooks: store.History{Store: s}, Codes: b.codes, Links: b.links, Door: door, Sessions: sessions,
		Representatives: &represent.Service{
			Tx: s, Store: s, Codes: b.codes, Fits: &gate.Keeper{Records: s, Law: packtest.Everywhere(), Now: now}, Sessions: s, Factor: "postal_code", Now: now,
			NewID: func() represent.ID { return represent.ID("rep_" + rand.Text()) },
		},
		Rows:    &intake.Desk{Tx: s, Store: s, Holds: &hold.Service{Tx: s, Store: s, Now: now, NewID: func() string { return "hld_" + rand.Text() }}, Now: now},
		Credits: &credit.Desk{Store: s, Books: s, Orders: s, Now: now, Zone: time.UTC, Days: 7},
		Refunds: &payments.Service{}, Paid: s, Stopper: &payments.Service{Tx: s, Store: s, Now: now},
		Alerts: &alert.Desk{Store: s, Log: log, Now: now}, Held: &held.Service{Tx: s, Store: s, Zone: time.UTC, Days: 7, Now: now},
		Access: &identity.Verifier{Tx: s, People: s, Attempts: s, Tallies: s, Codes: b.codes, Keys: keys, Now: now, Book: book, Messages: counted{b.sent}, AccessWords: words{}},
		Doors:  s,
		Outbox: &outbox.Desk{Tx: s, Store: s, Now: now}, Zone: time.UTC, Now: now, Log: log,
	}
	b.Server, err = web.New(web.Config{
		PublicURL: "http://pay.example", Words: printed, Assets: assets, Staff: sessions, Log: log, Now: now, Metrics: web.NewMetrics(),
		Processor: web.Processor{ScriptURL: "https://js.stripe.com/v3/", APIURL: "https://api.stripe.com"},
		Agency:    func(string) layouts.Agency { return layouts.Agency{Name: "Acme Services"} },
		FormKey:   key("form"), KeptKey: key("kept"),
	}, nil, pages.Routes()...)
	must(t, err)
	return b
}

func key(purpose string) []byte {
	return fmt.Appendf(nil, "%-32.32s", purpose+"-key-of-the-tests-0123456789abcdef")
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

type allowed struct{}

func (allowed) MayWrite(context.Context, debt.AccountID) (string, string, error) { return "", "", nil }

type counted struct{ n *int }

func (c counted) Add(context.Context, notice.Message) (string, error) { *c.n++; return "msg_1", nil }

type words struct{}

func (words) LinkText(string, contact.Channel, identity.LinkWords) (notice.Text, error) {
	return notice.Text{Plain: "x"}, nil
}

func (words) AccessText(_ string, _ contact.Channel, renewed bool) (notice.Text, error) {
	return notice.Text{Plain: fmt.Sprint("access renewed ", renewed)}, nil
}

func (words) StepUpText(string, contact.Channel, string) (notice.Text, error) {
	return notice.Text{Plain: "x"}, nil
}

func (words) WaitingText(string, contact.Channel) (notice.Text, error) {
	return notice.Text{Plain: "x"}, nil
}

// unheard is a system of record that nobody tells anything.
type unheard struct{}

func (unheard) ConsumerWrote(context.Context, talk.Note) error { return nil }

// place brings in one account with one debt and returns it with its code.
func (b bundle) place(t *testing.T, status debt.Status) (debt.Account, string) {
	t.Helper()
	id := rand.Text()
	account := debt.Account{ID: debt.AccountID("acc_" + id), Ref: "REF-" + id[:6], Consumer: debt.Consumer{
		FirstName: "Ana", LastName: "Garcia", Phone: "+19375550142", Email: "ana@example.com", Language: "en",
		Address: debt.Address{Line1: "1 Main St", City: "Dayton", State: "OH", PostalCode: "45501"},
	}}
	const owed money.Cents = 15000
	d := debt.Debt{
		ID: debt.ID("dbt_" + id), AccountID: account.ID, Ref: "D-" + id[:6], CreditorRef: "mercy", CreditorName: "Mercy Clinic",
		Type: debt.Medical, Status: status, Snapshot: debt.Snapshot{Balance: owed, AsOf: noon.AddDate(0, 0, -1), Version: 1},
		Itemization: debt.Itemization{Type: debt.ChargeOff, Date: civil.Date{Year: 2025, Month: 3, Day: 31}, Amount: owed},
	}
	code, hash, sealed := b.codes.New()
	must(t, b.store.InTx(t.Context(), func(ctx context.Context) error {
		return b.store.SavePlacements(ctx, intake.Batch{
			At: noon, NewDebts: []debt.Debt{d}, NewAccounts: []intake.NewAccount{{Account: account, CodeHash: hash, CodeSealed: sealed}},
			Transfers: []ledger.Transfer{{ID: "placement/" + id, Kind: ledger.Placement, At: noon, Entries: []ledger.Entry{
				{Account: ledger.Debt(string(d.ID)), Amount: owed}, {Account: ledger.Placed("mercy"), Amount: -owed},
			}}},
		})
	}))
	return account, code
}

// desk is one collector's browser.
type desk struct {
	files   bool // its forms carry files
	t       *testing.T
	b       bundle
	cookies map[string]string
	csrf    string
}

type answer struct {
	status         int
	location, body string
}

var csrfField = regexp.MustCompile(`name="csrf" value="([^"]*)"`)

func (d *desk) send(method, target string, fields ...string) answer {
	d.t.Helper()
	form := url.Values{"csrf": {d.csrf}}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	body, kind := "", ""
	if method == http.MethodPost {
		body, kind = form.Encode(), "application/x-www-form-urlencoded"
	}
	if method == http.MethodPost && d.files {
		body, kind = multipartOf(d.t, form)
	}
	return d.sendBody(method, target, kind, body)
}

func (d *desk) sendBody(method, target, kind, body string) answer {
	d.t.Helper()
	request := httptest.NewRequest(method, target, strings.NewReader(body))
	if kind != "" {
		request.Header.Set("Content-Type", kind)
	}
	for name, value := range d.cookies {
		request.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	response, err := d.b.Test(request)
	must(d.t, err)
	defer response.Body.Close()
	all, err := io.ReadAll(response.Body)
	must(d.t, err)
	for _, c := range response.Cookies() {
		d.cookies[c.Name] = c.Value
	}
	if found := csrfField.FindSubmatch(all); found != nil {
		d.csrf = string(found[1])
	}
	return answer{response.StatusCode, response.Header.Get("Location"), string(all)}
}

func (d *desk) get(target string) answer { return d.send(http.MethodGet, target) }

// multipartOf writes a form as one that carries files is sent.
func multipartOf(t *testing.T, form url.Values) (body, kind string) {
	t.Helper()
	var out strings.Builder
	w := multipart.NewWriter(&out)
	for name, values := range form {
		if err := w.WriteField(name, values[0]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String(), w.FormDataContentType()
}

func (d *desk) post(target string, fields ...string) answer {
	return d.send(http.MethodPost, target, fields...)
}

func (b bundle) desk(t *testing.T) *desk {
	return &desk{t: t, b: b, cookies: map[string]string{}}
}

func (b bundle) signedIn(t *testing.T, email string) *desk {
	t.Helper()
	d := b.desk(t)
	d.get("/console/sign-in")
	d.signsIn(email)
	if a := d.get("/console"); a.status != 200 {
		t.Fatalf("the console: %d", a.status)
	}
	return d
}

// signsIn shows both factors: the second is a recovery code.
func (d *desk) signsIn(email string) {
	d.t.Helper()
	if a := d.post("/console/sign-in", "email", email, "password", password); a.location != "/console/code" {
		d.t.Fatalf("the password led to %d %q", a.status, a.location)
	}
	if len(d.b.recovery[email]) == 0 {
		_, codes, err := d.b.door.Issue(d.t.Context(), email)
		must(d.t, err)
		d.b.recovery[email] = codes
	}
	code := d.b.recovery[email][0]
	d.b.recovery[email] = d.b.recovery[email][1:]
	if a := d.post("/console/code", "code", code); a.location != "/console/security?by=recovery" {
		d.t.Fatalf("the code led to %d %q", a.status, a.location)
	}
}

func TestTheConsoleIsClosedWithoutASession(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, route := range b.Routes() {
		if route.Access != web.Staff {
			continue
		}
		d := b.desk(t)
		d.files = route.Body == web.FilesBody
		a := d.send(route.Method, strings.Replace(route.Pattern, ":id", "acc_1", 1))
		if a.status != 303 || a.location != "/console/sign-in" {
			t.Errorf("%s %s: %d %q", route.Method, route.Pattern, a.status, a.location)
		}
	}
	d := b.desk(t)
	d.get("/console/sign-in")
	for email, word := range map[string]string{"sam@acme.example": "wrong", "nobody@acme.example": password, "": ""} {
		if a := d.post("/console/sign-in", "email", email, "password", word); a.status != 422 || strings.Contains(a.body, password) {
			t.Errorf("%q: %d", email, a.status)
		}
	}
}

// opensTo is who opens what besides the pages of their own sign-in, which all do. Who
// collects decides nothing that stands against collecting.
var opensTo = map[string]string{
	"GET /console": "collector supervisor compliance finance admin",

	"POST /console/search":                      "collector supervisor compliance",
	"GET /console/accounts/:id":                 "collector supervisor compliance",
	"GET /console/accounts/:id/seen":            "collector supervisor compliance",
	"GET /console/accounts/:id/seen/:number":    "collector supervisor compliance",
	"GET /console/accounts/:id/messages":        "collector supervisor compliance",
	"GET /console/accounts/:id/representatives": "collector supervisor compliance",

	"POST /console/accounts/:id/links":    "collector supervisor",
	"POST /console/accounts/:id/messages": "collector supervisor",

	"POST /console/accounts/:id/payments/:payment/stop": "collector supervisor",

	"GET /console/messages":                   "collector supervisor",
	"GET /console/sign-ins":                   "collector supervisor",
	"GET /console/accounts/:id/access":        "collector supervisor",
	"POST /console/accounts/:id/access/clear": "collector supervisor",
	"POST /console/accounts/:id/access/renew": "collector supervisor",

	"POST /console/accounts/:id/representatives":                     "compliance",
	"POST /console/accounts/:id/representatives/:representative/end": "compliance",
	"GET /console/claims":                   "compliance",
	"GET /console/claims/:id/files/:file":   "compliance",
	"GET /console/disputes":                 "compliance",
	"GET /console/disputes/:id":             "compliance",
	"POST /console/disputes/:id":            "compliance",
	"POST /console/disputes/:id/close":      "compliance",
	"GET /console/disputes/:id/files/:file": "compliance",
	"GET /console/rows":                     "compliance",
	"POST /console/rows":                    "compliance",
	"GET /console/notices":                  "compliance",
	"GET /console/wishes":                   "compliance",
	"GET /console/accounts/:id/wishes":      "compliance",
	"POST /console/accounts/:id/wishes":     "compliance",

	"GET /console/webhooks":         "finance admin",
	"POST /console/webhooks/replay": "finance admin",
	"GET /console/alerts":           "finance admin",
	"POST /console/alerts":          "finance admin",
	"GET /console/held":             "finance admin",
	"POST /console/held":            "finance admin",
	"GET /console/credits":          "finance admin",
	"POST /console/credits/:id":     "finance admin",
	"GET /console/refunds":          "finance admin",
	"POST /console/refunds":         "finance admin",
}

// TestS10_EachRoleOpensItsOwn asks each address as each role. To others it does not
// exist, and nothing was asked; each denial has its twin: the same address and fields are
// let in to another role. The bar leads to what one opens, and nowhere else.
func TestS10_EachRoleOpensItsOwn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := b.disputed(t, dispute.Filing{Kind: dispute.OfDebt, Reasons: []dispute.Reason{dispute.NotMine}})
	sealed, err := b.box.Seal([]byte("never before noon"), contact.WordsRow(d.AccountID))
	must(t, err)
	must(t, b.thread.Book.Ask(t.Context(), contact.Wish{AccountID: d.AccountID, RecordedBy: "consumer", OwnWords: sealed}))
	let := map[string][]string{}
	for _, role := range identity.Roles {
		email := string(role) + "@acme.example"
		_, err := b.door.Add(t.Context(), email, "Pat Agent", password, role)
		must(t, err)
		agent := b.signedIn(t, email)
		for _, route := range b.Routes() {
			if route.Access != web.Staff {
				continue
			}
			name := route.Method + " " + route.Pattern
			if _, listed := opensTo[name]; !listed {
				continue
			}
			id := string(d.AccountID)
			if strings.Contains(route.Pattern, "disputes") {
				id = string(d.ID)
			}
			agent.files = route.Body == web.FilesBody
			before := len(b.written(t))
			a := agent.send(route.Method, strings.Replace(route.Pattern, ":id", id, 1))
			asked := slices.ContainsFunc(b.written(t)[before:], func(r audit.Stored) bool { return r.Action == "console.asked" })
			if route.Method == http.MethodPost && asked || route.Method == http.MethodGet && a.status == http.StatusOK {
				let[name] = append(let[name], string(role))
			} else if a.status != http.StatusNotFound {
				t.Errorf("%s as %s: %d", name, role, a.status)
			}
		}
		agent.files = false
		home := agent.get("/console").body
		for _, route := range b.Routes() {
			listed, ok := opensTo[route.Method+" "+route.Pattern]
			if !ok || route.Method != http.MethodGet || strings.Contains(route.Pattern, ":") || slices.Contains([]string{"/console/sign-ins", "/console/refunds"}, route.Pattern) {
				continue // not in the bar
			}
			if leads := strings.Contains(bar(home), `href="`+route.Pattern+`"`); leads != slices.Contains(strings.Fields(listed), string(role)) {
				t.Errorf("the bar of %s leads to %s: %v", role, route.Pattern, leads)
			}
		}
	}
	// Their objects are others' tests.
	for _, name := range []string{"GET /console/accounts/:id/seen/:number", "GET /console/claims/:id/files/:file", "GET /console/disputes/:id/files/:file"} {
		if len(let[name]) != 0 {
			t.Errorf("%s has an object", name)
		}
		let[name] = strings.Fields(opensTo[name])
	}
	for name, want := range opensTo {
		if got := strings.Join(let[name], " "); got != want {
			t.Errorf("%s opens to %q, want %q", name, got, want)
		}
	}
	for _, route := range b.Routes() {
		own := slices.ContainsFunc([]string{"/console/sign-out", "/console/security", "/console/password"}, func(p string) bool { return strings.HasPrefix(route.Pattern, p) })
		if _, listed := opensTo[route.Method+" "+route.Pattern]; route.Access == web.Staff && !listed && !own {
			t.Errorf("%s %s is not in the table", route.Method, route.Pattern)
		}
	}
}

// bar is the part of a page that leads elsewhere.
func bar(page string) string {
	_, rest, _ := strings.Cut(page, "<nav")
	nav, _, _ := strings.Cut(rest, "</nav>")
	return nav
}

func TestACollectorFindsAnAccountAndIsRecorded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account, code := b.place(t, debt.Active)
	d := b.signedIn(t, "sam@acme.example")
	for _, query := range []string{code, strings.ToLower(code), account.Ref, "ana garcia", "(937) 555-0142"} {
		a := d.post("/console/search", "q", query)
		if a.status != 200 || !strings.Contains(a.body, "/console/accounts/"+string(account.ID)) || !strings.Contains(a.body, "$150.00") {
			t.Errorf("%q: %d", query, a.status)
		}
	}
	if a := d.post("/console/search", "q", "nothing"); a.status != 200 || strings.Contains(a.body, "/console/accounts/") {
		t.Errorf("nothing: %d", a.status)
	}
	a := d.get("/console/accounts/" + string(account.ID))
	for _, want := range []string{"Ana Garcia", account.Ref, "Mercy Clinic", "$150.00", "(•••) •••-0142", "a•••@example.com"} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the account lacks %q", want)
		}
	}
	for _, secret := range []string{"9375550142", "ana@example.com", "45501", "1 Main St"} {
		if strings.Contains(a.body, secret) {
			t.Errorf("the account shows %q", secret)
		}
	}
	log := b.log.String()
	if !strings.Contains(log, "did=look account="+string(account.ID)) || strings.Contains(log, code) || strings.Contains(log, "Garcia") {
		t.Errorf("log: %s", log)
	}
}

func TestC5_AChannelSaysWhyItIsClosedBeforeTheClick(t *testing.T) {
	t.Parallel()
	b := setup(t)
	open, _ := b.place(t, debt.Active)
	ceased, _ := b.place(t, debt.Cease)
	d := b.signedIn(t, "sam@acme.example")
	path := "/console/accounts/" + string(open.ID)
	if a := d.get(path); !strings.Contains(a.body, `name="consent"`) {
		t.Error("the consent of this call is not asked for")
	}
	if a := d.get("/console/accounts/" + string(ceased.ID)); strings.Contains(a.body, `name="channel"`) || !strings.Contains(a.body, "They asked us to stop all contact. (COM-10") {
		t.Error("writing to somebody who said stop is offered")
	}
	if a := d.post(path+"/links", "channel", "sms"); a.status != 422 || !strings.Contains(a.body, "They have not agreed to this. Ask on this call. (SMS-02)") || *b.sent != 0 {
		t.Errorf("without consent: %d", a.status)
	}
	if a := d.post(path+"/links", "channel", "sms", "consent", "yes"); a.status != 303 || *b.sent != 1 {
		t.Fatalf("with consent: %d %s", a.status, a.body)
	}
	links, err := b.store.LinksOf(t.Context(), open.ID)
	must(t, err)
	a := d.get(path)
	for _, word := range b.links.Phrases.OfLink(links[0], "en") {
		if !strings.Contains(a.body, word) {
			t.Errorf("the word %q to read aloud is missing", word)
		}
	}
	if links[0].SentBy == "" || !strings.HasPrefix(links[0].SentBy, "staff:") {
		t.Errorf("sent by %q", links[0].SentBy)
	}
}

func TestSigningOutOfTheConsoleEndsTheSession(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := b.signedIn(t, "sam@acme.example")
	stolen := d.cookies["staff"]
	if a := d.post("/console/sign-out"); a.location != "/console/sign-in" {
		t.Fatalf("led to %d %q", a.status, a.location)
	}
	thief := b.desk(t)
	thief.cookies["staff"] = stolen
	if a := thief.get("/console"); a.status != 303 {
		t.Errorf("a copy of the cookie still opens the console: %d", a.status)
	}
}

func TestF15_ACollectorWhoSignsInAgainHasOneSessionInThatBrowserAndCanEndAll(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d, elsewhere := b.signedIn(t, "sam@acme.example"), b.signedIn(t, "sam@acme.example")
	other := b.signedIn(t, "fin@acme.example")
	before := b.desk(t)
	before.cookies["staff"] = d.cookies["staff"]
	d.get("/console/sign-in")
	d.signsIn("sam@acme.example")
	for name, still := range map[string]struct {
		desk *desk
		want int
	}{"the session before": {before, 303}, "the new one": {d, 200}, "another browser's": {elsewhere, 200}} {
		if a := still.desk.get("/console"); a.status != still.want {
			t.Errorf("%s: %d, not %d", name, a.status, still.want)
		}
	}
	left := b.desk(t)
	left.cookies["staff"] = d.cookies["staff"]
	if a := d.post("/console/sign-out", "everywhere", "yes"); a.location != "/console/sign-in" {
		t.Fatalf("signing out everywhere led to %d %q", a.status, a.location)
	}
	for name, gone := range map[string]*desk{"this one": left, "another browser": elsewhere} {
		if a := gone.get("/console"); a.status != 303 {
			t.Errorf("%s is still signed in: %d", name, a.status)
		}
	}
	if a := other.get("/console"); a.status != 200 {
		t.Errorf("a colleague was signed out: %d", a.status)
	}
}

func TestS7_NothingInTheConsoleChangesWithoutAToken(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, route := range b.Routes() {
		if route.Method == http.MethodGet || route.Access == web.Hook {
			continue // what a program calls bears no session: see portal/web
		}
		d := b.signedIn(t, "sam@acme.example")
		d.files = route.Body == web.FilesBody
		target := strings.Replace(route.Pattern, ":id", "acc_1", 1)
		if a := d.post(target, "csrf", "wrong"); a.status != 403 {
			t.Errorf("%s %s: %d", route.Method, target, a.status)
		}
	}
}

func TestREC02_WhatAPersonSawIsShownAgainWithoutScriptsAndTheLookIsRecorded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account, _ := b.place(t, debt.Active)
	other, _ := b.place(t, debt.Active)
	keeper := &evidence.Keeper{Store: b.store, Now: func() time.Time { return noon }, Build: "0.1.0", Rules: func(time.Time) string { return "packs 1" }}
	must(t, keeper.Keep(t.Context(), evidence.Sight{AccountID: string(account.ID), SessionID: "ses_1", Kind: "debt", Route: "GET /debts/:id", Status: 200, Language: "es"},
		[]byte(`<p>Mercy "Clinic"</p><script>bad()</script>`)))
	sights, err := b.store.SightsOf(t.Context(), string(account.ID))
	must(t, err)
	d := b.signedIn(t, "sam@acme.example")
	path := "/console/accounts/" + string(account.ID) + "/seen"
	number := fmt.Sprintf("/%d", sights[0].Number)
	if a := d.get(path); a.status != 200 || !strings.Contains(a.body, path+number) || !strings.Contains(a.body, "GET /debts/:id") {
		t.Errorf("the list: %d", a.status)
	}
	a := d.get(path + number)
	if a.status != 200 || !strings.Contains(a.body, `sandbox="allow-same-origin"`) || !strings.Contains(a.body, "&lt;p&gt;Mercy") || strings.Contains(a.body, "<script>bad") {
		t.Errorf("the page: %d %s", a.status, a.body)
	}
	for _, wrong := range []string{path + "/0", path + "/x", "/console/accounts/" + string(other.ID) + "/seen" + number} {
		if a := d.get(wrong); a.status != 404 {
			t.Errorf("%s: %d", wrong, a.status)
		}
	}
	rows, err := b.store.AuditOf(t.Context(), string(account.ID))
	must(t, err)
	last := rows[len(rows)-1]
	if last.Action != "read.page" || !strings.HasPrefix(last.Actor, "staff:") {
		t.Errorf("recorded as %+v", last.Entry)
	}
}
