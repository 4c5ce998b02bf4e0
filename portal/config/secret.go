package config

import (
	"encoding/base64"
	"encoding/hex"
	"math"
	"regexp"
	"strings"
)

// minSecretBits is the least that a secret key may hold, as far as the mixture
// of its signs tells.
const minSecretBits = 128

// checkSecret says what is wrong with a secret key; empty where nothing is.
func checkSecret(key string) string {
	switch {
	case bytesOf(key) < MinSecretBytes:
		return "Set PORTAL_SECRET_KEY to at least 32 random bytes, for instance from `openssl rand -base64 48`; what is sealed by the one you have stays readable with it in PORTAL_SECRET_KEY_PREVIOUS, until `portal reseal` has gone through."
	case repeats(key) || bits(key) < minSecretBits:
		return "PORTAL_SECRET_KEY repeats itself; use random bytes."
	case words(key):
		return "PORTAL_SECRET_KEY reads like words; use random bytes in hex or base64, for instance from `openssl rand -base64 48`."
	}
	return ""
}

// bytesOf is how many bytes a key holds: those that are written in decimals, hex
// or base64, where it is nothing but that.
func bytesOf(key string) int {
	if strings.Trim(key, "0123456789") == "" {
		return int(float64(len(key)) * math.Log2(10) / 8)
	}
	if plain, err := hex.DecodeString(key); err == nil {
		return len(plain)
	}
	bare := strings.TrimRight(key, "=")
	for _, letters := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		if plain, err := letters.DecodeString(bare); err == nil {
			return len(plain)
		}
	}
	return len(key)
}

// repeats reports whether a key is one part over and over.
func repeats(key string) bool {
	for period := 1; period <= len(key)/2; period++ {
		if key[period:] == key[:len(key)-period] {
			return true
		}
	}
	return false
}

var (
	rows  = regexp.MustCompile(`[a-z]{4,}|[A-Z]{4,}`)
	signs = regexp.MustCompile(`[A-Za-z0-9]`)

	textual = regexp.MustCompile(`^[A-Z2-7]+$`)
	figures = regexp.MustCompile(`[2-7]`)
)

// words reports whether most of a key stands in words: letters of one case, four
// and more in a row, most of them those that English and Spanish are made of. Of
// random base64 a sixth stands in such rows: of keys of 32 bytes one in 37,000 is
// refused for bad luck. Base32, as rand.Text writes it, is told by its digits.
func words(key string) bool {
	if textual.MatchString(key) && len(figures.FindAllString(key, 3)) == 3 {
		return false
	}
	inRows := strings.ToLower(strings.Join(rows.FindAllString(key, -1), ""))
	common := 0
	for _, letter := range inRows {
		if strings.ContainsRune("etaoinshrdlu", letter) {
			common++
		}
	}
	return 5*len(inRows) > 3*len(signs.FindAllString(key, -1)) && 5*common > 3*len(inRows)
}

// bits is Shannon's measure over the signs of a key.
func bits(key string) float64 {
	count, sum := map[byte]int{}, 0.0
	for _, sign := range []byte(key) {
		count[sign]++
	}
	for _, n := range count {
		sum -= float64(n) * math.Log2(float64(n)/float64(len(key)))
	}
	return sum
}
