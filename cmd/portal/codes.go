package main

import (
	"cmp"
	"context"
	"encoding/csv"
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

// each tells the codes of all accounts placed since a time.
func (b codebook) each(ctx context.Context, since time.Time, tell func(accountRef string, l identity.Letter) error) error {
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

// codesCommand writes the reference codes of accounts as CSV, for letters, or lets
// one person in again.
func codesCommand(ctx context.Context, p program, args []string) error {
	if len(args) > 0 && args[0] == "unlock" {
		return p.unlockCode(ctx, args[1:])
	}
	if len(args) > 0 && args[0] == "renew" {
		return p.renewCode(ctx, args[1:])
	}
	f := p.flags("codes")
	from := f.String("since", "", "only accounts placed since this day, YYYY-MM-DD in UTC")
	if err := parse(f, args); err != nil {
		return err
	}
	since, err := time.Parse(time.DateOnly, cmp.Or(*from, "1970-01-01"))
	if err != nil || f.NArg() > 0 {
		return fmt.Errorf("%w: portal codes [-since 2026-11-22], portal codes unlock|renew ACCOUNT_REF", errUsage)
	}
	return withPortal(ctx, p, func(w *portal) error {
		out := csv.NewWriter(p.stdout)
		err := out.Write([]string{"account_ref", "reference_code", "words_en", "words_es"})
		if err == nil {
			err = w.codebook().each(ctx, since, func(ref string, l identity.Letter) error {
				return out.Write([]string{ref, l.Code, l.Words["en"], l.Words["es"]})
			})
		}
		out.Flush()
		return cmp.Or(err, out.Error())
	})
}

func (p *portal) codebook() codebook {
	return codebook{store: p.store, phrases: p.phrases, audit: p.audit, alert: p.alerts, now: p.in.now, refused: &p.codesRefused}
}
