package web

import (
	"fmt"
	"net/url"
	"strings"
)

// Processor says where the processor's script, frames and pages come from.
type Processor struct {
	ScriptURL string // of its browser script
	APIURL    string
	// PageOrigins are the origins of its hosted pages, to which a form may lead.
	PageOrigins []string
}

// stripeScript is the host whose pages also need Stripe's other hosts.
const stripeScript = "js.stripe.com"

// policies are the two content security policies: one for every page, one for
// the pages that hold the processor's fields (SEC-03).
type policies struct{ plain, card string }

func newPolicies(p Processor) (policies, error) {
	script, err := origin(p.ScriptURL)
	if err != nil {
		return policies{}, fmt.Errorf("the address of the processor's script: %w", err)
	}
	api, err := origin(p.APIURL)
	if err != nil {
		return policies{}, fmt.Errorf("the address of the processor: %w", err)
	}
	scripts, frames, images := script, script, script
	if strings.HasSuffix(script, "//"+stripeScript) {
		scripts += " https://*.js.stripe.com"
		frames = scripts + " https://hooks.stripe.com"
		images = "https://*.stripe.com"
	}
	connect := api
	if api != script && frames == script {
		connect += " " + script
	}
	forms := strings.Join(append([]string{"'self'"}, p.PageOrigins...), " ")
	const rest = "; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; report-uri " + reportPath
	return policies{
		plain: "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
			"form-action 'self'" + rest,
		card: "default-src 'none'; script-src 'self' " + scripts + "; style-src 'self'; img-src 'self' " + images +
			"; connect-src 'self' " + connect + "; frame-src " + frames + "; form-action " + forms + rest,
	}, nil
}

func origin(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "", fmt.Errorf("%q is no web address", address)
	}
	return u.Scheme + "://" + u.Host, nil
}

// protect sets the headers that every answer carries, errors included.
func (r *Request) protect() {
	h := &r.c.Response().Header
	h.Set("Content-Security-Policy", r.s.policy.plain)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", r.referrers())
	h.Set("Cross-Origin-Opener-Policy", "same-origin-allow-popups")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	h.Set("X-Robots-Tag", "noindex, nofollow")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Request-Id", r.id)
	if r.s.secure {
		h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
	}
}

// referrers keeps the token of a texted link, or of a way out, out of every
// Referer. Elsewhere our own pages may see where a form came from.
func (r *Request) referrers() string {
	if strings.HasPrefix(r.c.Path(), "/l/") || strings.HasPrefix(r.c.Path(), "/o/") {
		return "no-referrer"
	}
	return "same-origin"
}

// AllowProcessor lets this one page load the processor's script and frames.
func (r *Request) AllowProcessor() {
	r.c.Response().Header.Set("Content-Security-Policy", r.s.policy.card)
}
