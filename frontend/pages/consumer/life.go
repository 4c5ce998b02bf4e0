package consumer

import (
	"context"
	"io"

	"quittance/frontend/components/choice"
	"quittance/frontend/components/field"
	"quittance/frontend/components/summary"
	"quittance/frontend/locale"
	"quittance/plans/civil"
)

// LifeKind is something in a person's life that changes what may be asked of
// them; the word in the address of its page.
type LifeKind string

// The kinds, in the order of the room.
const (
	LifeHardship   LifeKind = "hardship"
	LifeIllness    LifeKind = "illness"
	LifeDisaster   LifeKind = "disaster"
	LifeDeath      LifeKind = "death"
	LifeBankruptcy LifeKind = "bankruptcy"
	LifeAttorney   LifeKind = "lawyer"
	LifeService    LifeKind = "military"
	LifeIdentity   LifeKind = "identity-theft"
	LifeMinor      LifeKind = "under-18"
	LifeNotMe      LifeKind = "not-me"
)

// Sentences beside the fields.
const (
	ProblemLifePhone locale.Key = "life.phone_problem"
	ProblemLifeEmail locale.Key = "life.email_problem"
)

// HelpRoom is "I need help": what has happened, and what follows at once.
type HelpRoom struct {
	Base
	Plans bool // more time can be had here
}

// Life explains what will happen at once and takes what the person may add.
// Nothing on it is needed.
//
// POST /help/{kind} with "case_number", "chapter", "name", "phone", "email",
// "relation" and "pay_anyway" as far as the page shows them.
type Life struct {
	Base
	Kind LifeKind
	Days int // of a pause

	CaseNumber, Name, Phone, Email, Relation Input
	Chapter                                  string
	PayAnyway                                bool
}

// LifeDone says what was stopped just now, and what comes next. Nobody has to
// add anything.
//
// POST /help/done/{reference}/files as a form with "files".
type LifeDone struct {
	Base
	Kind      LifeKind
	Reference string
	Stopped   LifeStopped
	Until     civil.Date // of a pause
	PayAnyway bool

	Papers       bool     // photos and papers may be added
	Count        int      // how many there are
	Files        []string // their names, for whoever told us
	FileProblems []string
}

// LifeDirect asks a person once more whether they want to be dealt with directly
// although they spoke of a lawyer (STS-03). Nothing is ticked beforehand.
//
// POST /help/lawyer/direct with "sure" = "yes".
type LifeDirect struct {
	Base
	Stands  bool // not theirs to end: the agency was told by others
	Problem string
}

// LifeAlive asks whoever signed in whether they are the person whose death
// somebody with a link told us of. Their own act alone takes it back.
//
// POST /help/alive/sure.
type LifeAlive struct {
	Base
	Stands bool // not theirs to end: the agency was told by others
}

// Render writes the page.
func (p LifeAlive) Render(ctx context.Context, w io.Writer) error {
	return lifeAlivePage(p).Render(ctx, w)
}

// ProblemLifeDirect stands beside the box that was not ticked.
const ProblemLifeDirect locale.Key = "life.direct_problem"

// Render writes the page.
func (p LifeDirect) Render(ctx context.Context, w io.Writer) error {
	return lifeDirectPage(p).Render(ctx, w)
}

func (p LifeDirect) sure() choice.Row {
	return choice.Row{ID: "sure", Name: "sure", Value: "yes", Label: p.T("life.direct_sure"), Problem: p.Problem != ""}
}

// LifeStopped counts what stopped.
type LifeStopped struct{ Links, Plans, Messages int }

// Died takes the word of somebody who holds a texted link that the person it
// was for has died. Nothing of an account is shown (STS-02).
//
// POST Action with "name", "relation" and "phone"; all may be empty.
type Died struct {
	Base
	Action                string
	Name, Relation, Phone Input
}

// DiedDone thanks them and confirms nothing.
type DiedDone struct{ Base }

// Render writes the page; so do all the methods of this name below.
func (p HelpRoom) Render(ctx context.Context, w io.Writer) error {
	return helpRoomPage(p).Render(ctx, w)
}
func (p Life) Render(ctx context.Context, w io.Writer) error { return lifePage(p).Render(ctx, w) }
func (p LifeDone) Render(ctx context.Context, w io.Writer) error {
	return lifeDonePage(p).Render(ctx, w)
}
func (p Died) Render(ctx context.Context, w io.Writer) error { return diedPage(p).Render(ctx, w) }
func (p DiedDone) Render(ctx context.Context, w io.Writer) error {
	return diedDonePage(p).Render(ctx, w)
}

// life is what the pages say of a kind.
type life struct {
	name, line, lead locale.Key   // in the room; its page
	happens          []locale.Key // at once
	next             locale.Key   // afterwards
	fields           []string     // that the page shows
}

// lives is the room, in its order.
var lives = []struct {
	kind LifeKind
	life life
}{
	{LifeHardship, life{"life.hardship", "life.hardship_line", "life.hardship_lead",
		[]locale.Key{"life.at_write", "life.at_rest", "life.at_keep"}, "life.hardship_next", nil}},
	{LifeIllness, life{"life.illness", "life.illness_line", "life.illness_lead",
		[]locale.Key{"life.at_write", "life.at_rest", "life.at_keep"}, "life.pause_next", nil}},
	{LifeDisaster, life{"life.disaster", "life.disaster_line", "life.disaster_lead",
		[]locale.Key{"life.at_write", "life.at_rest", "life.at_keep"}, "life.pause_next", nil}},
	{LifeDeath, life{"life.death", "life.death_line", "life.death_lead",
		[]locale.Key{"life.at_write", "life.at_end", "life.at_hide"}, "life.death_next", []string{"name", "relation", "phone"}}},
	{LifeBankruptcy, life{"life.bankruptcy", "life.bankruptcy_line", "life.bankruptcy_lead",
		[]locale.Key{"life.at_write", "life.at_end", "life.at_hide"}, "life.bankruptcy_next", []string{"case_number", "chapter", "name"}}},
	{LifeAttorney, life{"life.lawyer", "life.lawyer_line", "life.lawyer_lead",
		[]locale.Key{"life.at_write", "life.at_rest", "life.at_wrong"}, "life.lawyer_next", []string{"name", "phone", "email", "pay_anyway"}}},
	{LifeService, life{"life.military", "life.military_line", "life.military_lead",
		[]locale.Key{"life.at_interest", "life.at_goes_on", "life.at_free"}, "life.military_next", nil}},
	{LifeIdentity, life{"life.stolen", "life.stolen_line", "life.stolen_lead",
		[]locale.Key{"life.at_write", "life.at_end", "life.at_creditor", "life.at_hide"}, "life.stolen_next", nil}},
	{LifeMinor, life{"life.minor", "life.minor_line", "life.minor_lead",
		[]locale.Key{"life.at_write", "life.at_end", "life.at_hide"}, "life.minor_next", []string{"name", "phone"}}},
	{LifeNotMe, life{"life.not_me", "life.not_me_line", "life.not_me_lead",
		[]locale.Key{"life.at_sever", "life.at_rest", "life.at_sign_out"}, "life.not_me_next", nil}},
}

func (k LifeKind) life() life {
	for _, row := range lives {
		if row.kind == k {
			return row.life
		}
	}
	return life{}
}

// send are the words of the button: a servicemember's claim stops nothing.
func (k LifeKind) send() locale.Key {
	if k == LifeService {
		return "died.send"
	}
	return "life.send"
}

func (k LifeKind) done() locale.Key {
	if k == LifeService {
		return "life.done_did"
	}
	return "life.done_stopped"
}

func (p Life) problems() []summary.Line {
	return append(line("phone", p.Phone.Problem), line("email", p.Email.Problem)...)
}

// fields are those that the page shows, each of which may stay empty.
func (p Life) fields() []field.Field {
	name := map[LifeKind]locale.Key{
		LifeDeath: "life.your_name", LifeBankruptcy: "life.lawyer_name", LifeAttorney: "life.lawyer_name", LifeMinor: "life.guardian_name",
	}[p.Kind]
	phone := map[LifeKind]locale.Key{LifeDeath: "life.your_phone", LifeAttorney: "life.lawyer_phone", LifeMinor: "life.guardian_phone"}[p.Kind]
	all := map[string]field.Field{
		"case_number": lifeField(p.Base, "case_number", "life.case_number", p.CaseNumber),
		"name":        lifeField(p.Base, "name", name, p.Name),
		"phone":       lifeField(p.Base, "phone", phone, p.Phone),
		"email":       lifeField(p.Base, "email", "life.lawyer_email", p.Email),
		"relation":    lifeField(p.Base, "relation", "life.relation", p.Relation),
	}
	var shown []field.Field
	for _, wanted := range p.Kind.life().fields {
		if f, ok := all[wanted]; ok {
			shown = append(shown, f)
		}
	}
	return shown
}

func lifeField(b Base, name string, label locale.Key, in Input) field.Field {
	if label == "" {
		return field.Field{}
	}
	f := field.Field{
		Name: name, Label: b.T(label), Value: in.Value, Problem: in.Problem, ProblemLabel: b.T("frame.problem_label"),
		Autocomplete: "off", MaxLength: "200",
	}
	if name == "phone" {
		f.InputMode, f.Width, f.MaxLength = "tel", "short", "40"
	}
	return f
}

func (p Life) has(name string) bool {
	for _, wanted := range p.Kind.life().fields {
		if wanted == name {
			return true
		}
	}
	return false
}

// chapters are those a person may name; nobody has to know theirs.
var chapters = []string{"7", "11", "12", "13"}

func (p Life) consent() choice.Row {
	return choice.Row{ID: "pay_anyway", Name: "pay_anyway", Value: "1", Label: p.T("life.pay_anyway"), Hint: p.T("life.pay_anyway_hint"), Checked: p.PayAnyway}
}

// lifePapers are what may help with a kind, for those who have it.
var lifePapers = map[LifeKind]locale.Key{
	LifeDeath: "life.papers_death", LifeBankruptcy: "life.papers_bankruptcy", LifeAttorney: "life.papers_lawyer",
	LifeService: "life.papers_military", LifeIdentity: "life.papers_stolen", LifeMinor: "life.papers_minor",
}

func (p LifeDone) problems() []summary.Line {
	var all []summary.Line
	for _, words := range p.FileProblems {
		all = append(all, line("files", words)...)
	}
	return all
}

// paused reports whether the kind ends by itself.
func (p Life) paused() bool { return p.Days > 0 }

func (p Died) problems() []summary.Line { return line("phone", p.Phone.Problem) }

func (p Died) fields() []field.Field {
	return []field.Field{
		lifeField(p.Base, "name", "died.name", p.Name), lifeField(p.Base, "relation", "died.relation", p.Relation),
		lifeField(p.Base, "phone", "died.phone", p.Phone),
	}
}

// stopped are the sentences of what stopped just now.
func (p LifeDone) stopped() []string {
	var all []string
	ends := p.Kind == LifeDeath || p.Kind == LifeBankruptcy || p.Kind == LifeIdentity || p.Kind == LifeMinor
	switch p.Kind {
	case LifeService:
		return []string{p.T("life.done_interest"), p.T("life.at_goes_on"), p.T("life.at_free")}
	case LifeAttorney:
		all = append(all, p.T("life.done_write"), p.T("life.done_lawyer"))
	default:
		all = append(all, p.T("life.done_write"))
	}
	if p.Stopped.Messages > 0 {
		all = append(all, p.T("life.done_messages", "n", p.Stopped.Messages))
	}
	if p.Stopped.Links > 0 {
		all = append(all, p.T("life.done_links", "n", p.Stopped.Links))
	}
	switch {
	case p.Stopped.Plans > 0 && ends:
		all = append(all, p.T("life.done_plans_ended", "n", p.Stopped.Plans))
	case p.Stopped.Plans > 0:
		all = append(all, p.T("life.done_plans_rest", "n", p.Stopped.Plans))
	}
	if ends || p.Kind == LifeNotMe {
		all = append(all, p.T("life.done_pay"))
	}
	if p.Kind == LifeIdentity {
		all = append(all, p.T("life.done_creditor"))
	}
	return all
}
