package credit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans/civil"
	"quittance/portal/debt"
)

// Desk is where credits are found, listed and sent back. All fields are required.
type Desk struct {
	Store    Store
	Books    Books
	Orders   Orders
	Return   Returner
	Now      func() time.Time
	NewID    func() string
	Zone     *time.Location // of the agency
	Days     int            // within which a credit is to be sent back
	Watchers []Watcher
}

var _ payments.Watcher = (*Desk)(nil)

func (d *Desk) now() time.Time { return d.Now().UTC().Truncate(time.Microsecond) }

// PaymentChanged implements payments.Watcher: what a payment moved may be more
// than was owed, or less than it was.
func (d *Desk) PaymentChanged(ctx context.Context, c payments.Change) error {
	if !c.Moved || len(c.Transfers) == 0 {
		return nil
	}
	var ids []debt.ID
	for _, a := range c.After.Allocations {
		ids = append(ids, debt.ID(a.DebtID))
	}
	return d.look(ctx, ids, c.After)
}

// Look finds, inside the caller's transaction, what is paid beyond debts whose
// balance was stated anew.
func (d *Desk) Look(ctx context.Context, debts []debt.ID) error {
	return d.look(ctx, debts, payments.Payment{})
}

func (d *Desk) look(ctx context.Context, debts []debt.ID, by payments.Payment) error {
	if len(debts) == 0 {
		return nil
	}
	open, err := d.Store.OpenCredits(ctx, debts, len(debts)) // it locks, and what is read after that stands
	if err != nil {
		return err
	}
	balances, err := d.Books.Beyond(ctx, debts)
	if err != nil {
		return err
	}
	for _, b := range balances {
		i := slices.IndexFunc(open, func(c Credit) bool { return c.DebtID == b.DebtID })
		switch {
		case i >= 0:
			err = d.follow(ctx, open[i], by)
		case b.Amount() > 0:
			err = d.open(ctx, b, by)
		}
		if err != nil {
			return fmt.Errorf("credit of debt %s: %w", b.DebtID, err)
		}
	}
	return nil
}

// open begins a line. What the system of record stated itself it is not told.
func (d *Desk) open(ctx context.Context, b Balance, by payments.Payment) error {
	now := d.now()
	c := Credit{ID: d.NewID(), Balance: b, OpenedAt: now, Due: civil.Of(now.In(d.Zone)).AddDays(d.Days), Told: b.Amount()}
	added, err := d.Store.AddCredit(ctx, c)
	if err != nil || !added || b.Amount() <= b.Stated {
		return err
	}
	return d.tell(ctx, c, by)
}

// follow brings a line to what the books hold by now.
func (d *Desk) follow(ctx context.Context, c Credit, by payments.Payment) error {
	told := c.Told
	c.Told = c.Amount()
	switch c.Told {
	case told:
		return nil
	case 0:
		c.ClosedAt, c.ClosedAs = d.now(), Even
	}
	if err := d.Store.SaveCredit(ctx, c); err != nil || c.Told <= max(told, c.Stated) {
		return err
	}
	return d.tell(ctx, c, by)
}

func (d *Desk) tell(ctx context.Context, c Credit, by payments.Payment) error {
	for _, w := range d.Watchers {
		if err := w.MoreThanOwed(ctx, c, by); err != nil {
			return err
		}
	}
	return nil
}

// mostPaid is how many of an account's payments are looked at for what can go
// back.
const mostPaid = 500

// Line is a credit with what can be done about it.
type Line struct {
	Credit
	OnItsWay money.Cents // asked of the processor
	Parts    []Part      // can be sent back by one press
}

// Back is what can be sent back by one press.
func (l Line) Back() (sum money.Cents) {
	for _, p := range l.Parts {
		sum += p.Amount
	}
	return sum
}

// RiskUntil is until when a bank may still take back a payment by which the
// credit would go back; zero: none may. What it takes then is lost twice.
func (l Line) RiskUntil(now time.Time) (until time.Time) {
	for _, p := range l.Parts {
		if r := p.Payment.ReversibleUntil; p.Payment.Method == payments.BankAccount && now.Before(r) && r.After(until) {
			until = r
		}
	}
	return until
}

// Waiting lists open credits, the earliest due first.
func (d *Desk) Waiting(ctx context.Context, most int) ([]Line, error) {
	open, err := d.Store.OpenCredits(ctx, nil, most)
	if err != nil {
		return nil, err
	}
	lines := make([]Line, 0, len(open))
	for _, c := range open {
		l, err := d.line(ctx, c)
		if err != nil {
			return nil, err
		}
		lines = append(lines, l)
	}
	return lines, nil
}

func (d *Desk) line(ctx context.Context, c Credit) (Line, error) {
	paid, err := d.Books.PaymentsOfAccount(ctx, string(c.AccountID), mostPaid)
	if err != nil {
		return Line{}, err
	}
	l := Line{Credit: c}
	l.Parts, l.OnItsWay = Parts(c, paid, d.now())
	return l, nil
}

// Refund sends back all of a credit that can go by the payments behind it, as it
// was shown. What is asked is kept first, so that a second press asks for nothing
// twice. It returns what was asked for; ErrNothing when there is nothing to ask for,
// ErrChanged when it is another amount by now, and the errors of payments.Service.Refund, after which the rest was not asked for.
func (d *Desk) Refund(ctx context.Context, id string, shown money.Cents, by string) (money.Cents, error) {
	var c Credit
	var parts []Part
	var asked []Refund
	err := d.Store.InTx(ctx, func(ctx context.Context) (err error) {
		if c, err = d.Store.Credit(ctx, id); err != nil {
			return err
		}
		l, err := d.line(ctx, c)
		if err != nil {
			return err
		}
		switch parts, asked = l.Parts, nil; {
		case len(parts) == 0:
			return ErrNothing
		case l.Back() != shown:
			return ErrChanged
		}
		for _, p := range parts {
			r := Refund{PaymentID: p.Payment.ID, Attempt: len(c.Asked) + 1, Amount: p.Amount, Before: p.Payment.RefundedOf(string(c.DebtID)), At: d.now(), By: by}
			if err := d.Orders.AskRefund(ctx, id, r); err != nil {
				return err
			}
			asked = append(asked, r)
		}
		return nil
	})
	var sent money.Cents
	for i := 0; i < len(asked) && err == nil; i++ {
		if err = d.send(ctx, c, asked[i]); err != nil {
			err = errors.Join(err, d.drop(ctx, id, asked[i+1:]))
			break
		}
		sent += asked[i].Amount
	}
	return sent, err
}

// send asks the processor. An answer that was lost is no error: whether it was
// done shows later.
func (d *Desk) send(ctx context.Context, c Credit, r Refund) error {
	_, err := d.Return.Refund(ctx, r.PaymentID, payments.Back{
		DebtID: string(c.DebtID), Amount: r.Amount, Key: r.key(c.ID), By: r.By,
	})
	if err == nil || errors.Is(err, payments.ErrUnknownOutcome) {
		return nil
	}
	return errors.Join(err, d.drop(ctx, c.ID, []Refund{r}))
}

func (d *Desk) drop(ctx context.Context, id string, refused []Refund) (failed error) {
	for _, r := range refused {
		failed = errors.Join(failed, d.Orders.DropRefund(context.WithoutCancel(ctx), id, r))
	}
	return failed
}

// Close takes what a person says of a credit, as it was shown to them, that does
// not go back through the processor; ErrNothing while a refund is on its way,
// ErrChanged when it is another amount by now.
func (d *Desk) Close(ctx context.Context, id string, as Closed, shown money.Cents, by string) error {
	return d.Store.InTx(ctx, func(ctx context.Context) error {
		c, err := d.Store.Credit(ctx, id)
		if err != nil {
			return err
		}
		l, err := d.line(ctx, c)
		if err != nil {
			return err
		}
		if !as.Said() || l.OnItsWay > 0 || c.Amount() == 0 {
			return ErrNothing
		}
		if c.Amount() != shown {
			return ErrChanged
		}
		if err := d.Books.PostTransfer(ctx, settled(c, d.now())); err != nil {
			return err
		}
		c.ClosedAt, c.ClosedBy, c.ClosedAs = d.now(), by, as
		return d.Store.SaveCredit(ctx, c)
	})
}
