package main

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"quittance/payments"
	"quittance/plans"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/outbox"
	"quittance/portal/store/storetest"
)

// robin makes of the row of Pat Sample the row of another person who owes the same
// debt, under an account_ref of their own.
var robin = []string{"BK-1,", "BK-2,", "Pat,Sample", "Robin,Other", "1 Main St", "9 Elm St", "12207", "12208", "1980-03-27", "1982-05-05"}

const (
	patZIP, robinZIP = "12207", "12208"
	baseRow          = "F03-base.setup.csv"
)

// says sends a row of a day of November with a status: Pat's, or Robin's.
func (p *placing) says(who []string, day, status string) placed {
	p.t.Helper()
	return p.sends(baseRow, append([]string{"2026-11-28", "2026-11-" + day, ",active,", "," + status + ","}, who...)...)
}

// together places the debt of both and lets a person confirm that both owe it.
func together(t *testing.T, database string) (*placing, *agent) {
	t.Helper()
	p := places(t, database)
	desk := p.desk(identity.RoleCompliance)
	p.sends(baseRow)
	if a := p.sends(baseRow, robin...); a.Held != 1 {
		t.Fatalf("the second row: %d %s", a.status, a.body)
	}
	p.settles(desk, "BK-D1", "confirmed")
	if a := p.sends(baseRow, robin...); a.Updated != 1 || a.Held+a.Refused+a.Flagged != 0 {
		t.Fatalf("the second row, confirmed: %d %s", a.status, a.body)
	}
	return p, desk
}

// settles lets somebody decide on the row of a debt that waits.
func (p *placing) settles(desk *agent, debtRef, decision string) {
	p.t.Helper()
	desk.get("/console/rows")
	desk.decidesTask(p.taskOf(debtRef), decision)
}

// owes is the balance of a person's one debt as the API and their own page say it.
func (p *placing) owes(ref, zip, amount string) {
	p.t.Helper()
	if got := p.payable(ref).String(); got != amount {
		p.t.Errorf("%s may pay %s, not %s", ref, got, amount)
	}
	if page := p.page(ref, zip); !strings.Contains(page, amount) {
		p.t.Errorf("%s does not read %s:\n%s", ref, amount, page)
	}
}

// keepsFrom looks at all pages of a person for what is of the other.
func (p *placing) keepsFrom(ref, zip string, secrets ...string) {
	p.t.Helper()
	a := newAgent(p.t, p.URL)
	if !p.comes(a, p.code(ref), zip) {
		p.t.Fatalf("%s is not let in", ref)
	}
	_, st, err := p.FirstDebt(p.t.Context(), ref)
	if err != nil {
		p.t.Fatal(err)
	}
	of := string(st.Debt.ID)
	for _, path := range []string{"/account", "/debts/" + of, "/payments", "/payments/new", "/plans", "/plans/new?debt=" + of, "/account/records", "/messages", "/preferences"} {
		_, page := a.get(path)
		for _, secret := range secrets {
			if strings.Contains(page, secret) {
				p.t.Errorf("%s of %s tells %q", path, ref, secret)
			}
		}
	}
}

func TestDSC05_AMT07_F19_JointDebtorsAreHeldUntilAPersonConfirmsThemAndOweOnePayable(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		p := places(t, database)
		ctx, desk := t.Context(), p.desk(identity.RoleCompliance)
		p.sends(baseRow)
		for range 2 {
			if a := p.sends(baseRow, robin...); a.status != http.StatusOK || a.Held != 1 || a.New+a.Updated != 0 || !strings.Contains(a.body, `"joint"`) {
				t.Fatalf("the second row: %d %s", a.status, a.body)
			}
		}
		if _, found, err := p.Portal.Store.AccountByRef(ctx, "BK-2"); found || err != nil {
			t.Fatalf("an account was made before anybody confirmed: %v", err)
		}
		_, rows := desk.get("/console/rows")
		p.tells("the page of rows", rows, "BK-2", "The same debt is held under another account.", ">BK-1</a>", "Both owe this debt", "It is not the same debt")
		if strings.Contains(rows, "Robin") || strings.Count(rows, `value="confirmed"`) != 1 {
			t.Error("the page of rows repeats cells, or asks twice")
		}
		p.settles(desk, "BK-D1", "confirmed")
		p.sends(baseRow, robin...)
		p.owes("BK-1", patZIP, "$500.00")
		p.owes("BK-2", robinZIP, "$500.00")

		p.Clock.Move(time.Hour)
		paid, err := p.Pay(ctx, "BK-2", "Robin pays", 200_00, payments.Card, "pm_card_visa")
		if err != nil {
			t.Fatal(err)
		}
		p.owes("BK-1", patZIP, "$300.00")
		p.owes("BK-2", robinZIP, "$300.00")
		if _, err := p.Pay(ctx, "BK-1", "Pat pays too much", 300_01, payments.Card, "pm_card_visa"); err == nil {
			t.Error("more than is owed is taken")
		}
		pat, _, err := p.FirstDebt(ctx, "BK-1")
		if err != nil {
			t.Fatal(err)
		}
		told := p.told(t, debt.AccountID(paid.AccountID), outbox.PaymentConfirmed)
		if len(told) != 1 || told[0].AccountRef != "BK-2" || len(told[0].Payment.Allocations) != 1 || told[0].Payment.Allocations[0].DebtRef != "BK-D1" ||
			told[0].Payment.Allocations[0].BalanceAfterCents != 300_00 || len(p.told(t, pat, outbox.PaymentConfirmed)) != 0 {
			t.Errorf("the system of record is told %+v", told)
		}
		p.keepsFrom("BK-1", patZIP, "Robin", "Elm St", robinZIP, paid.Reference, string(paid.ID), "4242")
		p.keepsFrom("BK-2", robinZIP, "Pat", "Sample", "Main St", patZIP)
		a := newAgent(t, p.URL)
		if !p.comes(a, p.code("BK-1"), patZIP) {
			t.Fatal("Pat is not let in")
		}
		for _, path := range []string{"/payments/" + string(paid.ID), "/receipts/" + paid.Reference} {
			if status, _ := a.get(path); status != http.StatusNotFound {
				t.Errorf("%s of the other: %d", path, status)
			}
		}

		// What one leaves open at the processor is not the other's to pay meanwhile.
		page := openSteps[2]
		waiting := p.startOn(t, "BK-D1", page.method, 250_00)
		address := page.leave(t, p.rehearsal, waiting)
		if got := p.payable("BK-2"); got != 50_00 {
			t.Errorf("beside what the other left open %s may be paid", got)
		}
		p.keepsFrom("BK-2", robinZIP, waiting.Reference, string(waiting.ID), "Pat", "Sample")
		page.goOn(t, p.rehearsal, waiting, address)
		p.moves(t, 7)
		if now, err := p.Portal.Store.Payment(ctx, waiting.ID); err != nil || now.Status != payments.Confirmed {
			t.Fatalf("%s, %v", now.Status, err)
		}
		p.token = p.bearer(t, "", identity.PlacementsWrite, identity.CodesRead)
		p.owes("BK-1", patZIP, "$50.00")
		if _, err := p.Pay(ctx, "BK-2", "Robin pays the rest", 50_00, payments.Card, "pm_card_visa"); err != nil {
			t.Fatal(err)
		}
		for _, ref := range []string{"BK-1", "BK-2"} {
			if _, st, err := p.FirstDebt(ctx, ref); err != nil || st.Owed != 0 || st.Credit != 0 || p.payable(ref) != 0 {
				t.Errorf("%s: owed %s, credit %s, %v", ref, st.Owed, st.Credit, err)
			}
		}
		if err := p.Portal.Store.CheckLedger(ctx); err != nil {
			t.Error(err)
		}
	})
}

func TestVAL01_F19_ARowThatIsNotTheSameDebtIsPutAsideAndAskedOnce(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		p := places(t, database)
		desk := p.desk(identity.RoleCompliance)
		p.sends(baseRow)
		p.says(robin, "28", "bankruptcy")
		if got := p.counts("BK-1", "BK-D1"); got != "active under_review" {
			t.Errorf("what a row says that waits holds the debt: %s", got)
		}
		p.settles(desk, "BK-D1", "dropped")
		if got := p.counts("BK-1", "BK-D1"); got != "active" {
			t.Errorf("put aside: %s", got)
		}
		if a := p.says(robin, "28", "bankruptcy"); a.Held != 1 || p.counts("BK-1", "BK-D1") != "active" {
			t.Errorf("the same row again: %s", a.body)
		}
		if _, rows := desk.get("/console/rows"); strings.Contains(rows, "BK-D1") {
			t.Error("it is asked again")
		}
		if a := p.sends(baseRow, append(slices.Clone(robin), "CR-1", "CR-9")...); a.Held != 0 || a.status != http.StatusUnprocessableEntity {
			t.Errorf("of another creditor: %d %s", a.status, a.body)
		}
		if _, found, err := p.Portal.Store.AccountByRef(t.Context(), "BK-2"); found || err != nil {
			t.Errorf("an account was made: %v", err)
		}
	})
}

func TestSTS01_STS02_F19_AStatusOfOnePersonReachesTheOthersAsFarAsItIsTheirs(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		p := places(t, database)
		desk := p.desk(identity.RoleCompliance)
		for i, c := range []struct {
			name       string
			robinFirst bool // in the file, of the same instant
			pat, robin string
			forPat     string
			forRobin   string
		}{
			{"a recall is the debt's", false, "recalled", "active", "recalled", "active recalled"},
			{"a bankruptcy is a review to the other", true, "active", "bankruptcy", "active under_review", "bankruptcy"},
			{"of the first one too, whose row comes last", true, "bankruptcy", "active", "bankruptcy", "active under_review"},
			{"a death is that person's", false, "deceased", "active", "deceased", "active"},
			{"a wish about contact is that person's", false, "active", "cease", "active", "cease"},
			{"both", false, "bankruptcy", "disputed", "bankruptcy under_review", "disputed under_review"},
		} {
			ref := "J" + strconv.Itoa(i) + "-"
			pat := []string{"BK-", ref}
			other := append([]string{"BK-1,", ref + "2,", "BK-", ref}, robin[2:]...)
			p.sends(baseRow, pat...)
			p.sends(baseRow, other...)
			p.settles(desk, ref+"D1", "confirmed")
			p.sends(baseRow, other...)
			rows := []struct {
				who    []string
				status string
			}{{pat, c.pat}, {other, c.robin}}
			if c.robinFirst {
				slices.Reverse(rows)
			}
			for _, row := range rows {
				if a := p.says(row.who, "29", row.status); a.Updated != 1 {
					t.Errorf("%s: %s", c.name, a.body)
				}
			}
			if first, second := p.counts(ref+"1", ref+"D1"), p.counts(ref+"2", ref+"D1"); first != c.forPat || second != c.forRobin {
				t.Errorf("%s: %s; %s", c.name, first, second)
			}
			if page := p.page(ref+"2", robinZIP); c.pat == "recalled" && strings.Contains(page, "$500.00") {
				t.Errorf("Robin reads of a debt that was recalled:\n%s", page)
			}
			if c.robin == "bankruptcy" {
				if page := strings.ToLower(p.page(ref+"1", patZIP)); page == "" || strings.Contains(page, "bankruptcy") || strings.Contains(page, "$500.00") {
					t.Errorf("Pat reads of the other:\n%s", page)
				}
			}
		}
		// What was stricter of one stays as theirs until a person says so.
		p.says([]string{"BK-", "J1-"}, "30", "active")
		if a := p.says(append([]string{"BK-1,", "J1-2,", "BK-", "J1-"}, robin[2:]...), "30", "active"); !strings.Contains(a.body, `"waiting":1,`) {
			t.Error(a.body)
		}
		if first, second := p.counts("J1-1", "J1-D1"), p.counts("J1-2", "J1-D1"); first != "active under_review" || second != "active bankruptcy" {
			t.Errorf("less strict: %s; %s", first, second)
		}
		p.settles(desk, "J1-D1", "confirmed")
		if first, second := p.counts("J1-1", "J1-D1"), p.counts("J1-2", "J1-D1"); first != "active" || second != "active" {
			t.Errorf("confirmed: %s; %s", first, second)
		}
		if err := p.Portal.Store.CheckLedger(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// TestDIS02_G00_F19_WhatStopsADebtStopsWhatTheOtherHasOpen: a dispute of one rests
// the plan of the other, and takes back the payment that they left open.
func TestDIS02_G00_F19_WhatStopsADebtStopsWhatTheOtherHasOpen(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		p := places(t, database)
		ctx, desk := t.Context(), p.desk(identity.RoleCompliance)
		p.sends(baseRow)
		plan := p.byHand(t, "BK-D1", p.monthlyFrom(10, 50_00))
		p.sends(baseRow, robin...)
		p.settles(desk, "BK-D1", "confirmed")
		p.sends(baseRow, robin...)

		pat, st, err := p.FirstDebt(ctx, "BK-1")
		if err != nil {
			t.Fatal(err)
		}
		other, _, err := p.FirstDebt(ctx, "BK-2")
		if err != nil {
			t.Fatal(err)
		}
		a := newAgent(t, p.URL)
		if !p.comes(a, p.code("BK-2"), robinZIP) {
			t.Fatal("Robin is not let in")
		}
		if status, page := a.get("/debts/" + string(st.Debt.ID) + "/plan"); status != http.StatusOK || !strings.Contains(page, "We do not make plans for this debt on this site.") ||
			strings.Contains(page, string(plan.ID)) || strings.Contains(page, plan.Reference) {
			t.Errorf("the ways to pay over time: %d\n%s", status, page)
		}
		if status, page := a.get("/plans/" + string(plan.ID)); status != http.StatusNotFound || strings.Contains(page, plan.Reference) {
			t.Errorf("the plan of the other: %d", status)
		}
		if _, _, err := p.Portal.Plans.Begin(ctx, string(other), string(st.Debt.ID), p.monthlyFrom(10, 50_00)); err == nil {
			t.Error("a second plan begins on the debt")
		}
		if _, err := p.Pay(ctx, "BK-2", "Robin pays", 400_00, payments.Card, "pm_card_visa"); err != nil {
			t.Fatal(err)
		}
		if now := p.planNow(t, plan); now.Left() > 100_00 || now.Status != plans.Active {
			t.Errorf("the plan is %s and asks for %s", now.Status, now.Left())
		}

		page := openSteps[2]
		waiting, err := p.Portal.Payments.Start(ctx, payments.Request{AccountID: string(other), RequestKey: "Robin again", Method: page.method,
			Amounts: []payments.Amount{{DebtID: string(st.Debt.ID), Amount: 20_00}}})
		if err != nil {
			t.Fatal(err)
		}
		address := page.leave(t, p.rehearsal, waiting)
		if err := byDisputing(0)(ctx, p.rehearsal, pat, st.Debt.ID); err != nil {
			t.Fatal(err)
		}
		if got := p.counts("BK-2", "BK-D1"); got != "active under_review" {
			t.Errorf("to Robin the debt counts as %s", got)
		}
		p.runs(t, "payments")
		page.goOn(t, p.rehearsal, waiting, address)
		if now, err := p.Portal.Store.Payment(ctx, waiting.ID); err != nil || now.Status != payments.Canceled {
			t.Errorf("what Robin left open is %s, %v", now.Status, err)
		}
		if now := p.planNow(t, plan); now.Status == plans.Active {
			t.Errorf("the plan is %s", now.Status)
		}
	})
}

// TestVAL10_REC01_F19_EachPersonHasTheirOwnNoticeAndTheirOwnErasure: each is owed a
// notice, and what is erased of one leaves the other's.
func TestVAL10_REC01_F19_EachPersonHasTheirOwnNoticeAndTheirOwnErasure(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		p, _ := together(t, database)
		ctx := t.Context()
		ids := map[string]debt.AccountID{}
		for ref, zip := range map[string]string{"BK-1": patZIP, "BK-2": robinZIP} {
			p.page(ref, zip)
			id, _, err := p.FirstDebt(ctx, ref)
			if err != nil {
				t.Fatal(err)
			}
			ids[ref] = id
			if owed, err := p.Portal.Validation.OwedTo(ctx, id); err != nil || len(owed) != 1 {
				t.Errorf("%s is owed %d notices, %v", ref, len(owed), err)
			}
		}
		if _, err := p.Portal.Store.EraseAccount(ctx, string(ids["BK-1"]), p.Clock.Now()); err != nil {
			t.Fatal(err)
		}
		if page := p.page("BK-2", robinZIP); !strings.Contains(page, "City Gas") || !strings.Contains(page, "$500.00") {
			t.Errorf("after the other was erased:\n%s", page)
		}
		if _, st, err := p.FirstDebt(ctx, "BK-2"); err != nil || st.Debt.AccountNumberLast4 != "1234" {
			t.Errorf("the debt lost its words: %q, %v", st.Debt.AccountNumberLast4, err)
		}
		if _, err := p.Portal.Store.EraseAccount(ctx, string(ids["BK-2"]), p.Clock.Now()); err != nil {
			t.Fatal(err)
		}
		if _, st, err := p.FirstDebt(ctx, "BK-2"); err != nil || st.Debt.AccountNumberLast4 != "" {
			t.Errorf("after the last was erased: %q, %v", st.Debt.AccountNumberLast4, err)
		}
	})
}

// TestDIS02_F19_APlanRestsWhileTheOtherDisputes the debt that it pays off: whoever has
// it said nothing, and is asked for nothing.
func TestDIS02_F19_APlanRestsWhileTheOtherDisputes(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		p := places(t, database)
		desk := p.desk(identity.RoleCompliance)
		p.sends(baseRow)
		plan := p.byHand(t, "BK-D1", p.monthlyFrom(10, 50_00))
		p.sends(baseRow, robin...)
		p.settles(desk, "BK-D1", "confirmed")
		p.sends(baseRow, robin...)
		other, st, err := p.FirstDebt(t.Context(), "BK-2")
		if err != nil {
			t.Fatal(err)
		}
		if err := byDisputing(0)(t.Context(), p.rehearsal, other, st.Debt.ID); err != nil {
			t.Fatal(err)
		}
		if now := p.planNow(t, plan); now.Status == plans.Active {
			t.Errorf("the plan is %s", now.Status)
		}
	})
}
