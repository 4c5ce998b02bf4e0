package app

import (
	"strings"
	"testing"
	"time"

	"quittance/payments/money"
	"quittance/plans/civil"
	"quittance/portal/config"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/dispute"
	"quittance/portal/pack"
)

// oregon is a pack of the agency's own for a state that has none, with one rule.
const oregon = `{"jurisdiction": "US-OR", "name": {"en": "Oregon", "es": "Oregón"}, "version": "1", "effective_from": "2026-01-01",
  "author": "A. Writer", "approver": "B. Reader",
  "rules": [{"id": "US-OR-TEST", "rule": "STA-02", RULE, "effective_from": "2026-01-01", "citation": "made up for this test"}],
  "vectors": [{"name": "it is there", "facts": {"state": "OR", "day": "2026-11-22"}, "expect": {}}]}`

// inOregon is the law of a portal with PORTAL_PACKS_DIR; without a rule the
// federal law alone.
func inOregon(t *testing.T, rule string) (*Portal, error) {
	t.Helper()
	p := &Portal{Config: config.Config{States: []string{"OR"}}}
	p.in.Now = func() time.Time { return time.Date(2026, 11, 23, 20, 0, 0, 0, time.UTC) } // noon in Oregon
	if rule != "" {
		p.Config.PacksDir = ownPack(t, strings.Replace(oregon, "RULE", rule, 1))
	}
	var err error
	p.places, err = LoadPlaces(p.Config)
	return p, err
}

// may asks whether an e-mail may go to somebody in Oregon who got one of late,
// on the ground of the creditor's notice of 36 days ago.
func (p *Portal) may(t *testing.T) contact.Reason {
	t.Helper()
	law := limits{contact.Caps{Week: 9}, p.places, p.in.Now}
	known := contact.Preferences{
		On: true, Address: "x", Zones: contact.Zones("", "OR", "97201"), Consents: []contact.Consent{{Basis: contact.CreditorNotice, At: p.in.Now().AddDate(0, 0, -36)}},
		ConsentOnly: law.ConsentOnly("OR", "97201", contact.Email), Closed: law.Closed("OR", "97201", contact.Email),
		Caps: law.Caps(contact.Where{State: "OR", ZIP: "97201", Channel: contact.Email}), Sent: contact.Counts{Week: 1, DebtWeek: 1, ChannelWeek: 1},
	}
	_, why := contact.May(known, contact.Email, p.in.Now())
	return why
}

// TestSTA02_ARuleOfAPackChangesWhatThePortalDoes puts one rule after the other
// into a pack of the agency's own. That texts are shown in their sizes and papers
// are written is tested where it happens.
func TestSTA02_ARuleOfAPackChangesWhatThePortalDoes(t *testing.T) {
	t.Parallel()
	day := civil.Date{Year: 2026, Month: time.November, Day: 23}
	person := debt.Account{Consumer: debt.Consumer{Address: debt.Address{State: "OR", PostalCode: "97201"}}}
	answer := func(t *testing.T, p *Portal) any {
		return dispute.Within(p.places)(person, debt.Debt{Type: debt.Medical}, day)
	}
	off := func(t *testing.T, p *Portal) any {
		return p.places.Resolve(pack.Facts{State: "OR", PostalCode: "97201", Day: day}).Reason
	}
	mail := func(t *testing.T, p *Portal) any { return p.may(t) }
	owed := func(t *testing.T, p *Portal) any {
		i := debt.Itemization{Amount: 300_00, Interest: 32_17, Fees: 10_00, InterestAuthority: "agreement", FeesAuthority: "agreement"}
		return counting(p.Config, p.places, p.in.Now).Count(person.Consumer.Address, debt.Statement{Debt: debt.Debt{Type: debt.Loan, Itemization: i}, Owed: i.Total()}).Owed
	}
	for _, c := range []struct {
		about, rule string
		ask         func(t *testing.T, p *Portal) any
		want        any // with the rule; without it is otherwise
	}{
		{"block_channel", `"trigger": "message", "effect": "block_channel", "value": {"channel": "email"}`, mail, contact.ClosedThere},
		{"block_channel at hours", `"trigger": "message", "effect": "block_channel", "value": {"channel": "email", "from_hour": 11, "to_hour": 14}`, mail, contact.QuietHours},
		{"require_consent", `"trigger": "message", "effect": "require_consent", "value": {"channel": "email"}`, mail, contact.NoConsent},
		{"cap_frequency", `"trigger": "message", "effect": "cap_frequency", "value": {"messages": 1, "days": 7}`, mail, contact.TooMany},
		{"cap_frequency of a channel", `"trigger": "message", "effect": "cap_frequency", "value": {"messages": 1, "days": 7, "channel": "email"}`, mail, contact.TooMany},
		{"cap_frequency without consent", `"trigger": "message", "effect": "cap_frequency", "value": {"messages": 1, "days": 7, "without_consent": true}`, mail, contact.TooMany},
		{"hold_days", `"trigger": "dispute", "effect": "hold_days", "value": {"days": 11}`, answer, 11},
		{"require_document", `"trigger": "dispute", "effect": "require_document", "value": {"document": "proof", "days": 9}`, answer, 9},
		{"forbid_fee of interest", `"trigger": "always", "effect": "forbid_fee", "value": {"fee": "interest"}`, owed, money.Cents(310_00)},
		{"forbid_fee of fees", `"trigger": "always", "effect": "forbid_fee", "value": {"fee": "fees"}`, owed, money.Cents(332_17)},
		{"license_footer", `"trigger": "always", "effect": "license_footer"`, off, pack.LicenseMissing},
	} {
		bare, err := inOregon(t, "")
		if err != nil {
			t.Fatal(err)
		}
		if got := c.ask(t, bare); got == c.want {
			t.Errorf("%s: %v without its rule", c.about, got)
		}
		ruled, err := inOregon(t, c.rule)
		if err != nil {
			t.Fatalf("%s: %v", c.about, err)
		}
		if got := c.ask(t, ruled); got != c.want {
			t.Errorf("%s: %v, want %v", c.about, got, c.want)
		}
	}
	for _, c := range []struct{ rule, why string }{
		{`"trigger": "always", "effect": "language", "value": {"language": "fr"}`, "DSC-03"},
		{`"trigger": "dispute", "effect": "require_text", "text": {"en": "Words."}`, "DSC-03"},
		{`"trigger": "always", "effect": "forbid_fee", "value": {"fee": "late"}`, "AMT-04"},
		{`"trigger": "always", "effect": "min_font", "value": {"points": 25}`, "the largest are 24"},
	} {
		if _, err := inOregon(t, c.rule); err == nil || !strings.Contains(err.Error(), c.why) {
			t.Errorf("%s: %v", c.rule, err)
		}
	}
}

// TestAMT04_TheSettingReachesWhatIsOwed wires the law with PORTAL_REQUIRE_AUTHORITY
// either way.
func TestAMT04_TheSettingReachesWhatIsOwed(t *testing.T) {
	t.Parallel()
	for required, want := range map[bool]money.Cents{false: 332_17, true: 300_00} {
		p, err := inOregon(t, "")
		if err != nil {
			t.Fatal(err)
		}
		p.Config.RequireAuthority = required
		i := debt.Itemization{Amount: 300_00, Interest: 32_17}
		s := counting(p.Config, p.places, p.in.Now).Count(debt.Address{State: "OR", PostalCode: "97201"}, debt.Statement{Debt: debt.Debt{Type: debt.Loan, Itemization: i}, Owed: i.Total()})
		if s.Owed != want {
			t.Errorf("required %v: owed %s, want %s", required, s.Owed, want)
		}
	}
}
