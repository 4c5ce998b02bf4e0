package web

import (
	"errors"
	"strings"
	"testing"
)

func TestAFormKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	form, err := parseForm("code=K7Q2-9MXD-4F+&note=a%26b%0Ac")
	if err != nil {
		t.Fatal(err)
	}
	if form.Text("code") != "K7Q2-9MXD-4F" || form.Typed("code") != "K7Q2-9MXD-4F " || form.Typed("note") != "a&b\nc" {
		t.Errorf("got %q", form)
	}
	if form.Has("other") || !form.Has("code") {
		t.Error("Has does not tell which fields came")
	}
}

func TestBytesThatNobodyTypesAreMarkedSoThatNoFieldAcceptsThem(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{"zip=454%0001", "zip=454%FF01", "zip=454%1B01", "zip=454%7F01"} {
		form, err := parseForm(typed)
		if err != nil {
			t.Fatal(err)
		}
		if got := form.Text("zip"); got != "454\uFFFD01" {
			t.Errorf("%s became %q", typed, got)
		}
	}
}

func TestAFormThatNoPageSendsIsRefused(t *testing.T) {
	t.Parallel()
	bad := map[string]string{
		"a field twice":          "amount=1&amount=100",
		"a field twice hidden":   "amount=1&am%6Funt=100",
		"a broken escape":        "amount=%zz",
		"a field without name":   "=1",
		"an endless field":       "amount=" + strings.Repeat("1", maxFieldBytes+1),
		"too many fields":        strings.Repeat("a=1&", 1100),
		"a name that is no text": "a%FF=1",
	}
	for name, body := range bad {
		if _, err := parseForm(body); !errors.Is(err, ErrBadForm) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func FuzzNoFormBreaksTheParser(f *testing.F) {
	f.Add("a=1&b=%00")
	f.Add("a=%F0%9F%92%A9&&==")
	f.Fuzz(func(t *testing.T, body string) {
		form, err := parseForm(body)
		if err != nil {
			return
		}
		for name, value := range form.values {
			if strings.ContainsRune(value, 0) || name == "" {
				t.Fatalf("%q let %q=%q in", body, name, value)
			}
		}
	})
}
