// Command rules lists each rule of law and of the industry with the tests that
// carry its id in their name or in the sentence above them. With -missing it
// lists only the rules that no test carries yet. Then it says how the portal
// stands to OWASP ASVS. It exits with 1 while a rule that speaks of behavior has
// no test.
package main

import (
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// table is one rule a line: its id, a tab, what it is about.
//
//go:embed rules.tsv
var table string

// elsewhere is what no program can keep, one rule a line: its id, a tab, and
// why it is paper, a contract or an operator's duty.
//
//go:embed elsewhere.tsv
var elsewhere string

var (
	goTest      = regexp.MustCompile(`^func ((?:Test|Fuzz)\w*)\(`)
	browserTest = regexp.MustCompile("^\\s*test\\(\\s*['\"`](.*?)['\"`],")
	named       = []*regexp.Regexp{goTest, browserTest}
	ruleID      = regexp.MustCompile(`\b([A-Z]{3}|A11)-?(\d{2})(?:\b|_)`)
	inName      = regexp.MustCompile(`(?:Test|Fuzz|_)((?:[A-Z]{3}|A11_?)\d{2})`)
	// caseName is the name of a case in a table: an id and words after it.
	caseName = regexp.MustCompile("[\"`]((?:[A-Z]{3}|A11)-?\\d{2}[ _:][^\"`]+)[\"`]")
)

func main() {
	missing := flag.Bool("missing", false, "list only rules without a test")
	flag.Parse()
	if err := run(os.Stdout, ".", *missing); err != nil {
		fmt.Fprintln(os.Stderr, "rules:", err)
		os.Exit(1)
	}
}

var errUntested = errors.New("a rule that speaks of behavior has no test")

func run(w io.Writer, root string, missing bool) error {
	tests, err := collect(root)
	if err != nil {
		return err
	}
	if err := report(w, tests, missing); err != nil {
		return err
	}
	return reportASVS(w, root)
}

// report writes each rule with what carries it and how many there are of each
// kind; errUntested while one that should have a test has none.
func report(w io.Writer, tests map[string][]string, missing bool) error {
	reasons := rows(elsewhere)
	covered, paper, without := 0, 0, 0
	for _, r := range lines(table) {
		carried := tests[r.id]
		reason, exempt := reasons[r.id]
		switch {
		case len(carried) > 0:
			covered++
		case exempt:
			paper++
		default:
			without++
		}
		if missing && (len(carried) > 0 || exempt) {
			continue
		}
		fmt.Fprintf(w, "%-7s %s\n", r.id, r.text)
		for _, t := range carried {
			fmt.Fprintf(w, "        %s\n", t)
		}
		if len(carried) == 0 && exempt {
			fmt.Fprintf(w, "        not the portal's to keep: %s\n", reason)
		}
	}
	fmt.Fprintf(w, "\n%d rules: %d have a test that carries their id, %d are paper, contracts or operators' duties, %d have no test.\n",
		covered+paper+without, covered, paper, without)
	if without > 0 {
		return fmt.Errorf("%w (%d of them)", errUntested, without)
	}
	return nil
}

type row struct{ id, text string }

func lines(tsv string) []row {
	var all []row
	for line := range strings.Lines(tsv) {
		id, text, _ := strings.Cut(strings.TrimSpace(line), "\t")
		all = append(all, row{id, text})
	}
	return all
}

func rows(tsv string) map[string]string {
	all := map[string]string{}
	for _, r := range lines(tsv) {
		all[r.id] = r.text
	}
	return all
}

// collect maps each rule id to the tests that carry it.
func collect(root string) (map[string][]string, error) {
	found := map[string][]string{}
	err := eachTestFile(root, func(path, content string) {
		for id, tests := range carried(path, content) {
			found[id] = append(found[id], tests...)
		}
	})
	for id := range found {
		slices.Sort(found[id])
		found[id] = slices.Compact(found[id])
	}
	return found, err
}

// eachTestFile hands over each file of tests, but for those of this command,
// whose names are examples.
func eachTestFile(root string, see func(path, content string)) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(root, path)
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git" || filepath.ToSlash(rel) == "cmd/rules"):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, "_test.go") && !strings.HasSuffix(path, ".spec.js"):
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		see(path, string(content))
		return nil
	})
}

// carried finds the rule ids in the names of tests, in the comment right above
// each, and in the names of the cases of a table within it.
func carried(path, content string) map[string][]string {
	found, comment, within := map[string][]string{}, "", ""
	for line := range strings.Lines(content) {
		if text, ok := strings.CutPrefix(strings.TrimSpace(line), "//"); ok {
			comment += text
			continue
		}
		name := ""
		if m := goTest.FindStringSubmatch(line); m != nil {
			name = m[1]
		} else if m := browserTest.FindStringSubmatch(line); m != nil {
			name = m[1]
		}
		if name != "" {
			within = name
			for _, id := range ids(name, comment) {
				found[id] = append(found[id], path+": "+name)
			}
		} else if m := caseName.FindStringSubmatch(line); m != nil && within != "" && strings.HasSuffix(path, ".go") {
			for _, id := range ids(m[1], "") {
				found[id] = append(found[id], path+": "+within+"/"+m[1])
			}
		}
		comment = ""
	}
	return found
}

func ids(name, comment string) []string {
	var all []string
	for _, m := range inName.FindAllStringSubmatch("_"+name, -1) {
		all = append(all, m[1][:3]+"-"+strings.TrimPrefix(m[1][3:], "_"))
	}
	for _, m := range ruleID.FindAllStringSubmatch(name+" "+comment, -1) {
		all = append(all, m[1]+"-"+m[2])
	}
	slices.Sort(all)
	return slices.Compact(all)
}
