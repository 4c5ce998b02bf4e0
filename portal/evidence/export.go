package evidence

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// File is one file of an export.
type File struct {
	Name    string
	Content []byte
}

// manifest lists what an export holds, each with its SHA-256.
type manifest struct {
	Format     string            `json:"format"`
	AccountRef string            `json:"account_ref"`
	MadeAt     time.Time         `json:"made_at"`
	Files      map[string]string `json:"files"` // name to SHA-256 in hex
}

const (
	manifestName = "manifest.json"
	format       = "quittance export 1"
)

// ErrExport says that an export is not as it was made.
var ErrExport = errors.New("the export is not as it was made")

// Export writes one file with everything of one account and a manifest.
func Export(w io.Writer, accountRef string, now time.Time, files []File) error {
	m := manifest{Format: format, AccountRef: accountRef, MadeAt: now.UTC(), Files: map[string]string{}}
	z := zip.NewWriter(w)
	for _, f := range files {
		sum := sha256.Sum256(f.Content)
		if m.Files[f.Name] == "" {
			if err := add(z, f.Name, now, f.Content); err != nil {
				return err
			}
		}
		m.Files[f.Name] = hex.EncodeToString(sum[:])
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err == nil {
		err = add(z, manifestName, now, text)
	}
	return errors.Join(err, z.Close())
}

func add(z *zip.Writer, name string, now time.Time, content []byte) error {
	w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: now.UTC()})
	if err == nil {
		_, err = w.Write(content)
	}
	return err
}

// mostFile bounds one file of an export that is read back.
const mostFile = 256 << 20

// VerifyExport checks every file against the manifest; ErrExport names the first
// that is another, is missing, or does not belong. It returns how many there are.
func VerifyExport(content []byte) (int, error) {
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return 0, fmt.Errorf("%w: it is no archive", ErrExport)
	}
	found := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return 0, fmt.Errorf("%w: %s cannot be opened", ErrExport, f.Name)
		}
		read, err := io.ReadAll(io.LimitReader(r, mostFile))
		_ = r.Close()
		if _, twice := found[f.Name]; err != nil || twice {
			return 0, fmt.Errorf("%w: %s cannot be read, or is there twice", ErrExport, f.Name)
		}
		found[f.Name] = read
	}
	var m manifest
	if err := json.Unmarshal(found[manifestName], &m); err != nil || m.Format != format {
		return 0, fmt.Errorf("%w: its manifest cannot be read", ErrExport)
	}
	for name, want := range m.Files {
		sum := sha256.Sum256(found[name])
		if _, there := found[name]; !there || hex.EncodeToString(sum[:]) != want {
			return 0, fmt.Errorf("%w: %s is missing or another one", ErrExport, name)
		}
	}
	if len(found) != len(m.Files)+1 {
		return 0, fmt.Errorf("%w: it holds files that are not in its manifest", ErrExport)
	}
	return len(m.Files), nil
}
