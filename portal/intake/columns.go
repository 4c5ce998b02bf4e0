package intake

import (
	"errors"
	"fmt"
	"slices"
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
	firstName:            {"first_name", ofConsumer, false, 100}, // one name is enough
	lastName:             {"last_name", ofConsumer, false, 100},
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

// spare reports whether a row can do without the column: a value of it that cannot
// be read is left out and told. A stop must not hang on a phone number.
func (c column) spare() bool {
	switch c {
	case dateOfBirth, ssnLast4, addressLine2, phone, email, language, contractDate, description:
		return true
	}
	return false
}

// ofAddress reports whether the column is of the mailing address: without it
// nobody is written to, and its state and ZIP code choose the law.
func (c column) ofAddress() bool {
	return c == addressLine1 || c == city || c == state || c == postalCode
}

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

// unnamed stands for a column without a name, such as spreadsheets leave behind the
// last one: it may be there as long as nothing stands in it.
const unnamed column = -1

// leastNames is how many columns a first line must name to be one that names
// columns. Of any other line nothing is repeated: it may be somebody's data.
const leastNames = 3

// readHeader says which column stands at each place of the file's lines.
func readHeader(names []string) ([]column, error) {
	order := make([]column, 0, len(names))
	var seen [columns]bool
	var unknown, twice, missing []string
	found := 0
	if slices.ContainsFunc(names, func(name string) bool { return strings.ContainsAny(strings.TrimSpace(name), "\r\x00") }) {
		return nil, noHeader(names)
	}
	for _, name := range names {
		name = strings.ToLower(strings.TrimFunc(name, unseen))
		c, known := byName[name]
		if known {
			found++
		}
		switch {
		case name == "":
			c = unnamed
		case !known:
			unknown = append(unknown, plain(name))
		case seen[c]:
			twice = append(twice, name)
		default:
			seen[c] = true
		}
		order = append(order, c)
	}
	if found < leastNames {
		return nil, noHeader(names)
	}
	for c, t := range fields {
		if t.needed && !seen[c] {
			missing = append(missing, t.name)
		}
	}
	return order, headerFault(unknown, twice, missing)
}

// noHeader says what a first line is that names no columns, as far as one can tell.
func noHeader(names []string) error {
	for _, f := range []struct{ sign, says string }{
		{"\x00", "the file is in UTF-16: save it as CSV in UTF-8"},
		{"\r", "its lines end as on old Macs: save it as CSV in UTF-8"},
		{";", "its columns are parted by semicolons: save it as CSV parted by commas"},
		{"\t", "its columns are parted by tabs: save it as CSV parted by commas"},
	} {
		if strings.Contains(strings.Join(names, ","), f.sign) {
			return fmt.Errorf("%w (%s)", ErrHeader, f.says)
		}
	}
	return fmt.Errorf("%w (it must be the names that the documentation lists, account_ref, debt_ref and so on)", ErrHeader)
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
