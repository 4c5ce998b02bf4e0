package contact

import (
	"slices"
	"strings"
)

// private are the mail providers of private people: an address with one of them
// is no employer's. Every other domain may be (COM-04).
var private = []string{
	"gmail.com", "googlemail.com", "yahoo.com", "ymail.com", "rocketmail.com", "outlook.com", "hotmail.com", "live.com", "msn.com",
	"icloud.com", "me.com", "mac.com", "aol.com", "aim.com", "proton.me", "protonmail.com", "pm.me", "gmx.com", "gmx.us", "mail.com",
	"zoho.com", "fastmail.com", "hey.com", "tutanota.com", "tuta.com", "comcast.net", "verizon.net", "att.net", "sbcglobal.net",
	"bellsouth.net", "cox.net", "charter.net", "spectrum.net", "earthlink.net", "optonline.net", "frontier.com", "frontiernet.net",
	"windstream.net", "centurylink.net", "juno.com", "netzero.net", "yahoo.com.mx", "hotmail.es", "yahoo.es", "outlook.es",
	// Reserved for examples (RFC 2606): nobody works there.
	"example.com", "example.org", "example.net",
}

// Business reports whether an e-mail address may be one at work: its domain is
// not that of a provider of private mail.
func Business(address string) bool {
	_, domain, found := strings.Cut(strings.ToLower(address), "@")
	return found && !slices.Contains(private, domain)
}
