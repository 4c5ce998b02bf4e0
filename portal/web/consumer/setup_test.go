package consumer_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"quittance/frontend"
	"quittance/frontend/layouts"
	"quittance/frontend/locale"
	"quittance/payments"
	"quittance/payments/gatewaytest"
	"quittance/payments/ledger"
	"quittance/payments/money"
	"quittance/payments/sandbox"
	"quittance/payments/stripegw"
	"quittance/payments/stripegw/stripetest"
	"quittance/plans/civil"
	"quittance/portal/claim"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/dispute"
	"quittance/portal/gate"
	"quittance/portal/held"
	"quittance/portal/identity"
	"quittance/portal/intake"
	"quittance/portal/letter"
	"quittance/portal/notice"
	"quittance/portal/pack"
	"quittance/portal/pack/packtest"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
	"quittance/portal/talk"
	"quittance/portal/validation"
	"quittance/portal/web"
	"quittance/portal/web/consumer"
	"quittance/portal/web/hooks"
)

// bundle is the portal's consumer side on a real store and the real gateway
// before a sandbox.
type bundle struct {
	*web.Server
	t        *testing.T
	law      pack.Places
	home     debt.Address
	store    *store.Store
	bench    bench
	gateway  *stripegw.Gateway // like the bench's, but by the sandbox's clock
	pay      *payments.Service
	verifier *identity.Verifier
	links    *identity.Links
	contacts *contact.Book
	notices  *validation.Service
	sent     *messages
	log      *logbook
	hashes   *atomic.Int64 // keyed hashes of facts: the same for every answer (S2)
	ahead    *atomic.Int64 // how far the clock was moved
	limps    *atomic.Bool  // the database is gone where a browser takes over its session
	codes    *identity.Codes
	disputes *dispute.Service
	held     *held.Service
	claims   *claim.Service
	letters  *letter.Service
	told     *told // what the system of record would be told
	heard    *heard
	warned   *warned
	changing *talk.Changing

	strangers int               // who came from elsewhere
	wire      http.RoundTripper // to a socket; nil: without one
}

// bench is the sandbox behind an address of its own.
type bench struct {
	stripetest.Bench
	Sandbox *sandbox.Server
}

func newBench(t *testing.T, webhookURL string) bench {
	t.Helper()
	sb := sandbox.New(sandbox.Config{
		SecretKey: stripetest.SecretKey, WebhookSecret: stripetest.WebhookSecret, WebhookURL: webhookURL, Seed: 1,
	})
	return bench{Bench: stripetest.New(t, stripetest.Server{Handler: sb.Handler()}), Sandbox: sb}
}

// options change what a test is about.
type options struct {
	stepUp contact.Channel
	factor identity.FactorKind
	public string
	proxy  string      // the address of a trusted proxy
	events bool        // the processor's events reach the portal over HTTP
	states []string    // the portal is on in; empty: everywhere
	law    pack.Places // empty: the shipped
}

func setup(t *testing.T) *bundle { return setupWith(t, storetest.SQLite(t), options{}) }

func setupWith(t *testing.T, s *store.Store, o options) *bundle {
	t.Helper()
	b := &bundle{t: t, law: packtest.Everywhere(), home: debt.Address{Line1: "1 Main St", City: "Springfield", State: "OH", PostalCode: "45501"}, store: s, sent: &messages{}, told: &told{}, log: &logbook{}, hashes: &atomic.Int64{}, ahead: &atomic.Int64{}, limps: &atomic.Bool{}, warned: &warned{}}
	if len(o.law.Book.Packs) > 0 {
		b.law = o.law
	}
	if len(o.states) > 0 {
		b.law.States = o.states
	}
	var hook net.Listener
	address := ""
	if o.events {
		var err error
		hook, err = net.Listen("tcp", "127.0.0.1:0")
		must(t, err)
		address = "http://" + hook.Addr().String() + "/hooks/stripe"
	}
	b.bench = newBench(t, address)
	b.gateway = b.dial()
	if o.factor == "" {
		o.factor = identity.PostalCode
	}
	if o.public == "" {
		o.public = "http://pay.example"
	}
	keys, err := identity.NewKeys(key)
	must(t, err)
	b.codes, err = identity.NewCodes(keys)
	must(t, err)
	b.pay = b.payments()
	sessions := identity.NewSessions(limping{s, b.limps}, identity.Consumers, &gate.Keeper{Records: s, Law: b.law, Now: b.now, Consents: s}, keys, b.now)
	phrases := identity.NewPhrases(keys, b.codes, s)
	book := &contact.Book{Store: s, Key: key("contact"), On: map[contact.Channel]bool{contact.SMS: true, contact.Email: true}, Now: b.daytime,
		Tx: s, Wishes: s, Stops: s, Tally: s, Refusals: s}
	b.contacts = book
	b.verifier = &identity.Verifier{
		Tx: s, People: s, Attempts: s, Tallies: s, Links: s, Sessions: sessions, Codes: b.codes, Keys: keys, Factor: o.factor, Now: b.now,
		StepUp: o.stepUp, StepUps: s, Book: book, Messages: b.sent, Words: words{}, Count: func() { b.hashes.Add(1) },
	}
	b.links = &identity.Links{
		Tx: s, Store: s, People: s, Book: book, Permission: allowed{}, Messages: b.sent, Words: words{}, Phrases: phrases,
		Sessions: sessions, Keys: keys, PublicURL: o.public, Now: b.daytime,
	}
	open := *b.links
	open.Now = b.now
	b.notices = b.validation()
	b.claims = b.claiming(&open)
	b.serve(o, &consumer.Pages{
		Reach: b.reach(t, book), Letters: b.lettering(), Validation: b.notices, Disputes: b.disputing(), Held: b.held,
		Accounts: s, Claims: b.claims, ClaimRecords: s, Payments: s, Pay: b.pay, Plans: b.plans(), Visits: b.verifier, Links: &open, Sessions: sessions, Phrases: phrases,
		Law: b.law, Factor: o.factor, Zone: time.UTC, Now: b.now, PublishableKey: "pk_test_rig", ScriptURL: b.bench.URL + "/v3/",
	})
	if hook != nil {
		b.listen(t, hook)
	}
	return b
}

func (b *bundle) listen(t *testing.T, listener net.Listener) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.Serve(ctx, listener) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func (b *bundle) dial() *stripegw.Gateway {
	b.t.Helper()
	gateway, err := stripegw.New(stripegw.Config{
		SecretKey: stripetest.SecretKey, WebhookSecrets: []string{stripetest.WebhookSecret}, APIURL: b.bench.URL, FingerprintKey: key("fingerprint"),
		Deadline: 5 * time.Second, Now: b.now, Back: func(id payments.ID) string { return b.PublicURL("/payments/" + string(id)) },
	})
	must(b.t, err)
	return gateway
}

func (b *bundle) payments() *payments.Service {
	return &payments.Service{
		Tx: b.store, Store: b.store, Watch: b.store, Inbox: b.store, Gateway: b.gateway, Hosted: b.gateway, Refunds: b.gateway, Orders: b.store,
		Accounts: &gate.Keeper{Records: b.store, Law: b.law, Now: b.now, Consents: b.store}, Now: b.now, Log: slog.New(slog.NewTextHandler(b.log, nil)),
		NewID: func() (payments.ID, string) {
			return payments.ID("pay_" + rand.Text()), "PAY-" + rand.Text()[:8]
		},
		StaleAfter: time.Minute, AbandonAfter: time.Hour, Declines: b.store, Warnings: b.warned,
	}
}

func (b *bundle) serve(o options, pages *consumer.Pages) {
	b.t.Helper()
	printed, err := locale.Load()
	must(b.t, err)
	assets, err := frontend.Load("")
	must(b.t, err)
	pages.Assets = assets
	pages.PublicURL = func(path string) string { return b.PublicURL(path) }
	log := slog.New(slog.NewTextHandler(b.log, nil))
	stripe := &hooks.Stripe{Parser: b.gateway, Handler: b.pay, Log: log}
	var trusted []string
	if o.proxy != "" {
		trusted = []string{o.proxy}
	}
	proxies, err := web.ParseProxies(trusted)
	must(b.t, err)
	b.Server, err = web.New(web.Config{
		PublicURL: o.public, Proxies: proxies, Words: printed, Assets: assets, Sessions: pages.Sessions, Log: log, Now: b.now, Metrics: web.NewMetrics(),
		Processor: web.Processor{ScriptURL: pages.ScriptURL, APIURL: b.bench.URL, PageOrigins: []string{b.bench.URL}},
		Agency: func(string) layouts.Agency {
			return layouts.Agency{Name: "Acme Services", LegalName: "Acme Services, LLC", Phone: "(800) 555-0134", Hours: "Always"}
		},
		FormKey: key("form"), KeptKey: key("kept"),
	}, nil, append(pages.Routes(), stripe.Routes()...)...)
	must(b.t, err)
}

func (b *bundle) now() time.Time { return b.bench.Sandbox.Now().UTC() }

// daytime is a time at which it was day all over the United States, so that no test
// depends on the hour at which it runs: today's 19:00 UTC, or yesterday's 23:00
// before that. A link that was made then works for four hours more at least.
func (b *bundle) daytime() time.Time {
	today := b.now().Truncate(24 * time.Hour)
	if day := today.Add(19 * time.Hour); !day.After(b.now()) {
		return day
	}
	return today.Add(-time.Hour)
}

func key(purpose string) []byte {
	return []byte(fmt.Sprintf("%-32.32s", purpose+"-key-of-the-tests-0123456789abcdef"))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// person is a placed account and the code of its letter.
type person struct {
	account debt.Account
	debts   []debt.Debt
	code    string
}

// place brings in an account with these debts.
func (b *bundle) place(t *testing.T, debts ...debt.Debt) person {
	t.Helper()
	id := rand.Text()
	born, err := civil.New(1984, time.March, 27)
	must(t, err)
	p := person{account: debt.Account{
		ID: debt.AccountID("acc_" + id), Ref: "REF-" + id,
		Consumer: debt.Consumer{FirstName: "Ana", LastName: "Garcia", DateOfBirth: born, Phone: "+19375550142", Email: "ana@example.com",
			Address: b.home, Language: "en"},
	}}
	var hash, sealed []byte
	p.code, hash, sealed = b.codes.New()
	batch := intake.Batch{At: b.now(), NewAccounts: []intake.NewAccount{{Account: p.account, CodeHash: hash, CodeSealed: sealed}}}
	for _, d := range debts {
		d.AccountID = p.account.ID
		p.debts = append(p.debts, d)
		batch.NewDebts = append(batch.NewDebts, d)
		batch.Transfers = append(batch.Transfers, ledger.Transfer{
			ID: "placement/" + string(d.ID), Kind: ledger.Placement, At: b.now(),
			Entries: []ledger.Entry{
				{Account: ledger.Debt(string(d.ID)), Amount: d.Snapshot.Balance},
				{Account: ledger.Placed(d.CreditorRef), Amount: -d.Snapshot.Balance},
			},
		})
	}
	must(t, b.store.InTx(t.Context(), func(ctx context.Context) error { return b.store.SavePlacements(ctx, batch) }))
	return p
}

// owing is a debt of a kind for which any card may be used.
func owing(amount money.Cents) debt.Debt { return owingAs(amount, debt.Medical, debt.Active) }

func owingAs(amount money.Cents, kind debt.Type, status debt.Status) debt.Debt {
	id := rand.Text()
	since := civil.Date{Year: 2025, Month: time.March, Day: 31}
	return debt.Debt{
		ID: debt.ID("dbt_" + id), Ref: "D-" + id, CreditorRef: "mercy", CreditorName: "Mercy Clinic", OriginalCreditorName: "Mercy Clinic",
		Type: kind, AccountNumberLast4: "0593", Description: "Care in 2022", ContractDate: civil.Date{Year: 2022, Month: time.May, Day: 1},
		Itemization: debt.Itemization{Type: debt.ChargeOff, Date: since, Amount: amount},
		Snapshot:    debt.Snapshot{Balance: amount, AsOf: time.Date(2026, 1, 20, 0, 0, 0, 0, time.UTC), Version: 1},
		Status:      status,
	}
}

// browser is one visitor with cookies.
type browser struct {
	t       *testing.T
	b       *bundle
	mu      sync.Mutex
	cookies map[string]string
	header  http.Header
	csrf    string
}

func (b *bundle) visit(t *testing.T) *browser {
	return &browser{t: t, b: b, cookies: map[string]string{}, header: http.Header{}}
}

// view is one answer as a browser sees it.
type view struct {
	status   int
	header   http.Header
	location string
	body     string
}

var csrfField = regexp.MustCompile(`name="csrf" value="([^"]*)"`)

func (v *browser) get(target string) view { return v.send(http.MethodGet, target, "") }

// post sends a form with the token of the last page.
func (v *browser) post(target string, fields ...string) view {
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	if token := v.token(); token != "" && !form.Has("csrf") {
		form.Set("csrf", token)
	}
	return v.send(http.MethodPost, target, form.Encode())
}

// token is that of the last page. One browser may have many hands.
func (v *browser) token() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.csrf
}

func (v *browser) send(method, target, body string) view {
	v.t.Helper()
	request := httptest.NewRequest(method, target, strings.NewReader(body))
	for name, values := range v.header {
		request.Header[name] = values
	}
	if method == http.MethodPost && request.Header.Get("Content-Type") == "" {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	v.mu.Lock()
	for name, value := range v.cookies {
		request.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	v.mu.Unlock()
	response, err := v.b.do(request)
	if err != nil {
		v.t.Fatal(err)
	}
	defer response.Body.Close()
	all, err := io.ReadAll(response.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, c := range response.Cookies() {
		if c.MaxAge < 0 {
			delete(v.cookies, c.Name)
		} else {
			v.cookies[c.Name] = c.Value
		}
	}
	if found := csrfField.FindSubmatch(all); found != nil {
		v.csrf = string(found[1])
	}
	return view{status: response.StatusCode, header: response.Header, location: response.Header.Get("Location"), body: string(all)}
}

// do sends a request over the wire, where there is one.
func (b *bundle) do(request *http.Request) (*http.Response, error) {
	if b.wire == nil {
		return b.Test(request)
	}
	request.RequestURI, request.URL.Scheme, request.URL.Host = "", "http", "pay.example"
	return b.wire.RoundTrip(request)
}

// signedIn is a browser whose owner gave the code and the ZIP code.
func (b *bundle) signedIn(t *testing.T, p person) *browser {
	t.Helper()
	v := b.visit(t)
	v.get("/")
	if a := v.post("/", "code", p.code); a.status != 303 || a.location != "/verify" {
		t.Fatalf("the code led to %d %s", a.status, a.location)
	}
	v.get("/verify")
	if a := v.post("/verify", "zip", p.account.Consumer.Address.PostalCode); a.status != 303 || a.location != "/account" {
		t.Fatalf("the ZIP code led to %d %s", a.status, a.location)
	}
	v.get("/account")
	return v
}

var onceField = regexp.MustCompile(`name="once" value="([^"]*)"`)

// choose fills in the first page of a payment and returns where it led.
func (v *browser) choose(method string, fields ...string) view {
	v.t.Helper()
	page := v.get("/payments/new")
	once := onceField.FindStringSubmatch(page.body)
	if once == nil {
		v.t.Fatalf("no form on /payments/new: %d %s", page.status, page.body)
	}
	return v.post("/payments/new", append([]string{"once", once[1], "method", method}, fields...)...)
}

// authorize pays from a bank account, as the page that is shown asks for it.
func (v *browser) authorize(id string) view {
	v.t.Helper()
	shown := v.get("/payments/" + id + "/review")
	found := seenField.FindStringSubmatch(shown.body)
	if found == nil {
		v.t.Fatalf("the review says nothing to authorize:\n%s", shown.body)
	}
	return v.post("/payments/"+id+"/review", "authorize", "yes", "seen", found[1])
}

// ready brings a payment to its review page and returns its id.
func (v *browser) ready(kind gatewaytest.Kind, fields ...string) string {
	v.t.Helper()
	method := "card"
	if kind == gatewaytest.BankGood || kind == gatewaytest.BankNoFunds || kind == gatewaytest.BankRevoked {
		method = "us_bank_account"
	}
	a := v.choose(method, fields...)
	id := strings.TrimSuffix(strings.TrimPrefix(a.location, "/payments/"), "/method")
	if a.status != 303 || id == a.location {
		v.t.Fatalf("choosing led to %d %q\n%s", a.status, a.location, a.body)
	}
	v.get("/payments/" + id + "/method")
	a = v.post("/payments/"+id+"/method", "confirmation_token", v.b.bench.Token(v.t, kind))
	if a.status != 303 || a.location != "/payments/"+id+"/review" {
		v.t.Fatalf("the method led to %d %q\n%s", a.status, a.location, a.body)
	}
	v.get(a.location)
	return id
}

// messages is where links and codes go.
type messages struct {
	mu   sync.Mutex
	sent []notice.Message
}

func (m *messages) Add(_ context.Context, message notice.Message) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sent = append(m.sent, message)
	return "msg_1", nil
}

func (m *messages) last(t *testing.T) string {
	t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.sent) == 0 {
		t.Fatal("nothing was sent")
	}
	return m.sent[len(m.sent)-1].Plain
}

type words struct{}

func (words) LinkText(_ string, _ contact.Channel, l identity.LinkWords) (notice.Text, error) {
	return notice.Text{Plain: l.URL}, nil
}

func (words) StepUpText(_ string, _ contact.Channel, digits string) (notice.Text, error) {
	return notice.Text{Plain: digits}, nil
}

type allowed struct{}

func (allowed) MayWrite(context.Context, debt.AccountID) (string, string, error) { return "", "", nil }

// logbook keeps the log for tests that read it.
type logbook struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// changed is a batch that replaces a consumer's details.
func changed(at time.Time, account debt.Account) intake.Batch {
	return intake.Batch{At: at, ChangedAccounts: []debt.Account{account}}
}

// warned is what a person has to look at.
type warned struct {
	mu   sync.Mutex
	list []payments.Warning
}

func (w *warned) Warn(_ context.Context, warning payments.Warning, _ payments.ID, _ time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.list = append(w.list, warning)
	return nil
}

func (w *warned) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.list)
}

var token = regexp.MustCompile(`[\w-]{20,}`)

// withoutTokens is a page's source without what is drawn at random, which spells
// any short word once in a few hundred pages.
func withoutTokens(source string) string { return token.ReplaceAllString(source, "") }
