package consumer

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"net/http"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/validation"
	"quittance/portal/web"
)

// electronicRoutes are the consent to electronic notices (VAL-12).
func (p *Pages) electronicRoutes() []web.Route {
	if p.Reach.Book == nil {
		return nil
	}
	get := func(pattern string, h func(*web.Request) error) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: pattern, Access: web.Consumer, Page: "Electronic", Handler: h}
	}
	post := func(pattern string, h func(*web.Request) error) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: pattern, Access: web.Consumer, Page: "Electronic", Handler: h, CSRF: true, Body: web.FormBody}
	}
	return []web.Route{
		get(paths.Electronic, p.electronic(consumer.ElectronicAsk)),
		get(paths.ElectronicProve, p.electronic(consumer.ElectronicProve)),
		get(paths.ElectronicSample, p.electronic(consumer.ElectronicSample)),
		post(paths.Electronic, p.postElectronic),
		post(paths.ElectronicEnd, p.postElectronicEnd),
	}
}

// electronic is a step of the question, or what was agreed to.
func (p *Pages) electronic(step consumer.ElectronicStep) func(*web.Request) error {
	return func(r *web.Request) error {
		page, _, err := p.electronicPage(r, step)
		if err != nil {
			return err
		}
		if step == consumer.ElectronicSample {
			page.Number.Value = sampleNumber(me(r))
		}
		return r.Page(http.StatusOK, page)
	}
}

func (p *Pages) electronicPage(r *web.Request, step consumer.ElectronicStep) (consumer.Electronic, string, error) {
	account, err := p.Accounts.Account(r.Context(), me(r))
	if err != nil {
		return consumer.Electronic{}, "", err
	}
	email := contact.EmailAddress(account.Consumer.Email)
	page := consumer.Electronic{Base: r.Base(), Step: step, Email: contact.Masked(contact.Email, email)}
	if email == "" {
		page.Step = consumer.ElectronicAsk
		return page, "", nil
	}
	consents, err := p.Reach.Book.Consents(r.Context(), account.ID, contact.Email, email)
	if err == nil && validation.Electronic(consents) && step != consumer.ElectronicSample {
		page.Step = consumer.ElectronicOn
	}
	return page, email, err
}

// postElectronic keeps the consent of somebody who could read the sample.
func (p *Pages) postElectronic(r *web.Request) error {
	page, email, err := p.electronicPage(r, consumer.ElectronicProve)
	if err != nil {
		return err
	}
	if page.Step != consumer.ElectronicProve {
		return r.SeeOther(paths.Electronic)
	}
	page.Number.Value = r.Form().Text("number")
	if page.Number.Value != sampleNumber(me(r)) {
		page.Number.Problem = page.T(consumer.ProblemSample)
		return r.Page(http.StatusUnprocessableEntity, page)
	}
	return p.agreeElectronic(r, contact.DirectConsent, email)
}

// postElectronicEnd ends it: notices come by mail again.
func (p *Pages) postElectronicEnd(r *web.Request) error {
	page, email, err := p.electronicPage(r, consumer.ElectronicAsk)
	if err != nil {
		return err
	}
	if page.Step != consumer.ElectronicOn {
		return r.SeeOther(paths.Electronic)
	}
	return p.agreeElectronic(r, contact.Withdrawn, email)
}

func (p *Pages) agreeElectronic(r *web.Request, basis contact.Basis, email string) error {
	err := p.Reach.Book.Record(r.Context(), contact.Consent{
		AccountID: me(r), Channel: contact.Email, Basis: basis, RecordedBy: "consumer", TextVersion: validation.ElectronicText,
	}, email)
	if err != nil {
		return err
	}
	return r.SeeOther(paths.Electronic)
}

// sampleNumber is what the sample shows: no secret, it only proves that the page
// can be read.
func sampleNumber(id debt.AccountID) string {
	sum := sha256.Sum256([]byte("sample\x00" + string(id)))
	return fmt.Sprintf("%04d", binary.BigEndian.Uint32(sum[:])%10000)
}
