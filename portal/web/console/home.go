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

// home is where a call begins: one field.
func (p *Pages) home(r *web.Request, who identity.Staff) error {
	waiting, err := p.Webhooks.Unposted(r.Context(), outbox.PostingTypes(), time.Time{}, p.Now(), mostUnposted)
	if err != nil {
		return err
	}
	owed, err := p.Notices.Owed(r.Context(), mostOwed)
	if err != nil {
		return err
	}
	letters, err := p.Letters.ToMail(r.Context(), mostOwed)
	if err != nil {
		return err
	}
	rows, err := p.Rows.Open(r.Context(), mostRows)
	if err != nil {
		return err
	}
	doors, err := p.Doors.Doors(r.Context(), p.Now())
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, console.Home{Base: base(r, who), DoorsRing: doors.Ring(), Unposted: len(waiting), NoticesOwed: len(owed), LettersOwed: len(letters), RowsWait: len(rows)})
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
