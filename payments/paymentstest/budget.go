package paymentstest

import (
	"flag"
	"os"
	"strconv"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// Seed is where what a test draws at random begins: PROOF_SEED, or 1. `make`
// gives the number of the commit.
func Seed(t testing.TB) uint64 {
	t.Helper()
	seed := setting(t, "PROOF_SEED", 1)
	t.Logf("PROOF_SEED=%d", seed)
	return seed
}

// Budget is how much of something long a test does: what the environment says,
// as `make proof` does, or the given few. A name begins with "PROOF_".
func Budget(t testing.TB, name string, few int) int {
	t.Helper()
	return int(setting(t, name, uint64(few)))
}

// Operations is the budget of the laws on each engine.
func Operations(t testing.TB) int {
	t.Helper()
	if testing.Short() {
		return 200
	}
	return Budget(t, "PROOF_OPERATIONS", 4000)
}

// Long leaves a test that takes seconds, or needs a whole portal, to `make test`:
// the quick loop passes over it.
func Long(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("too long for the quick loop: make test runs it")
	}
}

func setting(t testing.TB, name string, otherwise uint64) uint64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	number, err := strconv.ParseUint(text, 10, 62)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return number
}

// drawing is held while a check reads its seed, which is a flag of the process.
var drawing sync.Mutex

// check is rapid.Check from a seed.
func check(t *testing.T, seed uint64, property func(*rapid.T)) {
	t.Helper()
	drawing.Lock()
	begun := sync.OnceFunc(drawing.Unlock)
	defer begun()
	if err := flag.Set("rapid.seed", strconv.FormatUint(seed, 10)); err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		begun()
		property(rt)
	})
}
