package intake

import (
	"strings"
	"unicode"
)

// ref is a reference of the collector's own.
func (c *checker) ref(col column) string {
	v := c.values[col]
	for i := range len(v) {
		b := v[i]
		if !letter(b) && !digit(b) && strings.IndexByte("._-/:#", b) < 0 {
			code := "not_a_reference"
			if shortened(v) {
				code = "exponent"
			}
			c.fault(col, code)
			return ""
		}
	}
	if len(v) > exactDigits+1 && digits(v) && strings.Trim(v[exactDigits:], "0") == "" {
		c.flags = append(c.flags, fault(col, "rounded"))
	}
	return v
}

// exactDigits is how many digits of a number spreadsheets keep.
const exactDigits = 15

// shortened reports whether a text is a long number as spreadsheets write it:
// 4.50123E+15.
func shortened(v string) bool {
	number, power, found := strings.Cut(strings.ToUpper(v), "E+")
	return found && digits(strings.Replace(number, ".", "", 1)) && digits(power)
}

func letter(b byte) bool { return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' }

func digit(b byte) bool { return b >= '0' && b <= '9' }

func digits(s string) bool {
	for i := range len(s) {
		if !digit(s[i]) {
			return false
		}
	}
	return true
}

func (c *checker) lower(col column) string { return strings.ToLower(c.values[col]) }

func (c *checker) four(col column) string {
	v := c.values[col]
	if v != "" && (len(v) != 4 || !digits(v)) {
		c.fault(col, "not_four_digits")
		return ""
	}
	return v
}

// lastFour is the truncated account number (VAL-01 iv): never more than four.
func (c *checker) lastFour() string {
	v := c.values[accountNumberLast4]
	for i := range len(v) {
		if !letter(v[i]) && !digit(v[i]) {
			c.fault(accountNumberLast4, "not_last_four")
			return ""
		}
	}
	if v != "" && len(v) < 4 && digits(v) {
		c.flags = append(c.flags, fault(accountNumberLast4, "few_digits"))
	}
	return v
}

func (c *checker) state() string {
	v := strings.ToUpper(c.values[state])
	if v != "" && !isState(v) {
		c.fault(state, "not_a_state")
		return ""
	}
	return v
}

// isState knows the postal letters of states, the district, territories and
// military addresses.
func isState(v string) bool {
	switch v {
	case "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY", "LA", "ME", "MD",
		"MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA", "RI", "SC",
		"SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY", "DC", "AS", "GU", "MP", "PR", "VI", "AA", "AE", "AP":
		return true
	}
	return false
}

// postalCode accepts 12345, 12345-6789 and 123456789, and writes the last as
// the second.
func (c *checker) postalCode() string {
	v := c.values[postalCode]
	five, four, dashed := strings.Cut(v, "-")
	if !dashed && len(v) == 9 {
		five, four = v[:5], v[5:]
	}
	if v != "" && (len(five) != 5 || !digits(five) || !digits(four) || len(four) != 4 && (four != "" || dashed)) {
		code := "not_a_postal_code"
		if digits(five) && (len(five) == 3 || len(five) == 4) {
			code = "zero_lost"
		}
		c.fault(postalCode, code)
		return ""
	}
	if four == "" {
		return five
	}
	return five + "-" + four
}

// phone accepts a US number in any usual spelling and writes it as +12125550123.
func (c *checker) phone() string {
	v := c.values[phone]
	if v == "" {
		return ""
	}
	var n [11]byte
	size := 0
	for _, r := range v {
		switch {
		case r >= '0' && r <= '9':
			if size == len(n) {
				c.fault(phone, "not_a_phone")
				return ""
			}
			n[size] = byte(r)
			size++
		case !strings.ContainsRune("()./+", r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Pd, r):
			c.fault(phone, "not_a_phone")
			return ""
		}
	}
	ten := string(n[:size])
	if size == 11 && n[0] == '1' {
		ten = ten[1:]
	}
	if len(ten) != 10 || ten[0] < '2' || ten[3] < '2' {
		c.fault(phone, "not_a_phone")
		return ""
	}
	return "+1" + ten
}

// email is held to its form only: one @, a domain with a dot, nothing that
// could end a header line.
func (c *checker) email() string {
	v := c.values[email]
	if v == "" {
		return ""
	}
	local, domain, ok := strings.Cut(v, "@")
	dot := strings.LastIndexByte(domain, '.')
	if !ok || local == "" || len(local) > 64 || dot < 1 || dot == len(domain)-1 || domain[0] == '.' ||
		strings.ContainsAny(v, " ,;:<>()[]\\\"") || strings.Contains(domain, "@") || strings.Contains(v, "..") {
		c.fault(email, "not_an_email")
		return ""
	}
	return v
}

func (c *checker) language() string {
	switch v := strings.ToLower(c.values[language]); v {
	case "":
		return "en"
	case "en", "es":
		return v
	}
	c.fault(language, "unknown_value")
	return ""
}

// description must not carry a card number into the portal (SEC-01).
func (c *checker) description() string {
	v := c.values[description]
	if holdsCardNumber(v) {
		c.fault(description, "card_number")
		return ""
	}
	return v
}

// holdsCardNumber looks for 13 to 19 digits, parted by nothing but single spaces
// or hyphens, that pass the check of card numbers.
func holdsCardNumber(v string) bool {
	var run []byte
	for i := range len(v) {
		switch {
		case digit(v[i]):
			run = append(run, v[i])
		case (v[i] == ' ' || v[i] == '-') && i+1 < len(v) && digit(v[i+1]) && len(run) > 0:
		default:
			if cardLike(run) {
				return true
			}
			run = run[:0]
		}
	}
	return cardLike(run)
}

func cardLike(n []byte) bool {
	if len(n) < 13 || len(n) > 19 {
		return false
	}
	sum := 0
	for i := range n {
		d := int(n[len(n)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
