package claim

import (
	"cmp"
	"strings"
	"unicode/utf8"
)

// Most characters of one field of a form, and of what a person says in their
// own words.
const (
	MostText  = 200
	MostWords = 2000
)

// Details are what a person may add; nothing of it is needed for the claim to
// take effect, and nobody is asked for an income (STS-09). They are sealed
// while stored and leave the house by the API alone (WHK-04).
type Details struct {
	CaseNumber string `json:"case_number,omitempty"` // of a bankruptcy
	Chapter    string `json:"chapter,omitempty"`     // "7", "11", "12" or "13"
	Name       string `json:"name,omitempty"`        // of the attorney, guardian, or whoever reports
	Phone      string `json:"phone,omitempty"`
	Email      string `json:"email,omitempty"`
	Relation   string `json:"relation,omitempty"` // of whoever reports, as they put it
	Words      string `json:"words,omitempty"`
	// PayAnyway is the version of the text by which a represented person asked
	// to pay here themselves all the same (STS-03).
	PayAnyway string `json:"pay_anyway,omitempty"`
	// Direct is the version of the text by which a person ended what they had said
	// of an attorney: to be dealt with directly again (STS-03).
	Direct string `json:"direct,omitempty"`
	// Alive is the version of the text by which a person took back what somebody
	// with a link had said: that they died (STS-02).
	Alive string `json:"alive,omitempty"`
}

// chapters of title 11 that a person or a family farm can file under.
var chapters = []string{"", "7", "11", "12", "13"}

// Chapters lists what may be said of a bankruptcy; the first is "not said".
func Chapters() []string { return chapters }

// tidy cuts what is too long and drops what a card number looks like: no place
// of ours ever holds one (SEC-01).
func (d Details) tidy() Details {
	for _, field := range []*string{&d.CaseNumber, &d.Chapter, &d.Name, &d.Phone, &d.Email, &d.Relation, &d.PayAnyway, &d.Direct, &d.Alive} {
		*field = cut(*field, MostText)
	}
	d.Words = withoutCards(cut(d.Words, MostWords))
	d.Name, d.Relation = withoutCards(d.Name), withoutCards(d.Relation)
	return d
}

// over is what is known after d was said: a field that is empty says nothing.
func (d Details) over(known Details) Details {
	for _, field := range []struct{ said, known *string }{
		{&d.CaseNumber, &known.CaseNumber}, {&d.Chapter, &known.Chapter}, {&d.Name, &known.Name}, {&d.Phone, &known.Phone},
		{&d.Email, &known.Email}, {&d.Relation, &known.Relation}, {&d.Words, &known.Words}, {&d.PayAnyway, &known.PayAnyway},
		{&d.Direct, &known.Direct}, {&d.Alive, &known.Alive},
	} {
		*field.said = cmp.Or(*field.said, *field.known)
	}
	return d
}

func cut(s string, most int) string {
	s = strings.TrimSpace(s)
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most])
}

// withoutCards puts "*" for each digit of a run that passes the check of card
// numbers, spaces and hyphens between the digits not counted.
func withoutCards(s string) string {
	out := []byte(s)
	for start := 0; start < len(out); start++ {
		if !digit(out[start]) || start > 0 && digit(out[start-1]) {
			continue
		}
		end, digits := run(out, start)
		if len(digits) >= 13 && len(digits) <= 19 && luhn(digits) {
			for i := start; i < end; i++ {
				if digit(out[i]) {
					out[i] = '*'
				}
			}
		}
		start = end
	}
	return string(out)
}

func run(s []byte, from int) (end int, digits []byte) {
	for end = from; end < len(s) && (digit(s[end]) || s[end] == ' ' || s[end] == '-'); end++ {
		if digit(s[end]) {
			digits = append(digits, s[end])
		}
	}
	return end, digits
}

func digit(b byte) bool { return b >= '0' && b <= '9' }

func luhn(digits []byte) bool {
	sum := 0
	for i := range digits {
		n := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}
