package identity

import (
	"strings"
	"testing"
)

// TestSEC06_WhatIsEasyToGuessIsNoPassword of the list, with signs around it, of the
// keyboard, again and again, and of the person's own address; a few words in a row
// are one (ASVS 6.2.4, 6.2.5, 6.2.11).
func TestSEC06_WhatIsEasyToGuessIsNoPassword(t *testing.T) {
	t.Parallel()
	if n := len(commonPasswords); n < 2500 {
		t.Errorf("%d on the list", n)
	}
	for _, p := range []string{
		"motherfucker", "1qaz2wsx3edc", "Password1234", "!!football!!", "dragon202611", "aaaaaaaaaaaa", "abababababab", "monkeymonkey", "098765432109",
		"qwertyuiopas", "maria.lopez1234", "maria.lopez@acme.example",
	} {
		if !common(p, "maria.lopez@acme.example") {
			t.Errorf("%q is taken", p)
		}
	}
	for _, p := range []string{"correct horse battery staple", "siete barcos verdes", "password in a river", "ÀÈÌòùñçÀÈÌòùñ2", strings.Repeat("long words ", 9) + "and an end"} {
		if common(p, "maria.lopez@acme.example") {
			t.Errorf("%q is refused", p)
		}
	}
}
