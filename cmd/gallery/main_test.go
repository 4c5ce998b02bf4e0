package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheListNamesPagesThatAreServed(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := run(t.Context(), []string{"-list"}, &out); err != nil {
		t.Fatal(err)
	}
	var all []entry
	if err := json.Unmarshal(out.Bytes(), &all); err != nil || len(all) < 200 {
		t.Fatalf("%d addresses, %v", len(all), err)
	}
	g, err := newGallery("#5b2a86")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		w := httptest.NewRecorder()
		g.ServeHTTP(w, httptest.NewRequest(http.MethodGet, e.Path, nil))
		if w.Code != http.StatusOK || !strings.Contains(w.Header().Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s: status %d", e.Path, w.Code)
		}
	}
}

func TestWhatIsNotThereIsNotServed(t *testing.T) {
	t.Parallel()
	g, err := newGallery("")
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{
		"/": http.StatusOK, "/assets/portal.css": http.StatusOK, "/gallery/stripe.js": http.StatusOK,
		"/gallery/none/none": http.StatusNotFound, "/assets/none.css": http.StatusNotFound,
	} {
		w := httptest.NewRecorder()
		g.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != want {
			t.Errorf("%s: status %d, want %d", path, w.Code, want)
		}
	}
}

func TestADumpHoldsPagesAndAssets(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := run(t.Context(), []string{"-dump", folder}, &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(folder, "account.two.es.html"))
	if err != nil || !strings.Contains(string(page), "$482.17") {
		t.Errorf("the page was not written: %v", err)
	}
	assets, err := filepath.Glob(filepath.Join(folder, "assets", "portal.*.css"))
	if err != nil || len(assets) != 1 {
		t.Errorf("the style sheet was not written: %v", err)
	}
}

func TestAnAccentThatCannotBeReadStopsTheGallery(t *testing.T) {
	t.Parallel()
	if err := run(t.Context(), []string{"-list", "-accent", "#ffcc00"}, &bytes.Buffer{}); err == nil {
		t.Error("it was taken")
	}
}
