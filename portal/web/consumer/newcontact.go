package consumer

import (
	"errors"
	"net/http"
	"strings"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/talk"
	"quittance/portal/web"
)

// parts are what can be changed, by the last part of the address.
var parts = map[string]talk.What{"address": talk.Address, "phone": talk.Phone, "email": talk.Email}

func (p *Pages) newContact(r *web.Request) error {
	if _, known := parts[r.Param("part")]; !known {
		return web.ErrNotFound
	}
	page := p.newContactPage(r, web.Form{})
	account, err := p.Accounts.Account(r.Context(), me(r))
	if err != nil {
		return err
	}
	if page.Part == consumer.PartAddress { // nobody types their own city again (A11-03)
		a := account.Consumer.Address
		page.Fields["city"], page.Fields["state"] = consumer.Input{Value: a.City}, consumer.Input{Value: a.State}
	}
	return r.Page(http.StatusOK, page)
}

// postNewContact changes an address or a number for somebody who gave the
// personal detail once more (SEC-12). A new e-mail address or number is checked
// first.
func (p *Pages) postNewContact(r *web.Request) error {
	what, known := parts[r.Param("part")]
	if !known {
		return web.ErrNotFound
	}
	page := p.newContactPage(r, r.Form())
	to, ok := readContact(&page, what)
	factor, told := p.factorAgain(&page, r.Form())
	if !ok || !told {
		return r.Page(http.StatusUnprocessableEntity, page)
	}
	err := p.Visits.Again(r.Context(), me(r), factor, r.Visitor().IP.String())
	if errors.Is(err, identity.ErrNoMatch) {
		page.Failed = true
		return r.Page(http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	return p.changeContact(r, page, what, to)
}

// changeContact asks for the digits that prove a new e-mail address or number,
// and makes another change at once.
func (p *Pages) changeContact(r *web.Request, page consumer.NewContact, what talk.What, to talk.Contact) error {
	next := paths.Preferences + "/changed/" + string(what)
	var err error
	if what == talk.Address {
		err = p.Reach.Changing.Make(r.Context(), me(r), what, to)
	} else {
		var change string
		change, err = p.Reach.Changing.Check(r.Context(), me(r), what, to)
		next = paths.CheckContact(change)
	}
	switch {
	case errors.Is(err, talk.ErrByPerson):
		return r.SeeOther(byPerson(what))
	case errors.Is(err, talk.ErrChecks):
		page.Fields[string(what)] = consumer.Input{Value: page.Fields[string(what)].Value, Problem: page.T(consumer.ProblemReachChecks)}
		return r.Page(http.StatusTooManyRequests, page)
	case err != nil:
		return err
	}
	return r.SeeOther(next)
}

// byPerson is where it says that a person has to make the change.
func byPerson(what talk.What) string {
	return paths.Preferences + "/changed/" + string(what) + "?waits=1"
}

func (p *Pages) newContactPage(r *web.Request, form web.Form) consumer.NewContact {
	page := consumer.NewContact{
		Base: r.Base(), Part: consumer.ReachPart(r.Param("part")), Fields: map[string]consumer.Input{}, Factor: consumer.FactorZIP,
		Birth:   consumer.Birth{Month: form.Typed("birth_month"), Day: form.Typed("birth_day"), Year: form.Typed("birth_year")},
		Consent: form.Text("consent") == "yes", Attest: form.Text("attest") == "yes",
	}
	if p.Factor == identity.DateOfBirth {
		page.Factor = consumer.FactorBirth
	}
	for _, name := range []string{"line1", "line2", "city", "state", "postal", "phone", "email", "zip"} {
		page.Fields[name] = consumer.Input{Value: form.Typed(name)}
	}
	return page
}

// factorAgain reads the personal detail as the front door does.
func (p *Pages) factorAgain(page *consumer.NewContact, form web.Form) (identity.Factor, bool) {
	verify := consumer.Verify{Base: page.Base, Birth: page.Birth}
	factor, ok := p.readFactor(&verify, form)
	page.Birth = verify.Birth
	page.Fields["zip"] = consumer.Input{Value: form.Typed("zip"), Problem: verify.ZIP.Problem}
	return factor, ok
}

// readContact reads the new value and puts what is wrong beside the field.
func readContact(page *consumer.NewContact, what talk.What) (talk.Contact, bool) {
	problems := 0
	text := func(name string) string { return identity.Plain(page.Fields[name].Value) }
	wrong := func(name string, problem string) {
		page.Fields[name] = consumer.Input{Value: page.Fields[name].Value, Problem: problem}
		problems++
	}
	to := talk.Contact{Consent: page.Consent}
	switch what {
	case talk.Phone:
		if to.Phone = contact.Phone(text("phone")); to.Phone == "" {
			wrong("phone", page.T(consumer.ProblemReachPhone))
		}
	case talk.Email:
		to.Email = contact.EmailAddress(text("email"))
		page.Business = contact.Business(to.Email)
		switch {
		case to.Email == "":
			wrong("email", page.T(consumer.ProblemReachEmail))
		case page.Business && page.Consent && !page.Attest:
			wrong("email", page.T(consumer.ProblemReachWork))
		}
	case talk.Address:
		to.Address = debt.Address{Line1: text("line1"), Line2: text("line2"), City: text("city"), State: strings.ToUpper(text("state")), PostalCode: text("postal")}
		for _, name := range []string{"line1", "city"} {
			if text(name) == "" || len(text(name)) > 100 {
				wrong(name, page.T(consumer.ProblemReachMissing))
			}
		}
		if !contact.KnownState(to.Address.State) {
			wrong("state", page.T(consumer.ProblemReachState))
		}
		if _, err := identity.ZIP(to.Address.PostalCode); err != nil {
			wrong("postal", page.T(consumer.ProblemZIPFormat))
		}
	}
	return to, problems == 0
}

// signs are what people and programs write around digits.
var signs = strings.NewReplacer(" ", "", "-", "", ".", "", ",", "", `"`, "", "“", "", "”", "", "'", "")

func (p *Pages) checkContact(r *web.Request) error {
	change, err := p.Reach.Changing.Waiting(r.Context(), me(r), r.Param("change"))
	if err != nil {
		return noChange(r, change, err)
	}
	return r.Page(http.StatusOK, checkPage(r, change))
}

func checkPage(r *web.Request, c talk.Change) consumer.CheckContact {
	return consumer.CheckContact{Base: r.Base(), Change: r.Param("change"), Part: consumer.ReachPart(c.What), ByText: c.Via == contact.SMS}
}

// postCheckContact takes the digits that were sent. What cannot be six digits is
// no try.
func (p *Pages) postCheckContact(r *web.Request) error {
	digits := signs.Replace(identity.Plain(r.Form().Text("code")))
	if len(digits) != 6 || strings.Trim(digits, "0123456789") != "" {
		change, err := p.Reach.Changing.Waiting(r.Context(), me(r), r.Param("change"))
		if err != nil {
			return noChange(r, change, err)
		}
		page := checkPage(r, change)
		page.Code = consumer.Input{Value: r.Form().Typed("code"), Problem: page.T(consumer.ProblemStepFormat)}
		return r.Page(http.StatusUnprocessableEntity, page)
	}
	change, err := p.Reach.Changing.Confirm(r.Context(), me(r), r.Param("change"), digits)
	switch {
	case errors.Is(err, talk.ErrDigits):
		page := checkPage(r, change)
		page.Code = consumer.Input{Value: r.Form().Typed("code"), Problem: page.T(consumer.ProblemStepWrong)}
		return r.Page(http.StatusUnprocessableEntity, page)
	case errors.Is(err, talk.ErrByPerson):
		return r.SeeOther(byPerson(change.What))
	case err != nil:
		return noChange(r, change, err)
	}
	return r.SeeOther(paths.Preferences + "/changed/" + string(change.What))
}

// noChange leads back to the form when the digits are no longer waited for.
func noChange(r *web.Request, c talk.Change, err error) error {
	switch {
	case errors.Is(err, talk.ErrOver):
		return r.SeeOther(paths.NewContact(string(c.What)))
	case errors.Is(err, talk.ErrNoChange):
		return web.ErrNotFound
	}
	return err
}

func (p *Pages) contactSaved(r *web.Request) error {
	if _, known := parts[r.Param("part")]; !known {
		return web.ErrNotFound
	}
	page := consumer.ContactSaved{Base: r.Base(), Part: consumer.ReachPart(r.Param("part")), Waits: r.Query("waits") == "1"}
	if page.Part == consumer.PartAddress && p.Factor == identity.PostalCode {
		account, err := p.Accounts.Account(r.Context(), me(r))
		if err != nil {
			return err
		}
		page.OldZIP = account.Consumer.Moved.Own && account.Consumer.Moved.Lately(p.Now())
	}
	return r.Page(http.StatusOK, page)
}
