package intake

import (
	"io"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"quittance/payments/paymentstest"
)

// rowOf makes the i-th row of a large file out of one that is right.
func rowOf(template string) func(i int) string {
	before, rest, _ := strings.Cut(template, "A-1,D-1")
	return func(i int) string {
		if i == 0 {
			return strings.Join(Columns(), ",") + "\n" + before + "A-0,D-0" + rest
		}
		return before + "A-" + strconv.Itoa(i/3) + ",D-" + strconv.Itoa(i) + rest
	}
}

func accountOf(template string) func(i int) string {
	account, rest, _ := strings.Cut(template, `"A-1"`)
	between, rest, _ := strings.Cut(rest, `"D-1"`)
	return func(i int) string {
		n := strconv.Itoa(i)
		return account + `"A-` + n + `"` + between + `"D-` + n + `"` + rest + "\n"
	}
}

func bigCSV(rows int) io.Reader {
	_, line, _ := strings.Cut(csvOf(placed()), "\n")
	return &endless{rows: rows, line: rowOf(line)}
}

// TestAMillionRowsNeedLittleMemory imports 1,000,000 rows and looks at the heap
// after each batch.
func TestAMillionRowsNeedLittleMemory(t *testing.T) {
	paymentstest.Long(t)
	const rows, limit = 1_000_000, 64 << 20
	var most uint64
	batches := 0
	report, err := quick().Import(t.Context(), bigCSV(rows), Options{Progress: func(Progress) {
		if batches++; batches%20 != 0 {
			return
		}
		runtime.GC()
		var s runtime.MemStats
		runtime.ReadMemStats(&s)
		most = max(most, s.HeapAlloc)
	}})
	if err != nil || report.New != rows {
		t.Fatalf("%+v, %v", report, err)
	}
	if most == 0 || most > limit {
		t.Errorf("the heap grew to %d MiB", most>>20)
	}
}

// BenchmarkReadAndCheck is reading and checking alone, one core.
func BenchmarkReadAndCheck(b *testing.B) {
	for name, in := range map[string]func(n int) io.Reader{
		"csv":  bigCSV,
		"json": func(n int) io.Reader { return &endless{rows: n, line: accountOf(accountJSON(placed()))} },
	} {
		b.Run(name, func(b *testing.B) {
			src, err := open(in(b.N), Auto)
			if err != nil {
				b.Fatal(err)
			}
			bad := 0
			b.ReportAllocs()
			err = src.each(func(r *record) error {
				if _, refusal := check(r, noon); refusal != nil {
					bad++
				}
				return nil
			})
			if err != nil || bad > 0 {
				b.Fatal(err, bad)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// BenchmarkImport is all but the store.
func BenchmarkImport(b *testing.B) {
	if _, err := quick().Import(b.Context(), bigCSV(b.N), Options{}); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
