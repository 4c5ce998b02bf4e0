package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"quittance/payments/paymentstest"
	"quittance/portal/config"
)

// rehearsed runs `portal sim` in an environment and returns the story, what else
// was said, and the exit code.
func rehearsed(t *testing.T, env map[string]string, args ...string) (story, aside string, code int) {
	t.Helper()
	var out, err bytes.Buffer
	p := program{env: config.Environment{Lookup: func(name string) (string, bool) { v, ok := env[name]; return v, ok }, ReadFile: os.ReadFile}, stdout: &out, stderr: &err}
	code = run(t.Context(), p, append([]string{"sim"}, args...))
	return out.String(), err.String(), code
}

func storyTells(t *testing.T, text string, all ...string) {
	t.Helper()
	for _, want := range all {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing from:\n%s", want, text)
		}
	}
}

// TestR16_AfterAllDisastersTheFiveBooksAgree plays the whole story; the quick
// loop plays its first days.
func TestR16_AfterAllDisastersTheFiveBooksAgree(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		story, aside, code := rehearsed(t, nil, "-days", "5")
		if code != exitDone {
			t.Errorf("exit %d: %s", code, aside)
		}
		storyTells(t, story, "1 payment.failed (R01)", "Ledger difference: $0.00")
		return
	}
	story, aside, code := rehearsed(t, nil, "-seed", "2")
	if code != exitDone {
		t.Errorf("exit %d: %s", code, aside)
	}
	storyTells(t, story, "payment.failed (R01)", "the payment is checking", "are restarted", "24 updated", "24 older than what is held",
		"the system of record goes down", "the system of record is back", "1 dispute.opened", "plan.paused", "payment.refunded",
		"payment.reversed (R10)", "2 payment.reversed", "1 payment.reinstated", "0 not delivered", "Ledger difference: $0.00")
	storyTells(t, story, disasters...)
}

// disasters are what is told of people whose facts change between two steps, in
// the first thirty days.
var disasters = []string{
	"leaves it at the bank's check; a file says of S-09: recalled", "S-09 goes on at the bank's check", "a file says of S-10: bankruptcy",
	"payment.held", "finance sends S-10's", "finance sends S-11's", "S-11's bank takes", "lowers the balance of S-12", "payment.overpaid",
	"finance sends 1 credits back", "pays all of it", "is won back after all was paid again", "and $", "S-14's bank takes", "a file says of S-15: recalled",
	"plan.cancelled", "S-16 disputes the debt while a bank payment is on its way", "S-16 says that it counts all the same",
}

// TestR16_WhateverTheSeedTheFiveBooksAgree plays the first thirty days of two
// stories, and with PROOF_SIM of so many, a hundred and twenty days each.
func TestR16_WhateverTheSeedTheFiveBooksAgree(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		return // the quick loop has the days above
	}
	seeds, days := paymentstest.Budget(t, "PROOF_SIM", 0), "120"
	if seeds == 0 {
		seeds, days = 2, "30"
	}
	for seed := range seeds {
		story, aside, code := rehearsed(t, nil, "-seed", strconv.Itoa(1+seed), "-days", days)
		if code != exitDone {
			t.Errorf("seed %d: exit %d: %s", 1+seed, code, aside)
		}
		storyTells(t, story, append([]string{"Ledger difference: $0.00"}, disasters...)...)
	}
}

func TestR16_TheSameSeedTellsTheSameStory(t *testing.T) {
	t.Parallel()
	first, _, _ := rehearsed(t, nil, "-seed", "7", "-days", "2")
	again, _, _ := rehearsed(t, nil, "-seed", "7", "-days", "2")
	if first != again {
		t.Errorf("seed 7 told:\n%s\nand then:\n%s", first, again)
	}
}

func TestR16_ALostPostingIsNamedAndEndsInExitOne(t *testing.T) {
	t.Parallel()
	story, aside, code := rehearsed(t, nil, "-days", "2", "-lose")
	if code != exitFaults || !strings.Contains(aside, "do not agree") {
		t.Errorf("exit %d: %s", code, aside)
	}
	storyTells(t, story, "differs at the end: PAY-", " of S-07: ", "$0.00 in the system of record", "differs at the end: debt S-07-1")
	if strings.Contains(story, "Ledger difference: $0.00") {
		t.Error("a lost posting is no difference")
	}
}

func TestARehearsalTouchesNobodysDatabaseAndRefusesLiveKeys(t *testing.T) {
	t.Parallel()
	theirs := filepath.Join(t.TempDir(), "portal.db")
	env := map[string]string{"PORTAL_DATABASE_URL": "sqlite:" + theirs}
	if _, aside, code := rehearsed(t, env, "-days", "1"); code != exitDone {
		t.Errorf("exit %d: %s", code, aside)
	}
	if _, err := os.Stat(theirs); err == nil {
		t.Error("the rehearsal wrote to the database of the environment")
	}
	env["STRIPE_SECRET_KEY"] = "sk_live_x"
	if _, aside, code := rehearsed(t, env, "-days", "1"); code != exitUsage || !strings.Contains(aside, "live key") {
		t.Errorf("beside a live key: exit %d: %s", code, aside)
	}
	for _, args := range [][]string{{"-days", "0"}, {"-days", "731"}, {"-days", "x"}, {"-seed", "-1"}, {"more"}} {
		if _, aside, code := rehearsed(t, nil, args...); code != exitUsage || aside == "" {
			t.Errorf("%v: exit %d: %s", args, code, aside)
		}
	}
}
