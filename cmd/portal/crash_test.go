package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"quittance/cmd/app"
	"quittance/cmd/demo"
	"quittance/payments"
	"quittance/payments/ledger"
	"quittance/payments/money"
	"quittance/payments/paymentstest"
	"quittance/payments/sandbox"
	"quittance/portal/config"
	"quittance/portal/debt"
	"quittance/portal/intake"
	"quittance/portal/notice"
	"quittance/portal/outbox"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// kills is how often the server is killed on each engine (R1).
func kills(t *testing.T) int { return paymentstest.Budget(t, "PROOF_KILLS", 60) }

// dice are thrown by all goroutines of a rig.
type dice struct {
	mu   sync.Mutex
	draw *rand.Rand
}

func newDice(seed uint64) *dice { return &dice{draw: rand.New(rand.NewPCG(seed, 1))} }

// IntN draws from [0, n).
func (d *dice) IntN(n int) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.draw.IntN(n)
}

// TestR1_NothingIsLostOrDoubledWhenTheServerIsKilled kills the real server
// with SIGKILL during a storm of payments by card, by hand and by plans, while
// the processor loses answers and the receiver refuses deliveries, and then
// counts.
func TestR1_NothingIsLostOrDoubledWhenTheServerIsKilled(t *testing.T) {
	binary := buildRig(t, "")
	storetest.EachURL(t, func(t *testing.T, url string) {
		count := kills(t)
		least := count / 10
		r := newRig(t, url, binary, rigSavers)
		r.storm(count)
		for _, fault := range r.verdict() {
			t.Error(fault)
		}
		t.Logf("row: %d kills, %d payments by hand and %d by plans confirmed (%d between the kills), %d plans completed, %d seen as paid, %d webhooks received",
			count, r.confirmed-r.autopaid, r.autopaid, r.midst, len(r.completes), len(r.acked), len(r.received))
		if r.confirmed-r.autopaid < count/10 || r.midst < least {
			t.Errorf("only %d payments by hand and %d by plans went through in %d kills: the storm was no storm", r.confirmed-r.autopaid, r.midst, count)
		}
	})
}

// buildRig builds the server as the rig runs it, optionally with sources
// replaced.
func buildRig(t *testing.T, overlay string) string {
	t.Helper()
	paymentstest.Long(t)
	binary := filepath.Join(t.TempDir(), "portal")
	args := []string{"build", "-tags", "rig", "-o", binary}
	if overlay != "" {
		args = append(args, "-overlay", overlay)
	}
	build := exec.Command("go", append(args, ".")...)
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("the server does not build: %v\n%s", err, out)
	}
	return binary
}

// rig is one database under a storm. Everything here outlives the kills.
type rig struct {
	t         *testing.T
	binary    string
	env       []string
	addr      string
	store     *store.Store
	processor *sandbox.Server
	stripe    string
	people    []rigPerson
	savers    []*rigSaver
	portal    *app.Portal // this process's own, on the same database
	dice      *dice
	answers   atomic.Int64 // that people got from the server
	calm      atomic.Bool  // the receiver refuses nothing any more
	hurried   bool         // do not wait long for rest: faults are expected

	mu        sync.Mutex
	acked     map[string]bool // references that a person saw as paid
	refused   map[string]bool // references that a person saw as not paid
	heard     bytes.Buffer    // bodies of deliveries
	unknown   int             // events of messages of which nobody knows whether they went out
	received  map[string]int  // deliveries by webhook id
	confirms  map[string]int  // webhook ids of payment.confirmed by payment id
	completes map[string]int  // webhook ids of plan.completed by plan id
	confirmed int
	autopaid  int // of them by plans
	midst     int // of them before the last kill
	starts    time.Duration
	unrest    string // what was still open when patience ended
}

func (r *rig) patience() time.Duration {
	if r.hurried {
		return 10 * time.Second
	}
	return 90 * time.Second
}

type rigPerson struct{ code, zip, account string }

const riggedCents = 5_000_000_00 // each person's debt, more than a storm can pay

// more are settings beside its own, by turns a name and a value.
func newRig(t *testing.T, url, binary string, savers int, more ...string) *rig {
	t.Helper()
	r := &rig{t: t, binary: binary, dice: newDice(paymentstest.Seed(t)), acked: map[string]bool{}, refused: map[string]bool{}, received: map[string]int{}, confirms: map[string]int{}, completes: map[string]int{}}
	r.addr = freeAddress(t)
	receiver := httptest.NewServer(http.HandlerFunc(r.receive))
	t.Cleanup(receiver.Close)
	hookSecret := "whsec_rig_0123456789abcdef"
	r.processor = sandbox.New(sandbox.Config{SecretKey: "sk_test_rig", PublishableKey: "pk_test_rig", WebhookSecret: hookSecret, WebhookURL: "http://" + r.addr + "/hooks/stripe", Now: time.Now})
	stripe := httptest.NewServer(r.processor.Handler())
	t.Cleanup(stripe.Close)
	r.stripe = stripe.URL
	settings := demo.Settings("http://"+r.addr, stripe.URL, r.addr, url)
	settings["STRIPE_SECRET_KEY"], settings["STRIPE_PUBLISHABLE_KEY"], settings["STRIPE_WEBHOOK_SECRET"] = "sk_test_rig", "pk_test_rig", hookSecret
	settings["PORTAL_SECRET_KEY"] = "rig-key-0123456789-abcdefghijklmnopqrstuvwxyz"
	for i := 0; i+1 < len(more); i += 2 {
		settings[more[i]] = more[i+1]
	}
	for name, value := range settings {
		r.env = append(r.env, name+"="+value)
	}
	r.env = append(r.env, "RIG_RECEIVER="+strings.TrimPrefix(receiver.URL, "http://"), "PATH="+os.Getenv("PATH"))
	r.furnish(url, settings, receiver.URL)
	if savers > 0 {
		r.place(savers, func(a debt.Account, _ string) { r.savers = append(r.savers, &rigSaver{account: string(a.ID)}) })
	}
	for _, s := range r.savers {
		r.saveCard(s)
	}
	return r
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// furnish places the people and the endpoint by the product's own means.
func (r *rig) furnish(url string, settings map[string]string, receiver string) {
	ctx := r.t.Context()
	lookup := func(name string) (string, bool) { v, ok := settings[name]; return v, ok }
	cfg, err := config.Load(config.Environment{Lookup: lookup})
	if err != nil {
		r.t.Fatal(err)
	}
	cfg.DatabaseURL = config.Secret(url)
	cfg.WebhookLoopback = []string{strings.TrimPrefix(receiver, "http://")}
	r.portal, err = app.Open(ctx, cfg, app.Surroundings{Now: time.Now, Stamp: time.Now, Log: slog.New(slog.DiscardHandler)}, true)
	if err != nil {
		r.t.Fatal(err)
	}
	r.store = r.portal.Store
	r.t.Cleanup(func() { _ = r.store.Close() })
	if _, _, err := r.portal.Endpoints.Create(ctx, outbox.NewEndpoint{URL: receiver + "/hook"}); err != nil {
		r.t.Fatal(err)
	}
	r.place(8, func(a debt.Account, code string) {
		r.people = append(r.people, rigPerson{code: code, zip: "45402", account: string(a.ID)})
	})
}

// place imports so many people with one debt each.
func (r *rig) place(count int, issued func(a debt.Account, code string)) {
	var people []demo.Sample
	for i := range count {
		people = append(people, demo.Sample{Ref: fmt.Sprintf("R-%d-%d", count, i), First: "Pat", Last: "Rig", Born: "1980-01-01", City: "Dayton", State: "OH", ZIP: "45402",
			Debts: []demo.SampleDebt{{Creditor: "Rig Clinic", Kind: "medical", Last4: "0001", What: "Care", Amount: riggedCents, MonthsAgo: 3}}})
	}
	placed := 0
	_, err := r.portal.Importer.Import(r.t.Context(), bytes.NewReader(demo.Placements(people, time.Now())), intake.Options{Format: intake.CSV,
		Issued: func(a debt.Account, code string) error { placed++; issued(a, code); return nil }})
	if err != nil || placed != count {
		r.t.Fatalf("placed %d of %d people: %v", placed, count, err)
	}
}

// receive counts deliveries and refuses every tenth.
func (r *rig) receive(w http.ResponseWriter, request *http.Request) {
	body, _ := io.ReadAll(request.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.calm.Load() && r.dice.IntN(10) == 0 {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	r.heard.Write(body)
	id := request.Header.Get("webhook-id")
	r.received[id]++
	if bytes.Contains(body, []byte(`"reason":"`+notice.ProblemUnknown+`"`)) && r.received[id] == 1 {
		r.unknown++ // it may come again where the server dies before it notes the answer
	}
	if bytes.Contains(body, []byte(`"type":"payment.confirmed"`)) && r.received[id] == 1 {
		if m := paymentID.FindSubmatch(body); m != nil {
			r.confirms[string(m[1])]++
		}
	}
	if bytes.Contains(body, []byte(`"type":"plan.completed"`)) && r.received[id] == 1 {
		if m := planID.FindSubmatch(body); m != nil {
			r.completes[string(m[1])]++
		}
	}
	w.WriteHeader(http.StatusOK)
}

// storm lets eight people pay and plans fall due while the server is killed
// again and again, and then lets everything come to rest.
func (r *rig) storm(count int) {
	ctx, stop := context.WithCancel(r.t.Context())
	defer stop()
	r.calm.Store(false)
	go func() { _ = r.processor.Run(ctx) }()
	r.processor.FailSome(5, 7, sandbox.ModeErrorAfter, sandbox.ModeResetAfter, sandbox.ModeError)
	paying, stopPaying := context.WithCancel(ctx)
	var payers sync.WaitGroup
	for i, person := range r.people {
		payers.Go(func() { r.pay(paying, i, person) })
	}
	payers.Go(func() { r.enroll(paying) })
	began := time.Now()
	for i := range count {
		child := r.start()
		r.waitForTraffic(1 + r.dice.IntN(150))
		_ = child.Process.Kill()
		_ = child.Wait()
		if (i+1)%100 == 0 {
			r.t.Logf("%d kills in %s, %s of it starting", i+1, time.Since(began).Round(time.Second), r.starts.Round(time.Second))
		}
	}
	r.midst = r.paidByPlans(ctx)
	r.processor.ClearFaults()
	r.calm.Store(true)
	child := r.start()
	stopPaying()
	payers.Wait()
	r.resend(ctx)
	r.rest(ctx)
	_ = child.Process.Signal(os.Interrupt)
	_ = child.Wait()
}

// waitForTraffic returns after so many more answers, or after a while: the
// kill comes at a random moment of the traffic, on a fast machine and a slow
// one alike.
func (r *rig) waitForTraffic(answers int) {
	enough := r.answers.Load() + int64(answers)
	for deadline := time.Now().Add(4 * time.Second); r.answers.Load() < enough && time.Now().Before(deadline); {
		time.Sleep(time.Duration(r.dice.IntN(3)) * time.Millisecond)
	}
}

// start runs the server and waits until it answers.
func (r *rig) start() *exec.Cmd {
	began := time.Now()
	child := exec.Command(r.binary, "rig-serve")
	child.Env = r.env
	var said bytes.Buffer
	child.Stderr = &said
	if err := child.Start(); err != nil {
		r.t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		answer, err := http.Get("http://" + r.addr + "/healthz")
		if err == nil {
			answer.Body.Close()
			r.starts += time.Since(began)
			return child
		}
	}
	_ = child.Process.Kill()
	_ = child.Wait()
	r.t.Fatalf("the server did not start: %s", said.String())
	return nil
}

// resend does what an operator does after an outage: what waits for a later
// try is sent now.
func (r *rig) resend(ctx context.Context) {
	endpoints, err := r.store.Endpoints(ctx)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, e := range endpoints {
		if _, err := r.portal.Endpoints.Replay(ctx, outbox.Selection{Endpoint: e.ID, Undelivered: true}); err != nil {
			r.t.Fatal(err)
		}
	}
}

// rest waits until every charge fell due, no payment is open and every event
// was delivered. It gives up once nothing has become better for a while.
func (r *rig) rest(ctx context.Context) {
	time.Sleep(time.Until(r.lastCharge()))
	least := math.MaxInt
	for deadline := time.Now().Add(r.patience()); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		open := r.unfinished(ctx) + r.undelivered(ctx)
		for _, p := range r.payments(ctx) {
			if p.Status.Holds() {
				open++
			}
		}
		if open == 0 {
			return
		}
		if open < least {
			least, deadline = open, time.Now().Add(r.patience())
		}
	}
	r.unrest = fmt.Sprintf("%s after anything moved %d events are not delivered, %d plans are not completed, or payments are open",
		r.patience(), r.undelivered(ctx), r.unfinished(ctx))
}

func (r *rig) payments(ctx context.Context) []payments.Payment {
	var all []payments.Payment
	for _, account := range r.accounts() {
		list, err := r.store.PaymentsOfAccount(ctx, account, 100_000)
		if err != nil {
			r.t.Fatal(err)
		}
		all = append(all, list...)
	}
	return all
}

// accounts are those of the people and of the savers.
func (r *rig) accounts() []string {
	var all []string
	for _, person := range r.people {
		all = append(all, person.account)
	}
	for _, s := range r.savers {
		all = append(all, s.account)
	}
	return all
}

func (r *rig) undelivered(ctx context.Context) int {
	waiting, err := r.store.Unsequenced(ctx, 1000)
	if err != nil {
		r.t.Fatal(err)
	}
	endpoints, err := r.store.Endpoints(ctx)
	if err != nil || len(endpoints) != 1 {
		r.t.Fatalf("%d endpoints: %v", len(endpoints), err)
	}
	count := len(waiting)
	for after := int64(0); ; {
		page, err := r.store.Deliveries(ctx, endpoints[0].ID, after, 500)
		if err != nil {
			r.t.Fatal(err)
		}
		if len(page) == 0 {
			return count
		}
		for _, d := range page {
			after = d.Sequence
			if d.State != outbox.Delivered {
				count++
			}
		}
	}
}

// verdict compares the processor, the ledger, what people saw and what the
// receiver got. It returns one sentence for each fault.
func (r *rig) verdict() []string {
	ctx := r.t.Context()
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	if r.unrest != "" && !r.hurried { // a hurry is no fault of the server
		fault("%s", r.unrest)
	}
	charged := map[string]int{}
	for _, c := range r.processor.Charges() {
		charged[c.Metadata["payment_id"]]++
	}
	r.checkPlans(ctx, maps.Clone(charged), fault)
	byAccount, amounts := map[string]money.Cents{}, map[string]map[string]money.Cents{}
	for _, p := range r.payments(ctx) {
		id := string(p.ID)
		switch {
		case charged[id] > 1:
			fault("%s was charged %d times", id, charged[id])
		case charged[id] == 1 && p.Status != payments.Confirmed:
			fault("%s was charged but is %s", id, p.Status)
		case charged[id] == 0 && p.Status == payments.Confirmed:
			fault("%s is confirmed but was never charged", id)
		case r.acked[p.Reference] && p.Status != payments.Confirmed:
			fault("%s was shown as paid but is %s", id, p.Status)
		case r.refused[p.Reference] && charged[id] > 0:
			fault("%s was shown as not paid but was charged", id)
		}
		if p.Status == payments.Confirmed {
			r.confirmed++
			byAccount[p.AccountID] += p.Amount
			if amounts[p.AccountID] == nil {
				amounts[p.AccountID] = map[string]money.Cents{}
			}
			amounts[p.AccountID][id] = p.Amount
			if r.confirms[id] != 1 {
				fault("%s was announced by %d events", id, r.confirms[id])
			}
		}
		delete(charged, id)
	}
	for id := range charged {
		fault("%s was charged but no such payment is stored", id)
	}
	for _, account := range r.accounts() {
		statements, err := r.store.AccountStatements(ctx, debt.AccountID(account))
		if err != nil || len(statements) != 1 {
			fault("statements of %s: %v", account, err)
			continue
		}
		if want := riggedCents - byAccount[account]; statements[0].Owed != want || statements[0].Pending != 0 {
			fault("%s owes %s with %s pending; the payments say %s", account, statements[0].Owed, statements[0].Pending, want)
		}
		r.checkEntries(ctx, statements[0].Debt.ID, amounts[account], fault)
	}
	if err := r.store.CheckLedger(ctx); err != nil {
		fault("ledger: %v", err)
	}
	return faults
}

// checkEntries holds every confirmed payment of a debt to one transfer of two
// entries.
func (r *rig) checkEntries(ctx context.Context, id debt.ID, confirmed map[string]money.Cents, fault func(string, ...any)) {
	transfers, err := r.store.Transfers(ctx, ledger.Debt(string(id)))
	if err != nil {
		fault("transfers of %s: %v", id, err)
	}
	posted := map[string]int{}
	for _, t := range transfers {
		if t.Kind == ledger.Placement {
			continue
		}
		posted[t.PaymentID]++
		if took := ledger.Balance([]ledger.Transfer{t}, ledger.Clearing); len(t.Entries) != 2 || took != confirmed[t.PaymentID] {
			fault("%s posted %s in %d entries; it took %s", t.PaymentID, took, len(t.Entries), confirmed[t.PaymentID])
		}
	}
	for payment := range confirmed {
		if posted[payment] != 1 {
			fault("%s was posted %d times", payment, posted[payment])
		}
	}
}
