package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"quittance/cmd/demo"
	"quittance/portal/config"
	"quittance/portal/store/storetest"
)

func TestAMT01_TermsComeFromAFileOrAreRefusedByTheFieldsName(t *testing.T) {
	t.Parallel()
	url := storetest.SQLiteURL(t)
	settings := demo.Settings("http://127.0.0.1:1", "http://127.0.0.1:1", "127.0.0.1:1", url)
	settings["PORTAL_SECRET_KEY"] = "terms-key-0123456789-abcdefghijklmnopqrstuvwxyz"
	env := config.Environment{Lookup: func(name string) (string, bool) { v, ok := settings[name]; return v, ok }}
	file := filepath.Join(t.TempDir(), "terms.json")
	portal := func(args ...string) (string, int) {
		var out bytes.Buffer
		code := run(t.Context(), program{env: env, stdout: &out, stderr: io.Discard}, append([]string{"terms"}, args...))
		return out.String(), code
	}
	for _, c := range []struct {
		file, says string
		code       int
	}{
		{`{"terms":[{"creditor_ref":"mercy","effective":"2026-12-01","fee":5}]}`, "fee is not a word of terms", exitFaults},
		{`{"terms":[{"creditor_ref":"mercy","effective":"2026-12-01","retries":3}]}`, "terms[0].retries must be 0 to 2", exitFaults},
		{`{"terms":[{"creditor_ref":"mercy","effective":"2026-12-01"}]}`, "creditor=mercy is at version 1, from 2026-12-01", exitDone},
	} {
		if err := os.WriteFile(file, []byte(c.file), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, code := portal("import", file); code != c.code || !strings.Contains(out, c.says) {
			t.Errorf("%s: exit %d, %s", c.file, code, out)
		}
	}
	if out, code := portal("list"); code != exitDone || !strings.Contains(out, "creditor=mercy") || strings.Count(out, "\n") != 2 {
		t.Errorf("exit %d, %s", code, out)
	}
	for _, wrong := range [][]string{{}, {"import"}, {"edit"}} {
		if _, code := portal(wrong...); code != exitUsage {
			t.Errorf("%v: exit %d", wrong, code)
		}
	}
}
