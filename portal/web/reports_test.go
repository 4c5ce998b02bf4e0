package web

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestSEC03_WhatAPolicyKeptOutIsCountedAndLoggedByRouteAlone(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	post := func(kind, body string) int {
		t.Helper()
		q := httptest.NewRequest(http.MethodPost, "/hooks/policy", strings.NewReader(body))
		q.Header.Set("Content-Type", kind)
		a, err := b.Test(q)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Body.Close()
		_, _ = io.Copy(io.Discard, a.Body)
		return a.StatusCode
	}
	of := func(page, directive string) string {
		return `{"csp-report":{"document-uri":"` + page + `","referrer":"https://pay.example/l/SECRET","blocked-uri":"https://evil.example/ana@example.com",` +
			`"script-sample":"ana","effective-directive":"` + directive + `","violated-directive":"script-src 'self'"}}`
	}
	for body, want := range map[string]int{
		of("https://pay.example/l/SECRET?zip=45501", "script-src-elem"): 204, of("https://pay.example/nowhere/ana", "ana-src"): 204, of("%zz", ""): 204,
		"not json": 400, `{"csp-report":{"document-uri":"` + strings.Repeat("a", 9<<10) + `"}}`: 413,
	} {
		if got := post("application/csp-report", body); got != want {
			t.Errorf("%.60s: %d, want %d", body, got, want)
		}
	}
	if got := post("application/json", of("https://pay.example/", "script-src")); got != 415 {
		t.Errorf("as JSON: %d", got)
	}
	for range 2 * reportsAMinute {
		post("application/csp-report", of("https://pay.example/account", "img-src"))
	}
	logged := b.log.String()
	if n := strings.Count(logged, "kept out"); n != reportsAMinute || !strings.Contains(logged, "route=/l/:token") || !strings.Contains(logged, "route=/account") {
		t.Errorf("%d are logged: %s", n, logged)
	}
	for _, secret := range []string{"SECRET", "45501", "ana", "evil"} {
		if strings.Contains(logged, secret) {
			t.Errorf("the log tells %q", secret)
		}
	}
	counted := map[string]float64{}
	families, err := b.metrics.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		for _, m := range family.GetMetric() {
			if family.GetName() == "portal_policy_reports_total" {
				counted[m.GetLabel()[0].GetValue()] = m.GetCounter().GetValue()
			}
		}
	}
	if want := map[string]float64{"script-src-elem": 1, "other": 1, "script-src": 1, "img-src": 2 * reportsAMinute}; !maps.Equal(counted, want) {
		t.Errorf("counted %v, want %v", counted, want)
	}
}
