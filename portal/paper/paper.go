// Package paper prints documents as PDF: copies for convenience, to be kept
// beside the accessible page, which stays the document of record. It holds no
// words of its own. Page size is US Letter. The same document is the same
// bytes, so that a copy can be compared with another.
package paper

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// ErrBare is returned for a document without a title, a date or a block.
var ErrBare = errors.New("a document needs a title, its date and something to say")

// Document is what is printed.
type Document struct {
	Title    string
	Language string    // of all words in it: "en", "es"
	Made     time.Time // printed nowhere; it is the date in the file
	From     []string  // who writes: name and address, a line each
	Note     string    // small, at the end: which page is the document of record
	Foot     string    // small, on each page: the reference
	Blocks   []Block
}

// Block is a part of a document: Heading, Paragraph, Rows or Rule.
type Block interface{ on(*sheet) }

// Heading begins a part.
type Heading string

// Paragraph is running text; its line breaks are kept.
type Paragraph string

// Rows are a table of a label and a value; values stand at the right, so that
// amounts stand below each other.
type Rows [][2]string

// Rule is a line across the page.
type Rule struct{}

// Sizes in millimeters and points.
const (
	margin    = 22
	lineSpace = 6
	textSize  = 11
	smallSize = 9
	headSize  = 13
	titleSize = 18
)

// PDF writes the document.
func (d Document) PDF(w io.Writer) error {
	if d.Title == "" || d.Made.IsZero() || len(d.Blocks) == 0 {
		return ErrBare
	}
	s := open(d)
	s.letterhead(d)
	for _, b := range d.Blocks {
		b.on(s)
	}
	if d.Note != "" {
		s.gap(lineSpace)
		s.text(d.Note, "", smallSize)
	}
	if err := s.pdf.Output(w); err != nil {
		return fmt.Errorf("print %q: %w", d.Title, err)
	}
	return nil
}

// sheet is a document being printed.
type sheet struct {
	pdf  *fpdf.Fpdf
	wide float64               // of the text
	code func(s string) string // into the characters of the fonts
}

func open(d Document) *sheet {
	pdf := fpdf.New("P", "mm", "Letter", "")
	s := &sheet{pdf: pdf, code: pdf.UnicodeTranslatorFromDescriptor("cp1252")}
	page, _ := pdf.GetPageSize()
	s.wide = page - 2*margin
	made := d.Made.UTC()
	pdf.SetCreationDate(made)
	pdf.SetModificationDate(made)
	pdf.SetCatalogSort(true)
	pdf.SetTitle(d.Title, true)
	pdf.SetLang(d.Language)
	pdf.SetMargins(margin, margin, margin)
	pdf.SetAutoPageBreak(true, margin)
	pdf.AliasNbPages("{pages}")
	pdf.SetFooterFunc(func() {
		pdf.SetY(-margin + lineSpace)
		pdf.SetFont("Helvetica", "", smallSize)
		pdf.CellFormat(s.wide/2, lineSpace, s.known(d.Foot), "", 0, "L", false, 0, "")
		pdf.CellFormat(s.wide/2, lineSpace, fmt.Sprintf("%d / {pages}", pdf.PageNo()), "", 0, "R", false, 0, "")
	})
	pdf.AddPage()
	return s
}

func (s *sheet) letterhead(d Document) {
	for i, l := range d.From {
		style := ""
		if i == 0 {
			style = "B"
		}
		s.text(l, style, textSize)
	}
	s.gap(lineSpace)
	s.text(d.Title, "B", titleSize)
	s.gap(lineSpace / 2)
}

// substitutes stand for characters that the fonts do not have.
var substitutes = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2009", " ", "\u2011", "-", "\u2212", "-", "\t", " ")

// known is a text in the characters of the fonts; one that they do not have
// becomes a dot. The page has it as it is.
func (s *sheet) known(text string) string { return s.code(substitutes.Replace(text)) }

func (s *sheet) gap(mm float64) { s.pdf.Ln(mm) }

func (s *sheet) text(text, style string, size float64) {
	s.pdf.SetFont("Helvetica", style, size)
	s.pdf.MultiCell(s.wide, lineSpace*max(1, size/headSize), s.known(text), "", "L", false)
}

func (h Heading) on(s *sheet) {
	s.gap(lineSpace / 2)
	s.text(string(h), "B", headSize)
}

func (p Paragraph) on(s *sheet) {
	s.text(string(p), "", textSize)
	s.gap(lineSpace / 3)
}

func (r Rows) on(s *sheet) {
	for _, row := range r {
		s.row(s.known(row[0]), s.known(row[1]))
	}
	s.gap(lineSpace / 3)
}

// row prints both beside each other, or below each other where they are too
// long for that.
func (s *sheet) row(label, value string) {
	s.pdf.SetFont("Helvetica", "", textSize)
	const between = 4
	if s.pdf.GetStringWidth(label)+s.pdf.GetStringWidth(value)+between > s.wide || strings.Contains(label+value, "\n") {
		s.pdf.MultiCell(s.wide, lineSpace, label, "", "L", false)
		s.pdf.MultiCell(s.wide, lineSpace, value, "", "R", false)
		return
	}
	left := s.pdf.GetStringWidth(label) + between
	s.pdf.CellFormat(left, lineSpace, label, "", 0, "L", false, 0, "")
	s.pdf.CellFormat(s.wide-left, lineSpace, value, "", 1, "R", false, 0, "")
}

func (Rule) on(s *sheet) {
	s.gap(lineSpace / 3)
	y := s.pdf.GetY()
	s.pdf.Line(margin, y, margin+s.wide, y)
	s.gap(lineSpace / 3)
}
