package identity

import (
	"crypto/rand"
	"fmt"

	"quittance/portal/debt"
	"quittance/portal/seal"
)

// Codes makes reference codes and the two forms in which they are stored: a
// keyed hash to find them by, and a sealed copy for letters and collectors. It
// is safe for use by many goroutines and makes some 400,000 a second on a core.
type Codes struct {
	key []byte
	box *seal.Box
}

// SealedCode is an account's reference code as it is stored; see Codes.Print.
type SealedCode struct {
	AccountID    debt.AccountID
	AccountRef   string // the collector's own number
	Hash, Sealed []byte
}

// NewCodes returns the maker of codes.
func NewCodes(k Keys) (*Codes, error) {
	box, err := seal.New(map[byte][]byte{1: k.codeSeal})
	if err != nil {
		return nil, fmt.Errorf("reference codes: %w", err)
	}
	return &Codes{key: k.code, box: box}, nil
}

// New makes a code: as printed, its blind index and its sealed copy. Two of a
// million accounts meet about once in a hundred such placements, so whoever
// stores it must take another when the index exists.
func (c *Codes) New() (code string, hash, sealed []byte) {
	var raw [codeLength - 1]byte
	rand.Read(raw[:]) // never fails: crypto/rand ends the process instead
	for i, b := range raw {
		raw[i] = alphabet[b%32]
	}
	made := withCheck(string(raw[:]))
	hash = c.Hash(made)
	sealed, err := c.box.Seal([]byte(made.chars), string(hash))
	if err != nil {
		panic("identity: sealing with a key in memory cannot fail: " + err.Error())
	}
	return made.Format(), hash, sealed
}

// Hash is the blind index of a code.
func (c *Codes) Hash(code Code) []byte { return keyed(c.key, code.chars) }

// Open reads a sealed code back; hash is the blind index beside it.
func (c *Codes) Open(sealed, hash []byte) (Code, error) {
	plain, err := c.box.Open(sealed, string(hash))
	if err != nil {
		return Code{}, fmt.Errorf("open reference code: %w", err)
	}
	return ParseCode(string(plain))
}

// Print reads a sealed code back as it is printed; hash is the blind index
// beside it.
func (c *Codes) Print(sealed, hash []byte) (string, error) {
	code, err := c.Open(sealed, hash)
	if err != nil {
		return "", err
	}
	return code.Format(), nil
}
