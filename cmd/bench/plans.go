package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"quittance/payments/money"
	"quittance/plans/civil"
	"quittance/plans/schedule"
)

// plans measures the claim of a day's charges among all active plans, and how
// long it takes to lay out a schedule.
func (b *bench) plans(ctx context.Context) ([]figure, error) {
	p, err := b.planned(ctx, "plans")
	if err != nil {
		return nil, err
	}
	defer p.close()
	url := b.cluster.URL("plans")
	script, err := b.claimScript(ctx, url)
	if err != nil {
		return nil, err
	}
	c := &claims{b: b, at: firstDue}
	pairs, err := b.compare("due charges", func() (outcome, error) {
		if err := b.sql(ctx, url, vacuum); err != nil {
			return outcome{}, err
		}
		return c.claim(ctx, p)
	}, func() (outcome, error) {
		return c.ceiling(ctx, url, script)
	})
	if err != nil {
		return nil, err
	}
	lite, err := b.planned(ctx, "")
	if err != nil {
		return nil, err
	}
	defer lite.close()
	rate, err := b.alone("due charges", func() (outcome, error) { return c.claim(ctx, lite) })
	if err != nil {
		return nil, err
	}
	due := float64(b.due())
	var ours, theirs, ratios []float64
	for _, pair := range pairs {
		ours, theirs, ratios = append(ours, due/pair.portal.rate), append(theirs, due/pair.ceiling.rate), append(ratios, pair.ceiling.rate/pair.portal.rate)
	}
	schedules, err := b.schedules()
	return []figure{{
		name:   fmt.Sprintf("Claim of the %s charges of a day among %s active plans", number(due), number(float64(b.activePlans))),
		portal: milliseconds(median(ours)), ceiling: milliseconds(median(theirs)), sqlite: milliseconds(due / rate),
		ratio: median(ratios), goal: 2, atMost: true,
	}, schedules}, err
}

// firstDue is when the charges of the day are due.
var firstDue = time.Date(2026, time.November, 24, 14, 0, 0, 0, time.UTC)

// due is how many charges fall on one day: one plan in twenty.
func (b *bench) due() int { return b.activePlans / 20 }

// planned opens a database with many active plans of one charge each: on
// PostgreSQL by that name, on SQLite without one.
func (b *bench) planned(ctx context.Context, name string) (p *portal, err error) {
	if name == "" {
		p, err = b.sqlite(ctx, "plans", counted())
	} else {
		p, err = b.postgres(ctx, name)
	}
	if err != nil {
		return nil, err
	}
	rows, err := file(1, 1)
	if err == nil {
		_, err = b.importFile(ctx, p, rows, 1)
	}
	if err == nil && name == "" {
		err = b.fillSQLite(ctx)
	} else if err == nil {
		err = b.sql(ctx, b.cluster.URL(name), append(b.manyPlans(fmt.Sprintf("generate_series(0, %d) AS n(k)", b.activePlans-1)), "VACUUM ANALYZE", "CHECKPOINT")...)
	}
	if err != nil {
		return nil, errors.Join(err, p.close())
	}
	return p, nil
}

func (b *bench) fillSQLite(ctx context.Context) error {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.dir, "plans.db")) // the store registers the driver
	if err != nil {
		return err
	}
	defer db.Close()
	series := fmt.Sprintf("(WITH RECURSIVE n(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM n WHERE k < %d) SELECT k FROM n) AS n", b.activePlans-1)
	for _, statement := range append(b.manyPlans(series), "ANALYZE") {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

// manyPlans are statements that make plans on the one debt there is: a charge
// of one in twenty is due on the day, those of the others on later days.
func (b *bench) manyPlans(series string) []string {
	return []string{
		"DROP INDEX plans_running", // a debt has one plan; here they all are on one
		`INSERT INTO plans (id, reference, account_id, request_key, debt_id, debt_ref, creditor_ref, kind, total_cents, forgiven_cents, rhythm,
			first_on, other_day, passed_dates, charging, customer_id, method_id, mandate_id, detail_type, detail_brand, detail_last4, detail_funding,
			detail_wallet, detail_country, detail_holder, setup_id, terms, status, reason, version, skipped, resume_on, revision, created_at, changed_at)
			SELECT 'pln_' || k, 'PLN-' || k, d.account_id, 'drf_' || k, d.id, d.ref, 'C-1', 'installments', 2500, 0, 'monthly', '2026-11-24', 0, 0,
			'automatic', 'cus_' || k, 'pm_' || k, '', 'card', 'visa', '4242', 'debit', '', 'US', '', '', '{}', 'active', '', 1, 0, '', 1, 0, 0
			FROM debts d CROSS JOIN ` + series,
		fmt.Sprintf(`INSERT INTO plan_installments (plan_id, number, due, charge_at, amount_cents, paid_cents, status, attempts, retries, payment_id,
			failure_code, failure_return_code, notice_state, notice_on, notice_message, missed, chargeable, overdue_on)
			SELECT 'pln_' || k, 1, '2026-11-24', CASE WHEN k %% 20 = 0 THEN %d ELSE %d + k END, 2500, 0, 'scheduled', 0, 0, '', '', '', '', '', '', 0, 1, ''
			FROM `, firstDue.UnixMicro(), firstDue.AddDate(1, 0, 0).UnixMicro()) + series,
	}
}

// claims are rounds of claiming the same charges: each begins when the leases
// of the one before have run out.
type claims struct {
	b  *bench
	at time.Time
}

const (
	lease = 2 * time.Minute
	// vacuum takes away what the round before left behind, so that each begins
	// with the same table.
	vacuum = "VACUUM plan_installments"
)

func (c *claims) claim(ctx context.Context, p *portal) (outcome, error) {
	c.at = c.at.Add(time.Hour)
	spent, begun := c.b.meter(), time.Now()
	due, err := p.Store.ClaimDue(ctx, c.at, c.at.Add(lease), c.b.due())
	took := time.Since(begun)
	if err == nil && len(due) != c.b.due() {
		err = fmt.Errorf("%d charges were claimed instead of %d", len(due), c.b.due())
	}
	return spent.outcome(float64(c.b.due())/took.Seconds(), c.b.due()), err
}

// ceiling claims them with pgbench and makes sure that it did.
func (c *claims) ceiling(ctx context.Context, url, script string) (outcome, error) {
	if err := c.b.sql(ctx, url, vacuum); err != nil {
		return outcome{}, err
	}
	c.at = c.at.Add(time.Hour)
	until := c.at.Add(lease).UnixMicro()
	o, err := c.b.ceiling(url).run(ctx, run{
		name: "due", script: script, clients: 1, each: 1, define: map[string]int{"now": int(c.at.UnixMicro()), "until": int(until)},
	})
	if err != nil {
		return outcome{}, err
	}
	leased, err := c.b.count(ctx, url, fmt.Sprintf("SELECT count(*) FROM plan_installments WHERE leased_until = %d", until))
	if err == nil && leased != c.b.due() {
		err = fmt.Errorf("pgbench claimed %d charges instead of %d", leased, c.b.due())
	}
	each := time.Duration(c.b.due())
	return outcome{rate: o.rate * float64(each), own: o.own / each, server: o.server / each}, err
}

func (b *bench) count(ctx context.Context, url, query string) (n int, err error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return 0, err
	}
	defer conn.Close(ctx)
	return n, conn.QueryRow(ctx, query).Scan(&n)
}

// claimScript listens to one claim, writes it as a script, and makes sure that
// what is due is read from the index alone. The claim itself locks what it
// reads and so must touch those rows, and no others.
func (b *bench) claimScript(ctx context.Context, url string) (string, error) {
	now := firstDue.Add(time.Minute)
	until := now.Add(time.Minute)
	trips, err := b.tapped(ctx, url, func(p *portal, tap *wiretap) ([]trip, error) {
		return tap.during(func() error {
			_, err := p.Store.ClaimDue(ctx, now, until, b.due())
			return err
		})
	})
	if err != nil {
		return "", err
	}
	text := func(t time.Time) string { return strconv.FormatInt(t.UnixMicro(), 10) }
	for _, t := range trips {
		for _, s := range t {
			if err := b.checkClaim(ctx, url, s.script(nil)); err != nil {
				return "", err
			}
		}
	}
	return script(nil, trips, map[string]string{text(now): "now", text(until): "until"}), nil
}

func (b *bench) checkClaim(ctx context.Context, url, statement string) error {
	_, picked, found := strings.Cut(statement, "MATERIALIZED (")
	selection, _, locks := strings.Cut(picked, " FOR UPDATE")
	if !found || !locks {
		return nil // the transaction around it
	}
	for query, scan := range map[string]string{
		selection: "Index Only Scan using plan_installments_charges", statement: "plan_installments_charges",
	} {
		plan, err := b.explain(ctx, url, query)
		if err != nil {
			return err
		}
		if !strings.Contains(plan, scan) || strings.Contains(plan, "Seq Scan") {
			return fmt.Errorf("due charges are not read by %q:\n%s", scan, plan)
		}
	}
	return nil
}

func (b *bench) explain(ctx context.Context, url, query string) (string, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return "", err
	}
	config.RuntimeParams["options"] = b.options // the portal's own
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return "", err
	}
	defer conn.Close(ctx)
	rows, err := conn.Query(ctx, "EXPLAIN "+query)
	if err != nil {
		return "", err
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return strings.Join(lines, "\n"), err
}

// scheduleDates is the longest plan: three years and a month.
const scheduleDates = 37

// schedules measures laying out a thousand plans of 37 months. The ceiling is
// what no calendar can do without: as many dates made by package time, each
// asked for its day of the week. The rest is what it takes to know whether a
// bank is open on the day and when it is next. What matters is that it is
// microseconds: whoever waits for a page does not wait for this.
func (b *bench) schedules() (figure, error) {
	const count = 1000
	var ours, theirs, ratios []float64
	for range b.rounds + 1 {
		begun := time.Now()
		for n := range count {
			first := civil.Of(firstDue).AddDays(n % 365)
			lines, err := schedule.Even(money.Cents(100_000+n), scheduleDates, schedule.Rule{Rhythm: schedule.Monthly, First: first})
			if err != nil || len(lines) != scheduleDates {
				return figure{}, fmt.Errorf("%d dates from %s: %w", len(lines), first, err)
			}
		}
		laid := time.Since(begun)
		begun, weekends := time.Now(), 0
		for n := range count {
			for month := range scheduleDates {
				if day := time.Date(2026, time.Month(11+month), 1+n%28, 0, 0, 0, 0, time.UTC).Weekday(); day == time.Sunday || day == time.Saturday {
					weekends++
				}
			}
		}
		least := time.Since(begun)
		if weekends == 0 {
			return figure{}, errors.New("no weekend in three years")
		}
		ours, theirs = append(ours, laid.Seconds()/count), append(theirs, least.Seconds()/count)
		ratios = append(ratios, laid.Seconds()/least.Seconds())
	}
	b.say("schedules: %s each, ceiling %s", microseconds(median(ours)), microseconds(median(theirs)))
	return figure{
		name:   fmt.Sprintf("Schedule of a plan: %d dates on open days and their amounts", scheduleDates),
		portal: microseconds(median(ours)), ceiling: microseconds(median(theirs)), sqlite: microseconds(median(ours)),
		ratio: median(ratios), goal: scheduleGoal, atMost: true,
	}, nil
}

// scheduleGoal keeps a schedule far below a millisecond.
const scheduleGoal = 50

func microseconds(seconds float64) string {
	return strconv.FormatFloat(seconds*1e6, 'f', 1, 64) + " µs"
}
