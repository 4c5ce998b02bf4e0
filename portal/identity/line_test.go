package identity

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

func TestSEC07_AVisitorHasOnePlaceAndStrangersLeaveThoseOfKnownBrowsersFree(t *testing.T) {
	t.Parallel()
	var l line
	in := func(visitor string, known bool) func() {
		t.Helper()
		leave, err := l.enter(visitor, known)
		if err != nil {
			t.Fatalf("%s: %v", visitor, err)
		}
		return leave
	}
	out := func(visitor string, known bool) {
		t.Helper()
		if _, err := l.enter(visitor, known); !errors.Is(err, ErrCrowded) {
			t.Errorf("%s has a place: %v", visitor, err)
		}
	}
	first := in("a", false)
	out("a", false)
	first()
	leave := in("a", false)
	for i := range placesForAll - 1 {
		in(fmt.Sprint("stranger ", i), false)
	}
	out("one more stranger", false)
	in("a", true) // the same address, and a browser that was in before
	out("a", true)
	for i := range placesForKnown - 1 {
		in(fmt.Sprint("known ", i), true)
	}
	out("one more known", true)
	leave()
	in("one more stranger", false)
}

func TestSEC07_StrangersAreCheckedOneAtATimeAndNobodyWaitsForThemWhoWasInBefore(t *testing.T) {
	t.Parallel()
	l := newLine()
	over, err := l.turn(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, err := l.turn(gone, false); !errors.Is(err, context.Canceled) {
		t.Errorf("a second stranger is checked beside the first: %v", err)
	}
	if _, err := l.turn(gone, true); err != nil {
		t.Errorf("a browser that was in before waits: %v", err)
	}
	over()
	if _, err := l.turn(t.Context(), false); err != nil {
		t.Errorf("the next stranger: %v", err)
	}
}
