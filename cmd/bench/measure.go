package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// figure is one row of the table.
type figure struct {
	name            string
	portal, ceiling string // in words with their units
	sqlite          string
	ratio, goal     float64
	atMost          bool // the ratio may be at most the goal; otherwise at least
}

func (f figure) met() bool {
	if f.atMost {
		return f.ratio <= f.goal
	}
	return f.ratio >= f.goal
}

func compared(name, unit string, goal float64, pairs []pair, sqlite float64) figure {
	var ours, theirs, ratios []float64
	for _, p := range pairs {
		ours, theirs, ratios = append(ours, p.portal.rate), append(theirs, p.ceiling.rate), append(ratios, p.portal.rate/p.ceiling.rate)
	}
	return figure{
		name: name, portal: number(median(ours)) + " " + unit, ceiling: number(median(theirs)) + " " + unit,
		sqlite: number(sqlite) + " " + unit, ratio: median(ratios), goal: goal,
	}
}

// measure is one of the things that can be measured.
type measure struct {
	name string
	run  func(ctx context.Context) ([]figure, error)
}

func (b *bench) measures() []measure {
	return []measure{{"page", b.pages}, {"money", b.money}, {"import", b.imports}, {"plans", b.plans}}
}

// pages measures the balance page: how many a second, and whether many debts
// make it slower.
func (b *bench) pages(ctx context.Context) ([]figure, error) {
	pairs, times, err := b.pagesOnPostgres(ctx)
	if err != nil {
		return nil, err
	}
	rate, liteTimes, err := b.pagesOnSQLite(ctx)
	if err != nil {
		return nil, err
	}
	speed := compared("Balance page", "pages/s", 0.35, pairs, rate)
	var few, many, ratios []float64
	for _, t := range times {
		few, many, ratios = append(few, t.few), append(many, t.many), append(ratios, t.many/t.few)
	}
	growth := figure{
		name:   fmt.Sprintf("99th percentile of the balance page, %s debts against %s", number(float64(b.debts)), number(float64(b.fewDebts))),
		portal: milliseconds(median(many)), ceiling: milliseconds(median(few)), sqlite: liteTimes, ratio: median(ratios), goal: 1.5, atMost: true,
	}
	return []figure{speed, growth}, nil
}

func (b *bench) pagesOnPostgres(ctx context.Context) (rates []pair, times []slowness, err error) {
	many, err := b.audienceOn(ctx, "many", b.debts)
	if err != nil {
		return nil, nil, err
	}
	defer many.close()
	few, err := b.audienceOn(ctx, "few", b.fewDebts)
	if err != nil {
		return nil, nil, err
	}
	defer few.close()
	url := b.cluster.URL("many")
	if err := b.sql(ctx, url, copySessions, "VACUUM ANALYZE", "CHECKPOINT"); err != nil {
		return nil, nil, err
	}
	if err := b.sql(ctx, b.cluster.URL("few"), "VACUUM ANALYZE"); err != nil {
		return nil, nil, err
	}
	script, err := b.pageScript(ctx, many, url)
	if err != nil {
		return nil, nil, err
	}
	err = many.serving(ctx, func(manyAt string) error {
		return few.serving(ctx, func(fewAt string) error {
			rates, err = b.compare("balance page", func() (outcome, error) {
				spent := b.meter()
				large, err := browse(ctx, manyAt, b.clients, b.during, many.visits)
				if err != nil {
					return outcome{}, err
				}
				done := spent.outcome(large.rate, large.answers)
				small, err := browse(ctx, fewAt, b.clients, b.during, few.visits)
				times = append(times, slowness{many: large.p99.Seconds(), few: small.p99.Seconds()})
				return done, err
			}, func() (outcome, error) {
				return b.ceiling(url).run(ctx, run{name: "page", script: script, clients: b.clients, during: b.during})
			})
			return err
		})
	})
	return rates, times[min(1, len(times)):], err
}

// slowness is the 99th percentile with many debts and with few, in seconds.
type slowness struct{ many, few float64 }

// audienceOn makes a PostgreSQL database with so many debts.
func (b *bench) audienceOn(ctx context.Context, name string, debts int) (*audience, error) {
	p, err := b.postgres(ctx, name)
	if err != nil {
		return nil, err
	}
	return b.seat(ctx, p, debts)
}

func (b *bench) seat(ctx context.Context, p *portal, debts int) (*audience, error) {
	begun := time.Now()
	a, err := newAudience(ctx, p, debts, b.sessions)
	if err != nil {
		return nil, errors.Join(err, p.close())
	}
	b.say("%s debts placed on %s and %d consumers signed in, in %s", number(float64(debts)), p.Store.Engine(), len(a.visits), time.Since(begun).Round(time.Second))
	return a, nil
}

func (b *bench) pagesOnSQLite(ctx context.Context) (rate float64, times string, err error) {
	var slow [2][]float64
	for i, debts := range []int{b.fewDebts, b.debts} {
		p, err := b.sqlite(ctx, fmt.Sprintf("page%d", i), counted())
		if err != nil {
			return 0, "", err
		}
		a, err := b.seat(ctx, p, debts)
		if err != nil {
			return 0, "", err
		}
		err = a.serving(ctx, func(at string) error {
			rate, err = b.alone("balance page", func() (outcome, error) {
				spent := b.meter()
				m, err := browse(ctx, at, b.clients, b.during, a.visits)
				slow[i] = append(slow[i], m.p99.Seconds())
				return spent.outcome(m.rate, m.answers), err
			})
			return err
		})
		if err := errors.Join(err, a.close()); err != nil {
			return 0, "", err
		}
	}
	return rate, milliseconds(median(slow[1][1:])) + " against " + milliseconds(median(slow[0][1:])), nil
}

// money measures the confirmation of payments, and the delivery of the
// webhooks that tell of them.
func (b *bench) money(ctx context.Context) ([]figure, error) {
	p, err := b.postgres(ctx, "money")
	if err != nil {
		return nil, err
	}
	defer p.close()
	url := b.cluster.URL("money")
	each := b.clients * b.confirmations
	t, err := newTill(ctx, p, 2*each*(b.rounds+1)+2)
	if err != nil {
		return nil, err
	}
	lite, err := b.sqlite(ctx, "money", counted())
	if err != nil {
		return nil, err
	}
	defer lite.close()
	small, err := newTill(ctx, lite, each*(b.rounds+1))
	if err != nil {
		return nil, err
	}
	confirmed, err := b.confirm(ctx, t, small, url)
	if err != nil {
		return nil, err
	}
	told, err := b.webhooks(ctx, p, lite, url)
	if err != nil {
		return nil, err
	}
	return []figure{confirmed, told}, nil
}

func (b *bench) confirm(ctx context.Context, t, small *till, url string) (figure, error) {
	script, err := b.confirmScript(ctx, t, url)
	if err != nil {
		return figure{}, err
	}
	if err := b.sql(ctx, url, "VACUUM ANALYZE", "CHECKPOINT"); err != nil {
		return figure{}, err
	}
	var pairs []pair
	err = t.serving(ctx, func(at string) error {
		pairs, err = b.compare("confirmation",
			func() (outcome, error) { return b.confirmAll(ctx, t, at) },
			func() (outcome, error) { return b.confirmCeiling(ctx, t, b.ceiling(url), script) })
		return err
	})
	if err != nil {
		return figure{}, err
	}
	var rate float64
	err = small.serving(ctx, func(at string) error {
		rate, err = b.alone("confirmation", func() (outcome, error) { return b.confirmAll(ctx, small, at) })
		return err
	})
	return compared("Payment confirmation: event in, ledger posted, outbox event, committed", "payments/s", 0.6, pairs, rate), err
}

func (b *bench) webhooks(ctx context.Context, p, lite *portal, url string) (figure, error) {
	// What pgbench copied stands under other ids than it was sealed for.
	copies := "DELETE FROM events WHERE facts IN (SELECT facts FROM events GROUP BY facts HAVING COUNT(*) > 1)"
	if err := b.sql(ctx, url, copies); err != nil {
		return figure{}, err
	}
	o, err := newPost(ctx, p, b.receiver.address())
	if err != nil {
		return figure{}, err
	}
	script, err := b.webhookScript(ctx, o, url)
	if err != nil {
		return figure{}, err
	}
	each, err := b.twins(ctx, o, url)
	if err != nil {
		return figure{}, err
	}
	pairs, err := b.compare("webhooks", func() (outcome, error) { return b.deliver(ctx, o, url) },
		func() (outcome, error) { return b.webhookCeiling(ctx, o, b.ceiling(url), script, each) })
	if err != nil {
		return figure{}, err
	}
	small, err := newPost(ctx, lite, b.receiver.address())
	if err != nil {
		return figure{}, err
	}
	rate, err := b.alone("webhooks", func() (outcome, error) { return b.deliver(ctx, small, "") })
	return compared("Webhook delivery: claim, signed POST, recorded", "webhooks/s", 0.6, pairs, rate), err
}

// imports measures placing new debts against COPY of the rows that come of it.
func (b *bench) imports(ctx context.Context) ([]figure, error) {
	rows, err := file(b.importRows, debtsEach)
	if err != nil {
		return nil, err
	}
	var pairs []pair
	for round := range b.rounds + 1 {
		p, err := b.importAndCopy(ctx, round, rows, b.importRows)
		if err != nil {
			return nil, err
		}
		b.say("import, round %d: %s, ceiling %s: %s", round, p.portal, p.ceiling, p)
		if round > 0 {
			pairs = append(pairs, p)
		}
	}
	lite := 0
	rate, err := b.alone("import", func() (outcome, error) {
		lite++
		p, err := b.sqlite(ctx, fmt.Sprintf("import%d", lite), randomName)
		if err != nil {
			return outcome{}, err
		}
		rate, err := b.importFile(ctx, p, rows, b.importRows)
		return rate, errors.Join(err, p.close())
	})
	return []figure{compared("Import of new debts", "rows/s", 0.25, pairs, rate)}, err
}
