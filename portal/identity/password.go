package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"

	"quittance/portal/identity/internal/cost"
)

// ErrWeakPassword is returned for a password shorter than MinPassword
// characters or longer than anybody types.
var ErrWeakPassword = errors.New("password is too short or too long")

// Limits of passwords, in characters and bytes.
const (
	MinPassword = 12
	maxPassword = 512
)

const (
	argonLanes = 1
	saltBytes  = 16
	sumBytes   = 32
)

// argonPrefix is how the text of a hash begins, which says what it costs.
func argonPrefix() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$", argon2.Version, cost.MemoryKiB, cost.Passes, argonLanes)
}

// hasher makes and checks password hashes, two at a time: each takes 19 MiB and
// a core.
type hasher struct{ slots chan struct{} }

func newHasher() hasher { return hasher{slots: make(chan struct{}, 2)} }

func (h hasher) sum(ctx context.Context, password string, salt []byte) ([]byte, error) {
	select {
	case h.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-h.slots }()
	return argon2.IDKey([]byte(password), salt, cost.Passes, cost.MemoryKiB, argonLanes, sumBytes), nil
}

// hash writes a password in argon2id's own text form. About is the person's
// address. It returns ErrWeakPassword or ErrCommonPassword.
func (h hasher) hash(ctx context.Context, password, about string) (string, error) {
	if len([]rune(password)) < MinPassword || len(password) > maxPassword {
		return "", ErrWeakPassword
	}
	if common(password, about) {
		return "", ErrCommonPassword
	}
	salt := make([]byte, saltBytes)
	rand.Read(salt) // never fails: crypto/rand ends the process instead
	sum, err := h.sum(ctx, password, salt)
	if err != nil {
		return "", err
	}
	return argonPrefix() + encode(salt) + "$" + encode(sum), nil
}

// unset stands where somebody has no password yet: no password matches it. What
// follows it is drawn anew each time, so that a link to choose one fits once.
const unset = "unset:"

func encode(b []byte) string { return base64.RawStdEncoding.EncodeToString(b) }

// nobody is compared with when there is no such person, so that it takes as
// long. No password is behind it.
const nobody = unset + "nobody"

// matches reports whether password is the one behind the hash.
func (h hasher) matches(ctx context.Context, password, hash string) (bool, error) {
	set := !strings.HasPrefix(hash, unset)
	if !set {
		hash = argonPrefix() + encode(make([]byte, saltBytes)) + "$" + encode(make([]byte, sumBytes))
	}
	salt, want, err := parseHash(hash)
	if err != nil || len(password) > maxPassword {
		return false, err
	}
	sum, err := h.sum(ctx, password, salt)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(sum, want) == 1 && set, nil
}

func parseHash(hash string) (salt, sum []byte, err error) {
	rest, ok := strings.CutPrefix(hash, argonPrefix())
	before, after, split := strings.Cut(rest, "$")
	if !ok || !split {
		return nil, nil, errors.New("not a password hash of ours")
	}
	if salt, err = base64.RawStdEncoding.DecodeString(before); err != nil {
		return nil, nil, fmt.Errorf("password hash: %w", err)
	}
	if sum, err = base64.RawStdEncoding.DecodeString(after); err != nil || len(sum) != sumBytes {
		return nil, nil, errors.New("password hash: not 32 bytes")
	}
	return salt, sum, nil
}
