package console

import (
	"context"
	"io"
	"time"

	"quittance/plans/civil"
)

// Notices is the queue of validation notices that are still owed on the third
// day after their consumer heard of the debt here (VAL-10).
type Notices struct {
	Base
	Owed []OwedNotice // the earliest first
}

// OwedNotice is one line of the queue.
type OwedNotice struct {
	AccountID, AccountRef, DebtRef string
	Began                          time.Time
	Due                            civil.Date
	Late                           bool
}

// Render writes the page.
func (p Notices) Render(ctx context.Context, w io.Writer) error { return noticesPage(p).Render(ctx, w) }
