package main

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"quittance/portal/identity"
	"quittance/portal/store/storetest"
	"quittance/portal/web"
)

var inPattern = regexp.MustCompile(`:[a-z]+`)

// TestS10_NoAddressOfTheConsoleFailsOnWhatIsNotThere: each is asked, and each
// form is sent, with ids that nothing has. It is the fault of whoever asks, never
// ours (F18).
func TestS10_NoAddressOfTheConsoleFailsOnWhatIsNotThere(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, at string) {
		r := rehearse(t, at)
		const password = "correct horse battery staple"
		var a *agent
		asked := 0
		for email, roles := range map[string][]identity.Role{ // nobody has all roles
			"pat@acme.example": {identity.RoleCompliance}, "sal@acme.example": {identity.RoleCollector, identity.RoleFinance, identity.RoleAdmin},
		} {
			if _, err := r.Portal.Desk.Add(t.Context(), email, "Pat", password, roles...); err != nil {
				t.Fatal(err)
			}
			a = newAgent(t, r.URL)
			if status := a.signIn(email, password); status != http.StatusSeeOther {
				t.Fatalf("signing in: %d", status)
			}
			a.get("/console")
			for _, route := range r.Portal.ConsolePages().Routes() {
				if strings.HasSuffix(route.Pattern, "/sign-out") || strings.HasSuffix(route.Pattern, "/sign-in") {
					continue
				}
				target := inPattern.ReplaceAllString(route.Pattern, "none")
				fields := url.Values{}
				for _, name := range []string{"endpoint", "event", "id", "alert", "reference", "words", "kind", "subject", "channel", "outcome", "document_id", "query", "code"} {
					fields.Set(name, "none")
				}
				var status int
				if route.Body == web.FilesBody {
					status = a.sendFiles(target, fields)
				} else {
					status, _ = a.do(route.Method, target, fields)
				}
				if status >= 500 || status < 300 && strings.Contains(route.Pattern, ":") {
					t.Errorf("%s %s: %d", route.Method, target, status)
				}
				asked++
			}
		}
		if asked < 40 {
			t.Fatalf("only %d addresses were found", asked)
		}
		for name, fields := range map[string]url.Values{
			"no endpoint": {"endpoint": {"ep_none"}, "event": {"evt_none"}}, "no name": {"endpoint": {""}, "event": {""}},
		} {
			if status, _ := a.do(http.MethodPost, "/console/webhooks/replay", fields); status != http.StatusNotFound {
				t.Errorf("a replay to %s: %d", name, status)
			}
		}
	})
}

// sendFiles posts a form as one that carries files is sent.
func (a *agent) sendFiles(target string, fields url.Values) int {
	a.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	fields.Set("csrf", a.csrf)
	for _, name := range append([]string{"csrf"}, keysBut(fields, "csrf")...) {
		if err := w.WriteField(name, fields.Get(name)); err != nil {
			a.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		a.t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(a.t.Context(), http.MethodPost, a.at+target, &body)
	if err != nil {
		a.t.Fatal(err)
	}
	request.Header.Set("Content-Type", w.FormDataContentType())
	answer, err := a.client.Do(request)
	if err != nil {
		a.t.Fatal(err)
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		a.t.Fatal(err)
	}
	return answer.StatusCode
}

func keysBut(fields url.Values, left string) []string {
	var names []string
	for name := range fields {
		if name != left {
			names = append(names, name)
		}
	}
	return names
}
