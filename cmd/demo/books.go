package demo

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"quittance/payments/ledger"
	"quittance/payments/money"
)

// books is the demo's system of record: it verifies each webhook as any
// receiver would, posts it once, and answers with its own transaction id.
type books struct {
	mu       sync.Mutex
	secret   []byte
	now      func() time.Time
	today    func() time.Time  // the clock of the debts, where it is another one
	token    string            // of those who may ask how a debt stands
	posted   map[string]string // webhook id → transaction id
	lines    []bookLine
	paid     book                              // what was posted of each payment
	onDebt   map[string]map[string]money.Cents // the same by debt and payment, of what stands on the debt
	stated   map[string]statement              // what was said last of each debt
	forgets  string                            // a debt: its next payment is answered as posted, and lost
	arrivals []arrival
}

// bookLine is one debt as the system of record holds it.
type bookLine struct {
	AccountRef, DebtRef, Creditor string
	Status                        string
	Placed, Posted                money.Cents
}

// statement is what a file or an answer said of a debt.
type statement struct {
	at      time.Time
	balance money.Cents
	posted  map[string]bool // payments of which something was posted by then
}

// arrival is one webhook as it came in.
type arrival struct {
	At           time.Time
	ID, Type     string
	Sequence     int64
	Attempt      int // deliveries of this event so far
	Transaction  string
	Body         string
	SignatureBad bool
}

// arrivalsKept bounds the memory of a demo that runs for long.
const arrivalsKept = 200

func newBooks(secret string, lines []bookLine, now func() time.Time) (*books, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil || len(key) < 24 {
		return nil, errors.New("the webhook secret is not one of Standard Webhooks")
	}
	return &books{secret: key, now: now, today: now, posted: map[string]string{}, paid: book{}, lines: lines, onDebt: map[string]map[string]money.Cents{}, stated: map[string]statement{}}, nil
}

// webhook is the part of a delivery that the books read.
type webhook struct {
	Type string `json:"type"`
	Data struct {
		Sequence int64 `json:"sequence"`
		Payment  *struct {
			ID          string       `json:"id"`
			Allocations []allocation `json:"allocations"`
		} `json:"payment"`
	} `json:"data"`
}

// allocation is what an event did to one debt, minus what was paid, plus what
// went back, to what is held for it and to what was too much.
type allocation struct {
	DebtRef           string      `json:"debt_ref"`
	ChangeCents       money.Cents `json:"change_cents"`
	HeldChangeCents   money.Cents `json:"held_change_cents"`
	CreditChangeCents money.Cents `json:"credit_change_cents"`
}

// moved is how much came or went.
func (a allocation) moved() money.Cents {
	came := a.HeldChangeCents + a.CreditChangeCents - a.ChangeCents
	return max(came, -came)
}

// ServeHTTP receives a webhook, or says how a debt stands.
func (b *books) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		b.status(w, r)
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, 64<<10))
	if err != nil {
		http.Error(w, "the body could not be read", http.StatusBadRequest)
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.verify(r.Header, body); err != nil {
		b.keep(arrival{At: b.now(), ID: r.Header.Get("webhook-id"), SignatureBad: true})
		http.Error(w, err.Error(), http.StatusUnauthorized)
		return
	}
	var hook webhook
	if err := json.Unmarshal(body, &hook); err != nil {
		http.Error(w, "the body is not an event", http.StatusBadRequest)
		return
	}
	a := b.post(r.Header.Get("webhook-id"), hook)
	a.Body = string(body)
	b.keep(a)
	answer(w, a.Transaction)
}

// verify is what every receiver does (Standard Webhooks 1.0.0).
func (b *books) verify(h http.Header, body []byte) error {
	seconds, err := strconv.ParseInt(h.Get("webhook-timestamp"), 10, 64)
	if age := b.now().Sub(time.Unix(seconds, 0)).Abs(); err != nil || age > 5*time.Minute {
		return errors.New("the timestamp is missing or too far away")
	}
	mac := hmac.New(sha256.New, b.secret)
	fmt.Fprintf(mac, "%s.%d.%s", h.Get("webhook-id"), seconds, body)
	want := []byte("v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	for signature := range strings.FieldsSeq(h.Get("webhook-signature")) {
		if hmac.Equal([]byte(signature), want) {
			return nil
		}
	}
	return errors.New("no signature matches")
}

// post books an event once, whatever the number of deliveries.
func (b *books) post(id string, hook webhook) arrival {
	a := arrival{At: b.now(), ID: id, Type: hook.Type, Sequence: hook.Data.Sequence, Attempt: 1}
	for _, earlier := range b.arrivals {
		if earlier.ID == id {
			a.Attempt++
		}
	}
	kind, books := bookedKinds[hook.Type]
	if !books || hook.Data.Payment == nil {
		return a
	}
	if booked, again := b.posted[id]; again {
		a.Transaction = booked
		return a
	}
	a.Transaction = fmt.Sprintf("T-%06d", len(b.posted)+1)
	b.posted[id] = a.Transaction
	for _, part := range hook.Data.Payment.Allocations {
		if part.DebtRef == b.forgets {
			b.forgets = ""
			continue
		}
		b.paid.add(hook.Data.Payment.ID, kind, part.moved())
		if part.ChangeCents != 0 {
			if b.onDebt[part.DebtRef] == nil {
				b.onDebt[part.DebtRef] = map[string]money.Cents{}
			}
			b.onDebt[part.DebtRef][hook.Data.Payment.ID] -= part.ChangeCents
		}
		for i := range b.lines {
			if b.lines[i].DebtRef == part.DebtRef {
				b.lines[i].Posted -= part.ChangeCents
			}
		}
	}
	return a
}

// bookedKinds are the events that move money, and what the ledger calls it.
var bookedKinds = map[string]ledger.Kind{
	"payment.confirmed": ledger.Payment, "payment.held": ledger.Payment, "payment.reinstated": ledger.Reinstate, "payment.reversed": ledger.Reversal, "payment.refunded": ledger.Refund,
}

func (b *books) keep(a arrival) {
	b.arrivals = append(b.arrivals, a)
	if extra := len(b.arrivals) - arrivalsKept; extra > 0 {
		b.arrivals = b.arrivals[extra:]
	}
}

func answer(w http.ResponseWriter, transaction string) {
	if transaction == "" {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	// The receiver's answer is the acknowledgement; an error here is the sender's to see.
	_ = json.NewEncoder(w).Encode(map[string]any{"posted": map[string]string{"transaction_id": transaction}})
}

// read returns copies of what the page shows, newest webhook first.
func (b *books) read() ([]bookLine, []arrival) {
	b.mu.Lock()
	defer b.mu.Unlock()
	lines := append([]bookLine(nil), b.lines...)
	arrivals := make([]arrival, 0, len(b.arrivals))
	for i := len(b.arrivals) - 1; i >= 0; i-- {
		arrivals = append(arrivals, b.arrivals[i])
	}
	return lines, arrivals
}

// forget makes the books lose the next payment of a debt: it is answered as
// posted and never booked.
func (b *books) forget(debtRef string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.forgets = debtRef
}

// credit books money that came another way than through the portal.
func (b *books) credit(debtRef string, amount money.Cents) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range b.lines {
		if b.lines[i].DebtRef == debtRef {
			b.lines[i].Posted += amount
		}
	}
}

// paidBook returns a copy of what was posted of each payment.
func (b *books) paidBook() book {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := book{}
	for id, s := range b.paid {
		all[id] = maps.Clone(s)
	}
	return all
}

// postings are what was posted on each debt since it was placed, and balances
// what is left of it.
func (b *books) postings() map[string]money.Cents {
	return b.each(func(l bookLine) money.Cents { return l.Posted })
}

func (b *books) balances() map[string]money.Cents {
	return b.each(func(l bookLine) money.Cents { return l.Placed - l.Posted })
}

func (b *books) each(amount func(bookLine) money.Cents) map[string]money.Cents {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := map[string]money.Cents{}
	for _, l := range b.lines {
		all[l.DebtRef] = amount(l)
	}
	return all
}
