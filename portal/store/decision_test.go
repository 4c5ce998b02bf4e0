package store_test

import (
	"database/sql"
	"strings"
	"testing"

	"quittance/portal/debt"
	"quittance/portal/gate"
	"quittance/portal/store/storetest"
)

// TestGEN01_ADecisionIsStoredWithItsChannelAndPacks reads the row back by
// another connection, on both engines (STA-01).
func TestGEN01_ADecisionIsStoredWithItsChannelAndPacks(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url)
		err := s.KeepDecisions(t.Context(), []gate.Kept{{
			At: noon, AccountID: "acc_1", DebtID: "dbt_1", Action: gate.Pay, Channel: gate.Page, Status: debt.Active,
			Decision: gate.Decision{Reason: gate.StateOff, RuleIDs: []string{"GEN-01", "STA-05"}},
			Packs:    []string{"US 2026.1 0123abcd", "US-CA 2026.1 4567cdef"},
		}})
		if err != nil {
			t.Fatal(err)
		}
		driver, address := "pgx", url
		if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
			driver, address = "sqlite", "file:"+path+"?_pragma=busy_timeout(10000)"
		}
		db, err := sql.Open(driver, address)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		var channel, packs, reason, rules string
		var allowed int
		row := db.QueryRowContext(t.Context(), `SELECT channel, packs, reason, rules, allowed FROM decisions`)
		if err := row.Scan(&channel, &packs, &reason, &rules, &allowed); err != nil {
			t.Fatal(err)
		}
		if channel != "page" || packs != "US 2026.1 0123abcd, US-CA 2026.1 4567cdef" || reason != "state_off" || rules != `["GEN-01","STA-05"]` || allowed != 0 {
			t.Errorf("stored %s, %s, %s, %s, %d", channel, packs, reason, rules, allowed)
		}
	})
}
