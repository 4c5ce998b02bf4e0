package web

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"quittance/portal/audit"
	"quittance/portal/evidence"
)

type saying string

// Render writes the page.
func (s saying) Render(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, string(s))
	return err
}

func TestREC02_APageOfLegalEffectThatCannotBeKeptIsNotShown(t *testing.T) {
	t.Parallel()
	var kept []evidence.Sight
	var broken error
	b := setup(t, func(c *Config) {
		c.Keep = func(ctx context.Context, s evidence.Sight, page []byte) error {
			if string(page) != "You owe $5." || audit.Actor(ctx) != "consumer:acc_ana" {
				t.Errorf("kept %q for %s", page, audit.Actor(ctx))
			}
			kept = append(kept, s)
			return broken
		}
	}, Route{Method: "GET", Pattern: "/debts/:id", Access: Consumer, Keeps: "debt", Handler: func(r *Request) error {
		return r.Page(200, saying("You owe $5."))
	}}, Route{Method: "GET", Pattern: "/plain", Access: Consumer, Handler: func(r *Request) error { return r.Page(200, saying("Hello.")) }})
	const cookie = "__Host-session=ana"
	if a := b.do(t, "GET", "/debts/dbt_1", "", "Cookie", cookie, "Accept-Language", "es"); a.status != 200 || a.body != "You owe $5." {
		t.Fatalf("%d %q", a.status, a.body)
	}
	want := evidence.Sight{AccountID: "acc_ana", SessionID: "ses_ana", Kind: "debt", Route: "GET /debts/:id", Status: 200, Language: "es"}
	if len(kept) != 1 || kept[0].AccountID != want.AccountID || kept[0].SessionID != want.SessionID || kept[0].Route != want.Route ||
		kept[0].Kind != want.Kind || kept[0].Language != want.Language {
		t.Errorf("kept %+v", kept)
	}
	if a := b.do(t, "GET", "/plain", "", "Cookie", cookie); a.status != 200 || len(kept) != 1 {
		t.Errorf("a page without effect was kept: %d", a.status)
	}
	broken = errors.New("the disk is full")
	if a := b.do(t, "GET", "/debts/dbt_1", "", "Cookie", cookie); a.status != 503 || strings.Contains(a.body, "$5") {
		t.Errorf("shown although it was not kept: %d %s", a.status, a.body)
	}
}

func TestREC02_OnlyWhatAVerifiedPersonSeesCanBeKept(t *testing.T) {
	t.Parallel()
	r := Route{Method: "GET", Pattern: "/x", Access: Public, Keeps: "debt", Handler: func(*Request) error { return nil }}
	if err := r.check(); !errors.Is(err, ErrBadRoute) {
		t.Errorf("got %v", err)
	}
}

// TestREC02_AVisitThatEndedIsToldAndNotKept: nobody is there whose page it would be.
func TestREC02_AVisitThatEndedIsToldAndNotKept(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *Config) {
		c.Keep = func(_ context.Context, s evidence.Sight, _ []byte) error {
			t.Errorf("kept for %q", s.AccountID)
			return errors.New("nobody's")
		}
	}, Route{Method: "POST", Pattern: "/payments/:id/review", Access: Consumer, CSRF: true, Body: FormBody, Keeps: "authorization", Handler: func(r *Request) error {
		return r.Page(200, saying("You paid $5."))
	}})
	a := b.do(t, "POST", "/payments/pay_1/review", "csrf=x", "Cookie", "__Host-session=idle")
	if a.status != 403 || !strings.Contains(a.body, "Your visit ended before this was sent") {
		t.Errorf("%d %s", a.status, a.body)
	}
}
