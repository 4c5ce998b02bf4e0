package paper_test

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"quittance/portal/paper"
)

func letter() paper.Document {
	return paper.Document{
		Title: "Lo que usted aceptó", Language: "es", Made: time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC),
		From: []string{"Acme Services LLC", "PO Box 1200", "Dayton, OH 45401"},
		Note: "La página en línea es el documento oficial.", Foot: "PLN-7KQ2M9XD",
		Blocks: []paper.Block{
			paper.Heading("Pagos"), paper.Paragraph("Año • mañana — “sí”\nÁÉÍÓÚ áéíóú ñÑ ü ¿? ¡!"), paper.Rule{},
			paper.Rows{{"15 de enero", "$40.00"}, {"15 de febrero", "$1,030.00"}, {strings.Repeat("largo ", 30), "$5.00"}},
		},
	}
}

func printed(t *testing.T, d paper.Document) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := d.PDF(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// words unpacks the streams of a file.
func words(t *testing.T, file []byte) string {
	t.Helper()
	var all strings.Builder
	for part := range bytes.SplitSeq(file, []byte("stream\n")) {
		z, err := zlib.NewReader(bytes.NewReader(part))
		if err != nil {
			continue
		}
		text, err := io.ReadAll(z)
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, zlib.ErrChecksum) {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

func TestTheSameDocumentIsTheSameBytes(t *testing.T) {
	t.Parallel()
	first, again := printed(t, letter()), printed(t, letter())
	if !bytes.HasPrefix(first, []byte("%PDF-")) || !bytes.Equal(first, again) {
		t.Error("two copies of one document differ, or it is no PDF")
	}
	later := letter()
	later.Made = later.Made.Add(time.Hour)
	if bytes.Equal(first, printed(t, later)) {
		t.Error("the date of the document is not in the file")
	}
}

func TestSpanishIsPrintedWithItsAccents(t *testing.T) {
	t.Parallel()
	text := words(t, printed(t, letter()))
	for _, want := range []string{
		"acept\xf3", "A\xf1o \x95 ma\xf1ana \x97 \x93s\xed\x94", "\xc1\xc9\xcd\xd3\xda \xe1\xe9\xed\xf3\xfa \xf1\xd1 \xfc \xbf? \xa1!",
		"Acme Services LLC", "PLN-7KQ2M9XD", "1 / 1", "$1,030.00", "p\xe1gina en l\xednea",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the file does not say %q", want)
		}
	}
}

func TestALongDocumentGoesOnOnTheNextPage(t *testing.T) {
	t.Parallel()
	d := letter()
	var rows paper.Rows
	for range 120 {
		rows = append(rows, [2]string{"Friday, January 15, 2027", "$40.00"})
	}
	d.Blocks = append(d.Blocks, rows)
	text := words(t, printed(t, d))
	if !strings.Contains(text, "4 / 4") || strings.Count(text, "$40.00") != 121 {
		t.Errorf("%d amounts on the pages", strings.Count(text, "$40.00"))
	}
}

func TestADocumentThatSaysNothingIsNotPrinted(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*paper.Document){
		"no title": func(d *paper.Document) { d.Title = "" },
		"no date":  func(d *paper.Document) { d.Made = time.Time{} },
		"no block": func(d *paper.Document) { d.Blocks = nil },
	} {
		d := letter()
		spoil(&d)
		if err := d.PDF(io.Discard); !errors.Is(err, paper.ErrBare) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
