package console

import (
	"context"
	"io"
	"time"

	"github.com/a-h/templ"

	"quittance/frontend/pages"
	"quittance/frontend/paths"
)

// Unanswered lists threads in which the consumer wrote last.
type Unanswered struct {
	Base
	Threads []WaitingThread
}

// WaitingThread is one of them.
type WaitingThread struct {
	AccountID, AccountRef string
	Since                 time.Time
}

// Thread is the messages of one account, newest first.
//
// POST /console/accounts/{id}/messages with "words".
type Thread struct {
	Base
	AccountID, AccountRef, Name string
	Words, Problem              string
	MayAnswer                   bool
	Told                        string // what became of the word that an answer waits
	Notes                       []ThreadNote
	Refused                     []RefusedMessage
	Sent                        []SentMessage // the newest first
}

// SentMessage is a message that the portal sent, will send, or could not.
type SentMessage struct {
	Channel string // "sms" or "email"
	What    string // what it was for, in words
	State   string // what became of it, in words
	Care    bool   // it reached nobody, or nobody knows
	At      time.Time
}

// ThreadNote is one message.
type ThreadNote struct {
	Theirs bool
	Words  string
	At     time.Time
}

// RefusedMessage is one that was not sent, and why.
type RefusedMessage struct {
	Kind, Why string
	At        time.Time
}

// Render writes the page; so does the method below.
func (p Unanswered) Render(ctx context.Context, w io.Writer) error {
	return unansweredPage(p).Render(ctx, w)
}
func (p Thread) Render(ctx context.Context, w io.Writer) error { return threadPage(p).Render(ctx, w) }

// threads are the pages of messages in each state.
func threads(show func(page, state, title, path string, build func(Base) templ.Component) pages.Example, at func(minute, second int) time.Time) []pages.Example {
	thread := func(b Base) Thread {
		return Thread{Base: b, MayAnswer: true, AccountID: "acc_1", AccountRef: "A-100234", Name: "Ana Rivera", Notes: []ThreadNote{
			{Words: "Yes. It was on November 3.", At: at(9, 0)}, {Theirs: true, Words: "Did my check arrive?", At: at(2, 0)},
		}}
	}
	return []pages.Example{
		show("messages", "waiting", "One waits for an answer", paths.ConsoleMessages, func(b Base) templ.Component {
			return Unanswered{Base: b, Threads: []WaitingThread{{"acc_1", "A-100234", at(2, 0)}}}
		}),
		show("messages", "none", "All are answered", paths.ConsoleMessages, func(b Base) templ.Component { return Unanswered{Base: b} }),
		show("thread", "read", "A thread", paths.ConsoleThread("acc_1"), func(b Base) templ.Component { return thread(b) }),
		show("thread", "not-told", "Answered, and nothing may be sent", paths.ConsoleThread("acc_1"), func(b Base) templ.Component {
			t := thread(b)
			t.Told = b.T("console.not_told") + " " + b.T("console.closed_opted_out") + " (COM-07)"
			t.Refused = []RefusedMessage{{"email", b.T("console.closed_opted_out") + " (COM-07)", at(9, 0)}}
			return t
		}),
		show("thread", "sent", "Messages in each state", paths.ConsoleThread("acc_1"), func(b Base) templ.Component {
			t := thread(b)
			t.Sent = []SentMessage{
				{"sms", b.T("console.message_link"), b.T("console.message_unknown"), true, at(9, 0)},
				{"email", b.T("console.message_charge"), b.T("console.message_bounced"), true, at(8, 0)},
				{"email", b.T("console.message_thread"), b.T("console.message_sent"), false, at(7, 0)},
				{"email", b.T("console.message_changed"), b.T("console.message_queued"), false, at(6, 0)},
			}
			return t
		}),
		show("thread", "problem", "Nothing written", paths.ConsoleThread("acc_1"), func(b Base) templ.Component {
			t := thread(b)
			t.Notes, t.Problem = nil, b.T("console.answer_problem")
			return t
		}),
	}
}
