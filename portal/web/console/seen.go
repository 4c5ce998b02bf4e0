package console

import (
	"context"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"quittance/frontend/pages/console"
	"quittance/portal/debt"
	"quittance/portal/evidence"
	"quittance/portal/identity"
	"quittance/portal/web"
)

// Sights reads what people saw.
type Sights interface {
	SightsOf(ctx context.Context, account string) ([]evidence.Stored, error)
	// Sight loads one; evidence.ErrErased when there is none.
	Sight(ctx context.Context, account string, number int64) (evidence.Stored, error)
	// Page loads the bytes; evidence.ErrErased when they are gone.
	Page(ctx context.Context, account string, hash []byte) ([]byte, error)
}

// seen lists what the person of an account saw.
func (p *Pages) seen(r *web.Request, who identity.Staff) error {
	account, err := p.Accounts.Account(r.Context(), debt.AccountID(r.Param("id")))
	if err != nil {
		return err
	}
	found, err := p.Sights.SightsOf(r.Context(), string(account.ID))
	if err != nil {
		return err
	}
	page := console.Seen{Base: base(r, who), AccountID: string(account.ID), AccountRef: account.Ref}
	for _, s := range slices.Backward(found) {
		page.Sights = append(page.Sights, p.sight(s))
	}
	return r.Page(http.StatusOK, page)
}

func (p *Pages) sight(s evidence.Stored) console.Sight {
	return console.Sight{Number: s.Number, At: s.At.In(p.Zone), Kind: s.Kind, Route: s.Route, Language: s.Language, Status: s.Status}
}

// again shows one page as it was seen. The look is written down before.
func (p *Pages) again(r *web.Request, who identity.Staff) error {
	account, err := p.Accounts.Account(r.Context(), debt.AccountID(r.Param("id")))
	if err != nil {
		return err
	}
	number, err := strconv.ParseInt(r.Param("number"), 10, 64)
	if err != nil {
		return web.ErrNotFound
	}
	s, err := p.Sights.Sight(r.Context(), string(account.ID), number)
	if errors.Is(err, evidence.ErrErased) {
		return web.ErrNotFound
	}
	if err == nil {
		err = p.Audit.Note(r.Context(), "read.page", string(account.ID), strconv.FormatInt(number, 10))
	}
	if err != nil {
		return err
	}
	page := console.Replay{
		Base: base(r, who), AccountID: string(account.ID), AccountRef: account.Ref, Sight: p.sight(s), Build: s.Build, Rules: s.Rules,
		Hash: hex.EncodeToString(s.PageHash),
	}
	if s.Decisions != "" {
		page.Decisions = strings.Split(s.Decisions, "\n")
	}
	content, err := p.Sights.Page(r.Context(), string(account.ID), s.PageHash)
	if page.Erased = errors.Is(err, evidence.ErrErased); err != nil && !page.Erased {
		return err
	}
	page.Page = string(content)
	return r.Page(http.StatusOK, page)
}
