package smtp_test

import (
	"bufio"
	"errors"
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
		heard <- converse(c, rcpt)
	}()
	return l.Addr().String(), heard
}

func converse(c net.Conn, rcpt string) string {
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
			say("221 bye")
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
