// Package smstest signs requests as the carrier of texts does, for tests: the
// address, then each field's name and value in the order of the names, under
// HMAC-SHA1 with the account's token. It shares nothing with the code that
// checks; both are held to the carrier's published vectors.
package smstest

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // it is the carrier's own choice
	"encoding/base64"
	"maps"
	"net/url"
	"slices"
)

// Sign returns the value of X-Twilio-Signature for a form that is posted to an
// address.
func Sign(token, address string, form url.Values) string {
	mac := hmac.New(sha1.New, []byte(token))
	mac.Write([]byte(address))
	for _, name := range slices.Sorted(maps.Keys(form)) {
		mac.Write([]byte(name + form.Get(name)))
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
