package represent_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"testing"
	"time"

	"quittance/payments/ledger"
	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/gate"
	"quittance/portal/identity"
	"quittance/portal/intake"
	"quittance/portal/pack/packtest"
	"quittance/portal/represent"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// house is the real service and the real door on a real store.
type house struct {
	*represent.Service
	store *store.Store
	door  *identity.Verifier
	debt  debt.Debt
	at    time.Time
	told  []represent.Change
	fails error
}

func (h *house) now() time.Time { return h.at }

func (h *house) RepresentativeChanged(_ context.Context, c represent.Change) error {
	h.told = append(h.told, c)
	return h.fails
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func key(purpose string) []byte {
	return fmt.Appendf(nil, "%-32.32s", purpose+"0123456789abcdef0123456789abcdef")
}

func build(t *testing.T, s *store.Store) *house {
	t.Helper()
	h := &house{store: s, at: time.Date(2026, time.November, 22, 15, 0, 0, 0, time.UTC)}
	keys, err := identity.NewKeys(key)
	must(t, err)
	codes, err := identity.NewCodes(keys)
	must(t, err)
	h.Service = &represent.Service{
		Tx: s, Store: s, Codes: codes, Sessions: s, Factor: "postal_code", Watchers: []represent.Watcher{h}, Now: h.now,
		Fits:  &gate.Keeper{Records: s, Law: packtest.Everywhere(), Now: h.now},
		NewID: func() represent.ID { return represent.ID("rep_" + rand.Text()) },
	}
	h.door = &identity.Verifier{
		Tx: s, People: s, Attempts: s, Tallies: s, Links: s, Sessions: identity.NewSessions(s, identity.Consumers, h.Fits, keys, h.now), Codes: codes, Keys: keys,
		Factor: identity.PostalCode, Now: h.now,
	}
	account := debt.Account{ID: "acc_1", Ref: "A-1", Consumer: debt.Consumer{
		FirstName: "Ana", LastName: "Ortiz", Address: debt.Address{Line1: "1 Main St", City: "Dayton", State: "OH", PostalCode: "45501"}, Language: "en",
	}}
	d := debt.Debt{
		ID: "dbt_1", AccountID: "acc_1", Ref: "D-1", CreditorRef: "mercy", CreditorName: "Mercy Clinic", Type: debt.Medical, Status: debt.Deceased,
		Itemization: debt.Itemization{Type: debt.ChargeOff, Date: civil.Date{Year: 2025, Month: 3, Day: 31}, Amount: 15000},
		Snapshot:    debt.Snapshot{Balance: 15000, AsOf: h.at.AddDate(0, 0, -1), Version: 1},
	}
	h.debt = d
	_, hash, sealed := codes.New()
	must(t, s.InTx(t.Context(), func(ctx context.Context) error {
		return s.SavePlacements(ctx, intake.Batch{
			At: h.at, NewAccounts: []intake.NewAccount{{Account: account, CodeHash: hash, CodeSealed: sealed}}, NewDebts: []debt.Debt{d},
			Transfers: []ledger.Transfer{{ID: "placement/1", Kind: ledger.Placement, At: h.at, Entries: []ledger.Entry{
				{Account: ledger.Debt("dbt_1"), Amount: 15000}, {Account: ledger.Placed("mercy"), Amount: -15000},
			}}},
		})
	}))
	return h
}

func eva() represent.Entry {
	return represent.Entry{
		Role: represent.Executor, Person: represent.Person{Name: "Eva Garcia", PostalCode: "10001-1234", Phone: "212 555 0123", Language: "es"},
		DocumentID: "DOC-311", CheckedBy: "Sam Agent", Until: civil.Date{Year: 2026, Month: time.December, Day: 31},
	}
}

// enter signs in with a code and a ZIP code.
func (h *house) enter(t *testing.T, code, typed string) (identity.Result, error) {
	t.Helper()
	pending, err := h.door.Begin(code)
	must(t, err)
	zip, err := identity.ZIP(typed)
	must(t, err)
	return h.door.Verify(t.Context(), pending, zip, identity.Visitor{Address: "192.0.2.1"})
}

func TestDSC05_ARepresentativeSignsInWithACodeAndADetailOfTheirOwn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := build(t, s)
		made, err := h.Record(t.Context(), "acc_1", eva(), "staff:stf_1")
		must(t, err)
		again, err := h.Record(t.Context(), "acc_1", eva(), "staff:stf_1")
		must(t, err)
		if again.ID != made.ID || len(h.told) != 1 || h.told[0].Revoked {
			t.Errorf("the same paper again is %s, not %s; told %+v", again.ID, made.ID, h.told)
		}
		all, err := h.Of(t.Context(), "acc_1")
		must(t, err)
		if len(all) != 1 || all[0].Person.Name != "Eva Garcia" || all[0].Person.Phone != "+12125550123" || all[0].RecordedBy != "staff:stf_1" {
			t.Fatalf("kept: %+v", all)
		}
		code, err := h.Code(all[0])
		must(t, err)
		if _, err := h.enter(t, code, "45501"); !errors.Is(err, identity.ErrNoMatch) {
			t.Errorf("with the consumer's ZIP code: %v", err)
		}
		in, err := h.enter(t, code, "10001")
		must(t, err)
		session, err := h.door.Sessions.Check(t.Context(), in.Cookie)
		must(t, err)
		if session.Subject != "acc_1" || session.Speaker != made.Speaker() {
			t.Errorf("the session: %+v", session)
		}
		must(t, h.Revoke(t.Context(), "acc_1", made.ID, "token:tok_1"))
		must(t, h.Revoke(t.Context(), "acc_1", made.ID, "token:tok_1"))
		if _, err := h.door.Sessions.Check(t.Context(), in.Cookie); !errors.Is(err, identity.ErrNoSession) {
			t.Errorf("revoked and still signed in: %v", err)
		}
		if _, err := h.enter(t, code, "10001"); !errors.Is(err, identity.ErrNoMatch) {
			t.Errorf("revoked and let in: %v", err)
		}
		if len(h.told) != 2 || !h.told[1].Revoked || h.told[1].By != "token:tok_1" {
			t.Errorf("told: %+v", h.told)
		}
		late := identity.Session{ID: "ses_late", Audience: identity.Consumers, Subject: "acc_1", Speaker: made.Speaker(), CreatedAt: h.at}
		if err := s.AddSession(t.Context(), late); !errors.Is(err, identity.ErrSpeaksNoMore) {
			t.Errorf("a session that starts as they are revoked: %v", err)
		}
		fresh, err := h.Record(t.Context(), "acc_1", eva(), "staff:stf_1")
		if err != nil || fresh.ID == made.ID {
			t.Errorf("recorded anew: %s, %v", fresh.ID, err)
		}
	})
}

func TestDSC05_AuthorityEndsOnItsDayAlsoInTheMiddleOfAVisit(t *testing.T) {
	t.Parallel()
	h := build(t, storetest.SQLite(t))
	e := eva()
	e.From, e.Until = civil.Date{Year: 2026, Month: time.November, Day: 22}, civil.Date{Year: 2026, Month: time.November, Day: 22}
	made, err := h.Record(t.Context(), "acc_1", e, "staff:stf_1")
	must(t, err)
	code, err := h.Code(made)
	must(t, err)
	h.at = made.Ends().Add(-time.Minute)
	in, err := h.enter(t, code, "10001")
	must(t, err)
	if h.at = made.Ends(); in.Session.ExpiresAt != h.at {
		t.Errorf("the session lasts until %s", in.Session.ExpiresAt)
	}
	if _, err := h.door.Sessions.Check(t.Context(), in.Cookie); err == nil {
		t.Error("the visit goes on")
	}
	if _, err := h.enter(t, code, "10001"); !errors.Is(err, identity.ErrNoMatch) {
		t.Errorf("the day after: %v", err)
	}
}

func TestSTS06_ARoleThatDoesNotFitIsNotRecordedAndNothingIsToldThatIsNotKept(t *testing.T) {
	t.Parallel()
	h := build(t, storetest.SQLite(t))
	e := eva()
	e.Role = represent.Parent
	if _, err := h.Record(t.Context(), "acc_1", e, "staff:stf_1"); !errors.Is(err, represent.ErrRole) {
		t.Errorf("a parent of somebody who died: %v", err)
	}
	var problems represent.Problems
	if _, err := h.Record(t.Context(), "acc_1", represent.Entry{}, "staff:stf_1"); !errors.As(err, &problems) {
		t.Errorf("nothing at all: %v", err)
	}
	if err := h.Revoke(t.Context(), "acc_1", "rep_0", "staff:stf_1"); !errors.Is(err, represent.ErrNotFound) {
		t.Errorf("nobody: %v", err)
	}
	h.fails = errors.New("the watcher fails")
	if _, err := h.Record(t.Context(), "acc_1", eva(), "staff:stf_1"); !errors.Is(err, h.fails) {
		t.Errorf("recorded though it cannot be told: %v", err)
	}
	h.fails = nil
	made, err := h.Record(t.Context(), "acc_1", eva(), "staff:stf_1")
	must(t, err)
	if err := h.Revoke(t.Context(), "acc_2", made.ID, "staff:stf_1"); !errors.Is(err, represent.ErrNotFound) {
		t.Errorf("of another account: %v", err)
	}
	if all, err := h.Of(t.Context(), "acc_1"); err != nil || len(all) != 1 {
		t.Errorf("%d are held, %v", len(all), err)
	}
}

func TestSTS02_ARoleThatFitsNoMoreLetsNobodyInAndEndsTheVisit(t *testing.T) {
	t.Parallel()
	h := build(t, storetest.SQLite(t))
	made, err := h.Record(t.Context(), "acc_1", eva(), "staff:stf_1")
	must(t, err)
	code, err := h.Code(made)
	must(t, err)
	in, err := h.enter(t, code, "10001")
	must(t, err)
	alive := h.debt
	alive.Status = debt.Active
	must(t, h.store.InTx(t.Context(), func(ctx context.Context) error {
		return h.store.SavePlacements(ctx, intake.Batch{At: h.at, ChangedDebts: []debt.Debt{alive}})
	}))
	for range 2 {
		if _, err := h.door.Sessions.Check(t.Context(), in.Cookie); !errors.Is(err, identity.ErrNoSession) {
			t.Errorf("an executor of somebody who lives goes on: %v", err)
		}
	}
	if kept, err := h.store.Session(t.Context(), in.Session.ID); err != nil || kept.EndedAt.IsZero() {
		t.Errorf("the visit: %+v, %v", kept, err)
	}
	if _, err := h.enter(t, code, "10001"); !errors.Is(err, identity.ErrNoMatch) {
		t.Errorf("and comes in again: %v", err)
	}
}

func TestDSC05_OnePaperMayNameSeveralPeopleAndBeRenewed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := build(t, s)
		codes := map[string]bool{}
		record := func(e represent.Entry) represent.ID {
			t.Helper()
			made, err := h.Record(t.Context(), "acc_1", e, "staff:stf_1")
			must(t, err)
			code, err := h.Code(made)
			must(t, err)
			codes[code] = true
			return made.ID
		}
		first, other := record(eva()), eva()
		other.Person.Name, other.Person.PostalCode = "Luis Garcia", "10002"
		second := record(other)
		again := eva()
		again.Person.Name, again.Person.Phone = " eva garcia ", ""
		if record(again) != first || record(other) != second || len(codes) != 2 {
			t.Errorf("two people by one paper have %d codes", len(codes))
		}
		h.at = h.at.AddDate(0, 2, 0)
		renewed := eva()
		renewed.Until = civil.Of(h.at).AddDays(30)
		third := record(renewed)
		if third == first || record(renewed) != third || len(codes) != 3 {
			t.Errorf("a renewed paper is %s, with %d codes", third, len(codes))
		}
	})
}
