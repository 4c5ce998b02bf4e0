package stripegw

import (
	"testing"

	"quittance/payments"
)

func TestU9_TheHostedPageSpeaksTheLanguageOfTheReview(t *testing.T) {
	t.Parallel()
	g, c := with(t, nil, func(cfg *Config) {
		cfg.Item = func(language, reference string) string { return language + ": " + reference }
	})
	p := payment()
	for _, p.Consent.Language = range []string{"es", "en"} {
		g.OpenPage(t.Context(), p, "https://a/b", "https://a/c")
	}
	for i, want := range []string{"es", "en"} {
		if got := c.forms[i].Get("locale"); got != want {
			t.Errorf("%s: the page is in %q", want, got)
		}
		if got := c.forms[i].Get("line_items[0][price_data][product_data][name]"); got != want+": PAY-7KQ2M9XD" {
			t.Errorf("%s: it names %q", want, got)
		}
	}
	if c.seen[0].Header.Get("Idempotency-Key") == c.seen[1].Header.Get("Idempotency-Key") {
		t.Error("two different requests have one key")
	}
}

func TestSTR11_AfterTheHostedPageTheMicrodepositsHaveAPageOfTheirOwn(t *testing.T) {
	t.Parallel()
	g, _ := with(t, map[string]string{"GET /v1/checkout/sessions/cs_1": `200 {"id":"cs_1","status":"complete","amount_total":15000,
		"metadata":{"payment_id":"pay_1"},"url":null,"payment_intent":{"id":"pi_1","status":"requires_action","amount":15000,"currency":"usd",
		"metadata":{"payment_id":"pay_1"},"next_action":{"type":"verify_with_microdeposits",
		"verify_with_microdeposits":{"hosted_verification_url":"https://verify.example/1"}}}}`})
	p := payment()
	p.IntentID, p.CheckoutID, p.Method = "", "cs_1", payments.BankAccount
	truth, err := g.Fetch(t.Context(), p)
	if err != nil || !truth.Microdeposits || truth.ActionURL != "https://verify.example/1" {
		t.Errorf("%v, microdeposits %t, at %q", err, truth.Microdeposits, truth.ActionURL)
	}
}
