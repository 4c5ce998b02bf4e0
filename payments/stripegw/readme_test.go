package stripegw

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestSTR05_TheReadmeAsksStripeForEveryEventThatIsHandled reads the step of
// README in which the endpoint is made.
func TestSTR05_TheReadmeAsksStripeForEveryEventThatIsHandled(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, step, found := strings.Cut(string(text), "create a webhook endpoint for")
	_, step, named := strings.Cut(step, " the events\n")
	step, _, _ = strings.Cut(step, "\n\n")
	if !found || !named {
		t.Fatal("README has lost its step about Stripe's endpoint")
	}
	var asked []string
	for _, name := range regexp.MustCompile("`[a-z_.*]+`").FindAllString(step, -1) {
		asked = append(asked, strings.Trim(name, "`*"))
	}
	used := map[string]bool{}
	for event := range handled {
		var by string
		for _, one := range asked {
			if event == one || strings.HasSuffix(one, ".") && strings.HasPrefix(event, one) {
				by = one
			}
		}
		if used[by] = true; by == "" {
			t.Errorf("README does not ask for %s", event)
		}
	}
	for _, one := range asked {
		if !used[one] {
			t.Errorf("README asks for %s, which nothing looks at", one)
		}
	}
}
