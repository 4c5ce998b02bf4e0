// Package retention says until when what is known of a person is kept, and
// erases what is past (REC-01, ACH-04, SEC-08). The rule is a pure function;
// the job asks it account by account. The ledger, the chains and what was
// decided stay: they hold ids and no personal data.
package retention

import "time"

// Facts are what the rule is asked about an account.
type Facts struct {
	LastActivity time.Time // of collecting: placed, written, paid, charged by a plan, signed in
	MandateEnd   time.Time // when the last authorization to charge ended; zero where there was none
	State        string    // two letters; empty is not known
	StateYears   int       // what the law of the place asks for after the last activity; 0 where it asks for nothing
	Medical      bool      // one of the debts is of a medical provider
	LegalHold    bool      // nothing is erased until it is lifted
	Open         bool      // a debt is still collected, or an authorization still stands
}

// Years that are kept, with the rule behind each.
const (
	afterActivity = 3 // Regulation F, 12 CFR 1006.100(a) (REC-01)
	afterMandate  = 2 // Nacha and Regulation E, 12 CFR 1005.13(b) (ACH-04)
	ofMedical     = 6 // HIPAA, 45 CFR 164.316(b)(2), for documents (REC-01)
)

// Until is the moment from which an account may be erased. It is false while
// nothing may be erased at all.
func Until(f Facts) (time.Time, bool) {
	if f.LegalHold || f.Open || f.LastActivity.IsZero() {
		return time.Time{}, false
	}
	until := f.LastActivity.AddDate(Years(f), 0, 0)
	if f.MandateEnd.IsZero() {
		return until, true
	}
	if mandate := f.MandateEnd.AddDate(afterMandate, 0, 0); mandate.After(until) {
		until = mandate
	}
	return until, true
}

// Years is how long an account is kept after its last activity.
func Years(f Facts) int {
	years := max(afterActivity, f.StateYears)
	if f.Medical || f.State == "" { // a place that is not known gets the longest (GEN-03)
		years = max(years, ofMedical)
	}
	return years
}
