// Package disputetest makes files as people send them: good ones, such as tell
// too much, and such as do harm.
package disputetest

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
)

// Canary stands in everything of a file that must not be kept.
const Canary = "GPS 41.8781 N canary"

// picture is red on its left half and blue on its right.
func picture() image.Image {
	m := image.NewRGBA(image.Rect(0, 0, 64, 32))
	for y := range 32 {
		for x := range 64 {
			c := color.RGBA{R: 255, A: 255}
			if x >= 32 {
				c = color.RGBA{B: 255, A: 255}
			}
			m.Set(x, y, c)
		}
	}
	return m
}

// Photo is a photo, red on its left half and blue on its right, 64 by 32.
func Photo() string {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture(), nil); err != nil {
		panic(err) // memory does not fail
	}
	return b.String()
}

// Drawing is the same as a PNG.
func Drawing() string {
	var b bytes.Buffer
	if err := png.Encode(&b, picture()); err != nil {
		panic(err) // memory does not fail
	}
	return b.String()
}

// Exif is what a camera writes beside a photo: how it was held, and where.
func Exif(way int) []byte {
	tiff := binary.BigEndian.AppendUint32([]byte("MM\x00*"), 8)
	tiff = append(tiff, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, byte(way), 0, 0, 0, 0, 0, 0)
	return append(tiff, Canary...)
}

// Located is the photo with the place where it was taken, held on its side, and
// with a page behind its end.
func Located(way int) string {
	photo := Photo()
	body := append([]byte("Exif\x00\x00"), Exif(way)...)
	head := binary.BigEndian.AppendUint16([]byte("\xff\xd8\xff\xe1"), uint16(len(body)+2))
	return string(head) + string(body) + photo[2:] + "<html><script>" + Canary + "</script>"
}

// LocatedDrawing is the drawing with the same.
func LocatedDrawing(way int) string {
	const behindHead = 33 // the signature and the first chunk
	drawing := Drawing()
	return drawing[:behindHead] + chunk("eXIf", Exif(way)) + chunk("tEXt", []byte("Comment\x00"+Canary)) + drawing[behindHead:] + "<html>" + Canary
}

// Huge is a picture of so many pixels that says so in its head alone.
func Huge(width, height uint32) string {
	head := binary.BigEndian.AppendUint32(nil, width)
	head = append(binary.BigEndian.AppendUint32(head, height), 8, 2, 0, 0, 0)
	return "\x89PNG\r\n\x1a\n" + chunk("IHDR", head) + chunk("IDAT", []byte("x")) + chunk("IEND", nil)
}

func chunk(name string, body []byte) string {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(append(b, name...), body...)
	return string(binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:])))
}

// PDF is a document of these objects, with a stream of text.
func PDF(objects string) string {
	return "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R " + objects + " >>\nendobj\n" +
		"4 0 obj\n<< /Length 44 >>\nstream\nBT /F1 12 Tf (What we found) Tj ET\nendstream\nendobj\ntrailer\n<< /Root 1 0 R /Size 5 >>\nstartxref\n9\n%%EOF\n"
}

// Packed is a document that holds this object in a stream of objects.
func Packed(object string) string { return PackedAs("/Filter /FlateDecode", Deflate("7 0 "+object)) }

// PackedAs is one whose stream of objects is packed in another way.
func PackedAs(filter, body string) string {
	return fmt.Sprintf("%%PDF-1.7\n6 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Length %d %s >>\nstream\r\n%s\nendstream\nendobj\n%%%%EOF\n", len(body), filter, body)
}

// Deflate packs bytes as PDFs do.
func Deflate(plain string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	if _, err := w.Write([]byte(plain)); err != nil {
		panic(err) // memory does not fail
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.String()
}
