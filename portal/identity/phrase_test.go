package identity_test

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestM1_BothListsHaveATextsCharactersAndTenBits keeps phrases fit for a text
// message: é, ñ and ü are in the alphabet of texts, other accents are not.
func TestM1_BothListsHaveATextsCharactersAndTenBits(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"words_en.txt", "words_es.txt"} {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, w := range strings.Fields(string(raw)) {
			if n := utf8.RuneCountInString(w); n < 2 || n > 9 || strings.Trim(w, "abcdefghijklmnopqrstuvwxyzéñü") != "" {
				t.Errorf("%s: %q", file, w)
			}
			if seen[w] {
				t.Errorf("%s: %q stands there twice", file, w)
			}
			seen[w] = true
		}
		if len(seen) != 1024 {
			t.Errorf("%s has %d words", file, len(seen))
		}
	}
}
