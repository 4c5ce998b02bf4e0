package contact_test

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/intake"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// numbers is a database of reassigned numbers that counts who asks.
type numbers struct {
	answer contact.Assignment
	err    error
	asked  []time.Time
}

func (n *numbers) Reassigned(_ context.Context, _ string, since time.Time) (contact.Assignment, error) {
	n.asked = append(n.asked, since)
	return n.answer, n.err
}

const theirNumber = "+12125550123"

func TestSMS02_AnOldGroundIsRenewedOrEndedByTheReassignedNumbersDatabase(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for name, c := range map[string]struct {
			age    time.Duration
			answer contact.Assignment
			err    error
			asked  int
			want   contact.Reason
		}{
			"fresh":           {59 * 24 * time.Hour, contact.SameHolder, nil, 0, ""},
			"the same holder": {61 * 24 * time.Hour, contact.SameHolder, nil, 1, ""},
			"a new holder":    {61 * 24 * time.Hour, contact.NewHolder, nil, 1, contact.WrongPerson},
			"no data":         {61 * 24 * time.Hour, contact.NoAnswer, nil, 1, contact.ConsentTooOld},
			"it is away":      {61 * 24 * time.Hour, "", errors.New("away"), 1, contact.ConsentTooOld},
		} {
			at := eastern("2026-11-23 14:00").UTC()
			asked := &numbers{answer: c.answer, err: c.err}
			book := &contact.Book{Tx: s, Store: s, Wishes: s, Stops: s, Tally: s, Numbers: asked, Key: bytes.Repeat([]byte(name), 32)[:32],
				On: map[contact.Channel]bool{contact.SMS: true}, Now: func() time.Time { return at }}
			person := contact.Person{AccountID: "acc_1", Phone: theirNumber, State: "NY"}
			agreed := at.Add(-c.age)
			err := book.Record(t.Context(), contact.Consent{AccountID: "acc_1", Channel: contact.SMS, Basis: contact.DirectConsent, At: agreed}, theirNumber)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 { // a number that was checked is not asked about again
				if err := book.Freshen(t.Context(), person); !errors.Is(err, c.err) {
					t.Errorf("%s: %v", name, err)
				}
				if c.want == contact.ConsentTooOld {
					break
				}
			}
			if len(asked.asked) != c.asked || c.asked == 1 && !asked.asked[0].Equal(agreed) {
				t.Errorf("%s: asked about %v", name, asked.asked)
			}
			known, err := book.Preferences(t.Context(), person, contact.SMS)
			if err != nil {
				t.Fatal(err)
			}
			if _, why := contact.May(known, contact.SMS, at); why != c.want {
				t.Errorf("%s: %q", name, why)
			}
		}
	})
}

func TestCOM02_WordsAreReadOnceAndByWhoSawThem(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, at := t.Context(), eastern("2026-11-23 14:00").UTC()
		person := intake.NewAccount{Account: debt.Account{ID: "acc_1", Ref: "A-1"}, CodeHash: []byte("h"), CodeSealed: []byte("s")}
		if err := s.InTx(ctx, func(ctx context.Context) error {
			return s.SavePlacements(ctx, intake.Batch{NewAccounts: []intake.NewAccount{person}, At: at})
		}); err != nil {
			t.Fatal(err)
		}
		book := &contact.Book{Tx: s, Store: s, Wishes: s, Stops: s, Now: func() time.Time { return at }}
		say := func(words string) contact.Wish {
			at = at.Add(time.Minute)
			if err := book.Ask(ctx, contact.Wish{AccountID: "acc_1", RecordedBy: "consumer", OwnWords: []byte(words), Days: []time.Weekday{time.Sunday}}); err != nil {
				t.Fatal(err)
			}
			w, err := s.Wish(ctx, "acc_1")
			if err != nil || string(w.OwnWords) != words || !w.Unread() {
				t.Fatalf("kept %+v, %v", w, err)
			}
			return w
		}
		old, now := say("not on Mondays"), say("not on Tuesdays")
		at = at.Add(time.Minute)
		rules := contact.Wish{Days: []time.Weekday{time.Tuesday}}
		if err := book.ReadWords(ctx, "acc_1", old.ID, rules, "staff:stf_1"); !errors.Is(err, contact.ErrWishRead) {
			t.Errorf("words that were replaced: %v", err)
		}
		if err := book.ReadWords(ctx, "acc_1", now.ID, contact.Wish{From: 20, Until: 9}, "staff:stf_1"); !errors.Is(err, contact.ErrWish) {
			t.Errorf("no hours: %v", err)
		}
		if err := book.ReadWords(ctx, "acc_1", now.ID, rules, "staff:stf_1"); err != nil {
			t.Fatal(err)
		}
		if err := book.ReadWords(ctx, "acc_1", now.ID, rules, "staff:stf_2"); !errors.Is(err, contact.ErrWishRead) {
			t.Errorf("read twice: %v", err)
		}
		w, err := s.Wish(ctx, "acc_1")
		if err != nil || w.Unread() || w.WordsReadBy != "staff:stf_1" || w.RecordedBy != "staff:stf_1" || string(w.OwnWords) != "not on Tuesdays" || len(w.Days) != 2 {
			t.Errorf("rules %+v, %v", w, err)
		}
	})
}
