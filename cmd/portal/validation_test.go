package main

import (
	"testing"

	"quittance/portal/claim"
	"quittance/portal/outbox"
	"quittance/portal/represent"
	"quittance/portal/store/storetest"
)

// speaks records somebody who speaks for the person behind an account and signs
// them in.
func (r *rehearsal) speaks(t *testing.T, ref string, role represent.Role, document string) {
	t.Helper()
	account, _, err := r.Portal.Store.AccountByRef(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	made, err := r.Portal.Speakers.Record(t.Context(), account.ID, represent.Entry{
		Role: role, Person: represent.Person{Name: "Eva " + document, PostalCode: "10001"}, DocumentID: document, CheckedBy: "Sam",
	}, "staff:stf_1")
	if err != nil {
		t.Fatal(err)
	}
	code, err := r.Portal.Speakers.Code(made)
	if err != nil {
		t.Fatal(err)
	}
	r.comesIn(t, code, "10001")
}

// TestVAL10_STS02_AnExecutorsFirstLookBeginsTheDutyAndNobodysNextLookDoesAgain
// has the relatives of somebody who died come in one after the other.
func TestVAL10_STS02_AnExecutorsFirstLookBeginsTheDutyAndNobodysNextLookDoesAgain(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		const ref = "A-1005" // no notice is known
		account, _, err := r.Portal.Store.AccountByRef(t.Context(), ref)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Portal.Claims.Make(t.Context(), claim.Request{AccountID: account.ID, Kind: claim.Death, Door: claim.ByRecord, By: "token:tok_1"}); err != nil {
			t.Fatal(err)
		}
		for _, step := range []struct {
			who  string
			look func()
			want int
		}{
			{"a relative with the letter", func() { r.visitor(t, ref) }, 0},
			{"the executor", func() { r.speaks(t, ref, represent.Executor, "LETTERS-1") }, 1},
			{"the spouse", func() { r.speaks(t, ref, represent.Spouse, "MARRIAGE-1") }, 1},
			{"another executor", func() { r.speaks(t, ref, represent.Executor, "LETTERS-2") }, 1},
		} {
			step.look()
			mail := r.told(t, account.ID, outbox.NoticeMailRequired)
			duties, err := r.Portal.Validation.OwedTo(t.Context(), account.ID)
			if err != nil || len(mail) != step.want || len(duties) != step.want {
				t.Errorf("after %s: asked for %d times, %d owed, %v", step.who, len(mail), len(duties), err)
			}
		}
	})
}
