package sandbox

import (
	"strconv"
	"strings"
)

// spec is what an endpoint accepts: flat parameter name -> kind, and which
// names it needs. It is written as words in routes.go: "amount:int!" is a needed
// integer, "metadata.*" any key below metadata, "expand.#" a list,
// "description:text" a string that may be empty.
type spec struct {
	kinds    map[string]string
	required []string
}

func newSpec(words string) spec {
	s := spec{kinds: map[string]string{"expand.#": "str"}}
	for _, word := range strings.Fields(words) {
		word, needed := strings.CutSuffix(word, "!")
		name, kind, typed := strings.Cut(word, ":")
		if !typed {
			kind = "str"
		}
		s.kinds[name] = kind
		if needed {
			s.required = append(s.required, name)
		}
	}
	return s
}

// check refuses what Stripe refuses before an operation begins.
func (s spec) check(ps params) *apiError {
	for _, p := range ps {
		kind, known := s.kind(p.flat)
		if !known {
			return invalid("parameter_unknown", "Received unknown parameter: %s", p.name).at(p.name)
		}
		if err := checkKind(kind, p); err != nil {
			return err
		}
	}
	for _, name := range s.required {
		if !ps.has(name) && !ps.under(name) {
			return missing(bracketed(strings.TrimSuffix(name, ".#")))
		}
	}
	return nil
}

func (s spec) kind(flat string) (string, bool) {
	if kind, ok := s.kinds[flat]; ok {
		return kind, true
	}
	if dot := strings.LastIndexByte(flat, '.'); dot > 0 {
		if kind, ok := s.kinds[flat[:dot]+".*"]; ok {
			return kind, true
		}
	}
	return "", false
}

func checkKind(kind string, p param) *apiError {
	if strings.Contains(p.flat, "metadata.") {
		return checkMetadata(p)
	}
	if p.value == "" && kind != "text" {
		return invalid("parameter_invalid_empty",
			"You passed an empty string for '%s'. We assume empty values are an attempt to unset a field; however '%s' cannot be unset.", p.name, p.name).at(p.name)
	}
	switch kind {
	case "int":
		if _, err := strconv.ParseInt(p.value, 10, 64); err != nil {
			return invalid("parameter_invalid_integer", "Invalid integer: %s", p.value).at(p.name)
		}
	case "bool":
		if p.value != "true" && p.value != "false" {
			return invalid("", "Invalid boolean: %s", p.value).at(p.name)
		}
	case "str", "text":
		if len(p.value) > 5000 {
			return invalid("parameter_invalid_string_too_long", "Invalid string: %s…; must be at most 5000 characters", p.value[:20]).at(p.name)
		}
	default: // a list of choices: "card|us_bank_account"
		if !contains(kind, p.value) {
			return invalid("", "Invalid %s: must be one of %s", p.name, strings.ReplaceAll(kind, "|", ", ")).at(p.name)
		}
	}
	return nil
}

// checkMetadata holds metadata to Stripe's sizes: keys of 40, values of 500.
func checkMetadata(p param) *apiError {
	key := p.flat[strings.Index(p.flat, "metadata.")+len("metadata."):]
	if len(key) > 40 {
		return invalid("", "Metadata keys can have up to 40 characters; '%s' has %d.", key, len(key)).at(p.name)
	}
	if len(p.value) > 500 {
		return invalid("", "Metadata values can have up to 500 characters, but '%s' has %d.", key, len(p.value)).at(p.name)
	}
	return nil
}

func contains(choices, value string) bool {
	for choice := range strings.SplitSeq(choices, "|") {
		if choice == value {
			return true
		}
	}
	return false
}
