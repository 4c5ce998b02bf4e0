package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// appendOnlyTables hold records that are only ever added to.
var appendOnlyTables = []string{"ledger_transfers", "ledger_entries", "processor_events", "decisions", "plan_agreements", "plan_terms",
	"contact_wishes", "message_refusals", // lawful contact
	"audit", "evidence", "validation_notices", "validation_requests", "claim_reports", "disputes", "dispute_steps"}

// sealedOnce are those of them in which a plain value may be sealed, and nothing
// else.
var sealedOnce = []string{"validation_notices", "claim_reports", "contact_wishes", "plan_agreements"}

// CheckGuards is the boot-time self-check of the money tables (R18): the
// guards of the append-only tables stand, and the ledger sums to zero. It
// returns ErrGuardMissing or ErrLedgerOff.
func (s *Store) CheckGuards(ctx context.Context) error {
	have, err := s.guards(ctx)
	if err != nil {
		return err
	}
	for _, want := range s.wantedGuards() {
		if !slices.Contains(have, want) {
			return fmt.Errorf("%w: %s", ErrGuardMissing, want)
		}
	}
	return s.CheckLedger(ctx)
}

// CheckLedger returns ErrLedgerOff unless all entries sum to zero.
func (s *Store) CheckLedger(ctx context.Context) error {
	var sum int64
	err := s.queryRow(ctx, []any{&sum}, `SELECT CAST(COALESCE(SUM(amount_cents), 0) AS BIGINT) FROM ledger_entries`)
	if err != nil {
		return fmt.Errorf("sum the ledger: %w", err)
	}
	if sum != 0 {
		return fmt.Errorf("%w: it is off by %d cents", ErrLedgerOff, sum)
	}
	return nil
}

func (s *Store) wantedGuards() []string {
	suffixes := []string{"_no_update", "_no_delete"}
	if s.engine == postgresEngine {
		suffixes = []string{"_append_only", "_no_truncate"}
	}
	var all []string
	for _, table := range appendOnlyTables {
		for _, suffix := range suffixes {
			all = append(all, table+suffix)
		}
	}
	for _, table := range sealedOnce {
		all = append(all, table+"_sealed_once")
	}
	return all
}

// guards lists the triggers that are switched on and still refuse.
func (s *Store) guards(ctx context.Context) ([]string, error) {
	query := `SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`
	refuses := "RAISE(ABORT"
	if s.engine == postgresEngine {
		query = `SELECT g.tgname, p.prosrc FROM pg_trigger g
			JOIN pg_proc p ON p.oid = g.tgfoid
			JOIN pg_class c ON c.oid = g.tgrelid
			JOIN pg_namespace n ON n.oid = c.relnamespace
			WHERE NOT g.tgisinternal AND g.tgenabled IN ('O', 'A') AND n.nspname = current_schema()`
		refuses = "RAISE EXCEPTION"
	}
	var have []string
	err := s.query(ctx, func(r row) error {
		var name, body string
		if err := r.Scan(&name, &body); err != nil {
			return err
		}
		if strings.Contains(body, refuses) {
			have = append(have, name)
		}
		return nil
	}, query)
	if err != nil {
		return nil, fmt.Errorf("read the guards: %w", err)
	}
	return have, nil
}
