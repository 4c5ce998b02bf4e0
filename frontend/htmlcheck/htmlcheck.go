// Package htmlcheck is a test helper: it reads a page into a tree, tells what is
// in it by simple selectors, and finds the faults every page must be free of.
// It is strict where browsers forgive: our pages are our own, so every element
// that is opened is closed.
package htmlcheck

import (
	"fmt"
	"html"
	"slices"
	"strings"
)

// Node is an element of a page.
type Node struct {
	Tag      string
	Attrs    map[string]string
	Children []*Node
	Parent   *Node
	text     string // of a text node, whose Tag is empty
}

// void elements have no end tag.
var void = []string{"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

// raw elements hold text that is not markup.
var raw = []string{"script", "style", "title", "textarea"}

// Parse reads a page. It returns an error for markup that is not well nested,
// for an attribute given twice and for anything unfinished.
func Parse(page string) (*Node, error) {
	root := &Node{Tag: "#page"}
	at := root
	rest := page
	for rest != "" {
		before, after, found := strings.Cut(rest, "<")
		at.addText(before)
		if !found {
			break
		}
		tag, remaining, err := cutTag(after)
		if err != nil {
			return nil, err
		}
		if at, rest, err = step(at, tag, remaining); err != nil {
			return nil, err
		}
	}
	if at != root {
		return nil, fmt.Errorf("<%s> is never closed", at.Tag)
	}
	return root, nil
}

// step takes one tag into the tree and returns where to go on.
func step(at *Node, tag, rest string) (*Node, string, error) {
	switch {
	case strings.HasPrefix(tag, "!"):
		return at, rest, nil
	case strings.HasPrefix(tag, "/"):
		name := strings.TrimSpace(tag[1:])
		if at.Tag != name {
			return nil, "", fmt.Errorf("</%s> closes <%s>", name, at.Tag)
		}
		return at.Parent, rest, nil
	}
	node, err := parseTag(strings.TrimSuffix(tag, "/"))
	if err != nil {
		return nil, "", err
	}
	node.Parent = at
	at.Children = append(at.Children, node)
	if slices.Contains(void, node.Tag) {
		return at, rest, nil
	}
	if !slices.Contains(raw, node.Tag) {
		return node, rest, nil
	}
	text, after, found := strings.Cut(rest, "</"+node.Tag+">")
	if !found {
		return nil, "", fmt.Errorf("<%s> is never closed", node.Tag)
	}
	node.addText(text)
	return at, after, nil
}

func (n *Node) addText(text string) {
	if text != "" {
		n.Children = append(n.Children, &Node{text: html.UnescapeString(text), Parent: n})
	}
}

// cutTag splits the text after "<" at the tag's own ">", which may not be the
// first: attribute values hold others.
func cutTag(after string) (tag, rest string, err error) {
	quote := byte(0)
	for i := range len(after) {
		switch c := after[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return after[:i], after[i+1:], nil
		}
	}
	return "", "", fmt.Errorf("an unfinished tag: <%.20s", after)
}

func parseTag(tag string) (*Node, error) {
	name, rest, _ := strings.Cut(strings.TrimSpace(tag), " ")
	node := &Node{Tag: strings.ToLower(strings.TrimSpace(name)), Attrs: map[string]string{}}
	for rest = strings.TrimSpace(rest); rest != ""; rest = strings.TrimSpace(rest) {
		var key, value string
		end := strings.IndexAny(rest, "= \n\t")
		switch {
		case end < 0:
			key, rest = rest, ""
		case rest[end] != '=':
			key, rest = rest[:end], rest[end:]
		default:
			quote := rest[end+1 : min(end+2, len(rest))]
			if quote != `"` && quote != "'" {
				return nil, fmt.Errorf("an attribute without quotes in <%s>", tag)
			}
			key = rest[:end]
			value, rest, _ = strings.Cut(rest[end+2:], quote)
		}
		if _, twice := node.Attrs[key]; twice {
			return nil, fmt.Errorf("<%s> has %s twice", node.Tag, key)
		}
		node.Attrs[key] = html.UnescapeString(value)
	}
	return node, nil
}

// All returns the elements below n, in the order of the page.
func (n *Node) All() []*Node {
	var all []*Node
	for _, child := range n.Children {
		if child.Tag != "" {
			all = append(all, child)
		}
		all = append(all, child.All()...)
	}
	return all
}

// Find returns the elements that fit a selector of one part: "h1", "#page",
// ".debt", `input[name="code"]`, "a[href]".
func (n *Node) Find(selector string) []*Node {
	var found []*Node
	for _, node := range n.All() {
		if node.fits(selector) {
			found = append(found, node)
		}
	}
	return found
}

func (n *Node) fits(selector string) bool {
	selector, condition, has := strings.Cut(selector, "[")
	if has && !n.hasAttribute(strings.TrimSuffix(condition, "]")) {
		return false
	}
	switch {
	case selector == "":
		return true
	case selector[0] == '#':
		return n.Attrs["id"] == selector[1:]
	case selector[0] == '.':
		return slices.Contains(strings.Fields(n.Attrs["class"]), selector[1:])
	}
	return n.Tag == selector
}

func (n *Node) hasAttribute(condition string) bool {
	key, want, equals := strings.Cut(condition, "=")
	got, ok := n.Attrs[key]
	return ok && (!equals || got == strings.Trim(want, `"`))
}

// Text returns what a person reads in the element, spaces made single.
func (n *Node) Text() string {
	var all strings.Builder
	n.write(&all)
	return strings.Join(strings.Fields(all.String()), " ")
}

func (n *Node) write(out *strings.Builder) {
	if n.Tag == "script" || n.Tag == "style" {
		return
	}
	out.WriteString(n.text)
	for _, child := range n.Children {
		child.write(out)
		out.WriteByte(' ')
	}
}
