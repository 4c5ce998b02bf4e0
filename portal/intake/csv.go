package intake

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// csvSource reads a CSV file line by line. A line break inside quotes is not
// supported on purpose: no column may hold one, and so a stray quotation mark
// costs one row and not the rest of the file.
type csvSource struct {
	in     *bufio.Reader
	line   int
	order  []column
	fields []string
}

func newCSV(in *bufio.Reader) (*csvSource, error) {
	s := &csvSource{in: in}
	line, err := s.read()
	if err == nil && strings.EqualFold(strings.TrimSpace(string(line)), "sep=,") {
		line, err = s.read() // what a spreadsheet says to itself
	}
	if err != nil {
		return nil, errors.Join(ErrHeader, err)
	}
	names, ok := split(nil, string(line))
	if !ok {
		return nil, ErrHeader
	}
	s.order, err = readHeader(names)
	return s, err
}

var errLong = errors.New("line is too long")

// read returns the next line that is not blank, without its end. The sign with
// which old programs end a file is none of it.
func (s *csvSource) read() ([]byte, error) {
	for {
		line, err := s.in.ReadSlice('\n')
		s.line++
		if errors.Is(err, bufio.ErrBufferFull) {
			return nil, s.skip()
		}
		if line = bytes.TrimRight(line, "\r\n\x1a"); len(line) > 0 && (err == nil || errors.Is(err, io.EOF)) {
			return line, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// skip drops the rest of a line that is too long.
func (s *csvSource) skip() error {
	for {
		_, err := s.in.ReadSlice('\n')
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err == nil || errors.Is(err, io.EOF):
			return errLong
		}
		return err
	}
}

func (s *csvSource) each(yield func(*record) error) error {
	var r record
	for {
		line, err := s.read()
		switch {
		case errors.Is(err, errLong):
			r = record{number: s.line, faults: Refusal{named("", "row_too_long")}}
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("%w after line %d: %w", ErrBroken, s.line, err)
		case len(bytes.Trim(line, ", \t\"")) == 0:
			continue // cells with nothing in them, as spreadsheets leave behind the last row
		default:
			s.fill(&r, string(line))
		}
		if err := yield(&r); err != nil {
			return err
		}
	}
}

// fill puts the fields of a line into their columns.
func (s *csvSource) fill(r *record, line string) {
	r.number, r.faults = s.line, nil
	var ok bool
	s.fields, ok = split(s.fields[:0], line)
	switch {
	case !ok:
		*r = record{number: s.line, faults: Refusal{named("", "quotes")}}
	case len(s.fields) != len(s.order):
		*r = record{number: s.line, faults: Refusal{named("", "fields")}}
	default:
		for i, c := range s.order {
			switch {
			case c != unnamed:
				r.values[c] = s.fields[i]
			case strings.TrimSpace(s.fields[i]) != "":
				r.faults = Refusal{named("", "unnamed")}
			}
		}
	}
}

// split parts a line at its commas. It returns false for a quotation mark that
// does not stand where RFC 4180 lets it stand.
func split(into []string, line string) ([]string, bool) {
	for {
		var field string
		var more, ok bool
		if strings.HasPrefix(line, `"`) {
			field, line, more, ok = quoted(line[1:])
		} else {
			field, line, more = strings.Cut(line, ",")
			ok = strings.IndexByte(field, '"') < 0
		}
		if !ok {
			return into, false
		}
		if into = append(into, field); !more {
			return into, true
		}
	}
}

// quoted reads up to the closing mark; two marks stand for one.
func quoted(line string) (field, rest string, more, ok bool) {
	i := strings.IndexByte(line, '"')
	if i < 0 {
		return "", "", false, false
	}
	field, rest = line[:i], line[i+1:]
	for strings.HasPrefix(rest, `"`) {
		i = strings.IndexByte(rest[1:], '"')
		if i < 0 {
			return "", "", false, false
		}
		field, rest = field+rest[:i+1], rest[i+2:]
	}
	if rest == "" {
		return field, "", false, true
	}
	if rest[0] != ',' {
		return "", "", false, false
	}
	return field, rest[1:], true, true
}
