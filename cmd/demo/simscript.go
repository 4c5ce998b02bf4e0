package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/payments/sandbox"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/plans/schedule"
	"quittance/portal/debt"
	"quittance/portal/dispute"
	"quittance/portal/intake"
	"quittance/portal/outbox"
)

// The people to whom something befalls. The others pay now and then.
const (
	bounced      = iota // a bank payment comes back on day 4 (R01)
	stopped             // a bank payment comes back on day 45 (R10)
	charged             // a card payment is charged back on day 60, and stays so
	wonBack             // and another, which is won back
	disputing           // a plan by card, disputed in the middle
	saving              // a plan by bank account
	refunded            // part of a payment is given back
	unanswered          // the processor's answer is lost, and the workers die
	recalledOpen        // a file takes the debt back while a payment is left at the bank's check
	bankrupt            // a file tells of bankruptcy while a bank payment is on its way: held, and sent back in its time
	lossy               // the same, sent back at once; then the bank takes it back too
	overpaid            // a file lowers the balance while all of it is on its way: a credit, sent back
	paidTwice           // a card payment is charged back, all is paid again, and then the dispute is won
	settling            // a settlement whose last payment comes back
	recalledPlan        // a plan by bank account, whose debt is recalled in the middle
	doubting            // a dispute while a bank payment is on its way, which counts by the person's word
	others
	everybody = others + 8
)

// cast is who takes part, and what the seed chose of their lives.
type cast struct {
	debts  [everybody]money.Cents
	amount [everybody]money.Cents // of the payment to which something befalls
	outage int                    // the first of three days on which the system of record is down
	rng    *rand.Rand             // of what people do from day to day
	paid   map[int]payments.Payment
	since  time.Time // of the dispute
	until  time.Time
	filed  dispute.ID
	cards  []string // disputes of card payments at the processor
	again  string   // the dispute of who paid twice
	// doubted is the reference of the dispute of who then let the payment count.
	doubted string
}

func newCast(r *rand.Rand) cast {
	c := cast{rng: r, outage: 26 + r.IntN(3), paid: map[int]payments.Payment{}}
	for i := range c.debts {
		c.debts[i] = money.Cents(300_000 + r.IntN(500_000))
		c.amount[i] = money.Cents(2_000 + r.IntN(10_000))
	}
	return c
}

// person is the reference of an account.
func person(i int) string { return fmt.Sprintf("S-%02d", i+1) }

// people are the cast as samples: each third reads Spanish. Names
// and numbers are made up.
func (c cast) people() []Sample {
	var all []Sample
	for i, amount := range c.debts {
		language := "en"
		if i%3 == 2 {
			language = "es"
		}
		all = append(all, Sample{
			language: language,
			Ref:      person(i), First: "Pat", Last: fmt.Sprintf("Sample %c", 'A'+i), Born: "1980-01-01", City: "Dayton", State: "OH", ZIP: "45402",
			Debts: []SampleDebt{{Creditor: "Riverside Hospital", Kind: "medical", Last4: fmt.Sprintf("%04d", i+1), What: "Care", Amount: amount, MonthsAgo: 5}},
		})
	}
	return all
}

// act is something that happens.
type act func(ctx context.Context, s *simulation) error

// script is what happens on which day, in order.
func (s *simulation) script() map[int][]act {
	down := s.cast.outage
	_, broken := s.parts()
	days := map[int][]act{}
	for _, e := range []struct {
		day int
		act act
	}{
		{0, planOf(disputing, payments.Card, "pm_card_visa")},
		{0, planOf(saving, payments.BankAccount, "pm_usBankAccount_success")},
		{0, pays(bounced, payments.BankAccount, "pm_usBankAccount_insufficientFunds")},
		{1, loses},
		{1, pays(refunded, payments.Card, "pm_card_visa")},
		{2, pays(stopped, payments.BankAccount, "pm_usBankAccount_success")},
		{3, pays(charged, payments.Card, "pm_card_visa")},
		{5, pays(wonBack, payments.Card, "pm_card_visa")},
		{0, settles},
		{0, planOf(recalledPlan, payments.BankAccount, "pm_usBankAccount_success")},
		{3, pays(paidTwice, payments.Card, "pm_card_visa")},
		{4, pays(bankrupt, payments.BankAccount, "pm_usBankAccount_success")},
		{4, pays(lossy, payments.BankAccount, "pm_usBankAccount_success")},
		{5, told(bankrupt, debt.Bankruptcy)},
		{5, told(lossy, debt.Bankruptcy)},
		{6, leavesOpen},
		{7, pays(doubting, payments.BankAccount, "pm_usBankAccount_success")},
		{8, doubts},
		{8, paysAll(overpaid, payments.BankAccount, "pm_usBankAccount_success")},
		{9, answerLost},
		{9, firstCharged},
		{10, fallen},
		{11, paysAll(paidTwice, payments.Card, "pm_card_visa")},
		{12, freshFile},
		{13, heldMoney},
		{14, staleFile},
		{16, counts},
		{18, creditsBack},
		{19, wonAfterAll},
		{20, told(recalledPlan, debt.Recalled)},
		{22, takenBack(lossy, "R10")},
		{23, creditsBack},
		{broken, takenBack(settling, "R10")},
		{down, recordDown},
		{down + 1, restarted},
		{down + 3, recordUp},
		{30, refund},
		{33, disputes},
		{45, comesBack},
		{52, answered},
		{60, chargedBack},
		{68, decided},
	} {
		days[e.day] = append(days[e.day], e.act)
	}
	for day := 1; day < s.options.Days; day++ {
		days[day] = append(days[day], everyday)
	}
	return days
}

// pays lets a person pay, by a test method of the processor.
func pays(i int, method payments.Method, card string) act {
	return func(ctx context.Context, s *simulation) error {
		p, err := s.Pay(ctx, person(i), fmt.Sprintf("sim/%d/%d", i, s.Clock.days()), s.cast.amount[i], method, card)
		s.cast.paid[i] = p
		s.say("%s pays %s by %s", person(i), p.Amount, said(method))
		return err
	}
}

func said(m payments.Method) string {
	if m == payments.BankAccount {
		return "bank account"
	}
	return "card"
}

func planOf(i int, method payments.Method, card string) act {
	return func(ctx context.Context, s *simulation) error {
		first := civil.Of(s.Clock.Now()).AddDays(14)
		p, _, err := s.AgreeToPlan(ctx, person(i), method, card, plans.Wish{
			Kind: plans.Installments, Rule: schedule.Rule{Rhythm: schedule.EveryTwoWeeks, First: first}, Count: 6,
		})
		s.say("%s agrees to a plan of %d payments by %s", person(i), len(p.Installments), said(method))
		return err
	}
}

// everyday is what the others do: none to two of them pay, and some cards are
// declined.
func everyday(ctx context.Context, s *simulation) error {
	r := s.cast.rng
	for n := range r.IntN(3) {
		i, amount := others+r.IntN(everybody-others), money.Cents(500+r.IntN(6_000))
		method, card := payments.Card, "pm_card_visa"
		switch r.IntN(8) {
		case 0:
			card = "pm_card_visa_chargeDeclined"
		case 1, 2, 3:
			method, card = payments.BankAccount, "pm_usBankAccount_success"
		}
		if _, err := s.Pay(ctx, person(i), fmt.Sprintf("sim/everyday/%d/%d", s.Clock.days(), n), amount, method, card); err != nil {
			return err
		}
	}
	return nil
}

// loses makes the system of record lose a posting, where that was asked for.
func loses(_ context.Context, s *simulation) error {
	if s.options.Lose {
		s.books.forget(person(refunded) + "-1")
		s.say("the system of record is about to lose a posting")
	}
	return nil
}

// answerLost loses the processor's answer to a charge that was made, and ends
// the workers before they can ask.
func answerLost(ctx context.Context, s *simulation) error {
	s.Processor.FailNextOn("/v1/payment_intents/", 1, sandbox.ModeErrorAfter)
	if err := pays(unanswered, payments.Card, "pm_card_visa")(ctx, s); err != nil {
		return err
	}
	s.say("the answer is lost, the payment is %s", s.cast.paid[unanswered].Status)
	return restarted(ctx, s)
}

func restarted(_ context.Context, s *simulation) error {
	s.say("web and workers are restarted")
	return s.restart()
}

func recordDown(_ context.Context, s *simulation) error {
	s.say("the system of record goes down")
	s.road.close(true)
	return nil
}

func recordUp(ctx context.Context, s *simulation) error {
	s.say("the system of record is back")
	s.road.close(false)
	endpoints, err := s.Portal.Store.Endpoints(ctx)
	for _, e := range endpoints {
		if e.Status == outbox.Paused {
			s.say("its endpoint had been paused; the operator lets it go on")
			_, failed := s.Portal.Endpoints.Resume(ctx, e.ID)
			err = errors.Join(err, failed)
		}
	}
	return err
}

// freshFile takes in a file with what the system of record has posted by now,
// and with a check that one person sent to it directly; staleFile takes in the
// one of the first day, which knows of no check.
func freshFile(ctx context.Context, s *simulation) error {
	s.books.credit(person(others)+"-1", s.cast.amount[others])
	s.say("%s sent the agency a check of %s", person(others), s.cast.amount[others])
	r, err := s.cutFile(ctx, "")
	s.sayFile("the placements file of today", r)
	return err
}

func staleFile(ctx context.Context, s *simulation) error {
	at := snapshot{placed: s.first, asOf: s.first, version: 1}
	r, err := s.Portal.Importer.Import(ctx, bytes.NewReader(at.file(s.People)), intake.Options{Format: intake.CSV})
	s.sayFile("the placements file of the first day", r)
	return err
}

func (s *simulation) sayFile(which string, r intake.Report) {
	s.say("%s comes in: %d updated, %d unchanged, %d older than what is held, %d refused", which, r.Updated, r.Unchanged, r.Older, r.Refused)
}

func refund(ctx context.Context, s *simulation) error {
	p := s.cast.paid[refunded]
	_, err := s.Portal.Payments.Refund(ctx, p.ID, payments.Back{DebtID: p.Allocations[0].DebtID, Amount: p.Amount / 3, Key: "sim/refund"})
	s.say("%s gets %s of %s back", person(refunded), p.Amount/3, p.Amount)
	return err
}

func disputes(ctx context.Context, s *simulation) error {
	id, st, err := s.FirstDebt(ctx, person(disputing))
	if err != nil {
		return err
	}
	d, err := s.Portal.Disputes.Open(ctx, id, st.Debt.ID, dispute.Filing{
		Kind: dispute.OfDebt, Reasons: []dispute.Reason{dispute.WrongAmount}, Story: dispute.Story{Words: "The amount is wrong."},
	}, "sim/dispute")
	s.cast.filed, s.cast.since = d.ID, s.Clock.Now()
	s.say("%s disputes the debt in the middle of the plan", person(disputing))
	return err
}

func answered(ctx context.Context, s *simulation) error {
	_, err := s.Portal.Disputes.Answer(ctx, s.cast.filed, dispute.Proof{
		Outcome: dispute.Verified, DocumentID: "V-1", Method: "mail", SentOn: civil.Of(s.Clock.Now()), By: "sim",
	}, nil)
	s.cast.until = s.Clock.Now()
	s.say("the proof is posted; the plan waits for %s's word", person(disputing))
	return err
}

func (s *simulation) held(ctx context.Context, i int) (payments.Payment, error) {
	return s.Portal.Store.Payment(ctx, s.cast.paid[i].ID)
}

func comesBack(ctx context.Context, s *simulation) error {
	p, err := s.held(ctx, stopped)
	if err == nil && !s.Processor.Return(p.IntentID, "R10") {
		err = fmt.Errorf("the debit of %s cannot come back", person(stopped))
	}
	s.say("%s's bank takes back what was paid on day 2 (R10)", person(stopped))
	return err
}

func chargedBack(ctx context.Context, s *simulation) error {
	for _, i := range []int{charged, wonBack} {
		p, err := s.held(ctx, i)
		if err != nil {
			return err
		}
		id := s.Processor.Dispute(p.IntentID, "fraudulent")
		if id == "" {
			return fmt.Errorf("the charge of %s cannot be disputed", person(i))
		}
		s.cast.cards = append(s.cast.cards, id)
	}
	s.say("the card payments of %s and %s are charged back", person(charged), person(wonBack))
	return nil
}

func decided(_ context.Context, s *simulation) error {
	for i, id := range s.cast.cards {
		s.Processor.DecideDispute(id, i == 1)
	}
	s.say("%s's chargeback is lost, %s's is won back", person(charged), person(wonBack))
	return nil
}

// rested returns the payments that were made on the disputed debt while it was
// in dispute: there may be none (AMT-06).
func (s *simulation) rested(all []payments.Payment) (wrong []payments.Payment) {
	for _, p := range all {
		if !s.cast.since.IsZero() && p.CreatedAt.After(s.cast.since) && (s.cast.until.IsZero() || p.CreatedAt.Before(s.cast.until)) {
			wrong = append(wrong, p)
		}
	}
	return wrong
}
