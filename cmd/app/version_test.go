package app

import (
	"os"
	"os/exec"
	"runtime/debug"
	"strings"
	"testing"
)

func TestTheBinarySaysOfWhichCommitItIs(t *testing.T) {
	t.Parallel()
	for want, settings := range map[string][]debug.BuildSetting{
		"unknown":              nil,
		"4461e9d0c0ff":         {{Key: "vcs", Value: "git"}, {Key: "vcs.revision", Value: "4461e9d0c0ffee00"}, {Key: "vcs.modified", Value: "false"}},
		"4461e9d0c0ff+changes": {{Key: "vcs.revision", Value: "4461e9d0c0ffee00"}, {Key: "vcs.modified", Value: "true"}},
	} {
		if got := stamped(settings); got != want {
			t.Errorf("%v is %q; want %q", settings, got, want)
		}
	}
}

// TestTheScriptOfAReleaseCanBeRunAndReadsTheVersion looks at what `make release`
// is made of without running it, which takes minutes.
func TestTheScriptOfAReleaseCanBeRunAndReadsTheVersion(t *testing.T) {
	t.Parallel()
	const script = "../../.ci/release"
	if out, err := exec.CommandContext(t.Context(), "bash", "-n", script).CombinedOutput(); err != nil {
		t.Errorf("it does not parse: %s", out)
	}
	if info, err := os.Stat(script); err != nil || info.Mode()&0o111 == 0 {
		t.Errorf("it cannot be run: %v", err)
	}
	text, err := os.ReadFile(script)
	if err != nil {
		t.Fatal(err)
	}
	var reads string
	for line := range strings.Lines(string(text)) {
		if _, command, ok := strings.Cut(line, "version=$("); ok {
			reads = strings.TrimSuffix(strings.TrimSpace(command), ")")
		}
	}
	reading := exec.CommandContext(t.Context(), "bash", "-c", reads)
	reading.Dir = "../.."
	if out, err := reading.Output(); err != nil || strings.TrimSpace(string(out)) != Release {
		t.Errorf("%q reads the version as %q, %v; want %s", reads, out, err, Release)
	}
	for _, holds := range []string{"cyclonedx-gomod@v", "SHA256SUMS", "-trimpath", "quittance/cmd/app.commit=$commit", "linux/amd64 linux/arm64"} {
		if !strings.Contains(string(text), holds) {
			t.Errorf("it has no %s", holds)
		}
	}
}
