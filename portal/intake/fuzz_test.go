package intake

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"quittance/payments/ledger"
)

// FuzzCSV imports whatever comes twice and holds it to the laws: no panic, the
// ledger sums to zero, nothing unprintable is stored, the second time changes
// nothing.
func FuzzCSV(f *testing.F) {
	f.Add(csvOf(placed()))
	f.Add(csvOf(placed(), placed("balance_version", "4"), placed("debt_ref", "D-2", "description", `a "b", c`)))
	f.Add(strings.Join(Columns(), ",") + "\n\"\"\"\",,,\r\n\x00\n")
	f.Fuzz(func(t *testing.T, file string) { laws(t, CSV, file) })
}

// FuzzJSON does the same with JSON.
func FuzzJSON(f *testing.F) {
	f.Add(accountJSON(placed()))
	f.Add("[" + accountJSON(placed(), placed("debt_ref", "D-2")) + "," + accountJSON(placed("account_ref", "A-2", "debt_ref", "D-3")) + "]")
	f.Add(`{"accounts":[{"account_ref":1e5,"consumers":[{"debts":[{"balance":-0.0}]}]}]}`)
	f.Fuzz(func(t *testing.T, file string) { laws(t, JSON, file) })
}

func laws(t *testing.T, format Format, file string) {
	m := newMemory()
	im := importer(m)
	first, err := im.Import(t.Context(), strings.NewReader(file), Options{Format: format})
	if sum := first.New + first.Updated + first.Unchanged + first.Older + first.Refused; sum != first.Rows {
		t.Fatalf("the report does not add up: %+v", first)
	}
	for ref, d := range m.debts {
		if d.Itemization.Total() != d.Snapshot.Balance || m.owed(ref) != d.Snapshot.Balance {
			t.Fatalf("balance %v, itemization %v, owed %v", d.Snapshot.Balance, d.Itemization.Total(), m.owed(ref))
		}
		text := ref + d.Description + d.CreditorName + m.accounts[m.refs[d.AccountID]].Consumer.LastName
		if !utf8.ValidString(text) || strings.ContainsAny(text, "\x00\n\r\ufffd") {
			t.Fatalf("%q is stored", text)
		}
	}
	for _, tr := range m.transfers {
		if tr.Check() != nil || tr.Kind != ledger.Placement {
			t.Fatalf("%+v", tr)
		}
	}
	before := m.snapshot()
	again, err2 := im.Import(t.Context(), strings.NewReader(file), Options{Format: format})
	if m.snapshot() != before && first.Updated == 0 {
		t.Fatalf("the second time changed something: %+v", again)
	}
	if (err == nil) != (err2 == nil) || again.Refused != first.Refused {
		t.Fatalf("first %+v %v, then %+v %v", first, err, again, err2)
	}
}

// FuzzLineAgreesWithTheStandardReader compares one line with encoding/csv.
func FuzzLineAgreesWithTheStandardReader(f *testing.F) {
	for _, s := range []string{`a,b`, `"a",b`, `"a""b",`, `"`, `a"b`, `"a"b`, `""`, `,`, ``, `" ",x`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if strings.ContainsAny(line, "\r\n") || line == "" {
			return
		}
		want, err := csv.NewReader(strings.NewReader(line)).Read()
		got, ok := split(nil, line)
		if ok != (err == nil) || ok && !slices.Equal(got, want) {
			t.Fatalf("%q: %q %v, the standard reader %q %v", line, got, ok, want, err)
		}
	})
}

// FuzzScannerAgreesWithTheStandardDecoder compares what is JSON at all.
func FuzzScannerAgreesWithTheStandardDecoder(f *testing.F) {
	for _, s := range []string{`{"a":[1,-2.5e+3,"x\u00e9\n",null,true]}`, `[]`, `{}`, `"\ud83d\ude00"`, `01`, `1.`, `-`, `[1,]`, `{"a":}`, `nul`, `"` + "\x1f" + `"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1000 || strings.Count(text, "[")+strings.Count(text, "{") >= maxDepth {
			return
		}
		s := scanner{in: bufio.NewReader(strings.NewReader(text))}
		v, kind, err := s.value()
		if err == nil {
			if _, err = s.space(); errors.Is(err, io.EOF) {
				err = nil
			} else if err == nil {
				err = errSyntax
			}
		}
		if valid := json.Valid([]byte(text)); valid != (err == nil) {
			t.Fatalf("%q: %v, json.Valid says %v", text, err, valid)
		}
		var want string
		if err == nil && kind == isText && utf8.ValidString(text) {
			if err := json.Unmarshal([]byte(text), &want); err != nil || v != want {
				t.Fatalf("%q: %q, want %q, %v", text, v, want, err)
			}
		}
	})
}

// nowhere is a store that holds nothing.
type nowhere struct{}

func (nowhere) InTx(ctx context.Context, fn func(ctx context.Context) error) error { return fn(ctx) }

func (nowhere) HeldPlacements(context.Context, []string, []string) (Held, error) { return Held{}, nil }

func (nowhere) HeldTasks(context.Context, *Held, []string, []string) error { return nil }

func (nowhere) SavePlacements(context.Context, Batch) error { return nil }

// endless writes rows of ever new debts, three an account.
type endless struct {
	rows, at int
	line     func(i int) string
	left     string
}

func (e *endless) Read(p []byte) (int, error) {
	for e.left == "" {
		if e.at == e.rows {
			return 0, io.EOF
		}
		e.left = e.line(e.at)
		e.at++
	}
	n := copy(p, e.left)
	e.left = e.left[n:]
	return n, nil
}

func quick() *Importer {
	n := 0
	return &Importer{
		Tx: nowhere{}, Store: nowhere{}, Codes: &codes{}, Now: func() time.Time { return noon },
		NewID: func(prefix string) string { n++; return prefix + "_0123456789abcdef" },
	}
}
