package gate

import (
	"time"

	"quittance/portal/debt"
	"quittance/portal/pack"
)

// Counting says what a consumer may be asked for of what was added to a debt
// after its itemization date (AMT-04). It is asked whenever a statement is read,
// so that a change of setting, law or address rewrites nothing.
type Counting struct {
	Law      pack.Book
	Required bool // an amount without an authority code is left out
	Now      func() time.Time
}

// Count leaves out what may not be asked for where the consumer lives.
func (c Counting) Count(home debt.Address, s debt.Statement) debt.Statement {
	if i := s.Debt.Itemization; i.Interest == 0 && i.Fees == 0 {
		return s
	}
	facts := pack.Facts{State: home.State, PostalCode: home.PostalCode, DebtType: string(s.Debt.Type), Day: Day(c.Now(), home.State)}
	return s.Counted(debt.Bars{Interest: c.Law.Forbids(pack.FeeInterest, facts), Fees: c.Law.Forbids(pack.FeeAdded, facts)}, c.Required)
}
