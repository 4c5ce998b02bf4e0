package config

import (
	"os"
	"runtime/debug"
)

// heapGrowth is by how many percent the heap may grow before it is swept. What
// the portal keeps in memory is a few megabytes, so Go's own 100 would sweep
// many times a second: a tenth of what a page costs.
const heapGrowth = 400

// RoomyHeap lets a long-running process sweep less often, unless whoever
// operates it has said how often in GOGC.
func RoomyHeap() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(heapGrowth)
	}
}
