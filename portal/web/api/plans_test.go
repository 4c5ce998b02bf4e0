package api_test

import (
	"strings"
	"testing"
	"time"

	"quittance/payments"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/plans/schedule"
	"quittance/portal/identity"
)

// agree makes an automatic plan on D-1 of creditor mercy.
func (p *plant) agree(t *testing.T) plans.ID {
	t.Helper()
	account, _, err := p.store.AccountByRef(t.Context(), "A-1")
	if err != nil {
		t.Fatal(err)
	}
	statements, err := p.store.AccountStatements(t.Context(), account.ID)
	if err != nil {
		t.Fatal(err)
	}
	made := plans.Plan{
		ID: plans.ID(p.id("pln")), Reference: p.id("PLN"), AccountID: string(account.ID), RequestKey: p.id("drf"), Kind: plans.Installments,
		Total: 10000, Rule: schedule.Rule{Rhythm: schedule.Monthly}, Charging: plans.Automatic, Details: payments.Details{Type: payments.BankAccount, Last4: "6789"},
		Terms: plans.DefaultTerms(), Status: plans.Paused, Reason: plans.StopPayment, Version: 1, Revision: 1, CreatedAt: p.Now(), ChangedAt: p.Now(),
		Installments: []plans.Installment{
			{Number: 1, Due: civil.Date{Year: 2026, Month: time.December, Day: 1}, Amount: 6000, Paid: 6000, Status: plans.Paid},
			{Number: 2, Due: civil.Date{Year: 2027, Month: time.January, Day: 4}, Amount: 4000, Paid: 500, Status: plans.Scheduled},
		},
	}
	for _, st := range statements {
		if st.Debt.Ref == "D-1" {
			made.Debt = plans.DebtRef{ID: string(st.Debt.ID), Ref: "D-1", CreditorRef: st.Debt.CreditorRef}
		}
	}
	if _, _, err := p.store.CreatePlan(t.Context(), made, plans.Agreement{PlanID: made.ID, Version: 1, Name: "Ana Ruiz", AgreedAt: p.Now()}); err != nil {
		t.Fatal(err)
	}
	return made.ID
}

func TestAPlanIsReadByIDAndByAccount(t *testing.T) {
	t.Parallel()
	p := setup(t)
	token := p.token(t, "")
	p.place(t, token)
	id := string(p.agree(t))
	one := p.ask(t, token, "GET", "/api/v1/plans/"+id, "")
	if one.status != 200 || one.field(t, "status") != "paused" || one.field(t, "reason") != "stop_payment" || one.field(t, "left_cents") != 3500.0 ||
		one.field(t, "paid_cents") != 6500.0 || one.field(t, "next_due") != "2027-01-04" || one.field(t, "next_amount_cents") != 3500.0 || one.field(t, "terms.id") != "default" {
		t.Errorf("%d %s", one.status, one.body)
	}
	if strings.Contains(one.body, "6789") {
		t.Errorf("the account at the bank is shown: %s", one.body)
	}
	all := p.ask(t, token, "GET", "/api/v1/accounts/A-1/plans", "")
	if all.status != 200 || all.field(t, "account_ref") != "A-1" || strings.Count(all.body, `"id":"pln_`) != 1 {
		t.Errorf("%d %s", all.status, all.body)
	}
	for _, path := range []string{"/api/v1/plans/pln_0", "/api/v1/plans/%ff", "/api/v1/accounts/A-9/plans", "/api/v1/accounts/%ff/plans"} {
		if a := p.ask(t, token, "GET", path, ""); a.status != 404 {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	if a := p.ask(t, p.token(t, "", identity.AccountsRead), "GET", "/api/v1/plans/"+id, ""); a.status != 403 {
		t.Errorf("without the scope: %d", a.status)
	}
}

func TestDSC06_ACreditorReadsPlansOnItsOwnDebtsOnly(t *testing.T) {
	t.Parallel()
	p := setup(t)
	p.place(t, p.token(t, ""))
	id := string(p.agree(t))
	mercy, north, nobody := p.token(t, "mercy"), p.token(t, "north"), p.token(t, "nobody")
	own := p.ask(t, mercy, "GET", "/api/v1/plans/"+id, "")
	if own.status != 200 || own.field(t, "debt_ref") != "D-1" || strings.Contains(own.body, "stop_payment") {
		t.Errorf("its own: %d %s", own.status, own.body)
	}
	if a := p.ask(t, north, "GET", "/api/v1/plans/"+id, ""); a.status != 404 {
		t.Errorf("another's: %d %s", a.status, a.body)
	}
	if a := p.ask(t, mercy, "GET", "/api/v1/accounts/A-1/plans", ""); a.status != 200 || !strings.Contains(a.body, id) || strings.Contains(a.body, "stop_payment") {
		t.Errorf("its own of the account: %d %s", a.status, a.body)
	}
	if a := p.ask(t, north, "GET", "/api/v1/accounts/A-1/plans", ""); a.status != 200 || strings.Contains(a.body, id) {
		t.Errorf("another's of the account: %d %s", a.status, a.body)
	}
	if a := p.ask(t, nobody, "GET", "/api/v1/accounts/A-1/plans", ""); a.status != 404 {
		t.Errorf("of an account without its debts: %d %s", a.status, a.body)
	}
}

const mercyTerms = `{"terms":[{"creditor_ref":"mercy","effective":"2026-12-01","min_amount_cents":5000,"rhythms":["monthly"],"retries":0,
	"settlements":[{"percent":60,"payments":3}]}]}`

func TestTermsAreSetOnceAndThenInVersions(t *testing.T) {
	t.Parallel()
	p := setup(t)
	token := p.token(t, "")
	for range 2 {
		a := p.ask(t, token, "PUT", "/api/v1/terms", mercyTerms)
		if a.status != 200 || !strings.Contains(a.body, `{"id":"creditor=mercy","version":1,"effective":"2026-12-01"}`) {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	if a := p.ask(t, token, "PUT", "/api/v1/terms", strings.Replace(mercyTerms, "5000", "4000", 1)); a.status != 200 || !strings.Contains(a.body, `"version":2`) {
		t.Errorf("%d %s", a.status, a.body)
	}
	if all, err := p.store.TermsFor(t.Context(), "mercy", "medical", "D-1"); err != nil || len(all) != 2 || all[1].MinAmount != 4000 {
		t.Errorf("held %+v, %v", all, err)
	}
	if a := p.ask(t, p.token(t, "mercy"), "PUT", "/api/v1/terms", mercyTerms); a.status != 403 {
		t.Errorf("a creditor's own token: %d %s", a.status, a.body)
	}
}

func TestAMT01_TermsThatSayMoreOrWrongThingsAreRefusedWithTheFieldsName(t *testing.T) {
	t.Parallel()
	p := setup(t)
	token := p.token(t, "")
	for change, location := range map[string]string{
		`"fee":500`: "body.terms[0].fee", `"interest_percent":5`: "body.terms[0].interest_percent", `"min_percent":0`: "body.terms[0].min_percent",
		`"min_percent":101`: "body.terms[0].min_percent", `"grace_days":1.5`: "body.terms[0].grace_days", `"until":"2026-11-30"`: "body.terms[0].until",
		`"break_after":-1`: "body.terms[0].break_after", `"debt_type":"gambling"`: "body.terms[0].debt_type",
	} {
		a := p.ask(t, token, "PUT", "/api/v1/terms", strings.Replace(mercyTerms, `"retries":0`, `"retries":0,`+change, 1))
		if a.status != 422 || !strings.Contains(a.body, location) {
			t.Errorf("%s: %d %s", change, a.status, a.body)
		}
	}
	for broken, location := range map[string]string{
		strings.Replace(mercyTerms, `"retries":0`, `"retries":3`, 1):    "body.terms[0].retries",
		strings.Replace(mercyTerms, `"monthly"`, `"daily"`, 1):          "body.terms[0].rhythms[0]",
		strings.Replace(mercyTerms, `"percent":60`, `"percent":0`, 1):   "body.terms[0].settlements[0].percent",
		strings.Replace(mercyTerms, `"2026-12-01"`, `"2026-02-30"`, 1):  "body.terms[0].effective",
		strings.Replace(mercyTerms, `"effective":"2026-12-01",`, ``, 1): "effective",
		`{"terms":[]}`: "body.terms", `{}`: "terms",
	} {
		if a := p.ask(t, token, "PUT", "/api/v1/terms", broken); a.status != 422 || !strings.Contains(a.body, location) {
			t.Errorf("%s: %d %s", broken, a.status, a.body)
		}
	}
	if all, err := p.store.Terms(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("something was kept: %+v, %v", all, err)
	}
}
