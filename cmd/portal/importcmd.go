package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"golang.org/x/term"

	"quittance/cmd/app"
	"quittance/portal/config"
	"quittance/portal/debt"
	"quittance/portal/intake"
)

// errRefused makes the import exit with 1 when rows were refused or held back.
var errRefused = errors.New("some rows were refused or held back; they are listed above with the reason of each")

// importOptions are the flags of `portal import`.
type importOptions struct {
	dryRun bool
	format string
	codes  string
	report string
}

// importPlacements takes in placements and balance updates.
func importPlacements(ctx context.Context, p program, args []string) error {
	var o importOptions
	f := p.flags("import")
	f.BoolVar(&o.dryRun, "dry-run", false, "check and report, save nothing")
	f.StringVar(&o.format, "format", "auto", "csv, json or auto")
	f.StringVar(&o.codes, "codes", "", "write the reference codes of new accounts to this file, for letters")
	f.StringVar(&o.report, "report", "", "write what became of every row to this CSV file")
	files, err := parseMixed(f, args)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("%w: name at least one file: portal import placements.csv", errUsage)
	}
	return withPart(ctx, p, config.Letters, func(w *app.Portal) error { return p.importFiles(ctx, w.Importer, files, o) })
}

func (p program) importFiles(ctx context.Context, importer *intake.Importer, files []string, o importOptions) (err error) {
	codes, err := createList(o.codes, "account_ref", "reference_code")
	if err != nil {
		return err
	}
	report, err := createList(o.report, "file", "row", "debt_ref", "outcome", "column", "reason")
	if err != nil {
		return err
	}
	refused := 0
	for _, name := range files {
		r, importErr := p.importFile(ctx, importer, name, o, codes, report)
		refused += r.Refused + r.HeldBack
		err = errors.Join(err, importErr)
	}
	err = errors.Join(err, codes.close(), report.close())
	if err == nil && refused > 0 {
		return errRefused
	}
	return err
}

func (p program) importFile(ctx context.Context, importer *intake.Importer, name string, o importOptions, codes, report *listFile) (intake.Report, error) {
	file, err := os.Open(name)
	if err != nil {
		return intake.Report{}, fmt.Errorf("the file cannot be read: %w", err)
	}
	defer file.Close()
	bar := newBar(p.stderr, name, file)
	r, err := importer.Import(ctx, file, intake.Options{
		Format: intake.Format(o.format), DryRun: o.dryRun, Progress: bar.show,
		Each:   func(l intake.Line) error { return p.reportRow(name, l, bar, report) },
		Issued: func(a debt.Account, code string) error { return codes.add(a.Ref, code) },
	})
	bar.end()
	fmt.Fprintf(p.stdout, "%s: %d rows: %d new, %d updated, %d unchanged, %d older than what is held, %d refused, %d held back, %d whose status waits for a person, %d with something to look at (-report names it)%s\n",
		name, r.Rows, r.New, r.Updated, r.Unchanged, r.Older, r.Refused, r.HeldBack, r.Waiting, r.Flagged, map[bool]string{true: " (dry run, nothing was saved)"}[o.dryRun])
	if err != nil {
		return r, fmt.Errorf("%s: %w", name, err)
	}
	return r, nil
}

// reportRow writes rows that were refused, kept or held back to standard output, and
// every row to the report.
func (p program) reportRow(name string, l intake.Line, bar *bar, report *listFile) error {
	if len(l.Faults) == 0 {
		return report.add(name, strconv.Itoa(l.Row), l.DebtRef, string(l.Outcome), "", "")
	}
	for _, fault := range l.Faults {
		if !l.Flagged() || l.Outcome == intake.HeldBack {
			bar.clear()
			fmt.Fprintf(p.stdout, "%s row %d: %s\n", name, l.Row, fault.Sentence)
		}
		if err := report.add(name, strconv.Itoa(l.Row), l.DebtRef, string(l.Outcome), fault.Column, fault.Sentence); err != nil {
			return err
		}
	}
	return nil
}

// listFile is a CSV file that was asked for, or nothing.
type listFile struct {
	file *os.File
	w    *csv.Writer
}

func createList(name string, header ...string) (*listFile, error) {
	if name == "" {
		return nil, nil
	}
	file, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the list cannot be created (an existing file is never overwritten): %w", err)
	}
	l := &listFile{file: file, w: csv.NewWriter(file)}
	return l, l.add(header...)
}

func (l *listFile) add(fields ...string) error {
	if l == nil {
		return nil
	}
	return l.w.Write(fields)
}

func (l *listFile) close() error {
	if l == nil {
		return nil
	}
	l.w.Flush()
	return errors.Join(l.w.Error(), l.file.Close())
}

// bar shows how far an import is, on a terminal only.
type bar struct {
	w       io.Writer
	name    string
	size    int64
	started time.Time
	on      bool
}

func newBar(w io.Writer, name string, file *os.File) *bar {
	b := &bar{w: w, name: name, started: time.Now()}
	if info, err := file.Stat(); err == nil {
		b.size = info.Size()
	}
	out, isFile := w.(*os.File)
	b.on = isFile && b.size > 0 && term.IsTerminal(int(out.Fd()))
	return b
}

const barWidth = 24

func (b *bar) show(p intake.Progress) {
	if b.on {
		fmt.Fprintf(b.w, "\r\x1b[K%s", b.line(p, time.Since(b.started)))
	}
}

// line is one line of the bar: how much, how fast, how long still.
func (b *bar) line(p intake.Progress, took time.Duration) string {
	done := min(p.Bytes, b.size)
	filled := int(done * barWidth / b.size)
	rate := int64(p.Rows) * int64(time.Second) / max(int64(took), 1)
	left := time.Duration(int64(took) / max(done, 1) * (b.size - done)).Round(time.Second)
	cells := make([]byte, barWidth)
	for i := range cells {
		cells[i] = '.'
		if i < filled {
			cells[i] = '#'
		}
	}
	return fmt.Sprintf("%s [%s] %3d %%  %d rows, %d rows/s, %s left", b.name, cells, done*100/b.size, p.Rows, rate, left)
}

func (b *bar) clear() {
	if b.on {
		fmt.Fprint(b.w, "\r\x1b[K")
	}
}

func (b *bar) end() { b.clear() }
