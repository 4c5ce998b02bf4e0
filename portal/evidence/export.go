package evidence

import (
	"archive/zip"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"quittance/portal/chain"
)

// File is one file of an export.
type File struct {
	Name    string
	Content []byte
}

// Head is the end of a chain at the time of an export: against it can be seen
// later that nothing before it was changed.
type Head struct {
	Position int64  `json:"position"`
	Link     string `json:"link"` // in hexadecimal
}

// Manifest lists what an export holds, each file with its SHA-256, and where the
// chains stood.
type Manifest struct {
	Format     string              `json:"format"`
	AccountRef string              `json:"account_ref"`
	MadeAt     time.Time           `json:"made_at"`
	Chains     map[chain.Name]Head `json:"chains"`
	Files      map[string]string   `json:"files"` // name to SHA-256 in hexadecimal
}

// Heads writes the ends of chains for a manifest.
func Heads(ends map[chain.Name]chain.Head) map[chain.Name]Head {
	heads := map[chain.Name]Head{}
	for name, h := range ends {
		heads[name] = Head{Position: h.Position, Link: hex.EncodeToString(h.Link)}
	}
	return heads
}

// signature stands beside the manifest.
type signature struct {
	Key       string `json:"ed25519_key"` // both in hexadecimal
	Signature string `json:"signature"`
}

const (
	manifestName  = "manifest.json"
	signatureName = "manifest.sig.json"
	format        = "quittance export 2"
)

// ErrExport says that an export is not as it was made.
var ErrExport = errors.New("the export is not as it was made")

// Signer makes the key that signs exports of 32 secret bytes.
func Signer(seed []byte) ed25519.PrivateKey { return ed25519.NewKeyFromSeed(seed) }

// KeyOf names a signer: the hexadecimal of the public key.
func KeyOf(k ed25519.PrivateKey) string { return hex.EncodeToString(k.Public().(ed25519.PublicKey)) }

// Export writes one file with everything of one account, a manifest and its
// signature. Of m, AccountRef, MadeAt and Chains are given.
func Export(w io.Writer, m Manifest, key ed25519.PrivateKey, files []File) error {
	m.Format, m.MadeAt, m.Files = format, m.MadeAt.UTC(), map[string]string{}
	z := zip.NewWriter(w)
	for _, f := range files {
		if m.Files[f.Name] != "" {
			continue
		}
		if err := add(z, f.Name, m.MadeAt, f.Content); err != nil {
			return err
		}
		sum := sha256.Sum256(f.Content)
		m.Files[f.Name] = hex.EncodeToString(sum[:])
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	signed, err := json.MarshalIndent(signature{KeyOf(key), hex.EncodeToString(ed25519.Sign(key, text))}, "", "  ")
	if err != nil {
		return err
	}
	return errors.Join(add(z, manifestName, m.MadeAt, text), add(z, signatureName, m.MadeAt, signed), z.Close())
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

// VerifyExport checks the signature of the manifest and every file against it;
// ErrExport names the first that is another, is missing, or does not belong. It
// returns the manifest and the key that signed it, in hexadecimal.
func VerifyExport(content []byte) (Manifest, string, error) {
	var m Manifest
	found, err := unpack(content)
	if err != nil {
		return m, "", err
	}
	text := found[manifestName]
	key, err := signedBy(text, found[signatureName])
	if err != nil {
		return m, "", err
	}
	if err := json.Unmarshal(text, &m); err != nil || m.Format != format {
		return m, "", fmt.Errorf("%w: its manifest cannot be read", ErrExport)
	}
	delete(found, manifestName)
	delete(found, signatureName)
	for name, want := range m.Files {
		sum := sha256.Sum256(found[name])
		if _, there := found[name]; !there || hex.EncodeToString(sum[:]) != want {
			return m, "", fmt.Errorf("%w: %s is missing or another one", ErrExport, name)
		}
	}
	if len(found) != len(m.Files) {
		return m, "", fmt.Errorf("%w: it holds files that are not in its manifest", ErrExport)
	}
	return m, key, nil
}

func signedBy(text, signed []byte) (string, error) {
	var s signature
	err := json.Unmarshal(signed, &s)
	key, first := hex.DecodeString(s.Key)
	sum, second := hex.DecodeString(s.Signature)
	if errors.Join(err, first, second) != nil || len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, text, sum) {
		return "", fmt.Errorf("%w: the signature does not belong to its manifest", ErrExport)
	}
	return hex.EncodeToString(key), nil
}

func unpack(content []byte) (map[string][]byte, error) {
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, fmt.Errorf("%w: it is no archive", ErrExport)
	}
	found := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return nil, fmt.Errorf("%w: %s cannot be opened", ErrExport, f.Name)
		}
		read, err := io.ReadAll(io.LimitReader(r, mostFile))
		_ = r.Close()
		if _, twice := found[f.Name]; err != nil || twice {
			return nil, fmt.Errorf("%w: %s cannot be read, or is there twice", ErrExport, f.Name)
		}
		found[f.Name] = read
	}
	return found, nil
}
