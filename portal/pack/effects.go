package pack

import (
	"cmp"
	"iter"
	"slices"

	"quittance/plans/civil"
)

// Facts are what is known of a consumer and a debt. The zero Facts are an
// unknown place, which is the strictest (GEN-03).
type Facts struct {
	State      string // two letters
	PostalCode string
	DebtType   string // empty: unknown, so the rules of every type
	TimeBarred bool
	Day        civil.Date
}

// Effects is what the packs come to. The strictest wins in each field; the
// zero Effects forbid nothing and ask for nothing, but Off of a place that
// nobody turned on is true.
type Effects struct {
	Off    bool   // the portal is off there: a page with how to reach the agency, nothing else (STA-05)
	Reason string // why it is off, as a key word

	Places  []string // the jurisdictions whose rules are in here
	Beside  []Words  // stand beside each amount
	Before  []Words  // stand before a payment
	First   []Words  // belong to the first notice
	Plan    []Words  // stand beside a plan's agreement
	Dispute []Words  // stand beside the dispute form
	Message []Words  // stand in each message

	LicenseOf         []string // the jurisdictions whose license number is printed
	MinFontPoints     int      // least size of required words; 0 is none set
	EmailNeedsConsent bool
	SMSNeedsConsent   bool
	Blocks            []Block
	Caps              []Cap
	DisputeHoldDays   int // the fewest days in which a dispute is answered; 0 is none set
	Documents         []Document
	ForbiddenFees     []Fee
	Languages         []string
	RetentionYears    int // how long records are kept after the last activity; 0 is none set

	RuleIDs  []string // of the pack's rules, sorted
	Versions []string // the stamps of the packs, sorted
}

// AnswerDays is within how many days a dispute is answered: the shortest of the
// terms for an answer and for the documents that it consists of. 0 is none set.
func (e Effects) AnswerDays() int {
	days := e.DisputeHoldDays
	for _, d := range e.Documents {
		if d.On == Dispute {
			days = fewest(days, d.Days)
		}
	}
	return days
}

// DocumentDays is within how many days a paper is owed on an occasion; 0 where
// no law asks for it.
func (e Effects) DocumentDays(name string, on Trigger) int {
	for _, d := range e.Documents {
		if d.Name == name && d.On == on {
			return d.Days
		}
	}
	return 0
}

// Words are one required text.
type Words struct {
	RuleID  string
	Trigger Trigger
	Place   map[string]string // the name of the place, by language
	Text    Text
}

// In returns the text in a language; English where it is not Spanish.
func (w Words) In(language string) string {
	if language == "es" {
		return w.Text.ES
	}
	return w.Text.EN
}

// Cap is the most messages about one debt in a number of days. Every cap
// holds: the strictest is whichever is reached first.
type Cap struct {
	Channel        string // empty: e-mail and texts together
	Messages, Days int
	WithoutConsent bool // holds only while there is no consent
}

// Block is a channel that is closed, from one hour to another of the
// consumer's day; both zero is the whole day.
type Block struct {
	Channel          string
	FromHour, ToHour int
}

// Document is a paper that is owed within days of its occasion.
type Document struct {
	Name string
	On   Trigger
	Days int
}

// Resolve says what the packs of a book come to for one consumer, one debt and
// one day. The federal rules always hold. Of an unknown place, and where state
// and postal code contradict each other, the rules of all candidates hold
// (GEN-03, STA-02).
func Resolve(b Book, f Facts) Effects {
	var e Effects
	for p := range b.applying(f) {
		e.Places = append(e.Places, p.Jurisdiction)
		e.Versions = append(e.Versions, p.Stamp())
		for i := range p.Rules {
			if r := &p.Rules[i]; r.holdsFor(f) {
				e.add(p, r, f)
			}
		}
	}
	slices.Sort(e.RuleIDs)
	slices.Sort(e.Versions)
	return e
}

// Forbids returns the id of the rule by which a fee may not be asked for, or
// nothing. It is ForbiddenFees of Resolve without the rest, for it is asked of
// each added amount whenever one is read.
func (b Book) Forbids(fee Fee, f Facts) (ruleID string) {
	for p := range b.applying(f) {
		for i := range p.Rules {
			if r := &p.Rules[i]; r.Effect == ForbidFee && r.Value.Fee == fee && r.holdsFor(f) {
				return r.ID
			}
		}
	}
	return ""
}

// applying walks the packs of the places that the facts may be of.
func (b Book) applying(f Facts) iter.Seq[*Pack] {
	candidates := Candidates(f.State, f.PostalCode)
	return func(yield func(*Pack) bool) {
		for p := range b.On(Day(f.Day)) {
			if applies(p, candidates, f.PostalCode) && !yield(p) {
				return
			}
		}
	}
}

func (r *Rule) holdsFor(f Facts) bool { return holds(r.From, r.To, f.Day) && r.ofType(f.DebtType) }

func (r *Rule) ofType(t string) bool {
	return t == "" || len(r.DebtTypes) == 0 || slices.Contains(r.DebtTypes, t)
}

// applies reports whether the pack is of one of the candidates; no candidates
// at all are every state. A city's pack applies unless the postal code is
// known and elsewhere.
func applies(p *Pack, candidates []string, postal string) bool {
	if p.Jurisdiction == Federal {
		return true
	}
	if len(candidates) > 0 && !slices.Contains(candidates, p.State()) {
		return false
	}
	if !p.City() || len(zip3(postal)) == 0 {
		return true
	}
	return slices.ContainsFunc(p.PostalCodes, func(prefix string) bool {
		return len(postal) >= len(prefix) && postal[:len(prefix)] == prefix
	})
}

func (e *Effects) add(p *Pack, r *Rule, f Facts) {
	v := r.Value
	switch r.Effect {
	case RequireText:
		if !e.addText(p, r, f) {
			return
		}
	case BlockChannel:
		e.Blocks = appendNew(e.Blocks, Block{v.Channel, v.FromHour, v.ToHour})
	case RequireConsent:
		e.EmailNeedsConsent = e.EmailNeedsConsent || v.Channel == "email"
		e.SMSNeedsConsent = e.SMSNeedsConsent || v.Channel == "sms"
	case CapFrequency:
		e.Caps = appendNew(e.Caps, Cap{v.Channel, v.Messages, v.Days, v.WithoutConsent})
	case HoldDays:
		e.DisputeHoldDays = fewest(e.DisputeHoldDays, v.Days)
	case RequireDocument:
		e.addDocument(Document{v.Document, r.Trigger, v.Days})
	case ForbidFee:
		e.ForbiddenFees = appendNew(e.ForbiddenFees, v.Fee)
	case MinFont:
		e.MinFontPoints = max(e.MinFontPoints, v.Points)
	case LicenseFooter:
		e.LicenseOf = appendNew(e.LicenseOf, p.Jurisdiction)
	case Language:
		e.Languages = appendNew(e.Languages, v.Language)
	case KeepRecords:
		e.RetentionYears = max(e.RetentionYears, v.Years)
	}
	e.RuleIDs = appendNew(e.RuleIDs, r.ID)
}

// addText puts a text where its trigger wants it, and reports whether it is
// wanted at all.
func (e *Effects) addText(p *Pack, r *Rule, f Facts) bool {
	w := Words{RuleID: r.ID, Trigger: r.Trigger, Place: p.Name, Text: r.Text}
	switch r.Trigger {
	case Always:
		e.Beside = append(e.Beside, w)
	case Payment:
		e.Before = append(e.Before, w)
	case TimeBarred:
		if !f.TimeBarred {
			return false
		}
		e.Beside, e.Before = append(e.Beside, w), append(e.Before, w)
	case FirstNotice:
		e.First = append(e.First, w)
	case Plan:
		e.Plan = append(e.Plan, w)
	case Dispute:
		e.Dispute = append(e.Dispute, w)
	case Message:
		e.Message = append(e.Message, w)
	}
	return true
}

// addDocument keeps the shorter term where two places want the same paper.
func (e *Effects) addDocument(d Document) {
	for i, have := range e.Documents {
		if have.Name == d.Name && have.On == d.On {
			e.Documents[i].Days = min(have.Days, d.Days)
			return
		}
	}
	e.Documents = append(e.Documents, d)
}

func appendNew[T comparable](all []T, one T) []T {
	if slices.Contains(all, one) {
		return all
	}
	return append(all, one)
}

// fewest is the smaller of two terms, of which zero is none.
func fewest(a, b int) int {
	if a == 0 || b == 0 {
		return cmp.Or(a, b)
	}
	return min(a, b)
}

func civilOf(d Day) civil.Date { return civil.Date(d) }
