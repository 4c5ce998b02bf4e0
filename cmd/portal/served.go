package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"quittance/frontend"
)

// errTampered makes `portal check -served` exit with 1.
var errTampered = errors.New("what is served is not what this version serves")

var (
	scriptTag = regexp.MustCompile(`(?is)<script\b([^>]*)>(.*?)</script>`)
	sheetTag  = regexp.MustCompile(`(?is)<link\b([^>]*\brel="stylesheet"[^>]*)>`)
	address   = regexp.MustCompile(`(?i)\b(?:src|href)="([^"]*)"`)
)

// servedPages are the pages that anybody can open.
var servedPages = []string{"/", "/is-this-real", "/help", "/privacy"}

// checkServed looks at the pages as a browser gets them, through every proxy on
// the way: their policy, and each script and style byte for byte (SEC-04). Run
// it weekly or more often; it fails loudly.
func (p program) checkServed(ctx context.Context, public string, assets *frontend.Assets) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	var findings []string
	for _, page := range servedPages {
		header, body, err := get(ctx, public+page)
		if err != nil {
			return err
		}
		for _, f := range append(policyFaults(header), partFaults(ctx, public, body, assets)...) {
			findings = append(findings, page+": "+f)
		}
	}
	for _, f := range findings {
		fmt.Fprintln(p.stdout, "served     "+f)
	}
	if len(findings) > 0 {
		return errTampered
	}
	fmt.Fprintf(p.stdout, "served     %d pages have the right policy, scripts and styles\n", len(servedPages))
	return nil
}

func get(ctx context.Context, target string) (http.Header, []byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return nil, nil, err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, nil, fmt.Errorf("the portal does not answer at its public address: %w", err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, 4<<20))
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("the portal answers %d", answer.StatusCode)
	}
	return answer.Header, body, err
}

// policyFaults says what the headers lack.
func policyFaults(h http.Header) []string {
	var all []string
	policy := h.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"} {
		if !strings.Contains(policy, want) {
			all = append(all, "the policy lacks "+want)
		}
	}
	if strings.Contains(policy, "unsafe") || len(h.Values("Content-Security-Policy")) != 1 {
		all = append(all, "the policy was loosened")
	}
	return all
}

// partFaults holds the scripts and styles of a page against the binary's own.
func partFaults(ctx context.Context, public string, body []byte, assets *frontend.Assets) []string {
	var all []string
	for _, tag := range append(scriptTag.FindAllSubmatch(body, -1), sheetTag.FindAllSubmatch(body, -1)...) {
		found := address.FindSubmatch(tag[1])
		if found == nil || len(tag) > 2 && len(bytes.TrimSpace(tag[2])) > 0 {
			all = append(all, "there is a script within the page")
			continue
		}
		if f := partFault(ctx, public, string(found[1]), assets); f != "" {
			all = append(all, f)
		}
	}
	return all
}

func partFault(ctx context.Context, public, path string, assets *frontend.Assets) string {
	at, err := url.Parse(path)
	if err != nil || at.Host != "" || at.Scheme != "" {
		return "it loads " + path + " from afar"
	}
	own, known := assets.Find(at.Path)
	if !known {
		return "it loads " + path + ", which is not of this version"
	}
	if _, served, err := get(ctx, public+path); err != nil || !bytes.Equal(served, own.Body) {
		return path + " is not what this version serves"
	}
	return ""
}
