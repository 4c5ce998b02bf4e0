package gate

import (
	"testing"
	"time"

	"quittance/payments/money"
	"quittance/portal/debt"
	"quittance/portal/pack"
)

// TestAMT04_TheLawOfThePlaceLeavesOutWhatItForbids asks the shipped packs: of the
// fees they forbid only interest is an amount that anybody adds.
func TestAMT04_TheLawOfThePlaceLeavesOutWhatItForbids(t *testing.T) {
	t.Parallel()
	book, err := pack.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	count := Counting{Law: book, Now: func() time.Time { return time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC) }}
	minnesota, texas := debt.Address{State: "MN", PostalCode: "55401"}, debt.Address{State: "TX", PostalCode: "78701"}
	for _, c := range []struct {
		about     string
		home      debt.Address
		of        debt.Type
		authority string
		required  bool
		want      money.Cents
		rule      string
	}{
		{"a medical debt bears no interest there", minnesota, debt.Medical, "agreement", false, 310_00, "US-MN-MEDICAL-INTEREST"},
		{"the law goes before the missing code", minnesota, debt.Medical, "", true, 300_00, "US-MN-MEDICAL-INTEREST"},
		{"another debt does", minnesota, debt.Loan, "agreement", false, 342_17, ""},
		{"so does one elsewhere, where fees for paying alone are forbidden", texas, debt.Medical, "agreement", false, 342_17, ""},
		{"nobody knows where: the strictest", debt.Address{}, debt.Medical, "agreement", false, 310_00, "US-MN-MEDICAL-INTEREST"},
	} {
		count.Required = c.required
		i := debt.Itemization{Amount: 300_00, Interest: 32_17, Fees: 10_00, InterestAuthority: c.authority}
		s := count.Count(c.home, debt.Statement{Debt: debt.Debt{Type: c.of, Itemization: i}, Owed: i.Total()})
		rule := ""
		if len(s.Excluded) > 0 {
			rule = s.Excluded[0].Rule
		}
		if s.Owed != c.want || rule != c.rule {
			t.Errorf("%s: owed %s by %q", c.about, s.Owed, rule)
		}
	}
}
