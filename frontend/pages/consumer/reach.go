package consumer

import (
	"context"
	"io"
	"strconv"
	"time"

	"quittance/frontend/components/choice"
	"quittance/frontend/components/field"
	"quittance/frontend/components/summary"
	"quittance/frontend/locale"
	"quittance/plans/civil"
)

// Preferences is how a person wants to be reached: by which ways, on which days
// and at which hours not, in which language, and in their own words. What is
// kept counts at once (COM-02).
//
// POST /preferences with "email" and "sms" = "yes", "attest" = "yes", "day0" to
// "day6" = "yes" (Sunday is 0), "from" and "until" (hours, "" is any), "work" =
// "yes", "words" and "write_in" (en or es).
type Preferences struct {
	Base
	Saved        bool
	Ceased       bool // all contact was ended
	Email, SMS   ReachWay
	AskAttest    bool // the e-mail address looks like one at work (COM-04)
	Attested     bool
	Days         [7]bool
	From, Until  int // 0: any hour
	NotAtWork    bool
	OwnWords     Input
	WriteIn      string
	HoursProblem string
	WorkProblem  string // the address at work was not confirmed
}

// ReachWay is one way of writing to the person.
type ReachWay struct {
	To   string // masked; empty: none is on file
	On   bool
	Shut bool // the agency does not send by it, or the number is a stranger's
}

// Hours that may be chosen.
const (
	reachFrom  = 8
	reachUntil = 21
)

func (p Preferences) problems() []summary.Line {
	return append(append(line("attest", p.WorkProblem), line("from", p.HoursProblem)...), line("words", p.OwnWords.Problem)...)
}

func (p Preferences) hour(h int) string {
	return p.Words.Clock(time.Date(2026, time.November, 23, h, 0, 0, 0, time.UTC))
}

var weekdays = [7]locale.Key{"reach.sunday", "reach.monday", "reach.tuesday", "reach.wednesday", "reach.thursday", "reach.friday", "reach.saturday"}

func (p Preferences) dayRow(n int) choice.Row {
	id := "day" + strconv.Itoa(n)
	return choice.Row{ID: id, Name: id, Value: "yes", Label: p.T(weekdays[n]), Checked: p.Days[n]}
}

func (p Preferences) words() field.Field {
	return field.Field{
		Name: "words", Label: p.T("reach.words"), Hint: p.T("reach.words_hint"), Value: p.OwnWords.Value,
		Problem: p.OwnWords.Problem, ProblemLabel: p.T("frame.problem_label"), MaxLength: "1000",
	}
}

func yes(name, label, hint string, on bool) choice.Row {
	return choice.Row{ID: name, Name: name, Value: "yes", Label: label, Hint: hint, Checked: on}
}

// Cease ends all contact by one button (COM-10).
//
// POST /preferences/stop; POST /preferences/stop/undo.
type Cease struct {
	Base
	Done bool
}

// Messages is the thread with the agency, newest first.
//
// POST /messages with "words".
type Messages struct {
	Base
	Text    Input
	Sent    bool
	Stopped bool // their words were read as a wish to get no more messages
	Notes   []Note
}

// Note is one message.
type Note struct {
	Mine  bool
	Words string
	At    time.Time // in the agency's zone
}

func (p Messages) field() field.Field {
	return field.Field{
		Name: "words", Label: p.T("messages.label"), Hint: p.T("messages.hint"), Value: p.Text.Value,
		Problem: p.Text.Problem, ProblemLabel: p.T("frame.problem_label"), MaxLength: "2000",
	}
}

// ReachPart is what a person wants to change.
type ReachPart string

// The parts.
const (
	PartAddress ReachPart = "address"
	PartPhone   ReachPart = "phone"
	PartEmail   ReachPart = "email"
)

// NewContact changes an address, a number or an e-mail. The personal detail is
// asked for once more (SEC-12).
//
// POST /preferences/{part} with "line1", "line2", "city", "state", "postal", or
// "phone", or "email", "consent" and "attest"; and "zip" or "birth_month",
// "birth_day" and "birth_year".
type NewContact struct {
	Base
	Part     ReachPart
	Fields   map[string]Input
	Factor   Factor
	Birth    Birth
	Consent  bool
	Attest   bool
	Business bool // the address typed looks like one at work
	Failed   bool // the personal detail did not match
}

// CheckContact asks for the digits that were sent to a new e-mail address or
// number; where no texts are sent, to the e-mail on file.
//
// POST /preferences/check/{change} with "code".
type CheckContact struct {
	Base
	Change string
	Part   ReachPart
	ByText bool // the digits went by text
	Code   Input
}

func (p CheckContact) title() string {
	if p.ByText {
		return p.T("reach.check_phone")
	}
	return p.T("reach.check")
}

func (p CheckContact) lead() string {
	switch {
	case p.ByText:
		return p.T("reach.check_phone_text")
	case p.Part == PartPhone:
		return p.T("reach.check_you_text")
	}
	return p.T("reach.check_text")
}

// ContactSaved says that it is changed, and whom else we told; or that a person
// has to change it.
type ContactSaved struct {
	Base
	Part   ReachPart
	Waits  bool // nothing is changed: a person does it
	OldZIP bool // the ZIP code of the old address opens for some days more
}

// ContactTold is a change that the contact on file before hears of by letter
// alone: the account says it too.
type ContactTold struct {
	Part ReachPart
	On   civil.Date
}

var toldWords = map[ReachPart]locale.Key{PartAddress: "reach.told_address", PartPhone: "reach.told_phone", PartEmail: "reach.told_email"}

func (p Account) toldWords(t ContactTold) string {
	return p.T(toldWords[t.Part], "date", t.On, "phone", p.Agency.Phone)
}

// Problems beside the fields of these pages.
const (
	ProblemReachHours   locale.Key = "problem.reach_hours"
	ProblemReachWork    locale.Key = "problem.reach_work"
	ProblemReachEmail   locale.Key = "problem.reach_email"
	ProblemReachPhone   locale.Key = "problem.reach_phone"
	ProblemReachChecks  locale.Key = "problem.reach_checks"
	ProblemReachMissing locale.Key = "problem.reach_missing"
	ProblemReachState   locale.Key = "problem.reach_state"
	ProblemWordsMissing locale.Key = "problem.words_missing"
	ProblemWordsLong    locale.Key = "problem.words_long"
)

var partTitles = map[ReachPart]locale.Key{PartAddress: "reach.new_address", PartPhone: "reach.new_phone", PartEmail: "reach.new_email"}

var reachFields = map[ReachPart][]string{PartAddress: {"line1", "line2", "city", "state", "postal"}, PartPhone: {"phone"}, PartEmail: {"email"}}

var reachLabels = map[string]locale.Key{
	"line1": "reach.line1", "line2": "reach.line2", "city": "reach.city", "state": "reach.state", "postal": "reach.postal",
	"phone": "reach.phone", "email": "reach.email",
}

var reachFills = map[string]string{
	"line1": "address-line1", "line2": "address-line2", "city": "address-level2", "state": "address-level1", "postal": "postal-code",
	"phone": "tel", "email": "email",
}

func (p NewContact) field(name string) field.Field {
	in := p.Fields[name]
	f := field.Field{
		Name: name, Label: p.T(reachLabels[name]), Value: in.Value, Problem: in.Problem, ProblemLabel: p.T("frame.problem_label"),
		Autocomplete: reachFills[name],
	}
	switch name {
	case "phone":
		f.InputMode, f.Hint = "tel", p.T("reach.phone_check")
	case "email":
		f.InputMode = "email"
	case "state":
		f.Width, f.MaxLength, f.Capitals = "tiny", "40", true
	case "postal":
		f.Width, f.InputMode, f.MaxLength = "short", "numeric", "40"
	}
	return f
}

func (p NewContact) problems() []summary.Line {
	var all []summary.Line
	for _, name := range reachFields[p.Part] {
		all = append(all, line(name, p.Fields[name].Problem)...)
	}
	if p.Failed {
		all = append(all, summary.Line{ID: "zip", Words: p.T("verify.failed")})
	}
	return append(append(all, line("zip", p.Fields["zip"].Problem)...), line("birth_month", p.Birth.Problem)...)
}

// verify draws the personal detail as the front door does.
func (p NewContact) verify() Verify {
	return Verify{Base: p.Base, Factor: p.Factor, ZIP: p.Fields["zip"], Birth: p.Birth}
}

func (p CheckContact) field() field.Field {
	return VerifyCode{Base: p.Base, Code: p.Code}.field()
}

// Render writes the page; so do the methods of this name below.
func (p Preferences) Render(ctx context.Context, w io.Writer) error {
	return preferencesPage(p).Render(ctx, w)
}
func (p Cease) Render(ctx context.Context, w io.Writer) error { return ceasePage(p).Render(ctx, w) }
func (p Messages) Render(ctx context.Context, w io.Writer) error {
	return messagesPage(p).Render(ctx, w)
}
func (p NewContact) Render(ctx context.Context, w io.Writer) error {
	return newContactPage(p).Render(ctx, w)
}
func (p CheckContact) Render(ctx context.Context, w io.Writer) error {
	return checkContactPage(p).Render(ctx, w)
}
func (p ContactSaved) Render(ctx context.Context, w io.Writer) error {
	return contactSavedPage(p).Render(ctx, w)
}
