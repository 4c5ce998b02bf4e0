// Package sms sends texts with Twilio, or any server that speaks its API. It is
// the only importer of Twilio's SDK.
package sms

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/twilio/twilio-go"
	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"

	"quittance/portal/contact"
	"quittance/portal/notice"
)

// Account is how Twilio knows the agency. APIURL is empty for Twilio itself.
type Account struct {
	SID, AuthToken, From string
	APIURL               string
	ReportsURL           string // where Twilio says what became of a text; empty: nowhere
}

// ErrAccount is returned for an incomplete account or an address that is none.
var ErrAccount = errors.New("texts need an account, its token, a number to send from and, if any, a whole API address")

// timeout of one request; the SDK takes no context.
const timeout = 15 * time.Second

// Sender sends texts.
type Sender struct {
	messages *api.ApiService
	from     string
	reports  string
}

var _ notice.Sender = (*Sender)(nil)

// New returns a sender; ErrAccount.
func New(a Account) (*Sender, error) {
	if a.SID == "" || a.AuthToken == "" || a.From == "" {
		return nil, ErrAccount
	}
	httpClient := &http.Client{Timeout: timeout, CheckRedirect: neverFollow}
	if a.APIURL != "" {
		to, err := url.Parse(a.APIURL)
		if err != nil || to.Host == "" {
			return nil, ErrAccount
		}
		httpClient.Transport = redirected{to: to}
	}
	base := &client.Client{Credentials: client.NewCredentials(a.SID, a.AuthToken), HTTPClient: httpClient}
	base.SetAccountSid(a.SID)
	rest := twilio.NewRestClientWithParams(twilio.ClientParams{Client: base})
	return &Sender{messages: rest.Api, from: a.From, reports: a.ReportsURL}, nil
}

func neverFollow(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// redirected sends every request to another server than Twilio's.
type redirected struct{ to *url.URL }

// RoundTrip implements http.RoundTripper.
func (r redirected) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.URL.Scheme, req.URL.Host, req.Host = r.to.Scheme, r.to.Host, r.to.Host
	return http.DefaultTransport.RoundTrip(req)
}

// Send sends one text. Only a request that surely was not taken is worth
// another try; after a lost answer a second text would be one too many
// (SMS-08). The error never holds the number.
func (s *Sender) Send(ctx context.Context, m notice.Message) (string, error) {
	if m.Channel != contact.SMS {
		return "", fmt.Errorf("%w: not a text", notice.ErrUndeliverable)
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	params := &api.CreateMessageParams{}
	params.SetTo(m.To).SetFrom(s.from).SetBody(m.Plain)
	if s.reports != "" {
		params.SetStatusCallback(s.reports)
	}
	sent, err := s.messages.CreateMessage(params)
	if err != nil {
		return "", explain(err)
	}
	if sent.Sid == nil {
		return "", fmt.Errorf("%w: the answer names no message", notice.ErrUndeliverable)
	}
	return *sent.Sid, nil
}

func explain(err error) error {
	var refused *client.TwilioRestError
	var dial *net.OpError
	switch {
	case errors.As(err, &refused) && refused.Status == http.StatusTooManyRequests:
		return errors.New("twilio asks to slow down")
	case errors.As(err, &refused):
		return fmt.Errorf("%w: twilio answered %d with code %d", meaning(refused.Code), refused.Status, refused.Code)
	case errors.As(err, &dial) && dial.Op == "dial":
		return errors.New("twilio cannot be reached")
	}
	return fmt.Errorf("%w: the answer was lost", notice.ErrUndeliverable)
}

// Twilio's codes that speak of the number; all others are of the account, the
// words or the carriers.
const (
	codeNotANumber  = 21211
	codeStopped     = 21610
	codeNotMobile   = 21614
	codeNoSuchPhone = 30005
	codeLandline    = 30006
)

// meaning is what a refusal says of the number.
func meaning(code int) error {
	switch code {
	case codeStopped:
		return notice.ErrStopped
	case codeNotANumber, codeNotMobile, codeNoSuchPhone, codeLandline:
		return notice.ErrBounced
	}
	return notice.ErrRefused
}
