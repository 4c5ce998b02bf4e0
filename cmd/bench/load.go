package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"
)

// visit is a whole request as it goes over the wire, and what the answer must
// begin with.
type visit []byte

var okay = []byte("HTTP/1.1 200 ")

// browser is one kept connection. It reads no more of an answer than it must,
// so that the load costs the machine little.
type browser struct {
	conn net.Conn
	in   *bufio.Reader
}

func dial(ctx context.Context, address string) (*browser, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	return &browser{conn: conn, in: bufio.NewReaderSize(conn, 64<<10)}, nil
}

var contentLength = []byte("Content-Length: ")

// send sends a request and reads the answer to its end.
func (b *browser) send(v visit) error {
	if _, err := b.conn.Write(v); err != nil {
		return err
	}
	length, first := -1, true
	for {
		line, err := b.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		if first && !bytes.HasPrefix(line, okay) {
			return fmt.Errorf("the portal answered %q", line)
		}
		first = false
		if len(line) <= 2 {
			break
		}
		if after, ok := bytes.CutPrefix(line, contentLength); ok {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(after))); err != nil {
				return err
			}
		}
	}
	if length < 0 {
		return errors.New("the portal's answer has no length")
	}
	_, err := b.in.Discard(length)
	return err
}

// measured is what a load saw.
type measured struct {
	rate    float64 // answers a second
	p99     time.Duration
	answers int
}

// browse sends random ones of the visits over so many kept connections for a
// while.
func browse(ctx context.Context, address string, clients int, during time.Duration, visits []visit) (measured, error) {
	return each(ctx, address, clients, func(b *browser, _ int) ([]time.Duration, error) {
		var took []time.Duration
		for end := time.Now().Add(during); time.Now().Before(end); {
			begun := time.Now()
			if err := b.send(visits[rand.IntN(len(visits))]); err != nil {
				return nil, err
			}
			took = append(took, time.Since(begun))
		}
		return took, nil
	})
}

// work sends every visit once: client i those of list i.
func work(ctx context.Context, address string, lists [][]visit) (measured, error) {
	return each(ctx, address, len(lists), func(b *browser, i int) ([]time.Duration, error) {
		took := make([]time.Duration, 0, len(lists[i]))
		for _, v := range lists[i] {
			begun := time.Now()
			if err := b.send(v); err != nil {
				return nil, err
			}
			took = append(took, time.Since(begun))
		}
		return took, nil
	})
}

func each(ctx context.Context, address string, clients int, do func(b *browser, i int) ([]time.Duration, error)) (measured, error) {
	browsers := make([]*browser, clients)
	for i := range browsers {
		b, err := dial(ctx, address)
		if err != nil {
			return measured{}, err
		}
		defer b.conn.Close()
		browsers[i] = b
	}
	took, errs := make([][]time.Duration, clients), make([]error, clients)
	begun := time.Now()
	var all sync.WaitGroup
	for i, b := range browsers {
		all.Go(func() { took[i], errs[i] = do(b, i) })
	}
	all.Wait()
	passed := time.Since(begun)
	times := slices.Concat(took...)
	if err := errors.Join(errs...); err != nil || len(times) == 0 {
		return measured{}, errors.Join(err, errNothing(len(times)))
	}
	slices.Sort(times)
	return measured{rate: float64(len(times)) / passed.Seconds(), p99: times[len(times)*99/100], answers: len(times)}, nil
}

func errNothing(n int) error {
	if n > 0 {
		return nil
	}
	return errors.New("nothing was measured")
}

// receiver takes webhooks and answers 200: no more than a socket and a counter.
type receiver struct {
	listener net.Listener
	all      sync.WaitGroup
}

func newReceiver() (*receiver, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &receiver{listener: l}
	r.all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go r.serve(conn)
		}
	})
	return r, nil
}

func (r *receiver) address() string { return r.listener.Addr().String() }

func (r *receiver) close() error {
	err := r.listener.Close()
	r.all.Wait()
	return err
}

func (r *receiver) serve(conn net.Conn) {
	defer conn.Close()
	in := bufio.NewReaderSize(conn, 16<<10)
	for {
		length := 0
		for {
			line, err := in.ReadSlice('\n')
			if err != nil {
				return
			}
			if len(line) <= 2 {
				break
			}
			if after, ok := bytes.CutPrefix(line, contentLength); ok {
				if length, err = strconv.Atoi(string(bytes.TrimSpace(after))); err != nil {
					return
				}
			}
		}
		if _, err := io.CopyN(io.Discard, in, int64(length)); err != nil {
			return
		}
		if _, err := conn.Write([]byte("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")); err != nil {
			return
		}
	}
}
