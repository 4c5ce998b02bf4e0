package store_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"quittance/portal/identity"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// TestS10_TokensOfBeforeKeepTheirCreditors: what saw one creditor's debts sees that
// creditor's, and what saw all sees all.
func TestS10_TokensOfBeforeKeepTheirCreditors(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := emptyDatabase(t, url)
		must(t, s.MigrateTo(t.Context(), 18))
		for id, ref := range map[string]string{"tok_all": "", "tok_one": `C "1"`} {
			must(t, s.Run(t.Context(), `INSERT INTO api_tokens (id, name, scopes, creditor_ref, issued_by, created_at, expires_at)
				VALUES (?, 'n', '[]', ?, 'cli', 1, 2)`, id, ref))
		}
		_, err := s.Migrate(t.Context())
		must(t, err)
		for id, want := range map[identity.TokenID][]string{"tok_all": {"*"}, "tok_one": {`C "1"`}} {
			if got, err := s.APIToken(t.Context(), id); err != nil || !slices.Equal(got.Creditors.Words(), want) {
				t.Errorf("%s: %v, %v", id, got.Creditors.Words(), err)
			}
		}
	})
}

// emptyDatabase is a database without a table, on the engine of a URL.
func emptyDatabase(t *testing.T, url string) *store.Store {
	t.Helper()
	if strings.HasPrefix(url, "sqlite:") {
		return storetest.OpenEmpty(t, "sqlite:"+filepath.Join(t.TempDir(), "portal.db"))
	}
	s := storetest.OpenEmpty(t, url)
	must(t, s.Run(t.Context(), `DROP SCHEMA public CASCADE`))
	must(t, s.Run(t.Context(), `CREATE SCHEMA public`))
	return s
}
