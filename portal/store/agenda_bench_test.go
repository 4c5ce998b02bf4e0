package store_test

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"quittance/portal/store/storetest"
)

var planned = flag.Int("plans", 20000, "active plans of BenchmarkClaimDue; one in twenty has a charge due")

// BenchmarkClaimDue is the leasing of a day's charges, and beside it the same
// selection asked of the database by hand.
func BenchmarkClaimDue(b *testing.B) {
	for name, open := range map[string]func(testing.TB) string{
		"sqlite": storetest.SQLiteURL, "postgres": storetest.PostgresURL,
	} {
		b.Run(name, func(b *testing.B) {
			url := open(b)
			s := storetest.Open(b, url)
			fill(b, s, 0, 1)
			run(b, url, manyPlans(name, *planned)...)
			now := noon
			due := *planned / 20
			var byHand time.Duration
			for b.Loop() {
				b.StopTimer()
				now = now.Add(time.Hour) // earlier leases ran out
				started := time.Now()
				run(b, url, fmt.Sprintf(`SELECT count(*) FROM (SELECT plan_id, number FROM plan_installments WHERE chargeable = 1
					AND charge_at <= %d AND (leased_until IS NULL OR leased_until <= %[1]d) ORDER BY charge_at, plan_id, number LIMIT %d) AS due`, now.UnixMicro(), due))
				byHand += time.Since(started)
				b.StartTimer()
				got, err := s.ClaimDue(b.Context(), now, now.Add(time.Minute), due)
				if err != nil || len(got) != due {
					b.Fatal(len(got), err)
				}
			}
			b.ReportMetric(float64(due), "due")
			b.ReportMetric(float64(byHand.Microseconds())/1000/float64(b.N), "ms-selected-by-hand")
		})
	}
}

// manyPlans are statements that make plans of one account, each with one
// installment: one in twenty is due at noon, the others later.
func manyPlans(engine string, n int) []string {
	series := fmt.Sprintf(`(WITH RECURSIVE n(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM n WHERE k < %d) SELECT k FROM n) AS n`, n-1)
	if engine == "postgres" {
		series = fmt.Sprintf(`generate_series(0, %d) AS n(k)`, n-1)
	}
	return []string{
		`DROP INDEX plans_running`, // all of them are on one debt
		`INSERT INTO plans SELECT 'pln_' || k, 'PLN-' || k, 'acc_0', 'drf_' || k, 'dbt_0', 'D-0', 'C-1', 'installments', 100, 0, 'monthly', '2026-11-23',
			0, 0, 'automatic', '', '', '', '', '', '', '', '', '', '', '', '{}', 'active', '', 1, 0, '', 1, 0, 0, 0, NULL FROM ` + series,
		fmt.Sprintf(`INSERT INTO plan_installments SELECT 'pln_' || k, 1, '2026-11-23', CASE WHEN k %% 20 = 0 THEN %d ELSE %d + k END, 100, 0,
			'scheduled', 0, 0, '', '', '', '', '', '', NULL, 0, 1, '', NULL FROM `, noon.UnixMicro(), noon.AddDate(1, 0, 0).UnixMicro()) + series,
		`ANALYZE`,
	}
}

// run runs statements by hand.
func run(b *testing.B, url string, statements ...string) {
	b.Helper()
	var exec func(ctx context.Context, statement string) error
	if file, ok := strings.CutPrefix(url, "sqlite:"); ok {
		db, err := sql.Open("sqlite", "file:"+file)
		if err != nil {
			b.Fatal(err)
		}
		defer db.Close()
		exec = func(ctx context.Context, statement string) error {
			_, err := db.ExecContext(ctx, statement)
			return err
		}
	} else {
		c, err := pgx.Connect(b.Context(), url)
		if err != nil {
			b.Fatal(err)
		}
		defer c.Close(context.WithoutCancel(b.Context()))
		exec = func(ctx context.Context, statement string) error { _, err := c.Exec(ctx, statement); return err }
	}
	for _, statement := range statements {
		if err := exec(b.Context(), statement); err != nil {
			b.Fatalf("%v in %s", err, statement)
		}
	}
}
