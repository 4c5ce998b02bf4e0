package identity

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"

	"quittance/portal/seal"
)

// minKeyBytes is the least length of a key; an empty one would verify anything
// that was signed with an empty one.
const minKeyBytes = 32

// Keys holds one key for each purpose, so that a token of one kind never
// passes for another.
type Keys struct {
	code, codeSeal, factor, address       []byte
	consumer, staff, pending, stepUp, api []byte
	digits, phrase, reference             []byte
	tally, mark, invite                   []byte
	second, recovery, factorSeal          []byte

	factors *seal.Box // seals the secrets of authenticator apps
}

// NewKeys derives the keys; derive is config.Config.Key. It fails on a short
// key and on two that are equal.
func NewKeys(derive func(purpose string) []byte) (Keys, error) {
	var k Keys
	all := []struct {
		purpose string
		key     *[]byte
	}{
		{"code-index", &k.code}, {"code-seal/1", &k.codeSeal}, {"factor", &k.factor}, {"staff-address", &k.address},
		{"session-consumer", &k.consumer}, {"session-staff", &k.staff}, {"pending", &k.pending},
		{"step-up", &k.stepUp}, {"api", &k.api}, {"digits", &k.digits},
		{"phrase", &k.phrase}, {"link-reference", &k.reference},
		{"tally", &k.tally}, {"known-browser", &k.mark}, {"invitation", &k.invite},
		{"second-step", &k.second}, {"recovery-code", &k.recovery}, {"factor-seal/1", &k.factorSeal},
	}
	for i, one := range all {
		*one.key = derive(one.purpose)
		if len(*one.key) < minKeyBytes {
			return Keys{}, fmt.Errorf("the key for %s has %d bytes; it needs %d", one.purpose, len(*one.key), minKeyBytes)
		}
		for _, earlier := range all[:i] {
			if bytes.Equal(*earlier.key, *one.key) {
				return Keys{}, fmt.Errorf("the keys for %s and %s are the same", earlier.purpose, one.purpose)
			}
		}
	}
	var err error
	if k.factors, err = seal.New(map[byte][]byte{1: k.factorSeal}); err != nil {
		return Keys{}, fmt.Errorf("the key for authenticator apps: %w", err)
	}
	return k, nil
}

// keyed is the HMAC-SHA256 of parts, which are told apart by their lengths.
func keyed(key []byte, parts ...string) []byte {
	mac := hmac.New(sha256.New, key)
	for _, p := range parts {
		fmt.Fprintf(mac, "%d:%s", len(p), p)
	}
	return mac.Sum(nil)
}
