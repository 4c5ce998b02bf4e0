package gate

import "quittance/portal/debt"

// Funding of a card, in the processor's words. Whatever is not debit or
// prepaid counts as credit.
const (
	debit   = "debit"
	prepaid = "prepaid"
)

// cardPolicy is which cards may pay a type of debt. Bank accounts always may.
type cardPolicy struct {
	credit, debit bool // prepaid cards may be used where debit cards may
	source        string
}

const (
	visaDebt   = "Visa Core Rules, debt repayment under MCC 7322, effective 15 April 2023: no credit or charge card for loans, card balances and interest-bearing repayments"
	visaPayday = "Visa Core Rules, debt repayment under MCC 7322, effective 15 April 2023: no card at all for payday loans"
	visaOther  = "Visa Core Rules, debt repayment under MCC 7322, effective 15 April 2023: overdue receivables that are not loans take any card"
)

// cards is the card policy of STR-02, one row a type of debt.
var cards = map[debt.Type]cardPolicy{
	debt.CreditCard:  {debit: true, source: visaDebt},
	debt.Loan:        {debit: true, source: visaDebt},
	debt.AutoLoan:    {debit: true, source: visaDebt},
	debt.StudentLoan: {debit: true, source: visaDebt},
	debt.Payday:      {source: visaPayday},
	debt.Medical:     {credit: true, debit: true, source: visaOther},
	debt.Utility:     {credit: true, debit: true, source: visaOther},
	debt.Telecom:     {credit: true, debit: true, source: visaOther},
	debt.Rent:        {credit: true, debit: true, source: visaOther},
	debt.Government:  {credit: true, debit: true, source: visaOther},
	debt.Other:       {credit: true, debit: true, source: visaOther},
}

// Card says whether a card of this funding may pay a debt of this type
// (STR-02). A type that is not in the table takes no card at all (GEN-03).
func Card(t debt.Type, funding string) Decision {
	rules := []string{"STR-02"}
	policy, known := cards[t]
	isDebit := funding == debit || funding == prepaid
	switch {
	case !known:
		return Decision{Reason: AnyCardRefused, RuleIDs: []string{"STR-02", "GEN-03"}}
	case !policy.debit:
		return Decision{Reason: AnyCardRefused, RuleIDs: rules}
	case !isDebit && !policy.credit:
		return Decision{Reason: CreditRefused, RuleIDs: rules}
	}
	return Decision{Allowed: true, RuleIDs: rules}
}
