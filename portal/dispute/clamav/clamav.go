// Package clamav asks a ClamAV daemon whether a file carries a virus, by the
// INSTREAM command of its socket.
package clamav

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"quittance/portal/dispute"
)

// Client speaks to one daemon. The zero Timeout is a minute.
type Client struct {
	Addr    string // host:port
	Timeout time.Duration
}

var _ dispute.Scanner = Client{}

// chunk is how much is sent at a time; reply the most that is read back.
const (
	chunk     = 64 << 10
	mostReply = 4 << 10
)

// Scan implements dispute.Scanner. Only the daemon's plain OK counts as clean;
// whatever else it says of the file than FOUND is dispute.ErrUnscannable.
func (c Client) Scan(ctx context.Context, content []byte) (bool, error) {
	timeout := c.Timeout
	if timeout == 0 {
		timeout = time.Minute
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", c.Addr)
	if err != nil {
		return false, fmt.Errorf("reach the virus scanner: %w", err)
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if err := send(conn, content); err != nil {
		return false, fmt.Errorf("ask the virus scanner: %w", err)
	}
	reply, err := io.ReadAll(io.LimitReader(conn, mostReply))
	if err != nil {
		return false, fmt.Errorf("hear the virus scanner: %w", err)
	}
	return verdict(string(bytes.TrimRight(reply, "\x00\r\n ")))
}

func send(w io.Writer, content []byte) error {
	if _, err := io.WriteString(w, "zINSTREAM\x00"); err != nil {
		return err
	}
	var size [4]byte
	for len(content) > 0 {
		part := content[:min(chunk, len(content))]
		content = content[len(part):]
		binary.BigEndian.PutUint32(size[:], uint32(len(part)))
		if _, err := w.Write(append(size[:], part...)); err != nil {
			return err
		}
	}
	_, err := w.Write([]byte{0, 0, 0, 0})
	return err
}

func verdict(reply string) (bool, error) {
	switch {
	case reply == "stream: OK":
		return false, nil
	case strings.HasPrefix(reply, "stream: ") && strings.HasSuffix(reply, " FOUND"):
		return true, nil
	case reply == "":
		return false, io.ErrUnexpectedEOF // it went away: ask again
	}
	return false, dispute.ErrUnscannable
}
