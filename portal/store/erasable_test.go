package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"quittance/payments"
	claims "quittance/portal/claim"
	"quittance/portal/contact"
	"quittance/portal/intake"
	"quittance/portal/seal"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
	"quittance/portal/validation"
)

// spoken are words that a person said, each in another place.
var spoken = []string{"canary_in_a_notice", "canary_in_a_claim", "canary_in_a_wish", "canary_of_a_signer", "203.0.113.77", "canary_browser", "canary_mandate",
	"canary_of_care", "4477"}

// speak lets a person be heard in every place whose rows stay when a person is
// erased.
func speak(t *testing.T, s *store.Store) {
	t.Helper()
	save(t, s, intake.Batch{NewAccounts: []intake.NewAccount{newAccount(canary())}, At: noon})
	d := owing(1, 1, 50000)
	d.Description, d.AccountNumberLast4 = "canary_of_care", "4477"
	save(t, s, intake.Batch{NewDebts: debts(d), At: noon})
	day := on("2026-11-02")
	added, err := s.AddNotice(t.Context(), validation.Notice{ID: "vn_1", AccountID: "acc_1", DebtID: "dbt_1", Provided: day, Receipt: day, End: day,
		Via: "mail", Source: "portal", Type: "charge_off", Itemized: day, Hash: strings.Repeat("a", 64), At: noon}, []byte("canary_in_a_notice"))
	must(t, err)
	if !added {
		t.Fatal("the notice was not kept")
	}
	must(t, s.AddClaim(t.Context(), claims.Claim{ID: "clm_1", Reference: "CLM-1", AccountID: "acc_1", Kind: "attorney", State: "claimed", CreatedAt: noon}))
	must(t, s.AddReport(t.Context(), claims.Report{ID: "clr_1", ClaimID: "clm_1", At: noon, By: "session:ses_1", Sealed: []byte("canary_in_a_claim")}))
	must(t, s.AddWish(t.Context(), contact.Wish{ID: "wsh_1", AccountID: "acc_1", At: noon, RecordedBy: "consumer", OwnWords: []byte("canary_in_a_wish")}))
	pay, run := payment("1", 100), plan("1")
	pay.Consent = payments.Consent{Text: "canary_mandate", IP: "203.0.113.77", UserAgent: "canary_browser"}
	mustCreate(t, s, pay)
	paper := signature(run)
	paper.Name, paper.Consent = "canary_of_a_signer", pay.Consent
	if _, created, err := s.CreatePlan(t.Context(), run, paper); err != nil || !created {
		t.Fatalf("the plan was not kept: %v", err)
	}
}

// saidBy reads back what was said.
func saidBy(t *testing.T, s *store.Store) string {
	t.Helper()
	notice, err := s.SealedNotice(t.Context(), "vn_1")
	if err != nil && !errors.Is(err, validation.ErrNotFound) {
		t.Fatal(err)
	}
	reports, err := s.Reports(t.Context(), "clm_1")
	must(t, err)
	wish, err := s.Wish(t.Context(), "acc_1")
	must(t, err)
	p, err := s.Payment(t.Context(), "pay_1")
	must(t, err)
	papers, err := s.Agreements(t.Context(), "pln_1")
	must(t, err)
	st, said := statement(t, s).Debt, papers[0].Consent
	return strings.Join([]string{string(notice), string(reports[0].Sealed), string(wish.OwnWords), p.Consent.IP, p.Consent.UserAgent, p.Consent.Text,
		papers[0].Name, said.IP, said.UserAgent, said.Text, st.Description, st.AccountNumberLast4}, " ")
}

var speaking = []string{"validation_notices", "claim_reports", "contact_wishes", "plan_agreements", "payments", "debts"}

// readable finds what was said in the rows, where it never may stand, and reads
// it back.
func readable(t *testing.T, s *store.Store, url, when string, want bool) {
	t.Helper()
	content, said := dumpTables(t, url, speaking...), saidBy(t, s)
	for _, c := range spoken {
		if strings.Contains(content, c) || strings.Contains(content, fmt.Sprintf("%x", c)) {
			t.Errorf("%s, %q stands readable", when, c)
		}
		if strings.Contains(said, c) != want {
			t.Errorf("%s, %q is read back: %v", when, c, !want)
		}
	}
}

func TestREC01_SEC08_WhatAPersonSaidGoesWithTheKeyOfTheirAccount(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url)
		speak(t, s)
		readable(t, s, url, "as written", true)
		for _, statement := range []string{
			`UPDATE claim_reports SET door = 'link'`, `UPDATE contact_wishes SET no_sms = 1`, `UPDATE plan_agreements SET lines = '[]'`,
			`UPDATE plan_agreements SET name = ''`, `UPDATE plan_agreements SET consent_ip = '~'`, `UPDATE claim_reports SET sealed = CAST(id AS BLOB)`,
			`DELETE FROM claim_reports`, `DELETE FROM contact_wishes`, `DELETE FROM plan_agreements`,
		} {
			if s.Engine() == "postgres" {
				statement = strings.Replace(statement, "CAST(id AS BLOB)", "id::bytea", 1)
			}
			if err := tamper(t, url, statement); err == nil || !strings.Contains(err.Error(), "may only be added to") {
				t.Errorf("%s: %v", statement, err)
			}
		}
		_, err := s.EraseAccount(t.Context(), "acc_1", noon)
		must(t, err)
		readable(t, s, url, "erased", false)
		must(t, s.CheckGuards(t.Context()))
	})
}

func TestREC01_WithoutTheKeyOfAnAccountNothingOfItOpens(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url)
		speak(t, s)
		must(t, tamper(t, url, `UPDATE accounts SET vault = `+map[string]string{"sqlite": "x''", "postgres": "''"}[s.Engine()]))
		said := saidBy(t, s)
		for _, c := range spoken[:4] {
			if strings.Contains(said, c) {
				t.Errorf("%q opens without it", c)
			}
		}
	})
}

func TestSEC08_NothingIsKeptOrReadWithoutItsSeal(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url)
		speak(t, s)
		must(t, tamper(t, url, `UPDATE payments SET consent_ip = '203.0.113.78'`))
		if p, err := s.Payment(t.Context(), "pay_1"); !errors.Is(err, seal.ErrNotSealed) {
			t.Errorf("a plain address is read: %q, %v", p.Consent.IP, err)
		}
		_, err := s.EraseAccount(t.Context(), "acc_1", noon)
		must(t, err)
		late := contact.Wish{ID: "wsh_2", AccountID: "acc_1", At: noon, RecordedBy: "consumer", OwnWords: []byte("canary_after_the_end")}
		must(t, s.AddWish(t.Context(), late))
		if w, err := s.Wish(t.Context(), "acc_1"); err != nil || len(w.OwnWords) > 0 || strings.Contains(dumpTables(t, url, speaking...), string(late.OwnWords)) {
			t.Errorf("words of who was erased are kept: %q, %v", w.OwnWords, err)
		}
		late.ID, late.AccountID = "wsh_3", "acc_of_nobody"
		if err := s.AddWish(t.Context(), late); !errors.Is(err, store.ErrSealed) {
			t.Errorf("words of nobody are kept: %v", err)
		}
	})
}
