package locale_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// exempt are the texts whose wording the law or a model form fixes.
func exempt(key string) bool { return strings.HasPrefix(key, "legal.") }

// consumerPages are the namespaces of the words consumers read; the console and
// the demo speak to people at work.
func consumerPage(key string) bool {
	page, _, _ := strings.Cut(key, ".")
	return !slices.Contains([]string{"console", "demo"}, page)
}

// banned are words that push, blame or frighten (U10, and the list in the
// project's guide to its look).
var banned = map[string][]string{
	"en": {
		"debtor", "delinquent", "failure", "immediately", "final", "must", "settle now", "valued", "please note",
		"urgent", "last chance", "avoid further", "too late", "overdue",
	},
	"es": {
		"deudor", "moroso", "morosa", "incumplimiento", "inmediatamente", "final", "debe pagar", "urgente", "última oportunidad",
	},
}

func TestU10_NoWordPushesOrBlames(t *testing.T) {
	t.Parallel()
	for lang, list := range banned {
		pushing := regexp.MustCompile(`(?i)(?:^|\P{L})(` + strings.Join(list, "|") + `)(?:$|\P{L})`)
		for key, forms := range read(t, lang) {
			if exempt(key) {
				continue
			}
			for _, text := range forms {
				if found := pushing.FindStringSubmatch(text); found != nil {
					t.Errorf("%s: %q says %q", lang, key, found[1])
				}
				if strings.ContainsAny(text, "!¡") {
					t.Errorf("%s: %q has an exclamation mark", lang, key)
				}
			}
		}
	}
}

func TestSTS04_NoWordAsksOfCommandRankOrClearance(t *testing.T) {
	t.Parallel()
	asking := regexp.MustCompile(`(?i)(?:^|\P{L})(command\p{L}*|rank|clearance|unit|officer|comandante|mando|rango|grado militar|unidad|oficial superior)(?:$|\P{L})`)
	for _, lang := range []string{"en", "es"} {
		for key, forms := range read(t, lang) {
			if !consumerPage(key) && !strings.HasPrefix(key, "mail.") && !strings.HasPrefix(key, "sms.") {
				continue
			}
			for _, text := range forms {
				if found := asking.FindString(text); found != "" {
					t.Errorf("%s: %q says %q", lang, key, found)
				}
			}
		}
	}
}

func TestDSC04_NothingBeforeTheIdentityCheckSpeaksOfADebt(t *testing.T) {
	t.Parallel()
	open := []string{
		"frame", "start", "landing", "died", "ended", "notme", "real", "verify", "step", "signedout", "expired", "notfound",
		"error", "toomany", "unavailable", "forbidden", "privacy",
	}
	telling := map[string]*regexp.Regexp{
		"en": regexp.MustCompile(`(?i)\b(debts?|owe[ds]?|collect\w*|balance|creditor)\b`),
		"es": regexp.MustCompile(`(?i)(^|\P{L})(deudas?|debe|debía|cobr\p{L}*|saldo|acreedor)($|\P{L})`),
	}
	for lang, pattern := range telling {
		for key, forms := range read(t, lang) {
			page, part, _ := strings.Cut(key, ".")
			early := slices.Contains(open, page) ||
				(page == "help" && (strings.HasPrefix(part, "code") || strings.HasPrefix(part, "identity")))
			for _, text := range forms {
				if early && pattern.MatchString(text) {
					t.Errorf("%s: %q speaks of a debt before the identity check: %q", lang, key, text)
				}
			}
		}
	}
}

func TestU8_NoSentenceIsLongerThan20Words(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"en", "es"} {
		for key, forms := range read(t, lang) {
			if exempt(key) || !consumerPage(key) {
				continue
			}
			for _, text := range forms {
				for _, sentence := range sentences(text) {
					if n := len(wordsOf(sentence)); n > 20 {
						t.Errorf("%s: %q has a sentence of %d words: %q", lang, key, n, sentence)
					}
				}
			}
		}
	}
}

func TestU8_EnglishReadsAtGradeSixOrBelow(t *testing.T) {
	t.Parallel()
	for page, text := range byPage(t, "en") {
		sentenceCount, wordCount, syllableCount := count(text, englishSyllables)
		if wordCount < fewWords {
			continue
		}
		grade := 0.39*wordCount/sentenceCount + 11.8*syllableCount/wordCount - 15.59
		if grade > 6 {
			t.Errorf("%s reads at grade %.1f", page, grade)
		}
	}
}

func TestU8_SpanishReadsEasily(t *testing.T) {
	t.Parallel()
	for page, text := range byPage(t, "es") {
		sentenceCount, wordCount, syllableCount := count(text, spanishSyllables)
		if wordCount < fewWords {
			continue
		}
		ease := 206.84 - 60*syllableCount/wordCount - 1.02*wordCount/sentenceCount
		if ease < 70 {
			t.Errorf("%s has a Fernández-Huerta ease of %.0f, want 70 or more", page, ease)
		}
	}
}

// fewWords is too little text for the formulas: a handful of labels.
const fewWords = 20

// byPage joins the texts of each page, one sentence at least for each.
func byPage(t *testing.T, lang string) map[string][]string {
	t.Helper()
	pages := map[string][]string{}
	for key, forms := range read(t, lang) {
		if exempt(key) || !consumerPage(key) {
			continue
		}
		page, _, _ := strings.Cut(key, ".")
		for _, text := range forms {
			pages[page] = append(pages[page], sentences(holder.ReplaceAllString(text, "Ana"))...)
		}
	}
	return pages
}

func sentences(text string) []string {
	var all []string
	for _, s := range sentenceEnd.Split(text, -1) {
		if len(wordsOf(s)) > 0 {
			all = append(all, s)
		}
	}
	return all
}

func wordsOf(sentence string) []string {
	return strings.FieldsFunc(sentence, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' })
}

func count(all []string, syllables func(string) int) (sentenceCount, wordCount, syllableCount float64) {
	for _, sentence := range all {
		sentenceCount++
		for _, word := range wordsOf(sentence) {
			wordCount++
			syllableCount += float64(syllables(strings.ToLower(word)))
		}
	}
	return sentenceCount, wordCount, syllableCount
}

var (
	sentenceEnd   = regexp.MustCompile(`[.?:]+(\s|$)`)
	englishVowels = regexp.MustCompile(`[aeiouy]+`)
	spanishVowels = regexp.MustCompile(`[iuüy]?[aeoáéó][iuüy]?|[íú]|[iuy]+`)
)

func englishSyllables(word string) int {
	n := len(englishVowels.FindAllString(word, -1))
	if strings.HasSuffix(word, "e") && !strings.HasSuffix(word, "le") && n > 1 {
		n--
	}
	if (strings.HasSuffix(word, "ed") && !strings.HasSuffix(word, "ted") && !strings.HasSuffix(word, "ded")) && n > 1 {
		n--
	}
	return max(n, 1)
}

func spanishSyllables(word string) int {
	return max(len(spanishVowels.FindAllString(word, -1)), 1)
}
