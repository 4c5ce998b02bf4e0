package dispute_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"image"
	"image/color"
	_ "image/jpeg"
	_ "image/png"
	"strings"
	"testing"

	"quittance/portal/dispute"
	"quittance/portal/dispute/disputetest"
)

// webp is a photo of one pixel with the place it was taken at, held on its head.
var webp = func() string {
	lossless, err := base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
	if err != nil {
		panic(err)
	}
	return string(lossless)
}()

func TestWhatAFileIsIsFoundInItsContentAndNeverInItsName(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ content, want string }{
		"a photo": {disputetest.Photo(), "image/jpeg"}, "a drawing": {disputetest.Drawing(), "image/png"}, "a WebP": {webp, "image/png"},
		"a PDF": {disputetest.PDF(""), "application/pdf"},
	} {
		got, err := dispute.Purify([]byte(c.content))
		if err != nil || got.Type != c.want || dispute.Extension(got.Type) == ".bin" {
			t.Errorf("%s: %s, %v", name, got.Type, err)
		}
	}
	for name, content := range map[string]string{
		"a program": "MZ\x90\x00", "an ELF": "\x7fELF", "a page": "<!doctype html>", "an SVG": "<svg xmlns=", "AVIF": "\x00\x00\x00\x18ftypavif....", "TIFF": "II*\x00",
		"a video": "\x00\x00\x00\x18ftypisom", "a short RIFF": "RIFFxxxxWEBP", "a script": "#!/bin/sh", "a zip": "PK\x03\x04", "one byte": "%", "PDF of no version": "%PDF-x",
		"a page that says PDF too late": strings.Repeat(" ", 1025) + disputetest.PDF(""),
	} {
		if got, err := dispute.Purify([]byte(content)); !errors.Is(err, dispute.ErrFileType) {
			t.Errorf("%s is taken for %s: %v", name, got.Type, err)
		}
	}
	for name, c := range map[string]struct {
		content string
		want    error
	}{
		"nothing":          {"", dispute.ErrFileEmpty},
		"too much":         {strings.Repeat("x", dispute.MostFileBytes+1), dispute.ErrFileSize},
		"HEIC":             {"\x00\x00\x00\x18ftypheic....", dispute.ErrFileHEIC},
		"HEVC":             {"\x00\x00\x00\x18ftyphevc....", dispute.ErrFileHEIC},
		"a broken photo":   {"\xff\xd8\xff\xe0 a photo", dispute.ErrFileBroken},
		"a photo cut off":  {disputetest.Photo()[:400], dispute.ErrFileBroken},
		"60,000 by 60,000": {disputetest.Huge(60_000, 60_000), dispute.ErrFilePixels},
		"one row too many": {disputetest.Huge(10_000, 5_001), dispute.ErrFilePixels},
	} {
		if _, err := dispute.Purify([]byte(c.content)); !errors.Is(err, c.want) || !errors.Is(err, dispute.ErrFile) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSEC08_APictureKeepsNothingButItsPixelsAndStandsUpright: no place, no
// comment, nothing behind its end (F14).
func TestSEC08_APictureKeepsNothingButItsPixelsAndStandsUpright(t *testing.T) {
	t.Parallel()
	red, blue := color.NRGBA{R: 255, A: 255}, color.NRGBA{B: 255, A: 255}
	// where the red half comes to stand: the first and the last pixel on the way
	// through the middle.
	for way, c := range map[int]struct {
		size        image.Point
		first, last color.NRGBA
	}{
		1: {image.Pt(64, 32), red, blue}, 2: {image.Pt(64, 32), blue, red}, 3: {image.Pt(64, 32), blue, red}, 4: {image.Pt(64, 32), red, blue},
		5: {image.Pt(32, 64), red, blue}, 6: {image.Pt(32, 64), red, blue}, 7: {image.Pt(32, 64), blue, red}, 8: {image.Pt(32, 64), blue, red},
	} {
		for kind, content := range map[string]string{"image/jpeg": disputetest.Located(way), "image/png": disputetest.LocatedDrawing(way)} {
			clean, err := dispute.Purify([]byte(content))
			if err != nil || clean.Type != kind {
				t.Fatalf("%s held as %d: %s, %v", kind, way, clean.Type, err)
			}
			if bytes.Contains(clean.Content, []byte(disputetest.Canary)) || bytes.Contains(clean.Content, []byte("Exif")) || bytes.Contains(clean.Content, []byte("<html>")) {
				t.Errorf("%s held as %d tells where it was taken, or has a tail", kind, way)
			}
			m, _, err := image.Decode(bytes.NewReader(clean.Content))
			if err != nil || m.Bounds().Size() != c.size {
				t.Fatalf("%s held as %d is %v, %v", kind, way, m.Bounds(), err)
			}
			if first, last := m.At(4, 4), m.At(c.size.X-5, c.size.Y-5); !near(first, c.first) || !near(last, c.last) {
				t.Errorf("%s held as %d: begins %v, ends %v", kind, way, first, last)
			}
		}
	}
}

func near(got color.Color, want color.NRGBA) bool {
	r, _, b, _ := got.RGBA()
	return (r > 0x8000) == (want.R > 0) && (b > 0x8000) == (want.B > 0)
}

// TestF14_AStatementAsProgramsPrintItIsTaken: what stands on its pages is no
// object, and what is packed beside its marks is none either.
func TestF14_AStatementAsProgramsPrintItIsTaken(t *testing.T) {
	t.Parallel()
	for name, content := range disputetest.Printed() {
		if clean, err := dispute.Purify([]byte(content)); err != nil || string(clean.Content) != content {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestAPDFThatDoesSomethingByItselfIsNotTaken: however it is written, packed or
// hidden (F14, F22).
func TestAPDFThatDoesSomethingByItselfIsNotTaken(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"plain": disputetest.PDF(""), "bytes before it": "HTTP/1.1 200 OK\r\n\r\n" + disputetest.PDF(""), "as far as readers look": strings.Repeat(" ", 1024) + disputetest.PDF(""),
		"a tail":           disputetest.PDF("") + "PK\x03\x04 a zip",
		"begins at a page": disputetest.PDF("/OpenAction [3 0 R /Fit]"), "packed objects": disputetest.Packed("<< /Type /Font >>"),
		"a link": disputetest.PDF("/A << /S /URI /URI (https://bank.example) >>"), "names that only begin so": disputetest.PDF("/JSON 1 /AAPL 2 /EFG 3 /OpenActions 4"),
		"a list of no files": disputetest.PDF("/Names << /EmbeddedFiles << /Names [\n  \n] >> >>"), "shows a page": disputetest.PDF("/OpenAction << /Type /Action /S /GoTo /D [3 0 R /XYZ 0 842 0.5] >>"),
		"words in the text": "%PDF-1.4\n1 0 obj <<>>\nstream\n(/JavaScript was off)\nendstream\nendobj\n%%EOF",
		"packed words":      "%PDF-1.4\n1 0 obj << /Filter /FlateDecode >>\nstream\n" + disputetest.Deflate("BT (/JS /AA ) Tj ET") + "\nendstream\nendobj\n%%EOF",
	} {
		clean, err := dispute.Purify([]byte(content))
		if err != nil || !bytes.HasPrefix(clean.Content, []byte("%PDF-1.")) || !bytes.HasSuffix(clean.Content, []byte("%%EOF\n")) {
			t.Errorf("%s: %v, %.20q…", name, err, clean.Content)
		}
	}
	script := "<< /S /JavaScript /JS (app.alert(1)) >>"
	hidden := "9 0 obj " + script + " endobj"
	unfinished := disputetest.Deflate("7 0 " + script)
	bomb := disputetest.Deflate("7 0 " + strings.Repeat(" ", 40<<20))
	for name, c := range map[string]struct {
		content string
		want    error
	}{
		"a script":                                {disputetest.PDF("/Names " + script), dispute.ErrFileActive},
		"with an escaped name":                    {disputetest.PDF("/X << /S /J#61vaScript >>"), dispute.ErrFileActive},
		"JS alone":                                {disputetest.PDF("/X << /#4aS 5 0 R >>"), dispute.ErrFileActive},
		"when opened":                             {disputetest.PDF("/OpenAction 5 0 R"), dispute.ErrFileActive},
		"when opened, in place":                   {disputetest.PDF("/OpenAction<</S/URI>>"), dispute.ErrFileActive},
		"a program":                               {disputetest.PDF("/X << /S /Launch /F (x.exe) >>"), dispute.ErrFileActive},
		"another file":                            {disputetest.PDF("/Names << /EmbeddedFiles 5 0 R >>"), dispute.ErrFileActive},
		"a list of files":                         {disputetest.PDF("/Names << /EmbeddedFiles << /Names [ (a) 5 0 R ] >> >>"), dispute.ErrFileActive},
		"shows a page and goes on":                {disputetest.PDF("/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next 5 0 R >>"), dispute.ErrFileActive},
		"a file of no type":                       {disputetest.PDF("/X << /EF << /F 5 0 R >> >>"), dispute.ErrFileActive},
		"when a page is turned":                   {disputetest.PDF("/AA << /O 5 0 R >>"), dispute.ErrFileActive},
		"a film":                                  {disputetest.PDF("/Subtype/RichMedia"), dispute.ErrFileActive},
		"a form of another kind":                  {disputetest.PDF("/AcroForm << /XFA 5 0 R>>"), dispute.ErrFileActive},
		"behind a comment":                        {disputetest.PDF("% note\n/JS%x\n(app)"), dispute.ErrFileActive},
		"in packed objects":                       {disputetest.Packed(script), dispute.ErrFileActive},
		"in packed objects, escaped":              {disputetest.Packed("<< /S /Java#53cript >>"), dispute.ErrFileActive},
		"packed twice":                            {disputetest.PackedAs("/Filter [/FlateDecode /FlateDecode]", disputetest.Deflate(disputetest.Deflate("7 0 "+script))), dispute.ErrFileActive},
		"packed, of no type":                      {"%PDF-1.5\n6 0 obj << /N 1 /First 4 /Filter/FlateDecode >>\nstream\n" + disputetest.Deflate("7 0 "+script) + "\nendstream\nendobj", dispute.ErrFileActive},
		"packed, unfinished":                      {disputetest.PackedAs("/Filter /FlateDecode", unfinished[:len(unfinished)-6]), dispute.ErrFileActive},
		"hidden in a stream":                      {"%PDF-1.4\n1 0 obj << >>\nstream\n" + hidden + "\nendstream\nendobj\n%%EOF", dispute.ErrFileActive},
		"hidden behind an end":                    {"%PDF-1.4\n1 0 obj << >>\nstream\nx\nendstream\nendobj\n" + hidden, dispute.ErrFileActive},
		"packed in text":                          {disputetest.PackedAs("/Filter /ASCIIHexDecode", "37203020"), dispute.ErrFileBroken},
		"packed with differences":                 {disputetest.PackedAs("/Filter /FlateDecode /DecodeParms << /Predictor 12 >>", disputetest.Deflate("x")), dispute.ErrFileBroken},
		"packed with differences, told elsewhere": {disputetest.PackedAs("/Filter /FlateDecode /DecodeParms << /Predictor 1 0 R >>", disputetest.Deflate("x")), dispute.ErrFileBroken},
		"packed in a way told elsewhere":          {disputetest.PackedAs("/Filter 9 0 R", "37203020"), dispute.ErrFileBroken},
		"packed, with a note":                     {disputetest.PackedAs("/Filter%\n9 0 R", "37203020"), dispute.ErrFileBroken},
		"packed, and broken":                      {disputetest.PackedAs("/Filter /FlateDecode", "x\x9cnothing"), dispute.ErrFileBroken},
		"packed, with a word in between":          {disputetest.PackedAs("/Filter /FlateDecode /X << obj >> obj", disputetest.Deflate("7 0 "+script)), dispute.ErrFileActive},
		"plain objects":                           {disputetest.PackedAs("", "7 0 "+script), dispute.ErrFileActive},
		"objects that look packed":                {disputetest.PackedAs("", "80 5 7 0 "+script), dispute.ErrFileActive},
		"a script behind a page":                  {"%PDF-1.4\n1 0 obj << >>\nstream\n1 0 0 -1 0 842 cm\nendstream\nendobj\n2 0 obj " + script + " endobj", dispute.ErrFileActive},
		"a bomb":                                  {disputetest.PackedAs("/Filter /FlateDecode", bomb), dispute.ErrFileBroken},
		"a stream that is none, a word":           {disputetest.PDF("/X (>>\nstream\n) /Y << /S /JavaScript >> /Z (endstream)"), dispute.ErrFileBroken},
		"a stream that is none, a note":           {disputetest.PDF("% >> stream\n/S /JavaScript % endstream"), dispute.ErrFileBroken},
		"a stream that is none, a value":          {disputetest.PDF("/X << >> stream\n/Y << /S /JavaScript >> /Z endstream"), dispute.ErrFileBroken},
		"a word without an end":                   {"%PDF-1.4\n1 0 obj ( << >> endobj", dispute.ErrFileBroken},
		"locked":                                  {disputetest.PDF("/Encrypt 5 0 R"), dispute.ErrFileLocked},
	} {
		if _, err := dispute.Purify([]byte(c.content)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
