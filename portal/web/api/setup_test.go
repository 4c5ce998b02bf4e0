package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/portal/audit"
	"quittance/portal/debt"
	"quittance/portal/gate"
	"quittance/portal/identity"
	"quittance/portal/intake"
	"quittance/portal/notice"
	"quittance/portal/outbox"
	"quittance/portal/pack/packtest"
	"quittance/portal/represent"
	"quittance/portal/retention"
	"quittance/portal/seal"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
	"quittance/portal/terms"
	"quittance/portal/web/api"
)

var noon = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

// storeKeys is the store as the API's Keys.
type storeKeys struct{ *store.Store }

func (k storeKeys) BeginKey(ctx context.Context, key api.Key) (api.Key, bool, error) {
	held, fresh, err := k.Store.BeginKey(ctx, store.Key(key), key.At.Add(-api.KeyLife))
	return api.Key(held), fresh, err
}

func (k storeKeys) FinishKey(ctx context.Context, key api.Key) error {
	return k.Store.FinishKey(ctx, store.Key(key))
}

func (k storeKeys) DropKey(ctx context.Context, key api.Key) error {
	return k.Store.DropKey(ctx, store.Key(key))
}

// plant is the API over a real database.
type plant struct {
	app       *fiber.App
	store     *store.Store
	deps      api.Deps
	tokens    *identity.Tokens
	recorder  *outbox.Recorder
	sequencer *outbox.Sequencer
	sender    *sender
	losses    *notice.Reports
	logs      *syncBuffer

	mu  sync.Mutex
	now time.Time
	ids int
}

func (p *plant) Now() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now
}

func (p *plant) id(prefix string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ids++
	return fmt.Sprintf("%s_%04d", prefix, p.ids)
}

// syncBuffer is a log that many may write.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// sender counts links and keeps them in the store, so that a request that is
// undone leaves none.
type sender struct {
	plant   *plant
	refusal error
	broken  error
	last    identity.LinkRequest
}

func (s *sender) Send(ctx context.Context, r identity.LinkRequest) (identity.SentLink, error) {
	s.plant.mu.Lock()
	s.last = r
	s.plant.mu.Unlock()
	if s.refusal != nil {
		return identity.SentLink{}, s.refusal
	}
	id := s.plant.id("lnk")
	l := identity.Link{
		ID: identity.LinkID(id), Reference: "LNK-" + id, AccountID: r.AccountID, Channel: r.Channel, TokenHash: []byte(id),
		AddressHash: []byte("hash"), SentBy: r.By, CallID: r.CallID, CreatedAt: s.plant.Now(), ExpiresAt: s.plant.Now().Add(time.Hour),
	}
	if err := s.plant.store.AddLink(ctx, l); err != nil {
		return identity.SentLink{}, err
	}
	return identity.SentLink{Link: l, Phrase: []string{"amber", "river", "stone"}}, s.broken
}

func setup(t *testing.T) *plant { return setupOn(t, storetest.SQLite(t)) }

func setupOn(t *testing.T, s *store.Store) *plant {
	t.Helper()
	p := &plant{store: s, now: noon, logs: &syncBuffer{}}
	p.sender = &sender{plant: p}
	keys, err := identity.NewKeys(func(purpose string) []byte {
		return bytes.Repeat([]byte(purpose+"……………………………"), 4)[:32]
	})
	if err != nil {
		t.Fatal(err)
	}
	codes, err := identity.NewCodes(keys)
	if err != nil {
		t.Fatal(err)
	}
	box, err := seal.New(map[byte][]byte{1: bytes.Repeat([]byte{7}, seal.KeySize)})
	if err != nil {
		t.Fatal(err)
	}
	client, err := outbox.NewClient(nil)
	if err != nil {
		t.Fatal(err)
	}
	p.tokens = identity.NewTokens(s, keys, p.Now)
	p.recorder = &outbox.Recorder{Events: s, Books: s, Now: p.Now, NewID: func() outbox.EventID { return outbox.EventID(p.id("evt")) }}
	p.sequencer = &outbox.Sequencer{Tx: s, Store: s, Now: p.Now}
	history := store.History{Store: s}
	p.losses = &notice.Reports{Tx: s, Records: s}
	p.deps = api.Deps{
		Losses: p.losses,
		Tx:     s, Keys: storeKeys{s}, Sealer: box, Tokens: p.tokens,
		Placements: &intake.Importer{Tx: s, Store: s, Codes: codes, NewID: p.id, Now: p.Now},
		Links:      p.sender, SentLinks: s, Accounts: s, Audit: &audit.Log{Store: s, Now: p.Now}, Payments: s, Stopper: &payments.Service{Tx: s, Store: s, Now: p.Now}, Plans: s, History: history,
		Gate:       &gate.Keeper{Records: s, Law: packtest.Everywhere(), Consents: s, Now: p.Now},
		LegalHolds: &retention.Holds{Store: s, Audit: &audit.Log{Store: s, Now: p.Now}, Now: p.Now},
		Representatives: &represent.Service{
			Tx: s, Store: s, Codes: codes, Fits: &gate.Keeper{Records: s, Law: packtest.Everywhere(), Now: p.Now}, Sessions: s, Factor: "postal_code",
			Watchers: []represent.Watcher{p.recorder}, Now: p.Now, NewID: func() represent.ID { return represent.ID(p.id("rep")) },
		},
		Claims: p.claiming(box), Disputes: p.disputing(box), Validation: p.validation(t, box),
		Terms:     &terms.Desk{Tx: s, Book: s, Now: p.Now},
		Poster:    &outbox.Poster{Tx: s, Store: s, Events: history, Now: p.Now},
		Desk:      &outbox.Desk{Tx: s, Store: s, Recorder: p.recorder, Sealer: box, Client: client, Now: p.Now, NewID: func() outbox.EndpointID { return outbox.EndpointID(p.id("ep")) }},
		Endpoints: s, Now: p.Now, Log: slog.New(slog.NewTextHandler(p.logs, nil)), Version: "test",
	}
	p.app = fiber.New(fiber.Config{Immutable: true, CaseSensitive: true, StrictRouting: true, DisableStartupMessage: true, BodyLimit: 8 << 20, StreamRequestBody: true})
	if err := api.Register(p.app, p.deps); err != nil {
		t.Fatal(err)
	}
	return p
}

// token issues a token with all scopes, for one creditor or all.
func (p *plant) token(t *testing.T, creditor string, scopes ...identity.Scope) string {
	t.Helper()
	if len(scopes) == 0 {
		scopes = identity.Scopes
	}
	raw, _, err := p.tokens.IssueToken(t.Context(), identity.Grant{Name: "test", Scopes: scopes, Creditors: debt.CreditorsOf(creditor), By: "test", For: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

// field reads a field of a JSON answer, by names parted with dots.
func (a answer) field(t *testing.T, path string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		t.Fatalf("%v in %s", err, a.body)
	}
	for name := range strings.SplitSeq(path, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[name]
	}
	return v
}

// ask sends a request with a token; headers are pairs.
func (p *plant) ask(t *testing.T, token, method, path, body string, headers ...string) answer {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := p.app.Test(r, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{status: res.StatusCode, header: res.Header, body: string(content)}
}

// placed is a placements file of one account with two debts of two creditors.
const header = "account_ref,debt_ref,creditor_ref,creditor_name,debt_type,account_number_last4,first_name,last_name,date_of_birth," +
	"address_line1,city,state,postal_code,itemization_type,itemization_date,itemization_amount,interest_added,fees_added,payments_credits,balance,balance_as_of,status\n"

func line(account, debt, creditor, balance string) string {
	return account + "," + debt + "," + creditor + ",Mercy Clinic,medical,1234,Ana,Ruiz,1980-02-29,1 Main St,Dover,DE,19901,charge_off,2026-01-31," +
		balance + ",0.00,0.00,0.00," + balance + ",2026-11-20,active\n"
}

func (p *plant) place(t *testing.T, token string) {
	t.Helper()
	file := header + line("A-1", "D-1", "mercy", "432.17") + line("A-1", "D-2", "north", "50.00")
	if a := p.ask(t, token, "POST", "/api/v1/placements", file, "Content-Type", "text/csv"); a.status != 200 {
		t.Fatalf("place: %d %s", a.status, a.body)
	}
}

// pay makes a confirmed payment over both debts and its events.
func (p *plant) pay(t *testing.T) payments.ID {
	t.Helper()
	account, found, err := p.store.AccountByRef(t.Context(), "A-1")
	if err != nil || !found {
		t.Fatal(found, err)
	}
	debts := map[string]string{}
	statements, err := p.store.AccountStatements(t.Context(), account.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, st := range statements {
		debts[st.Debt.Ref] = string(st.Debt.ID)
	}
	pay := payments.Payment{
		ID: payments.ID(p.id("pay")), Reference: p.id("PAY"), AccountID: string(account.ID), RequestKey: p.id("key"), Amount: 15000,
		Method: payments.Card, Status: payments.Submitting, CreatedAt: p.Now(),
		Allocations: []payments.Allocation{
			{DebtID: debts["D-1"], DebtRef: "D-1", CreditorRef: "mercy", Amount: 10000},
			{DebtID: debts["D-2"], DebtRef: "D-2", CreditorRef: "north", Amount: 5000},
		},
	}
	if _, _, err := p.store.CreatePayment(t.Context(), pay); err != nil {
		t.Fatal(err)
	}
	err = p.store.InTx(t.Context(), func(ctx context.Context) error {
		c, err := payments.Apply(pay, payments.Truth{
			PaymentID: pay.ID, IntentID: "pi_" + string(pay.ID), State: payments.IntentSucceeded, Amount: pay.Amount, Received: pay.Amount,
			Currency: money.Currency, ObservedAt: p.Now(),
		}, p.Now())
		if err != nil {
			return err
		}
		if err := p.store.SavePayment(ctx, c); err != nil {
			return err
		}
		return p.recorder.PaymentChanged(ctx, c)
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.sequencer.Step(t.Context()); err != nil {
		t.Fatal(err)
	}
	return pay.ID
}
