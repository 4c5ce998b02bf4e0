package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"quittance/portal/contact"
	"quittance/portal/identity"
	"quittance/portal/notice"
	"quittance/portal/store/storetest"
)

// tablesOf is every row of every table as text, bytes in hexadecimal: what a
// dump of the database, its files and its write-ahead log are made of.
func tablesOf(t *testing.T, url string) map[string][]byte {
	t.Helper()
	left := map[string][]byte{}
	if path, lite := strings.CutPrefix(url, "sqlite:"); lite {
		db, err := sql.Open("sqlite", "file:"+path)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if _, err := db.ExecContext(t.Context(), "PRAGMA wal_checkpoint(PASSIVE)"); err != nil {
			t.Fatal(err)
		}
		for _, file := range glob(t, path+"*") {
			left["database "+file[strings.LastIndex(file, "/")+1:]] = read(t, file)
		}
		return left
	}
	c, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.WithoutCancel(t.Context()))
	rows, err := c.Query(t.Context(), `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		var out bytes.Buffer
		if _, err := c.PgConn().CopyTo(t.Context(), &out, "COPY "+table+" TO STDOUT"); err != nil {
			t.Fatal(err)
		}
		left["table "+table] = out.Bytes()
	}
	return left
}

var linkToken = regexp.MustCompile(`/[lo]/([A-Za-z0-9_-]{8,})`)

// secretsIn are what a message tells that nobody may read in the database: its
// words, whom it went to, and the token in its link.
func secretsIn(m notice.Message) map[string]string {
	all := map[string]string{"address of " + m.ID: m.To, "words of " + m.ID: m.Plain[:min(len(m.Plain), 60)]}
	for i, found := range linkToken.FindAllStringSubmatch(m.Plain, -1) {
		all[fmt.Sprintf("token %d of %s", i, m.ID)] = found[1]
	}
	return all
}

// staffTable may hold the addresses that staff sign in with: they are searched
// by, belong to the agency's own people, and tell of no consumer.
const staffTable = "table staff"

func TestS9_NothingPersonalStandsReadableInEitherDatabase(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		id := r.live(t, "A-1002")
		ctx, w := t.Context(), r.Portal
		account, err := w.Store.Account(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		statements, err := w.Store.AccountStatements(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		other, _, err := w.Store.AccountByRef(ctx, "A-1007")
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.Links.Send(ctx, identity.LinkRequest{AccountID: other.ID, Channel: contact.SMS, By: "staff:stf_1",
			Consent: &contact.Consent{Basis: contact.DirectConsent, TextVersion: "console.consent/1"}})
		if err != nil {
			t.Fatal(err)
		}
		c := account.Consumer
		all := map[string]string{
			"name": c.FirstName + " " + c.LastName, "last name": c.LastName, "birth date": c.DateOfBirth.String(), "phone": c.Phone, "e-mail": c.Email,
			"thread": "canary of the thread", "dispute": "canary of the dispute", "paper": "canary of a paper", "claim": "canary of a claim", "orders": "canary of orders", "name of a file": "canary of a name",
			"consent": "I agree to each amount", "consent IP": "203.0.113.9", "debt": statements[0].Debt.Description, "staff": r.Staff[0].Email,
		}
		messages, err := r.Phone.Items(ctx, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range messages {
			for name, value := range secretsIn(m.Message) {
				all[name] = value
			}
		}
		if len(messages) < 2 || !hasToken(all) {
			t.Fatalf("the messages were not made: %d", len(messages))
		}
		for _, a := range r.Accounts {
			if a.Ref == "A-1002" {
				all["code"], all["bare code"] = a.ReferenceCode, strings.ReplaceAll(a.ReferenceCode, "-", "")
			}
		}
		found := 0
		for place, content := range tablesOf(t, url) {
			found += bytes.Count(content, []byte(id))
			for name, value := range all {
				if value == "" || name == "staff" && (place == staffTable || strings.HasPrefix(place, "database")) {
					continue
				}
				for _, form := range forms(value) {
					if i := whereIs(place, content, form); i >= 0 {
						t.Errorf("%s: %s stands there as %q: …%q…", place, name, form, content[max(0, i-60):min(len(content), i+60)])
					}
				}
			}
		}
		if found < 10 {
			t.Error("the search is broken")
		}
	})
}

func hasToken(all map[string]string) bool {
	for name := range all {
		if strings.HasPrefix(name, "token ") {
			return true
		}
	}
	return false
}
