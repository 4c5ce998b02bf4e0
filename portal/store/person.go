package store

import (
	"context"

	"quittance/portal/debt"
	"quittance/portal/identity"
)

var _ identity.People = (*Store)(nil)

// selectPerson answers in one statement whatever the answer is (S2). An
// account is shut for a minor (STS), and when every debt was recalled and no
// payment is left to look at.
const selectPerson = `SELECT c.id, c.code_hash, c.code_sealed, c.first_name, c.postal_code, c.date_of_birth, c.state,
		c.phone, c.email, c.language, c.vault, c.person,
		CASE WHEN EXISTS (SELECT 1 FROM debts d WHERE d.account_id = c.id AND d.status = 'minor')
			OR (NOT EXISTS (SELECT 1 FROM debts d WHERE d.account_id = c.id AND d.status <> 'recalled')
				AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.account_id = c.id AND p.status NOT IN ('failed', 'canceled')))
			THEN 1 ELSE 0 END
	FROM accounts c WHERE `

// PersonByCode implements identity.People.
func (s *Store) PersonByCode(ctx context.Context, hash []byte) (identity.Person, error) {
	return s.person(ctx, `c.code_hash = ?`, hash)
}

// Person implements identity.People.
func (s *Store) Person(ctx context.Context, id debt.AccountID) (identity.Person, error) {
	return s.person(ctx, `c.id = ?`, string(id))
}

func (s *Store) person(ctx context.Context, where string, arg any) (identity.Person, error) {
	var p identity.Person
	var born day
	var shut int
	var wrapped, sealed []byte
	err := s.queryRow(ctx, []any{&p.AccountID, &p.CodeHash, &p.CodeSealed, &p.FirstName, &p.PostalCode, &born, &p.State,
		&p.Phone, &p.Email, &p.Language, &wrapped, &sealed, &shut}, selectPerson+where, arg)
	if err != nil {
		return p, notFound(err)
	}
	p.DateOfBirth, p.Shut = born.Date, shut == 1
	if len(sealed) == 0 {
		return p, nil
	}
	a := debt.Account{ID: p.AccountID}
	err = s.openPerson(&a, wrapped, sealed)
	c := a.Consumer
	p.FirstName, p.PostalCode, p.DateOfBirth, p.Phone, p.Email = c.FirstName, c.Address.PostalCode, c.DateOfBirth, c.Phone, c.Email
	return p, err
}
