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

// mostPaid is how many of a debt's payments are looked at for what can go back.
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
	paid, err := d.Books.PaymentsOn(ctx, c.DebtID, mostPaid)
	if err != nil {
		return Line{}, err
	}
	l := Line{Credit: c}
	l.Parts, l.OnItsWay = Parts(c, paid)
	return l, nil
}

// paid are the payments by which it can go back, in the order of their ids.
func (l Line) paid() (ids []payments.ID) {
	for _, p := range l.Parts {
		ids = append(ids, p.Payment.ID)
	}
	slices.Sort(ids)
	return ids
}

// Refund sends back all of a credit that can go by the payments behind it, as it
// was shown. All of it is ordered in one transaction before the processor hears of
// any, so that nothing is ordered twice and what we die over is found out. It returns
// what the processor was told of; ErrNothing when there is nothing to ask for,
// ErrChanged when it is another amount by now, and the errors of
// payments.Service.Refund, of the parts that it would not take.
func (d *Desk) Refund(ctx context.Context, id string, shown money.Cents, by string) (sent money.Cents, err error) {
	c, asked, err := d.order(ctx, id, shown, by)
	for _, r := range asked {
		_, failed := d.Return.Refund(ctx, r.PaymentID, r.back(c))
		if failed != nil && !errors.Is(failed, payments.ErrUnknownOutcome) {
			err = errors.Join(err, failed)
			continue
		}
		sent += r.Amount
	}
	return sent, err
}

// order keeps what is to go back. Payments are locked before their debt, as wherever
// money moves.
func (d *Desk) order(ctx context.Context, id string, shown money.Cents, by string) (c Credit, asked []Refund, err error) {
	if c, err = d.Store.Credit(ctx, id); err != nil {
		return c, nil, err
	}
	before, err := d.line(ctx, c)
	if err != nil {
		return c, nil, err
	}
	err = d.Store.InTx(ctx, func(ctx context.Context) (err error) {
		if err = d.Books.LockPayments(ctx, before.paid()); err != nil {
			return err
		}
		if c, err = d.Store.Credit(ctx, id); err != nil {
			return err
		}
		l, err := d.line(ctx, c)
		if err != nil {
			return err
		}
		switch {
		case len(l.Parts) == 0:
			return ErrNothing
		case l.Back() != shown || !slices.Equal(l.paid(), before.paid()):
			return ErrChanged
		}
		asked, err = d.keep(ctx, l, by)
		return err
	})
	if err != nil {
		asked = nil
	}
	return c, asked, err
}

func (d *Desk) keep(ctx context.Context, l Line, by string) (asked []Refund, err error) {
	for _, p := range l.Parts {
		r := Refund{
			PaymentID: p.Payment.ID, Attempt: len(l.Asked) + 1, Amount: p.Amount, Before: p.Payment.RefundedOf(string(l.DebtID)), At: d.now(), By: by,
		}
		if err := d.Orders.AskRefund(ctx, l.ID, r); err != nil {
			return nil, err
		}
		if err := d.Return.Order(ctx, r.PaymentID, r.back(l.Credit)); err != nil {
			return nil, err
		}
		asked = append(asked, r)
	}
	return asked, nil
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
