package identity_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"quittance/portal/identity"
	"quittance/portal/store/storetest"
)

// TestF7_TheRowsThatFailuresLeaveAreBounded: strangers fail at a code that exists
// and at codes that nobody has, with right tickets and without, ask for digits,
// and leave no more rows than there are places. PROOF_FAILURES=1000000 on SQLite
// is the whole of it.
func TestF7_TheRowsThatFailuresLeaveAreBounded(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		driver, address, failures, long := "pgx", url, 3000, false
		if file, ok := strings.CutPrefix(url, "sqlite:"); ok {
			driver, address = "sqlite", "file:"+file+"?_pragma=busy_timeout(10000)"
			if n, err := strconv.Atoi(os.Getenv("PROOF_FAILURES")); err == nil {
				failures, long = n, true
			}
		}
		r := onReal(t, storetest.Open(t, url))
		from := r.clock.now()
		for done := 0; done < failures; done += 500 {
			err := r.InTx(t.Context(), func(ctx context.Context) error { // many at once, so that a million fit an hour
				for i := done; i < done+500; i++ {
					if err := r.fail(ctx, i); err != nil {
						return err
					}
					r.clock.move(60 * day / 1_000_000)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if _, err := r.verifier.SendDigits(t.Context(), 50); err != nil {
			t.Fatal(err)
		}
		db, err := sql.Open(driver, address)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		for table, most := range map[string]int{
			"attempts": identity.MostInARow, "tallies": 4 * identity.TallySlots, "tickets": identity.TicketSlots, "digit_asks": 0,
		} {
			var kept int
			if err := db.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM "+table).Scan(&kept); err != nil {
				t.Fatal(err)
			}
			t.Logf("%d failures within %s leave %d rows in %s; at most %d", failures, r.clock.now().Sub(from).Round(time.Minute), kept, table, most)
			if kept > most || table != "digit_asks" && kept == 0 || kept > failures && !long {
				t.Errorf("%d rows in %s", kept, table)
			}
		}
	})
}

// fail is one failure of a stranger: at the code that exists, at one that nobody
// has, or for digits.
func (r *real) fail(ctx context.Context, i int) error {
	code := r.code
	if i%3 > 0 {
		code, _, _ = r.verifier.Codes.New()
	}
	wrong, err := identity.ZIP(fmt.Sprint(20000 + i%70000))
	if err != nil {
		return err
	}
	from := identity.Visitor{Address: fmt.Sprintf("10.%d.%d.7", i/50000%200, i/200%250), Browser: "one"}
	pending, err := r.verifier.Begin(code)
	if err != nil {
		return err
	}
	for range 2 { // beyond a budget once more, with a ticket
		if i%5 == 0 {
			_, err = r.verifier.AskDigits(ctx, pending, wrong, from)
		} else {
			_, err = r.verifier.Verify(ctx, pending, wrong, from)
		}
		var held identity.Hold
		if !errors.As(err, &held) {
			break
		}
		pending = held.Pending
		r.clock.move(held.For)
	}
	if err != nil && !errors.Is(err, identity.ErrNoMatch) && !errors.Is(err, identity.ErrWait) {
		return err
	}
	return nil
}
