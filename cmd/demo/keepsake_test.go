package demo

import (
	"os"
	"path/filepath"
	"testing"

	"quittance/portal/config"
)

// TestTheDemoTakesEachKeyThatItMakes whatever letters it draws.
func TestTheDemoTakesEachKeyThatItMakes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	settings := Settings("http://127.0.0.1:1", "http://127.0.0.1:1", "127.0.0.1:1", "sqlite:x")
	for range 500 {
		k, err := openKeepsake(dir)
		if err != nil {
			t.Fatal(err)
		}
		env := config.Environment{Lookup: func(string) (string, bool) { return "", false }}
		if _, err := config.ForDemo(env, k.Secret, settings, nil); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(filepath.Join(dir, "demo.json")); err != nil {
			t.Fatal(err)
		}
	}
}
