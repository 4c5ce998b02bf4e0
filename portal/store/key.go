package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// ErrNoKey is returned for an idempotency key that is not held.
var ErrNoKey = errors.New("no such idempotency key")

// Key is one Idempotency-Key as one API token used it on one route, and what
// was answered. Status is 0 while the request is in flight.
type Key struct {
	Token       string
	Route       string
	Key         string
	BodyHash    []byte
	At          time.Time
	LeasedUntil time.Time
	Status      int
	ContentType string
	Location    string
	Answer      []byte
}

// BeginKey inserts k as in flight unless the same key is held; then that one is
// returned with false. Rows begun at or before expired, and rows in flight
// whose lease has passed, are forgotten and taken over.
func (s *Store) BeginKey(ctx context.Context, k Key, expired time.Time) (held Key, begun bool, err error) {
	err = s.InTx(ctx, func(ctx context.Context) error {
		_, err := s.exec(ctx, `DELETE FROM idempotency_keys WHERE token = ? AND route = ? AND key = ?
			AND (at <= ? OR (status = 0 AND leased_until <= ?))`, k.Token, k.Route, k.Key, at(expired), at(k.At))
		if err != nil {
			return err
		}
		rows, err := s.exec(ctx, `INSERT INTO idempotency_keys
			(token, route, key, body_hash, at, leased_until, status, content_type, location, answer)
			VALUES (?,?,?,?,?,?,0,'','',?) ON CONFLICT (token, route, key) DO NOTHING`,
			k.Token, k.Route, k.Key, k.BodyHash, at(k.At), at(k.LeasedUntil), []byte{})
		if err != nil {
			return err
		}
		held, begun = k, rows == 1
		if !begun {
			held, err = s.key(ctx, k)
		}
		return err
	})
	return held, begun, err
}

func (s *Store) key(ctx context.Context, k Key) (Key, error) {
	held := Key{Token: k.Token, Route: k.Route, Key: k.Key}
	var begun, leased stamp
	err := s.queryRow(ctx, []any{&held.BodyHash, &begun, &leased, &held.Status, &held.ContentType, &held.Location, &held.Answer},
		`SELECT body_hash, at, leased_until, status, content_type, location, answer FROM idempotency_keys
		WHERE token = ? AND route = ? AND key = ?`, k.Token, k.Route, k.Key)
	held.At, held.LeasedUntil = begun.Time, leased.Time
	if errors.Is(err, sql.ErrNoRows) {
		return Key{}, ErrNoKey
	}
	return held, err
}

// FinishKey stores the answer of a key in flight.
func (s *Store) FinishKey(ctx context.Context, k Key) error {
	if k.Answer == nil {
		k.Answer = []byte{}
	}
	return someKey(s.exec(ctx, `UPDATE idempotency_keys SET status = ?, content_type = ?, location = ?, answer = ?
		WHERE token = ? AND route = ? AND key = ? AND status = 0`,
		k.Status, k.ContentType, k.Location, k.Answer, k.Token, k.Route, k.Key))
}

// DropKey forgets a key in flight whose request did nothing.
func (s *Store) DropKey(ctx context.Context, k Key) error {
	return someKey(s.exec(ctx, `DELETE FROM idempotency_keys WHERE token = ? AND route = ? AND key = ? AND status = 0`,
		k.Token, k.Route, k.Key))
}

func someKey(rows int64, err error) error {
	if err == nil && rows == 0 {
		return ErrNoKey
	}
	return err
}
