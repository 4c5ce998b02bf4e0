package validation

import (
	"errors"
	"time"

	"quittance/plans/civil"
	"quittance/portal/debt"
)

// Faults of a report. None of them changes anything.
var (
	ErrNotFound  = errors.New("no such debt or notice")
	ErrMethod    = errors.New("a notice is given by mail, oral, e_initial or e_esign")
	ErrDay       = errors.New("the day on which the notice was given is not one that can be")
	ErrSum       = errors.New("the rows of the itemization do not come to its total")
	ErrItemized  = errors.New("the itemization date is not the one that was used before")
	ErrNoConsent = errors.New("no consent to electronic notices is known")
)

// ID names a notice ("vn_…").
type ID string

// Method is how a notice was given (VAL-11).
type Method string

// Ways of giving a notice. ESign is electronic and within five days after the
// first communication, which needs the consumer's consent (VAL-12); EInitial is
// electronic and in the first communication itself.
const (
	Mail     Method = "mail"
	Oral     Method = "oral"
	EInitial Method = "e_initial"
	ESign    Method = "e_esign"
)

// Valid reports whether the method is one of the four.
func (m Method) Valid() bool { return m == Mail || m == Oral || m == EInitial || m == ESign }

// Electronic reports whether nothing was on paper.
func (m Method) Electronic() bool { return m == EInitial || m == ESign }

// Source says who knows of a notice.
type Source string

// Sources of notices.
const (
	Reported Source = "system_of_record"
	Asked    Source = "mail_required" // the system of record mailed what it was asked to mail
)

// Notice is one validation notice of one debt as it was given. It never
// changes.
type Notice struct {
	ID        ID
	AccountID debt.AccountID
	DebtID    debt.ID
	Provided  civil.Date
	Receipt   civil.Date // assumed (VAL-09)
	End       civil.Date // last day of the validation period
	Via       Method
	Source    Source
	Itemized  civil.Date           // the itemization date that it used (VAL-02)
	Type      debt.ItemizationType // and its type
	Hash      string               // SHA-256 of what it said, in hexadecimal
	At        time.Time
}

// Latest is the notice of a debt whose period ends last; the zero Notice where
// there is none. A notice that was given again lengthens the period, never
// shortens it.
func Latest(all []Notice, id debt.ID) Notice {
	var latest Notice
	for _, n := range all {
		if n.DebtID == id && (latest.ID == "" || n.End.After(latest.End) || n.End == latest.End && n.At.After(latest.At)) {
			latest = n
		}
	}
	return latest
}
