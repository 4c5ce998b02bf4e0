package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"maps"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"quittance/portal/identity"
)

// floods are those of the attack, each so many times smaller.
func floods(smaller int) []flood {
	const form = "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 65500\r\n\r\n"
	const placements = "POST /api/v1/placements HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: 4194305\r\n\r\n"
	return []flood{
		sockets("bodies without a token", 150/smaller, placements+strings.Repeat("a", 4<<20)),
		sockets("anonymous forms", 1200/smaller, form+strings.Repeat("a", 65000)),
		sockets("connections that say nothing", 2000/smaller, ""),
		sockets("slow heads", 1000/smaller, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "+strings.Repeat("a", 12000)),
		sockets("slow bodies", 1000/smaller, form+"a"),
		uploads("uploads of files", 0, max(2, 4/smaller), papers()[:max(2, 6/smaller)]),
		uploads("uploads of pictures", 4, max(2, 4/smaller), drawings(smaller)[:max(2, 6/smaller)]),
		downloads("slow downloads", 100/smaller),
		guesses("codes of nobody", 60/smaller),
		passwords("passwords from one place", 60/smaller, 1),
		passwords("passwords from everywhere", 60/smaller, 60),
	}
}

// counted tells what a flood was answered with.
type counted struct {
	mu   sync.Mutex
	seen map[string]int
}

func (c *counted) add(what any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seen == nil {
		c.seen = map[string]int{}
	}
	c.seen[fmt.Sprint(what)]++
}

// String implements fmt.Stringer.
func (c *counted) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []string
	for _, what := range slices.Sorted(maps.Keys(c.seen)) {
		all = append(all, fmt.Sprintf("%s: %d", what, c.seen[what]))
	}
	return strings.Join(all, ", ")
}

// all runs the same work in many goroutines, again and again until ctx ends, and
// returns when all have ended.
func all(ctx context.Context, count int, work func(n int)) {
	var each sync.WaitGroup
	for n := range count {
		each.Go(func() {
			for ctx.Err() == nil {
				work(n)
			}
		})
	}
	each.Wait()
}

// lineBytes is what an attacker sends in a second: a fast line has a gigabit. More
// would ask of the machine for the attacker, not for the server.
const (
	lineBytes = 125 << 20
	mostOpens = 300 // connections in a second
)

// sockets holds so many connections open on which the same bytes were sent, and
// opens each again when it is answered or cut, as fast as a laptop can.
func sockets(name string, count int, send string) flood {
	return flood{name: name, want: "opened: ", run: func(ctx context.Context, f *flooded, under func()) string {
		var sent, answers counted
		paced := time.NewTicker(max(time.Second/mostOpens, time.Duration(len(send))*time.Second/lineBytes))
		defer paced.Stop()
		all(ctx, count, func(int) {
			select {
			case <-paced.C:
			case <-ctx.Done():
				return
			}
			c, err := net.Dial("tcp", f.addr)
			if err != nil {
				sent.add("refused")
				return
			}
			defer c.Close()
			defer context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Now()) })()
			_ = c.SetDeadline(time.Now().Add(30 * time.Second))
			go func() { _, _ = io.WriteString(c, send) }()
			sent.mu.Lock()
			open := sent.seen["opened"]
			sent.mu.Unlock()
			if sent.add("opened"); open >= count-1 {
				under()
			}
			line := make([]byte, 12)
			_, err = io.ReadFull(c, line)
			switch {
			case err == nil:
				answers.add(string(line))
				_, _ = io.Copy(io.Discard, c)
			case ctx.Err() == nil:
				answers.add("cut")
			}
		})
		return fmt.Sprint(&sent, "; ", &answers)
	}}
}

// papers are six files of nine megabytes each.
func papers() [][]byte {
	one := append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("0123456789abcde\n"), 9<<20/16)...)
	return slices.Repeat([][]byte{one}, 6)
}

// blank is a picture of one color.
type blank struct{ image.Rectangle }

func (b blank) Bounds() image.Rectangle { return b.Rectangle }
func (blank) ColorModel() color.Model   { return color.NRGBAModel }
func (blank) At(int, int) color.Color   { return color.NRGBA{1, 2, 3, 200} }

// drawings are pictures of as many pixels as one may have.
func drawings(smaller int) [][]byte {
	var out bytes.Buffer
	side := 7000
	if smaller > 1 {
		side = 3500
	}
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&out, blank{image.Rect(0, 0, side, side)}); err != nil {
		panic(err)
	}
	return slices.Repeat([][]byte{out.Bytes()}, 6)
}

// uploads sends forms with files for people who are signed in, all at once, from
// the first on: others than those who have sent what one may send a day.
func uploads(name string, first, people int, files [][]byte) flood {
	return flood{name: name, want: "303: ", run: func(ctx context.Context, f *flooded, under func()) string {
		var answers counted
		consumers := make([]*stranger, people)
		for n := range consumers {
			consumers[n] = f.consumer(first + n)
		}
		all(ctx, people, func(n int) {
			p := consumers[n]
			p.client.Timeout = 2 * time.Minute
			kind, body, about := p.form(files)
			if about == "" {
				answers.add("no form")
				return
			}
			under()
			request, err := http.NewRequestWithContext(f.t.Context(), http.MethodPost, p.base+about, bytes.NewReader(body))
			if err != nil {
				return
			}
			request.Header.Set("Content-Type", kind)
			answer, err := p.client.Do(request)
			if err != nil {
				answers.add("cut")
				return
			}
			_ = answer.Body.Close()
			answers.add(answer.StatusCode)
		})
		return answers.String()
	}}
}

// consumer is one of the people, signed in.
func (f *flooded) consumer(n int) *stranger {
	p := f.browser(fmt.Sprintf("203.0.113.%d", 1+n))
	p.person = f.people[n%len(f.people)]
	p.signIn()
	return p
}

var aboutDebt = regexp.MustCompile(`/disputes/about/dbt_[A-Z0-9]+`)

// form is a filled form with files, and where it goes to.
func (d *stranger) form(files [][]byte) (kind string, body []byte, about string) {
	page, next := d.get("/disputes/new")
	if about = aboutDebt.FindString(page + next); about == "" {
		return "", nil, ""
	}
	page, _ = d.get(about)
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	_ = w.WriteField("csrf", field(csrfField, page))
	_ = w.WriteField("reason_wrong_amount", "yes")
	for n, content := range files {
		if part, err := w.CreateFormFile("files", fmt.Sprintf("%d.pdf", n)); err == nil {
			_, _ = part.Write(content)
		}
	}
	_ = w.Close()
	return w.FormDataContentType(), out.Bytes(), about
}

// keepsFile gives the last of the people a dispute with a file of nine megabytes,
// and returns its address.
func (f *flooded) keepsFile(t *testing.T) string {
	t.Helper()
	p := f.consumer(len(f.people) - 1)
	f.owner = p.payer
	kind, body, about := p.form(papers()[:1])
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.base+about, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", kind)
	answer, err := p.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	check := answer.Header.Get("Location")
	page, _ := p.get(check)
	receipt := p.post(check, url.Values{"csrf": {field(csrfField, page)}})
	page, _ = p.get(receipt)
	file := field(regexp.MustCompile(`href="(/disputes/[^"]+/files/[^"]+)"`), page)
	if file == "" {
		t.Fatalf("there is no file at %q: %d, %q: %.800s", about, answer.StatusCode, check, page)
	}
	return file
}

// downloads asks for a person's own file on so many connections, and reads
// nothing of it after the first byte.
func downloads(name string, count int) flood {
	return flood{name: name, want: "200: ", run: func(ctx context.Context, f *flooded, under func()) string {
		u, err := url.Parse(f.owner.base)
		if err != nil {
			return err.Error()
		}
		var cookies []string
		for _, c := range f.owner.client.Jar.Cookies(u) {
			cookies = append(cookies, c.Name+"="+c.Value)
		}
		var answers counted
		ask := "GET " + f.file + " HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.9\r\nCookie: " + strings.Join(cookies, "; ") + "\r\n\r\n"
		all(ctx, count, func(int) {
			c, err := net.Dial("tcp", f.addr)
			if err != nil {
				return
			}
			defer c.Close()
			defer context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Now()) })()
			_ = c.(*net.TCPConn).SetReadBuffer(4096)
			_, _ = io.WriteString(c, ask)
			line := make([]byte, 12)
			if _, err := io.ReadFull(c, line); err != nil {
				return
			}
			answers.add(string(line))
			under()
			if string(line) == "HTTP/1.1 200" {
				<-ctx.Done() // it holds the answer for as long as it may
			}
		})
		return answers.String()
	}}
}

// passwords tries addresses of nobody, without end.
func passwords(name string, clients, places int) flood {
	return flood{name: name, known: places > 1, want: "429: ", run: func(ctx context.Context, f *flooded, under func()) string {
		var answers counted
		all(ctx, clients, func(n int) {
			p := f.browser(fmt.Sprintf("198.51.100.%d", n%places))
			for i := 0; i < 50 && ctx.Err() == nil; i++ {
				status, header, err := p.signsIn(ctx, fmt.Sprintf("nobody%d-%d@acme.example", n, i), "password of nobody")
				if err != nil {
					return
				}
				if status == http.StatusTooManyRequests && header.Get("Retry-After") == "" {
					answers.add("429 without Retry-After")
				}
				if answers.add(status); status == http.StatusTooManyRequests {
					under() // the line is full
				}
			}
		})
		return answers.String()
	}}
}

// guesses tries codes that nobody has, each from a place of its own.
func guesses(name string, clients int) flood {
	return flood{name: name, want: "ZIP 422: ", run: func(ctx context.Context, f *flooded, under func()) string {
		var answers counted
		all(ctx, clients, func(n int) {
			p := f.browser(fmt.Sprintf("198.51.100.%d", n))
			page, _ := p.get("/")
			status, header, err := p.types(ctx, "/", url.Values{"csrf": {field(csrfField, page)}, "code": {codeOfNobody()}})
			if err != nil || header.Get("Location") != "/verify" {
				answers.add(fmt.Sprint("code ", status))
				return
			}
			page, _ = p.get("/verify")
			status, _, err = p.types(ctx, "/verify", url.Values{"csrf": {field(csrfField, page)}, "zip": {"45402"}})
			if err == nil {
				answers.add(fmt.Sprint("ZIP ", status))
			}
			under()
		})
		return answers.String()
	}}
}

// codeOfNobody is well-formed and drawn at random.
func codeOfNobody() string {
	nine := rand.Text()[:9]
	for _, last := range "0123456789ABCDEFGHJKMNPQRSTVWXYZ" {
		if _, err := identity.ParseCode(nine + string(last)); err == nil {
			return nine + string(last)
		}
	}
	return nine
}
