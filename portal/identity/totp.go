package identity

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // RFC 6238: what every authenticator app computes; HMAC does not need collisions to be hard
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// Time-based codes as every authenticator app computes them (RFC 6238).
const (
	totpStep    = 30 * time.Second
	totpSkew    = 1 // steps that the two clocks may be apart
	totpBytes   = 20
	totpModulus = 1_000_000
)

var totpText = base32.StdEncoding.WithPadding(base32.NoPadding)

// App is an authenticator app of a member of the staff. Times are UTC.
type App struct {
	StaffID   StaffID
	Sealed    []byte // the secret
	LastStep  int64  // the newest step whose code was used: no code counts twice
	CreatedAt time.Time
}

// Next is when an app shows the first code that may still be used, at or after a time
// or the step before it.
func (a App) Next(now time.Time) time.Time {
	step := max(stepAt(now)-totpSkew, a.LastStep+1)
	return time.Unix(step*int64(totpStep/time.Second), 0)
}

// AppCode is what an authenticator app shows at a time for a secret, as it is
// typed into the app.
func AppCode(secret string, at time.Time) (string, error) {
	raw, err := totpText.DecodeString(secret)
	if err != nil || len(raw) == 0 {
		return "", errors.New("not the secret of an authenticator app")
	}
	return hotp(raw, stepAt(at)), nil
}

func newSecret() []byte {
	secret := make([]byte, totpBytes)
	rand.Read(secret) // never fails: crypto/rand ends the process instead
	return secret
}

func stepAt(at time.Time) int64 { return at.Unix() / int64(totpStep/time.Second) }

// hotp is RFC 4226 with six digits.
func hotp(secret []byte, step int64) string {
	mac := hmac.New(sha1.New, secret)
	var counter [8]byte
	binary.BigEndian.PutUint64(counter[:], uint64(max(0, step)))
	mac.Write(counter[:])
	sum := mac.Sum(nil)
	from := sum[len(sum)-1] & 0x0f
	return fmt.Sprintf("%0*d", digitsLength, (binary.BigEndian.Uint32(sum[from:])&0x7fffffff)%totpModulus)
}

// stepOf finds the step of a code at a time, newest first; false where it is none.
func stepOf(secret []byte, digits string, at time.Time) (step int64, ok bool) {
	for step := stepAt(at) + totpSkew; step >= stepAt(at)-totpSkew; step-- {
		if subtle.ConstantTimeCompare([]byte(hotp(secret, step)), []byte(digits)) == 1 {
			return step, true
		}
	}
	return 0, false
}
