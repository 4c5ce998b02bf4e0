package terms

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// File is what the API and a file hold.
type File struct {
	Terms []Words `json:"terms" minItems:"1" maxItems:"1000"`
}

// Words are one creditor's terms as they are written. What is not given is as
// in the portal's own terms, which hold where no creditor set any.
type Words struct {
	CreditorRef     string       `json:"creditor_ref,omitempty" doc:"Whose debts; without it everybody's."`
	DebtType        string       `json:"debt_type,omitempty" doc:"Debts of this type only."`
	DebtRef         string       `json:"debt_ref,omitempty" doc:"This debt only. The narrower wins: a debt's, a creditor's for a type, a creditor's, a type's, everybody's."`
	Effective       string       `json:"effective" doc:"The first day, YYYY-MM-DD."`
	Until           string       `json:"until,omitempty" doc:"The last day; without it until the next version."`
	MinAmountCents  *int64       `json:"min_amount_cents,omitempty" doc:"Least of an installment, but for the last."`
	MinPercent      *int         `json:"min_percent,omitempty" doc:"Least of an installment, 1 to 100 percent of the balance."`
	MaxMonths       *int         `json:"max_months,omitempty" doc:"Longest duration, 1 to 60."`
	Rhythms         []string     `json:"rhythms,omitempty" doc:"weekly, every_two_weeks, twice_a_month, monthly; the usual first."`
	FirstWithinDays *int         `json:"first_within_days,omitempty" doc:"The first payment is at most so many days away, 1 to 90."`
	LaterDays       *int         `json:"later_days,omitempty" doc:"More time for all of it: at most so many days; 0 for none."`
	Settlements     []Settlement `json:"settlements,omitempty" doc:"What settles a debt; none without it."`
	Skips           *int         `json:"skips,omitempty" doc:"Installments that may be moved to the end, in all."`
	PauseDays       *int         `json:"pause_days,omitempty" doc:"Longest pause; 0 for none."`
	GraceDays       *int         `json:"grace_days,omitempty" doc:"A late installment counts as missed after so many days."`
	Retries         *int         `json:"retries,omitempty" doc:"New days that may be chosen for a failed installment, 0 to 2."`
	HardshipCents   *int64       `json:"hardship_min_cents,omitempty" doc:"Least of an installment for people whose statement shows that they cannot pay more."`
	HardshipMonths  *int         `json:"hardship_months,omitempty" doc:"Longest duration for them, 0 to 60; 0 for no exception."`
	BreakAfter      *int         `json:"break_after,omitempty" doc:"So many missed installments break the plan; 0 for never."`
}

// Settlement is the least share of the balance that settles a debt.
type Settlement struct {
	Percent         int   `json:"percent" doc:"Of the balance, 1 to 100."`
	MinAgeDays      int   `json:"min_age_days,omitempty" doc:"For debts that are so old, since their itemization date."`
	MinBalanceCents int64 `json:"min_balance_cents,omitempty" doc:"For debts of so much."`
	Payments        *int  `json:"payments,omitempty" doc:"At most so many, a month apart, 1 to 12; 1 without it."`
	ValidDays       *int  `json:"valid_days,omitempty" doc:"How long an offer stands after it was shown, 1 to 365; 30 without it."`
}

// Fault is one field that is not as it should be. It never repeats a value.
type Fault struct{ Field, Message string }

// Refused is why terms were not taken in: nothing of them was.
type Refused struct{ Faults []Fault }

// Error implements error.
func (r *Refused) Error() string {
	var list []string
	for _, f := range r.Faults {
		list = append(list, strings.TrimSpace(f.Field+" "+f.Message))
	}
	return "the terms are refused: " + strings.Join(list, "; ")
}

// Read reads a file of terms; *Refused when it is not one, or has a word that
// is not known.
func Read(from io.Reader) (File, error) {
	content, err := io.ReadAll(io.LimitReader(from, 1<<20))
	if err != nil {
		return File{}, err
	}
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	var f File
	if err := decoder.Decode(&f); err != nil {
		return File{}, refuse(unread(err))
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return File{}, refuse(Fault{Message: "goes on after the JSON value"})
	}
	return f, nil
}

func unread(err error) Fault {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return Fault{Field: kind.Field, Message: "is of another kind than it should be"}
	}
	if name, unknown := strings.CutPrefix(err.Error(), `json: unknown field `); unknown {
		return Fault{Field: strings.Trim(name, `"`), Message: "is not a word of terms"}
	}
	return Fault{Message: "is not valid JSON"}
}

func refuse(faults ...Fault) *Refused { return &Refused{Faults: faults} }
