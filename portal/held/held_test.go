package held

import (
	"testing"
	"time"

	"quittance/plans/civil"
)

// TestAMT07_HeldMoneyHasADayByWhichItIsDecidedOrGone: somebody decides in the days
// that the agency set; what goes back goes when no bank can take it back; and what
// the processor was told is there in its time. Days are the agency's.
func TestAMT07_HeldMoneyHasADayByWhichItIsDecidedOrGone(t *testing.T) {
	t.Parallel()
	came := time.Date(2026, time.December, 1, 2, 0, 0, 0, time.UTC) // still November in Ohio
	ohio := time.FixedZone("Ohio", -5*60*60)
	s := &Service{Zone: ohio, Days: 7}
	waits := Money{At: came, ReversibleUntil: came.AddDate(0, 0, 60)}
	back, final, asked := waits, waits, waits
	back.SentBackBy, back.SentBackAt = Consumer, came.AddDate(0, 0, 3)
	final.SentBackBy, final.SentBackAt = "stf_1", came.AddDate(0, 0, 70)
	asked.SentBackBy, asked.SentBackAt, asked.AskedAt = "stf_1", came.AddDate(0, 0, 3), came.AddDate(0, 0, 4)
	for name, c := range map[string]struct {
		m    Money
		want civil.Date
	}{
		"undecided":                       {waits, civil.Date{Year: 2026, Month: time.December, Day: 7}},
		"goes back once it is final":      {back, civil.Date{Year: 2027, Month: time.January, Day: 29}},
		"goes back, and is final by then": {final, civil.Date{Year: 2027, Month: time.February, Day: 8}},
		"the processor was told":          {asked, civil.Date{Year: 2026, Month: time.December, Day: 18}},
	} {
		if got := s.Due(c.m); got != c.want {
			t.Errorf("%s: due on %s, want %s", name, got, c.want)
		}
	}
}
