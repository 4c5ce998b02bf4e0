package outbox_test

import (
	"strings"
	"testing"
	"time"

	"quittance/portal/claim"
	"quittance/portal/debt"
	"quittance/portal/outbox"
)

func claimed(k claim.Kind, at time.Time) claim.News {
	effect, _ := k.Effect()
	n := claim.News{
		Claim:  claim.Claim{ID: "clm_01", Reference: "CLM-7KQ2M9XD", AccountID: "acc_1", Kind: k, State: claim.Claimed, Door: claim.ByConsumer, CreatedAt: at},
		Effect: effect,
		Debts:  []debt.Debt{{Ref: "D-1001", CreditorRef: "mercy"}, {Ref: "D-1002", CreditorRef: "northside"}},
	}
	if effect.Days > 0 {
		n.Claim.Until = at.AddDate(0, 0, effect.Days)
	}
	return n
}

// claimStory tells of a claim of each type of event.
func (b *bench) claimStory(t *testing.T) {
	t.Helper()
	at := b.clock.Now()
	filed, attorney := claimed(claim.Bankruptcy, at), claimed(claim.Attorney, at)
	filed.Details = claim.Details{CaseNumber: "26-10417", Chapter: "13", Name: "Ann Lee", Words: "I filed on Monday."}
	attorney.Claim.ConsentAt = at
	for _, n := range []claim.News{filed, attorney, claimed(claim.WrongPerson, at)} {
		b.mustRecord(t, b.recorder.ClaimMade(t.Context(), n))
	}
}

func TestWHK04_EveryKindOfClaimSatisfiesItsSchemaAndTellsNothingPersonal(t *testing.T) {
	t.Parallel()
	for _, k := range claim.Kinds() {
		b := setup(t)
		n := claimed(k, b.clock.Now())
		n.Details = claim.Details{Name: "Ann Lee", Phone: "+12125550123", Email: "ann@example.com", Relation: "sister", Words: "in my words"}
		b.mustRecord(t, b.recorder.ClaimMade(t.Context(), n))
		if len(b.events) == 0 {
			t.Errorf("%s: nothing is told", k)
		}
		for _, e := range b.events {
			body, err := outbox.Body(e, 7, debt.CreditorsOf(""))
			if err != nil {
				t.Fatal(err)
			}
			for _, problem := range validateBody(t, e.Type, body) {
				t.Errorf("%s: %s", k, problem)
			}
			for _, personal := range []string{"Ann", "2125550123", "example.com", "sister", "in my words"} {
				if strings.Contains(string(body), personal) {
					t.Errorf("%s: the event tells %q", k, personal)
				}
			}
		}
	}
}

func TestSTS05_CreditorsHearOfAnIdentityTheftOnTheirOwnDebtsAndOfNothingElseInALife(t *testing.T) {
	t.Parallel()
	for _, k := range claim.Kinds() {
		b := setup(t)
		b.mustRecord(t, b.recorder.ClaimMade(t.Context(), claimed(k, b.clock.Now())))
		heard := 0
		for _, e := range b.events {
			if !outbox.Sees(e, debt.CreditorsOf("mercy"), nil) {
				continue
			}
			heard++
			body, err := outbox.Body(e, 7, debt.CreditorsOf("mercy"))
			if err != nil || strings.Contains(string(body), "D-1002") || !strings.Contains(string(body), "D-1001") {
				t.Errorf("%s: a creditor is told %s, %v", k, body, err)
			}
		}
		if want := map[bool]int{true: 1}[k == claim.IdentityTheft]; heard != want {
			t.Errorf("%s: a creditor hears %d events, not %d", k, heard, want)
		}
	}
}

func TestSMS03_AWrongPersonByALinkIsToldOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	n := claimed(claim.WrongPerson, b.clock.Now())
	n.Claim.Door = claim.ByLink
	b.mustRecord(t, b.recorder.ClaimMade(t.Context(), n))
	if len(b.events) != 0 {
		t.Errorf("%d events beside the link's own", len(b.events))
	}
}
