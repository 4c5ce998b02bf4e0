package store_test

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"quittance/portal/store/storetest"
)

// TestVAL10_F19_NoticesStayWhenATableIsMadeAnew for joint debtors: SQLite changes no
// key of a table, so what stood in it is copied, with what hangs on it.
func TestVAL10_F19_NoticesStayWhenATableIsMadeAnew(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "portal.db")
	s := storetest.OpenEmpty(t, "sqlite:"+path)
	if err := s.MigrateTo(t.Context(), 16); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, statement := range []string{
		`INSERT INTO accounts (id, ref, code_hash, code_sealed, state, language, created_at, updated_at) VALUES ('acc_1', 'A-1', x'01', x'02', 'OH', 'en', 1, 1)`,
		`INSERT INTO debts (id, account_id, ref, creditor_ref, original_creditor_name, type, account_number_last4, description, contract_date, limitation_date,
			itemization_type, itemization_date, itemization_cents, interest_added_cents, fees_added_cents, credits_cents, balance_cents, as_of, version, status,
			created_at, updated_at) VALUES ('dbt_1', 'acc_1', 'D-1', 'C-1', 'Acme', 'medical', '1234', '', '', '', 'charge_off', '2026-01-02', 100, 0, 0, 0, 100, 1, 1, 'active', 1, 1)`,
		`INSERT INTO validation_notices (id, account_id, debt_id, provided_on, received_on, ends_on, delivered_via, source, itemization_type, itemization_date, hash, sealed, at)
			VALUES ('vn_1', 'acc_1', 'dbt_1', '2026-01-02', '2026-01-09', '2026-02-08', 'mail', 'api', 'charge_off', '2026-01-02', '` + strings.Repeat("a", 64) + `', x'7e01', 1)`,
		`INSERT INTO validation_requests (id, notice_id, language, at) VALUES ('vr_1', 'vn_1', 'es', 2)`,
		`INSERT INTO validation_duties (debt_id, account_id, event_id, began_at, due_on, alert_at, ended_by) VALUES ('dbt_1', 'acc_1', 'evt_1', 1, '2026-01-07', 3, '')`,
	} {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	if _, err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	var all string
	if err := db.QueryRowContext(t.Context(), `SELECT n.id || n.ends_on || r.id || r.language || d.event_id || d.due_on FROM validation_notices n
		JOIN validation_requests r ON r.notice_id = n.id JOIN validation_duties d ON d.debt_id = n.debt_id`).Scan(&all); err != nil || all != "vn_12026-02-08vr_1esevt_12026-01-07" {
		t.Errorf("what stood there: %q, %v", all, err)
	}
	for _, statement := range []string{
		`DELETE FROM validation_notices`, `UPDATE validation_notices SET ends_on = '2026-02-09'`, `DELETE FROM validation_requests`, `UPDATE validation_requests SET language = 'en'`,
	} {
		if _, err := db.ExecContext(t.Context(), statement); err == nil {
			t.Errorf("the guard is gone: %s", statement)
		}
	}
	var broken int
	if err := db.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM pragma_foreign_key_check`).Scan(&broken); err != nil || broken != 0 {
		t.Errorf("%d rows hang on nothing, %v", broken, err)
	}
}
