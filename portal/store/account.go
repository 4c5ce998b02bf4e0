package store

import (
	"context"
	"errors"
	"fmt"

	"quittance/portal/debt"
	"quittance/portal/identity"
)

const accountColumns = `c.id, c.ref, c.first_name, c.last_name, c.date_of_birth, c.ssn_last4,
	c.line1, c.line2, c.city, c.state, c.postal_code, c.phone, c.email, c.language`

// Account loads a consumer's account; identity.ErrNotFound.
func (s *Store) Account(ctx context.Context, id debt.AccountID) (debt.Account, error) {
	return s.account(ctx, `c.id`, string(id))
}

// AccountByRef finds an account by the collector's own number.
func (s *Store) AccountByRef(ctx context.Context, ref string) (debt.Account, bool, error) {
	a, err := s.account(ctx, `c.ref`, ref)
	if errors.Is(err, identity.ErrNotFound) {
		return debt.Account{}, false, nil
	}
	return a, err == nil, err
}

// AccountRef implements outbox.Books.
func (s *Store) AccountRef(ctx context.Context, accountID string) (string, error) {
	var ref string
	err := s.queryRow(ctx, []any{&ref}, `SELECT ref FROM accounts WHERE id = ?`, accountID)
	return ref, notFound(err)
}

func (s *Store) account(ctx context.Context, column, value string) (a debt.Account, err error) {
	err = s.lookups(ctx, accountLookup(&a, column, value))
	if err == nil && a.ID == "" {
		err = identity.ErrNotFound
	}
	if err != nil {
		return debt.Account{}, fmt.Errorf("load account: %w", err)
	}
	return a, nil
}

func accountLookup(a *debt.Account, column, value string) lookup {
	return lookup{
		query: `SELECT ` + accountColumns + ` FROM accounts c WHERE ` + column + ` = ?`, args: []any{value},
		scan: func(r row) (err error) {
			*a, err = scanAccount(r)
			return err
		},
	}
}

func scanAccount(r row) (debt.Account, error) {
	var a debt.Account
	var born day
	c, home := &a.Consumer, &a.Consumer.Address
	err := r.Scan(&a.ID, &a.Ref, &c.FirstName, &c.LastName, &born, &c.SSNLast4, &home.Line1, &home.Line2,
		&home.City, &home.State, &home.PostalCode, &c.Phone, &c.Email, &c.Language)
	c.DateOfBirth = born.Date
	return a, err
}
