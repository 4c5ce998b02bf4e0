package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"quittance/portal/config"
	"quittance/portal/contact"
	"quittance/portal/pack/packtest"
)

// ownPack is a folder with one pack as an agency writes its own.
func ownPack(t *testing.T, content string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "own.json"), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestSTA05_APortalWhoseLawDoesNotHoldDoesNotStart(t *testing.T) {
	t.Parallel()
	broken := ownPack(t, `{"jurisdiction": "US-VT", "name": {"en": "Vermont", "es": "Vermont"}, "version": "1", "effective_from": "2026-01-01",
  "author": "A. Writer", "approver": "B. Reader",
  "rules": [{"id": "US-VT-CAP", "rule": "COM-11", "trigger": "message", "effect": "cap_frequency", "value": {"messages": 2, "days": 7},
    "effective_from": "2026-01-01", "citation": ""}], "vectors": []}`)
	if _, err := Open(t.Context(), config.Config{PacksDir: broken}, Surroundings{}, false); err == nil || !strings.Contains(err.Error(), "no citation") {
		t.Errorf("wiring says %v", err)
	}
}

// TestCOM11_TheStricterOfTheAgencysAndTheStatesCapsHolds also carries COM-05:
// where consent is needed follows from the same packs.
func TestCOM11_TheStricterOfTheAgencysAndTheStatesCapsHolds(t *testing.T) {
	t.Parallel()
	now := func() time.Time { return time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC) }
	l := limits{contact.Caps{Day: 4, Week: 9, DebtDay: 4, DebtWeek: 9}, packtest.Everywhere(), now}
	for _, c := range []struct {
		where contact.Where
		week  int // about one debt
	}{
		{contact.Where{State: "OH"}, 9}, {contact.Where{State: "MA"}, 2}, {contact.Where{State: "DC"}, 1}, {contact.Where{State: "DC", Consented: true}, 5},
		{contact.Where{State: "NY", ZIP: "12207"}, 9}, {contact.Where{State: "NY", ZIP: "11215"}, 3},
		{contact.Where{Consented: true}, 2}, {contact.Where{}, 1}, // an unknown place has the strictest of all
	} {
		if got := l.Caps(c.where); got != (contact.Caps{Day: 4, Week: 9, DebtDay: 4, DebtWeek: c.week}) {
			t.Errorf("%+v: %+v", c.where, got)
		}
	}
	l.own = contact.Caps{Day: 1, Week: 1, DebtDay: 1, DebtWeek: 1}
	if got := l.Caps(contact.Where{State: "MA"}); got != l.own {
		t.Errorf("the agency's own: %+v", got)
	}
	for place, want := range map[[2]string]bool{{"OH", "45501"}: false, {"NY", "12207"}: true, {"CA", "10001"}: true} {
		if got := l.ConsentOnly(place[0], place[1], contact.Email); got != want {
			t.Errorf("e-mail in %v: %v", place, got)
		}
	}
}
