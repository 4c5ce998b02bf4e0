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
	ReadOther     Reading = "other"
	ReadStop      Reading = "stop"
	ReadStart     Reading = "start"
	ReadHelp      Reading = "help"
	ReadWrong     Reading = "wrong"
	ReadStopWrong Reading = "stop_wrong" // both
)

// Stops reports whether the words ask for an end of messages.
func (r Reading) Stops() bool { return r == ReadStop || r == ReadStopWrong }

// Wrong reports whether the words say that a stranger got the message.
func (r Reading) Wrong() bool { return r == ReadWrong || r == ReadStopWrong }

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
	"borre mi numero", "borren mi numero", "no moleste", "no molesten", "no me moleste", "no me molesten", "no molestar", "ya no",
}

// wrongTexts say that a stranger got a text where they are all of it, and
// wrongPhrases wherever they stand (SMS-03). A word alone, in a sentence, is most
// often about an amount, which is a dispute.
var (
	wrongTexts   = []string{"wrong", "not me", "equivocado", "equivocada"}
	wrongPhrases = []string{
		"wrong number", "wrong person", "wrong phone", "wrong phone number", "wrong party", "this is not me", "this isnt me", "thats not me", "that is not me", "im not him", "im not her",
		"not this person", "not that person", "dont know this person", "do not know this person", "dont know that person", "do not know that person",
		"numero equivocado", "persona equivocada", "no soy yo", "no soy esa persona", "no conozco a esta persona", "no conozco a esa persona",
	}
	// aboutMoney are other ends of such phrases, which say nothing of a person.
	aboutMoney = []string{"wrong number of", "wrong number on", "numero equivocado de", "numero equivocado en"}

	startWords = []string{"start", "unstop", "yes", "si", "empezar", "iniciar", "comenzar"}
	helpWords  = []string{"help", "info", "ayuda", "informacion"} //nolint:misspell // as people type it in Spanish
)

// Read says what a text asks for. What can be read as a stop is one (COM-07),
// whatever else it says. START and HELP count alone.
func Read(text string) Reading {
	words := tokens(text)
	plain := " " + strings.Join(words, " ") + " "
	stops := says(endings(plain), stopWords) || says(endings(plain), stopPhrases)
	wrong := slices.Contains(wrongTexts, strings.TrimSpace(plain)) || says(without(plain, aboutMoney), wrongPhrases)
	switch {
	case stops && wrong:
		return ReadStopWrong
	case stops:
		return ReadStop
	case wrong:
		return ReadWrong
	case len(words) == 1 && slices.Contains(startWords, words[0]):
		return ReadStart
	case len(words) == 1 && slices.Contains(helpWords, words[0]):
		return ReadHelp
	}
	return ReadOther
}

// endings takes out "end of" and its like, which name a day and ask for
// nothing: "I get paid at the end of the month".
func endings(plain string) string { return without(plain, []string{"end of", "weekend", "fin de"}) }

func without(plain string, phrases []string) string {
	for _, p := range phrases {
		plain = strings.ReplaceAll(plain, " "+p+" ", " ")
	}
	return plain
}

// says reports whether words, each with a blank on both sides, hold one of the
// phrases from its first letter to its last.
func says(plain string, phrases []string) bool {
	return slices.ContainsFunc(phrases, func(p string) bool { return strings.Contains(plain, " "+p+" ") })
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
