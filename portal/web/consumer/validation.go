package consumer

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"slices"

	"quittance/frontend/modelform"
	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/validation"
	"quittance/portal/web"
)

// Validation is what the pages need of validation notices; it is validation's
// Service.
type Validation interface {
	Of(ctx context.Context, account debt.AccountID) ([]validation.Notice, error)
	OwedTo(ctx context.Context, account debt.AccountID) ([]validation.Duty, error)
	Open(ctx context.Context, n validation.Notice) (validation.Body, error)
	Ask(ctx context.Context, n validation.Notice, language string) error
}

func (p *Pages) validationRoutes() []web.Route {
	if p.Validation == nil {
		return nil
	}
	post := func(pattern string, h func(*web.Request) error) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: pattern, Access: web.Consumer, Page: "ValidationNotice", Handler: h, CSRF: true, Body: web.FormBody}
	}
	return append(p.electronicRoutes(), []web.Route{
		{Method: http.MethodGet, Pattern: "/debts/:id/notice", Access: web.Consumer, Page: "ValidationNotice", Handler: p.notice},
		{Method: http.MethodGet, Pattern: "/debts/:id/notice.pdf", Access: web.Consumer, Handler: p.noticePDF},
		post("/debts/:id/notice", p.postNotice),
		post("/debts/:id/notice/spanish", p.postNoticeSpanish),
	}...)
}

// given is a notice with the debt that it is about.
type given struct {
	view
	statement debt.Statement
	notice    validation.Notice
	due       validation.Duty // where none is known and one is owed
}

func (p *Pages) given(r *web.Request) (given, error) {
	v, err := p.load(r)
	if err != nil {
		return given{}, err
	}
	g := given{view: v}
	if g.statement, err = v.shownDebt(r.Param("id")); err != nil {
		return g, err
	}
	g.notice, g.due, err = p.noticeOf(r.Context(), g.statement.Debt)
	return g, err
}

// noticeOf is the notice of a debt or, where none is known, what is owed.
func (p *Pages) noticeOf(ctx context.Context, d debt.Debt) (n validation.Notice, due validation.Duty, err error) {
	all, err := p.Validation.Of(ctx, d.AccountID)
	if n = validation.Latest(all, d.ID); err != nil || n.ID != "" {
		return n, due, err
	}
	owed, err := p.Validation.OwedTo(ctx, d.AccountID)
	if i := slices.IndexFunc(owed, func(o validation.Duty) bool { return o.DebtID == d.ID }); i >= 0 {
		due = owed[i]
	}
	return n, due, err
}

// noticeLine is what the page of a debt says of its notice.
func (p *Pages) noticeLine(r *web.Request, v view, d debt.Debt) (bool, consumer.NoticePeriod, error) {
	if p.Validation == nil {
		return false, consumer.NoticePeriod{}, nil
	}
	n, due, err := p.noticeOf(r.Context(), d)
	return n.ID != "" || due.DebtID != "", v.period(n), err
}

// notice is the notice as it was given, never with later numbers (VAL-05).
func (p *Pages) notice(r *web.Request) error {
	g, err := p.given(r)
	if err != nil {
		return err
	}
	return p.showNotice(r, g, http.StatusOK, r.Query("lang"), func(*consumer.ValidationNotice) {})
}

func (p *Pages) showNotice(r *web.Request, g given, status int, language string, change func(*consumer.ValidationNotice)) error {
	page := consumer.ValidationNotice{
		Base: r.Base(), DebtID: string(g.statement.Debt.ID), Creditor: g.statement.Debt.CreditorName, Due: g.due.Due,
		Given: g.notice.Provided, Method: methodOf(g.notice.Via), Period: g.period(g.notice),
	}
	page.Path = paths.DebtNotice(page.DebtID)
	if g.notice.ID != "" {
		body, err := p.Validation.Open(r.Context(), g.notice)
		if err != nil {
			return err
		}
		if language == "" {
			language = page.Lang()
		}
		document := body.In(language)
		page.Paper = &document
	}
	change(&page)
	return r.Page(status, page)
}

func methodOf(m validation.Method) consumer.NoticeMethod {
	switch {
	case m.Electronic():
		return consumer.NoticeElectronic
	case m == validation.Oral:
		return consumer.NoticeSaid
	}
	return consumer.NoticeMailed
}

// period is the validation period on the consumer's day.
func (v view) period(n validation.Notice) consumer.NoticePeriod {
	return consumer.NoticePeriod{End: n.End, Running: validation.Running(n, validation.Day(v.now, contact.Zones(v.account.Consumer.Phone, v.account.Consumer.Address.State, v.account.Consumer.Address.PostalCode)))}
}

// postNoticeSpanish gives the notice in Spanish, and keeps that it was asked for
// (VAL-14).
func (p *Pages) postNoticeSpanish(r *web.Request) error {
	g, err := p.given(r)
	if err != nil {
		return err
	}
	return p.inSpanish(r, g)
}

func (p *Pages) inSpanish(r *web.Request, g given) error {
	if g.notice.ID == "" {
		return web.ErrNotFound
	}
	if err := p.Validation.Ask(r.Context(), g.notice, "es"); err != nil {
		return err
	}
	return r.SeeOther(paths.NoticeIn(string(g.statement.Debt.ID), "es"))
}

// postNotice leads an answer to where it is made whole: the dispute, or the
// question for the original creditor. A check comes by mail, not from here
// (VAL-13).
func (p *Pages) postNotice(r *web.Request) error {
	g, err := p.given(r)
	if err != nil {
		return err
	}
	if g.notice.ID == "" {
		return web.ErrNotFound
	}
	form, id := r.Form(), string(g.statement.Debt.ID)
	if form.Has(modelform.Spanish) {
		if err := p.Validation.Ask(r.Context(), g.notice, "es"); err != nil {
			return err
		}
	}
	switch reasons := answers(form); {
	case len(reasons) > 0 && form.Has(modelform.Original):
		return p.showNotice(r, g, http.StatusOK, form.Text("lang"), func(page *consumer.ValidationNotice) {
			page.Both = paths.DisputeAbout(id) + "?" + reasons.Encode()
		})
	case len(reasons) > 0:
		return r.SeeOther(paths.DisputeAbout(id) + "?" + reasons.Encode())
	case form.Has(modelform.Original):
		return r.SeeOther(paths.Request(id))
	case form.Has(modelform.Enclosed):
		return p.showNotice(r, g, http.StatusOK, form.Text("lang"), func(page *consumer.ValidationNotice) { page.ByMail = true })
	case form.Has(modelform.Spanish):
		return r.SeeOther(paths.NoticeIn(id, "es"))
	}
	return p.showNotice(r, g, http.StatusUnprocessableEntity, form.Text("lang"), func(page *consumer.ValidationNotice) {
		page.Problem = page.T(consumer.ProblemNoAnswer)
	})
}

// answers are the reasons of a dispute that were checked, for the address of its
// form; they say nothing of the person.
func answers(form web.Form) url.Values {
	v := url.Values{}
	for _, reason := range []string{modelform.NotMine, modelform.WrongAmount, modelform.OtherReason} {
		if form.Has(reason) {
			v.Set("reason_"+reason, "yes")
		}
	}
	return v
}

// noticePDF is a copy of the notice to keep; the page stays the document.
func (p *Pages) noticePDF(r *web.Request) error {
	g, err := p.given(r)
	if err != nil {
		return err
	}
	if g.notice.ID == "" {
		return web.ErrNotFound
	}
	body, err := p.Validation.Open(r.Context(), g.notice)
	if err != nil {
		return err
	}
	language := r.Query("lang")
	if language == "" {
		language = r.Base().Lang()
	}
	var file bytes.Buffer
	if err := printed(body.In(language), g.notice, r.Base().T("vnotice.title")).PDF(&file); err != nil {
		return err
	}
	r.SetHeader("Content-Disposition", `attachment; filename="notice.pdf"`)
	return r.Bytes(http.StatusOK, "application/pdf", file.Bytes())
}
