package identity

import (
	"context"
	"fmt"
	"time"
)

// leastCodesAnHour is how many reference codes one token may read in an hour at
// any agency.
const leastCodesAnHour = 100

// CodesAnHour is how many reference codes one token of the API may read in an
// hour: a tenth of the accounts that there are. Letters of all go out within half
// a day, and a stolen token does not empty the house unheard.
func CodesAnHour(accounts int64) int64 { return max(leastCodesAnHour, accounts/10) }

// SpentError says that a token has read as many codes as it may for now.
type SpentError struct{ Until time.Time }

// Error implements error.
func (e SpentError) Error() string {
	return fmt.Sprintf("as many codes were read as an hour allows, until %s", e.Until.Format(time.RFC3339))
}

// CodeReads counts who reads codes.
type CodeReads interface {
	// CountCodeRead adds one in the hour of whoever reads, if fewer than the limit
	// were counted; false otherwise.
	CountCodeRead(ctx context.Context, reader string, hour time.Time, limit int64) (bool, error)
	// AccountsAbout is how many accounts there are, or were a minute ago.
	AccountsAbout(ctx context.Context, now time.Time) (int64, error)
}

// SpendCode lets a reader read one more code; SpentError.
func SpendCode(ctx context.Context, reads CodeReads, reader string, now time.Time) error {
	hour := now.UTC().Truncate(time.Hour)
	ok, err := reads.CountCodeRead(ctx, reader, hour, leastCodesAnHour)
	if err != nil || ok {
		return err
	}
	accounts, err := reads.AccountsAbout(ctx, now) // not asked before it matters
	if err == nil {
		ok, err = reads.CountCodeRead(ctx, reader, hour, CodesAnHour(accounts))
	}
	if err == nil && !ok {
		err = SpentError{Until: hour.Add(time.Hour)}
	}
	return err
}
