package consumer

import (
	"time"

	"github.com/a-h/templ"

	"quittance/frontend/modelform"
	"quittance/frontend/pages"
	"quittance/frontend/paths"
	"quittance/plans/civil"
)

// paperIn is a validation notice in a language.
func (s sample) paperIn(lang string) *modelform.Document {
	d := modelform.Compose(s.kit.Book.Printer(lang), modelform.Facts{
		Collector: modelform.Party{Name: "Acme Services LLC", Lines: []string{"120 Main Street, Suite 400", "Springfield, OH 45501"}},
		Phone:     "(800) 555-0134", Hours: "Monday to Friday, 8 am to 8 pm Eastern", Site: "https://pay.acmeservices.example",
		Consumer:  modelform.Party{Name: "Ana Reyes", Lines: []string{"100 Maple Street", "Apartment 3", "Springfield, OH 45501"}},
		Reference: "A-1001-1", Kind: "medical", CreditorThen: "Mercy Clinic", CreditorNow: "Mercy Clinic", AccountEnding: "0593",
		ItemizationType: "last_statement", Itemized: civil.Date{Year: 2026, Month: time.March, Day: 31},
		Rows:     modelform.Itemization{Owed: 300_00, Interest: 32_17, Now: 332_17},
		Provided: civil.Date{Year: 2026, Month: time.November, Day: 12}, End: civil.Date{Year: 2026, Month: time.December, Day: 19},
	})
	return &d
}

func (s sample) validating() []pages.Example {
	notice := func(state, title string, change func(Base, *ValidationNotice)) pages.Example {
		return s.show("validation-notice", state, title, true, paths.DebtNotice("dbt_1"), func(b Base) templ.Component {
			p := ValidationNotice{
				Base: b, DebtID: "dbt_1", Creditor: "Mercy Clinic", Given: civil.Date{Year: 2026, Month: time.November, Day: 12}, Method: NoticeMailed,
				Period: NoticePeriod{End: civil.Date{Year: 2026, Month: time.December, Day: 19}, Running: true}, Paper: s.paperIn(b.Lang()),
			}
			change(b, &p)
			return p
		})
	}
	return []pages.Example{
		notice("running", "The notice, its period running", func(Base, *ValidationNotice) {}),
		notice("over", "The notice, its period over", func(_ Base, p *ValidationNotice) { p.Period.Running, p.Method = false, NoticeElectronic }),
		notice("other-language", "The notice in the other language", func(b Base, p *ValidationNotice) { p.Paper, p.Method = s.paperIn(b.OtherLang()), NoticeSaid }),
		notice("problem", "An answer without a box checked", func(b Base, p *ValidationNotice) { p.Problem = b.T(ProblemNoAnswer) }),
		notice("by-mail", "An answer with a check", func(_ Base, p *ValidationNotice) { p.ByMail = true }),
		notice("both", "Two things were asked for", func(_ Base, p *ValidationNotice) { p.Both = paths.DisputeAbout("dbt_1") }),
		notice("owed", "A notice that is still to come", func(_ Base, p *ValidationNotice) { p.Paper, p.Due = nil, soon }),
		notice("none", "No notice is known", func(_ Base, p *ValidationNotice) { p.Paper = nil }),
	}
}
