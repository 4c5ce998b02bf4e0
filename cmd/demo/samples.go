package demo

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"time"

	"quittance/payments/money"
	"quittance/plans/civil"
)

// Sample is one account of the demo: a person, their debts, and what there is
// to see.
type Sample struct {
	Ref, First, Last string
	Born             string
	City, State, ZIP string
	language         string
	about            string
	Debts            []SampleDebt
}

// SampleDebt is one placement row of a sample.
type SampleDebt struct {
	Creditor, original, Kind string
	Last4, What              string
	Amount, interest, fees   money.Cents
	credits                  money.Cents
	MonthsAgo                int // of the itemization date
	status                   string
	limitationDaysFromNow    int // 0: not given
	noticeDaysAgo            int // of the validation notice; 0: the usual ones, negative: none is known
}

// Samples are the people of the demo. Names, addresses and numbers are made up.
func Samples() []Sample {
	return []Sample{
		{Ref: "A-1001", First: "Ana", Last: "Reyes", Born: "1984-03-12", City: "Springfield", State: "OH", ZIP: "45501",
			about: "Several debts: choose which one each dollar goes to. Any card or bank account works.",
			Debts: []SampleDebt{
				{Creditor: "Mercy Clinic", Kind: "medical", Last4: "0593", What: "Care in May 2025", Amount: 30000, interest: 3217, MonthsAgo: 8, noticeDaysAgo: 10},
				{Creditor: "City Water", Kind: "utility", Last4: "7710", What: "Water bill 2025", Amount: 20000, credits: 5000, MonthsAgo: 6},
				{Creditor: "Northside Telecom", original: "Bluebird Mobile", Kind: "telecom", Last4: "4821", What: "Phone line closed in March 2025", Amount: 8420, fees: 1500, MonthsAgo: 10},
			}},
		{Ref: "A-1002", First: "Ben", Last: "Okafor", Born: "1990-07-02", City: "Columbus", State: "OH", ZIP: "43004",
			about: "One medical bill. Pay it with card 4242 4242 4242 4242, or with bank routing 110000000, account 000123456789: it clears after four business days.",
			Debts: []SampleDebt{{Creditor: "Riverside Hospital", Kind: "medical", Last4: "1180", What: "Emergency visit, February 2025", Amount: 48217, MonthsAgo: 9}}},
		{Ref: "A-1003", First: "Carla", Last: "Whitfield", Born: "1971-11-30", City: "Akron", State: "OH", ZIP: "44301",
			about: "A debt that is too old to sue over: what it says, and what paying would mean.",
			Debts: []SampleDebt{{Creditor: "Harbor Finance", original: "Old Harbor Bank", Kind: "loan", Last4: "9034", What: "Personal loan 2014", Amount: 112500, interest: 8800, MonthsAgo: 70, limitationDaysFromNow: -400}}},
		{Ref: "A-1004", First: "Dmitri", Last: "Novak", Born: "1966-01-19", City: "Dayton", State: "OH", ZIP: "45402",
			about: "One debt is disputed and cannot be paid; the other can.",
			Debts: []SampleDebt{
				{Creditor: "Lakeside Dental", Kind: "medical", Last4: "2207", What: "Crown, October 2024", Amount: 64000, MonthsAgo: 12, status: "disputed"},
				{Creditor: "Valley Gas", Kind: "utility", Last4: "6611", What: "Gas bill, winter 2025", Amount: 11890, MonthsAgo: 9},
			}},
		{Ref: "A-1005", First: "Esther", Last: "Lindqvist", Born: "1999-09-09", City: "Toledo", State: "OH", ZIP: "43604",
			about: "A tiny balance: 75 cents. No validation notice is known: the system of record is asked to mail one.",
			Debts: []SampleDebt{{Creditor: "Metro Library", Kind: "other", Last4: "0042", What: "Book returned late", Amount: 75, MonthsAgo: 4, noticeDaysAgo: -1}}},
		{Ref: "A-1006", First: "Frank", Last: "Delgado", Born: "1958-05-23", City: "Cleveland", State: "OH", ZIP: "44101",
			about: "A large balance: amounts and words still fit on a small phone.",
			Debts: []SampleDebt{{Creditor: "Summit Surgical Associates of Northern Ohio", Kind: "medical", Last4: "3319", What: "Surgery, January 2024", Amount: 4500000, interest: 318690, fees: 2500, MonthsAgo: 20}}},
		{Ref: "A-1007", First: "Grace", Last: "Tanaka", Born: "1988-12-01", City: "Cincinnati", State: "OH", ZIP: "45202",
			about: "A bank payment that comes back on day 4: pay with routing 110000000, account 000222222227, then move the clock.",
			Debts: []SampleDebt{{Creditor: "Queen City Electric", Kind: "utility", Last4: "8150", What: "Power bill, summer 2025", Amount: 23140, MonthsAgo: 5}}},
		{Ref: "A-1008", First: "Hassan", Last: "Farouk", Born: "1993-04-17", City: "Youngstown", State: "OH", ZIP: "44503",
			about: "A card that asks the bank first (3-D Secure): 4000 0025 0000 3155.",
			Debts: []SampleDebt{{Creditor: "Tri-County Internet", Kind: "telecom", Last4: "5526", What: "Internet service until June 2025", Amount: 17600, MonthsAgo: 5}}},
		{Ref: "A-1009", First: "Ivy", Last: "Cooper", Born: "1979-08-08", City: "Canton", State: "OH", ZIP: "44702",
			about: "A card that is declined: 4000 0000 0000 0002. Then try another: 4242 4242 4242 4242.",
			Debts: []SampleDebt{{Creditor: "Stark County Ambulance", Kind: "medical", Last4: "4477", What: "Ride to hospital, April 2025", Amount: 95000, credits: 60000, MonthsAgo: 7}}},
		{Ref: "A-1010", First: "Jamal", Last: "Price", Born: "2001-02-25", City: "Lorain", State: "OH", ZIP: "44052",
			about: "A credit card debt: credit cards are refused (try 4242 4242 4242 4242); debit 4000 0566 5566 5556 and prepaid 5105 1051 0510 5100 work.",
			Debts: []SampleDebt{{Creditor: "First Prairie Bank", Kind: "credit_card", Last4: "6092", What: "Credit card opened in 2021", Amount: 138000, interest: 21455, MonthsAgo: 11}}},
		{Ref: "A-1011", First: "Lucía", Last: "Fernández", Born: "1982-06-15", City: "Hamilton", State: "OH", ZIP: "45011", language: "es",
			about: "Speaks Spanish: every page, receipt and message is in Spanish from the start.",
			Debts: []SampleDebt{{Creditor: "Clínica del Sol", Kind: "medical", Last4: "7203", What: "Consulta, marzo de 2025", Amount: 26500, MonthsAgo: 8, noticeDaysAgo: 12}}},
		{Ref: "A-1012", First: "Marta", Last: "Svensson", Born: "1969-10-04", City: "Mansfield", State: "OH", ZIP: "44902",
			about: "Paid off: nothing is owed, the history stays.",
			Debts: []SampleDebt{{Creditor: "Mansfield Heating", Kind: "utility", Last4: "1938", What: "Heating oil 2024", Amount: 40000, credits: 40000, MonthsAgo: 14, status: "paid"}}},
		{Ref: "A-1013", First: "Noah", Last: "Brandt", Born: "1975-03-03", City: "Newark", State: "OH", ZIP: "43055",
			about: "Bankruptcy: no amounts are shown and nothing can be paid.",
			Debts: []SampleDebt{{Creditor: "Licking Auto Credit", Kind: "auto_loan", Last4: "3004", What: "Car loan 2022", Amount: 912000, MonthsAgo: 10, status: "bankruptcy"}}},
	}
}

// usualNotice is how many days ago the notices of most samples were mailed: their
// periods are over.
const usualNotice = 60

// Placements writes the samples as the placements file that a collector would
// send, as of today.
func Placements(all []Sample, now time.Time) []byte {
	today := civil.Of(now)
	return snapshot{placed: today, asOf: today, version: 1}.file(all)
}

// snapshot is a state of the collector's books that a file tells of.
type snapshot struct {
	placed, asOf civil.Date
	version      int
	posted       map[string]money.Cents // by debt reference, since it was placed
	at           time.Time              // the very instant, where the day is not enough
	only         string                 // an account; empty is all
}

// file writes the placements file of the snapshot.
func (s snapshot) file(all []Sample) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	header := []string{"account_ref", "debt_ref", "creditor_ref", "creditor_name", "original_creditor_name", "debt_type", "account_number_last4",
		"first_name", "last_name", "date_of_birth", "ssn_last4", "address_line1", "address_line2", "city", "state", "postal_code", "phone", "email", "language",
		"itemization_type", "itemization_date", "itemization_amount", "interest_added", "fees_added", "payments_credits", "balance", "balance_as_of",
		"balance_version", "contract_date", "description", "limitation_date", "status", "interest_authority", "fees_authority"}
	rows := [][]string{header}
	for i, person := range all {
		if s.only != "" && s.only != person.Ref {
			continue
		}
		for j, d := range person.Debts {
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
func (s Sample) debtRef(j int) string { return fmt.Sprintf("%s-%d", s.Ref, j+1) }

func (s Sample) row(i, j int, d SampleDebt, at snapshot) []string {
	today := at.placed
	itemized := today.AddDays(-30 * d.MonthsAgo)
	limit := ""
	if d.limitationDaysFromNow != 0 {
		limit = today.AddDays(d.limitationDaysFromNow).String()
	}
	original, status, language := d.original, d.status, s.language
	if original == "" {
		original = d.Creditor
	}
	if status == "" {
		status = "active"
	}
	if language == "" {
		language = "en"
	}
	asOf := at.asOf.String()
	if !at.at.IsZero() {
		asOf = at.at.UTC().Format(time.RFC3339Nano)
	}
	balance := d.Amount + d.interest + d.fees - d.credits
	return []string{s.Ref, s.debtRef(j), fmt.Sprintf("C-%d%02d", j+1, i+1), d.Creditor, original, d.Kind, d.Last4,
		s.First, s.Last, s.Born, "", fmt.Sprintf("%d Maple Street", 100+i), "", s.City, s.State, s.ZIP, fmt.Sprintf("+1937555%04d", 100+i), fmt.Sprintf("%s@example.com", s.Ref), language,
		"last_statement", itemized.String(), d.Amount.Decimal(), d.interest.Decimal(), d.fees.Decimal(), d.credits.Decimal(), balance.Decimal(), asOf,
		strconv.Itoa(at.version), itemized.AddDays(-60).String(), d.What, limit, status, "agreement", "agreement"}
}
