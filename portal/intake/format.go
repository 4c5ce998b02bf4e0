package intake

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// Format of a placements file.
type Format string

// Formats. Auto looks at the first character: an object or a list is JSON.
const (
	Auto Format = "auto"
	CSV  Format = "csv"
	JSON Format = "json"
)

// Errors of a file as a whole. ErrBroken means that it cannot be read further.
var (
	ErrFormat = errors.New("format is not auto, csv or json")
	ErrKind   = errors.New("file is neither CSV nor JSON in UTF-8")
	ErrEmpty  = errors.New("file is empty")
	ErrBroken = errors.New("file is broken or was cut")
)

// notText are the first bytes of files that people send by mistake.
var notText = [][]byte{{0xff, 0xfe}, {0xfe, 0xff}, []byte("PK\x03\x04"), {0xd0, 0xcf, 0x11, 0xe0}, []byte("%PDF"), {0x1f, 0x8b}}

// open finds out what kind of file it is. A byte order mark is dropped.
func open(r io.Reader, f Format) (source, error) {
	in := bufio.NewReaderSize(r, maxRow)
	first, err := in.Peek(4)
	if len(first) == 0 {
		if errors.Is(err, io.EOF) {
			return nil, ErrEmpty
		}
		return nil, err
	}
	for _, magic := range notText {
		if bytes.HasPrefix(first, magic) {
			if magic[0] >= 0xfe && magic[1] >= 0xfe {
				return nil, fmt.Errorf("%w: it is in UTF-16, save it as CSV in UTF-8", ErrKind)
			}
			return nil, ErrKind
		}
	}
	if len(first) == 4 && (first[1] == 0 && first[3] == 0 || first[0] == 0 && first[2] == 0) && first[0] != first[1] {
		return nil, fmt.Errorf("%w: it is in UTF-16, save it as CSV in UTF-8", ErrKind)
	}
	if bytes.HasPrefix(first, []byte("\xef\xbb\xbf")) {
		in.Discard(3) //nolint:errcheck // these bytes were peeked
	}
	switch f {
	case CSV:
		return newCSV(in)
	case JSON:
		return newJSON(in), nil
	case Auto, "":
		if looksLikeJSON(in) {
			return newJSON(in), nil
		}
		return newCSV(in)
	}
	return nil, ErrFormat
}

func looksLikeJSON(in *bufio.Reader) bool {
	for n := 1; n <= 512; n++ {
		b, err := in.Peek(n)
		if err != nil {
			return false
		}
		switch b[n-1] {
		case ' ', '\t', '\r', '\n':
			continue
		}
		return b[n-1] == '{' || b[n-1] == '['
	}
	return false
}
