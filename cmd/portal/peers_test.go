package main

import (
	"strings"
	"testing"

	"quittance/cmd/demo"
	"quittance/portal/store/storetest"
)

// TestSEC05_SettingsThatLeakStopBothTheCheckAndTheStart: each case of F11, by
// the command line.
func TestSEC05_SettingsThatLeakStopBothTheCheckAndTheStart(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ setting, value, sentence string }{
		"a processor in the clear":             {"PORTAL_STRIPE_API_URL", "http://stripe.evil.example", "PORTAL_STRIPE_API_URL leads to"},
		"its script in the clear":              {"PORTAL_STRIPE_JS_URL", "http://stripe.evil.example/v3/", "must be https"},
		"texts in the clear":                   {"PORTAL_TWILIO_API_URL", "http://twilio.example", "PORTAL_TWILIO_API_URL leads to"},
		"a record in the clear":                {"PORTAL_RECORD_STATUS_URL", "http://10.0.0.5/status", "PORTAL_RECORD_STATUS_URL leads to"},
		"a database in the clear":              {"PORTAL_DATABASE_URL", "postgres://portal:x@db.example/portal?sslmode=disable", "sslmode=verify-full"},
		"proxies that are everyone":            {"PORTAL_TRUSTED_PROXIES", "0.0.0.0/0", "trusts visitors"},
		"proxies that are all IPv6":            {"PORTAL_TRUSTED_PROXIES", "::/0", "trusts visitors"},
		"proxies of a wide network":            {"PORTAL_TRUSTED_PROXIES", "::/6", "trusts visitors"},
		"a service that the environment names": {"PGSERVICE", "elsewhere", "so that PGSERVICE of the environment would"},
		"a host that the environment names":    {"PGHOST", "10.255.255.1", "so that PGHOST of the environment would"},
		"a key that repeats":                   {"PORTAL_SECRET_KEY", strings.Repeat("12345678", 4), "PORTAL_SECRET_KEY"},
		"a key of words":                       {"PORTAL_SECRET_KEY", "correcthorsebatterystapleandaverylongpassword", "PORTAL_SECRET_KEY reads like words"},
		"a network that is public":             {"PORTAL_PRIVATE_PEERS", "0.0.0.0/0", "no private network"},
	} {
		settings := demo.Settings("http://127.0.0.1:1", "http://127.0.0.1:1", "127.0.0.1:0", storetest.SQLiteURL(t))
		settings["PORTAL_SECRET_KEY"], settings["PORTAL_RECORD_STATUS_TOKEN"] = "first-key-0123456789-abcdefghijklmnopqrstuvwxyz", "token"
		settings["PORTAL_RECORD_STATUS_URL"] = "https://record.example"
		settings[c.setting] = c.value
		if strings.HasPrefix(c.setting, "PG") {
			settings["PORTAL_DATABASE_URL"] = "postgres:///portal"
		}
		for _, command := range []string{"check", "serve"} {
			if said, code := order(t, settings, command); code != exitUsage || !strings.Contains(said, c.sentence) {
				t.Errorf("%s: portal %s: exit %d: %s", name, command, code, said)
			}
		}
	}
	settings := demo.Settings("http://127.0.0.1:1", "http://127.0.0.1:1", "127.0.0.1:0", storetest.SQLiteURL(t))
	settings["PORTAL_SECRET_KEY"], settings["PORTAL_CLAMAV_ADDR"], settings["PORTAL_PRIVATE_PEERS"] = "first-key-0123456789-abcdefghijklmnopqrstuvwxyz", "scanner:3310", "scanner"
	if said, _ := order(t, settings, "check"); !strings.Contains(said, "PORTAL_CLAMAV_ADDR speaks to scanner without TLS, as PORTAL_PRIVATE_PEERS allows") {
		t.Errorf("the check does not name who is spoken to in the clear: %s", said)
	}
}
