package disputetest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
)

// statement is the content of a page as programs print it: the axes turned over,
// words of every kind, a picture within, bytes that mean something elsewhere.
const statement = "1 0 0 -1 0 842 cm\nq\n1 0 0 1 72 72 cm BT /F1 12 Tf 1 0 0 -1 0 0 Tm (Statement \\(copy\\)) Tj <0041004A0053> Tj ET\n" +
	"BI /W 8 /H 2 /BPC 8 /CS /G ID ((<\x00\xff(>)[<% /JS EI Q\n/Artifact <</Attached [/Top]>> BDC EMC (paid by /AA and stream\n) Tj\n"

// printing writes objects one by one and knows where they stand.
type printing struct {
	bytes.Buffer
	at map[int]int
}

func (p *printing) object(number int, content string) {
	p.at[number] = p.Len()
	fmt.Fprintf(p, "%d 0 obj\n%s\nendobj\n", number, content)
}

func (p *printing) stream(number int, dictionary, body string) {
	p.object(number, fmt.Sprintf("<< /Length %d %s >>\nstream\n%s\nendstream", len(body), dictionary, body))
}

// table ends a part with a table of what was written in it.
func (p *printing) table(trailer string, numbers ...int) {
	start := p.Len()
	p.WriteString("xref\n0 1\n0000000000 65535 f \n")
	for _, n := range numbers {
		fmt.Fprintf(p, "%d 1\n%010d 00000 n \n", n, p.at[n])
	}
	fmt.Fprintf(p, "trailer\n<< /Size 12 /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n", trailer, start)
}

// crossed ends a part with such a table in a stream, packed by differences.
func (p *printing) crossed(number int, more string) {
	start := p.Len()
	var rows bytes.Buffer
	for n := range number {
		row := append([]byte{1}, binary.BigEndian.AppendUint16(nil, uint16(p.at[n]))...)
		rows.Write(append([]byte{2}, append(row, 0)...))
	}
	p.stream(number, fmt.Sprintf("/Type /XRef /W [1 2 1] /Index [0 %d] /Size %d /Root 1 0 R /Filter /FlateDecode /DecodeParms << /Columns 4 /Predictor 12 >> %s",
		number, number+1, more), Deflate(rows.String()))
	fmt.Fprintf(p, "startxref\n%d\n%%%%EOF\n", start)
}

func (p *printing) begin() { p.WriteString("%PDF-1.6\n%\xe2\xe3\xcf\xd3\n") }

// furnish writes what statements have beside their page: marks to jump by, a
// color profile, a form that was filled in, and a letter's font.
func (p *printing) furnish() {
	p.object(1, "<< /Type /Catalog /Pages 2 0 R /Outlines 6 0 R /OpenAction [3 0 R /XYZ null null 0] /AcroForm << /Fields [8 0 R] >> >>")
	p.object(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
	p.object(3, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Annots [8 0 R] >>")
	p.object(6, "<< /Type /Outlines /First 7 0 R /Last 7 0 R /Count 1 >>")
	p.object(7, "<< /Title (Page 1) /Parent 6 0 R /Dest [3 0 R /Fit] >>")
	p.object(8, "<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Ana) /Rect [0 0 9 9] /AP << /N 9 0 R >> >>")
}

// Printed are whole statements as programs print and save them, by name.
func Printed() map[string]string {
	write := func(how func(*printing)) string {
		p := &printing{at: map[int]int{}}
		p.begin()
		how(p)
		return p.String()
	}
	ascii85 := "/Filter [/ASCII85Decode /FlateDecode]"
	profile := strings.Repeat("\x00profile", 40)
	return map[string]string{
		"axes turned over": write(func(p *printing) {
			p.furnish()
			p.stream(4, "", statement)
			p.table("", 1, 2, 3, 4, 6, 7, 8)
		}),
		"packed": write(func(p *printing) {
			p.furnish()
			p.stream(4, "/Filter /FlateDecode", Deflate(statement))
			p.stream(5, "/N 3 /Alternate /DeviceRGB /Filter /FlateDecode", Deflate(profile))
			p.table("", 1, 2, 3, 4, 5, 6, 7, 8)
		}),
		"packed as text": write(func(p *printing) {
			p.furnish()
			p.stream(4, ascii85, "GhQZ&0b\"0;#S<V~>")
			p.stream(5, "/N 3 "+ascii85, "GhQZ&~>")
			p.table("", 1, 2, 3, 4, 5, 6, 7, 8)
		}),
		"saved again": write(func(p *printing) {
			p.furnish()
			p.stream(4, "/Filter /FlateDecode", Deflate(statement))
			p.table("", 1, 2, 3, 4, 6, 7, 8)
			p.object(6, "<< /Type /Outlines /First 7 0 R /Last 7 0 R /Count 1 >>")
			p.object(8, "<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Ana Garcia) /Rect [0 0 9 9] /AP << /N 9 0 R >> >>")
			p.stream(9, "/Type /XObject /Subtype /Form", "1 0 0 1 0 0 cm (Ana Garcia) Tj")
			p.table("/Prev 15", 6, 8, 9)
		}),
		"saved again, tables in streams": write(func(p *printing) {
			p.furnish()
			p.stream(4, "/Filter /FlateDecode", Deflate(statement))
			p.crossed(10, "")
			p.object(6, "<< /Type /Outlines /First 7 0 R /Last 7 0 R /Count 1 >>")
			p.object(8, "<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Ana Garcia) /Rect [0 0 9 9] /AP << /N 9 0 R >> >>")
			p.crossed(11, "/Prev 15")
		}),
		"made for the web": write(func(p *printing) {
			p.object(9, "<< /Linearized 1 /L 4000 /H [500 40] /O 3 /E 2000 /N 1 /T 3500 >>")
			p.table("/Prev 15", 9)
			p.furnish()
			p.stream(10, "/S 36 /Filter /FlateDecode", Deflate("10 0 0 1 2 3 hints"))
			p.stream(4, "/Filter /FlateDecode", Deflate(statement))
			p.table("", 1, 2, 3, 4, 6, 7, 8, 10)
		}),
		"objects in a stream": write(func(p *printing) {
			objects := "<< /Type /Catalog /Pages 2 0 R >> << /Type /Pages /Kids [3 0 R] /Count 1 >> << /Title (1 0 0 of it) >>"
			head := fmt.Sprintf("1 0 2 34 7 %d ", strings.LastIndex(objects, "<<"))
			p.stream(5, fmt.Sprintf("/Type /ObjStm /N 3 /First %d /Filter /FlateDecode", len(head)), Deflate(head+objects))
			p.object(3, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>")
			p.stream(4, "/Filter /FlateDecode", Deflate(statement))
			p.crossed(10, "")
		}),
	}
}
