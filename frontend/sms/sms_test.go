package sms_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"quittance/frontend/locale"
	"quittance/frontend/sms"
)

const link = "https://pay.acmeservices.example/l/Zm9yZXZlcmFuZGFkYXk3"

func printers(t *testing.T) map[string]*locale.Printer {
	t.Helper()
	book, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	return map[string]*locale.Printer{"en": book.Printer("en"), "es": book.Printer("es")}
}

func TestSMS04_ALinkTextSaysNothingOfADebtAndHowToStop(t *testing.T) {
	t.Parallel()
	for lang, p := range printers(t) {
		text, err := sms.Link(p, "Acme Services", link)
		if err != nil {
			t.Fatalf("%s: %v", lang, err)
		}
		if regexp.MustCompile(`(?i)debt|owe|pay\b|balance|deuda|debe|pago|saldo|\$`).MatchString(strings.ReplaceAll(text, link, "")) {
			t.Errorf("%s: the text tells: %q", lang, text)
		}
		if !strings.Contains(text, link+" ") || !strings.Contains(text, "STOP") {
			t.Errorf("%s: no link that ends with a space, or no way to stop: %q", lang, text)
		}
	}
}

// TestSMS04_F6_ATextOfMoneySaysThatThereIsNewsAndNothingElse: no amount, no
// payment, no creditor.
func TestSMS04_F6_ATextOfMoneySaysThatThereIsNewsAndNothingElse(t *testing.T) {
	t.Parallel()
	for lang, p := range printers(t) {
		text, err := sms.News(p, "Acme Services", "https://pay.acmeservices.example/")
		if err != nil {
			t.Fatalf("%s: %v", lang, err)
		}
		said := strings.ReplaceAll(text, "https://pay.acmeservices.example/", "")
		if regexp.MustCompile(`(?i)debt|owe|pay|bank|card|balance|money|deuda|debe|pag|banco|tarjeta|saldo|dinero|\$|\d`).MatchString(said) {
			t.Errorf("%s: the text tells: %q", lang, text)
		}
		if !strings.Contains(text, "https://pay.acmeservices.example/ ") || !strings.Contains(text, "STOP") {
			t.Errorf("%s: no page that ends with a space, or no way to stop: %q", lang, text)
		}
	}
}

func TestCOM06_EveryTextSaysHowToStopButTheAnswerToAStop(t *testing.T) {
	t.Parallel()
	for lang, p := range printers(t) {
		for name, make := range map[string]func() (string, error){
			"help":        func() (string, error) { return sms.Help(p, "Acme Services", "(800) 555-0134") },
			"access":      func() (string, error) { return sms.Access(p, "Acme Services", "(800) 555-0134", false) },
			"access_code": func() (string, error) { return sms.Access(p, "Acme Services", "(800) 555-0134", true) },
			"changed":     func() (string, error) { return sms.Changed(p, "Acme Services", "(800) 555-0134") },
		} {
			if text, err := make(); err != nil || !strings.Contains(text, "STOP") {
				t.Errorf("%s, %s: %q, %v", lang, name, text, err)
			}
		}
		if text, _ := sms.Stopped(p); strings.ContainsAny(text, ":/0123456789") || strings.Contains(text, "STOP") {
			t.Errorf("COM-08 %s: the confirmation says more than that: %q", lang, text)
		}
	}
}

func TestACodeTextEndsWithTheHostItIsFor(t *testing.T) {
	t.Parallel()
	for lang, p := range printers(t) {
		text, err := sms.Code(p, "Acme Services", "pay.acmeservices.example", "123456")
		if err != nil {
			t.Fatalf("%s: %v", lang, err)
		}
		if !strings.HasSuffix(text, "\n@pay.acmeservices.example #123456") || !strings.Contains(text, "STOP") {
			t.Errorf("%s: %q", lang, text)
		}
	}
}

func TestEveryTextFitsOneMessageOrIsRefused(t *testing.T) {
	t.Parallel()
	for lang, p := range printers(t) {
		if _, err := sms.Stopped(p); err != nil {
			t.Errorf("%s: %v", lang, err)
		}
		if _, err := sms.Link(p, strings.Repeat("Acme ", 20), link); !errors.Is(err, sms.ErrTooLong) {
			t.Errorf("%s: a long name gave %v", lang, err)
		}
		if _, err := sms.Link(p, "Ácme", link); !errors.Is(err, sms.ErrAlphabet) {
			t.Errorf("%s: a letter outside the alphabet gave %v", lang, err)
		}
	}
}
