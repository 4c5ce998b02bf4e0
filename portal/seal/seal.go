// Package seal keeps short secrets unreadable while they are stored:
// AES-256-GCM with the number of its key in front, and bound to the row it
// belongs to, so that a sealed value copied to another row does not open.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync/atomic"
)

// KeySize is the length of a key in bytes.
const KeySize = 32

// ErrNotSealed is returned by Open for anything this key did not seal for this
// row.
var ErrNotSealed = errors.New("not sealed by a known key for this row")

// Box seals with its newest key and opens with any it was given. It is safe
// for use by many goroutines.
type Box struct {
	keys   []numbered // the newest first
	newest numbered
	opened *atomic.Int64 // shared with every box of Under
}

type numbered struct {
	id   byte
	aead cipher.AEAD
}

// New makes a box of numbered keys; the highest number seals.
func New(keys map[byte][]byte) (*Box, error) {
	b := &Box{opened: &atomic.Int64{}}
	if len(keys) == 0 {
		return nil, errors.New("sealing needs a key")
	}
	for _, id := range slices.Backward(slices.Sorted(maps.Keys(keys))) {
		if err := b.add(id, keys[id]); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// Ring makes a box of keys without numbers: the first seals, the others still
// open what they sealed. A key is told by a byte of its fingerprint, so two may
// share one; then both are tried.
func Ring(current []byte, previous ...[]byte) (*Box, error) {
	b := &Box{opened: &atomic.Int64{}}
	for _, key := range append([][]byte{current}, previous...) {
		mark := sha256.Sum256(append([]byte("quittance sealing key "), key...))
		if err := b.add(mark[0], key); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// Under makes the box of one key that b keeps sealed; what it opens counts as
// opened by b.
func (b *Box) Under(key []byte) (*Box, error) {
	under := &Box{opened: b.opened}
	return under, under.add(1, key)
}

// Opened is how many values were opened, or tried, by b and the boxes under it:
// work that must be the same whoever asks (S2).
func (b *Box) Opened() int64 { return b.opened.Load() }

func (b *Box) add(id byte, key []byte) error {
	if len(key) != KeySize {
		return fmt.Errorf("sealing key %d has %d bytes; it must have %d", id, len(key), KeySize)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return err
	}
	b.keys = append(b.keys, numbered{id, aead})
	b.newest = b.keys[0]
	return nil
}

// Current reports whether a sealed value was sealed by the newest key.
func (b *Box) Current(sealed []byte) bool { return len(sealed) > 0 && sealed[0] == b.newest.id }

// Seal hides plain; row says what it belongs to and must be given again to
// Open. The error is always nil: it stands there for boxes kept in a key
// service.
func (b *Box) Seal(plain []byte, row string) ([]byte, error) {
	aead := b.newest.aead
	out := make([]byte, 1+aead.NonceSize(), 1+aead.NonceSize()+len(plain)+aead.Overhead())
	out[0] = b.newest.id
	rand.Read(out[1:])                                                  // never fails: crypto/rand ends the process instead
	return aead.Seal(out, out[1:], plain, bound(b.newest.id, row)), nil //nolint:gosec // the nonce was filled with random bytes above
}

// Open returns what Seal was given; ErrNotSealed.
func (b *Box) Open(sealed []byte, row string) ([]byte, error) {
	b.opened.Add(1)
	if len(sealed) == 0 {
		return nil, ErrNotSealed
	}
	for _, key := range b.keys {
		if key.id != sealed[0] || len(sealed) < 1+key.aead.NonceSize() {
			continue
		}
		nonce, rest := sealed[1:1+key.aead.NonceSize()], sealed[1+key.aead.NonceSize():]
		if plain, err := key.aead.Open(nil, nonce, rest, bound(sealed[0], row)); err == nil {
			return plain, nil
		}
	}
	return nil, ErrNotSealed
}

func bound(id byte, row string) []byte { return append([]byte{id}, row...) }
