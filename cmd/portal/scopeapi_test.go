package main

import (
	"bytes"
	"crypto/rand"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"quittance/cmd/demo"
	"quittance/payments"
	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/dispute"
	"quittance/portal/identity"
	"quittance/portal/outbox"
	"quittance/portal/store/storetest"
)

// foreignCreditor has no debt of Ana's.
const foreignCreditor = "C-102"

// apiCall is a request that one operation answers.
type apiCall struct {
	operation, path, body string
	kind                  string // of the body; empty: JSON
	agency                bool   // for tokens of all creditors alone
	shows                 string // of a list: what the right caller finds in it, and nobody else
	before                func() // what has to be so
}

// TestS10_EveryOperationAnswersItsScopeAndItsCreditorsAlone sends each operation of
// the API with every scope but its own, for another creditor, for nobody's debts,
// and then, the very same, with the right token: who is denied is denied what is
// there.
func TestS10_EveryOperationAnswersItsScopeAndItsCreditorsAlone(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		_, first, err := r.FirstDebt(t.Context(), "A-1001")
		r.fatal(t, err)
		calls, ownCreditor := apiCalls(t, r, first.Debt), first.Debt.CreditorRef
		every := r.bearer(t, "", identity.Scopes...)
		own := r.bearer(t, ownCreditor, identity.Scopes...)
		both := r.token(t, debt.OnlyCreditors("C-109", ownCreditor))
		foreign := []string{r.bearer(t, foreignCreditor, identity.Scopes...), r.token(t, debt.OnlyCreditors(foreignCreditor, "C-none"))}
		of := scopesOf(t, r)
		for _, c := range calls {
			line, known := of[c.operation]
			if !known {
				t.Errorf("there is no operation %s", c.operation)
				continue
			}
			delete(of, c.operation)
			if c.before != nil {
				c.before()
			}
			others := slices.DeleteFunc(slices.Clone(identity.Scopes), func(s identity.Scope) bool { return string(s) == line.scope })
			if status, said := r.asks(t, r.bearer(t, "", others...), line.method, c); status != http.StatusForbidden {
				t.Errorf("%s without %s: %d %s", c.operation, line.scope, status, said)
			}
			for _, token := range foreign {
				status, said := r.asks(t, token, line.method, c)
				if c.shows != "" && status == http.StatusOK && !strings.Contains(said, c.shows) {
					continue // a list without it
				}
				if status != http.StatusNotFound && status != http.StatusForbidden || c.shows != "" && strings.Contains(said, c.shows) {
					t.Errorf("%s for another creditor: %d %s", c.operation, status, said)
				}
			}
			twins := []string{own, both}
			if c.agency {
				twins = []string{every}
			}
			if status, said := r.asks(t, twins[len(twins)-1], line.method, c); status < 200 || status > 299 || !strings.Contains(said, c.shows) {
				t.Errorf("%s as it should be: %d %s", c.operation, status, said)
			}
			if line.method != http.MethodGet {
				continue // done once
			}
			if status, said := r.asks(t, twins[0], line.method, c); status < 200 || status > 299 || !strings.Contains(said, c.shows) {
				t.Errorf("%s as it should be: %d %s", c.operation, status, said)
			}
		}
		for operation := range of {
			t.Errorf("nobody sends %s", operation)
		}
	})
}

// asks sends a request. Each has a key of its own.
func (r *rehearsal) asks(t *testing.T, token, method string, c apiCall) (int, string) {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), method, r.URL+c.path, bytes.NewReader([]byte(c.body)))
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Authorization", "Bearer "+token)
	q.Header.Set("Idempotency-Key", rand.Text())
	if c.body != "" {
		q.Header.Set("Content-Type", "application/json")
	}
	if c.kind != "" {
		q.Header.Set("Content-Type", c.kind)
	}
	answer, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(content)
}

// token issues a token with every scope.
func (r *rehearsal) token(t *testing.T, of debt.Creditors) string {
	t.Helper()
	token, _, err := r.Portal.Tokens.IssueToken(t.Context(), identity.Grant{Name: "test", Scopes: identity.Scopes, Creditors: of, By: "test", For: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	return token
}

type scopedOperation struct{ method, scope string }

// scopesOf reads the method and scope of each operation from the API's description.
func scopesOf(t *testing.T, r *rehearsal) map[string]scopedOperation {
	t.Helper()
	all := map[string]scopedOperation{}
	for _, line := range operations(t, r.URL) {
		f := strings.Fields(line)
		scope := strings.TrimSuffix(strings.TrimPrefix(f[4], "security=[map[bearer:["), "]]]")
		all[strings.TrimPrefix(f[3], "operation=")] = scopedOperation{method: f[1], scope: scope}
	}
	return all
}

// apiCalls leave a trace in every corner of Ana's account, and name each.
func apiCalls(t *testing.T, r *rehearsal, own debt.Debt) []apiCall {
	t.Helper()
	ctx, w := t.Context(), r.Portal
	_, link := r.linked(t, "A-1001")
	paid, err := r.Pay(ctx, "A-1001", "scope/1", 5_00, "card", "pm_card_visa")
	r.fatal(t, err)
	r.fatal(t, r.Settle(ctx))
	id := r.live(t, "A-1001")
	ownCreditor := own.CreditorRef
	made, _, err := w.Endpoints.Create(ctx, outbox.NewEndpoint{URL: "https://hooks.example.com/own", CreditorRef: ownCreditor})
	r.fatal(t, err)
	r.fatal(t, r.Settle(ctx))
	filed, err := w.Disputes.Of(ctx, id)
	r.fatal(t, err)
	files, err := w.Disputes.Evidence(ctx, "", filed[0].ID)
	r.fatal(t, err)
	plans, err := w.Store.PlansOfAccount(ctx, string(id))
	r.fatal(t, err)
	claims, err := w.Store.ClaimsOfAccount(ctx, id)
	r.fatal(t, err)
	r.speaks(t, "A-1001", "guardian", "paper 1")
	speakers, err := w.Speakers.Of(ctx, id)
	r.fatal(t, err)
	event, err := w.Store.LatestEvent(ctx, paid.ID, outbox.PaymentConfirmed)
	r.fatal(t, err)
	sent, err := w.Store.MessagesOf(ctx, id, 1)
	r.fatal(t, err)
	account, debts, endpoint := "/api/v1/accounts/A-1001", "/api/v1/debts/"+own.Ref+"/validation-notices", "/api/v1/endpoints/"+string(made.ID)
	disputes, today := "/api/v1/disputes/"+string(filed[0].ID), civil.Of(r.Clock.Now().In(r.Portal.Zone())).String()
	recalled := r.recalled(t, "A-1008")
	waits := r.startOn(t, "A-1007-1", payments.BankAccount, 50_00)
	return []apiCall{
		{operation: "balance", path: account + "/balance"},
		{operation: "account-plans", path: account + "/plans"},
		{operation: "plan", path: "/api/v1/plans/" + string(plans[0].ID)},
		{operation: "payment", path: "/api/v1/payments/" + string(paid.ID)},
		{operation: "stop-payment", path: "/api/v1/payments/" + string(waits.ID) + "/cancellation", agency: true},
		{operation: "disputes", path: "/api/v1/disputes", shows: string(filed[0].ID)},
		{operation: "dispute", path: disputes},
		{operation: "dispute-file", path: disputes + "/files/" + string(files[0].ID), agency: true},
		{operation: "events", path: "/api/v1/events?limit=500", shows: string(event)},
		{operation: "post", path: "/api/v1/events/" + string(event) + "/posting", body: `{"transaction_id":"T-1"}`},
		{operation: "endpoints", path: "/api/v1/endpoints", shows: string(made.ID)},
		{operation: "createEndpoint", path: "/api/v1/endpoints", body: `{"url":"https://hooks.example.com/new","creditor_ref":"` + ownCreditor + `"}`},
		{operation: "endpoint", path: endpoint},
		{operation: "deliveries", path: endpoint + "/deliveries"},
		{operation: "attempts", path: endpoint + "/deliveries/1/attempts"},
		{operation: "rotateSecret", path: endpoint + "/rotate"},
		{operation: "testEndpoint", path: endpoint + "/test"},
		{operation: "replay", path: endpoint + "/replay", body: `{"event_id":"` + string(event) + `"}`},
		{operation: "changeEndpoint", path: endpoint, body: `{"status":"paused"}`},
		{operation: "resumeEndpoint", path: endpoint + "/resume"},
		{operation: "claims", path: "/api/v1/claims", shows: string(claims[0].ID), agency: true},
		{operation: "claim", path: "/api/v1/claims/" + string(claims[0].ID), agency: true},
		{operation: "decide-claim", path: "/api/v1/claims/" + string(claims[0].ID), body: `{"state":"cleared","by":"Kim","on":"` + today + `"}`, agency: true},
		{operation: "representatives", path: account + "/representatives", agency: true},
		{operation: "record-representative", path: account + "/representatives", agency: true,
			body: `{"role":"guardian","name":"Eva Two","postal_code":"10001","document_id":"paper 2","checked_by":"Sam"}`},
		{operation: "revoke-representative", path: account + "/representatives/" + string(speakers[0].ID), body: `{"state":"revoked"}`, agency: true},
		{operation: "referenceCode", path: account + "/code", agency: true},
		{operation: "place-legal-hold", path: account + "/legal-hold", body: `{"by":"Legal department","reason":"Case 1"}`, agency: true},
		{operation: "legal-hold", path: account + "/legal-hold", agency: true},
		{operation: "lift-legal-hold", path: account + "/legal-hold", agency: true},
		{operation: "report-validation-notice", path: debts, body: `{"provided_on":"` + today + `","method":"mail"}`, agency: true},
		{operation: "validation-notices", path: debts, agency: true},
		{operation: "link", path: "/api/v1/links/" + string(link.Link.ID), agency: true},
		{operation: "sendLink", path: "/api/v1/links", body: `{"account_ref":"A-1002","channel":"sms","consent":{"basis":"direct_consent","text_version":"1"}}`, agency: true},
		{operation: "messageLost", path: "/api/v1/messages/" + sent[0].ID + "/undeliverable", agency: true},
		{operation: "set-terms", path: "/api/v1/terms", agency: true,
			body: `{"terms":[{"creditor_ref":"` + ownCreditor + `","effective":"` + today + `","min_amount_cents":5000,"rhythms":["monthly"],"retries":0}]}`},
		{operation: "answer-dispute", path: disputes + "/verification", agency: true,
			body: `{"outcome":"verified","document_id":"D-1","method":"mail","sent_on":"` + today + `"}`},
		{operation: "close-dispute", path: "/api/v1/disputes/" + string(recalled) + "/closing", agency: true},
		{operation: "place", path: "/api/v1/placements", kind: "text/csv", agency: true, body: string(demo.Placements(demo.Samples()[:1], r.Clock.Now()))},
	}
}

// recalled is an open dispute of a debt that was recalled.
func (r *rehearsal) recalled(t *testing.T, ref string) dispute.ID {
	t.Helper()
	id, st, err := r.FirstDebt(t.Context(), ref)
	r.fatal(t, err)
	d, err := r.Portal.Disputes.Open(t.Context(), id, st.Debt.ID, dispute.Filing{Kind: dispute.OfDebt, Scope: dispute.Whole, Language: "en", Reasons: []dispute.Reason{dispute.WrongAmount}}, "key/"+ref)
	r.fatal(t, err)
	r.owe(t, ref, 2, st.Owed, debt.Recalled)
	return d.ID
}

func (r *rehearsal) fatal(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
