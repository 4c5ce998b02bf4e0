package talk

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"quittance/portal/contact"
	"quittance/portal/debt"
)

// Holds stops collection; hold.Service is one.
type Holds interface {
	Place(ctx context.Context, holds []debt.Hold) error
	Release(ctx context.Context, source string) ([]debt.Hold, error)
}

// Accounts reads the debts of an account.
type Accounts interface {
	AccountStatements(ctx context.Context, id debt.AccountID) ([]debt.Statement, error)
}

// CeaseTeller tells the system of record that all contact is to end.
type CeaseTeller interface {
	CeaseAsked(ctx context.Context, id debt.AccountID, source string, debts []debt.Debt) error
}

// Ceasing takes the wish that all contact end (COM-10). All fields are required.
type Ceasing struct {
	Tx       Transactor
	Holds    Holds
	Accounts Accounts
	Book     *contact.Book
	People   People
	Teller   CeaseTeller
}

// People knows how a person is reached.
type People interface {
	Reach(ctx context.Context, id debt.AccountID) (contact.Person, error)
}

// Ceased is the source of the open cease of an account; empty when there is none.
func (c *Ceasing) Ceased(ctx context.Context, id debt.AccountID) (string, error) {
	statements, err := c.Accounts.AccountStatements(ctx, id)
	if err != nil {
		return "", err
	}
	return ceased(statements), nil
}

func ceased(statements []debt.Statement) string {
	for _, s := range statements {
		for _, h := range s.Debt.Holds {
			if h.Status == debt.Cease && !strings.HasPrefix(h.Source, "tsk_") { // what a row of a file says is no request of theirs
				return h.Source
			}
		}
	}
	return ""
}

// Cease ends all contact at once: a hold on every debt, under which nothing is
// sent and no saved method is charged, and every way of writing shut, so that a
// debt which is placed later brings no message either. Pressed twice it counts
// once. The consumer may still start things.
func (c *Ceasing) Cease(ctx context.Context, id debt.AccountID) error {
	return c.Tx.InTx(ctx, func(ctx context.Context) error {
		statements, err := c.Accounts.AccountStatements(ctx, id)
		if err != nil || ceased(statements) != "" {
			return err
		}
		source := "cea_" + rand.Text()
		var holds []debt.Hold
		var debts []debt.Debt
		for _, s := range statements {
			debts = append(debts, s.Debt)
			holds = append(holds, debt.Hold{AccountID: id, DebtID: s.Debt.ID, Status: debt.Cease, Source: source})
		}
		if err := c.Holds.Place(ctx, holds); err != nil {
			return fmt.Errorf("place holds: %w", err)
		}
		if err := c.silence(ctx, id); err != nil {
			return err
		}
		return c.Teller.CeaseAsked(ctx, id, source, debts)
	})
}

func (c *Ceasing) silence(ctx context.Context, id debt.AccountID) error {
	person, err := c.People.Reach(ctx, id)
	if err != nil {
		return err
	}
	wish, err := c.Book.Wishes.Wish(ctx, id)
	if err != nil {
		return err
	}
	return c.Book.Prefer(ctx, person, contact.Choice{Wish: wish}, Consumer)
}

// Resume is the consumer letting the agency write again, by their own act. Ways
// of writing stay shut until they open them.
func (c *Ceasing) Resume(ctx context.Context, id debt.AccountID) error {
	return c.Tx.InTx(ctx, func(ctx context.Context) error {
		source, err := c.Ceased(ctx, id)
		if err != nil || source == "" {
			return err
		}
		_, err = c.Holds.Release(ctx, source)
		return err
	})
}
