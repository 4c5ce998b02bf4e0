package intake

import (
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"quittance/payments/money"
	"quittance/plans/civil"
	"quittance/portal/debt"
)

// Row is a placement whose every value was checked. Its debt has no ids yet.
type Row struct {
	Number     int
	AccountRef string
	Consumer   debt.Consumer
	Debt       debt.Debt
	// Flags are what is to be looked at. A value among them that could not be read and
	// that no duty hangs on was left out: the rest counts as if it had not been sent.
	Flags []Fault
	// Address are what could not be read of the mailing address. Where one is held
	// it is kept as it was; a new account cannot be without one.
	Address []Fault
	// Nowhere means that the state or the ZIP code is among them: by which law the
	// debt is collected is not known (STA-05).
	Nowhere bool
	// Impersonal means that it says nothing of the person, as a Standing.
	Impersonal bool
}

// checker reads the values of one record and collects what is wrong.
type checker struct {
	*record
	now     time.Time
	today   civil.Date
	faults  Refusal
	flags   []Fault
	address []Fault
}

// check turns a record into a Row or says all that is wrong with it. now bounds
// dates: a day later than now is allowed for collectors ahead of UTC. Of a row
// that is refused the Row holds what could be read.
func check(r *record, now time.Time) (Row, Refusal) {
	c := checker{record: r, now: now, today: civil.Of(now.UTC()).AddDays(1)}
	c.all()
	row := Row{Number: r.number, AccountRef: c.ref(accountRef), Consumer: c.consumer(), Debt: c.debt()}
	row.Flags, row.Address = c.flags, c.address
	row.Nowhere = c.faulty(state) || c.faulty(postalCode)
	if len(r.faults) > 0 {
		return row, r.faults
	}
	return row, c.faults
}

// fault notes what is wrong with a value: it costs the row, but for a value that
// can be done without and for the mailing address, of which what is held stays.
func (c *checker) fault(col column, code string) {
	f := fault(col, code)
	switch {
	case col.spare():
		f.Sentence += "; it was left out"
		c.flags = append(c.flags, f)
	case col.ofAddress():
		c.address = append(c.address, f)
	default:
		c.faults = append(c.faults, f)
	}
}

// all checks what holds for every value: present where needed, short, printable.
// A value that fails here is emptied so that it is named once.
func (c *checker) all() {
	for col := range columns {
		t := &fields[col]
		v := strings.TrimFunc(c.values[col], unseen)
		code := ""
		switch {
		case v == "" && t.needed:
			code = missing(col)
		case len(v) > t.max:
			code = "too_long"
		case !printable(v):
			code = textFault(v)
		}
		if code != "" {
			c.fault(col, code)
			v = ""
		}
		c.values[col] = v
	}
	if c.values[firstName] == "" && c.values[lastName] == "" && !c.faulty(firstName) && !c.faulty(lastName) {
		c.fault(lastName, "no_name")
	}
}

// unseen reports whether a character shows nothing: a blank, a soft hyphen, a
// zero-width sign or a byte order mark. Signs that turn text around are no text
// and not among them.
func unseen(r rune) bool {
	return unicode.IsSpace(r) || r == 0xad || r >= 0x200b && r <= 0x200d || r == 0x2060 || r == 0xfeff
}

func missing(col column) string {
	switch col {
	case interestAdded, feesAdded, paymentsCredits:
		return "missing_amount"
	}
	return "missing"
}

// printable accepts ASCII fast and other text by its runes. U+FFFD is refused:
// it marks text that was damaged before it came here.
func printable(v string) bool {
	for i := range len(v) {
		if v[i] < ' ' || v[i] > '~' {
			return printableText(v[i:])
		}
	}
	return true
}

func printableText(v string) bool {
	for _, r := range v {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r == utf8.RuneError || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x2028 || r == 0x2029 {
			return false
		}
	}
	return true
}

func textFault(v string) string {
	if !utf8.ValidString(v) {
		return "not_utf8"
	}
	return "not_text"
}

func (c *checker) consumer() debt.Consumer {
	return debt.Consumer{
		FirstName: c.values[firstName], LastName: c.values[lastName],
		DateOfBirth: c.born(), SSNLast4: c.four(ssnLast4),
		Address: debt.Address{
			Line1: c.values[addressLine1], Line2: c.values[addressLine2], City: c.values[city],
			State: c.state(), PostalCode: c.postalCode(),
		},
		Phone: c.phone(), Email: c.email(), Language: c.language(),
	}
}

func (c *checker) debt() debt.Debt {
	d := debt.Debt{
		Ref: c.ref(debtRef), CreditorRef: c.ref(creditorRef), CreditorName: c.values[creditorName],
		Type: debt.Type(c.lower(debtType)), AccountNumberLast4: c.lastFour(), Description: c.description(),
		ContractDate: c.past(contractDate), LimitationDate: c.date(limitationDate),
		Itemization: c.itemization(), Snapshot: c.snapshot(), Status: debt.Status(c.lower(status)),
	}
	if d.Type != "" && !d.Type.Valid() {
		c.fault(debtType, "unknown_value")
	}
	if d.Status != "" && !d.Status.Valid() {
		c.fault(status, "unknown_value")
	}
	if d.Type == debt.Medical {
		d.Description = withoutCodes(d.Description)
	}
	d.OriginalCreditorName = c.originalCreditor(d.Type)
	c.sum(d)
	return d
}

// originalCreditor is needed where the debt is a consumer financial product
// (VAL-01 iii); elsewhere the current creditor stands for it.
func (c *checker) originalCreditor(t debt.Type) string {
	name := c.values[originalCreditorName]
	switch t {
	case debt.CreditCard, debt.Loan, debt.AutoLoan, debt.StudentLoan, debt.Payday:
		if name == "" {
			c.fault(originalCreditorName, "missing")
		}
	}
	if name == "" {
		return c.values[creditorName]
	}
	return name
}

func (c *checker) itemization() debt.Itemization {
	i := debt.Itemization{
		Type: debt.ItemizationType(c.lower(itemizationType)), Date: c.past(itemizationDate),
		Amount: c.amount(itemizationAmount), Interest: c.amount(interestAdded),
		Fees: c.amount(feesAdded), Credits: c.amount(paymentsCredits),
		InterestAuthority: c.values[interestAuthority], FeesAuthority: c.values[feesAuthority],
	}
	if i.Type != "" && !i.Type.Valid() {
		c.fault(itemizationType, "unknown_value")
	}
	c.issuer(i.Type)
	return i
}

// issuer refuses a last statement that a collector wrote: only the creditor's
// is one (VAL-03). Nothing said is the creditor's.
func (c *checker) issuer(t debt.ItemizationType) {
	switch who := c.lower(statementIssuer); {
	case who != "" && who != "creditor" && who != "collector":
		c.fault(statementIssuer, "unknown_value")
	case who == "collector" && t == debt.LastStatement:
		c.fault(statementIssuer, "not_the_creditors")
	}
}

// sum holds the balance to the cent (VAL-04) and the itemization date before it.
// A row whose amounts could not be read is not summed.
func (c *checker) sum(d debt.Debt) {
	if !d.Snapshot.AsOf.IsZero() && later(d.Itemization.Date, civil.Of(d.Snapshot.AsOf)) {
		c.fault(itemizationDate, "after_balance")
	}
	for _, col := range [...]column{itemizationAmount, interestAdded, feesAdded, paymentsCredits, balance} {
		if c.faulty(col) {
			return
		}
	}
	if off := d.Snapshot.Balance - d.Itemization.Total(); off != 0 {
		c.faults = append(c.faults, Fault{balance.String(), "sum", "balance is off by " + off.String() +
			" from itemization_amount + interest_added + fees_added - payments_credits"})
	}
}

func (c *checker) faulty(col column) bool {
	about := func(f Fault) bool { return f.Column == fields[col].name }
	return slices.ContainsFunc(c.faults, about) || slices.ContainsFunc(c.address, about)
}

// signed is an amount that may be below zero: nothing is owed then, and there is a
// credit.
func (c *checker) signed(col column) money.Cents {
	v, below := strings.CutPrefix(c.values[col], "-")
	if !below {
		return c.amount(col)
	}
	c.values[col] = v
	return -c.amount(col)
}

func (c *checker) amount(col column) money.Cents {
	v := c.values[col]
	if v == "" {
		return 0
	}
	if cents, ok := usual(v); ok {
		return cents
	}
	cents, err := money.Parse(v)
	switch {
	case err == nil:
		return cents
	case errors.Is(err, money.ErrFraction):
		c.fault(col, "fraction_of_a_cent")
	case errors.Is(err, money.ErrTooLarge):
		c.fault(col, "too_large")
	default:
		c.fault(col, "not_an_amount")
	}
	return 0
}

// usual reads the usual form of an amount, 482.17, in a fraction of the time.
func usual(v string) (money.Cents, bool) {
	point := len(v) - 3
	if point < 1 || len(v) > 11 || v[point] != '.' {
		return 0, false
	}
	var cents money.Cents
	for i := range len(v) {
		if i == point {
			continue
		}
		if !digit(v[i]) {
			return 0, false
		}
		cents = cents*10 + money.Cents(v[i]-'0')
	}
	return cents, true
}

func (c *checker) date(col column) civil.Date {
	v := c.values[col]
	if v == "" {
		return civil.Date{}
	}
	d, ok := day(v)
	switch {
	case !ok || d.Year > 2200:
		c.fault(col, "not_a_date")
	case d.Year < 1900:
		c.fault(col, "too_long_ago")
	default:
		return d
	}
	return civil.Date{}
}

// day reads YYYY-MM-DD as civil.Parse does, in a fraction of the time.
func day(v string) (civil.Date, bool) {
	if len(v) != 10 || v[4] != '-' || v[7] != '-' || !digits(v[:4]) || !digits(v[5:7]) || !digits(v[8:]) {
		return civil.Date{}, false
	}
	two := func(i int) int { return int(v[i]-'0')*10 + int(v[i+1]-'0') }
	d := civil.Date{Year: two(0)*100 + two(2), Month: time.Month(two(5)), Day: two(8)}
	return d, d.Year > 0 && d.Month >= 1 && d.Month <= 12 && d.Day >= 1 && d.Day <= daysIn(d.Year, d.Month)
}

func daysIn(year int, m time.Month) int {
	switch m {
	case time.February:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case time.April, time.June, time.September, time.November:
		return 30
	}
	return 31
}

// later compares days by their numbers.
func later(a, b civil.Date) bool { return ordinal(a) > ordinal(b) }

func ordinal(d civil.Date) int { return d.Year*10000 + int(d.Month)*100 + d.Day }

// past is a date that cannot lie in the future.
func (c *checker) past(col column) civil.Date {
	d := c.date(col)
	if !d.IsZero() && later(d, c.today) {
		c.fault(col, "in_the_future")
		return civil.Date{}
	}
	return d
}

// oldestAlive is more years than anybody alive has.
const oldestAlive = 117

// born reads a birth date. A day on which nobody alive was born stands for none:
// programs write 1900-01-01 where they know nothing.
func (c *checker) born() civil.Date {
	d := c.past(dateOfBirth)
	if !d.IsZero() && d.Year < c.today.Year-oldestAlive {
		c.fault(dateOfBirth, "placeholder")
		return civil.Date{}
	}
	return d
}

// snapshot reads the balance with its time and version. A plain date stands for
// its first instant in UTC.
func (c *checker) snapshot() debt.Snapshot {
	return debt.Snapshot{Balance: c.signed(balance), AsOf: c.asOf(), Version: c.version()}
}

func (c *checker) asOf() time.Time {
	v := c.values[balanceAsOf]
	if v == "" {
		return time.Time{}
	}
	t, ok := instant(v)
	switch {
	case !ok:
		c.fault(balanceAsOf, "not_a_time")
	case t.After(c.now.Add(24 * time.Hour)):
		c.fault(balanceAsOf, "in_the_future")
	case t.Year() < 1980:
		c.fault(balanceAsOf, "too_long_ago")
	default:
		return t.UTC().Truncate(time.Microsecond)
	}
	return time.Time{}
}

// instant reads a day, which stands for its first instant in UTC, or a time with
// its zone.
func instant(v string) (time.Time, bool) {
	if d, ok := day(v); ok {
		return d.In(time.UTC), true
	}
	t, err := time.Parse(time.RFC3339, v)
	return t, err == nil
}

func (c *checker) version() int64 {
	v := c.values[balanceVersion]
	if v == "" {
		return 0
	}
	var n int64
	for i := range len(v) { // at most 18 digits: it cannot overflow
		if v[i] < '0' || v[i] > '9' {
			n = 0
			break
		}
		n = n*10 + int64(v[i]-'0')
	}
	if n == 0 {
		c.fault(balanceVersion, "not_a_version")
	}
	return n
}
