// Package cost is what a password hash costs. Nothing but identity can read it,
// and nothing but identitytest changes it, which no program is made of.
package cost

// A hash takes 19 MiB, twice over, as OWASP has it.
var (
	MemoryKiB uint32 = 19 * 1024
	Passes    uint32 = 2
)
