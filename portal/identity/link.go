package identity

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// LinkState is where a link stands.
type LinkState string

// States of a link: sent → opened → verified, and ended from any of them.
const (
	LinkWaiting  LinkState = "sent"
	LinkOpen     LinkState = "opened"
	LinkVerified LinkState = "verified"
	LinkOver     LinkState = "ended"
)

// Why a link was ended before its time.
const (
	EndedRevoked     = "revoked"
	EndedWrongPerson = "wrong_person"
)

// LinkFor is how long a link can be used (SMS-05).
const LinkFor = 24 * time.Hour

// State is where the link stands at a time. A link that was verified stays so,
// but for a stranger's word: nobody else can use it, and its time no longer
// matters.
func (l Link) State(now time.Time) LinkState {
	switch {
	case !l.EndedAt.IsZero() && (l.VerifiedAt.IsZero() || l.EndedWhy == EndedWrongPerson):
		return LinkOver
	case !l.VerifiedAt.IsZero():
		return LinkVerified
	case !now.Before(l.ExpiresAt):
		return LinkOver
	case !l.OpenedAt.IsZero():
		return LinkOpen
	}
	return LinkWaiting
}

// Usable reports whether the link still leads to the identity page.
func (l Link) Usable(now time.Time) bool {
	s := l.State(now)
	return s == LinkWaiting || s == LinkOpen
}

// tries is what the tries by links are counted by: one count for all that went to
// one address, so that a new link gives no new guesses, and whoever holds a link
// to an address that is another's by now keeps nobody out.
func (l Link) tries() string {
	return fmt.Sprintf("%s%s:%x", linkPrefix, l.AccountID, l.AddressHash)
}

// LeadsBack reports whether a link that was used leads to the identity page
// again, for the browser in which it was: for as long as a link can be used
// (quality 6.5). What ended it ends this too.
func (l Link) LeadsBack(now time.Time) bool {
	return !l.VerifiedAt.IsZero() && l.EndedAt.IsZero() && now.Before(l.VerifiedAt.Add(LinkFor))
}

// tokenLength is how many letters a token has.
var tokenLength = base64.RawURLEncoding.EncodedLen(tokenBytes)

// TrimToken is the token in the last part of an address, as people and programs
// hand addresses on: a full stop, a bracket, a quote, a blank or a sign that
// nobody sees may stand around it (G08). Its own letters stay as they are, and
// one more letter or digit makes it another. It is empty for what cannot be a
// token.
func TrimToken(typed string) string {
	if plain, err := url.PathUnescape(typed); err == nil {
		typed = plain
	}
	typed = strings.TrimLeftFunc(typed, func(r rune) bool { return !strings.ContainsRune(tokenSigns, r) })
	token := typed[:min(len(typed), tokenLength)]
	if _, ok := readToken(token); !ok || strings.IndexAny(typed[len(token):], tokenSigns[:62]) == 0 {
		return ""
	}
	return token
}
