package mocktest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stripe/stripe-mock/embedded"
	"github.com/stripe/stripe-mock/server"
)

// description is the processor's OpenAPI document, read once.
var description = sync.OnceValues(func() (*openapi3.T, error) {
	return openapi3.NewLoader().LoadFromData(embedded.OpenAPISpec)
})

func document(t testing.TB) *openapi3.T {
	t.Helper()
	doc, err := description()
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// mock is stripe-mock in this process. It never listens on any address: requests
// are handed to it.
var mock = sync.OnceValues(func() (http.Handler, error) {
	spec, err := server.LoadSpec(embedded.OpenAPISpec, "")
	if err != nil {
		return nil, err
	}
	fixtures, err := server.LoadFixtures(embedded.OpenAPIFixtures, "")
	if err != nil {
		return nil, err
	}
	stub, err := server.NewStubServer(fixtures, spec, false, false)
	if err != nil {
		return nil, err
	}
	return http.HandlerFunc(stub.HandleRequest), nil
})

// operation finds the row of the document for a request.
func operation(doc *openapi3.T, method, path string) (string, *openapi3.Operation) {
	best, found := "", (*openapi3.Operation)(nil)
	for _, template := range doc.Paths.InMatchingOrder() {
		item := doc.Paths.Value(template)
		if op := item.GetOperation(method); op != nil && fits(template, path) && literal(template) >= literal(best) {
			best, found = template, op
		}
	}
	return best, found
}

func fits(template, path string) bool {
	want, got := strings.Split(template, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return false
	}
	for i, w := range want {
		if !strings.HasPrefix(w, "{") && w != got[i] {
			return false
		}
	}
	return true
}

// literal counts the fixed parts: an address without placeholders wins.
func literal(template string) int {
	return strings.Count(template, "/") - strings.Count(template, "{")
}

// checkAnswer validates an answer's body against the document.
func checkAnswer(op *openapi3.Operation, status int, body []byte) error {
	res := op.Responses.Status(status)
	if res == nil {
		res = op.Responses.Default()
	}
	content := res.Value.Content.Get("application/json")
	return visit(content.Schema.Value, body)
}

func visit(schema *openapi3.Schema, body []byte) error {
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		return err
	}
	if err := schema.VisitJSON(v, openapi3.MultiErrors()); err != nil {
		return fmt.Errorf("%.1500s", err.Error())
	}
	return nil
}
