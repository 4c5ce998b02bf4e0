package main

import (
	"bytes"
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"quittance/frontend/locale"
)

var update = flag.Bool("update", false, "write the hashes of pages instead of comparing them")

// TestEachPageIsByteForByteWhatItWas compares a hash of each page, in each state
// and language, with testdata/pages.golden. A line changes only together with
// the page or the words that it shows. The addresses of styles and scripts, which
// hold hashes of their own, do not count.
func TestEachPageIsByteForByteWhatItWas(t *testing.T) {
	g, err := newGallery("")
	if err != nil {
		t.Fatal(err)
	}
	var plain []string
	for _, name := range g.assets.Names() {
		plain = append(plain, g.assets.Path(name), name)
	}
	same := strings.NewReplacer(plain...)
	var all strings.Builder
	for _, e := range g.examples {
		for _, lang := range locale.Languages() {
			var page bytes.Buffer
			if err := e.Component(lang).Render(t.Context(), &page); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&all, "%s/%s.%s %x\n", e.Page, e.State, lang, sha256.Sum256([]byte(same.Replace(page.String()))))
		}
	}
	const golden = "testdata/pages.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(all.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	was := map[string]bool{}
	for line := range strings.Lines(string(kept)) {
		was[line] = true
	}
	for line := range strings.Lines(all.String()) {
		if !was[line] {
			t.Errorf("another page than before: %s", line)
		}
		delete(was, line)
	}
	for line := range was {
		t.Errorf("no page any more: %s", line)
	}
	if t.Failed() {
		t.Log("where the page should have changed, run go test ./cmd/gallery -update and commit both")
	}
}
