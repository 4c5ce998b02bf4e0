package web

import (
	"fmt"
	"net/netip"
	"strings"
)

// Visitor is who sends a request, as far as the connection tells.
type Visitor struct {
	IP        netip.Addr
	UserAgent string // at most 300 bytes of printable text
	Language  string // "en" or "es"
}

// Proxies are the networks of the operator's own proxies.
type Proxies []netip.Prefix

// ParseProxies reads addresses ("10.0.0.7") and networks ("10.0.0.0/8").
func ParseProxies(list []string) (Proxies, error) {
	var proxies Proxies
	for _, s := range list {
		if addr, err := netip.ParseAddr(s); err == nil {
			addr = addr.Unmap()
			proxies = append(proxies, netip.PrefixFrom(addr, addr.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, fmt.Errorf("trusted proxy %q is neither an address nor a network", s)
		}
		proxies = append(proxies, p.Masked())
	}
	return proxies, nil
}

func (p Proxies) trust(addr netip.Addr) bool {
	for _, prefix := range p {
		if prefix.Contains(addr) {
			return true
		}
	}
	return false
}

// Client finds the visitor's address. Only a trusted proxy may name another
// than its own, and X-Forwarded-For is read from the right: proxies append, so
// whatever stands left of the first address that is not ours was written by
// the visitor.
func (p Proxies) Client(peer netip.Addr, forwarded []string) netip.Addr {
	peer = peer.Unmap()
	if !p.trust(peer) {
		return peer
	}
	hops := strings.Split(strings.Join(forwarded, ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			return peer
		}
		hop = hop.Unmap().WithZone("")
		if !p.trust(hop) {
			return hop
		}
		peer = hop
	}
	return peer
}

// printable cuts a header down to what may be stored and shown.
func printable(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, s)
	return s[:min(len(s), most)]
}
