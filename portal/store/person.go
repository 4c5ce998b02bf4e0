package store

import (
	"context"
	"encoding/json"
	"errors"

	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/represent"
)

var _ identity.People = (*Store)(nil)

// An account is shut when every debt was recalled and nothing that was paid or
// signed is left to look at (REG-03).
const (
	personColumnsOf = `c.id, c.code_hash, c.code_sealed, c.state, c.language, c.vault, c.person,
		CASE WHEN NOT EXISTS (SELECT 1 FROM debts d WHERE d.account_id = c.id AND d.status <> 'recalled'
					AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.debt_id = d.id AND h.status = 'recalled' AND h.closed_at IS NULL))
				AND NOT EXISTS (SELECT 1 FROM joint_debtors j WHERE j.account_id = c.id AND j.status <> 'recalled')
				AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.account_id = c.id AND p.status NOT IN ('failed', 'canceled'))
				AND NOT EXISTS (SELECT 1 FROM plans n WHERE n.account_id = c.id)
			THEN 1 ELSE 0 END`
	selectPerson = `SELECT ` + personColumnsOf + `, '', '', '', '', '', ` + noTime + `, c.code_hash, c.code_sealed FROM accounts c WHERE `
	// selectSpeaking is the same of who may speak for a consumer.
	selectSpeaking = `SELECT ` + personColumnsOf + `, r.id, r.role, r.person, r.from_day, r.until_day, r.revoked_at, r.code_hash, r.code_sealed
		FROM representatives r JOIN accounts c ON c.id = r.account_id WHERE `
	noTime = `CAST(NULL AS BIGINT)`
)

// PersonByCode implements identity.People: one statement, one key and one person
// opened, whatever the answer is (S2).
func (s *Store) PersonByCode(ctx context.Context, hash []byte) (identity.Person, error) {
	p, err := s.person(ctx, selectPerson+`c.code_hash = ? UNION ALL `+selectSpeaking+`r.code_hash = ?`, hash, hash)
	if errors.Is(err, identity.ErrNotFound) {
		err = errors.Join(err, s.pretend())
	}
	return p, err
}

// Person implements identity.People.
func (s *Store) Person(ctx context.Context, id debt.AccountID) (identity.Person, error) {
	return s.person(ctx, selectPerson+`c.id = ?`, string(id))
}

// PersonSpeaking implements identity.People.
func (s *Store) PersonSpeaking(ctx context.Context, id represent.ID) (identity.Person, error) {
	return s.person(ctx, selectSpeaking+`r.id = ?`, string(id))
}

func (s *Store) person(ctx context.Context, query string, args ...any) (identity.Person, error) {
	var p identity.Person
	var from, until day
	var shut int
	var wrapped, sealed []byte
	var stored string
	var revoked stamp
	f := &p.Speaking
	err := s.queryRow(ctx, []any{&p.AccountID, &f.CodeHash, &f.CodeSealed, &p.State, &p.Language, &wrapped, &sealed, &shut,
		&f.ID, &f.Role, &stored, &from, &until, &revoked, &p.CodeHash, &p.CodeSealed}, query, args...)
	if err != nil {
		return p, notFound(err)
	}
	p.Shut = shut == 1
	f.AccountID, f.From, f.Until, f.RevokedAt = p.AccountID, from.Date, until.Date, revoked.Time
	if f.ID != "" {
		f.CodeHash, f.CodeSealed = p.CodeHash, p.CodeSealed
		return s.speaking(p, wrapped, stored)
	}
	p.Speaking = represent.Representative{}
	if len(sealed) == 0 {
		return p, nil
	}
	a := debt.Account{ID: p.AccountID}
	err = s.openPerson(&a, wrapped, sealed)
	c := a.Consumer
	p.FirstName, p.PostalCode, p.DateOfBirth, p.Phone, p.Email = c.FirstName, c.Address.PostalCode, c.DateOfBirth, c.Phone, c.Email
	p.Moved = c.Moved
	return p, err
}

// speaking puts the representative in the place of the consumer.
func (s *Store) speaking(p identity.Person, wrapped []byte, stored string) (identity.Person, error) {
	var v vault
	var err error
	if len(wrapped) > 0 {
		if v, err = s.openVault(string(p.AccountID), wrapped); err != nil {
			return p, err
		}
	}
	who, err := openRepresentative(v, p.Speaking.ID, stored)
	p.FirstName, p.PostalCode, p.DateOfBirth, p.Phone, p.Email, p.Language = who.Name, who.PostalCode, who.Born, who.Phone, who.Email, who.Language
	return p, err
}

// openRepresentative opens what stands sealed of one.
func openRepresentative(v vault, id represent.ID, stored string) (represent.Person, error) {
	var who represent.Person
	plain, err := v.plain(stored, representativeAt(id))
	if err != nil || plain == "" {
		return who, err
	}
	if err = json.Unmarshal([]byte(plain), &who); err == nil {
		who.Born, err = civil.Parse(who.Birth)
	}
	return who, err
}

func representativeAt(id represent.ID) string { return "representatives.person:" + string(id) }
