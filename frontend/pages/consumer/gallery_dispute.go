package consumer

import (
	"time"

	"github.com/a-h/templ"

	"quittance/frontend/pages"
	"quittance/frontend/paths"
	"quittance/plans/civil"
)

func (s sample) disputing() []pages.Example {
	form := func(state, title string, change func(Base, *DisputeForm)) pages.Example {
		return s.show("dispute-form", state, title, true, paths.DisputeAbout("dbt_1"), func(b Base) templ.Component {
			p := DisputeForm{
				Base: b, DebtID: "dbt_1", Creditor: "Mercy Clinic", What: "Care in 2022", Total: 332_17, Draft: "",
				ItemizedOn: civil.Date{Year: 2025, Month: time.March, Day: 31},
				Lines:      []DisputeLine{{Name: "owed", Amount: 300_00}, {Name: "interest", Amount: 32_17}},
			}
			change(b, &p)
			return p
		})
	}
	review := func(state, title string, change func(*DisputeReview)) pages.Example {
		return s.show("dispute-check", state, title, true, paths.DisputeCheck("drd_1"), func(b Base) templ.Component {
			p := DisputeReview{
				Base: b, DebtID: "dbt_1", Draft: "drd_1", Creditor: "Mercy Clinic", What: "Care in 2022",
				Reasons: []DisputeReason{WrongAmount, WrongPaid}, Scope: ScopeWhole, Disputed: 332_17, AnswerBy: answer,
			}
			change(&p)
			return p
		})
	}
	return []pages.Example{
		s.show("dispute-which", "two", "Which debt is wrong?", true, paths.Wrong, func(b Base) templ.Component {
			return DisputeWhich{Base: b, Debts: []AccountDebt{clinic(), water()}}
		}),
		s.show("dispute-which", "ask", "Whom to ask about", true, paths.Ask, func(b Base) templ.Component {
			return DisputeWhich{Base: b, Debts: []AccountDebt{clinic(), water()}, Ask: true}
		}),
		s.show("dispute-which", "none", "Nothing to dispute", true, paths.Wrong, func(b Base) templ.Component { return DisputeWhich{Base: b} }),
		form("empty", "What is wrong?", func(Base, *DisputeForm) {}),
		form("filled", "Everything said, two files taken", func(_ Base, p *DisputeForm) {
			p.Reasons = map[DisputeReason]bool{WrongAmount: true, WrongPaid: true, WrongCoerced: true}
			p.Scope, p.Lines[1].Checked = ScopeLines, true
			p.PaidOn, p.PaidTo, p.Safe = Input{Value: "2025-02-14"}, Input{Value: "Mercy Clinic, at the desk"}, Input{Value: "Only by email"}
			p.Story, p.Draft = Input{Value: "I paid at the desk. Here is the slip."}, "drd_1"
			p.Files = []DisputeFile{{ID: "fil_1", Name: "slip.jpg", Open: true}, {ID: "fil_2", Name: "letter.pdf", Open: true}}
		}),
		form("problems", "Things to put right, good files kept", func(b Base, p *DisputeForm) {
			p.ReasonsProblem, p.Reasons = b.T(ProblemDisputeReasons), map[DisputeReason]bool{WrongOther: true}
			p.Story, p.PaidOn = Input{"", b.T(ProblemDisputeWords)}, Input{"2027-01-01", b.T(ProblemDisputeFuture)}
			p.Scope, p.LinesProblem, p.Amount = ScopeLines, b.T(ProblemDisputeLines), Input{"9000", b.T(ProblemDisputeMuch, "max", p.Total)}
			p.Draft, p.Files = "drd_1", []DisputeFile{{ID: "fil_1", Name: "slip.jpg", Open: true}}
			p.FileProblems = []string{b.T(ProblemDisputeFileSize, "name", "video.mp4"), b.T(ProblemDisputeFileType, "name", "page.pdf")}
		}),
		review("whole", "Check and send", func(*DisputeReview) {}),
		review("part", "A part, with words and files, a plan runs", func(p *DisputeReview) {
			p.Scope, p.Disputed, p.Autopay = ScopeLines, 32_17, true
			p.PaidOn, p.PaidTo, p.Story, p.Safe = civil.Date{Year: 2025, Month: time.February, Day: 14}, "Mercy Clinic", "I paid at the desk.", "Only by email"
			p.Files = []DisputeFile{{ID: "fil_1", Name: "slip.jpg"}, {ID: "fil_2", Name: "letter.pdf"}}
		}),
		review("moved", "The amount changed meanwhile", func(p *DisputeReview) { p.Problem = p.T(ProblemDisputeMoved) }),
		s.show("dispute-ask", "empty", "Ask who it was first owed to", true, paths.Ask, func(b Base) templ.Component {
			return AskCreditor{Base: b, DebtID: "dbt_1", Creditor: "Mercy Clinic", What: "Care in 2022", Once: "once"}
		}),
		s.show("complaint", "empty", "A complaint", true, paths.Complain, func(b Base) templ.Component { return ComplaintForm{Base: b, Once: "once"} }),
		s.show("complaint", "problem", "A complaint without words", true, paths.Complain, func(b Base) templ.Component {
			return ComplaintForm{Base: b, Once: "once", Story: Input{"", b.T(ProblemDisputeWords)}}
		}),
	}
}

func (s sample) disputes() []pages.Example {
	dispute := func(state, title string, change func(Base, *Dispute)) pages.Example {
		return s.show("dispute", state, title, true, paths.Sent("DSP-7KQ2M9XD"), func(b Base) templ.Component {
			p := Dispute{
				Base: b, Reference: "DSP-7KQ2M9XD", DebtID: "dbt_1", Creditor: "Mercy Clinic", Kind: KindDispute, State: DisputeOpen, Whole: true,
				Disputed: 332_17, SentAt: time.Date(2026, time.November, 20, 15, 4, 0, 0, time.UTC), AnswerBy: answer,
			}
			change(b, &p)
			return p
		})
	}
	ended := func(state DisputeState, change func(*Dispute)) func(Base, *Dispute) {
		return func(_ Base, p *Dispute) {
			p.State, p.AnsweredOn = state, soon
			change(p)
		}
	}
	return []pages.Example{
		dispute("open", "The receipt", func(_ Base, p *Dispute) {
			p.Files = []DisputeFile{{ID: "fil_1", Name: "slip.jpg", Open: true}, {ID: "fil_2", Name: "scan.pdf"}}
		}),
		dispute("part", "A part of the amount", func(_ Base, p *Dispute) { p.Whole, p.Disputed = false, 32_17 }),
		dispute("stolen", "Somebody used the name", func(_ Base, p *Dispute) { p.Stolen = true }),
		dispute("coerced", "With a quick way out", func(_ Base, p *Dispute) { p.Coerced = true }),
		dispute("files-problem", "A file that was not taken", func(b Base, p *Dispute) {
			p.FileProblems = []string{
				b.T(ProblemDisputeFileEmpty, "name", "scan.pdf"), b.T(ProblemDisputeFileHEIC, "name", "IMG_0042.HEIC"),
				b.T(ProblemDisputeFilePixels, "name", "poster.png"), b.T(ProblemDisputeFileBroken, "name", "old.jpg"),
				b.T(ProblemDisputeFileActive, "name", "form.pdf"), b.T(ProblemDisputeFileLocked, "name", "statement.pdf"),
			}
		}),
		dispute("held", "A payment was on its way, and is held", func(_ Base, p *Dispute) {
			p.Payments = []HeldPayment{
				{PaymentID: "pay_1", Reference: "PAY-7KQ2M9XD", Amount: 50_00},
				{PaymentID: "pay_2", Reference: "PAY-9XD7KQ2M", Amount: 20_00},
				{PaymentID: "pay_3", Reference: "PAY-2M9XD7KQ", Amount: 10_00, Returned: true, ReturnOn: soon.AddDays(60)},
				{PaymentID: "pay_4", Reference: "PAY-M9XD7KQ2", Amount: 30_00, Returned: true},
			}
		}),
		dispute("verified", "Answered by mail, a plan waits", ended(DisputeVerified, func(p *Dispute) {
			p.ByMail, p.Plan = true, "pln_1"
			p.Files = []DisputeFile{{ID: "fil_9", Name: "V-2201.pdf", Ours: true, Open: true}}
		})),
		dispute("again", "Answered before", ended(DisputeAgain, func(p *Dispute) { p.ByMail = true })),
		dispute("withdrawn", "Taken back by the consumer", ended(DisputeWithdrawn, func(*Dispute) {})),
		dispute("withdrawable", "It can be taken back", func(_ Base, p *Dispute) { p.CanWithdraw = true }),
		s.show("dispute-withdraw", "ask", "Once more before it is taken back", true, paths.Withdraw("DSP-7KQ2M9XD"), func(b Base) templ.Component {
			return DisputeWithdraw{Base: b, Reference: "DSP-7KQ2M9XD", Creditor: "Mercy Clinic"}
		}),
		s.show("dispute-withdraw", "problem", "The box was not ticked", true, paths.Withdraw("DSP-7KQ2M9XD"), func(b Base) templ.Component {
			return DisputeWithdraw{Base: b, Reference: "DSP-7KQ2M9XD", Creditor: "Mercy Clinic", Problem: b.T(ProblemWithdraw)}
		}),
		s.show("dispute-withdraw", "asked", "A question that is taken back", true, paths.Withdraw("OCR-7KQ2M9XD"), func(b Base) templ.Component {
			return DisputeWithdraw{Base: b, Reference: "OCR-7KQ2M9XD", Creditor: "Mercy Clinic", Asked: true}
		}),
		dispute("favor", "Settled as the consumer said", ended(DisputeFavor, func(*Dispute) {})),
		dispute("ask-open", "A question for the original creditor", func(_ Base, p *Dispute) { p.Kind, p.Reference = KindAsk, "OCR-7KQ2M9XD" }),
		dispute("ask-answered", "The original creditor", ended(DisputeNamed, func(p *Dispute) { p.Kind, p.FirstOwedTo = KindAsk, "Mercy Clinic of Springfield" })),
		dispute("complaint-open", "A complaint", func(_ Base, p *Dispute) { p.Kind, p.Creditor, p.DebtID = KindComplaint, "", "" }),
		dispute("complaint-replied", "A reply", ended(DisputeReplied, func(p *Dispute) { p.Kind, p.Creditor, p.DebtID, p.ByMail = KindComplaint, "", "", true })),
	}
}
