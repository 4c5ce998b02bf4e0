package console

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"time"

	"quittance/frontend/paths"
	"quittance/portal/audit"
	"quittance/portal/debt"
	"quittance/portal/web"
)

// lookFor is how long a page that refreshes itself is one look. Then the next is
// written down anew.
const lookFor = 15 * time.Minute

// lookMark stands in the address at which an open page looks again. It says,
// sealed, when this session was written down to look at this account.
const lookMark = "look"

// looking is the context in which an account is loaded for a page, and since
// when the look lasts. A page that refreshes itself does not write it down again.
func (p *Pages) looking(r *web.Request, id debt.AccountID) (context.Context, time.Time, bool) {
	now := p.Now()
	mark, err := base64.RawURLEncoding.DecodeString(r.Query(lookMark))
	if err != nil || len(mark) != 8+sha256.Size {
		return r.Context(), now, false
	}
	since := time.Unix(int64(binary.BigEndian.Uint64(mark)), 0)
	if !hmac.Equal(mark[8:], p.lookSeal(r, id, mark[:8])) || now.Before(since) || now.Sub(since) >= lookFor {
		return r.Context(), now, false
	}
	return audit.Seen(r.Context()), since, true
}

// lookAgain is the address at which a page looks again, within one look.
func (p *Pages) lookAgain(r *web.Request, id debt.AccountID, since time.Time) string {
	at := binary.BigEndian.AppendUint64(nil, uint64(since.Unix()))
	return paths.ConsoleAccount(string(id)) + "?" + lookMark + "=" + base64.RawURLEncoding.EncodeToString(append(at, p.lookSeal(r, id, at)...))
}

func (p *Pages) lookSeal(r *web.Request, id debt.AccountID, at []byte) []byte {
	mac := hmac.New(sha256.New, p.LookKey)
	mac.Write(at)
	mac.Write([]byte(string(r.Session().ID) + "/" + string(id)))
	return mac.Sum(nil)
}
