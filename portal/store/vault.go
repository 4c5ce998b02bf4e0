package store

import (
	"bytes"
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/seal"
)

// ErrSealed says that personal data was asked for and the store was opened
// without the key to it.
var ErrSealed = errors.New("the database was opened without its key")

// vault is one account's own key. Everything personal of an account is sealed
// by it, so that erasing the key erases all of it.
type vault struct {
	wrapped []byte // as it is stored
	box     *seal.Box
	erased  bool // with the account: there is no key any more
}

// sealing is the box to seal by. What is said of a person after they were erased
// is sealed by a key that is thrown away.
func (v vault) sealing() (*seal.Box, error) {
	switch {
	case v.box != nil:
		return v.box, nil
	case v.erased:
		key := make([]byte, seal.KeySize)
		rand.Read(key) // never fails: crypto/rand ends the process instead
		return seal.New(map[byte][]byte{1: key})
	}
	return nil, ErrSealed
}

func (s *Store) newVault(account string) (vault, error) {
	if s.opts.Box == nil {
		return vault{}, ErrSealed
	}
	key := make([]byte, seal.KeySize)
	rand.Read(key) // never fails: crypto/rand ends the process instead
	wrapped, err := s.opts.Box.Seal(key, "accounts.vault:"+account)
	if err != nil {
		return vault{}, err
	}
	box, err := s.opts.Box.Under(key)
	return vault{wrapped: wrapped, box: box}, err
}

// openVault opens an account's key. An account without one was erased.
func (s *Store) openVault(account string, wrapped []byte) (vault, error) {
	if s.opts.Box == nil {
		return vault{}, ErrSealed
	}
	key, err := s.opts.Box.Open(wrapped, "accounts.vault:"+account)
	if err != nil {
		return vault{}, fmt.Errorf("the key of account %s: %w", account, err)
	}
	box, err := s.opts.Box.Under(key)
	return vault{wrapped: wrapped, box: box}, err
}

// decoy is the sealed person of nobody.
type decoy struct{ wrapped, sealed []byte }

// decoyID is of no account: ids of those begin with acc_.
const decoyID = "decoy"

func (s *Store) newDecoy() (decoy, error) {
	v, err := s.newVault(decoyID)
	if err != nil {
		return decoy{}, err
	}
	values, err := s.sealPerson(v, decoyID, debt.Consumer{
		FirstName: "Nobody", LastName: "Nowhere", DateOfBirth: civil.Date{Year: 1980, Month: 1, Day: 1}, SSNLast4: "0000",
		Address: debt.Address{Line1: "100 Nowhere Street", City: "Springfield", PostalCode: "00000"}, Phone: "+15555550100", Email: "nobody@example.com",
	})
	if err != nil {
		return decoy{}, err
	}
	return decoy{v.wrapped, values[1].([]byte)}, nil
}

// Opened is how many personal values were opened since the start (S2).
func (s *Store) Opened() int64 { return s.opts.Box.Opened() }

// pretend opens the person of nobody, so that a code of nobody costs what the
// code of somebody does (S2).
func (s *Store) pretend() error {
	a := debt.Account{ID: decoyID}
	return s.openPerson(&a, s.decoy.wrapped, s.decoy.sealed)
}

// vaultOf loads the key of an account; an empty vault when there is no account.
func (s *Store) vaultOf(ctx context.Context, account string) (vault, error) {
	var wrapped []byte
	err := s.queryRow(ctx, []any{&wrapped}, `SELECT vault FROM accounts WHERE id = ?`, account)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return vault{}, nil
	case err != nil:
		return vault{}, err
	case len(wrapped) == 0:
		return vault{erased: true}, nil
	}
	return s.openVault(account, wrapped)
}

// sealedMark begins a sealed value that stands in a column of text.
const sealedMark = "~"

// text seals a value for a column of text; where names table, column and row.
func (v vault) text(plain, where string) (string, error) {
	if plain == "" {
		return "", nil
	}
	box, err := v.sealing()
	if err != nil {
		return "", err
	}
	sealed, err := box.Seal([]byte(plain), where)
	return sealedMark + base64.RawStdEncoding.EncodeToString(sealed), err
}

// noFacts stands where the facts of an event were erased, or its deliveries.
const noFacts = "{}"

// plain opens what text sealed. What was erased is empty.
func (v vault) plain(stored, where string) (string, error) {
	coded, sealed := strings.CutPrefix(stored, sealedMark)
	if stored == "" || stored == noFacts {
		return stored, nil
	}
	if !sealed {
		return "", fmt.Errorf("%s: %w", where, seal.ErrNotSealed)
	}
	if v.box == nil {
		return "", nil
	}
	raw, err := base64.RawStdEncoding.DecodeString(coded)
	if err != nil {
		return "", fmt.Errorf("%s: %w", where, err)
	}
	opened, err := v.box.Open(raw, where)
	if err != nil {
		return "", fmt.Errorf("%s: %w", where, err)
	}
	return string(opened), nil
}

// bytes seals a value for a column of bytes, over whatever hides it already.
func (v vault) bytes(plain []byte, where string) ([]byte, error) {
	if len(plain) == 0 {
		return plain, nil
	}
	box, err := v.sealing()
	if err != nil {
		return nil, err
	}
	sealed, err := box.Seal(plain, where)
	return append([]byte(sealedMark), sealed...), err
}

// opened opens what bytes sealed, as plain does what text sealed.
func (v vault) opened(stored []byte, where string) ([]byte, error) {
	sealed, marked := bytes.CutPrefix(stored, []byte(sealedMark))
	if len(stored) == 0 {
		return stored, nil
	}
	if !marked {
		return nil, fmt.Errorf("%s: %w", where, seal.ErrNotSealed)
	}
	if v.box == nil {
		return nil, nil
	}
	plain, err := v.box.Open(sealed, where)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", where, err)
	}
	return plain, nil
}

// hidden seals bytes of one row by the key of its account.
func (s *Store) hidden(ctx context.Context, account, where string, plain []byte) ([]byte, error) {
	v, err := s.vaultOf(ctx, account)
	if err != nil {
		return nil, err
	}
	return v.bytes(plain, where)
}

// shown opens what hidden sealed; empty when it was erased.
func (s *Store) shown(ctx context.Context, account, where string, stored []byte) ([]byte, error) {
	v, err := s.vaultOf(ctx, account)
	if err != nil {
		return nil, err
	}
	return v.opened(stored, where)
}

// sealTexts seals texts of one row of an account; where holds %s for the column.
func (s *Store) sealTexts(ctx context.Context, account, where string, texts map[string]string) (map[string]string, error) {
	v, err := s.vaultOf(ctx, account)
	sealed := make(map[string]string, len(texts))
	for column, text := range texts {
		if err == nil {
			sealed[column], err = v.text(text, fmt.Sprintf(where, column))
		}
	}
	return sealed, err
}

// writePerson puts what is personal of a consumer into one value.
func writePerson(c debt.Consumer) []byte {
	var all []byte
	for _, f := range []string{c.FirstName, c.LastName, c.DateOfBirth.String(), c.SSNLast4, c.Address.Line1, c.Address.Line2,
		c.Address.City, c.Address.PostalCode, c.Phone, c.Email, c.Moved.PostalCode, writeMove(c.Moved)} {
		all = append(binary.AppendUvarint(all, uint64(len(f))), f...)
	}
	return all
}

var errPerson = errors.New("a sealed person cannot be read")

// writeMove is when somebody moved, and whether they said so themselves. It is
// as long for who never did.
func writeMove(m debt.Move) string {
	own, when := byte(0), int64(0)
	if m.Own {
		own = 1
	}
	if !m.At.IsZero() {
		when = m.At.UnixMicro()
	}
	return string(append(binary.BigEndian.AppendUint64(nil, uint64(when)), own))
}

func readMove(zip, stored string) debt.Move {
	m := debt.Move{PostalCode: zip}
	if zip == "" || len(stored) != 9 {
		return debt.Move{}
	}
	m.At = time.UnixMicro(int64(binary.BigEndian.Uint64([]byte(stored[:8])))).UTC()
	m.Own = stored[8] == 1
	return m
}

func readPerson(all []byte, c *debt.Consumer) error {
	var born, moved string
	for _, f := range []*string{&c.FirstName, &c.LastName, &born, &c.SSNLast4, &c.Address.Line1, &c.Address.Line2,
		&c.Address.City, &c.Address.PostalCode, &c.Phone, &c.Email, &c.Moved.PostalCode, &moved} {
		n, size := binary.Uvarint(all)
		if size <= 0 || n > uint64(len(all)-size) {
			return errPerson
		}
		*f, all = string(all[size:size+int(n)]), all[size+int(n):]
	}
	var err error
	c.Moved = readMove(c.Moved.PostalCode, moved)
	c.DateOfBirth, err = civil.Parse(born)
	return err
}

// sealPerson seals a consumer in the account's vault and returns the values of
// personColumns.
func (s *Store) sealPerson(v vault, account string, c debt.Consumer) ([]any, error) {
	sealed, err := v.box.Seal(writePerson(c), "accounts.person:"+account)
	return []any{v.wrapped, sealed, s.nameToken(c.FirstName + " " + c.LastName), s.phoneToken(c.Phone), c.Address.State, c.Language}, err
}

// openPerson fills in what stands sealed. An account that was erased has no
// vault and stays empty.
func (s *Store) openPerson(a *debt.Account, wrapped, sealed []byte) error {
	if len(wrapped) == 0 || len(sealed) == 0 {
		return nil
	}
	v, err := s.openVault(string(a.ID), wrapped)
	if err != nil {
		return err
	}
	plain, err := v.box.Open(sealed, "accounts.person:"+string(a.ID))
	if err != nil {
		return fmt.Errorf("the person of account %s: %w", a.ID, err)
	}
	return readPerson(plain, &a.Consumer)
}

// nameToken is the blind index of a name: case, accents of spacing and marks do
// not count. Nothing is searched for by an empty name.
func (s *Store) nameToken(name string) []byte {
	letters := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return s.token("name", strings.Join(letters, " "))
}

// phoneToken is the blind index of a phone number, of its last ten digits.
func (s *Store) phoneToken(phone string) []byte {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, phone)
	return s.token("phone", digits[max(0, len(digits)-10):])
}

func (s *Store) token(kind, value string) []byte {
	if value == "" {
		return []byte{}
	}
	mac := hmac.New(sha256.New, s.blind)
	mac.Write([]byte(kind + ":" + value))
	return mac.Sum(nil)[:16]
}

// Root makes ready the key behind everything that is searched by its hash. It is
// made of the given secret the first time and from then on stands in the
// database, sealed by the key of today: codes, opt-outs and tokens stay good
// when the secret key changes.
func (s *Store) Root(ctx context.Context, secret []byte) error {
	if s.opts.Box == nil {
		return ErrSealed
	}
	const name = "root"
	sealed, err := s.opts.Box.Seal(secret, "data_keys.sealed:"+name)
	if err != nil {
		return err
	}
	if _, err := s.exec(ctx, `INSERT INTO data_keys (name, sealed) VALUES (?, ?) ON CONFLICT (name) DO NOTHING`, name, sealed); err != nil {
		return fmt.Errorf("keep the root key: %w", err)
	}
	if err := s.queryRow(ctx, []any{&sealed}, `SELECT sealed FROM data_keys WHERE name = ?`, name); err != nil {
		return fmt.Errorf("read the root key: %w", err)
	}
	s.root, err = s.opts.Box.Open(sealed, "data_keys.sealed:"+name)
	if err != nil {
		return fmt.Errorf("the root key does not open: PORTAL_SECRET_KEY changed, and PORTAL_SECRET_KEY_PREVIOUS is not the key before: %w", err)
	}
	s.blind = s.Key("blind-index")
	if s.lasting.box, err = seal.New(map[byte][]byte{1: s.Key("rows")}); err != nil {
		return err
	}
	s.decoy, err = s.newDecoy()
	return err
}

// Key derives the key of one purpose from the root key, as config.Config.Key
// does from the secret key: for what must outlive a change of that.
func (s *Store) Key(purpose string) []byte {
	key, err := hkdf.Key(sha256.New, s.root, nil, "quittance/"+purpose, seal.KeySize)
	if err != nil {
		panic("store: deriving a key of 32 bytes cannot fail: " + err.Error())
	}
	return key
}
