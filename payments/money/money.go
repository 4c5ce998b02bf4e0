// Package money holds amounts of US dollars as whole cents. There is no other
// representation of money anywhere in the product: no floats, no decimals.
package money

import (
	"errors"
	"fmt"
	"strings"
)

// Cents is an amount of US dollars in cents. Debts and payments are positive;
// ledger entries carry a sign.
type Cents int64

// Currency is the only currency the product moves.
const Currency = "usd"

// Max is the largest amount accepted anywhere: one hundred million dollars.
// It keeps every sum over a consumer's debts far away from overflow.
const Max Cents = 100_000_000_00

// Errors of Parse. Their text is for operators; people see words of their own.
var (
	ErrNotAnAmount = errors.New("not an amount of dollars and cents")
	ErrFraction    = errors.New("amount has a fraction of a cent")
	ErrTooLarge    = errors.New("amount is larger than is accepted")
	ErrComma       = errors.New("a comma may part thousands or cents") // of Typed
)

// Parse reads what a person or a file writes for an amount in dollars:
// "482.17", "$1,234.50", "15". It returns cents; a sign, an exponent, more
// than two decimals or anything beyond Max is refused.
func Parse(s string) (Cents, error) {
	s = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(s), "$"))
	whole, fraction, hasPoint := strings.Cut(s, ".")
	whole, err := dropThousands(whole)
	if err != nil {
		return 0, err
	}
	if whole == "" || (hasPoint && fraction == "") || !digits(whole) || !digits(fraction) {
		return 0, ErrNotAnAmount
	}
	if len(fraction) > 2 {
		return 0, ErrFraction
	}
	whole = strings.TrimLeft(whole, "0")
	if len(whole) > 9 {
		return 0, ErrTooLarge
	}
	var c Cents
	for _, d := range whole + (fraction + "00")[:2] {
		c = c*10 + Cents(d-'0')
	}
	if c > Max {
		return 0, ErrTooLarge
	}
	return c, nil
}

// Typed reads what a person types into a page: what Parse reads and, for keypads
// that have a comma alone, one comma before exactly two last digits as the point.
// So "12,50" is twelve and a half dollars, and "1,250" is more than a thousand. A
// comma that could be either is refused with ErrComma.
func Typed(s string) (Cents, error) {
	s = strings.TrimSpace(s)
	dollars, cents, comma := strings.Cut(s, ",")
	if comma && len(cents) == 2 && digits(cents) && !strings.Contains(dollars, ".") {
		s = dollars + "." + cents
	}
	c, err := Parse(s)
	if errors.Is(err, ErrNotAnAmount) && strings.Contains(s, ",") && strings.Trim(s, "$ .,0123456789") == "" {
		return 0, ErrComma
	}
	return c, err
}

// dropThousands removes commas that stand where thousands are parted, and
// refuses them anywhere else ("1,5" is not one and a half).
func dropThousands(whole string) (string, error) {
	if !strings.Contains(whole, ",") {
		return whole, nil
	}
	groups := strings.Split(whole, ",")
	for i, g := range groups {
		if (i == 0 && (len(g) == 0 || len(g) > 3)) || (i > 0 && len(g) != 3) {
			return "", ErrNotAnAmount
		}
	}
	return strings.Join(groups, ""), nil
}

func digits(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// String writes the amount as people in the US do: "$1,234.56", "-$0.05".
func (c Cents) String() string {
	sign, v := "", uint64(c)
	if c < 0 {
		sign, v = "-", -v
	}
	return sign + "$" + thousands(v/100) + fmt.Sprintf(".%02d", v%100)
}

// Decimal writes the amount as files do: "1234.56".
func (c Cents) Decimal() string {
	sign, v := "", uint64(c)
	if c < 0 {
		sign, v = "-", -v
	}
	return fmt.Sprintf("%s%d.%02d", sign, v/100, v%100)
}

func thousands(v uint64) string {
	if v < 1000 {
		return fmt.Sprint(v)
	}
	return thousands(v/1000) + fmt.Sprintf(",%03d", v%1000)
}

// Split parts an amount into n shares that differ by at most one cent and add
// up to it exactly; the larger shares come first. It returns nil for n < 1.
func Split(amount Cents, n int) []Cents {
	if n < 1 {
		return nil
	}
	shares := make([]Cents, n)
	base, rest := amount/Cents(n), amount%Cents(n)
	for i := range shares {
		shares[i] = base
		if Cents(i) < rest {
			shares[i]++
		}
		if Cents(i) < -rest {
			shares[i]--
		}
	}
	return shares
}
