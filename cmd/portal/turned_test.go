package main

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"quittance/cmd/demo"
	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/plans/schedule"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/letter"
	"quittance/portal/outbox"
	"quittance/portal/pack"
	"quittance/portal/pack/packtest"
	"quittance/portal/store/storetest"
	"quittance/portal/validation"
)

// filed sends a file of a version with the row of one debt of the samples, in
// which pairs of a column and a value are set. "owed" is the balance, with the
// credits that it takes.
func (r *rehearsal) filed(t *testing.T, version int, debtRef string, set ...string) string {
	t.Helper()
	return r.files(t, version, map[string][]string{debtRef: set})
}

// files sends a file with the rows of several debts, and returns the answer.
func (r *rehearsal) files(t *testing.T, version int, rows map[string][]string) string {
	t.Helper()
	status, said := r.call(t, r.bearer(t, "", identity.PlacementsWrite), http.MethodPost, "/api/v1/placements", "text/csv", r.fileOf(t, version, rows))
	if status != http.StatusOK || !strings.Contains(said, `"refused":0,`) {
		t.Fatal(status, said)
	}
	return said
}

// fileOf writes such a file.
func (r *rehearsal) fileOf(t *testing.T, version int, rows map[string][]string) []byte {
	t.Helper()
	all, err := csv.NewReader(bytes.NewReader(demo.Placements(r.People, r.Clock.Now()))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	header := all[0]
	file := [][]string{header}
	for _, row := range all[1:] {
		at := func(column string) *string { return &row[slices.Index(header, column)] }
		set, named := rows[*at("debt_ref")]
		if !named {
			continue
		}
		*at("balance_version") = strconv.Itoa(version)
		if account, of, err := r.Portal.Store.DebtByRef(t.Context(), *at("debt_ref")); err == nil {
			*at("itemization_date") = r.statement(t, account, of).Debt.Itemization.Date.String() // it is fixed (VAL-02)
		}
		for i := 0; i < len(set); i += 2 {
			if set[i] != "owed" {
				*at(set[i]) = set[i+1]
				continue
			}
			*at("payments_credits") = (cents(t, *at("itemization_amount")) + cents(t, *at("interest_added")) + cents(t, *at("fees_added")) - cents(t, set[i+1])).Decimal()
			*at("balance") = set[i+1]
		}
		file = append(file, row)
	}
	var text bytes.Buffer
	if err := csv.NewWriter(&text).WriteAll(file); err != nil || len(file) != len(rows)+1 {
		t.Fatal(len(file), err)
	}
	return text.Bytes()
}

func cents(t *testing.T, decimal string) money.Cents {
	t.Helper()
	c, err := money.Parse(decimal)
	if err != nil {
		t.Fatal(decimal, err)
	}
	return c
}

func (r *rehearsal) statement(t *testing.T, account debt.AccountID, of debt.ID) debt.Statement {
	t.Helper()
	all, err := r.Portal.Store.AccountStatements(t.Context(), account)
	i := slices.IndexFunc(all, func(st debt.Statement) bool { return st.Debt.ID == of })
	if err != nil || i < 0 {
		t.Fatal(of, err)
	}
	return all[i]
}

func agreed(words string) payments.Consent {
	return payments.Consent{Text: words, SessionID: "ses_sample", IP: "203.0.113.9", UserAgent: "rehearsal", Language: "en"}
}

// byHand makes a plan on a debt that the person pays themselves.
func (r *rehearsal) byHand(t *testing.T, debtRef string, w plans.Wish) plans.Plan {
	t.Helper()
	ctx := t.Context()
	account, of, err := r.Portal.Store.DebtByRef(ctx, debtRef)
	if err != nil {
		t.Fatal(err)
	}
	draft, _, err := r.Portal.Plans.Begin(ctx, string(account), string(of), w)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = r.Portal.Plans.Choose(ctx, string(account), draft.ID, plans.ByHand, "", ""); err != nil {
		t.Fatal(err)
	}
	p, err := r.Portal.Plans.Enroll(ctx, string(account), draft.ID, "Pat Sample", agreed("I pay each amount myself."))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (r *rehearsal) planNow(t *testing.T, p plans.Plan) plans.Plan {
	t.Helper()
	now, err := r.Portal.Store.Plan(t.Context(), p.ID)
	if err != nil {
		t.Fatal(err)
	}
	return now
}

// monthlyFrom wishes for monthly installments of an amount.
func (r *rehearsal) monthlyFrom(days int, each money.Cents) plans.Wish {
	return plans.Wish{Kind: plans.Installments, Each: each, Rule: schedule.Rule{Rhythm: schedule.Monthly, First: civil.Of(r.Clock.Now()).AddDays(days)}}
}

// TestWHK06_F2_ARecallByFileEndsAPlanAndABankruptcyAllOfThem places what the
// system of record knows, and looks at plans of all kinds before anything else
// happens, and two months later.
func TestWHK06_F2_ARecallByFileEndsAPlanAndABankruptcyAllOfThem(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		recalled := r.byHand(t, "A-1002-1", r.monthlyFrom(10, 50_00))
		paid, _ := r.signUp(t, "A-1007", payments.Card, "pm_card_visa", r.monthlyFrom(10, 50_00))
		first, second := r.byHand(t, "A-1001-1", r.monthlyFrom(10, 50_00)), r.byHand(t, "A-1001-2", r.monthlyFrom(10, 50_00))
		disputed := r.byHand(t, "A-1008-1", r.monthlyFrom(10, 50_00))
		r.filed(t, 2, "A-1002-1", "status", "recalled")
		r.filed(t, 2, "A-1007-1", "status", "paid")
		r.filed(t, 2, "A-1001-2", "status", "bankruptcy") // on one debt; it is the person's
		r.filed(t, 2, "A-1008-1", "status", "disputed")
		for about, c := range map[string]struct {
			plan   plans.Plan
			status plans.Status
			reason plans.Reason
			told   outbox.Type
		}{
			"recalled": {recalled, plans.Canceled, "recalled", outbox.PlanCancelled}, "paid": {paid, plans.Canceled, "paid", outbox.PlanCancelled},
			"bankruptcy of another debt": {first, plans.Canceled, "bankruptcy", outbox.PlanCancelled}, "bankruptcy": {second, plans.Canceled, "bankruptcy", outbox.PlanCancelled},
			"disputed": {disputed, plans.Paused, "disputed", outbox.PlanPaused},
		} {
			if p := r.planNow(t, c.plan); p.Status != c.status || p.Reason != c.reason {
				t.Errorf("%s: the plan is %s because of %s", about, p.Status, p.Reason)
			}
			told := r.told(t, debt.AccountID(c.plan.AccountID), c.told)
			if !slices.ContainsFunc(told, func(d outbox.Data) bool { return d.Plan.ID == string(c.plan.ID) }) {
				t.Errorf("%s: no %s was told", about, c.told)
			}
		}
		if err := r.MoveDays(t.Context(), 60); err != nil {
			t.Fatal(err)
		}
		for _, p := range []plans.Plan{recalled, paid, first, second, disputed} {
			if told := r.told(t, debt.AccountID(p.AccountID), outbox.PlanBroken); len(told) > 0 {
				t.Errorf("%s was told as broken", p.ID)
			}
			if now := r.planNow(t, p); now.PaidSoFar() != 0 || now.Status == plans.Broken {
				t.Errorf("%s is %s with %s paid", p.ID, now.Status, now.PaidSoFar())
			}
		}
	})
}

// TestWHK06_F11_NoPlanAsksForMoreThanIsOwed lowers balances by file: plans by
// hand and automatic ones fall to what is owed, from their end; a deal to pay
// less keeps its amounts as long as that much is owed, and ends with the debt.
func TestWHK06_F11_NoPlanAsksForMoreThanIsOwed(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		ctx := t.Context()
		terms := plans.DefaultTerms()
		terms.ID, terms.Scope, terms.Effective = "tri-county", plans.Scope{CreditorRef: "C-108"}, civil.Of(r.Clock.Now()).AddDays(-10)
		terms.Settlements = []plans.SettlementFloor{{MinAgeDays: 30, Percent: 60, Payments: 2, ValidDays: 30}}
		if err := r.Portal.Store.AddTerms(ctx, []plans.Terms{terms}, r.Clock.Now()); err != nil {
			t.Fatal(err)
		}
		hand := r.byHand(t, "A-1007-1", r.monthlyFrom(10, 50_00))                                            // of 231.40
		charged, _ := r.signUp(t, "A-1002", payments.Card, "pm_card_visa", r.monthlyFrom(20, 100_00))        // of 482.17
		deal := r.byHand(t, "A-1008-1", plans.Wish{Kind: plans.Settlement, Rule: schedule.Rule{}, Count: 2}) // 105.60 of 176.00
		if _, err := r.Pay(ctx, "A-1007", "key-1", 50_00, payments.Card, "pm_card_visa"); err != nil {
			t.Fatal(err)
		}
		r.filed(t, 2, "A-1007-1", "owed", "120.00") // 120.00, less the 50.00 it does not know of
		r.filed(t, 2, "A-1002-1", "owed", "150.00") // 150.00
		r.filed(t, 2, "A-1008-1", "owed", "116.00") // 116.00
		for about, c := range map[string]struct {
			plan                  plans.Plan
			left, total, forgiven money.Cents
		}{"by hand": {hand, 70_00, 120_00, 0}, "automatic": {charged, 150_00, 150_00, 0}, "a deal": {deal, 105_60, 105_60, 10_40}} {
			p := r.planNow(t, c.plan)
			if p.Status != plans.Active || p.Left() != c.left || p.Total != c.total || p.Forgiven != c.forgiven {
				t.Errorf("%s: %s, %s left of %s, %s let go", about, p.Status, p.Left(), p.Total, p.Forgiven)
			}
			if told := r.told(t, debt.AccountID(p.AccountID), outbox.PlanChanged); len(told) == 0 || told[len(told)-1].Plan.LeftCents != c.left || told[len(told)-1].Plan.Why != string(plans.BalanceFell) {
				t.Errorf("%s: told %+v", about, told)
			}
		}
		if due := r.planNow(t, charged).Installments; due[0].Amount != 100_00 || due[1].Amount != 50_00 || due[2].Status != plans.Dropped {
			t.Errorf("cut from the wrong end: %+v", due)
		}
		r.filed(t, 3, "A-1008-1", "owed", "76.00") // 76.00: less than was agreed on
		if p := r.planNow(t, deal); p.Left() != 76_00 || p.Forgiven != 0 {
			t.Errorf("a deal about less: %s left, %s let go", p.Left(), p.Forgiven)
		}
		r.filed(t, 4, "A-1008-1", "owed", "0.00")
		r.filed(t, 3, "A-1007-1", "owed", "0.00")
		if p := r.planNow(t, deal); p.Status != plans.Canceled || p.Reason != plans.DebtGone || p.Left() != 0 {
			t.Errorf("a deal about nothing: %s because of %s, %s left", p.Status, p.Reason, p.Left())
		}
		if p := r.planNow(t, hand); p.Status != plans.Completed || p.Reason != plans.DebtGone || p.Left() != 0 {
			t.Errorf("a plan about nothing: %s because of %s, %s left", p.Status, p.Reason, p.Left())
		}
	})
}

// TestSTS01_F2_ABankruptcyByFileEndsTheLinks sends a link and then a file.
func TestSTS01_F2_ABankruptcyByFileEndsTheLinks(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		account, sent := r.linked(t, "A-1002")
		other, stays := r.linked(t, "A-1007")
		r.filed(t, 2, "A-1002-1", "status", "bankruptcy")
		for id, want := range map[debt.AccountID]bool{account.ID: true, other.ID: false} {
			links, err := r.Portal.Store.LinksOf(t.Context(), id)
			if err != nil || len(links) != 1 || links[0].EndedAt.IsZero() == want {
				t.Errorf("%s: %+v, %v", id, links, err)
			}
		}
		if sent.Link.ID == stays.Link.ID || sent.Link.ExpiresAt.Before(r.Clock.Now().Add(time.Minute)) {
			t.Error("the links are not two, or would have ended anyway")
		}
	})
}

// TestVAL10_F2_ARecallByFileEndsTheDutyToMailANotice looks at a debt of which no
// notice is known, and lets the creditor take it back and place it again.
func TestVAL10_F2_ARecallByFileEndsTheDutyToMailANotice(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		account, _, err := r.Portal.Store.AccountByRef(t.Context(), "A-1005")
		if err != nil {
			t.Fatal(err)
		}
		owed := func(about string, want int) {
			t.Helper()
			if duties, err := r.Portal.Validation.OwedTo(t.Context(), account.ID); err != nil || len(duties) != want {
				t.Errorf("%s: %+v, %v", about, duties, err)
			}
			if told := r.told(t, account.ID, outbox.NoticeMailRequired); about == "placed again" && len(told) != 2 {
				t.Errorf("%s: asked for %d notices", about, len(told))
			}
		}
		r.visitor(t, "A-1005")
		owed("after the first look", 1)
		r.filed(t, 2, "A-1005-1", "status", "recalled")
		owed("recalled", 0)
		r.filed(t, 3, "A-1005-1", "status", "active")
		p := &placing{locked: &locked{rehearsal: r, t: t}}
		p.desk(identity.RoleCompliance).decides("confirmed")
		r.visitor(t, "A-1005")
		owed("placed again", 1)
	})
}

// TestSTS01_F2_NoLetterIsMailedToWhoIsBankruptByNow agrees to a plan whose
// confirmation waits as an e-mail, and lets a file come before it leaves.
func TestSTS01_F2_NoLetterIsMailedToWhoIsBankruptByNow(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		ctx := t.Context()
		for n, status := range []debt.Status{debt.Bankruptcy, debt.Active} {
			ref := []string{"A-1007", "A-1008"}[n]
			account, _, err := r.Portal.Store.AccountByRef(ctx, ref)
			if err != nil {
				t.Fatal(err)
			}
			r.Portal.Papers.Law = packtest.With(account.Consumer.Address.State, pack.Rule{
				Trigger: pack.Plan, Effect: pack.RequireDocument, Value: pack.Value{Document: string(letter.Confirmation), Days: 5},
			})
			if err := r.Portal.Contacts.Record(ctx, contact.Consent{
				AccountID: account.ID, Channel: contact.Email, Basis: contact.DirectConsent, RecordedBy: "consumer", TextVersion: validation.ElectronicText,
			}, contact.EmailAddress(account.Consumer.Email)); err != nil {
				t.Fatal(err)
			}
			r.byHand(t, ref+"-1", r.monthlyFrom(20, 50_00))
			if status == debt.Active { // the address ended meanwhile: this letter goes by mail
				book := r.Portal.Contacts
				if err := book.Suppress(ctx, account.ID, contact.Email, book.Hash(contact.Email, contact.EmailAddress(account.Consumer.Email)), contact.OptedOut); err != nil {
					t.Fatal(err)
				}
			}
			r.filed(t, 2, ref+"-1", "status", string(status))
			if err := r.MoveDays(ctx, 1); err != nil {
				t.Fatal(err)
			}
			all, err := r.Portal.Papers.Of(ctx, account.ID)
			want := map[debt.Status]letter.State{debt.Bankruptcy: letter.Over, debt.Active: letter.Mail}[status]
			if err != nil || len(all) != 1 || all[0].State != want {
				t.Errorf("%s: %+v, %v", status, all, err)
			}
			if asked := r.told(t, account.ID, outbox.NoticeMailRequired); len(asked) != n {
				t.Errorf("%s: the system of record was asked for %d letters", status, len(asked))
			}
		}
	})
}
