package talk

import (
	"regexp"
	"strings"
)

// cardLike is a row of 13 to 19 digits, however they are parted.
var cardLike = regexp.MustCompile(`\d(?:[ -]?\d){12,18}`)

// Redact takes card numbers out of what somebody wrote: they are kept nowhere
// (SEC-01).
func Redact(words string) string {
	return cardLike.ReplaceAllStringFunc(words, func(found string) string {
		digits := strings.NewReplacer(" ", "", "-", "").Replace(found)
		if !luhn(digits) {
			return found
		}
		return "•••• " + digits[len(digits)-4:]
	})
}

// luhn is the check that every card number passes.
func luhn(digits string) bool {
	sum := 0
	for i, r := range digits {
		n := int(r - '0')
		if (len(digits)-i)%2 == 0 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}
