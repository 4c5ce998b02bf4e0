package api

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// FuzzJSONHasOneMeaningOrIsRefused checks that what strict accepts reads the
// same a second time, and holds no NUL.
func FuzzJSONHasOneMeaningOrIsRefused(f *testing.F) {
	for _, seed := range []string{`{"a":1}`, `{"a":1,"A":2}`, `[[[]]]`, `"\u0000"`, `{"a":{"b":[1,2,{"c":null}]}}`, "\xff", `1 2`, `{"a":1e400}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var first, second any
		if strict(data, &first) != nil {
			return
		}
		written, err := json.Marshal(first)
		if err != nil {
			t.Fatal(err)
		}
		if err := strict(written, &second); err != nil {
			t.Fatalf("%q is accepted, but not as %q: %v", data, written, err)
		}
		if again, err := json.Marshal(second); err != nil || !bytes.Equal(again, written) || strings.Contains(string(written), `\u0000`) {
			t.Fatalf("%q reads in two ways: %q and %q", data, written, again)
		}
	})
}
