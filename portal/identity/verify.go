package identity

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"quittance/portal/contact"
	"quittance/portal/notice"
)

// Why a visitor is not let in.
var (
	// ErrNoMatch is the one answer to every failure, whatever is behind it: no
	// such code, another fact, too many tries, an account not open here
	// (DSC-04, S2).
	ErrNoMatch = errors.New("code and personal detail do not match")
	// ErrPending says that the visitor must start with the code again.
	ErrPending = errors.New("no code was given, or too long ago")
)

// PendingFor is how long a visitor may take to give the personal fact.
const PendingFor = 15 * time.Minute

// Messenger takes messages to send after the commit; notice.Queue is one.
type Messenger interface {
	Add(ctx context.Context, m notice.Message) (string, error)
}

// Words writes what is sent, in the person's language.
type Words interface {
	LinkText(language string, ch contact.Channel, l LinkWords) (notice.Text, error)
	StepUpText(language string, ch contact.Channel, digits string) (notice.Text, error)
}

// Verifier lets consumers in. All fields are required but StepUp, Watchers and
// Count; without Book, Messages and Words no six digits go out.
type Verifier struct {
	Tx       Transactor
	People   People
	Attempts AttemptStore
	Tallies  TallyStore
	Links    LinkStore
	Sessions *Sessions // of Consumers
	Codes    *Codes
	Keys     Keys
	Factor   FactorKind
	Watchers []Watcher
	Now      func() time.Time

	// StepUp asks for possession too (SEC-06): a code to the contact on file, by
	// this channel where it can be used, by the other where not. Empty is no.
	StepUp   contact.Channel
	StepUps  StepUpStore
	Book     *contact.Book
	Messages Messenger
	Words    Words
	// AccessWords tell a person that the agency let them in again; nil: nothing is
	// sent.
	AccessWords AccessWords

	// Count is told of every keyed hash of a fact. A test counts them: no
	// answer may cost more work than another.
	Count func()
}

// Result is what a visitor who passed gets: a session, or, where possession is
// asked for, a token for the page that asks for the six digits.
type Result struct {
	Session Session
	Cookie  string
	Mark    string // what the browser may hold from now on, to be known again
	StepUp  string
	Channel contact.Channel // of the step-up
}

// Begin takes a typed reference code and returns the token of a visit that
// waits for the personal fact. It looks nothing up, so it says the same of
// every well-formed code; ErrMalformedCode.
func (v *Verifier) Begin(typed string) (pending string, err error) {
	code, err := ParseCode(typed)
	if err != nil {
		return "", err
	}
	return v.pending().sign(claims{Subject: codeBucket(v.Codes.Hash(code))}, v.Now().Add(PendingFor))
}

func (v *Verifier) pending() signer { return pendingSigner(v.Keys, v.Now) }

func pendingSigner(k Keys, now func() time.Time) signer {
	return signer{key: k.pending, audience: "verify", kind: "pending", now: now}
}

// Waiting reports by which path a pending visit came; ErrPending.
func (v *Verifier) Waiting(pending string) (Path, error) {
	bucket, err := v.readPending(pending)
	if err != nil {
		return "", err
	}
	if strings.HasPrefix(bucket, linkPrefix) {
		return ByLink, nil
	}
	return ByCode, nil
}

func (v *Verifier) readPending(token string) (bucket string, err error) {
	c, err := v.readVisit(token)
	return c.Subject, err
}

func (v *Verifier) readVisit(token string) (claims, error) {
	c, err := v.pending().read(token)
	if err != nil {
		return claims{}, errors.Join(ErrPending, err)
	}
	return c, nil
}

const (
	codePrefix = "code:"
	linkPrefix = "link:"
	backPrefix = "back:" // behind linkPrefix: the browser in which the link was used
)

func isCode(bucket string) bool { return strings.HasPrefix(bucket, codePrefix) }

func codeBucket(hash []byte) string { return codePrefix + hex.EncodeToString(hash) }

func linkBucket(id LinkID) string { return linkPrefix + string(id) }

// claimant is who a visitor claims to be. Nobody at all is a claimant too, so
// that the same work is done.
type claimant struct {
	Person
	known bool
	link  Link // of ByLink
	path  Path
}

// Verify compares the personal fact. Whatever the answer, it asks the store the
// same questions, hashes as often and writes one attempt (S2). It returns
// ErrPending, ErrLinkEnded, ErrMalformedFactor, ErrNoMatch, a Hold, a Wait or
// ErrNoContact.
func (v *Verifier) Verify(ctx context.Context, pending string, given Factor, visitor Visitor) (Result, error) {
	visit, err := v.readVisit(pending)
	if err != nil {
		return Result{}, err
	}
	bucket := visit.Subject
	if given.kind != string(v.Factor) {
		return Result{}, ErrMalformedFactor
	}
	var result Result
	var answer error // a refusal, whose attempt must be kept
	err = v.Tx.InTx(ctx, func(ctx context.Context) error {
		visitor, held, err := v.enter(ctx, visit, visitor)
		if err != nil {
			return err
		}
		if held != nil {
			answer = *held
			return nil //nolint:nilerr // a refusal, which is kept
		}
		c, err := v.claimant(ctx, bucket)
		if err != nil {
			return err
		}
		if c.path == ByLink {
			bucket = c.link.tries()
		}
		passed, err := v.try(ctx, bucket, c, given, visitor)
		if err != nil {
			return err
		}
		if passed == no {
			answer = ErrNoMatch
			return nil
		}
		result, answer, err = v.welcome(ctx, c, passed)
		return err
	})
	if err != nil {
		return Result{}, fmt.Errorf("verify: %w", err)
	}
	return result, answer
}

func (v *Verifier) now() time.Time { return v.Now().UTC().Truncate(time.Microsecond) }

func (v *Verifier) claimant(ctx context.Context, bucket string) (claimant, error) {
	c := claimant{path: ByCode}
	var err error
	if id, ok := strings.CutPrefix(bucket, linkPrefix); ok {
		if c, err = v.holder(ctx, LinkID(id)); err != nil {
			return c, err
		}
		c.Person, err = v.People.Person(ctx, c.link.AccountID)
	} else {
		var hash []byte
		if hash, err = hex.DecodeString(strings.TrimPrefix(bucket, codePrefix)); err != nil {
			return c, ErrPending
		}
		c.Person, err = v.People.PersonByCode(ctx, hash)
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return c, fmt.Errorf("person: %w", err)
	}
	c.known = err == nil
	return c, nil
}

func (v *Verifier) holder(ctx context.Context, id LinkID) (claimant, error) {
	plain, back := strings.CutPrefix(string(id), backPrefix)
	l, err := v.Links.Link(ctx, LinkID(plain))
	if errors.Is(err, ErrNotFound) {
		return claimant{}, ErrPending
	}
	if err != nil {
		return claimant{}, fmt.Errorf("link: %w", err)
	}
	if now := v.now(); !l.Usable(now) && (!back || !l.LeadsBack(now)) {
		return claimant{}, ErrLinkEnded
	}
	return claimant{path: ByLink, link: l}, nil
}

// verdict is what a try led to.
type verdict int

const (
	no        verdict = iota
	yes               // the fact is right
	yesAsking         // and possession is asked of whoever can be reached
)

// fits reports whether a fact lets a claimant in, and whether it is right and
// opens nothing yet. Nobody learns of a role by a code alone.
func (v *Verifier) fits(ctx context.Context, c claimant, given Factor, now time.Time) (matched, silent bool, err error) {
	opens, silent := given.judge(v.hash, factsOf(c.Person, v.Factor, now))
	if matched = opens && c.known && !c.shut(now); matched {
		matched, err = v.Sessions.fits(ctx, c.AccountID, c.Speaking.Speaker())
	}
	return matched, silent, err
}

// try judges one attempt and records it.
func (v *Verifier) try(ctx context.Context, bucket string, c claimant, given Factor, visitor Visitor) (verdict, error) {
	now := v.now()
	if visitor.known != "" {
		bucket += knownPrefix + visitor.known
	}
	past, err := v.Attempts.Attempts(ctx, bucket, MostInARow)
	if err != nil {
		return no, fmt.Errorf("attempts: %w", err)
	}
	answer := v.hash("given", bucket, given.kind, given.value)
	matched, silent, err := v.fits(ctx, c, given, now)
	if err != nil {
		return no, err
	}
	a := Attempt{Bucket: bucket, At: now, Outcome: Failed, Given: answer, Budgeted: c.known && c.path == ByCode, Visitor: visitor.Address, Nobody: !c.known}
	led := no
	switch {
	case !Decide(past, now).Allowed, silent, !matched && judged(past, answer, now):
		a.Outcome = Refused
	case matched && visitor.need.Possession:
		a.Outcome, led = Passed, yesAsking
	case matched:
		a.Outcome, led = Passed, yes
	}
	if c.link.ID != "" && a.Outcome == Failed {
		if err := v.missAtCode(ctx, c, a); err != nil {
			return no, err
		}
	}
	return led, v.saveTry(ctx, a, led)
}

// missAtCode counts a miss by a link at the code too: who holds both guesses no
// oftener than with one. Strangers' misses at the code do not count at the link.
func (v *Verifier) missAtCode(ctx context.Context, c claimant, a Attempt) error {
	err := v.Attempts.SaveAttempt(ctx, Attempt{Bucket: codeBucket(c.CodeHash), At: a.At, Outcome: Failed, Visitor: a.Visitor})
	if err != nil {
		return fmt.Errorf("count at the code: %w", err)
	}
	return nil
}

// saveTry keeps or counts a try, and counts every failure by where it came from.
func (v *Verifier) saveTry(ctx context.Context, a Attempt, led verdict) error {
	kind := TallyPaused
	if a.Nobody {
		kind = TallyNobody
	}
	a.Tally = v.Keys.slot(kind, a.Bucket)
	if err := v.Attempts.SaveAttempt(ctx, a); err != nil {
		return fmt.Errorf("save attempt: %w", err)
	}
	if led != no {
		return nil
	}
	if err := v.Tallies.AddTallies(ctx, hourOf(a.At), v.Keys.places(a.Visitor)...); err != nil {
		return fmt.Errorf("count failures: %w", err)
	}
	return nil
}

func (v *Verifier) hash(parts ...string) []byte {
	if v.Count != nil {
		v.Count()
	}
	return keyed(v.Keys.factor, parts...)
}

// welcome opens a session, or asks for possession first. A link has shown it
// already: it went to the contact on file.
func (v *Verifier) welcome(ctx context.Context, c claimant, led verdict) (r Result, answer, err error) {
	if c.path != ByLink && (v.StepUp != "" || led != yes) {
		r, answer, err = v.askPossession(ctx, c, newStepUpID())
		alone := v.StepUp == "" && led == yesAsking // a budget refuses nobody
		if !alone || !errors.Is(answer, ErrNoContact) {
			return r, answer, err
		}
	}
	if r, err = v.admit(ctx, c, c.path == ByLink); errors.Is(err, ErrSpeaksNoMore) {
		return r, ErrNoMatch, nil
	}
	return r, nil, err
}

func (v *Verifier) admit(ctx context.Context, c claimant, steppedUp bool) (Result, error) {
	s, cookie, err := v.Sessions.start(ctx, Session{
		Subject: string(c.AccountID), Speaker: c.Speaking.Speaker(), Path: c.path, LinkID: c.link.ID, SteppedUp: steppedUp,
		ExpiresAt: c.Speaking.Ends(),
	})
	if err != nil {
		return Result{}, err
	}
	if c.path == ByLink && c.link.VerifiedAt.IsZero() {
		c.link.VerifiedAt = s.CreatedAt
		if err := v.Links.SaveLink(ctx, c.link); err != nil {
			return Result{}, fmt.Errorf("save link: %w", err)
		}
	}
	mark, err := v.Keys.markOf(codeBucket(c.CodeHash), v.Now)
	if err != nil {
		return Result{}, err
	}
	err = tell(ctx, v.Watchers, Change{
		Kind: ConsumerVerified, AccountID: c.AccountID, At: s.CreatedAt,
		LinkID: c.link.ID, Channel: c.link.Channel, SessionID: s.ID, Via: c.path, Speaker: c.Speaking.Speaker(),
	})
	return Result{Session: s, Cookie: cookie, Mark: mark}, err
}
