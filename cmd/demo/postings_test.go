package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/payments/paymentstest"
	"quittance/portal/config"
	"quittance/portal/intake"
	"quittance/portal/store/storetest"
)

// shuffle is a random order of files, postings and movements of money.
type shuffle struct {
	*Rehearsal
	t        *testing.T
	dice     *rand.Rand
	refs     []string // of the accounts
	paid     map[string][]payments.Payment
	disputes []string
	cut      []string        // files that were not handed in yet
	changed  map[string]bool // debts of which no file tells what the books changed themselves
	fresh    map[string]bool // of those, what the file cut last would tell
	deck     []int           // of the acts, those to come
	did      []string
}

// played is the whole demo on a database, served, and at rest.
func played(t *testing.T, url string) *Rehearsal {
	t.Helper()
	r := New(time.Now())
	r.Database = url
	_, listener, err := r.Set(t.Context(), config.Environment{Lookup: func(string) (string, bool) { return "", false }}, "127.0.0.1:0", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	server, err := r.Portal.Server(r.Routes()...)
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(t.Context(), listener) }()
	return r
}

// places takes a file in as an import does.
func (s *shuffle) places(file string) {
	s.t.Helper()
	report, err := s.Portal.Importer.Import(s.t.Context(), strings.NewReader(file), intake.Options{Each: func(l intake.Line) error {
		if l.Outcome == intake.Refused {
			return fmt.Errorf("%s: %+v", l.DebtRef, l.Faults)
		}
		return nil
	}})
	if s.must(err); report.Rows != len(s.refs) {
		s.t.Fatalf("%+v", report)
	}
}

// TestM3_F3_AnyOrderOfFilesPostingsAndMovementsEndsInTheBooksBalance pays,
// disputes, wins, loses and refunds; lets webhooks out late; cuts files and hands
// them in later, some never: whatever comes first, once everything was posted our
// balance is the system of record's (F3).
func TestM3_F3_AnyOrderOfFilesPostingsAndMovementsEndsInTheBooksBalance(t *testing.T) {
	t.Parallel()
	steps := paymentstest.Budget(t, "PROOF_POSTINGS", 80)
	storetest.EachURL(t, func(t *testing.T, url string) {
		seed := paymentstest.Seed(t)
		s := &shuffle{
			Rehearsal: played(t, url), t: t, dice: rand.New(rand.NewPCG(seed, 3)), refs: []string{"A-1002", "A-1007", "A-1008"},
			paid: map[string][]payments.Payment{}, changed: map[string]bool{}, fresh: map[string]bool{},
		}
		for n := range steps {
			s.step()
			if n%8 == 7 {
				s.compare()
			}
		}
		s.cutFile()
		s.handIn(len(s.cut) - 1)
		s.compare()
	})
}

// step does one of the acts: each comes once before any comes again.
func (s *shuffle) step() {
	s.Clock.Move(time.Minute)
	acts := []struct {
		name string
		do   func()
	}{
		{"pays", s.pays}, {"pays", s.pays}, {"disputes", s.opens}, {"decides", s.decides}, {"sends back", s.sendsBack}, {"cuts", s.cutFile}, {"cuts", s.cutFile},
		{"hands in", func() { s.handIn(s.dice.IntN(max(1, len(s.cut)))) }}, {"hands in", func() { s.handIn(len(s.cut) - 1) }},
		{"posts", s.posts}, {"posts", s.posts}, {"writes off", s.writesOff},
	}
	if len(s.deck) == 0 {
		s.deck = s.dice.Perm(len(acts))
	}
	a := acts[s.deck[0]]
	s.deck = s.deck[1:]
	s.did = append(s.did, a.name)
	a.do()
	s.Clock.Move(time.Minute)
}

func (s *shuffle) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatalf("%v after %v", err, s.did)
	}
}

func (s *shuffle) ref() string { return s.refs[s.dice.IntN(len(s.refs))] }

func (s *shuffle) pays() {
	ref := s.ref()
	_, st, err := s.FirstDebt(s.t.Context(), ref)
	s.must(err)
	if st.Payable() < payments.MinAmount {
		return
	}
	amount := min(st.Payable(), payments.MinAmount+money.Cents(s.dice.IntN(60_00)))
	p, err := s.Pay(s.t.Context(), ref, fmt.Sprintf("key-%d", len(s.did)), amount, payments.Card, "pm_card_visa")
	s.must(err)
	s.paid[ref] = append(s.paid[ref], p)
}

// some is one of the payments so far.
func (s *shuffle) some() (payments.Payment, bool) {
	list := s.paid[s.ref()]
	if len(list) == 0 {
		return payments.Payment{}, false
	}
	p, err := s.Portal.Store.Payment(s.t.Context(), list[s.dice.IntN(len(list))].ID)
	s.must(err)
	return p, true
}

func (s *shuffle) opens() {
	if p, ok := s.some(); ok {
		if id := s.Processor.Dispute(p.IntentID, "fraudulent"); id != "" {
			s.disputes = append(s.disputes, id)
		}
	}
	s.hear()
}

func (s *shuffle) decides() {
	if n := len(s.disputes); n > 0 {
		s.Processor.DecideDispute(s.disputes[n-1], s.dice.IntN(3) > 0)
		s.disputes = s.disputes[:n-1]
	}
	s.hear()
}

func (s *shuffle) sendsBack() {
	if p, ok := s.some(); ok && p.Status == payments.Confirmed && p.Net() > 0 {
		_, err := s.Portal.Payments.Refund(s.t.Context(), p.ID, payments.Back{Amount: 1 + money.Cents(s.dice.IntN(int(p.Net()))), Key: fmt.Sprintf("refund-%d", len(s.did))})
		if err != nil && !strings.Contains(err.Error(), "dispute") && !strings.Contains(err.Error(), "not now") {
			s.t.Logf("refund: %v", err)
		}
	}
	s.hear()
}

// hear lets the processor's webhooks in; ours do not go out.
func (s *shuffle) hear() {
	s.Processor.Tick(s.t.Context())
	s.Processor.Deliver(s.t.Context())
}

// posts lets our webhooks out: the books post them at once.
func (s *shuffle) posts() { s.must(s.Settle(s.t.Context())) }

// writesOff lets the books lower a balance by themselves, to no less than nothing.
func (s *shuffle) writesOff() {
	_, st, err := s.FirstDebt(s.t.Context(), s.ref())
	s.must(err)
	if left := s.books.balances()[st.Debt.Ref]; left > 10_00 {
		s.books.credit(st.Debt.Ref, money.Cents(s.dice.IntN(int(left/4))))
		s.changed[st.Debt.Ref], s.fresh[st.Debt.Ref] = true, true
	}
}

// cutFile writes how all debts stand in the books right now.
func (s *shuffle) cutFile() {
	var b strings.Builder
	b.WriteString("account_ref,debt_ref,creditor_ref,creditor_name,original_creditor_name,debt_type,account_number_last4,first_name,last_name," +
		"date_of_birth,address_line1,city,state,postal_code,phone,email,language,itemization_type,itemization_date,itemization_amount," +
		"interest_added,fees_added,payments_credits,balance,balance_as_of,description,status\n")
	balances := s.books.balances()
	for _, ref := range s.refs {
		id, st, err := s.FirstDebt(s.t.Context(), ref)
		s.must(err)
		a, err := s.Portal.Store.Account(s.t.Context(), id)
		s.must(err)
		c, d, i := a.Consumer, st.Debt, st.Debt.Itemization
		balance := balances[d.Ref]
		fmt.Fprintf(&b, "%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,en,%s,%s,%s,%s,%s,%s,%s,%s,\"%s\",active\n", ref, d.Ref, d.CreditorRef, d.CreditorName,
			d.OriginalCreditorName, d.Type, d.AccountNumberLast4, c.FirstName, c.LastName, c.DateOfBirth, c.Address.Line1, c.Address.City, c.Address.State,
			c.Address.PostalCode, c.Phone, c.Email, i.Type, i.Date, i.Amount.Decimal(), i.Interest.Decimal(), i.Fees.Decimal(),
			(i.Amount + i.Interest + i.Fees - balance).Decimal(), balance.Decimal(), s.Clock.Now().UTC().Format(time.RFC3339Nano), d.Description)
	}
	s.cut = append(s.cut, b.String())
	clear(s.fresh)
}

// handIn hands in a file that was cut before; those cut before it never come.
func (s *shuffle) handIn(n int) {
	if n < 0 || n >= len(s.cut) {
		return
	}
	s.places(s.cut[n])
	if s.cut = s.cut[n+1:]; len(s.cut) == 0 {
		clear(s.changed)
		for ref := range s.fresh {
			s.changed[ref] = true
		}
	}
}

// compare lets everything be posted, and holds our balances against the books':
// what they changed by themselves since the last file was cut we cannot know.
func (s *shuffle) compare() {
	s.t.Helper()
	s.hear()
	s.posts()
	theirs := s.books.balances()
	for _, ref := range s.refs {
		_, st, err := s.FirstDebt(s.t.Context(), ref)
		s.must(err)
		if want := theirs[st.Debt.Ref]; !s.changed[st.Debt.Ref] && st.Owed != want {
			s.t.Fatalf("%s: %s owed here, %s in the books, after %v", ref, st.Owed, want, s.did)
		}
	}
	s.must(s.Portal.Store.CheckLedger(s.t.Context()))
}

// TestM3_F1_WhatMayBeInAFileAlreadyIsNoCredit pays all of a debt, and lets books
// that did not say what they posted state that nothing is owed.
func TestM3_F1_WhatMayBeInAFileAlreadyIsNoCredit(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := &shuffle{Rehearsal: played(t, url), t: t, refs: []string{"A-1002"}}
		_, before, err := s.FirstDebt(t.Context(), "A-1002")
		s.must(err)
		_, err = s.Pay(t.Context(), "A-1002", "key-1", before.Owed, payments.Card, "pm_card_visa")
		s.must(err)
		s.Clock.Move(time.Hour) // no webhook goes out
		s.books.credit(before.Debt.Ref, before.Owed)
		s.cutFile()
		s.handIn(0)
		_, st, err := s.FirstDebt(t.Context(), "A-1002")
		if s.must(err); st.Owed != -before.Owed || st.Credit != 0 {
			t.Errorf("owed %s, a credit of %s", st.Owed, st.Credit)
		}
		if waiting, err := s.Portal.Credits.Waiting(t.Context(), 10); err != nil || len(waiting) != 0 {
			t.Errorf("%+v, %v", waiting, err)
		}
	})
}
