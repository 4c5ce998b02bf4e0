package mail_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
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

const site = "https://pay.acme.example/"

// preview is how many characters of an email a phone shows unopened at most.
const preview = 140

var (
	day    = civil.Date{Year: 2026, Month: 12, Day: 15}
	charge = mail.ChargeWords{Amount: 10000, On: day, Method: "Test Bank •••• 6789", URL: site}
)

// turns are all that becomes of money, and of plans.
var (
	turns = []mail.Turn{mail.Paid, mail.Sent, mail.Cleared, mail.Returned, mail.ChargedBack, mail.Failed, mail.Refunded, mail.Held, mail.Counted, mail.Again}
	ends  = []mail.PlanTurn{mail.PlanLess, mail.PlanLater, mail.PlanEnded, mail.PlanCard}
)

// templates are all emails that there are, and what the law takes each for.
var templates = map[string]struct {
	kind  mail.Kind
	write func(p *locale.Printer) []mail.Message
}{
	"Link": {mail.Attempt, func(p *locale.Printer) []mail.Message {
		return []mail.Message{mail.Link(p, from(), site+"l/x", []string{"river", "lamp", "seven"})}
	}},
	"Code": {mail.Attempt, func(p *locale.Printer) []mail.Message {
		return []mail.Message{mail.Code(p, from(), "pay.acme.example", "123456")}
	}},
	"Waiting": {mail.Attempt, func(p *locale.Printer) []mail.Message { return []mail.Message{mail.Waiting(p, from(), site)} }},
	"Changed": {mail.Attempt, func(p *locale.Printer) []mail.Message {
		return []mail.Message{mail.Changed(p, from(), "phone"), mail.Changed(p, from(), "email"), mail.Changed(p, from(), "address")}
	}},
	"Access": {mail.Attempt, func(p *locale.Printer) []mail.Message {
		return []mail.Message{mail.Access(p, from(), true), mail.Access(p, from(), false)}
	}},
	"Letter": {mail.Communication, func(p *locale.Printer) []mail.Message { return []mail.Message{mail.Letter(p, from(), site)} }},
	"Charge": {mail.Communication, func(p *locale.Printer) []mail.Message { return []mail.Message{mail.Charge(p, from(), charge)} }},
	"PutOff": {mail.Communication, func(p *locale.Printer) []mail.Message { return []mail.Message{mail.PutOff(p, from(), charge)} }},
	"Money": {mail.Communication, func(p *locale.Printer) (all []mail.Message) {
		for _, method := range []mail.MethodWords{{Card: true, Last4: "4242"}, {Card: true}, {Last4: "6789"}, {}} {
			for _, turn := range turns {
				all = append(all, mail.Money(p, from(), mail.MoneyWords{
					Reference: "PAY-7KQ2M9XD", Moves: []mail.Moved{{Turn: turn, Amount: 10000, On: day}}, ClearsBy: day, Method: method, URL: site,
				}))
			}
		}
		return all
	}},
	"Overpaid": {mail.Communication, func(p *locale.Printer) []mail.Message {
		return []mail.Message{mail.Overpaid(p, from(), mail.OverpaidWords{Amount: 10000, On: day, URL: site})}
	}},
	"Plan": {mail.Communication, func(p *locale.Printer) (all []mail.Message) {
		for _, turn := range ends {
			all = append(all, mail.Plan(p, from(), mail.PlanMoved{Reference: "PLN-7KQ2M9XD", Turn: turn, Next: 2500, On: day, CardEnds: day, URL: site}),
				mail.Plan(p, from(), mail.PlanMoved{Reference: "PLN-7KQ2M9XD", Turn: turn, CardEnds: day, URL: site}))
		}
		return all
	}},
}

// owing are words that tell of a debt, and amounts, which do too.
var (
	owing  = regexp.MustCompile(`(?i)\b(debts?|owed?|balance|collect\w*|deudas?|debe|saldo|cobr\w*)\b`)
	amount = regexp.MustCompile(`\$\d`)
)

// each writes every email in every language.
func each(t *testing.T, check func(t *testing.T, p *locale.Printer, kind mail.Kind, m mail.Message)) {
	t.Helper()
	book, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	for name, of := range templates {
		for _, lang := range locale.Languages() {
			t.Run(name+"/"+lang, func(t *testing.T) {
				p := book.Printer(lang)
				for _, m := range of.write(p) {
					check(t, p, of.kind, m)
				}
			})
		}
	}
}

// TestDSC02_DSC04_F6_WhatIsAboutMoneySaysWhomItIsFromAndAnAttemptNothing holds the
// kind of each email: a communication says in its body, once and in its language,
// that it is from a debt collector; its subject and what a phone shows of it
// unopened name no debt and no amount. An attempt names none anywhere.
func TestDSC02_DSC04_F6_WhatIsAboutMoneySaysWhomItIsFromAndAnAttemptNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, p *locale.Printer, kind mail.Kind, m mail.Message) {
		t.Helper()
		if m.Kind != kind {
			t.Errorf("it is an %q", m.Kind)
		}
		shown := m.Subject + "\n" + string([]rune(m.Text)[:preview])
		if kind == mail.Attempt {
			shown = m.Subject + "\n" + m.Text
		}
		for _, telling := range []*regexp.Regexp{owing, amount} {
			if word := telling.FindString(shown); word != "" {
				t.Errorf("unopened it says %q: %s", word, shown)
			}
		}
		want := map[mail.Kind]int{mail.Communication: 1}[kind]
		if got := strings.Count(m.Text, p.T("legal.debt_collector")); got != want {
			t.Errorf("it says %d times whom it is from, want %d: %s", got, want, m.Text)
		}
	})
}

// TestDSC02_F6_NoEmailIsOfNoKind reads the sources: whatever writes an email stands
// in the table above.
func TestDSC02_F6_NoEmailIsOfNoKind(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, file := range files {
		source, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range source.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || !f.Name.IsExported() || f.Type.Results == nil || len(f.Type.Results.List) != 1 {
				continue
			}
			if of, named := f.Type.Results.List[0].Type.(*ast.Ident); !named || of.Name != "Message" {
				continue
			}
			found++
			if _, listed := templates[f.Name.Name]; !listed {
				t.Errorf("nobody says whether %s is an attempt or a communication", f.Name.Name)
			}
		}
	}
	if found != len(templates) {
		t.Errorf("%d emails were found, %d are listed", found, len(templates))
	}
}

// TestCOM06_EachEmailSaysHowToStopAndWhoWrites also holds STA-03: the license
// number stands in each.
func TestCOM06_EachEmailSaysHowToStopAndWhoWrites(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ *locale.Printer, _ mail.Kind, m mail.Message) {
		t.Helper()
		for _, part := range []string{from().StopURL, from().Phone, "California 10123-99", "Springfield, OH 45501"} {
			if !strings.Contains(m.Text, part) {
				t.Errorf("the email does not say %q", part)
			}
		}
		if strings.Contains(m.Subject+m.Text, "[") || strings.Contains(m.Subject+m.Text, "<no value>") {
			t.Errorf("a word is missing in %q", m.Text)
		}
	})
}
