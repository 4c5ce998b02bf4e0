package config

// Variable is one row of the table of settings. README's table is written from
// it and a test holds them together.
type Variable struct {
	Name    string
	Default string
	Secret  bool // has a _FILE twin and is never printed
	Help    string
}

// Variables is every setting there is.
var Variables = []Variable{
	{Name: "PORTAL_DATABASE_URL", Default: "sqlite:./data/portal.db", Secret: true, Help: "`sqlite:PATH` for one machine, `postgres://…?sslmode=verify-full` for more"},
	{Name: "PORTAL_MIGRATE_DATABASE_URL", Secret: true, Help: "the same PostgreSQL database under the role that owns the schema: `portal migrate` uses it, and grants the other role what serving needs and no more. Empty: one role does both"},
	{Name: "PORTAL_ADDR", Default: "127.0.0.1:8080", Help: "where the portal listens"},
	{Name: "PORTAL_METRICS_ADDR", Help: "where Prometheus metrics, and a worker's `/readyz`, are served; empty is off"},
	{Name: "PORTAL_PUBLIC_URL", Default: "http://127.0.0.1:8080", Help: "the address consumers open; links are made from it alone"},
	{Name: "PORTAL_TRUSTED_PROXIES", Help: "addresses or networks of your own proxies, comma-separated; only they may name the visitor's address. Networks that hold the public are refused"},
	{Name: "PORTAL_PRIVATE_PEERS", Help: "private networks and names of hosts, comma-separated, in which database, mail relay, processor and scanner may stand without TLS; everywhere else but on this machine they need it"},
	{Name: "PORTAL_SECRET_KEY", Secret: true, Help: "at least 32 random bytes; the keys of each purpose are derived from it"},
	{Name: "PORTAL_SECRET_KEY_PREVIOUS", Secret: true, Help: "the key before, until `portal reseal` has gone through; then remove it"},
	{Name: "PORTAL_FACTOR", Default: "postal_code", Help: "the personal fact consumers are matched by: `postal_code` or `date_of_birth`"},
	{Name: "PORTAL_STEP_UP", Help: "`sms` or `email` to also send a one-time code to the contact on file"},
	{Name: "PORTAL_MESSAGES_A_DAY", Default: "1", Help: "most texts and e-mails to a person in a day that they did not ask for"},
	{Name: "PORTAL_MESSAGES_A_WEEK", Default: "3", Help: "most of them in seven days"},
	{Name: "PORTAL_CREDIT_DAYS", Default: "7", Help: "days within which what was paid beyond a debt is to be sent back, and held money decided; later it stands as late before finance"},
	{Name: "PORTAL_AGENCY_NAME", Help: "the agency's name as consumers know it"},
	{Name: "PORTAL_AGENCY_LEGAL_NAME", Help: "the legal name, where it differs"},
	{Name: "PORTAL_AGENCY_ADDRESS", Help: "mailing address that takes disputes; lines parted by `;`"},
	{Name: "PORTAL_AGENCY_PHONE", Help: "the number consumers can call"},
	{Name: "PORTAL_AGENCY_HOURS", Default: "Monday to Friday, 8 am to 8 pm", Help: "when somebody answers"},
	{Name: "PORTAL_AGENCY_EMAIL", Help: "address for questions"},
	{Name: "PORTAL_AGENCY_LICENSES", Help: "license numbers, each after the name of its place, parted by `;`: `California 10123-99; North Carolina 113456`"},
	{Name: "PORTAL_STATES", Help: "the states the portal is on in, comma-separated; empty is every state with a compliance pack. A state whose license number is missing stays off"},
	{Name: "PORTAL_PACKS_DIR", Help: "folder of your own compliance packs; a file named as a shipped one replaces it"},
	{Name: "PORTAL_REQUIRE_AUTHORITY", Default: "false", Help: "`true` leaves interest and fees that were added after the itemization date out of what is owed unless `interest_authority` and `fees_authority` say what allows them. `false`, for the agreed file has no such columns: the import report names them, nothing is left out"},
	{Name: "PORTAL_AGENCY_LOGO_URL", Help: "path of the logo on this site"},
	{Name: "PORTAL_AGENCY_ACCENT", Default: "#1f5f8b", Help: "accent color; refused below a contrast of 4.5:1"},
	{Name: "PORTAL_AGENCY_TIME_ZONE", Default: "America/New_York", Help: "the agency's own zone"},
	{Name: "STRIPE_SECRET_KEY", Secret: true, Help: "Stripe's secret key"},
	{Name: "STRIPE_PUBLISHABLE_KEY", Help: "Stripe's publishable key"},
	{Name: "STRIPE_WEBHOOK_SECRET", Secret: true, Help: "signing secret of the endpoint `/hooks/stripe`; two, comma-separated, while rotating"},
	{Name: "PORTAL_STRIPE_API_URL", Default: "https://api.stripe.com", Help: "any Stripe-compatible server"},
	{Name: "PORTAL_STRIPE_JS_URL", Default: "https://js.stripe.com/v3/", Help: "the browser script that belongs to it"},
	{Name: "PORTAL_RECORD_STATUS_URL", Help: "address of your system of record that says how a debt stands; asked right before each charge of a plan, and without a fresh answer nothing is charged. Empty is off: the stored status counts"},
	{Name: "PORTAL_RECORD_STATUS_TOKEN", Secret: true, Help: "bearer token for it"},
	{Name: "PORTAL_SMTP_URL", Secret: true, Help: "`smtps://user:password@host:465`, or `smtp://host:587`, which is raised to TLS; empty is no e-mail"},
	{Name: "TWILIO_ACCOUNT_SID", Help: "Twilio account; texts are off without it"},
	{Name: "TWILIO_AUTH_TOKEN", Secret: true, Help: "Twilio token"},
	{Name: "TWILIO_FROM", Help: "the number texts come from"},
	{Name: "PORTAL_TWILIO_API_URL", Help: "any Twilio-compatible server"},
	{Name: "PORTAL_CLAMAV_ADDR", Help: "`host:3310` of a ClamAV daemon that looks into files before staff may; empty is none"},
}
