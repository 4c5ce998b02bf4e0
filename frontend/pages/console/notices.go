package console

import (
	"context"
	"io"
	"strings"
	"time"

	"quittance/frontend/locale"
	"quittance/plans/civil"
)

// Notices is the queue of what is to be mailed: validation notices that are
// still owed on the third day after their consumer heard of the debt here
// (VAL-10), and letters that the law wants in writing (STA-04).
type Notices struct {
	Base
	Owed    []OwedNotice // the earliest first
	Letters []OwedLetter // that the law wants in writing and that are to be mailed
}

// OwedLetter is one letter to mail.
type OwedLetter struct {
	Kind string // as compliance packs name it
	OwedNotice
}

// letterKinds name the papers that the portal writes.
var letterKinds = map[string]locale.Key{
	"plan_confirmation": "letter.confirmation", "plan_accounting": "letter.accounting", "payoff_letter": "letter.payoff",
	"satisfaction_letter": "letter.satisfaction", "satisfaction_withdrawn": "letter.withdrawal", "pre_collection_notice": "console.letter_before", "itemization": "console.letter_itemization",
}

// words name the paper; one that only a pack knows is named as the pack does.
func (l OwedLetter) words(b Base) string {
	if key, known := letterKinds[l.Kind]; known {
		return b.T(key)
	}
	return strings.ReplaceAll(l.Kind, "_", " ")
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
