package app

import (
	"testing"
	"time"

	"quittance/frontend/mail"
	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans"
	"quittance/plans/civil"
)

// TestF6_WhatBecameOfMoneyIsToldOnceAndOnlyWhatIsSo compares what each change of a
// payment is to whoever paid.
func TestF6_WhatBecameOfMoneyIsToldOnceAndOnlyWhatIsSo(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, time.November, 30, 12, 0, 0, 0, time.UTC)
	paid := func(s payments.Status, change func(*payments.Payment)) payments.Payment {
		p := payments.Payment{
			Status: s, Method: payments.Card, Amount: 50_00, ConfirmedAt: at,
			Allocations: []payments.Allocation{{DebtID: "dbt_1", Amount: 30_00}, {DebtID: "dbt_2", Amount: 20_00}},
		}
		if change != nil {
			change(&p)
		}
		return p
	}
	bank := func(p *payments.Payment) { p.Method = payments.BankAccount }
	charge := func(p *payments.Payment) { p.Unattended = true }
	held := func(n ...int) func(*payments.Payment) {
		return func(p *payments.Payment) {
			for _, i := range n {
				p.Allocations[i].Held = "disputed"
			}
		}
	}
	back := func(refunded, withdrawn money.Cents) func(*payments.Payment) {
		return func(p *payments.Payment) { p.Refunded, p.Withdrawn = refunded, withdrawn }
	}
	for name, c := range map[string]struct {
		before, after payments.Payment
		news          []payments.News
		want          []mail.Moved
	}{
		"paid by card":             {paid(payments.Submitting, nil), paid(payments.Confirmed, nil), []payments.News{payments.NewsConfirmed}, []mail.Moved{{Turn: mail.Paid, Amount: 50_00}}},
		"sent by the bank":         {paid(payments.Submitting, bank), paid(payments.Processing, bank), []payments.News{payments.NewsSubmitted}, []mail.Moved{{Turn: mail.Sent, Amount: 50_00}}},
		"cleared":                  {paid(payments.Processing, bank), paid(payments.Confirmed, bank), []payments.News{payments.NewsConfirmed}, []mail.Moved{{Turn: mail.Cleared, Amount: 50_00}}},
		"sent back by the bank":    {paid(payments.Processing, bank), paid(payments.Failed, bank), []payments.News{payments.NewsFailed}, []mail.Moved{{Turn: mail.Returned, Amount: 50_00}}},
		"declined before the eyes": {paid(payments.Submitting, nil), paid(payments.Failed, nil), []payments.News{payments.NewsFailed}, nil},
		"a charge that failed":     {paid(payments.Submitting, charge), paid(payments.Failed, charge), []payments.News{payments.NewsFailed}, []mail.Moved{{Turn: mail.Failed, Amount: 50_00}}},
		"a charge that is tried again": {paid(payments.Submitting, charge), paid(payments.Failed, func(p *payments.Payment) {
			charge(p)
			p.Failure.Code = payments.FailureUnreachable
		}), []payments.News{payments.NewsFailed}, nil},
		"all of it held":       {paid(payments.Submitting, held(0, 1)), paid(payments.Held, held(0, 1)), []payments.News{payments.NewsHeld}, []mail.Moved{{Turn: mail.Held, Amount: 50_00}}},
		"a part held":          {paid(payments.Submitting, held(1)), paid(payments.Confirmed, held(1)), []payments.News{payments.NewsConfirmed, payments.NewsHeld}, []mail.Moved{{Turn: mail.Paid, Amount: 30_00}, {Turn: mail.Held, Amount: 20_00}}},
		"counted after all":    {paid(payments.Held, held(0, 1)), paid(payments.Confirmed, held(1)), []payments.News{payments.NewsReleased}, []mail.Moved{{Turn: mail.Counted, Amount: 30_00}}},
		"a part sent back":     {paid(payments.Confirmed, back(5_00, 0)), paid(payments.Confirmed, back(15_00, 0)), []payments.News{payments.NewsRefunded}, []mail.Moved{{Turn: mail.Refunded, Amount: 10_00}}},
		"charged back":         {paid(payments.Confirmed, nil), paid(payments.Reversed, back(0, 50_00)), []payments.News{payments.NewsReversed}, []mail.Moved{{Turn: mail.ChargedBack, Amount: 50_00}}},
		"lost after a refund":  {paid(payments.Refunded, back(50_00, 0)), paid(payments.Refunded, back(50_00, 50_00)), []payments.News{payments.NewsReversed}, nil},
		"won again":            {paid(payments.Reversed, back(0, 50_00)), paid(payments.Confirmed, nil), []payments.News{payments.NewsReinstated}, []mail.Moved{{Turn: mail.Again, Amount: 50_00}}},
		"won again, and held":  {paid(payments.Reversed, back(0, 50_00)), paid(payments.Held, held(0, 1)), []payments.News{payments.NewsReinstated}, []mail.Moved{{Turn: mail.Held, Amount: 50_00}}},
		"taken and taken back": {paid(payments.Processing, bank), paid(payments.Reversed, func(p *payments.Payment) { bank(p); p.Withdrawn = 50_00 }), []payments.News{payments.NewsConfirmed, payments.NewsReversed}, []mail.Moved{{Turn: mail.Returned, Amount: 50_00}}},
	} {
		today := civil.Of(at)
		got := moneyMoves(payments.Change{Before: c.before, After: c.after, Moved: true, News: c.news}, today)
		if len(got) != len(c.want) {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
			continue
		}
		for i, want := range c.want {
			if want.On = today; got[i] != want {
				t.Errorf("%s: %+v, want %+v", name, got[i], want)
			}
		}
	}
}

// TestF6_OfAPlanOnlyWhatTheConsumerDidNotDoIsTold.
func TestF6_OfAPlanOnlyWhatTheConsumerDidNotDoIsTold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why   plans.Why
		after plans.Status
		want  mail.PlanTurn
	}{
		{plans.BalanceFell, plans.Active, mail.PlanLess},
		{plans.BalanceFell, plans.Completed, mail.PlanEnded},
		{plans.Housekeeping, plans.Canceled, mail.PlanEnded},
		{plans.Housekeeping, plans.Active, ""},
		{plans.NoticeMissing, plans.Active, mail.PlanLater},
		{plans.WeWereLate, plans.Active, mail.PlanLater},
		{plans.CardRunsOut, plans.Active, mail.PlanCard},
		{plans.DateMoved, plans.Active, ""},
		{plans.ByConsumerWhy, plans.Canceled, ""},
		{plans.InstallmentPaid, plans.Completed, ""},
	} {
		change := plans.Change{Before: plans.Plan{Status: plans.Active}, After: plans.Plan{Status: c.after}, Why: c.why, Moved: true}
		if got := planTurn(change); got != c.want {
			t.Errorf("%s, %s: %q, want %q", c.why, c.after, got, c.want)
		}
		change.Moved = false
		if got := planTurn(change); got != "" {
			t.Errorf("%s, %s: nothing moved, and %q is told", c.why, c.after, got)
		}
	}
}
