package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"quittance/portal/config"
)

// order runs one command with settings and returns what it said and its code.
func order(t *testing.T, settings map[string]string, args ...string) (string, int) {
	t.Helper()
	var out bytes.Buffer
	p := program{
		env: config.Environment{
			Lookup:   func(name string) (string, bool) { v, ok := settings[name]; return v, ok },
			ReadFile: os.ReadFile,
		},
		stdout: &out, stderr: &out,
	}
	code := run(t.Context(), p, args)
	return out.String(), code
}

// vermont is a pack as an agency writes its own.
const vermont = `{"jurisdiction": "US-VT", "name": {"en": "Vermont", "es": "Vermont"}, "version": "1", "effective_from": "2026-01-01",
  "author": "A. Writer", "approver": "B. Reader",
  "rules": [{"id": "US-VT-CAP", "rule": "COM-11", "trigger": "message", "effect": "cap_frequency", "value": {"messages": 2, "days": 7},
    "effective_from": "2026-01-01", "citation": "made up for this test"}],
  "vectors": [{"name": "two a week", "facts": {"state": "VT", "day": "2026-11-22"}, "expect": {"caps": ["2 in 7 days"]}}]}`

func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestSTA01_PacksAreListedShownComparedAndChecked(t *testing.T) {
	t.Parallel()
	changed := strings.NewReplacer(`"messages": 2`, `"messages": 1`, `"version": "1"`, `"version": "2"`, "2 in 7", "1 in 7").Replace(vermont)
	dir := folder(t, map[string]string{"us-vt.json": vermont})
	other := folder(t, map[string]string{"new.json": changed, "alone.json": strings.Replace(vermont, "B. Reader", "A. Writer", 1)})
	broken := folder(t, map[string]string{"us-vt.json": strings.Replace(vermont, `["2 in 7 days"]`, `["9 in 7 days"]`, 1)})
	settings := map[string]string{"PORTAL_PACKS_DIR": dir, "PORTAL_AGENCY_LICENSES": "North Carolina 113456"}
	old, changedFile, alone := filepath.Join(dir, "us-vt.json"), filepath.Join(other, "new.json"), filepath.Join(other, "alone.json")
	cases := []struct {
		args []string
		code int
		want []string
	}{
		{[]string{"packs", "list"}, exitDone, []string{"US-VT", "off: its license number is missing", "US-NC"}},
		{[]string{"packs", "show", "vt"}, exitDone, []string{"Vermont (US-VT), version 1", "at most 2 in 7 days about a debt", "approved by B. Reader"}},
		{[]string{"packs", "show", "CA"}, exitDone, []string{"Cal. Civ. Code § 1788.11(f)", "Your lawyer confirms", "In Spanish"}},
		{[]string{"packs", "show", "XX"}, exitFaults, []string{"no pack for XX"}},
		{[]string{"packs", "diff", old, changedFile}, exitDone, []string{"the version was 1 and is now 2", `{"messages":2,"days":7} and is now {"messages":1,"days":7}`}},
		{[]string{"packs", "diff", old, old}, exitDone, []string{"Nothing changed."}},
		{[]string{"packs", "diff", old, alone}, exitFaults, []string{"A. Writer wrote the pack and cannot approve it"}},
		{[]string{"packs", "diff", old}, exitUsage, []string{"name two files"}},
		{[]string{"packs", "check"}, exitDone, []string{"16 packs", "all hold"}},
		{[]string{"packs", "check", broken}, exitFaults, []string{`caps lacks "9 in 7 days"`, "us-vt.json"}},
		{[]string{"packs"}, exitUsage, []string{"say one of"}},
	}
	for _, c := range cases {
		said, code := order(t, settings, c.args...)
		if code != c.code {
			t.Errorf("%v: exit %d: %s", c.args, code, said)
		}
		for _, want := range c.want {
			if !strings.Contains(said, want) {
				t.Errorf("%v lacks %q:\n%s", c.args, want, said)
			}
		}
	}
}

func TestSTA05_CheckSaysWhichStatesAreOffAndWhy(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := program{stdout: &out, stderr: &out}
	cfg := config.Config{States: []string{"OH", "CA", "NC"}, Agency: config.Agency{Licenses: []string{"North Carolina 113456"}}}
	if err := p.checkStates(cfg); err != nil {
		t.Error(err)
	}
	for _, want := range []string{
		"states     NC: the portal is on here", "states     OH: on because PORTAL_STATES says so", "states     CA: off: its license number is missing",
		"CO CT DC FL MA ME MN NV NY TX WA: off: not in PORTAL_STATES",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("it lacks %q:\n%s", want, &out)
		}
	}
	if err := p.checkStates(config.Config{States: []string{"CA"}}); err == nil {
		t.Error("a portal that is off everywhere passes the check")
	}
	if err := p.checkStates(config.Config{PacksDir: filepath.Join(t.TempDir(), "nowhere")}); err == nil {
		t.Error("a folder that is not there passes the check")
	}
}
