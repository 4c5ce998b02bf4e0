package consumer_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"quittance/portal/contact"
	"quittance/portal/identity"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// limping is a store that is gone for a moment, just after somebody was let in.
type limping struct {
	*store.Store
	now *atomic.Bool
}

func (l limping) NameDevice(ctx context.Context, id identity.SessionID, device string) error {
	if l.now.Load() {
		return errors.New("the database is gone")
	}
	return l.Store.NameDevice(ctx, id, device)
}

// TestSEC12_WhatOpensOnceIsNotUsedUpForNobody: a link, or six digits, that were
// right let the person in, also when something failed right behind it.
func TestSEC12_WhatOpensOnceIsNotUsedUpForNobody(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{stepUp: contact.SMS})
		p := b.place(t, owing(15000))
		isIn := func(v *browser, what string, a view) {
			t.Helper()
			if a.status != 500 {
				t.Fatalf("%s: the fault is answered with %d %q", what, a.status, a.location)
			}
			b.limps.Store(false)
			if a := v.get("/account"); a.status != 200 {
				t.Errorf("%s: it was used up, and nobody is in: %d %q", what, a.status, a.location)
			}
		}

		link := b.sendLink(t, p)
		v := b.visit(t)
		v.get(link)
		v.post(link)
		v.get("/verify")
		b.limps.Store(true)
		isIn(v, "the link", v.post("/verify", "zip", "45501"))
		v.get(link)
		if a := v.post(link); a.location != "/account" {
			t.Errorf("the link leads to %d %q", a.status, a.location)
		}
		delete(v.cookies, "session")
		v.get("/")
		v.follows(link) // as it does for a day where it was used

		v, a := b.tries(t, "", p.code, "45501")
		if a.location != "/verify/code" {
			t.Fatalf("the code led to %d %q", a.status, a.location)
		}
		v.get("/verify/code")
		b.limps.Store(true)
		isIn(v, "the digits", v.post("/verify/code", "code", b.sent.last(t)))
	})
}
