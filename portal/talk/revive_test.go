package talk_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/intake"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// file is one placement row a version: later versions are later knowledge.
func (r *rig) file(t *testing.T, version, phone, email string) {
	t.Helper()
	keys, err := identity.NewKeys(func(purpose string) []byte {
		return bytes.Repeat([]byte(purpose+"................................"), 2)[:32]
	})
	if err != nil {
		t.Fatal(err)
	}
	codes, err := identity.NewCodes(keys)
	if err != nil {
		t.Fatal(err)
	}
	const header = "account_ref,debt_ref,creditor_ref,creditor_name,debt_type,account_number_last4,first_name,last_name,date_of_birth,address_line1,city,state," +
		"postal_code,phone,email,itemization_type,itemization_date,itemization_amount,interest_added,fees_added,payments_credits,balance,balance_as_of,balance_version,status\n"
	row := "A-9,D-9,mercy,Mercy Clinic,medical,1234,Ana,Ruiz,1980-02-29,1 Main St,New York,NY,10001," + phone + "," + email +
		",charge_off,2026-01-31,10.00,0.00,0.00,0.00,10.00,2026-11-" + version + "," + version + ",active\n"
	importer := &intake.Importer{Tx: r, Store: r, Codes: codes, Now: func() time.Time { return noon },
		NewID: func(prefix string) string { return prefix + "_9" + version }}
	report, err := importer.Import(t.Context(), strings.NewReader(header+row), intake.Options{Format: intake.CSV})
	if err != nil || report.New+report.Updated != 1 {
		t.Fatalf("version %s: %+v, %v", version, report, err)
	}
}

func (r *rig) placed(t *testing.T) debt.Account {
	t.Helper()
	a, found, err := r.AccountByRef(t.Context(), "A-9")
	if err != nil || !found {
		t.Fatal(found, err)
	}
	return a
}

// TestCOM07_NoLaterFileRevivesAContactThatWasRefusedBouncedOrLost ends an
// address in each way, and brings it again in other letters, and by way of
// another one.
func TestCOM07_NoLaterFileRevivesAContactThatWasRefusedBouncedOrLost(t *testing.T) {
	t.Parallel()
	const theirs, spelled, email = "+12125550166", "(212) 555-0166", "ana@example.com"
	for name, c := range map[string]struct {
		ch   contact.Channel
		end  func(ctx context.Context, b *contact.Book, id debt.AccountID) error
		want contact.Reason
	}{
		"opted out": {contact.Email, func(ctx context.Context, b *contact.Book, id debt.AccountID) error {
			return b.Stop(ctx, id, contact.Email, b.Hash(contact.Email, email), "consumer", "mail.stop/1")
		}, contact.OptedOut},
		"bounced": {contact.Email, func(ctx context.Context, b *contact.Book, id debt.AccountID) error {
			return b.Gone(ctx, id, contact.Email, b.Hash(contact.Email, email), "portal")
		}, contact.Unreachable},
		"SMS-03 a stranger's": {contact.SMS, func(ctx context.Context, b *contact.Book, id debt.AccountID) error {
			return b.Stranger(ctx, id, contact.SMS, b.Hash(contact.SMS, theirs), "consumer")
		}, contact.WrongPerson},
		"COM-02 refused": {contact.SMS, func(ctx context.Context, b *contact.Book, id debt.AccountID) error {
			return b.Prefer(ctx, contact.Person{AccountID: id, Phone: theirs, Email: email, State: "NY"}, contact.Choice{Email: true}, "consumer")
		}, contact.OptedOut},
	} {
		storetest.Each(t, func(t *testing.T, s *store.Store) {
			r := setup(t, s)
			r.book.On[contact.Email] = true
			r.file(t, "10", theirs, email)
			id := r.placed(t).ID
			for ch, address := range map[contact.Channel]string{contact.SMS: theirs, contact.Email: email} {
				consent := contact.Consent{AccountID: id, Channel: ch, Basis: contact.DirectConsent, At: noon.Add(-time.Hour)}
				if err := r.book.Record(t.Context(), consent, address); err != nil {
					t.Fatal(err)
				}
			}
			if err := s.InTx(t.Context(), func(ctx context.Context) error { return c.end(ctx, r.book, id) }); err != nil {
				t.Fatal(err)
			}
			why := func() contact.Reason {
				a := r.placed(t)
				way, err := r.book.WayOf(t.Context(), contact.Person{AccountID: a.ID, Phone: a.Consumer.Phone, Email: a.Consumer.Email, State: "NY"}, c.ch)
				if err != nil {
					t.Fatal(err)
				}
				return way.Reason
			}
			r.file(t, "11", spelled, "ANA@Example.com")
			if got := why(); got != c.want {
				t.Errorf("%s: the same address again is %q", name, got)
			}
			r.file(t, "12", "+13025550188", "new@example.org")
			if got := why(); got != contact.NoConsent && got != contact.AskedNotTo {
				t.Errorf("%s: a new address has a ground: %q", name, got)
			}
			r.file(t, "13", spelled, email)
			if got := why(); got != c.want {
				t.Errorf("%s: back again it is %q", name, got)
			}
		})
	}
}

// TestCOM02_NoLaterFileBringsBackWhatTheConsumerReplaced changes a number as the
// consumer's page does.
func TestCOM02_NoLaterFileBringsBackWhatTheConsumerReplaced(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		r := setup(t, s)
		r.file(t, "10", "+12125550166", "ana@example.com")
		a := r.placed(t)
		a.Consumer.Phone = "+13025550188"
		if err := s.SaveConsumer(t.Context(), a, noon); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct{ version, phone, want string }{
			{"11", "(212) 555-0166", "+13025550188"}, {"12", "", "+13025550188"},
		} {
			r.file(t, c.version, c.phone, "ana@example.com")
			if got := r.placed(t).Consumer.Phone; got != c.want {
				t.Errorf("after %q the number is %s", c.phone, got)
			}
		}
		r.file(t, "14", "+16145550199", "ana@example.com")
		if got := r.placed(t).Consumer.Phone; got != "+16145550199" {
			t.Errorf("a number they never had: %s", got)
		}
	})
}
