package validation

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"quittance/portal/debt"
)

// Of lists the notices of an account.
func (s *Service) Of(ctx context.Context, account debt.AccountID) ([]Notice, error) {
	return s.Store.ValidationNotices(ctx, account)
}

// Open reads a notice as it was given (VAL-05).
func (s *Service) Open(ctx context.Context, n Notice) (Body, error) {
	plain, err := s.Bytes(ctx, n)
	if err != nil {
		return Body{}, err
	}
	var b Body
	if err := json.Unmarshal(plain, &b); err != nil {
		return Body{}, fmt.Errorf("read notice %s: %w", n.ID, err)
	}
	return b, nil
}

// Bytes are what was kept of a notice, byte for byte: n.Hash is theirs;
// ErrNotFound once they were erased.
func (s *Service) Bytes(ctx context.Context, n Notice) ([]byte, error) {
	sealed, err := s.Store.SealedNotice(ctx, n.ID)
	if err != nil {
		return nil, err
	}
	plain, err := s.Sealer.Open(sealed, string(n.ID))
	if err != nil {
		return nil, fmt.Errorf("open notice %s: %w", n.ID, err)
	}
	return plain, nil
}

// Ask keeps that a notice was asked for in a language; it is there at once
// (VAL-14).
func (s *Service) Ask(ctx context.Context, n Notice, language string) error {
	return s.Store.AddNoticeRequest(ctx, Request{ID: s.NewID("vnr"), Notice: n.ID, Language: language, At: s.now()})
}

// OfDebt lists the notices of a debt by the collector's own number; ErrNotFound.
func (s *Service) OfDebt(ctx context.Context, ref string) ([]Notice, error) {
	account, id, err := s.Accounts.DebtByRef(ctx, ref)
	if err != nil {
		return nil, err
	}
	all, err := s.Store.ValidationNotices(ctx, account)
	return slices.DeleteFunc(all, func(n Notice) bool { return n.DebtID != id }), err
}
