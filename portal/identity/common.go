package identity

import (
	_ "embed"
	"errors"
	"strings"
	"unicode"
)

// ErrCommonPassword is returned for a password that is easy to guess: one that
// many people use, one of them with signs around it, a repetition, a row of the
// keyboard, or the person's own address (ASVS 6.2.4, 6.2.11).
var ErrCommonPassword = errors.New("password is easy to guess")

//go:embed common.txt
var commonList string

var commonPasswords = func() map[string]bool {
	all := map[string]bool{}
	for line := range strings.Lines(commonList) {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "#") {
			all[line] = true
		}
	}
	return all
}()

// keyboardRows are what fingers run along.
var keyboardRows = []string{strings.Repeat("1234567890", 3), strings.Repeat("0987654321", 3), "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm"}

// common reports whether a password is one of the first that are tried. About is
// the address of whose it would be.
func common(password, about string) bool {
	lower := strings.ToLower(password)
	word := strings.TrimFunc(lower, func(r rune) bool { return !unicode.IsLetter(r) })
	own, _, _ := strings.Cut(strings.ToLower(about), "@")
	if commonPasswords[lower] || commonPasswords[word] || repeats(lower) || own != "" && word == own {
		return true
	}
	for _, row := range append(keyboardRows, about) {
		if strings.Contains(row, lower) {
			return true
		}
	}
	return false
}

// repeats reports whether a password is nothing but a part of it again and again.
func repeats(password string) bool {
	for n := 1; n <= len(password)/2; n++ {
		if len(password)%n == 0 && strings.Repeat(password[:n], len(password)/n) == password {
			return true
		}
	}
	return false
}
