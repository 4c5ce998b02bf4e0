package locale_test

import (
	"regexp"
	"strings"
	"testing"
)

// TestDIS08_NothingSaysThatAPersonAdmitsADebt: paying, not disputing or using
// the portal is no admission, and no sentence makes it one.
func TestDIS08_NothingSaysThatAPersonAdmitsADebt(t *testing.T) {
	t.Parallel()
	admissions := regexp.MustCompile(`(?i)acknowledge|admit|agree that you owe|debt is valid|you accept (the|this) debt|confirm that you owe|` +
		`reconoce|admite|acepta (la|esta) deuda|deuda es válida|confirma que debe`)
	eachWord(t, func(key, words string) {
		if found := admissions.FindString(words); found != "" {
			t.Errorf("%s says %q: %s", key, found, words)
		}
	})
}

// lawful are the keys that may speak of what is otherwise not claimed: texts of
// the law and the reason why something is not done (GEN-04).
var lawful = []string{"legal.", "notice.", "validation.", "vn.", "life.", "hold.", "debt.time_barred", "plan.refused_time_barred", "console.", "help.credit", "dispute.", "privacy."}

// TestGEN04_NothingThreatensOrPromisesWhatTheSystemOfRecordDidNotAssert: outside
// of texts of the law nothing speaks of lawsuits, credit reports, interest to
// come or a discount that ends.
func TestGEN04_NothingThreatensOrPromisesWhatTheSystemOfRecordDidNotAssert(t *testing.T) {
	t.Parallel()
	claims := regexp.MustCompile(`(?i)\bsue\b|\bsued\b|lawsuit|\bcourt\b|legal action|credit (report|score|bureau)|garnish|will add interest|last chance|final notice|expires|` +
		`demanda(r|remos)\b|tribunal|acción legal|historial de crédito|puntaje de crédito|embarg|última oportunidad|aviso final|vence pronto`)
	eachWord(t, func(key, words string) {
		for _, prefix := range lawful {
			if strings.HasPrefix(key, prefix) {
				return
			}
		}
		if found := claims.FindString(words); found != "" {
			t.Errorf("%s says %q: %s", key, found, words)
		}
	})
}

func eachWord(t *testing.T, check func(key, words string)) {
	t.Helper()
	for _, lang := range []string{"en", "es"} {
		for key, forms := range read(t, lang) {
			for _, words := range forms {
				check(key, words)
			}
		}
	}
}
