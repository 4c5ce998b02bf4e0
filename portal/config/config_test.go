package config

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
)

const goodKey = "0123456789abcdefghijklmnopqrstuvwxyz-ABCDEFG"

func good() map[string]string {
	return map[string]string{
		"PORTAL_SECRET_KEY": goodKey, "PORTAL_AGENCY_NAME": "Acme Services", "PORTAL_AGENCY_ADDRESS": "PO Box 1; Dayton, OH 45401",
		"PORTAL_AGENCY_PHONE": "(800) 555-0100", "PORTAL_PUBLIC_URL": "https://pay.example.com/",
		"STRIPE_SECRET_KEY": "sk_test_x", "STRIPE_PUBLISHABLE_KEY": "pk_test_x", "STRIPE_WEBHOOK_SECRET": "whsec_0123456789abcdef",
	}
}

func environment(m map[string]string, files map[string]string) Environment {
	return Environment{
		Lookup: func(n string) (string, bool) { v, ok := m[n]; return v, ok },
		ReadFile: func(n string) ([]byte, error) {
			if c, ok := files[n]; ok {
				return []byte(c), nil
			}
			return nil, &fs.PathError{Op: "open", Path: n, Err: fs.ErrNotExist}
		},
	}
}

func TestAWholeEnvironmentLoads(t *testing.T) {
	t.Parallel()
	c, err := Load(environment(good(), nil))
	if err != nil {
		t.Fatal(err)
	}
	if c.PublicURL != "https://pay.example.com" || !c.SecureTransport || len(c.Agency.AddressLines) != 2 || c.Agency.LegalName != "Acme Services" {
		t.Errorf("loaded %+v", c)
	}
	if len(c.WebhookLoopback) != 0 {
		t.Error("a variable opened loopback for webhooks")
	}
}

func TestACommandAsksOnlyForTheSettingsThatItUses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		part    Part
		change  []string // names that are not set
		problem string
	}{
		{Books, []string{"PORTAL_AGENCY_NAME", "PORTAL_AGENCY_ADDRESS", "PORTAL_AGENCY_PHONE", "PORTAL_PUBLIC_URL", "STRIPE_SECRET_KEY", "STRIPE_PUBLISHABLE_KEY", "STRIPE_WEBHOOK_SECRET"}, ""},
		{Books, []string{"PORTAL_SECRET_KEY"}, "PORTAL_SECRET_KEY"},
		{Books, []string{"STRIPE_WEBHOOK_SECRET"}, "STRIPE_WEBHOOK_SECRET"}, // half of it is set
		{Letters, []string{"STRIPE_SECRET_KEY", "STRIPE_PUBLISHABLE_KEY", "STRIPE_WEBHOOK_SECRET"}, ""},
		{Letters, []string{"PORTAL_AGENCY_NAME"}, "PORTAL_AGENCY_NAME"},
		{Whole, []string{"STRIPE_SECRET_KEY", "STRIPE_PUBLISHABLE_KEY", "STRIPE_WEBHOOK_SECRET"}, "STRIPE_SECRET_KEY"},
	} {
		m := good()
		for _, name := range c.change {
			delete(m, name)
		}
		_, err := LoadPart(environment(m, nil), c.part)
		if (err == nil) != (c.problem == "") || err != nil && !strings.Contains(err.Error(), c.problem) {
			t.Errorf("part %d without %v: %v", c.part, c.change, err)
		}
	}
}

func TestAMissingOrWeakSettingStopsWithASentence(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, value, sentence string }{
		{"PORTAL_SECRET_KEY", "", "PORTAL_SECRET_KEY to at least 32"},
		{"PORTAL_SECRET_KEY", "short", "at least 32"},
		{"PORTAL_SECRET_KEY", strings.Repeat("a", 64), "repeats itself"},
		{"STRIPE_WEBHOOK_SECRET", "", "STRIPE_WEBHOOK_SECRET"},
		{"STRIPE_WEBHOOK_SECRET", "whsec_", "too short"},
		{"STRIPE_SECRET_KEY", "", "STRIPE_SECRET_KEY"},
		{"STRIPE_SECRET_KEY", "sk_live_x", "different modes"},
		{"PORTAL_PUBLIC_URL", "http://pay.example.com", "must be https"},
		{"PORTAL_PUBLIC_URL", "pay.example.com", "Set PORTAL_PUBLIC_URL"},
		{"PORTAL_FACTOR", "ssn", "PORTAL_FACTOR"},
		{"PORTAL_REQUIRE_AUTHORITY", "yes", "must be true or false"},
		{"PORTAL_STEP_UP", "sms", "needs TWILIO"},
		{"PORTAL_AGENCY_NAME", "", "PORTAL_AGENCY_NAME"},
		{"PORTAL_AGENCY_TIME_ZONE", "Mars/Base", "TIME_ZONE"},
	}
	for _, tc := range cases {
		t.Run(fmt.Sprintf("%s=%q", tc.name, tc.value), func(t *testing.T) {
			t.Parallel()
			m := good()
			m[tc.name] = tc.value
			_, err := Load(environment(m, nil))
			if !errors.Is(err, ErrUnsafe) || !strings.Contains(err.Error(), tc.sentence) {
				t.Errorf("got %v; want a sentence with %q", err, tc.sentence)
			}
			if strings.Contains(fmt.Sprint(err), goodKey) {
				t.Error("the error prints the secret")
			}
		})
	}
}

func TestSecretsComeFromFilesAndNeverPrint(t *testing.T) {
	t.Parallel()
	m := good()
	delete(m, "PORTAL_SECRET_KEY")
	m["PORTAL_SECRET_KEY_FILE"] = "/run/secrets/key"
	c, err := Load(environment(m, map[string]string{"/run/secrets/key": goodKey + "\n"}))
	if err != nil {
		t.Fatal(err)
	}
	if printed := fmt.Sprintf("%v %+v %#v", c, c, c.Stripe); strings.Contains(printed, goodKey) || strings.Contains(printed, "sk_test_x") || strings.Contains(printed, "whsec_0123") {
		t.Errorf("a secret is printed: %s", printed)
	}
	m["PORTAL_SECRET_KEY_FILE"] = "/missing"
	if _, err := Load(environment(m, nil)); !errors.Is(err, ErrUnsafe) {
		t.Errorf("a missing secret file gave %v", err)
	}
}

func TestKeysOfTwoPurposesDiffer(t *testing.T) {
	t.Parallel()
	c, err := Load(environment(good(), nil))
	if err != nil {
		t.Fatal(err)
	}
	if a, b := string(c.Key("session")), string(c.Key("code")); a == b || len(a) != 32 || a != string(c.Key("session")) {
		t.Error("derived keys are equal, short or not stable")
	}
}

func TestTheDemoRefusesLiveKeys(t *testing.T) {
	t.Parallel()
	m := map[string]string{"STRIPE_SECRET_KEY": "sk_live_123"}
	if _, err := ForDemo(environment(m, nil), goodKey, good(), nil); !errors.Is(err, ErrUnsafe) {
		t.Errorf("the demo ran beside a live key: %v", err)
	}
}

// TestSEC05_PersonalDataNeverTravelsInTheClear: without TLS, or a proxy that
// terminates it, the portal does not start but on this machine.
func TestSEC05_PersonalDataNeverTravelsInTheClear(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]bool{
		"https://pay.example.com": true, "http://pay.example.com": false, "http://10.0.0.5": false, "ftp://pay.example.com": false,
		"http://localhost:8080": true, "http://127.0.0.1:8080": true, "http://[::1]:8080": true, "http://127.0.0.1.example.com": false,
	} {
		m := good()
		m["PORTAL_PUBLIC_URL"] = url
		c, err := Load(environment(m, nil))
		if (err == nil) != want {
			t.Errorf("%s: %v", url, err)
		}
		if err == nil && c.SecureTransport != strings.HasPrefix(url, "https") {
			t.Errorf("%s: secure %v", url, c.SecureTransport)
		}
	}
}

func TestAMT04_AnAuthorityIsRequiredOnlyWhereTheSettingSaysSo(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]bool{"": false, "false": false, "true": true} {
		m := good()
		m["PORTAL_REQUIRE_AUTHORITY"] = value
		if c, err := Load(environment(m, nil)); err != nil || c.RequireAuthority != want {
			t.Errorf("%q: %v, %v", value, c.RequireAuthority, err)
		}
	}
}
