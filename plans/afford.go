package plans

import (
	"context"
	"errors"
	"time"

	"quittance/payments/money"
)

// Calculation names the open calculation of Afford. Another formula gets
// another name; statements keep the one they were made with.
const Calculation = "quittance-1"

// Line is one amount a month, by its key word.
type Line struct {
	Kind   string
	Amount money.Cents
}

// Key words of a budget, in the order in which they are asked for.
var (
	IncomeKinds    = []string{"pay", "benefits", "other_income"}
	EssentialKinds = []string{"housing", "utilities", "food", "transport", "health", "care", "other_debts"}
)

// Budget is what a consumer says of one month. Nobody has to fill it in.
type Budget struct {
	Household  int // people who live of it
	Income     []Line
	Essentials []Line
}

// Finding is what the calculation makes of a budget.
type Finding struct {
	Calculation        string
	Income, Essentials money.Cents
	Left               money.Cents // a month; never below zero
	Ceiling            money.Cents // the most that is suggested a month, in whole dollars; 0 for nothing
}

const (
	// shareOfLeft keeps half of what is left for what nobody plans.
	shareOfLeft = 50
	// shareOfIncome is where plans begin to fail: payments above a tenth of what
	// comes in are broken more often, and above a fifth mostly.
	shareOfIncome = 10
)

// Afford suggests the most that a household can pay a month: half of what is
// left after essentials, and no more than a tenth of what comes in, in whole
// dollars.
func Afford(b Budget) Finding {
	f := Finding{Calculation: Calculation, Income: sum(b.Income), Essentials: sum(b.Essentials)}
	f.Left = max(0, f.Income-f.Essentials)
	f.Ceiling = min(f.Left*shareOfLeft/100, f.Income*shareOfIncome/100) / 100 * 100
	return f
}

func sum(lines []Line) money.Cents {
	var total money.Cents
	for _, l := range lines {
		total += l.Amount
	}
	return total
}

// Statement is a budget as it was submitted, with what was found.
type Statement struct {
	ID         string // "fst_…"
	AccountID  string
	RequestKey string // the form's one-time key: the same key is one statement
	Budget     Budget
	Finding    Finding
	At         time.Time
}

// statementDays is how long a statement counts.
const statementDays = 90

// Statements keeps what consumers said of their month.
type Statements interface {
	// AddStatement adds nothing and returns false when the account has one of the
	// same request key.
	AddStatement(ctx context.Context, s Statement) (bool, error)
	// LatestStatement finds an account's newest; ErrNotFound.
	LatestStatement(ctx context.Context, accountID string) (Statement, error)
}

// StatementWatcher is told of each statement inside its transaction.
type StatementWatcher interface {
	StatementSubmitted(ctx context.Context, s Statement) error
}

// ErrBadBudget is returned for lines that are not asked for, twice the same, or
// amounts and households out of bounds.
var ErrBadBudget = errors.New("the budget is not as it should be")

const (
	mostHousehold = 20
	mostLine      = 1_000_000_00
)

func (b Budget) check() error {
	if b.Household < 1 || b.Household > mostHousehold || !known(b.Income, IncomeKinds) || !known(b.Essentials, EssentialKinds) {
		return ErrBadBudget
	}
	return nil
}

func known(lines []Line, kinds []string) bool {
	at := 0
	for _, l := range lines {
		for at < len(kinds) && kinds[at] != l.Kind {
			at++
		}
		if at == len(kinds) || l.Amount < 0 || l.Amount > mostLine {
			return false
		}
		at++
	}
	return true
}

// Submit keeps a consumer's statement and says what was found. Plans within the
// finding are a yes at once where the terms know hardship. The same key again
// is the same statement: nobody is told twice.
func (s *Service) Submit(ctx context.Context, accountID, key string, b Budget) (Statement, error) {
	if key == "" {
		return Statement{}, ErrNoKey
	}
	if err := b.check(); err != nil {
		return Statement{}, err
	}
	made := Statement{ID: s.NewStatementID(), AccountID: accountID, RequestKey: key, Budget: b, Finding: Afford(b), At: s.now()}
	err := s.Tx.InTx(ctx, func(ctx context.Context) error {
		added, err := s.Statements.AddStatement(ctx, made)
		if err != nil || !added {
			return err
		}
		for _, w := range s.StatementWatchers {
			if err := w.StatementSubmitted(ctx, made); err != nil {
				return err
			}
		}
		return nil
	})
	return made, err
}

// Latest is an account's newest statement that still counts; ErrNotFound.
func (s *Service) Latest(ctx context.Context, accountID string) (Statement, error) {
	latest, err := s.Statements.LatestStatement(ctx, accountID)
	if err == nil && s.now().After(latest.At.AddDate(0, 0, statementDays)) {
		return Statement{}, ErrNotFound
	}
	return latest, err
}

// relaxed are the terms for a household whose statement shows that the usual
// ones are out of reach: longer, and with smaller installments.
func (t Terms) relaxed(ceiling money.Cents, known bool) Terms {
	if !known || t.HardshipMonths == 0 {
		return t
	}
	t.MaxMonths = max(t.MaxMonths, t.HardshipMonths)
	if ceiling < t.MinAmount {
		t.MinAmount, t.MinPercent = max(1, min(t.MinAmount, max(ceiling, t.HardshipMin))), 0
	}
	return t
}
