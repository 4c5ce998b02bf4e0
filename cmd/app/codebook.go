package app

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"quittance/portal/alert"
	"quittance/portal/audit"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/store"
)

// codebook reads reference codes back from their sealed copies, for letters.
// Whose code is read is written down before it is told (SEC-09).
type codebook struct {
	store   *store.Store
	phrases *identity.Phrases
	audit   *audit.Log
	alert   *alert.Desk
	now     func() time.Time
	// refused counts for the metrics what was asked for beyond the budget.
	refused *atomic.Int64
}

// codesAtOnce bounds one page of `portal codes`.
const codesAtOnce = 500

// readingCode is how the log names a code that was told.
const readingCode = audit.Reading + "code"

// refusingCode is how the log names a code that was not told, once an hour.
const refusingCode = "refuse.code"

// ReferenceCode implements api.Codes. A code that nobody has costs as much of the
// budget as one that is told.
func (b codebook) ReferenceCode(ctx context.Context, accountRef string) (identity.Letter, error) {
	reader := audit.Actor(ctx)
	if err := identity.SpendCode(ctx, b.store, reader, b.now()); err != nil {
		return identity.Letter{}, errors.Join(err, b.ring(ctx, reader, err))
	}
	kept, err := b.store.SealedCode(ctx, accountRef)
	if err != nil {
		return identity.Letter{}, err
	}
	letter, err := b.phrases.Letter(kept)
	if err != nil {
		return identity.Letter{}, err
	}
	return letter, b.audit.Note(ctx, readingCode, string(kept.AccountID), "")
}

// ring puts before the people of the console that a program reads too many codes.
func (b codebook) ring(ctx context.Context, reader string, why error) error {
	var spent identity.SpentError
	if !errors.As(why, &spent) {
		return nil
	}
	b.refused.Add(1)
	return b.store.InTx(ctx, func(ctx context.Context) error {
		fresh, err := b.alert.Ring(ctx, alert.CodeReads, reader, "until "+spent.Until.Format(time.RFC3339))
		if err != nil || !fresh {
			return err
		}
		return b.audit.Note(ctx, refusingCode, "", reader)
	})
}

// Each tells the codes of all accounts placed since a time.
func (b codebook) Each(ctx context.Context, since time.Time, tell func(accountRef string, l identity.Letter) error) error {
	var last debt.AccountID
	for {
		page, err := b.store.SealedCodes(ctx, since, last, codesAtOnce)
		if err != nil || len(page) == 0 {
			return err
		}
		var accounts []string
		for _, kept := range page {
			accounts = append(accounts, string(kept.AccountID))
		}
		if err := b.audit.NoteEach(ctx, readingCode, accounts); err != nil {
			return err
		}
		for _, kept := range page {
			letter, err := b.phrases.Letter(kept)
			if err == nil {
				err = tell(kept.AccountRef, letter)
			}
			if err != nil {
				return fmt.Errorf("account %s: %w", kept.AccountRef, err)
			}
		}
		last = page[len(page)-1].AccountID
	}
}

func (p *Portal) Codebook() codebook {
	return codebook{store: p.Store, phrases: p.Phrases, audit: p.Audit, alert: p.Alerts, now: p.in.Now, refused: &p.CodesRefused}
}
