package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"quittance/portal/store/pgcluster"
)

// script writes round trips as a pgbench script. Where a value holds one of
// the texts in vars, the variable of that name takes its place; every other
// value stays as the portal sent it. Statements that the portal sends together
// are sent together here too.
func script(prelude []string, trips []trip, vars map[string]string) string {
	var b strings.Builder
	for _, line := range prelude {
		b.WriteString(line + "\n")
	}
	for _, t := range trips {
		if len(t) > 1 {
			b.WriteString("\\startpipeline\n")
		}
		for _, s := range t {
			b.WriteString(s.script(vars) + ";\n")
		}
		if len(t) > 1 {
			b.WriteString("\\endpipeline\n")
		}
	}
	return b.String()
}

var placeholder = regexp.MustCompile(`\$\d+`)

func (s statement) script(vars map[string]string) string {
	return placeholder.ReplaceAllStringFunc(s.sql, func(mark string) string {
		n, err := strconv.Atoi(mark[1:])
		if err != nil || n < 1 || n > len(s.values) {
			return mark
		}
		return s.values[n-1].script(vars)
	})
}

func (v value) script(vars map[string]string) string {
	switch {
	case v.null:
		return "NULL"
	case !v.list:
		return expression(v.texts[0], vars)
	}
	parts := make([]string, len(v.texts))
	for i, t := range v.texts {
		parts[i] = expression(t, vars)
	}
	return "ARRAY[" + strings.Join(parts, ", ") + "]"
}

// expression is a text with variables in it: a literal, a parameter, or several
// of them joined.
func expression(text string, vars map[string]string) string {
	var parts []string
	for text != "" {
		at, found := len(text), ""
		for _, word := range slices.Sorted(maps.Keys(vars)) {
			if i := strings.Index(text, word); i >= 0 && i < at {
				at, found = i, word
			}
		}
		if at > 0 {
			parts = append(parts, quote(text[:at]))
		}
		if found != "" {
			parts = append(parts, ":"+vars[found])
		}
		text = text[at+len(found):]
	}
	switch len(parts) {
	case 0:
		return "''"
	case 1:
		return parts[0]
	}
	return "(" + strings.Join(parts, " || ") + ")"
}

// quote writes a literal. A colon would be read as the name of a variable.
func quote(text string) string {
	escaped := strings.NewReplacer(`\`, `\\`, "'", "''", ":", `\x3a`, "\n", `\n`).Replace(text)
	if strings.Contains(escaped, `\`) {
		return "E'" + escaped + "'"
	}
	return "'" + escaped + "'"
}

// ceiling runs scripts with pgbench.
type ceiling struct {
	cluster *pgcluster.Cluster
	url     string
	options string // the settings of the portal's own connections
	dir     string
}

// sessionOptions makes pgbench's connections like the portal's.
func sessionOptions(settings map[string]string) string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		switch name {
		case "user", "database", "application_name":
		default:
			all = append(all, "-c "+name+"="+strings.ReplaceAll(settings[name], " ", `\ `))
		}
	}
	return strings.Join(all, " ")
}

// run is one run of pgbench.
type run struct {
	name, script string
	clients      int
	each         int           // transactions of each client, or
	during       time.Duration // how long
	define       map[string]int
}

var (
	tpsLine    = regexp.MustCompile(`(?m)^tps = ([0-9.]+) `)
	failedLine = regexp.MustCompile(`(?m)^number of failed transactions: ([0-9]+)`)
)

// run runs the script; its unit is the transaction.
func (c *ceiling) run(ctx context.Context, r run) (outcome, error) {
	spent := serverTime(c.cluster.PID())
	rate, own, err := c.pgbench(ctx, r)
	if err != nil {
		return outcome{}, err
	}
	units := time.Duration(max(1, r.clients*r.each, int(rate*r.during.Seconds())))
	return outcome{rate: rate, own: own / units, server: (serverTime(c.cluster.PID()) - spent) / units}, nil
}

// pgbench returns transactions per second and the processor time of pgbench
// itself.
func (c *ceiling) pgbench(ctx context.Context, r run) (float64, time.Duration, error) {
	file := filepath.Join(c.dir, r.name+".sql")
	if err := os.WriteFile(file, []byte(r.script), 0o600); err != nil {
		return 0, 0, err
	}
	args := []string{"-n", "-M", "prepared", "-f", file, "-c", strconv.Itoa(r.clients), "-j", strconv.Itoa(min(2, r.clients))}
	if r.each > 0 {
		args = append(args, "-t", strconv.Itoa(r.each))
	} else {
		args = append(args, "-T", strconv.Itoa(max(1, int(r.during/time.Second))))
	}
	for name, v := range r.define {
		args = append(args, "-D", name+"="+strconv.Itoa(v))
	}
	cmd := exec.CommandContext(ctx, c.cluster.Program("pgbench"), append(args, c.url)...)
	cmd.Env = append(os.Environ(), "PGOPTIONS="+c.options)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return 0, 0, fmt.Errorf("pgbench of %s: %w\n%s", r.name, err, out)
	}
	if failed := failedLine.FindSubmatch(out); failed != nil && string(failed[1]) != "0" {
		return 0, 0, fmt.Errorf("pgbench of %s: %s transactions failed\n%s", r.name, failed[1], out)
	}
	found := tpsLine.FindSubmatch(out)
	if found == nil {
		return 0, 0, fmt.Errorf("pgbench of %s reports no rate:\n%s", r.name, out)
	}
	rate, err := strconv.ParseFloat(string(found[1]), 64)
	return rate, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), err
}
