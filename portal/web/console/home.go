package console

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"quittance/frontend/pages/console"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/outbox"
	"quittance/portal/web"
)

// mostUnposted is how many waiting events are counted and listed.
const mostUnposted = 100

// home is where a call begins: one field, and what waits for who asks.
func (p *Pages) home(r *web.Request, who identity.Staff) error {
	page := console.Home{Base: base(r, who)}
	for _, part := range []struct {
		roles []identity.Role
		fill  func(context.Context, *console.Home) error
	}{{cashiers, p.countUnposted}, {callers, p.ringing}, {deciders, p.owed}} {
		if !who.HasAny(part.roles) {
			continue
		}
		if err := part.fill(r.Context(), &page); err != nil {
			return err
		}
	}
	return r.Page(http.StatusOK, page)
}

func (p *Pages) countUnposted(ctx context.Context, page *console.Home) error {
	waiting, err := p.Webhooks.Unposted(ctx, outbox.PostingTypes(), time.Time{}, p.Now(), mostUnposted)
	page.Unposted = len(waiting)
	return err
}

func (p *Pages) ringing(ctx context.Context, page *console.Home) error {
	doors, err := p.Doors.Doors(ctx, p.Now())
	page.DoorsRing = doors.Ring()
	return err
}

func (p *Pages) owed(ctx context.Context, page *console.Home) error {
	owed, err := p.Notices.Owed(ctx, mostOwed)
	if err != nil {
		return err
	}
	letters, err := p.Letters.ToMail(ctx, mostOwed)
	if err != nil {
		return err
	}
	rows, err := p.Rows.Open(ctx, mostRows)
	page.NoticesOwed, page.LettersOwed, page.RowsWait = len(owed), len(letters), len(rows)
	return err
}

// search finds accounts by the code of the letter, the collector's own number,
// a phone number or a whole name. What is searched for stands in no address and in no log.
func (p *Pages) search(r *web.Request, who identity.Staff) error {
	query := r.Form().Text("q")
	page := console.Home{Base: base(r, who), Query: query, Searched: query != ""}
	if query == "" {
		return r.Page(http.StatusUnprocessableEntity, page)
	}
	accounts, err := p.find(r.Context(), query)
	if err != nil {
		return err
	}
	p.record(r, who, "search", "")
	for _, account := range accounts {
		line, err := p.found(r.Context(), account)
		if err != nil {
			return err
		}
		page.Found = append(page.Found, line)
	}
	return r.Page(http.StatusOK, page)
}

// mostFound is how many accounts of one name are listed.
const mostFound = 20

// find tries what names one account, then a phone number or a name.
func (p *Pages) find(ctx context.Context, query string) ([]debt.Account, error) {
	account, found, err := p.findOne(ctx, query)
	if err != nil || found {
		return []debt.Account{account}, err
	}
	return p.Accounts.FindAccounts(ctx, query, mostFound)
}

func (p *Pages) findOne(ctx context.Context, query string) (debt.Account, bool, error) {
	code, err := identity.ParseCode(query)
	if err != nil {
		return p.Accounts.AccountByRef(ctx, query)
	}
	person, err := p.People.PersonByCode(ctx, p.Codes.Hash(code))
	if errors.Is(err, identity.ErrNotFound) {
		return p.Accounts.AccountByRef(ctx, query)
	}
	if err != nil {
		return debt.Account{}, false, err
	}
	account, err := p.Accounts.Account(ctx, person.AccountID)
	return account, err == nil, err
}

func (p *Pages) found(ctx context.Context, account debt.Account) (console.Found, error) {
	statements, err := p.Accounts.AccountStatements(ctx, account.ID)
	line := console.Found{AccountID: string(account.ID), AccountRef: account.Ref, Name: name(account), Debts: len(statements)}
	for _, s := range statements {
		line.Total += max(0, s.Owed)
	}
	return line, err
}

func name(a debt.Account) string {
	return strings.TrimSpace(a.Consumer.FirstName + " " + a.Consumer.LastName)
}
