package web

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"quittance/portal/web/body"
)

// files is a form with files while it is read. Its fields stand before the
// first file or between files; the token of the form is the first of all.
type files struct {
	parts *multipart.Reader
	next  *multipart.Part // the first file, found while the fields were read
	left  int             // bytes that fields may still have
	share *body.Share
}

// File is one file of a form, to be read before the next is asked for.
type File struct {
	Field, Name string
	io.Reader
	share *body.Share
}

// Content reads a file into memory: its first most bytes, and one more where it
// has more. They are there until the next file is asked for, or the request
// ends. The error is one that the handler returns.
func (f File) Content(most int) ([]byte, error) {
	return f.share.Read(io.LimitReader(f, int64(most)+1), most+1)
}

// openFiles reads the fields that stand before the first file, and of all that
// comes at most most bytes.
func (r *Request) openFiles(most int) error {
	_, params, err := mime.ParseMediaType(r.c.Get(fiber.HeaderContentType))
	if err != nil || params["boundary"] == "" {
		return errContentType
	}
	from := r.c.Request().BodyStream()
	if !r.c.Request().IsBodyStream() {
		from = bytes.NewReader(r.c.Request().Body())
	}
	r.files = &files{parts: multipart.NewReader(io.LimitReader(from, int64(most)), params["boundary"]), left: formLimit, share: body.Of(r.c.Context())}
	r.form = &Form{values: map[string]string{}}
	r.files.next, err = r.files.advance(r.form)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return err
}

// fieldsBeforeFiles reads no more than the fields of a form with files, of
// somebody who may not send any, so that what was typed can be kept.
func (r *Request) fieldsBeforeFiles() {
	if r.route.Body == FilesBody {
		_ = r.openFiles(formLimit) // what cannot be read is not kept
		r.files = nil
	}
}

// takeFiles opens a form with files, now that it is known who sends it, and
// gives it the time that it needs.
func (r *Request) takeFiles() error {
	if r.route.Body != FilesBody {
		return nil
	}
	if err := r.c.Context().SetReadDeadline(time.Now().Add(r.route.Deadline)); err != nil {
		return err
	}
	return r.openFiles(r.route.MostBytes)
}

// NextFile returns the next file of a form with files, or io.EOF. What fields
// stand before it are taken into the form. A field of files in which none was
// chosen is left out.
func (r *Request) NextFile() (File, error) {
	if r.files == nil {
		return File{}, io.EOF
	}
	r.files.share.Free()
	part := r.files.next
	r.files.next = nil
	if part == nil {
		var err error
		if part, err = r.files.advance(r.form); err != nil {
			return File{}, err
		}
	}
	return File{Field: part.FormName(), Name: clean(part.FileName()), Reader: part, share: r.files.share}, nil
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
