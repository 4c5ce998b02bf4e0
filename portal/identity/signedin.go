package identity

import (
	"context"
	"fmt"
)

// Arrive is a browser taking over a session that has just begun: what the
// browser is, in words of ours, is kept with it, and the session that the same
// browser had ends. before is the cookie of that one; empty is none. A session
// that nobody will see again must not go on (F15).
func (s *Sessions) Arrive(ctx context.Context, begun Session, device, before string) error {
	if err := s.store.NameDevice(ctx, begun.ID, device); err != nil {
		return fmt.Errorf("name the device: %w", err)
	}
	c, err := s.tokens.read(before)
	if err != nil || c.Session == string(begun.ID) {
		return nil //nolint:nilerr // a cookie that is not ours, or too old, holds no session
	}
	if err := s.End(ctx, SessionID(c.Session), "signed in again"); err != nil {
		return fmt.Errorf("end the session before: %w", err)
	}
	return nil
}

// Live lists where the person of a session is signed in, this session
// included, newest first. Who speaks for a consumer is a person of their own.
func (s *Sessions) Live(ctx context.Context, of Session) ([]Session, error) {
	all, err := s.store.SessionsOf(ctx, s.audience, of.Subject, s.instant().Add(-Idle))
	if err != nil {
		return nil, fmt.Errorf("sessions: %w", err)
	}
	live := all[:0]
	for _, one := range all {
		if one.Speaker.ID == of.Speaker.ID && one.over(s.audience, s.instant()) == nil {
			live = append(live, one)
		}
	}
	return live, nil
}

// EndEverywhere signs the person of a session out wherever they are signed in,
// here too.
func (s *Sessions) EndEverywhere(ctx context.Context, of Session) error {
	for {
		live, err := s.Live(ctx, of)
		if err != nil || len(live) == 0 {
			return err
		}
		for _, one := range live {
			if err := s.End(ctx, one.ID, "signed out everywhere"); err != nil {
				return fmt.Errorf("end session: %w", err)
			}
		}
	}
}

// EndOpenedBy ends what a link opened.
func (s *Sessions) EndOpenedBy(ctx context.Context, id LinkID, why string) error {
	return s.store.EndSessionsOfLink(ctx, id, s.instant(), why)
}
