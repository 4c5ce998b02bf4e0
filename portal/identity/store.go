package identity

import (
	"context"
	"errors"
	"time"

	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/represent"
)

// ErrNotFound is what every store method here returns (wrapped or bare) when
// there is no such row.
var ErrNotFound = errors.New("not found")

// ErrTaken is what AddLink and AddStaff return when the reference, token or
// e-mail address exists already. No transaction may be spoilt by it: use ON
// CONFLICT DO NOTHING.
var ErrTaken = errors.New("already taken")

// ErrSpeaksNoMore is what AddSession returns for a representative who was
// revoked in the meantime.
var ErrSpeaksNoMore = errors.New("the representative speaks for the consumer no more")

// Transactor runs fn in one transaction: all of it is kept or none. The
// context handed to fn carries the transaction; a nested call joins it.
type Transactor interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
}

// People answers who stands behind a code or an account. Each is one
// statement whatever the answer is, ErrNotFound included (S2).
type People interface {
	// PersonByCode finds the person whose code has this blind index: a consumer, or
	// who may speak for one.
	PersonByCode(ctx context.Context, hash []byte) (Person, error)
	Person(ctx context.Context, id debt.AccountID) (Person, error)
	// PersonSpeaking finds a representative.
	PersonSpeaking(ctx context.Context, id represent.ID) (Person, error)
	// RepresentativesOf lists who may or might speak for a consumer.
	RepresentativesOf(ctx context.Context, id debt.AccountID) ([]represent.Representative, error)
	// RenewCode puts another code in the place of an account's; ErrNotFound.
	RenewCode(ctx context.Context, id debt.AccountID, hash, sealed []byte) error
}

// Person is a consumer as far as being recognized and reached goes.
type Person struct {
	AccountID   debt.AccountID
	CodeHash    []byte // blind index of the reference code
	CodeSealed  []byte // see Codes.Open
	FirstName   string
	PostalCode  string
	Moved       debt.Move // of the mailing address; none of who speaks for a consumer
	DateOfBirth civil.Date
	State       string // of the mailing address, "CA"
	Phone       string // as placed; package contact reads it
	Email       string
	Language    string // "en" or "es"
	// Shut is true when nobody may open the account online, so that even the
	// right details read like wrong ones: every debt was recalled and there is no
	// payment to show. The account of a minor, or of a bankrupt or represented
	// consumer, does open, to a page without amounts.
	Shut bool
	// Speaking is set of somebody who may speak for the consumer; then all above
	// but the account and its state is theirs (DSC-05).
	Speaking represent.Representative
}

// shut reports whether the right details open nothing at a time: the account
// does not, or the representative's authority is over.
func (p Person) shut(now time.Time) bool {
	return p.Shut || p.Speaking.ID != "" && !p.Speaking.Speaks(now)
}

// AttemptStore keeps tries at identifying.
type AttemptStore interface {
	// Attempts returns the newest attempts of a bucket whose outcome is not
	// Refused, at most limit of them, oldest first. In a transaction it locks
	// the bucket until the end (an advisory lock on PostgreSQL; there may be no
	// row yet), so that parallel tries are counted one after the other.
	Attempts(ctx context.Context, bucket string, limit int) ([]Attempt, error)
	// SaveAttempt adds a row, or counts in the attempt's Tally what is not Kept.
	SaveAttempt(ctx context.Context, a Attempt) error
	// ClearAttempts adds a Cleared attempt to each of the buckets that has failures.
	ClearAttempts(ctx context.Context, at time.Time, buckets ...string) error
	// BudgetedFailures counts the attempts of any bucket since the given time
	// with outcome Failed and Budgeted set.
	BudgetedFailures(ctx context.Context, since time.Time) (int, error)
}

// SessionStore keeps sessions of consumers and collectors.
type SessionStore interface {
	SessionList
	// AddSession returns ErrSpeaksNoMore where the speaker was revoked.
	AddSession(ctx context.Context, s Session) error
	Session(ctx context.Context, id SessionID) (Session, error)
	// TouchSession moves SeenAt forward, never back, and only while EndedAt is
	// unset.
	TouchSession(ctx context.Context, id SessionID, seen time.Time) error
	// EndSession sets EndedAt and EndedWhy if they are unset.
	EndSession(ctx context.Context, id SessionID, at time.Time, why string) error
	// EndSessionsOf does so for all sessions of one subject of one audience.
	EndSessionsOf(ctx context.Context, a Audience, subject string, at time.Time, why string) error
}

// SessionList knows where somebody is signed in.
type SessionList interface {
	// SessionsOf lists the sessions of a subject that were seen after a time and
	// whose EndedAt is unset, newest first, at most 200.
	SessionsOf(ctx context.Context, a Audience, subject string, seenAfter time.Time) ([]Session, error)
	// NameDevice sets Device.
	NameDevice(ctx context.Context, id SessionID, device string) error
	// EndSessionsOfLink is EndSession for all that a link opened.
	EndSessionsOfLink(ctx context.Context, id LinkID, at time.Time, why string) error
}

// StepUpStore keeps one-time codes that prove possession.
type StepUpStore interface {
	DigitAsks
	AddStepUp(ctx context.Context, s StepUp) error
	// StepUp loads and, in a transaction, locks one.
	StepUp(ctx context.Context, id StepUpID) (StepUp, error)
	// SaveStepUp writes CodeHash, SentAt, Sends, Tries and UsedAt; ErrNotFound.
	SaveStepUp(ctx context.Context, s StepUp) error
}

// DigitAsks keeps who asked for digits and has no answer yet.
type DigitAsks interface {
	// AddDigitAsk keeps one in its slot, over what stood there; one that is not
	// granted never stands over one that is.
	AddDigitAsk(ctx context.Context, slot int, w DigitAsk) error
	// ListDigitAsks lists those that were granted, oldest first, and forgets the others.
	ListDigitAsks(ctx context.Context, limit int) ([]DigitAsk, error)
	// TakeDigitAsk removes one; false when somebody else did.
	TakeDigitAsk(ctx context.Context, id StepUpID) (bool, error)
}

// LinkStore keeps links that were sent to consumers.
type LinkStore interface {
	LinkAsks
	// AddLink returns ErrTaken when the reference or token hash exists.
	AddLink(ctx context.Context, l Link) error
	// Link loads and, in a transaction, locks a link.
	Link(ctx context.Context, id LinkID) (Link, error)
	// LinkByToken is Link by the hash of its token.
	LinkByToken(ctx context.Context, tokenHash []byte) (Link, error)
	// SaveLink writes OpenedAt, VerifiedAt, EndedAt and EndedWhy.
	SaveLink(ctx context.Context, l Link) error
	// LinksOf lists an account's links, newest first, at most 50.
	LinksOf(ctx context.Context, id debt.AccountID) ([]Link, error)
}

// LinkAsks keeps who asked for a new link and has no answer yet.
type LinkAsks interface {
	// AskLink sets AskedAt, if it is unset, of the link with a token. It is one
	// statement whether or not there is such a link.
	AskLink(ctx context.Context, tokenHash []byte, at time.Time) error
	// LinksAsked lists links whose AskedAt is not after a time, oldest first.
	LinksAsked(ctx context.Context, until time.Time, limit int) ([]Link, error)
	// AnswerLink sets AskedAt to when the answer is due: zero for one that was given.
	AnswerLink(ctx context.Context, id LinkID, due time.Time) error
}

// TokenStore keeps what is known of API tokens; the tokens themselves are
// nowhere.
type TokenStore interface {
	AddAPIToken(ctx context.Context, t APIToken) error
	APIToken(ctx context.Context, id TokenID) (APIToken, error)
	// APITokens lists all, newest first.
	APITokens(ctx context.Context) ([]APIToken, error)
	// RevokeAPIToken sets RevokedAt if unset.
	RevokeAPIToken(ctx context.Context, id TokenID, at time.Time) error
	TokenUseStore
}

// TokenUseStore keeps what becomes of tokens in use.
type TokenUseStore interface {
	// RotateAPIToken adds next and ends the token at until, or when it ends by itself
	// if that is sooner. Of two at once one gets ErrNotFound; so does a token that
	// was revoked or is over.
	RotateAPIToken(ctx context.Context, id TokenID, next APIToken, until time.Time) error
	// UseAPIToken sets UsedAt, if it was before.
	UseAPIToken(ctx context.Context, id TokenID, at time.Time) error
}

// StaffStore keeps the people who use the console.
type StaffStore interface {
	PasswordStore
	FactorStore
	// AddStaff returns ErrTaken when the e-mail address exists.
	AddStaff(ctx context.Context, s Staff) error
	// StaffByEmail finds by the address in lower case and, in a transaction, locks.
	StaffByEmail(ctx context.Context, email string) (Staff, error)
	Staff(ctx context.Context, id StaffID) (Staff, error)
	// SaveStaff writes Name, Roles and DisabledAt.
	SaveStaff(ctx context.Context, s Staff) error
	// AllStaff lists by name.
	AllStaff(ctx context.Context) ([]Staff, error)
}

// PasswordStore changes passwords.
type PasswordStore interface {
	// SetPassword writes Password of somebody who is not disabled while it is still the
	// old one; ErrNotFound.
	SetPassword(ctx context.Context, id StaffID, old, password string) error
}

// FactorStore keeps what people of the console have besides their password.
type FactorStore interface {
	RecoveryStore
	// App returns ErrNotFound for somebody without one.
	App(ctx context.Context, id StaffID) (App, error)
	// SetApp keeps an app in place of the one that was sealed as old; nil is of nobody
	// who has one. It returns ErrTaken where another stands there.
	SetApp(ctx context.Context, a App, old []byte) error
	// ClaimStep uses a step of an app up, in one statement: false where it, or a later
	// one, was used, or another app was set up.
	ClaimStep(ctx context.Context, a App, step int64) (bool, error)
	// ForgetFactors removes the app and the recovery codes.
	ForgetFactors(ctx context.Context, id StaffID) error
}

// RecoveryStore keeps recovery codes.
type RecoveryStore interface {
	// SetRecoveryCodes puts hashes in the place of all that somebody has.
	SetRecoveryCodes(ctx context.Context, id StaffID, hashes [][]byte) error
	// UseRecoveryCode sets UsedAt of one, in one statement: false where there is none
	// or it was used.
	UseRecoveryCode(ctx context.Context, id StaffID, hash []byte, at time.Time) (bool, error)
	// RecoveryCodesLeft counts those that were not used.
	RecoveryCodesLeft(ctx context.Context, id StaffID) (int, error)
}
