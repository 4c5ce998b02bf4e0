package sandbox

import (
	"net/http"
	"net/url"
)

// challenge asks the person to prove they hold the card. The browser script
// opens the page in a frame; without it the person is sent there.
func (s *Server) challenge(p *intent, k confirmation) {
	p.token = s.random(32)
	p.Status, p.NextAction = "requires_action", s.challengeAction(p.ID, p.token, k)
	s.emit("payment_intent.requires_action", p)
}

func (s *Server) challengeAction(id, token string, k confirmation) *nextAction {
	address := k.base + "/3ds/" + id + "/" + token
	if k.sdk {
		return &nextAction{Type: "use_stripe_sdk", UseStripeSDK: &sdkAction{StripeJS: address, Type: "three_d_secure_redirect"}}
	}
	return &nextAction{Type: "redirect_to_url", RedirectToURL: &redirect{maybe(k.returnURL), address}}
}

func needsChallenge(m *method, o *cardOptions, offSession bool) bool {
	switch m.cardRow.challenge {
	case challengeAlways:
		return true
	case challengeUnlessSetUp:
		return !m.setUp
	case challengeOnSession:
		return !offSession
	}
	return o != nil && o.RequestThreeDSecure != "automatic" && m.cardRow.id == "threeDSecureOptional"
}

// proven carries on after a challenge.
func (s *Server) proven(p *intent, passed bool) {
	p.NextAction = nil
	if passed {
		s.chargeCard(p) // a refusal stands in last_payment_error
		return
	}
	p.token = ""
	e := declined(notProven)
	e.Type, e.PaymentMethod = "invalid_request_error", p.method.copy()
	s.failed(p, e, nil)
}

// challenged is what a challenge page is about: a payment or a saved card.
type challenged struct {
	id, secret, kind, returnURL string
	amount                      int64
	waiting                     bool
	status                      func() string
	finish                      func(passed bool)
}

// challengedBy finds the subject of a challenge address, under the lock.
func (s *Server) challengedBy(r *http.Request) (challenged, bool) {
	id, token := r.PathValue("id"), r.PathValue("token")
	if p, ok := s.intents.get(id); ok && p.token != "" && same(p.token, token) {
		return challenged{
			p.ID, p.ClientSecret, "payment_intent", p.returnURL, p.Amount, p.Status == "requires_action",
			func() string { return p.Status }, func(passed bool) { s.proven(p, passed) },
		}, true
	}
	if o, ok := s.setups.get(id); ok && o.token != "" && same(o.token, token) {
		return challenged{
			o.ID, o.ClientSecret, "setup_intent", o.returnURL, 0, o.Status == "requires_action",
			func() string { return o.Status }, func(passed bool) { s.setupProven(o, passed) },
		}, true
	}
	return challenged{}, false
}

// challengePage shows the challenge: two buttons, no script.
func (s *Server) challengePage(w http.ResponseWriter, r *http.Request) {
	s.lock()
	subject, ok := s.challengedBy(r)
	s.unlock()
	if !ok {
		notFound(w, r)
		return
	}
	if !subject.waiting {
		s.leaveChallenge(w, r, subject)
		return
	}
	render(w, http.StatusOK, "challenge", view{Lang: language(r, ""), Amount: subject.amount, Data: r.URL.RawQuery})
}

// answerChallenge takes the person's choice and sends them back.
func (s *Server) answerChallenge(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	passed := r.PostFormValue("action") == "complete"
	s.lock()
	subject, ok := s.challengedBy(r)
	if ok && subject.waiting {
		subject.finish(passed)
	}
	s.unlock()
	if !ok {
		notFound(w, r)
		return
	}
	s.leaveChallenge(w, r, subject)
}

// leaveChallenge returns to the merchant: by message from a frame, by redirect otherwise.
func (s *Server) leaveChallenge(w http.ResponseWriter, r *http.Request, subject challenged) {
	if r.URL.Query().Get("frame") != "" || subject.returnURL == "" {
		render(w, http.StatusOK, "challenged", view{Lang: language(r, "")})
		return
	}
	s.mu.Lock()
	status := subject.status()
	s.mu.Unlock()
	http.Redirect(w, r, withOutcome(subject, status), http.StatusSeeOther)
}

// withOutcome adds the three fields Stripe adds to a return address.
func withOutcome(subject challenged, status string) string {
	back, err := url.Parse(subject.returnURL)
	if err != nil {
		return subject.returnURL
	}
	q := back.Query()
	q.Set(subject.kind, subject.id)
	q.Set(subject.kind+"_client_secret", subject.secret)
	q.Set("redirect_status", redirectStatus(status))
	back.RawQuery = q.Encode()
	return back.String()
}

func redirectStatus(status string) string {
	switch status {
	case "succeeded", "requires_capture":
		return "succeeded"
	case "processing", "requires_action":
		return "pending"
	}
	return "failed"
}
