package debt

// Debtor is one of several persons who owe one debt together, each in an account
// of their own, by what the system of record last said in that person's own row.
// Nobody of them is told of another.
type Debtor struct {
	DebtID    ID
	AccountID AccountID
	Status    Status
	Snapshot  Snapshot // of when the row is; its balance is the debt's
}

// Shared is what a status, that was said of one of several persons who owe a debt,
// makes the debt count as for the others; empty: nothing. What is about the debt
// counts for all. What may stop collection from the others too, or who owes it at
// all, is a review to them: it holds, and tells nothing of that person (11 USC
// 1301(a), 1692g(b), FCRA 615(g)). A death, an age, a service or a wish about
// contact is that person's own.
func (s Status) Shared() Status {
	switch s {
	case Paid, Recalled, TimeBarred:
		return s
	case Bankruptcy, IdentityTheft, Attorney, Disputed, UnderReview:
		return UnderReview
	}
	return ""
}
