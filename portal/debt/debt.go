// Package debt is what a collector placed with the portal: accounts of
// consumers, their debts, and how each balance is made up. It is pure: values
// in, values out.
package debt

import (
	"time"

	"quittance/payments/money"
	"quittance/plans/civil"
)

// AccountID is the portal's own id of a consumer's account ("acc_…").
type AccountID string

// ID is the portal's own id of one debt ("dbt_…").
type ID string

// Account is one consumer as the collector knows them. Ref is the collector's
// own number; consumers never see it and type the reference code instead.
type Account struct {
	ID       AccountID
	Ref      string
	Consumer Consumer
}

// Nobody reports whether nothing of the person is held any more: the account was
// erased (REC-01). Every other has a name.
func (a Account) Nobody() bool { return a.Consumer.FirstName == "" && a.Consumer.LastName == "" }

// Consumer is the person who is asked to pay.
type Consumer struct {
	FirstName, LastName string
	DateOfBirth         civil.Date
	SSNLast4            string
	Address             Address
	Phone, Email        string
	Language            string // "en" or "es"; empty is "en"
	Moved               Move   // of the mailing address
}

// Address is a US mailing address.
type Address struct {
	Line1, Line2, City, State, PostalCode string
}

// Debt is one obligation: who is owed, what for, and how the balance that the
// system of record last reported is made up.
type Debt struct {
	ID                   ID
	AccountID            AccountID
	Ref                  string
	CreditorRef          string
	CreditorName         string
	OriginalCreditorName string
	Type                 Type
	AccountNumberLast4   string
	Description          string
	ContractDate         civil.Date
	LimitationDate       civil.Date // the day on which a lawsuit becomes time-barred; zero when not given
	Itemization          Itemization
	Snapshot             Snapshot
	Status               Status
	Settled              bool   // a settlement was paid in full, and the rest is let go
	Joint                bool   // others owe it too, each in an account of their own
	Holds                []Hold // those that are open
}

// Itemization is the breakdown of a debt since its itemization date (12 CFR
// 1006.34(c)(2)(viii), VAL-04). Once used with a consumer its type and date do
// not change (VAL-02).
type Itemization struct {
	Type     ItemizationType
	Date     civil.Date
	Amount   money.Cents // owed on the itemization date
	Interest money.Cents // added since
	Fees     money.Cents // added since
	Credits  money.Cents // paid or credited since
	// What allows the added amounts, as a code of the system of record: "agreement",
	// "judgment". Empty when it names none (AMT-04).
	InterestAuthority, FeesAuthority string
}

// Total is what the rows of the itemization come to.
func (i Itemization) Total() money.Cents { return i.Amount + i.Interest + i.Fees - i.Credits }

// Snapshot is what the system of record last said the balance was; below zero
// nothing is owed and there is a credit. A snapshot never overwrites one that is
// Newer.
type Snapshot struct {
	Balance money.Cents
	AsOf    time.Time // UTC; a plain date stands for its first instant
	Version int64     // 0 when the collector sends none
}

// Newer reports whether s is later knowledge than held: by version where both
// have one, by AsOf otherwise. Equal knowledge is not newer.
func (s Snapshot) Newer(held Snapshot) bool {
	if s.Version != 0 && held.Version != 0 {
		return s.Version > held.Version
	}
	return s.AsOf.After(held.AsOf)
}

// Absorbs reports whether the snapshot already contains a payment that the
// system of record posted at the given time. A payment posted on the very
// instant, or not yet posted, is not contained: when in doubt the consumer is
// shown the lower balance and can never be charged twice for it.
func (s Snapshot) Absorbs(postedAt time.Time) bool {
	return !postedAt.IsZero() && postedAt.Before(s.AsOf)
}

// Doubts reports whether the snapshot may or may not contain what a payment
// moved at a time: it moved before the snapshot was cut, and nobody said in time
// that it was posted. The consumer is shown the lower balance; that more was paid
// than is owed is not concluded from it.
func (s Snapshot) Doubts(movedAt, postedAt time.Time) bool {
	return movedAt.Before(s.AsOf) && !s.Absorbs(postedAt)
}

// Stated is the credit that the snapshot itself states: its balance is below
// zero.
func (s Snapshot) Stated() money.Cents { return max(0, -s.Balance) }

// ItemizationType is one of the five reference dates of 12 CFR 1006.34(b)(3).
type ItemizationType string

// The only itemization dates that the rule allows (VAL-02).
const (
	LastStatement ItemizationType = "last_statement"
	ChargeOff     ItemizationType = "charge_off"
	LastPayment   ItemizationType = "last_payment"
	Transaction   ItemizationType = "transaction"
	Judgment      ItemizationType = "judgment"
)

// Valid reports whether the type is one of the five.
func (t ItemizationType) Valid() bool {
	switch t {
	case LastStatement, ChargeOff, LastPayment, Transaction, Judgment:
		return true
	}
	return false
}

// Type says what kind of obligation a debt is; card rules depend on it (STR-02).
type Type string

// Types of debt a placement may carry.
const (
	CreditCard  Type = "credit_card"
	Loan        Type = "loan"
	AutoLoan    Type = "auto_loan"
	StudentLoan Type = "student_loan"
	Payday      Type = "payday"
	Medical     Type = "medical"
	Utility     Type = "utility"
	Telecom     Type = "telecom"
	Rent        Type = "rent"
	Government  Type = "government"
	Other       Type = "other"
)

// Valid reports whether the type is known.
func (t Type) Valid() bool {
	switch t {
	case CreditCard, Loan, AutoLoan, StudentLoan, Payday, Medical, Utility, Telecom, Rent, Government, Other:
		return true
	}
	return false
}

// Status is what the system of record says of a debt. What may be done in each
// status is decided by package gate alone.
type Status string

// Statuses a placement may carry (rules.md O).
const (
	Active        Status = "active"
	Disputed      Status = "disputed"
	Cease         Status = "cease"
	Attorney      Status = "attorney"
	Bankruptcy    Status = "bankruptcy"
	Deceased      Status = "deceased"
	Servicemember Status = "servicemember"
	IdentityTheft Status = "identity_theft"
	Minor         Status = "minor"
	TimeBarred    Status = "time_barred"
	Paid          Status = "paid"
	Recalled      Status = "recalled"
)

// UnderReview is what a debt counts as while a person must look at what was said
// of it: whose it is, or which law holds, is not known. Only a hold says so, never
// a placement.
const UnderReview Status = "under_review"

// Valid reports whether a placement may carry the status.
func (s Status) Valid() bool {
	switch s {
	case Active, Disputed, Cease, Attorney, Bankruptcy, Deceased, Servicemember, IdentityTheft, Minor, TimeBarred, Paid, Recalled:
		return true
	}
	return false
}

// StatusOn is the status that counts on a day: an active debt whose limitation
// date has come is time-barred whatever the file says (STS-07), and one that was
// settled is paid (WHK-06).
func (d Debt) StatusOn(day civil.Date) Status {
	if d.Settled && (d.Status == Active || d.Status == TimeBarred || d.Status == Servicemember) {
		return Paid
	}
	if d.Status == Active && !d.LimitationDate.IsZero() && !day.Before(d.LimitationDate) {
		return TimeBarred
	}
	return d.Status
}

// Statement is a debt with what is owed on it now. Owed is a fold of the
// ledger: the last snapshot less every confirmed payment it does not yet
// contain, less what is Excluded; below zero nothing is owed. Credit is what was
// paid beyond the debt and is the consumer's (AMT-07), another fold. Pending is
// reserved by payments that are in flight; one that was not sent is a draft and no
// money. Held was taken for the debt and may not stand on it: it lowers nothing,
// and is not asked for again meanwhile. The rows of the itemization are without
// what is Excluded too.
type Statement struct {
	Debt     Debt
	Owed     money.Cents
	Credit   money.Cents
	Excluded []Excluded
	Pending  money.Cents
	Waiting  money.Cents // of Pending, what waits for the person at the processor: nothing moves before they act
	Held     money.Cents
	OnTheWay []Movement
}

// Payable is the most that may be paid on the debt now (AMT-07), never below
// zero.
func (s Statement) Payable() money.Cents { return max(0, s.Owed-s.Pending-s.Held) }

// Free is Payable once the person gives up what waits for them.
func (s Statement) Free() money.Cents { return max(0, s.Owed-s.Pending-s.Held+s.Waiting) }

// Movement is a payment that the system of record has not yet reported back in
// a snapshot: still pending at the bank, confirmed and on its way to the
// collector's books, or held.
type Movement struct {
	PaymentReference string
	Amount           money.Cents
	At               time.Time
	Confirmed        bool
	Held             bool // it was taken, and does not stand on the debt
}
