package pack

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"quittance/portal/debt"
)

var (
	jurisdiction = regexp.MustCompile(`^US(-[A-Z]{2}(-[A-Z]{2,8})?)?$`)
	ruleOfBook   = regexp.MustCompile(`^([A-Z]{3}|A11)-\d{2}$`)
	postalCode   = regexp.MustCompile(`^\d{3,5}$`)
)

// triggers are the occasions that each effect may have.
var triggers = map[Effect][]Trigger{
	RequireText:     {Always, FirstNotice, Message, Payment, Plan, Dispute, TimeBarred},
	BlockChannel:    {Message},
	RequireConsent:  {Message},
	CapFrequency:    {Message},
	HoldDays:        {Dispute},
	RequireDocument: {Always, FirstNotice, Plan, Payment, Dispute},
	ForbidFee:       {Always},
	MinFont:         {Always},
	LicenseFooter:   {Always},
	Language:        {Always, FirstNotice},
	KeepRecords:     {Always},
}

// measures says which fields of Value an effect needs, and which it may have.
var measures = map[Effect]struct{ needs, may []string }{
	RequireText:     {},
	BlockChannel:    {needs: []string{"channel"}, may: []string{"from_hour", "to_hour"}},
	RequireConsent:  {needs: []string{"channel"}},
	CapFrequency:    {needs: []string{"messages", "days"}, may: []string{"channel", "without_consent"}},
	HoldDays:        {needs: []string{"days"}},
	RequireDocument: {needs: []string{"document", "days"}},
	ForbidFee:       {needs: []string{"fee"}},
	MinFont:         {needs: []string{"points"}},
	LicenseFooter:   {},
	Language:        {needs: []string{"language"}},
	KeepRecords:     {needs: []string{"years"}},
}

// given names the fields of a value that are set.
func (v Value) given() []string {
	fields := []struct {
		name string
		set  bool
	}{
		{"channel", v.Channel != ""}, {"messages", v.Messages > 0}, {"days", v.Days > 0}, {"without_consent", v.WithoutConsent},
		{"document", v.Document != ""}, {"fee", v.Fee != ""}, {"points", v.Points > 0}, {"language", v.Language != ""},
		{"from_hour", v.FromHour > 0}, {"to_hour", v.ToHour > 0}, {"years", v.Years > 0},
	}
	var names []string
	for _, f := range fields {
		if f.set {
			names = append(names, f.name)
		}
	}
	return names
}

// faults says what keeps the pack from being used, in plain sentences.
func (p Pack) faults() []string {
	var all []string
	need := func(ok bool, format string, args ...any) {
		if !ok {
			all = append(all, fmt.Sprintf(format, args...))
		}
	}
	need(jurisdiction.MatchString(p.Jurisdiction), "jurisdiction %q is not of the form US, US-CA or US-NY-NYC", p.Jurisdiction)
	need(p.Name["en"] != "" && p.Name["es"] != "", "the place has no name in English or none in Spanish")
	need(p.Version != "", "the pack has no version")
	need(!p.From.IsZero(), "effective_from is missing")
	need(p.Author != "" && p.Approver != "", "author or approver is missing")
	need(p.Author != p.Approver, "%s wrote the pack and cannot approve it: a second person does", p.Author)
	need(len(p.Vectors) > 0, "there is no vector: a case that proves the rules")
	need(p.City() == (len(p.PostalCodes) > 0), "a city, and nothing else, has postal_codes")
	for _, code := range p.PostalCodes {
		need(postalCode.MatchString(code), "postal code %q is not three to five digits", code)
	}
	for i, r := range p.Rules {
		for _, f := range r.faults(p.Author) {
			need(false, "rule %s: %s", r.ID, f)
		}
		for _, other := range p.Rules[:i] {
			need(other.ID != r.ID || !overlap(other.From, other.To, r.From, r.To), "rule %s has two versions that hold on the same days", r.ID)
		}
		need(strings.HasPrefix(r.ID, p.Jurisdiction+"-"), "rule %s does not begin with %s-", r.ID, p.Jurisdiction)
	}
	return all
}

func (r Rule) faults(author string) []string {
	var all []string
	need := func(ok bool, format string, args ...any) {
		if !ok {
			all = append(all, fmt.Sprintf(format, args...))
		}
	}
	measure, known := measures[r.Effect]
	need(known, "there is no effect %q", r.Effect)
	need(!known || slices.Contains(triggers[r.Effect], r.Trigger), "%s has no trigger %q", r.Effect, r.Trigger)
	need(r.Citation != "", "it has no citation")
	need(ruleOfBook.MatchString(r.Rule), "%q is not the id of a rule of the rule book", r.Rule)
	need(!r.From.IsZero(), "effective_from is missing")
	need(r.To.IsZero() || !civilOf(r.To).Before(civilOf(r.From)), "it ends before it begins")
	need(r.Approver != author, "%s wrote it and cannot approve it", author)
	need(r.Review == "" || r.Review == Counsel, "review is %q; only %q is known", r.Review, Counsel)
	given := r.Value.given()
	for _, field := range measure.needs {
		need(slices.Contains(given, field), "value.%s is missing", field)
	}
	for _, field := range given {
		need(slices.Contains(measure.needs, field) || slices.Contains(measure.may, field), "value.%s says nothing of %s", field, r.Effect)
	}
	need(r.Value.Channel == "" || r.Value.Channel == "email" || r.Value.Channel == "sms", "channel %q is not email or sms", r.Value.Channel)
	need(r.Effect != CapFrequency || r.Value.Days == 1 || r.Value.Days == 7, "a cap counts one day or seven, not %d", r.Value.Days)
	need(r.Value.Language == "" || r.Value.Language == "en" || r.Value.Language == "es", "the portal has no pages in %q, so it cannot offer them (DSC-03)", r.Value.Language)
	need(r.Value.Fee == "" || r.Value.Fee.Valid(), "fee %q is none of interest, fees, convenience and surcharge, so nothing could act on it (AMT-04)", r.Value.Fee)
	need(r.Value.Points <= MostPoints, "required words of %d point do not fit a phone; the largest are %d", r.Value.Points, MostPoints)
	need(max(r.Value.FromHour, r.Value.ToHour) <= 24, "an hour is more than 24")
	for _, t := range r.DebtTypes {
		need(debt.Type(t).Valid(), "there is no debt type %q", t)
	}
	if r.Effect != RequireText {
		need(r.Text == Text{}, "only require_text has a text")
		return all
	}
	need(r.Text.EN != "", "the text in English is missing")
	need(r.Text.ES != "", "the text in Spanish is missing; without it nobody may be shown the page in Spanish (DSC-03)")
	return all
}
