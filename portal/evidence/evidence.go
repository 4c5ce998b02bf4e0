// Package evidence keeps what a person saw: the bytes of each page of legal
// effect as they went out, with session, time, language, the version of the
// program and of the rules, and what was decided for it (REC-02, ACH-03). Rows
// stand in a chain of hashes; the bytes stand sealed by the account's own key,
// once however often they were seen, until they are erased.
package evidence

import (
	"context"
	"crypto/sha256"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"quittance/portal/chain"
)

// ErrErased says that what was asked for is not there: it was erased, as the law
// wants, or never was.
var ErrErased = errors.New("this was erased or never kept")

// Sight is one page as one person saw it.
type Sight struct {
	At        time.Time // UTC, in microseconds
	AccountID string
	SessionID string
	Kind      string // what the page is: "review"
	Route     string // as the table of routes writes it
	Status    int
	Language  string
	Build     string // version and commit of the program
	Rules     string // stamp of the rules in force
	Decisions string // what the gate decided for this page, one a line
	PageHash  []byte // SHA-256 of the kept bytes
}

// Hash is the hash of the fields as they are stored.
func (s Sight) Hash() []byte {
	return chain.Own(chain.Evidence, strconv.FormatInt(s.At.UnixMicro(), 10), s.AccountID, s.SessionID, s.Kind, s.Route,
		strconv.Itoa(s.Status), s.Language, s.Build, s.Rules, s.Decisions, string(s.PageHash))
}

// Stored is a sight as it is read back.
type Stored struct {
	Sight
	Number, Position int64 // Position is 0 until the row is linked
	Own, Link        []byte
}

// Row is the sight as a row of its chain.
func (s Stored) Row() chain.Row {
	return chain.Row{Number: s.Number, Position: s.Position, Hashed: s.Hash(), Own: s.Own, Link: s.Link}
}

// Store keeps sights and pages.
type Store interface {
	// KeepSight stores a sight, and its page unless the account has it already.
	KeepSight(ctx context.Context, s Sight, page []byte) error
}

// Keeper keeps pages. All fields but Rules are required.
type Keeper struct {
	Store Store
	Now   func() time.Time
	Build string
	// Rules is the stamp of the rules in force.
	Rules func(now time.Time) string

	mu   sync.Mutex
	seen map[[sha256.Size]byte]bool
}

// mostSeen bounds the memory of what was kept already.
const mostSeen = 50_000

// token is what differs each time and says nothing: it is replaced, so that the
// same page is the same bytes, and no form could be sent with what is kept.
var token = regexp.MustCompile(`(name="csrf" value=")[^"]*(")`)

// Strip returns the page as it is kept.
func Strip(page []byte) []byte { return token.ReplaceAll(page, []byte("${1}${2}")) }

// Keep keeps a page before it is shown. What the same session saw already on
// the same route is not written again.
func (k *Keeper) Keep(ctx context.Context, s Sight, page []byte) error {
	page = Strip(page)
	sum := sha256.Sum256(page)
	s.At, s.Build, s.PageHash = k.Now().UTC().Truncate(time.Microsecond), k.Build, sum[:]
	if k.Rules != nil {
		s.Rules = k.Rules(s.At)
	}
	s.Decisions = strings.Join(decided(ctx), "\n")
	again := sha256.Sum256([]byte(s.AccountID + "\n" + s.SessionID + "\n" + s.Route + "\n" + strconv.Itoa(s.Status) + "\n" + string(sum[:])))
	if k.known(again) {
		return nil
	}
	if err := k.Store.KeepSight(ctx, s, page); err != nil {
		return err
	}
	k.remember(again)
	return nil
}

func (k *Keeper) known(sight [sha256.Size]byte) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.seen[sight]
}

func (k *Keeper) remember(sight [sha256.Size]byte) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.seen == nil || len(k.seen) >= mostSeen {
		k.seen = map[[sha256.Size]byte]bool{}
	}
	k.seen[sight] = true
}

// collected is what was decided while a page was made.
type collected struct {
	mu    sync.Mutex
	lines []string
}

type collectedKey struct{}

// Collect lets what is decided below be kept with the page.
func Collect(ctx context.Context) context.Context {
	return context.WithValue(ctx, collectedKey{}, &collected{})
}

// Decided adds a decision to the page that is being made, if one is.
func Decided(ctx context.Context, line string) {
	if c, ok := ctx.Value(collectedKey{}).(*collected); ok {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.lines = append(c.lines, line)
	}
}

func decided(ctx context.Context) []string {
	c, ok := ctx.Value(collectedKey{}).(*collected)
	if !ok {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lines
}
