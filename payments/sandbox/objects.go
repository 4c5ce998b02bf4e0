package sandbox

import (
	"encoding/json"
	"strconv"
	"strings"
)

// object is anything that has an identifier and can be shown.
type object interface {
	id() string
	born() int64
	// copy returns a shallow copy, so that expansion never writes into the state.
	copy() object
	// field returns the reference an expand path may follow, nil for an unknown one.
	field(name string) *ref
}

// head is what every object begins with.
type head struct {
	ID       string `json:"id"`
	Object   string `json:"object"`
	Created  int64  `json:"created"`
	Livemode bool   `json:"livemode"`
}

func (h *head) id() string        { return h.ID }
func (h *head) born() int64       { return h.Created }
func (h *head) field(string) *ref { return nil }
func (s *Server) head(prefix, kind string) head {
	return head{ID: s.newID(prefix), Object: kind, Created: s.now().Unix()}
}

var null = []byte("null")

// maybe is a string that is null when empty, as most of Stripe's are.
type maybe string

// MarshalJSON writes null for the empty string.
func (m maybe) MarshalJSON() ([]byte, error) {
	if m == "" {
		return null, nil
	}
	if plain(string(m)) {
		return append(append(append(make([]byte, 0, len(m)+2), '"'), m...), '"'), nil
	}
	return json.Marshal(string(m))
}

// plain says whether s stands in JSON as it is.
func plain(s string) bool {
	for i := range len(s) {
		if b := s[i]; b < ' ' || b > '~' || b == '"' || b == '\\' || b == '<' || b == '>' || b == '&' {
			return false
		}
	}
	return true
}

// stamp is a time in seconds that is null when zero.
type stamp int64

// MarshalJSON writes null for zero.
func (t stamp) MarshalJSON() ([]byte, error) {
	if t == 0 {
		return null, nil
	}
	return strconv.AppendInt(nil, int64(t), 10), nil
}

// ref points at another object: its identifier, or the object where a request
// asked to expand it.
type ref struct {
	ID       string
	expanded object
}

// MarshalJSON writes null, the identifier or the whole object.
func (r ref) MarshalJSON() ([]byte, error) {
	if r.expanded != nil {
		return json.Marshal(r.expanded)
	}
	return maybe(r.ID).MarshalJSON()
}

// show returns o with the asked fields expanded. Paths are as in the request:
// "latest_charge.balance_transaction".
func (s *Server) show(o object, paths []string) (object, *apiError) {
	if len(paths) == 0 {
		return o, nil
	}
	view := o.copy()
	for _, path := range paths {
		name, _, _ := strings.Cut(path, ".")
		r := view.field(name)
		if r == nil {
			return nil, invalid("", "This property cannot be expanded (%s).", path).at("expand")
		}
		if r.ID == "" || r.expanded != nil {
			continue
		}
		target := s.find(r.ID)
		if target == nil {
			continue
		}
		shown, err := s.show(target, below(paths, name))
		if err != nil {
			return nil, err
		}
		r.expanded = shown
	}
	return view, nil
}

func below(paths []string, name string) []string {
	var out []string
	for _, path := range paths {
		if rest, ok := strings.CutPrefix(path, name+"."); ok {
			out = append(out, rest)
		}
	}
	return out
}

// find looks an object up by the prefix of its identifier.
func (s *Server) find(id string) object {
	prefix, _, _ := strings.Cut(id, "_")
	switch prefix {
	case "pi":
		return found(&s.intents, id)
	case "ch", "py":
		return found(&s.charges, id)
	case "pm":
		return found(&s.methods, id)
	case "cus":
		return found(&s.customers, id)
	case "txn":
		return found(&s.balance, id)
	case "re", "pyr":
		return found(&s.refunds, id)
	case "du":
		return found(&s.disputes, id)
	case "seti":
		return found(&s.setups, id)
	case "mandate":
		return found(&s.mandates, id)
	case "cs":
		return found(&s.sessions, id)
	}
	return nil
}

func found[T object](t *table[T], id string) object {
	if o, ok := t.get(id); ok {
		return o
	}
	return nil
}
