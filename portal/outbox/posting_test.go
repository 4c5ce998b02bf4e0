package outbox_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"quittance/portal/outbox"
)

func TestW12_APostingIsSaidOnceAndStays(t *testing.T) {
	t.Parallel()
	in := newInbox(t)
	b := setup(t, in.Server)
	b.add(t, outbox.NewEndpoint{URL: in.URL})
	b.paymentStory(t)
	b.pump(t)
	submitted, confirmed := b.events[0].ID, b.events[1].ID
	b.clock.Move(time.Hour)
	waiting, err := b.poster.Waiting(t.Context(), time.Time{}, b.clock.Now(), 10)
	if err != nil || len(waiting) != 4 || waiting[0].Event != confirmed {
		t.Fatalf("waiting %+v, %v", waiting, err)
	}
	first := time.Time{}
	for i, c := range []struct {
		name string
		say  outbox.Posting
		want error
	}{
		{"no such event", outbox.Posting{Event: "evt_none", TransactionID: "T1"}, outbox.ErrNoEvent},
		{"nothing said", outbox.Posting{Event: confirmed}, outbox.ErrEmptyPosting},
		{"both said", outbox.Posting{Event: confirmed, TransactionID: "T1", Refusal: "unknown account"}, outbox.ErrEmptyPosting},
		{"too long", outbox.Posting{Event: confirmed, TransactionID: strings.Repeat("x", 256)}, outbox.ErrEmptyPosting},
		{"a control character", outbox.Posting{Event: confirmed, TransactionID: "T\x00"}, outbox.ErrEmptyPosting},
		{"nothing to book", outbox.Posting{Event: submitted, TransactionID: "T1"}, outbox.ErrNotPosted},
		{"another creditor", outbox.Posting{Event: confirmed, CreditorRef: "somebody", TransactionID: "T1"}, outbox.ErrNoEvent},
		{"refused at first", outbox.Posting{Event: confirmed, Refusal: "unknown account"}, nil},
		{"then posted", outbox.Posting{Event: confirmed, TransactionID: "T1"}, nil},
		{"said again", outbox.Posting{Event: confirmed, TransactionID: "T1"}, nil},
		{"another id", outbox.Posting{Event: confirmed, TransactionID: "T2"}, outbox.ErrPosted},
		{"taken back", outbox.Posting{Event: confirmed, Refusal: "no"}, outbox.ErrPosted},
		{"a creditor's own books", outbox.Posting{Event: confirmed, CreditorRef: "mercy", TransactionID: "M1"}, nil},
	} {
		b.clock.Move(time.Minute)
		p, err := b.poster.Acknowledge(t.Context(), c.say)
		if !errors.Is(err, c.want) {
			t.Errorf("%d %s: %v, want %v", i, c.name, err, c.want)
		}
		switch c.name {
		case "then posted":
			first = p.PostedAt
		case "said again":
			if !p.PostedAt.Equal(first) {
				t.Error("saying it again moved the time of the posting")
			}
		}
	}
	if waiting, _ := b.poster.Waiting(t.Context(), time.Time{}, b.clock.Now(), 10); len(waiting) != 3 {
		t.Errorf("%d wait after one was posted", len(waiting))
	}
}
