package identity

import (
	"context"
	"crypto/subtle"
	_ "embed" // the lists of words
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// What is refused before anything is looked up.
var (
	// ErrMalformedNumber is returned for what is neither a reference code nor the
	// reference of a link.
	ErrMalformedNumber = errors.New("not a reference code and not the reference of a link")
	// ErrMalformedWords is returned for what are not three words.
	ErrMalformedWords = errors.New("not three words")
)

//go:embed words_en.txt
var wordsEN string

//go:embed words_es.txt
var wordsES string

// words are two lists of 1024 short, calm words, ten bits each. They are not
// translations of each other: a phrase exists in the language it is read in.
var words = map[string][]string{"en": strings.Fields(wordsEN), "es": strings.Fields(wordsES)}

// phraseWords is the length of a phrase.
const phraseWords = 3

// Numbers answers what a number stands for; ErrNotFound.
type Numbers interface {
	PersonByCode(ctx context.Context, hash []byte) (Person, error)
	LinkByReference(ctx context.Context, reference string) (Link, error)
}

// Phrases makes the three words by which a person can tell that a link or a
// letter came from the agency: the collector reads them out and the letter
// prints them (field.md M1). Nobody is told words for a number that they bring:
// whoever asks brings the words too, and hears whether they are ours. Else the
// portal would vouch for numbers that a stranger made up.
type Phrases struct {
	key, reference []byte
	codes          *Codes
	numbers        Numbers
}

// NewPhrases returns the maker of phrases.
func NewPhrases(k Keys, codes *Codes, numbers Numbers) *Phrases {
	return &Phrases{key: k.phrase, reference: k.reference, codes: codes, numbers: numbers}
}

// Ours reports whether these are the words, in either language, of a number that
// exists: a reference code, the reference of a link, or the link itself. False
// is the one answer to a number that nobody has and to other words, and costs
// the same work. It returns ErrMalformedNumber or ErrMalformedWords of what can
// be neither.
func (p *Phrases) Ours(ctx context.Context, number, said string) (bool, error) {
	n, err := p.read(number)
	if err != nil {
		return false, err
	}
	typed := saidWords(said)
	if len(said) > maxTyped || len(typed) != phraseWords {
		return false, ErrMalformedWords
	}
	err = n.find(ctx)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return false, fmt.Errorf("number: %w", err)
	}
	same := 0
	for _, language := range []string{"en", "es"} {
		want := bare(strings.Join(n.words(language), " "))
		same |= subtle.ConstantTimeCompare([]byte(strings.Join(typed, " ")), []byte(want))
	}
	return err == nil && same == 1, nil
}

// number is something that letters and texts print: how it is found, and its
// words.
type number struct {
	find  func(ctx context.Context) error // ErrNotFound: nobody has it
	words func(language string) []string
}

func (p *Phrases) read(typed string) (number, error) {
	if reference, ok := p.readReference(typed); ok {
		return p.link(reference), nil
	}
	code, err := ParseCode(typed)
	if err != nil {
		return number{}, ErrMalformedNumber
	}
	hash := p.codes.Hash(code)
	return number{
		find: func(ctx context.Context) error {
			_, err := p.numbers.PersonByCode(ctx, hash)
			return err
		},
		words: func(language string) []string { return p.OfCodeHash(hash, language) },
	}, nil
}

func (p *Phrases) link(reference string) number {
	return number{
		find: func(ctx context.Context) error {
			_, err := p.numbers.LinkByReference(ctx, reference)
			return err
		},
		words: func(language string) []string { return p.ofReference(reference, language) },
	}
}

// Letter is what a letter prints: the code, and by language the words by which
// its reader can tell that it is ours.
type Letter struct {
	Code  string
	Words map[string]string
}

// Letter reads a sealed code back, with its words.
func (p *Phrases) Letter(kept SealedCode) (Letter, error) {
	code, err := p.codes.Print(kept.Sealed, kept.Hash)
	l := Letter{Code: code, Words: map[string]string{}}
	for language := range words {
		l.Words[language] = strings.Join(p.OfCodeHash(kept.Hash, language), " ")
	}
	return l, err
}

// OfCodeHash is the phrase of a letter to the account with this blind index.
func (p *Phrases) OfCodeHash(hash []byte, language string) []string {
	return pick(keyed(p.key, "code", hex.EncodeToString(hash)), language)
}

// OfLink is the phrase of a link that is held.
func (p *Phrases) OfLink(l Link, language string) []string {
	return p.ofReference(l.Reference, language)
}

// OfToken is the phrase of the link with this token; ErrLinkEnded where there is
// no such link: words are told of none that was made up.
func (p *Phrases) OfToken(ctx context.Context, token, language string) ([]string, error) {
	raw, ok := parseToken(token)
	if !ok {
		return nil, ErrLinkEnded
	}
	n := p.link(referenceOf(p.reference, raw))
	err := n.find(ctx)
	if errors.Is(err, ErrNotFound) {
		return nil, ErrLinkEnded
	}
	if err != nil {
		return nil, fmt.Errorf("link: %w", err)
	}
	return n.words(language), nil
}

// IsToken reports whether something can be the token of a link. It says nothing
// of which links there are.
func IsToken(token string) bool {
	_, ok := parseToken(token)
	return ok
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

// referenceOf makes a link's reference from its token, so that a link that is
// pasted is found by what its text says.
func referenceOf(key, token []byte) string {
	n := binary.BigEndian.Uint64(keyed(key, string(token)))
	chars := make([]byte, referenceLength)
	for i := range chars {
		chars[i] = readable[n%uint64(len(readable))]
		n /= uint64(len(readable))
	}
	return referencePrefix + string(chars)
}

// readReference reads the reference of a link, or of the link itself.
func (p *Phrases) readReference(typed string) (string, bool) {
	if len(typed) > maxTyped {
		return "", false
	}
	plain := Plain(typed)
	if _, token, isLink := strings.Cut(plain, "/l/"); isLink {
		end := strings.IndexFunc(token, func(r rune) bool { return !strings.ContainsRune(tokenSigns, r) })
		if end >= 0 {
			token = token[:end]
		}
		raw, ok := parseToken(token)
		return referenceOf(p.reference, raw), ok
	}
	rest, ok := strings.CutPrefix(strings.ToUpper(joined(plain)), joined(referencePrefix))
	if !ok || len(rest) != referenceLength || strings.Trim(rest, readable) != "" {
		return "", false
	}
	return referencePrefix + rest, true
}

// tokenSigns are the characters that tokens are written in.
const tokenSigns = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// tokenBytes is 128 bits (SMS-05).
const tokenBytes = 16

// parseToken reads a token, whatever stands around it.
func parseToken(typed string) ([]byte, bool) { return readToken(TrimToken(typed)) }

func readToken(token string) ([]byte, bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	return raw, err == nil && len(raw) == tokenBytes
}
