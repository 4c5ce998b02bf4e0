package store_test

import (
	"database/sql"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"quittance/portal/store/storetest"
)

var update = flag.Bool("update", false, "write the schema goldens instead of comparing them")

// golden compares a schema with the one on file: a migration shows what it
// does in review.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := "migrations/schema." + name + ".golden"
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the schema is not the one in %s; run go test ./portal/store -run Schema -update and read the difference:\n%s", path, got)
	}
}

func TestTheSchemaOfSQLiteIsTheGolden(t *testing.T) {
	t.Parallel()
	db, err := sql.Open("sqlite", strings.Replace(storetest.SQLiteURL(t), "sqlite:", "file:", 1))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), `SELECT sql FROM sqlite_schema
		WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'goose_%' ORDER BY tbl_name, type DESC, name`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var b strings.Builder
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(text, "CREATE TABLE") && !strings.HasSuffix(text, "STRICT") {
			t.Errorf("a table is not strict: %s", text)
		}
		b.WriteString(text + ";\n\n")
	}
	golden(t, "sqlite", b.String())
}

func TestTheSchemaOfPostgreSQLIsTheGolden(t *testing.T) {
	t.Parallel()
	c, err := pgx.Connect(t.Context(), storetest.PostgresURL(t))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(t.Context())
	rows, err := c.Query(t.Context(), `SELECT line FROM (
		SELECT c.relname || ' 1 ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
			|| CASE WHEN a.attnotnull THEN ' not null' ELSE '' END || CASE WHEN a.attidentity <> '' THEN ' identity' ELSE '' END AS line
			FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
			WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
		UNION ALL SELECT conrelid::regclass || ' 2 ' || conname || ' ' || pg_get_constraintdef(oid)
			FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
		UNION ALL SELECT tablename || ' 3 ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
		UNION ALL SELECT tgrelid::regclass || ' 4 ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
		) AS lines ORDER BY line COLLATE "C"`)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, line := range lines {
		if !strings.HasPrefix(line, "goose_") {
			fmt.Fprintln(&b, line)
		}
	}
	golden(t, "postgres", b.String())
}

// TestAMT01_TheSchemaHasNoPlaceForAFeeOfOurs looks for a column in which the
// portal could keep a charge of its own. Fees that the creditor added before
// placement are a row of the itemization (VAL-04).
func TestAMT01_TheSchemaHasNoPlaceForAFeeOfOurs(t *testing.T) {
	t.Parallel()
	word := regexp.MustCompile(`(?i)\w*(fee|surcharge|convenience|markup|tip)s?(_\w+)?\b`)
	for _, name := range []string{"sqlite", "postgres"} {
		text, err := os.ReadFile("migrations/schema." + name + ".golden")
		if err != nil {
			t.Fatal(err)
		}
		found := word.FindAllString(string(text), -1)
		if len(found) == 0 {
			t.Errorf("%s: the search is broken", name)
		}
		for _, w := range found {
			if w != "fees_added_cents" && !strings.HasSuffix(w, "fees_authority") && w != "debts_fees_authority_check" {
				t.Errorf("%s: %s", name, w)
			}
		}
	}
}
