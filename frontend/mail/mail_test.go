package mail_test

import (
	"regexp"
	"strings"
	"testing"

	"quittance/frontend/locale"
	"quittance/frontend/mail"
	"quittance/plans/civil"
)

func from() mail.Sender {
	return mail.Sender{
		Agency: "Acme Services LLC", AddressLines: []string{"120 Main Street", "Springfield, OH 45501"},
		Phone: "(800) 555-0134", Licenses: []string{"California 10123-99"}, StopURL: "https://pay.acme.example/stop/1",
	}
}

// TestDSC04_AnEmailSaysNothingOfADebtAndHowToStop also holds STA-03: the license
// number stands in each.
func TestDSC04_AnEmailSaysNothingOfADebtAndHowToStop(t *testing.T) {
	t.Parallel()
	book, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range locale.Languages() {
		p := book.Printer(lang)
		for _, m := range []mail.Message{
			mail.Link(p, from(), "https://pay.acme.example/l/x", []string{"river", "lamp", "seven"}),
			mail.Waiting(p, from(), "https://pay.acme.example/"), mail.Changed(p, from(), "phone"), mail.Changed(p, from(), "email"), mail.Changed(p, from(), "address"),
			mail.Code(p, from(), "pay.acme.example", "123456"),
			mail.Charge(p, from(), mail.ChargeWords{Amount: 10000, On: civil.Date{Year: 2026, Month: 12, Day: 15}, Method: "Test Bank •••• 6789", URL: "https://pay.acme.example/"}),
			mail.PutOff(p, from(), mail.ChargeWords{Amount: 10000, On: civil.Date{Year: 2026, Month: 12, Day: 15}, URL: "https://pay.acme.example/"}),
		} {
			all := m.Subject + "\n" + m.Text
			if word := regexp.MustCompile(`(?i)\b(debts?|owe|balance|collect\w*|deudas?|saldo|cobr\w*)\b`).FindString(all); word != "" {
				t.Errorf("%s: the email says %q", lang, word)
			}
			for _, part := range []string{from().StopURL, from().Phone, "California 10123-99", "Springfield, OH 45501"} {
				if !strings.Contains(m.Text, part) {
					t.Errorf("%s: the email does not say %q", lang, part)
				}
			}
			if strings.Contains(all, "[") {
				t.Errorf("%s: a word is missing in %q", lang, all)
			}
		}
	}
}
