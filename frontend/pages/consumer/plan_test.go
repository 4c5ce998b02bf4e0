package consumer_test

import (
	"strings"
	"testing"
	"time"

	"quittance/frontend/pages/consumer"
	"quittance/plans/civil"
)

func TestDIS09_NothingOfAPlanIsChosenBeforehand(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"plan-options/open", "plan-options/settlement", "plan-schedule/open", "plan-sign/bank", "plan-sign/hand",
		"plan-change/open", "plan-preview/move",
	} {
		page := find(t, name, "en")
		for _, kind := range []string{"input[checked]", "option[selected]"} {
			if n := len(page.Find(kind)); n > 0 {
				t.Errorf("%s has %d fields chosen beforehand", name, n)
			}
		}
	}
}

func TestDIS09_ThatSomethingIsWrongStandsBesideEveryOfferOfAPlan(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"plan-options/open", "plan-options/settlement", "plan/active", "plan-options/refused-time_barred"} {
		found := 0
		for _, door := range find(t, name, "en").Find(".door") {
			if door.Attrs["class"] != "door" {
				t.Errorf("%s: the door %q is not like the others", name, door.Text())
			}
			if door.Text() == "Something is wrong" {
				found++
			}
		}
		if found != 1 {
			t.Errorf("%s has %d doors to a dispute", name, found)
		}
	}
}

func TestREG02_TheAuthorizationOfAPlanNamesEveryTerm(t *testing.T) {
	t.Parallel()
	for name, account := range map[string]string{"plan-sign/bank": "Springfield Bank •••• 6789", "plan-sign/card": "Visa •••• 4242"} {
		text := find(t, name, "en").Find("#plan-text")[0].Text()
		for _, part := range []string{
			"Acme Services LLC", account, "December 4, 2026: $83.05", "March 4, 2027: $83.02", "There are 4 payments",
			"$332.17", "no interest and no fee", "(800) 555-0134", "until a payment is sent to my bank", "at least 3 business days",
			"on the same terms", "No payment is taken before its date",
			"tells me in writing, 3 to 10 business days ahead", "by email at m•••@example.com",
		} {
			if !strings.Contains(text, part) {
				t.Errorf("%s does not say %q", name, part)
			}
		}
	}
}

func TestREG02_WhatIsKeptOfAnAuthorizationIsWhatIsShown(t *testing.T) {
	t.Parallel()
	base := consumer.Base{Words: kit(t).Book.Printer("es"), Agency: consumer.Agency{LegalName: "Acme Services LLC", Phone: "(800) 555-0134"}}
	terms := consumer.PlanTerms{
		AgencyLegalName: "Acme Services LLC", Creditor: "Mercy Clinic", Total: 332_17,
		Lines: []consumer.PlanLine{{Date: civil.Date{Year: 2026, Month: time.December, Day: 4}, Amount: 332_17}},
	}
	text := consumer.PlanAuthorizationText(base, terms)
	if n := len(text.Lead) + len(text.Dates) + len(text.Rest); len(strings.Split(text.String(), "\n")) != n {
		t.Errorf("%d paragraphs are shown and kept as %q", n, text)
	}
	if !strings.Contains(text.String(), "4 de diciembre de 2026: $332.17") || strings.Contains(text.String(), "Autorizo") {
		t.Errorf("a plan by hand says %q", text)
	}
}

func TestREG06_TheWaysToPayAPlanAreAlike(t *testing.T) {
	t.Parallel()
	choices := find(t, "plan-schedule/open", "en").Find(".choice")
	if len(choices) != 3 {
		t.Fatalf("there are %d ways", len(choices))
	}
	for _, c := range choices {
		if c.Attrs["class"] != "choice" {
			t.Errorf("%q is not like the others", c.Text())
		}
	}
}

func TestREG05_StoppingAsksOnceAndKeepsNobody(t *testing.T) {
	t.Parallel()
	page := find(t, "plan-stop/automatic", "en")
	forms := page.Find(`form[action="/plans/pln_1/stop"]`)
	if len(forms) != 1 || len(forms[0].Find("button")) != 1 || len(page.Find("select")) > 0 {
		t.Fatal("stopping takes more than one press")
	}
	stop, keep := forms[0].Find("button")[0], forms[0].Find(`a[href="/plans/pln_1"]`)[0]
	if stop.Attrs["class"] != keep.Attrs["class"] {
		t.Errorf("%q and %q differ in weight", stop.Text(), keep.Text())
	}
}

func TestACalendarFileNamesNoDebtAndNoAmount(t *testing.T) {
	t.Parallel()
	file := string(consumer.PlanCalendar{
		Base:   consumer.Base{Words: kit(t).Book.Printer("es"), Agency: consumer.Agency{Name: "Acme, Peña & Compañía; Servicios de Atención al Público de Springfield"}},
		PlanID: "pln_1", Host: "pay.example", Revision: 2, Changed: time.Date(2026, 11, 20, 8, 30, 0, 0, time.FixedZone("", -5*3600)),
		Lines: []consumer.PlanLine{{Number: 3, Date: civil.Date{Year: 2026, Month: time.December, Day: 31}, Amount: 83_05}},
	}.File())
	for _, line := range strings.SplitAfter(file, "\r\n") {
		if len(line) > 77 || strings.Contains(strings.TrimSuffix(line, "\r\n"), "\n") {
			t.Errorf("the line %q is longer than 75 octets or does not end in CRLF", line)
		}
	}
	whole := strings.ReplaceAll(file, "\r\n ", "")
	for _, part := range []string{
		"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "UID:pln_1-3@pay.example\r\n", "DTSTAMP:20261120T133000Z\r\n", "SEQUENCE:2\r\n",
		"DTSTART;VALUE=DATE:20261231\r\n", "DTEND;VALUE=DATE:20270101\r\n",
		`SUMMARY:Pago a Acme\, Peña & Compañía\; Servicios de Atención al Público de Springfield` + "\r\n", "END:VCALENDAR\r\n",
	} {
		if !strings.Contains(whole, part) {
			t.Errorf("the file has no %q:\n%s", part, whole)
		}
	}
	if strings.Contains(whole, "83") {
		t.Error("the file names an amount")
	}
}

func TestABrokenPlanIsToldWithTheWayBack(t *testing.T) {
	t.Parallel()
	page := find(t, "plan/broken", "en")
	if len(page.Find(`a[href="/plans/pln_1/change"]`)) < 1 || !strings.Contains(page.Text(), "There is no fee.") {
		t.Error("there is no way back")
	}
}

func TestPDN03_TheNoticesOfAPlanComeByMailWhereThereIsNoEmail(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"plan-sign/mail": "in writing, by mail", "plan-sign/bank": "I agree to get these notices"} {
		text := find(t, name, "en").Find("#plan-text")[0].Text()
		if !strings.Contains(text, want) || strings.Contains(text, "@") != (name == "plan-sign/bank") {
			t.Errorf("%s says %q", name, text)
		}
	}
	if text := find(t, "plan-sign/hand", "en").Find("#plan-text")[0].Text(); strings.Contains(text, "email") {
		t.Errorf("a plan by hand says %q", text)
	}
}
