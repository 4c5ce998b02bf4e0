package consumer

import (
	"github.com/a-h/templ"

	"quittance/frontend/pages"
	"quittance/frontend/paths"
	"quittance/payments/money"
	"quittance/plans/civil"
)

// days are the working days from a day on.
func days(from civil.Date, n int) []civil.Date {
	var all []civil.Date
	for d := from; len(all) < n; d = d.AddDays(1) {
		if d.Weekday() != 0 && d.Weekday() != 6 {
			all = append(all, d)
		}
	}
	return all
}

// lines4 is a plan of four months.
func lines4() []PlanLine {
	var all []PlanLine
	for i, amount := range []money.Cents{83_05, 83_05, 83_05, 83_02} {
		all = append(all, PlanLine{Number: i + 1, Date: civil.Date{Year: 2026, Month: 12, Day: 4}.AddMonths(i, 4), Amount: amount, Movable: true})
	}
	return all
}

func weeks(n int, each money.Cents) []PlanLine {
	all := make([]PlanLine, 0, n)
	for i := range n {
		all = append(all, PlanLine{Number: i + 1, Date: civil.Date{Year: 2026, Month: 12, Day: 4}.AddDays(7 * i), Amount: each, Movable: true})
	}
	return all
}

func offer(each, last, total money.Cents, n, months int) PlanOffer {
	first := civil.Date{Year: 2026, Month: 12, Day: 4}
	return PlanOffer{Rhythm: RhythmMonthly, Each: each, Count: n, First: first, Last: first.AddMonths(months, 4), LastAmount: last, Total: total}
}

func (s sample) planning() []pages.Example {
	options := func(state, title string, change func(Base, *PlanOptions)) pages.Example {
		return s.show("plan-options", state, title, true, paths.PlanOptions("dbt_1"), func(b Base) templ.Component {
			p := PlanOptions{
				Base: b, DebtID: "dbt_1", Creditor: "Mercy Clinic", What: "Care in 2022", Payable: 332_17,
				Offers: []PlanOffer{
					offer(25_56, 25_45, 332_17, 13, 12), offer(55_37, 55_32, 332_17, 6, 5),
					offer(110_73, 110_71, 332_17, 3, 2),
				},
				Rhythms:   []Rhythm{RhythmMonthly, RhythmTwiceAMonth, RhythmTwoWeeks, RhythmWeekly},
				Days:      days(today, 22),
				LaterDays: days(today.AddDays(1), 20),
				Why:       PlanWhy{Least: 25_00, Months: 24, FirstUntil: today.AddDays(35), Skips: 2, PauseDays: 60},
			}
			change(b, &p)
			return p
		})
	}
	refused := func(r PlanRefused, title string) pages.Example {
		return options("refused-"+string(r), title, func(b Base, p *PlanOptions) {
			p.Refused = r
			if r == PlanRefusedTimeBarred {
				p.Notices = []Notice{timeBarred(b)}
			}
			p.PaymentsOff = r == PlanRefusedOff
		})
	}
	settled := func(_ Base, p *PlanOptions) {
		one := offer(232_52, 232_52, 232_52, 1, 0)
		three := offer(77_51, 77_50, 232_52, 3, 2)
		one.Forgiven, three.Forgiven, one.Until, three.Until = 99_65, 99_65, answer, answer
		p.Settlements, p.Why.Settles = []PlanOffer{one, three}, true
	}
	return []pages.Example{
		options("open", "The ways to pay over time", func(Base, *PlanOptions) {}),
		options("settlement", "With offers to pay less", settled),
		options("small", "Only all of it, or later", func(_ Base, p *PlanOptions) { p.Payable, p.Offers = 24_00, nil }),
		options("own", "Kept as typed", func(_ Base, p *PlanOptions) {
			p.Wish = PlanWish{Each: Input{Value: "40"}, Rhythm: Input{Value: string(RhythmTwoWeeks)}, First: Input{Value: iso(p.Days[3])}}
		}),
		options("too-small", "Less than the least", func(b Base, p *PlanOptions) {
			p.Wish = PlanWish{Each: Input{"10", b.T(ProblemPlanAmountMin, "min", money.Cents(25_00))}, Rhythm: Input{Value: string(RhythmMonthly)}}
		}),
		options("empty-sent", "Nothing filled in", func(b Base, p *PlanOptions) {
			p.Wish = PlanWish{Input{"", b.T(ProblemAmountMissing)}, Input{"", b.T(ProblemPlanRhythm)}, Input{"", b.T(ProblemPlanDay)}}
		}),
		options("later-problem", "A day too far away", func(b Base, p *PlanOptions) {
			p.Later = Input{"2027-03-01", b.T(ProblemPlanDayLate, "date", today.AddDays(30))}
		}),
		options("offer-gone", "The offer is not there any more", func(b Base, p *PlanOptions) { p.Problem = b.T(ProblemPlanOfferGone) }),
		options("running", "A plan runs", func(_ Base, p *PlanOptions) { p.Running = "pln_1" }),
		options("refused-part", "Refused: a part is disputed", func(_ Base, p *PlanOptions) { p.Refused, p.Disputed = PlanRefusedDisputed, 32_17 }),
		refused(PlanRefusedDisputed, "Refused: disputed"), refused(PlanRefusedTimeBarred, "Refused: an old debt"),
		refused(PlanRefusedPending, "Refused: all is on its way"), refused(PlanRefusedPaid, "Refused: paid"),
		refused(PlanRefusedHold, "Refused: on hold"), refused(PlanRefusedHere, "Refused: not on this site"),
		refused(PlanRefusedOff, "Refused: the portal takes no payments"),
		s.show("plan-debts", "many", "Which debt to pay over time", true, paths.Plans, func(b Base) templ.Component {
			return PlanDebts{Base: b, Debts: []PlanDebt{
				{DebtID: "dbt_1", Creditor: "Mercy Clinic", What: "Care in 2022", Amount: 332_17},
				{DebtID: "dbt_2", Creditor: "City Water", What: "Water bill 2023", Amount: 150_00, PlanID: "pln_1"},
				{DebtID: "dbt_4", Creditor: "Northside Gym", What: "Membership 2024", Amount: 89_00, Closed: true},
			}}
		}),
		s.show("plan-hardship", "open", "Who cannot pay now", true, paths.PlanHardship("dbt_1"), func(b Base) templ.Component {
			return PlanHardship{Base: b, DebtID: "dbt_1", Creditor: "Mercy Clinic", Open: true, Later: true, Least: 5_00, Months: 60, Pause: true}
		}),
		s.show("plan-hardship", "running", "Who cannot pay now, with a plan that runs", true, paths.PlanHardship("dbt_1"), func(b Base) templ.Component {
			return PlanHardship{Base: b, DebtID: "dbt_1", Creditor: "Mercy Clinic", Running: "pln_1", Break: true, Pause: true}
		}),
		s.show("plan-debts", "none", "Nothing to plan", true, paths.Plans, func(b Base) templ.Component { return PlanDebts{Base: b} }),
	}
}

func (s sample) planMaking() []pages.Example {
	schedule := func(state, title string, change func(Base, *PlanSchedule)) pages.Example {
		return s.show("plan-schedule", state, title, true, paths.PlanDraft("drf_1"), func(b Base) templ.Component {
			p := PlanSchedule{
				Base: b, DraftID: "drf_1", DebtID: "dbt_1", Creditor: "Mercy Clinic", Kind: PlanInstallments,
				Rhythm: RhythmMonthly, Lines: lines4(), Total: 332_17, Days: days(today, 22),
			}
			change(b, &p)
			return p
		})
	}
	method := func(state, title string, m Method, r Refused) pages.Example {
		return s.show("plan-method", state, title, true, paths.PlanMethod("drf_1"), func(b Base) templ.Component {
			return PlanMethod{Base: b, DraftID: "drf_1", Method: m, PublishableKey: "pk_test_sample", ScriptURL: "/gallery/stripe.js", Refused: r}
		})
	}
	newMethod := func(state, title string, change func(Base, *PlanNewMethod)) pages.Example {
		return s.show("plan-new-method", state, title, true, paths.PlanNewMethod("pln_1"), func(b Base) templ.Component {
			p := PlanNewMethod{Base: b, PlanID: "pln_1", Creditor: "Mercy Clinic", Now: account}
			change(b, &p)
			return p
		})
	}
	sign := func(state, title string, change func(Base, *PlanSign)) pages.Example {
		return s.show("plan-sign", state, title, true, paths.PlanSign("drf_1"), func(b Base) templ.Component {
			p := PlanSign{Base: b, DraftID: "drf_1", Terms: terms(b, account, lines4(), 332_17)}
			change(b, &p)
			return p
		})
	}
	return []pages.Example{
		schedule("open", "Every date and amount", func(Base, *PlanSchedule) {}),
		schedule("long", "A long plan is folded", func(_ Base, p *PlanSchedule) {
			p.Rhythm, p.Lines, p.Total = RhythmWeekly, weeks(48, 25_09), 1_204_32
		}),
		schedule("settlement", "Less than all of it", func(_ Base, p *PlanSchedule) {
			p.Kind, p.Lines, p.Total, p.Forgiven, p.Until = PlanSettlement, weeks(1, 232_52), 232_52, 99_65, answer
		}),
		schedule("later", "More time", func(_ Base, p *PlanSchedule) {
			p.Kind, p.Rhythm, p.Lines = PlanLater, RhythmOnce, weeks(1, 332_17)
		}),
		schedule("chosen", "Kept as chosen, credit cards taken", func(_ Base, p *PlanSchedule) {
			p.Charging, p.CreditCards, p.First.Value = ChargingHand, true, iso(p.Days[10])
		}),
		schedule("nothing-chosen", "Nothing was chosen", func(b Base, p *PlanSchedule) { p.ChargingProblem = b.T(ProblemPlanCharging) }),
		schedule("first-problem", "A day that cannot be", func(b Base, p *PlanSchedule) {
			p.First = Input{"2026-12-25", b.T(ProblemPlanDayClosed, "date", civil.Date{Year: 2026, Month: 12, Day: 28})}
		}),
		method("bank", "The bank step", MethodBank, RefusedNot), method("card", "The card step", MethodCard, RefusedNot),
		method("credit", "A credit card was refused", MethodCard, RefusedCredit),
		method("blocked", "A bank account that cannot be used", MethodBank, RefusedBlocked),
		method("again", "The details did not arrive", MethodCard, RefusedAgain),
		s.show("plan-method", "late", "The fields did not come", true, paths.PlanMethod("drf_1"), func(b Base) templ.Component {
			return PlanMethod{Base: b, DraftID: "drf_1", Method: MethodCard, PublishableKey: "pk_test_sample", ScriptURL: nowhere}
		}),
		newMethod("open", "Another account or card", func(Base, *PlanNewMethod) {}),
		newMethod("hand", "For a plan paid by hand, credit cards taken", func(_ Base, p *PlanNewMethod) { p.Now, p.CreditCards = MethodView{}, true }),
		newMethod("problem", "Nothing was chosen", func(b Base, p *PlanNewMethod) { p.Problem = b.T(ProblemPlanCharging) }),
		s.show("plan-method", "other", "The bank step of a running plan", true, paths.PlanMethodDraft("pln_1", "drf_1"), func(b Base) templ.Component {
			return PlanMethod{Base: b, DraftID: "drf_1", PlanID: "pln_1", Method: MethodBank, PublishableKey: "pk_test_sample", ScriptURL: "/gallery/stripe.js"}
		}),
		sign("card-ends", "A card that ends before the plan does", func(_ Base, p *PlanSign) {
			p.Terms.Method, p.CardEnds, p.LastOn = card, civil.Date{Year: 2027, Month: 1, Day: 31}, p.Terms.Lines[3].Date
		}),
		sign("other", "The authorization of another account", func(_ Base, p *PlanSign) {
			p.PlanID, p.Revision, p.Terms.Meanwhile, p.Terms.Old = "pln_1", 3, MeanwhileOld, card
		}),
		sign("other-hand", "The authorization of an account, by hand until now", func(_ Base, p *PlanSign) {
			p.PlanID, p.Revision, p.Terms.Meanwhile = "pln_1", 3, MeanwhileHand
		}),
		sign("other-nothing", "The authorization of an account for a plan on a break", func(_ Base, p *PlanSign) {
			p.PlanID, p.Revision, p.Terms.Meanwhile = "pln_1", 3, MeanwhileNothing
		}),
		sign("bank", "The authorization of a bank account", func(Base, *PlanSign) {}),
		sign("card", "The authorization of a card", func(b Base, p *PlanSign) { p.Terms = terms(b, card, lines4(), 332_17) }),
		sign("mail", "The notices come by mail", func(_ Base, p *PlanSign) { p.Terms.Email = "" }),
		sign("hand", "Each payment by hand", func(b Base, p *PlanSign) { p.Terms = terms(b, MethodView{}, lines4(), 332_17) }),
		sign("settlement", "A settlement", func(b Base, p *PlanSign) {
			p.Terms = terms(b, account, weeks(1, 232_52), 232_52)
			p.Terms.Kind, p.Terms.Forgiven = PlanSettlement, 99_65
		}),
		sign("problem", "The box and the name were left empty", func(b Base, p *PlanSign) {
			p.Signed = Signature{AgreeProblem: b.T(ProblemPlanAgree), Name: Input{"", b.T(ProblemPlanName)}}
		}),
		sign("moved", "The schedule moved meanwhile", func(b Base, p *PlanSign) {
			p.Problem, p.Signed.Name.Value = b.T(ProblemPlanMoved), "Ana Rivera"
		}),
		sign("declined", "The card was declined", func(b Base, p *PlanSign) { p.Problem = b.T(ProblemPlanDeclined) }),
	}
}

func terms(b Base, m MethodView, lines []PlanLine, total money.Cents) PlanTerms {
	return PlanTerms{
		AgencyLegalName: b.Agency.LegalName, AgencyPhone: b.Agency.Phone, Creditor: "Mercy Clinic",
		Original: "Mercy Clinic of Springfield", Account: "0593", What: "Care in 2022", Kind: PlanInstallments,
		Method: m, Lines: lines, Total: total, Email: "m•••@example.com",
	}
}
