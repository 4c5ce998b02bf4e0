package identity_test

import (
	"errors"
	"testing"
	"time"

	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// TestSEC10_ATokenIsRotatedOnceAndTheOldOneWorksOnForTheOverlap and each is known by
// when it was used last.
func TestSEC10_ATokenIsRotatedOnceAndTheOldOneWorksOnForTheOverlap(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		r := onReal(t, s)
		tokens := identity.NewTokens(s, r.keys, r.clock.now)
		works := func(token string) bool {
			t.Helper()
			_, err := tokens.CheckToken(t.Context(), token, identity.EventsRead)
			if err != nil && !errors.Is(err, identity.ErrBadToken) {
				t.Fatal(err)
			}
			return err == nil
		}
		used := func(id identity.TokenID) time.Time {
			t.Helper()
			kept, err := s.APIToken(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			return kept.UsedAt
		}
		old, first, err := tokens.IssueToken(t.Context(), identity.Grant{
			Name: "x", Scopes: []identity.Scope{identity.EventsRead}, Creditors: debt.OnlyCreditors("C-1"), For: 48 * time.Hour,
		})
		if err != nil {
			t.Fatal(err)
		}
		if !used(first.ID).IsZero() || !works(old) || used(first.ID).IsZero() {
			t.Error("the first use is not known")
		}
		was := used(first.ID)
		r.clock.move(30 * time.Second)
		if works(old); !used(first.ID).Equal(was) {
			t.Error("each request writes")
		}
		r.clock.move(time.Minute)
		if works(old); !used(first.ID).After(was) {
			t.Error("the last use is not known")
		}
		fresh, second, err := tokens.Rotate(t.Context(), first.ID, time.Hour, "command")
		if err != nil || !works(old) || !works(fresh) {
			t.Fatalf("rotated: %v; the old one works: %v, the new one: %v", err, works(old), works(fresh))
		}
		if !second.Creditors.See("C-1") || second.Creditors.See("C-2") || len(second.Scopes) != 1 || second.ExpiresAt.Sub(second.CreatedAt) != 48*time.Hour {
			t.Errorf("the new one may do something else: %+v", second)
		}
		if _, _, err := tokens.Rotate(t.Context(), first.ID, time.Hour, "command"); !errors.Is(err, identity.ErrRotation) {
			t.Errorf("twice: %v", err)
		}
		for _, overlap := range []time.Duration{-1, identity.LongestOverlap + 1} {
			if _, _, err := tokens.Rotate(t.Context(), second.ID, overlap, "command"); !errors.Is(err, identity.ErrRotation) {
				t.Errorf("an overlap of %s: %v", overlap, err)
			}
		}
		if _, _, err := tokens.Rotate(t.Context(), "tok_none", time.Hour, "command"); !errors.Is(err, identity.ErrNotFound) {
			t.Errorf("of none: %v", err)
		}
		r.clock.move(time.Hour)
		if works(old) || !works(fresh) {
			t.Errorf("after the overlap the old one works: %v, the new one: %v", works(old), works(fresh))
		}
		if err := tokens.Revoke(t.Context(), second.ID); err != nil {
			t.Fatal(err)
		}
		if _, _, err := tokens.Rotate(t.Context(), second.ID, time.Hour, "command"); !errors.Is(err, identity.ErrRotation) {
			t.Errorf("of one that was revoked: %v", err)
		}
	})
}
