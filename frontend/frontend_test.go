package frontend_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"quittance/frontend"
)

func load(t *testing.T, accent string) *frontend.Assets {
	t.Helper()
	assets, err := frontend.Load(accent)
	if err != nil {
		t.Fatal(err)
	}
	return assets
}

func TestU5_StylesAndScriptsAreSmall(t *testing.T) {
	t.Parallel()
	assets := load(t, "")
	scripts := 0
	for _, name := range assets.Names() {
		asset, ok := assets.Find(assets.Path(name))
		if !ok {
			t.Fatalf("%s is not found by its own path", name)
		}
		if strings.HasSuffix(name, ".css") && len(asset.Gzip) > 16<<10 {
			t.Errorf("%s weighs %d bytes", name, len(asset.Gzip))
		}
		if strings.HasSuffix(name, ".js") {
			scripts += len(asset.Gzip)
		}
	}
	if scripts > 5<<10 {
		t.Errorf("the scripts weigh %d bytes together", scripts)
	}
}

func TestAnAssetIsFoundWithAndWithoutItsHash(t *testing.T) {
	t.Parallel()
	assets := load(t, "")
	hashed, ok := assets.Find(assets.Path("portal.css"))
	if !ok || !hashed.Forever {
		t.Fatal("the path with the hash is not cached for good")
	}
	plain, ok := assets.Find("/assets/portal.css")
	if !ok || plain.Forever {
		t.Fatal("the plain path is missing or cached for good")
	}
	if plain.ETag != hashed.ETag || plain.ContentType != "text/css; charset=utf-8" {
		t.Error("the two are not the same")
	}
	if _, ok := assets.Find("/assets/none.css"); ok {
		t.Error("an asset that does not exist was found")
	}
}

func TestAnotherAccentIsAnotherPath(t *testing.T) {
	t.Parallel()
	if load(t, "#0f5f59").Path("agency.css") == load(t, "#5b2a86").Path("agency.css") {
		t.Error("a browser would keep the old color")
	}
}

func TestAnAccentPeopleCannotReadIsRefused(t *testing.T) {
	t.Parallel()
	for accent, want := range map[string]error{
		"#0f5f59": nil, "#000000": nil, "#5b2a86": nil, "#767676": frontend.ErrAccentContrast,
		"#ffcc00": frontend.ErrAccentContrast, "#ffffff": frontend.ErrAccentContrast,
		"red": frontend.ErrAccentFormat, "#12345": frontend.ErrAccentFormat, "#12345g": frontend.ErrAccentFormat, "": frontend.ErrAccentFormat,
	} {
		if err := frontend.CheckAccent(accent); !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", accent, err, want)
		}
	}
	if _, err := frontend.Load("#ffcc00"); !errors.Is(err, frontend.ErrAccentContrast) {
		t.Errorf("the assets were made all the same: %v", err)
	}
}

func TestEveryVariableOfTheStylesIsDefined(t *testing.T) {
	t.Parallel()
	assets := load(t, "")
	all := ""
	for _, name := range []string{"agency.css", "portal.css", "console.css"} {
		asset, _ := assets.Find(assets.Path(name))
		all += string(asset.Body)
	}
	for _, use := range regexp.MustCompile(`var\((--[a-z-]+)`).FindAllStringSubmatch(all, -1) {
		if !strings.Contains(all, use[1]+":") {
			t.Errorf("%s is used and never defined", use[1])
		}
	}
	if strings.Count(all, "{") != strings.Count(all, "}") {
		t.Error("the braces do not match")
	}
	if strings.Contains(all, "/*") || strings.Contains(all, "url(http") {
		t.Error("a comment or a file from elsewhere is left")
	}
}
