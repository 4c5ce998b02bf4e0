package store_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"quittance/portal/chain"
	"quittance/portal/evidence"
	"quittance/portal/intake"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

func TestREC02_WhatAPersonSawIsKeptOnceSealedAndInAChain(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url)
		save(t, s, intake.Batch{NewAccounts: []intake.NewAccount{newAccount(account(1)), newAccount(account(2))}, At: noon})
		keeper := func() *evidence.Keeper {
			return &evidence.Keeper{Store: s, Now: func() time.Time { return noon }, Build: "0.1.0 abc", Rules: func(time.Time) string { return "packs 1" }}
		}
		page := func(token string) []byte {
			return []byte(`<form><input type="hidden" name="csrf" value="` + token + `"/></form><p>Ana Ortiz owes $500.00</p>`)
		}
		see := func(k *evidence.Keeper, account, session, token string) {
			t.Helper()
			ctx := evidence.Collect(t.Context())
			evidence.Decided(ctx, "view dbt_1 active allowed=true GEN-01")
			must(t, k.Keep(ctx, evidence.Sight{AccountID: account, SessionID: session, Kind: "debt", Route: "GET /debts/:id", Status: 200, Language: "es"}, page(token)))
		}
		k := keeper()
		see(k, "acc_1", "ses_1", "token-one")
		see(k, "acc_1", "ses_1", "token-one") // the same session again: nothing new
		see(k, "acc_1", "ses_2", "token-two")
		see(k, "acc_2", "ses_3", "token-three")
		linkChain(t, s, chain.Evidence)
		found, err := s.SightsOf(t.Context(), "acc_1")
		if err != nil || len(found) != 2 || found[0].Decisions != "view dbt_1 active allowed=true GEN-01" || found[0].Rules != "packs 1" || found[1].SessionID != "ses_2" {
			t.Fatalf("%+v, %v", found, err)
		}
		if !bytes.Equal(found[0].PageHash, found[1].PageHash) {
			t.Error("the token of a form makes the same page another one")
		}
		got, err := s.Page(t.Context(), "acc_1", found[0].PageHash)
		if err != nil || !bytes.Equal(got, page("")) {
			t.Errorf("reads back as %s, %v", got, err)
		}
		if _, err := s.Page(t.Context(), "acc_1", []byte("another page of thirty-two bytes")); !errors.Is(err, evidence.ErrErased) {
			t.Errorf("a page that is not there: %v", err)
		}
		content := dumpTables(t, url, "evidence", "evidence_pages")
		if strings.Contains(content, "Ortiz") || strings.Contains(content, "token-one") || strings.Count(content, "evidence_pages\n") != 2 {
			t.Errorf("not sealed, or not kept once for each account: %s", content)
		}
		if head, err := evidence.Verify(t.Context(), s, chain.Proof{}, func(int64, int64) {}); err != nil || head.Position != 3 {
			t.Errorf("head %d, %v", head.Position, err)
		}
		if err := tamper(t, url, "UPDATE evidence SET language = 'en'"); err == nil {
			t.Error("the guards let a change through")
		}
		if err := (&evidence.Keeper{Store: s, Now: time.Now}).Keep(t.Context(), evidence.Sight{AccountID: "acc_none", Kind: "debt"}, page("")); err == nil {
			t.Error("a page was kept for nobody")
		}
	})
}

var _ evidence.Store = (*store.Store)(nil)
