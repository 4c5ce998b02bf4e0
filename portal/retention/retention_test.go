package retention

import (
	"testing"
	"time"
)

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 12, 0, 0, 0, time.UTC) }

func TestREC01_TheLongestDutyDecidesUntilWhenAnAccountIsKept(t *testing.T) {
	t.Parallel()
	last := day(2020, time.March, 1)
	for name, tt := range map[string]struct {
		facts Facts
		want  time.Time // zero: never
	}{
		"three years after the last activity":               {Facts{LastActivity: last, State: "OH"}, day(2023, time.March, 1)},
		"ACH-04: two years after an earlier mandate":        {Facts{LastActivity: last, State: "OH", MandateEnd: day(2020, time.January, 1)}, day(2023, time.March, 1)},
		"ACH-04: two years after a later mandate":           {Facts{LastActivity: last, State: "OH", MandateEnd: day(2022, time.June, 1)}, day(2024, time.June, 1)},
		"six years of a medical debt":                       {Facts{LastActivity: last, State: "OH", Medical: true}, day(2026, time.March, 1)},
		"a state that keeps longer":                         {Facts{LastActivity: last, State: "CA", StateYears: 4}, day(2024, time.March, 1)},
		"GEN-03: no known state":                            {Facts{LastActivity: last}, day(2026, time.March, 1)},
		"a leap day":                                        {Facts{LastActivity: day(2020, time.February, 29), State: "OH"}, day(2023, time.March, 1)},
		"the years of the Washington pack over federal law": {Facts{LastActivity: last, State: "WA", StateYears: 4}, day(2024, time.March, 1)},
		"a legal hold":                                      {Facts{LastActivity: last, State: "OH", LegalHold: true}, time.Time{}},
		"still collected":                                   {Facts{LastActivity: last, State: "OH", Open: true}, time.Time{}},
		"nothing is known":                                  {Facts{State: "OH"}, time.Time{}},
	} {
		got, may := Until(tt.facts)
		if !got.Equal(tt.want) || may == tt.want.IsZero() {
			t.Errorf("%s: %s, %v", name, got, may)
		}
	}
}
