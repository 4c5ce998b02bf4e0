package outbox

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"
)

// Headers of Standard Webhooks 1.0.0.
const (
	headerID        = "Webhook-Id"
	headerTimestamp = "Webhook-Timestamp"
	headerSignature = "Webhook-Signature"
)

const (
	secretPrefix   = "whsec_"
	minSecretBytes = 24
	maxSecretBytes = 64
	newSecretBytes = 32
)

// Sealer keeps signing secrets from being read out of a database. The purpose
// is bound to the sealed bytes: what was sealed for one endpoint does not open
// for another.
type Sealer interface {
	Seal(plain []byte, purpose string) ([]byte, error)
	Open(sealed []byte, purpose string) ([]byte, error)
}

// NewSecret makes a signing secret in the form its receiver configures.
func NewSecret() string {
	key := make([]byte, newSecretBytes)
	rand.Read(key) // never fails: crypto/rand ends the process instead
	return secretPrefix + base64.StdEncoding.EncodeToString(key)
}

// ParseSecret reads the key from a "whsec_…" secret. An empty, short or long
// one is ErrBadSecret: nothing is ever signed with a key that could be guessed.
func ParseSecret(secret string) ([]byte, error) {
	encoded, ok := strings.CutPrefix(secret, secretPrefix)
	if !ok {
		return nil, ErrBadSecret
	}
	key, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || len(key) < minSecretBytes || len(key) > maxSecretBytes {
		return nil, ErrBadSecret
	}
	return key, nil
}

// Sign writes the webhook-signature header: one v1 signature for each key, so
// that both the new and the old secret verify during a rotation.
func Sign(keys [][]byte, id EventID, at time.Time, body []byte) string {
	prefix := string(id) + "." + strconv.FormatInt(at.Unix(), 10) + "."
	var b strings.Builder
	for i, key := range keys {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(prefix))
		mac.Write(body)
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString("v1,")
		b.WriteString(base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	}
	return b.String()
}

func purpose(id EndpointID) string { return "endpoint/" + string(id) }

// keysAt opens the secrets of an endpoint that are valid at a time.
func keysAt(e Endpoint, sealer Sealer, now time.Time) ([][]byte, error) {
	var keys [][]byte
	for _, s := range e.Secrets {
		if !s.NotAfter.IsZero() && !now.Before(s.NotAfter) {
			continue
		}
		plain, err := sealer.Open(s.Sealed, purpose(e.ID))
		if err != nil {
			return nil, err
		}
		key, err := ParseSecret(string(plain))
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, ErrBadSecret
	}
	return keys, nil
}
