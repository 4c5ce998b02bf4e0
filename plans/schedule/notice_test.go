package schedule

import (
	"errors"
	"testing"

	"quittance/plans/civil"
)

// dueDates are the open days of the years 2025 to 2029.
func dueDates() []civil.Date {
	var all []civil.Date
	for d := Roll(day("2025-01-01")); d.Year < 2030; d = Roll(d.AddDays(1)) {
		all = append(all, d)
	}
	return all
}

func TestPDN02_NineRegFDaysIsAlwaysElevenToSeventeenCalendarDays(t *testing.T) {
	t.Parallel()
	seen := map[int]int{}
	for _, due := range dueDates() {
		on := NoticeOn(due)
		if n := civil.RegFDaysBetween(on, due); n != 9 || !civil.IsRegFDay(on) || !Timely(on, due) {
			t.Errorf("the notice of %s goes out on %s, %d Reg F days before", due, on, n)
		}
		seen[civil.DaysBetween(on, due)]++
	}
	for days := range seen {
		if days < 11 || days > 17 {
			t.Errorf("%d notices go out %d calendar days before", seen[days], days)
		}
	}
	if seen[11] == 0 || seen[17] == 0 {
		t.Errorf("the bounds are not sharp: %v", seen)
	}
}

func TestPDN01_TheWindowIsTenToThreeRegFDays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why, on string
		timely  bool
	}{
		{"eleven before", "2026-11-16", false},
		{"the weekend before the tenth", "2026-11-15", false},
		{"ten before", "2026-11-17", true},
		{"the weekend between", "2026-11-21", true},
		{"three before", "2026-11-27", true},
		{"the weekend after the third", "2026-11-28", false},
		{"two before", "2026-11-30", false},
		{"the day itself", "2026-12-02", false},
		{"after it", "2026-12-03", false},
	} {
		if got := Timely(day(c.on), day("2026-12-02")); got != c.timely {
			t.Errorf("%s (%s): timely is %v", c.why, c.on, got)
		}
	}
}

func TestPDN02_ANoticeIsLaterElseWithTheAgreementElseTheDateMoves(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why, agreed, due string
		kind             NoticeKind
		on               string
	}{
		{"the same day", "2026-11-16", "2026-11-16", NoticeNone, ""},
		{"a day that is past", "2026-11-16", "2026-11-13", NoticeNone, ""},
		{"five calendar days", "2026-11-13", "2026-11-18", NoticeNone, ""},
		{"six calendar days", "2026-11-12", "2026-11-18", NoticeAtCreation, "2026-11-12"},
		{"nine Reg F days: today is the day of the notice", "2026-11-02", "2026-11-16", NoticeAtCreation, "2026-11-02"},
		{"on the Sunday before the day of the notice", "2026-11-01", "2026-11-16", NoticeLater, "2026-11-02"},
		{"a month ahead", "2026-11-16", "2026-12-16", NoticeLater, "2026-12-03"},
	} {
		got, err := NoticeFor(day(c.agreed), day(c.due))
		if err != nil || got != (NoticePlan{On: day(c.on), Kind: c.kind}) {
			t.Errorf("%s: %+v, %v", c.why, got, err)
		}
	}
	agreed, due := day("2026-11-12"), day("2026-11-18")
	if got, err := noticeFor(agreed, due, agreed.AddDays(-5), agreed.AddDays(-1)); !errors.Is(err, ErrTooLateForNotice) || got != (NoticePlan{}) {
		t.Errorf("fewer than three Reg F days: %+v, %v", got, err)
	}
}

func TestPDN01_EveryNoticeOf2025To2029IsOwedOnlyBeyondFiveDaysAndThenLawful(t *testing.T) {
	t.Parallel()
	for _, due := range dueDates() {
		for out := 0; out <= 30; out++ {
			agreed := due.AddDays(-out)
			got, err := NoticeFor(agreed, due)
			if err != nil || (got.Kind == NoticeNone) != (out <= 5) {
				t.Fatalf("agreed %s, due %s: %+v, %v", agreed, due, got, err)
			}
			if got.Kind != NoticeNone && (!Timely(got.On, due) || got.On.Before(agreed)) {
				t.Fatalf("agreed %s, due %s: the notice of %s is not lawful", agreed, due, got.On)
			}
		}
	}
}

func TestPDN01_TheEarliestDateWithANoticeIsLawfulAndNoneBeforeItIs(t *testing.T) {
	t.Parallel()
	for today := day("2025-01-01"); today.Year < 2030; today = today.AddDays(1) {
		earliest := EarliestWithNotice(today)
		sent := today
		for !civil.IsRegFDay(sent) {
			sent = sent.AddDays(1)
		}
		if !Timely(sent, earliest) || !Timely(today, earliest) {
			t.Errorf("from %s: a notice of %s is not lawful for %s", today, sent, earliest)
		}
		for d := Roll(today); d.Before(earliest); d = Roll(d.AddDays(1)) {
			if Timely(today, d) {
				t.Errorf("from %s: %s is lawful and earlier than %s", today, d, earliest)
			}
		}
	}
}
