package console

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"quittance/frontend/pages/console"
	"quittance/frontend/paths"
	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/represent"
	"quittance/portal/web"
)

// Representatives records who may speak for a consumer; package represent's
// service does.
type Representatives interface {
	Record(ctx context.Context, id debt.AccountID, e represent.Entry, by string) (represent.Representative, error)
	Revoke(ctx context.Context, account debt.AccountID, id represent.ID, by string) error
	Of(ctx context.Context, id debt.AccountID) ([]represent.Representative, error)
	Code(r represent.Representative) (string, error)
}

// representatives lists who may speak for the consumer, with the form.
func (p *Pages) representatives(r *web.Request, who identity.Staff) error {
	return p.representativesPage(r, who, http.StatusOK, console.RepresentativeForm{}, "")
}

func (p *Pages) representativesPage(r *web.Request, who identity.Staff, status int, form console.RepresentativeForm, problem string) error {
	account, err := p.Accounts.Account(r.Context(), debt.AccountID(r.Param("id")))
	if err != nil {
		return err
	}
	page := console.Representatives{
		Base: base(r, who), MayRecord: who.HasAny(deciders), AccountID: string(account.ID), AccountRef: account.Ref, BornFactor: p.BornFactor, Form: form, Problem: problem,
	}
	if problem != "" {
		page.Problem = page.T("console.rep_unfit")
	}
	held, err := p.Representatives.Of(r.Context(), account.ID)
	if err != nil {
		return err
	}
	for _, one := range held {
		line := console.Representative{
			ID: string(one.ID), Role: string(one.Role), Name: one.Person.Name, DocumentID: one.DocumentID, CheckedBy: one.CheckedBy,
			From: one.From, Until: one.Until, Over: !one.RevokedAt.IsZero() || !one.Ends().IsZero() && !p.Now().Before(one.Ends()),
		}
		if !line.Over {
			if line.Code, err = p.Representatives.Code(one); err != nil {
				return err
			}
		}
		page.Held = append(page.Held, line)
	}
	return r.Page(status, page)
}

// recordRepresentative records somebody, or says which fields are wrong.
func (p *Pages) recordRepresentative(r *web.Request, who identity.Staff) error {
	account, err := p.Accounts.Account(r.Context(), debt.AccountID(r.Param("id")))
	if err != nil {
		return err
	}
	form, entry := readRepresentative(r.Form())
	if len(form.Problems) > 0 {
		return p.representativesPage(r, who, http.StatusUnprocessableEntity, form, "")
	}
	_, err = p.Representatives.Record(r.Context(), account.ID, entry, "staff:"+string(who.ID))
	var problems represent.Problems
	switch {
	case errors.As(err, &problems):
		for _, field := range problems {
			form.Problems[string(field)] = true
		}
		return p.representativesPage(r, who, http.StatusUnprocessableEntity, form, "")
	case errors.Is(err, represent.ErrRole):
		return p.representativesPage(r, who, http.StatusUnprocessableEntity, form, "unfit")
	case err != nil:
		return err
	}
	return r.SeeOther(paths.ConsoleRepresentatives(string(account.ID)))
}

func readRepresentative(f web.Form) (console.RepresentativeForm, represent.Entry) {
	form := console.RepresentativeForm{Role: f.Text("role"), Language: f.Text("language"), Values: map[string]string{}, Problems: map[string]bool{}}
	for _, name := range []string{"name", "postal_code", "date_of_birth", "phone", "email", "document_id", "checked_by", "from", "until"} {
		form.Values[name] = f.Typed(name)
	}
	day := func(name string) civil.Date {
		typed := strings.TrimSpace(f.Text(name))
		date, err := civil.Parse(typed)
		if typed != "" && err != nil {
			form.Problems[name] = true
		}
		return date
	}
	return form, represent.Entry{
		Role: represent.Role(form.Role),
		Person: represent.Person{
			Name: f.Text("name"), PostalCode: f.Text("postal_code"), Born: day("date_of_birth"), Phone: f.Text("phone"), Email: f.Text("email"),
			Language: form.Language,
		},
		DocumentID: f.Text("document_id"), CheckedBy: f.Text("checked_by"), From: day("from"), Until: day("until"),
	}
}

// endRepresentative ends what one may do, at once.
func (p *Pages) endRepresentative(r *web.Request, who identity.Staff) error {
	account := debt.AccountID(r.Param("id"))
	err := p.Representatives.Revoke(r.Context(), account, represent.ID(r.Param("representative")), "staff:"+string(who.ID))
	if errors.Is(err, represent.ErrNotFound) {
		return web.ErrNotFound
	}
	if err != nil {
		return err
	}
	return r.SeeOther(paths.ConsoleRepresentatives(string(account)))
}
