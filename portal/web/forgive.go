package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// around an address people and programs write signs that do not belong to it:
// the full stop of a sentence, a bracket, a quote, a blank, a sign that nobody
// sees.
const aroundAddress = " .,;:!?()[]{}<>'\"“”‘’«»…*_`|\\\u00a0\u200b\u200c\u200d\u2060\ufeff\r\n\t"

// forgive leads a GET that no route has to the route that was meant: with a slash
// or a full stop behind it, a slash too many, or capitals (G08). The address is
// put together from the table of routes; of what was asked only the parts that a
// route leaves open are taken, as they stand. So it never leaves this site.
func (s *Server) forgive(c *fiber.Ctx) error {
	r := s.request(c)
	if c.Method() != http.MethodGet || r.machine() {
		return c.Next()
	}
	asked := string(c.Request().URI().PathOriginal())
	for _, route := range s.table {
		if meant, ok := route.meant(asked); ok && meant != asked && local(meant) {
			if query := string(c.Request().URI().QueryString()); query != "" {
				meant += "?" + query
			}
			return r.SeeOther(meant)
		}
	}
	return c.Next()
}

// meant is the address of a route that a path stands for; false where it is
// another's.
func (r Route) meant(path string) (string, bool) {
	if r.Method != http.MethodGet || !r.byBrowser() {
		return "", false
	}
	ours := strings.Split(strings.Trim(r.Pattern, "/"), "/")
	typed := strings.FieldsFunc(trimAddress(path), func(c rune) bool { return c == '/' })
	if r.Pattern == "/" {
		return "/", len(typed) == 0
	}
	if len(typed) != len(ours) {
		return "", false
	}
	for i, part := range ours {
		switch {
		case strings.HasPrefix(part, ":") && !strings.ContainsAny(part[1:], ":.-"):
			ours[i] = typed[i]
		case !strings.EqualFold(part, typed[i]):
			return "", false
		}
	}
	return "/" + strings.Join(ours, "/"), true
}

// trimAddress takes the signs around a path off, written plainly or as %20.
func trimAddress(path string) string {
	for {
		trimmed := strings.Trim(strings.TrimRight(path, "/"), aroundAddress)
		at := len(trimmed)
		for at >= 3 && trimmed[at-3] == '%' {
			at -= 3
		}
		if tail, err := url.PathUnescape(trimmed[at:]); err == nil && strings.Trim(tail, aroundAddress) == "" {
			trimmed = trimmed[:at]
		}
		if trimmed == path {
			return path
		}
		path = trimmed
	}
}
