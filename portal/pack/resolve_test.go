package pack_test

import (
	"slices"
	"testing"

	"quittance/plans/civil"
	"quittance/portal/pack"
)

// TestAMT04_ForbidsSaysWhatResolveLists asks each state and a place that nobody
// knows for each type of debt.
func TestAMT04_ForbidsSaysWhatResolveLists(t *testing.T) {
	t.Parallel()
	book, err := pack.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	forbidden := 0
	for _, state := range append(pack.States(), "") {
		for _, of := range []string{"medical", "loan"} {
			f := pack.Facts{State: state, DebtType: of, Day: civil.Date{Year: 2026, Month: 11, Day: 22}}
			listed := pack.Resolve(book, f)
			for _, fee := range []pack.Fee{pack.FeeInterest, pack.FeeAdded, pack.FeeConvenience, pack.FeeSurcharge} {
				id := book.Forbids(fee, f)
				if slices.Contains(listed.ForbiddenFees, fee) != (id != "") || id != "" && !slices.Contains(listed.RuleIDs, id) {
					t.Errorf("%q, %s: %s is forbidden by %q, listed are %v", state, of, fee, id, listed.ForbiddenFees)
				}
				if id != "" && fee != pack.FeeConvenience && fee != pack.FeeSurcharge {
					forbidden++
				}
			}
		}
	}
	if forbidden != 2 { // interest of medical debts in Minnesota and where nobody knows
		t.Errorf("%d amounts are forbidden", forbidden)
	}
}

// BenchmarkForbids is what every added amount is asked when it is read.
func BenchmarkForbids(b *testing.B) {
	book, err := pack.Shipped()
	if err != nil {
		b.Fatal(err)
	}
	facts := pack.Facts{State: "NY", PostalCode: "10001", DebtType: "medical", Day: civil.Date{Year: 2026, Month: 9, Day: 1}}
	b.ReportAllocs()
	for b.Loop() {
		book.Forbids(pack.FeeInterest, facts)
	}
}

// BenchmarkResolve is what every debt on every page asks once.
func BenchmarkResolve(b *testing.B) {
	book, err := pack.Shipped()
	if err != nil {
		b.Fatal(err)
	}
	places := pack.Places{Book: book}
	facts := pack.Facts{State: "NY", PostalCode: "10001", DebtType: "medical", Day: civil.Date{Year: 2026, Month: 9, Day: 1}}
	b.ReportAllocs()
	for b.Loop() {
		places.Resolve(facts)
	}
}
