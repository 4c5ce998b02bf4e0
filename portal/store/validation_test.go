package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"quittance/frontend/locale"
	"quittance/frontend/modelform"
	"quittance/payments/money"
	"quittance/plans/civil"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/intake"
	"quittance/portal/represent"
	"quittance/portal/seal"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
	"quittance/portal/validation"
)

// clerk is package validation over a real database, with a mailroom and an alarm
// that only count.
type clerk struct {
	*validation.Service
	asked []string // debts whose notice is to be mailed
	told  []debt.ID
	now   time.Time
	ids   int
}

func (c *clerk) NoticeOwed(_ context.Context, st debt.Statement, due civil.Date) (string, error) {
	c.asked = append(c.asked, st.Debt.Ref+" by "+due.String())
	return "evt_" + st.Debt.Ref, nil
}

func (c *clerk) NoticeOverdue(_ context.Context, d validation.Duty) error {
	c.told = append(c.told, d.DebtID)
	return nil
}

func newClerk(t *testing.T, s *store.Store) *clerk {
	t.Helper()
	box, err := seal.New(map[byte][]byte{1: bytes.Repeat([]byte{7}, seal.KeySize)})
	if err != nil {
		t.Fatal(err)
	}
	book, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	c := &clerk{now: noon}
	c.Service = &validation.Service{
		Tx: s, Store: s, Duties: s, Accounts: s, Sealer: box, Mail: c, Alarm: c,
		Shown: func(_ debt.Account, _ []debt.Statement, st debt.Statement, _ represent.Role, _ time.Time) bool {
			return st.Debt.Status != debt.Bankruptcy
		},
		Words: []modelform.Words{book.Printer("en"), book.Printer("es")},
		Agency: func() modelform.Facts {
			return modelform.Facts{Collector: modelform.Party{Name: "Acme Services", Lines: []string{"1 Elm St", "Reno, NV 89501"}}, Phone: "775-555-0100", Site: "https://pay.example.com"}
		},
		Zone: time.UTC, Now: func() time.Time { return c.now },
		NewID: func(prefix string) string { c.ids++; return fmt.Sprintf("%s_%d", prefix, c.ids) },
	}
	return c
}

// latest is the notice of the debt that counts.
func (c *clerk) latest(t *testing.T) (validation.Notice, error) {
	all, err := c.Of(t.Context(), "acc_1")
	return validation.Latest(all, "dbt_1"), err
}

func dateOf(s string) civil.Date {
	d, err := civil.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

func mailed(day string) validation.Report {
	return validation.Report{DebtRef: "D-1", Provided: on(day), Via: validation.Mail, Source: validation.Reported}
}

func report(t *testing.T, c *clerk, r validation.Report) validation.Notice {
	t.Helper()
	n, added, err := c.Report(t.Context(), r)
	if err != nil || !added {
		t.Fatalf("report: %v, %v", added, err)
	}
	return n
}

// TestVAL05_ANoticeStaysAsItWasGiven: a later balance is another page's matter.
func TestVAL05_ANoticeStaysAsItWasGiven(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 50000)
		c := newClerk(t, s)
		given := report(t, c, mailed("2026-11-02"))
		if given.End != dateOf("2026-12-09") || len(given.Hash) != 64 {
			t.Fatalf("VAL-09: %+v", given)
		}
		before, err := c.Open(t.Context(), given)
		if err != nil || before.In("en").Total.Amount != 50000 || before.In("es").Language != "es" {
			t.Fatalf("kept %+v, %v", before, err)
		}
		later := owing(1, 1, 30000)
		later.Snapshot = debt.Snapshot{Balance: 30000, AsOf: noon, Version: 4}
		later.Itemization.Credits, later.Itemization.Amount = 20700, 50450
		later.CreditorName = "Another Name"
		save(t, s, intake.Batch{ChangedDebts: debts(later), At: noon.Add(time.Hour)})
		held, err := c.latest(t)
		if err != nil || held != given {
			t.Fatalf("held %+v, %v", held, err)
		}
		if after, err := c.Open(t.Context(), held); err != nil || !reflect.DeepEqual(after, before) {
			t.Errorf("it now says %+v, %v", after, err)
		}
	})
}

func TestVAL05_ANoticeIsOnlyAddedTo(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url)
		place(t, s, 50000)
		c := newClerk(t, s)
		must(t, c.Ask(t.Context(), report(t, c, mailed("2026-11-02")), "es"))
		for _, statement := range []string{
			`UPDATE validation_notices SET ends_on = '2026-12-01'`, `DELETE FROM validation_notices`,
			`UPDATE validation_requests SET language = 'en'`, `DELETE FROM validation_requests`,
		} {
			if err := tamper(t, url, statement); err == nil || !strings.Contains(err.Error(), "may only be added to") {
				t.Errorf("%s: %v", statement, err)
			}
		}
	})
}

func TestVAL02_ANoticeFixesTheItemizationDate(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url)
		place(t, s, 50000)
		report(t, newClerk(t, s), mailed("2026-11-02"))
		if err := tamper(t, url, `UPDATE debts SET itemization_date = '2025-03-01'`); err == nil {
			t.Error("another date was taken after the notice")
		}
		held, err := s.HeldPlacements(t.Context(), nil, []string{"D-1"})
		if err != nil || !held.Debts["D-1"].Used {
			t.Errorf("the import does not know: %v", err)
		}
	})
}

func TestVAL11_TheSameReportAgainIsTheSameNotice(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 50000)
		c := newClerk(t, s)
		first := report(t, c, mailed("2026-11-02"))
		again, added, err := c.Report(t.Context(), mailed("2026-11-02"))
		if err != nil || added || again != first {
			t.Errorf("again: %+v, %v, %v", again, added, err)
		}
		report(t, c, mailed("2026-11-06"))
		if n, _ := c.latest(t); n.End != dateOf("2026-12-16") {
			t.Errorf("mailed again, the period ends %s", n.End)
		}
	})
}

func TestVAL01_AReportThatCannotBeTrueIsRefused(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 50000)
		c := newClerk(t, s)
		for name, row := range map[string]struct {
			spoil func(*validation.Report)
			want  error
		}{
			"a day to come":          {func(r *validation.Report) { r.Provided = dateOf("2026-11-23") }, validation.ErrDay},
			"before the itemization": {func(r *validation.Report) { r.Provided = dateOf("2025-01-30") }, validation.ErrDay},
			"no day":                 {func(r *validation.Report) { r.Provided = civil.Date{} }, validation.ErrDay},
			"by the portal's page":   {func(r *validation.Report) { r.Via = "portal" }, validation.ErrMethod},
			"another date":           {func(r *validation.Report) { r.Itemized = dateOf("2025-02-01") }, validation.ErrItemized},
			"another kind of date":   {func(r *validation.Report) { r.ItemizationType = debt.Judgment }, validation.ErrItemized},
			"VAL-04 rows off by 1":   {func(r *validation.Report) { r.Rows = &modelform.Itemization{Owed: 50000, Now: 49999} }, validation.ErrSum},
			"VAL-12 without consent": {func(r *validation.Report) { r.Via = validation.ESign }, validation.ErrNoConsent},
			"a debt nobody placed":   {func(r *validation.Report) { r.DebtRef = "D-9" }, validation.ErrNotFound},
		} {
			r := mailed("2026-11-02")
			row.spoil(&r)
			if _, _, err := c.Report(t.Context(), r); !errors.Is(err, row.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		c.Agency = func() modelform.Facts { return modelform.Facts{} }
		var lacks *validation.IncompleteError
		if _, _, err := c.Report(t.Context(), mailed("2026-11-02")); !errors.As(err, &lacks) || lacks.Missing[0] != "collector" {
			t.Errorf("no collector: %v", err)
		}
		if all, err := c.Of(t.Context(), "acc_1"); err != nil || len(all) != 0 {
			t.Errorf("kept %v, %v", all, err)
		}
	})
}

// TestVAL10_AFirstViewAsksForANoticeWithinFiveDays and does so once; the third
// day tells somebody, and the mailed notice ends it.
func TestVAL10_AFirstViewAsksForANoticeWithinFiveDays(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 50000, 20000)
		c := newClerk(t, s)
		report(t, c, validation.Report{DebtRef: "D-2", Provided: dateOf("2026-11-02"), Via: validation.Mail, Source: validation.Reported})
		for range 2 {
			must(t, s.InTx(t.Context(), func(ctx context.Context) error { return c.Begin(ctx, "acc_1", "") }))
		}
		if !reflect.DeepEqual(c.asked, []string{"D-1 by 2026-11-27"}) {
			t.Fatalf("asked %v", c.asked)
		}
		if all, _ := c.Of(t.Context(), "acc_1"); len(all) != 1 {
			t.Errorf("VAL-11: the view itself counts as a notice: %v", all)
		}
		overdue(t, c, 3*24*time.Hour-time.Second, 0)
		overdue(t, c, 3*24*time.Hour, 1)
		overdue(t, c, 4*24*time.Hour, 0)
		if list, err := c.Owed(t.Context(), 10); err != nil || len(list) != 1 || list[0].Due != dateOf("2026-11-27") || len(c.told) != 1 {
			t.Fatalf("the queue holds %v, told %v, %v", list, c.told, err)
		}
		must(t, s.InTx(t.Context(), func(ctx context.Context) error { return c.Mailed(ctx, "evt_D-1", noon.AddDate(0, 0, 4)) }))
		n, err := c.latest(t)
		if err != nil || n.Provided != dateOf("2026-11-26") || n.Via != validation.Mail || n.Source != validation.Asked {
			t.Errorf("mailed: %+v, %v", n, err)
		}
		if list, _ := c.Owed(t.Context(), 10); len(list) != 0 {
			t.Errorf("still owed: %v", list)
		}
	})
}

func overdue(t *testing.T, c *clerk, after time.Duration, want int) {
	t.Helper()
	c.now = noon.Add(after)
	if n, err := c.Overdue(t.Context(), 10); err != nil || n != want {
		t.Errorf("after %s: told of %d, %v, want %d", after, n, err, want)
	}
}

func TestVAL10_NothingIsOwedOnADebtThatIsPaidOrNotShown(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url)
		place(t, s, 50000, 20000)
		c := newClerk(t, s)
		if err := tamper(t, url, `UPDATE debts SET status = 'bankruptcy' WHERE id = 'dbt_2'`); err != nil {
			t.Fatal(err)
		}
		must(t, s.InTx(t.Context(), func(ctx context.Context) error { return c.Begin(ctx, "acc_1", "") }))
		if len(c.asked) != 1 {
			t.Fatalf("asked %v", c.asked)
		}
		p := payment("a", money.Cents(50000))
		mustCreate(t, s, p)
		must(t, confirm(t.Context(), s, p.ID))
		overdue(t, c, 3*24*time.Hour, 1)
		if list, err := c.Owed(t.Context(), 10); err != nil || len(list) != 0 || len(c.told) != 0 {
			t.Errorf("of a paid debt: %v, told %v, %v", list, c.told, err)
		}
	})
}

// TestVAL12_AnElectronicNoticeNeedsAConsentThatStands: one given here counts as
// well as one that the agency names.
func TestVAL12_AnElectronicNoticeNeedsAConsentThatStands(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 50000)
		c := newClerk(t, s)
		var given []contact.Consent
		c.Consents = func(context.Context, debt.Account) ([]contact.Consent, error) { return given, nil }
		r := mailed("2026-11-06")
		r.Via = validation.ESign
		agreed := contact.Consent{Basis: contact.DirectConsent, TextVersion: validation.ElectronicText}
		for name, list := range map[string][]contact.Consent{
			"none": nil, "to other e-mails": {{Basis: contact.DirectConsent, TextVersion: "v1"}}, "taken back": {{Basis: contact.Withdrawn}, agreed},
		} {
			given = list
			if _, _, err := c.Report(t.Context(), r); !errors.Is(err, validation.ErrNoConsent) {
				t.Errorf("%s: %v", name, err)
			}
		}
		given = []contact.Consent{agreed}
		if n := report(t, c, r); n.Via != validation.ESign || n.End != dateOf("2026-12-16") {
			t.Errorf("%+v", n)
		}
	})
}

func TestTheBodyOfANoticeIsUnreadableWhileItIsStored(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 50000)
		c := newClerk(t, s)
		n := report(t, c, mailed("2026-11-02"))
		sealed, err := s.SealedNotice(t.Context(), n.ID)
		if err != nil || bytes.Contains(sealed, []byte("Ortiz")) || len(sealed) < 100 {
			t.Errorf("%d bytes, %v", len(sealed), err)
		}
		if _, err := s.SealedNotice(t.Context(), "vn_x"); !errors.Is(err, validation.ErrNotFound) {
			t.Errorf("another: %v", err)
		}
	})
}
