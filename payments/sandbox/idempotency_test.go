package sandbox_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"quittance/payments/sandbox"
)

func (h *harness) keyed(key, fields string) (int, http.Header, reply) {
	h.t.Helper()
	status, header, out, err := h.send(request{method: http.MethodPost, path: "/v1/payment_intents", fields: fields, key: key})
	if err != nil {
		h.t.Fatal(err)
	}
	return status, header, out
}

func TestTheSameKeyReplaysTheFirstAnswer(t *testing.T) {
	t.Parallel()
	h := start(t)
	_, header, first := h.keyed("k1", cardIntent+"pm_card_visa")
	same(t, "first", header.Get("Idempotent-Replayed"), "")
	status, header, second := h.keyed("k1", cardIntent+"pm_card_visa")
	same(t, "status", status, 200)
	same(t, "replayed", header.Get("Idempotent-Replayed"), "true")
	same(t, "same intent", second.text("id"), first.text("id"))
	if header.Get("Request-Id") == "" {
		t.Error("no Request-Id")
	}
	same(t, "charges", h.ChargeCount("pay_1"), 1)
	same(t, "key of the charge", h.Charges()[0].IdempotencyKey, "k1")
}

func TestADeclineIsReplayedToo(t *testing.T) {
	t.Parallel()
	h := start(t)
	_, _, first := h.keyed("k1", cardIntent+"pm_card_chargeDeclined")
	status, _, second := h.keyed("k1", cardIntent+"pm_card_chargeDeclined")
	same(t, "status", status, 402)
	same(t, "same intent", second.text("error", "payment_intent", "id"), first.text("error", "payment_intent", "id"))
}

func TestAKeyIsBoundToItsParametersAndAddress(t *testing.T) {
	t.Parallel()
	h := start(t)
	h.keyed("k1", cardIntent+"pm_card_visa")
	status, _, out := h.keyed("k1", cardIntent+"pm_card_visa_debit")
	same(t, "status", status, 400)
	same(t, "type", out.text("error", "type"), "idempotency_error")
	out = h.must(400, request{method: http.MethodPost, path: "/v1/refunds", fields: "charge=ch_1", key: "k1"})
	same(t, "type", out.text("error", "type"), "idempotency_error")
	same(t, "charges", len(h.Charges()), 1)
}

func TestWrongParametersDoNotUseUpAKey(t *testing.T) {
	t.Parallel()
	h := start(t)
	status, _, _ := h.keyed("k1", "amount=1&currency=usd")
	same(t, "refused", status, 400)
	status, _, _ = h.keyed("k1", cardIntent+"pm_card_visa")
	same(t, "then accepted", status, 200)
}

func TestSTR07_AKeyIsForgottenAfterADayAndThenChargesAgain(t *testing.T) {
	t.Parallel()
	h := start(t)
	h.keyed("k1", cardIntent+"pm_card_visa")
	h.Advance(23 * time.Hour)
	h.keyed("k1", cardIntent+"pm_card_visa")
	same(t, "within a day", h.ChargeCount("pay_1"), 1)
	h.Advance(2 * time.Hour)
	h.keyed("k1", cardIntent+"pm_card_visa")
	same(t, "after a day", h.ChargeCount("pay_1"), 2)
}

func TestARequestUnderWayHoldsItsKey(t *testing.T) {
	t.Parallel()
	h := start(t)
	h.Latency(300 * time.Millisecond)
	var wg sync.WaitGroup
	statuses := make(chan int, 20)
	for range 20 {
		wg.Go(func() {
			status, _, _, err := h.send(request{method: http.MethodPost, path: "/v1/payment_intents", fields: cardIntent + "pm_card_visa", key: "k1"})
			if err != nil {
				t.Error(err)
			}
			statuses <- status
		})
	}
	wg.Wait()
	close(statuses)
	count := map[int]int{}
	for status := range statuses {
		count[status]++
	}
	if count[200] < 1 || count[409] < 1 || count[200]+count[409] != 20 {
		t.Errorf("answers: %v", count)
	}
	same(t, "charges", h.ChargeCount("pay_1"), 1)
}

func TestManyAtOnceChargeOnceAKey(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *sandbox.Config) { c.WebhookURL = "" })
	var wg sync.WaitGroup
	for i := range 200 {
		key := string(rune('a' + i%20))
		wg.Go(func() {
			if _, _, _, err := h.send(request{method: http.MethodPost, path: "/v1/payment_intents", fields: cardIntent + "pm_card_visa", key: key}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	same(t, "charges", len(h.Charges()), 20)
}
