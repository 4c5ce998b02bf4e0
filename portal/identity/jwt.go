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

// claims is all a token carries. Sessions use none but the first three.
type claims struct {
	Type string `json:"typ"`
	jwt.RegisteredClaims
	Session string   `json:"sid,omitempty"`
	Scopes  []string `json:"scopes,omitempty"`
}

// signer makes and reads tokens of one type, for one audience, with a key that
// signs nothing else.
type signer struct {
	key            []byte
	audience, kind string
	now            func() time.Time
}

func (s signer) sign(c claims, expires time.Time) (string, error) {
	c.Type, c.Issuer, c.Audience = s.kind, issuer, jwt.ClaimStrings{s.audience}
	c.ExpiresAt = jwt.NewNumericDate(expires)
	return jwt.NewWithClaims(jwt.SigningMethodHS256, c).SignedString(s.key)
}

// read checks everything there is to check: algorithm, header, signature,
// issuer, the one audience, type and time.
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
	case c.Type != s.kind || len(c.Audience) != 1 || len(parsed.Header) != 2:
		return claims{}, errToken
	}
	return c, nil
}
