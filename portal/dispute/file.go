package dispute

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"quittance/portal/claim"
	"quittance/portal/debt"
)

// Limits of evidence.
const (
	MostFiles     = 6
	MostFileBytes = 10 << 20
)

// FileID is the id of one file ("fil_…").
type FileID string

// Party is whose file it is.
type Party string

// The parties.
const (
	FromConsumer  Party = "consumer"
	FromCollector Party = "collector"
)

// Scan is what is known of a file's harmlessness.
type Scan string

// The states of a scan. While one is pending nobody but its owner may open the
// file; one that is refused is never opened by staff.
const (
	ScanPending  Scan = "pending"
	ScanClean    Scan = "clean"
	ScanInfected Scan = "infected"
	ScanFailed   Scan = "failed" // the scanner could not read it
	ScanOff      Scan = "off"    // there is no scanner
)

// Shown reports whether staff may open the file.
func (s Scan) Shown() bool { return s == ScanClean || s == ScanOff }

// File is one file of a dispute or of a claim, without its bytes.
type File struct {
	ID        FileID
	AccountID debt.AccountID
	DraftID   string   // of the form it came with; empty once it belongs to a dispute from the start
	DisputeID ID       // empty while the form is not sent
	ClaimID   claim.ID // of a claim and no dispute; else empty
	Name      string   // as the person called it; sealed with the bytes
	Type      string   // of its content, found by looking at it
	Size      int64
	SHA256    string
	From      Party
	Scan      Scan
	AddedAt   time.Time
	Sealed    []byte // the name, sealed
}

// Owner is what files belong to: exactly one of the three.
type Owner struct {
	Draft   string // a form that is not sent
	Dispute ID
	Claim   claim.ID
}

func (f File) owner() Owner {
	if f.DisputeID != "" {
		return Owner{Dispute: f.DisputeID}
	}
	return Owner{Draft: f.DraftID, Claim: f.ClaimID}
}

// ErrFile is any reason why a file is not taken.
var ErrFile = errors.New("the file is not taken")

// Why a file is not taken.
var (
	ErrFileType   = fmt.Errorf("%w: it is no JPEG, PNG or WebP picture and no PDF", ErrFile)
	ErrFileHEIC   = fmt.Errorf("%w: it is a HEIC picture, which few programs open", ErrFile)
	ErrFileSize   = fmt.Errorf("%w: it is too large", ErrFile)
	ErrFileEmpty  = fmt.Errorf("%w: it is empty", ErrFile)
	ErrFilePixels = fmt.Errorf("%w: the picture has too many pixels", ErrFile)
	ErrFileBroken = fmt.Errorf("%w: it cannot be opened", ErrFile)
	ErrFileActive = fmt.Errorf("%w: the PDF does something by itself or carries another file", ErrFile)
	ErrFileLocked = fmt.Errorf("%w: the PDF is locked", ErrFile)
)

// signatures are the first bytes of what is known. What a file is called, and
// what the browser says of it, is not asked.
var signatures = []struct {
	kind string
	is   func(head []byte) bool
}{
	{"image/jpeg", func(h []byte) bool { return bytes.HasPrefix(h, []byte("\xff\xd8\xff")) }},
	{"image/png", func(h []byte) bool {
		return len(h) > interlaceAt && bytes.HasPrefix(h, []byte("\x89PNG\r\n\x1a\n"))
	}},
	{"image/webp", func(h []byte) bool {
		return len(h) >= 16 && bytes.HasPrefix(h, []byte("RIFF")) && bytes.Equal(h[8:12], []byte("WEBP"))
	}},
	{"image/heic", heic},
	{"application/pdf", func(h []byte) bool { return begins(h) >= 0 }},
}

// heic looks for the brands in which phones keep photos.
func heic(h []byte) bool {
	if len(h) < 12 || !bytes.Equal(h[4:8], []byte("ftyp")) {
		return false
	}
	for _, brand := range []string{"heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"} {
		if string(h[8:12]) == brand {
			return true
		}
	}
	return false
}

// Clean is a file that may be kept: what it is, and its content as it was
// written anew.
type Clean struct {
	Type    string
	Content []byte
}

// Purify is the one door of all files. It finds out what a file is by its first
// bytes, draws a picture anew, and takes a PDF that does nothing by itself. The
// error wraps ErrFile.
func Purify(content []byte) (Clean, error) {
	switch {
	case len(content) == 0:
		return Clean{}, ErrFileEmpty
	case len(content) > MostFileBytes:
		return Clean{}, ErrFileSize
	}
	for _, s := range signatures {
		if !s.is(content) {
			continue
		}
		var err error
		clean := Clean{Type: s.kind}
		switch s.kind {
		case "image/heic":
			return clean, ErrFileHEIC
		case "application/pdf":
			clean.Content, err = quiet(content)
		default:
			clean.Type, clean.Content, err = redraw(s.kind, content)
		}
		return clean, err
	}
	return Clean{}, ErrFileType
}

// purify is Purify of one file at a time, so that as much memory as one takes is
// enough. It is called before the transaction, which would wait for it.
func (s *Service) purify(ctx context.Context, content []byte) (Clean, error) {
	s.purifying.Lock()
	defer s.purifying.Unlock()
	if err := ctx.Err(); err != nil {
		return Clean{}, err
	}
	return Purify(content)
}

// Extension is the ending of a download of this type. A file is never handed
// out under the name it came with.
func Extension(kind string) string {
	switch kind {
	case "image/jpeg":
		return ".jpg"
	case "image/png":
		return ".png"
	case "image/webp":
		return ".webp"
	case "image/heic":
		return ".heic"
	case "application/pdf":
		return ".pdf"
	}
	return ".bin"
}

// Scanner looks for viruses. An error means that it could not look; ErrUnscannable
// that it looked and cannot say.
type Scanner interface {
	Scan(ctx context.Context, content []byte) (infected bool, err error)
}

// ErrUnscannable is a scanner's word that a file cannot be looked into.
var ErrUnscannable = errors.New("the scanner cannot look into the file")
