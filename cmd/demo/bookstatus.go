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
			b.state(l)
			w.Header().Set("Content-Type", "application/json")
			// An answer that does not arrive is asked for again.
			_ = json.NewEncoder(w).Encode(standing{Status: l.Status, Balance: max(0, l.Placed-l.Posted), AsOf: b.today()})
			return
		}
	}
	http.Error(w, "no such debt", http.StatusNotFound)
}

// state notes that the books said how a debt stands.
func (b *books) state(l bookLine) {
	said := statement{at: b.today(), balance: max(0, l.Placed-l.Posted), posted: map[string]bool{}}
	for payment := range b.onDebt[l.DebtRef] {
		said.posted[payment] = true
	}
	b.stated[l.DebtRef] = said
}

// tellFile notes that a file told of the debts of an account, or of all.
func (b *books) tellFile(only string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range b.lines {
		if only == "" || l.AccountRef == only {
			b.state(l)
		}
	}
}

// turn lets the first debt of an account stand otherwise in the books.
func (b *books) turn(account, status string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range b.lines {
		if b.lines[i].AccountRef == account {
			b.lines[i].Status = status
		}
	}
}

// tell says what the books hold of each debt, less what was let go, and when they
// said so last.
func (b *books) tell(f facts, letGo map[string]money.Cents, itemized func(account string) money.Cents) map[string]time.Time {
	const here = "in the system of record"
	b.mu.Lock()
	defer b.mu.Unlock()
	last, people := map[string]time.Time{}, map[string]money.Cents{}
	for _, l := range b.lines {
		ref, balance := l.DebtRef, l.Placed-l.Posted
		asked := max(0, balance-letGo[ref])
		said, known := b.stated[ref]
		if !known {
			said.balance = l.Placed
		}
		f.tell(aOwed+ref, here, asked)
		f.tell(aCredit+ref, here, max(0, -balance))
		if l.Status == "recalled" {
			asked = 0
		}
		if l.Status != "active" { // no plan goes on
			f.tell(aNext+ref, here, 0)
		}
		var since money.Cents
		for payment, net := range b.onDebt[ref] {
			if !said.posted[payment] {
				since += max(0, net)
			}
		}
		people[l.AccountRef] += asked
		f.tell(aAsked+ref, here, asked)
		f.tell(aStated+ref, here, said.balance)
		f.tell(aSince+ref, here, since)
		f.tell(aChanged+ref, here, asked-said.balance+since)
		f.tell(aItemized+ref, here, itemized(l.AccountRef))
		f.tell(aCredited+ref, here, itemized(l.AccountRef)-said.balance)
		f.tell(aAdded+ref, here, 0)
		last[ref] = said.at
	}
	for person, asked := range people {
		f.tell(aAsked+person, here, asked)
	}
	return last
}
