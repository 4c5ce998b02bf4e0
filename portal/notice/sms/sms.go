// Package sms sends texts with Twilio, or any server that speaks its API, and
// believes what it signed.
package sms

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

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

const (
	publicAPI  = "https://api.twilio.com"
	timeout    = 15 * time.Second // of one request
	mostAnswer = 64 << 10         // bytes that are read of an answer
)

// Sender sends texts.
type Sender struct {
	account  Account
	messages string // where texts are handed over
	client   *http.Client
}

var _ notice.Sender = (*Sender)(nil)

// New returns a sender; ErrAccount.
func New(a Account) (*Sender, error) {
	if a.SID == "" || a.AuthToken == "" || a.From == "" {
		return nil, ErrAccount
	}
	api, err := url.Parse(cmp.Or(a.APIURL, publicAPI))
	if err != nil || api.Host == "" {
		return nil, ErrAccount
	}
	return &Sender{
		account: a, messages: api.JoinPath("2010-04-01", "Accounts", url.PathEscape(a.SID), "Messages.json").String(),
		client: &http.Client{Timeout: timeout, CheckRedirect: neverFollow},
	}, nil
}

func neverFollow(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

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
	// What has begun is not broken off: nobody would know whether the text went.
	r, err := s.post(context.WithoutCancel(ctx), m)
	if err != nil {
		return "", explain(err)
	}
	defer r.Body.Close()
	return read(r)
}

func (s *Sender) post(ctx context.Context, m notice.Message) (*http.Response, error) {
	form := url.Values{"To": {m.To}, "From": {s.account.From}, "Body": {m.Plain}}
	if s.account.ReportsURL != "" {
		form.Set("StatusCallback", s.account.ReportsURL)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.messages, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	r.SetBasicAuth(s.account.SID, s.account.AuthToken)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("User-Agent", "Quittance-Texts/1")
	return s.client.Do(r)
}

// read returns the id of a text that was taken, or why it was not.
func read(r *http.Response) (string, error) {
	if r.StatusCode == http.StatusTooManyRequests {
		return "", errors.New("twilio asks to slow down")
	}
	var said struct {
		SID  string `json:"sid"`
		Code int    `json:"code"`
	}
	switch err := json.NewDecoder(io.LimitReader(r.Body, mostAnswer)).Decode(&said); {
	case err != nil:
		return "", errLost
	case r.StatusCode >= http.StatusBadRequest:
		return "", fmt.Errorf("%w: twilio answered %d with code %d", meaning(said.Code), r.StatusCode, said.Code)
	case said.SID == "":
		return "", fmt.Errorf("%w: the answer names no message", notice.ErrUndeliverable)
	}
	return said.SID, nil
}

var errLost = fmt.Errorf("%w: the answer was lost", notice.ErrUndeliverable)

// explain says what an answer that never came means.
func explain(err error) error {
	var dial *net.OpError
	if errors.As(err, &dial) && dial.Op == "dial" {
		return errors.New("twilio cannot be reached")
	}
	return errLost
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
