package intake

import (
	"bufio"
	"errors"
	"io"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// scanner reads JSON piece by piece in bounded memory. The standard decoder
// holds a whole string or object, accepts a name twice and repairs bad UTF-8;
// a file of placements gets none of this.
type scanner struct {
	in    *bufio.Reader
	buf   []byte
	depth int
}

// Limits of one JSON text.
const (
	maxText  = 16 << 10 // bytes of one string or number
	maxDepth = 32       // of nested values that are skipped
)

var errSyntax = errors.New("not JSON")

// space skips blanks and returns the next byte without taking it.
func (s *scanner) space() (byte, error) {
	for {
		b, err := s.in.Peek(1)
		if err != nil {
			return 0, err
		}
		switch b[0] {
		case ' ', '\t', '\r', '\n':
			s.drop(1)
			continue
		}
		return b[0], nil
	}
}

// drop takes bytes that were peeked.
func (s *scanner) drop(n int) { s.in.Discard(n) } //nolint:errcheck // they are there

// take requires the next byte, after blanks, to be want.
func (s *scanner) take(want byte) error {
	b, err := s.space()
	if err != nil {
		return ended(err)
	}
	if b != want {
		return errSyntax
	}
	s.drop(1)
	return nil
}

// ended makes the end of the file, inside a value, a fault.
func ended(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// object calls member for each name of an object; member must read the value.
func (s *scanner) object(member func(name string) error) error {
	return s.members('{', '}', func() error {
		if err := s.raw(); err != nil {
			return err
		}
		name := s.name()
		if err := s.take(':'); err != nil {
			return err
		}
		return member(name)
	})
}

// list calls element before each element of an array; element must read it.
func (s *scanner) list(element func() error) error { return s.members('[', ']', element) }

func (s *scanner) members(opening, closing byte, one func() error) error {
	if err := s.take(opening); err != nil {
		return err
	}
	if s.depth++; s.depth > maxDepth {
		return errSyntax
	}
	defer func() { s.depth-- }()
	for first := true; ; first = false {
		b, err := s.space()
		switch {
		case err != nil:
			return ended(err)
		case b == closing && first:
			return s.take(closing)
		case first:
		case b == closing:
			return s.take(closing)
		default:
			if err := s.take(','); err != nil {
				return err
			}
		}
		if err := one(); err != nil {
			return err
		}
	}
}

// kind of a scalar value.
type kind int

const (
	isText kind = iota
	isNumber
	isNull
	isOther // true, false, an object or a list
)

// value reads a text, a number or null and skips anything else.
func (s *scanner) value() (string, kind, error) {
	b, err := s.space()
	if err != nil {
		return "", isOther, ended(err)
	}
	switch {
	case b == '"':
		v, err := s.text()
		return v, isText, err
	case b == '-' || digit(b):
		v, err := s.number()
		return v, isNumber, err
	case b == 'n':
		return "", isNull, s.word("null")
	}
	return "", isOther, s.skip(b)
}

// skip reads a value that is not wanted.
func (s *scanner) skip(b byte) error {
	nested := func() error { _, _, err := s.value(); return err }
	switch b {
	case '{':
		return s.object(func(string) error { return nested() })
	case '[':
		return s.list(nested)
	case 't':
		return s.word("true")
	case 'f':
		return s.word("false")
	}
	return errSyntax
}

func (s *scanner) word(w string) error {
	for i := range len(w) {
		b, err := s.in.ReadByte()
		if err != nil {
			return ended(err)
		}
		if b != w[i] {
			return errSyntax
		}
	}
	return nil
}

// number returns the digits exactly as they are written: amounts never become
// floating point numbers.
func (s *scanner) number() (string, error) {
	s.buf = s.buf[:0]
	for {
		b, err := s.in.ReadByte()
		if err != nil && !errors.Is(err, io.EOF) {
			return "", err
		}
		if err != nil || !digit(b) && b != '-' && b != '+' && b != '.' && b != 'e' && b != 'E' {
			if err == nil {
				err = s.in.UnreadByte()
			} else {
				err = nil
			}
			if err == nil && !wellFormed(s.buf) {
				err = errSyntax
			}
			return string(s.buf), err
		}
		if s.buf = append(s.buf, b); len(s.buf) > maxText {
			return "", errSyntax
		}
	}
}

// wellFormed is JSON's grammar of a number.
func wellFormed(n []byte) bool {
	run := func() int {
		i := 0
		for i < len(n) && digit(n[i]) {
			i++
		}
		n = n[i:]
		return i
	}
	if len(n) > 0 && n[0] == '-' {
		n = n[1:]
	}
	zero := len(n) > 0 && n[0] == '0'
	if whole := run(); whole == 0 || zero && whole > 1 {
		return false
	}
	if len(n) > 0 && n[0] == '.' {
		if n = n[1:]; run() == 0 {
			return false
		}
	}
	if len(n) > 0 && (n[0] == 'e' || n[0] == 'E') {
		n = n[1:]
		if len(n) > 0 && (n[0] == '+' || n[0] == '-') {
			n = n[1:]
		}
		if run() == 0 {
			return false
		}
	}
	return len(n) == 0
}

// name is what was read last, without a copy for the names that are known.
func (s *scanner) name() string {
	if c, known := byName[string(s.buf)]; known {
		return fields[c].name
	}
	return string(s.buf)
}

func (s *scanner) text() (string, error) {
	err := s.raw()
	return string(s.buf), err
}

// raw reads a string into buf. Bad UTF-8 is kept as it is, for the check to
// refuse; a broken surrogate becomes U+FFFD, which the check refuses too.
func (s *scanner) raw() error {
	if err := s.take('"'); err != nil {
		return err
	}
	s.buf = s.buf[:0]
	for len(s.buf) <= maxText {
		if _, err := s.in.Peek(1); err != nil {
			return ended(err)
		}
		ready, _ := s.in.Peek(min(s.in.Buffered(), maxText))
		n := simple(ready)
		s.buf = append(s.buf, ready[:n]...)
		if n == len(ready) {
			s.drop(n)
			continue
		}
		mark := ready[n]
		s.drop(n + 1)
		switch {
		case len(s.buf) > maxText:
			return errSyntax
		case mark == '"':
			return nil
		case mark < ' ':
			return errSyntax
		}
		if err := s.escape(); err != nil {
			return err
		}
	}
	return errSyntax
}

// simple counts the bytes before the end of the string or an escape.
func simple(b []byte) int {
	for i, c := range b {
		if c == '"' || c == '\\' || c < ' ' {
			return i
		}
	}
	return len(b)
}

var escapes = map[byte]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

func (s *scanner) escape() error {
	b, err := s.in.ReadByte()
	if err != nil {
		return ended(err)
	}
	if plain, ok := escapes[b]; ok {
		s.buf = append(s.buf, plain)
		return nil
	}
	if b != 'u' {
		return errSyntax
	}
	r, err := s.hex()
	if err == nil && utf16.IsSurrogate(r) {
		r, err = s.pair(r)
	}
	s.buf = utf8.AppendRune(s.buf, r)
	return err
}

// pair reads the second half of a surrogate pair, if it is there.
func (s *scanner) pair(high rune) (rune, error) {
	next, _ := s.in.Peek(2)
	if len(next) < 2 || next[0] != '\\' || next[1] != 'u' {
		return utf8.RuneError, nil
	}
	s.drop(2)
	low, err := s.hex()
	return utf16.DecodeRune(high, low), err
}

func (s *scanner) hex() (rune, error) {
	var four [4]byte
	if _, err := io.ReadFull(s.in, four[:]); err != nil {
		return 0, ended(err)
	}
	n, err := strconv.ParseUint(string(four[:]), 16, 16)
	if err != nil || four[0] == '+' {
		return 0, errSyntax
	}
	return rune(n), nil
}
