package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"quittance/portal/web/body"
)

// larger are the operations whose bodies may be larger than what anybody may
// send, and how large.
var larger = map[string]int{
	"POST /api/v1/placements":              4 << 20,
	"POST /api/v1/disputes/x/verification": 3600 << 10,
}

// TestSEC07_EveryOperationReadsNoMoreThanItsLimitAndNothingWithoutAToken sends
// each operation one byte more than it takes.
func TestSEC07_EveryOperationReadsNoMoreThanItsLimitAndNothingWithoutAToken(t *testing.T) {
	t.Parallel()
	p := setup(t)
	token, met := p.token(t, ""), 0
	for _, o := range p.operations(t) {
		most := 0
		if o.body {
			most = body.Small
		}
		if n, named := larger[o.method+" "+o.path]; named {
			most, met = n, met+1
		}
		text := strings.Repeat(" ", most+1)
		if a := p.ask(t, "", o.method, o.path, text); a.status != http.StatusUnauthorized {
			t.Errorf("%s %s without a token: %d %.200s", o.method, o.path, a.status, a.body)
		}
		a := p.ask(t, token, o.method, o.path, text)
		switch {
		case most == 0 && a.status != http.StatusBadRequest:
			t.Errorf("%s %s takes a body: %d %.200s", o.method, o.path, a.status, a.body)
		case most > 0 && (a.status != http.StatusRequestEntityTooLarge || !strings.Contains(a.body, fmt.Sprintf("may have %d bytes", most))):
			t.Errorf("%s %s, %d bytes: %d %.200s", o.method, o.path, len(text), a.status, a.body)
		}
	}
	if met != len(larger) {
		t.Errorf("%d operations with limits of their own of %d are there", met, len(larger))
	}
}
