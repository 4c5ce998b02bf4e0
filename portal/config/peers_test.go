package config

import (
	"encoding/base32"
	"encoding/base64"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestSEC05_PeersAreSpokenToUnderTLSOnThisMachineOrInANetworkThatIsNamed (F11).
func TestSEC05_PeersAreSpokenToUnderTLSOnThisMachineOrInANetworkThatIsNamed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, value, private, sentence string }{
		{"PORTAL_STRIPE_API_URL", "https://stripe.example", "", ""},
		{"PORTAL_STRIPE_API_URL", "http://127.0.0.1:4242", "", ""},
		{"PORTAL_STRIPE_API_URL", "http://stripe.evil.example", "", "PORTAL_STRIPE_API_URL leads to the host stripe.evil.example without TLS"},
		{"PORTAL_STRIPE_API_URL", "http://10.1.2.3", "10.0.0.0/8", ""},
		{"PORTAL_STRIPE_API_URL", "http://10.1.2.3", "192.168.0.0/16", "without TLS"},
		{"PORTAL_STRIPE_API_URL", "http://127.0.0.1.evil.example", "127.0.0.0/8", "without TLS"},
		{"PORTAL_STRIPE_API_URL", "ftp://stripe.example", "", "PORTAL_STRIPE_API_URL"},
		{"PORTAL_STRIPE_JS_URL", "http://js.evil.example/v3/", "", "must be https"},
		{"PORTAL_STRIPE_JS_URL", "http://10.1.2.3/v3/", "10.0.0.0/8", "must be https"},
		{"PORTAL_STRIPE_JS_URL", "http://127.0.0.1:4242/v3/", "", ""},
		{"PORTAL_TWILIO_API_URL", "http://twilio.example", "", "PORTAL_TWILIO_API_URL"},
		{"PORTAL_TWILIO_API_URL", "https://twilio.example", "", ""},
		{"PORTAL_RECORD_STATUS_URL", "http://10.0.0.5/status", "", "PORTAL_RECORD_STATUS_URL leads to the host 10.0.0.5"},
		{"PORTAL_RECORD_STATUS_URL", "http://10.0.0.5/status", "10.0.0.5", ""},
		{"PORTAL_RECORD_STATUS_URL", "http://record/status", "RECORD", ""},
		{"PORTAL_SMTP_URL", "smtps://u:p@mail.example:465", "", ""},
		{"PORTAL_SMTP_URL", "smtp://mail.example:587", "", ""},
		{"PORTAL_SMTP_URL", "smtp://relay:25", "relay", ""},
		{"PORTAL_SMTP_URL", "http://mail.example", "", "PORTAL_SMTP_URL"},
		{"PORTAL_CLAMAV_ADDR", "127.0.0.1:3310", "", ""},
		{"PORTAL_CLAMAV_ADDR", "scan.example:3310", "", "the scanner speaks no TLS"},
		{"PORTAL_CLAMAV_ADDR", "clamav:3310", "clamav", ""},
		{"PORTAL_DATABASE_URL", "postgres://u:p@db.example/portal?sslmode=disable", "", "sslmode=verify-full"},
		{"PORTAL_DATABASE_URL", "postgres://u:p@db.example/portal", "", "sslmode=verify-full"},
		{"PORTAL_DATABASE_URL", "postgres://u:p@db.example/portal?sslmode=require", "", "sslmode=verify-full"},
		{"PORTAL_DATABASE_URL", "postgres://u:p@db.example/portal?sslmode=verify-full&sslmode=disable", "", "sslmode=verify-full"},
		{"PORTAL_DATABASE_URL", "postgres://u:p@db.example/portal?sslmode=verify-full", "", ""},
		{"PORTAL_DATABASE_URL", "postgres://u:p@127.0.0.1:5433,db.example:5432/portal", "", "the host db.example"},
		{"PORTAL_DATABASE_URL", "postgres://u:p@127.0.0.1/portal?host=db.example", "", "the host db.example"},
		{"PORTAL_DATABASE_URL", "postgres://u:p@/portal?host=/var/run/postgresql", "", ""},
		{"PORTAL_DATABASE_URL", "postgres://u:p@127.0.0.1:5433/portal?sslmode=disable", "", ""},
		{"PORTAL_DATABASE_URL", "postgres://u:p@[fd00::5]:5433/portal", "fd00::/8", ""},
		{"PORTAL_DATABASE_URL", "postgres://u:p@database/portal", "database", ""},
		{"PORTAL_MIGRATE_DATABASE_URL", "postgres://u:p@db.example/portal", "", "PORTAL_MIGRATE_DATABASE_URL"},
		{"PORTAL_FACTOR", "postal_code", "0.0.0.0/0", "which is no private network"},
		{"PORTAL_FACTOR", "postal_code", "8.8.8.0/24", "which is no private network"},
		{"PORTAL_FACTOR", "postal_code", "10.0.0.0/7", "which is no private network"},
		{"PORTAL_FACTOR", "postal_code", "*.example", "neither a network nor the name of a host"},
	} {
		t.Run(fmt.Sprintf("%s=%s beside %q", c.name, c.value, c.private), func(t *testing.T) {
			t.Parallel()
			m := good()
			m["PORTAL_RECORD_STATUS_URL"], m["PORTAL_RECORD_STATUS_TOKEN"] = "https://record.example", "token"
			m[c.name], m["PORTAL_PRIVATE_PEERS"] = c.value, c.private
			holds(t, m, c.sentence)
		})
	}
}

// TestSEC05_TheEnvironmentOfTheDriverLeadsNowhere: an address without a host is
// a socket, or names no one (critic C4).
func TestSEC05_TheEnvironmentOfTheDriverLeadsNowhere(t *testing.T) {
	t.Parallel()
	const socket, local = "postgres:///portal", "postgres://u:p@127.0.0.1/portal"
	for _, c := range []struct{ setting, address, name, value, sentence string }{
		{"PORTAL_DATABASE_URL", socket, "PGUSER", "portal", ""},
		{"PORTAL_DATABASE_URL", socket, "PGHOST", "/run/postgresql", ""},
		{"PORTAL_DATABASE_URL", socket, "PGHOST", "10.255.255.1", "PORTAL_DATABASE_URL names no host, so that PGHOST of the environment would"},
		{"PORTAL_DATABASE_URL", socket, "PGHOST", "/run/postgresql,db.example", "so that PGHOST"},
		{"PORTAL_DATABASE_URL", "postgresql://u:p@:5433/portal?sslmode=disable", "PGHOST", "db.example", "so that PGHOST"},
		{"PORTAL_DATABASE_URL", socket, "PGSERVICE", "elsewhere", "so that PGSERVICE"},
		{"PORTAL_DATABASE_URL", socket + "?service=elsewhere", "PGUSER", "portal", "so that the service that it names"},
		{"PORTAL_MIGRATE_DATABASE_URL", socket, "PGHOST", "db.example", "PORTAL_MIGRATE_DATABASE_URL names no host"},
		{"PORTAL_DATABASE_URL", local, "PGHOST", "db.example", ""}, // the address wins
		{"PORTAL_DATABASE_URL", local, "PGSSLMODE", "disable", ""},
		{"PORTAL_DATABASE_URL", "postgres://u:p@db.example/portal", "PGSSLMODE", "verify-full", "sslmode=verify-full"},
		{"PORTAL_DATABASE_URL", socket + "?host=/run/postgresql", "PGHOST", "db.example", ""},
		{"PORTAL_DATABASE_URL", "sqlite:portal.db", "PGHOST", "db.example", ""},
	} {
		m := good()
		m[c.setting], m[c.name] = c.address, c.value
		holds(t, m, c.sentence)
	}
}

func TestSEC07_ProxiesThatVisitorsStandInAreNotTrusted(t *testing.T) {
	t.Parallel()
	for value, sentence := range map[string]string{
		"": "", "127.0.0.1": "", "10.0.0.0/8, 172.16.0.0/12": "", "104.16.0.0/13,2400:cb00::/29": "", "fd00::/8": "",
		"0.0.0.0/0": "trusts visitors", "::/0": "trusts visitors", "0.0.0.0/1,128.0.0.0/1": "trusts visitors", "::ffff:0.0.0.0/96": "trusts visitors",
		"2600:9000::/28,2a06:98c0::/29,2001:db8::5": "", "::/6": "trusts visitors", "::/80": "trusts visitors", "::1": "", "2001::/19": "trusts visitors", "2600::/20,2a00::/20": "trusts visitors",
		"2000::/3": "trusts visitors", "64.0.0.0/4": "trusts visitors", "10.0.0.0/8,11.0.0.0/8,12.0.0.0/7,32.0.0.0/8,33.0.0.0/8": "trusts visitors", "proxy": "neither an address nor a network",
	} {
		m := good()
		m["PORTAL_TRUSTED_PROXIES"] = value
		holds(t, m, sentence)
	}
}

func TestAKeyThatCanBeGuessedStopsTheStart(t *testing.T) {
	t.Parallel()
	random := []byte("\x8f\x12\x9a\xe4\x03\x77\xc1\x5b\xee\x46\x28\xd0\x91\x3f\x6a\xb5\x0c\xd9\x84\x72\x1e\xfa\x53\xa7\x68\xbd\x05\x2c\x99\xe1\x4d\x36")
	for key, sentence := range map[string]string{
		strings.Repeat("12345678", 4): "at least 32", strings.Repeat("12345678", 8): "at least 32", strings.Repeat("changeme!", 5): "repeats itself",
		strings.Repeat("a", 64): "repeats itself", strings.Repeat("ab!", 20) + "a": "repeats itself", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!?.,": "repeats itself",
		fmt.Sprintf("%x", random[:16]): "at least 32", fmt.Sprintf("%x", random): "", base64.StdEncoding.EncodeToString(random): "",
		base64.StdEncoding.EncodeToString(random[:24]): "at least 32", base64.RawURLEncoding.EncodeToString(random[:31]): "at least 32", string(random): "",
		"four words that nobody guesses, and a few more": "reads like words", "correcthorsebatterystapleandaverylongpassword": "reads like words",
		"Correct-Horse-Battery-Staple-Over-Lamps-1984-!": "reads like words", "CORRECTHORSEBATTERYSTAPLEANDAVERYLONGPASSWORD": "reads like words",
		"estaesunaclavesecretaquenadieadivinarajamas": "reads like words", "Y29ycmVjdC1ob3JzZS1iYXR0ZXJ5LXN0YXBsZQ": "at least 32",
		"3141592653589793238462643383279502884197169399375105820974944592": "at least 32",
	} {
		m := good()
		m["PORTAL_SECRET_KEY"] = key
		holds(t, m, sentence)
	}
	luck, refused := rand.NewChaCha8([32]byte{1}), 0
	for range 20_000 {
		key := make([]byte, MinSecretBytes)
		_, _ = luck.Read(key) // never fails
		if checkSecret(base64.StdEncoding.EncodeToString(key)) != "" || checkSecret(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(key)) != "" {
			refused++
		}
	}
	if refused > 2 {
		t.Errorf("%d of 20,000 random keys are refused", refused)
	}
}

// holds asks for the sentence of a refusal, or for none.
func holds(t *testing.T, settings map[string]string, sentence string) {
	t.Helper()
	_, err := Load(environment(settings, nil))
	if sentence == "" && err != nil || sentence != "" && (!errors.Is(err, ErrUnsafe) || !strings.Contains(err.Error(), sentence)) {
		t.Errorf("got %v; want %q", err, sentence)
	}
}
