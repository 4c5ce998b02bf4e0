package main

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/plans/schedule"
	"quittance/portal/debt"
)

const (
	rigSavers = 100              // people whose plans fall due all the time
	rigSpread = 40 * time.Second // over which the charges of a new plan lie
)

var planID = regexp.MustCompile(`"plan":\{"id":"(pln_[A-Z0-9]+)"`)

// rigSaver is one person with a saved card and one automatic plan after the
// other. Nobody pays by hand on the same debt.
type rigSaver struct {
	account string
	debt    plans.DebtRef
	setup   payments.Setup
	last    time.Time // the last charge of the plan that runs
}

// saveCard saves a card at the processor, as agreeing to a plan does.
func (r *rig) saveCard(s *rigSaver) {
	r.t.Helper()
	ctx := r.t.Context()
	statements, err := r.store.AccountStatements(ctx, debt.AccountID(s.account))
	if err != nil || len(statements) != 1 {
		r.t.Fatalf("%d debts: %v", len(statements), err)
	}
	d := statements[0].Debt
	s.debt = plans.DebtRef{ID: string(d.ID), Ref: d.Ref, CreditorRef: d.CreditorRef}
	s.setup, err = r.portal.Gateway.SaveMethod(ctx, payments.SaveRequest{
		Key: "drf_" + s.account, AccountID: s.account, Method: payments.Card, Consent: rigConsent(),
		Token: r.cardToken("payment_method=pm_card_visa&setup_future_usage=off_session"),
	})
	if err != nil || s.setup.State != payments.SetupReady {
		r.t.Fatalf("the card is %s: %v", s.setup.State, err)
	}
}

func rigConsent() payments.Consent {
	return payments.Consent{Text: "I agree to each amount.", TextHash: "0", SessionID: "ses_rig", IP: "203.0.113.9", UserAgent: "rig", Language: "en", At: time.Now()}
}

// enroll gives each saver a new plan whenever the last one was completed,
// until ctx ends.
func (r *rig) enroll(ctx context.Context) {
	for ctx.Err() == nil {
		for _, s := range r.savers {
			if time.Now().After(s.last) && ctx.Err() == nil {
				r.newPlan(s)
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// newPlan stores a plan that falls due in the next seconds. While the last one
// still runs, because charges were delayed by a kill, the saver waits.
func (r *rig) newPlan(s *rigSaver) {
	now := time.Now()
	p := s.plan(r.portal.Plans, r.dice, now)
	lines := make([]schedule.Line, 0, len(p.Installments))
	last := now
	for _, i := range p.Installments {
		lines = append(lines, schedule.Line{Due: i.Due, Amount: i.Amount})
		if i.ChargeAt.After(last) {
			last = i.ChargeAt
		}
	}
	_, created, err := r.store.CreatePlan(r.t.Context(), p, plans.Agreement{
		PlanID: p.ID, Version: 1, Why: plans.Enrolled, Lines: lines, Name: "Pat Rig", Consent: rigConsent(), AgreedAt: now,
	})
	s.last = now.Add(time.Second)
	if err == nil && created {
		s.last = last
	}
}

// plan is one of one to three charges.
func (s *rigSaver) plan(service *plans.Service, dice *dice, now time.Time) plans.Plan {
	id, reference := service.NewID()
	p := plans.Plan{
		ID: id, Reference: reference, AccountID: s.account, RequestKey: string(id), Debt: s.debt, Kind: plans.Installments,
		Rule: schedule.Rule{Rhythm: schedule.Monthly, First: civil.Of(now)}, Charging: plans.Automatic,
		Saved: s.setup.Saved, Details: s.setup.Details, Terms: plans.DefaultTerms(), Status: plans.Active,
		Version: 1, Revision: 1, CreatedAt: now, ActivatedAt: now, ChangedAt: now,
	}
	for n := range 1 + dice.IntN(3) {
		amount := money.Cents(100 + dice.IntN(900))
		p.Total += amount
		p.Installments = append(p.Installments, plans.Installment{
			Number: n + 1, Due: civil.Of(now), ChargeAt: now.Add(time.Duration(dice.IntN(int(rigSpread)))), Amount: amount, Status: plans.Scheduled,
		})
	}
	return p
}

// lastCharge is when the last of all charges falls due.
func (r *rig) lastCharge() time.Time {
	var last time.Time
	for _, s := range r.savers {
		if s.last.After(last) {
			last = s.last
		}
	}
	return last
}

// unfinished counts plans that are not completed.
func (r *rig) unfinished(ctx context.Context) int {
	open := 0
	for _, s := range r.savers {
		for _, p := range r.plansOf(ctx, s) {
			if p.Status != plans.Completed {
				open++
			}
		}
	}
	return open
}

// paidByPlans counts the charges that went through so far.
func (r *rig) paidByPlans(ctx context.Context) int {
	paid := 0
	for _, s := range r.savers {
		for _, p := range r.plansOf(ctx, s) {
			for _, i := range p.Installments {
				if i.Status == plans.Paid {
					paid++
				}
			}
		}
	}
	return paid
}

func (r *rig) plansOf(ctx context.Context, s *rigSaver) []plans.Plan {
	all, err := r.store.PlansOfAccount(ctx, s.account)
	if err != nil {
		r.t.Fatal(err)
	}
	return all
}

// rigCharge is what happened about one installment, over all its attempts.
type rigCharge struct {
	charged   int // at the processor
	confirmed []payments.Payment
}

// checkPlans holds every installment of every plan to one charge at the
// processor, one confirmed payment and one credit.
func (r *rig) checkPlans(ctx context.Context, charged map[string]int, fault func(string, ...any)) {
	for _, s := range r.savers {
		paid, err := r.store.PaymentsOfAccount(ctx, s.account, 100_000)
		if err != nil {
			r.t.Fatal(err)
		}
		charges := map[string]*rigCharge{}
		for _, pay := range paid {
			installment := pay.RequestKey[:max(0, strings.LastIndexByte(pay.RequestKey, '/'))] // without the attempt
			c := charges[installment]
			if c == nil {
				c = &rigCharge{}
				charges[installment] = c
			}
			c.charged += charged[string(pay.ID)]
			if pay.Status == payments.Confirmed {
				c.confirmed = append(c.confirmed, pay)
				r.autopaid++
			}
		}
		for _, p := range r.plansOf(ctx, s) {
			r.checkPlan(ctx, p, charges, fault)
		}
		for installment := range charges {
			fault("installment %q was charged, but no plan has it", installment)
		}
	}
}

// checkPlan takes what it has seen out of charges.
func (r *rig) checkPlan(ctx context.Context, p plans.Plan, charges map[string]*rigCharge, fault func(string, ...any)) {
	var sum money.Cents
	for _, i := range p.Installments {
		name := fmt.Sprintf("%s/%d", p.ID, i.Number)
		c := charges[name]
		if c == nil {
			c = &rigCharge{}
		}
		delete(charges, name)
		if c.charged > 1 || len(c.confirmed) > 1 {
			fault("%s was charged %d times and has %d confirmed payments", name, c.charged, len(c.confirmed))
		}
		if (i.Status == plans.Paid) != (len(c.confirmed) == 1) {
			fault("%s is %s with %d confirmed payments", name, i.Status, len(c.confirmed))
		}
		for _, pay := range c.confirmed {
			sum += pay.Amount
			r.checkCredit(ctx, p, i, pay, fault)
		}
	}
	if p.PaidSoFar() != sum {
		fault("%s has %s paid; its payments say %s", p.ID, p.PaidSoFar(), sum)
	}
	if p.Status != plans.Completed || p.PaidSoFar() != p.Total {
		fault("%s is %s with %s of %s paid: %+v", p.ID, p.Status, p.PaidSoFar(), p.Total, p.Installments)
	}
	if n := r.completes[string(p.ID)]; n != 1 {
		fault("the end of %s was announced by %d events", p.ID, n)
	}
}

func (r *rig) checkCredit(ctx context.Context, p plans.Plan, i plans.Installment, pay payments.Payment, fault func(string, ...any)) {
	credits, err := r.store.Credits(ctx, pay.ID)
	want := plans.Credit{Payment: pay.ID, Plan: p.ID, Number: i.Number, Amount: int64(pay.Amount)}
	if err != nil || len(credits) != 1 || credits[0] != want {
		fault("%s paid %s/%d but its credits are %v: %v", pay.ID, p.ID, i.Number, credits, err)
	}
	if i.Paid != pay.Amount || i.PaymentID != pay.ID {
		fault("%s/%d has %s paid by %s; the payment is %s of %s", p.ID, i.Number, i.Paid, i.PaymentID, pay.ID, pay.Amount)
	}
}
