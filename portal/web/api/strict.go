package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"strings"
	"unicode/utf8"
)

// maxDepth is how deep JSON may nest.
const maxDepth = 32

// Reasons why a body is refused before anybody looks at its fields. None
// repeats what was sent.
var (
	errNotJSON   = errors.New("is not valid JSON")
	errNotUTF8   = errors.New("is not valid UTF-8")
	errTwice     = errors.New("has the same field twice")
	errNUL       = errors.New("holds a NUL character")
	errTooDeep   = errors.New("nests too deeply")
	errTrailing  = errors.New("goes on after the JSON value")
	errBadFields = errors.New("has a field of another kind than it should")
)

// strict reads JSON as the two ends of a line that carries money must: one
// meaning only. The same key twice, NUL and broken UTF-8 are refused.
func strict(data []byte, v any) error {
	if err := wellFormedJSON(data); err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v); err != nil {
		return errBadFields
	}
	return nil
}

func wellFormedJSON(data []byte) error {
	if !utf8.Valid(data) {
		return errNotUTF8
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if err := readValue(decoder, 0); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errTrailing
	}
	return nil
}

func readValue(d *json.Decoder, depth int) error {
	token, err := d.Token()
	if err != nil {
		return errNotJSON
	}
	switch t := token.(type) {
	case string:
		return checkText(t)
	case json.Delim:
		if depth >= maxDepth {
			return errTooDeep
		}
		if t == '{' {
			return readObject(d, depth)
		}
		return readArray(d, depth)
	}
	return nil
}

func readObject(d *json.Decoder, depth int) error {
	seen := map[string]bool{}
	for d.More() {
		token, err := d.Token()
		name, ok := token.(string)
		if err != nil || !ok {
			return errNotJSON
		}
		if err := checkText(name); err != nil {
			return err
		}
		// Folded, because other readers take "Amount" for "amount".
		folded := strings.ToLower(name)
		if seen[folded] {
			return errTwice
		}
		seen[folded] = true
		if err := readValue(d, depth+1); err != nil {
			return err
		}
	}
	return closeValue(d)
}

func readArray(d *json.Decoder, depth int) error {
	for d.More() {
		if err := readValue(d, depth+1); err != nil {
			return err
		}
	}
	return closeValue(d)
}

func closeValue(d *json.Decoder) error {
	if _, err := d.Token(); err != nil {
		return errNotJSON
	}
	return nil
}

func checkText(s string) error {
	if strings.ContainsRune(s, 0) {
		return errNUL
	}
	return nil
}

// pathText reads one part of an address: valid UTF-8 without control
// characters.
func pathText(escaped string) (string, error) {
	text, err := url.PathUnescape(escaped)
	if err != nil || text == "" || len(text) > 255 || !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return "", errNotText
	}
	return text, nil
}
