package debt

import "slices"

// strictness are the statuses from the strictest to the freest (GEN-03).
var strictness = []Status{
	Bankruptcy, Deceased, Minor, IdentityTheft, Attorney, Recalled, Paid,
	UnderReview, Disputed, Cease, TimeBarred, Servicemember, Active,
}

// Strictest is the strictest of several statuses; the first where none is known.
func Strictest(all []Status) Status {
	for _, s := range strictness {
		if slices.Contains(all, s) {
			return s
		}
	}
	if len(all) == 0 {
		return ""
	}
	return all[0]
}

// Stricter reports whether s leaves less open than another status: to go from
// that one to s needs nobody's word, to go back does. No status that is not known
// is stricter than one that is.
func (s Status) Stricter(than Status) bool {
	mine, other := slices.Index(strictness, s), slices.Index(strictness, than)
	return mine >= 0 && (other < 0 || mine < other)
}
