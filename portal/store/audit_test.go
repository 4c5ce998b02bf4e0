package store_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"quittance/portal/audit"
	"quittance/portal/chain"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// written fills the log with n linked rows.
func written(t *testing.T, s *store.Store, n int) []audit.Stored {
	t.Helper()
	now := noon
	log := &audit.Log{Store: s, Now: func() time.Time { now = now.Add(time.Second); return now }}
	for i := range n {
		ctx := audit.As(t.Context(), fmt.Sprintf("staff:stf_%d", i%3))
		must(t, log.Note(ctx, "read.account", fmt.Sprintf("acc_%d", i%7), "obj", "a", "b"))
	}
	linkAll(t, s)
	rows, err := s.AuditRows(t.Context(), 0, n+1)
	if err != nil || len(rows) != n {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	return rows
}

func linkAll(t *testing.T, s *store.Store) { linkChain(t, s, chain.Audit) }

func linkChain(t *testing.T, s *store.Store, name chain.Name) {
	t.Helper()
	l := &chain.Linker{Tx: s, Store: s, Name: name}
	for {
		n, err := l.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

func walk(rows []audit.Stored, head chain.Head) error {
	var w chain.Walker
	for _, r := range rows {
		if err := w.Step(r.Row()); err != nil {
			return err
		}
	}
	return w.End(head)
}

// spoil changes one byte of one field, drops a row or moves it, and says what.
func spoil(rows []audit.Stored, r *rand.Rand) ([]audit.Stored, string) {
	i := r.IntN(len(rows))
	row := rows[i]
	flip := func(s string) string {
		b := []byte(s)
		b[r.IntN(len(b))] ^= byte(1 << r.IntN(8))
		return string(b)
	}
	field := r.IntN(10)
	switch field {
	case 0:
		return slices.Delete(rows, i, i+1), "drop"
	case 1:
		j := (i + 1 + r.IntN(len(rows)-1)) % len(rows)
		rows[i], rows[j] = rows[j], rows[i]
		rows[i].Position, rows[j].Position = rows[j].Position, rows[i].Position
		return rows, "reorder"
	case 2:
		row.At = time.UnixMicro(row.At.UnixMicro() ^ 1<<r.IntN(60)).UTC()
	case 3:
		row.Actor = flip(row.Actor)
	case 4:
		row.Action = flip(row.Action)
	case 5:
		row.AccountID = flip(row.AccountID)
	case 6:
		row.Object = flip(row.Object)
	case 7:
		row.Refs = strings.Split(flip(strings.Join(row.Refs, "\n")), "\n")
	case 8:
		row.Own = []byte(flip(string(row.Own)))
	case 9:
		row.Link = []byte(flip(string(row.Link)))
	}
	rows[i] = row
	return rows, fmt.Sprintf("field %d of row %d", field, i)
}

// TestS11_AnyByteRowOrOrderThatChangesIsFound spoils the log as each engine
// gives it back 10,000 times.
func TestS11_AnyByteRowOrOrderThatChangesIsFound(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		rows := written(t, s, 60)
		head, err := s.AuditHead(t.Context())
		must(t, err)
		if err := walk(rows, head); err != nil {
			t.Fatalf("untouched: %v", err)
		}
		seed := uint64(time.Now().UnixNano())
		r, found := rand.New(rand.NewPCG(seed, 1)), 0
		for range 10_000 {
			spoilt, what := spoil(slices.Clone(rows), r)
			if walk(spoilt, head) == nil {
				t.Errorf("seed %d: not found: %s", seed, what)
				continue
			}
			found++
		}
		if found != 10_000 {
			t.Errorf("found %d of 10,000", found)
		}
	})
}

func TestS11_TheCheckOfTheLogNamesTheFirstBadRow(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url)
		written(t, s, 20)
		told := int64(0)
		head, err := audit.Verify(t.Context(), s, chain.Proof{}, func(done, _ int64) { told = done })
		if err != nil || head.Position != 20 || told != 20 {
			t.Fatalf("head %+v, told %d, %v", head, told, err)
		}
		for _, statement := range []string{
			"UPDATE audit SET actor = 'x' WHERE position = 7", "DELETE FROM audit WHERE position = 7",
			"UPDATE audit SET position = 99 WHERE position = 7",
		} {
			if err := tamper(t, url, statement); err == nil {
				t.Errorf("the guards let through: %s", statement)
			}
		}
		guard := map[string]string{"sqlite": "DROP TRIGGER audit_no_update", "postgres": "DROP TRIGGER audit_append_only ON audit"}[s.Engine()]
		for _, statement := range []string{guard, "UPDATE audit SET actor = 'staff:stf_9' WHERE position = 7"} {
			must(t, tamper(t, url, statement))
		}
		_, err = audit.Verify(t.Context(), s, chain.Proof{}, func(int64, int64) {})
		var broken *chain.Broken
		if !errors.As(err, &broken) || broken.Position != 7 {
			t.Errorf("got %v", err)
		}
		if err := s.CheckGuards(t.Context()); !errors.Is(err, store.ErrGuardMissing) {
			t.Errorf("R18: a guard is gone: %v", err)
		}
	})
}

func TestS11_ARowIsWrittenAndUndoneWithWhatItTells(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		boom := errors.New("boom")
		log := &audit.Log{Store: s, Now: func() time.Time { return noon }}
		err := s.InTx(t.Context(), func(ctx context.Context) error {
			return errors.Join(log.Note(ctx, "payment.confirmed", "acc_1", "pay_1"), boom)
		})
		if !errors.Is(err, boom) {
			t.Fatal(err)
		}
		if rows, err := s.LooseAudit(t.Context(), 5); len(rows) != 0 || err != nil {
			t.Errorf("rows %v, %v", rows, err)
		}
		must(t, log.Note(t.Context(), "payment.confirmed", "acc_1", "pay_1", "confirmed"))
		if rows, err := s.LooseAudit(t.Context(), 5); len(rows) != 1 || err != nil || rows[0].Actor != audit.System || rows[0].Refs[0] != "confirmed" {
			t.Errorf("rows %v, %v", rows, err)
		}
	})
}

func TestSEC09_WhoseDataDidAnActorRead(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		written(t, s, 21)
		rows, err := s.AuditReads(t.Context(), "staff:stf_1", noon, noon.Add(10*time.Second), 100)
		must(t, err)
		var accounts []string
		for _, r := range rows {
			accounts = append(accounts, r.AccountID)
		}
		if want := []string{"acc_1", "acc_4", "acc_0"}; !slices.Equal(accounts, want) {
			t.Errorf("got %v, want %v", accounts, want)
		}
		if of, err := s.AuditOf(t.Context(), "acc_3"); len(of) != 3 || err != nil {
			t.Errorf("of one account: %d, %v", len(of), err)
		}
	})
}

func TestS11_TwoProcessesLinkOneChainOneAfterTheOther(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		log := &audit.Log{Store: s, Now: func() time.Time { return noon }}
		done := make(chan error, 4)
		for range 4 {
			go func() {
				l := &chain.Linker{Tx: s, Store: s, Name: chain.Audit}
				for range 25 {
					if err := log.Note(t.Context(), "a", "", ""); err != nil {
						done <- err
						return
					}
					if _, err := l.Run(t.Context()); err != nil && !store.Retryable(err) {
						done <- err
						return
					}
				}
				done <- nil
			}()
		}
		for range 4 {
			must(t, <-done)
		}
		linkAll(t, s)
		if head, err := audit.Verify(t.Context(), s, chain.Proof{}, func(int64, int64) {}); err != nil || head.Position != 100 {
			t.Errorf("head %d, %v", head.Position, err)
		}
	})
}
