package contact

import (
	"slices"
	"strings"
	"unicode"
)

// Reading is what a person's own words ask for.
type Reading string

// Readings of a text.
const (
	ReadOther Reading = "other"
	ReadStop  Reading = "stop"
	ReadStart Reading = "start"
	ReadHelp  Reading = "help"
	ReadWrong Reading = "wrong"
)

// stopWords end messages wherever they stand in a text (COM-07, SMS-06), in
// English and Spanish.
var stopWords = []string{
	"stop", "stopall", "stopp", "unsubscribe", "unsub", "end", "quit", "cancel", "revoke", "optout", "remove", "cease", "desist",
	"alto", "parar", "pare", "paren", "cancelar", "cancele", "basta", "detener", "fin", "baja", "salir", "terminar",
}

// stopPhrases do so too.
var stopPhrases = []string{
	"opt out", "opt me out", "no more", "leave me alone", "do not text", "dont text", "do not contact", "dont contact", "do not message",
	"dont message", "do not email", "dont email", "do not write", "dont write", "do not call", "dont call", "quit texting", "take me off",
	"lose my number", "delete my number", "not interested", "never text", "never contact", "never email",
	"no me escriba", "no me escriban", "no me mande", "no me manden", "no me envie", "no me envien", "no me contacte", "no me contacten",
	"no me llame", "no me llamen", "no mas", "no quiero mensajes", "no quiero recibir", "dejen de", "deje de", "dejeme en paz", "dejenme en paz",
	"borre mi numero", "borren mi numero", "no molest", "ya no",
}

var (
	wrongWords   = []string{"wrong", "equivocado", "equivocada"}
	wrongPhrases = []string{"not me", "wrong number", "wrong person", "no soy yo", "numero equivocado", "not this person", "dont know this person",
		"do not know this person", "no conozco"}
	startWords = []string{"start", "unstop", "yes", "si", "empezar", "iniciar", "comenzar"}
	helpWords  = []string{"help", "info", "ayuda", "informacion"} //nolint:misspell // as people type it in Spanish
)

// Read says what a text asks for. What can be read as a stop is one (COM-07);
// only then is anything else looked for. START and HELP count alone.
func Read(text string) Reading {
	words := tokens(text)
	plain := " " + strings.Join(words, " ") + " "
	switch {
	case says(plain, wrongWords, wrongPhrases):
		return ReadWrong
	case says(endings(plain), stopWords, stopPhrases):
		return ReadStop
	case len(words) == 1 && slices.Contains(startWords, words[0]):
		return ReadStart
	case len(words) == 1 && slices.Contains(helpWords, words[0]):
		return ReadHelp
	}
	return ReadOther
}

// endings takes out "end of" and its like, which name a day and ask for
// nothing: "I get paid at the end of the month".
func endings(plain string) string {
	for _, day := range []string{" end of ", " weekend ", " fin de "} {
		plain = strings.ReplaceAll(plain, day, " ")
	}
	return plain
}

func says(plain string, words, phrases []string) bool {
	for _, w := range words {
		if strings.Contains(plain, " "+w+" ") {
			return true
		}
	}
	for _, p := range phrases {
		if strings.Contains(plain, " "+p) {
			return true
		}
	}
	return false
}

var unaccented = strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u", "ü", "u", "ñ", "n", "'", "", "’", "")

// tokens are the words of a text in small letters without accents. A word that
// is spelled out, as in S.T.O.P, is one.
func tokens(text string) []string {
	words := strings.FieldsFunc(unaccented.Replace(strings.ToLower(text)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	var joined []string
	spelled := ""
	for _, w := range append(words, "") {
		if len(w) == 1 {
			spelled += w
			continue
		}
		if len(spelled) > 1 {
			joined = append(joined, spelled)
		}
		if spelled = ""; w != "" {
			joined = append(joined, w)
		}
	}
	return joined
}
