package store_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"quittance/plans/civil"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/intake"
	"quittance/portal/notice"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

func consentOf(id string) contact.Consent {
	return contact.Consent{
		ID: id, AccountID: "acc_1", Channel: contact.SMS, AddressHash: []byte("h"), Basis: contact.DirectConsent, At: noon,
		RecordedBy: "staff:stf_1", CallID: "call", TextVersion: "1",
	}
}

func TestAPersonIsFoundByCodeUnlessNobodyMayOpenTheAccount(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 50000)
		n := newAccount(account(1))
		want := identity.Person{
			AccountID: "acc_1", CodeHash: n.CodeHash, CodeSealed: n.CodeSealed, FirstName: "Ana", PostalCode: "93701",
			DateOfBirth: civil.Date{Year: 1980, Month: time.May, Day: 17}, State: "CA", Phone: "+15595550100",
			Email: "ana@example.com", Language: "es",
		}
		got, err := s.PersonByCode(t.Context(), n.CodeHash)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, %v", got, err)
		}
		if _, err := s.PersonByCode(t.Context(), []byte("nobody")); !errors.Is(err, identity.ErrNotFound) {
			t.Errorf("nobody: %v", err)
		}
		for status, shut := range map[string]bool{"minor": false, "recalled": true, "bankruptcy": false, "active": false} {
			d := owing(1, 1, 50000)
			d.Status = debtStatus(status)
			save(t, s, intake.Batch{ChangedDebts: debts(d), At: noon})
			if got, err := s.Person(t.Context(), "acc_1"); err != nil || got.Shut != shut {
				t.Errorf("%s: shut %v, %v", status, got.Shut, err)
			}
		}
		d := owing(1, 1, 50000)
		d.Status = "recalled"
		save(t, s, intake.Batch{ChangedDebts: debts(d), At: noon})
		mustCreate(t, s, payment("a", 100))
		if got, err := s.Person(t.Context(), "acc_1"); err != nil || got.Shut {
			t.Errorf("recalled with a payment to show: shut %v, %v", got.Shut, err)
		}
	})
}

func TestS2_ACodeOfNobodyOpensAsMuchAsTheCodeOfSomebody(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 50000)
		opened := func(hash []byte) int64 {
			before := s.Opened()
			if _, err := s.PersonByCode(t.Context(), hash); err != nil && !errors.Is(err, identity.ErrNotFound) {
				t.Error(err)
			}
			return s.Opened() - before
		}
		if known, nobody := opened(newAccount(account(1)).CodeHash), opened([]byte("nobody")); known != 2 || nobody != known {
			t.Errorf("somebody costs %d, nobody %d", known, nobody)
		}
	})
}

// TestF5_FailuresCountForNinetyDaysAndNoLonger fails a hundred times at one code,
// and a few times at others: no lock is for ever, and no row either.
func TestF5_FailuresCountForNinetyDaysAndNoLonger(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		try := func(bucket string, outcomes ...identity.Outcome) {
			for _, o := range outcomes {
				must(t, s.SaveAttempt(t.Context(), identity.Attempt{Bucket: bucket, At: noon, Outcome: o, Visitor: "203.0.113.9"}))
			}
		}
		try("code:locked", slices.Repeat([]identity.Outcome{identity.Failed}, identity.MostInARow)...)
		try("code:typo", identity.Failed, identity.Refused, identity.Failed)
		try("code:passed", identity.Failed, identity.Passed, identity.Failed)
		kept := map[string]int{"code:locked": identity.MostInARow, "code:typo": 2, "code:passed": 3}
		for _, days := range []int{89, 91} {
			_, err := s.EraseStale(t.Context(), noon.AddDate(0, 0, days))
			must(t, err)
			for bucket, want := range kept {
				if days > 90 {
					want = 0
				}
				past, err := s.Attempts(t.Context(), bucket, identity.MostInARow)
				must(t, err)
				if len(past) != want {
					t.Errorf("%s after %d days: %d are kept, want %d", bucket, days, len(past), want)
				}
			}
		}
	})
}

func TestTriesAreCountedOneAfterTheOther(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				err := s.InTx(t.Context(), func(ctx context.Context) error {
					past, err := s.Attempts(ctx, "code:1", 50)
					if err != nil {
						return err
					}
					a := identity.Attempt{
						Bucket: "code:1", At: noon.Add(time.Duration(len(past)) * time.Second), Outcome: identity.Failed,
						Budgeted: true, Visitor: "::1",
					}
					if len(past) >= 5 {
						a.Outcome = identity.Refused
					}
					return s.SaveAttempt(ctx, a)
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		past, err := s.Attempts(t.Context(), "code:1", 3)
		if err != nil || len(past) != 3 || !past[2].At.Equal(noon.Add(4*time.Second)) || !past[0].At.Equal(noon.Add(2*time.Second)) {
			t.Errorf("past %+v, %v", past, err)
		}
		n, err := s.BudgetedFailures(t.Context(), noon.Add(time.Second))
		if n != 4 || err != nil {
			t.Errorf("budgeted %d, %v", n, err)
		}
	})
}

func TestASessionEndsAtOnceAndStaysEnded(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		want := identity.Session{
			ID: "ses_1", Audience: identity.Consumers, Subject: "acc_1", Path: identity.ByLink, LinkID: "lnk_1",
			SteppedUp: true, CreatedAt: noon, SeenAt: noon, ExpiresAt: noon.Add(time.Hour),
		}
		must(t, s.AddSession(t.Context(), want))
		must(t, s.TouchSession(t.Context(), "ses_1", noon.Add(2*time.Minute)))
		must(t, s.TouchSession(t.Context(), "ses_1", noon.Add(time.Minute)))
		want.SeenAt = noon.Add(2 * time.Minute)
		got, err := s.Session(t.Context(), "ses_1")
		if err != nil || got != want {
			t.Errorf("got %+v, %v", got, err)
		}
		must(t, s.EndSessionsOf(t.Context(), identity.Collector, "acc_1", noon, "other audience"))
		must(t, s.EndSessionsOf(t.Context(), identity.Consumers, "acc_1", noon.Add(time.Hour), "revoked"))
		must(t, s.EndSession(t.Context(), "ses_1", noon.Add(2*time.Hour), "later"))
		must(t, s.TouchSession(t.Context(), "ses_1", noon.Add(3*time.Hour)))
		want.EndedAt, want.EndedWhy = noon.Add(time.Hour), "revoked"
		if got, _ := s.Session(t.Context(), "ses_1"); got != want {
			t.Errorf("got %+v", got)
		}
		if _, err := s.Session(t.Context(), "ses_2"); !errors.Is(err, identity.ErrNotFound) {
			t.Errorf("unknown: %v", err)
		}
	})
}

func TestLinksTokensAndPeopleReadBackAsStored(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 50000)
		l := identity.Link{
			ID: "lnk_1", Reference: "LNK-1", AccountID: "acc_1", Channel: contact.SMS, AddressHash: []byte("a"),
			TokenHash: []byte("t"), SentBy: "token:tok_1", CallID: "c", CreatedAt: noon, ExpiresAt: noon.Add(time.Hour),
		}
		must(t, s.AddLink(t.Context(), l))
		again := l
		again.ID, again.Reference = "lnk_2", "LNK-2"
		err := s.InTx(t.Context(), func(ctx context.Context) error {
			if err := s.AddLink(ctx, again); !errors.Is(err, identity.ErrTaken) {
				t.Errorf("same token: %v", err)
			}
			again.TokenHash = []byte("u")
			return s.AddLink(ctx, again) // the transaction is not spoilt
		})
		must(t, err)
		l.OpenedAt, l.EndedAt, l.EndedWhy = noon.Add(1e6), noon.Add(2e6), "wrong_person"
		changed := l
		changed.Reference = "ignored"
		must(t, s.SaveLink(t.Context(), changed))
		err = s.InTx(t.Context(), func(ctx context.Context) error {
			got, err := s.LinkByToken(ctx, []byte("t"))
			if !reflect.DeepEqual(got, l) {
				t.Errorf("got %+v", got)
			}
			return err
		})
		must(t, err)
		if all, err := s.LinksOf(t.Context(), "acc_1"); err != nil || len(all) != 2 || all[0].ID != "lnk_2" {
			t.Errorf("links %+v, %v", all, err)
		}
		if _, err := s.Link(t.Context(), "lnk_9"); !errors.Is(err, identity.ErrNotFound) {
			t.Errorf("unknown link: %v", err)
		}
		token := identity.APIToken{ID: "tok_1", Name: "n", Scopes: []string{"links:write", "events:read"}, Creditors: debt.OnlyCreditors("C-1"), IssuedBy: "cli", CreatedAt: noon, ExpiresAt: noon.Add(time.Hour)}
		must(t, s.AddAPIToken(t.Context(), token))
		must(t, s.RevokeAPIToken(t.Context(), "tok_1", noon))
		must(t, s.RevokeAPIToken(t.Context(), "tok_1", noon.Add(time.Hour)))
		token.RevokedAt = noon
		if got, err := s.APIToken(t.Context(), "tok_1"); err != nil || !reflect.DeepEqual(got, token) {
			t.Errorf("token %+v, %v", got, err)
		}
		person := identity.Staff{ID: "stf_1", Email: "a@b.c", Name: "A", Password: "argon", Roles: []string{"admin"}, CreatedAt: noon}
		must(t, s.AddStaff(t.Context(), person))
		if err := s.AddStaff(t.Context(), identity.Staff{ID: "stf_2", Email: "a@b.c", CreatedAt: noon}); !errors.Is(err, identity.ErrTaken) {
			t.Errorf("same address: %v", err)
		}
		person.Roles, person.DisabledAt, person.Name = nil, noon, ""
		must(t, s.SaveStaff(t.Context(), person))
		if got, err := s.StaffByEmail(t.Context(), "a@b.c"); err != nil || !reflect.DeepEqual(got, person) {
			t.Errorf("staff %+v, %v", got, err)
		}
	})
}

func TestAStepUpCodeIsUsedUnderLock(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		u := identity.StepUp{ID: "stp_1", AccountID: "acc_1", Path: identity.ByCode, Channel: contact.Email, CodeHash: []byte("h"), CreatedAt: noon, SentAt: noon, Sends: 1}
		must(t, s.AddStepUp(t.Context(), u))
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				must(t, s.InTx(t.Context(), func(ctx context.Context) error {
					held, err := s.StepUp(ctx, "stp_1")
					held.Tries++
					return errors.Join(err, s.SaveStepUp(ctx, held))
				}))
			})
		}
		wg.Wait()
		u.Tries = 8
		if got, err := s.StepUp(t.Context(), "stp_1"); err != nil || !reflect.DeepEqual(got, u) {
			t.Errorf("got %+v, %v", got, err)
		}
	})
}

func TestConsentsAndSuppressionsAreKept(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		must(t, s.AddConsent(t.Context(), consentOf("cns_1")))
		later := consentOf("cns_2")
		later.At, later.Basis = noon.Add(time.Hour), contact.Withdrawn
		must(t, s.AddConsent(t.Context(), later))
		got, err := s.Consents(t.Context(), "acc_1", contact.SMS, []byte("h"))
		if err != nil || !reflect.DeepEqual(got, []contact.Consent{later, consentOf("cns_1")}) {
			t.Errorf("got %+v, %v", got, err)
		}
		n := contact.Suppression{Channel: contact.SMS, AddressHash: []byte("h"), AccountID: "acc_1", Reason: contact.OptedOut, At: noon}
		must(t, s.Suppress(t.Context(), n))
		must(t, s.Suppress(t.Context(), n))
		if got, err := s.Suppressions(t.Context(), contact.SMS, []byte("h")); err != nil || !reflect.DeepEqual(got, []contact.Suppression{n}) {
			t.Errorf("got %+v, %v", got, err)
		}
	})
}

func TestAMessageIsClaimedByOneWorker(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for _, id := range []string{"msg_1", "msg_2", "msg_3", "msg_4"} {
			must(t, s.AddOutgoing(t.Context(), notice.Outgoing{ID: id, AccountID: "acc_1", Channel: contact.SMS, Kind: notice.KindLink, Sealed: []byte("x"), Status: notice.Queued, CreatedAt: noon, NextAt: noon}))
		}
		var mu sync.Mutex
		claimed := map[string]int{}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for range 4 {
					list, err := s.ClaimOutgoing(t.Context(), noon, noon.Add(time.Minute), 1)
					must(t, err)
					mu.Lock()
					for _, m := range list {
						claimed[m.ID]++
					}
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if !reflect.DeepEqual(claimed, map[string]int{"msg_1": 1, "msg_2": 1, "msg_3": 1, "msg_4": 1}) {
			t.Errorf("claimed %v", claimed)
		}
		late, err := s.ClaimOutgoing(t.Context(), noon.Add(time.Minute), noon.Add(time.Hour), 1)
		if err != nil || len(late) != 1 || late[0].Tries != 2 || !late[0].LeasedUntil.Equal(noon.Add(time.Hour)) {
			t.Fatalf("after the lease: %+v, %v", late, err)
		}
		sent := late[0]
		sent.Status, sent.Sealed, sent.SentAt, sent.LeasedUntil = notice.Sent, nil, noon, time.Time{}
		stale := sent
		stale.Tries, stale.Status = 1, notice.Failed
		for _, m := range []notice.Outgoing{stale, sent, stale} {
			saved, err := s.SaveOutgoing(t.Context(), m)
			if must(t, err); saved != (m.Status == notice.Sent) {
				t.Errorf("saved %v: %+v", saved, m)
			}
		}
		all, err := s.OutgoingMessages(t.Context(), 10)
		if err != nil || len(all) != 4 {
			t.Fatalf("all: %d, %v", len(all), err)
		}
		for _, m := range all {
			if m.ID == sent.ID && (m.Status != notice.Sent || len(m.Sealed) != 0) {
				t.Errorf("sent: %+v", m)
			}
		}
	})
}

func TestCOM07_ACodeToARepresentativeMakesTheirAddressNotTheConsumers(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for id, kind := range map[string]notice.Kind{"acc_1": notice.KindStepUpFor, "acc_2": notice.KindLink} {
			must(t, s.AddOutgoing(t.Context(), notice.Outgoing{ID: "msg_" + id, AccountID: debt.AccountID(id), Channel: contact.Email, Kind: kind,
				AddressHash: []byte("h"), Status: notice.Sent, CreatedAt: noon, NextAt: noon}))
		}
		if got, err := s.AccountsOf(t.Context(), contact.Email, []byte("h")); err != nil || len(got) != 1 || got[0] != "acc_2" {
			t.Errorf("accounts %v, %v", got, err)
		}
	})
}
