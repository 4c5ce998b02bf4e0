package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"quittance/frontend"
)

const goodPolicy = "default-src 'none'; script-src 'self'; frame-ancestors 'none'; base-uri 'none'"

func TestSEC04_WhatWasChangedOnTheWayToTheBrowserIsFound(t *testing.T) {
	t.Parallel()
	assets, err := frontend.Load("")
	if err != nil {
		t.Fatal(err)
	}
	script, sheet := assets.Path("idle.js"), assets.Path("portal.css")
	page := fmt.Sprintf(`<html><head><link rel="stylesheet" href="%s"><script src="%s" defer></script></head></html>`, sheet, script)
	cases := []struct {
		name, policy, page, add string
		want                    string
	}{
		{"as it should be", goodPolicy, page, "", ""},
		{"a loosened policy", strings.Replace(goodPolicy, "'self'", "'self' 'unsafe-inline'", 1), page, "", "the policy was loosened"},
		{"no policy", "", page, "", "the policy lacks default-src 'none'"},
		{"a script within the page", goodPolicy, page + "<script>steal()</script>", "", "a script within the page"},
		{"a script from afar", goodPolicy, page + `<script src="https://evil.example/x.js"></script>`, "", "from afar"},
		{"a script that is not ours", goodPolicy, page + `<script src="/assets/x.js"></script>`, "", "not of this version"},
		{"a script with a line more", goodPolicy, page, "steal()", "is not what this version serves"},
	}
	for _, c := range cases {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if asset, ok := assets.Find(r.URL.Path); ok {
				_, _ = w.Write(append(bytes.Clone(asset.Body), c.add...))
				return
			}
			w.Header().Set("Content-Security-Policy", c.policy)
			_, _ = w.Write([]byte(c.page))
		}))
		var out bytes.Buffer
		err := program{stdout: &out}.checkServed(t.Context(), server.URL, assets)
		server.Close()
		if c.want == "" && err != nil || c.want != "" && (!errors.Is(err, errTampered) || !strings.Contains(out.String(), c.want)) {
			t.Errorf("%s: %v\n%s", c.name, err, &out)
		}
	}
}
