package main

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"quittance/portal/debt"
	"quittance/portal/intake"
)

// placed are the tables that an import fills, parents first.
func placed() []string {
	return []string{"creditors", "accounts", "debts", "ledger_transfers", "ledger_entries"}
}

// importFile imports a file into the portal.
func (b *bench) importFile(ctx context.Context, p *portal, file []byte, rows int) (outcome, error) {
	issued, spent := 0, b.meter()
	begun := time.Now()
	report, err := p.importer.Import(ctx, bytes.NewReader(file), intake.Options{
		Each:   func(intake.Line) error { return nil },
		Issued: func(debt.Account, string) error { issued++; return nil },
	})
	if err != nil {
		return outcome{}, err
	}
	if report.New != rows || issued != report.NewAccounts {
		return outcome{}, fmt.Errorf("of %d rows %d are new; %d codes for %d accounts", rows, report.New, issued, report.NewAccounts)
	}
	return spent.outcome(float64(rows)/time.Since(begun).Seconds(), rows), nil
}

// importAndCopy imports a file into an empty database and then copies the same
// rows into the same tables of another one, with COPY in one transaction.
func (b *bench) importAndCopy(ctx context.Context, round int, file []byte, rows int) (p pair, err error) {
	source, target := "import_"+strconv.Itoa(round), "copy_"+strconv.Itoa(round)
	for _, name := range []string{source, target} {
		if err := b.create(ctx, name); err != nil {
			return p, err
		}
	}
	own, err := openPortal(ctx, b.cluster.URL(source), 0, randomName)
	if err != nil {
		return p, err
	}
	p.portal, err = b.importFile(ctx, own, file, rows)
	if closing := own.close(); err == nil {
		err = closing
	}
	if err != nil {
		return p, err
	}
	p.ceiling, err = b.copyRows(ctx, b.cluster.URL(source), b.cluster.URL(target), rows)
	if err != nil {
		return p, err
	}
	return p, b.sql(ctx, b.cluster.URL("postgres"), "DROP DATABASE "+source+" WITH (FORCE)", "DROP DATABASE "+target+" WITH (FORCE)")
}

func (b *bench) copyRows(ctx context.Context, source, target string, rows int) (outcome, error) {
	from, err := pgx.Connect(ctx, source)
	if err != nil {
		return outcome{}, err
	}
	defer from.Close(ctx)
	to, err := pgx.Connect(ctx, target)
	if err != nil {
		return outcome{}, err
	}
	defer to.Close(ctx)
	var content []*bytes.Buffer
	for _, table := range placed() {
		var rows bytes.Buffer
		if _, err := from.PgConn().CopyTo(ctx, &rows, "COPY "+table+" TO STDOUT"); err != nil {
			return outcome{}, err
		}
		content = append(content, &rows)
	}
	spent, begun := b.meter(), time.Now()
	err = pgx.BeginFunc(ctx, to, func(tx pgx.Tx) error {
		for i, table := range placed() {
			if _, err := tx.Conn().PgConn().CopyFrom(ctx, content[i], "COPY "+table+" FROM STDIN"); err != nil {
				return err
			}
		}
		return nil
	})
	return spent.outcome(float64(rows)/time.Since(begun).Seconds(), rows), err
}
