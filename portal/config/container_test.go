package config

import (
	"os"
	"regexp"
	"testing"
)

// TestTheComposeFileHandsOnEverySettingAndContradictsNone holds compose.yaml to
// the table of settings, and both it and the image to one source for each.
func TestTheComposeFileHandsOnEverySettingAndContradictsNone(t *testing.T) {
	t.Parallel()
	read := func(name string) string {
		text, err := os.ReadFile("../../" + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	passed := map[string]bool{}
	for _, found := range regexp.MustCompile(`(?m)^ +((?:PORTAL|STRIPE|TWILIO)_[A-Z0-9_]+):`).FindAllStringSubmatch(read("compose.yaml"), -1) {
		passed[found[1]] = true
	}
	image := map[string]bool{}
	for _, found := range regexp.MustCompile(`(PORTAL_[A-Z_]+)=`).FindAllStringSubmatch(read("Dockerfile"), -1) {
		image[found[1]] = true
	}
	for _, v := range Variables {
		plain, file := passed[v.Name] || image[v.Name], passed[v.Name+"_FILE"]
		if !plain && !file {
			t.Errorf("compose.yaml does not hand on %s", v.Name)
		}
		if plain && file {
			t.Errorf("%s is set as it is and as a file, which no portal starts with", v.Name)
		}
		delete(passed, v.Name)
		delete(passed, v.Name+"_FILE")
	}
	for name := range passed {
		t.Errorf("compose.yaml sets %s, which nothing reads", name)
	}
}
