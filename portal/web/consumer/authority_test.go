package consumer_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"quittance/payments/gatewaytest"
	"quittance/portal/debt"
	"quittance/portal/gate"
	"quittance/portal/pack"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// TestAMT04_VAL04_WhatIsLeftOutStandsBesideTheSumAndIsNotPaid looks at a medical
// debt in Minnesota, whose law forbids its interest, with fees that nothing
// allows: the pages, the notice and the payment say $300.00.
func TestAMT04_VAL04_WhatIsLeftOutStandsBesideTheSumAndIsNotPaid(t *testing.T) {
	t.Parallel()
	book, err := pack.Shipped()
	must(t, err)
	var b *bundle
	now := func() time.Time { return b.now() }
	b = setupWith(t, storetest.Open(t, storetest.SQLiteURL(t), func(o *store.Options) {
		o.Count = gate.Counting{Law: book, Required: true, Now: now}.Count
	}), options{})
	b.home = debt.Address{Line1: "1 Main St", City: "Minneapolis", State: "MN", PostalCode: "55401"}
	d := owing(342_17)
	d.Itemization.Amount, d.Itemization.Interest, d.Itemization.Fees, d.Itemization.InterestAuthority = 300_00, 32_17, 10_00, "agreement"
	p := b.place(t, d)
	b.mailed(t, p.debts[0], 10)
	v := b.signedIn(t, p)
	target := "/debts/" + string(d.ID)
	for lang, words := range map[string][]string{
		"en": {"Not included: $32.17 in interest. The law where you live does not allow it", "Not included: $10.00 in fees. We were not told what allows it"},
		"es": {"No se incluyen $32.17 en interés. La ley del lugar donde usted vive no lo permite", "No se incluyen $10.00 en cargos. No nos dijeron qué lo permite"},
	} {
		v.post("/language", "lang", lang, "next", target)
		body := v.get(target).body
		for _, want := range append(words, "$300.00") {
			if !strings.Contains(body, want) {
				t.Errorf("%s: the page lacks %q", lang, want)
			}
		}
	}
	v.post("/language", "lang", "en", "next", target)
	for _, page := range []string{target, "/account", target + "/notice", "/payments/new"} {
		if body := v.get(page).body; strings.Contains(body, "$342.17") || !strings.Contains(body, "$300.00") {
			t.Errorf("%s does not say $300.00", page)
		}
	}
	if a := v.choose("card", "choice_"+string(d.ID), "other", "amount_"+string(d.ID), "300.01"); a.status != http.StatusUnprocessableEntity {
		t.Errorf("a cent of it: %d %s", a.status, a.location)
	}
	v.post("/payments/" + v.ready(gatewaytest.CardDebit, "choice_"+string(d.ID), "all") + "/review")
	if charges := b.bench.Sandbox.Charges(); len(charges) != 1 || charges[0].Amount != 300_00 {
		t.Errorf("charged %+v", charges)
	}
}
