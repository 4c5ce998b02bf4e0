package identity

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"time"

	"quittance/portal/debt"
)

// Scope is one thing a system may do.
type Scope string

// Scopes, named as the API's paths.
const (
	PlacementsWrite Scope = "placements:write"
	LinksWrite      Scope = "links:write"
	LinksRead       Scope = "links:read"
	EventsRead      Scope = "events:read"
	PostingsWrite   Scope = "postings:write"
	EndpointsRead   Scope = "endpoints:read"
	EndpointsWrite  Scope = "endpoints:write"
	PaymentsRead    Scope = "payments:read"
	PaymentsWrite   Scope = "payments:write"
	AccountsRead    Scope = "accounts:read"
	DisputesRead    Scope = "disputes:read"
	DisputesWrite   Scope = "disputes:write"
	RecordsWrite    Scope = "records:write"
	CodesRead       Scope = "codes:read" // whoever holds a code is half way into the account: give it to who prints letters
)

// Scopes lists all there are.
var Scopes = []Scope{
	PlacementsWrite, LinksWrite, LinksRead, EventsRead, PostingsWrite, EndpointsRead, EndpointsWrite, PaymentsRead, PaymentsWrite,
	AccountsRead, DisputesRead, DisputesWrite, RecordsWrite, CodesRead,
}

// Why an API token is not accepted or not made.
var (
	ErrBadToken = errors.New("the bearer token is not valid")
	ErrScope    = errors.New("the bearer token does not allow this")
	ErrGrant    = errors.New("a token needs a name, known scopes, creditors and a life of a year at most")
)

// LongestToken is the longest life of an API token.
const LongestToken = 366 * day

// Tokens issues and checks the bearer tokens of systems.
type Tokens struct {
	store  TokenStore
	signer signer
	now    func() time.Time
}

// NewTokens returns the API's tokens.
func NewTokens(store TokenStore, k Keys, now func() time.Time) *Tokens {
	return &Tokens{store: store, now: now, signer: signer{key: k.api, audience: "api", kind: "api", now: now}}
}

// Grant says what a new token is for.
type Grant struct {
	Name      string
	Scopes    []Scope
	Creditors debt.Creditors // whose debts it may know of; nobody's is no grant
	By        string
	For       time.Duration
}

// IssueToken makes a token. It is shown once; only what it may do is kept. It
// returns ErrGrant.
func (t *Tokens) IssueToken(ctx context.Context, g Grant) (token string, kept APIToken, err error) {
	if g.Name == "" || len(g.Scopes) == 0 || g.For <= 0 || g.For > LongestToken || len(g.Creditors.Words()) == 0 {
		return "", APIToken{}, ErrGrant
	}
	now := t.now().UTC().Truncate(time.Microsecond)
	kept = APIToken{
		ID: TokenID("tok_" + rand.Text()), Name: g.Name, Creditors: g.Creditors, IssuedBy: g.By,
		CreatedAt: now, ExpiresAt: now.Add(g.For),
	}
	for _, s := range g.Scopes {
		if !slices.Contains(Scopes, s) {
			return "", APIToken{}, fmt.Errorf("%w: %q is no scope", ErrGrant, s)
		}
		kept.Scopes = append(kept.Scopes, string(s))
	}
	if err := t.store.AddAPIToken(ctx, kept); err != nil {
		return "", APIToken{}, fmt.Errorf("add api token: %w", err)
	}
	token, err = t.signed(kept)
	return token, kept, err
}

func (t *Tokens) signed(kept APIToken) (string, error) {
	return t.signer.sign(claims{ID: string(kept.ID), Scopes: kept.Scopes}, kept.ExpiresAt)
}

// CheckToken returns what is known of a token that may do what scope says;
// ErrBadToken or ErrScope. An empty scope asks for none.
func (t *Tokens) CheckToken(ctx context.Context, token string, scope Scope) (APIToken, error) {
	c, err := t.signer.read(token)
	if err != nil {
		return APIToken{}, errors.Join(ErrBadToken, err)
	}
	kept, err := t.store.APIToken(ctx, TokenID(c.ID))
	if errors.Is(err, ErrNotFound) {
		return APIToken{}, ErrBadToken
	}
	if err != nil {
		return APIToken{}, fmt.Errorf("api token: %w", err)
	}
	switch {
	case !kept.RevokedAt.IsZero() || !t.now().Before(kept.ExpiresAt):
		return APIToken{}, ErrBadToken
	case scope != "" && !slices.Contains(kept.Scopes, string(scope)):
		return APIToken{}, ErrScope
	}
	return kept, t.used(ctx, kept)
}

// Revoke ends a token at once.
func (t *Tokens) Revoke(ctx context.Context, id TokenID) error {
	return t.store.RevokeAPIToken(ctx, id, t.now().UTC().Truncate(time.Microsecond))
}
