package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"quittance/payments"
	"quittance/payments/ledger"
	"quittance/portal/debt"
	"quittance/portal/gate"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// tamper runs a statement behind the store's back, as an operator might.
func tamper(t *testing.T, url, statement string) error {
	t.Helper()
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(10000)")
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		_, err = db.ExecContext(t.Context(), statement)
		return err
	}
	c, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(t.Context())
	_, err = c.Exec(t.Context(), statement)
	return err
}

func TestANewDatabaseIsMigratedAndItsGuardsStand(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		if err := s.CheckSchema(t.Context()); err != nil {
			t.Error(err)
		}
		if err := s.CheckGuards(t.Context()); err != nil {
			t.Error(err)
		}
		all, err := s.MigrationStatus(t.Context())
		if err != nil || len(all) < 5 || all[0].AppliedAt.IsZero() {
			t.Errorf("status %+v, %v", all, err)
		}
	})
}

func TestSeveralProcessesMayMigrateAtOnce(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
			url = "sqlite:" + path + ".empty"
		} else if err := tamper(t, url, `DROP SCHEMA public CASCADE; CREATE SCHEMA public`); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 2 {
			s := storetest.OpenEmpty(t, url)
			wg.Go(func() {
				if _, err := s.Migrate(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if err := storetest.Open(t, url).CheckSchema(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestTheOldProgramRunsOnANewSchemaUntilSomethingIsTakenAway(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url)
		if err := tamper(t, url, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, TRUE)`); err != nil {
			t.Fatal(err)
		}
		if err := s.CheckSchema(t.Context()); err != nil {
			t.Errorf("newer, and nothing was taken away: %v", err)
		}
		if err := tamper(t, url, `UPDATE schema_floor SET version = 99999`); err != nil {
			t.Fatal(err)
		}
		if err := s.CheckSchema(t.Context()); !errors.Is(err, store.ErrSchemaNew) {
			t.Errorf("newer: %v", err)
		}
		if err := tamper(t, url, `DELETE FROM goose_db_version WHERE version_id >= 5`); err != nil {
			t.Fatal(err)
		}
		if err := s.CheckSchema(t.Context()); !errors.Is(err, store.ErrSchemaOld) {
			t.Errorf("older: %v", err)
		}
	})
}

func TestADatabaseTakesALowerNumberThatALaterReleaseBrought(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url)
		for _, undo := range []string{
			`DROP TABLE thread_messages`, `DROP TABLE thread_untold`, `DROP TABLE thread_told`, `DROP TABLE contact_changes`, `DROP TABLE contacts_left`,
			`DELETE FROM goose_db_version WHERE version_id = 6`,
		} {
			if err := tamper(t, url, undo); err != nil {
				t.Fatal(err)
			}
		}
		done, err := s.Migrate(t.Context())
		if err != nil || len(done) != 1 || done[0].Version != 6 {
			t.Errorf("migrated %+v, %v", done, err)
		}
		if err := s.CheckSchema(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestR18_AMissingGuardOrACentOffIsFoundAtBoot(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url)
		if err := tamper(t, url, `INSERT INTO ledger_entries (transfer_id, position, account, amount_cents) VALUES ('x', 0, 'debt:y', 1)`); err != nil {
			t.Fatal(err)
		}
		if err := s.CheckGuards(t.Context()); !errors.Is(err, store.ErrLedgerOff) {
			t.Errorf("a cent off: %v", err)
		}
		drop := `DROP TRIGGER ledger_entries_no_update`
		if s.Engine() == "postgres" {
			drop = `ALTER TABLE ledger_entries DISABLE TRIGGER ledger_entries_append_only`
		}
		if err := tamper(t, url, drop); err != nil {
			t.Fatal(err)
		}
		if err := s.CheckGuards(t.Context()); !errors.Is(err, store.ErrGuardMissing) {
			t.Errorf("no guard: %v", err)
		}
	})
}

func TestRecordsOfMoneyAreOnlyEverAddedTo(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url)
		place(t, s, 50000)
		mustCreate(t, s, payment("a", 100))
		if err := confirm(t.Context(), s, "pay_a"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.RecordEvent(t.Context(), payments.Event{ID: "evt_1"}, noon); err != nil {
			t.Fatal(err)
		}
		err := s.KeepDecisions(t.Context(), []gate.Kept{{
			At: noon, AccountID: "acc_1", DebtID: "dbt_1", Action: gate.Pay, Status: debt.Active,
			Decision: gate.Decision{Allowed: true, RuleIDs: []string{"AMT-07"}},
		}})
		if err != nil {
			t.Fatal(err)
		}
		statements := []string{
			`UPDATE ledger_entries SET amount_cents = amount_cents + 1`, `DELETE FROM ledger_entries`,
			`UPDATE ledger_transfers SET kind = 'x'`, `DELETE FROM ledger_transfers`,
			`UPDATE processor_events SET type = 'x'`, `DELETE FROM processor_events`,
			`UPDATE decisions SET allowed = 0`, `DELETE FROM decisions`,
		}
		if s.Engine() == "postgres" {
			for _, table := range []string{"ledger_entries", "ledger_transfers", "processor_events", "decisions"} {
				statements = append(statements, `TRUNCATE `+table)
			}
		}
		for _, statement := range statements {
			if err := tamper(t, url, statement); err == nil || !strings.Contains(err.Error(), "may only be added to") {
				t.Errorf("%s: %v", statement, err)
			}
		}
	})
}

func TestVAL02_AnItemizationDateThatWasUsedDoesNotChange(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		place(t, storetest.Open(t, url), 50000)
		if err := tamper(t, url, `UPDATE debts SET itemization_date = '2025-02-01'`); err != nil {
			t.Errorf("before it was used: %v", err)
		}
		if err := tamper(t, url, `UPDATE debts SET itemization_used_at = 1`); err != nil {
			t.Fatal(err)
		}
		if err := tamper(t, url, `UPDATE debts SET itemization_date = '2025-03-01'`); err == nil {
			t.Error("it changed after it was used")
		}
		if err := tamper(t, url, `UPDATE debts SET itemization_date = '2025-02-01', description = 'other'`); err != nil {
			t.Errorf("the same date again: %v", err)
		}
	})
}

func TestNothingButWholeCentsIsStored(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		place(t, storetest.Open(t, url), 50000)
		for _, statement := range []string{
			`UPDATE debts SET balance_cents = balance_cents + 1`,
			`UPDATE debts SET balance_cents = 'twelve dollars'`,
			`UPDATE debts SET balance_cents = -1, itemization_cents = -451`,
			`INSERT INTO ledger_entries (transfer_id, position, account, amount_cents) VALUES ('x', 0, 'debt:y', 0)`,
			`INSERT INTO ledger_entries (transfer_id, position, account, amount_cents) VALUES ('x', 0, 'debt:y', NULL)`,
		} {
			if err := tamper(t, url, statement); err == nil {
				t.Errorf("stored: %s", statement)
			}
		}
	})
}

func TestARollbackLeavesNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 50000)
		boom := errors.New("boom")
		err := s.InTx(t.Context(), func(ctx context.Context) error {
			if _, _, err := s.CreatePayment(ctx, payment("a", 100)); err != nil {
				return err
			}
			if err := confirm(ctx, s, "pay_a"); err != nil {
				return err
			}
			if err := s.AddConsent(ctx, consentOf("cns_1")); err != nil { // through the ORM
				return err
			}
			return boom
		})
		if !errors.Is(err, boom) {
			t.Fatal(err)
		}
		if _, err := s.Payment(t.Context(), "pay_a"); !errors.Is(err, payments.ErrNotFound) {
			t.Errorf("payment: %v", err)
		}
		if list, err := s.Consents(t.Context(), "acc_1", "sms", []byte("h")); err != nil || len(list) != 0 {
			t.Errorf("consents: %v, %v", list, err)
		}
		if st := statement(t, s); st.Owed != 50000 || st.Pending != 0 {
			t.Errorf("statement: %+v", st)
		}
	})
}

func TestANestedTransactionJoinsAndItsErrorUndoesAll(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 50000)
		boom := errors.New("boom")
		err := s.InTx(t.Context(), func(ctx context.Context) error {
			if _, _, err := s.CreatePayment(ctx, payment("a", 100)); err != nil {
				return err
			}
			_ = s.InTx(ctx, func(context.Context) error { return boom })
			return nil
		})
		if !errors.Is(err, store.ErrRolledBack) || !errors.Is(err, boom) {
			t.Errorf("got %v", err)
		}
		if _, err := s.Payment(t.Context(), "pay_a"); !errors.Is(err, payments.ErrNotFound) {
			t.Errorf("payment: %v", err)
		}
		err = s.InTx(t.Context(), func(ctx context.Context) error {
			return s.InTx(ctx, func(ctx context.Context) error {
				_, _, err := s.CreatePayment(ctx, payment("a", 100))
				return err
			})
		})
		if _, missing := s.Payment(t.Context(), "pay_a"); err != nil || missing != nil {
			t.Errorf("joined: %v, %v", err, missing)
		}
	})
}

func TestAPanicUndoesTheTransactionAndFreesTheConnection(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 50000)
		func() {
			defer func() { _ = recover() }()
			_ = s.InTx(t.Context(), func(ctx context.Context) error {
				if _, _, err := s.CreatePayment(ctx, payment("a", 100)); err != nil {
					t.Error(err)
				}
				panic("boom")
			})
		}()
		if err := s.InTx(t.Context(), func(context.Context) error { return nil }); err != nil {
			t.Error(err)
		}
		if st := statement(t, s); st.Pending != 0 {
			t.Errorf("pending %d", st.Pending)
		}
	})
}

func TestACanceledContextNeverCommits(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 50000)
		ctx, cancel := context.WithCancel(t.Context())
		err := s.InTx(ctx, func(ctx context.Context) error {
			_, _, err := s.CreatePayment(ctx, payment("a", 100))
			cancel()
			// Without the guard this would slip out of the transaction.
			_, _, _ = s.CreatePayment(context.WithoutCancel(ctx), payment("b", 100))
			return err
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if st := statement(t, s); st.Pending != 0 {
			t.Errorf("pending %d", st.Pending)
		}
	})
}

func TestAWriterThatWaitsTooLongIsToldSo(t *testing.T) {
	t.Parallel()
	s, err := store.Open(t.Context(), storetest.SQLiteURL(t), store.Options{WaitTimeout: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.InTx(t.Context(), func(context.Context) error {
		// The outer context inside the transaction: it waits for itself.
		_, err := s.RecordEvent(t.Context(), payments.Event{ID: "evt_1"}, noon)
		return err
	})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestTimesReadBackInUTCToTheMicrosecond(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 50000)
		pacific := time.FixedZone("PST", -8*3600)
		p := payment("a", 100)
		p.CheckAt = time.Date(2026, time.March, 8, 2, 30, 0, 999999999, pacific)
		mustCreate(t, s, p)
		got, err := s.Payment(t.Context(), p.ID)
		want := time.Date(2026, time.March, 8, 10, 30, 0, 999999000, time.UTC)
		if err != nil || got.CheckAt != want {
			t.Errorf("got %s, %v", got.CheckAt, err)
		}
		if due, _ := s.DuePayments(t.Context(), want.Add(-time.Microsecond), 5); len(due) != 0 {
			t.Error("due a microsecond early")
		}
		if due, _ := s.DuePayments(t.Context(), want.In(pacific), 5); len(due) != 1 {
			t.Error("not due on time")
		}
	})
}

func TestATransferIsPostedOnceAndOnlyWhenItSumsToZero(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 50000)
		p := payment("a", 100)
		mustCreate(t, s, p)
		next := p
		next.Revision = 1
		crooked := placement(owing(1, 1, 50000), 100)
		crooked.ID, crooked.Entries[1].Amount = "crooked", -99
		err := s.SavePayment(t.Context(), payments.Change{Before: p, After: next, Transfers: []ledger.Transfer{crooked}})
		if !errors.Is(err, ledger.ErrUnbalanced) {
			t.Errorf("crooked: %v", err)
		}
		again := placement(owing(1, 1, 50000), 100)
		err = s.SavePayment(t.Context(), payments.Change{Before: p, After: next, Transfers: []ledger.Transfer{again}})
		if err == nil {
			t.Error("the same transfer was posted twice")
		}
		if got, _ := s.Payment(t.Context(), p.ID); got.Revision != 0 {
			t.Error("a part of a refused change was kept")
		}
		if sum, err := balance(t.Context(), s, ledger.Debt("dbt_1")); sum != 50000 || err != nil {
			t.Errorf("balance %d, %v", sum, err)
		}
	})
}

func TestAnAddressThatIsNoDatabaseIsRefusedWithoutRepeatingIt(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"", "mysql://u:secret@h/d", "sqlite:", "postgres://u:secret@h:port/d"} {
		_, err := store.Open(t.Context(), url, store.Options{Log: slog.New(slog.DiscardHandler)})
		if !errors.Is(err, store.ErrBadURL) || strings.Contains(fmt.Sprint(err), "secret") {
			t.Errorf("%s: %v", url, err)
		}
	}
}

func TestASQLiteFileInANewFolderWithAnOddName(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new folder", "a?b#c%20.db")
	s, err := store.Open(t.Context(), "sqlite:"+path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if found, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "a[?]b#c%20.db")); len(found) != 1 {
		t.Errorf("the file is not where it was asked for: %v", found)
	}
}
