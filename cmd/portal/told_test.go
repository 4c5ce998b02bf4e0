package main

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"quittance/payments"
	"quittance/plans"
	"quittance/portal/debt"
	"quittance/portal/outbox"
	"quittance/portal/represent"
	"quittance/portal/store/storetest"
)

// TestWHK03_SEC08_EachActIsToldAndInTheLog has one person do most of what can be
// done, and lists which events the system of record got of it and which rows the
// audit log holds.
func TestWHK03_SEC08_EachActIsToldAndInTheLog(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		ctx, w := t.Context(), r.Portal
		const ref = "A-1002"
		r.linked(t, ref)
		if _, err := r.Pay(ctx, ref, "key-1", 1000, payments.Card, "pm_card_visa"); err != nil {
			t.Fatal(err)
		}
		id := r.live(t, ref)
		if _, err := w.Plans.Submit(ctx, string(id), "key-2", plans.Budget{
			Household: 2, Income: []plans.Line{{Kind: "pay", Amount: 3000_00}}, Essentials: []plans.Line{{Kind: "housing", Amount: 1500_00}},
		}); err != nil {
			t.Fatal(err)
		}
		r.visitor(t, ref)
		r.speaks(t, ref, represent.Guardian, "LETTERS-1")
		if err := r.MoveDays(ctx, 1); err != nil {
			t.Fatal(err)
		}
		told := map[string]bool{}
		all, err := w.Store.Feed(ctx, debt.AllCreditors(), outbox.FeedQuery{Limit: 10_000})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range all {
			if e.AccountID == string(id) {
				told[string(e.Type)] = true
			}
		}
		logged := map[string]bool{}
		rows, err := w.Store.AuditOf(ctx, string(id))
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			logged[row.Action] = true
		}
		for name, c := range map[string]struct {
			got  map[string]bool
			want string
		}{
			"told": {told, "consent.changed consumer.verified contact.changed dispute.evidence_added dispute.opened financial_statement.submitted " +
				"link.sent message.received notice.sent payment.confirmed plan.created plan.paused status.claimed"},
			"logged": {logged, "consumer.verified hold.opened link.sent message.sent payment.confirmed plan.created plan.paused read.code representative.recorded"},
		} {
			if got := strings.Join(slices.Sorted(maps.Keys(c.got)), " "); got != c.want {
				t.Errorf("%s:\n%s\nwant:\n%s", name, got, c.want)
			}
		}
	})
}
