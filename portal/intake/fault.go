package intake

import (
	"fmt"
	"strings"
)

// Fault is one reason why a row was not taken as it is, or one thing to look at
// in a row that was. Code is stable, for
// programs; Sentence is for people and never repeats what the row says.
type Fault struct {
	Column   string
	Code     string
	Sentence string
}

// Refusal is why a row was refused: all that is wrong with it.
type Refusal []Fault

// Error joins the sentences.
func (r Refusal) Error() string {
	sentences := make([]string, len(r))
	for i, f := range r {
		sentences[i] = f.Sentence
	}
	return strings.Join(sentences, "; ")
}

// Codes of faults and their sentences; %s is the column.
var sentences = map[string]string{
	"missing":            "%s is missing",
	"no_name":            "%s is missing and so is first_name; one of them is needed",
	"no_factor":          "%s is missing, and it is what consumers are matched by: nobody can sign in to this account until a later row has it",
	"missing_amount":     "%s is missing; write 0.00 if there is none",
	"too_long":           "%s is longer than is accepted",
	"not_text":           "%s holds characters that are not printable text",
	"not_utf8":           "%s is not valid UTF-8",
	"not_a_reference":    "%s may hold letters, digits and . _ - / : # only",
	"not_an_amount":      "%s is not an amount of dollars and cents such as 482.17",
	"fraction_of_a_cent": "%s has more than two decimals",
	"too_large":          "%s is larger than is accepted",
	"not_a_date":         "%s is not a date of the form YYYY-MM-DD",
	"in_the_future":      "%s lies in the future",
	"too_long_ago":       "%s lies too long ago",
	"not_a_time":         "%s is neither a date of the form YYYY-MM-DD nor a time such as 2026-11-22T18:04:05Z",
	"after_balance":      "%s is later than balance_as_of",
	"not_the_creditors":  "%s is a collector, whose statement is not the last statement; name another itemization date",
	"not_a_version":      "%s is not a whole number above zero",
	"unknown_value":      "%s is not one of the values that are known",
	"not_a_state":        "%s is not the two letters of a US state or territory",
	"not_a_postal_code":  "%s is not a ZIP code of five or nine digits",
	"not_a_phone":        "%s is not a US telephone number of ten digits",
	"not_an_email":       "%s is not an email address",
	"not_four_digits":    "%s is not four digits",
	"not_last_four":      "%s is not one to four letters or digits",
	"card_number":        "%s holds what looks like a card number, which must not be sent",
	"other_account":      "%s is held under another account_ref and creditor_ref; recall the debt there first",
	joint:                "%s is held under another account_ref, so nothing of the row was taken in: confirm in the console that both persons owe the debt together, or that it is not the same debt",
	"joint_differs":      "%s is another than that of the other person's row of the same day, which was kept",
	"other_creditor":     "%s differs from the one held; recall the debt and place it under a new debt_ref",
	"itemization_fixed":  "%s differs from the one already used with the consumer and cannot change",
	"another_person":     "%s is another than the one held for this account_ref, so the row may be about another person: nothing of it was taken in; give that person an account_ref of their own, or confirm in the console that it is the same one",
	"stricter":           "%s is stricter than what is held, so the debt was put on hold at once; send a row that can be taken in, or end the hold in the console",
	lessStrict:           "%s is less strict than what is held, which stays in force until somebody confirms the row's in the console",
	"place_unknown":      "%s could not be read, and it chooses the law: the address was kept as it was and the debt is on hold until a row brings it",
	"other_name":         "%s is another than the one held for this creditor_ref; it is kept as it was until somebody confirms the other one in the console",
	"kept":               "%s could not be read; the address was kept as it was",
	"placeholder":        "%s is a day on which nobody alive was born; it counts as missing",
	"no_authority":       "%s is missing: nothing says what allows the amount that was added after the itemization date",
	"credit_kept":        "%s does not show what the consumer paid beyond this debt; it is held for them as a credit until it is sent back",
	"left_out":           "%s is left out of what is owed",
	"older":              "%s is not later than what is held; what is held was kept",
	"same_age_differs":   "%s is the same as held but the row says something else; what is held was kept, send a later one to change it",
	"malformed":          "the row is not well formed",
	"quotes":             "the row has a quotation mark out of place, or a line break inside a cell",
	"unnamed":            "the row has a value in a column that the first line does not name",
	"exponent":           "%s is a number that a spreadsheet has shortened (as in 4.5E+15): send it as text",
	"rounded":            "%s has more than 15 digits and ends in zeros, as spreadsheets round long numbers: make sure that it is whole",
	"zero_lost":          "%s is not a ZIP code of five or nine digits; a spreadsheet may have dropped its first zero",
	"few_digits":         "%s has fewer than four digits; a spreadsheet may have dropped zeros before them",
	"row_too_long":       "the row is longer than is accepted",
	"fields":             "the row does not have as many fields as the first line; the file may have been cut here",
	"unknown_field":      "%s is not a name that belongs here",
	"twice":              "%s stands twice in one object",
	"not_a_value":        "%s is neither text nor a number",
	"one_consumer":       "an account has exactly one consumer; place each joint debtor's row of the debt under an account_ref of their own, and confirm them in the console",
}

// each is one fault a column.
func each(list []column, code string) []Fault {
	faults := make([]Fault, len(list))
	for i, c := range list {
		faults[i] = fault(c, code)
	}
	return faults
}

func fault(c column, code string) Fault { return named(fields[c].name, code) }

func named(name, code string) Fault {
	sentence := sentences[code]
	if strings.Contains(sentence, "%s") {
		sentence = fmt.Sprintf(sentence, name)
	} else {
		name = ""
	}
	return Fault{Column: name, Code: code, Sentence: sentence}
}
