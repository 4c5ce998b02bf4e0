package dispute

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/webp"
)

// MostPixels bounds a picture: what the largest cameras of phones take.
const MostPixels = 50_000_000

// mostWorking bounds the memory, in bytes, that one picture takes while it is
// written anew.
const mostWorking = 200 << 20

// qualities are how a photo is written: the first that has room.
var qualities = []int{90, 75, 60}

// redraw decodes a picture and writes it anew, upright: nothing but its pixels
// is kept, so no place, no camera, and nothing that stood behind it (SEC-08).
// Its size is read from its head before a pixel is; ErrFilePixels,
// ErrFileBroken, ErrFileSize.
func redraw(kind string, content []byte) (string, []byte, error) {
	size, _, err := image.DecodeConfig(bytes.NewReader(content))
	if err != nil {
		return "", nil, ErrFileBroken
	}
	turned := orientation(kind, content)
	pixels := int64(size.Width) * int64(size.Height)
	if pixels <= 0 || pixels > MostPixels || pixels*bytesAPixel(kind, content, size.ColorModel, turned) > mostWorking {
		return "", nil, ErrFilePixels
	}
	picture, err := decoders[kind](bytes.NewReader(content))
	if err != nil {
		return "", nil, ErrFileBroken
	}
	return write(upright(picture, turned))
}

var decoders = map[string]func(*bytes.Reader) (image.Image, error){
	"image/jpeg": func(r *bytes.Reader) (image.Image, error) { return jpeg.Decode(r) },
	"image/png":  func(r *bytes.Reader) (image.Image, error) { return png.Decode(r) },
	"image/webp": func(r *bytes.Reader) (image.Image, error) { return webp.Decode(r) },
}

// write keeps photos as JPEG and drawings as PNG.
func write(picture image.Image) (string, []byte, error) {
	var out bytes.Buffer
	switch picture.(type) {
	case *image.YCbCr, *image.CMYK:
		for _, quality := range qualities {
			out.Reset()
			if err := jpeg.Encode(&out, picture, &jpeg.Options{Quality: quality}); err != nil {
				return "", nil, ErrFileBroken
			}
			if out.Len() <= MostFileBytes {
				return "image/jpeg", out.Bytes(), nil
			}
		}
	default:
		if err := png.Encode(&out, picture); err != nil {
			return "", nil, ErrFileBroken
		}
		if out.Len() <= MostFileBytes {
			return "image/png", out.Bytes(), nil
		}
	}
	return "", nil, ErrFileSize
}

// bytesAPixel is the most memory that a pixel takes on the way.
func bytesAPixel(kind string, content []byte, model color.Model, turned int) int64 {
	var n int64
	switch model {
	case color.GrayModel:
		n = 1
	case color.Gray16Model:
		n = 2
	case color.YCbCrModel:
		n = 3
	case color.RGBA64Model, color.NRGBA64Model:
		n = 8
	default:
		n = 4
	}
	if kind == "image/jpeg" && progressive(content) {
		n += 12 // its coefficients stand in memory until the last of them is read
	}
	if kind == "image/png" && content[interlaceAt] != 0 {
		n *= 2
	}
	if turned != 1 && model != color.YCbCrModel {
		n += 4
	}
	return n
}

// interlaceAt is where the head of a PNG says how its lines are ordered.
const interlaceAt = 28

// segments walks the segments of a JPEG up to its picture, as liberally as the
// decoder does: bytes between them and fill bytes are skipped. A walk that ends
// earlier would take a progressive picture for one that needs little memory.
func segments(content []byte, visit func(marker byte, body []byte)) {
	for at := 2; at+4 <= len(content); {
		marker := content[at+1]
		switch {
		case content[at] != 0xff || marker == 0xff:
			at++
			continue
		case marker == 0 || marker >= 0xd0 && marker <= 0xd7:
			at += 2
			continue
		}
		length := int(binary.BigEndian.Uint16(content[at+2:]))
		if marker == 0xda || marker == 0xd9 || length < 2 || at+2+length > len(content) {
			return
		}
		visit(marker, content[at+4:at+2+length])
		at += 2 + length
	}
}

func progressive(content []byte) bool {
	found := false
	segments(content, func(marker byte, _ []byte) { found = found || marker == 0xc2 })
	return found
}

// orientation is how a camera was held, 1 to 8 as EXIF counts; 1 where nothing
// says so.
func orientation(kind string, content []byte) int {
	var exif []byte
	switch kind {
	case "image/jpeg":
		segments(content, func(marker byte, body []byte) {
			if rest, ok := bytes.CutPrefix(body, []byte("Exif\x00\x00")); marker == 0xe1 && ok && exif == nil {
				exif = rest
			}
		})
	case "image/png":
		exif = chunk(content, 8, "eXIf", binary.BigEndian, 4)
	case "image/webp":
		exif = bytes.TrimPrefix(chunk(content, 12, "EXIF", binary.LittleEndian, 0), []byte("Exif\x00\x00"))
	}
	return held(exif)
}

// chunk finds one of a picture that is written in chunks: in a PNG the length
// stands before the name and a sum behind the body, in a WebP behind the name.
func chunk(content []byte, at int, name string, order binary.ByteOrder, sum int) []byte {
	for at+8 <= len(content) {
		nameAt, lengthAt := at, at+4
		if sum > 0 {
			nameAt, lengthAt = at+4, at
		}
		length := int64(order.Uint32(content[lengthAt:]))
		if length > int64(len(content)-at-8) {
			return nil
		}
		body := content[at+8 : at+8+int(length)]
		if string(content[nameAt:nameAt+4]) == name {
			return body
		}
		at += 8 + int(length) + sum
		if sum == 0 {
			at += int(length & 1)
		}
	}
	return nil
}

// held reads the tag of orientation out of EXIF.
func held(exif []byte) int {
	if len(exif) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if exif[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(exif[4:]))
	if at+2 > int64(len(exif)) {
		return 1
	}
	for entries := int(order.Uint16(exif[at:])); entries > 0; entries-- {
		entry := at + 2
		if at += 12; entry+12 > int64(len(exif)) {
			return 1
		}
		if order.Uint16(exif[entry:]) == 0x0112 {
			if way := int(order.Uint16(exif[entry+8:])); way >= 1 && way <= 8 {
				return way
			}
			return 1
		}
	}
	return 1
}
