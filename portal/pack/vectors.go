package pack

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Vector is one case that proves the rules of a pack: these facts come to
// these effects.
type Vector struct {
	Name  string      `json:"name"`
	Facts VectorFacts `json:"facts"`
	// Expect holds fields of Summary: a list is a part of what must be there, a
	// number or a yes or no must be equal.
	Expect json.RawMessage `json:"expect"`
	// Lacks are rules that must not apply.
	Lacks []string `json:"lacks,omitempty"`
}

// VectorFacts are Facts as the files write them.
type VectorFacts struct {
	State      string `json:"state"`
	PostalCode string `json:"postal_code,omitempty"`
	DebtType   string `json:"debt_type,omitempty"`
	TimeBarred bool   `json:"time_barred,omitempty"`
	Day        Day    `json:"day"`
}

// Facts returns them as Resolve wants them.
func (f VectorFacts) Facts() Facts {
	return Facts{State: f.State, PostalCode: f.PostalCode, DebtType: f.DebtType, TimeBarred: f.TimeBarred, Day: civilOf(f.Day)}
}

// Summary is Effects in short words, as vectors and `portal packs show` write
// them: texts by the id of their rule.
type Summary struct {
	Places            []string `json:"places"`
	Rules             []string `json:"rules"`
	Beside            []string `json:"beside_amount"`
	Before            []string `json:"before_payment"`
	First             []string `json:"first_notice"`
	Plan              []string `json:"plan"`
	Dispute           []string `json:"dispute"`
	Message           []string `json:"message"`
	LicenseOf         []string `json:"license_of"`
	MinFontPoints     *int     `json:"min_font_points"`
	EmailNeedsConsent *bool    `json:"email_needs_consent"`
	SMSNeedsConsent   *bool    `json:"sms_needs_consent"`
	Blocks            []string `json:"blocks"`
	Caps              []string `json:"caps"`
	DisputeHoldDays   *int     `json:"dispute_hold_days"`
	Documents         []string `json:"documents"`
	ForbiddenFees     []string `json:"forbidden_fees"`
	Languages         []string `json:"languages"`
	RetentionYears    *int     `json:"retention_years"`
}

// Summary writes the effects in short words.
func (e Effects) Summary() Summary {
	return Summary{
		Places: e.Places, Rules: e.RuleIDs, Beside: idsOf(e.Beside), Before: idsOf(e.Before), First: idsOf(e.First), Plan: idsOf(e.Plan),
		Dispute: idsOf(e.Dispute), Message: idsOf(e.Message), LicenseOf: e.LicenseOf, MinFontPoints: &e.MinFontPoints,
		EmailNeedsConsent: &e.EmailNeedsConsent, SMSNeedsConsent: &e.SMSNeedsConsent, Blocks: texts(e.Blocks), Caps: texts(e.Caps),
		DisputeHoldDays: &e.DisputeHoldDays, Documents: texts(e.Documents), ForbiddenFees: texts(e.ForbiddenFees), Languages: e.Languages,
		RetentionYears: &e.RetentionYears,
	}
}

func idsOf(all []Words) []string {
	var ids []string
	for _, w := range all {
		ids = append(ids, w.RuleID)
	}
	return ids
}

func texts[T fmt.Stringer](all []T) []string {
	var out []string
	for _, one := range all {
		out = append(out, one.String())
	}
	return out
}

// String writes "3 in 7 days", "1 sms in 1 day", "1 in 7 days without consent".
func (c Cap) String() string {
	s := fmt.Sprintf("%d ", c.Messages)
	if c.Channel != "" {
		s += c.Channel + " "
	}
	s += "in " + days(c.Days)
	if c.WithoutConsent {
		s += " without consent"
	}
	return s
}

// String writes "sms" or "sms from 21 to 8".
func (b Block) String() string {
	if b.FromHour == b.ToHour {
		return b.Channel
	}
	return fmt.Sprintf("%s from %d to %d", b.Channel, b.FromHour, b.ToHour)
}

// String writes "interest".
func (f Fee) String() string { return string(f) }

// String writes "plan_confirmation on plan in 5 days".
func (d Document) String() string { return fmt.Sprintf("%s on %s in %s", d.Name, d.On, days(d.Days)) }

func days(n int) string {
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}

// Prove runs the vectors of every pack of the book against the whole book.
func (b Book) Prove() error {
	var faults []error
	for _, p := range b.Packs {
		for _, v := range p.Vectors {
			for _, f := range v.faults(b) {
				faults = append(faults, fmt.Errorf("%w: %s: vector %q: %s", ErrFaulty, p.File, v.Name, f))
			}
		}
	}
	return errors.Join(faults...)
}

func (v Vector) faults(b Book) []string {
	if v.Name == "" || v.Facts.Day.IsZero() {
		return []string{"its name or day is missing"}
	}
	var want Summary
	d := json.NewDecoder(bytes.NewReader(v.Expect))
	d.DisallowUnknownFields()
	if err := d.Decode(&want); err != nil {
		return []string{"expect: " + err.Error()}
	}
	got := Resolve(b, v.Facts.Facts()).Summary()
	var all []string
	for _, l := range lists(want, got) {
		for _, item := range l.want {
			if !slices.Contains(l.got, item) {
				all = append(all, fmt.Sprintf("%s lacks %q; it has %s", l.name, item, strings.Join(l.got, ", ")))
			}
		}
	}
	all = append(all, differ("min_font_points", want.MinFontPoints, got.MinFontPoints)...)
	all = append(all, differ("retention_years", want.RetentionYears, got.RetentionYears)...)
	all = append(all, differ("dispute_hold_days", want.DisputeHoldDays, got.DisputeHoldDays)...)
	all = append(all, differ("email_needs_consent", want.EmailNeedsConsent, got.EmailNeedsConsent)...)
	all = append(all, differ("sms_needs_consent", want.SMSNeedsConsent, got.SMSNeedsConsent)...)
	for _, id := range v.Lacks {
		if slices.Contains(got.Rules, id) {
			all = append(all, "rule "+id+" applies and must not")
		}
	}
	return all
}

type pair struct {
	name      string
	want, got []string
}

func lists(want, got Summary) []pair {
	return []pair{
		{"places", want.Places, got.Places}, {"rules", want.Rules, got.Rules}, {"beside_amount", want.Beside, got.Beside},
		{"before_payment", want.Before, got.Before}, {"first_notice", want.First, got.First}, {"plan", want.Plan, got.Plan},
		{"dispute", want.Dispute, got.Dispute}, {"message", want.Message, got.Message}, {"license_of", want.LicenseOf, got.LicenseOf},
		{"blocks", want.Blocks, got.Blocks}, {"caps", want.Caps, got.Caps}, {"documents", want.Documents, got.Documents},
		{"forbidden_fees", want.ForbiddenFees, got.ForbiddenFees}, {"languages", want.Languages, got.Languages},
	}
}

func differ[T comparable](name string, want, got *T) []string {
	if want == nil || *want == *got {
		return nil
	}
	return []string{fmt.Sprintf("%s is %v, want %v", name, *got, *want)}
}
