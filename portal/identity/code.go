package identity

import (
	"errors"
	"strings"
	"unicode"
)

// ErrMalformedCode is returned for what cannot be a reference code: wrong
// length, a sign that no code has, or a check character that does not fit. It
// says nothing of which codes exist.
var ErrMalformedCode = errors.New("not a reference code")

// alphabet is Crockford's base 32: no I, L, O or U.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// codeLength counts the check character, the last.
const codeLength = 10

// Code is a consumer's reference code, nine random characters (45 bits) and a
// check character. It is the consumer's credential and prints as dots.
type Code struct{ chars string }

// ParseCode reads a code as people type and paste it: any case, blanks, hyphens
// and other marks anywhere, O for 0, I and L for 1, a sentence around it. It
// returns ErrMalformedCode, and ErrOtherNumber of what is not even like one.
func ParseCode(typed string) (Code, error) {
	if len(typed) > maxTyped {
		return Code{}, ErrOtherNumber
	}
	return readCode(typed)
}

func forgive(r rune) (byte, bool) {
	switch r {
	case 'o', 'O':
		return '0', true
	case 'i', 'I', 'l', 'L':
		return '1', true
	}
	r = unicode.ToUpper(r)
	if r > unicode.MaxASCII || strings.IndexByte(alphabet, byte(r)) < 0 {
		return 0, false
	}
	return byte(r), true
}

// Format writes the code as it is printed, K7Q2-9MXD-4F.
func (c Code) Format() string {
	if c.chars == "" {
		return ""
	}
	return c.chars[:4] + "-" + c.chars[4:8] + "-" + c.chars[8:]
}

// String hides the code from logs and errors.
func (Code) String() string { return "••••" }

// GoString hides the code from %#v too.
func (Code) GoString() string { return "••••" }

// checksum reads the characters as a polynomial over the field of 32 elements
// and takes its value at a generator: zero for a code with the right check
// character. It finds every single wrong character and every exchange of two.
func checksum(chars string) byte {
	var sum byte
	for i := range len(chars) {
		sum = double(sum) ^ byte(strings.IndexByte(alphabet, chars[i]))
	}
	return sum
}

// double multiplies by the generator, modulo x⁵+x²+1.
func double(a byte) byte {
	a <<= 1
	if a&0x20 != 0 {
		a ^= 0x25
	}
	return a
}

// withCheck appends the check character to nine.
func withCheck(nine string) Code {
	return Code{chars: nine + string(alphabet[double(checksum(nine))])}
}
