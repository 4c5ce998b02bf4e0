// Package seal keeps short secrets unreadable while they are stored:
// AES-256-GCM with the number of its key in front, and bound to the row it
// belongs to, so that a sealed value copied to another row does not open.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
)

// KeySize is the length of a key in bytes.
const KeySize = 32

// ErrNotSealed is returned by Open for anything this key did not seal for this
// row.
var ErrNotSealed = errors.New("not sealed by a known key for this row")

// Box seals with its newest key and opens with any it was given. It is safe
// for use by many goroutines.
type Box struct {
	keys   map[byte]cipher.AEAD
	newest byte
}

// New makes a box of numbered keys; the highest number seals.
func New(keys map[byte][]byte) (*Box, error) {
	b := &Box{keys: map[byte]cipher.AEAD{}}
	if len(keys) == 0 {
		return nil, errors.New("sealing needs a key")
	}
	for id, key := range keys {
		if len(key) != KeySize {
			return nil, fmt.Errorf("sealing key %d has %d bytes; it must have %d", id, len(key), KeySize)
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, err
		}
		if b.keys[id], err = cipher.NewGCM(block); err != nil {
			return nil, err
		}
		b.newest = max(b.newest, id)
	}
	return b, nil
}

// Seal hides plain; row says what it belongs to and must be given again to
// Open. The error is always nil: it stands there for boxes kept in a key
// service.
func (b *Box) Seal(plain []byte, row string) ([]byte, error) {
	aead := b.keys[b.newest]
	out := make([]byte, 1+aead.NonceSize(), 1+aead.NonceSize()+len(plain)+aead.Overhead())
	out[0] = b.newest
	rand.Read(out[1:])                                               // never fails: crypto/rand ends the process instead
	return aead.Seal(out, out[1:], plain, bound(b.newest, row)), nil //nolint:gosec // the nonce was filled with random bytes above
}

// Open returns what Seal was given; ErrNotSealed.
func (b *Box) Open(sealed []byte, row string) ([]byte, error) {
	if len(sealed) == 0 {
		return nil, ErrNotSealed
	}
	aead, known := b.keys[sealed[0]]
	if !known || len(sealed) < 1+aead.NonceSize() {
		return nil, ErrNotSealed
	}
	nonce, rest := sealed[1:1+aead.NonceSize()], sealed[1+aead.NonceSize():]
	plain, err := aead.Open(nil, nonce, rest, bound(sealed[0], row))
	if err != nil {
		return nil, ErrNotSealed
	}
	return plain, nil
}

func bound(id byte, row string) []byte { return append([]byte{id}, row...) }
