package consumer_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/gatewaytest"
	"quittance/portal/audit"
	"quittance/portal/debt"
	"quittance/portal/retention"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// only chooses to pay one debt of several.
func only(p person, chosen int, how ...string) []string {
	var fields []string
	for i, d := range p.debts {
		choice := "none"
		if i == chosen {
			choice = how[0]
			if len(how) > 1 {
				fields = append(fields, "amount_"+string(d.ID), how[1])
			}
		}
		fields = append(fields, "choice_"+string(d.ID), choice)
	}
	return fields
}

// declines tries a card that has no money.
func (v *browser) declines(p person, times int) []payments.ID {
	v.t.Helper()
	return v.fails(p, gatewaytest.CardNoFunds, times)
}

// fails tries a card that does not go through.
func (v *browser) fails(p person, card gatewaytest.Kind, times int) []payments.ID {
	v.t.Helper()
	var tried []payments.ID
	for range times {
		id := v.ready(card, only(p, 0, "other", "1.00")...)
		if a := v.post("/payments/" + id + "/review"); a.status != 303 {
			v.t.Fatalf("paying led to %d", a.status)
		}
		if page := v.get("/payments/" + id); !strings.Contains(page.body, "Your card said no") {
			v.t.Fatalf("the card was not declined: %s", page.body)
		}
		tried = append(tried, payments.ID(id))
	}
	return tried
}

const noMoreCards = "Five cards did not go through today"

// TestASVS241_FiveDeclinesADayThenNoCard: of an account; a bank account stays
// open, somebody of the agency is told, and the next day cards are taken again.
func TestASVS241_FiveDeclinesADayThenNoCard(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		p := b.place(t, owing(15000))
		v := b.signedIn(t, p)
		v.declines(p, 4)
		if b.warned.count() != 0 {
			t.Error("somebody is told of four")
		}
		v.declines(p, 1)
		a := v.choose("card", only(p, 0, "other", "1.00")...)
		if a.status != 422 || !strings.Contains(a.body, noMoreCards) || !strings.Contains(a.body, "(800) 555-0134") {
			t.Errorf("the sixth card: %d %s", a.status, a.body)
		}
		if n := b.warned.count(); n != 1 || b.warned.list[0].Kind != payments.CardDeclines || b.warned.list[0].Subject != string(p.account.ID) {
			t.Errorf("told %+v", b.warned.list)
		}
		if bank := v.ready(gatewaytest.BankGood, only(p, 0, "other", "1.00")...); bank == "" {
			t.Error("a bank account is not taken")
		}
		b.bench.Sandbox.Advance(24*time.Hour + time.Minute)
		if a := b.signedIn(t, p).choose("card", only(p, 0, "other", "1.00")...); a.status != 303 {
			t.Errorf("a day later: %d", a.status)
		}
	})
}

// TestASVS241_FiveDeclinesOfOneCardWhoeverUsesIt.
func TestASVS241_FiveDeclinesOfOneCardWhoeverUsesIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		for range 5 {
			p := b.place(t, owing(15000))
			b.signedIn(t, p).declines(p, 1)
		}
		p := b.place(t, owing(15000))
		v := b.signedIn(t, p)
		a := v.choose("card", only(p, 0, "other", "1.00")...)
		v.get(a.location)
		if a := v.post(a.location, "confirmation_token", b.bench.Token(t, gatewaytest.CardNoFunds)); a.status != 422 || !strings.Contains(a.body, noMoreCards) {
			t.Errorf("the same card from a sixth account: %d %s", a.status, a.body)
		}
		if other := v.ready(gatewaytest.CardDebit, only(p, 0, "other", "1.00")...); other == "" {
			t.Error("another card from that account is not taken")
		}
	})
}

// TestASVS241_ThirtyAtOnceAreFiveDeclines: what is under way counts.
func TestASVS241_ThirtyAtOnceAreFiveDeclines(t *testing.T) {
	t.Parallel()
	const most = 30
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		debts := make([]debt.Debt, most)
		for i := range debts {
			debts[i] = owing(15000)
		}
		p := b.place(t, debts...)
		v := b.signedIn(t, p)
		ids := make([]string, most)
		for i := range ids {
			ids[i] = v.ready(gatewaytest.CardNoFunds, only(p, i, "all")...)
		}
		var hands sync.WaitGroup
		for _, id := range ids {
			hands.Go(func() { v.post("/payments/" + id + "/review") })
		}
		hands.Wait()
		failed := 0
		for _, id := range ids {
			payment, err := s.Payment(t.Context(), payments.ID(id))
			must(t, err)
			if payment.Status != payments.Ready {
				failed++
			}
		}
		if failed != payments.DeclinesADay {
			t.Errorf("%d of %d were asked for", failed, most)
		}
	})
}

// TestASVS241_ACardThatIsOnlySavedCountsToo: saving one asks its bank as well.
func TestASVS241_ACardThatIsOnlySavedCountsToo(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		p := b.place(t, owing(15000), owing(15000))
		v := b.signedIn(t, p)
		plan := v.byHand(person{account: p.account, debts: p.debts[:1]})
		signs := func(kind gatewaytest.Kind) view {
			sign, shown := v.rewires(plan, "card", b.bench.Token(t, kind))
			return v.post(sign, "seen", field(t, seenField, shown), "revision", field(t, revision, shown), "agree", "yes", "name", "Ana Garcia")
		}
		for i := range payments.DeclinesADay {
			if a := signs(gatewaytest.CardNoFunds); a.status != 422 || b.warned.count() != 0 {
				t.Fatalf("card %d: %d, told %d", i+1, a.status, b.warned.count())
			}
		}
		if a := signs(gatewaytest.CardDebit); a.status != 422 || b.warned.count() != 1 {
			t.Errorf("the sixth, a good one: %d, told %d", a.status, b.warned.count())
		}
		if a := v.choose("card", only(p, 1, "all")...); a.status != 422 || !strings.Contains(a.body, noMoreCards) {
			t.Errorf("paying by card: %d", a.status)
		}
	})
}

// TestF9_WhatSaysNothingOfTheCardIsNoDecline: six times nobody could ask its
// bank, when it paid and when it was saved.
func TestF9_WhatSaysNothingOfTheCardIsNoDecline(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		p := b.place(t, owing(15000), owing(15000))
		v := b.signedIn(t, p)
		v.fails(p, gatewaytest.CardUnanswered, payments.DeclinesADay+1)
		if id := v.ready(gatewaytest.CardDebit, only(p, 0, "other", "1.00")...); id == "" || b.warned.count() != 0 {
			t.Errorf("no card is taken, told %d", b.warned.count())
		}
		plan := v.byHand(person{account: p.account, debts: p.debts[1:]})
		signs := func(token string) view {
			sign, shown := v.rewires(plan, "card", token)
			return v.post(sign, "seen", field(t, seenField, shown), "revision", field(t, revision, shown), "agree", "yes", "name", "Ana Garcia")
		}
		for i := range payments.DeclinesADay + 1 {
			if a := signs(b.bench.Token(t, gatewaytest.CardUnanswered)); a.status != 422 {
				t.Fatalf("saving %d: %d", i+1, a.status)
			}
		}
		if a := signs(b.bench.Token(t, gatewaytest.CardDebit)); a.status != 303 || b.warned.count() != 0 {
			t.Errorf("a good card: %d, told %d", a.status, b.warned.count())
		}
	})
}

// TestF9_WhichCardItWasIsForgottenWithTheCount: within a day the job that erases
// leaves it, after two days nothing tells the card, and nobody learns it anew.
func TestF9_WhichCardItWasIsForgottenWithTheCount(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		p := b.place(t, owing(15000))
		v := b.signedIn(t, p)
		paid := v.ready(gatewaytest.CardDebit, only(p, 0, "other", "1.00")...)
		v.post("/payments/" + paid + "/review")
		tried := append(v.declines(p, payments.DeclinesADay), payments.ID(paid))
		card := func() (known string, counted payments.Tries) {
			t.Helper()
			var all []string
			for _, id := range tried {
				payment, err := s.Payment(t.Context(), id)
				must(t, err)
				all = append(all, payment.Details.Fingerprint)
			}
			counted, err := s.Tries(t.Context(), payments.Payment{ID: "another", AccountID: string(p.account.ID)}, time.Unix(1, 0))
			must(t, err)
			return strings.Join(all, ""), counted
		}
		was, _ := card()
		for _, later := range []struct {
			hours int
			known string
			tries int
		}{{23, was, payments.DeclinesADay}, {26, "", 0}} {
			b.bench.Sandbox.Advance(time.Duration(later.hours) * time.Hour)
			job := &retention.Job{Store: s, Audit: &audit.Log{Store: s, Now: b.now}, Now: b.now}
			_, err := job.Run(t.Context(), false)
			must(t, err)
			if known, counted := card(); was == "" || known != later.known || counted.OfAccount != later.tries {
				t.Errorf("%d hours later the card is %q (was %q), and counted %+v", later.hours, known, was, counted)
			}
		}
		for _, id := range tried {
			_, _, err := b.pay.Refresh(t.Context(), id)
			must(t, err)
		}
		if known, _ := card(); known != "" {
			t.Errorf("the processor's word brings it back: %q", known)
		}
	})
}
