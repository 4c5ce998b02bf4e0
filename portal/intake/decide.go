package intake

import (
	"reflect"
	"time"

	"quittance/payments/money"
	"quittance/portal/debt"
)

// Outcome is what became of a row.
type Outcome string

// Outcomes of rows. Older means that what is held is later knowledge and was
// kept; HeldBack that the row is about another person than its account, and
// nothing of it was taken in but a stricter status.
const (
	New       Outcome = "new"
	Updated   Outcome = "updated"
	Unchanged Outcome = "unchanged"
	Older     Outcome = "older"
	Refused   Outcome = "refused"
	HeldBack  Outcome = "held"
)

// Known is what is held that one row may touch; nil where nothing is.
type Known struct {
	Account *HeldAccount
	Debt    *HeldDebt
	// SamePerson means that a person said that the row's is the account's.
	SamePerson bool
	// Together means that a person said that the row's owes the debt together with
	// those who are known to owe it.
	Together bool
}

// Change is one decision about a row. Only New and Updated change anything.
type Change struct {
	Outcome Outcome
	Notes   []Fault // why the row changed nothing although it differs
	Debt    debt.Debt
	// Owed is what the debt's ledger account must hold afterwards, Placed the
	// difference to what it holds now. Kept is what moves to the debt's account of
	// credits, because the row does not show it (AMT-07); below zero, back again.
	Owed, Placed, Kept money.Cents
	Account            debt.Account
	AccountState       Outcome // New, Updated or Unchanged
	// Stays is the status that stays in force beside the row's, which is less strict,
	// until a person confirms that one; empty where none does.
	Stays debt.Status
	// Differs means that the row gives a joint debt another balance than the row of
	// somebody else who owes it, of the same day, which is kept.
	Differs bool
	At      time.Time
}

// Decide says what a row changes. A row that is not later than what is held
// changes nothing, neither the debt nor the consumer's details (M3); one about
// another person than its account's is held back whatever its age. It returns a
// Refusal when the row contradicts what cannot change.
func Decide(k Known, row Row, now time.Time) (Change, error) {
	c := Change{Debt: row.Debt, At: now}
	if k.Account != nil && !k.SamePerson {
		if differs := k.Account.another(row.Consumer); len(differs) > 0 {
			return Change{Outcome: HeldBack, Notes: each(differs, "another_person")}, nil
		}
	}
	if len(row.Address) > 0 {
		if k.Account == nil || k.Account.nobody() {
			return Change{Outcome: Refused}, Refusal(row.Address)
		}
		row.Consumer.Address = k.Account.Account.Consumer.Address
	}
	if k.Debt == nil {
		c.Outcome = New
		c.Owed = owed(row.Debt.Snapshot, nil)
		c.Placed = c.Owed
		c.account(k.Account, row)
		return c, nil
	}
	if r := contradicts(*k.Debt, row); r != nil {
		return Change{Outcome: Refused}, r
	}
	if !k.Debt.owes(row.AccountRef) && !k.Together {
		return Change{Outcome: HeldBack, Notes: each([]column{debtRef}, joint)}, nil
	}
	own := row.Debt.Snapshot.Newer(k.Debt.since(row.AccountRef))
	if newer := row.Debt.Snapshot.Newer(k.Debt.Debt.Snapshot); !newer && own {
		c.own(k, row)
		return c, nil
	} else if !newer {
		return kept(k, row), nil
	}
	if r := locked(*k.Debt, row); r != nil {
		return Change{Outcome: Refused}, r
	}
	c.Outcome = Updated
	c.Debt.ID, c.Debt.AccountID = k.Debt.Debt.ID, k.Debt.Debt.AccountID
	c.Stays = k.Debt.stays(row.Debt, now)
	c.Owed = letGo(owed(row.Debt.Snapshot, k.Debt.Payments), k.Debt.Waived)
	c.Placed = c.Owed - k.Debt.Owed
	c.Kept = k.Debt.keep(row.Debt.Snapshot, c.Owed) - k.Debt.Kept
	c.account(k.Account, row)
	return c, nil
}

// contradicts refuses a debt that moves: its payments, notices and events belong
// to the account and the creditor under which it was placed (DSC-06).
func contradicts(held HeldDebt, row Row) error {
	switch {
	case !held.owes(row.AccountRef) && held.Debt.CreditorRef != row.Debt.CreditorRef:
		return Refusal{fault(debtRef, "other_account")}
	case held.Debt.CreditorRef != row.Debt.CreditorRef:
		return Refusal{fault(creditorRef, "other_creditor")}
	}
	return nil
}

// locked refuses another itemization date once one was used (VAL-02).
func locked(held HeldDebt, row Row) error {
	was, is := held.Debt.Itemization, row.Debt.Itemization
	switch {
	case !held.Used:
		return nil
	case was.Type != is.Type:
		return Refusal{fault(itemizationType, "itemization_fixed")}
	case was.Date != is.Date:
		return Refusal{fault(itemizationDate, "itemization_fixed")}
	}
	return nil
}

// kept says why a row that is not later changed nothing.
func kept(k Known, row Row) Change {
	held := k.Debt.Debt
	by := balanceAsOf
	if row.Debt.Snapshot.Version != 0 && held.Snapshot.Version != 0 {
		by = balanceVersion
	}
	switch {
	case held.Snapshot.Newer(row.Debt.Snapshot):
		return Change{Outcome: Older, Notes: each([]column{by}, "older")}
	case !held.Joint && !sameDebt(held, row.Debt) || k.Account != nil && k.Account.Account.Consumer != k.Account.own(row.Consumer):
		return Change{Outcome: Older, Notes: each([]column{by}, "same_age_differs")}
	}
	return Change{Outcome: Unchanged}
}

// sameDebt compares what a row can say of a debt. A creditor's name is held once
// for all its debts and does not count.
func sameDebt(held, row debt.Debt) bool {
	row.ID, row.AccountID, row.CreditorName = held.ID, held.AccountID, held.CreditorName
	same := row.Snapshot.AsOf.Equal(held.Snapshot.AsOf)
	row.Snapshot.AsOf = held.Snapshot.AsOf
	row.Holds, row.Settled = held.Holds, held.Settled // no row speaks of them
	return same && reflect.DeepEqual(row, held)
}

// owed is what is owed by a snapshot: its balance less all that payments moved and
// that it does not contain yet.
func owed(s debt.Snapshot, paid []Credit) money.Cents {
	sum := s.Balance
	for _, p := range paid {
		if !s.Absorbs(p.PostedAt) {
			sum -= p.Amount
		}
	}
	return sum
}

// account decides about the consumer's details: a row replaces them unless they
// came from a later one, or from the person.
func (c *Change) account(held *HeldAccount, row Row) {
	if held == nil {
		c.AccountState = New
		c.Account = debt.Account{Ref: row.AccountRef, Consumer: row.Consumer}
		return
	}
	c.AccountState, c.Account = Unchanged, held.Account
	c.Debt.AccountID = held.Account.ID
	if said := held.own(row.Consumer); (held.nobody() || !row.Debt.Snapshot.AsOf.Before(held.AsOf)) && held.Account.Consumer != said {
		if was := held.Account.Consumer; said.Address != was.Address {
			said.Moved = was.Moves(said.Address, false, c.At).Moved
		}
		c.AccountState = Updated
		c.Account.Consumer = said
	}
}
