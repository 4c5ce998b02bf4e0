package identity

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"
)

var (
	// ErrEnrollment says that an app must be set up anew: too much time went by, or
	// another app was set up meanwhile.
	ErrEnrollment = errors.New("the app must be set up anew")
	// ErrNewAppCode is returned for what is not the code of the app that is being set up.
	ErrNewAppCode = errors.New("not the code of the new app")
)

const enrollmentFor = 15 * time.Minute

// Enrollment is an authenticator app that is being set up. Nothing is kept until a
// code of it came.
type Enrollment struct {
	Secret string // base 32, for the app
	Token  string // for the form: what the code will be compared with
}

func (d *Desk) enrollments() signer {
	return signer{key: d.keys.second, audience: string(Collector), kind: "enrollment", now: d.now}
}

// NewEnrollment begins to set an app up, in place of the one that there may be.
func (d *Desk) NewEnrollment(ctx context.Context, s Staff) (Enrollment, error) {
	old, err := d.sealedApp(ctx, s.ID)
	if err != nil {
		return Enrollment{}, err
	}
	secret := newSecret()
	sealed, err := d.keys.factors.Seal(secret, string(s.ID))
	if err != nil {
		return Enrollment{}, fmt.Errorf("seal the secret of an app: %w", err)
	}
	e := Enrollment{Secret: totpText.EncodeToString(secret)}
	e.Token, err = d.enrollments().sign(claims{Subject: string(s.ID), ID: d.replaces(old), Secret: base64.RawStdEncoding.EncodeToString(sealed)},
		d.now().Add(enrollmentFor))
	return e, err
}

// Resume is the enrollment of a token, to be shown once more; ErrEnrollment.
func (d *Desk) Resume(s Staff, token string) (Enrollment, error) {
	_, sealed, err := d.enrollment(s, token)
	if err != nil {
		return Enrollment{}, err
	}
	secret, err := d.keys.factors.Open(sealed, string(s.ID))
	if err != nil {
		return Enrollment{}, ErrEnrollment
	}
	return Enrollment{Secret: totpText.EncodeToString(secret), Token: token}, nil
}

func (d *Desk) enrollment(s Staff, token string) (c claims, sealed []byte, err error) {
	if c, err = d.enrollments().read(token); err != nil || c.Subject != string(s.ID) {
		return claims{}, nil, ErrEnrollment
	}
	if sealed, err = base64.RawStdEncoding.DecodeString(c.Secret); err != nil {
		return claims{}, nil, ErrEnrollment
	}
	return c, sealed, nil
}

// sealedApp is the app that somebody has, as it is kept; nil for none.
func (d *Desk) sealedApp(ctx context.Context, id StaffID) ([]byte, error) {
	app, err := d.store.App(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	return app.Sealed, err
}

// replaces binds an enrollment to the app in whose place it comes, so that it counts
// once.
func (d *Desk) replaces(old []byte) string {
	return hex.EncodeToString(keyed(d.keys.second, "replaces", string(old))[:16])
}

// Enroll sets up the first app of somebody who has shown their password, with a code
// of it; it opens the session and returns ten recovery codes, to be shown once. It
// returns ErrSecondStep, ErrEnrollment or ErrNewAppCode.
func (d *Desk) Enroll(ctx context.Context, token, enrollment, typed string, note Noter) (in SignedIn, codes []string, err error) {
	s, hasApp, err := d.Second(ctx, token)
	if err != nil {
		return SignedIn{}, nil, err
	}
	if hasApp {
		return SignedIn{}, nil, ErrSecondStep
	}
	err = d.tx.InTx(ctx, func(ctx context.Context) error {
		if err := d.still(ctx, s); err != nil {
			return err
		}
		if err := d.keep(ctx, s, enrollment, typed); err != nil {
			return err
		}
		if in, err = d.enter(ctx, s); err != nil {
			return err
		}
		if codes, err = d.renewCodes(ctx, s.ID); err != nil {
			return err
		}
		return note(ctx, in)
	})
	return in, codes, err
}

// ReplaceApp sets up another app for somebody who is signed in and shows a code of the
// one they have, or a recovery code; sessions elsewhere end. It returns ErrEnrollment,
// ErrNewAppCode, ErrMalformedFactorCode, ErrWrongFactorCode or a FactorPause.
func (d *Desk) ReplaceApp(ctx context.Context, s Staff, enrollment, current, typed string, from Visitor) error {
	if _, _, err := d.shown(s, enrollment, typed); err != nil {
		return err // a slip at the new app costs no try at the old
	}
	return d.prove(ctx, s, current, from, func(ctx context.Context, _ proof) error {
		if err := d.keep(ctx, s, enrollment, typed); err != nil {
			return err
		}
		return d.sessions.EndAll(ctx, string(s.ID), "another app set up")
	})
}

// shown checks a code of an app that is being set up, whose secret its owner sees: it
// proves that the app works, and is no guess. It returns the app, and what stood before.
func (d *Desk) shown(s Staff, enrollment, typed string) (app App, replaces string, err error) {
	c, sealed, err := d.enrollment(s, enrollment)
	if err != nil {
		return App{}, "", err
	}
	secret, err := d.keys.factors.Open(sealed, string(s.ID))
	if err != nil {
		return App{}, "", ErrEnrollment
	}
	digits, _ := parseDigits(typed)
	step, fits := stepOf(secret, digits, d.instant())
	if !fits {
		return App{}, "", ErrNewAppCode
	}
	return App{StaffID: s.ID, Sealed: sealed, LastStep: step, CreatedAt: d.instant()}, c.ID, nil
}

// keep stores an app whose first code was shown; the code is used up with it.
func (d *Desk) keep(ctx context.Context, s Staff, enrollment, typed string) error {
	app, replaces, err := d.shown(s, enrollment, typed)
	if err != nil {
		return err
	}
	old, err := d.sealedApp(ctx, s.ID)
	if err != nil {
		return fmt.Errorf("app: %w", err)
	}
	if !hmac.Equal([]byte(replaces), []byte(d.replaces(old))) {
		return ErrEnrollment
	}
	if err := d.store.SetApp(ctx, app, old); errors.Is(err, ErrTaken) {
		return ErrEnrollment
	} else if err != nil {
		return fmt.Errorf("keep the app: %w", err)
	}
	return nil
}

// RenewRecoveryCodes makes ten new recovery codes for somebody who is signed in and
// shows a code; the old ones do not work any more. It returns ErrMalformedFactorCode,
// ErrWrongFactorCode or a FactorPause.
func (d *Desk) RenewRecoveryCodes(ctx context.Context, s Staff, typed string, from Visitor) (codes []string, err error) {
	err = d.prove(ctx, s, typed, from, func(ctx context.Context, _ proof) error {
		codes, err = d.renewCodes(ctx, s.ID)
		return err
	})
	return codes, err
}

func (d *Desk) renewCodes(ctx context.Context, id StaffID) ([]string, error) {
	codes, hashes := d.newRecoveryCodes(id)
	return codes, d.store.SetRecoveryCodes(ctx, id, hashes)
}

// Issue sets up an app and ten recovery codes for somebody without a page: for a demo,
// and for whoever moves people over. It returns the secret; ErrNotFound.
func (d *Desk) Issue(ctx context.Context, email string) (secret string, codes []string, err error) {
	raw := newSecret()
	_, err = d.change(ctx, email, "second factor issued", func(ctx context.Context, s *Staff) error {
		sealed, err := d.keys.factors.Seal(raw, string(s.ID))
		if err != nil {
			return err
		}
		if err := d.store.ForgetFactors(ctx, s.ID); err != nil {
			return err
		}
		if err := d.store.SetApp(ctx, App{StaffID: s.ID, Sealed: sealed, CreatedAt: d.instant()}, nil); err != nil {
			return err
		}
		codes, err = d.renewCodes(ctx, s.ID)
		return err
	})
	return totpText.EncodeToString(raw), codes, err
}

// ForgetFactors takes somebody's app and recovery codes away, and their sessions: they
// set up an app anew after their next password; ErrNotFound.
func (d *Desk) ForgetFactors(ctx context.Context, email string) (Staff, error) {
	return d.change(ctx, email, "second factor reset", func(ctx context.Context, s *Staff) error { return d.store.ForgetFactors(ctx, s.ID) })
}

// Factors is what somebody has besides their password.
type Factors struct {
	AppSince  time.Time // zero without an app
	CodesLeft int
}

const codesFor = 10 * time.Minute

func (d *Desk) codesToShow() signer {
	return signer{key: d.keys.second, audience: string(Collector), kind: "recovery_codes", now: d.now}
}

// SealCodes is what the browser of who got new recovery codes holds for a few minutes, so
// that a page that was loaded again, or whose answer was lost, shows them once more.
func (d *Desk) SealCodes(id StaffID, codes []string) (string, error) {
	sealed, err := d.keys.factors.Seal([]byte(strings.Join(codes, " ")), "codes:"+string(id))
	if err != nil {
		return "", fmt.Errorf("seal recovery codes: %w", err)
	}
	return d.codesToShow().sign(claims{Subject: string(id), Secret: base64.RawStdEncoding.EncodeToString(sealed)}, d.now().Add(codesFor))
}

// SealedCodes opens it for the same person; none when it is over.
func (d *Desk) SealedCodes(id StaffID, token string) []string {
	c, err := d.codesToShow().read(token)
	if err != nil || c.Subject != string(id) {
		return nil
	}
	sealed, err := base64.RawStdEncoding.DecodeString(c.Secret)
	if err != nil {
		return nil
	}
	plain, err := d.keys.factors.Open(sealed, "codes:"+string(id))
	if err != nil {
		return nil
	}
	return strings.Fields(string(plain))
}

// FactorsOf says what a person has.
func (d *Desk) FactorsOf(ctx context.Context, id StaffID) (f Factors, err error) {
	app, err := d.store.App(ctx, id)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Factors{}, fmt.Errorf("app: %w", err)
	}
	f.AppSince = app.CreatedAt
	f.CodesLeft, err = d.store.RecoveryCodesLeft(ctx, id)
	return f, err
}
