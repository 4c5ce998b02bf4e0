package money

import (
	"errors"
	"slices"
	"testing"
)

func TestParseReadsWhatPeopleAndFilesWrite(t *testing.T) {
	t.Parallel()
	good := map[string]Cents{
		"482.17": 48217, "$1,234.50": 123450, "15": 1500, " $ 7.5 ": 750, "0.01": 1, "0": 0,
		"000012.00": 1200, "100000000.00": Max, "1,000,000": 100000000,
	}
	for in, want := range good {
		if got, err := Parse(in); err != nil || got != want {
			t.Errorf("Parse(%q) = %d, %v; want %d", in, got, err, want)
		}
	}
}

func TestParseRefusesWhatIsNotAnAmount(t *testing.T) {
	t.Parallel()
	bad := map[string]error{
		"": ErrNotAnAmount, "-5": ErrNotAnAmount, "+5": ErrNotAnAmount, "1e3": ErrNotAnAmount, "1.2.3": ErrNotAnAmount,
		"12.": ErrNotAnAmount, ".50": ErrNotAnAmount, "1,5": ErrNotAnAmount, ",500": ErrNotAnAmount, "twelve": ErrNotAnAmount,
		"$": ErrNotAnAmount, "5\x00": ErrNotAnAmount, "٣": ErrNotAnAmount, "NaN": ErrNotAnAmount, "0x10": ErrNotAnAmount,
		"1.005": ErrFraction, "0.001": ErrFraction,
		"100000000.01": ErrTooLarge, "99999999999999999999": ErrTooLarge, "9223372036854775808": ErrTooLarge,
	}
	for in, want := range bad {
		if got, err := Parse(in); !errors.Is(err, want) {
			t.Errorf("Parse(%q) = %d, %v; want %v", in, got, err, want)
		}
	}
}

// TestE2_G10_ACommaIsThePointWhereItCanBeNothingElse holds what the pages read.
// The page's own script reads the same (frontend/e2e/journeys/amounts.spec.js).
func TestE2_G10_ACommaIsThePointWhereItCanBeNothingElse(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]Cents{
		"12,50": 12_50, "0,99": 99, " $ 25,50 ": 25_50, "1250,50": 1250_50, "1,250": 1250_00, "1,250.50": 1250_50, "482.17": 482_17, "15": 15_00, "7.5": 7_50,
	} {
		if got, err := Typed(typed); err != nil || got != want {
			t.Errorf("Typed(%q) = %d, %v; want %d", typed, got, err, want)
		}
	}
	for typed, want := range map[string]error{
		"12,5": ErrComma, "1,0": ErrComma, "4,82.17": ErrComma, "1.250,50": ErrComma, "1,250,50": ErrComma, "12,": ErrComma, "1,2345": ErrComma,
		",50": ErrNotAnAmount, "twelve, fifty": ErrNotAnAmount, "-12,50": ErrNotAnAmount, "": ErrNotAnAmount, "1.005": ErrFraction, "999999999,99": ErrTooLarge,
	} {
		if got, err := Typed(typed); !errors.Is(err, want) {
			t.Errorf("Typed(%q) = %d, %v; want %v", typed, got, err, want)
		}
	}
	if _, err := Parse("12,50"); !errors.Is(err, ErrNotAnAmount) {
		t.Errorf("a file's 12,50 is read: %v", err)
	}
}

func TestStringIsHowPeopleWriteDollars(t *testing.T) {
	t.Parallel()
	for c, want := range map[Cents]string{0: "$0.00", 5: "$0.05", 48217: "$482.17", 123456789: "$1,234,567.89", 100000: "$1,000.00", -5: "-$0.05", -9223372036854775808: "-$92,233,720,368,547,758.08"} {
		if got := c.String(); got != want {
			t.Errorf("Cents(%d) = %s; want %s", int64(c), got, want)
		}
	}
}

func FuzzParseRoundTrips(f *testing.F) {
	for _, s := range []string{"482.17", "$1,234.50", "-1", "1e9", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := Parse(s)
		if err != nil {
			return
		}
		if c < 0 || c > Max {
			t.Fatalf("Parse(%q) = %d is out of range", s, c)
		}
		for _, written := range []string{c.String(), c.Decimal()} {
			if again, err := Parse(written); err != nil || again != c {
				t.Fatalf("Parse(%q) = %d, %v; want %d", written, again, err, c)
			}
		}
	})
}

func FuzzSplitSumsExactly(f *testing.F) {
	f.Add(int64(1000), 3)
	f.Add(int64(-7), 2)
	f.Fuzz(func(t *testing.T, amount int64, n int) {
		if n < 1 || n > 1000 {
			return
		}
		shares := Split(Cents(amount), n)
		var sum Cents
		for _, share := range shares {
			sum += share
		}
		if sum != Cents(amount) {
			t.Fatalf("Split(%d, %d) does not sum", amount, n)
		}
		if d := shares[0] - shares[n-1]; d > 1 || d < -1 {
			t.Fatalf("Split(%d, %d) differs by %d", amount, n, d)
		}
	})
}

func TestDecimalIsHowFilesWriteDollars(t *testing.T) {
	t.Parallel()
	for c, want := range map[Cents]string{0: "0.00", 5: "0.05", 123456789: "1234567.89", -5: "-0.05"} {
		if got := c.Decimal(); got != want {
			t.Errorf("Cents(%d) = %s; want %s", int64(c), got, want)
		}
	}
}

func TestSplitPartsWithTheLargerSharesFirst(t *testing.T) {
	t.Parallel()
	for n, want := range map[int][]Cents{3: {34, 33, 33}, 1: {100}, 0: nil, -1: nil} {
		if got := Split(100, n); !slices.Equal(got, want) {
			t.Errorf("Split(100, %d) = %v; want %v", n, got, want)
		}
	}
	if got := Split(-7, 2); !slices.Equal(got, []Cents{-4, -3}) {
		t.Errorf("Split(-7, 2) = %v", got)
	}
}
