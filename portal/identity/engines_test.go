package identity_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"quittance/payments/ledger"
	"quittance/plans/civil"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/intake"
	"quittance/portal/notice"
	"quittance/portal/notice/inbox"
	"quittance/portal/seal"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// real is everything wired to a real database, with one account placed.
type real struct {
	*store.Store
	clock    *clock
	code     string
	verifier *identity.Verifier
	links    *identity.Links
	sessions *identity.Sessions
	keys     identity.Keys
	phone    *inbox.Inbox
	worker   *notice.Worker
	heard    *heard
}

// heard counts what watchers were told.
type heard struct {
	mu    sync.Mutex
	kinds map[identity.Kind]int
}

func (h *heard) IdentityChanged(_ context.Context, c identity.Change) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.kinds[c.Kind]++
	return nil
}

func onReal(t *testing.T, s *store.Store) *real {
	t.Helper()
	r := &real{Store: s, clock: &clock{at: noon}, heard: &heard{kinds: map[identity.Kind]int{}}}
	var err error
	if r.keys, err = identity.NewKeys(derive); err != nil {
		t.Fatal(err)
	}
	codes, err := identity.NewCodes(r.keys)
	if err != nil {
		t.Fatal(err)
	}
	box, err := seal.New(map[byte][]byte{1: derive("notice")})
	if err != nil {
		t.Fatal(err)
	}
	r.code = place(t, s, codes)
	watchers := []identity.Watcher{r.heard}
	book := &contact.Book{Store: s, Key: derive("contact"), On: map[contact.Channel]bool{contact.SMS: true}, Now: r.clock.now, Stops: s}
	queue := &notice.Queue{Store: s, Sealer: box, Ways: book, PublicURL: "https://pay.example", Now: r.clock.now}
	r.sessions = identity.NewSessions(s, identity.Consumers, anyRole{}, r.keys, r.clock.now)
	r.verifier = &identity.Verifier{Tx: s, People: s, Attempts: s, Tallies: s, Links: s, Sessions: r.sessions, Codes: codes, Keys: r.keys,
		Factor: identity.PostalCode, Watchers: watchers, Now: r.clock.now, StepUps: s, Book: book, Messages: queue, Words: stoppable{}}
	r.links = &identity.Links{Tx: s, Store: s, People: s, Book: book, Permission: &permission{}, Messages: queue, Words: stoppable{},
		Phrases: identity.NewPhrases(r.keys, codes, s), Sessions: r.sessions, Keys: r.keys, PublicURL: "https://pay.example", Watchers: watchers, Now: r.clock.now}
	r.phone = &inbox.Inbox{Store: s, Sealer: box}
	r.worker = &notice.Worker{Tx: s, Store: s, Sealer: box, Senders: map[contact.Channel]notice.Sender{contact.SMS: r.phone}, Keep: true,
		Guard: &identity.Recheck{People: s, Book: book, Permission: &permission{}, Now: r.clock.now},
		Now:   r.clock.now, Log: slog.New(slog.DiscardHandler)}
	return r
}

// place stores acc_1 with one debt and returns its reference code.
func place(t *testing.T, s *store.Store, codes *identity.Codes) string {
	t.Helper()
	code, hash, sealed := codes.New()
	d := debt.Debt{ID: "dbt_1", AccountID: "acc_1", Ref: "D-1", CreditorRef: "C-1", CreditorName: "Valley Clinic", Type: debt.Medical,
		Itemization: debt.Itemization{Type: debt.ChargeOff, Date: civil.Date{Year: 2025, Month: 1, Day: 31}, Amount: 5000},
		Snapshot:    debt.Snapshot{Balance: 5000, AsOf: noon.AddDate(0, 0, -1), Version: 1}, Status: debt.Active}
	b := intake.Batch{At: noon, NewDebts: []debt.Debt{d},
		NewAccounts: []intake.NewAccount{{CodeHash: hash, CodeSealed: sealed, Account: debt.Account{ID: "acc_1", Ref: "A-1",
			Consumer: debt.Consumer{FirstName: "Ana", LastName: "Ortiz", Phone: "+12125550123", Language: "en",
				Address: debt.Address{State: "NY", PostalCode: "10001"}}}}},
		Transfers: []ledger.Transfer{{ID: "dbt_1/1/placement", Kind: ledger.Placement, At: noon, Entries: []ledger.Entry{
			{Account: ledger.Debt("dbt_1"), Amount: 5000}, {Account: ledger.Placed("C-1"), Amount: -5000}}}}}
	if err := s.InTx(t.Context(), func(ctx context.Context) error { return s.SavePlacements(ctx, b) }); err != nil {
		t.Fatalf("place: %v", err)
	}
	return code
}

// stoppable are words that a real queue takes: they name the way out (COM-06).
type stoppable struct{ plainWords }

func (w stoppable) LinkText(language string, ch contact.Channel, l identity.LinkWords) (notice.Text, error) {
	text, err := w.plainWords.LinkText(language, ch, l)
	text.Plain += "\n" + notice.StopWord
	return text, err
}

func (w stoppable) StepUpText(language string, ch contact.Channel, digits string) (notice.Text, error) {
	text, err := w.plainWords.StepUpText(language, ch, digits)
	text.Plain += "\n" + notice.StopWord
	return text, err
}

// text sends a link, lets the worker deliver it and reads the token.
func (r *real) text(t *testing.T) string {
	t.Helper()
	_, err := r.links.Send(t.Context(), identity.LinkRequest{AccountID: "acc_1", Channel: contact.SMS, By: "staff:stf_1",
		Consent: &contact.Consent{Basis: contact.DirectConsent, TextVersion: "1"}})
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(r.delivered(t), "https://pay.example/l/")
}

func (r *real) delivered(t *testing.T) string {
	t.Helper()
	if _, err := r.worker.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	items, err := r.phone.Items(t.Context(), 1)
	if err != nil || len(items) != 1 || items[0].Stored.Status != notice.Sent {
		t.Fatalf("the phone shows %+v, %v", items, err)
	}
	plain, _, _ := strings.Cut(items[0].Plain, "\n")
	return plain
}

func TestOnEachEngine_ALinkLeadsToASessionThatCanBeEnded(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		r := onReal(t, s)
		pending, err := r.links.Open(t.Context(), r.text(t))
		if err != nil {
			t.Fatal(err)
		}
		got, err := r.verifier.Verify(t.Context(), pending, zip(t, "10001"), identity.Visitor{Address: "::1"})
		if err != nil {
			t.Fatal(err)
		}
		r.clock.move(time.Minute)
		held, err := r.sessions.Check(t.Context(), got.Cookie)
		if err != nil || held.LinkID != got.Session.LinkID || held.Subject != "acc_1" {
			t.Errorf("session = %+v, %v", held, err)
		}
		if err := r.sessions.End(t.Context(), held.ID, "signed out"); err != nil {
			t.Fatal(err)
		}
		if _, err := r.sessions.Check(t.Context(), got.Cookie); !errors.Is(err, identity.ErrNoSession) {
			t.Errorf("after signing out: %v", err)
		}
	})
}

func TestOnEachEngine_SixDigitsLeadToASession(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		r := onReal(t, s)
		r.verifier.StepUp = contact.SMS
		pending, err := r.verifier.Begin(r.code)
		if err != nil {
			t.Fatal(err)
		}
		step, err := r.verifier.Verify(t.Context(), pending, zip(t, "10001"), identity.Visitor{Address: "::1"})
		if err != nil {
			t.Fatal(err)
		}
		digits := r.delivered(t)
		if _, err := r.verifier.Confirm(t.Context(), step.StepUp, another(digits)); !errors.Is(err, identity.ErrWrongDigits) {
			t.Errorf("wrong digits: %v", err)
		}
		done, err := r.verifier.Confirm(t.Context(), step.StepUp, digits)
		if err != nil {
			t.Fatal(err)
		}
		if held, err := r.sessions.Check(t.Context(), done.Cookie); err != nil || !held.SteppedUp {
			t.Errorf("session = %+v, %v", held, err)
		}
	})
}

// TestOnEachEngine_S3_ParallelTriesAreCounted sends 40 wrong tries at once:
// three may be looked at before the first wait.
func TestOnEachEngine_S3_ParallelTriesAreCounted(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		r := onReal(t, s)
		pending, err := r.verifier.Begin(r.code)
		if err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for i := range 40 {
			wrong, from := zip(t, fmt.Sprint(99900+i)), identity.Visitor{Address: fmt.Sprintf("203.0.113.%d", i)}
			all.Go(func() {
				if _, err := r.verifier.Verify(t.Context(), pending, wrong, from); !errors.Is(err, identity.ErrNoMatch) {
					t.Errorf("verify: %v", err)
				}
			})
		}
		all.Wait()
		if looked, err := s.BudgetedFailures(t.Context(), noon.Add(-time.Hour)); err != nil || looked != 3 {
			t.Errorf("%d tries were looked at, %v; want 3", looked, err)
		}
	})
}

func TestOnEachEngine_SMS03_ParallelPressesTellTheSystemOfRecordOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		r := onReal(t, s)
		token := r.text(t)
		inParallel(t, func() error { _, err := r.links.Open(t.Context(), token); return err })
		inParallel(t, func() error { return r.links.NotMe(t.Context(), token) })
		for kind, want := range map[identity.Kind]int{identity.LinkSent: 1, identity.LinkOpened: 1, identity.WrongPartyReported: 1} {
			if got := r.heard.kinds[kind]; got != want {
				t.Errorf("%s was told %d times", kind, got)
			}
		}
		_, err := r.links.Send(t.Context(), identity.LinkRequest{AccountID: "acc_1", Channel: contact.SMS})
		var why identity.Refusal
		if !errors.As(err, &why) || why.Rule != "SMS-03" {
			t.Errorf("the next text: %v", err)
		}
	})
}

func inParallel(t *testing.T, do func() error) {
	t.Helper()
	var all sync.WaitGroup
	var failed atomic.Int32
	for range 8 {
		all.Go(func() {
			if err := do(); err != nil {
				failed.Add(1)
			}
		})
	}
	all.Wait()
	if n := failed.Load(); n > 0 {
		t.Errorf("%d of 8 failed", n)
	}
}

func TestOnEachEngine_TokensAndStaff(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		r := onReal(t, s)
		tokens := identity.NewTokens(s, r.keys, r.clock.now)
		token, kept, err := tokens.IssueToken(t.Context(), identity.Grant{Name: "x", Scopes: identity.Scopes, Creditors: debt.OnlyCreditors("C-1"), For: time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := tokens.CheckToken(t.Context(), token, identity.LinksWrite); err != nil || !got.Creditors.See("C-1") || got.Creditors.See("C-2") {
			t.Errorf("token = %+v, %v", got, err)
		}
		if err := tokens.Revoke(t.Context(), kept.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := tokens.CheckToken(t.Context(), token, ""); !errors.Is(err, identity.ErrBadToken) {
			t.Errorf("revoked: %v", err)
		}
		desk := identity.NewDesk(s, s, s, identity.NewSessions(s, identity.Collector, nil, r.keys, r.clock.now), r.keys, r.clock.now)
		if _, err := desk.Add(t.Context(), "cora@acme.example", "Cora", "a long enough password", identity.RoleCollector); err != nil {
			t.Fatal(err)
		}
		if _, err := desk.Add(t.Context(), "CORA@acme.example", "Cora", "a long enough password", identity.RoleCollector); !errors.Is(err, identity.ErrTaken) {
			t.Errorf("twice: %v", err)
		}
		in := letIn(t, desk, "cora@acme.example", "a long enough password", identity.Visitor{Address: "::1"})
		if who, err := desk.Who(t.Context(), in.Session); err != nil || !who.Has(identity.RoleCollector) {
			t.Errorf("who = %+v, %v", who, err)
		}
	})
}
