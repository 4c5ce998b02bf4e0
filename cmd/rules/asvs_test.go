package main

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
)

// TestEachItemOfASVSHasALineAndEvidenceThatIsThere holds the table to the
// checkout: the run of `make rules` is this test.
func TestEachItemOfASVSHasALineAndEvidenceThatIsThere(t *testing.T) {
	t.Parallel()
	if n := len(numbers()); n != 253 {
		t.Fatalf("Levels 1 and 2 have 253 items; the list has %d", n)
	}
	var out bytes.Buffer
	if err := reportASVS(&out, "../.."); err != nil {
		t.Error(err)
	}
	if !strings.Contains(out.String(), "253 items") {
		t.Error(out.String())
	}
}

func TestATableOfASVSThatIsWrongIsFoundOut(t *testing.T) {
	t.Parallel()
	tests := map[string]bool{"TestA": true, "what a browser does": true}
	read := func(path string) (string, error) {
		if path != "SECURITY.md" {
			return "", errors.New("no such file")
		}
		return "# Security\n## Sessions\nwords\n", nil
	}
	for line, want := range map[string]string{
		"1.1.1\t2\tasks\tmet\t\ttest TestA":                                  "",
		"1.1.1\t2\tasks\tmet\t\ttest what a browser does":                    "",
		"1.1.1\t2\tasks\tmet\t\tdocument SECURITY.md: Sessions":              "",
		"1.1.1\t2\tasks\tmet\t\treading SECURITY.md":                         "",
		"1.1.1\t2\tasks\topen\t#12: passwords\t":                             "",
		"1.1.1\t2\tasks\topen\t#12\t":                                        "",
		"1.1.1\t2\tasks\tnot applicable\tthere is no such thing\t":           "",
		"1.1.1\t2\tasks\tdeviation\tfor a reason that lasts\ttest TestA":     "",
		"1.1.1\t1\tasks\tmet\t\ttest TestA":                                  "1.1.1: no item of this number and level is left",
		"1.2.10\t3\tasks\tmet\t\ttest TestA":                                 "1.2.10: no item of this number and level is left",
		"1.1.1\t2\tasks\tmet\t\ttest TestB":                                  "1.1.1: there is no test TestB",
		"1.1.1\t2\tasks\tmet\t\tdocument SECURITY.md: Logs":                  "1.1.1: there is no heading SECURITY.md: Logs",
		"1.1.1\t2\tasks\tmet\t\treading elsewhere.go":                        "1.1.1: there is no file elsewhere.go",
		"1.1.1\t2\tasks\tmet\t\thearsay":                                     "1.1.1: its evidence is of no kind: hearsay",
		"1.1.1\t2\tasks\tmet\t\t":                                            "1.1.1: it is met without evidence",
		"1.1.1\t2\tasks\tnearly\t\ttest TestA":                               "1.1.1: its verdict is nearly",
		"1.1.1\t2\tasks\tdeviation\t\ttest TestA":                            "1.1.1: it gives no reason",
		"1.1.1\t2\tasks\tnot applicable\t\t":                                 "1.1.1: it gives no reason",
		"1.1.1\t2\tasks\topen\tsome day\t":                                   "1.1.1: it is open without an issue that is known",
		"1.1.1\t2\tasks\topen\t#1: of another house\t":                       "1.1.1: it is open without an issue that is known",
		"1.1.1\t2\tasks\tmet\ttest TestA":                                    "1.1.1: it does not say what is asked, or has not six columns",
		"1.1.1\t2\ta\tmet\t\ttest TestA\n1.1.1\t2\ta\tmet\t\ttest TestA":     "1.1.1: no item of this number and level is left",
		strings.Repeat("1.1.1\t2\ta\tmet\t\ttest TestA\n", 6):                "TestA: it stands for 6 items; 5 are the most",
		strings.ReplaceAll("1.1.2\t2\ta\tmet\t\ttest TestA\n", "1.1.2", "9"): "1.1.1: it has no line",
	} {
		faults := judgeASVS(items(line), tests, read)
		ofItem := slices.DeleteFunc(slices.Clone(faults), func(f string) bool { return strings.HasSuffix(f, "it has no line") })
		if want == "" && len(ofItem) > 0 || want != "" && !slices.Contains(faults, want) {
			t.Errorf("%q: want %q, got %q", line, want, ofItem)
		}
	}
}

func TestTheSummaryCountsVerdictsAndListsWhatIsNotMet(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	summarize(&out, items("1.1.1\t2\ta\tmet\t\ttest T\n1.1.2\t2\tb\topen\t#12: later\t\n1.2.1\t1\tc\tdeviation\tfor a reason\ttest T\n"))
	for _, want := range []string{"1.1.2   b: open: #12: later", "1.2.1   c: deviation: for a reason", "3 items: 1 met (1 by a test, 0 by a document, 0 by reading alone), 0 not applicable, 1 deviations, 1 open."} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in %s", want, out.String())
		}
	}
}
