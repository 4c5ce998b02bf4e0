package web

import (
	"io"
	"net"
	"time"
)

// lingering is a listener whose connections close gently. A body over the
// limit is refused before it is read; closing at once would reset the
// connection while the browser still sends, and the answer would be lost with
// it. So the rest is read for a moment and thrown away.
type lingering struct{ net.Listener }

const (
	lingerTime  = 500 * time.Millisecond
	lingerBytes = 16 << 20
)

// Accept returns a connection that closes gently.
func (l lingering) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	if tcp, ok := c.(*net.TCPConn); ok {
		return gentle{tcp}, nil
	}
	return c, nil
}

type gentle struct{ *net.TCPConn }

// Close tells the other side that nothing more is coming, reads what it still
// sends, and closes.
func (c gentle) Close() error {
	if c.CloseWrite() == nil && c.SetReadDeadline(time.Now().Add(lingerTime)) == nil {
		_, _ = io.CopyN(io.Discard, c.TCPConn, lingerBytes)
	}
	return c.TCPConn.Close()
}
