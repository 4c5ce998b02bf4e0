package main

import (
	_ "embed"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// asvs says how the portal stands to each item of Level 1 and 2 of OWASP's
// Application Security Verification Standard 5.0.0, one a line: its number,
// its level, what it asks for in our own few words, the verdict, the reason,
// and the evidence.
//
//go:embed asvs.tsv
var asvs string

// asvsLevels are the levels of the items of each section, in their order:
// "112" is a section of three, of which the last is of Level 2.
var asvsLevels = map[string]string{
	"1.1": "22", "1.2": "1111122223", "1.3": "112222222223", "1.4": "222", "1.5": "123",
	"2.1": "122", "2.2": "112", "2.3": "12223", "2.4": "23",
	"3.1": "3", "3.2": "113", "3.3": "12223", "3.4": "11222233", "3.5": "11122333", "3.6": "3", "3.7": "22333",
	"4.1": "12233", "4.2": "23333", "4.3": "22", "4.4": "1222",
	"5.1": "2", "5.2": "112333", "5.3": "113", "5.4": "222",
	"6.1": "122", "6.2": "111111112222", "6.3": "11223333", "6.4": "112233", "6.5": "22222333", "6.6": "2223", "6.7": "33", "6.8": "2222",
	"7.1": "222", "7.2": "1111", "7.3": "22", "7.4": "11222", "7.5": "223", "7.6": "22",
	"8.1": "1233", "8.2": "1123", "8.3": "133", "8.4": "23",
	"9.1": "111", "9.2": "1222",
	"10.1": "22", "10.2": "223", "10.3": "22223", "10.4": "1111122222233333", "10.5": "22222", "10.6": "22", "10.7": "222",
	"11.1": "2233", "11.2": "22233", "11.3": "11233", "11.4": "1222", "11.5": "23", "11.6": "23", "11.7": "33",
	"12.1": "12233", "12.2": "11", "12.3": "22223",
	"13.1": "2333", "13.2": "222223", "13.3": "2233", "13.4": "1222233",
	"14.1": "22", "14.2": "12223333", "14.3": "122",
	"15.1": "12233", "15.2": "12233", "15.3": "1222222", "15.4": "3333",
	"16.1": "2", "16.2": "22222", "16.3": "2222", "16.4": "222", "16.5": "2223",
	"17.1": "23", "17.2": "22223333", "17.3": "22",
}

// openIssues are the issues that an open item may wait for.
var openIssues = map[string]string{
	"#9":  "Closed doors, and the proof in half an hour",
	"#12": "Staff get in safely, and see only their own",
	"#14": "Steady: several machines, the day the database dies, and ten years of rows",
	"#17": "Connected in an afternoon, from the README alone",
}

// mostItems is how many items one test may stand for: a test that proves
// everything proves nothing.
const mostItems = 5

// The verdicts there are.
const (
	met           = "met"
	notApplicable = "not applicable"
	deviation     = "deviation" // not as the standard asks, for a reason that lasts
	open          = "open"      // its reason begins with the issue that it waits for
)

// item is one line of asvs.
type item struct{ id, level, asks, verdict, why, evidence string }

// kind and what are the two parts of an item's evidence: a "test" by its name,
// a "document" by its file and heading, or a "reading" of a file, which is
// somebody's word alone.
func (i item) kind() string { kind, _, _ := strings.Cut(i.evidence, " "); return kind }
func (i item) what() string { _, what, _ := strings.Cut(i.evidence, " "); return what }

// items reads the lines. One that has not six columns keeps only its id, which
// judgeASVS then finds fault with.
func items(tsv string) []item {
	var all []item
	for line := range strings.Lines(tsv) {
		c := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(c) != 6 {
			c = []string{c[0], "", "", "", "", ""}
		}
		all = append(all, item{c[0], c[1], c[2], c[3], c[4], c[5]})
	}
	return all
}

// judgeASVS lists what is wrong with the table: items that are missing, stand
// twice or in another level, verdicts without what they need, and evidence that
// is not there. tests are the names of all tests, and read gives a file's text.
func judgeASVS(all []item, tests map[string]bool, read func(path string) (string, error)) []string {
	var faults []string
	fault := func(id, why string) { faults = append(faults, id+": "+why) }
	wanted := numbers()
	carries := map[string]int{}
	for _, i := range all {
		if wanted[i.id] != i.level || i.level == "" {
			fault(i.id, "no item of this number and level is left")
		}
		delete(wanted, i.id)
		if why := i.fault(tests, read); why != "" {
			fault(i.id, why)
		}
		if i.kind() == "test" {
			carries[i.what()]++
		}
	}
	for _, id := range slices.Sorted(maps.Keys(wanted)) {
		fault(id, "it has no line")
	}
	for _, name := range slices.Sorted(maps.Keys(carries)) {
		if carries[name] > mostItems {
			fault(name, fmt.Sprintf("it stands for %d items; %d are the most", carries[name], mostItems))
		}
	}
	return faults
}

// numbers are the items of Level 1 and 2 with their levels.
func numbers() map[string]string {
	all := map[string]string{}
	for section, levels := range asvsLevels {
		for n, level := range levels {
			if level != '3' {
				all[fmt.Sprintf("%s.%d", section, n+1)] = string(level)
			}
		}
	}
	return all
}

// fault says what one line lacks; empty when it lacks nothing.
func (i item) fault(tests map[string]bool, read func(string) (string, error)) string {
	issue, _, _ := strings.Cut(strings.TrimRight(i.why, "."), " ")
	switch {
	case i.asks == "":
		return "it does not say what is asked, or has not six columns"
	case !slices.Contains([]string{met, notApplicable, deviation, open}, i.verdict):
		return "its verdict is " + i.verdict
	case i.verdict == met && i.evidence == "":
		return "it is met without evidence"
	case (i.verdict == notApplicable || i.verdict == deviation) && len(i.why) < 15:
		return "it gives no reason"
	case i.verdict == open && openIssues[strings.TrimRight(issue, ":;")] == "":
		return "it is open without an issue that is known"
	case i.evidence != "":
		return i.proof(tests, read)
	}
	return ""
}

// proof says what is wrong with the evidence; empty when it is there.
func (i item) proof(tests map[string]bool, read func(string) (string, error)) string {
	switch i.kind() {
	case "test":
		if !tests[i.what()] {
			return "there is no test " + i.what()
		}
	case "document":
		path, heading, _ := strings.Cut(i.what(), ": ")
		text, err := read(path)
		if err != nil || !strings.Contains(text, "# "+heading+"\n") {
			return "there is no heading " + i.what()
		}
	case "reading":
		if _, err := read(i.what()); err != nil {
			return "there is no file " + i.what()
		}
	default:
		return "its evidence is of no kind: " + i.evidence
	}
	return ""
}

// summarize counts verdicts and kinds of evidence, and lists what is not met.
func summarize(w io.Writer, all []item) {
	verdicts, kinds := map[string]int{}, map[string]int{}
	for _, i := range all {
		verdicts[i.verdict]++
		if i.verdict == met {
			kinds[i.kind()]++
		}
		if i.verdict == open || i.verdict == deviation {
			fmt.Fprintf(w, "%-7s %s: %s: %s\n", i.id, i.asks, i.verdict, i.why)
		}
	}
	fmt.Fprintf(w, "\nASVS 5.0.0, Levels 1 and 2: %d items: %d met (%d by a test, %d by a document, %d by reading alone), %d not applicable, %d deviations, %d open.\n",
		len(all), verdicts[met], kinds["test"], kinds["document"], kinds["reading"], verdicts[notApplicable], verdicts[deviation], verdicts[open])
}

// reportASVS writes the summary and fails on a table that is wrong.
func reportASVS(w io.Writer, root string) error {
	tests, err := testNames(root)
	if err != nil {
		return err
	}
	all := items(asvs)
	fmt.Fprintln(w)
	summarize(w, all)
	read := func(path string) (string, error) {
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(path)))
		return string(text), err
	}
	if faults := judgeASVS(all, tests, read); len(faults) > 0 {
		return fmt.Errorf("asvs.tsv is wrong:\n%s", strings.Join(faults, "\n"))
	}
	return nil
}

// testNames are the names of all tests in Go and the titles of those in the
// browser.
func testNames(root string) (map[string]bool, error) {
	names := map[string]bool{}
	err := eachTestFile(root, func(_, content string) {
		for line := range strings.Lines(content) {
			for _, pattern := range named {
				if m := pattern.FindStringSubmatch(line); m != nil {
					names[m[1]] = true
				}
			}
		}
	})
	return names, err
}
