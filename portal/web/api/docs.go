package api

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"quittance/portal/outbox"
)

// documentRoutes serves the OpenAPI document, a page to read, and the schemas
// of events. They are the same for everybody and say nothing of anybody, so
// they ask for no token.
func (s *server) documentRoutes(app *fiber.App) error {
	document, err := json.MarshalIndent(s.api.OpenAPI(), "", "  ")
	if err != nil {
		return fmt.Errorf("write the OpenAPI document: %w", err)
	}
	page, err := docsPage(s.api.OpenAPI())
	if err != nil {
		return err
	}
	serve := func(kind string, content []byte) fiber.Handler {
		return func(c *fiber.Ctx) error {
			c.Set(fiber.HeaderContentType, kind)
			return c.Send(content)
		}
	}
	app.Add(http.MethodGet, "/api/openapi.json", serve("application/openapi+json", document))
	app.Add(http.MethodGet, docsPath, serve("text/html; charset=utf-8", page))
	app.Add(http.MethodGet, "/api/schemas/:type/:version", schema("application/schema+json", outbox.Schema))
	app.Add(http.MethodGet, "/api/schemas/:type/:version/example", schema("application/json", outbox.Example))
	return nil
}

func schema(kind string, find func(outbox.Type, string) ([]byte, error)) fiber.Handler {
	return func(c *fiber.Ctx) error {
		content, err := find(outbox.Type(c.Params("type")), c.Params("version"))
		if err != nil {
			return c.Status(http.StatusNotFound).JSON(problem(http.StatusNotFound, "not-found", "There is no such schema."), problemType)
		}
		c.Set(fiber.HeaderContentType, kind)
		return c.Send(content)
	}
}

// docsOperation is one operation as the page lists it.
type docsOperation struct {
	Method, Path string
	*huma.Operation
	Scope string
	Kinds []string
}

// problemKinds explains each kind of problem; the type of a problem points
// here.
var problemKinds = []struct{ Code, Text string }{
	{"unreadable", "The body is not what the address reads: broken JSON, the same field twice, NUL characters, or a body where none belongs."},
	{"unauthorized", "There is no token, or it is not valid."},
	{"forbidden", "The token does not have the scope, or belongs to a creditor where the agency's is needed."},
	{"not-found", "There is no such thing, or it is not yours."},
	{"conflict", "It cannot be done in the state things are in."},
	{"too-large", "The body is too large."},
	{"media-type", "The body is of another kind than the address reads."},
	{"invalid", "Fields are missing, unknown or not as they should be; errors names them."},
	{"key-missing", "The request needs an Idempotency-Key."},
	{"key-reused", "The Idempotency-Key came before with another request."},
	{"in-flight", "The same request is being worked on."},
	{"file", "A placements file cannot be read as a whole."},
	{"rows-refused", "Every row of a placements file was refused; errors names them."},
	{"not-sent", "A rule stands against sending; its id is in the detail."},
	{"endpoint-address", "Webhooks are delivered to https addresses on the public internet only."},
	{"already-posted", "An event was posted under another transaction id."},
	{"no-proof", "A dispute was to be answered without a document, its method and its day."},
	{"no-consent", "An answer by electronic means alone to a consumer who did not agree to that."},
	{"not-in-favor", "The debt does not stand as the consumer said."},
	{"not-posted", "Events of this type are not posted."},
	{"closed", "The endpoint was closed."},
	{"too-many", "It was asked for too often. Wait as long as Retry-After says."},
	{"unavailable", "It could not be done now. Nothing was lost; ask again."},
	{"internal", "Our own fault. It was logged; ask again later."},
}

var docsTemplate = template.Must(template.New("docs").Parse(`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{.Title}}</title></head>
<body>
<main>
<h1>{{.Title}}</h1>
<p>{{.Description}}</p>
<p>The same as a document for programs: <a href="/api/openapi.json">OpenAPI 3.1</a>.</p>
<h2 id="operations">Operations</h2>
{{range .Operations}}
<h3 id="{{.OperationID}}"><code>{{.Method}} {{.Path}}</code></h3>
<p>{{.Summary}}. {{.Description}}</p>
<p>Scope <code>{{.Scope}}</code>.{{range .Kinds}} Reads <code>{{.}}</code>.{{end}}</p>
{{if .Parameters}}<ul>{{range .Parameters}}<li><code>{{.Name}}</code> ({{.In}}{{if .Required}}, required{{end}}) {{.Description}}</li>{{end}}</ul>{{end}}
{{end}}
<h2 id="webhooks">Webhooks</h2>
<p>Events are sent as <a href="https://www.standardwebhooks.com/">Standard Webhooks 1.0.0</a>: verify the signature, answer 2xx within 15 seconds, and expect the same event more than once and in any order. The sequence has no gaps: a missing number is an event to fetch.</p>
<ul>
{{range .Types}}<li><code>{{.}}</code>: <a href="/api/schemas/{{.}}/1">schema</a>, <a href="/api/schemas/{{.}}/1/example">example</a></li>
{{end}}</ul>
<h2 id="problems">Problems</h2>
<dl>
{{range .Problems}}<dt id="{{.Code}}"><code>{{.Code}}</code></dt><dd>{{.Text}}</dd>
{{end}}</dl>
</main>
</body>
</html>
`))

func docsPage(o *huma.OpenAPI) ([]byte, error) {
	var page bytes.Buffer
	err := docsTemplate.Execute(&page, map[string]any{
		"Title": o.Info.Title, "Description": o.Info.Description, "Operations": operations(o), "Types": emitted(), "Problems": problemKinds,
	})
	if err != nil {
		return nil, fmt.Errorf("write the page of the API: %w", err)
	}
	return page.Bytes(), nil
}

func operations(o *huma.OpenAPI) []docsOperation {
	var all []docsOperation
	for path, item := range o.Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op == nil {
				continue
			}
			listed := docsOperation{Method: op.Method, Path: path, Operation: op, Scope: string(scopeOf(op))}
			if op.RequestBody != nil {
				listed.Kinds = kinds(op)
			}
			all = append(all, listed)
		}
	}
	slices.SortFunc(all, func(a, b docsOperation) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
	})
	return all
}

func emitted() []outbox.Type {
	var types []outbox.Type
	for _, k := range outbox.Kinds {
		if k.Use == outbox.Emitted {
			types = append(types, k.Type)
		}
	}
	return append(types, outbox.EndpointTest)
}
