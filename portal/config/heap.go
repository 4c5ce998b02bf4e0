package config

import (
	"os"
	"runtime/debug"
)

// heapGrowth is by how many percent the heap may grow before it is swept. What
// the portal keeps in memory is a few megabytes, so Go's own 100 would sweep
// many times a second: a tenth of what a page costs.
const heapGrowth = 400

// heapComfort is how many bytes the process may have before it is swept as often
// as is needed: what floods leave behind is not garbage for long.
const heapComfort = 224 << 20

// RoomyHeap lets a long-running process sweep less often while it is small, unless
// whoever operates it has said how often in GOGC, or how much it may have in
// GOMEMLIMIT.
func RoomyHeap() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(heapGrowth)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(heapComfort)
	}
}
