package consumer

import (
	"time"

	"github.com/a-h/templ"

	"quittance/frontend/pages"
	"quittance/frontend/paths"
)

func (s sample) reaching() []pages.Example {
	prefer := func(state, title string, build func(Base) Preferences) pages.Example {
		return s.show("preferences", state, title, true, paths.Preferences, func(b Base) templ.Component { return build(b) })
	}
	messages := func(state, title string, build func(Base) Messages) pages.Example {
		return s.show("messages", state, title, true, paths.Messages, func(b Base) templ.Component { return build(b) })
	}
	fresh := func(state, title string, part ReachPart, build func(b Base) NewContact) pages.Example {
		return s.show("new-contact", state, title, true, paths.NewContact(string(part)), func(b Base) templ.Component { return build(b) })
	}
	at := time.Date(2026, time.November, 20, 10, 5, 0, 0, time.UTC)
	both := func(b Base) Preferences {
		return Preferences{Base: b, Email: ReachWay{To: "a•••@gmail.com", On: true}, SMS: ReachWay{To: "(•••) •••-0147"}, WriteIn: b.Lang()}
	}
	return []pages.Example{
		prefer("plain", "Email yes, texts no", both),
		prefer("saved", "Saved, with days and hours", func(b Base) Preferences {
			p := both(b)
			p.Saved, p.Days, p.From, p.Until, p.NotAtWork = true, [7]bool{0: true, 6: true}, 12, 18, true
			p.OwnWords.Value = "After lunch is best."
			return p
		}),
		prefer("work", "An address at work", func(b Base) Preferences {
			p := both(b)
			p.Email.To, p.AskAttest, p.WorkProblem = "a•••@cityhall.example", true, b.T(ProblemReachWork)
			return p
		}),
		prefer("hours", "Hours that cannot be", func(b Base) Preferences {
			p := both(b)
			p.From, p.Until, p.HoursProblem = 18, 9, b.T(ProblemReachHours)
			return p
		}),
		prefer("nothing", "No way to write, and all contact ended", func(b Base) Preferences {
			return Preferences{Base: b, Ceased: true, WriteIn: b.Lang()}
		}),
		s.show("cease", "ask", "Stop all contact", true, paths.Cease, func(b Base) templ.Component { return Cease{Base: b} }),
		s.show("cease", "done", "All contact has stopped", true, paths.Cease, func(b Base) templ.Component { return Cease{Base: b, Done: true} }),
		messages("empty", "No messages yet", func(b Base) Messages { return Messages{Base: b} }),
		messages("thread", "Question and answer", func(b Base) Messages {
			return Messages{Base: b, Sent: true, Notes: []Note{
				{Mine: true, Words: "Thank you.", At: at.Add(3 * time.Hour)}, {Words: "Yes. It was on November 3.", At: at.Add(2 * time.Hour)},
				{Mine: true, Words: "Did my check arrive?", At: at},
			}}
		}),
		messages("stopped", "Words that read as a stop", func(b Base) Messages {
			return Messages{Base: b, Sent: true, Stopped: true, Notes: []Note{{Mine: true, Words: "Please stop texting me.", At: at}}}
		}),
		messages("problem", "Nothing written", func(b Base) Messages {
			return Messages{Base: b, Text: Input{Problem: b.T(ProblemWordsMissing)}}
		}),
		fresh("email", "A new email", PartEmail, func(b Base) NewContact { return NewContact{Base: b, Part: PartEmail} }),
		fresh("email-work", "A new email at work", PartEmail, func(b Base) NewContact {
			return NewContact{Base: b, Part: PartEmail, Consent: true, Business: true, Fields: map[string]Input{
				"email": {"ana@cityhall.example", b.T(ProblemReachWork)}, "zip": {Value: "45501"},
			}}
		}),
		fresh("phone", "Not a phone number", PartPhone, func(b Base) NewContact {
			return NewContact{Base: b, Part: PartPhone, Factor: FactorBirth, Fields: map[string]Input{"phone": {"555", b.T(ProblemReachPhone)}}}
		}),
		fresh("address", "The detail does not match", PartAddress, func(b Base) NewContact {
			return NewContact{Base: b, Part: PartAddress, Failed: true, Fields: map[string]Input{"line1": {Value: "1 Main St"}, "state": {"X", b.T(ProblemReachState)}}}
		}),
		s.show("new-contact", "check", "The numbers that went to the new email", true, paths.CheckContact("chg_1"), func(b Base) templ.Component {
			return CheckContact{Base: b, Change: "chg_1", Part: PartEmail, Code: Input{"123", b.T(ProblemStepFormat)}}
		}),
		s.show("new-contact", "check-phone", "The numbers that went to the new phone", true, paths.CheckContact("chg_1"), func(b Base) templ.Component {
			return CheckContact{Base: b, Change: "chg_1", Part: PartPhone, ByText: true}
		}),
		s.show("new-contact", "check-you", "No texts: the numbers went to the email on file", true, paths.CheckContact("chg_1"), func(b Base) templ.Component {
			return CheckContact{Base: b, Change: "chg_1", Part: PartPhone}
		}),
		fresh("checks", "The numbers were sent three times today", PartEmail, func(b Base) NewContact {
			return NewContact{Base: b, Part: PartEmail, Fields: map[string]Input{"email": {"ana@example.com", b.T(ProblemReachChecks)}}}
		}),
		s.show("new-contact", "waits", "A person has to change it", true, paths.Preferences, func(b Base) templ.Component {
			return ContactSaved{Base: b, Part: PartPhone, Waits: true}
		}),
		s.show("new-contact", "saved-address", "A new address, and which ZIP code opens", true, paths.Preferences, func(b Base) templ.Component {
			return ContactSaved{Base: b, Part: PartAddress, OldZIP: true}
		}),
		s.show("new-contact", "saved", "It is changed", true, paths.Preferences, func(b Base) templ.Component {
			return ContactSaved{Base: b, Part: PartEmail}
		}),
	}
}
