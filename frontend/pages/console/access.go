package console

import (
	"context"
	"io"
)

// Access is the code of an account with the words of its letter, and the ways to
// let a person in again.
//
// POST /console/accounts/{id}/access/clear lets them try at once; …/access/renew
// gives them a new code. Both tell the person.
type Access struct {
	Base
	AccountID, AccountRef, Name string
	Code, WordsEN, WordsES      string
	Misses                      int
	WaitMinutes                 int  // zero: they may try now
	Capped                      bool // it had so many misses that it waits a day or more
}

// Doors is how the doors of consumers stand: figures of an hour, and the accounts
// whose code somebody guesses at.
type Doors struct {
	Base
	Failed, Budget, Nobody, Paused int
	Under                          []UnderGuess
}

// UnderGuess is one of them; Misses are those of a day.
type UnderGuess struct {
	AccountID, AccountRef string
	Misses                int
}

// Render writes the page.
func (p Access) Render(ctx context.Context, w io.Writer) error { return accessPage(p).Render(ctx, w) }

// Render writes the page.
func (p Doors) Render(ctx context.Context, w io.Writer) error { return doorsPage(p).Render(ctx, w) }
