package demo

import (
	"fmt"
	"regexp"
	"strings"

	"quittance/frontend/htmlcheck"
	"quittance/frontend/locale"
	"quittance/payments/money"
)

// spot is where a page tells a fact: the same fact at another place of the page
// is told once more, several amounts at one place are its sum.
type spot struct{ fact, place string }

// reader binds the amounts of one page to the facts that they tell: by the
// markup around them and by the words beside them, which are those of the words'
// own file in the language of the page. An amount that is bound to no fact is a
// fault.
type reader struct {
	main  *htmlcheck.Node
	words *locale.Printer
	told  map[spot]money.Cents
	bound map[*htmlcheck.Node]bool
}

func newReader(page *htmlcheck.Node, words *locale.Book) (*reader, error) {
	root, main := page.Find("html"), page.Find("#page")
	if len(root) != 1 || len(main) != 1 {
		return nil, fmt.Errorf("no page, but %.60q", page.Text())
	}
	return &reader{main: main[0], words: words.Printer(root[0].Attrs["lang"]), told: map[spot]money.Cents{}, bound: map[*htmlcheck.Node]bool{}}, nil
}

var (
	anAmount = regexp.MustCompile(`\$[0-9][0-9,]*\.[0-9]{2}`)
	first    = regexp.MustCompile(`^\$[0-9][0-9,]*\.[0-9]{2}`)
)

// add takes an amount that a place of the page tells of a fact.
func (r *reader) add(fact, place string, amount money.Cents) { r.told[spot{fact, place}] += amount }

// none says that a place tells of these facts whatever they are: what it does
// not name is $0.00.
func (r *reader) none(place string, facts ...string) {
	for _, fact := range facts {
		r.add(fact, place, 0)
	}
}

// amount binds an element that holds one amount and nothing else.
func (r *reader) amount(node *htmlcheck.Node, fact, place string) money.Cents {
	c, err := money.Parse(anAmount.FindString(node.Text()))
	if err != nil {
		return 0 // then it is bound to nothing, which is told
	}
	r.add(fact, place, c)
	r.bound[node] = true
	return c
}

// sentence is one of the words' sentences: its key, the names of what stands in
// it, an amount's name with a dollar sign, and the fact of each amount, in the
// order of the names. An empty fact is bound and told by nobody else.
type sentence struct {
	key   locale.Key
	holds string
	facts []string
}

// Where an amount, and where anything else, stands in a sentence.
const (
	sumHere      = "\x01"
	anythingHere = "\x02"
)

// match finds the amounts in a text that has the words of a key.
func (r *reader) match(text string, s sentence) ([]money.Cents, bool) {
	var args []any
	var names []string
	for name := range strings.FieldsSeq(s.holds) {
		if plain, isAmount := strings.CutPrefix(name, "$"); isAmount {
			names = append(names, plain)
			args = append(args, plain, sumHere+plain+sumHere)
		} else {
			args = append(args, name, anythingHere)
		}
	}
	found, ok := fits(strings.Join(strings.Fields(r.words.T(s.key, args...)), " "), text)
	amounts := make([]money.Cents, len(names))
	for i, name := range names {
		amounts[i] = found[name]
	}
	return amounts, ok
}

// fits reads a text by words with marks in them, and returns the amounts by name.
func fits(words, text string) (map[string]money.Cents, bool) {
	amounts := map[string]money.Cents{}
	for anything := false; ; {
		at := strings.IndexAny(words, sumHere+anythingHere)
		if at < 0 {
			return amounts, text == words && !anything || anything && len(text) > len(words) && strings.HasSuffix(text, words)
		}
		before, rest, ok := strings.Cut(text, words[:at])
		if !ok || (before != "") != anything {
			return nil, false
		}
		mark := words[at : at+1]
		text, words, anything = rest, words[at+1:], mark == anythingHere
		if mark == sumHere {
			name, after, _ := strings.Cut(words, sumHere)
			sum := first.FindString(text)
			c, err := money.Parse(sum)
			if err != nil {
				return nil, false
			}
			amounts[name], text, words = c, text[len(sum):], after
		}
	}
}

// line binds an element that has the words of one of the sentences.
func (r *reader) line(node *htmlcheck.Node, place string, sentences ...sentence) {
	text := node.Text()
	for _, s := range sentences {
		amounts, ok := r.match(text, s)
		if !ok {
			continue
		}
		for i, c := range amounts {
			if s.facts[i] != unnamed {
				r.add(s.facts[i], place, c)
			}
		}
		r.bound[node] = true
		return
	}
}

// lines binds each element of a class below a node, unless it is bound already.
func (r *reader) lines(below *htmlcheck.Node, class, place string, sentences ...sentence) {
	for _, node := range below.Find(class) {
		if !r.bound[node] {
			r.line(node, place, sentences...)
		}
	}
}

// figure binds the largest sum of a page by the words before it.
func (r *reader) figure(place string, facts map[locale.Key]string) {
	for _, f := range r.main.Find(".amount") {
		sum := f.Find(".amount-figure")
		if len(sum) != 1 {
			continue
		}
		before := ""
		if first := f.All()[0]; first != sum[0] {
			before = first.Text()
		}
		for key, fact := range facts {
			if before == r.words.T(key) {
				r.amount(sum[0], fact, place)
				break // two keys may have the same words
			}
		}
	}
}

// row binds the value of a row by the words of its name: one amount tells each of
// the sentence's facts. It returns the amount, and false where the name is another.
func (r *reader) row(node *htmlcheck.Node, place string, s sentence) (money.Cents, bool) {
	name, value := node.Find("dt"), node.Find("dd")
	if len(name) != 1 || len(value) != 1 {
		return 0, false
	}
	if _, ok := r.match(name[0].Text(), s); !ok {
		return 0, false
	}
	c, err := money.Parse(anAmount.FindString(value[0].Text()))
	if err != nil {
		return 0, false
	}
	r.bound[value[0]] = true
	for _, fact := range s.facts {
		r.add(fact, place, c)
	}
	return c, true
}

// unbound are the texts of the page in which an amount stands that tells no fact.
func (r *reader) unbound() (texts []string) {
	var walk func(*htmlcheck.Node)
	walk = func(n *htmlcheck.Node) {
		if r.bound[n] || n.Tag == "script" {
			return
		}
		for _, child := range n.Children {
			if child.Tag != "" {
				walk(child)
			} else if !r.bound[child] && anAmount.MatchString(child.Text()) {
				texts = append(texts, n.Text())
			}
		}
	}
	walk(r.main)
	return texts
}

// own are the text nodes that stand in an element itself.
func own(n *htmlcheck.Node) (texts []*htmlcheck.Node) {
	for _, child := range n.Children {
		if child.Tag == "" {
			texts = append(texts, child)
		}
	}
	return texts
}

// after is what a text has behind a prefix; empty where it has another.
func after(text, prefix string) string {
	rest, ok := strings.CutPrefix(text, prefix)
	if !ok {
		return ""
	}
	return rest
}
