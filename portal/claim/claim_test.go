package claim

import (
	"errors"
	"strings"
	"testing"
	"time"

	"quittance/plans/civil"
	"quittance/portal/debt"
)

var noon = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

func TestSTS09_EveryKindHasAnEffectAndOnlyPausesEndByThemselves(t *testing.T) {
	t.Parallel()
	if len(Kinds()) != len(effects) {
		t.Fatalf("%d kinds, %d effects", len(Kinds()), len(effects))
	}
	for _, k := range Kinds() {
		e, known := k.Effect()
		if !known || !e.Counts.Valid() && e.Counts != debt.UnderReview || e.Event == "" {
			t.Errorf("%s: %+v", k, e)
		}
		if e.Status != "" && e.Status != e.Counts {
			t.Errorf("%s is told as %s and counts as %s", k, e.Status, e.Counts)
		}
		c, err := begin(k, "acc_1", ByConsumer, noon)
		if err != nil || c.State != Claimed || c.Until.IsZero() == k.Pause() {
			t.Errorf("%s begins as %+v, %v", k, c, err)
		}
		if k.Pause() && (e.Counts != debt.Cease || e.Days < 30) {
			t.Errorf("%s pauses %+v", k, e)
		}
	}
	if _, err := begin("lottery", "acc_1", ByConsumer, noon); !errors.Is(err, ErrKind) {
		t.Errorf("an unknown kind: %v", err)
	}
}

// TestSTS01_TheSystemOfRecordMovesAClaimAlongItsTableAndNoOtherWay looks at each
// state and each decision.
func TestSTS01_TheSystemOfRecordMovesAClaimAlongItsTableAndNoOtherWay(t *testing.T) {
	t.Parallel()
	on := civil.Date{Year: 2026, Month: time.November, Day: 20}
	for _, k := range []Kind{Bankruptcy, Hardship} {
		for from, row := range map[State]map[State]error{
			Claimed:   {Confirmed: nil, Cleared: nil, Claimed: ErrDecision, Over: ErrDecision},
			Confirmed: {Confirmed: nil, Cleared: nil},
			Cleared:   {Confirmed: ErrCleared, Cleared: nil},
			Over:      {Confirmed: ErrCleared, Cleared: ErrCleared},
		} {
			for to, want := range row {
				if k.Pause() && to == Confirmed && from == Claimed {
					want = ErrOver
				}
				c, err := decide(Claim{Kind: k, State: from}, Decision{State: to, By: "Kim", On: on}, noon)
				if !errors.Is(err, want) || want == nil && c.State != to {
					t.Errorf("%s from %s to %s: %s, %v", k, from, to, c.State, err)
				}
				if moved := want == nil && from != to; moved == c.DecidedAt.IsZero() {
					t.Errorf("%s from %s to %s was decided at %v", k, from, to, c.DecidedAt)
				}
			}
		}
	}
	for _, d := range []Decision{{Confirmed, "", on}, {Confirmed, "Kim", civil.Date{}}, {Confirmed, "Kim", civil.Date{Year: 2026, Month: time.November, Day: 24}}} {
		if _, err := decide(Claim{Kind: Bankruptcy, State: Claimed}, d, noon); !errors.Is(err, ErrDecision) {
			t.Errorf("%+v: %v", d, err)
		}
	}
}

func TestSEC01_WhatLooksLikeACardNumberIsNotKept(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"my card is 4242 4242 4242 4242, thanks": "my card is **** **** **** ****, thanks",
		"4242-4242-4242-4242":                    "****-****-****-****",
		"4242424242424242":                       "****************",
		"case 26-10417 of 2026":                  "case 26-10417 of 2026",
		"1234567890123":                          "1234567890123", // not one that checks
		"call 212 555 0123 or 212 555 0199":      "call 212 555 0123 or 212 555 0199",
		"Ñandú 4242424242424242 ñ":               "Ñandú **************** ñ",
	} {
		if got := withoutCards(typed); got != want {
			t.Errorf("%q is kept as %q", typed, got)
		}
	}
	long := Details{Name: strings.Repeat("ñ", 300), Relation: "5555 5555 5555 4444"}.tidy()
	if len([]rune(long.Name)) != MostText || strings.Contains(long.Relation, "5") {
		t.Errorf("kept %+v", long)
	}
}
