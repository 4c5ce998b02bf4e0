package outbox

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	// postTimeout is how long a receiver may take in all.
	postTimeout = 15 * time.Second
	// replyKept is how much of an answer is kept to explain a failure.
	replyKept = 1024
	// replyRead is how much of an answer is read at all.
	replyRead = 64 << 10
	// postingMax bounds a transaction id or refusal reason, in bytes.
	postingMax = 255
)

// Client POSTs to receivers: no proxy, no private addresses, and no redirects,
// for a bare transport follows none.
type Client struct {
	guard     guard
	transport http.RoundTripper
}

// NewClient builds a client. loopback lists the exact "127.0.0.1:port" values
// of receivers that may be reached on this machine; it is empty in production,
// where no setting fills it.
func NewClient(loopback []string) (*Client, error) {
	g, err := newGuard(loopback)
	if err != nil {
		return nil, err
	}
	dialer := &net.Dialer{Timeout: postTimeout, Control: g.control}
	return &Client{guard: g, transport: &http.Transport{
		Proxy:                  nil,
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    postTimeout,
		DisableCompression:     true,
		MaxIdleConns:           512,
		MaxIdleConnsPerHost:    64,
		IdleConnTimeout:        60 * time.Second,
		MaxResponseHeaderBytes: 32 << 10,
	}}, nil
}

// post attempts one delivery by itself.
func (c *Client) post(ctx context.Context, address string, id EventID, body []byte, keys [][]byte, stamp, at time.Time) reply {
	ctx, cancel := context.WithTimeout(ctx, postTimeout)
	defer cancel()
	return c.attempt(ctx, address, id, body, keys, stamp, at)
}

// attempt sends one signed body; the context ends within postTimeout. stamp is
// the time that the signature carries, at is the attempt's time on the portal's
// clock.
func (c *Client) attempt(ctx context.Context, address string, id EventID, body []byte, keys [][]byte, stamp, at time.Time) reply {
	r := reply{Attempt: Attempt{At: at}}
	begun := time.Now()
	res, err := c.send(ctx, address, id, body, keys, stamp)
	if err != nil {
		r.Class, r.Duration = classOf(err), time.Since(begun)
		return r
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, replyRead))
	r.Duration, r.Status, r.Reply = time.Since(begun), res.StatusCode, excerpt(answer)
	r.Class = classOfStatus(res.StatusCode)
	if err != nil && r.ok() && errors.Is(err, context.DeadlineExceeded) {
		r.Class = ClassTimeout
	}
	if r.ok() {
		r.TransactionID = postedID(answer)
	} else {
		r.RetryAfter = retryAfter(res.Header.Get("Retry-After"), stamp)
	}
	return r
}

func (c *Client) send(ctx context.Context, address string, id EventID, body []byte, keys [][]byte, stamp time.Time) (*http.Response, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && !c.guard.allowsPlain(u) {
		return nil, ErrForbidden
	}
	req := &http.Request{Method: http.MethodPost, URL: u, Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body))}
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	req.Header = http.Header{
		"Content-Type":  {"application/json"},
		"User-Agent":    {"Quittance-Webhooks/1"},
		headerID:        {string(id)},
		headerTimestamp: {strconv.FormatInt(stamp.Unix(), 10)},
		headerSignature: {Sign(keys, id, stamp, body)},
	}
	return c.transport.RoundTrip(req.WithContext(ctx))
}

func classOfStatus(status int) Class {
	switch {
	case status >= 200 && status < 300:
		return ClassOK
	case status >= 300 && status < 400:
		return ClassRedirect
	case status == http.StatusGone:
		return ClassGone
	case status == http.StatusTooManyRequests, status == http.StatusBadGateway, status == http.StatusGatewayTimeout:
		return ClassThrottle
	}
	return ClassStatus
}

// classOf names the failure without its text: that may hold what the receiver
// sent or where a name pointed.
func classOf(err error) Class {
	var (
		dns     *net.DNSError
		cert    *tls.CertificateVerificationError
		record  tls.RecordHeaderError
		alert   tls.AlertError
		unknown x509.UnknownAuthorityError
		timeout net.Error
	)
	switch {
	case errors.Is(err, ErrForbidden):
		return ClassBlocked
	case errors.As(err, &dns):
		return ClassDNS
	case errors.As(err, &cert), errors.As(err, &record), errors.As(err, &alert), errors.As(err, &unknown):
		return ClassTLS
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return ClassTimeout
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ECONNRESET):
		return ClassRefused
	}
	return ClassNetwork
}

// excerpt keeps the first 1 KB of an answer as text that every database takes.
func excerpt(answer []byte) string {
	text := strings.ToValidUTF8(string(answer[:min(len(answer), replyKept)]), "")
	return strings.ReplaceAll(text, "\x00", "")
}

// postedID reads {"posted": {"transaction_id": "…"}} from an answer.
func postedID(answer []byte) string {
	var a struct {
		Posted struct {
			TransactionID string `json:"transaction_id"`
		} `json:"posted"`
	}
	if json.Unmarshal(answer, &a) != nil || !plain(a.Posted.TransactionID) {
		return ""
	}
	return a.Posted.TransactionID
}

// plain reports whether a text is short, printable and in valid UTF-8.
func plain(s string) bool {
	return s != "" && len(s) <= postingMax && strings.ToValidUTF8(s, "") == s &&
		!strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// retryAfter reads seconds or an HTTP date; nonsense is 0.
func retryAfter(header string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseInt(header, 10, 32); err == nil {
		return min(max(0, time.Duration(seconds)*time.Second), maxRetryAfter)
	}
	if at, err := http.ParseTime(header); err == nil {
		return min(max(0, at.Sub(now)), maxRetryAfter)
	}
	return 0
}
