package audit

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Refusing begins the action of everybody who was not let in.
const Refusing = "refused."

// What is refused.
const (
	RefusedSignIn   = Refusing + "sign_in"  // of staff
	RefusedCode     = Refusing + "code"     // the second factor of staff
	RefusedIdentity = Refusing + "identity" // of a consumer
)

// Rows of refusals are kept for good, and who is refused may try as often as
// they like: a process writes a burst of them, then one a second. The next row
// says how many were left out.
const mostRefusals = 120

// Refusals writes down who was refused. Of the address that was tried, and of
// the visitor's, it keeps a keyed hash: the same give the same, and nothing is
// read out of them (SEC-08). Log and Key are required.
type Refusals struct {
	Log *Log
	Key []byte

	mu    sync.Mutex
	since time.Time
	used  int
	left  int
}

// Note writes one row: its object is what was tried, its first word the visitor.
func (r *Refusals) Note(ctx context.Context, action, tried, visitor string, refs ...string) error {
	left, room := r.room(r.Log.Now())
	if !room {
		return nil
	}
	refs = append([]string{r.Visitor(visitor)}, refs...)
	if left > 0 {
		refs = append(refs, "left_out:"+strconv.Itoa(left))
	}
	return r.Log.Note(ctx, action, "", r.Tried(tried), refs...)
}

// Tried is the hash of an address or a code that was tried.
func (r *Refusals) Tried(address string) string { return "tried:" + r.hash("tried", address) }

// Visitor is the hash of a visitor's address.
func (r *Refusals) Visitor(address string) string { return "visitor:" + r.hash("visitor", address) }

func (r *Refusals) hash(kind, value string) string {
	mac := hmac.New(sha256.New, r.Key)
	mac.Write([]byte(kind + ":" + strings.ToLower(strings.TrimSpace(value))))
	return hex.EncodeToString(mac.Sum(nil)[:12])
}

func (r *Refusals) room(now time.Time) (left int, room bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if passed := int(now.Sub(r.since) / time.Second); passed > 0 {
		r.used, r.since = max(0, r.used-passed), now
	}
	if r.used >= mostRefusals {
		r.left++
		return 0, false
	}
	r.used++
	left, r.left = r.left, 0
	return left, true
}
