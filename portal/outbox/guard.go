package outbox

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// guard decides which addresses may be dialed. It looks at the address that is
// about to be dialed, not at the name, so that a name which resolves to a
// private address, now or a moment later, leads nowhere (W6).
type guard struct {
	loopback []netip.AddrPort // exact addresses allowed all the same
}

// newGuard takes the "127.0.0.1:port" receivers that may be reached although
// they are not on the public internet. Only the demo and tests name any.
func newGuard(loopback []string) (guard, error) {
	var g guard
	for _, s := range loopback {
		a, err := netip.ParseAddrPort(s)
		if err != nil || a.Addr() != netip.AddrFrom4([4]byte{127, 0, 0, 1}) || a.Port() == 0 {
			return guard{}, fmt.Errorf("loopback receiver %q is not 127.0.0.1 and a port", s)
		}
		g.loopback = append(g.loopback, a)
	}
	return g, nil
}

// forbidden are special-purpose ranges beyond those that netip knows.
var forbidden = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),       // this network
	netip.MustParsePrefix("100.64.0.0/10"),   // carrier-grade NAT
	netip.MustParsePrefix("192.0.0.0/24"),    // protocol assignments
	netip.MustParsePrefix("192.0.2.0/24"),    // documentation
	netip.MustParsePrefix("192.88.99.0/24"),  // 6to4 relays
	netip.MustParsePrefix("198.18.0.0/15"),   // benchmarks
	netip.MustParsePrefix("198.51.100.0/24"), // documentation
	netip.MustParsePrefix("203.0.113.0/24"),  // documentation
	netip.MustParsePrefix("240.0.0.0/4"),     // reserved, broadcast
	netip.MustParsePrefix("::/96"),           // IPv4-compatible
	netip.MustParsePrefix("64:ff9b::/96"),    // NAT64
	netip.MustParsePrefix("64:ff9b:1::/48"),  // local NAT64
	netip.MustParsePrefix("100::/64"),        // discard
	netip.MustParsePrefix("2001::/23"),       // Teredo and protocol assignments
	netip.MustParsePrefix("2001:db8::/32"),   // documentation
	netip.MustParsePrefix("2002::/16"),       // 6to4
	netip.MustParsePrefix("3fff::/20"),       // documentation
	netip.MustParsePrefix("5f00::/16"),       // segment routing
	netip.MustParsePrefix("fec0::/10"),       // site-local
}

// public reports whether an address is one of somebody else's on the public
// internet.
func public(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsValid() || a.Zone() != "" || !a.IsGlobalUnicast() || a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() {
		return false
	}
	return !slices.ContainsFunc(forbidden, func(p netip.Prefix) bool { return p.Contains(a) })
}

// control is called by the dialer with the address it is about to connect to.
func (g guard) control(network, address string, _ syscall.RawConn) error {
	a, err := netip.ParseAddrPort(address)
	if err != nil || (network != "tcp4" && network != "tcp6") {
		return ErrForbidden
	}
	a = netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
	if slices.Contains(g.loopback, a) {
		return nil
	}
	if !public(a.Addr()) || ours(a.Addr()) {
		return ErrForbidden
	}
	return nil
}

// ours reports whether an address is one of this machine's own: a public
// address of ours may lead to what is not meant to be public.
func ours(a netip.Addr) bool {
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return true
	}
	return slices.ContainsFunc(addresses, func(i net.Addr) bool {
		n, ok := i.(*net.IPNet)
		if !ok {
			return false
		}
		own, ok := netip.AddrFromSlice(n.IP)
		return ok && own.Unmap() == a
	})
}

// checkURL refuses addresses that could never be delivered to: anything but
// https to a named or public host. What a name resolves to is checked when it
// is dialed.
func (g guard) checkURL(raw string) error {
	u, err := url.Parse(raw)
	if err != nil || u.Opaque != "" || u.User != nil || u.Fragment != "" || u.Hostname() == "" || len(raw) > 2048 {
		return ErrBadURL
	}
	if g.allowsPlain(u) {
		return nil
	}
	if u.Scheme != "https" || !aPort(u.Port()) {
		return ErrBadURL
	}
	return checkHost(strings.TrimSuffix(u.Hostname(), "."))
}

// aPort reports whether something may listen there; empty is that of https.
func aPort(port string) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	return port == "" || err == nil && n > 0
}

// allowsPlain reports whether the URL is plain http to a listed receiver.
func (g guard) allowsPlain(u *url.URL) bool {
	a, err := netip.ParseAddrPort(u.Host)
	return err == nil && u.Scheme == "http" && slices.Contains(g.loopback, a)
}

func checkHost(host string) error {
	if a, err := netip.ParseAddr(host); err == nil {
		if !public(a) {
			return ErrBadURL
		}
		return nil
	}
	host = strings.ToLower(host)
	last := host[strings.LastIndexByte(host, '.')+1:]
	// A last label that starts with a digit is a disguised IPv4 address
	// ("127.1", "0x7f000001", "2130706433"): no top-level domain does.
	if last == host || last == "" || last[0] >= '0' && last[0] <= '9' || last == "localhost" || last == "local" || last == "internal" {
		return ErrBadURL
	}
	return nil
}
