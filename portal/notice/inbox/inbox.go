// Package inbox stands in for a carrier in the demo: a message counts as
// delivered once it is stored, and can be read on a page.
package inbox

import (
	"context"
	"errors"

	"quittance/portal/notice"
)

// Rows reads stored messages.
type Rows interface {
	// OutgoingMessages lists the newest, newest first.
	OutgoingMessages(ctx context.Context, limit int) ([]notice.Outgoing, error)
}

// Inbox is a Sender that sends nothing, and the list of what it got.
type Inbox struct {
	Store  Rows
	Sealer notice.Sealer
}

var _ notice.Sender = (*Inbox)(nil)

// Send leaves the message where it is. The worker must have Keep set.
func (*Inbox) Send(_ context.Context, m notice.Message) (string, error) { return "inbox_" + m.ID, nil }

// Item is one message as the phone shows it.
type Item struct {
	notice.Message
	Stored notice.Outgoing
}

// Items lists the newest messages, newest first, those not yet sent included.
func (i *Inbox) Items(ctx context.Context, limit int) ([]Item, error) {
	rows, err := i.Store.OutgoingMessages(ctx, limit)
	if err != nil {
		return nil, err
	}
	items := make([]Item, 0, len(rows))
	for _, row := range rows {
		m, err := notice.Open(i.Sealer, row)
		if err != nil && !errors.Is(err, notice.ErrGone) {
			return nil, err
		}
		items = append(items, Item{Message: m, Stored: row})
	}
	return items, nil
}
