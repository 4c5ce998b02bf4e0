package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"

	"quittance/portal/debt"
)

func TestAHeaderNamesEveryFaultOfIt(t *testing.T) {
	t.Parallel()
	full := strings.Join(Columns(), ",")
	for header, want := range map[string][]string{
		strings.Replace(full, "balance,", "", 1):          {"missing: balance"},
		strings.Replace(full, "status", "state_of_it", 1): {"unknown: state_of_it", "missing: status"},
		full + ",phone":                {"named twice: phone"},
		full + ",fee":                  {"unknown: fee"},
		full + ",Ana Ruiz 123-45-6789": {"unknown: (not a column name)"},
		full + ",":                     nil,
		full + ",,":                    nil,
		"sep=,\n" + full:               nil,
		"account_ref;debt_ref":         {"semicolons"},
		"sep=;\n" + full:               {"semicolons"},
		"account_ref\tdebt_ref":        {"tabs"},
		full + "\rA-1,D-1,C-1":         {"old Macs"},
		"A-1,ana,ruiz,dover,clinic,de": {"must be the names"},
		"ana,ruiz\rdover,de":           {"old Macs"},
		`"account_ref`:                 {"first line"},
		strings.Replace(strings.ToUpper(full), "SSN_LAST4,", "", 1):               nil,
		strings.ReplaceAll(`"`+strings.ReplaceAll(full, ",", `","`)+`"`, " ", ""): nil,
	} {
		_, err := importer(newMemory()).Import(t.Context(), strings.NewReader(header+"\n"), Options{Format: CSV})
		if want == nil && err != nil {
			t.Errorf("%.60s: %v", header, err)
		}
		for _, part := range want {
			if !errors.Is(err, ErrHeader) || !strings.Contains(err.Error(), part) || strings.Contains(strings.ToLower(err.Error()), "ana") {
				t.Errorf("%.60s: %v, want %q in it", header, err, part)
			}
		}
	}
}

func TestAFileOfAnotherKindIsNamedAsSuch(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]error{
		"": ErrEmpty, "PK\x03\x04rest": ErrKind, "\xff\xfea\x00": ErrKind, "%PDF-1.7": ErrKind, "\x1f\x8b\x08\x00": ErrKind,
		"\n\n\n": ErrHeader, "\x00\x00\x00\x00": ErrHeader, "{": ErrBroken, "[": ErrBroken, "[1]": ErrBroken, "{}x": ErrBroken, `{"a":1}]`: ErrBroken,
	} {
		if _, err := importer(newMemory()).Import(t.Context(), strings.NewReader(file), Options{}); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", file, err, want)
		}
	}
	if _, err := importer(newMemory()).Import(t.Context(), strings.NewReader(csvOf()), Options{Format: "xml"}); !errors.Is(err, ErrFormat) {
		t.Errorf("%v", err)
	}
}

func TestColumnsMayStandInAnyOrderAfterAByteOrderMarkWithAnyLineEnd(t *testing.T) {
	t.Parallel()
	row := placed("description", `say "hi", twice`)
	names := Columns()
	for i, j := 0, len(names)-1; i < j; i, j = i+1, j-1 {
		names[i], names[j] = names[j], names[i]
	}
	var values []string
	for _, n := range names {
		values = append(values, `"`+strings.ReplaceAll(row[n], `"`, `""`)+`"`)
	}
	for _, end := range []string{"\n", "\r\n"} {
		m := newMemory()
		_, lines := take(t, importer(m), "\xef\xbb\xbf"+strings.Join(names, ",")+end+strings.Join(values, ",")+end+end)
		wantLines(t, lines, "new")
		if got := m.debts["D-1"].Description; got != `say "hi", twice` || lines[0].Row != 2 {
			t.Errorf("%q in row %d", got, lines[0].Row)
		}
	}
}

func TestVAL01_F17_WhatSpreadsheetsLeaveBehindIsNoRow(t *testing.T) {
	t.Parallel()
	lines := strings.SplitAfter(csvOf(placed(), placed("debt_ref", "D-2")), "\n")
	trailing := func(tail string) string {
		return strings.TrimSpace(lines[0]) + ",\n" + strings.TrimSpace(lines[1]) + tail + "\n" + strings.TrimSpace(lines[2]) + ",\n"
	}
	for why, c := range map[string]struct{ file, want string }{
		"rows of commas":       {lines[0] + lines[1] + strings.Repeat(",", 34) + "\r\n" + `"","", ,` + "\n" + lines[2] + ",,,\n", "new | new"},
		"the sign of the end":  {lines[0] + lines[1] + lines[2] + "\x1a", "new | new"},
		"an empty last column": {trailing(","), "new | new"},
		"a value in it":        {trailing(",Ana"), "refused :unnamed | new"},
	} {
		m := newMemory()
		_, got := take(t, importer(m), c.file)
		if outcomes(got) != c.want {
			t.Errorf("%s: %s", why, outcomes(got))
		}
	}
}

func TestVAL01_F16_F17_WhatASpreadsheetDidToAValueIsToldPlainly(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ column, value, want string }{
		{"account_ref", "4.50123E+15", "refused account_ref:exponent"}, {"debt_ref", "1E+12", "refused debt_ref:exponent"},
		{"account_ref", "450123456789012000", "new account_ref:rounded"}, {"account_ref", "450123456789012345", "new"}, {"account_ref", "4501234567890120", "new"},
		{"postal_code", "2134", "refused postal_code:zero_lost"}, {"postal_code", "'02134", "refused postal_code:not_a_postal_code"},
		{"account_number_last4", "42", "new account_number_last4:few_digits"}, {"account_number_last4", "A1", "new"},
		{"phone", "302\u2013555\u20110123", "new"}, {"phone", "302\u00a0555\u00a00123", "new"}, {"phone", "302/555-0123", "new"},
	} {
		m := newMemory()
		_, lines := take(t, importer(m), csvOf(placed(c.column, c.value)))
		if got := outcomes(lines); got != c.want {
			t.Errorf("%s=%s: %s, want %s", c.column, c.value, got, c.want)
		}
		if len(lines[0].Faults) > 0 && strings.Contains(lines[0].Faults[0].Sentence, c.value) {
			t.Errorf("%s: the cell is repeated: %s", c.value, lines[0].Faults[0].Sentence)
		}
		if a := m.accounts["A-1"]; c.column == "phone" && a.Consumer.Phone != "+13025550123" {
			t.Errorf("%q is read as %q", c.value, a.Consumer.Phone)
		}
	}
}

func TestABadRowCostsThatRowOnly(t *testing.T) {
	t.Parallel()
	good := strings.SplitAfter(csvOf(placed(), placed("debt_ref", "D-2"), placed("debt_ref", "D-3")), "\n")
	for bad, code := range map[string]string{
		`"open quote,` + good[1]:                              ":quotes",
		"A-1,D-9\n":                                           ":fields",
		strings.TrimSpace(good[1]) + ",more\n":                ":fields",
		"\"a\"b," + good[1]:                                   ":quotes",
		"a\"b," + good[1]:                                     ":quotes",
		strings.Repeat("x", maxRow+10) + "\n":                 ":row_too_long",
		strings.Repeat("x", 5*maxRow) + "\n":                  ":row_too_long",
		"\xff\xfe," + good[1][strings.Index(good[1], ",")+1:]: "account_ref:not_utf8",
	} {
		m := newMemory()
		_, lines := take(t, importer(m), good[0]+good[1]+bad+good[2]+good[3])
		wantLines(t, lines, "new | refused "+code+" | new | new")
		if lines[1].Row != 3 || lines[2].Row != 4 || len(m.debts) != 3 {
			t.Errorf("%.20q: rows %d and %d, %d debts", bad, lines[1].Row, lines[2].Row, len(m.debts))
		}
	}
}

func TestAFileCutAnywhereKeepsItsWholeRowsAndSaysSo(t *testing.T) {
	t.Parallel()
	file := csvOf(placed(), placed("debt_ref", "D-2"), placed("debt_ref", "D-3"), placed("debt_ref", "D-4"))
	start := strings.Index(file, "\n") + 1
	for cut := start; cut < len(file)-len(",active\n"); cut++ {
		m := newMemory()
		whole := strings.Count(file[start:cut+1], "\n") // a row that lacks its line end only is whole
		report, lines := take(t, importer(m), file[:cut])
		if len(m.debts) != whole || report.Refused != report.Rows-whole {
			t.Fatalf("cut at %d: %d debts of %d whole rows, %s", cut, len(m.debts), whole, outcomes(lines))
		}
		for _, ref := range []string{"D-1", "D-2", "D-3", "D-4"}[:whole] {
			m.wantOwed(t, ref, 48217)
		}
	}
}

// accountJSON is the nested form of the rows, all of one account.
func accountJSON(rows ...map[string]string) string {
	account, consumer, debts := map[string]any{}, map[string]any{}, []map[string]any{}
	for _, row := range rows {
		d := map[string]any{}
		for name, v := range row {
			c := byName[name]
			var value any = v
			if v == "" {
				value = nil
			}
			switch fields[c].level {
			case ofAccount:
				account[name] = value
			case ofConsumer:
				consumer[name] = value
			default:
				if name == "balance_version" || name == "balance" {
					value = json.Number(v)
				}
				d[name] = value
			}
		}
		debts = append(debts, d)
	}
	consumer["debts"] = debts
	account["consumers"] = []any{consumer}
	out, _ := json.Marshal(account)
	return string(out)
}

func TestJSONInEachShapeIsTheSameAsCSV(t *testing.T) {
	t.Parallel()
	rows := []map[string]string{placed("last_name", "Muñoz \"Q\""), placed("debt_ref", "D-2", "last_name", "Muñoz \"Q\""), placed("account_ref", "A-2", "debt_ref", "D-3")}
	first, second := accountJSON(rows[0], rows[1]), accountJSON(rows[2])
	want := newMemory()
	take(t, importer(want), csvOf(rows...))
	for shape, file := range map[string]string{
		"a list":       "[" + first + "," + second + "]",
		"lines":        first + "\n" + second + "\n",
		"side by side": first + second,
		"accounts":     `{"accounts": [` + first + ", " + second + "]}",
		"one a list":   "[" + first + "] [" + second + "]",
	} {
		m := newMemory()
		_, lines := take(t, importer(m), file)
		wantLines(t, lines, "new | new | new")
		for i, l := range lines {
			if l.Row != i+1 || l.DebtRef != rows[i]["debt_ref"] {
				t.Errorf("%s: %+v", shape, l)
			}
		}
		for ref, d := range want.debts {
			got := m.debts[ref]
			got.ID, got.AccountID = d.ID, d.AccountID
			if !reflect.DeepEqual(got, d) {
				t.Errorf("%s: %+v\nwant %+v", shape, got, d)
			}
		}
		for ref, a := range want.accounts {
			if m.accounts[ref].Consumer != a.Consumer {
				t.Errorf("%s: %+v", shape, m.accounts[ref].Consumer)
			}
		}
	}
}

func TestJSONFaultsAreNamedWhereTheyStand(t *testing.T) {
	t.Parallel()
	good := accountJSON(placed())
	other := accountJSON(placed("account_ref", "A-2", "debt_ref", "D-2"))
	for _, c := range []struct{ old, new, want string }{
		{`"balance":482.17`, `"balance":482.17,"balance":482.17`, "refused balance:twice"},
		{`"balance":482.17`, `"balance":482.17,"fee":1`, "refused fee:unknown_field"},
		{`"balance":482.17`, `"balance":482.17,"Ana Ruiz":1`, "refused (not a column name):unknown_field"},
		{`"balance":482.17`, `"balance":482.17,"phone":"1"`, "refused phone:unknown_field"},
		{`"balance":482.17`, `"balance":4.8217e2`, "refused balance:not_an_amount"},
		{`"balance":482.17`, `"balance":{"a":[1,true,null]}`, "refused balance:not_a_value"},
		{`"balance":482.17`, `"balance":false`, "refused balance:not_a_value"},
		{`"balance":482.17`, `"balance":null`, "refused balance:missing"},
		{`"account_ref":"A-1"`, `"account_ref":"A-1","account_ref":"A-1"`, "refused account_ref:twice"},
		{`"account_ref":"A-1"`, `"account_ref":"A-1","accounts":[]`, "refused accounts:unknown_field"},
		{`"consumers":[`, `"consumers":[],"consumers":[`, "refused consumers:twice"},
		{`"consumers":[`, `"consumers":[{},`, "refused :one_consumer"},
		{`"first_name":"Ana"`, `"first_name":"\ud800"`, "refused first_name:not_text"},
		{`"first_name":"Ana"`, `"first_name":"\u0000"`, "refused first_name:not_text"},
		{`"first_name":"Ana"`, "\"first_name\":\"\xff\"", "refused first_name:not_utf8"},
		{`"first_name":"Ana"`, `"first_name":"\u00c1ngel \ud83d\ude00"`, "new"},
	} {
		file := strings.Replace(good, c.old, c.new, 1)
		if file == good {
			t.Fatalf("%s is not in the file", c.old)
		}
		m := newMemory()
		_, lines := take(t, importer(m), file+other)
		wantLines(t, lines, c.want+" | new")
	}
	for file, want := range map[string]string{
		`{}`:                                   "refused debts:missing :one_consumer",
		`{"account_ref":"A","consumers":[{}]}`: "refused debts:missing",
		`{"accounts":[{}]}`:                    "refused debts:missing :one_consumer",
		`{"accounts":[]}`:                      "",
		`[]`:                                   "",
		`{"accounts":[],"x":1}`:                "refused debts:missing x:unknown_field accounts:unknown_field :one_consumer",
	} {
		_, lines := take(t, importer(newMemory()), file)
		wantLines(t, lines, want)
	}
}

func TestBrokenJSONKeepsWhatCameBeforeIt(t *testing.T) {
	t.Parallel()
	first, second := accountJSON(placed()), accountJSON(placed("account_ref", "A-2", "debt_ref", "D-2"))
	for _, tail := range []string{
		second[:len(second)/2], "{", `{"account_ref": "A`, "nonsense", `{"account_ref": A}`, "]", `{"a":1,}`, `{"a":01}`, `{"a":"` + strings.Repeat("x", maxText+1) + `"}`,
		`{"a":` + strings.Repeat("[", 2*maxDepth), "{\"a\":\"line\nbreak\"}", `{"a":"\x"}`, `{"a":"\u12"}`,
	} {
		m := newMemory()
		report, err := importer(m).Import(t.Context(), strings.NewReader(first+tail), Options{})
		if !errors.Is(err, ErrBroken) || report.New != 1 || len(m.debts) != 1 {
			t.Errorf("%.30q: %+v, %v", tail, report, err)
		}
	}
	many := strings.Replace(first, `"debts":[`, `"debts":[`+strings.Repeat("{},", maxDebts), 1)
	if _, err := importer(newMemory()).Import(t.Context(), strings.NewReader(many), Options{}); !errors.Is(err, errManyDebts) {
		t.Errorf("%v", err)
	}
}

type failing struct {
	r   io.Reader
	err error
}

func (f failing) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if errors.Is(err, io.EOF) {
		err = f.err
	}
	return n, err
}

func TestAReadErrorIsReportedAfterTheRowsBeforeIt(t *testing.T) {
	t.Parallel()
	lost := errors.New("the disk is gone")
	for _, file := range []string{csvOf(placed()), accountJSON(placed())} {
		m := newMemory()
		report, err := importer(m).Import(t.Context(), failing{strings.NewReader(file), lost}, Options{})
		if !errors.Is(err, ErrBroken) || !errors.Is(err, lost) || report.New != 1 {
			t.Errorf("%+v, %v", report, err)
		}
	}
}

func TestABatchThatMeetsAnotherIsDecidedAgain(t *testing.T) {
	t.Parallel()
	m := newMemory()
	m.fail = []error{ErrConflict, fmt.Errorf("save: %w", ErrConflict)}
	_, lines := take(t, importer(m), csvOf(placed(), placed("debt_ref", "D-2")))
	wantLines(t, lines, "new | new")
	m = newMemory()
	m.fail = []error{ErrConflict, ErrConflict, ErrConflict, ErrConflict}
	report, err := importer(m).Import(t.Context(), strings.NewReader(csvOf(placed())), Options{})
	if !errors.Is(err, ErrConflict) || report.Rows != 0 || !strings.Contains(err.Error(), "rows 2 to 2") {
		t.Errorf("%+v, %v", report, err)
	}
}

func TestAStoreThatFailsEndsTheImportAfterWhatItSaved(t *testing.T) {
	t.Parallel()
	m, lost := newMemory(), errors.New("no database")
	var rows []map[string]string
	for i := range 7 {
		rows = append(rows, placed("debt_ref", fmt.Sprint("D-", i)))
	}
	im := importer(m)
	im.Store = &onceThenLost{memory: m, err: lost}
	report, err := im.Import(t.Context(), strings.NewReader(csvOf(rows...)), Options{})
	if !errors.Is(err, lost) || report.New != 3 || len(m.debts) != 3 {
		t.Errorf("%+v, %v, %d debts", report, err, len(m.debts))
	}
}

type onceThenLost struct {
	*memory
	err error
}

func (o *onceThenLost) SavePlacements(ctx context.Context, b Batch) error {
	if o.saves > 0 {
		return o.err
	}
	return o.memory.SavePlacements(ctx, b)
}

func TestADryRunSavesNothingAndSaysTheSame(t *testing.T) {
	t.Parallel()
	m := newMemory()
	file := csvOf(placed(), placed("debt_ref", "D-2", "balance", "1.00"), placed("account_ref", "A-2", "debt_ref", "D-3"))
	_, dry := take(t, importer(m), file, func(o *Options) { o.DryRun = true })
	if m.saves != 0 || len(m.debts) != 0 {
		t.Error("something was saved")
	}
	_, real := take(t, importer(m), file)
	wantLines(t, dry, outcomes(real))
}

func TestTheCodeOfEachNewAccountIsIssuedOnce(t *testing.T) {
	t.Parallel()
	m := newMemory()
	issued := map[string]string{}
	watch := func(o *Options) {
		o.Issued = func(a debt.Account, code string) error { issued[a.Ref] += code; return nil }
	}
	file := csvOf(placed(), placed("debt_ref", "D-2"), placed("account_ref", "A-2", "debt_ref", "D-3"))
	take(t, importer(m), file, watch, func(o *Options) { o.DryRun = true })
	if len(issued) != 0 {
		t.Error("a dry run issued a code")
	}
	im := importer(m)
	take(t, im, file, watch)
	take(t, im, file, watch)
	if fmt.Sprint(issued) != "map[A-1:CODE-1 A-2:CODE-2]" {
		t.Errorf("%v", issued)
	}
}

func TestProgressCountsRowsAndBytes(t *testing.T) {
	t.Parallel()
	var rows []map[string]string
	for i := range 10 {
		rows = append(rows, placed("debt_ref", fmt.Sprint("D-", i)))
	}
	file := csvOf(rows...)
	var seen []Progress
	take(t, importer(newMemory()), file, func(o *Options) { o.Progress = func(p Progress) { seen = append(seen, p) } })
	if len(seen) != 4 || seen[0].Rows != 3 || seen[3].Rows != 10 || seen[3].Bytes != int64(len(file)) {
		t.Errorf("%+v", seen)
	}
}
