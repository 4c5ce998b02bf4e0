package intake_test

import (
	"testing"
	"time"

	"quittance/portal/debt"
	"quittance/portal/intake"
)

func TestCOM02_AFileDoesNotBringBackWhatThePersonChangedThemselves(t *testing.T) {
	t.Parallel()
	home := debt.Address{Line1: "1 Main St", City: "Dayton", State: "OH", PostalCode: "45401"}
	moved := debt.Address{Line1: "9 Elm Rd", City: "Austin", State: "TX", PostalCode: "73301"}
	was := debt.Consumer{FirstName: "Ana", LastName: "Ruiz", Phone: "+12125550123", Email: "ana@example.com", Language: "en", Address: home}
	own := debt.Consumer{FirstName: "Ana", LastName: "Ruiz", Phone: "+13024780199", Email: "new@example.org", Language: "es", Address: moved}
	held := intake.HeldAccount{Account: debt.Account{ID: "acc_1", Ref: "A-1", Consumer: own}, Left: intake.Leaves(was, own)}
	if len(held.Left) != 4 {
		t.Fatalf("left %+v", held.Left)
	}
	for name, c := range map[string]struct {
		change func(c *debt.Consumer)
		want   func(c *debt.Consumer)
	}{
		"the same as before":      {func(*debt.Consumer) {}, func(*debt.Consumer) {}},
		"in capitals":             {func(c *debt.Consumer) { c.Email, c.Address.Line1 = "ANA@Example.com", "1 MAIN  ST" }, func(*debt.Consumer) {}},
		"nothing":                 {func(c *debt.Consumer) { c.Phone, c.Email, c.Language = "", "", "" }, func(*debt.Consumer) {}},
		"a name":                  {func(c *debt.Consumer) { c.FirstName = "Anna" }, func(c *debt.Consumer) { c.FirstName = "Anna" }},
		"what they have now":      {func(c *debt.Consumer) { c.Phone = own.Phone }, func(*debt.Consumer) {}},
		"a number they never had": {func(c *debt.Consumer) { c.Phone = "+16145550100" }, func(c *debt.Consumer) { c.Phone = "+16145550100" }},
		"another street":          {func(c *debt.Consumer) { c.Address.Line1 = "7 Oak St" }, func(c *debt.Consumer) { c.Address = home; c.Address.Line1 = "7 Oak St" }},
	} {
		said, want := was, own
		c.change(&said)
		c.want(&want)
		row := intake.Row{AccountRef: "A-1", Consumer: said, Debt: debt.Debt{Ref: "D-2", Snapshot: debt.Snapshot{AsOf: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC), Version: 2}}}
		got, err := intake.Decide(intake.Known{Account: &held}, row, time.Now())
		got.Account.Consumer.Moved = debt.Move{}
		if err != nil || got.Account.Consumer != want {
			t.Errorf("%s: %+v, %v", name, got.Account.Consumer, err)
		}
	}
}
