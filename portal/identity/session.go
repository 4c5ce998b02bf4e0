package identity

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"quittance/portal/debt"
	"quittance/portal/represent"
)

// Why a visitor is not signed in.
var (
	ErrNoSession = errors.New("no session")
	ErrIdle      = errors.New("session ended: no sign of life for too long")
	ErrExpired   = errors.New("session ended: it lasted as long as a session may")
)

// Limits of sessions (SEC-12). A page warns well before Idle is over and lets
// the visitor go on (A11-05).
const (
	Idle    = 15 * time.Minute
	Longest = 8 * time.Hour
	// touchEvery keeps reading pages from writing to the session each time.
	touchEvery = 30 * time.Second
)

// Sessions signs visitors of one audience in and out.
type Sessions struct {
	store    SessionStore
	roles    represent.Fits
	audience Audience
	tokens   signer
	now      func() time.Time
}

// NewSessions returns the sessions of an audience. Roles knows whether a
// representative's role fits the account still (DSC-05); for collectors, who
// represent nobody, it is not asked.
func NewSessions(store SessionStore, a Audience, roles represent.Fits, k Keys, now func() time.Time) *Sessions {
	key := k.consumer
	if a == Collector {
		key = k.staff
	}
	return &Sessions{store: store, audience: a, roles: roles, now: now,
		tokens: signer{key: key, audience: string(a), kind: "session", now: now}}
}

// start stores a new session and returns it with its cookie's value. One that
// has to end before its longest says so itself.
func (s *Sessions) start(ctx context.Context, begun Session) (Session, string, error) {
	now := s.instant()
	begun.ID, begun.Audience = SessionID("ses_"+rand.Text()), s.audience
	begun.CreatedAt, begun.SeenAt = now, now
	if longest := now.Add(Longest); begun.ExpiresAt.IsZero() || longest.Before(begun.ExpiresAt) {
		begun.ExpiresAt = longest
	}
	if err := s.store.AddSession(ctx, begun); err != nil {
		return Session{}, "", fmt.Errorf("add session: %w", err)
	}
	cookie, err := s.tokens.sign(claims{Session: string(begun.ID)}, begun.ExpiresAt)
	return begun, cookie, err
}

// Check returns the session of a cookie and counts as a sign of life. It
// returns ErrNoSession, ErrIdle or ErrExpired when there is none to go on with.
func (s *Sessions) Check(ctx context.Context, cookie string) (Session, error) {
	held, err := s.Look(ctx, cookie)
	if err != nil {
		return Session{}, err
	}
	if now := s.instant(); now.Sub(held.SeenAt) >= touchEvery {
		held.SeenAt = now
		if err := s.store.TouchSession(ctx, held.ID, now); err != nil {
			return Session{}, fmt.Errorf("touch session: %w", err)
		}
	}
	return held, nil
}

// Look is Check for what nobody did: a page that looks again by itself is no
// sign of life, or an account left open would never close (G03).
func (s *Sessions) Look(ctx context.Context, cookie string) (Session, error) {
	c, err := s.tokens.read(cookie)
	if errors.Is(err, jwt.ErrTokenExpired) {
		return Session{}, ErrExpired
	}
	if err != nil {
		return Session{}, errors.Join(ErrNoSession, err)
	}
	held, err := s.store.Session(ctx, SessionID(c.Session))
	if errors.Is(err, ErrNotFound) {
		return Session{}, ErrNoSession
	}
	if err != nil {
		return Session{}, fmt.Errorf("session: %w", err)
	}
	if err := held.over(s.audience, s.instant()); err != nil {
		return Session{}, err
	}
	if fits, err := s.fits(ctx, debt.AccountID(held.Subject), held.Speaker); err != nil || !fits {
		return Session{}, cmp.Or(err, s.leave(ctx, held.ID))
	}
	return held, nil
}

// fits reports whether who speaks for a consumer does so still, as the account
// counts now: an executor only for the dead, a parent only for a minor (DSC-05).
func (s *Sessions) fits(ctx context.Context, id debt.AccountID, who represent.Speaker) (bool, error) {
	if who.ID == "" {
		return true, nil
	}
	fits, err := s.roles.RoleFits(ctx, id, who.Role)
	if err != nil {
		return false, fmt.Errorf("role: %w", err)
	}
	return fits, nil
}

// leave ends the session of a role that fits no more.
func (s *Sessions) leave(ctx context.Context, id SessionID) error {
	if err := s.End(ctx, id, "role fits no more"); err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	return ErrNoSession
}

func (s Session) over(a Audience, now time.Time) error {
	switch {
	case s.Audience != a || !s.EndedAt.IsZero():
		return ErrNoSession
	case !now.Before(s.ExpiresAt):
		return ErrExpired
	case !now.Before(s.IdleAt()):
		return ErrIdle
	}
	return nil
}

// IdleAt is when the session ends unless there is a sign of life.
func (s Session) IdleAt() time.Time { return s.SeenAt.Add(Idle) }

func (s *Sessions) instant() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

// End signs one session out, at once and everywhere.
func (s *Sessions) End(ctx context.Context, id SessionID, why string) error {
	return s.store.EndSession(ctx, id, s.instant(), why)
}

// EndAll ends every session of an account or a collector.
func (s *Sessions) EndAll(ctx context.Context, subject, why string) error {
	return s.store.EndSessionsOf(ctx, s.audience, subject, s.instant(), why)
}
