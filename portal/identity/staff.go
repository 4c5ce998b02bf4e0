package identity

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"quittance/portal/contact"
)

// Role is what a member of the staff may do in the console.
type Role string

// Roles. Each stands for itself; an administrator has no other by that alone.
const (
	RoleCollector  Role = "collector"  // accounts, links, the live view, messages
	RoleSupervisor Role = "supervisor" // the same, for all who collect
	RoleCompliance Role = "compliance" // disputes, claims, notices, representatives, held rows
	RoleFinance    Role = "finance"    // postings, refunds, reconciliation
	RoleAdmin      Role = "admin"      // people, tokens, webhooks, and what finance does
)

// Roles lists all there are. Nobody has all: who collects decides no dispute about it.
var Roles = []Role{RoleCollector, RoleSupervisor, RoleCompliance, RoleFinance, RoleAdmin}

var (
	// ErrSignIn is the one answer to every failure to sign in.
	ErrSignIn = errors.New("address and password do not match")
	// ErrStaff is returned for a person without a name, an address or a known role.
	ErrStaff = errors.New("a member of the staff needs a name, an e-mail address and known roles")
	// ErrRolesApart is returned for somebody who would collect and be compliance too: who
	// collects never decides a dispute about what they collect.
	ErrRolesApart = errors.New("a collector or supervisor cannot be compliance too: who collects does not decide disputes")
)

// Has reports whether the person has a role.
func (s Staff) Has(r Role) bool { return slices.Contains(s.Roles, string(r)) }

// HasAny reports whether the person has one of the roles.
func (s Staff) HasAny(roles []Role) bool { return slices.ContainsFunc(roles, s.Has) }

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
	return &Desk{tx: tx, store: store, attempts: attempts, sessions: sessions, keys: k, now: now, hasher: newHasher(), line: newLine()}
}

// Add takes a person on. It returns ErrStaff, ErrRolesApart, ErrWeakPassword, ErrCommonPassword or
// ErrTaken.
func (d *Desk) Add(ctx context.Context, email, name, password string, roles ...Role) (Staff, error) {
	s, err := d.person(email, name, roles)
	if err != nil {
		return Staff{}, err
	}
	if s.Password, err = d.hasher.hash(ctx, password, s.Email); err != nil {
		return Staff{}, err
	}
	return s, d.store.AddStaff(ctx, s)
}

// person is somebody who has no password yet; ErrStaff, ErrRolesApart.
func (d *Desk) person(email, name string, roles []Role) (Staff, error) {
	s := Staff{ID: StaffID("stf_" + rand.Text()), Email: normalEmail(email), Name: strings.TrimSpace(name), Password: unset + rand.Text(),
		CreatedAt: d.instant()}
	var err error
	if s.Roles, err = roleWords(roles); err == nil && (s.Email == "" || s.Name == "") {
		err = ErrStaff
	}
	if err != nil {
		return Staff{}, err
	}
	return s, nil
}

// roleWords are roles as they are kept; ErrStaff where there is none, or one that
// does not exist, and ErrRolesApart.
func roleWords(roles []Role) (words []string, err error) {
	for _, r := range roles {
		if !slices.Contains(Roles, r) {
			return nil, ErrStaff
		}
		words = append(words, string(r))
	}
	if len(words) == 0 {
		return nil, ErrStaff
	}
	if slices.Contains(roles, RoleCompliance) && (slices.Contains(roles, RoleCollector) || slices.Contains(roles, RoleSupervisor)) {
		return nil, ErrRolesApart
	}
	return words, nil
}

func (d *Desk) instant() time.Time { return d.now().UTC().Truncate(time.Microsecond) }

func normalEmail(typed string) string { return strings.ToLower(contact.EmailAddress(typed)) }

// staffPlaces bounds the counts that strangers can make of one address.
const staffPlaces = 256

// Buckets of strangers to the console, behind the bucket of an address.
const (
	atPrefix  = "/at:"
	allSuffix = "/all"
)

// buckets are what the tries at an address are counted by: by a browser that was
// let in before, or else by where they come from and, for the caps, by all
// strangers together. So nobody locks a colleague's own browser out, and many
// networks have no more guesses at a password than one (SEC-07).
func (d *Desk) buckets(s Staff, email string, from Visitor) []string {
	base := d.base(email)
	if known := d.known(s, email, from); known != "" {
		return []string{base + knownPrefix + known}
	}
	network := d.keys.places(from.Address)[1]
	return []string{base + allSuffix, base + atPrefix + strconv.Itoa(network.Number%staffPlaces)}
}

// known is the place of a browser in which somebody was let in since they chose their
// password; empty of any other.
func (d *Desk) known(s Staff, email string, from Visitor) string {
	return d.keys.knowsSince(from.Mark, d.base(email), d.fits(s), d.now)
}

func (d *Desk) base(email string) string {
	return "staff:" + hex.EncodeToString(keyed(d.keys.address, normalEmail(email)))
}

// Unlock lets the counts of somebody begin anew; ErrNotFound.
func (d *Desk) Unlock(ctx context.Context, email string) (Staff, error) {
	var s Staff
	err := d.tx.InTx(ctx, func(ctx context.Context) error {
		var err error
		if s, err = d.store.StaffByEmail(ctx, normalEmail(email)); err != nil {
			return err
		}
		base := d.base(email)
		all := append(withKnown(base), base+allSuffix)
		for place := range staffPlaces {
			all = append(all, base+atPrefix+strconv.Itoa(place))
		}
		all = append(all, d.factorBuckets(email)...)
		return d.attempts.ClearAttempts(ctx, d.instant(), all...)
	})
	return s, err
}

// SignIn takes the first of two factors, and returns what the browser holds until the
// second (Confirm, Enroll); ErrSignIn, ErrCrowded. A try is counted before its password
// is looked at, so that parallel tries do not slip by, and the hash of an unknown person,
// or of one who has to wait, takes as long as any.
func (d *Desk) SignIn(ctx context.Context, email, password string, from Visitor) (secondStep string, err error) {
	s, err := d.knows(ctx, email, password, from)
	if err != nil {
		return "", err
	}
	return d.secondStep(s)
}

// knows is judge for whoever then goes on: the count begins anew.
func (d *Desk) knows(ctx context.Context, email, password string, from Visitor) (Staff, error) {
	s, buckets, err := d.judge(ctx, email, password, from)
	if err != nil {
		return Staff{}, err
	}
	return s, d.tx.InTx(ctx, func(ctx context.Context) error {
		return d.save(ctx, buckets, Attempt{At: d.instant(), Outcome: Passed, Visitor: from.Address})
	})
}

// judge returns whose address and password it is, and what the try was counted by.
func (d *Desk) judge(ctx context.Context, email, password string, from Visitor) (who Staff, buckets []string, err error) {
	s, err := d.store.StaffByEmail(ctx, normalEmail(email))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Staff{}, nil, fmt.Errorf("sign in: %w", err)
	}
	if err != nil {
		s = Staff{Password: nobody}
	}
	known := d.known(s, email, from)
	leave, err := d.line.enter(cmp.Or(known, from.Address), known != "")
	if err != nil {
		return Staff{}, nil, err
	}
	defer leave()
	over, err := d.line.turn(ctx, known != "")
	if err != nil {
		return Staff{}, nil, fmt.Errorf("sign in: %w", err)
	}
	defer over()
	buckets = d.buckets(s, email, from)
	wait, err := d.count(ctx, buckets, Attempt{Outcome: Failed, Visitor: from.Address, Nobody: s.ID == ""})
	if err != nil {
		return Staff{}, nil, fmt.Errorf("sign in: %w", err)
	}
	right, err := d.hasher.matches(ctx, password, s.Password)
	if err != nil {
		return Staff{}, nil, fmt.Errorf("sign in: %w", err)
	}
	if wait > 0 || !right || !s.DisabledAt.IsZero() {
		return Staff{}, nil, ErrSignIn
	}
	return s, buckets, nil
}

// count judges a try by each of its buckets, and counts it in each. It returns how long
// no try is looked at; zero: this one is.
func (d *Desk) count(ctx context.Context, buckets []string, a Attempt) (wait time.Duration, err error) {
	a.At = d.instant()
	a.Tally = d.keys.slot(TallyNobody, buckets[0])
	err = d.tx.InTx(ctx, func(ctx context.Context) error {
		wait = 0
		for _, bucket := range buckets {
			past, err := d.attempts.Attempts(ctx, bucket, MostInARow)
			if err != nil {
				return fmt.Errorf("attempts: %w", err)
			}
			wait = max(wait, waits(bucket, past, a.At))
		}
		if wait > 0 {
			a.Outcome, a.Tally = Refused, d.keys.slot(TallyPaused, buckets[0])
		}
		return d.save(ctx, buckets, a)
	})
	return wait, err
}

// waits judges a bucket. All strangers together have the caps alone: their
// pauses would keep everybody waiting.
func waits(bucket string, past []Attempt, now time.Time) time.Duration {
	switch {
	case strings.HasSuffix(bucket, appSuffix+allSuffix), strings.HasSuffix(bucket, recoverySuffix+allSuffix):
		return max(0, cappedUntil(wrongCodes(past, now)).Sub(now))
	case strings.HasSuffix(bucket, allSuffix):
		return max(0, cappedUntil(sinceSuccess(past, now)).Sub(now))
	}
	return Decide(past, now).Wait
}

func (d *Desk) save(ctx context.Context, buckets []string, a Attempt) error {
	for _, bucket := range buckets {
		a.Bucket = bucket
		if err := d.attempts.SaveAttempt(ctx, a); err != nil {
			return fmt.Errorf("save attempt: %w", err)
		}
		if !a.Kept() {
			return nil // a number is counted once
		}
	}
	return nil
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
