package evidence

import (
	"bytes"
	"errors"
	"testing"
	"time"
)

func TestREC02_AnExportIsCheckedFileByFile(t *testing.T) {
	t.Parallel()
	made := func(files ...File) []byte {
		var b bytes.Buffer
		if err := Export(&b, "A-1", time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), files); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	whole := made(File{"account.json", []byte(`{"ref":"A-1"}`)}, File{"pages/1.html", []byte("<p>one</p>")}, File{"pages/1.html", []byte("<p>one</p>")})
	if n, err := VerifyExport(whole); n != 2 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	found := 0
	for i := range whole {
		spoilt := bytes.Clone(whole)
		spoilt[i] ^= 0x10
		if n, err := VerifyExport(spoilt); err != nil && !errors.Is(err, ErrExport) {
			t.Errorf("byte %d: %v", i, err)
		} else if err != nil {
			found++
		} else if n != 2 {
			t.Errorf("byte %d: %d files", i, n)
		}
	}
	if found < len(whole)/2 { // a byte of a date or of the archive's own notes changes no file
		t.Errorf("only %d of %d changed bytes were found", found, len(whole))
	}
	if _, err := VerifyExport([]byte("no archive")); !errors.Is(err, ErrExport) {
		t.Errorf("got %v", err)
	}
}
