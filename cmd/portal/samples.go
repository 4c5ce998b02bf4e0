package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"time"

	"quittance/payments/money"
	"quittance/plans/civil"
)

// sample is one account of the demo: a person, their debts, and what there is
// to see.
type sample struct {
	ref, first, last string
	born             string
	city, state, zip string
	language         string
	about            string
	debts            []sampleDebt
}

// sampleDebt is one placement row of a sample.
type sampleDebt struct {
	creditor, original, kind string
	last4, what              string
	amount, interest, fees   money.Cents
	credits                  money.Cents
	monthsAgo                int // of the itemization date
	status                   string
	limitationDaysFromNow    int // 0: not given
	noticeDaysAgo            int // of the validation notice; 0: the usual ones, negative: none is known
}

// samples are the people of the demo. Names, addresses and numbers are made up.
func samples() []sample {
	return []sample{
		{ref: "A-1001", first: "Ana", last: "Reyes", born: "1984-03-12", city: "Springfield", state: "OH", zip: "45501",
			about: "Several debts: choose which one each dollar goes to. Any card or bank account works.",
			debts: []sampleDebt{
				{creditor: "Mercy Clinic", kind: "medical", last4: "0593", what: "Care in May 2025", amount: 30000, interest: 3217, monthsAgo: 8, noticeDaysAgo: 10},
				{creditor: "City Water", kind: "utility", last4: "7710", what: "Water bill 2025", amount: 20000, credits: 5000, monthsAgo: 6},
				{creditor: "Northside Telecom", original: "Bluebird Mobile", kind: "telecom", last4: "4821", what: "Phone line closed in March 2025", amount: 8420, fees: 1500, monthsAgo: 10},
			}},
		{ref: "A-1002", first: "Ben", last: "Okafor", born: "1990-07-02", city: "Columbus", state: "OH", zip: "43004",
			about: "One medical bill. Pay it with card 4242 4242 4242 4242, or with bank routing 110000000, account 000123456789: it clears after four business days.",
			debts: []sampleDebt{{creditor: "Riverside Hospital", kind: "medical", last4: "1180", what: "Emergency visit, February 2025", amount: 48217, monthsAgo: 9}}},
		{ref: "A-1003", first: "Carla", last: "Whitfield", born: "1971-11-30", city: "Akron", state: "OH", zip: "44301",
			about: "A debt that is too old to sue over: what it says, and what paying would mean.",
			debts: []sampleDebt{{creditor: "Harbor Finance", original: "Old Harbor Bank", kind: "loan", last4: "9034", what: "Personal loan 2014", amount: 112500, interest: 8800, monthsAgo: 70, limitationDaysFromNow: -400}}},
		{ref: "A-1004", first: "Dmitri", last: "Novak", born: "1966-01-19", city: "Dayton", state: "OH", zip: "45402",
			about: "One debt is disputed and cannot be paid; the other can.",
			debts: []sampleDebt{
				{creditor: "Lakeside Dental", kind: "medical", last4: "2207", what: "Crown, October 2024", amount: 64000, monthsAgo: 12, status: "disputed"},
				{creditor: "Valley Gas", kind: "utility", last4: "6611", what: "Gas bill, winter 2025", amount: 11890, monthsAgo: 9},
			}},
		{ref: "A-1005", first: "Esther", last: "Lindqvist", born: "1999-09-09", city: "Toledo", state: "OH", zip: "43604",
			about: "A tiny balance: 75 cents. No validation notice is known: the system of record is asked to mail one.",
			debts: []sampleDebt{{creditor: "Metro Library", kind: "other", last4: "0042", what: "Book returned late", amount: 75, monthsAgo: 4, noticeDaysAgo: -1}}},
		{ref: "A-1006", first: "Frank", last: "Delgado", born: "1958-05-23", city: "Cleveland", state: "OH", zip: "44101",
			about: "A large balance: amounts and words still fit on a small phone.",
			debts: []sampleDebt{{creditor: "Summit Surgical Associates of Northern Ohio", kind: "medical", last4: "3319", what: "Surgery, January 2024", amount: 4500000, interest: 318690, fees: 2500, monthsAgo: 20}}},
		{ref: "A-1007", first: "Grace", last: "Tanaka", born: "1988-12-01", city: "Cincinnati", state: "OH", zip: "45202",
			about: "A bank payment that comes back on day 4: pay with routing 110000000, account 000222222227, then move the clock.",
			debts: []sampleDebt{{creditor: "Queen City Electric", kind: "utility", last4: "8150", what: "Power bill, summer 2025", amount: 23140, monthsAgo: 5}}},
		{ref: "A-1008", first: "Hassan", last: "Farouk", born: "1993-04-17", city: "Youngstown", state: "OH", zip: "44503",
			about: "A card that asks the bank first (3-D Secure): 4000 0025 0000 3155.",
			debts: []sampleDebt{{creditor: "Tri-County Internet", kind: "telecom", last4: "5526", what: "Internet service until June 2025", amount: 17600, monthsAgo: 5}}},
		{ref: "A-1009", first: "Ivy", last: "Cooper", born: "1979-08-08", city: "Canton", state: "OH", zip: "44702",
			about: "A card that is declined: 4000 0000 0000 0002. Then try another: 4242 4242 4242 4242.",
			debts: []sampleDebt{{creditor: "Stark County Ambulance", kind: "medical", last4: "4477", what: "Ride to hospital, April 2025", amount: 95000, credits: 60000, monthsAgo: 7}}},
		{ref: "A-1010", first: "Jamal", last: "Price", born: "2001-02-25", city: "Lorain", state: "OH", zip: "44052",
			about: "A credit card debt: credit cards are refused (try 4242 4242 4242 4242); debit 4000 0566 5566 5556 and prepaid 5105 1051 0510 5100 work.",
			debts: []sampleDebt{{creditor: "First Prairie Bank", kind: "credit_card", last4: "6092", what: "Credit card opened in 2021", amount: 138000, interest: 21455, monthsAgo: 11}}},
		{ref: "A-1011", first: "Lucía", last: "Fernández", born: "1982-06-15", city: "Hamilton", state: "OH", zip: "45011", language: "es",
			about: "Speaks Spanish: every page, receipt and message is in Spanish from the start.",
			debts: []sampleDebt{{creditor: "Clínica del Sol", kind: "medical", last4: "7203", what: "Consulta, marzo de 2025", amount: 26500, monthsAgo: 8, noticeDaysAgo: 12}}},
		{ref: "A-1012", first: "Marta", last: "Svensson", born: "1969-10-04", city: "Mansfield", state: "OH", zip: "44902",
			about: "Paid off: nothing is owed, the history stays.",
			debts: []sampleDebt{{creditor: "Mansfield Heating", kind: "utility", last4: "1938", what: "Heating oil 2024", amount: 40000, credits: 40000, monthsAgo: 14, status: "paid"}}},
		{ref: "A-1013", first: "Noah", last: "Brandt", born: "1975-03-03", city: "Newark", state: "OH", zip: "43055",
			about: "Bankruptcy: no amounts are shown and nothing can be paid.",
			debts: []sampleDebt{{creditor: "Licking Auto Credit", kind: "auto_loan", last4: "3004", what: "Car loan 2022", amount: 912000, monthsAgo: 10, status: "bankruptcy"}}},
	}
}

// usualNotice is how many days ago the notices of most samples were mailed: their
// periods are over.
const usualNotice = 60

// placements writes the samples as the placements file that a collector would
// send, as of today.
func placements(all []sample, now time.Time) []byte {
	today := civil.Of(now)
	return snapshot{placed: today, asOf: today, version: 1}.file(all)
}

// snapshot is a state of the collector's books that a file tells of.
type snapshot struct {
	placed, asOf civil.Date
	version      int
	posted       map[string]money.Cents // by debt reference, since it was placed
}

// file writes the placements file of the snapshot.
func (s snapshot) file(all []sample) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	header := []string{"account_ref", "debt_ref", "creditor_ref", "creditor_name", "original_creditor_name", "debt_type", "account_number_last4",
		"first_name", "last_name", "date_of_birth", "ssn_last4", "address_line1", "address_line2", "city", "state", "postal_code", "phone", "email", "language",
		"itemization_type", "itemization_date", "itemization_amount", "interest_added", "fees_added", "payments_credits", "balance", "balance_as_of",
		"balance_version", "contract_date", "description", "limitation_date", "status", "interest_authority", "fees_authority"}
	rows := [][]string{header}
	for i, person := range all {
		for j, d := range person.debts {
			d.credits += s.posted[person.debtRef(j)]
			rows = append(rows, person.row(i, j, d, s))
		}
	}
	if err := w.WriteAll(rows); err != nil {
		panic("samples: writing to memory cannot fail: " + err.Error())
	}
	return b.Bytes()
}

// debtRef is the collector's reference of a sample's j-th debt, from 0.
func (s sample) debtRef(j int) string { return fmt.Sprintf("%s-%d", s.ref, j+1) }

func (s sample) row(i, j int, d sampleDebt, at snapshot) []string {
	today := at.placed
	itemized := today.AddDays(-30 * d.monthsAgo)
	limit := ""
	if d.limitationDaysFromNow != 0 {
		limit = today.AddDays(d.limitationDaysFromNow).String()
	}
	original, status, language := d.original, d.status, s.language
	if original == "" {
		original = d.creditor
	}
	if status == "" {
		status = "active"
	}
	if language == "" {
		language = "en"
	}
	balance := d.amount + d.interest + d.fees - d.credits
	return []string{s.ref, s.debtRef(j), fmt.Sprintf("C-%d%02d", j+1, i+1), d.creditor, original, d.kind, d.last4,
		s.first, s.last, s.born, "", fmt.Sprintf("%d Maple Street", 100+i), "", s.city, s.state, s.zip, fmt.Sprintf("+1937555%04d", 100+i), fmt.Sprintf("%s@example.com", s.ref), language,
		"last_statement", itemized.String(), d.amount.Decimal(), d.interest.Decimal(), d.fees.Decimal(), d.credits.Decimal(), balance.Decimal(), at.asOf.String(),
		strconv.Itoa(at.version), itemized.AddDays(-60).String(), d.what, limit, status, "agreement", "agreement"}
}
