package claim_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"quittance/payments/ledger"
	"quittance/plans/civil"
	"quittance/portal/claim"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/gate"
	"quittance/portal/hold"
	"quittance/portal/identity"
	"quittance/portal/intake"
	"quittance/portal/notice"
	"quittance/portal/pack/packtest"
	"quittance/portal/seal"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

var noon = time.Date(2026, time.November, 20, 19, 0, 0, 0, time.UTC)

// house is the service on a real store with real holds and links.
type house struct {
	*claim.Service
	store  *store.Store
	links  *identity.Links
	keeper *gate.Keeper
	queue  *queue
	box    *seal.Box
	mu     sync.Mutex
	clock  time.Time
	told   []claim.News
	broken error // what the watcher answers
}

func (h *house) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.clock
}

func (h *house) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.clock = h.clock.Add(d)
}

// ClaimMade implements claim.Watcher.
func (h *house) ClaimMade(_ context.Context, n claim.News) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.told = append(h.told, n)
	return h.broken
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func key(purpose string) []byte { return bytes.Repeat([]byte(purpose+"0123456789"), 8)[:32] }

func build(t *testing.T, s *store.Store) *house {
	t.Helper()
	h := &house{store: s, clock: noon, queue: &queue{}}
	keys, err := identity.NewKeys(key)
	must(t, err)
	codes, err := identity.NewCodes(keys)
	must(t, err)
	box, err := seal.New(map[byte][]byte{1: key("seal")})
	must(t, err)
	book := &contact.Book{Store: s, Key: key("contact"), On: map[contact.Channel]bool{contact.SMS: true, contact.Email: true}, Now: h.now}
	h.box = box
	h.keeper = &gate.Keeper{Records: s, Law: packtest.Everywhere(), Now: h.now, Consents: s}
	h.links = &identity.Links{
		Tx: s, Store: s, People: s, Book: book, Permission: h.keeper, Messages: h.queue, Words: words{},
		Phrases: identity.NewPhrases(keys, codes, h.store), Keys: keys, PublicURL: "https://pay.example", Now: h.now,
		Sessions: identity.NewSessions(s, identity.Consumers, h.keeper, keys, h.now),
	}
	h.Service = &claim.Service{
		Tx: s, Store: s, Lists: s, Going: s, Accounts: s, Links: h.links, Addresses: book, Sealer: box, Watchers: []claim.Watcher{h}, Now: h.now,
		Holds:     &hold.Service{Tx: s, Store: s, Now: h.now, NewID: func() string { return "hld_" + rand.Text() }},
		NewID:     func() (claim.ID, string) { id := rand.Text(); return claim.ID("clm_" + id), "CLM-" + id[:8] },
		NewReport: func() string { return "clr_" + rand.Text() },
	}
	h.place(t, debt.Active)
	return h
}

// queue takes messages and keeps the last.
type queue struct{ last string }

func (q *queue) Add(_ context.Context, m notice.Message) (string, error) {
	q.last = m.Plain
	return "msg_" + rand.Text(), nil
}

type words struct{}

func (words) LinkText(_ string, _ contact.Channel, l identity.LinkWords) (notice.Text, error) {
	return notice.Text{Plain: l.URL}, nil
}

func (words) StepUpText(string, contact.Channel, string) (notice.Text, error) {
	return notice.Text{}, nil
}

// place puts two debts of acc_1 in, or gives them another status.
func (h *house) place(t *testing.T, status debt.Status) {
	t.Helper()
	b := intake.Batch{At: h.now()}
	fresh := status == debt.Active
	if fresh {
		hash := sha256.Sum256([]byte("acc_1"))
		b.NewAccounts = []intake.NewAccount{{Account: debt.Account{ID: "acc_1", Ref: "A-1", Consumer: debt.Consumer{
			FirstName: "Ana", DateOfBirth: civil.Date{Year: 1984, Month: time.March, Day: 27}, Phone: "+19375550142", Email: "ana@example.com",
			Address: debt.Address{State: "OH", PostalCode: "45501"},
		}}, CodeHash: hash[:], CodeSealed: []byte("sealed")}}
	}
	for n := 1; n <= 2; n++ {
		d := debt.Debt{
			ID: debt.ID(fmt.Sprintf("dbt_%d", n)), AccountID: "acc_1", Ref: fmt.Sprintf("D-%d", n), CreditorRef: "mercy", CreditorName: "Mercy", Type: debt.Medical,
			Itemization: debt.Itemization{Type: debt.ChargeOff, Date: civil.Date{Year: 2025, Month: time.March, Day: 31}, Amount: 10000},
			Snapshot:    debt.Snapshot{Balance: 10000, AsOf: noon.AddDate(0, 0, -1), Version: 1}, Status: status,
		}
		if !fresh {
			b.ChangedDebts = append(b.ChangedDebts, d)
			continue
		}
		b.NewDebts = append(b.NewDebts, d)
		b.Transfers = append(b.Transfers, ledger.Transfer{ID: "placement/" + string(d.ID), Kind: ledger.Placement, At: noon, Entries: []ledger.Entry{
			{Account: ledger.Debt(string(d.ID)), Amount: 10000}, {Account: ledger.Placed("mercy"), Amount: -10000}}})
	}
	must(t, h.store.InTx(t.Context(), func(ctx context.Context) error { return h.store.SavePlacements(ctx, b) }))
}

func (h *house) holds(t *testing.T) int {
	t.Helper()
	statements, err := h.store.AccountStatements(t.Context(), "acc_1")
	must(t, err)
	n := 0
	for _, s := range statements {
		n += len(s.Debt.Holds)
	}
	return n
}

func (h *house) says(t *testing.T, k claim.Kind, d claim.Details) claim.Claim {
	t.Helper()
	c, err := h.Make(t.Context(), claim.Request{AccountID: "acc_1", Kind: k, Door: claim.ByConsumer, By: "session:ses_1", Details: d})
	must(t, err)
	return c
}

// text sends a link and returns its token.
func (h *house) text(t *testing.T) string {
	t.Helper()
	_, err := h.links.Send(t.Context(), identity.LinkRequest{AccountID: "acc_1", Channel: contact.SMS, By: "staff:stf_1",
		Consent: &contact.Consent{Basis: contact.DirectConsent, TextVersion: "1"}})
	must(t, err)
	return h.queue.last[len("https://pay.example/l/"):]
}

// TestSTS01_EachClaimStopsAtOnceWhatItsRowOfTheTableStops looks at each kind:
// links, writing, and what each debt counts as.
func TestSTS01_EachClaimStopsAtOnceWhatItsRowOfTheTableStops(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := build(t, s)
		for _, k := range claim.Kinds() {
			if k == claim.WrongPerson {
				continue // it stops the addresses for good; it has a test of its own
			}
			h.pass(25 * time.Hour)
			h.clock = h.clock.Truncate(24 * time.Hour).Add(19 * time.Hour)
			token := h.text(t)
			c := h.says(t, k, claim.Details{})
			effect, _ := k.Effect()
			_, err := h.links.Open(t.Context(), token)
			if ended := errors.Is(err, identity.ErrLinkEnded); ended != effect.Links || (c.Stopped.Links == 1) != effect.Links {
				t.Errorf("%s: link ended %v, counted %d", k, ended, c.Stopped.Links)
			}
			_, reason, err := h.keeper.MayWrite(t.Context(), "acc_1")
			if err != nil || (reason != "") != effect.Links {
				t.Errorf("%s: writing is refused for %q, %v", k, reason, err)
			}
			if n := h.holds(t); n != 2 {
				t.Errorf("%s: %d holds", k, n)
			}
			_, err = h.Decide(t.Context(), c.ID, claim.Decision{State: claim.Cleared, By: "Kim", On: civil.Of(h.now())})
			if n := h.holds(t); err != nil || n != 0 {
				t.Errorf("%s: %d holds after it was cleared, %v", k, n, err)
			}
		}
	})
}

func TestSTS09_APauseEndsOnItsDayByItselfAndCanBeHadAgain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := build(t, s)
		first := h.says(t, claim.Hardship, claim.Details{})
		h.pass(30*24*time.Hour - time.Second)
		if n, err := h.Sweep(t.Context(), 10); err != nil || n != 0 || h.holds(t) != 2 {
			t.Errorf("a second early: %d moved, %d holds, %v", n, h.holds(t), err)
		}
		h.pass(time.Second)
		again := h.says(t, claim.Hardship, claim.Details{}) // before the sweep came by
		if again.ID == first.ID || h.holds(t) != 2 {
			t.Errorf("a new pause: %s after %s, %d holds", again.ID, first.ID, h.holds(t))
		}
		h.pass(30 * 24 * time.Hour)
		if n, err := h.Sweep(t.Context(), 10); err != nil || n != 1 || h.holds(t) != 0 {
			t.Errorf("on the day: %d moved, %d holds, %v", n, h.holds(t), err)
		}
		if c, err := h.Find(t.Context(), again.ID); err != nil || c.State != claim.Over {
			t.Errorf("the pause is %s, %v", c.State, err)
		}
	})
}

func TestSTS01_AStatusThatIsPlacedConfirmsTheClaimAndAnotherDoesNot(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := build(t, s)
		bankrupt, pause := h.says(t, claim.Bankruptcy, claim.Details{}), h.says(t, claim.Illness, claim.Details{})
		for _, step := range []struct {
			placed debt.Status
			is     claim.State
		}{{debt.Cease, claim.Claimed}, {debt.Bankruptcy, claim.Confirmed}} {
			h.place(t, step.placed)
			if _, err := h.Sweep(t.Context(), 10); err != nil {
				t.Error(err)
			}
			got, err := h.Find(t.Context(), bankrupt.ID)
			if err != nil || got.State != step.is {
				t.Errorf("after %s: %s, %v", step.placed, got.State, err)
			}
		}
		if got, err := h.Find(t.Context(), pause.ID); err != nil || got.State != claim.Claimed {
			t.Errorf("the pause: %s, %v", got.State, err)
		}
		if n, err := h.Sweep(t.Context(), 10); err != nil || n != 0 {
			t.Errorf("it is confirmed again: %d, %v", n, err)
		}
	})
}

func TestSTS01_ManyVisitsAtOnceMakeOneClaim(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := build(t, s)
		var group sync.WaitGroup
		ids := make([]claim.ID, 8)
		for n := range ids {
			group.Go(func() {
				c, err := h.Make(t.Context(), claim.Request{AccountID: "acc_1", Kind: claim.Bankruptcy, Door: claim.ByConsumer, By: "session:ses_1"})
				if err != nil {
					t.Error(err)
				}
				ids[n] = c.ID
			})
		}
		group.Wait()
		for _, id := range ids {
			if id != ids[0] {
				t.Errorf("claims %v", ids)
			}
		}
		if len(h.told) != 1 || h.holds(t) != 2 {
			t.Errorf("told %d times, %d holds", len(h.told), h.holds(t))
		}
	})
}

func TestWhatIsAddedLaterIsKeptWithTheClaimAndTheSameTwiceIsNot(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := build(t, s)
		c := h.says(t, claim.Bankruptcy, claim.Details{CaseNumber: "26-10417"})
		h.says(t, claim.Bankruptcy, claim.Details{Chapter: "13", Name: "Ben Ode"})
		h.says(t, claim.Bankruptcy, claim.Details{Chapter: "13", Name: "Ben Ode"})
		h.says(t, claim.Bankruptcy, claim.Details{})
		said, err := h.Said(t.Context(), c.ID)
		if want := (claim.Details{CaseNumber: "26-10417", Chapter: "13", Name: "Ben Ode"}); err != nil || said != want {
			t.Errorf("said %+v, %v", said, err)
		}
		reports, err := s.Reports(t.Context(), c.ID)
		if err != nil || len(reports) != 2 || len(h.told) != 2 {
			t.Errorf("%d reports, told %d times, %v", len(reports), len(h.told), err)
		}
		for _, r := range reports {
			if bytes.Contains(r.Sealed, []byte("Ode")) || bytes.Contains(r.Sealed, []byte("10417")) {
				t.Error("what was said can be read where it is stored")
			}
		}
	})
}

func TestWHK03_AClaimThatCannotBeToldStopsNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := build(t, s)
		h.broken = errors.New("the outbox is broken")
		_, err := h.Make(t.Context(), claim.Request{AccountID: "acc_1", Kind: claim.Death, Door: claim.ByConsumer, By: "session:ses_1"})
		if !errors.Is(err, h.broken) || h.holds(t) != 0 {
			t.Errorf("%v, %d holds", err, h.holds(t))
		}
		if all, err := s.ClaimsOfAccount(t.Context(), "acc_1"); err != nil || len(all) != 0 {
			t.Errorf("%d claims, %v", len(all), err)
		}
	})
}

func TestSTS02_WhoeverHoldsALinkMaySayThatThePersonDied(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := build(t, s)
		token := h.text(t)
		h.pass(48 * time.Hour) // the link grew too old; their word still counts
		must(t, h.Died(t.Context(), token, claim.Details{Name: "Eva", Relation: "sister"}))
		must(t, h.Died(t.Context(), token, claim.Details{Name: "Eva", Relation: "sister"}))
		all, err := s.ClaimsOfAccount(t.Context(), "acc_1")
		if err != nil || len(all) != 1 || all[0].Kind != claim.Death || all[0].Door != claim.ByLink || h.holds(t) != 2 || len(h.told) != 1 {
			t.Errorf("%+v, %d holds, told %d times, %v", all, h.holds(t), len(h.told), err)
		}
		for _, unknown := range []string{"", "abc", token[:len(token)-1] + "A"} {
			if unknown == token {
				continue
			}
			if err := h.Died(t.Context(), unknown, claim.Details{}); !errors.Is(err, identity.ErrLinkEnded) {
				t.Errorf("%q: %v", unknown, err)
			}
		}
		if err := h.DiedPending(t.Context(), "nothing", claim.Details{}); !errors.Is(err, identity.ErrPending) {
			t.Errorf("no visit: %v", err)
		}
	})
}

func TestSMS03_AStrangerByALinkIsQueuedAndHoldsNothingUntilTheConsumersDoorIsUsed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := build(t, s)
		for range 2 {
			must(t, s.InTx(t.Context(), func(ctx context.Context) error { return h.Stranger(ctx, "acc_1", "link:lnk_1") }))
		}
		waiting, err := h.Newest(t.Context(), true, 10)
		if err != nil || len(waiting) != 1 || waiting[0].Door != claim.ByLink || h.holds(t) != 0 || len(h.told) != 0 {
			t.Errorf("%+v, %d holds, told %d times, %v", waiting, h.holds(t), len(h.told), err)
		}
		same := h.says(t, claim.WrongPerson, claim.Details{})
		if same.ID != waiting[0].ID || same.Door != claim.ByConsumer || h.holds(t) != 2 || len(h.told) != 1 {
			t.Errorf("%+v, %d holds, told %d times", same, h.holds(t), len(h.told))
		}
		if reason := refused(t, h); reason == "" {
			t.Error("the number may still be written to")
		}
	})
}

// refused says why a text to acc_1 may not be sent.
func refused(t *testing.T, h *house) contact.Reason {
	t.Helper()
	known, err := h.links.Book.Preferences(t.Context(), contact.Person{AccountID: "acc_1", Phone: "+19375550142", State: "OH"}, contact.SMS)
	must(t, err)
	_, why := contact.May(known, contact.SMS, noon)
	return why
}

func TestSTS03_TheConsentOfARepresentedPersonIsRecordedAndEndsWithTheClaim(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := build(t, s)
		for _, step := range []struct {
			name  string
			do    func()
			want  bool
			payer string
		}{
			{"a lawyer", func() { h.says(t, claim.Attorney, claim.Details{Name: "Ben Ode"}) }, false, string(gate.HasAttorney)},
			{"and paying all the same", func() { h.says(t, claim.Attorney, claim.Details{PayAnyway: "life.pay_anyway/1"}) }, true, ""},
		} {
			step.do()
			got, err := s.PayConsent(t.Context(), "acc_1")
			if err != nil || got != step.want {
				t.Errorf("%s: %v, %v", step.name, got, err)
			}
			payables, err := h.keeper.Payables(t.Context(), "acc_1", []string{"dbt_1"}, "")
			if err != nil || payables[0].Refusal != step.payer {
				t.Errorf("%s: refused for %q, %v", step.name, payables[0].Refusal, err)
			}
			unattended, err := gate.Unattended{Keeper: h.keeper}.Payables(t.Context(), "acc_1", []string{"dbt_1"}, "")
			if err != nil || unattended[0].Refusal == "" {
				t.Errorf("%s: charged with nobody watching, %v", step.name, err)
			}
		}
		all, err := s.ClaimsOfAccount(t.Context(), "acc_1")
		must(t, err)
		_, err = h.Decide(t.Context(), all[0].ID, claim.Decision{State: claim.Cleared, By: "Kim", On: civil.Of(noon)})
		must(t, err)
		if got, err := s.PayConsent(t.Context(), "acc_1"); err != nil || got {
			t.Errorf("the consent outlives the claim: %v, %v", got, err)
		}
	})
}

// outlet is where messages would leave.
type outlet struct{ sent int }

func (o *outlet) Send(context.Context, notice.Message) (string, error) {
	o.sent++
	return "prv_1", nil
}

func TestSTS01_NoMessageThatWasQueuedLeavesAfterAClaim(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for _, k := range []claim.Kind{claim.Bankruptcy, claim.Hardship, claim.Servicemember} {
			var h *house
			if k == claim.Bankruptcy {
				h = build(t, s)
			} else {
				h = build(t, storetest.SQLite(t))
			}
			queue := &notice.Queue{Store: h.store, Sealer: h.box, Ways: h.links.Book, PublicURL: "https://pay.example", Now: h.now}
			h.links.Messages = queue
			h.links.Words = wayOut{}
			out := &outlet{}
			worker := &notice.Worker{
				Tx: h.store, Store: h.store, Sealer: h.box, Senders: map[contact.Channel]notice.Sender{contact.SMS: out}, Now: h.now, Log: slog.New(slog.DiscardHandler),
				Guard: &identity.Recheck{People: h.store, Book: h.links.Book, Permission: h.keeper, Now: h.now},
			}
			_, err := h.links.Send(t.Context(), identity.LinkRequest{AccountID: "acc_1", Channel: contact.SMS, By: "staff:stf_1",
				Consent: &contact.Consent{Basis: contact.DirectConsent, TextVersion: "1"}})
			must(t, err)
			c := h.says(t, k, claim.Details{})
			h.pass(time.Second)
			_, err = worker.Run(t.Context())
			must(t, err)
			effect, _ := k.Effect()
			if held := out.sent == 0; held != effect.Links || (c.Stopped.Messages == 1) != effect.Links {
				t.Errorf("%s: %d left, %d counted as held back", k, out.sent, c.Stopped.Messages)
			}
		}
	})
}

type wayOut struct{ words }

func (wayOut) LinkText(string, contact.Channel, identity.LinkWords) (notice.Text, error) {
	return notice.Text{Plain: "STOP"}, nil
}
