package web

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// filesLimit is how much a form with files may bring before it is cut off. It
// is far above what is kept: a file that is too large is read and thrown away,
// so that the person gets a sentence and not a broken connection.
const filesLimit = 400 << 20

// takeFiles are how the addresses begin that take forms with files.
var takeFiles = []string{"/disputes/", "/help/done/", "/console/disputes/"}

// bringsFiles reports whether a request is a form with files for one of the
// addresses that take them. Everything else is read whole, under small limits.
func bringsFiles(header *fasthttp.RequestHeader) bool {
	path := string(header.RequestURI())
	return string(header.Method()) == http.MethodPost &&
		bytes.HasPrefix(bytes.ToLower(header.ContentType()), []byte(FilesBody)) &&
		(slices.ContainsFunc(takeFiles, func(start string) bool { return strings.HasPrefix(path, start) }))
}

// readBody reads the body of a request whole, unless it brings files. A body
// above the limit of its address is refused without being read.
func readBody(r *fasthttp.Request) *fiber.Error {
	if !r.IsBodyStream() || bringsFiles(&r.Header) {
		return nil
	}
	limit := bodyLimit(&r.Header)
	if r.Header.ContentLength() > limit {
		return fiber.ErrRequestEntityTooLarge
	}
	body, err := io.ReadAll(io.LimitReader(r.BodyStream(), int64(limit)+1))
	switch {
	case err != nil:
		return fiber.ErrBadRequest
	case len(body) > limit:
		return fiber.ErrRequestEntityTooLarge
	}
	r.SetBodyRaw(body)
	return nil
}

// files is a form with files while it is read. Its fields stand before the
// first file or between files; the token of the form is the first of all.
type files struct {
	parts *multipart.Reader
	next  *multipart.Part // the first file, found while the fields were read
	left  int             // bytes that fields may still have
}

// File is one file of a form, to be read before the next is asked for.
type File struct {
	Field, Name string
	io.Reader
}

// openFiles reads the fields that stand before the first file.
func (r *Request) openFiles() error {
	_, params, err := mime.ParseMediaType(r.c.Get(fiber.HeaderContentType))
	if r.route.Body != FilesBody || err != nil || params["boundary"] == "" || r.c.Get(fiber.HeaderContentEncoding) != "" {
		return errContentType
	}
	body := r.c.Request().BodyStream()
	if !r.c.Request().IsBodyStream() {
		body = bytes.NewReader(r.c.Request().Body())
	}
	r.files = &files{parts: multipart.NewReader(io.LimitReader(body, filesLimit), params["boundary"]), left: formLimit}
	r.form = &Form{values: map[string]string{}}
	r.files.next, err = r.files.advance(r.form)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return err
}

// NextFile returns the next file of a form with files, or io.EOF. What fields
// stand before it are taken into the form. A field of files in which none was
// chosen is left out.
func (r *Request) NextFile() (File, error) {
	if r.files == nil {
		return File{}, io.EOF
	}
	part := r.files.next
	r.files.next = nil
	if part == nil {
		var err error
		if part, err = r.files.advance(r.form); err != nil {
			return File{}, err
		}
	}
	return File{Field: part.FormName(), Name: clean(part.FileName()), Reader: part}, nil
}

// advance reads fields until a file comes.
func (f *files) advance(form *Form) (*multipart.Part, error) {
	for {
		part, err := f.parts.NextRawPart()
		switch {
		case errors.Is(err, io.EOF):
			return nil, io.EOF
		case err != nil:
			return nil, ErrBadForm
		case part.FileName() != "":
			return part, nil
		case part.Header.Get(fiber.HeaderContentType) != "":
			continue // a field of files in which none was chosen
		}
		if err := f.field(form, part); err != nil {
			return nil, err
		}
	}
}

func (f *files) field(form *Form, part *multipart.Part) error {
	name := part.FormName()
	value, err := io.ReadAll(io.LimitReader(part, maxFieldBytes+1))
	f.left -= len(name) + len(value)
	_, twice := form.values[name]
	if err != nil || twice || name == "" || len(name) > maxFieldBytes || len(value) > maxFieldBytes || f.left < 0 ||
		len(form.values) >= maxFields || !utf8.ValidString(name) {
		return ErrBadForm
	}
	form.values[name] = clean(string(value))
	return nil
}
