package main

import (
	"slices"
	"testing"

	"quittance/payments"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/plans/schedule"
	"quittance/portal/contact"
	"quittance/portal/letter"
	"quittance/portal/outbox"
	"quittance/portal/pack"
	"quittance/portal/pack/packtest"
	"quittance/portal/store/storetest"
	"quittance/portal/validation"
)

// TestSTA04_APlanIsConfirmedByMailOrByEmailAndItIsCounted signs plans on the
// whole portal where the law wants them confirmed in writing: with nobody's
// consent the system of record is asked to mail the letter, with it an e-mail
// goes out.
func TestSTA04_APlanIsConfirmedByMailOrByEmailAndItIsCounted(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		ctx := t.Context()
		for _, c := range []struct {
			ref     string
			consent bool
			way     letter.Way
		}{{"A-1002", false, letter.ByMail}, {"A-1007", true, letter.ByEmail}} {
			account, _, err := r.Portal.Store.AccountByRef(ctx, c.ref)
			if err != nil {
				t.Fatal(err)
			}
			r.Portal.Papers.Law = packtest.With(account.Consumer.Address.State, pack.Rule{
				Trigger: pack.Plan, Effect: pack.RequireDocument, Value: pack.Value{Document: string(letter.Confirmation), Days: 5},
			})
			if c.consent {
				err := r.Portal.Contacts.Record(ctx, contact.Consent{
					AccountID: account.ID, Channel: contact.Email, Basis: contact.DirectConsent, RecordedBy: "consumer", TextVersion: validation.ElectronicText,
				}, contact.EmailAddress(account.Consumer.Email))
				if err != nil {
					t.Fatal(err)
				}
			}
			_, id := r.signUp(t, c.ref, payments.Card, "pm_card_visa", plans.Wish{
				Kind: plans.Later, Rule: schedule.Rule{First: civil.Of(r.Clock.Now()).AddDays(25)},
			})
			if c.way == letter.ByMail {
				queue, err := r.Portal.Papers.ToMail(ctx, 10)
				if err != nil || len(queue) != 1 || queue[0].Due != queue[0].MakeOn.AddDays(5) {
					t.Fatalf("the queue: %+v, %v", queue, err)
				}
				if _, err := r.Portal.Sequencer.Step(ctx); err != nil {
					t.Fatal(err)
				}
				if _, err := r.Portal.Poster.Acknowledge(ctx, outbox.Posting{Event: outbox.EventID(queue[0].Message), TransactionID: "USPS-1"}); err != nil {
					t.Fatal(err)
				}
			}
			if err := r.MoveDays(ctx, 2); err != nil {
				t.Fatal(err)
			}
			all, err := r.Portal.Papers.Of(ctx, id)
			if err != nil || len(all) != 1 || all[0].Kind != letter.Confirmation || all[0].State != letter.Given || all[0].Way != c.way {
				t.Errorf("%s: %+v, %v", c.ref, all, err)
			}
		}
	})
}

// TestSTA04_APaidDebtAndAFirstLookOweTheirPapers pays one debt in full, has one
// person come in and sends another a link, where the law of the place wants a
// paper with the first notice.
func TestSTA04_APaidDebtAndAFirstLookOweTheirPapers(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		ctx := t.Context()
		owed := func(ref string) (kinds []letter.Kind) {
			account, _, err := r.Portal.Store.AccountByRef(ctx, ref)
			if err != nil {
				t.Fatal(err)
			}
			all, err := r.Portal.Papers.Of(ctx, account.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range all {
				kinds = append(kinds, l.Kind)
			}
			return kinds
		}
		_, st, err := r.FirstDebt(ctx, "A-1002")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Pay(ctx, "A-1002", "key-1", st.Owed, payments.Card, "pm_card_visa"); err != nil {
			t.Fatal(err)
		}
		if err := r.Settle(ctx); err != nil {
			t.Fatal(err)
		}
		if got := owed("A-1002"); !slices.Equal(got, []letter.Kind{letter.Satisfaction}) {
			t.Errorf("papers of a paid debt: %v", got)
		}
		for ref, hear := range map[string]func(){
			"A-1007": func() { r.visitor(t, "A-1007") },
			"A-1001": func() { r.linked(t, "A-1001") },
		} {
			account, _, err := r.Portal.Store.AccountByRef(ctx, ref)
			if err != nil {
				t.Fatal(err)
			}
			r.Portal.Papers.Law = packtest.With(account.Consumer.Address.State, pack.Rule{
				Trigger: pack.FirstNotice, Effect: pack.RequireDocument, Value: pack.Value{Document: string(letter.Payoff), Days: 5},
			})
			hear()
			if got := owed(ref); !slices.Contains(got, letter.Payoff) {
				t.Errorf("%s: papers of the first notice: %v", ref, got)
			}
		}
	})
}
