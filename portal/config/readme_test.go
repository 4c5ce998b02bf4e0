package config

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write README's table of settings")

//go:generate go test -run TestReadmeListsEverySetting -update .

func TestReadmeListsEverySetting(t *testing.T) {
	const path, begin, end = "../../README.md", "by `go generate ./portal/config` -->\n", "<!-- /settings -->"
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := strings.Cut(string(content), begin)
	held, tail, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatal("README has lost the marks of its table of settings")
	}
	if held == table() {
		return
	}
	if !*update {
		t.Fatal("README's table of settings differs from the code: run go generate ./portal/config")
	}
	if err := os.WriteFile(path, []byte(head+begin+table()+end+tail), 0o644); err != nil {
		t.Fatal(err)
	}
}

// table writes the variables as README's Markdown table.
func table() string {
	var b strings.Builder
	b.WriteString("| variable | default | what it is |\n| --- | --- | --- |\n")
	for _, v := range Variables {
		name, def := "`"+v.Name+"`", ""
		if v.Secret {
			name += " or `" + v.Name + "_FILE`"
		}
		if v.Default != "" {
			def = "`" + v.Default + "`"
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", name, def, v.Help)
	}
	return b.String()
}
