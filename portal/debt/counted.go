package debt

import "quittance/payments/money"

// Part is one of the two amounts that may be added to a debt after its
// itemization date.
type Part string

// The parts.
const (
	Interest Part = "interest"
	Fees     Part = "fees"
)

// NoAuthority is the rule by which an amount is left out that comes without the
// code of what allows it.
const NoAuthority = "AMT-04"

// Excluded is an added amount that nobody is asked for, in cents above zero.
type Excluded struct {
	Part   Part
	Amount money.Cents
	Rule   string // NoAuthority, or the id of the pack's rule that forbids it
}

// Bars names, for each part, the rule of law by which it may not be asked for
// whatever else allows it; empty where there is none.
type Bars struct{ Interest, Fees string }

// Counted is the statement with what nobody may be asked for left out (AMT-04):
// what the law forbids and, where an authority is required, what comes without
// its code. Rows and Owed fall by the same cents, so the rows still add up
// (VAL-04); no more is left out than the rows come to and than is owed, so
// neither falls below zero. Snapshot, payments and ledger stay what they are. It
// takes a statement as the ledger has it, once.
func (s Statement) Counted(law Bars, required bool) Statement {
	i := &s.Debt.Itemization
	var out money.Cents
	for _, p := range [...]struct {
		part            Part
		amount          *money.Cents
		law, authorized string
	}{{Interest, &i.Interest, law.Interest, i.InterestAuthority}, {Fees, &i.Fees, law.Fees, i.FeesAuthority}} {
		rule := p.law
		if rule == "" && required && p.authorized == "" {
			rule = NoAuthority
		}
		if cut := min(*p.amount, i.Total()); rule != "" && cut > 0 {
			*p.amount -= cut
			out += cut
			s.Excluded = append(s.Excluded, Excluded{Part: p.part, Amount: cut, Rule: rule})
		}
	}
	s.Owed -= min(out, max(0, s.Owed))
	return s
}
