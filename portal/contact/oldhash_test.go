package contact_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"testing"
	"time"

	"quittance/portal/contact"
	"quittance/portal/store/storetest"
)

func TestCOM06_AStopThatWasKeptOfAnAddressAsItWasWrittenHolds(t *testing.T) {
	t.Parallel()
	s, key, at := storetest.SQLite(t), bytes.Repeat([]byte("k"), 32), eastern("2026-11-23 14:00").UTC()
	book := &contact.Book{Tx: s, Store: s, Key: key, On: map[contact.Channel]bool{contact.Email: true}, Now: func() time.Time { return at }}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("email\x00Ana@Example.com"))
	old := mac.Sum(nil)
	agreed := contact.Consent{AccountID: "acc_1", Channel: contact.Email, Basis: contact.DirectConsent, At: at.Add(-time.Hour)}
	if err := book.Record(t.Context(), agreed, "ana@example.com"); err != nil {
		t.Fatal(err)
	}
	ended := contact.Consent{ID: "cns_old", AccountID: "acc_1", Channel: contact.Email, AddressHash: old, Basis: contact.Withdrawn, At: at, RecordedBy: "consumer"}
	if err := s.AddConsent(t.Context(), ended); err != nil {
		t.Fatal(err)
	}
	if err := book.Suppress(t.Context(), "acc_1", contact.Email, old, contact.OptedOut); err != nil {
		t.Fatal(err)
	}
	known, err := book.Preferences(t.Context(), contact.Person{AccountID: "acc_1", Email: "Ana@Example.com", State: "NY"}, contact.Email)
	if err != nil || len(known.Suppressions) != 1 || len(known.Consents) != 2 || known.Consents[0].Basis != contact.Withdrawn {
		t.Errorf("known: %+v, %v", known, err)
	}
}
