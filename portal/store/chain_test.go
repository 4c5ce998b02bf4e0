package store_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"quittance/plans/civil"
	"quittance/portal/audit"
	"quittance/portal/chain"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// TestS11_WhoOwnsTheDatabaseAndNotTheKeyMakesNoOtherChain: rows from before links
// were keyed keep theirs, the first keyed link holds them, and a chain that was
// written anew without the key, shortened, or brought back to plain links after it
// was sealed is found (F13).
func TestS11_WhoOwnsTheDatabaseAndNotTheKeyMakesNoOtherChain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		key := bytes.Repeat([]byte{7}, 32)
		nobody := func(int64, int64) {}
		written(t, s, 5) // as a release before linked them
		against := chain.Proof{Key: key}
		var broken *chain.Broken
		if head, err := audit.Verify(t.Context(), s, against, nobody); err != nil || head.Position != 5 || head.Keyed != 0 {
			t.Errorf("a chain that no worker has keyed yet: %+v, %v", head, err)
		}
		log := &audit.Log{Store: s, Now: func() time.Time { return noon }}
		note := func(times int, key []byte) {
			for range times {
				must(t, log.Note(t.Context(), "read.account", "acc_1", ""))
			}
			_, err := (&chain.Linker{Tx: s, Store: s, Name: chain.Audit, Key: key}).Run(t.Context())
			must(t, err)
		}
		note(3, key)
		head, err := audit.Verify(t.Context(), s, against, nobody)
		if err != nil || head.Position != 8 || head.Keyed != 6 {
			t.Fatalf("%+v, %v", head, err)
		}
		// As somebody with the database alone would make it: every link anew.
		rows, err := s.AuditRows(t.Context(), 0, 100)
		must(t, err)
		forged := chain.Head{}
		var links []chain.Row
		for _, r := range rows {
			r.Actor = "staff:stf_9"
			own := r.Hash()
			forged.Position++
			forged.Link = chain.Next(nil, forged.Link, forged.Position, own)
			links = append(links, chain.Row{Number: r.Number, Position: forged.Position, Hashed: own, Own: own, Link: forged.Link})
		}
		page := func(after int64) ([]chain.Row, error) { return links[after:], nil }
		for _, keyed := range []int64{-1, 1, 6, 8, 9} {
			forged.Keyed = keyed
			if err := chain.Walk(forged, against, page, nobody); !errors.As(err, &broken) {
				t.Errorf("a chain that says it is keyed from %d on passes: %v", keyed, err)
			}
		}
		forged.Keyed = 0
		if err := chain.Walk(forged, chain.Proof{}, page, nobody); err != nil {
			t.Errorf("the forgery is none: %v", err)
		}
		for _, kept := range []chain.Head{{Position: 6, Link: links[5].Link}, {Position: 8, Link: forged.Link}, head} {
			if err := chain.Walk(forged, chain.Proof{Key: key, Seals: []chain.Head{kept}}, page, nobody); !errors.As(err, &broken) || broken.Position != kept.Position {
				t.Errorf("a chain that was sealed at %d is plain again and passes: %v", kept.Position, err)
			}
		}
		if _, err := audit.Verify(t.Context(), s, chain.Proof{Key: bytes.Repeat([]byte{8}, 32)}, nobody); !errors.As(err, &broken) || broken.Position != 6 {
			t.Errorf("by another key: %v", err)
		}
		// What was kept of it, here or outside, holds it too.
		day := civil.Of(noon)
		for _, want := range []bool{true, false} {
			if fresh, err := s.AddSeal(t.Context(), day, chain.Audit, head, noon); err != nil || fresh != want {
				t.Errorf("sealed %v, %v", fresh, err)
			}
		}
		note(2, key)
		against.Seals, err = s.Seals(t.Context(), chain.Audit)
		must(t, err)
		if _, err := audit.Verify(t.Context(), s, against, nobody); err != nil || len(against.Seals) != 1 {
			t.Errorf("%d seals, %v", len(against.Seals), err)
		}
		for _, other := range []chain.Head{{Position: 7, Link: head.Link}, {Position: 11, Link: head.Link}} {
			held := chain.Proof{Key: key, Seals: []chain.Head{other}}
			if _, err := audit.Verify(t.Context(), s, held, nobody); !errors.As(err, &broken) {
				t.Errorf("it passes for one that ended at %d otherwise: %v", other.Position, err)
			}
		}
	})
}
