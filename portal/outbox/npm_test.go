package outbox_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"quittance/portal/outbox"
)

// verdict is what the JavaScript reference library made of a batch.
type verdict struct {
	Accepted, Refused int
	Wrong             []string
}

// letter is one message for the JavaScript verifier.
type letter struct {
	Secret  string            `json:"secret"`
	Headers map[string]string `json:"headers"`
	Body    []byte            `json:"body"` // base64 in JSON
	Now     int64             `json:"now"`
	Want    bool              `json:"want"`
	About   string            `json:"about"`
}

func newLetter(secret string, h http.Header, body []byte, want bool, about string) letter {
	headers := map[string]string{}
	for _, name := range []string{"webhook-id", "webhook-timestamp", "webhook-signature"} {
		headers[name] = h.Get(name)
	}
	return letter{Secret: secret, Headers: headers, Body: body, Now: time.Now().Unix(), Want: want, About: about}
}

// received is the letter with a receiver whose clock differs from the header's
// by so many seconds.
func (l letter) received(seconds int64) letter {
	at, err := strconv.ParseInt(l.Headers["webhook-timestamp"], 10, 64)
	if err != nil {
		panic(err)
	}
	l.Now = at + seconds
	return l
}

// TestW1_TheJavaScriptReferenceLibraryVerifiesWhatTheDelivererSends posts one
// event of every kind of the payment story, and others, to a receiver, and
// hands each message as it arrived, tampered, stale and from the future to the
// npm library.
func TestW1_TheJavaScriptReferenceLibraryVerifiesWhatTheDelivererSends(t *testing.T) {
	t.Parallel()
	dir := installed(t)
	in := newInbox(t)
	b := setup(t, in.Server)
	b.deliverer.Stamp = time.Now
	id, secret := b.add(t, outbox.NewEndpoint{URL: in.URL})
	b.paymentStory(t)
	b.verified(t, 20)
	b.pump(t)
	_, fresh, err := b.desk.Rotate(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	b.verified(t, 20)
	b.pump(t)
	key, err := outbox.ParseSecret(secret)
	if err != nil {
		t.Fatal(err)
	}
	var letters []letter
	got := in.messages()
	for i, m := range got {
		body := []byte(m.body)
		event := outbox.EventID(m.header.Get("webhook-id"))
		tampered := bytes.Replace(body, []byte("sequence"), []byte("Sequence"), 1)
		letters = append(letters,
			newLetter(secret, m.header, body, true, "as it arrived"),
			newLetter(fresh, m.header, body, i >= len(got)-20, "with the new secret"),
			newLetter(secret, m.header, tampered, false, "tampered"),
			newLetter(outbox.NewSecret(), m.header, body, false, "somebody else's secret"),
			newLetter(secret, signed(event, time.Now(), body, key), body, false, "stale by 301 seconds").received(301),
			newLetter(secret, signed(event, time.Now(), body, key), body, false, "302 seconds early").received(-302),
		)
	}
	v := ask(t, dir, letters)
	if len(v.Wrong) > 0 || v.Accepted != len(got)+20 || len(got) != 46 {
		t.Errorf("%d messages: %d accepted, %d refused, wrong: %v", len(got), v.Accepted, v.Refused, v.Wrong)
	}
}

// TestW1_TheJavaScriptReferenceLibraryVerifiesTenThousandBodies runs random
// JSON bodies and keys, each also with one bit changed.
func TestW1_TheJavaScriptReferenceLibraryVerifiesTenThousandBodies(t *testing.T) {
	t.Parallel()
	dir := installed(t)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 2))
	const bodies = 10_000
	letters := make([]letter, 0, 2*bodies)
	for range bodies {
		secret := randomSecret(random)
		key, err := outbox.ParseSecret(secret)
		if err != nil {
			t.Fatal(err)
		}
		body, err := json.Marshal(map[string]any{"text": string(randomBody(random)), "n": random.Int64N(1 << 50)})
		if err != nil {
			t.Fatal(err)
		}
		headers := signed("evt_1", time.Now(), body, key)
		tampered := bytes.Clone(body)
		// Only ASCII bytes are changed, into ASCII: the library reads text, and
		// broken UTF-8 would all read as the same replacement character.
		at := random.IntN(len(tampered))
		for tampered[at] >= 0x80 {
			at = random.IntN(len(tampered))
		}
		tampered[at] ^= 1 << random.IntN(7)
		letters = append(letters, newLetter(secret, headers, body, true, "random"), newLetter(secret, headers, tampered, false, "one bit changed"))
	}
	v := ask(t, dir, letters)
	if len(v.Wrong) > 0 || v.Accepted != bodies || v.Refused != bodies {
		t.Errorf("%d accepted, %d refused, %d wrong", v.Accepted, v.Refused, len(v.Wrong))
	}
}

// TestTheLockFileNamesNoRegistry keeps the verifier installable from anywhere.
func TestTheLockFileNamesNoRegistry(t *testing.T) {
	t.Parallel()
	lock, err := os.ReadFile("npmverify/package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(lock), "://") || strings.Contains(string(lock), `"resolved"`) {
		t.Error("package-lock.json names where a package was fetched; install with --omit-lockfile-registry-resolved")
	}
}

// installed makes sure that the npm packages are there and returns where.
func installed(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("npmverify")
	if err != nil {
		t.Fatal(err)
	}
	installing <- struct{}{}
	defer func() { <-installing }()
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "standardwebhooks", "package.json")); err == nil {
		return dir
	}
	if _, err := exec.LookPath("npm"); err != nil {
		t.Fatal("npm is missing: install Node.js 20 or later with npm, which verifies deliveries with the JavaScript reference library")
	}
	install := exec.CommandContext(t.Context(), "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
	install.Dir = dir
	if out, err := install.CombinedOutput(); err != nil {
		t.Fatalf("npm ci in portal/outbox/npmverify failed: %v\n%s", err, out)
	}
	return dir
}

// installing lets one test at a time look and install.
var installing = make(chan struct{}, 1)

func ask(t *testing.T, dir string, letters []letter) verdict {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Fatal("node is missing: install Node.js 20 or later")
	}
	var input bytes.Buffer
	for _, l := range letters {
		line, err := json.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		input.Write(append(line, '\n'))
	}
	cmd := exec.CommandContext(t.Context(), node, "verify.js")
	cmd.Dir, cmd.Stdin = dir, &input
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("verify.js: %v\n%s", err, stderr.String())
	}
	var v verdict
	if err := json.Unmarshal(out, &v); err != nil {
		t.Fatalf("verify.js answered %q: %v", out, err)
	}
	return v
}
