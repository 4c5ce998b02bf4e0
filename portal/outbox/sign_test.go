package outbox_test

import (
	"encoding/base64"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"quittance/portal/outbox"
)

// TestSigningVectors holds our signer to the vector of the Standard Webhooks
// libraries' own tests.
func TestSigningVectors(t *testing.T) {
	t.Parallel()
	key, err := outbox.ParseSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	got := outbox.Sign([][]byte{key}, "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestSecretsThatCouldBeGuessedAreRefused(t *testing.T) {
	t.Parallel()
	encode := func(n int) string { return base64.StdEncoding.EncodeToString(make([]byte, n)) }
	for _, secret := range []string{"", "whsec_", "whsec_" + encode(23), "whsec_" + encode(65), "whsec_%%%", encode(32), "whsk_" + encode(32)} {
		if _, err := outbox.ParseSecret(secret); !errors.Is(err, outbox.ErrBadSecret) {
			t.Errorf("%q was taken", secret)
		}
	}
	for _, secret := range []string{"whsec_" + encode(24), "whsec_" + encode(64), outbox.NewSecret()} {
		if _, err := outbox.ParseSecret(secret); err != nil {
			t.Errorf("%q was refused: %v", secret, err)
		}
	}
	if one, other := outbox.NewSecret(), outbox.NewSecret(); one == other {
		t.Error("two new secrets are the same")
	}
}

// TestW1_TheReferenceLibraryVerifiesTenThousandBodiesAndNoTamperedOne runs the
// Go reference library over random bodies, keys and one-bit changes.
func TestW1_TheReferenceLibraryVerifiesTenThousandBodiesAndNoTamperedOne(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	for range 10_000 {
		secret, body := randomSecret(random), randomBody(random)
		key, err := outbox.ParseSecret(secret)
		if err != nil {
			t.Fatal(err)
		}
		library, err := standardwebhooks.NewWebhook(secret)
		if err != nil {
			t.Fatal(err)
		}
		now := time.Now()
		headers := signed("evt_1", now, body, key)
		if err := library.Verify(body, headers); err != nil {
			t.Fatalf("refused: %v", err)
		}
		tampered := append([]byte(nil), body...)
		tampered[random.IntN(len(body))] ^= 1 << random.IntN(8)
		if library.Verify(tampered, headers) == nil {
			t.Fatal("a tampered body was accepted")
		}
	}
}

func TestW1_StaleAndFutureDeliveriesAreRefusedByTheReferenceLibrary(t *testing.T) {
	t.Parallel()
	secret := outbox.NewSecret()
	key, err := outbox.ParseSecret(secret)
	if err != nil {
		t.Fatal(err)
	}
	library, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	body := []byte(`{"type":"a.b"}`)
	for _, c := range []struct {
		offset time.Duration
		want   error
	}{
		{-301 * time.Second, standardwebhooks.ErrMessageTooOld},
		{302 * time.Second, standardwebhooks.ErrMessageTooNew},
		{-295 * time.Second, nil},
		{295 * time.Second, nil},
	} {
		headers := signed("evt_1", time.Now().Add(c.offset), body, key)
		if err := library.Verify(body, headers); !errors.Is(err, c.want) {
			t.Errorf("%v: got %v, want %v", c.offset, err, c.want)
		}
	}
	moved := signed("evt_1", time.Now(), body, key)
	moved.Set("webhook-id", "evt_2")
	if library.Verify(body, moved) == nil {
		t.Error("another id was accepted")
	}
}

func signed(id outbox.EventID, at time.Time, body []byte, keys ...[]byte) http.Header {
	h := http.Header{}
	h.Set("webhook-id", string(id))
	h.Set("webhook-timestamp", strconv.FormatInt(at.Unix(), 10))
	h.Set("webhook-signature", outbox.Sign(keys, id, at, body))
	return h
}

func randomSecret(r *rand.Rand) string {
	key := make([]byte, 24+r.IntN(41))
	for i := range key {
		key[i] = byte(r.Uint32())
	}
	return "whsec_" + base64.StdEncoding.EncodeToString(key)
}

func randomBody(r *rand.Rand) []byte {
	const letters = "abc {}\"\\\n\tñ漢🙂0123456789"
	runes := []rune(letters)
	var b strings.Builder
	for range 1 + r.IntN(400) {
		b.WriteRune(runes[r.IntN(len(runes))])
	}
	return []byte(b.String())
}
