package payments

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"
)

// Request is the consumer's wish to pay: which debts, how much on each
// (AMT-05), by which kind of method. RequestKey is the form's one-time key.
type Request struct {
	AccountID  string
	RequestKey string
	Method     Method
	Amounts    []Amount
	By         string // in what capacity somebody pays for the consumer; empty is the consumer
	ByID       string // which of those it is
	Purpose    string // see Payment
}

func (r Request) hash() string { return digest(r.content()) }

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// Start makes a payment of the chosen amounts. It is a draft and reserves nothing:
// what was not sent is not money, and Submit and OpenPage ask again (AMT-07). The
// same request again returns the same payment. Its errors are Problems for the
// amounts, ErrNoKey, ErrKeyReused, ErrMethodRefused, ErrDeclines and ErrPaused.
func (s *Service) Start(ctx context.Context, r Request) (Payment, error) {
	return s.start(ctx, SavedRequest{Request: r}, r.hash())
}

// StartSaved is Start by a method that was saved before. Who saved it is there, and
// is asked to authorize this one payment: what they agreed to when they saved it
// does not cover it (ACH-03, REG-04). It is ready for review.
func (s *Service) StartSaved(ctx context.Context, r SavedRequest) (Payment, error) {
	if !r.complete() {
		return Payment{}, ErrMethodRefused
	}
	return s.start(ctx, r, digest("attended\n"+r.Saved.MethodID+"\n"+r.content()))
}

func (s *Service) start(ctx context.Context, r SavedRequest, hash string) (Payment, error) {
	switch {
	case r.RequestKey == "":
		return Payment{}, ErrNoKey
	case r.Method != Card && r.Method != BankAccount:
		return Payment{}, ErrMethodRefused
	}
	var p Payment
	err := s.commit(ctx, func(ctx context.Context) error {
		// The debts are locked first, so that of two equal requests the second
		// finds the payment of the first.
		payables, err := s.Accounts.Payables(ctx, r.AccountID, debtsOf(r.Amounts), "")
		if err != nil {
			return err
		}
		p, err = s.Store.PaymentByKey(ctx, r.AccountID, r.RequestKey)
		if err == nil || !errors.Is(err, ErrNotFound) {
			return err
		}
		if err := s.judge(r.Amounts, payables); err != nil {
			return err
		}
		fresh := s.newPayment(r.Request, payables)
		if fresh.RequestHash = hash; r.Saved.MethodID != "" {
			fresh.Status, fresh.Saved, fresh.Details = Ready, r.Saved, r.Details
			if err := mayUse(ctx, s.Accounts, fresh, r.Details); err != nil {
				return err
			}
		}
		if err := s.mayTry(ctx, fresh); err != nil {
			return err
		}
		p, _, err = s.Store.CreatePayment(ctx, fresh)
		return err
	})
	if err != nil {
		return Payment{}, err
	}
	if p.RequestHash != hash {
		return Payment{}, ErrKeyReused
	}
	return p, nil
}

func (s *Service) newPayment(r Request, payables []Payable) Payment {
	id, reference := s.NewID()
	p := Payment{
		ID: id, Reference: reference, AccountID: r.AccountID, By: r.By, ByID: r.ByID, RequestKey: r.RequestKey, RequestHash: r.hash(), Purpose: r.Purpose,
		Method: r.Method, Status: Started, Allocations: Allocate(r.Amounts, payables), CreatedAt: s.now(),
	}
	p.Amount = total(p.Allocations)
	p.CheckAt = s.nextCheck(p)
	return p
}

// judge refuses amounts that cannot be paid now.
func (s *Service) judge(chosen []Amount, payables []Payable) error {
	if s.Paused != nil && s.Paused() {
		return ErrPaused
	}
	if problems := Check(chosen, payables); problems != nil {
		return refusal{problems}
	}
	return nil
}

// recheck asks again, under the lock under which a payment begins to count,
// whether it may still be made: a debt may have been disputed, recalled or paid
// meanwhile (AMT-06, AMT-07).
func (s *Service) recheck(ctx context.Context, p Payment) error {
	chosen := amounts(p.Allocations)
	payables, err := s.Accounts.Payables(ctx, p.AccountID, debtsOf(chosen), p.ID)
	if err != nil {
		return err
	}
	return s.judge(chosen, payables)
}

// Payment reads a payment of the account; ErrNotFound for another's.
func (s *Service) Payment(ctx context.Context, accountID string, id ID) (Payment, error) {
	p, err := s.Store.Payment(ctx, id)
	if err == nil && p.AccountID != accountID {
		return Payment{}, ErrNotFound
	}
	return p, err
}

func debtsOf(chosen []Amount) []string {
	ids := make([]string, len(chosen))
	for i, a := range chosen {
		ids[i] = a.DebtID
	}
	return ids
}

// now is the time as it is stored: UTC, in microseconds.
func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }
