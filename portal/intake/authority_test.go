package intake

import (
	"fmt"
	"strings"
	"testing"

	"quittance/portal/debt"
)

func TestAMT04_ARowSaysWhatAllowsTheAddedAmounts(t *testing.T) {
	t.Parallel()
	row, refusal := checked(t, "interest_authority", "  statute: Minn. Stat. § 334.01 ", "fees_authority", "judgment")
	i := row.Debt.Itemization
	if refusal != nil || i.InterestAuthority != "statute: Minn. Stat. § 334.01" || i.FeesAuthority != "judgment" {
		t.Errorf("%+v, %v", i, refusal)
	}
	for value, code := range map[string]string{strings.Repeat("x", 65): "too_long", "a\x07b": "not_text"} {
		for _, name := range []string{"interest_authority", "fees_authority"} {
			if _, refusal := checked(t, name, value); len(refusal) != 1 || refusal[0].Column != name || refusal[0].Code != code {
				t.Errorf("%s %q: %v", name, value, refusal)
			}
		}
	}
}

func TestAMT04_AnOlderFileDoesNotTakeTheAuthorityBack(t *testing.T) {
	t.Parallel()
	m := newMemory()
	im := importer(m)
	take(t, im, csvOf(placed("balance_version", "3", "interest_authority", "")))
	take(t, im, csvOf(placed("balance_version", "4", "interest_authority", "judgment")))
	_, lines := take(t, im, csvOf(placed("balance_version", "3", "interest_authority", "")))
	if got := m.debts["D-1"].Itemization.InterestAuthority; got != "judgment" || lines[0].Outcome != Older {
		t.Errorf("%q, %+v", got, lines)
	}
	_, lines = take(t, im, csvOf(placed("balance_version", "4", "interest_authority", "agreement")))
	if got := m.debts["D-1"].Itemization.InterestAuthority; got != "judgment" || outcomes(lines) != "older balance_version:same_age_differs" {
		t.Errorf("of the same age: %q, %s", got, outcomes(lines))
	}
}

// TestAMT04_TheReportFlagsWhatIsNotAskedFor asks with each setting: the rows come
// in whatever they lack.
func TestAMT04_TheReportFlagsWhatIsNotAskedFor(t *testing.T) {
	t.Parallel()
	both := []string{"itemization_amount", "490.00", "interest_added", "12.17", "fees_added", "10.00", "interest_authority", ""}
	lacking := "new interest_authority:no_authority fees_authority:no_authority"
	for _, c := range []struct {
		about    string
		law      debt.Bars
		required bool
		row      []string
		want     string
		flagged  int
	}{
		{"nothing lacks", debt.Bars{}, true, nil, "new", 0},
		{"both are allowed", debt.Bars{}, true, append([]string{"fees_authority", "judgment"}, append(both[:6:6], "interest_authority", "agreement")...), "new", 0},
		{"nothing was added", debt.Bars{}, true, []string{"itemization_amount", "512.17", "interest_added", "0", "interest_authority", ""}, "new", 0},
		{"not required", debt.Bars{}, false, both, lacking, 1},
		{"required", debt.Bars{}, true, both, "new interest_added:left_out fees_added:left_out interest_authority:no_authority fees_authority:no_authority", 1},
		{"forbidden whatever allows it", debt.Bars{Interest: "US-XX-1"}, false, nil, "new interest_added:left_out", 1},
		{"the file was never asked", debt.Bars{}, false, append([]string{"status", "nonsense"}, both...), "refused status:unknown_value", 0},
	} {
		im := importer(newMemory())
		im.Count = func(home debt.Address, s debt.Statement) debt.Statement {
			if home.State != "DE" {
				t.Errorf("%s: asked of %q", c.about, home.State)
			}
			return s.Counted(c.law, c.required)
		}
		report, lines := take(t, im, csvOf(placed(c.row...)))
		if outcomes(lines) != c.want || report.Flagged != c.flagged {
			t.Errorf("%s: %s, %d flagged", c.about, outcomes(lines), report.Flagged)
		}
		again, lines := take(t, im, csvOf(placed(c.row...)))
		if want := strings.Replace(c.want, "new", "unchanged", 1); outcomes(lines) != want || again.Flagged != c.flagged {
			t.Errorf("%s, again: %s", c.about, outcomes(lines))
		}
		if c.law.Interest != "" && !strings.HasSuffix(lines[0].Faults[0].Sentence, "(US-XX-1)") {
			t.Errorf("%s: %s", c.about, fmt.Sprint(lines[0].Faults))
		}
	}
}
