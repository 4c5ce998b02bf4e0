package sandbox

import "net/http"

type view struct {
	Lang   string
	Amount int64
	Data   any
}

func (s *Server) pageRoutes(mux *http.ServeMux) {}

func render(w http.ResponseWriter, status int, page string, v view) {}

func notFound(w http.ResponseWriter, r *http.Request) {}

func language(r *http.Request, locale string) string { return "en" }
