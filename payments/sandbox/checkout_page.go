package sandbox

import (
	"net/http"
	"strings"
)

// checkoutPage shows the hosted form. It needs no JavaScript.
func (s *Server) checkoutPage(w http.ResponseWriter, r *http.Request) {
	s.lock()
	o, ok := s.sessions.get(r.PathValue("id"))
	if !ok {
		s.unlock()
		notFound(w, r)
		return
	}
	v, status, success := s.checkoutView(o, r), o.Status, o.success()
	if e := o.intent.LastPaymentError; e != nil {
		v.Problem = said(v.Lang, e)
	}
	s.unlock()
	switch status {
	case "complete":
		http.Redirect(w, r, success, http.StatusSeeOther)
	case "expired":
		render(w, http.StatusGone, "message", view{Lang: v.Lang, Data: "expired"})
	default:
		render(w, http.StatusOK, "checkout", v)
	}
}

func (s *Server) checkoutView(o *session, r *http.Request) formView {
	return formView{
		view:  view{Lang: language(r, string(o.Locale)), Agency: s.cfg.AgencyName, Amount: o.AmountTotal},
		Types: o.PaymentMethodTypes, Method: o.PaymentMethodTypes[0], About: o.label, CancelURL: string(o.CancelURL),
	}
}

// success is where the person goes, with the session's identifier filled in.
func (o *session) success() string {
	return strings.ReplaceAll(string(o.SuccessURL), "{CHECKOUT_SESSION_ID}", o.ID)
}

// payCheckout takes the form: an error beside its field, a challenge on its own
// page, or on to the merchant. Nothing is written to the person under the lock.
func (s *Server) payCheckout(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	fields, wrong := typedMethod(r)
	v, next, ok := s.checkout(r, fields, wrong)
	switch {
	case !ok:
		notFound(w, r)
	case next != "":
		http.Redirect(w, r, next, http.StatusSeeOther)
	default:
		render(w, http.StatusUnprocessableEntity, "checkout", v)
	}
}

// checkout returns where the person goes next, or the form with its errors.
func (s *Server) checkout(r *http.Request, fields params, wrong map[string]string) (v formView, next string, ok bool) {
	s.lock()
	defer s.unlock()
	o, ok := s.sessions.get(r.PathValue("id"))
	if !ok {
		return v, "", false
	}
	if o.Status != "open" {
		return v, "/checkout/" + o.ID, true
	}
	v = s.checkoutView(o, r)
	v.Method, v.AccountType = orString(r.PostFormValue("method"), v.Method), r.PostFormValue("account_type")
	v.Values = map[string]string{"expiry": r.PostFormValue("expiry"), "zip": r.PostFormValue("zip"), "name": r.PostFormValue("name"), "routing": r.PostFormValue("routing")}
	if len(wrong) == 0 {
		next, e := s.tryCheckout(o, r, fields)
		if e == nil {
			return v, next, true
		}
		v.blame(e)
	}
	for name, code := range wrong {
		v.accuse(name, phrase(v.Lang, "error."+code))
	}
	return v, "", true
}

// tryCheckout charges what was typed and says where the person goes next.
func (s *Server) tryCheckout(o *session, r *http.Request, fields params) (next string, e *apiError) {
	c := &call{params: fields, s: s, r: r, public: true, base: s.base(r)}
	m, e := c.newMethod("")
	if e != nil {
		return "", e
	}
	if e = c.allowed(o.intent, m); e != nil {
		return "", e
	}
	if e = s.submit(o, m, c.base); e != nil {
		return "", e
	}
	if a := o.intent.NextAction; a != nil && a.RedirectToURL != nil {
		return a.RedirectToURL.URL, nil
	}
	return o.success(), nil
}

// blame puts an error beside the field it is about, or above the form.
func (v *formView) blame(e *apiError) {
	if field := fieldOf(e); field != "" {
		v.accuse(field, said(v.Lang, e))
		return
	}
	v.Problem = said(v.Lang, e)
}

func (v *formView) accuse(field, words string) {
	if v.Wrong == nil {
		v.Wrong = map[string]string{}
	}
	v.Wrong[field] = words
	v.Problem = words
}

// depositsPage is where a person types what arrived in their account.
func (s *Server) depositsPage(w http.ResponseWriter, r *http.Request) {
	s.lock()
	waiting, _ := s.waitingDeposits(r.PathValue("id"))
	s.unlock()
	if waiting == nil {
		notFound(w, r)
		return
	}
	render(w, http.StatusOK, "deposits", formView{view: view{Lang: language(r, "")}})
}

// waitingDeposits returns the deposits of an intent and what verifies them.
func (s *Server) waitingDeposits(id string) (*deposits, handler) {
	if p, ok := s.intents.get(id); ok {
		return p.deposits, verifyIntent
	}
	if o, ok := s.setups.get(id); ok {
		return o.deposits, verifySetup
	}
	return nil, nil
}

func (s *Server) verifyDeposits(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	fields := params{{flat: "amounts.#", value: r.PostFormValue("first_amount")}, {flat: "amounts.#", value: r.PostFormValue("second_amount")}}
	if code := strings.ToUpper(strings.TrimSpace(r.PostFormValue("code"))); code != "" {
		fields = params{{flat: "descriptor_code", value: code}}
	}
	lang := language(r, "")
	ok, e := s.tryHosted(r, fields)
	switch {
	case !ok:
		notFound(w, r)
	case e != nil:
		render(w, http.StatusUnprocessableEntity, "deposits", formView{view: view{Lang: lang}, Problem: said(lang, e)})
	default:
		render(w, http.StatusOK, "message", view{Lang: lang, Data: "verified"})
	}
}

func (s *Server) tryHosted(r *http.Request, fields params) (ok bool, e *apiError) {
	s.lock()
	defer s.unlock()
	waiting, verify := s.waitingDeposits(r.PathValue("id"))
	if waiting == nil {
		return false, nil
	}
	_, e = verify(&call{params: fields, s: s, r: r})
	return true, e
}
