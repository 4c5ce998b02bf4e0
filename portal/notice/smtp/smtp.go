// Package smtp sends e-mail. It is the only importer of go-mail.
package smtp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"time"

	"github.com/wneessen/go-mail"

	"quittance/portal/contact"
	"quittance/portal/notice"
)

// ErrServer is returned for an address that is not of the form
// smtps://user:password@host:465 or smtp://host:587, or a sender that is none.
var ErrServer = errors.New("e-mail needs an address such as smtps://user:password@host:465 and a sender")

const timeout = 15 * time.Second

// Sender sends e-mail through one server.
type Sender struct {
	client        *mail.Client
	name, address string
}

var _ notice.Sender = (*Sender)(nil)

// New returns a sender. smtps is TLS from the first byte; smtp must be upgraded
// to TLS before anything is said, but for a server on this very machine.
func New(server, fromName, fromAddress string) (*Sender, error) {
	return newSender(server, fromName, fromAddress, mail.TLSMandatory)
}

// NewPrivate is New for a server in a network of the operator's own: smtp is
// upgraded where the server offers it.
func NewPrivate(server, fromName, fromAddress string) (*Sender, error) {
	return newSender(server, fromName, fromAddress, mail.TLSOpportunistic)
}

func newSender(server, fromName, fromAddress string, policy mail.TLSPolicy) (*Sender, error) {
	u, err := url.Parse(server)
	if err != nil || u.Hostname() == "" || (u.Scheme != "smtp" && u.Scheme != "smtps") || fromAddress == "" {
		return nil, ErrServer
	}
	client, err := mail.NewClient(u.Hostname(), options(u, policy)...)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrServer, err)
	}
	return &Sender{client: client, name: fromName, address: fromAddress}, nil
}

func options(u *url.URL, policy mail.TLSPolicy) []mail.Option {
	all := []mail.Option{mail.WithTimeout(timeout)}
	switch {
	case u.Scheme == "smtps":
		all = append(all, mail.WithSSL(), mail.WithPort(port(u, 465)))
	case loopback(u.Hostname()):
		all = append(all, mail.WithTLSPolicy(mail.NoTLS), mail.WithPort(port(u, 25)))
	default:
		all = append(all, mail.WithTLSPolicy(policy), mail.WithPort(port(u, 587)))
	}
	if password, given := u.User.Password(); given {
		all = append(all, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover),
			mail.WithUsername(u.User.Username()), mail.WithPassword(password))
	}
	return all
}

func port(u *url.URL, otherwise int) int {
	if p, err := strconv.Atoi(u.Port()); err == nil {
		return p
	}
	return otherwise
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Send sends one e-mail; a server that took it and then parts badly has it all
// the same. Its id is the Message-ID, the same on every try, so
// that a mailbox can tell a repetition. The error never holds the address.
func (s *Sender) Send(ctx context.Context, m notice.Message) (string, error) {
	letter, err := s.letter(m)
	if err != nil {
		return "", err
	}
	if err := s.client.DialAndSendWithContext(ctx, letter); err != nil && !letter.IsDelivered() {
		return "", explain(err)
	}
	return m.ID, nil
}

func (s *Sender) letter(m notice.Message) (*mail.Msg, error) {
	letter := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if m.Channel != contact.Email || letter.FromFormat(s.name, s.address) != nil || letter.To(m.To) != nil {
		return nil, fmt.Errorf("%w: not an e-mail with two addresses", notice.ErrUndeliverable)
	}
	letter.Subject(m.Subject)
	letter.SetDate()
	letter.SetMessageIDWithValue(m.ID + "@quittance")
	if m.StopURL != "" { // one press in the mail program, without a page (RFC 8058)
		letter.SetGenHeader("List-Unsubscribe", "<"+m.StopURL+">")
		letter.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}
	letter.SetBodyString(mail.TypeTextPlain, m.Plain)
	if m.HTML != "" {
		letter.AddAlternativeString(mail.TypeTextHTML, m.HTML)
	}
	return letter, nil
}
