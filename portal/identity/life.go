package identity

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
)

// How long a link to choose a password works.
const (
	InvitedFor = 72 * time.Hour // a person who was taken on
	ResetFor   = time.Hour      // a person who cannot sign in any more
)

// ErrInvitation is returned for a link that was used, whose time is over, or that is
// none of ours.
var ErrInvitation = errors.New("the link to choose a password does not work any more")

// ErrDisabled is returned for somebody who may not sign in at all.
var ErrDisabled = errors.New("this person is disabled: enable them first")

// Invite takes a person on who chooses a password with the token: whoever takes
// them on never knows it (ASVS 6.4.1). It returns ErrStaff or ErrTaken.
func (d *Desk) Invite(ctx context.Context, email, name string, roles ...Role) (Staff, string, error) {
	s, err := d.person(email, name, roles)
	if err != nil {
		return Staff{}, "", err
	}
	if err := d.store.AddStaff(ctx, s); err != nil {
		return Staff{}, "", err
	}
	token, err := d.invitation(s, InvitedFor)
	return s, token, err
}

// Bootstrap invites the first person, an administrator; ErrTaken when there is
// anybody already.
func (d *Desk) Bootstrap(ctx context.Context, email, name string) (Staff, string, error) {
	all, err := d.store.AllStaff(ctx)
	if err != nil {
		return Staff{}, "", fmt.Errorf("staff: %w", err)
	}
	if len(all) > 0 {
		return Staff{}, "", ErrTaken
	}
	return d.Invite(ctx, email, name, RoleAdmin)
}

// Reset takes somebody's password and sessions away, and returns the token to
// choose another with; an earlier token does not work any more. It returns
// ErrNotFound or ErrDisabled.
func (d *Desk) Reset(ctx context.Context, email string) (Staff, string, error) {
	s, err := d.change(ctx, email, "password reset", func(ctx context.Context, s *Staff) error {
		if !s.DisabledAt.IsZero() {
			return ErrDisabled
		}
		old := s.Password
		s.Password = unset + rand.Text()
		if err := d.attempts.ClearAttempts(ctx, d.instant(), d.factorBuckets(s.Email)...); err != nil {
			return err
		}
		return d.store.SetPassword(ctx, s.ID, old, s.Password)
	})
	if err != nil {
		return Staff{}, "", err
	}
	token, err := d.invitation(s, ResetFor)
	return s, token, err
}

// Disable ends somebody's work at the console, and their sessions with it;
// ErrNotFound. Said twice it changes nothing.
func (d *Desk) Disable(ctx context.Context, email string) (Staff, error) {
	return d.change(ctx, email, "disabled", func(ctx context.Context, s *Staff) error {
		if s.DisabledAt.IsZero() {
			s.DisabledAt = d.instant()
		}
		return d.store.SaveStaff(ctx, *s)
	})
}

// Enable lets somebody sign in again, with the password they had; ErrNotFound.
func (d *Desk) Enable(ctx context.Context, email string) (Staff, error) {
	return d.change(ctx, email, "enabled", func(ctx context.Context, s *Staff) error {
		s.DisabledAt = time.Time{}
		return d.store.SaveStaff(ctx, *s)
	})
}

// SetRoles says anew what somebody may do, from their next sign-in on; ErrStaff,
// ErrNotFound.
func (d *Desk) SetRoles(ctx context.Context, email string, roles ...Role) (Staff, error) {
	words, err := roleWords(roles)
	if err != nil {
		return Staff{}, err
	}
	return d.change(ctx, email, "roles changed", func(ctx context.Context, s *Staff) error {
		s.Roles = words
		return d.store.SaveStaff(ctx, *s)
	})
}

// EndSessions signs somebody out everywhere; ErrNotFound.
func (d *Desk) EndSessions(ctx context.Context, email string) (Staff, error) {
	return d.change(ctx, email, "ended by the operator", func(context.Context, *Staff) error { return nil })
}

// change changes a person and ends their sessions, in one transaction.
func (d *Desk) change(ctx context.Context, email, why string, do func(context.Context, *Staff) error) (s Staff, err error) {
	err = d.tx.InTx(ctx, func(ctx context.Context) error {
		if s, err = d.store.StaffByEmail(ctx, normalEmail(email)); err != nil {
			return err
		}
		if err := do(ctx, &s); err != nil {
			return fmt.Errorf("%s: %w", why, err)
		}
		return d.sessions.EndAll(ctx, string(s.ID), why)
	})
	return s, err
}

func (d *Desk) invitations() signer {
	return signer{key: d.keys.invite, audience: string(Collector), kind: "invitation", now: d.now}
}

// invitation lets a person choose a password in place of the one they have now: once
// they chose, it fits no more.
func (d *Desk) invitation(s Staff, valid time.Duration) (string, error) {
	return d.invitations().sign(claims{Subject: string(s.ID), ID: d.fits(s)}, d.now().Add(valid))
}

func (d *Desk) fits(s Staff) string {
	return hex.EncodeToString(keyed(d.keys.invite, string(s.ID), s.Password)[:16])
}

// Invited returns who may choose a password with a token; ErrInvitation.
func (d *Desk) Invited(ctx context.Context, token string) (Staff, error) {
	c, err := d.invitations().read(token)
	if err != nil {
		return Staff{}, ErrInvitation
	}
	s, err := d.store.Staff(ctx, StaffID(c.Subject))
	if errors.Is(err, ErrNotFound) || err == nil && (!s.DisabledAt.IsZero() || !hmac.Equal([]byte(c.ID), []byte(d.fits(s)))) {
		return Staff{}, ErrInvitation
	}
	return s, err
}

// Accept sets the password that somebody chose, once; ErrInvitation,
// ErrWeakPassword, ErrCommonPassword.
func (d *Desk) Accept(ctx context.Context, token, password string) (Staff, error) {
	s, err := d.Invited(ctx, token)
	if err != nil {
		return Staff{}, err
	}
	return s, d.set(ctx, s, password, "password chosen")
}

// ChangePassword sets another password for whoever knows the one they have, and ends
// all of their sessions, this one too. A wrong one counts as a failed sign-in. It
// returns ErrSignIn, ErrCrowded, ErrWeakPassword, ErrCommonPassword, or ErrInvitation
// where it was changed at the same moment.
func (d *Desk) ChangePassword(ctx context.Context, email, current, password string, from Visitor) error {
	s, err := d.knows(ctx, email, current, from)
	if err != nil {
		return err
	}
	return d.set(ctx, s, password, "password changed")
}

// set puts another password in the place of the one that was read: of two at once
// one finds it changed; ErrInvitation. It hashes before its transaction, for a hash
// waits for its turn.
func (d *Desk) set(ctx context.Context, s Staff, password, why string) error {
	hash, err := d.hasher.hash(ctx, password, s.Email)
	if err != nil {
		return err
	}
	return d.tx.InTx(ctx, func(ctx context.Context) error {
		if err := d.store.SetPassword(ctx, s.ID, s.Password, hash); err != nil {
			if errors.Is(err, ErrNotFound) {
				return ErrInvitation
			}
			return fmt.Errorf("set password: %w", err)
		}
		// Whoever guessed at codes knew the password of before.
		if err := d.attempts.ClearAttempts(ctx, d.instant(), d.factorBuckets(s.Email)...); err != nil {
			return fmt.Errorf("clear attempts: %w", err)
		}
		return d.sessions.EndAll(ctx, string(s.ID), why)
	})
}
