// Package demo is the whole product on one machine: the portal, a processor, a
// system of record and a phone on loopback, sample accounts, and a rehearsal of
// disasters on the same parts.
package demo

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"quittance/cmd/app"
	"quittance/payments/sandbox"
	"quittance/plans/civil"
	"quittance/portal/config"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/intake"
	"quittance/portal/notice"
	"quittance/portal/notice/inbox"
	"quittance/portal/outbox"
	"quittance/portal/pack"
	"quittance/portal/validation"
)

// Rehearsal is the demo: the portal, a processor, a system of record and a
// phone, all on loopback, on a clock that can be moved.
type Rehearsal struct {
	Clock     *clock
	People    []Sample
	log       *slog.Logger
	Portal    *app.Portal
	Processor *sandbox.Server
	books     *books
	Phone     *inbox.Inbox
	Accounts  []Account
	Staff     []staffPassword
	URL       string
	Database  string // where not SQLite in the demo's folder
	kept      keepsake
	seed      uint64                          // of the processor's ids and faults; 0 is random
	between   func(http.Handler) http.Handler // what stands before the system of record; nil is nothing
	moving    sync.Mutex
}

// New is the demo with its samples, from a real time on.
func New(real time.Time) *Rehearsal {
	log := slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	return &Rehearsal{Clock: newClock(real), People: Samples(), log: log}
}

// Account is one sample account as the demo's first page lists it.
type Account struct {
	ReferenceCode string `json:"reference_code"`
	PostalCode    string `json:"postal_code"`
	DateOfBirth   string `json:"date_of_birth"`
	About         string `json:"about"`
	Name          string `json:"-"`
	Ref           string `json:"-"`
}

// announcement is what `portal demo --json` prints when it is ready.
type announcement struct {
	URL               string          `json:"url"`
	ConsoleURL        string          `json:"console_url"`
	PhoneURL          string          `json:"phone_url"`
	SystemOfRecordURL string          `json:"system_of_record_url"`
	DemoURL           string          `json:"demo_url"`
	Database          string          `json:"database"`
	Accounts          []Account       `json:"accounts"`
	Staff             []staffPassword `json:"staff"`
	APIToken          string          `json:"api_token"`
	WebhookSecret     string          `json:"webhook_secret"`
}

type staffPassword struct {
	Email     string `json:"email"`
	Password  string `json:"password"`
	AppSecret string `json:"totp_secret"`
}

// ErrUsage is of an address or a folder that no demo takes.
var ErrUsage = errors.New("wrong usage")

// Options says where a demo listens, where it is kept, and how it is announced.
type Options struct {
	Addr string // loopback
	Data string // a folder, to start it again; a temporary one where empty
	JSON bool   // announce it as one line of JSON
}

// Run runs the whole product on this machine until ctx ends, and says on out
// when it is ready. No variable of env names its database.
func Run(ctx context.Context, env config.Environment, out io.Writer, o Options) error {
	dir, remove, err := demoFolder(o.Data)
	if err != nil {
		return err
	}
	defer remove()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	r := New(time.Now())
	said, listener, err := r.Set(ctx, env, o.Addr, dir)
	if err != nil {
		return err
	}
	go func() { _ = r.Processor.Run(ctx) }() // it ends when ctx does
	failed := make(chan error, 1)
	go func() {
		failed <- r.Portal.Run(ctx, app.RunOptions{Web: true, Work: true, Listener: listener, Extra: r.Routes()})
	}()
	if err := waitReady(ctx, said.URL, failed); err != nil {
		return err
	}
	if err := announce(out, said, o.JSON); err != nil {
		return err
	}
	return <-failed
}

func demoFolder(data string) (dir string, remove func(), err error) {
	if data != "" {
		return data, func() {}, os.MkdirAll(data, 0o700)
	}
	dir, err = os.MkdirTemp("", "quittance-demo-")
	return dir, func() { _ = os.RemoveAll(dir) }, err
}

// Set builds everything and loads the samples, or takes up what the folder
// keeps. No variable of the environment names its database.
func (r *Rehearsal) Set(ctx context.Context, env config.Environment, addr, dir string) (announcement, net.Listener, error) {
	var err error
	if r.kept, err = openKeepsake(dir); err != nil {
		return announcement{}, nil, err
	}
	r.Clock.moved = max(r.Clock.moved, r.kept.Moved)
	listener, err := listenLoopback(ctx, addr)
	if err != nil {
		return announcement{}, nil, err
	}
	hooks, err := listenLoopback(ctx, "127.0.0.1:0")
	if err != nil {
		return announcement{}, nil, err
	}
	stripe, err := listenLoopback(ctx, "127.0.0.1:0")
	if err != nil {
		return announcement{}, nil, err
	}
	r.URL = "http://" + listener.Addr().String()
	stripeURL := "http://" + stripe.Addr().String()
	database := cmp.Or(r.Database, "sqlite:"+filepath.Join(dir, "portal.db"))
	settings := Settings(r.URL, stripeURL, listener.Addr().String(), database)
	settings["PORTAL_RECORD_STATUS_URL"] = "http://" + hooks.Addr().String() + "/status"
	settings["PORTAL_RECORD_STATUS_TOKEN"] = rand.Text()
	cfg, err := config.ForDemo(env, r.kept.Secret, settings, []string{hooks.Addr().String()})
	if err != nil {
		return announcement{}, nil, err
	}
	if err := r.wire(ctx, cfg); err != nil {
		return announcement{}, nil, err
	}
	said, err := r.furnish(ctx, hooks.Addr().String(), database)
	if err != nil {
		return announcement{}, nil, err
	}
	r.Processor = sandbox.New(sandbox.Config{
		SecretKey: string(cfg.Stripe.SecretKey), PublishableKey: cfg.Stripe.PublishableKey,
		WebhookSecret: app.WebhookSecrets(cfg)[0], WebhookURL: r.URL + "/hooks/stripe", Now: r.Clock.Now, Seed: r.seed,
	})
	serveUntil(ctx, stripe, r.Processor.Handler())
	record := http.Handler(r.books)
	if r.between != nil {
		record = r.between(record)
	}
	serveUntil(ctx, hooks, record)
	return said, listener, nil
}

func listenLoopback(ctx context.Context, addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("%w: -addr must be a loopback address such as 127.0.0.1:8080; the demo is not for others", ErrUsage)
	}
	l, err := app.Listen(ctx, addr)
	if err != nil {
		return nil, fmt.Errorf("%w; choose another with -addr 127.0.0.1:0", err)
	}
	return l, nil
}

func Settings(url, stripeURL, addr, database string) map[string]string {
	return map[string]string{
		"PORTAL_DATABASE_URL": database, "PORTAL_ADDR": addr, "PORTAL_PUBLIC_URL": url,
		"PORTAL_AGENCY_NAME": "Acme Services", "PORTAL_AGENCY_LEGAL_NAME": "Acme Services LLC",
		"PORTAL_AGENCY_ADDRESS": "PO Box 1200; Dayton, OH 45401", "PORTAL_AGENCY_PHONE": "(800) 555-0134",
		"PORTAL_AGENCY_HOURS": "Monday to Friday, 8 am to 8 pm", "PORTAL_AGENCY_EMAIL": "help@acme.example",
		"PORTAL_AGENCY_LICENSES": "California 10123-99; North Carolina 113456",
		"PORTAL_STATES":          strings.Join(pack.States(), ","),
		"STRIPE_SECRET_KEY":      "sk_test_demo_of_quittance", "STRIPE_PUBLISHABLE_KEY": "pk_test_demo_of_quittance",
		"STRIPE_WEBHOOK_SECRET": "whsec_demo_" + rand.Text(),
		"PORTAL_STRIPE_API_URL": stripeURL, "PORTAL_STRIPE_JS_URL": stripeURL + "/v3/",
	}
}

// wire builds the portal with the phone in place of carriers.
func (r *Rehearsal) wire(ctx context.Context, cfg config.Config) error {
	var err error
	r.Phone = new(inbox.Inbox)
	senders := map[contact.Channel]notice.Sender{contact.SMS: r.Phone, contact.Email: r.Phone}
	if r.Portal, err = app.Open(ctx, cfg, app.Surroundings{Now: r.Clock.Now, Stamp: time.Now, Log: r.log, Senders: senders, Keep: true, Demo: true}, true); err != nil {
		return err
	}
	db := r.Portal.Store
	context.AfterFunc(ctx, func() { time.AfterFunc(time.Second, func() { _ = db.Close() }) })
	r.Phone.Store, r.Phone.Sealer = db, r.Portal.Box
	_, err = r.Portal.Books.Check(ctx)
	return err
}

// furnish loads the samples and opens the doors to them.
func (r *Rehearsal) furnish(ctx context.Context, hookAddr, database string) (announcement, error) {
	said := announcement{
		URL: r.URL, ConsoleURL: r.URL + "/console", PhoneURL: r.URL + "/demo/phone", SystemOfRecordURL: r.URL + "/demo/system-of-record",
		DemoURL: r.URL + "/demo", Database: database,
	}
	err := r.connect(ctx, "http://"+hookAddr+"/hooks/quittance")
	if err != nil {
		return said, err
	}
	said.WebhookSecret = r.kept.WebhookSecret
	if r.books, err = newBooks(said.WebhookSecret, bookLines(r.People), time.Now); err != nil {
		return said, err
	}
	r.books.today, r.books.token = r.Clock.Now, string(r.Portal.Config.RecordToken)
	if err := r.place(ctx); err != nil {
		return said, err
	}
	said.Accounts = r.Accounts
	said.APIToken, _, err = r.Portal.Tokens.IssueToken(ctx, identity.Grant{Name: "demo", Scopes: identity.Scopes, Creditors: debt.AllCreditors(), By: "demo", For: identity.LongestToken})
	if err != nil {
		return said, err
	}
	if said.Staff, err = r.takeOn(ctx); err != nil {
		return said, err
	}
	r.Staff = said.Staff
	return said, nil
}

// takeOn lets the people of the demo's agency into its console, each with an app, unless
// an earlier start did.
func (r *Rehearsal) takeOn(ctx context.Context) ([]staffPassword, error) {
	var people []staffPassword
	for _, p := range []struct {
		email, name string
		roles       []identity.Role
	}{
		{"agent@acme.example", "Sam Agent", []identity.Role{identity.RoleCollector, identity.RoleFinance, identity.RoleAdmin}},
		{"kim@acme.example", "Kim Shaw", []identity.Role{identity.RoleCompliance}},
	} {
		_, err := r.Portal.Desk.Add(ctx, p.email, p.name, r.kept.StaffPassword, p.roles...)
		if err != nil && !errors.Is(err, identity.ErrTaken) {
			return nil, err
		}
		if r.kept.AppSecrets[p.email] == "" {
			if r.kept.AppSecrets[p.email], _, err = r.Portal.Desk.Issue(ctx, p.email); err != nil {
				return nil, err
			}
			if err := r.kept.save(); err != nil {
				return nil, err
			}
		}
		people = append(people, staffPassword{Email: p.email, Password: r.kept.StaffPassword, AppSecret: r.kept.AppSecrets[p.email]})
	}
	return people, nil
}

// appCode is what the app of a demo's agent shows, or what it shows next where that
// was used.
func (r *Rehearsal) appCode(ctx context.Context, s staffPassword) (string, error) {
	who, err := r.Portal.Store.StaffByEmail(ctx, s.Email)
	if err != nil {
		return "", fmt.Errorf("staff: %w", err)
	}
	app, err := r.Portal.Store.App(ctx, who.ID)
	if errors.Is(err, identity.ErrNotFound) {
		return "", nil // somebody took it away
	}
	if err != nil {
		return "", fmt.Errorf("app: %w", err)
	}
	return identity.AppCode(s.AppSecret, app.Next(r.Clock.Now()))
}

// connect makes the endpoint of the system of record, or leads the one of an
// earlier start to its new address.
func (r *Rehearsal) connect(ctx context.Context, url string) error {
	const about = "System of record of the demo"
	all, err := r.Portal.Store.Endpoints(ctx)
	if err != nil {
		return err
	}
	for _, e := range all {
		if e.Description == about && e.Status != outbox.Closed && r.kept.WebhookSecret != "" {
			_, err := r.Portal.Endpoints.Change(ctx, e.ID, outbox.Edit{URL: &url, Status: new(outbox.Active)})
			return err
		}
	}
	if _, r.kept.WebhookSecret, err = r.Portal.Endpoints.Create(ctx, outbox.NewEndpoint{URL: url, Description: about}); err != nil {
		return err
	}
	return r.kept.save()
}

// place imports the samples by the same importer that takes a collector's file,
// unless they are there since an earlier start, and lists them with their codes.
func (r *Rehearsal) place(ctx context.Context) error {
	_, there, err := r.Portal.Store.AccountByRef(ctx, r.People[0].Ref)
	if err == nil && !there {
		_, err = r.Portal.Importer.Import(ctx, bytes.NewReader(Placements(r.People, r.Clock.Now())), intake.Options{
			Format: intake.CSV,
			Each: func(l intake.Line) error {
				if len(l.Faults) > 0 {
					return fmt.Errorf("sample %s: %s", l.DebtRef, l.Faults[0].Sentence)
				}
				return nil
			},
		})
	}
	if err != nil {
		return err
	}
	for _, s := range r.People {
		letter, err := r.Portal.Codebook().ReferenceCode(ctx, s.Ref)
		if err != nil {
			return fmt.Errorf("the code of sample %s: %w", s.Ref, err)
		}
		r.Accounts = append(r.Accounts, Account{ReferenceCode: letter.Code, PostalCode: s.ZIP, DateOfBirth: s.Born, About: s.about, Name: s.First + " " + s.Last, Ref: s.Ref})
	}
	return r.giveNotices(ctx)
}

// giveNotices reports the validation notices that the samples got by mail, as a
// system of record would.
func (r *Rehearsal) giveNotices(ctx context.Context) error {
	today := civil.Of(r.Clock.Now())
	for _, s := range r.People {
		for j, d := range s.Debts {
			ref := s.debtRef(j)
			known, err := r.Portal.Validation.OfDebt(ctx, ref)
			if err != nil {
				return fmt.Errorf("notice of sample %s: %w", ref, err)
			}
			if len(known) > 0 || d.noticeDaysAgo < 0 {
				continue
			}
			_, _, err = r.Portal.Validation.Report(ctx, validation.Report{
				DebtRef: ref, Provided: today.AddDays(-cmp.Or(d.noticeDaysAgo, usualNotice)), Via: validation.Mail, Source: validation.Reported, Reference: ref,
			})
			if err != nil {
				return fmt.Errorf("notice of sample %s: %w", ref, err)
			}
		}
	}
	return nil
}

func bookLines(all []Sample) []bookLine {
	var lines []bookLine
	for _, s := range all {
		for j, d := range s.Debts {
			lines = append(lines, bookLine{AccountRef: s.Ref, DebtRef: s.debtRef(j), Creditor: d.Creditor, Status: cmp.Or(d.status, "active"), Placed: d.Amount + d.interest + d.fees - d.credits})
		}
	}
	return lines
}

// serveUntil serves a stand-in for an outside system until ctx ends.
func serveUntil(ctx context.Context, l net.Listener, h http.Handler) {
	s := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	context.AfterFunc(ctx, func() { _ = s.Close() })
	go func() { _ = s.Serve(l) }()
}

func waitReady(ctx context.Context, url string, failed <-chan error) error {
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/readyz", nil)
		if err != nil {
			return err
		}
		if answer, err := http.DefaultClient.Do(request); err == nil {
			_, _ = io.Copy(io.Discard, answer.Body)
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case err := <-failed:
			return errors.Join(errors.New("the demo stopped while starting"), err)
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func announce(out io.Writer, a announcement, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(out).Encode(a) //nolint:gosec // the demo prints its own made-up keys on purpose
	}
	fmt.Fprintf(out, "\nThe demo is running. Nothing leaves this machine; stop it with Ctrl-C.\n\n")
	fmt.Fprintf(out, "  consumer          %s\n  demo and clock    %s\n  phone             %s\n  system of record  %s\n  console           %s\n", a.URL, a.DemoURL, a.PhoneURL, a.SystemOfRecordURL, a.ConsoleURL)
	for _, s := range a.Staff {
		fmt.Fprintf(out, "                    sign in as %s with %s; the code stands at %s\n", s.Email, s.Password, a.DemoURL)
	}
	fmt.Fprintf(out, "  API               %s/api/docs\n\n  %-13s %-6s what it shows\n", a.URL, "code", "ZIP")
	for _, s := range a.Accounts {
		fmt.Fprintf(out, "  %-13s %-6s %s\n", s.ReferenceCode, s.PostalCode, s.About)
	}
	_, err := fmt.Fprintln(out)
	return err
}

// MoveDays moves the clock day by day, and lets at each stop everything happen
// that falls due: the bank answers, webhooks go out, leftovers are swept.
func (r *Rehearsal) MoveDays(ctx context.Context, days int) error {
	r.moving.Lock()
	defer r.moving.Unlock()
	for range days {
		r.kept.Moved = r.Clock.Move(24 * time.Hour)
		if err := r.kept.save(); err != nil {
			return err
		}
		if err := r.Settle(ctx); err != nil {
			return err
		}
	}
	return nil
}

// letOut sends what is queued.
func (r *Rehearsal) letOut(ctx context.Context, _ int) (int, error) { return r.Portal.Notices.Run(ctx) }

func (r *Rehearsal) Settle(ctx context.Context) error {
	for _, step := range []func(context.Context, int) (int, error){r.Portal.Plans.Tidy, r.letOut, r.Portal.Plans.Run} {
		if _, err := step(ctx, 1000); err != nil {
			return err
		}
	}
	r.Processor.Tick(ctx)
	r.Processor.Deliver(ctx)
	if _, err := r.Portal.Payments.Sweep(ctx, 100); err != nil {
		return err
	}
	for {
		if did, err := r.Portal.Sequencer.Step(ctx); err != nil || did == 0 {
			return errors.Join(err, r.Portal.Deliverer.Drain(ctx))
		}
	}
}
