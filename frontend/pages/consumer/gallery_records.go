package consumer

import (
	"time"

	"github.com/a-h/templ"

	"quittance/frontend/pages"
	"quittance/frontend/paths"
	"quittance/plans/civil"
)

func (s sample) records() []pages.Example {
	page := func(state, title string, change func(Base, *Records)) pages.Example {
		return s.show("records", state, title, true, paths.Records, func(b Base) templ.Component {
			p := Records{Base: b, Years: 3}
			change(b, &p)
			return p
		})
	}
	seen := func(state, title string, change func(*RecordsSeen)) pages.Example {
		return s.show("records-seen", state, title, true, paths.RecordsSeen(12), func(b Base) templ.Component {
			p := RecordsSeen{Base: b, At: time.Date(2026, time.November, 20, 20, 41, 0, 0, time.UTC), What: PageWords(b, "debt"),
				Page: "<!doctype html><html lang=\"" + b.Lang() + "\"><title>Mercy Clinic</title><h1>Mercy Clinic</h1><p>$332.17</p></html>"}
			change(&p)
			return p
		})
	}
	return []pages.Example{
		page("much", "Much is kept", func(b Base, p *Records) { p.Lists = everyRecord(b) }),
		page("nothing", "Nothing yet but who they are", func(Base, *Records) {}),
		page("paid-off", "Paid, with the day on which it is erased", func(b Base, p *Records) {
			p.Until, p.Lists = civil.Date{Year: 2029, Month: time.November, Day: 21}, everyRecord(b)[2:4]
		}),
		page("case", "A legal case wants it kept", func(_ Base, p *Records) { p.Case = true }),
		page("wait", "Taken often enough for now", func(b Base, p *Records) { p.Wait, p.Lists = true, everyRecord(b)[:1] }),
		seen("page", "A page as it was seen", func(*RecordsSeen) {}),
		seen("erased", "A page that was erased", func(p *RecordsSeen) { p.Page, p.Erased = "", true }),
	}
}

func everyRecord(b Base) []RecordList {
	one := func(what, path string) []Record { return []Record{{On: today, What: what, Path: path}} }
	return []RecordList{
		{Kind: RecordNotices, Records: one("Mercy Clinic", paths.DebtNotice("dbt_1"))},
		{Kind: RecordSigned, Records: one("PLN-7KQ2M9XD", paths.PlanPaper("pln_1", 1))},
		{Kind: RecordReceipts, Records: one("PAY-7KQ2M9XD, $150.00", paths.Receipt("PAY-7KQ2M9XD")), More: true},
		{Kind: RecordLetters, Records: one("PLN-7KQ2M9XD", paths.PlanLetter("pln_1"))},
		{Kind: RecordDisputes, Records: one("DSP-7KQ2M9XD", paths.Sent("DSP-7KQ2M9XD"))},
		{Kind: RecordMessages, Records: []Record{
			{On: today, What: MessageWords(b, "charge", "email"), Text: "Acme Services\n\n$50.00"}, {On: today, What: MessageWords(b, "link", "sms")},
		}},
		{Kind: RecordConsents, Records: []Record{{On: today, What: SaidWords(b, "email")}, {On: today, What: SaidWords(b, "withdrawn")}}},
		{Kind: RecordSeen, Records: one(PageWords(b, "debt"), paths.RecordsSeen(12))},
	}
}
