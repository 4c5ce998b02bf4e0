package main

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
	"quittance/portal/dispute"
	"quittance/portal/gate"
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

// surroundings is what differs between serving people, the demo and tests.
type surroundings struct {
	now     func() time.Time // the clock of all decisions
	stamp   func() time.Time // the clock of signatures; now, but for the demo
	log     *slog.Logger
	senders map[contact.Channel]notice.Sender // replaces SMTP and Twilio
	keep    bool                              // keep the words of sent messages
	demo    bool
	// staleAfter and abandonAfter replace payments' own waits, and lease those of
	// plans and messages, where not zero.
	staleAfter, abandonAfter, lease time.Duration
}

// portal is everything, built once.
type portal struct {
	cfg    config.Config
	in     surroundings
	store  *store.Store
	books  *bookkeeper
	places pack.Places

	keys     identity.Keys
	codes    *identity.Codes
	phrases  *identity.Phrases
	sessions *identity.Sessions
	staff    *identity.Sessions
	desk     *identity.Desk
	tokens   *identity.Tokens
	visits   *identity.Verifier
	links    *identity.Links

	gateway   *stripegw.Gateway
	alerts    *alert.Desk
	keeper    *gate.Keeper
	payments  *payments.Service
	plans     *plans.Service
	announcer *announcer
	holds     *hold.Service
	thread    *talk.Thread
	herald    *talk.Herald
	inbound   *talk.Inbound
	ceasing   *talk.Ceasing
	changing  *talk.Changing
	claims    *claim.Service
	disputes  *dispute.Service
	parked    *dispute.Park
	answerer  *answerer
	speakers  *represent.Service

	follows follows

	validation *validation.Service
	papers     *letter.Service

	audit     *audit.Log
	box       *seal.Box
	contacts  *contact.Book
	queue     *notice.Queue
	reports   *notice.Reports
	notices   *notice.Worker
	client    *outbox.Client
	recorder  *outbox.Recorder
	sequencer *outbox.Sequencer
	deliverer *outbox.Deliverer
	endpoints *outbox.Desk
	poster    *outbox.Poster
	unposted  unposted
	stopped   cardsStopped
	// codesRefused counts reference codes that the API did not tell.
	codesRefused atomic.Int64
	importer     *intake.Importer

	words   *locale.Book
	assets  *frontend.Assets
	metrics *web.Metrics
}

// build wires the whole product. Who is told of what stands in follows.go.
func build(cfg config.Config, db *store.Store, in surroundings) (*portal, error) {
	p := &portal{cfg: cfg, in: in, store: db, books: &bookkeeper{store: db, log: in.log}, audit: &audit.Log{Store: db, Now: in.now}}
	p.follow()
	for _, step := range []func() error{p.wireLaw, p.wireOutbox, p.wireIdentity, p.wirePayments, p.wirePlans, p.wireTalk, p.wireValidation, p.wireDisputes, p.wireLetters, p.wireClaims, p.wireRepresentatives, p.wirePages} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (p *portal) wireOutbox() error {
	var err error
	if p.box, err = seal.New(map[byte][]byte{1: p.store.Key("seal")}); err != nil {
		return err
	}
	client, err := outbox.NewClient(p.cfg.WebhookLoopback)
	p.client = client
	if err != nil {
		return fmt.Errorf("webhooks to loopback: %w", err)
	}
	*p.recorder = outbox.Recorder{
		Events: p.store, Books: p.store, Now: p.in.now, Disputed: p.parked.Disputed,
		NewID: func() outbox.EventID { return outbox.EventID("evt_" + rand.Text()) },
	}
	p.sequencer = &outbox.Sequencer{Tx: p.store, Store: p.store, Now: p.in.now}
	p.deliverer = &outbox.Deliverer{
		Tx: p.store, Queue: p.store, Endpoints: p.store, Recorder: p.recorder, Sealer: p.box, Client: client,
		Alerts: alerts{p.in.log}, Watchers: p.follows.postings, Now: p.in.now, Stamp: p.in.stamp, Log: p.in.log,
	}
	p.endpoints = &outbox.Desk{
		Tx: p.store, Store: p.store, Recorder: p.recorder, Sealer: p.box, Client: client, Now: p.in.now, Stamp: p.in.stamp,
		NewID: func() outbox.EndpointID { return outbox.EndpointID("ep_" + rand.Text()) },
	}
	p.poster = &outbox.Poster{Tx: p.store, Store: p.store, Events: store.History{Store: p.store}, Watchers: p.follows.postings, Now: p.in.now}
	return nil
}

func (p *portal) wireIdentity() error {
	var err error
	if p.keys, err = identity.NewKeys(p.store.Key); err != nil {
		return err
	}
	if p.codes, err = identity.NewCodes(p.keys); err != nil {
		return err
	}
	p.phrases = identity.NewPhrases(p.keys, p.codes, p.store)
	p.keeper = &gate.Keeper{Records: deciding{p.store}, Law: p.places, Consents: p.store, Now: p.in.now}
	p.sessions = identity.NewSessions(p.store, identity.Consumers, p.keeper, p.keys, p.in.now)
	p.staff = identity.NewSessions(p.store, identity.Collector, nil, p.keys, p.in.now)
	p.desk = identity.NewDesk(p.store, p.store, p.store, p.staff, p.keys, p.in.now)
	p.tokens = identity.NewTokens(p.store, p.keys, p.in.now)
	p.wireContact()
	book := p.contacts
	if p.words, err = locale.Load(); err != nil {
		return err
	}
	senders, err := p.senders()
	if err != nil {
		return err
	}
	words := p.letters()
	p.visits = &identity.Verifier{
		Tx: p.store, People: p.store, Attempts: tries{p.store, p.newRefusals()}, Tallies: p.store, Links: p.store, Sessions: p.sessions, Codes: p.codes, Keys: p.keys,
		Factor: identity.FactorKind(p.cfg.Factor), Watchers: p.follows.visits, Now: p.in.now,
		StepUp: contact.Channel(p.cfg.StepUp), StepUps: p.store, Book: book, Messages: p.queue, Words: words, AccessWords: words,
	}
	*p.links = identity.Links{
		Tx: p.store, Store: p.store, People: p.store, Book: book, Permission: p.keeper, Messages: p.queue, Words: words,
		Phrases: p.phrases, Sessions: p.sessions, Keys: p.keys, PublicURL: p.cfg.PublicURL, Watchers: p.follows.links, Now: p.in.now,
	}
	p.notices = &notice.Worker{
		Tx: p.store, Store: p.store, Sealer: p.box, Senders: senders, Keep: p.in.keep, Lease: p.in.lease, Now: p.in.now, Log: p.in.log,
		Guard:    &identity.Recheck{People: p.store, Book: book, Permission: p.keeper, Now: p.in.now},
		Watchers: p.follows.messages,
	}
	return nil
}

func (p *portal) letters() words {
	return words{book: p.words, agency: p.cfg.Agency, public: p.cfg.PublicURL}
}

// channels are those that the agency sends by.
func (p *portal) channels() map[contact.Channel]bool {
	on := map[contact.Channel]bool{contact.SMS: p.cfg.Twilio.Enabled(), contact.Email: p.cfg.SMTP != ""}
	for channel := range p.in.senders {
		on[channel] = true
	}
	return on
}

// wayBack leads from a bank's check of a card to the payment, or to the plans of
// whoever saves a card.
func wayBack(cfg config.Config) func(payments.ID) string {
	return func(id payments.ID) string {
		if id == "" {
			return cfg.PublicURL + paths.Plans
		}
		return cfg.PublicURL + paths.Payment(string(id))
	}
}

func (p *portal) wirePayments() error {
	var err error
	p.gateway, err = stripegw.New(stripegw.Config{
		SecretKey: string(p.cfg.Stripe.SecretKey), WebhookSecrets: webhookSecrets(p.cfg), APIURL: p.cfg.Stripe.APIURL, Now: p.in.now, Log: p.in.log,
		FingerprintKey: p.store.Key("fingerprint"),
		Item: func(language, reference string) string {
			return p.words.Printer(language).T("review.item", "reference", reference)
		},
		Back: wayBack(p.cfg),
	})
	if err != nil {
		return err
	}
	*p.alerts = alert.Desk{Store: p.store, Events: p.recorder, Log: p.in.log, Now: p.in.now}
	p.payments = &payments.Service{
		Tx: p.store, Store: p.store, Watch: p.store, Inbox: p.store, Accounts: p.keeper, Unattended: gate.Unattended{Keeper: p.keeper}, Methods: p.plans,
		Gateway: p.gateway, Hosted: p.gateway, Refunds: p.gateway,
		Watchers: p.follows.payments, Alarms: p.follows.alarms, Warnings: p.alerts, List: p.gateway, Declines: p.store,
		Now: p.in.now, NewID: newPaymentID, Log: p.in.log,
		StaleAfter: cmp.Or(p.in.staleAfter, staleAfter), AbandonAfter: cmp.Or(p.in.abandonAfter, abandonAfter), ExpectLive: p.cfg.Stripe.LiveMode(), Paused: p.books.off,
	}
	p.importer = &intake.Importer{BornFactor: p.cfg.Factor == config.DateOfBirth, Tx: p.store, Store: p.store, Codes: p.codes, Now: p.in.now,
		NewID: func(prefix string) string { return prefix + "_" + rand.Text() }, Count: p.store.Count}
	return nil
}

// wirePlans makes plans follow payments and notices: what a payment did to a
// plan is saved in the payment's own transaction.
func (p *portal) wirePlans() error {
	asked, fresh, err := p.record()
	if err != nil {
		return err
	}
	*p.announcer = announcer{people: p.store, book: p.contacts, queue: p.queue, words: p.letters(), recorder: p.recorder, plans: p.plans, now: p.in.now}
	*p.plans = plans.Service{
		Tx: p.store, Store: p.store, Drafts: p.store, Credits: p.store, Agenda: p.store, Index: p.store, Papers: p.store,
		Terms: p.store, Debts: gate.Planner{Keeper: p.keeper, Periods: p.store, Returns: p.store, Fresh: fresh}, Record: asked, Saver: p.payments.Counted(p.gateway), Inspect: p.gateway.Inspect, Charger: p.payments,
		Notices: p.announcer, Watchers: p.follows.plans, Now: p.in.now, Log: p.in.log,
		NewID:      func() (plans.ID, string) { return plans.ID("pln_" + rand.Text()), "PLN-" + readable() },
		NewDraftID: func() string { return "drf_" + rand.Text() }, Lease: p.in.lease,
		Statements: p.store, StatementWatchers: p.follows.statements,
		NewStatementID: func() string { return "fst_" + rand.Text() },
	}
	p.holds = &hold.Service{
		Tx: p.store, Store: p.store, Now: p.in.now, NewID: func() string { return "hld_" + rand.Text() },
		Watchers: p.follows.holds,
	}
	return nil
}

// stopPlans lets plans of a debt rest or end when a hold is opened on it.
type stopPlans struct{ plans *plans.Service }

// HoldsChanged implements hold.Watcher.
func (s stopPlans) HoldsChanged(ctx context.Context, c hold.Change) error {
	var ids []string
	for _, id := range c.Debts() {
		ids = append(ids, string(id))
	}
	return s.plans.DebtsChanged(ctx, string(c.AccountID), ids)
}

const (
	staleAfter   = 30 * time.Second
	abandonAfter = 30 * time.Minute
)

// senders connects SMTP and Twilio where they are configured and nothing else
// stands in for them.
func (p *portal) senders() (map[contact.Channel]notice.Sender, error) {
	if p.in.senders != nil {
		return p.in.senders, nil
	}
	senders := map[contact.Channel]notice.Sender{}
	if p.cfg.SMTP != "" {
		connect := smtp.New
		if u, err := url.Parse(string(p.cfg.SMTP)); err == nil && p.cfg.Private(u.Hostname()) {
			connect = smtp.NewPrivate
		}
		s, err := connect(string(p.cfg.SMTP), p.cfg.Agency.Name, p.cfg.Agency.Email)
		if err != nil {
			return nil, fmt.Errorf("PORTAL_SMTP_URL: %w", err)
		}
		senders[contact.Email] = s
	}
	if t := p.cfg.Twilio; t.Enabled() {
		s, err := sms.New(sms.Account{SID: t.AccountSID, AuthToken: string(t.AuthToken), From: t.From, APIURL: t.APIURL, ReportsURL: p.textReports()})
		if err != nil {
			return nil, fmt.Errorf("TWILIO_…: %w", err)
		}
		senders[contact.SMS] = s
	}
	return senders, nil
}

func (p *portal) wirePages() error {
	var err error
	if err = frontend.CheckAccent(p.cfg.Agency.AccentColor); err != nil {
		return fmt.Errorf("PORTAL_AGENCY_ACCENT: %w", err)
	}
	if p.assets, err = frontend.Load(p.cfg.Agency.AccentColor); err != nil {
		return err
	}
	p.metrics = web.NewMetrics()
	if err = p.metrics.Gauge("portal_code_reads_refused", "Reference codes that the API did not tell since the start, because a token had read as many as an hour allows.", func() float64 { return float64(p.codesRefused.Load()) }); err != nil {
		return err
	}
	if err = p.metrics.Gauge("portal_cards_stopped", "Accounts from which no card is taken, because five were declined in 24 hours.", p.stopped.gauge); err != nil {
		return err
	}
	if err := p.doorGauges(); err != nil {
		return err
	}
	return p.metrics.Gauge("portal_events_unposted", "Events received by the system of record and not posted for 15 minutes.", p.unposted.gauge)
}

// agency is who the consumer deals with, for the frame of each page.
func (p *portal) agency(string) layouts.Agency {
	a := p.cfg.Agency
	return layouts.Agency{Name: a.Name, LegalName: a.LegalName, AddressLines: a.AddressLines, Phone: a.Phone, Hours: a.Hours, Licenses: a.Licenses, LogoURL: a.LogoURL}
}

// jobs is all background work.
func (p *portal) jobs() []worker.Job {
	return []worker.Job{
		{Name: "payments", Every: time.Second, Run: func(ctx context.Context) (int, error) { return p.payments.Sweep(ctx, 50) }},
		{Name: "plans", Every: time.Second, Run: func(ctx context.Context) (int, error) { return p.plans.Run(ctx, 50) }},
		{Name: "plan notices", Every: time.Minute, Run: func(ctx context.Context) (int, error) { return p.plans.Tidy(ctx, 200) }},
		{Name: "letters", Every: time.Minute, Run: func(ctx context.Context) (int, error) { return p.papers.Write(ctx, 100) }},
		{Name: "validation notices", Every: time.Minute, Run: func(ctx context.Context) (int, error) { return p.validation.Overdue(ctx, 100) }},
		{Name: "missed events", Every: 5 * time.Minute, Run: p.missedEvents},
		{Name: "reconciliation", Every: 24 * time.Hour, Run: func(ctx context.Context) (int, error) { return 0, p.payments.Reconcile(ctx) }},
		{Name: "sequence", Every: 100 * time.Millisecond, Run: p.sequencer.Step},
		{Name: "webhooks", Every: 100 * time.Millisecond, Run: p.deliverer.Start},
		{Name: "messages told", Every: 5 * time.Second, Run: func(ctx context.Context) (int, error) { return p.herald.Sweep(ctx, 200) }},
		{Name: "claims", Every: time.Second, Run: func(ctx context.Context) (int, error) { return p.claims.Sweep(ctx, 50) }},
		{Name: "new links", Every: time.Second, Run: func(ctx context.Context) (int, error) { return p.links.Answer(ctx, 50) }},
		{Name: "digits", Every: 500 * time.Millisecond, Run: func(ctx context.Context) (int, error) { return p.visits.SendDigits(ctx, 50) }},
		{Name: "notices", Every: 500 * time.Millisecond, Run: p.notices.Run},
		{Name: "chains", Every: time.Second, Run: p.link},
		{Name: "seals", Every: 10 * time.Minute, Run: p.sealChains},
		{Name: "retention", Every: 24 * time.Hour, Run: p.forget},
		{Name: "disputes", Every: 2 * time.Second, Run: p.disputes.Job},
		{Name: "books", Every: time.Minute, Run: p.books.check},
		{Name: "declines", Every: time.Minute, Run: p.watchDeclines},
		{Name: "unposted", Every: time.Minute, Run: p.watchUnposted},
		{Name: "returns", Every: time.Hour, Run: p.watchReturns},
	}
}

// eventsKept is how far back the processor's events are asked for.
const eventsKept = time.Hour

// missedEvents is the second path of the processor's events, beside its
// webhook: whatever was lost on the way is fetched (STR-05).
func (p *portal) missedEvents(ctx context.Context) (int, error) {
	events, err := p.gateway.Events(ctx, p.in.now().Add(-eventsKept))
	if err != nil {
		return 0, err
	}
	var failed error
	for _, e := range events {
		_, err := p.payments.Handle(ctx, e)
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

// openStore opens the database and makes sure of its schema and its guards.
func openStore(ctx context.Context, cfg config.Config, log *slog.Logger, migrate bool) (*store.Store, error) {
	box, err := seal.Ring(cfg.Key("vault"), cfg.PreviousKeys("vault")...)
	if err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, string(cfg.DatabaseURL), store.Options{Log: log, Box: box})
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

// newLogger writes JSON lines to standard error.
func newLogger() *slog.Logger {
	return slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelInfo}))
}

// alerts writes endpoint warnings to the log.
type alerts struct{ log *slog.Logger }

// EndpointAlert implements outbox.Alerts.
func (a alerts) EndpointAlert(ctx context.Context, e outbox.Endpoint, alert outbox.Alert) error {
	a.log.WarnContext(ctx, "a webhook endpoint needs its owner", "endpoint", e.ID, "alert", alert)
	return nil
}
