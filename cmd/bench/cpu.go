package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// outcome is what one round reached, and the processor time that one unit of it
// cost. On a machine that has other work to do the cost is steadier than the
// rate.
type outcome struct {
	rate        float64
	own, server time.Duration // of the portal with its load, or of pgbench; of PostgreSQL
}

func (o outcome) String() string {
	return fmt.Sprintf("%s/s at %d+%d µs", number(o.rate), o.own.Microseconds(), o.server.Microseconds())
}

// meter counts processor time from where it was made.
type meter struct {
	shell       int // that runs PostgreSQL
	own, server time.Duration
}

func (b *bench) meter() meter {
	shell := b.cluster.PID()
	return meter{shell: shell, own: selfTime(), server: serverTime(shell)}
}

// outcome divides what was spent since by the units done.
func (m meter) outcome(rate float64, units int) outcome {
	n := time.Duration(max(1, units))
	return outcome{rate: rate, own: (selfTime() - m.own) / n, server: (serverTime(m.shell) - m.server) / n}
}

// selfTime is the processor time of this process.
func selfTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// tick is the unit of times in /proc.
const tick = 10 * time.Millisecond

// serverTime is the processor time of PostgreSQL, whose first process was
// started by the shell of this number; processes that have ended are included.
// It is 0 where there is no /proc.
func serverTime(shell int) time.Duration {
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0
	}
	parents, spent := map[int]int{}, map[int]time.Duration{}
	for _, name := range files {
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(name)))
		if err != nil {
			continue
		}
		if text, err := os.ReadFile(name); err == nil { // else it has just ended
			parents[pid], spent[pid] = process(string(text))
		}
	}
	var sum time.Duration
	for pid, parent := range parents {
		if parent == shell || parents[parent] == shell {
			sum += spent[pid]
		}
	}
	return sum
}

// process reads the parent of a process and its time with that of the children
// it has outlived.
func process(stat string) (parent int, spent time.Duration) {
	_, rest, _ := strings.Cut(stat, ") ")
	f := strings.Fields(rest)
	if len(f) < 15 {
		return 0, 0
	}
	parent, err := strconv.Atoi(f[1])
	if err != nil {
		return 0, 0
	}
	for _, ticks := range f[11:15] { // utime, stime, cutime, cstime
		if n, err := strconv.Atoi(ticks); err == nil {
			spent += time.Duration(n) * tick
		}
	}
	return parent, spent
}
