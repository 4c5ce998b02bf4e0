package mocktest

import (
	"net/http"
	"slices"
	"testing"

	"quittance/payments"
	"quittance/payments/sandbox"
	"quittance/payments/stripegw/stripetest"
)

// bench puts a gateway before a sandbox of its own, whose requests pass through
// wrap (nil: straight) and whose events go to webhookURL (empty: to nobody).
func bench(t testing.TB, webhookURL string, wrap func(http.Handler) http.Handler) (stripetest.Bench, *sandbox.Server) {
	t.Helper()
	sb := sandbox.New(sandbox.Config{
		SecretKey: stripetest.SecretKey, WebhookSecret: stripetest.WebhookSecret, WebhookURL: webhookURL, Seed: 1,
	})
	s := stripetest.Server{
		Handler: sb.Handler(), Advance: sb.Advance,
		LoseAnswer: func() { sb.FailNext(1, sandbox.ModeErrorAfter) },
		Break:      func() { sb.FailNext(1, sandbox.ModeError) },
		Return:     sb.Return,
		Charges: func(id payments.ID) int {
			taken := slices.DeleteFunc(sb.Charges(), func(c sandbox.Charge) bool { return c.Metadata["payment_id"] != string(id) })
			return len(taken)
		},
	}
	if wrap != nil {
		s.Handler = wrap(s.Handler)
	}
	return stripetest.New(t, s), sb
}
