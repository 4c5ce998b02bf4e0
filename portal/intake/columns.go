package intake

import (
	"errors"
	"fmt"
	"strings"
)

// column is one of the names that a placement carries, in the order of the
// documented file.
type column int

const (
	accountRef column = iota
	debtRef
	creditorRef
	creditorName
	originalCreditorName
	debtType
	accountNumberLast4
	firstName
	lastName
	dateOfBirth
	ssnLast4
	addressLine1
	addressLine2
	city
	state
	postalCode
	phone
	email
	language
	itemizationType
	itemizationDate
	itemizationAmount
	interestAdded
	feesAdded
	paymentsCredits
	balance
	balanceAsOf
	balanceVersion
	contractDate
	description
	limitationDate
	status
	statementIssuer
	interestAuthority
	feesAuthority
	columns // how many there are
)

// level is where a name stands in the nested form of a placement.
type level int

const (
	ofAccount level = iota
	ofConsumer
	ofDebt
)

// traits of a column. Needed ones make a row refused when they are empty: they
// are the validation information (VAL-01), what the ledger is opened with, and
// what decides whether the debt may be shown or paid at all.
type traits struct {
	name   string
	level  level
	needed bool
	max    int // bytes
}

var fields = [columns]traits{
	accountRef:           {"account_ref", ofAccount, true, 64},
	debtRef:              {"debt_ref", ofDebt, true, 64},
	creditorRef:          {"creditor_ref", ofDebt, true, 64},
	creditorName:         {"creditor_name", ofDebt, true, 200},
	originalCreditorName: {"original_creditor_name", ofDebt, false, 200},
	debtType:             {"debt_type", ofDebt, true, 32},
	accountNumberLast4:   {"account_number_last4", ofDebt, true, 4},
	firstName:            {"first_name", ofConsumer, true, 100},
	lastName:             {"last_name", ofConsumer, true, 100},
	dateOfBirth:          {"date_of_birth", ofConsumer, false, 10},
	ssnLast4:             {"ssn_last4", ofConsumer, false, 4},
	addressLine1:         {"address_line1", ofConsumer, true, 200},
	addressLine2:         {"address_line2", ofConsumer, false, 200},
	city:                 {"city", ofConsumer, true, 100},
	state:                {"state", ofConsumer, true, 2},
	postalCode:           {"postal_code", ofConsumer, true, 10},
	phone:                {"phone", ofConsumer, false, 32},
	email:                {"email", ofConsumer, false, 254},
	language:             {"language", ofConsumer, false, 8},
	itemizationType:      {"itemization_type", ofDebt, true, 32},
	itemizationDate:      {"itemization_date", ofDebt, true, 10},
	itemizationAmount:    {"itemization_amount", ofDebt, true, 20},
	interestAdded:        {"interest_added", ofDebt, true, 20},
	feesAdded:            {"fees_added", ofDebt, true, 20},
	paymentsCredits:      {"payments_credits", ofDebt, true, 20},
	balance:              {"balance", ofDebt, true, 20},
	balanceAsOf:          {"balance_as_of", ofDebt, true, 40},
	balanceVersion:       {"balance_version", ofDebt, false, 18},
	contractDate:         {"contract_date", ofDebt, false, 10},
	description:          {"description", ofDebt, false, 500},
	limitationDate:       {"limitation_date", ofDebt, false, 10},
	status:               {"status", ofDebt, true, 32},
	statementIssuer:      {"statement_issuer", ofDebt, false, 16},
	interestAuthority:    {"interest_authority", ofDebt, false, 64},
	feesAuthority:        {"fees_authority", ofDebt, false, 64},
}

func (c column) String() string { return fields[c].name }

// byName is the table above by name.
var byName = func() map[string]column {
	m := make(map[string]column, columns)
	for c, t := range fields {
		m[t.name] = column(c)
	}
	return m
}()

// Columns are the names of a placements file in their usual order.
func Columns() []string {
	names := make([]string, 0, columns)
	for _, t := range fields {
		names = append(names, t.name)
	}
	return names
}

// ErrHeader is returned, with every fault named, for a file whose first line
// does not name the columns of a placement. Nothing of the file is taken in.
var ErrHeader = errors.New("first line does not name the columns of a placements file")

// readHeader says which column stands at each place of the file's lines.
func readHeader(names []string) ([]column, error) {
	order := make([]column, 0, len(names))
	var seen [columns]bool
	var unknown, twice, missing []string
	for _, name := range names {
		name = strings.ToLower(strings.TrimSpace(name))
		c, known := byName[name]
		switch {
		case !known:
			unknown = append(unknown, plain(name))
		case seen[c]:
			twice = append(twice, name)
		default:
			seen[c] = true
		}
		order = append(order, c)
	}
	for c, t := range fields {
		if t.needed && !seen[c] {
			missing = append(missing, t.name)
		}
	}
	return order, headerFault(unknown, twice, missing)
}

func headerFault(unknown, twice, missing []string) error {
	var parts []string
	for _, f := range []struct {
		says  string
		names []string
	}{{"unknown", unknown}, {"named twice", twice}, {"missing", missing}} {
		if len(f.names) > 0 {
			parts = append(parts, f.says+": "+strings.Join(f.names, ", "))
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return fmt.Errorf("%w (%s)", ErrHeader, strings.Join(parts, "; "))
}

// plain makes a name of a stranger's file fit for a message: a header may be a
// row of somebody's data.
func plain(name string) string {
	ok := func(r rune) bool { return r == '_' || r >= 'a' && r <= 'z' }
	if name == "" || len(name) > 40 || strings.ContainsFunc(name, func(r rune) bool { return !ok(r) }) {
		return "(not a column name)"
	}
	return name
}
