package store_test

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"quittance/payments/money"
	"quittance/plans"
	"quittance/portal/debt"
	"quittance/portal/intake"
	"quittance/portal/outbox"
	"quittance/portal/seal"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// dump is every row of every table as text, with bytes both raw and in hex.
func dump(t *testing.T, url string) string {
	t.Helper()
	return dumpTables(t, url, "accounts", "debts", "financial_statements", "events", "deliveries", "plan_agreements", "audit", "data_keys")
}

func dumpTables(t *testing.T, url string, tables ...string) string {
	t.Helper()
	t.Helper()
	var b strings.Builder
	write := func(table string, values []any) {
		for _, v := range values {
			if raw, ok := v.([]byte); ok {
				fmt.Fprintf(&b, "%s %x ", raw, raw)
				continue
			}
			fmt.Fprintf(&b, "%v ", v)
		}
		b.WriteString(table + "\n")
	}
	if path, lite := strings.CutPrefix(url, "sqlite:"); lite {
		db, err := sql.Open("sqlite", "file:"+path)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		eachTable(tables, func(table string) {
			rows, err := db.QueryContext(t.Context(), "SELECT * FROM "+table)
			if err != nil {
				t.Fatal(err)
			}
			defer rows.Close()
			columns, _ := rows.Columns()
			for rows.Next() {
				values, dest := make([]any, len(columns)), make([]any, len(columns))
				for i := range values {
					dest[i] = &values[i]
				}
				must(t, rows.Scan(dest...))
				write(table, values)
			}
		})
		return b.String()
	}
	c, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(t.Context())
	eachTable(tables, func(table string) {
		rows, err := c.Query(t.Context(), "SELECT * FROM "+table)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			values, err := rows.Values()
			must(t, err)
			write(table, values)
		}
	})
	return b.String()
}

func eachTable(tables []string, fn func(table string)) {
	for _, table := range tables {
		fn(table)
	}
}

// canaries are what must not be readable.
var canaries = []string{"Xanthippe", "Quetzalcoatl", "1971-02-03", "9876", "77 Canary Row", "Flat Zebra", "Birdsville", "90877",
	"2025550177", "canary@example.org", "canary_in_the_budget"}

func canary() debt.Account {
	a := account(1)
	a.Consumer = debt.Consumer{
		FirstName: "Xanthippe", LastName: "Quetzalcoatl", DateOfBirth: on("1971-02-03"), SSNLast4: "9876", Phone: "+12025550177",
		Email: "canary@example.org", Language: "en",
		Address: debt.Address{Line1: "77 Canary Row", Line2: "Flat Zebra", City: "Birdsville", State: "CA", PostalCode: "90877"},
	}
	return a
}

func TestSEC08_WhatIsPersonalStandsSealedInTheDatabase(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		s, a := storetest.Open(t, url), canary()
		save(t, s, intake.Batch{NewAccounts: []intake.NewAccount{newAccount(a)}, At: noon})
		_, err := s.AddStatement(t.Context(), plans.Statement{ID: "fst_1", AccountID: "acc_1", RequestKey: "k", At: noon, Budget: plans.Budget{
			Household: 2, Income: []plans.Line{{Kind: "canary_in_the_budget", Amount: money.Cents(431977)}},
		}})
		must(t, err)
		must(t, s.AppendEvent(t.Context(), outbox.Event{ID: "evt_1", Type: "x", OccurredAt: noon, Facts: []byte(`{"n":"canary_in_the_budget"}`)}))
		content := dump(t, url)
		if !strings.Contains(content, "acc_1") || !strings.Contains(content, "fst_1") {
			t.Fatal("the search is broken")
		}
		for _, c := range canaries {
			if strings.Contains(content, c) || strings.Contains(content, fmt.Sprintf("%x", c)) {
				t.Errorf("%q is readable", c)
			}
		}
		got, err := s.Account(t.Context(), "acc_1")
		if err != nil || got.Consumer != a.Consumer {
			t.Errorf("reads back as %+v, %v", got.Consumer, err)
		}
		if p, err := s.Person(t.Context(), "acc_1"); err != nil || p.PostalCode != "90877" || p.Phone != "+12025550177" || p.State != "CA" {
			t.Errorf("person %+v, %v", p, err)
		}
		if st, err := s.LatestStatement(t.Context(), "acc_1"); err != nil || st.Budget.Income[0].Kind != "canary_in_the_budget" {
			t.Errorf("statement %+v, %v", st, err)
		}
		if e, err := (store.History{Store: s}).Event(t.Context(), "evt_1"); err != nil || string(e.Facts) != `{"n":"canary_in_the_budget"}` {
			t.Errorf("event %s, %v", e.Facts, err)
		}
		a.Consumer.FirstName, a.Consumer.Phone = "Changed", "+12025550188"
		save(t, s, intake.Batch{ChangedAccounts: []debt.Account{a}, At: noon})
		if got, err := s.Account(t.Context(), "acc_1"); err != nil || got.Consumer != a.Consumer {
			t.Errorf("changed, reads back as %+v, %v", got.Consumer, err)
		}
		if st, err := s.LatestStatement(t.Context(), "acc_1"); err != nil || len(st.Budget.Income) != 1 {
			t.Errorf("the vault was lost: %+v, %v", st, err)
		}
	})
}

func TestSEC08_APersonIsFoundByWholeNameAndByPhoneAlone(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		save(t, s, intake.Batch{NewAccounts: []intake.NewAccount{newAccount(canary()), newAccount(account(2))}, At: noon})
		for query, want := range map[string]int{
			"xanthippe  QUETZALCOATL": 1, "(202) 555-0177": 1, "+1 202 555 0177": 1, "Ana Ortiz": 1, "Quetzalcoatl": 0, "": 0, "5550177": 0,
		} {
			found, err := s.FindAccounts(t.Context(), query, 10)
			if err != nil || len(found) != want {
				t.Errorf("%q: %d, %v", query, len(found), err)
			}
		}
	})
}

func TestSEC08_ASecretKeyIsChangedWithoutLosingAnything(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		open := func(keys ...byte) (*store.Store, error) {
			ring := make([][]byte, len(keys))
			for i, k := range keys {
				ring[i] = bytes.Repeat([]byte{k}, seal.KeySize)
			}
			box, err := seal.Ring(ring[0], ring[1:]...)
			must(t, err)
			s, err := store.Open(t.Context(), url, store.Options{Box: box})
			must(t, err)
			t.Cleanup(func() { _ = s.Close() })
			return s, s.Root(t.Context(), []byte("first"))
		}
		s, err := open(1)
		must(t, err)
		save(t, s, intake.Batch{NewAccounts: []intake.NewAccount{newAccount(canary()), newAccount(account(2))}, At: noon})
		key := s.Key("code-index")
		if _, err := open(2); !errors.Is(err, seal.ErrNotSealed) {
			t.Errorf("another key opens the database: %v", err)
		}
		both, err := open(2, 1)
		must(t, err)
		if got, err := both.Account(t.Context(), "acc_1"); err != nil || got.Consumer.FirstName != "Xanthippe" {
			t.Errorf("before it is sealed again: %v", err)
		}
		last, changed, err := both.Reseal(t.Context(), "", 10)
		if err != nil || changed != 2 || last != "acc_2" {
			t.Errorf("sealed again: %q, %d, %v", last, changed, err)
		}
		must(t, both.ResealRoot(t.Context()))
		if _, changed, err := both.Reseal(t.Context(), "", 10); changed != 0 || err != nil {
			t.Errorf("a second time: %d, %v", changed, err)
		}
		after, err := open(2)
		must(t, err)
		if got, err := after.Account(t.Context(), "acc_1"); err != nil || got.Consumer.FirstName != "Xanthippe" {
			t.Errorf("after: %+v, %v", got.Consumer, err)
		}
		if !bytes.Equal(key, after.Key("code-index")) {
			t.Error("reference codes would not be found any more")
		}
		if found, err := after.FindAccounts(t.Context(), "Ana Ortiz", 10); err != nil || len(found) != 1 {
			t.Errorf("by name: %d, %v", len(found), err)
		}
	})
}
