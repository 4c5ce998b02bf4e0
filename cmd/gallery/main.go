// Command gallery shows every page in every state and both languages, with
// made-up data and no database.
//
//	go run ./cmd/gallery                 serve on 127.0.0.1:8090
//	go run ./cmd/gallery -dump DIR       write each page and the assets as files
//	go run ./cmd/gallery -list           print the addresses as JSON
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"quittance/frontend"
	"quittance/frontend/locale"
	"quittance/frontend/pages"
	"quittance/frontend/pages/console"
	"quittance/frontend/pages/consumer"
	"quittance/frontend/pages/demo"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("gallery", flag.ContinueOnError)
	addr := flags.String("addr", "127.0.0.1:8090", "address to serve on")
	accent := flags.String("accent", "", "the agency's color, as #0f5f59")
	dump := flags.String("dump", "", "write the pages into this folder and stop")
	list := flags.Bool("list", false, "print the addresses as JSON and stop")
	if err := flags.Parse(args); err != nil {
		return err
	}
	g, err := newGallery(*accent)
	if err != nil {
		return err
	}
	switch {
	case *list:
		return json.NewEncoder(stdout).Encode(g.addresses())
	case *dump != "":
		return g.dump(ctx, *dump)
	default:
		listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", *addr)
		if err != nil {
			return err
		}
		fmt.Fprintf(stdout, "the gallery is at http://%s/\n", listener.Addr())
		server := http.Server{Handler: g, ReadHeaderTimeout: 5 * time.Second}
		return server.Serve(listener)
	}
}

// gallery holds the examples by address.
type gallery struct {
	assets   *frontend.Assets
	examples []pages.Example
}

func newGallery(accent string) (*gallery, error) {
	book, err := locale.Load()
	if err != nil {
		return nil, err
	}
	assets, err := frontend.Load(accent)
	if err != nil {
		return nil, err
	}
	kit := pages.Kit{Book: book, Assets: assets}
	examples := consumer.Gallery(kit)
	examples = append(examples, console.Gallery(kit)...)
	examples = append(examples, demo.Gallery(kit)...)
	return &gallery{assets: assets, examples: examples}, nil
}

// entry is one line of -list.
type entry struct {
	Path  string `json:"path"`
	Page  string `json:"page"`
	State string `json:"state"`
	Lang  string `json:"lang"`
	Title string `json:"title"`
}

func (g *gallery) addresses() []entry {
	var all []entry
	for _, e := range g.examples {
		for _, lang := range locale.Languages() {
			all = append(all, entry{
				Path: "/gallery/" + e.Page + "/" + e.State + "?lang=" + lang,
				Page: e.Page, State: e.State, Lang: lang, Title: e.Title,
			})
		}
	}
	return all
}

func (g *gallery) dump(ctx context.Context, folder string) error {
	for _, e := range g.examples {
		for _, lang := range locale.Languages() {
			var page bytes.Buffer
			if err := e.Component(lang).Render(ctx, &page); err != nil {
				return err
			}
			if err := write(folder, e.Page+"."+e.State+"."+lang+".html", page.Bytes()); err != nil {
				return err
			}
		}
	}
	for _, name := range g.assets.Names() {
		asset, _ := g.assets.Find(g.assets.Path(name))
		if err := write(folder, strings.TrimPrefix(asset.Path, "/"), asset.Body); err != nil {
			return err
		}
	}
	return nil
}

func write(folder, name string, body []byte) error {
	path := filepath.Join(folder, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return err
	}
	return os.WriteFile(path, body, 0o600)
}

// policy is the content security policy of the portal's pages: no inline
// script, no inline style, nothing from elsewhere.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// fakeScript stands in for the payment partner's script: it draws a box where
// the fields would be.
const fakeScript = `window.Stripe = () => ({
  elements: () => ({
    create: () => ({
      on: (name, call) => { if (name === "ready") setTimeout(call, 50); },
      mount: (where) => {
        const box = document.createElement("p");
        box.textContent = "(fields of the payment partner)";
        document.querySelector(where).replaceChildren(box);
      },
    }),
  }),
});
`

func (g *gallery) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Security-Policy", policy)
	w.Header().Set("Referrer-Policy", "same-origin")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	switch {
	case r.URL.Path == "/":
		g.index(w)
	case r.URL.Path == "/gallery/stripe.js":
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		_, _ = io.WriteString(w, fakeScript)
	case strings.HasPrefix(r.URL.Path, "/assets/"):
		g.asset(w, r)
	default:
		g.page(w, r)
	}
}

func (g *gallery) asset(w http.ResponseWriter, r *http.Request) {
	asset, ok := g.assets.Find(r.URL.Path)
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", asset.ContentType)
	w.Header().Set("ETag", asset.ETag)
	_, _ = w.Write(asset.Body)
}

func (g *gallery) page(w http.ResponseWriter, r *http.Request) {
	e, err := g.find(r.URL.Path)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	lang := r.URL.Query().Get("lang")
	if lang == "" {
		lang = locale.Languages()[0]
	}
	var page bytes.Buffer
	if err := e.Component(lang).Render(r.Context(), &page); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = page.WriteTo(w)
}

var errNoExample = errors.New("no such example")

func (g *gallery) find(path string) (pages.Example, error) {
	for _, e := range g.examples {
		if path == "/gallery/"+e.Page+"/"+e.State {
			return e, nil
		}
	}
	return pages.Example{}, errNoExample
}

func (g *gallery) index(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, `<!DOCTYPE html><html lang="en"><title>Gallery</title><meta name="viewport" content="width=device-width">`+
		`<link rel="stylesheet" href="%s"><main class="page"><h1>Gallery</h1><ul>`, g.assets.Path("portal.css"))
	for _, e := range g.examples {
		address := "/gallery/" + e.Page + "/" + e.State
		fmt.Fprintf(w, `<li><a href="%[1]s?lang=en">%[2]s – %[3]s</a> · <a href="%[1]s?lang=es" lang="es">español</a></li>`,
			address, e.Page, e.Title)
	}
	fmt.Fprint(w, `</ul></main></html>`)
}
