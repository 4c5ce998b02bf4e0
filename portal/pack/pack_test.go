package pack_test

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"quittance/plans/civil"
	"quittance/portal/pack"
)

func shipped(t *testing.T) pack.Book {
	t.Helper()
	b, err := pack.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func day(t *testing.T, s string) civil.Date {
	t.Helper()
	d, err := civil.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// montana is a pack as a contributor writes it.
const montana = `{
  "jurisdiction": "US-MT", "name": {"en": "Montana", "es": "Montana"}, "version": "1", "effective_from": "2026-01-01",
  "author": "A. Writer", "approver": "B. Reader",
  "rules": [
    {"id": "US-MT-CAP", "rule": "COM-11", "trigger": "message", "effect": "cap_frequency", "value": {"messages": 1, "days": 7},
     "effective_from": "2026-01-01", "citation": "made up for this test"},
    {"id": "US-MT-WORDS", "rule": "STA-02", "trigger": "payment", "effect": "require_text", "text": {"en": "Words.", "es": "Palabras."},
     "effective_from": "2026-01-01", "citation": "made up for this test"}
  ],
  "vectors": [{"name": "one a week", "facts": {"state": "MT", "postal_code": "59601", "day": "2026-11-22"}, "expect": {"caps": ["1 in 7 days"], "before_payment": ["US-MT-WORDS"]}}]
}`

func TestSTA01_EveryVectorOfEveryPackHolds(t *testing.T) {
	t.Parallel()
	b := shipped(t)
	if err := b.Prove(); err != nil {
		t.Error(err)
	}
	want := []string{"US", "US-CA", "US-CO", "US-CT", "US-DC", "US-FL", "US-MA", "US-ME", "US-MN", "US-NC", "US-NV", "US-NY", "US-NY-NYC", "US-TX", "US-WA"}
	var got []string
	for _, p := range b.Packs {
		got = append(got, p.Jurisdiction)
		if p.Author == p.Approver || p.Version == "" || len(p.Hash) != 64 {
			t.Errorf("%s: author %q, approver %q, version %q, hash %q", p.File, p.Author, p.Approver, p.Version, p.Hash)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("packs of %v; want %v", got, want)
	}
}

func TestSTA01_EveryRuleOfAPackIsProvedByOneOfItsVectors(t *testing.T) {
	t.Parallel()
	b := shipped(t)
	for _, p := range b.Packs {
		seen := map[string]bool{}
		for _, v := range p.Vectors {
			for _, id := range pack.Resolve(b, v.Facts.Facts()).RuleIDs {
				seen[id] = true
			}
		}
		for _, r := range p.Rules {
			if !seen[r.ID] {
				t.Errorf("no vector of %s reaches rule %s", p.File, r.ID)
			}
		}
	}
}

func TestSTA01_AStateIsAddedByDroppingAFileIntoAFolder(t *testing.T) {
	t.Parallel()
	b, err := pack.Shipped(fstest.MapFS{"us-mt.json": {Data: []byte(montana)}})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Prove(); err != nil {
		t.Error(err)
	}
	places := pack.Places{Book: b}
	e := places.Resolve(pack.Facts{State: "MT", PostalCode: "59601", Day: day(t, "2026-11-22")})
	if e.Off || !slices.Contains(e.Caps, pack.Cap{Messages: 1, Days: 7}) || len(e.Before) != 1 || e.Before[0].In("es") != "Palabras." {
		t.Errorf("Montana comes to %+v", e)
	}
	if e := (pack.Places{Book: shipped(t)}).Resolve(pack.Facts{State: "MT", PostalCode: "59601", Day: day(t, "2026-11-22")}); !e.Off {
		t.Error("Montana is on without its file")
	}
}

func TestSTA01_AFileOfTheSameNameReplacesAShippedPack(t *testing.T) {
	t.Parallel()
	own := strings.NewReplacer("US-MT", "US-WA", "Montana", "Washington", `"MT"`, `"WA"`, "59601", "98101").Replace(montana)
	b, err := pack.Shipped(fstest.MapFS{"us-wa.json": {Data: []byte(own)}})
	if err != nil {
		t.Fatal(err)
	}
	e := pack.Resolve(b, pack.Facts{State: "WA", PostalCode: "98101", Day: day(t, "2026-11-22")})
	if !slices.Contains(e.RuleIDs, "US-WA-WORDS") || slices.Contains(e.RuleIDs, "US-WA-ITEMIZATION") {
		t.Errorf("rules = %v", e.RuleIDs)
	}
}

// TestSTA01_DSC03_WhatIsIncompleteIsRefusedByName also stands for DSC-03: a
// text without its translation lets nobody see the page in that language.
func TestSTA01_DSC03_WhatIsIncompleteIsRefusedByName(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, old, new, want string }{
		{"an unknown field", `"version": "1"`, `"version": "1", "hue": "red"`, `unknown field "hue"`},
		{"no citation", `"citation": "made up for this test"`, `"citation": ""`, "no citation"},
		{"no Spanish text", `, "es": "Palabras."`, ``, "Spanish is missing"},
		{"no English text", `"en": "Words.", `, ``, "English is missing"},
		{"an approver who wrote it", `"approver": "B. Reader"`, `"approver": "A. Writer"`, "a second person"},
		{"a rule approved by its author", `"rule": "STA-02"`, `"rule": "STA-02", "approver": "A. Writer"`, "cannot approve it"},
		{"no approver", `, "approver": "B. Reader"`, ``, "approver is missing"},
		{"no vectors", `"vectors": [`, `"vectors": [], "name": {"en": "x", "es": "y"} }  [`, "follows after its end"},
		{"an unknown effect", `"cap_frequency"`, `"cap_everything"`, "no effect"},
		{"an unknown trigger", `"trigger": "payment"`, `"trigger": "sometimes"`, "no trigger"},
		{"an effect without its measure", `, "days": 7`, ``, "value.days is missing"},
		{"a measure that says nothing", `"days": 7`, `"days": 7, "points": 12`, "value.points says nothing"},
		{"a cap over a month", `"days": 7`, `"days": 30`, "one day or seven"},
		{"a debt type nobody has", `"rule": "COM-11"`, `"rule": "COM-11", "debt_types": ["gambling"]`, "no debt type"},
		{"not a day", `"day": "2026-11-22"`, `"day": "2026-02-30"`, "not a date"},
		{"a rule that begins never", `"effective_from": "2026-01-01", "citation"`, `"citation"`, "effective_from is missing"},
		{"a rule of another place", `"id": "US-MT-WORDS"`, `"id": "US-WY-WORDS"`, "does not begin with US-MT-"},
		{"two versions on the same days", `"id": "US-MT-WORDS"`, `"id": "US-MT-CAP"`, "two versions"},
		{"a name of no place", `"US-MT",`, `"Montana",`, "jurisdiction"},
		{"postal codes of a whole state", `"version": "1"`, `"version": "1", "postal_codes": ["596"]`, "postal_codes"},
		{"a review by nobody", `"rule": "STA-02"`, `"rule": "STA-02", "review": "later"`, "review"},
		{"an ending before its beginning", `"rule": "STA-02"`, `"rule": "STA-02", "effective_to": "2025-01-01"`, "ends before"},
	}
	for _, c := range cases {
		text := strings.Replace(montana, c.old, c.new, 1)
		if text == montana {
			t.Fatalf("%s: nothing was changed", c.name)
		}
		_, err := pack.Shipped(fstest.MapFS{"us-mt.json": {Data: []byte(text)}})
		if !errors.Is(err, pack.ErrFaulty) || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "us-mt.json") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestSTA01_TwoPacksOfOnePlaceFollowEachOtherAndNeverOverlap(t *testing.T) {
	t.Parallel()
	next := strings.NewReplacer(`"version": "1", "effective_from": "2026-01-01"`, `"version": "2", "effective_from": "2027-01-01"`,
		`"messages": 1`, `"messages": 2`, `"day": "2026-11-22"`, `"day": "2027-01-01"`, "1 in 7 days", "2 in 7 days").Replace(montana)
	files := fstest.MapFS{"us-mt.json": {Data: []byte(montana)}, "us-mt-2027.json": {Data: []byte(next)}}
	if _, err := pack.Shipped(files); !errors.Is(err, pack.ErrFaulty) || !strings.Contains(err.Error(), "on the same days") {
		t.Errorf("overlapping packs: %v", err)
	}
	first := strings.Replace(montana, `"version": "1"`, `"version": "1", "effective_to": "2026-12-31"`, 1)
	files["us-mt.json"] = &fstest.MapFile{Data: []byte(first)}
	b, err := pack.Shipped(files)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Prove(); err != nil {
		t.Error(err)
	}
	for on, want := range map[string]int{"2026-12-31": 1, "2027-01-01": 2} {
		e := pack.Resolve(b, pack.Facts{State: "MT", PostalCode: "59601", Day: day(t, on)})
		if !slices.Contains(e.Caps, pack.Cap{Messages: want, Days: 7}) {
			t.Errorf("on %s: %v", on, e.Caps)
		}
	}
}

func TestSTA01_AVectorThatDoesNotHoldIsNamed(t *testing.T) {
	t.Parallel()
	for old, want := range map[string]string{`"1 in 7 days"`: `caps lacks "9 in 7 days"`} {
		b, err := pack.Shipped(fstest.MapFS{"us-mt.json": {Data: []byte(strings.Replace(montana, old, `"9 in 7 days"`, 1))}})
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Prove(); !errors.Is(err, pack.ErrFaulty) || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "one a week") {
			t.Errorf("proving says %v", err)
		}
	}
	lacks := strings.Replace(montana, `"expect":`, `"lacks": ["US-MT-CAP"], "expect":`, 1)
	b, err := pack.Shipped(fstest.MapFS{"us-mt.json": {Data: []byte(lacks)}})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Prove(); err == nil || !strings.Contains(err.Error(), "applies and must not") {
		t.Errorf("proving says %v", err)
	}
}

// TestSTA02_GEN03_TheStrictestWinsWhereAPlaceIsUnknownOrContradictsItself holds
// the intersection of all candidates against each of them (GEN-03).
func TestSTA02_GEN03_TheStrictestWinsWhereAPlaceIsUnknownOrContradictsItself(t *testing.T) {
	t.Parallel()
	b := shipped(t)
	on := day(t, "2026-11-22")
	at := func(state, postal string) pack.Effects {
		return pack.Resolve(b, pack.Facts{State: state, PostalCode: postal, TimeBarred: true, Day: on})
	}
	cases := []struct {
		name, state, postal string
		of                  []string // every rule of these states holds
	}{
		{"the state says California, the postal code Massachusetts", "CA", "02139", []string{"CA", "MA"}},
		{"no state, a postal code of Nevada", "", "89101", []string{"NV"}},
		{"a state nobody knows, a postal code of the District", "ZZ", "20009", []string{"DC"}},
		{"nothing is known", "", "", []string{"CA", "CO", "CT", "DC", "FL", "MA", "ME", "MN", "NC", "NV", "NY", "TX", "WA"}},
		{"a postal code that is none", "TX", "7870", []string{"TX"}},
	}
	for _, c := range cases {
		got := at(c.state, c.postal)
		for _, state := range c.of {
			alone := at(state, "")
			for _, id := range alone.RuleIDs {
				if !slices.Contains(got.RuleIDs, id) {
					t.Errorf("%s: rule %s of %s does not hold", c.name, id, state)
				}
			}
			if got.MinFontPoints < alone.MinFontPoints || alone.EmailNeedsConsent && !got.EmailNeedsConsent || alone.SMSNeedsConsent && !got.SMSNeedsConsent ||
				alone.DisputeHoldDays > 0 && (got.DisputeHoldDays == 0 || got.DisputeHoldDays > alone.DisputeHoldDays) {
				t.Errorf("%s is less strict than %s: %+v", c.name, state, got)
			}
		}
	}
	if ohio := at("OH", "45501"); len(ohio.Places) != 1 {
		t.Errorf("Ohio has the rules of %v", ohio.Places)
	}
}

func TestSTA02_TheShorterTermOfTwoPlacesWins(t *testing.T) {
	t.Parallel()
	both := pack.Resolve(shipped(t), pack.Facts{State: "NY", PostalCode: "89101", Day: day(t, "2026-11-22")})
	letters := 0
	for _, d := range both.Documents {
		if d.Name == "satisfaction_letter" {
			letters++
			if d.Days != 7 {
				t.Errorf("the letter is owed in %d days; Nevada wants seven", d.Days)
			}
		}
	}
	if letters != 1 {
		t.Errorf("the letter is owed %d times", letters)
	}
}

func TestSTA05_AStateThatNobodyTurnedOnIsOff(t *testing.T) {
	t.Parallel()
	b, on := shipped(t), day(t, "2026-11-22")
	cases := []struct {
		name     string
		places   pack.Places
		state    string
		postal   string
		off      bool
		why      string
		versions int
	}{
		{"a state with a pack and no license to print", pack.Places{}, "TX", "78701", false, "", 2},
		{"a state without a pack", pack.Places{}, "OH", "45501", true, pack.NotListed, 1},
		{"the same, turned on by the agency", pack.Places{States: []string{"OH"}}, "OH", "45501", false, "", 1},
		{"a state left out of the list", pack.Places{States: []string{"OH"}}, "TX", "78701", true, pack.NotListed, 2},
		{"a license that is not given", pack.Places{}, "CA", "94103", true, pack.LicenseMissing, 2},
		{"turned on, but a license is not given", pack.Places{States: []string{"CA"}}, "CA", "94103", true, pack.LicenseMissing, 2},
		{"another state's license", pack.Places{Licenses: []string{"North Carolina 113456"}}, "CA", "94103", true, pack.LicenseMissing, 2},
		{"a license without a number", pack.Places{Licenses: []string{"California pending"}}, "CA", "94103", true, pack.LicenseMissing, 2},
		{"a license by name", pack.Places{Licenses: []string{"California license 10123-99"}}, "CA", "94103", false, "", 2},
		{"a license by letters", pack.Places{Licenses: []string{"NC: 113456"}}, "NC", "27601", false, "", 2},
		{"an unknown place", pack.Places{States: pack.States()}, "", "", true, pack.PlaceUnknown, 15},
		{"a contradiction of which one state is off", pack.Places{States: []string{"TX"}}, "TX", "45501", true, pack.NotListed, 2},
	}
	for _, c := range cases {
		c.places.Book = b
		e := c.places.Resolve(pack.Facts{State: c.state, PostalCode: c.postal, Day: on})
		if e.Off != c.off || e.Reason != c.why || len(e.Versions) != c.versions {
			t.Errorf("%s: off %v, %q, versions %v", c.name, e.Off, e.Reason, e.Versions)
		}
	}
}

func TestSTA05_TheListOfStatesSaysWhichAreOffAndWhy(t *testing.T) {
	t.Parallel()
	places := pack.Places{Book: shipped(t), States: []string{"OH", "CA", "TX", "NC"}, Licenses: []string{"North Carolina 113456"}}
	got := map[string]string{}
	for _, s := range places.Standings(day(t, "2026-11-22")) {
		got[s.State] = s.Reason
		if s.On != (s.Reason == "") {
			t.Errorf("%+v", s)
		}
	}
	want := map[string]string{"OH": "", "TX": "", "NC": "", "CA": pack.LicenseMissing}
	for _, off := range []string{"CO", "CT", "DC", "FL", "MA", "ME", "MN", "NV", "NY", "WA"} {
		want[off] = pack.NotListed
	}
	if !maps.Equal(got, want) {
		t.Errorf("standings = %v", got)
	}
}

func TestSTA03_NewYorkCityIsNotNewYork(t *testing.T) {
	t.Parallel()
	places := pack.Places{Book: shipped(t), Licenses: []string{"New York City 2091234-DCA", "California 10123-99"}}
	for place, want := range map[string]string{"US-NY-NYC": "New York City 2091234-DCA", "US-NY": "", "US-CA": "California 10123-99", "US-TX": ""} {
		if got := places.License(place); got != want {
			t.Errorf("license of %s is %q", place, got)
		}
	}
}

func TestEveryPostalCodeIsInAState(t *testing.T) {
	t.Parallel()
	for postal, want := range map[string]string{
		"45501": "OH", "10001": "NY", "06390": "CT NY", "20009": "DC", "20170": "VA", "90210": "CA", "00901": "PR", "00501": "NY",
		"96799": "AS HI", "88510": "TX", "05501": "MA", "05401": "VT", "59601-1234": "MT", "": "", "ABCDE": "", "123": "",
	} {
		if got := strings.Join(pack.Candidates("", postal), " "); got != want {
			t.Errorf("%q is in %q; want %q", postal, got, want)
		}
	}
	for _, state := range pack.States() {
		if got := pack.Candidates(strings.ToLower(state), ""); len(got) != 1 || got[0] != state {
			t.Errorf("%s is in %v", state, got)
		}
	}
}

func TestTheDifferenceOfTwoVersionsIsToldInPlainWords(t *testing.T) {
	t.Parallel()
	before, err := pack.Read("us-mt.json", []byte(montana))
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.NewReplacer(`"days": 7`, `"days": 1`, "US-MT-WORDS", "US-MT-OTHER", `"version": "1"`, `"version": "2"`).Replace(montana)
	after, err := pack.Read("us-mt.json", []byte(changed))
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(pack.Diff(before, after), "\n")
	for _, want := range []string{
		"In the pack the version was 1 and is now 2.",
		`In rule US-MT-CAP the value was {"messages":1,"days":7} and is now {"messages":1,"days":1}.`,
		"Rule US-MT-WORDS is gone. It said: these words stand before a payment: “Words.” from 2026-01-01.",
		"Rule US-MT-OTHER is new: these words stand before a payment: “Words.” from 2026-01-01. It cites made up for this test.",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the difference lacks %q:\n%s", want, got)
		}
	}
	if same := pack.Diff(before, before); len(same) != 0 {
		t.Errorf("a pack differs from itself: %v", same)
	}
}

// TestGEN04_NoTextOfAPackThreatensOrPromises keeps the texts to what the law
// says: no suit is announced, no discount offered, no deadline set.
func TestGEN04_NoTextOfAPackThreatensOrPromises(t *testing.T) {
	t.Parallel()
	banned := []string{"we may sue", "we will sue", "legal action", "discount", "settle", "pay now", "avoid", "must pay", "today", "!", "demandaremos si", "descuento", "evitar"}
	for _, p := range shipped(t).Packs {
		for _, r := range p.Rules {
			for _, word := range banned {
				if strings.Contains(strings.ToLower(r.Text.EN+" "+r.Text.ES), word) {
					t.Errorf("%s says %q", r.ID, word)
				}
			}
			if r.Effect == pack.RequireText && (r.Text.EN == r.Text.ES || r.Citation == "" || r.From.IsZero()) {
				t.Errorf("%s: text, citation or day is missing", r.ID)
			}
		}
	}
}

func TestASummaryIsWhatTheVectorsAreWrittenIn(t *testing.T) {
	t.Parallel()
	e := pack.Resolve(shipped(t), pack.Facts{State: "DC", PostalCode: "20009", Day: day(t, "2026-11-22")})
	out, err := json.Marshal(e.Summary())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"1 in 7 days without consent"`, `"sms from 21 to 8"`, `"plan_confirmation on plan in 7 days"`} {
		if !strings.Contains(string(out), want) {
			t.Errorf("the summary lacks %s: %s", want, out)
		}
	}
}
