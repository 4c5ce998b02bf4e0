package pack_test

import (
	"testing"

	"quittance/plans/civil"
	"quittance/portal/pack"
)

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
