package identity

import (
	"errors"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// ErrOtherNumber is an ErrMalformedCode that does not even look like a code of
// ours: an account number, or another company's.
var ErrOtherNumber = errors.Join(ErrMalformedCode, errors.New("it looks like another number"))

// maxTyped bounds what is read at all, in bytes: a code with the sentence
// around it fits.
const maxTyped = 256

// Plain is the one reading of what a person typed or pasted: full-width and
// other compatible characters as their plain ones, without the signs that
// nobody sees (zero-width spaces, byte order marks, soft hyphens) and without
// blanks around it.
func Plain(typed string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) {
			return -1
		}
		return r
	}, norm.NFKC.String(typed)))
}

// joined drops what only sets characters apart: blanks, dashes, quotation marks,
// brackets, full stops.
func joined(plain string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsPunct(r) {
			return -1
		}
		return r
	}, plain)
}

// readCode finds the code in what was typed: that and nothing else, or words in
// a row somewhere in a sentence ("Your code is K7Q2-9MXD-4F."). Two codes are
// none, but for words that happen to fit beside a code as it is printed.
func readCode(typed string) (Code, error) {
	plain := Plain(typed)
	all := joined(plain)
	if chars, ok := asCode(all); ok {
		return Code{chars: chars}, nil
	}
	printed, others := codesIn(strings.Fields(plain))
	if len(printed) == 0 {
		printed = others
	}
	if len(printed) == 1 {
		for chars := range printed {
			return Code{chars: chars}, nil
		}
	}
	if nearCode(all) {
		return Code{}, ErrMalformedCode
	}
	return Code{}, ErrOtherNumber
}

// codesIn finds codes in the words of a sentence: set apart as they are printed,
// in one piece or as 4, 4 and 2 characters, and in other ways.
func codesIn(words []string) (printed, others map[string]bool) {
	printed, others = map[string]bool{}, map[string]bool{}
	for i := range words {
		run, lengths := "", ""
		for _, word := range words[i:] {
			if word = joined(word); word == "" {
				continue
			}
			run, lengths = run+word, lengths+strconv.Itoa(len(word))
			if len(run) >= codeLength {
				break
			}
		}
		chars, ok := asCode(run)
		switch {
		case !ok:
		case lengths == "10" || lengths == "442":
			printed[chars] = true
		default:
			others[chars] = true
		}
	}
	return printed, others
}

// asCode forgives case, O for 0, and I and L for 1, and checks the rest.
func asCode(s string) (string, bool) {
	var b strings.Builder
	for _, r := range s {
		c, known := forgive(r)
		if !known || b.Len() == codeLength {
			return "", false
		}
		b.WriteByte(c)
	}
	chars := b.String()
	return chars, len(chars) == codeLength && checksum(chars) == 0
}

// nearCode reports whether something without a right check character is worth
// being called a typo: letters and numbers, mixed as codes mix them. Account
// numbers are numbers alone, or letters first.
func nearCode(s string) bool {
	digit := strings.IndexFunc(s, unicode.IsDigit)
	return digit >= 0 && len(s) <= codeLength+3 && strings.ContainsFunc(s[digit:], unicode.IsLetter)
}

// saidWords reads words that were read out or printed: any case, with accents
// or without, blanks and commas between them. Their order counts.
func saidWords(typed string) []string {
	return strings.FieldsFunc(bare(Plain(typed)), func(r rune) bool { return !unicode.IsLetter(r) })
}

// bare is a text in small letters without accents.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s))
}
