package main

import (
	"bufio"
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/notice"
	"quittance/portal/store/storetest"
)

// killer is a carrier of texts and of e-mail. The first of each it takes and
// kills whoever handed it over before it answers.
type killer struct {
	mu     sync.Mutex
	child  *exec.Cmd
	texts  []string
	mails  []string // their Message-IDs
	killed map[string]bool
}

// strike kills the server once for each channel, and reports whether it did.
func (k *killer) strike(channel string) bool {
	if k.killed[channel] {
		return false
	}
	k.killed[channel] = true
	_ = k.child.Process.Kill()
	return true
}

func (k *killer) text(w http.ResponseWriter, r *http.Request) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.texts = append(k.texts, r.FormValue("To"))
	if k.strike("sms") {
		panic(http.ErrAbortHandler)
	}
	w.WriteHeader(http.StatusCreated)
	_, _ = w.Write([]byte(`{"sid":"SM1"}`))
}

func (k *killer) mail(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go k.converse(c)
	}
}

func (k *killer) converse(c net.Conn) {
	defer c.Close()
	say := func(s string) { _, _ = c.Write([]byte(s + "\r\n")) }
	say("220 ready")
	id, data := "", false
	for lines := bufio.NewScanner(c); lines.Scan(); {
		line := lines.Text()
		if found, is := strings.CutPrefix(line, "Message-ID: "); data && is {
			id = found
		}
		switch {
		case data && line == ".":
			data = false
			if k.took(id) {
				return
			}
			say("250 taken")
		case data:
		case line == "DATA":
			data = true
			say("354 go on")
		case line == "QUIT":
			say("221 bye")
			return
		default:
			say("250 fine")
		}
	}
}

func (k *killer) took(id string) (struck bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.mails = append(k.mails, id)
	return k.strike("email")
}

func (k *killer) run(child *exec.Cmd) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.child = child
}

// TestR1_SMS08_ATextIsSentAtMostOnceThoughTheServerIsKilledWhileItSends kills the
// real server between the carrier's taking a message and the server's noting
// it. The text is never sent again and told as one of which nobody knows; the
// e-mail comes again under the same Message-ID.
func TestR1_SMS08_ATextIsSentAtMostOnceThoughTheServerIsKilledWhileItSends(t *testing.T) {
	binary := buildRig(t, "")
	storetest.EachURL(t, func(t *testing.T, url string) {
		k := &killer{killed: map[string]bool{}}
		carrier := httptest.NewServer(http.HandlerFunc(k.text))
		t.Cleanup(carrier.Close)
		post, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = post.Close() })
		go k.mail(post)
		r := newRig(t, url, binary, 0, "TWILIO_ACCOUNT_SID", "AC1", "TWILIO_AUTH_TOKEN", "TokenOfTheRig0123", "TWILIO_FROM", "+12025550100",
			"PORTAL_TWILIO_API_URL", carrier.URL, "PORTAL_SMTP_URL", "smtp://"+post.Addr().String())
		r.calm.Store(true)
		account := debt.AccountID(r.people[0].account)
		text := r.queue(t, notice.Message{AccountID: account, To: "+12125550123", Channel: contact.SMS, Kind: notice.KindHelp, Text: notice.Text{Plain: "Reply STOP"}})
		mail := r.queue(t, notice.Message{AccountID: account, To: "ana@example.com", Channel: contact.Email, Kind: notice.KindCheck,
			Text: notice.Text{Subject: "Code", Plain: notice.StopMark}})
		for range 3 { // two are killed, the third comes to rest
			child := r.start()
			k.run(child)
			go func() { _ = child.Wait() }()
			if r.settled(t, text, mail) {
				_ = child.Process.Kill()
				break
			}
		}
		for id, want := range map[string]notice.Status{text: notice.Failed, mail: notice.Sent} {
			if m, err := r.store.Outgoing(t.Context(), id); err != nil || m.Status != want || want == notice.Failed && m.Problem != notice.ProblemUnknown {
				t.Errorf("%s is %s %q, %v", m.Kind, m.Status, m.Problem, err)
			}
		}
		if len(k.texts) != 1 || len(k.mails) != 2 || len(slices.Compact(slices.Clone(k.mails))) != 1 || !strings.Contains(k.mails[0], mail) {
			t.Errorf("carried %d texts and the e-mails %v", len(k.texts), k.mails)
		}
		if got := r.heardOfUnknown(); got != 1 {
			t.Errorf("the system of record heard of it %d times", got)
		}
	})
}

func (r *rig) queue(t *testing.T, m notice.Message) string {
	t.Helper()
	id, err := r.portal.Queue.Add(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// heardOfUnknown is how many events told the system of record of a message of which
// nobody knows whether it went out.
func (r *rig) heardOfUnknown() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.unknown
}

// settled waits until both messages came to their end and the system of record
// has heard, or the server is dead.
func (r *rig) settled(t *testing.T, messages ...string) bool {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		open := 0
		for _, id := range messages {
			m, err := r.store.Outgoing(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			if m.Status != notice.Sent && m.Status != notice.Failed {
				open++
			}
		}
		if open == 0 && r.undelivered(t.Context()) == 0 && r.heardOfUnknown() > 0 {
			return true
		}
		answer, err := http.Get("http://" + r.addr + "/healthz")
		if err != nil {
			return false
		}
		answer.Body.Close()
	}
	return false
}
