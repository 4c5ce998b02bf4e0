package sandbox_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"time"

	"quittance/payments/sandbox"
)

func TestEachFaultDoesOrDoesNotDoTheWork(t *testing.T) {
	t.Parallel()
	for mode, c := range map[sandbox.Mode]struct {
		status, charges int // 0: no answer
		retry           int // the status of the same request with the same key
	}{
		sandbox.ModeError:       {500, 0, 200},
		sandbox.ModeErrorStored: {500, 0, 500},
		sandbox.ModeErrorAfter:  {500, 1, 200},
		sandbox.ModeRateLimit:   {429, 0, 200},
		sandbox.ModeReset:       {0, 0, 200},
		sandbox.ModeResetAfter:  {0, 1, 200},
		sandbox.ModeHang:        {0, 0, 200},
		sandbox.ModeHangAfter:   {0, 1, 200},
	} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			h := start(t, func(c *sandbox.Config) { c.HangFor = 50 * time.Millisecond })
			h.FailNext(1, mode)
			q := request{method: http.MethodPost, path: "/v1/payment_intents", fields: cardIntent + "pm_card_visa", key: "k1"}
			status, _, _, err := h.send(q)
			if (err != nil) != (c.status == 0) {
				t.Fatalf("answer %d, error %v", status, err)
			}
			same(t, "status", status, c.status)
			same(t, "charges", h.ChargeCount("pay_1"), c.charges)
			h.must(c.retry, q)
			want := 1
			if c.retry == 500 {
				want = 0
			}
			same(t, "after the retry", h.ChargeCount("pay_1"), want)
		})
	}
}

func TestAHangEndsWhenTheCallerGivesUp(t *testing.T) {
	t.Parallel()
	h := start(t)
	h.FailNext(1, sandbox.ModeHangAfter)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	r, _ := http.NewRequestWithContext(ctx, http.MethodPost, h.url+"/v1/payment_intents", bytes.NewBufferString(form(cardIntent+"pm_card_visa").Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(secretKey, "")
	if _, err := http.DefaultClient.Do(r); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("error %v", err)
	}
	same(t, "charged all the same", h.ChargeCount("pay_1"), 1)
	h.get("/v1/payment_intents", "") // others are not held up
}

func TestAFaultMayBeAimedAtAnAddress(t *testing.T) {
	t.Parallel()
	h := start(t)
	p := h.post(200, "/v1/payment_intents", cardIntent+"pm_card_visa")
	h.FailNextOn("/v1/payment_intents/pi_", 1, sandbox.ModeError)
	h.post(200, "/v1/customers", "name=Jo")
	h.must(500, request{method: http.MethodGet, path: "/v1/payment_intents/" + p.text("id")})
	h.get("/v1/payment_intents/"+p.text("id"), "")
}

func TestSomeRequestsFailTheSameWayWithTheSameSeed(t *testing.T) {
	t.Parallel()
	run := func() (statuses []int) {
		h := start(t)
		h.FailSome(40, 11, sandbox.ModeError, sandbox.ModeErrorAfter)
		for range 30 {
			status, _, _, err := h.send(request{method: http.MethodPost, path: "/v1/customers"})
			if err != nil {
				t.Fatal(err)
			}
			statuses = append(statuses, status)
		}
		return statuses
	}
	first, second := run(), run()
	failed := 0
	for i := range first {
		same(t, "answer", second[i], first[i])
		if first[i] == 500 {
			failed++
		}
	}
	if failed < 5 || failed > 20 {
		t.Errorf("%d of 30 failed", failed)
	}
}

// steer posts JSON to the control addresses.
func (h *harness) steer(status int, path, body string) reply {
	h.t.Helper()
	resp, err := http.Post(h.url+path, "application/json", bytes.NewBufferString(body))
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	var out reply
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil || resp.StatusCode != status {
		h.t.Fatalf("%s %s: %d %v %v", path, body, resp.StatusCode, out, err)
	}
	return out
}

func TestAnotherProcessSteersOverHTTP(t *testing.T) {
	t.Parallel()
	h := start(t)
	h.steer(200, "/sandbox/faults", `{"next":[{"mode":"500_after","n":1}],"events":{"drop_percent":0}}`)
	h.must(500, request{method: http.MethodPost, path: "/v1/payment_intents", fields: cardIntent + "pm_card_visa"})
	same(t, "count", h.must(200, request{method: http.MethodGet, path: "/sandbox/charges/pay_1"}).int("count"), 1)
	p := h.post(200, "/v1/payment_intents", bankIntent+"success")
	same(t, "now", h.steer(200, "/sandbox/advance", `{"days":4}`).text("now"), "2026-03-06T15:00:00Z")
	same(t, "settled", h.get("/v1/payment_intents/"+p.text("id"), "").text("status"), "succeeded")
	h.steer(200, "/sandbox/return", `{"payment_intent":"`+p.text("id")+`","code":"R10"}`)
	h.steer(422, "/sandbox/return", `{"payment_intent":"`+p.text("id")+`","code":"R10"}`)
	if n := h.steer(200, "/sandbox/deliver", `{}`).int("accepted"); n == 0 {
		t.Error("nothing was delivered")
	}
	charges := h.must(200, request{method: http.MethodGet, path: "/sandbox/charges"})
	same(t, "charges", len(charges["charges"].([]any)), 2)
	h.steer(422, "/sandbox/faults", `{"percent":5,"modes":["nonsense"]}`)
	h.steer(400, "/sandbox/advance", `{"weeks":1}`)
	h.steer(422, "/sandbox/advance", `{"days":-1}`)
	h.steer(200, "/sandbox/faults", `{"clear":true}`)
	card := h.post(200, "/v1/payment_intents", cardIntent+"pm_card_visa")
	dispute := h.steer(200, "/sandbox/dispute", `{"payment_intent":"`+card.text("id")+`"}`).text("dispute")
	h.steer(200, "/sandbox/decide", `{"dispute":"`+dispute+`","won":true}`)
	same(t, "won", h.get("/v1/disputes/"+dispute, "").text("status"), "won")
	resp, err := http.Post(h.url+"/sandbox/advance", "text/plain", bytes.NewBufferString(`{"days":1}`))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	same(t, "a form of another site", resp.StatusCode, http.StatusUnsupportedMediaType)
}
