package outbox

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// Check refuses an address that could never be fetched: anything but https to a
// named or public host.
func (c *Client) Check(address string) error { return c.guard.checkURL(address) }

// Fetch GETs an address under the same guard as deliveries, with a bearer
// token, and returns the answer's body. Any status but 200 is ErrAnswer.
func (c *Client) Fetch(ctx context.Context, address, token string) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && !c.guard.allowsPlain(u) {
		return nil, ErrForbidden
	}
	req := &http.Request{Method: http.MethodGet, URL: u, Header: http.Header{
		"Accept": {"application/json"}, "Authorization": {"Bearer " + token}, "User-Agent": {"Quittance-Status/1"},
	}}
	res, err := c.transport.RoundTrip(req.WithContext(ctx))
	if err != nil {
		return nil, fmt.Errorf("%w: %s", ErrAnswer, classOf(err)) // its text may hold what was sent
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%w: status %d", ErrAnswer, res.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, replyRead))
	if err != nil {
		return nil, fmt.Errorf("%w: %s", ErrAnswer, classOf(err))
	}
	return body, nil
}
