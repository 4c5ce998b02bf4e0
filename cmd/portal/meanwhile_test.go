package main

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans"
	"quittance/portal/debt"
	"quittance/portal/intake"
	"quittance/portal/store/storetest"
)

// gateway stops who comes to it inside their transaction until it is opened.
type gateway struct{ inside, opened chan struct{} }

func (g gateway) pass() error {
	select {
	case <-g.inside: // somebody was here before
	default:
		close(g.inside)
		<-g.opened
	}
	return nil
}

func (g gateway) DebtsPlaced(context.Context, intake.Placed) error { return g.pass() }
func (g gateway) PlanChanged(context.Context, plans.Change) error  { return g.pass() }
func (g gateway) PaymentChanged(_ context.Context, c payments.Change) error {
	if c.After.Status != payments.Submitting {
		return nil
	}
	return g.pass()
}

// meanwhile is a portal on which a file and a press on a page come at the very
// same moment.
type meanwhile struct {
	*placing
	database string
	account  debt.AccountID
	agent    *agent
}

// together lets first go on inside its transaction only once second waits for it
// at the database, or is done all the same, and waits for both. SQLite has one
// writer: there first need not wait.
func (m *meanwhile) together(g gateway, first, second func()) {
	m.t.Helper()
	done, over := make(chan struct{}), make(chan struct{})
	go func() { defer close(done); first() }()
	select {
	case <-g.inside:
	case <-done:
		m.t.Fatal("the first was done before anybody looked")
	}
	go func() { defer close(over); second() }()
	if strings.HasPrefix(m.database, "postgres") {
		conn, err := pgx.Connect(m.t.Context(), m.database)
		if err != nil {
			m.t.Fatal(err)
		}
		defer conn.Close(m.t.Context())
		for waits := false; !waits; {
			select {
			case <-over:
				waits = true
			default:
				if err := conn.QueryRow(m.t.Context(), `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')`).Scan(&waits); err != nil {
					m.t.Fatal(err)
				}
			}
		}
	}
	close(g.opened)
	<-done
	<-over
}

// bankrupt is the file: it says of another debt of the person what counts for all.
func (m *meanwhile) bankrupt(file []byte) {
	m.t.Helper()
	if _, err := m.Portal.Importer.Import(m.t.Context(), bytes.NewReader(file), intake.Options{}); err != nil {
		m.t.Error(err)
	}
}

func comeTogether(t *testing.T, database string) (*meanwhile, []byte) {
	t.Helper()
	m := &meanwhile{placing: places(t, database), database: database}
	file := m.fileOf(t, 2, map[string][]string{"A-1001-2": {"status", "bankruptcy"}})
	m.agent = newAgent(t, m.URL)
	if !m.comes(m.agent, m.code("A-1001"), "45501") {
		t.Fatal("Ana is not let in")
	}
	var err error
	if m.account, _, err = m.FirstDebt(t.Context(), "A-1001"); err != nil {
		t.Fatal(err)
	}
	return m, file
}

// TestSTS01_WHK06_NoPlanIsSignedAtTheMomentInWhichAFileClosesTheDebt lets both
// happen at once, whichever is first: afterwards no plan runs.
func TestSTS01_WHK06_NoPlanIsSignedAtTheMomentInWhichAFileClosesTheDebt(t *testing.T) {
	t.Parallel()
	for _, first := range []string{"the file", "the signature"} {
		t.Run(first, func(t *testing.T) {
			t.Parallel()
			storetest.EachURL(t, func(t *testing.T, database string) {
				m, file := comeTogether(t, database)
				ctx := t.Context()
				_, st, err := m.FirstDebt(ctx, "A-1001")
				if err != nil {
					t.Fatal(err)
				}
				draft, _, err := m.Portal.Plans.Begin(ctx, string(m.account), string(st.Debt.ID), m.monthlyFrom(10, 50_00))
				if err != nil {
					t.Fatal(err)
				}
				if _, err = m.Portal.Plans.Choose(ctx, string(m.account), draft.ID, plans.ByHand, "", ""); err != nil {
					t.Fatal(err)
				}
				sign := "/plans/new/" + draft.ID + "/sign"
				_, page := m.agent.get(sign)
				seen := seenField.FindStringSubmatch(page)
				if seen == nil {
					t.Fatal(page)
				}
				status := 0
				press := func() {
					status, page = m.agent.do(http.MethodPost, sign, url.Values{"seen": {seen[1]}, "agree": {"yes"}, "name": {"Ana Reyes"}})
				}
				g := gateway{make(chan struct{}), make(chan struct{})}
				if first == "the file" {
					m.Portal.Importer.Watchers = append(m.Portal.Importer.Watchers, g)
					m.together(g, func() { m.bankrupt(file) }, press)
				} else {
					m.Portal.Plans.Watchers = append(m.Portal.Plans.Watchers, g)
					m.together(g, press, func() { m.bankrupt(file) })
					if status != http.StatusSeeOther {
						t.Errorf("the plan was not signed: %d\n%s", status, page)
					}
				}
				all, err := m.Portal.Store.PlansOfAccount(ctx, string(m.account))
				if err != nil || len(all) != map[string]int{"the signature": 1}[first] {
					t.Fatalf("%d plans, %v", len(all), err)
				}
				for _, p := range all {
					if p.Status != plans.Canceled || p.Reason != "bankruptcy" {
						t.Errorf("a plan on a closed debt is %s because of %s", p.Status, p.Reason)
					}
				}
			})
		})
	}
}

// TestSTS01_AMT06_NothingIsPaidAtTheMomentInWhichAFileClosesTheDebt: after the file
// nothing is sent. What was sent before it counts where it cleared before it, and is
// held apart otherwise: the processor may answer on either side of the file.
func TestSTS01_AMT06_NothingIsPaidAtTheMomentInWhichAFileClosesTheDebt(t *testing.T) {
	t.Parallel()
	for _, first := range []string{"the file", "the payment"} {
		t.Run(first, func(t *testing.T) {
			t.Parallel()
			storetest.EachURL(t, func(t *testing.T, database string) {
				m, file := comeTogether(t, database)
				ctx := t.Context()
				_, st, err := m.FirstDebt(ctx, "A-1001")
				if err != nil {
					t.Fatal(err)
				}
				p, err := m.Portal.Payments.Start(ctx, payments.Request{
					AccountID: string(m.account), RequestKey: "key-1", Method: payments.Card, Amounts: []payments.Amount{{DebtID: string(st.Debt.ID), Amount: 20_00}},
				})
				if err != nil {
					t.Fatal(err)
				}
				token, err := m.Token(ctx, "pm_card_visa", false)
				if err != nil {
					t.Fatal(err)
				}
				if _, err = m.Portal.Payments.Choose(ctx, string(m.account), p.ID, token); err != nil {
					t.Fatal(err)
				}
				review := "/payments/" + string(p.ID) + "/review"
				_, page := m.agent.get(review)
				fields := url.Values{}
				if seen := seenField.FindStringSubmatch(page); seen != nil {
					fields.Set("seen", seen[1])
				}
				press := func() { m.agent.do(http.MethodPost, review, fields) }
				g := gateway{make(chan struct{}), make(chan struct{})}
				var sent money.Cents
				if first == "the file" {
					m.Portal.Importer.Watchers = append(m.Portal.Importer.Watchers, g)
					m.together(g, func() { m.bankrupt(file) }, press)
				} else {
					sent = 20_00
					m.Portal.Payments.Watchers = append(m.Portal.Payments.Watchers, g)
					m.together(g, press, func() { m.bankrupt(file) })
				}
				if err := m.Settle(ctx); err != nil {
					t.Fatal(err)
				}
				_, now, err := m.FirstDebt(ctx, "A-1001")
				if kept := st.Owed - now.Owed + now.Held; err != nil || kept != sent || now.Pending != 0 {
					t.Errorf("owed %s of %s, held %s, pending %s, %v", now.Owed, st.Owed, now.Held, now.Pending, err)
				}
			})
		})
	}
}
