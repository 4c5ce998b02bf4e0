package console

import (
	"context"
	"io"
	"time"
)

// Seen lists the pages of legal effect that a person saw.
type Seen struct {
	Base
	AccountID, AccountRef string
	Sights                []Sight // newest first
}

// Sight is one page as it was seen.
type Sight struct {
	Number   int64
	At       time.Time
	Kind     string // "authorization"; the word of the record
	Route    string
	Language string
	Status   int
}

// Render writes the page.
func (p Seen) Render(ctx context.Context, w io.Writer) error { return seenPage(p).Render(ctx, w) }

// Replay shows one page again as it went out, in a frame without scripts.
type Replay struct {
	Base
	AccountID, AccountRef string
	Sight                 Sight
	Build, Rules          string
	Decisions             []string
	Hash                  string // of the kept bytes, in hex
	Page                  string // the kept bytes
	Erased                bool
}

// Render writes the page.
func (p Replay) Render(ctx context.Context, w io.Writer) error { return replayPage(p).Render(ctx, w) }
