package locale_test

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// words are the values of one language's file: one text, or one for each
// plural form.
type words map[string]map[string]string

func read(t *testing.T, lang string) words {
	t.Helper()
	body, err := os.ReadFile(lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]any
	if err := json.Unmarshal(body, &raw); err != nil {
		t.Fatalf("%s.json: %v", lang, err)
	}
	all := words{}
	for key, value := range raw {
		all[key] = map[string]string{}
		switch v := value.(type) {
		case string:
			all[key]["other"] = v
		case map[string]any:
			for form, text := range v {
				all[key][form], _ = text.(string)
			}
		}
	}
	return all
}

// sources are the folders whose files hold keys. The portal's handlers choose
// some of the sentences, so they are searched too once they exist.
func sources(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, root := range []string{"..", "../../portal", "../../cmd"} {
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !isSource(path) {
				return err
			}
			body, err := os.ReadFile(path)
			files[filepath.ToSlash(path)] = string(body)
			return err
		})
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	return files
}

func isSource(path string) bool {
	if strings.HasSuffix(path, "_templ.go") || strings.HasSuffix(path, "_test.go") {
		return false
	}
	return strings.HasSuffix(path, ".templ") || strings.HasSuffix(path, ".go")
}

var (
	asked   = regexp.MustCompile(`\bT\("([a-z0-9_]+\.[a-z0-9_.]+)"`)
	typed   = regexp.MustCompile(`locale\.Key(?:\)|)\s*=\s*"([a-z0-9_]+\.[a-z0-9_.]+)"`)
	literal = regexp.MustCompile(`"([a-z0-9_]+\.[a-z0-9_.]+)"`)
	holder  = regexp.MustCompile(`\{\{\s*\.(\w+)\s*\}\}`)
)

func TestEveryKeyInTheSourcesHasWordsInEveryLanguage(t *testing.T) {
	t.Parallel()
	languages := map[string]words{"en": read(t, "en"), "es": read(t, "es")}
	for path, body := range sources(t) {
		for _, pattern := range []*regexp.Regexp{asked, typed} {
			for _, match := range pattern.FindAllStringSubmatch(body, -1) {
				for lang, all := range languages {
					if _, ok := all[match[1]]; !ok {
						t.Errorf("%s: %s: no word for %q", lang, path, match[1])
					}
				}
			}
		}
	}
}

func TestNoWordsAreLeftUnused(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for path, body := range sources(t) {
		if strings.Contains(path, "cmd/demo/sim") {
			continue // a rehearsal finds words on pages, it says none
		}
		for _, match := range literal.FindAllStringSubmatch(body, -1) {
			used[match[1]] = true
		}
	}
	for key := range read(t, "en") {
		if !used[key] {
			t.Errorf("%q is not used by any source", key)
		}
	}
}

func TestTheLanguagesHaveTheSameKeysAndPlaceholders(t *testing.T) {
	t.Parallel()
	en, es := read(t, "en"), read(t, "es")
	for key := range en {
		if _, ok := es[key]; !ok {
			t.Errorf("es: no word for %q", key)
		}
	}
	for key, forms := range es {
		if _, ok := en[key]; !ok {
			t.Errorf("en: no word for %q", key)
			continue
		}
		for _, text := range slices.Concat(slices.Collect(maps.Values(en[key])), slices.Collect(maps.Values(forms))) {
			if strings.ContainsAny(holder.ReplaceAllString(text, ""), "{}") {
				t.Errorf("%q: a brace that is no placeholder stands on the page: %s", key, text)
			}
		}
		if a, b := placeholders(en[key]), placeholders(forms); !slices.Equal(a, b) {
			t.Errorf("%q: placeholders differ: en has %v, es has %v", key, a, b)
		}
	}
}

func placeholders(forms map[string]string) []string {
	var names []string
	for _, text := range forms {
		for _, match := range holder.FindAllStringSubmatch(text, -1) {
			names = append(names, match[1])
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func TestNoWordIsEmptyAndPluralsHaveEveryForm(t *testing.T) {
	t.Parallel()
	forms := map[string][]string{"en": {"one", "other"}, "es": {"many", "one", "other"}}
	for lang, want := range forms {
		for key, texts := range read(t, lang) {
			if len(texts) > 1 {
				got := make([]string, 0, len(texts))
				for form := range texts {
					got = append(got, form)
				}
				slices.Sort(got)
				if !slices.Equal(got, want) {
					t.Errorf("%s: %q has the plural forms %v, want %v", lang, key, got, want)
				}
			}
			for form, text := range texts {
				if strings.TrimSpace(text) == "" {
					t.Errorf("%s: %q (%s) is empty", lang, key, form)
				}
			}
		}
	}
}
