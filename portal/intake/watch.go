package intake

import (
	"context"
	"fmt"
	"time"

	"quittance/payments/money"
	"quittance/portal/debt"
)

// Watcher hears of placements in the transaction that saves them, whatever they
// came by: a file, a request, or the system of record's answer before a charge.
// Its error undoes the batch; one that is ErrConflict lets it be decided again.
type Watcher interface {
	DebtsPlaced(ctx context.Context, p Placed) error
}

// Placed is what one batch changed.
type Placed struct {
	Debts []Turned
	At    time.Time
}

// Turned is a debt as it was held and as it is held now.
type Turned struct {
	Before, After    debt.Debt // Before is zero where the debt is new
	OwedBefore, Owed money.Cents
	First            bool // nothing was held of its account either
	// Moved: the consumer's address or date of birth changed with it, which choose
	// the law of the place and who may be asked at all.
	Moved bool
}

// Matters reports whether what may be done on what was held of the account, or
// how much is owed, may be another than before.
func (t Turned) Matters() bool {
	was, is := t.Before, t.After
	if t.First {
		return false
	}
	return t.Moved || t.Owed != t.OwedBefore || was.Status != is.Status || was.LimitationDate != is.LimitationDate || was.Type != is.Type
}

// Accounts names the accounts of all debts that Matter, each once, in order.
func (p Placed) Accounts() []debt.AccountID {
	var ids []debt.AccountID
	seen := map[debt.AccountID]bool{}
	for _, t := range p.Debts {
		if id := t.After.AccountID; t.Matters() && !seen[id] {
			ids, seen[id] = append(ids, id), true
		}
	}
	return ids
}

// placed is what the batch changed, for those who follow.
func (b *batch) placed() Placed {
	p := Placed{At: b.at, Debts: make([]Turned, 0, len(b.changedDebts))}
	for _, d := range b.changedDebts {
		p.Debts = append(p.Debts, b.turned(d)...)
	}
	return p
}

// moved reports whether the batch changed where a consumer lives, or when they
// were born.
func (a *accountSlot) moved() bool {
	return a.state == Updated && (a.was.Address != a.Account.Consumer.Address || a.was.DateOfBirth != a.Account.Consumer.DateOfBirth)
}

func (r *run) follow(ctx context.Context, b *batch) error {
	for _, w := range r.Watchers {
		if err := w.DebtsPlaced(ctx, b.placed()); err != nil {
			return fmt.Errorf("what follows from placements: %w", err)
		}
	}
	return nil
}
