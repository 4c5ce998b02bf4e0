package store_test

import (
	"context"
	"testing"
	"time"

	"quittance/portal/identity"
	"quittance/portal/intake"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// TestSEC07_AccountsAreCountedOnceAMinute: the doors ask at each try, and counting
// reads them all.
func TestSEC07_AccountsAreCountedOnceAMinute(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		about := func(at time.Time) int64 {
			n, err := s.AccountsAbout(t.Context(), at)
			must(t, err)
			return n
		}
		add := func(n int) {
			must(t, s.InTx(t.Context(), func(ctx context.Context) error {
				return s.SavePlacements(ctx, intake.Batch{At: noon, NewAccounts: []intake.NewAccount{newAccount(account(n))}})
			}))
		}
		add(1)
		first := about(noon)
		add(2)
		if within, after := about(noon.Add(time.Minute-1)), about(noon.Add(time.Minute)); first != 1 || within != 1 || after != 2 {
			t.Errorf("%d, within the minute %d, after it %d", first, within, after)
		}
		if d, err := s.Doors(t.Context(), noon); err != nil || d.Budget != identity.BudgetAnHour {
			t.Errorf("doors: %+v, %v", d, err)
		}
	})
}

// TestS4_ClearingReachesTheBucketsThatAreNamedAndNoOther: those of a code's known
// browsers too, and none whose name only begins alike.
func TestS4_ClearingReachesTheBucketsThatAreNamedAndNoOther(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for _, bucket := range []string{"code:a", "code:a/known:1", "code:ab", "code:b"} {
			must(t, s.SaveAttempt(t.Context(), identity.Attempt{Bucket: bucket, At: noon, Outcome: identity.Failed}))
		}
		must(t, s.ClearAttempts(t.Context(), noon, "code:a", "code:a/known:1", "code:a/known:2"))
		for bucket, want := range map[string]int{"code:a": 2, "code:a/known:1": 2, "code:a/known:2": 0, "code:ab": 1, "code:b": 1} {
			past, err := s.Attempts(t.Context(), bucket, 10)
			must(t, err)
			if len(past) != want {
				t.Errorf("%s: %d rows, want %d", bucket, len(past), want)
			}
		}
	})
}
