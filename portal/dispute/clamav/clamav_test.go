package clamav

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"quittance/portal/dispute"
)

// daemon answers one INSTREAM request and hands out what it was sent.
func daemon(t *testing.T, reply string) (addr string, got chan []byte) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	got = make(chan []byte, 1)
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		head := make([]byte, len("zINSTREAM\x00"))
		if _, err := io.ReadFull(c, head); err != nil || string(head) != "zINSTREAM\x00" {
			return
		}
		var all bytes.Buffer
		for {
			var size uint32
			if binary.Read(c, binary.BigEndian, &size) != nil || size == 0 {
				break
			}
			if _, err := io.CopyN(&all, c, int64(size)); err != nil {
				return
			}
		}
		got <- all.Bytes()
		_, _ = io.WriteString(c, reply)
	}()
	return l.Addr().String(), got
}

func TestTheDaemonsWordIsTheVerdict(t *testing.T) {
	t.Parallel()
	content := bytes.Repeat([]byte("abc"), 100_000)
	for reply, want := range map[string]struct {
		infected bool
		err      error
	}{
		"stream: OK\x00":                          {false, nil},
		"stream: Eicar-Test-Signature FOUND\x00":  {true, nil},
		"INSTREAM size limit exceeded. ERROR\x00": {false, dispute.ErrUnscannable},
		"stream: Heuristics.Encrypted ERROR\x00":  {false, dispute.ErrUnscannable},
		"":                                        {false, io.ErrUnexpectedEOF},
		"stream: OK FOUND somewhere else, OK\x00": {false, dispute.ErrUnscannable},
	} {
		addr, got := daemon(t, reply)
		infected, err := Client{Addr: addr, Timeout: 5 * time.Second}.Scan(t.Context(), content)
		if infected != want.infected || !errors.Is(err, want.err) {
			t.Errorf("%q: %v, %v", reply, infected, err)
		}
		if sent := <-got; !bytes.Equal(sent, content) {
			t.Errorf("%q: %d bytes arrived", reply, len(sent))
		}
	}
}

func TestAScannerThatIsNotThereIsAnErrorAndNeverClean(t *testing.T) {
	t.Parallel()
	if _, err := (Client{Addr: "127.0.0.1:1", Timeout: time.Second}).Scan(t.Context(), []byte("x")); err == nil {
		t.Error("clean by nobody's word")
	}
}
