package identity

import (
	"crypto/rand"
	"strings"
)

// RecoveryCodes is how many codes a person of the staff gets for the day on which the
// app is not at hand. Each works once.
const RecoveryCodes = 10

const recoveryLength = 12 // 60 bits

// newRecoveryCodes makes ten, as they are printed, and what is kept of them.
func (d *Desk) newRecoveryCodes(s StaffID) (printed []string, hashes [][]byte) {
	for range RecoveryCodes {
		raw := make([]byte, recoveryLength)
		rand.Read(raw) // never fails: crypto/rand ends the process instead
		for i := range raw {
			raw[i] = alphabet[raw[i]%32]
		}
		code := string(raw)
		printed = append(printed, code[:4]+"-"+code[4:8]+"-"+code[8:])
		hashes = append(hashes, d.recoveryHash(s, code))
	}
	return printed, hashes
}

func (d *Desk) recoveryHash(s StaffID, code string) []byte {
	return keyed(d.keys.recovery, string(s), code)
}

// recoveryCode reads one as people type it; false for what is none.
func recoveryCode(typed string) (string, bool) {
	if len(typed) > maxTyped {
		return "", false
	}
	var code strings.Builder
	for _, r := range joined(Plain(typed)) {
		sign, ok := forgive(r)
		if !ok {
			return "", false
		}
		code.WriteByte(sign)
	}
	return code.String(), code.Len() == recoveryLength
}
