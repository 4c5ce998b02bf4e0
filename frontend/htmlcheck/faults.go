package htmlcheck

import (
	"fmt"
	"strings"
)

// Faults returns what is wrong with a page, one sentence each: no language, not
// exactly one heading of the first level, a script or style that is not a file,
// a field nobody could name, an id given twice, a link to nowhere.
func Faults(page *Node) []string {
	var faults []string
	add := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	root := page.Find("html")
	if len(root) != 1 || root[0].Attrs["lang"] == "" {
		add("the page has no language")
	}
	if n := len(page.Find("h1")); n != 1 {
		add("the page has %d headings of the first level", n)
	}
	if titles := page.Find("title"); len(titles) != 1 || titles[0].Text() == "" {
		add("the page has no title")
	}
	ids := map[string]bool{}
	for _, node := range page.All() {
		if id, ok := node.Attrs["id"]; ok {
			if id == "" || ids[id] {
				add("the id %q is empty or given twice", id)
			}
			ids[id] = true
		}
	}
	for _, node := range page.All() {
		faults = append(faults, elementFaults(page, node, ids)...)
	}
	return append(faults, skippedHeadings(page)...)
}

// elementFaults returns what is wrong with one element.
func elementFaults(page, node *Node, ids map[string]bool) []string {
	var faults []string
	add := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	for name, value := range node.Attrs {
		if name == "style" || strings.HasPrefix(name, "on") {
			add("<%s> has the inline attribute %s", node.Tag, name)
		}
		if name == "for" || name == "aria-labelledby" || name == "aria-describedby" {
			for _, id := range strings.Fields(value) {
				if !ids[id] && !strings.HasSuffix(id, "-problem") {
					add("<%s> points to the id %q, which is not there", node.Tag, id)
				}
			}
		}
	}
	switch node.Tag {
	case "script":
		if node.Attrs["src"] == "" || node.Text() != "" {
			add("a script is not a file of its own")
		}
	case "style":
		add("a style stands in the page")
	case "a":
		if href := node.Attrs["href"]; href == "" || href == "#" || strings.HasPrefix(href, "about:") {
			add("the link %q leads nowhere", node.Text())
		}
		if node.Text() == "" {
			add("the link to %q has no words", node.Attrs["href"])
		}
	case "form":
		if node.Attrs["method"] == "post" && node.Attrs["action"] == "" {
			add("a form has no address")
		}
	case "img":
		if _, ok := node.Attrs["alt"]; !ok {
			add("a picture has no words")
		}
	case "button":
		if node.Text() == "" {
			add("a button has no words")
		}
	case "input", "select", "textarea":
		if node.Attrs["type"] != "hidden" && !labeled(page, node) {
			add("the field %q has no label", node.Attrs["name"])
		}
	}
	return faults
}

func labeled(page, node *Node) bool {
	if node.Attrs["aria-label"] != "" {
		return true
	}
	for _, label := range page.Find("label") {
		if label.Attrs["for"] == node.Attrs["id"] && label.Text() != "" {
			return true
		}
	}
	return false
}

// skippedHeadings finds a heading more than one level below the one before.
func skippedHeadings(page *Node) []string {
	var faults []string
	level := 0
	for _, node := range page.All() {
		if len(node.Tag) != 2 || node.Tag[0] != 'h' || node.Tag[1] < '1' || node.Tag[1] > '6' {
			continue
		}
		next := int(node.Tag[1] - '0')
		if level > 0 && next > level+1 {
			faults = append(faults, fmt.Sprintf("the heading %q skips a level", node.Text()))
		}
		level = next
	}
	return faults
}
