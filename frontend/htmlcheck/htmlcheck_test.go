package htmlcheck_test

import (
	"strings"
	"testing"

	"quittance/frontend/htmlcheck"
)

const good = `<!DOCTYPE html><html lang="en"><head><title>A – B</title><script src="/a.js" defer></script></head>` +
	`<body><h1>Hello &amp; welcome</h1><form method="post" action="/"><label for="code">Code</label>` +
	`<input id="code" name="code" value="a > b"></form><a class="quiet big" href="/x">Go on</a></body></html>`

func TestAPageIsFoundBySelectors(t *testing.T) {
	t.Parallel()
	page, err := htmlcheck.Parse(good)
	if err != nil {
		t.Fatal(err)
	}
	if faults := htmlcheck.Faults(page); len(faults) > 0 {
		t.Errorf("a good page has faults: %v", faults)
	}
	for selector, want := range map[string]string{
		"h1": "Hello & welcome", "#code": "", ".big": "Go on", "a[href]": "Go on", `a[href="/x"]`: "Go on",
	} {
		found := page.Find(selector)
		if len(found) != 1 || found[0].Text() != want {
			t.Errorf("%s: found %d", selector, len(found))
		}
	}
	if got := page.Find(`input[name="code"]`)[0].Attrs["value"]; got != "a > b" {
		t.Errorf("value %q", got)
	}
}

func TestBrokenMarkupIsRefused(t *testing.T) {
	t.Parallel()
	for _, broken := range []string{
		"<p><b></p></b>", "<p>", "</p>", `<p class="a" class="b"></p>`, "<p", "<script>x", `<p id=x></p>`,
	} {
		if _, err := htmlcheck.Parse(broken); err == nil {
			t.Errorf("%s was taken", broken)
		}
	}
}

func TestEachFaultIsFound(t *testing.T) {
	t.Parallel()
	for change, want := range map[string]string{
		` lang="en"|`:                               "no language",
		`<h1>|<h1>One</h1><h1>`:                     "2 headings",
		`<title>A – B</title>|`:                     "no title",
		`<form|<form onsubmit="x()"`:                "inline attribute onsubmit",
		`<h1>|<h1 style="color:red">`:               "inline attribute style",
		`src="/a.js" defer></script>|>x()</script>`: "not a file",
		`<label for="code">Code</label>|`:           "no label",
		`href="/x"|href=""`:                         "leads nowhere",
		`<h1>|<h1 id="code">`:                       "given twice",
		`for="code"|for="other"`:                    "not there",
		`action="/"|action=""`:                      "no address",
		`Go on|`:                                    "no words",
		`</form>|</form><h3>Skipped</h3>`:           "skips a level",
	} {
		old, new, _ := strings.Cut(change, "|")
		page, err := htmlcheck.Parse(strings.Replace(good, old, new, 1))
		if err != nil {
			t.Fatalf("%s: %v", change, err)
		}
		if all := strings.Join(htmlcheck.Faults(page), "\n"); !strings.Contains(all, want) {
			t.Errorf("%s: want %q, got %q", change, want, all)
		}
	}
}
