package console

import (
	"context"
	"io"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"quittance/frontend/components/choice"
	"quittance/frontend/locale"
	"quittance/frontend/pages"
	"quittance/frontend/paths"
)

// Wishes lists accounts whose consumer said in their own words how to reach
// them, and nobody has read it: nothing is sent to them until then (COM-02).
type Wishes struct {
	Base
	Waiting []WaitingThread // the longest wait first
}

// Wish is one of them, with what the consumer chose by boxes and hours.
//
// POST /console/accounts/{id}/wishes with "wish" (which was read), "no_sms",
// "no_email", "work" and "day0" to "day6" = "yes", "from" and "until" (hours, ""
// is any).
type Wish struct {
	Base
	AccountID, AccountRef, Name string
	WishID                      string
	Said                        string
	At                          time.Time
	Read                        bool // somebody did; there is nothing to do
	NoSMS, NoEmail, NotAtWork   bool
	Days                        [7]bool
	From, Until                 int    // 0: any hour
	Problem                     string // the hours leave no time
	Moved                       bool   // what was sent was about other words
}

// Render writes the page; so does the method below.
func (p Wishes) Render(ctx context.Context, w io.Writer) error { return wishesPage(p).Render(ctx, w) }
func (p Wish) Render(ctx context.Context, w io.Writer) error   { return wishPage(p).Render(ctx, w) }

// Hours that may be chosen.
const (
	wishFrom  = 8
	wishUntil = 21
)

func (p Wish) hour(h int) string {
	return p.Words.Clock(time.Date(2026, time.November, 23, h, 0, 0, 0, time.UTC))
}

var weekdays = [7]locale.Key{"reach.sunday", "reach.monday", "reach.tuesday", "reach.wednesday", "reach.thursday", "reach.friday", "reach.saturday"}

func (p Wish) dayRow(n int) choice.Row {
	return tick("day"+strconv.Itoa(n), p.T(weekdays[n]), p.Days[n])
}

func tick(name, label string, on bool) choice.Row {
	return choice.Row{ID: name, Name: name, Value: "yes", Label: label, Checked: on}
}

// wishes are the pages of wishes in each state.
func wishes(show func(page, state, title, path string, build func(Base) templ.Component) pages.Example, at func(minute, second int) time.Time) []pages.Example {
	wish := func(b Base) Wish {
		return Wish{
			Base: b, AccountID: "acc_1", AccountRef: "A-100234", Name: "Ana Rivera", WishID: "wsh_1", At: at(2, 0), NoSMS: true, From: 8, Until: 12,
			Said: "I work nights. Please never before noon,\nand not on the 3rd of a month.",
		}
	}
	return []pages.Example{
		show("wishes", "waiting", "One waits to be read", paths.ConsoleWishes, func(b Base) templ.Component {
			return Wishes{Base: b, Waiting: []WaitingThread{{"acc_1", "A-100234", at(2, 0)}}}
		}),
		show("wishes", "none", "All are read", paths.ConsoleWishes, func(b Base) templ.Component { return Wishes{Base: b} }),
		show("wish", "unread", "Words to read", paths.ConsoleWish("acc_1"), func(b Base) templ.Component { return wish(b) }),
		show("wish", "problem", "Hours that leave no time", paths.ConsoleWish("acc_1"), func(b Base) templ.Component {
			w := wish(b)
			w.From, w.Until, w.Problem = 14, 12, b.T("console.wish_hours")
			return w
		}),
		show("wish", "moved", "They said something new meanwhile", paths.ConsoleWish("acc_1"), func(b Base) templ.Component {
			w := wish(b)
			w.Moved = true
			return w
		}),
		show("wish", "read", "Words that were read", paths.ConsoleWish("acc_1"), func(b Base) templ.Component {
			w := wish(b)
			w.Read = true
			return w
		}),
	}
}
