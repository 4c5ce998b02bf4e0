package api

import (
	"context"
	"errors"
	"time"
)

// ErrNoKey is what a Keys store returns for a key it does not hold.
var ErrNoKey = errors.New("no such idempotency key")

// Keys remembers what was answered to a request with an Idempotency-Key, so
// that the same request again gets the same answer and does nothing.
type Keys interface {
	// BeginKey inserts k as in flight (Status 0) unless a row with the same
	// Token, Route and Key exists; then that row is returned with false. Rows
	// that were begun before k.At less KeyLife are forgotten and taken over, and
	// so are rows in flight whose LeasedUntil has passed.
	BeginKey(ctx context.Context, k Key) (Key, bool, error)
	// FinishKey stores Status, ContentType, Location and Answer of a key in flight.
	FinishKey(ctx context.Context, k Key) error
	// DropKey forgets a key in flight whose request did nothing.
	DropKey(ctx context.Context, k Key) error
}

// KeyLife is how long an answer is kept under its key.
const KeyLife = 72 * time.Hour

// Key is one Idempotency-Key as one token used it on one route.
type Key struct {
	Token       string // the token's id, never the token
	Route       string // "POST /api/v1/links"
	Key         string
	BodyHash    []byte // SHA-256 of the request's body and address
	At          time.Time
	LeasedUntil time.Time // until then a row in flight is believed to be at work
	Status      int       // 0 while in flight
	ContentType string
	Location    string
	Answer      []byte // at most 64 KB
}
