package demo

import (
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"time"

	"quittance/payments/money"
)

// standing is what the demo's system of record says of a debt when it is asked
// right before a charge (WHK-05).
type standing struct {
	Status  string      `json:"status"`
	Balance money.Cents `json:"balance_cents"`
	AsOf    time.Time   `json:"as_of"`
}

// status answers GET /status?account_ref=&debt_ref= to whoever has the token.
func (b *books) status(w http.ResponseWriter, r *http.Request) {
	if b.token == "" || subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), []byte("Bearer "+b.token)) != 1 {
		http.Error(w, "the token is not the one of this system", http.StatusUnauthorized)
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range b.lines {
		if l.AccountRef == r.URL.Query().Get("account_ref") && l.DebtRef == r.URL.Query().Get("debt_ref") {
			w.Header().Set("Content-Type", "application/json")
			// An answer that does not arrive is asked for again.
			_ = json.NewEncoder(w).Encode(standing{Status: l.Status, Balance: max(0, l.Placed-l.Posted), AsOf: b.today()})
			return
		}
	}
	http.Error(w, "no such debt", http.StatusNotFound)
}
