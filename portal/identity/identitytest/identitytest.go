// Package identitytest is imported by tests that sign in and ask nothing of the
// hash of a password: for them it takes 64 KiB once.
package identitytest

import (
	"testing"

	"quittance/portal/identity/internal/cost"
)

func init() {
	if !testing.Testing() {
		panic("identitytest is part of a program")
	}
	cost.MemoryKiB, cost.Passes = 64, 1
}
