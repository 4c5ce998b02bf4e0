package api_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/notice"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// shut counts the addresses that were shut.
type shut struct{ gone int }

func (s *shut) Gone(context.Context, debt.AccountID, contact.Channel, []byte, string) error {
	s.gone++
	return nil
}

func (s *shut) Stop(context.Context, debt.AccountID, contact.Channel, []byte, string, string) error {
	return nil
}

func TestVAL12_AReportedBounceShutsTheAddressAndIsToldOnceOnEachEngine(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := setupOn(t, s)
		token := p.token(t, "")
		p.ask(t, token, "POST", "/api/v1/placements", header+line("A-1", "D-1", "mercy", "10.00"), "Content-Type", "text/csv")
		account, found, err := s.AccountByRef(t.Context(), "A-1")
		if err != nil || !found {
			t.Fatal(err)
		}
		for id, status := range map[string]notice.Status{"msg_sent": notice.Sent, "msg_waits": notice.Queued} {
			err := s.AddOutgoing(t.Context(), notice.Outgoing{ID: id, AccountID: account.ID, Channel: contact.Email, AddressHash: []byte("hash"),
				Kind: notice.KindCharge, Status: status, CreatedAt: noon, NextAt: noon, SentAt: noon})
			if err != nil {
				t.Fatal(err)
			}
		}
		closed := &shut{}
		p.losses.Watchers = []notice.Watcher{notice.Bounces{Book: closed}, p.recorder}
		for path, want := range map[string]int{"msg_sent": 204, "msg_waits": 204, "msg_none": 404} {
			for range 2 {
				if a := p.ask(t, token, "POST", "/api/v1/messages/"+path+"/undeliverable", ""); a.status != want {
					t.Errorf("%s: %d %s", path, a.status, a.body)
				}
			}
		}
		if a := p.ask(t, p.token(t, "", identity.LinksRead), "POST", "/api/v1/messages/msg_sent/undeliverable", ""); a.status != 403 {
			t.Errorf("without the scope: %d", a.status)
		}
		if _, err := p.sequencer.Step(t.Context()); err != nil {
			t.Fatal(err)
		}
		events := p.ask(t, token, "GET", "/api/v1/events", "").body
		if got := strings.Count(events, `"message.undeliverable"`); got != 1 || !strings.Contains(events, notice.ProblemBounced) || closed.gone != 1 {
			t.Errorf("told %d times, shut %d: %s", got, closed.gone, events)
		}
		if m, err := s.Outgoing(t.Context(), "msg_waits"); err != nil || m.Status != notice.Queued {
			t.Errorf("a message that never left is %s, %v", m.Status, err)
		}
	})
}

func TestCOM05_ACreditorsNoticeNeedsItsDay(t *testing.T) {
	t.Parallel()
	p := setup(t)
	token := p.token(t, "")
	p.ask(t, token, "POST", "/api/v1/placements", header+line("A-1", "D-1", "mercy", "10.00"), "Content-Type", "text/csv")
	for i, c := range []struct {
		basis, day string
		want       int
	}{
		{"creditor_notice", "", 422}, {"creditor_notice", `"2026-13-01"`, 422}, {"creditor_notice", `"2026-11-23"`, 422},
		{"direct_consent", `"2026-10-01"`, 422}, {"creditor_notice", `"2026-10-01"`, 201}, {"direct_consent", "", 201},
	} {
		day := ""
		if c.day != "" {
			day = `,"notice_sent_on":` + c.day
		}
		a := p.ask(t, token, "POST", "/api/v1/links", `{"account_ref":"A-1","channel":"email","consent":{"basis":"`+c.basis+`","text_version":"v1"`+day+`}}`,
			"Idempotency-Key", "key-"+string(rune('a'+i)))
		if a.status != c.want {
			t.Errorf("%+v: %d %s", c, a.status, a.body)
		}
		if c.want == 201 && c.day != "" && !p.sender.last.Consent.At.Equal(time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)) {
			t.Errorf("kept as of %s", p.sender.last.Consent.At)
		}
	}
}
