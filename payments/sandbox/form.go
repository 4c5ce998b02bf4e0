package sandbox

import (
	"crypto/sha256"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// param is one form field. name is as it was sent ("metadata[payment_id]"),
// flat is how the tables spell it ("metadata.payment_id", list indexes as "#").
type param struct{ name, flat, value string }

type params []param

// parseForm decodes a form body or a query. Text that no database would take is
// refused here, so no handler meets it.
func parseForm(text string) (params, *apiError) {
	if text == "" {
		return nil, nil
	}
	out := make(params, 0, 1+strings.Count(text, "&"))
	for pair := range strings.SplitSeq(text, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		n, err1 := url.QueryUnescape(name)
		v, err2 := url.QueryUnescape(value)
		if err1 != nil || err2 != nil || !utf8.ValidString(n) || !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
			return nil, invalid("", "Invalid request: the parameters are not valid form-encoded UTF-8.")
		}
		out = append(out, param{n, flatten(n), v})
	}
	return out, nil
}

// flatten turns "a[b][0]" into "a.b.#".
func flatten(name string) string {
	open := strings.IndexByte(name, '[')
	if open < 0 {
		return name
	}
	var b strings.Builder
	b.WriteString(name[:open])
	for rest := name[open:]; strings.HasPrefix(rest, "["); {
		end := strings.IndexByte(rest, ']')
		if end < 0 {
			break
		}
		part := rest[1:end]
		if _, err := strconv.Atoi(part); err == nil || part == "" {
			part = "#"
		}
		b.WriteByte('.')
		b.WriteString(part)
		rest = rest[end+1:]
	}
	return b.String()
}

func (ps params) get(flat string) string {
	for i := range ps {
		if ps[i].flat == flat {
			return ps[i].value
		}
	}
	return ""
}

func (ps params) has(flat string) bool {
	return slices.ContainsFunc(ps, func(p param) bool { return p.flat == flat })
}

// under says whether any field lies below flat.
func (ps params) under(flat string) bool {
	return slices.ContainsFunc(ps, func(p param) bool {
		return len(p.flat) > len(flat) && p.flat[len(flat)] == '.' && strings.HasPrefix(p.flat, flat)
	})
}

func (ps params) list(flat string) []string {
	var out []string
	for _, p := range ps {
		if p.flat == flat+".#" {
			out = append(out, p.value)
		}
	}
	return out
}

// merged lays the fields of a map such as metadata over old; an empty value
// removes its key. The result is a new map: maps in objects are never changed.
func (ps params) merged(flat string, old map[string]string) map[string]string {
	out := make(map[string]string, len(old)+4)
	for k, v := range old {
		out[k] = v
	}
	for _, p := range ps {
		key, found := strings.CutPrefix(p.flat, flat+".")
		switch {
		case !found:
		case p.value == "":
			delete(out, key)
		default:
			out[key] = p.value
		}
	}
	return out
}

func (ps params) int64(flat string) int64 {
	n, _ := strconv.ParseInt(ps.get(flat), 10, 64)
	return n
}

func (ps params) bool(flat string) bool { return ps.get(flat) == "true" }

// fingerprint identifies the parameters whatever their order.
func (ps params) fingerprint() [32]byte {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.name + "\x00" + p.value
	}
	slices.Sort(lines)
	return sha256.Sum256([]byte(strings.Join(lines, "\x01")))
}
