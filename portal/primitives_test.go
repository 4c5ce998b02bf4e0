package portal_test

import (
	"go/ast"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// serves reports whether a source is part of what `portal serve` is made of:
// not a test, not the benchmarks, not the suites that tests are made of.
func (s source) serves() bool {
	for _, tool := range []string{"cmd/bench", "cmd/deadcode", "cmd/gallery", "cmd/pgrun", "cmd/rules", "portal/store/pgcluster", "portal/store/storetest", "payments/paymentstest", "payments/gatewaytest", "payments/stripegw/stripetest", "portal/notice/sms/smstest", "portal/pack/packtest", "portal/identity/identitytest"} {
		if under(s.dir, tool) {
			return false
		}
	}
	return !s.test
}

// importers lists what of the product imports one of the packages.
func importers(t *testing.T, packages ...string) []string {
	t.Helper()
	var all []string
	for _, s := range sources(t) {
		if s.serves() && slices.ContainsFunc(s.imports(), func(imp string) bool { return slices.Contains(packages, imp) }) {
			all = append(all, s.path)
		}
	}
	return all
}

// TestNoProgramPaysLessForAPassword: what a hash costs is read by identity, and
// changed by the package for tests alone, which no program imports.
func TestNoProgramPaysLessForAPassword(t *testing.T) {
	t.Parallel()
	for _, path := range importers(t, module+"/portal/identity/identitytest") {
		t.Errorf("%s imports what is for tests", path)
	}
	for _, s := range sources(t) {
		if slices.Contains(s.imports(), module+"/portal/identity/internal/cost") && s.path != "portal/identity/password.go" && s.dir != "portal/identity/identitytest" {
			t.Errorf("%s imports what a hash costs", s.path)
		}
	}
}

// TestNothingRunsProgramsOrReadsObjectsOfOthers: no program is started, no
// memory is reached around the compiler, and nothing is read in a form whose
// reader makes objects or fetches what the text names (ASVS 1.2.5, 1.4.1,
// 1.4.3, 1.5.1).
func TestNothingRunsProgramsOrReadsObjectsOfOthers(t *testing.T) {
	t.Parallel()
	for _, path := range importers(t, "os/exec", "plugin", "unsafe", "C", "encoding/gob", "encoding/xml", "text/template") {
		t.Errorf("%s imports what runs programs, reaches around the compiler or makes objects of a text", path)
	}
}

// TestOnlyHashesAndCiphersOfTodayAreUsed: AES-GCM, HMAC-SHA256, HKDF, SHA-256
// and argon2id, all of the standard library or golang.org/x/crypto. The carrier
// signs its hooks with HMAC-SHA1, authenticator apps compute nothing else (RFC 6238), and
// neither leaves a choice (ASVS 11.2.1, 11.3.1,
// 11.4.1, 11.6.1).
func TestOnlyHashesAndCiphersOfTodayAreUsed(t *testing.T) {
	t.Parallel()
	old := []string{"crypto/md5", "crypto/sha1", "crypto/des", "crypto/rc4", "crypto/dsa", "crypto/rsa", "crypto/elliptic", "golang.org/x/crypto/md4", "golang.org/x/crypto/blowfish", "golang.org/x/crypto/bcrypt"}
	for _, path := range importers(t, old...) {
		if !strings.HasPrefix(path, "portal/notice/sms/") && path != "portal/identity/totp.go" {
			t.Errorf("%s imports a hash or a cipher of yesterday", path)
		}
	}
	for _, s := range sources(t) {
		ast.Inspect(s.file, func(n ast.Node) bool {
			if call, ok := n.(*ast.SelectorExpr); ok && s.serves() && named(call.X, "cipher") && call.Sel.Name != "NewGCM" && call.Sel.Name != "AEAD" {
				t.Errorf("%s: cipher.%s: seal with GCM", s.at(n), call.Sel.Name)
			}
			return true
		})
	}
}

func named(x ast.Expr, name string) bool {
	id, ok := x.(*ast.Ident)
	return ok && id.Name == name
}

// TestWhatNobodyMayGuessComesFromTheSystemsRandomness: the other kind spreads
// retries over time, and plays chance in the sandbox and the rehearsal; nothing
// else knows it (ASVS 6.5.3, 7.2.3, 11.5.1).
func TestWhatNobodyMayGuessComesFromTheSystemsRandomness(t *testing.T) {
	t.Parallel()
	known := []string{"portal/outbox/deliverer.go", "cmd/demo/simscript.go", "cmd/demo/simroad.go", "cmd/demo/simrun.go"}
	for _, path := range importers(t, "math/rand", "math/rand/v2") {
		if !slices.Contains(known, path) && !strings.HasPrefix(path, "payments/sandbox/") {
			t.Errorf("%s takes chance from math/rand", path)
		}
	}
}

// TestNoCertificateGoesUnlooked: nothing of the product talks to a peer whose
// certificate it does not check, or by a TLS below 1.2 (ASVS 12.3.2).
func TestNoCertificateGoesUnlooked(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		ast.Inspect(s.file, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if ok && s.serves() && slices.Contains([]string{"InsecureSkipVerify", "VersionTLS10", "VersionTLS11"}, id.Name) {
				t.Errorf("%s: %s", s.at(n), id.Name)
			}
			return true
		})
	}
}

// TestNoPatternIsMadeOfWhatSomebodyTyped: every regular expression is written
// in the source (ASVS 1.2.9).
func TestNoPatternIsMadeOfWhatSomebodyTyped(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, s := range sources(t) {
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || !s.serves() {
				return true
			}
			f, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || !named(f.X, "regexp") || len(call.Args) == 0 {
				return true
			}
			seen++
			if !written(call.Args[0]) {
				t.Errorf("%s: the pattern is not written in the source", s.at(n))
			}
			return true
		})
	}
	if seen == 0 {
		t.Error("no pattern was found: the walk is broken")
	}
}

// written reports whether an expression is a text of the source, also in parts.
func written(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.BasicLit:
		return true
	case *ast.ParenExpr:
		return written(x.X)
	case *ast.BinaryExpr:
		return written(x.X) && written(x.Y)
	}
	return false
}

// TestScriptsKeepNothingAndRunNoText: the scripts of the pages make no markup
// and no code of a text, keep nothing in the browser, and hear no messages of
// other windows (ASVS 1.3.2, 3.2.2, 3.5.5, 14.3.3, 15.3.6).
func TestScriptsKeepNothingAndRunNoText(t *testing.T) {
	t.Parallel()
	forbidden := []string{
		"eval(", "new Function", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "setAttribute(\"on",
		"localStorage", "sessionStorage", "indexedDB", "document.cookie", "postMessage", `"message"`, "__proto__",
	}
	scripts := 0
	err := filepath.WalkDir("../frontend", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == "e2e"):
			return filepath.SkipDir
		case filepath.Ext(path) != ".js":
			return nil
		}
		text, err := os.ReadFile(path)
		scripts++
		for _, word := range forbidden {
			if strings.Contains(string(text), word) {
				t.Errorf("%s has %s", path, word)
			}
		}
		return err
	})
	if err != nil || scripts < 5 {
		t.Errorf("%d scripts were read: %v", scripts, err)
	}
}
