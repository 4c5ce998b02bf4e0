package api_test

import (
	"context"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/notice"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
	"quittance/portal/web/api"
)

// closed lets nobody write.
type closed struct{}

func (closed) MayWrite(context.Context, debt.AccountID) (rule, reason string, err error) {
	return "STS-01", "bankruptcy", nil
}

// TestGEN01_ALinkRefusedOverTheAPIKeepsTheDecisionAndTheConsent asks by the
// links of the product, twice with one key.
func TestGEN01_ALinkRefusedOverTheAPIKeepsTheDecisionAndTheConsent(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := setupOn(t, s)
		book := &contact.Book{Store: s, Stops: s, Refusals: s, Key: []byte("key"), On: map[contact.Channel]bool{contact.SMS: true}, Now: p.Now}
		p.deps.Links = &identity.Links{Tx: s, Store: s, People: s, Book: book, Permission: closed{}, Messages: &notice.Queue{}, Now: p.Now}
		p.app = fiber.New(fiber.Config{Immutable: true, DisableStartupMessage: true, StreamRequestBody: true})
		if err := api.Register(p.app, p.deps); err != nil {
			t.Fatal(err)
		}
		token := p.token(t, "")
		file := strings.TrimSuffix(header, "\n") + ",phone\n" + strings.TrimSuffix(line("A-1", "D-1", "mercy", "432.17"), "\n") + ",+13025550123\n"
		if a := p.ask(t, token, "POST", "/api/v1/placements", file, "Content-Type", "text/csv"); a.status != 200 {
			t.Fatalf("place: %d %s", a.status, a.body)
		}
		for i := range 2 {
			a := p.ask(t, token, "POST", "/api/v1/links", `{"account_ref":"A-1","channel":"sms","call_id":"c1","consent":{"basis":"direct_consent","text_version":"1"}}`, "Idempotency-Key", "k1")
			if again := a.header.Get("Idempotent-Replayed") == "true"; a.status != 422 || a.field(t, "type") != "/api/docs#not-sent" || again != (i == 1) {
				t.Errorf("answer %d: %d %v %s", i+1, a.status, again, a.body)
			}
			isProblem(t, a)
		}
		account, _, err := s.AccountByRef(t.Context(), "A-1")
		if err != nil {
			t.Fatal(err)
		}
		refused, err := s.RefusalsOf(t.Context(), account.ID)
		if err != nil || len(refused) != 1 || refused[0].Rule != "STS-01" {
			t.Errorf("decisions on record: %+v, %v", refused, err)
		}
		consents, err := s.ConsentsOf(t.Context(), account.ID)
		if err != nil || len(consents) != 1 || consents[0].CallID != "c1" {
			t.Errorf("consents on record: %+v, %v", consents, err)
		}
	})
}
