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
	box     *seal.Box
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

func (people) RepresentativesOf(context.Context, debt.AccountID) ([]represent.Representative, error) {
	return nil, nil
}

func (people) PersonSpeaking(context.Context, represent.ID) (identity.Person, error) {
	return identity.Person{}, identity.ErrNotFound
}

func (people) RenewCode(context.Context, debt.AccountID, []byte, []byte) error { return nil }

type words struct{}

func (words) StoppedText(string) (notice.Text, error) { return notice.Text{Plain: "stopped"}, nil }
func (words) HelpText(string) (notice.Text, error)    { return notice.Text{Plain: "help"}, nil }

func setup(t *testing.T, s *store.Store) *rig {
	t.Helper()
	box, err := seal.New(map[byte][]byte{1: bytes.Repeat([]byte{3}, seal.KeySize)})
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return noon }
	r := &rig{Store: s, box: box}
	r.account(t, "acc_1", number)
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

// account places a consumer with a number on file.
func (r *rig) account(t *testing.T, id debt.AccountID, phone string) {
	t.Helper()
	account := intake.NewAccount{CodeHash: []byte("code of " + id), CodeSealed: []byte("code"), Account: debt.Account{ID: id, Ref: "A " + string(id),
		Consumer: debt.Consumer{FirstName: "Ana", Phone: phone, Language: "en", Address: debt.Address{State: "NY", PostalCode: "10001"}}}}
	err := r.InTx(t.Context(), func(ctx context.Context) error {
		return r.SavePlacements(ctx, intake.Batch{At: noon, NewAccounts: []intake.NewAccount{account}})
	})
	if err != nil {
		t.Fatal(err)
	}
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

func TestSMS02_ATextFromTheNumberIsAGroundAndRenewsItsSixtyDays(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		r := setup(t, s)
		old := contact.Consent{AccountID: "acc_1", Channel: contact.SMS, Basis: contact.DirectConsent, At: noon.Add(-61 * 24 * time.Hour)}
		const other = "+12125550199" // on no file; its holder agreed long ago
		if err := r.book.Record(t.Context(), old, other); err != nil {
			t.Fatal(err)
		}
		may := func() contact.Reason {
			known, err := r.book.Preferences(t.Context(), contact.Person{AccountID: "acc_1", Phone: other, State: "NY"}, contact.SMS)
			if err != nil {
				t.Fatal(err)
			}
			_, why := contact.May(known, contact.SMS, noon.Add(time.Minute))
			return why
		}
		if why := may(); why != contact.ConsentTooOld {
			t.Fatalf("after 61 days: %q", why)
		}
		if err := r.inbound.Take(t.Context(), talk.Text{ProviderID: "SM1", From: other, Body: "Can I pay on Friday?"}); err != nil {
			t.Fatal(err)
		}
		if why := may(); why != "" || len(r.wrote) != 1 {
			t.Errorf("after a text from it: %q, %d in the thread", why, len(r.wrote))
		}
	})
}

func TestSMS02_ATextFromTheNumberOnOneFileIsTheirsAndFromOneOnTwoIsNobodys(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		r := setup(t, s)
		const shared, own = "+12125550177", "+12125550188"
		for id, phone := range map[debt.AccountID]string{"acc_2": shared, "acc_3": shared, "acc_4": own} {
			r.account(t, id, phone)
		}
		for i, from := range []string{shared, own} {
			if err := r.inbound.Take(t.Context(), talk.Text{ProviderID: "SM" + string(rune('1'+i)), From: from, Body: "Please call me about the bill"}); err != nil {
				t.Fatal(err)
			}
		}
		if len(r.wrote) != 1 || r.wrote[0].AccountID != "acc_4" {
			t.Fatalf("written in %+v", r.wrote)
		}
		known, err := r.book.Preferences(t.Context(), contact.Person{AccountID: "acc_4", Phone: own, State: "NY"}, contact.SMS)
		if err != nil || len(known.Consents) != 1 || known.Consents[0].Basis != contact.InboundMessage {
			t.Errorf("the ground is %+v, %v", known.Consents, err)
		}
	})
}

// TestSMS07_AStopIsConfirmedWithinFiveMinutesOrNever lets the real queue and
// worker send the one answer, in time and too late.
func TestSMS07_AStopIsConfirmedWithinFiveMinutesOrNever(t *testing.T) {
	t.Parallel()
	for after, want := range map[time.Duration]notice.Status{5*time.Minute - time.Second: notice.Sent, 5 * time.Minute: notice.Withheld} {
		storetest.Each(t, func(t *testing.T, s *store.Store) {
			r := setup(t, s)
			later := func() time.Time { return noon.Add(after) }
			r.inbound.Queue = &notice.Queue{Store: s, Sealer: r.box, Ways: r.book, PublicURL: "https://pay.example", Now: func() time.Time { return noon }}
			r.texts(t, "SM1", "Stop")
			worker := &notice.Worker{
				Tx: s, Store: s, Sealer: r.box, Senders: map[contact.Channel]notice.Sender{contact.SMS: carrier{}}, Now: later,
				Guard: &identity.Recheck{People: people{}, Book: r.book, Now: later}, Log: slog.New(slog.DiscardHandler),
			}
			if _, err := worker.Run(t.Context()); err != nil {
				t.Fatal(err)
			}
			all, err := s.OutgoingMessages(t.Context(), 10)
			if err != nil || len(all) != 1 || all[0].Kind != notice.KindStopped || all[0].Status != want {
				t.Errorf("after %s: %+v, %v", after, all, err)
			}
		})
	}
}

type carrier struct{}

func (carrier) Send(context.Context, notice.Message) (string, error) { return "SM9", nil }
