package consumer

import (
	"errors"
	"strings"

	"quittance/frontend/pages/consumer"
	"quittance/payments"
	"quittance/payments/money"
)

// readAmounts reads the chosen amounts in the order of the page, and marks what
// cannot be read.
func readAmounts(page *choosing) []payments.Amount {
	var amounts []payments.Amount
	for i := range page.Debts {
		d := &page.Debts[i]
		switch {
		case d.Choice == consumer.ChoiceAll && d.Closed == consumer.ClosedNot:
			amounts = append(amounts, payments.Amount{DebtID: d.ID, Amount: d.Payable})
		case d.Choice == consumer.ChoiceOther && d.Closed == consumer.ClosedNot:
			amount, problem := readAmount(page, d)
			d.Amount.Problem = problem
			amounts = append(amounts, payments.Amount{DebtID: d.ID, Amount: amount})
		case d.Choice == consumer.ChoiceAll || d.Choice == consumer.ChoiceOther:
			page.Problem = page.T(consumer.ProblemChanged)
		}
	}
	if len(amounts) == 0 && page.Problem == "" {
		page.Problem = page.T(consumer.ProblemNoDebt)
	}
	if page.Method != consumer.MethodCard && page.Method != consumer.MethodBank {
		page.Method, page.MethodProblem = consumer.MethodNone, page.T(consumer.ProblemMethod)
	}
	return amounts
}

func readAmount(page *choosing, d *consumer.PayDebt) (money.Cents, string) {
	amount, problem := typedAmount(page.Base, d.Amount.Value, d.Payable)
	if problem == "" && d.OnlyAll && amount < d.Payable {
		return 0, page.T(consumer.ProblemAmountAll)
	}
	return amount, problem
}

// typedAmount reads an amount up to a most, and says what is wrong with it.
func typedAmount(b consumer.Base, typed string, most money.Cents) (money.Cents, string) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return 0, b.T(consumer.ProblemAmountMissing)
	}
	if strings.HasPrefix(strings.TrimPrefix(typed, "$"), "-") {
		return 0, b.T(consumer.ProblemAmountZero)
	}
	amount, err := money.Typed(typed)
	switch {
	case errors.Is(err, money.ErrFraction):
		return 0, b.T(consumer.ProblemAmountCents)
	case errors.Is(err, money.ErrComma):
		return 0, b.T(consumer.ProblemAmountComma)
	case errors.Is(err, money.ErrTooLarge) || err == nil && amount > most:
		return 0, b.T(consumer.ProblemAmountMax, "max", most)
	case err != nil:
		return 0, b.T(consumer.ProblemAmountFormat)
	case amount == 0:
		return 0, b.T(consumer.ProblemAmountZero)
	}
	return amount, ""
}

func (c *choosing) hasProblem() bool {
	for _, d := range c.Debts {
		if d.Amount.Problem != "" || d.Problem != "" {
			return true
		}
	}
	return c.Problem != "" || c.MethodProblem != ""
}

// mark puts a problem that the service found beside its debt.
func (c *choosing) mark(p payments.Problem) {
	words := c.words(p)
	for i := range c.Debts {
		if d := &c.Debts[i]; d.ID == p.DebtID && d.Choice == consumer.ChoiceOther {
			d.Amount.Problem = words
			return
		} else if d.ID == p.DebtID {
			d.Problem = words
			return
		}
	}
	c.Problem = words
}

func (c *choosing) words(p payments.Problem) string {
	key, args := consumer.ProblemChanged, []any(nil)
	switch {
	case errors.Is(p.Err, payments.ErrTooMuch) && p.Max > 0:
		key, args = consumer.ProblemAmountMax, []any{"max", p.Max}
	case errors.Is(p.Err, payments.ErrTooLittle):
		key, args = consumer.ProblemAmountMin, []any{"min", p.Min}
	case errors.Is(p.Err, payments.ErrWholeOnly):
		key = consumer.ProblemAmountAll
	case errors.Is(p.Err, payments.ErrBadAmount):
		key = consumer.ProblemAmountZero
	case errors.Is(p.Err, payments.ErrDebtClosed):
		key = consumer.ProblemDebtClosed
	case errors.Is(p.Err, payments.ErrNoAmount):
		key = consumer.ProblemNoDebt
	}
	return c.T(key, args...)
}
