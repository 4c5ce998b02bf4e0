package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"quittance/frontend/htmlcheck"
	"quittance/frontend/paths"
)

// browser is a visitor of the rehearsal with cookies: what it reads came over
// HTTP, as it comes to everybody.
type browser struct {
	base   string
	client *http.Client
}

// patience is how long a page may take.
const patience = 30 * time.Second

func newBrowser(base string) (*browser, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	return &browser{base: base, client: &http.Client{
		Jar: jar, Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true}, // the portal is restarted meanwhile
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// get reads a page. One that is not shown is an error.
func (b *browser) get(ctx context.Context, path string) (*htmlcheck.Node, error) {
	answer, err := b.send(ctx, http.MethodGet, path, nil)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s is not shown: %d %s", path, answer.StatusCode, answer.Header.Get("Location"))
	}
	page, err := htmlcheck.Parse(string(body))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return page, nil
}

// press sends the form of a page, with what was filled in, and says where it
// leads. One that leads nowhere is an error.
func (b *browser) press(ctx context.Context, page *htmlcheck.Node, path string, fields url.Values) (next string, err error) {
	tokens := page.Find(`input[name="csrf"]`)
	if len(tokens) == 0 {
		return "", fmt.Errorf("there is no form for %s", path)
	}
	fields.Set("csrf", tokens[0].Attrs["value"])
	answer, err := b.send(ctx, http.MethodPost, path, fields)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	if _, err = io.Copy(io.Discard, answer.Body); err == nil && answer.StatusCode != http.StatusSeeOther {
		err = fmt.Errorf("the form for %s was refused: %d", path, answer.StatusCode)
	}
	return answer.Header.Get("Location"), err
}

func (b *browser) send(ctx context.Context, method, path string, fields url.Values) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, b.base+path, strings.NewReader(fields.Encode()))
	if err != nil {
		return nil, err
	}
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Origin", b.base)
	}
	return b.client.Do(request)
}

var errNotIn = errors.New("the rehearsal is not let in")

// comesIn is a browser in which the person of an account signed in, by the code
// and the ZIP code of their letter.
func (r *Rehearsal) comesIn(ctx context.Context, a Account) (*browser, error) {
	return r.signsIn(ctx, paths.Account, []step{
		{paths.Start, url.Values{"code": {a.ReferenceCode}}}, {paths.Verify, url.Values{"zip": {a.PostalCode}}},
	})
}

// desk is a browser of the console.
func (r *Rehearsal) desk(ctx context.Context) (*browser, error) {
	_, codes, err := r.Portal.Desk.Issue(ctx, r.Staff[0].Email)
	if err != nil {
		return nil, err
	}
	return r.signsIn(ctx, paths.ConsoleSecurityRecovered, []step{
		{paths.ConsoleSignIn, url.Values{"email": {r.Staff[0].Email}, "password": {r.Staff[0].Password}}},
		{paths.ConsoleSecondStep, url.Values{"code": {codes[0]}}},
	})
}

// step is a page and what is filled in on it.
type step struct {
	path   string
	fields url.Values
}

func (r *Rehearsal) signsIn(ctx context.Context, to string, steps []step) (*browser, error) {
	b, err := newBrowser(r.URL)
	if err != nil {
		return nil, err
	}
	next := ""
	for _, s := range steps {
		page, err := b.get(ctx, s.path)
		if err != nil {
			return nil, err
		}
		if next, err = b.press(ctx, page, s.path, s.fields); err != nil {
			return nil, fmt.Errorf("%w: %w", errNotIn, err)
		}
	}
	if next != to {
		return nil, fmt.Errorf("%w: it led to %s", errNotIn, next)
	}
	return b, nil
}
