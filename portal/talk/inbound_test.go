package talk_test

import (
	"bytes"
	"context"
	"log/slog"
	"testing"
	"time"

	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/intake"
	"quittance/portal/notice"
	"quittance/portal/represent"
	"quittance/portal/seal"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
	"quittance/portal/talk"
)

const number = "+12125550123"

var noon = time.Date(2026, 11, 23, 19, 0, 0, 0, time.UTC)

// rig is one account of a real store whose consumer agreed to texts.
type rig struct {
	*store.Store
	book    *contact.Book
	inbound *talk.Inbound
	sent    []notice.Message
	wrote   []talk.Note
}

func (r *rig) Add(_ context.Context, m notice.Message) (string, error) {
	r.sent = append(r.sent, m)
	return "msg_1", nil
}

func (r *rig) ConsumerWrote(_ context.Context, n talk.Note) error {
	r.wrote = append(r.wrote, n)
	return nil
}

type people struct{}

func (people) Person(_ context.Context, id debt.AccountID) (identity.Person, error) {
	return identity.Person{AccountID: id, Phone: number, State: "NY", Language: "en"}, nil
}

func (people) PersonByCode(context.Context, []byte) (identity.Person, error) {
	return identity.Person{}, identity.ErrNotFound
}

func (people) PersonSpeaking(context.Context, represent.ID) (identity.Person, error) {
	return identity.Person{}, identity.ErrNotFound
}

type words struct{}

func (words) StoppedText(string) (notice.Text, error) { return notice.Text{Plain: "stopped"}, nil }
func (words) HelpText(string) (notice.Text, error)    { return notice.Text{Plain: "help"}, nil }

func setup(t *testing.T, s *store.Store) *rig {
	t.Helper()
	box, err := seal.New(map[byte][]byte{1: bytes.Repeat([]byte{3}, seal.KeySize)})
	if err != nil {
		t.Fatal(err)
	}
	account := intake.NewAccount{CodeHash: []byte("code"), CodeSealed: []byte("code"), Account: debt.Account{ID: "acc_1", Ref: "A-1",
		Consumer: debt.Consumer{FirstName: "Ana", Phone: number, Language: "en", Address: debt.Address{State: "NY", PostalCode: "10001"}}}}
	err = s.InTx(t.Context(), func(ctx context.Context) error {
		return s.SavePlacements(ctx, intake.Batch{At: noon, NewAccounts: []intake.NewAccount{account}})
	})
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return noon }
	r := &rig{Store: s}
	r.book = &contact.Book{Tx: s, Store: s, Wishes: s, Stops: s, Tally: s, Refusals: s, Key: bytes.Repeat([]byte{4}, 32),
		On: map[contact.Channel]bool{contact.SMS: true}, Now: now}
	thread := &talk.Thread{Tx: s, Notes: s, Sealer: box, Book: r.book, People: people{}, Queue: r, Teller: r, Now: now}
	r.inbound = &talk.Inbound{Tx: s, Texts: s, Book: r.book, People: people{}, Queue: r, Words: words{}, Thread: thread, Now: now, Log: slog.New(slog.DiscardHandler)}
	err = r.book.Record(t.Context(), contact.Consent{AccountID: "acc_1", Channel: contact.SMS, Basis: contact.DirectConsent, At: noon.Add(-time.Hour)}, number)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *rig) texts(t *testing.T, id, body string) {
	t.Helper()
	if err := r.inbound.Take(t.Context(), talk.Text{ProviderID: id, From: number, Body: body}); err != nil {
		t.Fatalf("%q: %v", body, err)
	}
}

func (r *rig) why(t *testing.T) contact.Reason {
	t.Helper()
	known, err := r.book.Preferences(t.Context(), contact.Person{AccountID: "acc_1", Phone: number, State: "NY"}, contact.SMS)
	if err != nil {
		t.Fatal(err)
	}
	_, why := contact.May(known, contact.SMS, noon.Add(time.Minute))
	return why
}

func TestSMS06_AStopCountsAtOnceAndIsConfirmedOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		r := setup(t, s)
		if why := r.why(t); why != "" {
			t.Fatalf("before: %s", why)
		}
		r.texts(t, "SM1", "STOP")
		r.texts(t, "SM1", "STOP") // the carrier brings it again
		r.texts(t, "SM2", "please stop texting me")
		if why := r.why(t); why != contact.OptedOut {
			t.Errorf("after: %q", why)
		}
		if len(r.sent) != 1 || r.sent[0].Kind != notice.KindStopped || r.sent[0].To != number || !r.sent[0].ExpiresAt.Equal(noon.Add(5*time.Minute)) {
			t.Errorf("COM-08 SMS-07 answered with %+v", r.sent)
		}
		if len(r.wrote) != 1 {
			t.Errorf("a person reads %d of what was said in more than a word", len(r.wrote))
		}
	})
}

func TestSMS07_WhatTheCarrierConfirmedIsNotConfirmedAgain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		r := setup(t, s)
		if err := r.inbound.Take(t.Context(), talk.Text{ProviderID: "SM1", From: number, Body: "STOP", Answered: true}); err != nil {
			t.Fatal(err)
		}
		if len(r.sent) != 0 || r.why(t) != contact.OptedOut {
			t.Errorf("sent %d, %q", len(r.sent), r.why(t))
		}
	})
}

func TestCOM09_WhoSaidStopIsAnsweredOnceAndNothingElseChanges(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		r := setup(t, s)
		r.texts(t, "SM1", "STOP")
		r.texts(t, "SM2", "HELP")
		r.texts(t, "SM3", "Can I pay on Friday?")
		if len(r.sent) != 2 || r.sent[1].Kind != notice.KindHelp || len(r.wrote) != 1 || r.why(t) != contact.OptedOut {
			t.Errorf("sent %d, wrote %d, %q", len(r.sent), len(r.wrote), r.why(t))
		}
	})
}

func TestSMS03_AWrongNumberIsNeverTextedAgain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		r := setup(t, s)
		r.texts(t, "SM1", "WRONG")
		if why := r.why(t); why != contact.WrongPerson || len(r.sent) != 0 {
			t.Errorf("after: %q, sent %d", why, len(r.sent))
		}
	})
}
