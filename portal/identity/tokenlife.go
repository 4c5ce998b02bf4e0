package identity

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"
)

// Bounds of a token's life.
const (
	// LongestOverlap is how long a token may work on beside the one that takes its
	// place.
	LongestOverlap = 30 * day
	// usedEvery is how exactly the last use of a token is known.
	usedEvery = time.Minute
)

// ErrRotation is returned for a token that another took the place of, or that does
// not work any more, and for an overlap that is too long.
var ErrRotation = errors.New("only a token that works and was not rotated before can be, with an overlap of 30 days at most")

// Rotate makes another token that may do the same, for as long as the old one was to
// last from its beginning. The old one works on for the overlap, no longer than it
// would have, so that a system has time to change over. It returns ErrNotFound or
// ErrRotation.
func (t *Tokens) Rotate(ctx context.Context, id TokenID, overlap time.Duration, by string) (token string, next APIToken, err error) {
	if overlap < 0 || overlap > LongestOverlap {
		return "", APIToken{}, ErrRotation
	}
	old, err := t.store.APIToken(ctx, id)
	if err != nil {
		return "", APIToken{}, fmt.Errorf("api token: %w", err)
	}
	now := t.now().UTC().Truncate(time.Microsecond)
	next = APIToken{
		ID: TokenID("tok_" + rand.Text()), Name: old.Name, Scopes: old.Scopes, Creditors: old.Creditors, IssuedBy: by,
		CreatedAt: now, ExpiresAt: now.Add(min(LongestToken, old.ExpiresAt.Sub(old.CreatedAt))),
	}
	err = t.store.RotateAPIToken(ctx, id, next, now.Add(overlap))
	if errors.Is(err, ErrNotFound) {
		return "", APIToken{}, ErrRotation
	}
	if err != nil {
		return "", APIToken{}, fmt.Errorf("rotate api token: %w", err)
	}
	token, err = t.signed(next)
	return token, next, err
}

// used keeps when a token was used, a minute exactly: not each request writes.
func (t *Tokens) used(ctx context.Context, kept APIToken) error {
	now := t.now().UTC().Truncate(time.Microsecond)
	if now.Sub(kept.UsedAt) < usedEvery {
		return nil
	}
	if err := t.store.UseAPIToken(ctx, kept.ID, now); err != nil {
		return fmt.Errorf("keep the use of an api token: %w", err)
	}
	return nil
}
