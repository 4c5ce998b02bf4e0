package dispute_test

import (
	"bytes"
	"errors"
	"testing"

	"quittance/portal/dispute"
)

// TestAPhotoHidesNoMemoryBehindOddBytes: a progressive JPEG takes five times the
// memory of another. Readers skip odd bytes between its segments, so its kind is
// found behind them too, before a pixel is read.
func TestAPhotoHidesNoMemoryBehindOddBytes(t *testing.T) {
	t.Parallel()
	for name, between := range map[string]string{
		"nothing": "", "a byte": "\x00", "bytes": "ab\x01", "fill bytes": "\xff\xff\xff", "a stuffed byte": "\xff\x00", "a restart": "\xff\xd3",
	} {
		if _, err := dispute.Purify(progressive(between)); !errors.Is(err, dispute.ErrFilePixels) {
			t.Errorf("%s before its head: %v", name, err)
		}
	}
}

// progressive is a photo of 49 million pixels, all of one gray, in 287 KB.
func progressive(between string) []byte {
	const side = 7000
	var b bytes.Buffer
	b.WriteString("\xff\xd8\xff\xe0\x00\x04JF" + between)
	b.Write([]byte{0xff, 0xc2, 0, 17, 8, side >> 8, side & 0xff, side >> 8, side & 0xff, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0})
	b.WriteString("\xff\xdb\x00\x43\x00")
	b.Write(bytes.Repeat([]byte{1}, 64))
	b.Write([]byte{0xff, 0xc4, 0, 20, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}) // one code of one bit
	b.Write([]byte{0xff, 0xda, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 0, 0})
	b.Write(make([]byte, side/8*side/8*3/8+side))
	b.WriteString("\xff\xd9")
	return b.Bytes()
}
