package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"time"
)

var (
	paymentID = regexp.MustCompile(`"payment":\{"id":"(pay_[A-Z0-9]+)"`)
	csrfField = regexp.MustCompile(`name="csrf" value="([^"]+)"`)
	onceField = regexp.MustCompile(`name="once" value="([^"]+)"`)
	debtField = regexp.MustCompile(`name="choice_(dbt_[A-Z0-9]+)"`)
	headline  = regexp.MustCompile(`<h1[^>]*>([^<]+)`)
	payRef    = regexp.MustCompile(`PAY-[A-Z0-9]{8}`)
)

// payer is one person with a browser: it goes through the pages as a person
// does, and tries again whenever the server is gone.
type payer struct {
	rig    *rig
	person rigPerson
	client *http.Client
	base   string
}

// pay pays small amounts one after the other until ctx ends; a payment that
// was begun is followed to its outcome.
func (r *rig) pay(ctx context.Context, n int, person rigPerson) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		r.t.Error(err)
		return
	}
	p := &payer{rig: r, person: person, base: "http://" + r.addr,
		client: &http.Client{Jar: jar, Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	for i := 0; ctx.Err() == nil; i++ {
		p.once(ctx, fmt.Sprintf("%d.%02d", 1+i%7, n))
	}
}

// once makes one payment. Any step may fail because the server was killed;
// then the person starts over from the account page, as people do, but follows
// a payment that was submitted to its end.
func (p *payer) once(ctx context.Context, amount string) {
	page, _ := p.get("/payments/new")
	if !strings.Contains(page, `name="once"`) {
		p.signIn()
		return
	}
	m := debtField.FindStringSubmatch(page)
	if m == nil {
		return
	}
	form := url.Values{"csrf": {field(csrfField, page)}, "once": {field(onceField, page)}, "choice_" + m[1]: {"other"}, "amount_" + m[1]: {amount}, "method": {"card"}}
	next := p.post("/payments/new", form)
	if next == "" {
		next = p.post("/payments/new", form) // the same form again: the same payment
	}
	if !strings.HasSuffix(next, "/method") {
		return
	}
	page, _ = p.get(next)
	review := p.post(next, url.Values{"csrf": {field(csrfField, page)}, "confirmation_token": {p.rig.cardToken("payment_method=pm_card_visa")}})
	if !strings.HasSuffix(review, "/review") {
		return
	}
	page, _ = p.get(review)
	if page == "" || ctx.Err() != nil {
		return
	}
	submit := url.Values{"csrf": {field(csrfField, page)}}
	for range 3 { // an impatient finger
		p.post(review, submit)
	}
	p.follow(strings.TrimSuffix(review, "/review"))
}

// follow reloads the outcome until it is one.
func (p *payer) follow(path string) {
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(30 * time.Millisecond) {
		page, next := p.get(path)
		switch {
		case strings.HasSuffix(next, "/review") || strings.HasSuffix(next, "/method"):
			return // the press never arrived: nothing was submitted
		case next != "":
			p.signIn()
			continue
		}
		title, reference := field(headline, page), payRef.FindString(page)
		p.rig.mu.Lock()
		switch {
		case strings.HasPrefix(title, "You paid"):
			p.rig.acked[reference] = true
		case strings.Contains(page, "Nothing was taken"):
			p.rig.refused[reference] = true
		default:
			p.rig.mu.Unlock()
			continue
		}
		p.rig.mu.Unlock()
		return
	}
}

func (p *payer) signIn() {
	page, _ := p.get("/")
	if p.post("/", url.Values{"csrf": {field(csrfField, page)}, "code": {p.person.code}}) != "/verify" {
		return
	}
	page, _ = p.get("/verify")
	p.post("/verify", url.Values{"csrf": {field(csrfField, page)}, "zip": {p.person.zip}})
}

// cardToken is what the processor's script would bring.
func (r *rig) cardToken(form string) string {
	request, err := http.NewRequest(http.MethodPost, r.stripe+"/v1/test_helpers/confirmation_tokens", strings.NewReader(form))
	if err != nil {
		return ""
	}
	request.Header.Set("Authorization", "Bearer sk_test_rig")
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return ""
	}
	defer answer.Body.Close()
	var token struct{ ID string }
	if json.NewDecoder(answer.Body).Decode(&token) != nil {
		return ""
	}
	return token.ID
}

// get returns a page, or where it leads instead.
func (p *payer) get(path string) (body, next string) {
	answer, err := p.client.Get(p.base + path)
	if err != nil {
		time.Sleep(10 * time.Millisecond)
		return "", ""
	}
	p.rig.answers.Add(1)
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		return "", ""
	}
	return string(b), answer.Header.Get("Location")
}

// post returns where the answer leads, or nothing when there was none.
func (p *payer) post(path string, form url.Values) string {
	request, err := http.NewRequest(http.MethodPost, p.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return ""
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Origin", p.base)
	answer, err := p.client.Do(request)
	if err != nil {
		time.Sleep(10 * time.Millisecond)
		return ""
	}
	p.rig.answers.Add(1)
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, answer.Body)
	return answer.Header.Get("Location")
}

func field(pattern *regexp.Regexp, page string) string {
	if m := pattern.FindStringSubmatch(page); m != nil {
		return m[1]
	}
	return ""
}
