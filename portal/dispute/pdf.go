package dispute

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"io"
	"regexp"
)

// Limits of what a PDF may hold packed.
const (
	mostUnpacked      = 32 << 20 // of one stream that holds objects
	mostUnpackedWhole = 96 << 20 // of all of them together
	mostNested        = 3        // streams packed in themselves
	// before is how many bytes may stand before a PDF begins; readers allow them.
	before = 1024
)

var (
	pdfBegins = []byte("%PDF-")
	pdfEnds   = []byte("%%EOF")
	escaped   = regexp.MustCompile(`#([0-9A-Fa-f]{2})`)

	// active are the names with which a PDF does something by itself, or carries
	// another file.
	active = regexp.MustCompile(`/(?:JavaScript|JS|Launch|EmbeddedFiles?|EF|AA|RichMedia|XFA|SubmitForm|ImportData|GoToE)(?:[\x00\t\n\f\r ()<>\[\]{}/%]|$)`)
	// opening is what is done when it is opened; a place to begin at, in brackets,
	// does nothing.
	opening = regexp.MustCompile(`/OpenAction[\x00\t\n\f\r ]*(?:[^\x00\t\n\f\r \[A-Za-z]|$)`)
	// idle are those that come to nothing: a list of files with none in it, as
	// fpdf writes, and an action that shows a page.
	idle   = regexp.MustCompile(`/EmbeddedFiles[\x00\t\n\f\r ]*<<[\x00\t\n\f\r ]*/Names[\x00\t\n\f\r ]*\[[\x00\t\n\f\r ]*\][\x00\t\n\f\r ]*>>|/OpenAction[\x00\t\n\f\r ]*<<[\x00\t\n\f\r ]*(?:/Type[\x00\t\n\f\r ]*/Action[\x00\t\n\f\r ]*)?/S[\x00\t\n\f\r ]*/GoTo[\x00\t\n\f\r ]*/D[\x00\t\n\f\r ]*\[[\x00\t\n\f\r 0-9A-Za-z/.-]*\][\x00\t\n\f\r ]*>>`)
	locked = regexp.MustCompile(`/Encrypt(?:[\x00\t\n\f\r ()<>\[\]{}/%]|$)`)

	// object begins an object, also one that is hidden in a stream. A comment
	// parts words as a blank does.
	object = regexp.MustCompile(`[0-9](?:[\x00\t\n\f\r ]|%[^\r\n]*[\r\n])+[0-9]+(?:[\x00\t\n\f\r ]|%[^\r\n]*[\r\n])*obj`)
	// packedObjects is how a stream that holds objects begins: with their numbers.
	packedObjects = regexp.MustCompile(`^(?:[\x00\t\n\f\r ]|%[^\r\n]*[\r\n])*[0-9]+(?:[\x00\t\n\f\r ]|%[^\r\n]*[\r\n])+[0-9]+(?:[\x00\t\n\f\r ]|%[^\r\n]*[\r\n])`)

	holdsObjects = regexp.MustCompile(`/ObjStm(?:[\x00\t\n\f\r ()<>\[\]{}/%]|$)`)
	first        = regexp.MustCompile(`/First(?:[\x00\t\n\f\r ()<>\[\]{}/%]|$)`)
	number       = regexp.MustCompile(`/N[\x00\t\n\f\r ]`)
	oddFilter    = regexp.MustCompile(`/(?:ASCII85Decode|ASCIIHexDecode|LZWDecode|RunLengthDecode|A85|AHx|LZW|RL)(?:[\x00\t\n\f\r ()<>\[\]{}/%]|$)`)
	predicted    = regexp.MustCompile(`/Predictor[\x00\t\n\f\r ]+(?:[2-9]|1[0-9])`)
	// elsewhere says that part of a dictionary stands in another object; the length
	// of a stream may, and what it extends.
	plainly    = regexp.MustCompile(`/(?:Length|Extends)[\x00\t\n\f\r ]+[0-9]+[\x00\t\n\f\r ]+[0-9]+[\x00\t\n\f\r ]+R`)
	elsewhere  = regexp.MustCompile(`%|[0-9][\x00\t\n\f\r ]+R(?:[\x00\t\n\f\r ()<>\[\]{}/%]|$)`)
	streamLine = regexp.MustCompile(`stream[ \t]*(?:[\r\n]|$)`)
	streamEnds = []byte("endstream")
)

// quiet takes a PDF that does nothing when it is opened and carries no other
// file, from its beginning to its end: what stands before and behind is left
// away. What cannot be looked into is not taken; ErrFileActive, ErrFileLocked,
// ErrFileBroken.
func quiet(content []byte) ([]byte, error) {
	content = content[max(0, begins(content)):]
	if end := bytes.LastIndex(content, pdfEnds); end >= 0 {
		content = append(bytes.Clone(content[:end+len(pdfEnds)]), '\n')
	}
	look := pdfLook{left: mostUnpackedWhole}
	if err := look.whole(content, mostNested); err != nil {
		return nil, err
	}
	return content, nil
}

// begins is where a PDF begins, or -1 where it is none.
func begins(content []byte) int {
	head := content[:min(len(content), before+len(pdfBegins)+2)]
	at := bytes.Index(head, pdfBegins)
	if at < 0 || len(head) < at+7 || head[at+5] != '1' && head[at+5] != '2' || head[at+6] != '.' {
		return -1
	}
	return at
}

// pdfLook looks through a PDF. The words outside of streams are searched without
// being understood, and streams that hold objects, or hide one, like them: who
// reads more cleverly than all readers do is led astray by one of them.
type pdfLook struct {
	left int64 // bytes that may still be unpacked
}

// outside looks at words that stand in no stream.
func (l *pdfLook) outside(words []byte) error {
	words = unescape(words)
	if locked.Match(words) {
		return ErrFileLocked
	}
	if words = idle.ReplaceAll(words, []byte(" ")); active.Match(words) || opening.Match(words) {
		return ErrFileActive
	}
	return nil
}

// objects reports whether a stream holds objects, by the words right before it:
// such a dictionary says how many, and where the first begins. One of which a
// reader could make something else is not taken.
func objects(dictionary []byte) (bool, error) {
	words := unescape(dictionary)
	if !holdsObjects.Match(words) && (!first.Match(words) || !number.Match(words)) {
		return false, nil
	}
	if predicted.Match(words) || oddFilter.Match(words) || elsewhere.Match(plainly.ReplaceAll(words, nil)) {
		return true, ErrFileBroken
	}
	return true, nil
}

// stream looks into one stream, as it is and unpacked: all of it where it holds
// objects. What stands on a page is no object, though numbers begin it.
func (l *pdfLook) stream(body []byte, holds bool, deep int) error {
	if deep == 0 {
		return ErrFileBroken
	}
	body = bytes.TrimLeft(body, " \t\r\n")
	if object.Match(body) || holds && (packedObjects.Match(body) || !packed(body)) {
		if err := l.whole(body, deep-1); err != nil {
			return err
		}
	}
	head, err := unpack(body, before)
	switch {
	case err != nil && holds && packed(body):
		return ErrFileBroken
	case err != nil:
		return nil //nolint:nilerr // it is not packed in a way that objects are
	case !holds && !object.Match(head) && !packed(head):
		return nil
	}
	most := min(mostUnpacked, l.left)
	whole, err := unpack(body, most+1)
	if err != nil || int64(len(whole)) > most {
		return ErrFileBroken
	}
	l.left -= int64(len(whole))
	return l.stream(whole, holds, deep-1)
}

// packed reports whether bytes begin as zlib writes them.
func packed(b []byte) bool {
	return len(b) > 2 && b[0]&0x0f == 8 && (int(b[0])<<8|int(b[1]))%31 == 0
}

// unpack inflates up to so many bytes. What breaks off later is given as far as
// it goes, as readers do.
func unpack(body []byte, most int64) ([]byte, error) {
	if !packed(body) {
		return nil, ErrFileBroken
	}
	r, err := zlib.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	out, err := io.ReadAll(io.LimitReader(r, most))
	if len(out) > 0 {
		return out, nil
	}
	return nil, err
}

// unescape reads names as they are meant: /J#61vaScript is /JavaScript.
func unescape(words []byte) []byte {
	if bytes.IndexByte(words, '#') < 0 {
		return words
	}
	return escaped.ReplaceAllFunc(words, func(one []byte) []byte {
		plain, err := hex.DecodeString(string(one[1:]))
		if err != nil {
			return one
		}
		return plain
	})
}
