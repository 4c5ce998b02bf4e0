package payments

import (
	"errors"
	"slices"
	"strconv"

	"quittance/payments/money"
)

// MinAmount is the least that the processor charges in US dollars.
const MinAmount money.Cents = 50

// Amount is what the consumer wants to pay on one debt.
type Amount struct {
	DebtID string
	Amount money.Cents
}

// Problem is why an amount cannot be paid. DebtID is empty when it is about the
// payment as a whole. Max and Min are what could be paid on the debt, where
// that is known.
type Problem struct {
	DebtID   string
	Err      error
	Max, Min money.Cents
}

// Problems is the error of a choice of amounts; errors.Is finds each sentinel
// in it, and errors.As the list for the form.
type Problems []Problem

// Error names the debts and what is wrong with each, for operators.
func (ps Problems) Error() string { return errors.Join(ps.Unwrap()...).Error() }

// Unwrap returns the sentinels.
func (ps Problems) Unwrap() []error {
	errs := make([]error, len(ps))
	for i, p := range ps {
		errs[i] = p.Err
	}
	return errs
}

// Check holds the chosen amounts against what may be paid: every amount is
// positive and within its debt's limits (AMT-07), no debt is named twice, and
// the sum is one the processor takes. It returns nil when all is well. Nothing
// is ever moved to another debt than the consumer's choice (AMT-05).
func Check(chosen []Amount, payables []Payable) Problems {
	if len(chosen) == 0 {
		return Problems{{Err: ErrNoAmount}}
	}
	var problems Problems
	var total money.Cents
	for i, a := range chosen {
		p, err := checkOne(a, chosen[:i], payables)
		if err != nil {
			problems = append(problems, Problem{DebtID: a.DebtID, Err: err, Max: p.Max, Min: p.Min})
			continue
		}
		total += a.Amount
		if total > money.Max {
			return append(problems, Problem{Err: ErrBadAmount})
		}
	}
	if problems == nil && total < MinAmount {
		problems = Problems{{Err: ErrTooLittle, Min: MinAmount}}
	}
	return problems
}

func checkOne(a Amount, earlier []Amount, payables []Payable) (Payable, error) {
	i := slices.IndexFunc(payables, func(p Payable) bool { return p.DebtID == a.DebtID })
	if i < 0 {
		return Payable{}, ErrDebtClosed
	}
	p := payables[i]
	switch {
	case slices.ContainsFunc(earlier, func(e Amount) bool { return e.DebtID == a.DebtID }):
		return p, ErrTwice
	case p.Refusal != "":
		return p, ErrDebtClosed
	case a.Amount <= 0 || a.Amount > money.Max:
		return p, ErrBadAmount
	case a.Amount > p.Max:
		return p, ErrTooMuch
	case a.Amount < p.Min:
		return p, ErrWholeOnly
	}
	return p, nil
}

// Allocate turns amounts that Check found well into a payment's allocations,
// in the order in which the consumer chose them.
func Allocate(chosen []Amount, payables []Payable) []Allocation {
	allocations := make([]Allocation, 0, len(chosen))
	for _, a := range chosen {
		for _, p := range payables {
			if p.DebtID == a.DebtID {
				allocations = append(allocations, Allocation{DebtID: p.DebtID, DebtRef: p.DebtRef, CreditorRef: p.CreditorRef, Amount: a.Amount})
			}
		}
	}
	return allocations
}

// Spread says how much of a payment's net amount stands on each of its debts.
// What was given back from a debt by name is off that debt and no other. The rest
// fills the debts in the order in which the consumer directed them, and held
// parts after all others: what went back without a word comes off what is held,
// then off the last one first.
func Spread(allocations []Allocation, net money.Cents) []money.Cents {
	shares := make([]money.Cents, len(allocations))
	for _, held := range []bool{false, true} {
		for i, a := range allocations {
			if held == (a.Held != "") {
				shares[i] = min(a.Amount-a.Refunded, net)
				net -= shares[i]
			}
		}
	}
	return shares
}

// amounts is the consumer's choice behind a payment.
func amounts(allocations []Allocation) []Amount {
	chosen := make([]Amount, len(allocations))
	for i, a := range allocations {
		chosen[i] = Amount{DebtID: a.DebtID, Amount: a.Amount}
	}
	return chosen
}

// total adds allocations; Check has bounded them.
func total(allocations []Allocation) (sum money.Cents) {
	for _, a := range allocations {
		sum += a.Amount
	}
	return sum
}

// content is a request in one unambiguous line, to tell whether two requests
// with the same key ask for the same.
func (r Request) content() string {
	line := strconv.Quote(r.AccountID) + strconv.Quote(string(r.Method))
	for _, a := range r.Amounts {
		line += strconv.Quote(a.DebtID) + strconv.FormatInt(int64(a.Amount), 10)
	}
	if r.Purpose != "" {
		line += "for" + strconv.Quote(r.Purpose)
	}
	return line
}
