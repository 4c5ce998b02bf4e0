package identity

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"quittance/portal/contact"
)

// Role is what a member of the staff may do in the console.
type Role string

// Roles. Each stands for itself; an administrator has no other by that alone.
const (
	RoleCollector  Role = "collector"  // accounts, links, the live view
	RoleCompliance Role = "compliance" // disputes, decisions, the audit
	RoleFinance    Role = "finance"    // postings, refunds, reconciliation
	RoleAdmin      Role = "admin"      // people, tokens, webhooks
)

// Roles lists all there are.
var Roles = []Role{RoleCollector, RoleCompliance, RoleFinance, RoleAdmin}

var (
	// ErrSignIn is the one answer to every failure to sign in.
	ErrSignIn = errors.New("address and password do not match")
	// ErrStaff is returned for a person without a name, an address or a known role.
	ErrStaff = errors.New("a member of the staff needs a name, an e-mail address and known roles")
)

// Has reports whether the person has a role.
func (s Staff) Has(r Role) bool { return slices.Contains(s.Roles, string(r)) }

// Desk lets collectors in. Make it with NewDesk.
type Desk struct {
	tx       Transactor
	store    StaffStore
	attempts AttemptStore
	sessions *Sessions
	keys     Keys
	now      func() time.Time
	hasher   hasher
	line     line
}

// NewDesk returns the door of the console; sessions are those of Collector.
func NewDesk(tx Transactor, store StaffStore, attempts AttemptStore, sessions *Sessions, k Keys, now func() time.Time) *Desk {
	return &Desk{tx: tx, store: store, attempts: attempts, sessions: sessions, keys: k, now: now, hasher: newHasher()}
}

// Add takes a person on. It returns ErrStaff, ErrWeakPassword or ErrTaken.
func (d *Desk) Add(ctx context.Context, email, name, password string, roles ...Role) (Staff, error) {
	s := Staff{ID: StaffID("stf_" + rand.Text()), Email: normalEmail(email), Name: strings.TrimSpace(name),
		CreatedAt: d.now().UTC().Truncate(time.Microsecond)}
	if s.Email == "" || s.Name == "" || len(roles) == 0 {
		return Staff{}, ErrStaff
	}
	for _, r := range roles {
		if !slices.Contains(Roles, r) {
			return Staff{}, ErrStaff
		}
		s.Roles = append(s.Roles, string(r))
	}
	var err error
	if s.Password, err = d.hasher.hash(ctx, password); err != nil {
		return Staff{}, err
	}
	return s, d.store.AddStaff(ctx, s)
}

// Disable ends somebody's work at the console, and their sessions with it;
// ErrNotFound. Said twice it changes nothing.
func (d *Desk) Disable(ctx context.Context, email string) (Staff, error) {
	var s Staff
	err := d.tx.InTx(ctx, func(ctx context.Context) error {
		var err error
		if s, err = d.store.StaffByEmail(ctx, normalEmail(email)); err != nil || !s.DisabledAt.IsZero() {
			return err
		}
		s.DisabledAt = d.now().UTC().Truncate(time.Microsecond)
		if err := d.store.SaveStaff(ctx, s); err != nil {
			return fmt.Errorf("disable: %w", err)
		}
		return d.sessions.store.EndSessionsOf(ctx, Collector, string(s.ID), s.DisabledAt, "disabled")
	})
	return s, err
}

func normalEmail(typed string) string { return strings.ToLower(contact.EmailAddress(typed)) }

// SignIn opens a session and returns its cookie; ErrSignIn, ErrCrowded. A try is counted
// before its password is looked at, so that parallel tries do not slip by, and
// the hash of an unknown person takes as long as any.
func (d *Desk) SignIn(ctx context.Context, email, password, visitor string) (Session, string, error) {
	leave, err := d.line.enter(visitor, false)
	if err != nil {
		return Session{}, "", err
	}
	defer leave()
	email = normalEmail(email)
	bucket := "staff:" + hex.EncodeToString(keyed(d.keys.address, email))
	allowed, err := d.count(ctx, bucket, visitor)
	if err != nil {
		return Session{}, "", fmt.Errorf("sign in: %w", err)
	}
	if !allowed {
		return Session{}, "", ErrSignIn
	}
	s, err := d.store.StaffByEmail(ctx, email)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Session{}, "", fmt.Errorf("sign in: %w", err)
	}
	if err != nil {
		s = Staff{Password: nobody}
	}
	right, err := d.hasher.matches(ctx, password, s.Password)
	if err != nil {
		return Session{}, "", fmt.Errorf("sign in: %w", err)
	}
	if !right || !s.DisabledAt.IsZero() {
		return Session{}, "", ErrSignIn
	}
	return d.open(ctx, s, bucket, visitor)
}

func (d *Desk) count(ctx context.Context, bucket, visitor string) (allowed bool, err error) {
	err = d.tx.InTx(ctx, func(ctx context.Context) error {
		now := d.now().UTC().Truncate(time.Microsecond)
		past, err := d.attempts.Attempts(ctx, bucket, MostInARow)
		if err != nil {
			return fmt.Errorf("attempts: %w", err)
		}
		if allowed = Decide(past, now).Allowed; !allowed {
			return nil
		}
		return d.attempts.SaveAttempt(ctx, Attempt{Bucket: bucket, At: now, Outcome: Failed, Visitor: visitor})
	})
	return allowed, err
}

func (d *Desk) open(ctx context.Context, s Staff, bucket, visitor string) (opened Session, cookie string, err error) {
	err = d.tx.InTx(ctx, func(ctx context.Context) error {
		now := d.now().UTC().Truncate(time.Microsecond)
		err := d.attempts.SaveAttempt(ctx, Attempt{Bucket: bucket, At: now, Outcome: Passed, Visitor: visitor})
		if err != nil {
			return fmt.Errorf("save attempt: %w", err)
		}
		opened, cookie, err = d.sessions.start(ctx, Session{Subject: string(s.ID), Path: ByPassword})
		return err
	})
	return opened, cookie, err
}

// Who returns the person behind a console session that was checked;
// ErrNoSession when they may no longer use it.
func (d *Desk) Who(ctx context.Context, s Session) (Staff, error) {
	p, err := d.store.Staff(ctx, StaffID(s.Subject))
	if errors.Is(err, ErrNotFound) || err == nil && (!p.DisabledAt.IsZero() || s.Audience != Collector) {
		return Staff{}, ErrNoSession
	}
	return p, err
}
