package identity

import (
	_ "embed" // the lists of words
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"strings"
)

// ErrMalformedNumber is returned for what is neither a reference code nor the
// reference of a link.
var ErrMalformedNumber = errors.New("not a reference code and not the reference of a link")

//go:embed words_en.txt
var wordsEN string

//go:embed words_es.txt
var wordsES string

// words are two lists of 1024 short, calm words, ten bits each. They are not
// translations of each other: a phrase exists in the language it is read in.
var words = map[string][]string{"en": strings.Fields(wordsEN), "es": strings.Fields(wordsES)}

// phraseWords is the length of a phrase.
const phraseWords = 3

// Phrases makes the three words by which a person can tell that a link or a
// letter came from the agency: the collector reads them out, the letter prints
// them, and the page shows the same (field.md M1). Every well-formed number has
// words, so they tell nobody which numbers exist.
type Phrases struct {
	key, reference []byte
	codes          *Codes
}

// NewPhrases returns the maker of phrases.
func NewPhrases(k Keys, codes *Codes) *Phrases {
	return &Phrases{key: k.phrase, reference: k.reference, codes: codes}
}

// Of is the phrase of whatever number a person types in: a reference code or
// the reference of a link; ErrMalformedNumber.
func (p *Phrases) Of(number, language string) ([]string, error) {
	if ref, ok := parseReference(number); ok {
		return p.ofReference(ref, language), nil
	}
	code, err := ParseCode(number)
	if err != nil {
		return nil, ErrMalformedNumber
	}
	return p.OfCodeHash(p.codes.Hash(code), language), nil
}

// OfCodeHash is the phrase of a letter to the account with this blind index.
func (p *Phrases) OfCodeHash(hash []byte, language string) []string {
	return pick(keyed(p.key, "code", hex.EncodeToString(hash)), language)
}

// OfLink is the phrase of a link that is held.
func (p *Phrases) OfLink(l Link, language string) []string {
	return p.ofReference(l.Reference, language)
}

// OfToken is the phrase and the reference of the link with this token, whether
// or not there is one; false for what cannot be a token.
func (p *Phrases) OfToken(token, language string) (phrase []string, reference string, ok bool) {
	raw, ok := parseToken(token)
	if !ok {
		return nil, "", false
	}
	reference = referenceOf(p.reference, raw)
	return p.ofReference(reference, language), reference, true
}

func (p *Phrases) ofReference(reference, language string) []string {
	return pick(keyed(p.key, "link", reference), language)
}

func pick(sum []byte, language string) []string {
	list, known := words[language]
	if !known {
		list = words["en"]
	}
	phrase := make([]string, phraseWords)
	for i := range phrase {
		phrase[i] = list[int(binary.BigEndian.Uint16(sum[2*i:]))%len(list)]
	}
	return phrase
}

// readable are the characters of references for people, none like another.
const readable = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

const (
	referencePrefix = "LNK-"
	referenceLength = 8
)

// referenceOf makes a link's reference from its token, so that the page of a
// link can show words that fit it without looking anything up.
func referenceOf(key, token []byte) string {
	n := binary.BigEndian.Uint64(keyed(key, string(token)))
	chars := make([]byte, referenceLength)
	for i := range chars {
		chars[i] = readable[n%uint64(len(readable))]
		n /= uint64(len(readable))
	}
	return referencePrefix + string(chars)
}

func parseReference(typed string) (string, bool) {
	if len(typed) > maxTyped {
		return "", false
	}
	rest, ok := strings.CutPrefix(strings.ToUpper(strings.TrimSpace(typed)), referencePrefix)
	if !ok || len(rest) != referenceLength || strings.Trim(rest, readable) != "" {
		return "", false
	}
	return referencePrefix + rest, true
}

// tokenBytes is 128 bits (SMS-05).
const tokenBytes = 16

func parseToken(token string) ([]byte, bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	return raw, err == nil && len(raw) == tokenBytes
}
