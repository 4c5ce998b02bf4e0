package seal_test

import (
	"bytes"
	"errors"
	"testing"

	"quittance/portal/seal"
)

func key(b byte) []byte { return bytes.Repeat([]byte{b}, seal.KeySize) }

func sealed(t *testing.T, b *seal.Box, plain, row string) []byte {
	t.Helper()
	out, err := b.Seal([]byte(plain), row)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSEC08_ASealedValueOpensOnlyForItsOwnRow(t *testing.T) {
	t.Parallel()
	box, err := seal.New(map[byte][]byte{1: key(7)})
	if err != nil {
		t.Fatal(err)
	}
	sealed := sealed(t, box, "K7Q29MXD4F", "acc_1")
	if bytes.Contains(sealed, []byte("K7Q29")) {
		t.Error("the secret is readable")
	}
	if plain, err := box.Open(sealed, "acc_1"); err != nil || string(plain) != "K7Q29MXD4F" {
		t.Errorf("open = %q, %v", plain, err)
	}
	if _, err := box.Open(sealed, "acc_2"); !errors.Is(err, seal.ErrNotSealed) {
		t.Errorf("another row: %v", err)
	}
	for i := range sealed {
		spoilt := bytes.Clone(sealed)
		spoilt[i] ^= 1
		if _, err := box.Open(spoilt, "acc_1"); !errors.Is(err, seal.ErrNotSealed) {
			t.Errorf("byte %d changed: %v", i, err)
		}
	}
	for n := range sealed {
		if _, err := box.Open(sealed[:n], "acc_1"); !errors.Is(err, seal.ErrNotSealed) {
			t.Errorf("cut to %d bytes: %v", n, err)
		}
	}
}

func TestAnOldKeyStillOpensAfterANewOneCame(t *testing.T) {
	t.Parallel()
	before, _ := seal.New(map[byte][]byte{1: key(1)})
	after, _ := seal.New(map[byte][]byte{1: key(1), 2: key(2)})
	if plain, err := after.Open(sealed(t, before, "a", "r"), "r"); err != nil || string(plain) != "a" {
		t.Errorf("old: %q, %v", plain, err)
	}
	if _, err := before.Open(sealed(t, after, "a", "r"), "r"); !errors.Is(err, seal.ErrNotSealed) {
		t.Errorf("the newest key was not used: %v", err)
	}
}

func TestASealingKeyMustHaveItsFullLength(t *testing.T) {
	t.Parallel()
	for _, keys := range []map[byte][]byte{nil, {1: nil}, {1: key(1)[:31]}, {1: append(key(1), 0)}} {
		if _, err := seal.New(keys); err == nil {
			t.Errorf("%d keys were accepted", len(keys))
		}
	}
}
