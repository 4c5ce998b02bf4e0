package consumer

import (
	"time"

	"github.com/a-h/templ"

	"quittance/frontend/pages"
	"quittance/frontend/paths"
	"quittance/plans/civil"
)

// nowhere is the address of a script that does not come.
const nowhere = "/gallery/nowhere.js"

var (
	card    = MethodView{Kind: MethodCard, Label: "Visa", Last4: "4242"}
	account = MethodView{Kind: MethodBank, Label: "Springfield Bank", Last4: "6789"}
)

func (s sample) choosing() []pages.Example {
	choose := func(state, title string, change func(Base, *Choose)) pages.Example {
		return s.show("choose", state, title, true, paths.Choose, func(b Base) templ.Component {
			c := Choose{
				Base: b, BankClears: soon, Once: "sample-once",
				Debts: []PayDebt{
					{ID: "dbt_1", Creditor: "Mercy Clinic", What: "Care in 2022", Payable: 332_17},
					{ID: "dbt_2", Creditor: "City Water", What: "Water bill 2023", Payable: 100_00},
				},
			}
			change(b, &c)
			return c
		})
	}
	return []pages.Example{
		choose("empty", "Nothing is chosen", func(Base, *Choose) {}),
		choose("one", "One debt, credit cards taken", func(_ Base, c *Choose) {
			c.Debts, c.CreditCards = c.Debts[:1], true
		}),
		choose("part", "A part is in dispute, a part is on its way", func(_ Base, c *Choose) {
			c.Debts[0].Payable, c.Debts[0].Disputed = 300_00, 32_17
			c.Debts[1].Payable, c.Debts[1].Pending = 100_00, 50_00
		}),
		choose("plan", "A plan runs on each debt", func(_ Base, c *Choose) {
			c.Debts[0].Plan = &PlanNext{PlanID: "pln_1", Amount: 83_05, Date: soon, Taken: true, Ahead: true}
			c.Debts[1].Plan = &PlanNext{PlanID: "pln_2", Amount: 25_00, Date: soon}
		}),
		choose("plan-behind", "A plan is behind", func(_ Base, c *Choose) {
			c.Debts[0].Plan = &PlanNext{PlanID: "pln_1", Amount: 83_05, Date: soon, Taken: true, Behind: true}
			c.Debts[1].Plan = &PlanNext{PlanID: "pln_2"}
		}),
		choose("chosen", "Kept as chosen", func(_ Base, c *Choose) {
			c.Debts[0].Choice, c.Debts[0].Amount.Value = ChoiceOther, "50.00"
			c.Debts[1].Choice, c.Method = ChoiceAll, MethodCard
		}),
		choose("nothing-chosen", "Nothing was chosen", func(b Base, c *Choose) {
			c.Problem, c.MethodProblem = b.T(ProblemNoDebt), b.T(ProblemMethod)
		}),
		choose("declines", "Five cards were declined today", func(b Base, c *Choose) {
			c.Method, c.MethodProblem = MethodCard, b.T(ProblemDeclines, "phone", b.Agency.Phone)
		}),
		choose("too-much", "More than is owed", func(b Base, c *Choose) {
			c.Debts[0].Choice = ChoiceOther
			c.Debts[0].Amount = Input{"5000", b.T(ProblemAmountMax, "max", c.Debts[0].Payable)}
			c.Method = MethodBank
		}),
		choose("changed", "The balance moved meanwhile", func(b Base, c *Choose) {
			c.Debts[0].Choice, c.Debts[0].Problem = ChoiceAll, b.T(ProblemChanged)
			c.Method = MethodBank
		}),
		choose("mixed", "Some debts cannot be paid", func(b Base, c *Choose) {
			c.Debts[1].Closed = ClosedDisputed
			c.Debts = append(c.Debts,
				PayDebt{ID: "dbt_3", Creditor: "Harbor Bank", What: "Credit card from 2015", Payable: 1_204_50, OnlyAll: true, Notices: []Notice{timeBarred(b)}},
				PayDebt{ID: "dbt_4", Creditor: "Northside Gym", What: "Membership 2024", Closed: ClosedPending},
				PayDebt{ID: "dbt_5", Creditor: "Valley Dental", What: "Visit in 2024", Closed: ClosedChecking},
				PayDebt{ID: "dbt_6", Creditor: "Metro Power", What: "Power bill 2022", Closed: ClosedHold},
				PayDebt{ID: "dbt_7", Creditor: "Oak Furniture", What: "Sofa 2021", Closed: ClosedPaid})
		}),
		choose("none", "Nothing can be paid", func(_ Base, c *Choose) {
			c.Debts[0].Closed, c.Debts[1].Closed = ClosedChecking, ClosedDisputed
		}),
		choose("payments-off", "The portal takes no payments", func(_ Base, c *Choose) {
			c.PaymentsOff = true
			c.Debts[0].Closed, c.Debts[1].Closed = ClosedHold, ClosedHold
		}),
	}
}

func (s sample) paying() []pages.Example {
	method := func(state, title string, change func(*PayMethod)) pages.Example {
		return s.show("method", state, title, true, paths.Method("pay_1"), func(b Base) templ.Component {
			m := PayMethod{
				Base: b, PaymentID: "pay_1", Amount: 150_00, Method: MethodCard, PublishableKey: "pk_test_sample",
				ScriptURL: "/gallery/stripe.js", BankClears: soon, Hosted: true,
			}
			change(&m)
			return m
		})
	}
	refusedBy := func(r Refused) func(*PayMethod) { return func(m *PayMethod) { m.Refused = r } }
	return []pages.Example{
		method("card", "The card step", func(*PayMethod) {}),
		method("bank", "The bank step", func(m *PayMethod) { m.Method = MethodBank }),
		method("credit-allowed", "Credit cards taken, no partner page", func(m *PayMethod) { m.CreditCards, m.Hosted = true, false }),
		method("credit", "A credit card was refused", refusedBy(RefusedCredit)),
		method("prepaid", "A prepaid card was refused", refusedBy(RefusedPrepaid)),
		method("unknown", "A card of unknown kind", refusedBy(RefusedUnknown)),
		method("blocked", "A bank account that cannot be used", func(m *PayMethod) { m.Method, m.Refused = MethodBank, RefusedBlocked }),
		method("again", "The details did not arrive", refusedBy(RefusedAgain)),
		method("late", "The fields did not come", func(m *PayMethod) { m.ScriptURL = nowhere }),
		method("late-debit", "The fields did not come, no partner page", func(m *PayMethod) { m.ScriptURL, m.Hosted = nowhere, false }),
	}
}

func (s sample) reviewing() []pages.Example {
	review := func(state, title string, change func(Base, *Review)) pages.Example {
		return s.show("review", state, title, true, paths.Review("pay_1"), func(b Base) templ.Component {
			r := Review{
				Base: b, PaymentID: "pay_1", Amount: 150_00, Method: card,
				Lines: []ReviewLine{{DebtID: "dbt_2", Creditor: "City Water", OriginalCreditor: "City of Springfield Water", AccountEnding: "7714", What: "Water bill 2023", Amount: 150_00}},
			}
			change(b, &r)
			return r
		})
	}
	bank := func(_ Base, r *Review) {
		r.Method = account
		r.Authorization = &Authorization{
			AgencyLegalName: "Acme Services LLC", AgencyPhone: "(800) 555-0134", Account: r.Method,
			Amount: r.Amount, On: today, ClearsBy: soon,
		}
	}
	there := func(r *Review) {
		r.Method = MethodView{Kind: MethodBank, Elsewhere: true}
		r.Authorization.Account = r.Method
	}
	return []pages.Example{
		review("card", "Before paying by card", func(Base, *Review) {}),
		review("few-facts", "Little is known of the debt", func(_ Base, r *Review) {
			r.Lines[0].OriginalCreditor, r.Lines[0].AccountEnding, r.Lines[0].What = "", "", ""
		}),
		review("card-there", "Before going to the partner's page", func(_ Base, r *Review) {
			r.Method = MethodView{Kind: MethodCard, Elsewhere: true}
		}),
		review("card-moved", "What is said changed meanwhile", func(b Base, r *Review) {
			r.Method = MethodView{Kind: MethodCard, Elsewhere: true}
			r.AuthorizeProblem = b.T(ProblemReviewMoved)
		}),
		review("bank", "Before paying from a bank account", bank),
		review("tell", "Nobody said yet that we may write of it", func(b Base, r *Review) {
			bank(b, r)
			r.Tell = &Tell{To: "a•••@example.com"}
		}),
		review("tell-work", "The address may be one at work", func(_ Base, r *Review) {
			r.Tell = &Tell{To: "a•••@springfield.example", AtWork: true}
		}),
		review("tell-text", "By text, kept as ticked", func(b Base, r *Review) {
			bank(b, r)
			r.Tell, r.AuthorizeProblem = &Tell{ByText: true, To: "(•••) •••-0147", On: true}, b.T(ProblemAuthorize)
		}),
		review("bank-there", "Before giving a bank account on the partner's page", func(b Base, r *Review) {
			bank(b, r)
			there(r)
		}),
		review("bank-problem", "The box was left empty", func(b Base, r *Review) {
			bank(b, r)
			r.AuthorizeProblem = b.T(ProblemAuthorize)
		}),
		review("bank-moved", "Midnight passed before the last button", func(b Base, r *Review) {
			bank(b, r)
			r.AuthorizeProblem = b.T(ProblemReviewMoved)
		}),
		review("saved-card", "One of a plan, paid now by its card", func(_ Base, r *Review) { bySaved(r, PlanInstead, card) }),
		review("saved-bank", "Extra, from the account of a plan", func(b Base, r *Review) {
			bySaved(r, PlanExtra, account)
			r.AuthorizeProblem = b.T(ProblemAuthorize)
		}),
		review("two", "Two debts, one of them old", func(b Base, r *Review) {
			r.Amount = 1_354_50
			r.Notices = []Notice{timeBarred(b)}
			r.Lines = append(r.Lines, ReviewLine{DebtID: "dbt_3", Creditor: "Harbor Bank", What: "Credit card from 2015", Since: civil.Date{Year: 2015, Month: time.June, Day: 9}, Amount: 1_204_50})
		}),
	}
}

// bySaved makes a payment one for a plan, by what the plan saved.
func bySaved(r *Review, part PlanPart, from MethodView) {
	r.Method, r.Plan = from, &ForPlan{PlanID: "pln_1", Part: part, Amount: r.Amount, Date: today.AddDays(12)}
	r.Authorization = &Authorization{
		AgencyLegalName: "Acme Services LLC", AgencyPhone: "(800) 555-0134", Account: from, Amount: r.Amount, On: today, ClearsBy: soon, Saved: true,
	}
}

func (s sample) outcome(state OutcomeState, name, title string, change func(*Outcome)) pages.Example {
	return s.show("outcome", name, title, true, paths.Payment("pay_1"), func(b Base) templ.Component {
		o := Outcome{
			Base: b, PaymentID: "pay_1", Reference: "PAY-7KQ2M9XD", State: state, Amount: 150_00, Date: today,
			ClearsBy: soon, Method: card, CanPay: true, Lines: []OutcomeLine{{DebtID: "dbt_1", Creditor: "Mercy Clinic", Amount: 150_00, Left: 182_17}},
		}
		change(&o)
		return o
	})
}

func (s sample) outcomes() []pages.Example {
	same := func(*Outcome) {}
	byBank := func(o *Outcome) { o.Method = account }
	all := []pages.Example{
		s.outcome(OutcomePaid, "paid", "Paid by card", same),
		s.outcome(OutcomePaid, "paid-instead", "Paid in place of a plan's next one", func(o *Outcome) {
			o.Plan = &ForPlan{PlanID: "pln_1", Part: PlanInstead, Amount: o.Amount, Date: soon}
			o.Lines[0].Plan = &PlanNext{PlanID: "pln_1", Amount: 83_05, Date: soon.AddMonths(1, soon.Day), Taken: true}
		}),
		s.outcome(OutcomePaid, "paid-extra", "Paid on top of a plan, which is then done", func(o *Outcome) {
			o.Plan = &ForPlan{PlanID: "pln_1", Part: PlanExtra}
		}),
		s.outcome(OutcomePending, "pending-instead", "On its way in place of a plan's next one", func(o *Outcome) {
			byBank(o)
			o.Plan = &ForPlan{PlanID: "pln_1", Part: PlanInstead, Amount: o.Amount, Date: soon}
		}),
		s.outcome(OutcomeFailed, "declined-instead", "Declined in place of a plan's next one", func(o *Outcome) {
			o.Reason, o.Once = ReasonDeclined, "K3W7QX5M2NPD4RTVB6HYJ8FGC9"
			o.Plan = &ForPlan{PlanID: "pln_1", Part: PlanInstead, Amount: o.Amount, Date: soon}
		}),
		s.outcome(OutcomePaid, "paid-plan", "Paid beside a plan", func(o *Outcome) {
			o.Lines[0].Plan = &PlanNext{PlanID: "pln_1", Amount: 83_05, Date: soon, Taken: true}
		}),
		s.outcome(OutcomePaid, "paid-two", "Paid, two debts", func(o *Outcome) {
			o.Amount = 200_00
			o.Lines = append(o.Lines, OutcomeLine{DebtID: "dbt_2", Creditor: "City Water", Amount: 50_00})
		}),
		s.outcome(OutcomePaid, "overpaid", "More was paid than was owed", func(o *Outcome) { o.Lines[0].Left, o.Lines[0].Credit = 0, 40_00 }),
		s.outcome(OutcomePaid, "part-sent-back", "Some of it went back", func(o *Outcome) { o.Lines[0].SentBack = 40_00 }),
		s.outcome(OutcomePaid, "part-taken-back", "The bank took some of it back", func(o *Outcome) { o.Lines[0].Taken = 40_00 }),
		s.outcome(OutcomePaid, "paid-disputed", "The rest is in dispute", func(o *Outcome) { o.Lines[0].Left, o.Lines[0].Disputed = 0, 182_17 }),
		s.outcome(OutcomePaid, "paid-on-hold", "The rest is on hold", func(o *Outcome) { o.Lines[0].Left, o.Lines[0].OnHold = 0, 182_17 }),
		s.outcome(OutcomePending, "pending", "The bank is sending it", byBank),
		s.outcome(OutcomePending, "pending-late", "The bank is slow", func(o *Outcome) { o.Method, o.ClearsBy = account, civil.Date{} }),
		s.outcome(OutcomeChecking, "checking", "No answer yet", func(o *Outcome) { o.RefreshSeconds = 5 }),
		s.outcome(OutcomeChecking, "checking-long", "No answer for ten minutes", func(o *Outcome) { o.RefreshSeconds, o.LongWait = 30, true }),
		s.outcome(OutcomeAction, "action", "The bank asks for one more step", func(o *Outcome) {
			o.VerifyURL = "/gallery/stripe.js"
		}),
		s.outcome(OutcomeAction, "action-away", "The bank asks, and its page is nowhere to be opened", same),
		s.outcome(OutcomeMicrodeposits, "microdeposits", "Two small deposits first", func(o *Outcome) {
			o.Method, o.VerifyURL = account, "/gallery/stripe.js"
		}),
		s.outcome(OutcomeCanceled, "canceled", "Stopped before it was made", func(o *Outcome) { o.Once = "sample-once" }),
		s.outcome(OutcomeFailed, "failed-off", "Not paid, and the portal takes no payments", func(o *Outcome) { o.PaymentsOff, o.CanPay = true, false }),
		s.outcome(OutcomeCanceled, "canceled-closed", "Stopped, for nothing may be paid now", func(o *Outcome) { o.CanPay = false }),
		s.outcome(OutcomeReturned, "returned", "Came back from the bank", func(o *Outcome) { o.Method, o.Reason = account, ReasonFunds }),
		s.outcome(OutcomeReturned, "returned-closed", "Came back, and nothing may be paid now", func(o *Outcome) { o.Method, o.Reason, o.CanPay = account, ReasonFunds, false }),
		s.outcome(OutcomeReturned, "chargeback", "A dispute at the bank", func(o *Outcome) { o.Chargeback = true }),
		s.outcome(OutcomeReturned, "returned-not-authorized", "The bank was told it was not allowed", func(o *Outcome) { o.Method, o.Reason = account, ReasonNotAuthorized }),
		s.outcome(OutcomeRefunded, "refunded", "Sent back", same),
		s.outcome(OutcomeHeld, "held", "Taken, and it counts on no debt yet", func(o *Outcome) { o.Method, o.Lines[0].Held = account, true }),
		s.outcome(OutcomePaid, "paid-part-held", "Paid, and a part is held", func(o *Outcome) {
			o.Amount, o.Method = 200_00, account
			o.Lines = append(o.Lines, OutcomeLine{DebtID: "dbt_2", Creditor: "City Water", Amount: 50_00, Left: 50_00, Held: true})
		}),
	}
	for _, f := range []struct {
		name   string
		reason Reason
		method MethodView
	}{
		{"other", ReasonOther, card}, {"declined", ReasonDeclined, card}, {"funds", ReasonFunds, card},
		{"expired", ReasonExpired, card}, {"incorrect", ReasonIncorrect, card}, {"limit", ReasonLimit, card},
		{"authentication", ReasonAuthentication, card}, {"account-closed", ReasonAccountClosed, account},
		{"stopped", ReasonStopped, account},
	} {
		all = append(all, s.outcome(OutcomeFailed, "failed-"+f.name, "Not paid: "+f.name, func(o *Outcome) {
			o.Reason, o.Method, o.Once = f.reason, f.method, "sample-once"
		}))
	}
	return all
}

func (s sample) receipts() []pages.Example {
	receipt := func(state OutcomeState, name, title string, change func(*Receipt)) pages.Example {
		return s.show("receipt", name, title, true, paths.Receipt("PAY-7KQ2M9XD"), func(b Base) templ.Component {
			r := Receipt{
				Base: b, Reference: "PAY-7KQ2M9XD", State: state, Amount: 150_00, Payer: "Ana Rivera", Method: card, ClearsBy: soon,
				At:    time.Date(2026, time.November, 20, 20, 41, 0, 0, time.UTC),
				Lines: []OutcomeLine{{DebtID: "dbt_1", Creditor: "Mercy Clinic", Amount: 150_00, Left: 182_17}},
			}
			change(&r)
			return r
		})
	}
	return []pages.Example{
		receipt(OutcomePaid, "card", "Paid by card", func(*Receipt) {}),
		receipt(OutcomePaid, "bank", "Paid from a bank account", func(r *Receipt) { r.Method, r.ReversibleUntil = account, soon.AddDays(60) }),
		receipt(OutcomePaid, "overpaid", "More was paid than was owed", func(r *Receipt) { r.Lines[0].Left, r.Lines[0].Credit = 0, 40_00 }),
		receipt(OutcomePaid, "part-sent-back", "Some of it went back", func(r *Receipt) { r.Refunded, r.Lines[0].SentBack = 40_00, 40_00 }),
		receipt(OutcomePaid, "part-taken-back", "The bank took some of it back", func(r *Receipt) { r.Lines[0].Taken = 40_00 }),
		receipt(OutcomePaid, "disputed", "The rest is in dispute", func(r *Receipt) { r.Lines[0].Left, r.Lines[0].Disputed = 0, 182_17 }),
		receipt(OutcomePending, "pending", "Not cleared yet", func(r *Receipt) { r.Method = account }),
		receipt(OutcomePending, "pending-late", "The bank is slow", func(r *Receipt) { r.Method, r.ClearsBy = account, civil.Date{} }),
		receipt(OutcomeReturned, "returned", "Came back", func(r *Receipt) { r.Method = account }),
		receipt(OutcomeHeld, "held", "Taken, and it counts on no debt yet", func(r *Receipt) { r.Method, r.Lines[0].Held = account, true }),
		receipt(OutcomeRefunded, "refunded", "Sent back", func(r *Receipt) { r.Refunded = 150_00 }),
	}
}
