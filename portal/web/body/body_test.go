package body

import (
	"errors"
	"strings"
	"testing"
)

func TestABudgetHoldsWhatArrivedAndKeepsAPartForSmallBodies(t *testing.T) {
	t.Parallel()
	b := New(8 * Small)
	share := func() *Share { return &Share{budget: b} }
	large, again, small := share(), share(), share()
	text := strings.Repeat("a", 5*Small)
	if all, err := large.Read(strings.NewReader(text), 5*Small); err != nil || len(all) != 5*Small || b.Held() != 5*Small {
		t.Fatalf("%d bytes, %d held: %v", len(all), b.Held(), err)
	}
	if _, err := again.Read(strings.NewReader(text), 5*Small); !errors.Is(err, ErrBusy) {
		t.Errorf("there is room for a second large body: %v", err)
	}
	if _, err := small.Read(strings.NewReader(text[:Small]), Small); err != nil {
		t.Errorf("there is no room for a form beside files: %v", err)
	}
	for _, s := range []*Share{large, again, small} {
		s.Free()
	}
	if b.Held() != 0 {
		t.Errorf("%d bytes are held by nobody", b.Held())
	}
	if _, err := share().Read(strings.NewReader("abc"), 2); !errors.Is(err, ErrTooLarge) {
		t.Errorf("3 bytes of 2: %v", err)
	}
}
