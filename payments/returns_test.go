package payments_test

import (
	"testing"

	"quittance/payments"
)

func TestACH06_PeopleAreWarnedAtHalfOfALimitAndNewMandatesStopAtEightTenths(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		r    payments.Returns
		want payments.Concern
	}{
		{"nothing came back", payments.Returns{Debits: 10_000}, payments.Calm},
		{"unauthorized below half of 0.5 %", payments.Returns{Debits: 10_000, Unauthorized: 24, All: 24}, payments.Calm},
		{"unauthorized at half", payments.Returns{Debits: 10_000, Unauthorized: 25, All: 25}, payments.Warned},
		{"unauthorized below eight tenths", payments.Returns{Debits: 10_000, Unauthorized: 39, All: 39}, payments.Warned},
		{"unauthorized at eight tenths", payments.Returns{Debits: 10_000, Unauthorized: 40, All: 40}, payments.Stopped},
		{"administrative below half of 3 %", payments.Returns{Debits: 10_000, Administrative: 149, All: 149}, payments.Calm},
		{"administrative at half", payments.Returns{Debits: 10_000, Administrative: 150, All: 150}, payments.Warned},
		{"administrative at eight tenths", payments.Returns{Debits: 10_000, Administrative: 240, All: 240}, payments.Stopped},
		{"overall below half of 15 %", payments.Returns{Debits: 10_000, All: 749}, payments.Calm},
		{"overall at half", payments.Returns{Debits: 10_000, All: 750}, payments.Warned},
		{"overall at eight tenths", payments.Returns{Debits: 10_000, All: 1200}, payments.Stopped},
		{"one of a few is a warning", payments.Returns{Debits: 99, Unauthorized: 1, All: 1}, payments.Warned},
		{"one of a hundred is more than eight tenths of 0.5 %", payments.Returns{Debits: 100, Unauthorized: 1, All: 1}, payments.Stopped},
	}
	for _, c := range cases {
		if got := c.r.Concern(); got != c.want {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}
