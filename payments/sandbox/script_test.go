package sandbox_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"quittance/payments/sandbox"
)

func TestTheScriptIsSmallAndNeedsNoEval(t *testing.T) {
	t.Parallel()
	h := start(t)
	for _, path := range []string{"/v3", "/v3/"} {
		status, header, body := h.browse(http.MethodGet, h.url+path, nil)
		same(t, "status", status, 200)
		if len(body) > 15_000 || !strings.Contains(header.Get("Content-Type"), "javascript") {
			t.Errorf("%s: %d bytes, %s", path, len(body), header.Get("Content-Type"))
		}
		for _, bad := range []string{"eval(", "new Function", "innerHTML", "<style"} {
			if strings.Contains(body, bad) {
				t.Errorf("the script contains %s", bad)
			}
		}
	}
}

func TestTheFramesSpeakBothLanguagesUnderAStrictPolicy(t *testing.T) {
	t.Parallel()
	h := start(t)
	for locale, want := range map[string]string{"en": "Card number", "es": "Número de tarjeta", "es-MX": "Número de cuenta"} {
		status, header, body := h.browse(http.MethodGet, h.url+"/js/element?locale="+locale, nil)
		same(t, "status", status, 200)
		policy := header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || !strings.Contains(policy, "frame-ancestors *") {
			t.Errorf("policy: %s", policy)
		}
		if !strings.Contains(body, want) || !strings.Contains(body, `lang="`+locale[:2]+`"`) || strings.Contains(body, "style=") {
			t.Errorf("%s: %s", locale, body)
		}
	}
	for _, path := range []string{"/js/frame.js", "/js/challenge.js", "/js/page.css", "/js/controller"} {
		if status, _, _ := h.browse(http.MethodGet, h.url+path, nil); status != 200 {
			t.Errorf("%s: %d", path, status)
		}
	}
}

func TestBrowsersOfAnyOriginMayCallWithThePublishableKey(t *testing.T) {
	t.Parallel()
	h := start(t)
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodOptions, h.url+"/v1/confirmation_tokens", nil)
	r.Header.Set("Origin", "https://portal.test")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	same(t, "preflight", resp.StatusCode, http.StatusNoContent)
	same(t, "origin", resp.Header.Get("Access-Control-Allow-Origin"), "*")
	_, header, _ := h.browse(http.MethodPost, h.url+"/v1/confirmation_tokens", url.Values{"key": {publicKey}})
	same(t, "origin", header.Get("Access-Control-Allow-Origin"), "*")
}

// BenchmarkCreateAndConfirm measures one card payment without the network.
func BenchmarkCreateAndConfirm(b *testing.B) {
	sb := sandbox.New(sandbox.Config{SecretKey: secretKey})
	handler, body := sb.Handler(), form(cardIntent+"pm_card_visa").Encode()
	for b.Loop() {
		r := httptest.NewRequest(http.MethodPost, "/v1/payment_intents", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Authorization", "Bearer "+secretKey)
		handler.ServeHTTP(httptest.NewRecorder(), r)
	}
}
