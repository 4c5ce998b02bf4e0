// Package app puts the product together: it makes each service, tells it whom to
// tell (follows.go), and serves and works. Commands, the demo, the bench and the
// rigs of tests all start from New.
package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"sync/atomic"
	"time"

	"quittance/frontend"
	"quittance/frontend/layouts"
	"quittance/frontend/locale"
	"quittance/frontend/paths"

	"quittance/payments"
	"quittance/payments/stripegw"
	"quittance/plans"
	"quittance/portal/alert"
	"quittance/portal/audit"
	"quittance/portal/claim"
	"quittance/portal/config"
	"quittance/portal/contact"
	"quittance/portal/credit"
	"quittance/portal/dispute"
	"quittance/portal/gate"
	"quittance/portal/held"
	"quittance/portal/hold"
	"quittance/portal/identity"
	"quittance/portal/intake"
	"quittance/portal/letter"
	"quittance/portal/notice"
	"quittance/portal/notice/sms"
	"quittance/portal/notice/smtp"
	"quittance/portal/outbox"
	"quittance/portal/pack"
	"quittance/portal/represent"
	"quittance/portal/seal"
	"quittance/portal/store"
	"quittance/portal/talk"
	"quittance/portal/validation"
	"quittance/portal/web"
	"quittance/portal/worker"
)

// Surroundings is what differs between serving people, the demo and tests.
type Surroundings struct {
	Now     func() time.Time // the clock of all decisions
	Stamp   func() time.Time // the clock of signatures; now, but for the demo
	Log     *slog.Logger
	Senders map[contact.Channel]notice.Sender // replaces SMTP and Twilio
	Keep    bool                              // keep the words of sent messages
	Demo    bool
	// MaxConns bounds the connections to PostgreSQL, where not zero.
	MaxConns int32
	// Processor stands before the processor's gateway, where not nil.
	Processor func(payments.Gateway) payments.Gateway
	// StaleAfter and AbandonAfter replace payments' own waits, and Lease those of
	// plans and messages, where not zero.
	StaleAfter, AbandonAfter, Lease time.Duration
}

// Portal is everything, built once.
type Portal struct {
	Config config.Config
	in     Surroundings
	Store  *store.Store
	Books  *bookkeeper
	places pack.Places

	keys     identity.Keys
	Codes    *identity.Codes
	Phrases  *identity.Phrases
	sessions *identity.Sessions
	Staff    *identity.Sessions
	Desk     *identity.Desk
	Tokens   *identity.Tokens
	Visits   *identity.Verifier
	Links    *identity.Links

	Gateway   *stripegw.Gateway
	Alerts    *alert.Desk
	Credits   *credit.Desk
	keeper    *gate.Keeper
	Payments  *payments.Service
	Plans     *plans.Service
	announcer *announcer
	messenger *messenger
	holds     *hold.Service
	Thread    *talk.Thread
	Herald    *talk.Herald
	inbound   *talk.Inbound
	ceasing   *talk.Ceasing
	Changing  *talk.Changing
	Claims    *claim.Service
	Disputes  *dispute.Service
	Held      *held.Service
	answerer  *answerer
	Speakers  *represent.Service

	follows follows

	Validation *validation.Service
	Papers     *letter.Service

	Audit     *audit.Log
	Box       *seal.Box
	Contacts  *contact.Book
	Queue     *notice.Queue
	Reports   *notice.Reports
	Notices   *notice.Worker
	client    *outbox.Client
	recorder  *outbox.Recorder
	Sequencer *outbox.Sequencer
	Deliverer *outbox.Deliverer
	Endpoints *outbox.Desk
	Poster    *outbox.Poster
	unposted  unposted
	stopped   cardsStopped
	// CodesRefused counts reference codes that the API did not tell.
	CodesRefused atomic.Int64
	Importer     *intake.Importer
	rows         *intake.Desk

	words   *locale.Book
	assets  *frontend.Assets
	Metrics *web.Metrics
}

// Open opens the database, makes sure of its schema and its guards, after it was
// brought up to date where migrate says so, and wires the whole product on it. A
// portal whose law does not hold does not start. The caller closes the Store.
func Open(ctx context.Context, cfg config.Config, in Surroundings, migrate bool) (*Portal, error) {
	places, err := LoadPlaces(cfg)
	if err != nil {
		return nil, err
	}
	db, err := openStore(ctx, cfg, store.Options{Log: in.Log, MaxConns: in.MaxConns, Count: counting(cfg, places, in.Now).Count}, migrate)
	if err != nil {
		return nil, err
	}
	p := &Portal{Config: cfg, in: in, Store: db, places: places, Books: &bookkeeper{store: db, log: in.Log}, Audit: &audit.Log{Store: db, Now: in.Now}}
	if err := p.wire(); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return p, nil
}

// wire makes each service. Who is told of what stands in follows.go.
func (p *Portal) wire() error {
	p.follow()
	for _, step := range []func() error{p.wireOutbox, p.wireIdentity, p.wirePayments, p.wirePlans, p.wireIntake, p.wireTalk, p.wireValidation, p.wireDisputes, p.wireLetters, p.wireClaims, p.wireRepresentatives, p.wirePages} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (p *Portal) wireOutbox() error {
	var err error
	if p.Box, err = seal.New(map[byte][]byte{1: p.Store.Key("seal")}); err != nil {
		return err
	}
	client, err := outbox.NewClient(p.Config.WebhookLoopback)
	p.client = client
	if err != nil {
		return fmt.Errorf("webhooks to loopback: %w", err)
	}
	*p.recorder = outbox.Recorder{
		Events: p.Store, Books: p.Store, Now: p.in.Now,
		NewID: func() outbox.EventID { return outbox.EventID("evt_" + rand.Text()) },
	}
	p.Sequencer = &outbox.Sequencer{Tx: p.Store, Store: p.Store, Now: p.in.Now}
	p.Deliverer = &outbox.Deliverer{
		Tx: p.Store, Queue: p.Store, Endpoints: p.Store, Recorder: p.recorder, Sealer: p.Box, Client: client,
		Alerts: alerts{p.in.Log}, Watchers: p.follows.postings, Now: p.in.Now, Stamp: p.in.Stamp, Log: p.in.Log,
	}
	p.Endpoints = &outbox.Desk{
		Tx: p.Store, Store: p.Store, Recorder: p.recorder, Sealer: p.Box, Client: client, Now: p.in.Now, Stamp: p.in.Stamp,
		NewID: func() outbox.EndpointID { return outbox.EndpointID("ep_" + rand.Text()) },
	}
	p.Poster = &outbox.Poster{Tx: p.Store, Store: p.Store, Events: store.History{Store: p.Store}, Watchers: p.follows.postings, Now: p.in.Now}
	return nil
}

func (p *Portal) wireIdentity() error {
	var err error
	if p.keys, err = identity.NewKeys(p.Store.Key); err != nil {
		return err
	}
	if p.Codes, err = identity.NewCodes(p.keys); err != nil {
		return err
	}
	p.Phrases = identity.NewPhrases(p.keys, p.Codes, p.Store)
	p.keeper = &gate.Keeper{Records: deciding{p.Store}, Law: p.places, Consents: p.Store, Now: p.in.Now}
	p.sessions = identity.NewSessions(p.Store, identity.Consumers, p.keeper, p.keys, p.in.Now)
	p.Staff = identity.NewSessions(p.Store, identity.Collector, nil, p.keys, p.in.Now)
	p.Desk = identity.NewDesk(p.Store, p.Store, p.Store, p.Staff, p.keys, p.in.Now)
	p.Tokens = identity.NewTokens(p.Store, p.keys, p.in.Now)
	p.wireContact()
	book := p.Contacts
	if p.words, err = locale.Load(); err != nil {
		return err
	}
	senders, err := p.senders()
	if err != nil {
		return err
	}
	words := p.Letters()
	p.Visits = &identity.Verifier{
		Tx: p.Store, People: p.Store, Attempts: tries{p.Store, p.NewRefusals()}, Tallies: p.Store, Links: p.Store, Sessions: p.sessions, Codes: p.Codes, Keys: p.keys,
		Factor: identity.FactorKind(p.Config.Factor), Watchers: p.follows.visits, Now: p.in.Now,
		StepUp: contact.Channel(p.Config.StepUp), StepUps: p.Store, Book: book, Messages: p.Queue, Words: words, AccessWords: words,
	}
	*p.Links = identity.Links{
		Tx: p.Store, Store: p.Store, People: p.Store, Book: book, Permission: p.keeper, Messages: p.Queue, Words: words,
		Phrases: p.Phrases, Sessions: p.sessions, Keys: p.keys, PublicURL: p.Config.PublicURL, Watchers: p.follows.links, Now: p.in.Now,
	}
	p.Notices = &notice.Worker{
		Tx: p.Store, Store: p.Store, Sealer: p.Box, Senders: senders, Keep: p.in.Keep, Lease: p.in.Lease, Now: p.in.Now, Log: p.in.Log,
		Guard:    &identity.Recheck{People: p.Store, Book: book, Permission: p.keeper, Receipts: p.keeper, Now: p.in.Now},
		Watchers: p.follows.messages,
	}
	return nil
}

func (p *Portal) Letters() words {
	return words{book: p.words, agency: p.Config.Agency, public: p.Config.PublicURL}
}

// channels are those that the agency sends by.
func (p *Portal) channels() map[contact.Channel]bool {
	on := map[contact.Channel]bool{contact.SMS: p.Config.Twilio.Enabled(), contact.Email: p.Config.SMTP != ""}
	for channel := range p.in.Senders {
		on[channel] = true
	}
	return on
}

// WayBack leads from a bank's check of a card to the payment, or to the plans of
// whoever saves a card.
func WayBack(cfg config.Config) func(payments.ID) string {
	return func(id payments.ID) string {
		if id == "" {
			return cfg.PublicURL + paths.Plans
		}
		return cfg.PublicURL + paths.Payment(string(id))
	}
}

// noProcessor stands for the key of the processor in a command that charges nobody
// and was not told one: the processor knows it as nobody's.
const noProcessor = "sk_test_not_set"

func (p *Portal) wirePayments() error {
	var err error
	hookSecrets := WebhookSecrets(p.Config)
	if len(hookSecrets) == 0 {
		hookSecrets = []string{rand.Text()} // nobody knows it
	}
	p.Gateway, err = stripegw.New(stripegw.Config{
		SecretKey: cmp.Or(string(p.Config.Stripe.SecretKey), noProcessor), WebhookSecrets: hookSecrets, APIURL: p.Config.Stripe.APIURL, Now: p.in.Now, Log: p.in.Log,
		FingerprintKey: p.Store.Key("fingerprint"),
		Item: func(language, reference string) string {
			return p.words.Printer(language).T("review.item", "reference", reference)
		},
		Back: WayBack(p.Config),
	})
	if err != nil {
		return err
	}
	*p.Alerts = alert.Desk{Store: p.Store, Events: p.recorder, Log: p.in.Log, Now: p.in.Now}
	*p.Payments = payments.Service{
		Tx: p.Store, Store: p.Store, Watch: p.Store, Inbox: p.Store, Accounts: p.keeper, Unattended: gate.Unattended{Keeper: p.keeper}, Methods: p.Plans,
		Gateway: p.processor(), Hosted: p.Gateway, Refunds: p.Gateway, Orders: p.Store, Credits: p.Store,
		Watchers: p.follows.payments, Alarms: p.follows.alarms, Warnings: p.Alerts, List: p.Gateway, Declines: p.Store, Doubts: p.Store,
		Now: p.in.Now, NewID: newPaymentID, Log: p.in.Log,
		StaleAfter: cmp.Or(p.in.StaleAfter, staleAfter), AbandonAfter: cmp.Or(p.in.AbandonAfter, abandonAfter), ExpectLive: p.Config.Stripe.LiveMode(), Paused: p.Books.off,
	}
	*p.messenger = messenger{people: p.Store, book: p.Contacts, may: p.keeper, queue: p.Queue, words: p.Letters(), zone: p.Zone(), log: p.in.Log}
	p.Held = &held.Service{Tx: p.Store, Store: p.Store, Payments: p.Payments, Zone: p.Zone(), Days: p.Config.CreditDays, Now: p.in.Now}
	*p.Credits = credit.Desk{
		Store: p.Store, Books: p.Store, Orders: p.Store, Return: p.Payments, Watchers: p.follows.credits, Now: p.in.Now, NewID: func() string { return "crd_" + rand.Text() },
		Zone: p.Zone(), Days: p.Config.CreditDays,
	}
	return nil
}

// wireIntake takes placements in, and what people say of rows that they must look
// at.
func (p *Portal) wireIntake() error {
	*p.Importer = intake.Importer{
		BornFactor: p.Config.Factor == config.DateOfBirth, Tx: p.Store, Store: p.Store, Codes: p.Codes, Holds: p.holds, Key: p.Store.Key("intake"),
		Now: p.in.Now, NewID: func(prefix string) string { return prefix + "_" + rand.Text() }, Count: counting(p.Config, p.places, p.in.Now).Count,
		Watchers: p.follows.placements,
	}
	p.rows = &intake.Desk{Tx: p.Store, Store: p.Store, Holds: p.holds, Now: p.in.Now}
	return nil
}

// wirePlans makes plans follow payments and notices: what a payment did to a
// plan is saved in the payment's own transaction.
func (p *Portal) wirePlans() error {
	asked, fresh, err := p.record()
	if err != nil {
		return err
	}
	*p.announcer = announcer{people: p.Store, book: p.Contacts, queue: p.Queue, words: p.Letters(), recorder: p.recorder, plans: p.Plans, now: p.in.Now}
	*p.Plans = plans.Service{
		Tx: p.Store, Store: p.Store, Drafts: p.Store, Credits: p.Store, Agenda: p.Store, Index: p.Store, Papers: p.Store, Books: p.Store,
		Terms: p.Store, Debts: gate.Planner{Keeper: p.keeper, Periods: p.Store, Returns: p.Store, Fresh: fresh}, Record: asked, Saver: p.Payments.Counted(p.Gateway), Inspect: p.Gateway.Inspect, Charger: p.Payments,
		Notices: p.announcer, Watchers: p.follows.plans, Now: p.in.Now, Log: p.in.Log,
		NewID:      func() (plans.ID, string) { return plans.ID("pln_" + rand.Text()), "PLN-" + readable() },
		NewDraftID: func() string { return "drf_" + rand.Text() }, Lease: p.in.Lease,
		Statements: p.Store, StatementWatchers: p.follows.statements,
		NewStatementID: func() string { return "fst_" + rand.Text() },
	}
	p.holds = &hold.Service{
		Tx: p.Store, Store: p.Store, Now: p.in.Now, NewID: func() string { return "hld_" + rand.Text() },
		Watchers: p.follows.holds,
	}
	return nil
}

// processor is the gateway, or what stands before it.
func (p *Portal) processor() payments.Gateway {
	if p.in.Processor != nil {
		return p.in.Processor(p.Gateway)
	}
	return p.Gateway
}

const (
	staleAfter   = 30 * time.Second
	abandonAfter = 30 * time.Minute
)

// senders connects SMTP and Twilio where they are configured and nothing else
// stands in for them.
func (p *Portal) senders() (map[contact.Channel]notice.Sender, error) {
	if p.in.Senders != nil {
		return p.in.Senders, nil
	}
	senders := map[contact.Channel]notice.Sender{}
	if p.Config.SMTP != "" {
		connect := smtp.New
		if u, err := url.Parse(string(p.Config.SMTP)); err == nil && p.Config.Private(u.Hostname()) {
			connect = smtp.NewPrivate
		}
		s, err := connect(string(p.Config.SMTP), p.Config.Agency.Name, p.Config.Agency.Email)
		if err != nil {
			return nil, fmt.Errorf("PORTAL_SMTP_URL: %w", err)
		}
		senders[contact.Email] = s
	}
	if t := p.Config.Twilio; t.Enabled() {
		s, err := sms.New(sms.Account{SID: t.AccountSID, AuthToken: string(t.AuthToken), From: t.From, APIURL: t.APIURL, ReportsURL: p.textReports()})
		if err != nil {
			return nil, fmt.Errorf("TWILIO_…: %w", err)
		}
		senders[contact.SMS] = s
	}
	return senders, nil
}

func (p *Portal) wirePages() error {
	var err error
	if err = frontend.CheckAccent(p.Config.Agency.AccentColor); err != nil {
		return fmt.Errorf("PORTAL_AGENCY_ACCENT: %w", err)
	}
	if p.assets, err = frontend.Load(p.Config.Agency.AccentColor); err != nil {
		return err
	}
	p.Metrics = web.NewMetrics()
	if err = p.Metrics.Gauge("portal_code_reads_refused", "Reference codes that the API did not tell since the start, because a token had read as many as an hour allows.", func() float64 { return float64(p.CodesRefused.Load()) }); err != nil {
		return err
	}
	if err = p.Metrics.Gauge("portal_cards_stopped", "Accounts from which no card is taken, because five were declined in 24 hours.", p.stopped.gauge); err != nil {
		return err
	}
	if err := p.doorGauges(); err != nil {
		return err
	}
	return p.Metrics.Gauge("portal_events_unposted", "Events received by the system of record and not posted for 15 minutes.", p.unposted.gauge)
}

// agency is who the consumer deals with, for the frame of each page.
func (p *Portal) agency(string) layouts.Agency {
	a := p.Config.Agency
	return layouts.Agency{Name: a.Name, LegalName: a.LegalName, AddressLines: a.AddressLines, Phone: a.Phone, Hours: a.Hours, Licenses: a.Licenses, LogoURL: a.LogoURL}
}

// Jobs is all background work.
func (p *Portal) Jobs() []worker.Job {
	return []worker.Job{
		{Name: "payments", Every: time.Second, Run: func(ctx context.Context) (int, error) { return p.Payments.Sweep(ctx, 50) }},
		{Name: "held money", Every: time.Minute, Run: func(ctx context.Context) (int, error) { return p.Held.Run(ctx, 50) }},
		{Name: "plans", Every: time.Second, Run: func(ctx context.Context) (int, error) { return p.Plans.Run(ctx, 50) }},
		{Name: "plan notices", Every: time.Minute, Run: func(ctx context.Context) (int, error) { return p.Plans.Tidy(ctx, 200) }},
		{Name: "settlements", Every: time.Hour, Run: func(ctx context.Context) (int, error) { return p.Store.LetGo(ctx, p.in.Now().UTC(), 200) }},
		{Name: "letters", Every: time.Minute, Run: func(ctx context.Context) (int, error) { return p.Papers.Write(ctx, 100) }},
		{Name: "validation notices", Every: time.Minute, Run: func(ctx context.Context) (int, error) { return p.Validation.Overdue(ctx, 100) }},
		{Name: "missed events", Every: 5 * time.Minute, Run: p.missedEvents},
		{Name: "reconciliation", Every: 24 * time.Hour, Run: func(ctx context.Context) (int, error) { return 0, p.Payments.Reconcile(ctx) }},
		{Name: "sequence", Every: 100 * time.Millisecond, Run: p.Sequencer.Step},
		{Name: "webhooks", Every: 100 * time.Millisecond, Run: p.Deliverer.Start},
		{Name: "messages told", Every: 5 * time.Second, Run: func(ctx context.Context) (int, error) { return p.Herald.Sweep(ctx, 200) }},
		{Name: "claims", Every: time.Second, Run: func(ctx context.Context) (int, error) { return p.Claims.Sweep(ctx, 50) }},
		{Name: "new links", Every: time.Second, Run: func(ctx context.Context) (int, error) { return p.Links.Answer(ctx, 50) }},
		{Name: "digits", Every: 500 * time.Millisecond, Run: func(ctx context.Context) (int, error) { return p.Visits.SendDigits(ctx, 50) }},
		{Name: "notices", Every: 500 * time.Millisecond, Run: p.Notices.Run},
		{Name: "chains", Every: time.Second, Run: p.Link},
		{Name: "seals", Every: 10 * time.Minute, Run: p.SealChains},
		{Name: "retention", Every: 24 * time.Hour, Run: p.forget},
		{Name: "disputes", Every: 2 * time.Second, Run: p.Disputes.Job},
		{Name: "books", Every: time.Minute, Run: p.Books.Check},
		{Name: "declines", Every: time.Minute, Run: p.watchDeclines},
		{Name: "unposted", Every: time.Minute, Run: p.watchUnposted},
		{Name: "returns", Every: time.Hour, Run: p.watchReturns},
	}
}

// eventsKept is how far back the processor's events are asked for.
const eventsKept = time.Hour

// missedEvents is the second path of the processor's events, beside its
// webhook: whatever was lost on the way is fetched (STR-05).
func (p *Portal) missedEvents(ctx context.Context) (int, error) {
	events, err := p.Gateway.Events(ctx, p.in.Now().Add(-eventsKept))
	if err != nil {
		return 0, err
	}
	var failed error
	for _, e := range events {
		_, err := p.Payments.Handle(ctx, e)
		failed = errors.Join(failed, err)
	}
	return 0, failed
}

// newPaymentID makes the id and the human reference of a payment.
func newPaymentID() (payments.ID, string) {
	return payments.ID("pay_" + rand.Text()), "PAY-" + readable()
}

// readable returns characters of a reference that can be read aloud: no 0/O,
// 1/I/L or U/V.
func readable() string {
	const n, alphabet = 8, "23456789ABCDEFGHJKMNPQRSTWXYZ"
	out := make([]byte, 0, n)
	for _, b := range []byte(rand.Text() + rand.Text()) {
		if i := int(b) - '2'; b >= '2' && b <= '7' {
			out = append(out, alphabet[i])
		} else if i := int(b-'A') + 6; i < len(alphabet) {
			out = append(out, alphabet[i])
		}
		if len(out) == n {
			break
		}
	}
	return string(out)
}

func WebhookSecrets(cfg config.Config) []string {
	var all []string
	for _, s := range cfg.Stripe.WebhookSecrets {
		all = append(all, string(s))
	}
	return all
}

// openStore opens the database and makes sure of its schema and its guards.
func openStore(ctx context.Context, cfg config.Config, o store.Options, migrate bool) (_ *store.Store, err error) {
	if o.Box, err = seal.Ring(cfg.Key("vault"), cfg.PreviousKeys("vault")...); err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, string(cfg.DatabaseURL), o)
	if err != nil {
		return nil, err
	}
	if migrate {
		_, err = db.Migrate(ctx)
	}
	if err == nil {
		err = db.CheckSchema(ctx)
	}
	if err == nil {
		err = db.Root(ctx, cfg.Root())
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// NewLogger writes JSON lines to standard error.
func NewLogger() *slog.Logger {
	return slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelInfo}))
}

// alerts writes endpoint warnings to the log.
type alerts struct{ log *slog.Logger }

// EndpointAlert implements outbox.Alerts.
func (a alerts) EndpointAlert(ctx context.Context, e outbox.Endpoint, alert outbox.Alert) error {
	a.log.WarnContext(ctx, "a webhook endpoint needs its owner", "endpoint", e.ID, "alert", alert)
	return nil
}
