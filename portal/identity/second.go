package identity

import (
	"context"
	"crypto/hmac"
	"errors"
	"fmt"
	"time"
)

var (
	// ErrSecondStep says that the sign-in must begin again: too much time went by, or
	// the password was changed meanwhile.
	ErrSecondStep = errors.New("the sign-in must begin again")
	// ErrMalformedFactorCode is returned for what is neither six digits nor a recovery
	// code: nothing was compared and nothing counts.
	ErrMalformedFactorCode = errors.New("neither six digits nor a recovery code")
	// ErrWrongFactorCode is returned for a code that does not fit, or was used before.
	ErrWrongFactorCode = errors.New("the code does not fit or was used before")
	// ErrFactorPaused is wrapped by FactorPause.
	ErrFactorPaused = errors.New("too many codes did not fit")
)

// FactorPause says that too many codes did not fit, and for how long none is compared.
type FactorPause struct{ For time.Duration }

// Error implements error.
func (p FactorPause) Error() string { return fmt.Sprintf("%s: wait %s", ErrFactorPaused, p.For) }

// Unwrap makes it an ErrFactorPaused.
func (FactorPause) Unwrap() error { return ErrFactorPaused }

// SecondStepFor is how long after the password the second factor may take.
const SecondStepFor = 10 * time.Minute

// Buckets of codes, behind the bucket of an address. Each has its own count, so that
// whoever guesses at one does not close the other.
const (
	appSuffix      = "/app"
	recoverySuffix = "/recovery"
)

// SignedIn is a member of the staff who was let in.
type SignedIn struct {
	Session Session
	Cookie  string
	Mark    string // what their browser may hold from now on, to be known by
	// ByRecovery is set where a recovery code opened; Left are those that still work.
	ByRecovery bool
	Left       int
}

func (d *Desk) secondSteps() signer {
	return signer{key: d.keys.second, audience: string(Collector), kind: "second_step", now: d.now}
}

// secondStep is what a browser holds between the password and the second factor.
func (d *Desk) secondStep(s Staff) (string, error) {
	return d.secondSteps().sign(claims{Subject: string(s.ID), ID: d.fits(s)}, d.now().Add(SecondStepFor))
}

// Second returns who has shown the password, and whether they have an app to show a
// code of; ErrSecondStep.
func (d *Desk) Second(ctx context.Context, token string) (s Staff, hasApp bool, err error) {
	c, err := d.secondSteps().read(token)
	if err != nil {
		return Staff{}, false, ErrSecondStep
	}
	s, err = d.store.Staff(ctx, StaffID(c.Subject))
	if errors.Is(err, ErrNotFound) || err == nil && (!s.DisabledAt.IsZero() || !hmac.Equal([]byte(c.ID), []byte(d.fits(s)))) {
		return Staff{}, false, ErrSecondStep
	}
	if err != nil {
		return Staff{}, false, fmt.Errorf("staff: %w", err)
	}
	hasApp, err = d.hasApp(ctx, s.ID)
	return s, hasApp, err
}

func (d *Desk) hasApp(ctx context.Context, id StaffID) (bool, error) {
	_, err := d.store.App(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// Noter writes down, in the same transaction, that somebody was let in.
type Noter func(ctx context.Context, in SignedIn) error

// Confirm takes the code of an app, or a recovery code, after the password, and opens
// the session. It returns ErrSecondStep, ErrMalformedFactorCode, ErrWrongFactorCode or
// a FactorPause.
func (d *Desk) Confirm(ctx context.Context, token, typed string, from Visitor, note Noter) (in SignedIn, err error) {
	s, _, err := d.Second(ctx, token)
	if err != nil {
		return SignedIn{}, err
	}
	err = d.prove(ctx, s, typed, from, func(ctx context.Context, proved proof) error {
		if in, err = d.enter(ctx, s); err != nil {
			return err
		}
		in.ByRecovery, in.Left = proved.recovery, proved.left
		return note(ctx, in)
	})
	return in, err
}

// enter opens the session of somebody who has shown both factors.
func (d *Desk) enter(ctx context.Context, s Staff) (in SignedIn, err error) {
	if in.Session, in.Cookie, err = d.sessions.start(ctx, Session{Subject: string(s.ID), Path: ByPassword}); err != nil {
		return SignedIn{}, err
	}
	in.Mark, err = d.keys.markSince(d.base(s.Email), d.fits(s), d.now)
	return in, err
}

// still locks a person, before anything else of theirs, until the transaction ends: their
// password was not changed, and they were not disabled, since they were read;
// ErrSecondStep.
func (d *Desk) still(ctx context.Context, s Staff) error {
	err := d.store.SetPassword(ctx, s.ID, s.Password, s.Password)
	if errors.Is(err, ErrNotFound) {
		return ErrSecondStep
	}
	return err
}

// proof is what a code showed.
type proof struct {
	recovery bool
	left     int // recovery codes that still work
}

// prove compares a code of a person, and does what it allows in the transaction that
// uses it up. A try is counted before it is compared, so that parallel tries do not
// slip by.
func (d *Desk) prove(ctx context.Context, s Staff, typed string, from Visitor, do func(context.Context, proof) error) error {
	claim, suffix := d.reads(s.ID, typed)
	if claim == nil {
		return ErrMalformedFactorCode
	}
	bucket := d.factorBucket(s, suffix, from)
	wait, err := d.count(ctx, []string{bucket}, Attempt{Outcome: Failed, Visitor: from.Address})
	if err != nil {
		return err
	}
	if wait > 0 {
		return FactorPause{For: wait}
	}
	return d.tx.InTx(ctx, func(ctx context.Context) error {
		if err := d.still(ctx, s); err != nil {
			return err
		}
		proved, right, err := claim(ctx)
		if err != nil {
			return fmt.Errorf("second factor: %w", err)
		}
		if !right {
			return ErrWrongFactorCode
		}
		if err := d.save(ctx, []string{bucket}, Attempt{At: d.instant(), Outcome: Passed, Visitor: from.Address}); err != nil {
			return err
		}
		return do(ctx, proved)
	})
}

// claiming uses a code up, once; false for one that does not fit.
type claiming func(context.Context) (proof, bool, error)

// reads tells the code of an app from a recovery code; nil for neither.
func (d *Desk) reads(id StaffID, typed string) (claim claiming, suffix string) {
	if digits, ok := parseDigits(typed); ok {
		return func(ctx context.Context) (proof, bool, error) { return d.claimApp(ctx, id, digits) }, appSuffix
	}
	if code, ok := recoveryCode(typed); ok {
		return func(ctx context.Context) (proof, bool, error) { return d.claimRecovery(ctx, id, code) }, recoverySuffix
	}
	return nil, ""
}

func (d *Desk) claimApp(ctx context.Context, id StaffID, digits string) (p proof, right bool, err error) {
	app, err := d.store.App(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return p, false, nil
	}
	if err != nil {
		return p, false, err
	}
	secret, err := d.keys.factors.Open(app.Sealed, string(id))
	if err != nil {
		return p, false, fmt.Errorf("the secret of an app: %w", err)
	}
	step, fits := stepOf(secret, digits, d.instant())
	if !fits {
		return p, false, nil
	}
	right, err = d.store.ClaimStep(ctx, app, step)
	return p, right, err
}

func (d *Desk) claimRecovery(ctx context.Context, id StaffID, code string) (p proof, right bool, err error) {
	p.recovery = true
	if right, err = d.store.UseRecoveryCode(ctx, id, d.recoveryHash(id, code), d.instant()); err == nil && right {
		p.left, err = d.store.RecoveryCodesLeft(ctx, id)
	}
	return p, right, err
}

// factorBucket counts the codes of a person: by a browser that was let in before, or
// of all others together. No lock keeps the owner's own browser out, and many networks
// have no more guesses than one.
func (d *Desk) factorBucket(s Staff, suffix string, from Visitor) string {
	base := d.base(s.Email)
	if known := d.known(s, s.Email, from); known != "" {
		return base + suffix + knownPrefix + known
	}
	return base + suffix + allSuffix
}

// wrongCodes are the failures that no right code explains. A code counts as a failure
// before it is compared; one that fits takes back that and no other, or the owner's own
// sign-ins would give a guesser more tries.
func wrongCodes(past []Attempt, now time.Time) []Attempt {
	var wrong []Attempt
	for _, a := range past {
		switch a.Outcome {
		case Failed:
			if now.Before(a.At.Add(FailuresFor)) {
				wrong = append(wrong, a)
			}
		case Passed:
			wrong = wrong[:max(0, len(wrong)-1)]
		case Cleared:
			wrong = wrong[:0]
		case Refused:
		}
	}
	return wrong
}

// factorBuckets are all of them.
func (d *Desk) factorBuckets(email string) (all []string) {
	for _, suffix := range []string{appSuffix, recoverySuffix} {
		base := d.base(email) + suffix
		all = append(append(all, withKnown(base)...), base+allSuffix)
	}
	return all
}
