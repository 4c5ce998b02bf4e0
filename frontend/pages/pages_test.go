package pages_test

import (
	"bytes"
	"testing"

	"quittance/frontend"
	"quittance/frontend/htmlcheck"
	"quittance/frontend/locale"
	"quittance/frontend/pages"
	"quittance/frontend/pages/console"
	"quittance/frontend/pages/consumer"
	"quittance/frontend/pages/demo"
)

func TestTheConsoleAndTheDemoAreFreeOfFaults(t *testing.T) {
	t.Parallel()
	kit := load(t)
	for _, e := range append(console.Gallery(kit), demo.Gallery(kit)...) {
		for _, lang := range locale.Languages() {
			t.Run(e.Page+"/"+e.State+"/"+lang, func(t *testing.T) {
				t.Parallel()
				var body bytes.Buffer
				if err := e.Component(lang).Render(t.Context(), &body); err != nil {
					t.Fatal(err)
				}
				page, err := htmlcheck.Parse(body.String())
				if err != nil {
					t.Fatal(err)
				}
				for _, fault := range htmlcheck.Faults(page) {
					t.Error(fault)
				}
			})
		}
	}
}

func TestEveryExampleHasAnAddressOfItsOwn(t *testing.T) {
	t.Parallel()
	kit := load(t)
	all := append(consumer.Gallery(kit), console.Gallery(kit)...)
	seen := map[string]bool{}
	for _, e := range append(all, demo.Gallery(kit)...) {
		address := e.Page + "/" + e.State
		if seen[address] || e.Title == "" {
			t.Errorf("%s is there twice or has no title", address)
		}
		seen[address] = true
	}
}

func load(t *testing.T) pages.Kit {
	t.Helper()
	book, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	assets, err := frontend.Load("")
	if err != nil {
		t.Fatal(err)
	}
	return pages.Kit{Book: book, Assets: assets}
}
