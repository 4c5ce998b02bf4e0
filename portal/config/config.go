// Package config reads the environment once, checks it, and hands out values.
// Nothing else in the product looks at the environment, and where the driver of
// the database would, its address has to say it.
package config

import (
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"quittance/portal/pack"
)

// MinSecretBytes is the least length of PORTAL_SECRET_KEY.
const MinSecretBytes = 32

// Agency is who the consumer deals with, as every page names it.
type Agency struct {
	Name, LegalName string
	AddressLines    []string
	Phone, Hours    string
	Email           string
	Licenses        []string // "California 10123-99"
	LogoURL         string
	AccentColor     string // "#1f5f8b"
	TimeZone        string
}

// Factor is the personal fact that a consumer is matched by.
type Factor string

// The two facts an agency may choose.
const (
	PostalCode  Factor = "postal_code"
	DateOfBirth Factor = "date_of_birth"
)

// Config is the whole configuration.
type Config struct {
	DatabaseURL Secret
	// MigrateDatabaseURL is the same database under the role that owns the schema;
	// empty where one role does both.
	MigrateDatabaseURL Secret
	Addr               string
	MetricsAddr        string
	PublicURL          string
	TrustedProxies     []string
	// PrivatePeers are networks and hosts of ours that may be spoken to without TLS.
	PrivatePeers   []string
	SecretKey      Secret
	PreviousSecret Secret // the secret key before, while rows are sealed again. Optional.

	Agency Agency
	// States are those the portal is on in, by two letters; empty is every state
	// with a compliance pack. PacksDir holds packs beside the shipped ones.
	States   []string
	PacksDir string
	// RequireAuthority leaves out what was added to a debt without the code of what
	// allows it (AMT-04).
	RequireAuthority bool
	Factor           Factor
	StepUp           string // "", "sms" or "email": possession of a contact on file is proved too (SEC-06)
	// MessagesADay and MessagesAWeek are the most that a person gets unasked (COM-11).
	MessagesADay, MessagesAWeek int
	// CreditDays is within how many days what was paid too much is to be sent back
	// (AMT-07).
	CreditDays int

	Stripe Stripe
	// RecordURL is where the system of record says how a debt stands, asked with
	// RecordToken right before each charge of a plan; empty is off (WHK-05).
	RecordURL   string
	RecordToken Secret
	SMTP        Secret
	Twilio      Twilio
	ClamAV      string // host:port of a virus scanner; empty: files are not scanned

	// WebhookLoopback lists "127.0.0.1:port" receivers that webhooks may be
	// delivered to. No variable sets it: only `portal demo` and tests do.
	WebhookLoopback []string
	// SecureTransport is true when the public address is https.
	SecureTransport bool
}

// Stripe is how the processor is reached.
type Stripe struct {
	SecretKey      Secret
	PublishableKey string
	WebhookSecrets []Secret
	APIURL, JSURL  string
}

// unset reports whether nothing is said of the processor.
func (s Stripe) unset() bool {
	return s.SecretKey == "" && s.PublishableKey == "" && len(s.WebhookSecrets) == 0
}

// LiveMode reports whether real money moves.
func (s Stripe) LiveMode() bool {
	k := string(s.SecretKey)
	return strings.HasPrefix(k, "sk_live_") || strings.HasPrefix(k, "rk_live_")
}

// Twilio is how texts are sent; empty means that texts are off (SMS-01).
type Twilio struct {
	AccountSID string
	AuthToken  Secret
	From       string
	APIURL     string
}

// Enabled reports whether texts can be sent.
func (t Twilio) Enabled() bool { return t.AccountSID != "" && t.AuthToken != "" && t.From != "" }

// Secret prints as dots.
type Secret string

// String hides the value from logs and errors.
func (Secret) String() string { return "••••" }

// GoString hides the value from %#v too.
func (Secret) GoString() string { return "••••" }

// Key derives the 32-byte key of one purpose from the secret key, so that a
// key that leaks from one place opens nothing elsewhere.
func (c Config) Key(purpose string) []byte { return derive(c.SecretKey, purpose) }

// PreviousKeys are the keys of one purpose that are still opened with.
func (c Config) PreviousKeys(purpose string) [][]byte {
	if c.PreviousSecret == "" {
		return nil
	}
	return [][]byte{derive(c.PreviousSecret, purpose)}
}

// Root is what a new database derives its lasting keys from: the oldest secret
// key there is.
func (c Config) Root() []byte {
	if c.PreviousSecret != "" {
		return []byte(c.PreviousSecret)
	}
	return []byte(c.SecretKey)
}

func derive(secret Secret, purpose string) []byte {
	key, err := hkdf.Key(sha256.New, []byte(secret), nil, "quittance/"+purpose, 32)
	if err != nil {
		panic("config: deriving a key of 32 bytes cannot fail: " + err.Error())
	}
	return key
}

// ErrUnsafe wraps everything that keeps the portal from running.
var ErrUnsafe = errors.New("configuration is unsafe or incomplete")

// Environment is how variables and the files of their _FILE twins are read.
type Environment struct {
	Lookup   func(name string) (string, bool)
	ReadFile func(name string) ([]byte, error)
}

// Part is how much of the settings a command uses. What it does not use may be
// missing; what is set must be right all the same.
type Part int

// The parts, each with those before it.
const (
	Books   Part = iota // the database and its keys
	Letters             // what consumers are told, and by whom
	Whole               // payments
)

// Load reads the environment by the table of Variables. All problems are
// reported at once, each as a sentence that says what to do; the error wraps
// ErrUnsafe.
func Load(env Environment) (Config, error) { return LoadPart(env, Whole) }

// LoadPart is Load for a command that uses a part of the settings.
func LoadPart(env Environment, part Part) (Config, error) {
	values, problems := read(env)
	c := assemble(values)
	if !slices.Contains([]string{"true", "false"}, values["PORTAL_REQUIRE_AUTHORITY"]) {
		problems = append(problems, "PORTAL_REQUIRE_AUTHORITY must be true or false.")
	}
	problems = append(problems, check(c, part)...)
	problems = append(problems, checkDriver(env, c)...)
	if len(problems) > 0 {
		return c, fmt.Errorf("%w: %s", ErrUnsafe, strings.Join(problems, " "))
	}
	return c, nil
}

func read(env Environment) (map[string]string, []string) {
	values, problems := map[string]string{}, []string(nil)
	for _, v := range Variables {
		value, set := env.Lookup(v.Name)
		if file, ok := env.Lookup(v.Name + "_FILE"); v.Secret && ok {
			content, err := env.ReadFile(file)
			switch {
			case set:
				problems = append(problems, fmt.Sprintf("Set %s or %s_FILE, not both.", v.Name, v.Name))
			case err != nil:
				problems = append(problems, fmt.Sprintf("The file named by %s_FILE cannot be read: %s.", v.Name, reason(err)))
			}
			value = strings.TrimSpace(string(content))
		}
		if value == "" {
			value = v.Default
		}
		values[v.Name] = value
	}
	return values, problems
}

func reason(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return "unreadable"
}

func assemble(v map[string]string) Config {
	c := Config{
		DatabaseURL: Secret(v["PORTAL_DATABASE_URL"]), MigrateDatabaseURL: Secret(v["PORTAL_MIGRATE_DATABASE_URL"]), Addr: v["PORTAL_ADDR"], MetricsAddr: v["PORTAL_METRICS_ADDR"],
		PublicURL:      strings.TrimRight(v["PORTAL_PUBLIC_URL"], "/"),
		TrustedProxies: list(v["PORTAL_TRUSTED_PROXIES"], ","), PrivatePeers: list(v["PORTAL_PRIVATE_PEERS"], ","),
		SecretKey: Secret(v["PORTAL_SECRET_KEY"]), PreviousSecret: Secret(v["PORTAL_SECRET_KEY_PREVIOUS"]),
		Factor: Factor(v["PORTAL_FACTOR"]), StepUp: v["PORTAL_STEP_UP"],
		RecordURL: v["PORTAL_RECORD_STATUS_URL"], RecordToken: Secret(v["PORTAL_RECORD_STATUS_TOKEN"]),
		SMTP:   Secret(v["PORTAL_SMTP_URL"]),
		ClamAV: v["PORTAL_CLAMAV_ADDR"],
		States: list(strings.ToUpper(v["PORTAL_STATES"]), ","), PacksDir: v["PORTAL_PACKS_DIR"],
		RequireAuthority: v["PORTAL_REQUIRE_AUTHORITY"] == "true",
		MessagesADay:     count(v["PORTAL_MESSAGES_A_DAY"]), MessagesAWeek: count(v["PORTAL_MESSAGES_A_WEEK"]),
		CreditDays: count(v["PORTAL_CREDIT_DAYS"]),
		Agency: Agency{
			Name: v["PORTAL_AGENCY_NAME"], LegalName: v["PORTAL_AGENCY_LEGAL_NAME"],
			AddressLines: list(v["PORTAL_AGENCY_ADDRESS"], ";"), Phone: v["PORTAL_AGENCY_PHONE"],
			Hours: v["PORTAL_AGENCY_HOURS"], Email: v["PORTAL_AGENCY_EMAIL"],
			Licenses: list(v["PORTAL_AGENCY_LICENSES"], ";"), LogoURL: v["PORTAL_AGENCY_LOGO_URL"],
			AccentColor: v["PORTAL_AGENCY_ACCENT"], TimeZone: v["PORTAL_AGENCY_TIME_ZONE"],
		},
		Stripe: Stripe{
			SecretKey: Secret(v["STRIPE_SECRET_KEY"]), PublishableKey: v["STRIPE_PUBLISHABLE_KEY"],
			WebhookSecrets: secrets(v["STRIPE_WEBHOOK_SECRET"]),
			APIURL:         v["PORTAL_STRIPE_API_URL"], JSURL: v["PORTAL_STRIPE_JS_URL"],
		},
		Twilio: Twilio{
			AccountSID: v["TWILIO_ACCOUNT_SID"], AuthToken: Secret(v["TWILIO_AUTH_TOKEN"]),
			From: v["TWILIO_FROM"], APIURL: v["PORTAL_TWILIO_API_URL"],
		},
	}
	if c.Agency.LegalName == "" {
		c.Agency.LegalName = c.Agency.Name
	}
	u, err := url.Parse(c.PublicURL)
	c.SecureTransport = err == nil && u.Scheme == "https"
	return c
}

// count reads a whole number; -1 for what is none.
func count(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

func list(s, separator string) []string {
	var items []string
	for item := range strings.SplitSeq(s, separator) {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

// check says what is missing or unsafe, one sentence each.
func check(c Config, part Part) []string {
	var p []string
	need := func(ok bool, sentence string) {
		if !ok {
			p = append(p, sentence)
		}
	}
	secret := checkSecret(string(c.SecretKey))
	need(secret == "", secret)
	need(part < Letters || c.Agency.Name != "", "Set PORTAL_AGENCY_NAME to the agency's name as consumers know it.")
	need(part < Letters || len(c.Agency.AddressLines) > 0, "Set PORTAL_AGENCY_ADDRESS to the mailing address that takes disputes.")
	need(part < Letters || c.Agency.Phone != "", "Set PORTAL_AGENCY_PHONE to the number consumers can call.")
	need(c.Factor == PostalCode || c.Factor == DateOfBirth, "PORTAL_FACTOR must be postal_code or date_of_birth.")
	need(slices.Contains([]string{"", "sms", "email"}, c.StepUp), "PORTAL_STEP_UP must be empty, sms or email.")
	need(c.StepUp != "sms" || c.Twilio.Enabled(), "PORTAL_STEP_UP=sms needs TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_FROM.")
	need(c.StepUp != "email" || c.SMTP != "", "PORTAL_STEP_UP=email needs PORTAL_SMTP_URL.")
	for _, state := range c.States {
		need(pack.Known(state), fmt.Sprintf("PORTAL_STATES names %q; write the two letters of states, such as CA,OH,TX.", state))
	}
	need(c.MessagesADay > 0 && c.MessagesAWeek > 0, "PORTAL_MESSAGES_A_DAY and PORTAL_MESSAGES_A_WEEK must be whole numbers above zero.")
	need(c.CreditDays > 0, "PORTAL_CREDIT_DAYS must be a whole number above zero.")
	_, err := time.LoadLocation(c.Agency.TimeZone)
	need(err == nil, "PORTAL_AGENCY_TIME_ZONE must be a zone name such as America/New_York.")
	need((c.RecordURL == "") == (c.RecordToken == ""), "Set PORTAL_RECORD_STATUS_URL and PORTAL_RECORD_STATUS_TOKEN together, or neither.")
	if part >= Letters || c.PublicURL != "" {
		p = append(p, checkAddresses(c)...)
	}
	p = append(p, checkPeers(c)...)
	p = append(p, checkProxies(c)...)
	if part < Whole && c.Stripe.unset() {
		return p
	}
	return append(p, checkStripe(c)...)
}

func checkAddresses(c Config) []string {
	u, err := url.Parse(c.PublicURL)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return []string{"Set PORTAL_PUBLIC_URL to the address consumers open, for instance https://pay.example.com."}
	}
	if u.Scheme == "http" && !loopback(u.Hostname()) {
		return []string{"PORTAL_PUBLIC_URL must be https: personal data never travels in the clear (SEC-05)."}
	}
	return nil
}

func checkStripe(c Config) []string {
	var p []string
	if c.Stripe.SecretKey == "" || c.Stripe.PublishableKey == "" {
		p = append(p, "Set STRIPE_SECRET_KEY and STRIPE_PUBLISHABLE_KEY.")
	}
	if len(c.Stripe.WebhookSecrets) == 0 {
		p = append(p, "Set STRIPE_WEBHOOK_SECRET: without it nobody could tell Stripe's events from forged ones.")
	}
	for _, s := range c.Stripe.WebhookSecrets {
		if len(strings.TrimPrefix(string(s), "whsec_")) < 16 {
			p = append(p, "STRIPE_WEBHOOK_SECRET is too short to be one of Stripe's.")
		}
	}
	if c.Stripe.LiveMode() && !c.SecureTransport {
		p = append(p, "Live Stripe keys need an https PORTAL_PUBLIC_URL.")
	}
	live := strings.HasPrefix(c.Stripe.PublishableKey, "pk_live_")
	if c.Stripe.PublishableKey != "" && c.Stripe.SecretKey != "" && live != c.Stripe.LiveMode() {
		p = append(p, "STRIPE_SECRET_KEY and STRIPE_PUBLISHABLE_KEY are of different modes (test and live).")
	}
	return p
}

func loopback(host string) bool {
	return host == "localhost" || host == "127.0.0.1" || host == "::1"
}

// ForDemo returns the configuration of `portal demo`: everything on loopback,
// with the given secret, and webhooks to the given loopback receivers. It
// refuses live keys.
func ForDemo(env Environment, secret string, overrides map[string]string, loopbackReceivers []string) (Config, error) {
	lookup := func(name string) (string, bool) {
		if v, ok := overrides[name]; ok {
			return v, true
		}
		if name == "PORTAL_SECRET_KEY" {
			return secret, true
		}
		return "", false
	}
	for _, name := range []string{"STRIPE_SECRET_KEY", "STRIPE_PUBLISHABLE_KEY"} {
		if v, _ := env.Lookup(name); strings.Contains(v, "_live_") {
			return Config{}, fmt.Errorf("%w: %s holds a live key; the demo refuses to run beside one. Unset it", ErrUnsafe, name)
		}
	}
	c, err := Load(Environment{Lookup: lookup, ReadFile: env.ReadFile})
	c.WebhookLoopback = loopbackReceivers
	return c, err
}

func secrets(s string) []Secret {
	var all []Secret
	for _, one := range list(s, ",") {
		all = append(all, Secret(one))
	}
	return all
}
