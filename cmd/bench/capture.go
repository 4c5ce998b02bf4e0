package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/jackc/pgx/v5/pgtype"
)

// wiretap stands between the portal and PostgreSQL and notes what the portal
// says: pgbench then runs these very statements in these very round trips, so
// that its scripts cannot differ from the portal.
type wiretap struct {
	listener net.Listener
	server   string
	links    sync.WaitGroup

	mu      sync.Mutex
	on      bool
	trips   []trip
	pending trip
	session map[string]string // the settings that the portal's connections ask for
}

// trip is what the portal sent before it waited for an answer.
type trip []statement

// statement is one statement with the values of its parameters.
type statement struct {
	sql    string
	values []value
}

// value is a parameter as text; a list has several texts.
type value struct {
	null, list bool
	texts      []string
}

func newWiretap(server string) (*wiretap, error) {
	u, err := url.Parse(server)
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	w := &wiretap{listener: l, server: u.Host}
	w.links.Go(w.accept)
	return w, nil
}

// url leads to a database by way of the tap.
func (w *wiretap) url(database string) string {
	u, err := url.Parse(database)
	if err != nil {
		return database
	}
	u.Host = w.listener.Addr().String()
	return u.String()
}

func (w *wiretap) close() error {
	err := w.listener.Close()
	w.links.Wait()
	return err
}

// during returns the round trips that the portal makes while fn runs.
func (w *wiretap) during(fn func() error) ([]trip, error) {
	w.mu.Lock()
	w.on, w.trips, w.pending = true, nil, nil
	w.mu.Unlock()
	err := fn()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.on = false
	if err == nil && len(w.trips) == 0 {
		err = errors.New("nothing was said to the database: the tap is broken")
	}
	return w.trips, err
}

func (w *wiretap) accept() {
	for {
		client, err := w.listener.Accept()
		if err != nil {
			return
		}
		w.links.Go(func() {
			defer client.Close()
			server, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", w.server)
			if err != nil {
				return
			}
			defer server.Close()
			l := &link{tap: w, known: map[string]string{}, types: map[string][]uint32{}, decoder: pgtype.NewMap()}
			w.links.Go(func() {
				defer client.Close()
				l.answers(pgproto3.NewFrontend(io.TeeReader(server, client), nil))
			})
			l.questions(pgproto3.NewBackend(client, nil), server)
		})
	}
}

// link is one connection through the tap.
type link struct {
	tap     *wiretap
	decoder *pgtype.Map

	mu        sync.Mutex
	known     map[string]string   // prepared statements
	types     map[string][]uint32 // of their parameters
	described []string            // whose description is awaited
}

// questions notes each message before it goes on, so that no answer comes
// before its question is known.
func (l *link) questions(from *pgproto3.Backend, to io.Writer) {
	first, err := from.ReceiveStartupMessage()
	if err != nil || pass(first, to) != nil {
		return
	}
	if start, ok := first.(*pgproto3.StartupMessage); ok {
		l.tap.mu.Lock()
		l.tap.session = start.Parameters
		l.tap.mu.Unlock()
	}
	for {
		m, err := from.Receive()
		if err != nil {
			return
		}
		l.question(m)
		if pass(m, to) != nil {
			return
		}
	}
}

func pass(m pgproto3.FrontendMessage, to io.Writer) error {
	raw, err := m.Encode(nil)
	if err == nil {
		_, err = to.Write(raw)
	}
	return err
}

func (l *link) question(m pgproto3.FrontendMessage) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch m := m.(type) {
	case *pgproto3.Parse:
		l.known[m.Name] = m.Query
	case *pgproto3.Describe:
		if m.ObjectType == 'S' {
			l.described = append(l.described, m.Name)
		}
	case *pgproto3.Bind:
		l.tap.note(statement{sql: l.known[m.PreparedStatement], values: l.values(m)}, false)
	case *pgproto3.Query:
		if !strings.HasPrefix(m.String, "-- ping") {
			l.tap.note(statement{sql: m.String}, true)
		}
	case *pgproto3.Sync:
		l.tap.note(statement{}, true)
	}
}

func (l *link) answers(from *pgproto3.Frontend) {
	for {
		m, err := from.Receive()
		if err != nil {
			return
		}
		if d, ok := m.(*pgproto3.ParameterDescription); ok {
			l.mu.Lock()
			if len(l.described) > 0 {
				l.types[l.described[0]] = append([]uint32(nil), d.ParameterOIDs...)
				l.described = l.described[1:]
			}
			l.mu.Unlock()
		}
	}
}

// note adds a statement to the round trip under way, and ends it.
func (w *wiretap) note(s statement, end bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.on {
		return
	}
	if s.sql != "" {
		w.pending = append(w.pending, s)
	}
	if end && len(w.pending) > 0 {
		w.trips, w.pending = append(w.trips, w.pending), nil
	}
}

// values reads the parameters of a statement. One of an unknown kind is left
// visibly wrong, so that the script fails.
func (l *link) values(b *pgproto3.Bind) []value {
	oids := l.types[b.PreparedStatement]
	out := make([]value, len(b.Parameters))
	for i, raw := range b.Parameters {
		if raw == nil {
			out[i] = value{null: true}
			continue
		}
		var format int16
		switch len(b.ParameterFormatCodes) {
		case 0:
		case 1:
			format = b.ParameterFormatCodes[0]
		default:
			format = b.ParameterFormatCodes[i]
		}
		out[i] = value{texts: []string{"parameter of unknown type"}}
		if i >= len(oids) {
			continue
		}
		if t, ok := l.decoder.TypeForOID(oids[i]); ok {
			if decoded, err := t.Codec.DecodeValue(l.decoder, oids[i], format, raw); err == nil {
				out[i] = valueOf(decoded)
			}
		}
	}
	return out
}

func valueOf(decoded any) value {
	if raw, ok := decoded.([]byte); ok {
		return value{texts: []string{fmt.Sprintf(`\x%x`, raw)}}
	}
	list, ok := decoded.([]any)
	if !ok {
		return value{texts: []string{fmt.Sprint(decoded)}}
	}
	v := value{list: true}
	for _, one := range list {
		v.texts = append(v.texts, fmt.Sprint(one))
	}
	return v
}
