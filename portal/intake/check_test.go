package intake

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"quittance/plans/civil"
	"quittance/portal/debt"
)

// checked runs one row through the CSV reader and the checks.
func checked(t *testing.T, change ...string) (Row, Refusal) {
	t.Helper()
	src, err := open(strings.NewReader(csvOf(placed(change...))), CSV)
	if err != nil {
		t.Fatal(err)
	}
	var row Row
	var refusal Refusal
	err = src.each(func(r *record) error { row, refusal = check(r, noon); return nil })
	if err != nil {
		t.Fatal(err)
	}
	return row, slices.Concat(refusal, row.Address, row.Flags)
}

func TestVAL01_ARowThatIsRightIsReadWhole(t *testing.T) {
	t.Parallel()
	row, refusal := checked(t)
	if refusal != nil {
		t.Fatal(refusal)
	}
	day := func(s string) civil.Date { d, _ := civil.Parse(s); return d }
	want := Row{
		Number: 2, AccountRef: "A-1",
		Consumer: debt.Consumer{
			FirstName: "Ana", LastName: "Ruiz", DateOfBirth: day("1980-02-29"), SSNLast4: "0042",
			Address: debt.Address{Line1: "1 Main St", City: "Dover", State: "DE", PostalCode: "19901"},
			Phone:   "+13025550123", Email: "ana@example.com", Language: "es",
		},
		Debt: debt.Debt{
			Ref: "D-1", CreditorRef: "C-1", CreditorName: "Mercy Clinic", OriginalCreditorName: "Mercy Clinic", Type: debt.Medical,
			AccountNumberLast4: "1234", Description: "Office visit", ContractDate: day("2024-05-01"), LimitationDate: day("2029-01-31"),
			Itemization: debt.Itemization{Type: debt.ChargeOff, Date: day("2026-01-31"), Amount: 50000, Interest: 1217, Credits: 3000, InterestAuthority: "agreement"},
			Snapshot:    debt.Snapshot{Balance: 48217, AsOf: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC), Version: 3},
			Status:      debt.Active,
		},
	}
	if !reflect.DeepEqual(row, want) {
		t.Errorf("got  %+v\nwant %+v", row, want)
	}
}

func TestVAL01_ARowWithoutARequiredItemIsRefusedNamingIt(t *testing.T) {
	t.Parallel()
	needed := []string{
		"account_ref", "debt_ref", "creditor_ref", "creditor_name", "debt_type", "account_number_last4",
		"address_line1", "city", "state", "postal_code", "itemization_type", "itemization_date", "itemization_amount",
		"interest_added", "fees_added", "payments_credits", "balance", "balance_as_of", "status",
	}
	for _, name := range Columns() {
		_, refusal := checked(t, name, "  ")
		isNeeded := strings.Contains(" "+strings.Join(needed, " ")+" ", " "+name+" ")
		if !isNeeded && refusal != nil {
			t.Errorf("%s is not required but: %v", name, refusal)
		}
		if isNeeded && (len(refusal) != 1 || refusal[0].Column != name || !strings.HasPrefix(refusal[0].Code, "missing")) {
			t.Errorf("%s is missing but: %+v", name, refusal)
		}
	}
}

func TestVAL01_TheOriginalCreditorIsRequiredForConsumerFinancialProducts(t *testing.T) {
	t.Parallel()
	for kind, needed := range map[string]bool{
		"credit_card": true, "loan": true, "auto_loan": true, "student_loan": true, "payday": true,
		"medical": false, "utility": false, "telecom": false, "rent": false, "government": false, "other": false,
	} {
		row, refusal := checked(t, "original_creditor_name", "", "debt_type", kind)
		if needed != (len(refusal) == 1 && refusal[0].Column == "original_creditor_name") {
			t.Errorf("%s: %+v", kind, refusal)
		}
		if !needed && row.Debt.OriginalCreditorName != "Mercy Clinic" {
			t.Errorf("%s: %q", kind, row.Debt.OriginalCreditorName)
		}
	}
}

func TestVAL02_OnlyTheFiveItemizationDatesAreKnown(t *testing.T) {
	t.Parallel()
	for kind, ok := range map[string]bool{
		"last_statement": true, "charge_off": true, "last_payment": true, "transaction": true, "judgment": true, "Judgment": true,
		"placement": false, "chargeoff": false, "first_payment": false,
	} {
		if _, refusal := checked(t, "itemization_type", kind); ok != (refusal == nil) {
			t.Errorf("%s: %+v", kind, refusal)
		}
	}
}

func TestVAL04_TheBalanceIsTheSumToTheCent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		balance string
		off     string
	}{{"482.17", ""}, {"482.18", "$0.01"}, {"482.16", "-$0.01"}, {"0.00", "-$482.17"}, {"$482.17", ""}, {"482.2", "$0.03"}} {
		_, refusal := checked(t, "balance", c.balance)
		if c.off == "" && refusal != nil {
			t.Errorf("%s: %v", c.balance, refusal)
		}
		if c.off != "" && (len(refusal) != 1 || refusal[0].Code != "sum" || !strings.Contains(refusal[0].Sentence, c.off)) {
			t.Errorf("%s: %+v", c.balance, refusal)
		}
	}
	if _, refusal := checked(t, "payments_credits", "600.00", "balance", "0.00"); len(refusal) != 1 || refusal[0].Code != "sum" {
		t.Errorf("credits above what was owed: %+v", refusal)
	}
	if _, refusal := checked(t, "payments_credits", "512.17", "balance", "0.00", "status", "paid"); refusal != nil {
		t.Errorf("a paid debt: %v", refusal)
	}
}

// TestAMT04_WhatIsOwedBeyondThePrincipalIsItemizedOrTheRowIsRefused: interest
// and fees are the system of record's own assertion, line by line; the portal
// adds nothing and takes nothing that is not named.
func TestAMT04_WhatIsOwedBeyondThePrincipalIsItemizedOrTheRowIsRefused(t *testing.T) {
	t.Parallel()
	row, refusal := checked(t)
	if refusal != nil || row.Debt.Itemization.Interest == 0 {
		t.Fatalf("%+v, %v", row.Debt.Itemization, refusal)
	}
	if row.Debt.Itemization.Total() != row.Debt.Snapshot.Balance {
		t.Errorf("%s is owed of %+v", row.Debt.Snapshot.Balance, row.Debt.Itemization)
	}
	for _, column := range []string{"interest_added", "fees_added"} {
		if _, refusal := checked(t, column, "0.00", "balance", "999.99"); len(refusal) != 1 || refusal[0].Code != "sum" {
			t.Errorf("%s left out and still owed: %+v", column, refusal)
		}
	}
}

func TestVAL03_ALastStatementIsTheCreditorsAndNeverACollectors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ kind, issuer, code string }{
		{"last_statement", "", ""}, {"last_statement", "creditor", ""}, {"last_statement", "collector", "not_the_creditors"},
		{"charge_off", "collector", ""}, {"last_statement", "somebody", "unknown_value"},
	} {
		_, refusal := checked(t, "itemization_type", c.kind, "statement_issuer", c.issuer)
		if c.code == "" && refusal != nil || c.code != "" && (len(refusal) != 1 || refusal[0].Code != c.code) {
			t.Errorf("%s of %q: %+v", c.kind, c.issuer, refusal)
		}
	}
}

func TestVAL04_AnAmountIsDollarsAndWholeCents(t *testing.T) {
	t.Parallel()
	for v, code := range map[string]string{
		"-1.00": "not_an_amount", "+1.00": "not_an_amount", "1e3": "not_an_amount", "NaN": "not_an_amount", "Inf": "not_an_amount",
		"1,00": "not_an_amount", "0x10": "not_an_amount", "1.": "not_an_amount", ".5": "not_an_amount", "(1.00)": "not_an_amount",
		"1.001": "fraction_of_a_cent", "0.005": "fraction_of_a_cent", "100000000.01": "too_large", "9223372036854775807": "too_large",
		"99999999999999999999999999": "too_long", "１２": "not_an_amount", "1 000": "not_an_amount", "€5": "not_an_amount",
	} {
		for _, name := range []string{"itemization_amount", "interest_added", "fees_added", "payments_credits", "balance"} {
			if name == "balance" && v == "-1.00" {
				code = "sum" // a credit, which these rows do not come to
			} else if code == "sum" {
				code = "not_an_amount"
			}
			_, refusal := checked(t, name, v)
			if len(refusal) != 1 || refusal[0].Column != name || refusal[0].Code != code {
				t.Errorf("%s=%s: %+v, want %s", name, v, refusal, code)
			}
		}
	}
}

func TestADayIsARealDayAndNotAbsurd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, v, code string }{
		{"date_of_birth", "2026-02-30", "not_a_date"}, {"date_of_birth", "02/03/1980", "not_a_date"}, {"date_of_birth", "1980-2-3", "not_a_date"},
		{"date_of_birth", "1899-12-31", "too_long_ago"}, {"date_of_birth", "2026-11-24", "in_the_future"}, {"date_of_birth", "2026-11-22", ""},
		{"date_of_birth", "1900-01-01", "placeholder"}, {"date_of_birth", "1908-12-31", "placeholder"}, {"date_of_birth", "1909-01-01", ""},
		{"itemization_date", "2027-01-01", "in_the_future"}, {"itemization_date", "0000-00-00", "not_a_date"}, {"itemization_date", "2026-11-21", "after_balance"},
		{"itemization_date", "2026-11-20", ""}, {"contract_date", "2030-01-01", "in_the_future"}, {"limitation_date", "2035-01-01", ""},
		{"limitation_date", "2201-01-01", "not_a_date"}, {"limitation_date", "9999-12-31", "not_a_date"},
		{"balance_as_of", "2026-11-24", "in_the_future"}, {"balance_as_of", "2026-11-23", ""}, {"balance_as_of", "2026-11-20T10:00:00-05:00", ""},
		{"balance_as_of", "2026-11-20 10:00", "not_a_time"}, {"balance_as_of", "yesterday", "not_a_time"}, {"balance_as_of", "1979-12-31", "too_long_ago"},
	} {
		_, refusal := checked(t, c.name, c.v)
		if c.code == "" && refusal != nil {
			t.Errorf("%s=%s: %v", c.name, c.v, refusal)
		}
		if c.code != "" && (len(refusal) == 0 || refusal[0].Column != c.name || refusal[0].Code != c.code) {
			t.Errorf("%s=%s: %+v, want %s", c.name, c.v, refusal, c.code)
		}
	}
}

func TestAPersonsDetailsAreHeldToTheirForm(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, v, code string }{
		{"state", "de", ""}, {"state", "PR", ""}, {"state", "AE", ""}, {"state", "XX", "not_a_state"}, {"state", "D", "not_a_state"}, {"state", "L ", "not_a_state"},
		{"postal_code", "19901-1234", ""}, {"postal_code", "199011234", ""}, {"postal_code", "1990", "zero_lost"},
		{"postal_code", "19901-", "not_a_postal_code"}, {"postal_code", "19901-12", "not_a_postal_code"}, {"postal_code", "K1A 0B1", "not_a_postal_code"},
		{"phone", "+1 302 555 0123", ""}, {"phone", "302.555.0123", ""}, {"phone", "13025550123", ""}, {"phone", "302555012", "not_a_phone"},
		{"phone", "1025550123", "not_a_phone"}, {"phone", "3021550123", "not_a_phone"}, {"phone", "+44 20 7946 0958", "not_a_phone"},
		{"phone", "302-555-0123 x4", "not_a_phone"}, {"phone", "3025550123456", "not_a_phone"},
		{"email", "ana@example", "not_an_email"}, {"email", "ana", "not_an_email"}, {"email", "a@b@c.com", "not_an_email"}, {"email", "a..b@c.com", "not_an_email"},
		{"email", "ana@.com", "not_an_email"}, {"email", "ana+x@mail.example.com", ""}, {"email", "a b@c.com", "not_an_email"},
		{"ssn_last4", "12", "not_four_digits"}, {"ssn_last4", "12a4", "not_four_digits"}, {"ssn_last4", "123456789", "too_long"},
		{"account_number_last4", "A1B2", ""}, {"account_number_last4", "12345", "too_long"}, {"account_number_last4", "1-23", "not_last_four"},
		{"language", "EN", ""}, {"language", "fr", "unknown_value"}, {"status", "gone", "unknown_value"}, {"status", "Active", ""}, {"debt_type", "gym", "unknown_value"},
		{"debt_ref", "=1+1", "not_a_reference"}, {"account_ref", "A 1", "not_a_reference"}, {"creditor_ref", strings.Repeat("c", 65), "too_long"},
		{"balance_version", "0", "not_a_version"}, {"balance_version", "-1", "not_a_version"}, {"balance_version", "1.5", "not_a_version"},
		{"balance_version", "999999999999999999", ""}, {"balance_version", "9999999999999999999", "too_long"},
		{"first_name", "A\x00na", "not_text"}, {"first_name", "Ana\u202e", "not_text"}, {"first_name", "An\ufffd", "not_text"}, {"first_name", "An\xff", "not_utf8"},
		{"first_name", "Ángel Muñoz", ""}, {"last_name", "O'Brien, \"Jr\"", ""}, {"city", strings.Repeat("x", 101), "too_long"},
		{"description", "card 4242 4242 4242 4242", "card_number"}, {"description", "card 4242-4242-4242-4242.", "card_number"},
		{"description", "4242424242424243", ""}, {"description", "invoice 12345", ""},
	} {
		_, refusal := checked(t, c.name, c.v)
		if c.code == "" && refusal != nil {
			t.Errorf("%s=%q: %v", c.name, c.v, refusal)
		}
		if c.code != "" && (len(refusal) != 1 || refusal[0].Column != c.name || refusal[0].Code != c.code) {
			t.Errorf("%s=%q: %+v, want %s", c.name, c.v, refusal, c.code)
		}
	}
}

func TestSEC11_AMedicalDebtLosesItsDiagnosisAndProcedureCodes(t *testing.T) {
	t.Parallel()
	for v, want := range map[string]string{
		"Office visit J45.909":                "Office visit",
		"J45.909, Z00 and E11.9; visit 99213": "and visit",
		"Visit (A0425) on May 3":              "Visit on May 3",
		"Room B12 care 0042T":                 "Room care",
		"Surgery at St. Mary's, 2 nights":     "Surgery at St. Mary's, 2 nights",
		"Invoice 1234 of 2026":                "Invoice 1234 of 2026",
		"Cita médica":                         "Cita médica",
	} {
		if row, refusal := checked(t, "description", v); refusal != nil || row.Debt.Description != want {
			t.Errorf("%q: %q, %v", v, row.Debt.Description, refusal)
		}
		if row, _ := checked(t, "description", v, "debt_type", "utility"); row.Debt.Description != v {
			t.Errorf("%q of a utility: %q", v, row.Debt.Description)
		}
	}
}

func TestEveryFaultOfARowIsNamedAtOnceAndNoneRepeatsItsValues(t *testing.T) {
	t.Parallel()
	_, refusal := checked(t, "first_name", "CANARY\x01", "ssn_last4", "CANA", "email", "CANARY", "state", "CA9", "balance", "CANARY", "debt_ref", "CANARY!")
	if len(refusal) != 6 {
		t.Errorf("%d faults: %+v", len(refusal), refusal)
	}
	if strings.Contains(refusal.Error(), "CANA") {
		t.Errorf("a value is repeated: %v", refusal)
	}
}

func TestEveryFaultHasASentenceWithItsColumn(t *testing.T) {
	t.Parallel()
	for code := range sentences {
		if f := fault(balance, code); f.Code != code || f.Sentence == "" || strings.Contains(f.Sentence, "%") {
			t.Errorf("%s: %+v", code, f)
		}
	}
}
