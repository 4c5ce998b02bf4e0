package web

import (
	"net/netip"
	"testing"
)

func TestS5_OnlyTrustedProxiesMayNameTheVisitor(t *testing.T) {
	t.Parallel()
	proxies, err := ParseProxies([]string{"10.0.0.0/8", "192.0.2.7", "fd00::/8"})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, peer string
		forwarded  []string
		want       string
	}{
		{"a stranger's header is ignored", "203.0.113.9", []string{"6.6.6.6"}, "203.0.113.9"},
		{"a proxy names the visitor", "10.1.2.3", []string{"203.0.113.9"}, "203.0.113.9"},
		{"what the visitor wrote to the left is ignored", "10.1.2.3", []string{"6.6.6.6, 203.0.113.9"}, "203.0.113.9"},
		{"a chain of our own proxies is walked", "10.1.2.3", []string{"6.6.6.6, 203.0.113.9, 192.0.2.7"}, "203.0.113.9"},
		{"two headers are one list", "10.1.2.3", []string{"6.6.6.6", "203.0.113.9"}, "203.0.113.9"},
		{"nonsense ends the walk at the last proxy", "10.1.2.3", []string{"203.0.113.9, nonsense"}, "10.1.2.3"},
		{"no header leaves the proxy", "10.1.2.3", nil, "10.1.2.3"},
		{"an address in the other form is the same", "::ffff:10.1.2.3", []string{"::ffff:203.0.113.9"}, "203.0.113.9"},
		{"six works like four", "fd00::1", []string{"2001:db8::5"}, "2001:db8::5"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := proxies.Client(netip.MustParseAddr(tt.peer), tt.forwarded)
			if got.String() != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestAProxyThatIsNoAddressIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := ParseProxies([]string{"proxy.example"}); err == nil {
		t.Error("a host name was taken for a proxy")
	}
}

func TestHeadersAreCutDownToPrintableText(t *testing.T) {
	t.Parallel()
	if got := printable("Mozilla\r\n\x00 5\u00e9.0", 9); got != "Mozilla 5" {
		t.Errorf("got %q", got)
	}
}
