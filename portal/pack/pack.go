// Package pack holds the law of each place as data: federal rules and those of
// states and cities in dated, cited, versioned files, each with the cases that
// prove it (rules.md P). It reads them, refuses what is incomplete, and says
// what they come to for one consumer on one day. It is pure: whoever adds a
// state writes a file and no Go.
package pack

import (
	"quittance/plans/civil"
)

// Federal is the jurisdiction whose rules hold everywhere.
const Federal = "US"

// Effect is what a rule does.
type Effect string

// The effects a rule may have (STA-02).
const (
	RequireText     Effect = "require_text"     // words that must be shown
	BlockChannel    Effect = "block_channel"    // no messages by a channel, always or in given hours
	RequireConsent  Effect = "require_consent"  // a channel is used with prior consent only
	CapFrequency    Effect = "cap_frequency"    // the most messages in a number of days, per debt
	HoldDays        Effect = "hold_days"        // a dispute is answered within so many days and holds until then
	RequireDocument Effect = "require_document" // a paper that is owed, and by when
	ForbidFee       Effect = "forbid_fee"       // an amount that may not be asked for (AMT-04); see Fee
	MinFont         Effect = "min_font"         // the least size of required words
	LicenseFooter   Effect = "license_footer"   // the license number stands on everything
	Language        Effect = "language"         // a language that must be offered
	KeepRecords     Effect = "keep_records"     // records are kept so many years after the last activity
)

// Fee is what a rule of effect ForbidFee forbids. The first two act on what the
// system of record added after the itemization date: it is left out of what is
// owed, whatever allows it elsewhere, and flagged with the rule's id. The other
// two are fees for paying or for the way of paying: the portal has none to take
// (AMT-01, AMT-03), so they act on no amount and are listed alone.
type Fee string

// The fees that a rule may forbid.
const (
	FeeInterest    Fee = "interest"    // interest added since
	FeeAdded       Fee = "fees"        // fees added since
	FeeConvenience Fee = "convenience" // for paying
	FeeSurcharge   Fee = "surcharge"   // for paying by card
)

// Valid reports whether the portal knows the fee.
func (f Fee) Valid() bool {
	return f == FeeInterest || f == FeeAdded || f == FeeConvenience || f == FeeSurcharge
}

// Trigger is the occasion on which a rule speaks.
type Trigger string

// Occasions.
const (
	Always      Trigger = "always"
	FirstNotice Trigger = "first_notice" // the first page or message about a debt
	Message     Trigger = "message"      // each e-mail and text
	Payment     Trigger = "payment"      // before a payment
	Plan        Trigger = "plan"         // when a plan is agreed on
	Dispute     Trigger = "dispute"      // beside the dispute form, and when one is opened
	TimeBarred  Trigger = "time_barred"  // beside the amount of a debt too old to sue over, and before it is paid
)

// Rule is one row of a pack.
type Rule struct {
	ID        string   `json:"id"`
	Rule      string   `json:"rule"`                 // the rule of rules.md that it serves
	DebtTypes []string `json:"debt_types,omitempty"` // empty: every type
	Trigger   Trigger  `json:"trigger"`
	Effect    Effect   `json:"effect"`
	Value     Value    `json:"value,omitzero"`
	Text      Text     `json:"text,omitzero"` // of RequireText
	From      Day      `json:"effective_from"`
	To        Day      `json:"effective_to,omitzero"` // the last day; empty: open
	Citation  string   `json:"citation"`
	Approver  string   `json:"approver,omitempty"` // where it is not the pack's
	Review    string   `json:"review,omitempty"`   // "counsel": the words or the number wait for the agency's lawyer
}

// MostPoints is the largest size that a rule may ask of required words.
const MostPoints = 24

// Counsel marks what an agency's lawyer has still to confirm.
const Counsel = "counsel"

// Text is a required text in both languages of the portal.
type Text struct {
	EN string `json:"en,omitempty"`
	ES string `json:"es,omitempty"`
}

// Value is the measure of an effect. Which fields are asked for is the
// effect's business; see the table measures.
type Value struct {
	Channel        string `json:"channel,omitempty"` // "email" or "sms"; of a cap empty is both together
	Messages       int    `json:"messages,omitempty"`
	Days           int    `json:"days,omitempty"`
	WithoutConsent bool   `json:"without_consent,omitempty"` // the cap holds while there is no consent
	Document       string `json:"document,omitempty"`
	Fee            Fee    `json:"fee,omitempty"`
	Points         int    `json:"points,omitempty"`
	Language       string `json:"language,omitempty"`
	FromHour       int    `json:"from_hour,omitempty"` // of a day, where the consumer is
	ToHour         int    `json:"to_hour,omitempty"`
	Years          int    `json:"years,omitempty"`
}

// Pack is the rules of one place for one stretch of time.
type Pack struct {
	Jurisdiction string            `json:"jurisdiction"` // "US", "US-CA", "US-NY-NYC"
	Name         map[string]string `json:"name"`         // by language; the English one also finds the license
	PostalCodes  []string          `json:"postal_codes,omitempty"`
	Version      string            `json:"version"`
	From         Day               `json:"effective_from"`
	To           Day               `json:"effective_to,omitzero"`
	Author       string            `json:"author"`
	Approver     string            `json:"approver"`
	Rules        []Rule            `json:"rules"`
	Vectors      []Vector          `json:"vectors"`

	File string `json:"-"`
	Hash string `json:"-"` // of the file's bytes, in hexadecimal
}

// Stamp names the pack and its content, as decisions keep it:
// "US-CA 2026.1 3f9a0c12".
func (p Pack) Stamp() string { return p.Jurisdiction + " " + p.Version + " " + p.Hash[:8] }

// State is the two letters of the state, or empty for the federal pack.
func (p Pack) State() string {
	if len(p.Jurisdiction) < 5 {
		return ""
	}
	return p.Jurisdiction[3:5]
}

// City reports whether the pack is of a place within a state.
func (p Pack) City() bool { return len(p.Jurisdiction) > 5 }

// Day is a civil.Date as the files write it: "2026-09-01".
type Day civil.Date

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Day) UnmarshalText(b []byte) error {
	day, err := civil.Parse(string(b))
	*d = Day(day)
	return err
}

// MarshalText implements encoding.TextMarshaler.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// IsZero reports whether no day was given.
func (d Day) IsZero() bool { return civil.Date(d).IsZero() }

// String writes YYYY-MM-DD.
func (d Day) String() string { return civil.Date(d).String() }

// holds reports whether day lies in the stretch; a stretch without end is open.
func holds(from, to Day, day civil.Date) bool {
	return !day.Before(civil.Date(from)) && (to.IsZero() || !day.After(civil.Date(to)))
}

// overlap reports whether two stretches share a day.
func overlap(a, aTo, b, bTo Day) bool {
	return (aTo.IsZero() || !civil.Date(b).After(civil.Date(aTo))) && (bTo.IsZero() || !civil.Date(a).After(civil.Date(bTo)))
}
