package consumer

import (
	"github.com/a-h/templ"

	"quittance/frontend/pages"
	"quittance/frontend/paths"
	"quittance/payments/money"
	"quittance/plans/civil"
)

// half is a plan of which half is done, with something of everything.
func half() []PlanLine {
	all := lines4()
	all[0].State, all[0].Movable = LinePaid, false
	all[1].State, all[1].Movable = LineOnWay, false
	all[2].From = all[2].Date.AddDays(-7)
	return all
}

func (s sample) planExample(state, title string, change func(*Plan)) pages.Example {
	return s.show("plan", state, title, true, paths.Plan("pln_1"), func(b Base) templ.Component {
		p := Plan{
			Base: b, ID: "pln_1", Reference: "PLN-7KQ2M9XD", DebtID: "dbt_1", Creditor: "Mercy Clinic", Kind: PlanInstallments,
			Status: PlanActive, Rhythm: RhythmMonthly, Method: account, Total: 332_17, Left: 332_17, Lines: lines4(),
			Running: true, CanPay: true, Ahead: true, Version: 1,
		}
		p.Next = &p.Lines[0]
		change(&p)
		return p
	})
}

func (s sample) planRunning() []pages.Example {
	halfway := func(p *Plan) {
		p.Lines, p.Paid, p.Left, p.Version = half(), 83_05, 249_12, 2
		p.Next = &p.Lines[2]
	}
	paused := func(r PlanReason) func(*Plan) {
		return func(p *Plan) {
			halfway(p)
			p.Status, p.Reason = PlanPaused, r
			if r == PlanByYou {
				p.ResumeOn = civil.Date{Year: 2027, Month: 1, Day: 15}
			}
		}
	}
	canceled := func(r PlanReason) func(*Plan) {
		return func(p *Plan) {
			p.Status, p.Reason, p.Running, p.Next, p.Lines = PlanCanceled, r, false, nil, half()[:1]
			p.Paid, p.Left, p.Owed = 83_05, 0, 249_12
			if r == PlanDebtGone || r == PlanOnHold {
				p.Owed, p.CanPay = 0, false
			}
		}
	}
	completed := func(p *Plan) {
		p.Status, p.Running, p.Next, p.CanPay, p.Paid, p.Left = PlanCompleted, false, nil, false, 332_17, 0
		for i := range p.Lines {
			p.Lines[i].State = LinePaid
		}
	}
	return []pages.Example{
		s.planExample("made", "Just set up", func(p *Plan) { p.Fresh = true }),
		s.planExample("hand", "Paid by hand", func(p *Plan) { p.Method = MethodView{} }),
		s.planExample("active", "Half done", halfway),
		s.planExample("card-ends", "Its card ends soon", func(p *Plan) {
			halfway(p)
			p.Method, p.CardEnds = card, civil.Date{Year: 2027, Month: 1, Day: 31}
		}),
		s.planExample("card-over", "Its card has ended", func(p *Plan) {
			halfway(p)
			p.Method, p.CardEnds, p.CardOver = card, civil.Date{Year: 2026, Month: 10, Day: 31}, true
		}),
		s.planExample("late", "The day of the next one is past", func(p *Plan) {
			halfway(p)
			late := p.Lines[2]
			late.Late, p.Next = true, &late
		}),
		s.planExample("failed", "One did not work", func(p *Plan) {
			halfway(p)
			p.Lines[1].State, p.Lines[1].Reason, p.Lines[1].Retry = LineFailed, ReasonFunds, true
			p.Next = &p.Lines[1]
		}),
		s.planExample("missed", "One was not paid", func(p *Plan) {
			p.Method = MethodView{}
			p.Lines[0].State = LineMissed
		}),
		s.planExample("long", "A long plan", func(p *Plan) {
			p.Lines, p.Total, p.Left, p.Rhythm = weeks(48, 25_09), 1_204_32, 1_204_32, RhythmWeekly
			p.Next = &p.Lines[0]
		}),
		s.planExample("settlement", "A settlement", func(p *Plan) {
			p.Kind, p.Lines, p.Total, p.Left, p.Forgiven = PlanSettlement, weeks(3, 77_51), 232_53, 232_53, 99_64
		}),
		s.planExample("waits", "One is not taken yet", func(p *Plan) { p.Lines[0].State = LineWaits }),
		s.planExample("coming", "Another account is checked", func(p *Plan) {
			p.Coming, p.VerifyURL = account, "/gallery/verify"
		}),
		s.planExample("coming-bank", "The bank asks about another card", func(p *Plan) {
			p.Coming, p.VerifyURL, p.BankAsks = card, "/gallery/verify", true
		}),
		s.planExample("coming-paused", "Another account is checked, on a break", func(p *Plan) {
			paused(PlanMethodFailed)(p)
			p.Coming, p.VerifyURL = account, "/gallery/verify"
		}),
		s.planExample("not-taken", "Another account could not be checked", func(p *Plan) { p.NotTaken = account }),
		s.planExample("awaiting", "The bank account is checked first", func(p *Plan) {
			p.Status, p.VerifyURL = PlanAwaiting, "/gallery/stripe.js"
		}),
		s.planExample("awaiting-bank", "The card's bank asks first", func(p *Plan) {
			p.Status, p.VerifyURL, p.BankAsks, p.Method = PlanAwaiting, "/gallery/stripe.js", true, card
		}),
		s.planExample("paused", "A break", paused(PlanByYou)),
		s.planExample("paused-method", "The method cannot be used", paused(PlanMethodFailed)),
		s.planExample("paused-needs-you", "The bank wants a yes each time", paused(PlanNeedsYou)),
		s.planExample("paused-stop-order", "A stop order at the bank", paused(PlanStopOrder)),
		s.planExample("paused-disputed", "A dispute is open", func(p *Plan) {
			paused(PlanDisputed)(p)
			p.CanPay = false
		}),
		s.planExample("paused-hold", "On hold", paused(PlanOnHold)),
		s.planExample("broken", "Too many missed", func(p *Plan) {
			p.Status, p.Reason, p.Owed, p.Lines[0].State, p.Lines[1].State = PlanBroken, PlanMissed, 332_17, LineMissed, LineMissed
		}),
		s.planExample("broken-disputed", "Too many missed, and a dispute is open", func(p *Plan) {
			p.Status, p.Reason, p.CanPay, p.Lines[0].State, p.Lines[1].State = PlanBroken, PlanMissed, false, LineMissed, LineMissed
		}),
		s.planExample("broken-settlement", "Too many missed of a settlement", func(p *Plan) {
			p.Kind, p.Lines, p.Total, p.Paid, p.Left, p.Forgiven, p.Owed = PlanSettlement, weeks(3, 77_51), 232_53, 77_51, 155_02, 99_64, 254_66
			p.Status, p.Reason, p.Lines[0].State, p.Lines[1].State, p.Lines[2].State = PlanBroken, PlanMissed, LinePaid, LineMissed, LineMissed
		}),
		s.planExample("completed", "Paid", completed),
		s.planExample("completed-settled", "Settled", func(p *Plan) {
			p.Kind, p.Forgiven = PlanSettlement, 99_65
			completed(p)
		}),
		s.planExample("completed-provisional", "Settled, and a bank may still take it back", func(p *Plan) {
			p.Kind, p.Forgiven, p.Provisional = PlanSettlement, 99_65, today.AddDays(60)
			completed(p)
		}),
		s.planExample("completed-gone", "Paid elsewhere", func(p *Plan) {
			completed(p)
			p.Reason = PlanDebtGone
		}),
		s.planExample("canceled", "Stopped by the consumer", canceled(PlanByYou)),
		s.planExample("canceled-gone", "Stopped: recalled", canceled(PlanDebtGone)),
		s.planExample("canceled-held", "Stopped: recalled, and one that was on its way is held", func(p *Plan) {
			canceled(PlanDebtGone)(p)
			p.Lines = half()[:2]
			p.Lines[1].State = LineHeld
		}),
		s.planExample("canceled-method", "Stopped: the bank took one back", canceled(PlanMethodFailed)),
		s.planExample("canceled-verify", "Stopped: never verified", canceled(PlanVerifyFailed)),
		s.planExample("canceled-other", "Stopped for another reason", canceled(PlanOnHold)),
	}
}

// planPaying asks what a payment by hand is to a plan.
func (s sample) planPaying() []pages.Example {
	pay := func(state, title string, edit func(Base, *PlanPay)) pages.Example {
		return s.show("plan-pay", state, title, true, paths.PlanPay("pln_1"), func(b Base) templ.Component {
			p := PlanPay{
				Base: b, PlanID: "pln_1", Creditor: "Mercy Clinic", Next: lines4()[0], Most: 249_12, Saved: account,
				BankClears: soon, Other: true, Once: "K3W7QX5M2NPD4RTVB6HYJ8FGC9",
			}
			edit(b, &p)
			return p
		})
	}
	return []pages.Example{
		pay("open", "In place of the next one, or extra", func(Base, *PlanPay) {}),
		pay("last", "The last one, by a card that may be any", func(_ Base, p *PlanPay) {
			p.Most, p.Saved, p.CreditCards, p.Choice, p.Method = 0, card, true, PlanInstead, MethodSaved
		}),
		pay("other", "Without what the plan uses", func(_ Base, p *PlanPay) { p.Saved = MethodView{} }),
		pay("nothing-chosen", "Nothing was chosen", func(b Base, p *PlanPay) {
			p.ChoiceProblem, p.MethodProblem = b.T(ProblemPlanPart), b.T(ProblemMethod)
		}),
		pay("too-much", "More than is left", func(b Base, p *PlanPay) {
			p.Choice, p.Method, p.Amount = PlanExtra, MethodCard, Input{"900", b.T(ProblemAmountMax, "max", p.Most)}
		}),
		pay("scrap", "Extra that leaves too little to charge", func(b Base, p *PlanPay) {
			p.Choice, p.Method = PlanExtra, MethodCard
			p.Amount = Input{"82.80", b.T(ProblemAmountScrap, "rest", money.Cents(25), "more", money.Cents(83_05), "less", money.Cents(82_55))}
		}),
		pay("scrap-little", "So little extra that only all of one payment will do", func(b Base, p *PlanPay) {
			p.Choice, p.Method, p.Most = PlanExtra, MethodCard, 83
			p.Amount = Input{"0.60", b.T(ProblemAmountScrapMore, "rest", money.Cents(23), "more", money.Cents(83))}
		}),
		pay("deal", "Of a deal to pay less", func(_ Base, p *PlanPay) { p.Other = false }),
		pay("changed", "It was taken meanwhile", func(b Base, p *PlanPay) { p.Problem = b.T(ProblemChanged) }),
	}
}

func (s sample) planBending() []pages.Example {
	change := func(state, title string, edit func(Base, *PlanChange)) pages.Example {
		return s.show("plan-change", state, title, true, paths.PlanChange("pln_1"), func(b Base) templ.Component {
			p := PlanChange{
				NewMethod: true,
				Base:      b, PlanID: "pln_1", Creditor: "Mercy Clinic", Movable: half()[2:], Failed: half()[1:2],
				Actions: []PlanAction{ActionRetry, ActionMove, ActionSkip, ActionSplit, ActionAmount, ActionRhythm, ActionPause, ActionHand},
				Days:    days(today, 22), PauseDays: days(today.AddDays(1), 40), SkipsLeft: 1, Least: 25_00,
				Rhythms: []Rhythm{RhythmMonthly, RhythmTwoWeeks, RhythmWeekly},
			}
			edit(b, &p)
			return p
		})
	}
	preview := func(state, title string, edit func(Base, *PlanPreview)) pages.Example {
		return s.show("plan-preview", state, title, true, paths.PlanChange("pln_1"), func(b Base) templ.Component {
			moved := lines4()
			moved[0].Date, moved[0].New, moved[0].NoticeOn = moved[0].Date.AddDays(14), true, today.AddDays(13)
			p := PlanPreview{
				Base: b, PlanID: "pln_1", Revision: 3, Old: lines4(), New: moved, Terms: terms(b, account, moved, 332_17),
				Ask: PlanAsk{Action: ActionMove, Number: Input{Value: "1"}, To: Input{Value: iso(moved[0].Date)}},
			}
			edit(b, &p)
			return p
		})
	}
	stop := func(state, title string, automatic bool, sent money.Cents) pages.Example {
		return s.show("plan-stop", state, title, true, paths.PlanStop("pln_1"), func(b Base) templ.Component {
			return PlanStop{Base: b, PlanID: "pln_1", Creditor: "Mercy Clinic", Left: 249_12, Automatic: automatic, Sent: sent}
		})
	}
	waits := s.show("plan-stop", "waits", "Stop, one waits for a check", true, paths.PlanStop("pln_1"), func(b Base) templ.Component {
		return PlanStop{Base: b, PlanID: "pln_1", Creditor: "Mercy Clinic", Left: 332_17, Automatic: true, Waits: 83_05, WaitsAt: "pay_1"}
	})
	return []pages.Example{
		waits,
		change("open", "What can be changed", func(Base, *PlanChange) {}),
		change("paused", "While it rests", func(_ Base, p *PlanChange) { p.Actions = []PlanAction{ActionResume, ActionHand} }),
		change("taken", "Another payment is on that day", func(b Base, p *PlanChange) {
			p.Asked = PlanAsk{Action: ActionMove, Number: Input{Value: "3"}, To: Input{iso(p.Days[5]), b.T(ProblemPlanDayTaken, "date", p.Days[6])}}
		}),
		change("too-small", "Less than the least", func(b Base, p *PlanChange) {
			p.Asked = PlanAsk{Action: ActionAmount, Each: Input{"5", b.T(ProblemPlanAmountMin, "min", p.Least)}}
		}),
		change("nothing-chosen", "Nothing was chosen", func(b Base, p *PlanChange) {
			p.Asked = PlanAsk{Action: ActionMove, Number: Input{"", b.T(ProblemPlanWhich)}, To: Input{"", b.T(ProblemPlanDay)}}
		}),
		change("no-skips", "No skips are left", func(b Base, p *PlanChange) {
			p.Asked = PlanAsk{Action: ActionSkip, Number: Input{"3", b.T(ProblemPlanSkips)}}
		}),
		change("refused", "The debt does not allow it", func(b Base, p *PlanChange) {
			p.Asked = PlanAsk{Action: ActionSplit, Problem: b.T(ProblemPlanRefused), Number: Input{Value: "3"}}
		}),
		change("stale", "Another tab changed it", func(_ Base, p *PlanChange) { p.Stale = true }),
		change("not-now", "Its state does not allow it", func(_ Base, p *PlanChange) { p.NotNow = true }),
		change("none", "Nothing can be changed", func(_ Base, p *PlanChange) { p.Actions = nil }),
		preview("move", "A date moves", func(Base, *PlanPreview) {}),
		preview("hand", "By hand from now on", func(b Base, p *PlanPreview) {
			p.Ask, p.New, p.Terms = PlanAsk{Action: ActionHand}, lines4(), terms(b, MethodView{}, lines4(), 332_17)
		}),
		preview("rhythm", "A long plan, more often", func(b Base, p *PlanPreview) {
			p.Ask = PlanAsk{Action: ActionRhythm, Rhythm: Input{Value: string(RhythmWeekly)}}
			p.New = weeks(14, 23_72)
			for i := range p.New {
				p.New[i].New = true
			}
			p.Terms = terms(b, account, p.New, 332_08)
		}),
		preview("problem", "The box and the name were left empty", func(b Base, p *PlanPreview) {
			p.Signed = Signature{AgreeProblem: b.T(ProblemPlanAgree), Name: Input{"", b.T(ProblemPlanName)}}
		}),
		stop("automatic", "Stop a plan", true, 0), stop("sent", "Stop, one is with the bank", true, 83_05), stop("hand", "Stop a plan paid by hand", false, 0),
	}
}

func (s sample) planPapers() []pages.Example {
	letter := func(state, title string, edit func(*PlanLetter)) pages.Example {
		return s.show("plan-letter", state, title, true, paths.PlanLetter("pln_1"), func(b Base) templ.Component {
			p := PlanLetter{
				Base: b, PlanID: "pln_1", Reference: "PLN-7KQ2M9XD", Kind: PlanInstallments, Name: "Ana Rivera", Creditor: "Mercy Clinic",
				What: "Care in 2022", AccountEnding: "0593", Paid: 332_17, On: today,
			}
			edit(&p)
			return p
		})
	}
	paper := func(state, title string, m MethodView, versions ...int) pages.Example {
		return s.show("plan-paper", state, title, true, paths.PlanPaper("pln_1", 1), func(b Base) templ.Component {
			text := PlanAuthorizationText(b, terms(b, m, lines4(), 332_17))
			all := append(append(append([]string(nil), text.Lead...), text.Dates...), text.Rest...)
			return PlanPaper{
				Base: b, PlanID: "pln_1", Reference: "PLN-7KQ2M9XD", Version: 1, Text: all, Name: "Ana Rivera",
				At: b.Words.Date(today) + ", 8:41", Versions: versions,
			}
		})
	}
	written := func(state, title string, k LetterKind, edit func(*Letter)) pages.Example {
		return s.show("letter", state, title, true, paths.Letter("ltr_1"), func(b Base) templ.Component {
			p := Letter{
				Base: b, LetterLine: LetterLine{ID: "ltr_1", Kind: k, On: today}, DebtID: "dbt_1", Name: "Ana Rivera", Creditor: "Mercy Clinic",
				What: "Care in 2022", Ending: "0593", Left: 332_17,
			}
			edit(&p)
			return p
		})
	}
	planned := func(paid money.Cents) func(p *Letter) {
		return func(p *Letter) {
			p.Reference, p.Total, p.Paid, p.Left = "PLN-7KQ2M9XD", 332_17, paid, 332_17-paid
			p.Installments = []LetterInstallment{{today, 110_73, paid}, {today.AddDays(30), 110_73, 0}, {today.AddDays(60), 110_71, 0}}
			p.PlanWords = []Notice{{Title: p.T("legal.place_title", "place", "New York"), Text: []string{p.T("legal.time_barred")}, Points: 14}}
		}
	}
	return []pages.Example{
		written("confirmation", "A plan in writing", LetterConfirmation, planned(0)),
		written("accounting", "Where a plan stands", LetterAccounting, planned(110_73)),
		written("payoff", "What pays a debt off", LetterPayoff, func(p *Letter) { p.OnItsWay = 50_00 }),
		written("satisfaction", "Nothing is owed any more", LetterSatisfaction, func(p *Letter) { p.Left, p.Provisional = 0, today.AddDays(60) }),
		written("withdrawn", "A letter that holds no more", LetterSatisfaction, func(p *Letter) { p.Left, p.Withdrawn = 0, today }),
		written("withdrawal", "Something is owed again", LetterWithdrawal, func(*Letter) {}),
		paper("bank", "The copy of the authorization", account, 1), paper("hand", "By hand", MethodView{}, 1),
		paper("changed", "One of several", card, 1, 2, 3),
		letter("paid", "A plan is completed", func(*PlanLetter) {}),
		letter("settled", "A debt is settled", func(p *PlanLetter) { p.Kind, p.Paid, p.Forgiven = PlanSettlement, 232_52, 99_65 }),
		letter("provisional", "A bank may still take it back", func(p *PlanLetter) { p.Provisional = today.AddDays(60) }),
	}
}
