package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// table writes the figures as README has them.
func table(figures []figure, machine string) string {
	var b strings.Builder
	b.WriteString("| measured | portal on PostgreSQL | ceiling | ratio | goal | portal on SQLite |\n| --- | --- | --- | --- | --- | --- |\n")
	for _, f := range figures {
		sign := "at least"
		if f.atMost {
			sign = "at most"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | **%.2f** | %s %.2f | %s |\n", f.name, f.portal, f.ceiling, f.ratio, sign, f.goal, f.sqlite)
	}
	b.WriteString("\n" + machine + "\n")
	return b.String()
}

// number writes a count with its thousands parted.
func number(v float64) string {
	digits := strconv.Itoa(int(v + 0.5))
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

func milliseconds(seconds float64) string {
	return strconv.FormatFloat(seconds*1000, 'f', 1, 64) + " ms"
}

const explained = `The ceiling is what the same machine does without the portal, measured in turns with it: pgbench with the statements,
round trips and settings that the portal's own connections were heard to use, with as many clients; for the import,
COPY of the same rows into the same tables; for the percentile, the page with few debts; for a schedule, as many dates of
Go's own calendar with their days of the week. Load, portal and database share the machine. Each figure is the median of %d rounds.`

// machine says on what was measured, and how.
func (b *bench) machine(ctx context.Context) (string, error) {
	conn, err := pgx.Connect(ctx, b.cluster.URL("postgres"))
	if err != nil {
		return "", err
	}
	defer conn.Close(ctx)
	var version string
	if err := conn.QueryRow(ctx, "SELECT split_part(version(), ' ', 2)").Scan(&version); err != nil {
		return "", err
	}
	return fmt.Sprintf("Measured by `make bench` on %s: %s, %d cores, %s of memory; PostgreSQL %s (fsync and synchronous_commit on), %s; "+
		"%d clients.\n\n"+explained, time.Now().UTC().Format(time.DateOnly), from("/proc/cpuinfo", "model name"), runtime.NumCPU(), memory(), version,
		runtime.Version(), b.clients, b.rounds), nil
}

// from finds the first value of a name in a file of "name: value" lines.
func from(file, name string) string {
	f, err := os.Open(file)
	if err != nil {
		return runtime.GOARCH
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if key, value, found := strings.Cut(lines.Text(), ":"); found && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}

func memory() string {
	kilobytes, err := strconv.Atoi(strings.TrimSuffix(from("/proc/meminfo", "MemTotal"), " kB"))
	if err != nil {
		return "an unknown amount"
	}
	return strconv.Itoa((kilobytes+1<<19)>>20) + " GB"
}

// Marks between which the figures stand in README.
const (
	beginMark = "<!-- figures: written by `make bench` -->"
	endMark   = "<!-- /figures -->"
)

// writeTable replaces what stands between the marks of a file.
func writeTable(name, text string) error {
	content, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	before, rest, begun := strings.Cut(string(content), beginMark)
	_, after, ended := strings.Cut(rest, endMark)
	if !begun || !ended {
		return fmt.Errorf("%s has no place for the figures: %s … %s", name, beginMark, endMark)
	}
	return os.WriteFile(name, []byte(before+beginMark+"\n"+text+endMark+after), 0o644)
}
