package locale_test

import (
	"testing"
	"time"

	"quittance/frontend/locale"
	"quittance/payments/money"
	"quittance/plans/civil"
)

func book(t *testing.T) *locale.Book {
	t.Helper()
	b, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDaysAreWrittenAsPeopleSayThem(t *testing.T) {
	t.Parallel()
	d := civil.Date{Year: 2026, Month: time.December, Day: 4}
	en, es := book(t).Printer("en"), book(t).Printer("es")
	for _, c := range []struct{ got, want string }{
		{en.Day(d), "Friday, December 4"},
		{es.Day(d), "viernes, 4 de diciembre"},
		{en.Date(d), "December 4, 2026"},
		{es.Date(d), "4 de diciembre de 2026"},
		{en.Date(civil.Date{}), ""},
		{es.Day(civil.Date{}), ""},
		{en.Time(time.Date(2026, time.December, 4, 20, 41, 0, 0, time.UTC)), "December 4, 2026, 8:41 pm"},
		{es.Time(time.Date(2026, time.December, 4, 0, 5, 0, 0, time.UTC)), "4 de diciembre de 2026, 12:05 a. m."},
		{es.Month(time.March), "marzo"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestWordsTakeAmountsAndDays(t *testing.T) {
	t.Parallel()
	p := book(t).Printer("en")
	got := p.T("review.pay", "amount", money.Cents(150_00))
	if want := "Pay $150.00 now"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	got = p.T("debt.as_of", "date", civil.Date{Year: 2026, Month: time.November, Day: 20})
	if want := "as of November 20, 2026"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestPluralsFollowTheCount(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lang string
		n    int
		want string
	}{
		{"en", 1, "You can try again after 1 minute."},
		{"en", 2, "You can try again after 2 minutes."},
		{"es", 1, "Puede intentar otra vez en 1 minuto."},
		{"es", 15, "Puede intentar otra vez en 15 minutos."},
	} {
		if got := book(t).Printer(c.lang).T("verify.wait", "n", c.n); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestAMissingKeyShowsItselfAndBreaksNothing(t *testing.T) {
	t.Parallel()
	if got := book(t).Printer("en").T("no.such"); got != "[no.such]" {
		t.Errorf("got %q", got)
	}
}

func TestTheBrowsersLanguageIsUnderstood(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"":                           "en",
		"es-MX,es;q=0.9,en;q=0.8":    "es",
		"en-US,en;q=0.9,es;q=0.5":    "en",
		"fr-CA,es;q=0.7":             "es",
		"de":                         "en",
		";;;broken":                  "en",
		"es-419;q=0.9, en-GB;q=0.95": "en",
	} {
		if got := locale.Match(header); got != want {
			t.Errorf("%q: got %q, want %q", header, got, want)
		}
	}
}

func TestAnUnknownLanguageIsEnglish(t *testing.T) {
	t.Parallel()
	if got := book(t).Printer("xx").Lang(); got != "en" {
		t.Errorf("got %q", got)
	}
}
