package civil

import "testing"

func TestParseAcceptsOnlyRealDays(t *testing.T) {
	t.Parallel()
	for in, ok := range map[string]bool{"2026-11-22": true, "2024-02-29": true, "": true, "2026-02-29": false, "2026-13-01": false, "11/22/2026": false, "2026-11-22T00:00:00Z": false, "0000-00-00": false} {
		d, err := Parse(in)
		if (err == nil) != ok {
			t.Errorf("Parse(%q) = %v, %v", in, d, err)
		}
		if err == nil && d.String() != in {
			t.Errorf("Parse(%q) writes back %q", in, d)
		}
	}
}

func TestDaysAreCountedAcrossMonthsAndLeapYears(t *testing.T) {
	t.Parallel()
	d, err := New(2024, 2, 28)
	if err != nil {
		t.Fatal(err)
	}
	if got := d.AddDays(2).String(); got != "2024-03-01" {
		t.Errorf("two days after %s is %s", d, got)
	}
	if _, err := New(2023, 2, 29); err == nil {
		t.Error("29 February 2023 was accepted")
	}
	if !d.Before(d.AddDays(1)) || !d.AddDays(1).After(d) || d.Before(d) {
		t.Error("order of days is wrong")
	}
}
