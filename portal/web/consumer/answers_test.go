package consumer_test

import (
	"mime"
	"net/http"
	"strings"
	"testing"
)

// TestEveryAnswerSaysWhatItIsAndOpensToNoOtherSite walks every route as another
// site's page would: each body has its type, each text its signs, and no answer
// may be read from elsewhere (ASVS 3.4.2, 4.1.1).
func TestEveryAnswerSaysWhatItIsAndOpensToNoOtherSite(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	walked := 0
	for _, route := range b.Routes() {
		target := strings.NewReplacer(":id", string(p.debts[0].ID), ":token", "abc", ":reference", "PAY-1", "*", "portal.css").Replace(route.Pattern)
		for _, v := range []*browser{b.visit(t), b.signedIn(t, p)} {
			v.header.Set("Origin", "https://evil.example")
			for _, method := range []string{route.Method, http.MethodOptions} {
				a := v.send(method, target, "")
				walked++
				for name := range a.header {
					if strings.HasPrefix(name, "Access-Control-") {
						t.Errorf("%s %s: %s is %q", method, target, name, a.header.Get(name))
					}
				}
				if a.body == "" {
					continue
				}
				kind, with, err := mime.ParseMediaType(a.header.Get("Content-Type"))
				if err != nil || strings.HasPrefix(kind, "text/") && !strings.EqualFold(with["charset"], "utf-8") {
					t.Errorf("%s %s: its type is %q", method, target, a.header.Get("Content-Type"))
				}
			}
		}
	}
	if walked < 100 {
		t.Errorf("only %d answers were looked at", walked)
	}
}

// TestNothingIsListedTracedOrShownOfTheInside: no folder is listed, no request
// is given back, and what is for operators stands elsewhere (ASVS 13.4.2,
// 13.4.3, 13.4.4, 13.4.5).
func TestNothingIsListedTracedOrShownOfTheInside(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v := b.signedIn(t, b.place(t, owing(15000)))
	for _, target := range []string{"/assets", "/assets/", "/assets/..", "/.git/config", "/debug/pprof/", "/debug/vars", "/metrics", "/api/debug", "/.env", "/server-status"} {
		if a := v.get(target); a.status != http.StatusNotFound {
			t.Errorf("GET %s: %d", target, a.status)
		}
	}
	v.header.Set("X-Secret", "gives-it-back")
	for _, target := range []string{"/", "/account", "/console", "/nowhere"} {
		if a := v.send(http.MethodTrace, target, ""); a.status != http.StatusMethodNotAllowed && a.status != http.StatusNotFound || strings.Contains(a.body, "gives-it-back") {
			t.Errorf("TRACE %s: %d", target, a.status)
		}
	}
}
