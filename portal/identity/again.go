package identity

import (
	"context"
	"fmt"

	"quittance/portal/debt"
)

const againPrefix = "again:"

// Again compares the personal fact once more, for somebody who is signed in and
// wants to change what they are reached by (SEC-12). It counts tries like a
// link's; ErrMalformedFactor or ErrNoMatch.
func (v *Verifier) Again(ctx context.Context, id debt.AccountID, given Factor, visitor string) error {
	if given.kind != string(v.Factor) {
		return ErrMalformedFactor
	}
	var answer error
	err := v.Tx.InTx(ctx, func(ctx context.Context) error {
		p, err := v.People.Person(ctx, id)
		if err != nil {
			return fmt.Errorf("person: %w", err)
		}
		passed, err := v.try(ctx, againPrefix+string(id), claimant{Person: p, known: true, path: ByLink}, given, Visitor{Address: visitor})
		if passed == no {
			answer = ErrNoMatch
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("verify again: %w", err)
	}
	return answer
}

// OwnCode is the reference code of somebody who is signed in, as it is printed,
// for the personal fact typed again; the errors of Again.
func (v *Verifier) OwnCode(ctx context.Context, id debt.AccountID, given Factor, visitor string) (string, error) {
	if err := v.Again(ctx, id, given, visitor); err != nil {
		return "", err
	}
	p, err := v.People.Person(ctx, id)
	if err != nil {
		return "", fmt.Errorf("person: %w", err)
	}
	return v.Codes.Print(p.CodeSealed, p.CodeHash)
}
