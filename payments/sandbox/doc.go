// Package sandbox is a stateful, Stripe-compatible HTTP server for API version
// 2024-06-20. The demo, the tests, the crash rigs and the benchmarks run the
// real SDK and the real browser script loader against it, so nothing in the
// payment path knows whether it talks to Stripe or to this package.
//
// It imports the standard library only and nothing of the product: it is
// reached over HTTP, and only who starts it calls it from Go.
//
//	sb := sandbox.New(sandbox.Config{
//		SecretKey: "sk_test_1", PublishableKey: "pk_test_1",
//		WebhookSecret: "whsec_1", WebhookURL: portal + "/hooks/stripe",
//		Now: clock.Now,
//	})
//	srv := httptest.NewServer(sb.Handler()) // API, script, pages: one origin
//	go sb.Run(ctx)                          // settles by the clock, sends events
//
// # Addresses
//
//	/v1/...               the API: form-encoded in, Stripe-shaped JSON out
//	/v3/                  the browser script, a subset of stripe.js
//	/js/...               the frames that script opens (card data stays in them)
//	/checkout/{session}   the hosted payment page, which needs no JavaScript
//	/3ds/{object}/{token} the 3-D Secure challenge
//	/microdeposits/{id}   the hosted page where micro-deposits are verified
//	/sandbox/...          steering for another process, in JSON (see control.go)
//
// # Time
//
// Everything that takes days follows Config.Now: an ACH debit stays processing
// for four business days, a late return comes five business days after it
// succeeded, a confirmation token lives for twelve hours. Who owns that clock
// moves it and calls Tick; who does not calls Advance, which moves the
// sandbox's own clock ahead of it.
//
// # Test numbers
//
// Stripe's own: see cards.go and banks.go. Bank accounts are verified at once,
// as if the person had signed in to the bank, unless verification_method is
// "microdeposits", the person ticks that box, or the account is 000666666661.
// One number differs from Stripe's on purpose: 000333333335 succeeds and comes
// back later as an R10 (a dispute with reason debit_not_authorized), because
// that is the case a collector has to survive.
//
// # Faults
//
// FailNext, FailNextOn and FailSome break requests (Mode lists how); EventFaults
// delays, doubles, drops and shuffles events. Charges, ChargeCount and Sent tell
// a rig what really happened.
//
// State is in memory. Events and idempotency keys are bounded (Config.MaxEvents,
// Config.MaxKeys); intents and charges are never dropped.
package sandbox
