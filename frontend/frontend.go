// Package frontend holds everything a person sees. This package itself only
// builds the style sheets and scripts that the pages load; pages, words and
// components stand in the folders below it.
package frontend

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"
)

//go:embed tokens.css base.css components/*/*.css layouts/*.css pages/*/*.css
//go:embed components/*/*.js pages/*/*.js
//go:embed icon.svg
var files embed.FS

// Asset is one file the browser loads, ready to be sent.
type Asset struct {
	Path        string // with a hash of the content: "/assets/portal.3f9a12c0.css"
	ContentType string
	ETag        string
	Body        []byte
	Gzip        []byte // the same, compressed
	// Forever is true for a path with a hash: it may be cached for good.
	Forever bool
}

// Assets finds assets by path, and paths by name. It never changes after Load.
type Assets struct {
	byPath map[string]Asset
	paths  map[string]string
}

// bundles says which sources make which style sheet, in this order.
var bundles = map[string][]string{
	"portal.css":  {"tokens.css", "base.css", "components/*/*.css", "layouts/consumer.css", "pages/consumer/*.css"},
	"console.css": {"layouts/console.css", "pages/console/*.css", "pages/demo/*.css"},
}

// Load builds the assets. The accent is the agency's color as "#0f5f59"; empty
// means the portal's own. It returns CheckAccent's error for a color that
// people could not read.
func Load(accent string) (*Assets, error) {
	agency, err := agencyCSS(accent)
	if err != nil {
		return nil, err
	}
	a := &Assets{byPath: map[string]Asset{}, paths: map[string]string{}}
	a.add("agency.css", agency)
	for name, globs := range bundles {
		body, err := bundle(globs)
		if err != nil {
			return nil, fmt.Errorf("bundle %s: %w", name, err)
		}
		a.add(name, body)
	}
	icon, err := files.ReadFile("icon.svg")
	if err != nil {
		return nil, err
	}
	a.add("icon.svg", icon)
	return a, a.addScripts()
}

// Find returns the asset of a request path. Paths without a hash are found too,
// for a page that was kept by somebody; they are not to be cached for good.
func (a *Assets) Find(requestPath string) (Asset, bool) {
	asset, ok := a.byPath[requestPath]
	return asset, ok
}

// Path returns the address of an asset by its plain name: "portal.css". An
// unknown name comes back as it is, and a test of the gallery fails on it.
func (a *Assets) Path(name string) string {
	if p, ok := a.paths[name]; ok {
		return p
	}
	return name
}

// Names returns the plain names of all assets, sorted.
func (a *Assets) Names() []string {
	names := make([]string, 0, len(a.paths))
	for name := range a.paths {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func (a *Assets) addScripts() error {
	for _, glob := range []string{"components/*/*.js", "pages/*/*.js"} {
		names, err := fs.Glob(files, glob)
		if err != nil {
			return err
		}
		for _, name := range names {
			body, err := files.ReadFile(name)
			if err != nil {
				return err
			}
			a.add(path.Base(name), stripScript(body))
		}
	}
	return nil
}

func (a *Assets) add(name string, body []byte) {
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:])
	extension := path.Ext(name)
	asset := Asset{
		Path:        "/assets/" + strings.TrimSuffix(name, extension) + "." + hash[:12] + extension,
		ContentType: contentTypes[extension],
		ETag:        `"` + hash[:24] + `"`,
		Body:        body,
		Gzip:        compress(body),
		Forever:     true,
	}
	a.paths[name] = asset.Path
	a.byPath[asset.Path] = asset
	asset.Path, asset.Forever = "/assets/"+name, false
	a.byPath[asset.Path] = asset
}

var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

func bundle(globs []string) ([]byte, error) {
	var all bytes.Buffer
	for _, glob := range globs {
		names, err := fs.Glob(files, glob)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			body, err := files.ReadFile(name)
			if err != nil {
				return nil, err
			}
			all.Write(stripCSS(body))
		}
	}
	return all.Bytes(), nil
}

// stripCSS leaves out comments and indentation. No string in our style sheets
// holds a comment mark.
func stripCSS(css []byte) []byte {
	var out strings.Builder
	rest := string(css)
	for {
		before, after, found := strings.Cut(rest, "/*")
		out.WriteString(before)
		if !found {
			break
		}
		_, rest, _ = strings.Cut(after, "*/")
	}
	return joinLines(out.String(), func(string) bool { return true })
}

// stripScript leaves out lines that are comments, and indentation.
func stripScript(js []byte) []byte {
	return joinLines(string(js), func(line string) bool { return !strings.HasPrefix(line, "//") })
}

func joinLines(text string, keep func(string) bool) []byte {
	var out bytes.Buffer
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && keep(line) {
			out.WriteString(line)
			out.WriteByte('\n')
		}
	}
	return out.Bytes()
}

func compress(body []byte) []byte {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil
	}
	if _, err := w.Write(body); err != nil {
		return nil
	}
	if err := w.Close(); err != nil {
		return nil
	}
	return out.Bytes()
}
