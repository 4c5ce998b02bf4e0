package consumer

import (
	"time"

	"github.com/a-h/templ"

	"quittance/frontend/pages"
	"quittance/frontend/paths"
	"quittance/plans/civil"
)

func clinic() AccountDebt {
	return AccountDebt{ID: "dbt_1", Creditor: "Mercy Clinic", What: "Care in 2022", Amount: 332_17, Status: DebtOpen}
}

func water() AccountDebt {
	return AccountDebt{
		ID: "dbt_2", Creditor: "City Water", What: "Water bill 2023", Amount: 150_00, Status: DebtOpen,
		Pending: []OnTheWay{{Reference: "PAY-7KQ2M9XD", PaymentID: "pay_1", Amount: 50_00, ClearsBy: soon}},
	}
}

// paidSince is water with a payment that the balance of its day does not have.
func paidSince() AccountDebt {
	d := water()
	d.Amount = 100_00
	d.Pending = []OnTheWay{{Reference: "PAY-7KQ2M9XD", Amount: 50_00, Paid: today}}
	return d
}

func oldCard(b Base) AccountDebt {
	return AccountDebt{
		ID: "dbt_3", Creditor: "Harbor Bank", What: "Credit card from 2015", Amount: 1_204_50,
		Status: DebtTimeBarred, Notices: []Notice{timeBarred(b)},
	}
}

func timeBarred(b Base) Notice {
	return Notice{
		Title: b.T("legal.time_barred_title"),
		Text:  []string{b.T("legal.time_barred"), b.T("legal.time_barred_revive")},
	}
}

func with(d AccountDebt, s DebtStatus, on civil.Date) AccountDebt {
	d.Status, d.Day, d.Pending = s, on, nil
	if s == DebtDisputed {
		d.Disputed = d.Amount
	}
	return d
}

// partly is the clinic with a part in dispute.
func partly(on civil.Date) AccountDebt {
	d := with(clinic(), DebtDisputed, on)
	d.Disputed = 32_17
	return d
}

func (s sample) accounts() []pages.Example {
	account := func(state, title string, build func(Base, Account) Account) pages.Example {
		return s.show("account", state, title, true, paths.Account, func(b Base) templ.Component {
			return build(b, Account{Base: b, FirstName: "Ana", AsOf: today, CanPay: true})
		})
	}
	owing := func(a Account, debts ...AccountDebt) Account {
		a.Debts = debts
		for _, d := range debts {
			a.Disputed += d.Disputed
			switch rest := d.Amount - d.Disputed; d.Status {
			case DebtPaid, DebtClosed:
			case DebtHold:
				a.OnHold += rest
			default:
				a.Total += rest
			}
		}
		return a
	}
	return []pages.Example{
		account("one", "One debt", func(_ Base, a Account) Account { return owing(a, clinic()) }),
		account("two", "Two debts, one payment on its way", func(_ Base, a Account) Account { return owing(a, clinic(), water()) }),
		account("paid-since", "A payment since the balance of its day", func(_ Base, a Account) Account {
			a.AsOf, a.PaidSince = today.AddDays(-6), true
			return owing(a, clinic(), paidSince())
		}),
		account("first", "The first visit", func(_ Base, a Account) Account {
			a.Initial = true
			return owing(a, clinic())
		}),
		account("many", "Several debts in several states", func(b Base, a Account) Account {
			a.Initial = true
			a.Payments = lines()
			return owing(a, clinic(), water(), oldCard(b),
				with(AccountDebt{ID: "dbt_4", Creditor: "Northside Gym", What: "Membership 2024", Amount: 89_00}, DebtDisputed, answer),
				with(AccountDebt{ID: "dbt_5", Creditor: "Valley Dental", What: "Visit on March 3, 2024", Amount: 240_00}, DebtReturned, today))
		}),
		account("disputed", "A dispute is open", func(_ Base, a Account) Account {
			a.CanPay = false
			return owing(a, with(clinic(), DebtDisputed, answer))
		}),
		account("disputed-beside", "A dispute beside what is owed", func(_ Base, a Account) Account {
			a.Initial = true
			return owing(a, clinic(), with(AccountDebt{ID: "dbt_4", Creditor: "Northside Gym", What: "Membership 2024", Amount: 640_00}, DebtDisputed, civil.Date{}))
		}),
		account("disputed-part", "A part is in dispute", func(_ Base, a Account) Account { return owing(a, partly(answer)) }),
		account("disputed-first", "All is in dispute at the first visit", func(_ Base, a Account) Account {
			a.Initial, a.CanPay = true, false
			return owing(a, with(clinic(), DebtDisputed, answer), with(water(), DebtHold, civil.Date{}))
		}),
		account("time-barred", "An old debt", func(b Base, a Account) Account { return owing(a, oldCard(b)) }),
		account("returned", "A payment came back", func(_ Base, a Account) Account {
			return owing(a, with(water(), DebtReturned, today))
		}),
		account("attention", "What happened without the person's doing", func(_ Base, a Account) Account {
			late := clinic()
			late.Plan = &PlanNext{PlanID: "pln_1", Amount: 83_05, Date: soon, Failed: true}
			a.Attention = []Attention{
				{What: AttentionReturned, On: today, Path: paths.Payment("pay_1")}, {What: AttentionChargedBack, On: today, Path: paths.Payment("pay_2")},
				{What: AttentionFailed, Path: paths.Plan("pln_1")}, {What: AttentionCardEnds, On: soon, Path: paths.Plan("pln_1")},
				{What: AttentionCardOver, On: today, Path: paths.Plan("pln_2")}, {What: AttentionHeld, Path: paths.Payment("pay_3")}, {What: AttentionCredit, Path: paths.Debt("dbt_2")},
			}
			return owing(a, late, with(water(), DebtReturned, today))
		}),
		account("attention-one", "A payment came back, and nothing else", func(_ Base, a Account) Account {
			a.Attention = []Attention{{What: AttentionReturned, On: today, Path: paths.Payment("pay_1")}}
			return owing(a, with(water(), DebtReturned, today))
		}),
		account("chargeback", "A card payment is disputed at the bank", func(_ Base, a Account) Account {
			return owing(a, with(clinic(), DebtChargeback, today))
		}),
		account("large", "A very large amount", func(_ Base, a Account) Account {
			return owing(a, AccountDebt{ID: "dbt_9", Creditor: "Lakeside University Hospital and Medical Center", What: "Surgery and 14 nights in 2024", Amount: 12_345_678_90, Status: DebtOpen})
		}),
		account("on-hold", "One debt on hold", func(_ Base, a Account) Account {
			a.CanPay = false
			return owing(a, with(clinic(), DebtHold, civil.Date{}))
		}),
		account("plan", "A plan runs", func(_ Base, a Account) Account {
			d := clinic()
			d.Plan = &PlanNext{PlanID: "pln_1", Amount: 83_05, Date: soon}
			return owing(a, d, water())
		}),
		account("plan-late", "The day of a plan's payment is past", func(_ Base, a Account) Account {
			d := clinic()
			d.Plan = &PlanNext{PlanID: "pln_1", Amount: 83_05, Date: today.AddDays(-2), Late: true}
			return owing(a, d)
		}),
		account("plan-paused", "A plan rests", func(_ Base, a Account) Account {
			d := clinic()
			d.Plan = &PlanNext{PlanID: "pln_1"}
			return owing(a, d)
		}),
		account("paid", "All paid", func(_ Base, a Account) Account {
			a.Payments = lines()
			paid := with(clinic(), DebtPaid, today)
			paid.Amount = 0
			closed := with(water(), DebtClosed, civil.Date{})
			closed.Amount = 0
			return owing(a, paid, closed)
		}),
		account("overpaid", "More was paid than was owed", func(_ Base, a Account) Account {
			a.Payments = lines()
			paid := with(clinic(), DebtPaid, today)
			paid.Amount, paid.Credit, paid.Provisional = 0, Credit{Amount: 150_00}, today.AddDays(60)
			stated := with(water(), DebtPaid, civil.Date{})
			stated.Amount, stated.Pending, stated.Credit = 0, nil, Credit{Amount: 87_83, Stated: true}
			return owing(a, paid, stated)
		}),
		account("nothing", "No open account", func(_ Base, a Account) Account { return a }),
		account("bankruptcy", "Bankruptcy: no amounts", func(_ Base, a Account) Account {
			a.Hold = HoldBankruptcy
			return a
		}),
		account("attorney", "A lawyer: no amounts", func(_ Base, a Account) Account {
			a.Hold = HoldAttorney
			return a
		}),
		account("deceased", "The person has died", func(_ Base, a Account) Account {
			a.Hold = HoldDeceased
			return a
		}),
		account("identity", "A stolen name: no amounts", func(_ Base, a Account) Account {
			a.Hold = HoldIdentity
			return a
		}),
		account("minor", "Somebody under 18", func(_ Base, a Account) Account {
			a.Hold = HoldMinor
			return a
		}),
		account("hold", "On hold: no amounts", func(_ Base, a Account) Account {
			a.Hold = HoldOther
			return a
		}),
		account("place", "Off where the consumer lives: no amounts", func(_ Base, a Account) Account {
			a.Hold = HoldPlace
			return a
		}),
		account("executor", "Somebody who speaks for the estate", func(_ Base, a Account) Account {
			a.Speaking, a.FirstName, a.For = "executor", "", "Ana Rivera"
			return owing(a, clinic(), water())
		}),
		account("guardian", "A guardian", func(_ Base, a Account) Account {
			a.Speaking, a.FirstName, a.For = "guardian", "", "Ana Rivera"
			return owing(a, clinic())
		}),
		account("parent", "A parent, who is not asked to pay", func(_ Base, a Account) Account {
			a = owing(a, clinic())
			a.Speaking, a.FirstName, a.For, a.CanPay = "parent", "", "Leo Rivera", false
			return a
		}),
		account("spouse", "A husband or wife, who is not asked to pay", func(_ Base, a Account) Account {
			a = owing(a, clinic())
			a.Speaking, a.FirstName, a.For, a.CanPay = "spouse", "", "Ana Rivera", false
			return a
		}),
		account("first-notice", "With the first notice of a state", func(b Base, a Account) Account {
			a.Initial = true
			a.First = []Notice{{Title: b.T("legal.place_title", "place", "Colorado"), Text: []string{firstNotice[b.Lang()]}}}
			return owing(a, clinic())
		}),
		account("payments-off", "The portal takes no payments", func(_ Base, a Account) Account {
			a.PaymentsOff, a.CanPay = true, false
			return owing(a, clinic())
		}),
		account("demo", "In the demo", func(_ Base, a Account) Account {
			a.Demo = true
			return owing(a, clinic(), water())
		}),
	}
}

// firstNotice is a text as a compliance pack brings it.
var firstNotice = map[string]string{
	"en": "For information about the Colorado Fair Debt Collection Practices Act, see www.coag.gov/car.",
	"es": "Para saber más sobre la Ley de Prácticas Justas de Cobro de Deudas de Colorado, vea www.coag.gov/car.",
}

func lines() []PaymentLine {
	states := []OutcomeState{
		OutcomePaid, OutcomePending, OutcomeFailed, OutcomeReturned, OutcomeRefunded, OutcomeHeld,
		OutcomeChecking, OutcomeAction, OutcomeCanceled,
	}
	all := make([]PaymentLine, 0, len(states))
	for i, state := range states {
		all = append(all, PaymentLine{
			PaymentID: "pay_1", Reference: "PAY-7KQ2M9XD", Amount: 50_00,
			Date: today.AddDays(-i * 9), State: state, SentBack: 20_00,
		})
	}
	return append(all, PaymentLine{PaymentID: "pay_1", Reference: "PAY-7KQ2M9XD", Amount: 50_00, Date: today.AddDays(-90), State: OutcomePaid, Taken: 30_00})
}

func (s sample) debts() []pages.Example {
	debt := func(state, title string, change func(Base, *Debt)) pages.Example {
		return s.show("debt", state, title, true, paths.Debt("dbt_1"), func(b Base) templ.Component {
			d := Debt{
				Base: b, ID: "dbt_1", Creditor: "Mercy Clinic", OriginalCreditor: "Mercy Clinic of Springfield",
				AccountEnding: "0593", What: "Care in 2022",
				Since:       civil.Date{Year: 2022, Month: time.May, Day: 1},
				Itemization: Itemization{Date: civil.Date{Year: 2025, Month: time.March, Day: 31}, Owed: 300_00, Interest: 32_17, Now: 332_17},
				Current:     332_17, CurrentAsOf: today, Status: DebtOpen, CanPay: true,
			}
			change(b, &d)
			return d
		})
	}
	return []pages.Example{
		debt("open", "The itemization", func(Base, *Debt) {}),
		debt("pending", "With a payment on its way", func(_ Base, d *Debt) {
			d.Itemization = Itemization{Date: d.Itemization.Date, Owed: 500_00, Interest: 41_00, Fees: 12_50, Paid: 221_33, Now: 332_17}
			d.Pending = water().Pending
		}),
		debt("pending-late", "The bank is slow", func(_ Base, d *Debt) {
			d.Pending = []OnTheWay{{Reference: "PAY-7KQ2M9XD", PaymentID: "pay_1", Amount: 50_00}}
		}),
		debt("left-out", "Some of what was added is not included", func(_ Base, d *Debt) {
			d.Itemization = Itemization{Date: d.Itemization.Date, Owed: 300_00, Now: 300_00}
			d.Current, d.LeftOut = 300_00, []LeftOut{{Amount: 32_17}, {Fees: true, Law: true, Amount: 12_50}}
		}),
		debt("paid-since", "With a payment since the balance of its day", func(_ Base, d *Debt) {
			d.Pending, d.Current, d.CurrentAsOf = paidSince().Pending, 282_17, today.AddDays(-6)
			d.Itemization.PaidHere = 50_00
		}),
		debt("settled", "A part was paid here, and the rest was let go", func(_ Base, d *Debt) {
			d.Status, d.Day, d.Current, d.CanPay = DebtPaid, today, 0, false
			d.Itemization.PaidHere, d.Itemization.Changed = 150_00, -182_17
		}),
		debt("changed", "More is owed than on its day", func(_ Base, d *Debt) {
			d.Current, d.Itemization.Changed = 342_17, 10_00
		}),
		debt("closed", "We do not handle it any more", func(_ Base, d *Debt) {
			d.Status, d.Current, d.CanPay = DebtClosed, 0, false
		}),
		debt("on-hold", "On hold", func(_ Base, d *Debt) {
			d.Status, d.Current, d.OnHold, d.CanPay = DebtHold, 0, 332_17, false
		}),
		debt("letters", "With letters", func(_ Base, d *Debt) {
			d.CanPayOff, d.Letters = true, []LetterLine{{"ltr_2", LetterAccounting, today}, {"ltr_1", LetterConfirmation, today.AddDays(-90)}}
		}),
		debt("plan", "A plan runs", func(_ Base, d *Debt) { d.Plan = &PlanNext{PlanID: "pln_1", Amount: 83_05, Date: soon} }),
		debt("notice", "The validation period runs", func(_ Base, d *Debt) {
			d.HasNotice, d.Period = true, NoticePeriod{End: civil.Date{Year: 2026, Month: time.December, Day: 19}, Running: true}
		}),
		debt("time-barred", "An old debt", func(b Base, d *Debt) {
			d.Status, d.Notices = DebtTimeBarred, []Notice{timeBarred(b)}
		}),
		debt("disputed", "A dispute is open", func(_ Base, d *Debt) {
			d.Status, d.Day, d.CanPay = DebtDisputed, answer, false
			d.Current, d.Disputed = 0, 332_17
		}),
		debt("disputed-plan", "A dispute is open, and a plan rests", func(_ Base, d *Debt) {
			d.Status, d.CanPay, d.Plan = DebtDisputed, false, &PlanNext{PlanID: "pln_1"}
			d.Current, d.Disputed = 0, 332_17
		}),
		debt("disputed-part", "A part is in dispute", func(_ Base, d *Debt) {
			d.Status, d.Day, d.Current, d.Disputed = DebtDisputed, answer, 300_00, 32_17
			d.Sent = []DisputeSent{{Reference: "DSP-4KT8WZ2Q", Creditor: d.Creditor, State: DisputeOpen, On: today}}
		}),
		debt("paid", "Paid off", func(_ Base, d *Debt) {
			d.Status, d.Day, d.Current, d.CanPay = DebtPaid, today, 0, false
			d.Pending, d.Itemization.PaidHere = paidSince().Pending, 332_17
		}),
		debt("overpaid", "More was paid than was owed", func(_ Base, d *Debt) {
			d.Status, d.Day, d.Current, d.CanPay, d.Credit, d.Provisional = DebtPaid, today, 0, false, Credit{Amount: 150_00}, today.AddDays(60)
			d.Itemization.PaidHere, d.Itemization.Changed = 482_17, 150_00
		}),
		debt("few-facts", "Little is known", func(_ Base, d *Debt) {
			d.OriginalCreditor, d.AccountEnding, d.What, d.Since = "", "", "", civil.Date{}
		}),
	}
}
