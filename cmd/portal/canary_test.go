package main

import (
	"bytes"
	"encoding/base64"
	"encoding/csv"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"quittance/cmd/demo"
	"quittance/portal/debt"
	"quittance/portal/intake"
	"quittance/portal/store/storetest"
)

// canaries are one value for each personal field, found nowhere else. What a
// consumer typed where it does not belong counts too.
var canaries = map[string]string{
	"first_name": "Xanthippe", "last_name": "Quetzalcoatl", "date_of_birth": "1971-02-03", "ssn_last4": "9173",
	"address_line1": "77 Canary Row", "address_line2": "Flat Zebra", "city": "Birdsville", "postal_code": "43085",
	"phone": "+16145550177", "email": "canary.bird@example.org",
}

const (
	canaryPAN     = "4000056655665556"
	canaryAccount = "000123456789017"
	canaryWages   = "4319.77"
)

// TestS9_NoPersonalDataStandsWhereItDoesNotBelong goes through a whole journey
// against the built server and searches what it left: the database's files, the
// log, metrics, webhooks, refusals and addresses.
func TestS9_NoPersonalDataStandsWhereItDoesNotBelong(t *testing.T) {
	t.Parallel()
	database := storetest.SQLiteURL(t)
	r := newRig(t, database, buildRig(t, ""), 0)
	r.calm.Store(true)
	code := r.placeCanary()
	metrics, logged := freeAddress(t), filepath.Join(t.TempDir(), "log")
	r.env = append(r.env, "PORTAL_METRICS_ADDR="+metrics)
	stop := r.startLogging(logged)
	left := r.journey(code)
	left["metrics"] = fetch(t, "http://"+metrics+"/metrics")
	if len(left["metrics"]) == 0 {
		t.Error("no metrics were read")
	}
	stop()
	left["log"] = read(t, logged)
	for _, file := range glob(t, strings.TrimPrefix(database, "sqlite:")+"*") {
		left["database "+filepath.Base(file)] = read(t, file)
	}
	r.mu.Lock()
	left["webhooks"] = bytes.Clone(r.heard.Bytes())
	r.mu.Unlock()
	if !bytes.Contains(left["webhooks"], []byte("payment.confirmed")) || !bytes.Contains(left["webhooks"], []byte("431977")) || !bytes.Contains(left["log"], []byte(`"route":"/verify"`)) {
		t.Fatalf("the journey did not come to its end: %s", left["log"])
	}
	search(t, left, code)
}

// allowed are the places where a field is the message itself: the collector's
// own system is told the worksheet that was sent to it.
var allowed = map[string]string{"webhooks": "wages"}

func search(t *testing.T, left map[string][]byte, code string) {
	t.Helper()
	all := map[string]string{"pan": canaryPAN, "account number": canaryAccount, "code": code, "bare code": strings.ReplaceAll(code, "-", ""), "wages": "431977"}
	for name, value := range canaries {
		all[name] = value
	}
	for place, content := range left {
		for name, value := range all {
			if allowed[place] == name {
				continue
			}
			for _, form := range forms(value) {
				if i := whereIs(place, content, form); i >= 0 {
					t.Errorf("%s: %s stands there as %q: …%q…", place, name, form, content[max(0, i-60):min(len(content), i+60)])
				}
			}
		}
	}
}

// whereIs finds a form. A short number is looked for by itself, for it could
// stand inside another one; in the database's files that goes for four digits
// alone, since columns follow each other there without a gap.
func whereIs(place string, content []byte, form string) int {
	short := len(form) < 8
	if strings.HasPrefix(place, "database") {
		short = len(form) < 5
	}
	if !short || strings.Trim(form, "0123456789") != "" {
		return bytes.Index(content, []byte(form))
	}
	found := regexp.MustCompile(`(?:^|[^0-9A-Za-z])` + form + `(?:$|[^0-9A-Za-z])`).FindIndex(content)
	if found == nil {
		return -1
	}
	return found[0]
}

// forms are the ways in which a value may be written.
func forms(v string) []string {
	var all []string
	for _, one := range []string{v, strings.ToLower(v), strings.ToUpper(v)} {
		encoded := base64.StdEncoding.EncodeToString([]byte(one))
		all = append(all, one, hex.EncodeToString([]byte(one)), url.QueryEscape(one), url.PathEscape(one), strings.TrimRight(encoded, "="))
	}
	return all
}

func (r *rig) placeCanary() (code string) {
	r.t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(demo.Placements([]demo.Sample{{Ref: "CANARY-1", First: "F", Last: "L", Born: "1980-01-01", City: "Dayton", State: "OH", ZIP: "45402",
		Debts: []demo.SampleDebt{{Creditor: "Rig Clinic", Kind: "medical", Last4: "0001", What: "Care", Amount: 500_00, MonthsAgo: 3}}}}, time.Now()))).ReadAll()
	if err != nil {
		r.t.Fatal(err)
	}
	for i, name := range rows[0] {
		if value, ok := canaries[name]; ok {
			rows[1][i] = value
		}
	}
	var file bytes.Buffer
	if err := csv.NewWriter(&file).WriteAll(rows); err != nil {
		r.t.Fatal(err)
	}
	_, err = r.portal.Importer.Import(r.t.Context(), &file, intake.Options{Format: intake.CSV, Issued: func(_ debt.Account, c string) error { code = c; return nil }})
	if err != nil || code == "" {
		r.t.Fatalf("the person was not placed: %v", err)
	}
	return code
}

// startLogging runs the server with its words in a file.
func (r *rig) startLogging(path string) (stop func()) {
	r.t.Helper()
	file, err := os.Create(path)
	if err != nil {
		r.t.Fatal(err)
	}
	child := exec.Command(r.binary, "rig-serve")
	child.Env, child.Stderr, child.Stdout = r.env, file, file
	if err := child.Start(); err != nil {
		r.t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if answer, err := http.Get("http://" + r.addr + "/healthz"); err == nil {
			answer.Body.Close()
			break
		}
	}
	return func() {
		_ = child.Process.Signal(os.Interrupt)
		_ = child.Wait()
		_ = file.Close()
	}
}

// journey signs in after slips, fills in a worksheet and pays. It returns the
// refusals it met and the addresses it was led to.
func (r *rig) journey(code string) map[string][]byte {
	jar, err := cookiejar.New(nil)
	if err != nil {
		r.t.Fatal(err)
	}
	ctx := r.t.Context()
	go func() { _ = r.processor.Run(ctx) }()
	p := &payer{rig: r, person: rigPerson{code: code, zip: canaries["postal_code"]}, base: "http://" + r.addr,
		client: &http.Client{Jar: jar, Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	var led strings.Builder
	page, _ := p.get("/")
	led.WriteString(p.post("/", url.Values{"csrf": {field(csrfField, page)}, "code": {canaryPAN}}))
	led.WriteString(p.post("/", url.Values{"csrf": {field(csrfField, page)}, "code": {code}}))
	page, _ = p.get("/verify")
	led.WriteString(p.post("/verify", url.Values{"csrf": {field(csrfField, page)}, "zip": {canaryAccount}}))
	page, _ = p.get("/verify")
	led.WriteString(p.post("/verify", url.Values{"csrf": {field(csrfField, page)}, "zip": {p.person.zip}}))
	page, _ = p.get("/payments/new")
	m := debtField.FindStringSubmatch(page)
	if m == nil {
		r.t.Fatalf("the person did not come in: %s", page)
	}
	p.get("/account")
	p.get("/debts/" + m[1])
	budget, _ := p.get("/debts/" + m[1] + "/budget")
	p.post("/debts/"+m[1]+"/budget", url.Values{"csrf": {field(csrfField, budget)}, "once": {field(onceField, budget)}, "household": {"1"},
		"month_pay": {canaryWages}})
	p.once(ctx, "12.00")
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		r.mu.Lock()
		told := bytes.Contains(r.heard.Bytes(), []byte("payment.confirmed"))
		r.mu.Unlock()
		if told {
			break
		}
	}
	missing, _ := p.get("/debts/dbt_unknown")
	refused, _ := p.get("/console")
	return map[string][]byte{"addresses": []byte(led.String()), "a page that is not there": []byte(missing), "a refusal": []byte(refused)}
}

func fetch(t *testing.T, address string) []byte {
	t.Helper()
	answer, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	found, err := filepath.Glob(pattern)
	if err != nil || len(found) == 0 {
		t.Fatalf("no files of the database: %v", err)
	}
	return found
}
