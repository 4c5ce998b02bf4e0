package pack

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Diff says in plain sentences what changed from one version of a pack to
// another, for the second person who approves it.
func Diff(before, after Pack) []string {
	var all []string
	all = append(all, changed("the pack", headOf(before), headOf(after))...)
	for _, r := range before.Rules {
		if _, kept := after.find(r); !kept {
			all = append(all, fmt.Sprintf("Rule %s is gone. It said: %s.", r.ID, r.Sentence()))
		}
	}
	for _, r := range after.Rules {
		old, was := before.find(r)
		if !was {
			all = append(all, fmt.Sprintf("Rule %s is new: %s. It cites %s.", r.ID, r.Sentence(), r.Citation))
			continue
		}
		all = append(all, changed("rule "+r.ID, fieldsOf(old), fieldsOf(r))...)
	}
	if len(before.Vectors) != len(after.Vectors) {
		all = append(all, fmt.Sprintf("There were %d vectors and now there are %d.", len(before.Vectors), len(after.Vectors)))
	}
	return all
}

// find returns the version of the same rule that begins on the same day, or
// the only one of its id.
func (p Pack) find(r Rule) (Rule, bool) {
	var same []Rule
	for _, other := range p.Rules {
		if other.ID != r.ID {
			continue
		}
		if other.From == r.From {
			return other, true
		}
		same = append(same, other)
	}
	if len(same) == 1 {
		return same[0], true
	}
	return Rule{}, false
}

// Sentence says what a rule does in plain words.
func (r Rule) Sentence() string {
	s := r.effect()
	if len(r.DebtTypes) > 0 {
		s += " for " + strings.Join(r.DebtTypes, " and ") + " debts"
	}
	s += " from " + r.From.String()
	if !r.To.IsZero() {
		s += " until " + r.To.String()
	}
	return s
}

// occasions names each trigger in words.
var occasions = map[Trigger]string{
	Always: "always", FirstNotice: "with the first notice", Message: "in each message", Payment: "before a payment",
	Plan: "with a plan", Dispute: "with a dispute", TimeBarred: "on a debt too old to sue over",
}

// forbidden says each fee that a rule may forbid in words.
var forbidden = map[Fee]string{
	FeeInterest: "interest added after the itemization date is left out of what is owed",
	FeeAdded:    "fees added after the itemization date are left out of what is owed", FeeConvenience: "no fee is charged for paying",
	FeeSurcharge: "no surcharge is made for a way of paying",
}

func (r Rule) effect() string {
	v := r.Value
	switch r.Effect {
	case RequireText:
		return fmt.Sprintf("these words stand %s: “%s”", occasions[r.Trigger], r.Text.EN)
	case BlockChannel:
		return "no messages by " + Block{v.Channel, v.FromHour, v.ToHour}.String()
	case RequireConsent:
		return "messages by " + v.Channel + " need consent"
	case CapFrequency:
		return "at most " + Cap{v.Channel, v.Messages, v.Days, v.WithoutConsent}.String() + " about a debt"
	case HoldDays:
		return "a dispute is answered within " + days(v.Days) + " and holds until then"
	case RequireDocument:
		return fmt.Sprintf("a %s is owed %s within %s", strings.ReplaceAll(v.Document, "_", " "), occasions[r.Trigger], days(v.Days))
	case ForbidFee:
		return forbidden[v.Fee]
	case MinFont:
		return fmt.Sprintf("required words are at least %d point", v.Points)
	case LicenseFooter:
		return "the license number stands on every page, message and receipt"
	case Language:
		return "the notice is offered in " + v.Language
	case KeepRecords:
		return fmt.Sprintf("records are kept for %d years after the last activity", v.Years)
	}
	return string(r.Effect)
}

// field is one line of what a thing is, to be held against another.
type field struct{ name, value string }

func headOf(p Pack) []field {
	names, _ := json.Marshal(p.Name)
	return []field{
		{"jurisdiction", p.Jurisdiction}, {"version", p.Version}, {"name", string(names)}, {"postal codes", strings.Join(p.PostalCodes, ", ")},
		{"first day", p.From.String()}, {"last day", p.To.String()}, {"author", p.Author}, {"approver", p.Approver},
	}
}

func fieldsOf(r Rule) []field {
	value, _ := json.Marshal(r.Value)
	return []field{
		{"rule of the book", r.Rule}, {"debt types", strings.Join(r.DebtTypes, ", ")}, {"trigger", string(r.Trigger)}, {"effect", string(r.Effect)},
		{"value", string(value)}, {"English text", r.Text.EN}, {"Spanish text", r.Text.ES}, {"first day", r.From.String()},
		{"last day", r.To.String()}, {"citation", r.Citation}, {"approver", r.Approver}, {"review", r.Review},
	}
}

func changed(what string, before, after []field) []string {
	var all []string
	for i, f := range after {
		switch old := before[i].value; {
		case old == f.value:
		case old == "":
			all = append(all, fmt.Sprintf("In %s the %s is new: %s.", what, f.name, f.value))
		case f.value == "":
			all = append(all, fmt.Sprintf("In %s the %s is gone; it was %s.", what, f.name, old))
		default:
			all = append(all, fmt.Sprintf("In %s the %s was %s and is now %s.", what, f.name, old, f.value))
		}
	}
	return all
}

// Waiting lists the rules that an agency's lawyer has still to confirm.
func (p Pack) Waiting() []string {
	var ids []string
	for _, r := range p.Rules {
		if r.Review == Counsel {
			ids = append(ids, r.ID)
		}
	}
	return slices.Compact(ids)
}
