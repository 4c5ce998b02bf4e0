package identity

import (
	"errors"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// issuer is who all our tokens are from.
const issuer = "quittance"

// leeway is how far two clocks may be apart.
const leeway = 30 * time.Second

// errToken is the one answer to every token that is not ours, not for this
// use or no longer valid. The reason stays in the chain, for logs.
var errToken = errors.New("token refused")

// claims is all a token carries; a session's has but the first five. The types
// are narrower than the library's own, which reads a time out of a string and
// one audience out of many.
type claims struct {
	Issuer    string   `json:"iss"`
	Audience  string   `json:"aud"`
	Type      string   `json:"typ"`
	Expires   int64    `json:"exp"` // Unix seconds
	Session   string   `json:"sid,omitempty"`
	NotBefore int64    `json:"nbf,omitempty"`
	Subject   string   `json:"sub,omitempty"`
	ID        string   `json:"jti,omitempty"`
	Scopes    []string `json:"scopes,omitempty"`
	Free      int64    `json:"fre,omitempty"` // Unix milliseconds from which a wait ticket works
	Browser   string   `json:"brw,omitempty"` // a keyed hash: whose ticket it is
	Secret    string   `json:"sec,omitempty"` // sealed: of an app that is being set up
}

var _ jwt.Claims = claims{}

// GetExpirationTime implements jwt.Claims, as do the five below.
func (c claims) GetExpirationTime() (*jwt.NumericDate, error) { return numeric(c.Expires), nil }

// GetNotBefore is nil when there is none.
func (c claims) GetNotBefore() (*jwt.NumericDate, error) { return numeric(c.NotBefore), nil }

// GetIssuedAt is nil, which is how the library says "not given".
func (claims) GetIssuedAt() (*jwt.NumericDate, error) { return nil, nil }

// GetIssuer is the "iss" claim.
func (c claims) GetIssuer() (string, error) { return c.Issuer, nil }

// GetSubject is the "sub" claim.
func (c claims) GetSubject() (string, error) { return c.Subject, nil }

// GetAudience is the "aud" claim, one name.
func (c claims) GetAudience() (jwt.ClaimStrings, error) { return jwt.ClaimStrings{c.Audience}, nil }

func numeric(seconds int64) *jwt.NumericDate {
	if seconds == 0 {
		return nil
	}
	return jwt.NewNumericDate(time.Unix(seconds, 0))
}

// signer makes and reads tokens of one type, for one audience, with a key that
// signs nothing else.
type signer struct {
	key            []byte
	audience, kind string
	now            func() time.Time
}

func (s signer) sign(c claims, expires time.Time) (string, error) {
	c.Issuer, c.Audience, c.Type, c.Expires = issuer, s.audience, s.kind, expires.Unix()
	return jwt.NewWithClaims(jwt.SigningMethodHS256, c).SignedString(s.key)
}

// read checks everything there is to check: algorithm, header, signature,
// issuer, audience, type and time.
func (s signer) read(token string) (claims, error) {
	var c claims
	parsed, err := jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithIssuer(issuer), jwt.WithAudience(s.audience), jwt.WithExpirationRequired(),
		jwt.WithLeeway(leeway), jwt.WithTimeFunc(s.now), jwt.WithStrictDecoding(),
	).ParseWithClaims(token, &c, func(*jwt.Token) (any, error) { return s.key, nil })
	switch {
	case err != nil:
		return claims{}, errors.Join(errToken, err)
	case c.Type != s.kind || len(parsed.Header) != 2: // "alg" and "typ": nothing of ours says more
		return claims{}, errToken
	}
	return c, nil
}
