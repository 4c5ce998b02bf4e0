package demo

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"quittance/portal/config"
	"quittance/portal/identity"
)

func TestCOM01_TheDemoStartsByDaySoThatTextsMayBeSent(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	for hour := range 24 {
		real := time.Date(2026, 11, 22, hour, 30, 0, 0, time.UTC)
		moved := newClock(real).moved
		if at := real.Add(moved).In(zone); at.Hour() < 9 || at.Hour() >= 20 {
			t.Errorf("started at %s it is %s", real, at)
		}
		if moved < 0 || moved >= 24*time.Hour {
			t.Errorf("started at %s the clock is moved by %s", real, moved)
		}
	}
}

func TestTheDemoListensOnLoopbackOnly(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"0.0.0.0:0", ":0", "192.0.2.1:0", "example.com:0"} {
		if l, err := listenLoopback(t.Context(), addr); err == nil {
			l.Close()
			t.Errorf("the demo listens on %s", addr)
		}
	}
}

// TestTheDemoStartsAgainOnItsFolderAndTouchesNoOtherDatabase starts it twice
// where the environment names somebody's database.
func TestTheDemoStartsAgainOnItsFolderAndTouchesNoOtherDatabase(t *testing.T) {
	t.Parallel()
	dir, theirs := t.TempDir(), filepath.Join(t.TempDir(), "portal.db")
	lookup := func(name string) (string, bool) { return "sqlite:" + theirs, name == "PORTAL_DATABASE_URL" }
	env := config.Environment{Lookup: lookup}
	start := func() (*Rehearsal, announcement) {
		t.Helper()
		r := New(time.Now())
		said, listener, err := r.Set(t.Context(), env, "127.0.0.1:0", dir)
		if err != nil {
			t.Fatal(err)
		}
		listener.Close()
		step, err := r.Portal.Desk.SignIn(t.Context(), said.Staff[0].Email, said.Staff[0].Password, identity.Visitor{Address: "::1"})
		if err != nil {
			t.Fatal(err)
		}
		code, err := r.appCode(t.Context(), said.Staff[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Portal.Desk.Confirm(t.Context(), step, code, identity.Visitor{Address: "::1"}, silent); err != nil {
			t.Errorf("the staff of the list cannot sign in: %v", err)
		}
		return r, said
	}
	first, told := start()
	if err := first.MoveDays(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	left := first.Clock.Now()
	if err := first.Portal.Store.Close(); err != nil {
		t.Fatal(err)
	}
	again, said := start()
	if len(said.Accounts) != len(Samples()) || !slices.Equal(said.Accounts, told.Accounts) || !slices.Equal(said.Staff, told.Staff) || said.WebhookSecret != told.WebhookSecret {
		t.Errorf("the second start says %+v, the first %+v", said, told)
	}
	all, err := again.Portal.Store.Endpoints(t.Context())
	if err != nil || len(all) != 1 {
		t.Errorf("%d endpoints after two starts, %v", len(all), err)
	}
	if again.Clock.Now().Before(left) {
		t.Errorf("the clock went back to %s", again.Clock.Now())
	}
	if kept, err := os.Stat(filepath.Join(dir, "demo.json")); err != nil || kept.Mode().Perm() != 0o600 {
		t.Errorf("the keepsake: %v, %v", kept, err)
	}
	if _, err := os.Stat(theirs); err == nil {
		t.Error("the demo wrote to the database of the environment")
	}
	if err := os.WriteFile(theirs, []byte("production"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := New(time.Now()).Set(t.Context(), env, "127.0.0.1:0", filepath.Dir(theirs)); !errors.Is(err, ErrUsage) {
		t.Errorf("a folder with somebody's database: %v", err)
	}
}

// silent writes nothing down.
func silent(context.Context, identity.SignedIn) error { return nil }
