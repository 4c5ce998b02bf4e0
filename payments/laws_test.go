package payments_test

import (
	"testing"

	"quittance/payments/paymentstest"
)

func TestR10_LedgerLawsHoldInMemory(t *testing.T) {
	t.Parallel()
	operations := 5 * paymentstest.Operations(t) // memory is fast
	if testing.Short() {
		operations = 5_000
	}
	paymentstest.Laws(t, openMemory, operations)
}

func TestR04_EventsInAnyOrderAnyNumberOfTimesEndTheSame(t *testing.T) {
	t.Parallel()
	seeds := 1000
	if testing.Short() {
		seeds = 100
	}
	paymentstest.Chaos(t, openMemory, seeds)
}

func TestR02_AnyCallMayFailOnceAndTheBooksAreRight(t *testing.T) {
	t.Parallel()
	paymentstest.Faults(t, openMemory)
}
