package smtp_test

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"

	"quittance/portal/contact"
	"quittance/portal/notice"
	"quittance/portal/notice/smtp"
)

// mailServer takes one connection and hands over what was said to it. It
// answers RCPT with the given line.
func mailServer(t *testing.T, rcpt string) (addr string, said <-chan string) {
	t.Helper()
	return mailServerParting(t, rcpt, "221 bye")
}

// mailServerParting answers QUIT with the given line too.
func mailServerParting(t *testing.T, rcpt, quit string) (addr string, said <-chan string) {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	heard := make(chan string, 1)
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		heard <- converse(c, rcpt, quit)
	}()
	return l.Addr().String(), heard
}

func converse(c net.Conn, rcpt, quit string) string {
	var all strings.Builder
	say := func(s string) { _, _ = c.Write([]byte(s + "\r\n")) }
	say("220 ready")
	data := false
	for lines := bufio.NewScanner(c); lines.Scan(); {
		line := lines.Text()
		all.WriteString(line + "\n")
		switch verb, _, _ := strings.Cut(line, " "); {
		case data && line == ".":
			data = false
			say("250 taken")
		case data:
		case verb == "EHLO":
			say("250 hello")
		case verb == "RCPT":
			say(rcpt)
		case verb == "DATA":
			data = true
			say("354 go on")
		case verb == "QUIT":
			say(quit)
			return all.String()
		default:
			say("250 fine")
		}
	}
	return all.String()
}

func letter() notice.Message {
	return notice.Message{ID: "msg_1", To: "ana@example.com", Channel: contact.Email,
		Text: notice.Text{Subject: "Your link", Plain: "Hello Ana", HTML: "<p>Hello Ana</p>"}}
}

func TestAnEmailGoesToTheConfiguredServer(t *testing.T) {
	t.Parallel()
	addr, said := mailServer(t, "250 fine")
	sender, err := smtp.New("smtp://"+addr, "Acme", "hello@acme.example")
	if err != nil {
		t.Fatal(err)
	}
	if id, err := sender.Send(t.Context(), letter()); err != nil || id != "msg_1" {
		t.Fatalf("send = %q, %v", id, err)
	}
	heard := <-said
	for _, want := range []string{"RCPT TO:<ana@example.com>", "Subject: Your link", "Message-ID: <msg_1@quittance>", "text/html", "Hello Ana"} {
		if !strings.Contains(heard, want) {
			t.Errorf("the server did not hear %q in:\n%s", want, heard)
		}
	}
}

func TestVAL12_OnlyABadMailboxIsABounceAndAPolicyIsNot(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]error{
		"550 no such user": notice.ErrBounced, "551 not here": notice.ErrBounced, "553 no such name": notice.ErrBounced,
		"550 5.1.1 no such user": notice.ErrBounced, "550-5.1.1 no such\r\n550 5.1.1 user": notice.ErrBounced,
		"556 5.1.10 takes no mail": notice.ErrBounced, "550 5.2.1 mailbox disabled": notice.ErrBounced, "552 5.2.2 mailbox full": notice.ErrBounced,
		"550 5.7.1 blocked by policy, see 5.1.1.4": notice.ErrRefused, "550 5.7.26 not authenticated": notice.ErrRefused,
		"553 5.1.8 bad sender": notice.ErrRefused, "552 5.2.3 too long": notice.ErrRefused, "554 no": notice.ErrRefused,
		"530 5.7.0 sign in first": notice.ErrRefused, "550 5.4.1 no route": notice.ErrRefused,
		"451 4.7.1 greylisted": nil, "450 4.2.2 mailbox full": nil, "421 4.3.2 closing": nil, "450 4.1.1 try later": nil,
	} {
		addr, _ := mailServer(t, answer)
		sender, err := smtp.New("smtp://"+addr, "Acme", "hello@acme.example")
		if err != nil {
			t.Fatal(err)
		}
		_, err = sender.Send(t.Context(), letter())
		again := want == nil && err != nil && !errors.Is(err, notice.ErrUndeliverable)
		if !again && (want == nil || !errors.Is(err, want)) || strings.Contains(fmt.Sprint(err), "ana@") {
			t.Errorf("%s: %v", answer, err)
		}
	}
}

func TestAnAddressThatDoesNotExistIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	for answer, final := range map[string]bool{"550 no such user": true, "451 try later": false} {
		addr, _ := mailServer(t, answer)
		sender, err := smtp.New("smtp://"+addr, "Acme", "hello@acme.example")
		if err != nil {
			t.Fatal(err)
		}
		_, err = sender.Send(t.Context(), letter())
		if err == nil || errors.Is(err, notice.ErrUndeliverable) != final {
			t.Errorf("%s: %v", answer, err)
		}
		if err != nil && strings.Contains(err.Error(), "ana@") {
			t.Errorf("the address is in the error: %v", err)
		}
	}
}

func TestASecondHeaderInASubjectOrAddressIsNotSent(t *testing.T) {
	t.Parallel()
	addr, said := mailServer(t, "250 fine")
	sender, err := smtp.New("smtp://"+addr, "Acme", "hello@acme.example")
	if err != nil {
		t.Fatal(err)
	}
	m := letter()
	m.To = "ana@example.com\r\nRCPT TO:<eve@example.com>"
	if _, err := sender.Send(t.Context(), m); !errors.Is(err, notice.ErrUndeliverable) {
		t.Errorf("address: %v", err)
	}
	m = letter()
	m.Subject = "Your link\r\nBcc: eve@example.com"
	if _, err := sender.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if heard := <-said; strings.Contains(heard, "\nBcc:") {
		t.Errorf("a header was smuggled in:\n%s", heard)
	}
}

func TestAnEmailThatWasTakenIsSentHoweverTheServerParts(t *testing.T) {
	t.Parallel()
	addr, _ := mailServerParting(t, "250 fine", "554 go away")
	sender, err := smtp.New("smtp://"+addr, "Acme", "hello@acme.example")
	if err != nil {
		t.Fatal(err)
	}
	if id, err := sender.Send(t.Context(), letter()); err != nil || id != "msg_1" {
		t.Errorf("send = %q, %v", id, err)
	}
}

func TestEmailNeedsAServerAndASender(t *testing.T) {
	t.Parallel()
	for _, server := range []string{"", "mail.example.com", "https://mail.example.com", "smtp://"} {
		if _, err := smtp.New(server, "Acme", "hello@acme.example"); !errors.Is(err, smtp.ErrServer) {
			t.Errorf("%q: %v", server, err)
		}
	}
	if _, err := smtp.New("smtps://mail.example.com", "Acme", ""); !errors.Is(err, smtp.ErrServer) {
		t.Errorf("no sender: %v", err)
	}
}
