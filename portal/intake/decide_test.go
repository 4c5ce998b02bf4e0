package intake

import (
	"errors"
	"strings"
	"testing"
	"time"

	"quittance/payments/money"
	"quittance/portal/debt"
)

func TestTheSameFileTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	m := newMemory()
	im := importer(m)
	file := csvOf(placed(), placed("debt_ref", "D-2", "balance", "482.17"), placed("account_ref", "A-2", "debt_ref", "D-3"),
		placed("account_ref", "A-2", "debt_ref", "D-4"), placed("account_ref", "A-3", "debt_ref", "D-5"))
	report, lines := take(t, im, file)
	wantLines(t, lines, "new | new | new | new | new")
	if report.NewAccounts != 3 || len(m.accounts) != 3 {
		t.Errorf("%+v", report)
	}
	m.wantOwed(t, "D-1", 48217)
	before, saves := m.snapshot(), m.saves
	_, lines = take(t, im, file)
	wantLines(t, lines, "unchanged | unchanged | unchanged | unchanged | unchanged")
	if m.snapshot() != before || m.saves != saves {
		t.Error("something changed")
	}
}

func TestM3_AnOlderFileNeverOverwritesNewerKnowledge(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why, asOf, version, want string
	}{
		{"a lower version", "2026-11-22", "2", "older balance_version:older"},
		{"the same version and other content", "2026-11-22", "3", "older balance_version:same_age_differs"},
		{"an earlier day without a version", "2026-11-19", "", "older balance_as_of:older"},
		{"the same day without a version", "2026-11-20", "", "older balance_as_of:same_age_differs"},
		{"a later day without a version", "2026-11-21", "", "updated"},
		{"a higher version", "2026-11-20", "4", "updated"},
	} {
		m := newMemory()
		im := importer(m)
		take(t, im, csvOf(placed()))
		_, lines := take(t, im, csvOf(placed("balance", "0.00", "payments_credits", "512.17", "status", "paid", "last_name", "Cruz",
			"balance_as_of", c.asOf, "balance_version", c.version)))
		if got := outcomes(lines); got != c.want {
			t.Errorf("%s: %s, want %s", c.why, got, c.want)
		}
		want, name := money.Cents(48217), "Ruiz"
		if c.want == "updated" {
			want, name = 0, "Cruz"
		}
		m.wantOwed(t, "D-1", want)
		if got := m.accounts["A-1"].Consumer.LastName; got != name {
			t.Errorf("%s: the consumer is %s", c.why, got)
		}
	}
}

func TestM3_APaymentThatTheBooksDoNotContainYetStaysSubtracted(t *testing.T) {
	t.Parallel()
	asOf := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	for why, c := range map[string]struct {
		posted  time.Time
		balance string
		credits string
		want    money.Cents
	}{
		"not posted yet":               {time.Time{}, "482.17", "30.00", 38217},
		"posted after the snapshot":    {asOf.Add(time.Hour), "482.17", "30.00", 38217},
		"posted at the very instant":   {asOf, "482.17", "30.00", 38217},
		"posted before and contained":  {asOf.Add(-time.Hour), "382.17", "130.00", 38217},
		"a charge was added meanwhile": {asOf.Add(-time.Hour), "482.17", "30.00", 48217},
	} {
		m := newMemory()
		im := importer(m)
		take(t, im, csvOf(placed()))
		m.pay("D-1", 10000, c.posted)
		m.wantOwed(t, "D-1", 38217)
		newer := csvOf(placed("balance_as_of", "2026-11-21", "balance_version", "4", "balance", c.balance, "payments_credits", c.credits))
		_, lines := take(t, im, newer)
		wantLines(t, lines, "updated")
		if got := m.owed("D-1"); got != c.want {
			t.Errorf("%s: owed %v, want %v", why, got, c.want)
		}
		_, lines = take(t, im, newer)
		wantLines(t, lines, "unchanged")
		m.wantOwed(t, "D-1", c.want)
	}
}

func TestVAL02_AnItemizationDateInUseDoesNotChange(t *testing.T) {
	t.Parallel()
	for _, used := range []bool{false, true} {
		for column, v := range map[string]string{"itemization_type": "judgment", "itemization_date": "2026-02-01"} {
			m := newMemory()
			im := importer(m)
			take(t, im, csvOf(placed()))
			m.used["D-1"] = used
			_, lines := take(t, im, csvOf(placed(column, v, "balance_version", "4")))
			want := "updated"
			if used {
				want = "refused " + column + ":itemization_fixed"
			}
			wantLines(t, lines, want)
		}
	}
}

func TestADebtStaysWithItsAccountAndItsCreditor(t *testing.T) {
	t.Parallel()
	m := newMemory()
	im := importer(m)
	take(t, im, csvOf(placed()))
	before := m.snapshot()
	_, lines := take(t, im, csvOf(placed("account_ref", "A-2", "creditor_ref", "C-2", "balance_version", "9"), placed("creditor_ref", "C-2", "balance_version", "9")))
	wantLines(t, lines, "refused debt_ref:other_account | refused creditor_ref:other_creditor")
	if m.snapshot() != before {
		t.Error("something changed")
	}
}

func TestTheSameDebtTwiceInOneFileTakesTheNewerRow(t *testing.T) {
	t.Parallel()
	older := placed("balance_version", "3")
	newer := placed("balance_version", "4", "balance", "382.17", "payments_credits", "130.00", "last_name", "Cruz")
	for _, c := range []struct {
		file string
		want string
	}{
		{csvOf(older, newer), "new | updated"},
		{csvOf(newer, older), "new | older balance_version:older"},
		{csvOf(older, older), "new | unchanged"},
		{csvOf(older, placed("account_ref", "A-9", "debt_ref", "D-9"), placed("account_ref", "A-8", "debt_ref", "D-8"), newer), "new | new | new | updated"},
	} {
		m := newMemory()
		_, lines := take(t, importer(m), c.file)
		wantLines(t, lines, c.want)
		want := money.Cents(48217)
		if strings.Contains(c.file, "Cruz") {
			want = 38217
			if got := m.accounts["A-1"].Consumer.LastName; got != "Cruz" {
				t.Errorf("%s: the consumer is %s", c.want, got)
			}
		}
		m.wantOwed(t, "D-1", want)
	}
}

func TestAnOldDebtThatIsPlacedLateDoesNotChangeTheConsumer(t *testing.T) {
	t.Parallel()
	m := newMemory()
	im := importer(m)
	take(t, im, csvOf(placed()))
	report, lines := take(t, im, csvOf(placed("debt_ref", "D-2", "balance_as_of", "2026-03-01", "phone", "3025550199")))
	wantLines(t, lines, "new")
	if got := m.accounts["A-1"].Consumer.Phone; got != "+13025550123" || report.ChangedAccounts != 0 {
		t.Errorf("phone %s, %+v", got, report)
	}
	report, _ = take(t, im, csvOf(placed("debt_ref", "D-3", "balance_as_of", "2026-11-21", "phone", "3025550199")))
	if got := m.accounts["A-1"].Consumer.Phone; got != "+13025550199" || report.ChangedAccounts != 1 {
		t.Errorf("phone %s, %+v", got, report)
	}
}

func TestADebtOfNothingPostsNothing(t *testing.T) {
	t.Parallel()
	m := newMemory()
	take(t, importer(m), csvOf(placed("balance", "0.00", "payments_credits", "512.17", "status", "paid")))
	if len(m.transfers) != 0 || len(m.debts) != 1 {
		t.Errorf("%d transfers, %d debts", len(m.transfers), len(m.debts))
	}
}

// TestDecideIsMonotone applies two rows in both orders and asks for one end.
func TestDecideIsMonotone(t *testing.T) {
	t.Parallel()
	versions := []string{"", "1", "2"}
	days := []string{"2026-11-18", "2026-11-19", "2026-11-20"}
	for _, v1 := range versions {
		for _, v2 := range versions {
			if (v1 == "") != (v2 == "") {
				continue // a collector who mixes the two is compared by day
			}
			for _, d1 := range days {
				for _, d2 := range days {
					a := placed("balance_version", v1, "balance_as_of", d1)
					b := placed("balance_version", v2, "balance_as_of", d2, "balance", "382.17", "payments_credits", "130.00")
					ra, rb := debtOf(t, a), debtOf(t, b)
					if !ra.Snapshot.Newer(rb.Snapshot) && !rb.Snapshot.Newer(ra.Snapshot) {
						continue
					}
					m1, m2 := newMemory(), newMemory()
					take(t, importer(m1), csvOf(a, b))
					take(t, importer(m2), csvOf(b, a))
					if m1.owed("D-1") != m2.owed("D-1") || m1.debts["D-1"].Snapshot != m2.debts["D-1"].Snapshot {
						t.Errorf("%s/%s and %s/%s end differently", v1, d1, v2, d2)
					}
				}
			}
		}
	}
}

func debtOf(t *testing.T, row map[string]string) debt.Debt {
	t.Helper()
	r := record{number: 2}
	for name, v := range row {
		c := byName[name]
		r.values[c] = v
	}
	checkedRow, refusal := check(&r, noon)
	if refusal != nil {
		t.Fatal(refusal)
	}
	return checkedRow.Debt
}

func TestARefusalNamesItsSentences(t *testing.T) {
	t.Parallel()
	_, err := Decide(Known{Debt: &HeldDebt{AccountRef: "A-2"}}, Row{AccountRef: "A-1", Debt: debt.Debt{CreditorRef: "C-2"}}, noon)
	var refusal Refusal
	if !errors.As(err, &refusal) || !strings.Contains(err.Error(), "debt_ref") {
		t.Errorf("%v", err)
	}
}
