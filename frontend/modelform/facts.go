package modelform

import (
	"quittance/payments/money"
	"quittance/plans/civil"
)

// Facts are the validation information of one debt (VAL-01), with the
// consumer's name and address: personal data.
type Facts struct {
	Collector Party // (i); its address accepts disputes
	Phone     string
	Hours     string
	Site      string // web address without a path
	Consumer  Party  // (ii)
	Reference string // that stands on the letter; may be empty
	Kind      string // of debt, as a placement names it: "medical"
	CreditorThen, CreditorNow,
	AccountEnding string // (iii), (v), (iv): the last four characters
	ItemizationType string
	Itemized        civil.Date // (vi)
	Rows            Itemization
	Provided        civil.Date
	End             civil.Date
}

// Party is a name with the lines of a mailing address.
type Party struct {
	Name  string
	Lines []string
}

// Itemization is (vii), (viii) and (ix): whole cents, none of them negative.
type Itemization struct {
	Owed, Interest, Fees, Paid, Now money.Cents
}

// Adds reports whether the rows come to the total to the cent (VAL-04).
func (i Itemization) Adds() bool {
	return i.Owed >= 0 && i.Interest >= 0 && i.Fees >= 0 && i.Paid >= 0 && i.Now >= 0 &&
		i.Owed+i.Interest+i.Fees-i.Paid == i.Now
}

// Missing names what of the required information is not there (VAL-01); a
// notice is only kept when nothing is.
func (f Facts) Missing() []string {
	var missing []string
	for _, item := range []struct {
		name  string
		there bool
	}{
		{"collector", f.Collector.whole()},
		{"consumer", f.Consumer.whole()},
		{"creditor_on_itemization_date", f.CreditorThen != ""},
		{"account_number", f.AccountEnding != ""},
		{"creditor", f.CreditorNow != ""},
		{"itemization_date", !f.Itemized.IsZero() && f.ItemizationType != ""},
		{"itemization", f.Rows.Adds()},
	} {
		if !item.there {
			missing = append(missing, item.name)
		}
	}
	return missing
}

func (p Party) whole() bool { return p.Name != "" && len(p.Lines) > 0 }
