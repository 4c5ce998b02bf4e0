// Package locale turns keys into words. Every sentence a person sees stands in
// en.json and es.json; templates and handlers hold keys only, so that a test
// can find each key and prove that each language has it.
package locale

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"quittance/payments/money"
	"quittance/plans/civil"
)

// Key names a sentence or a phrase, as page.part: "start.title".
type Key string

// Languages lists the languages every key must have, the default first.
func Languages() []string { return []string{"en", "es"} }

//go:embed en.json es.json
var files embed.FS

// Printer writes words in one language. It is safe for concurrent use.
type Printer struct {
	lang      string
	localizer *i18n.Localizer
	plain     sync.Map // words that take no arguments, by key, once they were asked for
}

// Book holds a Printer for each language.
type Book struct {
	printers map[string]*Printer
}

// Load reads the word files that are built into the binary.
func Load() (*Book, error) {
	bundle := i18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	book := &Book{printers: map[string]*Printer{}}
	for _, lang := range Languages() {
		if _, err := bundle.LoadMessageFileFS(files, lang+".json"); err != nil {
			return nil, fmt.Errorf("read the words of %s: %w", lang, err)
		}
		book.printers[lang] = &Printer{lang: lang, localizer: i18n.NewLocalizer(bundle, lang)}
	}
	return book, nil
}

// Printer returns the printer of the language, or English for any other.
func (b *Book) Printer(lang string) *Printer {
	if p, ok := b.printers[lang]; ok {
		return p
	}
	return b.printers[Languages()[0]]
}

// matcher is dear to make and safe for concurrent use.
var matcher = sync.OnceValue(func() language.Matcher {
	return language.NewMatcher([]language.Tag{language.English, language.Spanish})
})

// Match returns the language of ours that suits an Accept-Language header
// best. An empty or broken header gives English.
func Match(header string) string {
	// Most browsers put one of our languages first; that needs no weighing.
	first, _, _ := strings.Cut(header, ",")
	if base, _, _ := strings.Cut(first, "-"); slices.Contains(Languages(), base) && !strings.Contains(first, ";") {
		return base
	}
	tags, _, err := language.ParseAcceptLanguage(header)
	if err != nil || len(tags) == 0 {
		return Languages()[0]
	}
	_, index, _ := matcher().Match(tags...)
	return Languages()[index]
}

// Lang returns the language as HTML's lang attribute wants it.
func (p *Printer) Lang() string { return p.lang }

// T returns the words of the key. The arguments are pairs of a name and a
// value; "n" chooses the plural form. Amounts are written as "$1,234.56", days
// as "December 4, 2026". A missing key comes back in brackets: the key test
// keeps that from ever being released, and no page breaks meanwhile.
func (p *Printer) T(key Key, args ...any) string {
	if len(args) > 0 {
		data, count := p.pairs(args)
		return p.localize(i18n.LocalizeConfig{MessageID: string(key), TemplateData: data, PluralCount: count})
	}
	if words, known := p.plain.Load(key); known {
		return words.(string)
	}
	words := p.localize(i18n.LocalizeConfig{MessageID: string(key)})
	if words != missing(string(key)) { // only what exists is kept: keys come to an end
		p.plain.Store(key, words)
	}
	return words
}

func (p *Printer) localize(config i18n.LocalizeConfig) string {
	words, err := p.localizer.Localize(&config)
	if err != nil {
		return missing(config.MessageID)
	}
	return words
}

func missing(key string) string { return "[" + key + "]" }

// pairs reads name and value, name and value; the value named "n" is also the
// count that chooses the plural form.
func (p *Printer) pairs(args []any) (map[string]any, any) {
	data := make(map[string]any, len(args)/2)
	var count any
	for i := 0; i+1 < len(args); i += 2 {
		name := fmt.Sprint(args[i])
		if name == "n" {
			count = args[i+1]
		}
		data[name] = p.write(args[i+1])
	}
	return data, count
}

func (p *Printer) write(value any) string {
	switch v := value.(type) {
	case money.Cents:
		return v.String()
	case civil.Date:
		return p.Date(v)
	case time.Time:
		return p.Time(v)
	default:
		return fmt.Sprint(v)
	}
}
