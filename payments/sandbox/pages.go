package sandbox

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"strings"
)

//go:embed js pages
var files embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{"dollars": dollars}).ParseFS(files, "pages/*.html"))

// view is what a page is given.
type view struct {
	Lang   string
	Agency string
	Amount int64
	Data   any
}

// T returns a phrase in the page's language.
func (v view) T(key string) string { return phrase(v.Lang, key) }

// pageRoutes serves what people and browsers see.
func (s *Server) pageRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /v3", serveFile("js/stripe.js", "text/javascript; charset=utf-8"))
	mux.HandleFunc("GET /v3/", serveFile("js/stripe.js", "text/javascript; charset=utf-8"))
	for _, name := range []string{"frame.js", "challenge.js"} {
		mux.HandleFunc("GET /js/"+name, serveFile("js/"+name, "text/javascript; charset=utf-8"))
	}
	mux.HandleFunc("GET /js/page.css", serveFile("js/page.css", "text/css; charset=utf-8"))
	mux.HandleFunc("GET /js/element", s.framed("element"))
	mux.HandleFunc("GET /js/controller", s.framed("controller"))
	mux.HandleFunc("GET /3ds/{id}/{token}", s.challengePage)
	mux.HandleFunc("POST /3ds/{id}/{token}", s.answerChallenge)
	mux.HandleFunc("GET /checkout/{id}", s.checkoutPage)
	mux.HandleFunc("POST /checkout/{id}", s.payCheckout)
	mux.HandleFunc("GET /microdeposits/{id}", s.depositsPage)
	mux.HandleFunc("POST /microdeposits/{id}", s.verifyDeposits)
}

func serveFile(name, kind string) http.HandlerFunc {
	body, err := files.ReadFile(name)
	if err != nil {
		panic("sandbox: " + err.Error()) // the file is embedded: only a build can lose it
	}
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Cache-Control", "no-cache")
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		put(w, body)
	}
}

// framed serves the pages that the browser script opens in its frames.
func (s *Server) framed(page string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		lang := language(r, r.URL.Query().Get("locale"))
		render(w, http.StatusOK, page, formView{
			view:  view{Lang: lang, Agency: s.cfg.AgencyName},
			Types: []string{"card", "us_bank_account"}, Method: "card",
		})
	}
}

// render writes a page. There is no form-action in the policy, for browsers
// apply it to the redirect that follows a form, and that leads to the merchant.
func render(w http.ResponseWriter, status int, page string, v any) {
	var body bytes.Buffer
	if err := templates.ExecuteTemplate(&body, page, v); err != nil {
		http.Error(w, "the sandbox could not render this page", http.StatusInternalServerError)
		return
	}
	ancestors := "*"
	if page == "checkout" {
		ancestors = "'none'"
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; frame-ancestors "+ancestors)
	w.WriteHeader(status)
	put(w, body.Bytes())
}

func notFound(w http.ResponseWriter, r *http.Request) {
	render(w, http.StatusNotFound, "message", view{Lang: language(r, ""), Data: "gone"})
}

// language chooses between the two this server speaks.
func language(r *http.Request, locale string) string {
	if locale == "" || locale == "auto" {
		locale = r.Header.Get("Accept-Language")
	}
	if strings.HasPrefix(strings.ToLower(locale), "es") {
		return "es"
	}
	return "en"
}
