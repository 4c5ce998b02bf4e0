package main

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"quittance/payments"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/intake"
)

// debtsEach is how many debts a consumer of the balance page has.
const debtsEach = 3

// audience is a portal with consumers who have signed in.
type audience struct {
	*portal
	visits  []visit
	cookies []string
	stride  int // every so many-th account has signed in
}

// newAudience places debts and signs consumers in who are spread over all of
// them, each with a payment on its way.
func newAudience(ctx context.Context, p *portal, debts, sessions int) (*audience, error) {
	accounts := debts / debtsEach
	a := &audience{portal: p, stride: max(1, accounts/sessions)}
	var codes []string
	var keys []int
	in := stream(accounts*debtsEach, debtsEach)
	defer in.Close()
	report, err := p.importer.Import(ctx, in, intake.Options{Issued: func(d debt.Account, code string) error {
		key, err := strconv.Atoi(string(d.ID)[len("acc_"):])
		if err == nil && (key-firstKey)%a.stride == 0 && len(codes) < sessions {
			codes, keys = append(codes, code), append(keys, key)
		}
		return err
	}})
	if err != nil {
		return nil, err
	}
	if report.New != accounts*debtsEach || len(codes) == 0 {
		return nil, fmt.Errorf("of %d debts %d were placed, and %d consumers have a code", accounts*debtsEach, report.New, len(codes))
	}
	var owed []payments.Payment
	for i, code := range codes {
		if err := a.signIn(ctx, code); err != nil {
			return nil, err
		}
		first := strconv.Itoa(firstKey + (keys[i]-firstKey)*debtsEach)
		owed = append(owed, processing(keys[i], "dbt_"+first, "D-"+first))
	}
	return a, createPayments(ctx, p, owed)
}

// signIn goes through the door as a consumer does.
func (a *audience) signIn(ctx context.Context, code string) error {
	pending, err := a.Visits.Begin(code)
	if err != nil {
		return err
	}
	detail, err := identity.ZIP(zip)
	if err != nil {
		return err
	}
	in, err := a.Visits.Verify(ctx, pending, detail, identity.Visitor{Address: "127.0.0.1"})
	if err != nil {
		return err
	}
	a.cookies = append(a.cookies, in.Cookie)
	a.visits = append(a.visits, visit("GET /account HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\n"+
		"Accept: text/html\r\nAccept-Language: en-US,en;q=0.9\r\nSec-Fetch-Site: same-origin\r\nCookie: session="+in.Cookie+"\r\n\r\n"))
	return nil
}

// copySessions gives every session a twin whose id pgbench can name.
const copySessions = `INSERT INTO sessions (id, audience, subject, path, link_id, stepped_up, created_at, seen_at, expires_at, ended_at, ended_why)
	SELECT 'ses_' || substr(subject, 5), audience, subject, path, link_id, stepped_up, created_at, seen_at, expires_at, ended_at, ended_why
	FROM sessions WHERE audience = 'consumer'`

// pageScript is what one balance page asks the database.
func (b *bench) pageScript(ctx context.Context, a *audience, database string) (string, error) {
	trips, err := b.tapped(ctx, database, func(p *portal, tap *wiretap) ([]trip, error) {
		show := func() error {
			request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1/account", http.NoBody)
			if err != nil {
				return err
			}
			request.AddCookie(&http.Cookie{Name: "session", Value: a.cookies[0]})
			response, err := p.server.Test(request)
			if err != nil {
				return err
			}
			defer response.Body.Close()
			if response.StatusCode != http.StatusOK {
				return fmt.Errorf("the balance page answered %d", response.StatusCode)
			}
			return nil
		}
		if err := show(); err != nil { // prepares the statements
			return nil, err
		}
		return tap.during(show)
	})
	if err != nil {
		return "", err
	}
	if len(trips) == 0 || len(trips[0]) == 0 || len(trips[0][0].values) == 0 {
		return "", fmt.Errorf("the balance page does not begin with its session")
	}
	// The first account's session has a random id; its twin has the account's.
	prelude := []string{fmt.Sprintf(`\set n %d + %d * random(0, %d)`, firstKey, a.stride, len(a.visits)-1), `\set s :n`}
	return script(prelude, trips, map[string]string{strconv.Itoa(firstKey): "n", trips[0][0].values[0].texts[0][len("ses_"):]: "s"}), nil
}
