package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"quittance/portal/debt"
	"quittance/portal/identity"
)

const accountColumns = `c.id, c.ref, c.state, c.language, c.vault, c.person`

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

// codeOf is the stored code of accounts; an erased one has none (REC-01).
const codeOf = `SELECT id, ref, code_hash, code_sealed FROM accounts WHERE length(code_sealed) > 0 AND `

// SealedCode loads an account's code by the collector's own number;
// identity.ErrNotFound.
func (s *Store) SealedCode(ctx context.Context, ref string) (identity.SealedCode, error) {
	var c identity.SealedCode
	err := s.queryRow(ctx, []any{&c.AccountID, &c.AccountRef, &c.Hash, &c.Sealed}, codeOf+`ref = ?`, ref)
	return c, notFound(err)
}

// SealedCodes lists the codes of accounts placed since a time, by the account's
// id, after one.
func (s *Store) SealedCodes(ctx context.Context, since time.Time, after debt.AccountID, limit int) ([]identity.SealedCode, error) {
	var all []identity.SealedCode
	err := s.query(ctx, func(r row) error {
		var c identity.SealedCode
		err := r.Scan(&c.AccountID, &c.AccountRef, &c.Hash, &c.Sealed)
		all = append(all, c)
		return err
	}, codeOf+`created_at >= ? AND id > ? ORDER BY id LIMIT ?`, since.UnixMicro(), string(after), limit)
	return all, err
}

func (s *Store) account(ctx context.Context, column, value string) (a debt.Account, err error) {
	err = s.lookups(ctx, s.accountLookup(&a, column, value))
	if err == nil && a.ID == "" {
		err = identity.ErrNotFound
	}
	if err != nil {
		return debt.Account{}, fmt.Errorf("load account: %w", err)
	}
	return a, nil
}

func (s *Store) accountLookup(a *debt.Account, column, value string) lookup {
	return lookup{
		query: `SELECT ` + accountColumns + ` FROM accounts c WHERE ` + column + ` = ?`, args: []any{value},
		scan: func(r row) (err error) {
			*a, err = s.scanAccount(r)
			return err
		},
	}
}

func (s *Store) scanAccount(r row) (debt.Account, error) {
	var a debt.Account
	var wrapped, sealed []byte
	err := r.Scan(&a.ID, &a.Ref, &a.Consumer.Address.State, &a.Consumer.Language, &wrapped, &sealed)
	if err == nil {
		err = s.openPerson(&a, wrapped, sealed)
	}
	return a, err
}

// FindAccounts finds accounts by a person's whole name or phone number, over
// their keyed hashes: nothing else of a sealed person can be searched.
func (s *Store) FindAccounts(ctx context.Context, query string, limit int) ([]debt.Account, error) {
	var found []debt.Account
	err := s.query(ctx, func(r row) error {
		a, err := s.scanAccount(r)
		found = append(found, a)
		return err
	}, `SELECT `+accountColumns+` FROM accounts c WHERE (c.name_token = ? AND length(c.name_token) > 0)
		OR (c.phone_token = ? AND length(c.phone_token) > 0) ORDER BY c.ref LIMIT ?`, s.nameToken(query), s.phoneToken(query), limit)
	if err != nil {
		return nil, fmt.Errorf("find accounts: %w", err)
	}
	return found, nil
}

// SaveConsumer replaces what is known of a person by what they say themselves,
// and keeps what it was, so that no file brings it back.
func (s *Store) SaveConsumer(ctx context.Context, a debt.Account, now time.Time) error {
	err := s.InTx(ctx, func(ctx context.Context) error {
		was, err := s.Account(ctx, a.ID)
		if err != nil {
			return err
		}
		values, err := s.sealAgain(ctx, a)
		if err != nil {
			return err
		}
		if _, err = s.exec(ctx, sealedUpdate+`, updated_at = ? WHERE id = ?`, append(values, micros(now), string(a.ID))...); err != nil {
			return err
		}
		return s.leave(ctx, a.ID, was.Consumer, a.Consumer, now)
	})
	if err != nil {
		return fmt.Errorf("save consumer: %w", err)
	}
	return nil
}
