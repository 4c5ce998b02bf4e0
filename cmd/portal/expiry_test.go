package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"quittance/payments"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/portal/contact"
	"quittance/portal/store/storetest"
)

// endsIn is the token of a card that is good until the end of a day's month, typed
// into the processor's own fields.
func (c *clearing) endsIn(month civil.Date) string {
	c.t.Helper()
	stripe := c.Portal.Config.Stripe
	answer, err := http.PostForm(stripe.APIURL+"/v1/confirmation_tokens", url.Values{
		"key": {stripe.PublishableKey}, "payment_method_data[type]": {"card"}, "payment_method_data[card][number]": {"4242424242424242"},
		"payment_method_data[card][cvc]": {"123"}, "payment_method_data[card][exp_month]": {month.String()[5:7]},
		"payment_method_data[card][exp_year]": {month.String()[:4]}, "setup_future_usage": {"off_session"},
	})
	c.must(err)
	defer answer.Body.Close()
	var token struct{ ID string }
	if err := json.NewDecoder(answer.Body).Decode(&token); err != nil || token.ID == "" {
		c.t.Fatalf("no token: %s, %v", answer.Status, err)
	}
	return token.ID
}

// signing is the address at which a plan with such a card is signed.
func (c *clearing) signing(ref string, card civil.Date) string {
	c.t.Helper()
	ctx := c.t.Context()
	id, st, err := c.FirstDebt(ctx, ref)
	c.must(err)
	draft, _, err := c.Portal.Plans.Begin(ctx, string(id), string(st.Debt.ID), c.monthlyFrom(20, 50_00))
	c.must(err)
	_, err = c.Portal.Plans.Choose(ctx, string(id), draft.ID, plans.Automatic, payments.Card, c.endsIn(card))
	c.must(err)
	return "/plans/new/" + draft.ID + "/sign"
}

// toldOfCard are the messages that say until when a card is good.
func (c *clearing) toldOfCard(ref string) (told []string) {
	c.t.Helper()
	for _, m := range c.mails(ref) {
		if strings.Contains(m.Plain, "is good until") {
			told = append(told, m.Plain)
		}
	}
	return told
}

func said(day civil.Date) string {
	return time.Date(day.Year, day.Month, day.Day, 0, 0, 0, 0, time.UTC).Format("January 2, 2006")
}

// TestIE_F20_ACardThatEndsBeforeThePlanIsSaidBeforeSigningAndAMonthBefore signs plans
// of ten months with cards that end in two, or later than the plan, as the processor
// knows them.
func TestIE_F20_ACardThatEndsBeforeThePlanIsSaidBeforeSigningAndAMonthBefore(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		c := clears(t, database)
		ctx, today := t.Context(), civil.Of(c.Clock.Now().UTC())
		ends := today.AddMonths(2, 31)
		good := "Your card is good until " + said(ends)
		c.agrees("A-1002", contact.Choice{Email: true})
		who := c.visitor(t, "A-1002")
		lasts, _ := who.get(c.signing("A-1002", today.AddMonths(30, 1)))
		if strings.Contains(lasts, "Your card is good until") || !strings.Contains(lasts, `name="seen"`) {
			t.Errorf("of a card that lasts: %s", lasts)
		}
		at := c.signing("A-1002", ends)
		sign, _ := who.get(at)
		if !strings.Contains(sign, good) || !strings.Contains(sign, "The last payment of this plan is on") {
			t.Errorf("before the signature: %s", sign)
		}
		plan := who.post(at, url.Values{"csrf": {field(csrfField, sign)}, "seen": {field(seenField, sign)}, "agree": {"yes"}, "name": {"Ben Okafor"}})
		if !strings.HasPrefix(plan, "/plans/pln_") {
			t.Fatalf("signing led to %q", plan)
		}
		for _, at := range []string{plan, "/account"} {
			if page, _ := who.get(at); strings.Contains(page, said(ends)) && strings.Contains(page, "good until") {
				t.Errorf("%s says it long before", at)
			}
		}
		c.must(c.MoveDays(ctx, civil.DaysBetween(today, ends)-33))
		if told := c.toldOfCard("A-1002"); len(told) != 0 {
			t.Errorf("told long before: %s", told)
		}
		c.must(c.MoveDays(ctx, 10))
		if told := c.toldOfCard("A-1002"); len(told) != 1 || !strings.Contains(told[0], "is good until "+said(ends)+". Payments after that day may not go through.") {
			t.Errorf("a month before they are told %q", told)
		}
		who = c.visitor(t, "A-1002")
		for at, want := range map[string]string{plan: good, "/account": `href="` + plan + `">The card of your plan is good until ` + said(ends)} {
			if page, _ := who.get(at); !strings.Contains(page, want) {
				t.Errorf("a month before %s lacks %q: %s", at, want, page)
			}
		}
		door, _ := who.get(plan)
		if !strings.Contains(door, `href="`+plan+`/method"`) {
			t.Errorf("there is no door to another card: %s", door)
		}
		c.must(c.MoveDays(ctx, 26)) // it is over wherever they live
		who = c.visitor(t, "A-1002")
		for at, want := range map[string]string{plan: "Your card was good until " + said(ends), "/account": "The card of your plan was good until "} {
			if page, _ := who.get(at); !strings.Contains(page, want) || strings.Contains(page, "is good until") {
				t.Errorf("afterwards %s lacks %q: %s", at, want, page)
			}
		}
		if told := c.toldOfCard("A-1002"); len(told) != 1 {
			t.Errorf("told again: %q", told)
		}
	})
}
