package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// later is after all three installments of plan were due.
var later = noon.AddDate(0, 2, 0)

func claim(t *testing.T, s *store.Store, now time.Time, limit int) []plans.Due {
	t.Helper()
	due, err := s.ClaimDue(t.Context(), now, now.Add(time.Minute), limit)
	must(t, err)
	return due
}

func expect(t *testing.T, what string, got []plans.Due, numbers ...int) {
	t.Helper()
	var have []int
	for _, d := range got {
		have = append(have, d.Number)
	}
	if !reflect.DeepEqual(have, numbers) {
		t.Errorf("%s: installments %v, not %v", what, have, numbers)
	}
}

func TestPDN04_AnInstallmentIsClaimedOnceItsTimeHasComeAndAgainWhenTheLeaseRanOut(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000)
		p := agree(t, s, plan("1"))
		first := p.Installments[0].ChargeAt
		expect(t, "a microsecond early", claim(t, s, first.Add(-time.Microsecond), 9))
		expect(t, "on time", claim(t, s, first, 9), 1)
		expect(t, "while it is leased", claim(t, s, first.Add(59*time.Second), 9))
		expect(t, "after the lease", claim(t, s, first.Add(time.Minute), 9), 1)
		expect(t, "the longest due first", claim(t, s, later, 2), 1, 2)
		expect(t, "what is left", claim(t, s, later, 9), 3)
	})
}

func TestOnlyWhatIsToBeChargedByItselfIsClaimed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000)
		p := agree(t, s, plan("1"))
		now := later
		look := func(what string, want []int, edit func(*plans.Plan)) {
			t.Helper()
			change(t, s, p.ID, edit)
			now = now.Add(time.Hour)
			expect(t, what, claim(t, s, now, 9), want...)
		}
		for _, status := range []plans.Status{plans.Awaiting, plans.Paused, plans.Broken, plans.Canceled, plans.Completed} {
			look(string(status), nil, func(p *plans.Plan) { p.Status = status })
		}
		look("by hand", nil, func(p *plans.Plan) { p.Status, p.Charging = plans.Active, plans.ByHand })
		look("begun, and the processor may not have been asked", []int{1, 3}, func(p *plans.Plan) {
			p.Charging = plans.Automatic
			p.Installments[0].Status, p.Installments[0].PaymentID = plans.InFlight, ""
			p.Installments[1].Status = plans.Failed
		})
		look("on its way, and moved to a day to come", nil, func(p *plans.Plan) {
			p.Installments[0].PaymentID = "pay_1"
			p.Installments[2].ChargeAt = now.AddDate(1, 0, 0)
		})
	})
}

func TestSTR07_TwoClaimersNeverGetTheSameInstallment(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const many = 40
		place(t, s, slices.Repeat([]money.Cents{10000}, many)...)
		for n := range many {
			p := plan(fmt.Sprint(n))
			p.Debt.ID = fmt.Sprintf("dbt_%d", n+1)
			agree(t, s, p)
		}
		var mu sync.Mutex
		seen := map[plans.Due]int{}
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				for {
					due, err := s.ClaimDue(t.Context(), later, later.Add(time.Minute), 7)
					if err != nil || len(due) == 0 {
						must(t, err)
						return
					}
					mu.Lock()
					for _, d := range due {
						seen[d]++
					}
					mu.Unlock()
				}
			})
		}
		all.Wait()
		for d := range seen {
			if seen[d] != 1 {
				t.Errorf("%v was claimed %d times", d, seen[d])
			}
		}
		// Rows that another claimer looks at are skipped, and are there the next time.
		rest := claim(t, s, later, 3*many)
		if len(seen)+len(rest) != 3*many {
			t.Errorf("%d of %d were claimed", len(seen)+len(rest), 3*many)
		}
	})
}

func TestASaveLeavesALeaseAsItIs(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000)
		p := agree(t, s, plan("1"))
		expect(t, "claimed", claim(t, s, later, 9), 1, 2, 3)
		change(t, s, p.ID, func(p *plans.Plan) { p.Installments[0].Status, p.Installments[0].PaymentID = plans.InFlight, "" })
		expect(t, "while the worker asks the processor", claim(t, s, later, 9))
	})
}

func TestPDN02_ANoticeIsDueFromItsDayUntilItIsOnItsWay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000)
		p := agree(t, s, plan("1"))
		list := func(day string) []plans.Due {
			due, err := s.NoticesDue(t.Context(), on(day), 9)
			must(t, err)
			return due
		}
		expect(t, "the day before", list("2026-11-09"))
		expect(t, "on the day of the second", list("2026-11-25"), 1, 2)
		change(t, s, p.ID, func(p *plans.Plan) { p.Installments[0].Notice.State = plans.NoticeQueued })
		expect(t, "when one is on its way", list("2026-11-25"), 2)
		if d, err := s.ByNotice(t.Context(), "msg_1_1"); err != nil || d != (plans.Due{Plan: p.ID, Number: 1}) {
			t.Errorf("the notice's installment is %v, %v", d, err)
		}
		change(t, s, p.ID, func(p *plans.Plan) { p.Status = plans.Paused })
		expect(t, "while the plan is paused", list("2027-11-25"))
	})
}

func TestAnInstallmentIsOverdueAfterItsGraceDaysAndAPauseOnItsLastDay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000)
		p := agree(t, s, plan("1"))
		list := func(day string) []plans.Due {
			due, err := s.Overdue(t.Context(), on(day), 9)
			must(t, err)
			return due
		}
		expect(t, "charges of ours that are late", list("2028-01-01"))
		change(t, s, p.ID, func(p *plans.Plan) { p.Installments[0].Status = plans.Failed })
		expect(t, "the last of five grace days", list("2026-11-28"))
		expect(t, "the day after", list("2026-11-29"), 1)
		change(t, s, p.ID, func(p *plans.Plan) { p.Charging = plans.ByHand })
		expect(t, "by hand", list("2026-12-31"), 1, 2)
		change(t, s, p.ID, func(p *plans.Plan) { p.Installments[0].Missed = true })
		expect(t, "the first is noted", list("2026-12-31"), 2)
		change(t, s, p.ID, func(p *plans.Plan) { p.Status, p.ResumeOn = plans.Paused, on("2027-01-04") })
		expect(t, "paused", list("2027-01-03"))
		expect(t, "the pause is over", list("2027-01-04"), 0)
	})
}

func TestPlansAreFoundBySetupAndMethod(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000, 10000)
		waits, runs := plan("1"), plan("2")
		waits.Status, runs.Debt.ID, runs.CreatedAt = plans.Awaiting, "dbt_2", noon.Add(time.Hour)
		agree(t, s, waits)
		agree(t, s, runs)
		if id, err := s.BySetup(t.Context(), "seti_2"); err != nil || id != runs.ID {
			t.Errorf("by setup: %s, %v", id, err)
		}
		if ids, err := s.ByMethod(t.Context(), "pm_1"); err != nil || !reflect.DeepEqual(ids, []plans.ID{waits.ID, runs.ID}) {
			t.Errorf("by method: %v, %v", ids, err)
		}
		change(t, s, runs.ID, func(p *plans.Plan) {
			p.Incoming = plans.Incoming{SetupID: "seti_new", Details: payments.Details{Type: payments.BankAccount, Brand: "Ally", Last4: "1111"}, SignedAt: noon}
		})
		if id, err := s.BySetup(t.Context(), "seti_new"); err != nil || id != runs.ID {
			t.Errorf("by the setup that is to come: %s, %v", id, err)
		}
		for _, c := range []struct {
			now  time.Time
			want []plans.ID
		}{{noon, []plans.ID{waits.ID, runs.ID}}, {noon.Add(59 * time.Minute), nil}, {noon.Add(time.Hour), []plans.ID{waits.ID, runs.ID}}} {
			if ids, err := s.ClaimVerifying(t.Context(), c.now, c.now.Add(-time.Hour), 9); err != nil || !reflect.DeepEqual(ids, c.want) {
				t.Errorf("to be verified at %s: %v, %v", c.now, ids, err)
			}
		}
		for _, nothing := range []string{"", "seti_9"} {
			if _, err := s.BySetup(t.Context(), nothing); !errors.Is(err, plans.ErrNotFound) {
				t.Errorf("setup %q: %v", nothing, err)
			}
			if _, err := s.ByNotice(t.Context(), nothing); !errors.Is(err, plans.ErrNotFound) {
				t.Errorf("notice %q: %v", nothing, err)
			}
			if ids, err := s.ByMethod(t.Context(), nothing); err != nil || len(ids) != 0 {
				t.Errorf("method %q: %v, %v", nothing, ids, err)
			}
		}
	})
}

// TestIE_F20_CardsThatEndSoonAreListedUntilThatIsTold asks about plans whose last
// installment is on December 23.
func TestIE_F20_CardsThatEndSoonAreListedUntilThatIsTold(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000)
		p := agree(t, s, plan("1"))
		with := func(expires, told string, also ...func(*plans.Plan)) {
			change(t, s, p.ID, func(p *plans.Plan) {
				p.Incoming, p.Charging, p.Status, p.Details.Expires, p.CardTold = plans.Incoming{}, plans.Automatic, plans.Active, expires, told
				for _, edit := range also {
					edit(p)
				}
			})
		}
		listed := func(about, from, to string, want int) {
			t.Helper()
			if ids, err := s.CardsEnding(t.Context(), on(from), on(to), 9); err != nil || len(ids) != want {
				t.Errorf("%s, from %s to %s: %v, %v", about, from, to, ids, err)
			}
		}
		with("2026-11", "")
		listed("its last day is not near", "2026-10-29", "2026-11-29", 0)
		listed("it is", "2026-10-30", "2026-11-30", 1)
		listed("today is its last day", "2026-11-30", "2026-12-31", 1)
		listed("it is past", "2026-12-01", "2027-01-01", 0)
		with("2026-11", "2026-11")
		listed("told", "2026-11-01", "2026-12-02", 0)
		with("2026-11", "2026-10")
		listed("told of the card before", "2026-11-01", "2026-12-02", 1)
		with("2026-12", "")
		listed("nothing is to be charged after it", "2026-12-01", "2027-01-01", 0)
		with("", "")
		listed("not known", "2026-11-01", "2026-12-02", 0)
		for about, edit := range map[string]func(*plans.Plan){
			"by hand":                  func(p *plans.Plan) { p.Charging = plans.ByHand },
			"stopped":                  func(p *plans.Plan) { p.Status = plans.Canceled },
			"paused":                   func(p *plans.Plan) { p.Status = plans.Paused },
			"another is being checked": func(p *plans.Plan) { p.Incoming.SetupID = "seti_2" },
			"all of it is paid": func(p *plans.Plan) {
				for n := range p.Installments {
					p.Installments[n].Status, p.Installments[n].Paid = plans.Paid, p.Installments[n].Amount
				}
			},
		} {
			with("2026-11", "", edit)
			listed(about, "2026-11-01", "2026-12-02", 0)
		}
	})
}

// TestDueChargesAreReadFromOneIndex asks each engine how it would pick a day's
// charges among many.
func TestDueChargesAreReadFromOneIndex(t *testing.T) {
	t.Parallel()
	const pick = `SELECT plan_id, number FROM plan_installments
		WHERE chargeable = 1 AND charge_at <= 1795000000000000 AND (leased_until IS NULL OR leased_until <= 1795000000000000)
		ORDER BY charge_at, plan_id, number LIMIT 50000`
	storetest.EachURL(t, func(t *testing.T, url string) {
		how := strings.Join(explained(t, url, pick), "\n")
		if !strings.Contains(how, "plan_installments_charges") || strings.Contains(strings.ToUpper(how), "SORT") || strings.Contains(how, "TEMP B-TREE") {
			t.Errorf("it would pick them so:\n%s", how)
		}
		if strings.HasPrefix(url, "sqlite:") && !strings.Contains(how, "USING COVERING INDEX") {
			t.Errorf("the table is read too:\n%s", how)
		}
	})
}

func explained(t *testing.T, url, query string) []string {
	t.Helper()
	if file, ok := strings.CutPrefix(url, "sqlite:"); ok {
		db, err := sql.Open("sqlite", "file:"+file)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		rows, err := db.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		var lines []string
		for rows.Next() {
			var id, parent, unused int
			var line string
			if err := rows.Scan(&id, &parent, &unused, &line); err != nil {
				t.Fatal(err)
			}
			lines = append(lines, line)
		}
		return lines
	}
	c, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.WithoutCancel(t.Context()))
	rows, err := c.Query(t.Context(), "EXPLAIN "+query)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return lines
}
