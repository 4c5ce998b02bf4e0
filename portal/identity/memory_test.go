package identity_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"quittance/plans/civil"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/notice"
	"quittance/portal/represent"
)

// memory is a store in memory that undoes what a failed transaction did and
// counts what it is asked.
type memory struct {
	mu    sync.Mutex
	asked map[string]int
	rows
}

type rows struct {
	people       map[debt.AccountID]identity.Person
	attempts     []identity.Attempt
	tallies      map[counter]int
	claimed      map[int]time.Time
	sessions     map[identity.SessionID]identity.Session
	stepUps      map[identity.StepUpID]identity.StepUp
	digitAsks    map[int]identity.DigitAsk
	links        []identity.Link
	tokens       map[identity.TokenID]identity.APIToken
	staff        map[identity.StaffID]identity.Staff
	apps         map[identity.StaffID]identity.App
	recovery     map[string]bool // by person and hash; true was used
	consents     []contact.Consent
	suppressions []contact.Suppression
	messages     []notice.Message
	changes      []identity.Change
}

func (r rows) clone() rows {
	r.people, r.sessions, r.stepUps = maps.Clone(r.people), maps.Clone(r.sessions), maps.Clone(r.stepUps)
	r.tokens, r.staff = maps.Clone(r.tokens), maps.Clone(r.staff)
	r.digitAsks = maps.Clone(r.digitAsks)
	r.apps, r.recovery = maps.Clone(r.apps), maps.Clone(r.recovery)
	r.tallies, r.claimed = maps.Clone(r.tallies), maps.Clone(r.claimed)
	r.attempts, r.links, r.changes = slices.Clone(r.attempts), slices.Clone(r.links), slices.Clone(r.changes)
	r.consents, r.suppressions = slices.Clone(r.consents), slices.Clone(r.suppressions)
	r.messages = slices.Clone(r.messages)
	return r
}

func newMemory() *memory {
	return &memory{asked: map[string]int{}, rows: rows{
		people: map[debt.AccountID]identity.Person{}, sessions: map[identity.SessionID]identity.Session{},
		stepUps: map[identity.StepUpID]identity.StepUp{}, tokens: map[identity.TokenID]identity.APIToken{},
		staff: map[identity.StaffID]identity.Staff{},
		apps:  map[identity.StaffID]identity.App{}, recovery: map[string]bool{},
		digitAsks: map[int]identity.DigitAsk{},
		tallies:   map[counter]int{}, claimed: map[int]time.Time{},
	}}
}

func (m *memory) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	before := m.clone()
	err := fn(ctx)
	if err != nil {
		m.rows = before
	}
	return err
}

func (m *memory) PersonByCode(_ context.Context, hash []byte) (identity.Person, error) {
	m.asked["person"]++
	for _, p := range m.people {
		if bytes.Equal(p.CodeHash, hash) {
			return p, nil
		}
	}
	return identity.Person{}, identity.ErrNotFound
}

func (m *memory) Person(_ context.Context, id debt.AccountID) (identity.Person, error) {
	m.asked["person"]++
	return found(m.people, id)
}

func (m *memory) PersonSpeaking(_ context.Context, id represent.ID) (identity.Person, error) {
	m.asked["person"]++
	for _, p := range m.people {
		if p.Speaking.ID == id {
			return p, nil
		}
	}
	return identity.Person{}, identity.ErrNotFound
}

func (m *memory) RenewCode(_ context.Context, id debt.AccountID, hash, sealed []byte) error {
	p, err := found(m.people, id)
	if err == nil {
		p.CodeHash, p.CodeSealed = hash, sealed
		m.people[id] = p
	}
	return err
}

func found[K comparable, V any](all map[K]V, id K) (V, error) {
	v, ok := all[id]
	if !ok {
		return v, identity.ErrNotFound
	}
	return v, nil
}

func (m *memory) Attempts(_ context.Context, bucket string, limit int) ([]identity.Attempt, error) {
	m.asked["attempts"]++
	var all []identity.Attempt
	for _, a := range m.attempts {
		if a.Bucket == bucket && a.Outcome != identity.Refused {
			all = append(all, a)
		}
	}
	return all[max(0, len(all)-limit):], nil
}

func (m *memory) SaveAttempt(_ context.Context, a identity.Attempt) error {
	m.asked["save attempt"]++
	if !a.Kept() {
		m.tally(a.At.Unix()/3600, a.Tally)
		return nil
	}
	m.attempts = append(m.attempts, a)
	return nil
}

func (m *memory) ClearAttempts(_ context.Context, at time.Time, buckets ...string) error {
	for _, a := range slices.Clone(m.attempts) {
		if slices.Contains(buckets, a.Bucket) {
			m.attempts = append(m.attempts, identity.Attempt{Bucket: a.Bucket, At: at, Outcome: identity.Cleared})
		}
	}
	return nil
}

// counter is a slot in an hour.
type counter struct {
	hour int64
	slot identity.Slot
}

func (m *memory) tally(hour int64, s identity.Slot) { m.tallies[counter{hour, s}]++ }

func (m *memory) Tallies(_ context.Context, hour int64, slots ...identity.Slot) (n []int, _ error) {
	m.asked["tallies"]++
	for _, s := range slots {
		n = append(n, m.tallies[counter{hour, s}])
	}
	return n, nil
}

func (m *memory) AddTallies(_ context.Context, hour int64, slots ...identity.Slot) error {
	m.asked["add tallies"]++
	for _, s := range slots {
		m.tally(hour, s)
	}
	return nil
}

func (m *memory) ClaimTicket(_ context.Context, slot int, issued, now time.Time) (bool, error) {
	m.asked["claim"]++
	if last, used := m.claimed[slot]; used && !last.Before(issued) {
		return false, nil
	}
	m.claimed[slot] = now
	return true, nil
}

func (m *memory) AccountsAbout(context.Context, time.Time) (int64, error) {
	return int64(len(m.people)), nil
}

func (m *memory) RepresentativesOf(_ context.Context, id debt.AccountID) (all []represent.Representative, _ error) {
	for _, p := range m.people {
		if p.Speaking.ID != "" && p.AccountID == id {
			r := p.Speaking
			r.CodeHash = p.CodeHash
			all = append(all, r)
		}
	}
	return all, nil
}

func (m *memory) BudgetedFailures(_ context.Context, since time.Time) (int, error) {
	m.asked["budget"]++
	n := 0
	for _, a := range m.attempts {
		if a.Budgeted && a.Outcome == identity.Failed && !a.At.Before(since) {
			n++
		}
	}
	return n, nil
}

func (m *memory) AddSession(_ context.Context, s identity.Session) error {
	m.sessions[s.ID] = s
	return nil
}

func (m *memory) Session(_ context.Context, id identity.SessionID) (identity.Session, error) {
	return found(m.sessions, id)
}

func (m *memory) TouchSession(_ context.Context, id identity.SessionID, seen time.Time) error {
	m.asked["touch"]++
	if s := m.sessions[id]; s.EndedAt.IsZero() && seen.After(s.SeenAt) {
		s.SeenAt = seen
		m.sessions[id] = s
	}
	return nil
}

func (m *memory) EndSession(_ context.Context, id identity.SessionID, at time.Time, why string) error {
	if s := m.sessions[id]; s.EndedAt.IsZero() {
		s.EndedAt, s.EndedWhy = at, why
		m.sessions[id] = s
	}
	return nil
}

func (m *memory) EndSessionsOf(ctx context.Context, a identity.Audience, subject string, at time.Time, why string) error {
	for id, s := range m.sessions {
		if s.Audience == a && s.Subject == subject {
			_ = m.EndSession(ctx, id, at, why)
		}
	}
	return nil
}

func (m *memory) SessionsOf(_ context.Context, a identity.Audience, subject string, after time.Time) (all []identity.Session, _ error) {
	for _, s := range m.sessions {
		if s.Audience == a && s.Subject == subject && s.EndedAt.IsZero() && s.SeenAt.After(after) {
			all = append(all, s)
		}
	}
	return all, nil
}

func (m *memory) NameDevice(_ context.Context, id identity.SessionID, device string) error {
	s := m.sessions[id]
	s.Device = device
	m.sessions[id] = s
	return nil
}

func (m *memory) EndSessionsOfLink(ctx context.Context, link identity.LinkID, at time.Time, why string) error {
	for id, s := range m.sessions {
		if s.LinkID == link {
			_ = m.EndSession(ctx, id, at, why)
		}
	}
	return nil
}

func (m *memory) AskLink(_ context.Context, hash []byte, at time.Time) error {
	for i, l := range m.links {
		if bytes.Equal(l.TokenHash, hash) && l.AskedAt.IsZero() {
			m.links[i].AskedAt = at
		}
	}
	return nil
}

func (m *memory) LinksAsked(_ context.Context, until time.Time, _ int) (all []identity.Link, _ error) {
	for _, l := range m.links {
		if !l.AskedAt.IsZero() && !l.AskedAt.After(until) {
			all = append(all, l)
		}
	}
	return all, nil
}

func (m *memory) AnswerLink(_ context.Context, id identity.LinkID, due time.Time) error {
	for i, l := range m.links {
		if l.ID == id {
			m.links[i].AskedAt = due
		}
	}
	return nil
}

func (m *memory) AddStepUp(_ context.Context, s identity.StepUp) error {
	m.stepUps[s.ID] = s
	return nil
}

func (m *memory) StepUp(_ context.Context, id identity.StepUpID) (identity.StepUp, error) {
	return found(m.stepUps, id)
}

func (m *memory) SaveStepUp(_ context.Context, s identity.StepUp) error {
	m.asked["save step-up"]++
	if _, err := found(m.stepUps, s.ID); err != nil {
		return err
	}
	m.stepUps[s.ID] = s
	return nil
}

func (m *memory) AddDigitAsk(_ context.Context, slot int, a identity.DigitAsk) error {
	m.asked["add digit ask"]++
	if held, ok := m.digitAsks[slot]; !ok || a.Granted || !held.Granted {
		m.digitAsks[slot] = a
	}
	return nil
}

func (m *memory) ListDigitAsks(_ context.Context, _ int) (all []identity.DigitAsk, _ error) {
	for slot, a := range m.digitAsks {
		if a.Granted {
			all = append(all, a)
		} else {
			delete(m.digitAsks, slot)
		}
	}
	return all, nil
}

func (m *memory) TakeDigitAsk(_ context.Context, id identity.StepUpID) (bool, error) {
	for slot, a := range m.digitAsks {
		if a.StepUp == id {
			delete(m.digitAsks, slot)
			return true, nil
		}
	}
	return false, nil
}

func (m *memory) AddLink(_ context.Context, l identity.Link) error {
	for _, held := range m.links {
		if held.Reference == l.Reference || bytes.Equal(held.TokenHash, l.TokenHash) {
			return identity.ErrTaken
		}
	}
	m.links = append(m.links, l)
	return nil
}

func (m *memory) link(is func(identity.Link) bool) (identity.Link, error) {
	i := slices.IndexFunc(m.links, is)
	if i < 0 {
		return identity.Link{}, identity.ErrNotFound
	}
	return m.links[i], nil
}

func (m *memory) Link(_ context.Context, id identity.LinkID) (identity.Link, error) {
	return m.link(func(l identity.Link) bool { return l.ID == id })
}

func (m *memory) LinkByToken(_ context.Context, hash []byte) (identity.Link, error) {
	return m.link(func(l identity.Link) bool { return bytes.Equal(l.TokenHash, hash) })
}

func (m *memory) LinkByReference(_ context.Context, reference string) (identity.Link, error) {
	m.asked["link by reference"]++
	return m.link(func(l identity.Link) bool { return l.Reference == reference })
}

func (m *memory) SaveLink(_ context.Context, l identity.Link) error {
	m.asked["save link"]++
	i := slices.IndexFunc(m.links, func(held identity.Link) bool { return held.ID == l.ID })
	m.links[i] = l
	return nil
}

func (m *memory) LinksOf(_ context.Context, id debt.AccountID) ([]identity.Link, error) {
	var all []identity.Link
	for _, l := range m.links {
		if l.AccountID == id {
			all = append(all, l)
		}
	}
	slices.SortStableFunc(all, func(a, b identity.Link) int { return b.CreatedAt.Compare(a.CreatedAt) })
	return all, nil
}

func (m *memory) AddAPIToken(_ context.Context, t identity.APIToken) error {
	m.tokens[t.ID] = t
	return nil
}

func (m *memory) APIToken(_ context.Context, id identity.TokenID) (identity.APIToken, error) {
	return found(m.tokens, id)
}

func (m *memory) APITokens(context.Context) ([]identity.APIToken, error) {
	return slices.SortedFunc(maps.Values(m.tokens), func(a, b identity.APIToken) int { return b.CreatedAt.Compare(a.CreatedAt) }), nil
}

func (m *memory) RevokeAPIToken(_ context.Context, id identity.TokenID, at time.Time) error {
	t := m.tokens[id]
	t.RevokedAt = at
	m.tokens[id] = t
	return nil
}

func (m *memory) RotateAPIToken(ctx context.Context, id identity.TokenID, next identity.APIToken, until time.Time) error {
	t, known := m.tokens[id]
	if !known || !t.RotatedAt.IsZero() || !t.RevokedAt.IsZero() || !next.CreatedAt.Before(t.ExpiresAt) {
		return identity.ErrNotFound
	}
	t.RotatedAt = next.CreatedAt
	if until.Before(t.ExpiresAt) {
		t.ExpiresAt = until
	}
	m.tokens[id] = t
	return m.AddAPIToken(ctx, next)
}

func (m *memory) UseAPIToken(_ context.Context, id identity.TokenID, at time.Time) error {
	t := m.tokens[id]
	t.UsedAt = at
	m.tokens[id] = t
	return nil
}

func (m *memory) AddStaff(_ context.Context, s identity.Staff) error {
	for _, held := range m.staff {
		if held.Email == s.Email {
			return identity.ErrTaken
		}
	}
	m.staff[s.ID] = s
	return nil
}

func (m *memory) StaffByEmail(_ context.Context, email string) (identity.Staff, error) {
	for _, s := range m.staff {
		if s.Email == email {
			return s, nil
		}
	}
	return identity.Staff{}, identity.ErrNotFound
}

func (m *memory) Staff(_ context.Context, id identity.StaffID) (identity.Staff, error) {
	return found(m.staff, id)
}

func (m *memory) SaveStaff(_ context.Context, s identity.Staff) error {
	m.staff[s.ID] = s
	return nil
}

func (m *memory) SetPassword(_ context.Context, id identity.StaffID, old, password string) error {
	s, ok := m.staff[id]
	if !ok || s.Password != old || !s.DisabledAt.IsZero() {
		return identity.ErrNotFound
	}
	s.Password = password
	m.staff[id] = s
	return nil
}

func (m *memory) AllStaff(context.Context) ([]identity.Staff, error) {
	return slices.SortedFunc(maps.Values(m.staff), func(a, b identity.Staff) int { return cmp.Compare(a.Name, b.Name) }), nil
}

func (m *memory) App(_ context.Context, id identity.StaffID) (identity.App, error) {
	return found(m.apps, id)
}

func (m *memory) SetApp(_ context.Context, a identity.App, old []byte) error {
	if held, ok := m.apps[a.StaffID]; ok != (old != nil) || !bytes.Equal(held.Sealed, old) {
		return identity.ErrTaken
	}
	m.apps[a.StaffID] = a
	return nil
}

func (m *memory) ClaimStep(_ context.Context, a identity.App, step int64) (bool, error) {
	held, ok := m.apps[a.StaffID]
	if !ok || !bytes.Equal(held.Sealed, a.Sealed) || held.LastStep >= step {
		return false, nil
	}
	held.LastStep = step
	m.apps[a.StaffID] = held
	return true, nil
}

func (m *memory) ForgetFactors(ctx context.Context, id identity.StaffID) error {
	delete(m.apps, id)
	return m.SetRecoveryCodes(ctx, id, nil)
}

func (m *memory) SetRecoveryCodes(_ context.Context, id identity.StaffID, hashes [][]byte) error {
	maps.DeleteFunc(m.recovery, func(key string, _ bool) bool { return strings.HasPrefix(key, string(id)) })
	for _, hash := range hashes {
		m.recovery[string(id)+string(hash)] = false
	}
	return nil
}

func (m *memory) UseRecoveryCode(_ context.Context, id identity.StaffID, hash []byte, _ time.Time) (bool, error) {
	used, ok := m.recovery[string(id)+string(hash)]
	if ok && !used {
		m.recovery[string(id)+string(hash)] = true
	}
	return ok && !used, nil
}

func (m *memory) RecoveryCodesLeft(_ context.Context, id identity.StaffID) (n int, err error) {
	for key, used := range m.recovery {
		if strings.HasPrefix(key, string(id)) && !used {
			n++
		}
	}
	return n, nil
}

func (m *memory) AddConsent(_ context.Context, c contact.Consent) error {
	m.consents = append(m.consents, c)
	return nil
}

func (m *memory) Consents(_ context.Context, id debt.AccountID, ch contact.Channel, hash []byte) ([]contact.Consent, error) {
	var all []contact.Consent
	for _, c := range m.consents {
		if c.AccountID == id && c.Channel == ch && bytes.Equal(c.AddressHash, hash) {
			all = append(all, c)
		}
	}
	slices.Reverse(all)
	return all, nil
}

func (m *memory) Suppress(_ context.Context, s contact.Suppression) error {
	m.suppressions = append(m.suppressions, s)
	return nil
}

func (m *memory) Suppressions(_ context.Context, ch contact.Channel, hash []byte) ([]contact.Suppression, error) {
	var all []contact.Suppression
	for _, s := range m.suppressions {
		if s.Channel == ch && bytes.Equal(s.AddressHash, hash) {
			all = append(all, s)
		}
	}
	return all, nil
}

func (m *memory) Add(_ context.Context, msg notice.Message) (string, error) {
	m.messages = append(m.messages, msg)
	return "msg", nil
}

func (m *memory) IdentityChanged(_ context.Context, c identity.Change) error {
	if c.AccountID == "acc_watcher_fails" {
		return errors.New("the watcher fails")
	}
	m.changes = append(m.changes, c)
	return nil
}

func (m *memory) kinds() []identity.Kind {
	var all []identity.Kind
	for _, c := range m.changes {
		all = append(all, c.Kind)
	}
	return all
}

// clock is moved by hand.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// noon is in the middle of the day all over the country.
var noon = time.Date(2026, 11, 23, 19, 0, 0, 0, time.UTC)

func derive(purpose string) []byte {
	sum := sha256.Sum256([]byte("a secret for tests/" + purpose))
	return sum[:]
}

// permission answers for all debts.
type permission struct{ rule, reason string }

func (p *permission) MayWrite(context.Context, debt.AccountID) (string, string, error) {
	return p.rule, p.reason, nil
}

// plainWords puts what it is given into the text, for tests to read back.
type plainWords struct{}

func (plainWords) LinkText(_ string, _ contact.Channel, l identity.LinkWords) (notice.Text, error) {
	return notice.Text{Plain: l.URL}, nil
}

func (plainWords) StepUpText(_ string, _ contact.Channel, digits string) (notice.Text, error) {
	return notice.Text{Plain: digits}, nil
}

// bundle is everything, wired.
type bundle struct {
	*memory
	clock    *clock
	keys     identity.Keys
	codes    *identity.Codes
	verifier *identity.Verifier
	sessions *identity.Sessions
	links    *identity.Links
	phrases  *identity.Phrases
	tokens   *identity.Tokens
	book     *contact.Book
	gate     *permission
	hashes   int
}

func setup(t *testing.T) *bundle {
	t.Helper()
	b := &bundle{memory: newMemory(), clock: &clock{at: noon}, gate: &permission{}}
	var err error
	if b.keys, err = identity.NewKeys(derive); err != nil {
		t.Fatal(err)
	}
	if b.codes, err = identity.NewCodes(b.keys); err != nil {
		t.Fatal(err)
	}
	b.book = &contact.Book{Store: b.memory, Key: derive("contact"), Now: b.clock.now,
		On: map[contact.Channel]bool{contact.SMS: true, contact.Email: true}}
	b.sessions = identity.NewSessions(b.memory, identity.Consumers, anyRole{}, b.keys, b.clock.now)
	b.phrases = identity.NewPhrases(b.keys, b.codes, b.memory)
	b.tokens = identity.NewTokens(b.memory, b.keys, b.clock.now)
	b.verifier = &identity.Verifier{
		Tx: b.memory, People: b.memory, Attempts: b.memory, Tallies: b.memory, Links: b.memory, Sessions: b.sessions, Codes: b.codes,
		Keys: b.keys, Factor: identity.PostalCode, Watchers: []identity.Watcher{b.memory}, Now: b.clock.now,
		StepUps: b.memory, Book: b.book, Messages: b.memory, Words: plainWords{}, Count: func() { b.hashes++ },
	}
	b.links = &identity.Links{
		Tx: b.memory, Store: b.memory, People: b.memory, Book: b.book, Permission: b.gate, Messages: b.memory,
		Words: plainWords{}, Phrases: b.phrases, Keys: b.keys, PublicURL: "https://pay.example", Sessions: b.sessions,
		Watchers: []identity.Watcher{b.memory}, Now: b.clock.now,
	}
	return b
}

// person places a consumer and returns their reference code.
func (b *bundle) person(id debt.AccountID, change ...func(*identity.Person)) string {
	code, hash, sealed := b.codes.New()
	born, _ := civil.Parse("1980-02-29")
	p := identity.Person{AccountID: id, CodeHash: hash, CodeSealed: sealed, FirstName: "Ana", PostalCode: "10001-1234",
		DateOfBirth: born, State: "NY", Phone: "(212) 555-0123", Email: "ana@example.com", Language: "en"}
	for _, c := range change {
		c(&p)
	}
	b.people[id] = p
	return code
}

func (b *bundle) agree(t *testing.T, id debt.AccountID, ch contact.Channel) {
	t.Helper()
	p := b.people[id]
	err := b.book.Record(t.Context(), contact.Consent{AccountID: id, Channel: ch, Basis: contact.DirectConsent},
		contact.Address(ch, p.Phone, p.Email))
	if err != nil {
		t.Fatal(err)
	}
}

func zip(t *testing.T, typed string) identity.Factor {
	t.Helper()
	f, err := identity.ZIP(typed)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// try types a code and a ZIP code.
func (b *bundle) try(t *testing.T, code, typed string) (identity.Result, error) {
	t.Helper()
	pending, err := b.verifier.Begin(code)
	if err != nil {
		t.Fatal(err)
	}
	return b.verifier.Verify(t.Context(), pending, zip(t, typed), identity.Visitor{Address: "203.0.113.7"})
}

// anyRole fits every account.
type anyRole struct{}

func (anyRole) RoleFits(context.Context, debt.AccountID, represent.Role) (bool, error) {
	return true, nil
}
