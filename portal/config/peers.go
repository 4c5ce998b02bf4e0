package config

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// Peer is a machine that the portal speaks to, as a setting names it.
type Peer struct {
	Setting, Host string
	secret        bool   // what is said is kept from those on the way
	never         bool   // a browser speaks to it, which is in no network of ours
	how           string // what to write instead
}

// Private reports whether a peer stands in a network of PORTAL_PRIVATE_PEERS, by
// its address or by the very name.
func (c Config) Private(host string) bool {
	addr, err := netip.ParseAddr(host)
	return slices.ContainsFunc(c.PrivatePeers, func(listed string) bool {
		if network, ok := network(listed); ok {
			return err == nil && network.Contains(addr.Unmap())
		}
		return strings.EqualFold(listed, host)
	})
}

// Plain are the peers that are spoken to in the clear, because
// PORTAL_PRIVATE_PEERS says that they stand in a network of ours.
func (c Config) Plain() []Peer {
	return slices.DeleteFunc(c.peers(), func(p Peer) bool { return p.secret || loopback(p.Host) || !c.Private(p.Host) })
}

// peers are all that are set.
func (c Config) peers() []Peer {
	all := slices.Concat(databasePeers("PORTAL_DATABASE_URL", c.DatabaseURL), databasePeers("PORTAL_MIGRATE_DATABASE_URL", c.MigrateDatabaseURL))
	for _, web := range []struct {
		setting, address string
		browser          bool
	}{
		{"PORTAL_STRIPE_API_URL", c.Stripe.APIURL, false}, {"PORTAL_STRIPE_JS_URL", c.Stripe.JSURL, true},
		{"PORTAL_TWILIO_API_URL", c.Twilio.APIURL, false}, {"PORTAL_RECORD_STATUS_URL", c.RecordURL, false},
	} {
		if web.address != "" {
			all = append(all, webPeer(web.setting, web.address, web.browser))
		}
	}
	if c.SMTP != "" {
		u, err := url.Parse(string(c.SMTP))
		p := Peer{Setting: "PORTAL_SMTP_URL", how: "write smtps://host:465, or smtp://host:587, which is raised to TLS before anything is said"}
		if err == nil {
			// smtp is raised to TLS too, but on this machine and in private networks.
			p.Host, p.secret = u.Hostname(), u.Scheme == "smtps" || u.Scheme == "smtp" && !c.Private(u.Hostname())
		}
		all = append(all, p)
	}
	if c.ClamAV != "" {
		host, _, err := net.SplitHostPort(c.ClamAV)
		if err != nil {
			host = c.ClamAV
		}
		all = append(all, Peer{Setting: "PORTAL_CLAMAV_ADDR", Host: host, how: "the scanner speaks no TLS: let it run on this machine"})
	}
	return all
}

func webPeer(setting, address string, browser bool) Peer {
	p := Peer{Setting: setting, never: browser, how: "write an https address"}
	if u, err := url.Parse(address); err == nil && (u.Scheme == "https" || u.Scheme == "http") {
		p.Host, p.secret = u.Hostname(), u.Scheme == "https" && u.Hostname() != ""
	}
	return p
}

// databasePeers are the servers of a PostgreSQL address; a socket and a file are
// on this machine.
func databasePeers(setting string, address Secret) []Peer {
	u, err := url.Parse(string(address))
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return nil // the store says what is wrong with it
	}
	hosts := strings.Split(u.Host, ",")
	if named := u.Query()["host"]; len(named) > 0 {
		hosts = strings.Split(strings.Join(named, ","), ",")
	}
	var all []Peer
	for _, host := range hosts {
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		if host = strings.Trim(host, "[]"); host == "" || strings.HasPrefix(host, "/") {
			continue
		}
		all = append(all, Peer{
			// said twice, the driver takes the last
			Setting: setting, Host: host, secret: slices.Equal(u.Query()["sslmode"], []string{"verify-full"}),
			how: "end it with sslmode=verify-full (and sslrootcert=FILE where its certificate is signed by an authority of your own)",
		})
	}
	return all
}

// checkDriver says where the database's driver would be led by the environment,
// which it reads by itself, because an address names no host (SEC-05).
func checkDriver(env Environment, c Config) []string {
	var p []string
	for _, one := range []struct {
		setting string
		address Secret
	}{{"PORTAL_DATABASE_URL", c.DatabaseURL}, {"PORTAL_MIGRATE_DATABASE_URL", c.MigrateDatabaseURL}} {
		u, err := url.Parse(string(one.address))
		if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" || u.Hostname() != "" || u.Query().Has("host") {
			continue
		}
		leads := ""
		if host, _ := env.Lookup("PGHOST"); host != "" && (!strings.HasPrefix(host, "/") || strings.Contains(host, ",")) {
			leads = "PGHOST of the environment"
		}
		if service, _ := env.Lookup("PGSERVICE"); service != "" {
			leads = "PGSERVICE of the environment"
		}
		if u.Query().Has("service") {
			leads = "the service that it names"
		}
		if leads != "" {
			p = append(p, fmt.Sprintf("%s names no host, so that %s would (SEC-05): write such as postgres://USER@HOST:5432/NAME?sslmode=verify-full, or postgres:///NAME?host=/var/run/postgresql for a socket.", one.setting, leads))
		}
	}
	return p
}

// checkPeers says who would be spoken to in the clear (SEC-05).
func checkPeers(c Config) []string {
	var p []string
	for _, listed := range c.PrivatePeers {
		if network, ok := network(listed); ok && !inside(network) {
			p = append(p, fmt.Sprintf("PORTAL_PRIVATE_PEERS names %s, which is no private network; write such as 10.0.0.0/8 or the name of a host.", listed))
		} else if !ok && strings.ContainsAny(listed, "/:* ") {
			p = append(p, fmt.Sprintf("PORTAL_PRIVATE_PEERS names %q, which is neither a network nor the name of a host.", listed))
		}
	}
	for _, one := range c.peers() {
		switch {
		case one.secret || loopback(one.Host):
		case one.never:
			p = append(p, fmt.Sprintf("%s is read by browsers and must be https (SEC-05): %s.", one.Setting, one.how))
		case !c.Private(one.Host):
			p = append(p, fmt.Sprintf("%s leads to %s without TLS (SEC-05): %s. In a private network of your own, name it in PORTAL_PRIVATE_PEERS.", one.Setting, strings.TrimSpace("the host "+one.Host), one.how))
		}
	}
	return p
}

// network reads an address or a network.
func network(s string) (netip.Prefix, bool) {
	if addr, err := netip.ParseAddr(s); err == nil {
		return netip.PrefixFrom(addr.Unmap(), addr.Unmap().BitLen()), true
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return p, false
	}
	if p.Addr().Is4In6() && p.Bits() >= 96 {
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p.Masked(), true
}

// privateNetworks are those that no public host stands in.
var privateNetworks = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
	netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("169.254.0.0/16"), netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("fc00::/7"), netip.MustParsePrefix("fe80::/10"), netip.MustParsePrefix("::1/128"),
}

func inside(p netip.Prefix) bool {
	return slices.ContainsFunc(privateNetworks, func(whole netip.Prefix) bool { return p.Bits() >= whole.Bits() && whole.Contains(p.Addr()) })
}

// The networks of trusted proxies together: a sixty-fourth of all addresses of
// IPv4, and as much of IPv6 as one /20. The largest content networks need a
// sixteenth of that.
const (
	mostTrusted4 = 1 << 26
	mostTrusted6 = 1 << 12 // in parts of 2^96
)

// checkProxies refuses networks so wide that visitors stand in them: they could
// name any address as theirs, and it would be kept as evidence of consent.
func checkProxies(c Config) []string {
	var of4, of6 uint64
	for _, s := range c.TrustedProxies {
		p, ok := network(s)
		switch {
		case !ok:
			return []string{fmt.Sprintf("PORTAL_TRUSTED_PROXIES names %q, which is neither an address nor a network.", s)}
		case p.Addr().Is4():
			of4 += 1 << (32 - p.Bits())
		case p.Contains(netip.IPv6Unspecified()) && p.Bits() < 96: // all of IPv4 is in there too
			of6 = mostTrusted6 + 1
		case !inside(p):
			of6 += 1 << (32 - min(p.Bits(), 32))
		}
	}
	if of4 > mostTrusted4 || of6 > mostTrusted6 {
		return []string{"PORTAL_TRUSTED_PROXIES trusts visitors to name their own address; write the addresses of your own proxies alone, such as 10.0.0.5 or 2001:db8:1::/48."}
	}
	return nil
}
