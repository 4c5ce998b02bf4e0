// Package audit writes down who did what, on which account and when: staff,
// consumers, programs and the portal itself. A row is written in the
// transaction of what it tells of, holds ids and no personal data, and stands
// in a chain in which any later change is found (SEC-08, S11).
package audit

import (
	"context"
	"strconv"
	"strings"
	"time"

	"quittance/portal/chain"
)

// Entry is one row.
type Entry struct {
	At        time.Time // UTC, in microseconds
	Actor     string    // "staff:stf_…", "consumer:acc_…", "representative:rep_…", "token:tok_…", "processor", "system", "command"
	Action    string    // "payment.confirmed"; what only looks begins with "read."
	AccountID string    // empty where no account is concerned
	Object    string    // id of what it is about
	Refs      []string  // ids and key words that explain it
}

// Reading begins the action of everything that only looks (SEC-09).
const Reading = "read."

// Hash is the hash of the fields as they are stored.
func (e Entry) Hash() []byte {
	return chain.Own(chain.Audit, strconv.FormatInt(e.At.UnixMicro(), 10), e.Actor, e.Action, e.AccountID, e.Object, strings.Join(e.Refs, "\n"))
}

// Stored is an entry as it is read back.
type Stored struct {
	Entry
	Number, Position int64
	Own, Link        []byte
}

// Row is the entry as a row of its chain.
func (s Stored) Row() chain.Row {
	return chain.Row{Number: s.Number, Position: s.Position, Hashed: s.Hash(), Own: s.Own, Link: s.Link}
}

// Store keeps entries.
type Store interface {
	AddAudit(ctx context.Context, entries []Entry) error
}

// Log writes entries. All fields are required.
type Log struct {
	Store Store
	Now   func() time.Time
}

// Note writes one entry of the context's actor, in the caller's transaction if
// there is one.
func (l *Log) Note(ctx context.Context, action, accountID, object string, refs ...string) error {
	return l.Store.AddAudit(ctx, []Entry{l.entry(ctx, action, accountID, object, refs)})
}

// NoteEach writes one entry for each account, in one statement.
func (l *Log) NoteEach(ctx context.Context, action string, accounts []string) error {
	entries := make([]Entry, len(accounts))
	for i, id := range accounts {
		entries[i] = l.entry(ctx, action, id, "", nil)
	}
	return l.Store.AddAudit(ctx, entries)
}

func (l *Log) entry(ctx context.Context, action, accountID, object string, refs []string) Entry {
	return Entry{
		At: l.Now().UTC().Truncate(time.Microsecond), Actor: Actor(ctx), Action: action, AccountID: accountID, Object: object, Refs: refs,
	}
}

// System is the actor of what nobody asked for: background work.
const System = "system"

type seenKey struct{}

// Seen says that whoever looks has been written down already: a page that
// refreshes itself is one look.
func Seen(ctx context.Context) context.Context { return context.WithValue(ctx, seenKey{}, true) }

// IsSeen reports whether a look has been written down already.
func IsSeen(ctx context.Context) bool { return ctx.Value(seenKey{}) != nil }

type actorKey struct{}

// As says in whose name everything below is done.
func As(ctx context.Context, actor string) context.Context {
	return context.WithValue(ctx, actorKey{}, actor)
}

// Actor is in whose name something is done; System where nobody said.
func Actor(ctx context.Context) string {
	if actor, ok := ctx.Value(actorKey{}).(string); ok {
		return actor
	}
	return System
}
