package validation

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"quittance/frontend/modelform"
	"quittance/plans/civil"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/represent"
)

// Service keeps the notices that were given and watches over those that are
// owed. All fields are required.
type Service struct {
	Tx       Transactor
	Store    Store
	Duties   Duties
	Accounts Accounts
	Sealer   Sealer
	Mail     Mailroom
	Alarm    Alarm
	// Shown reports whether a debt is shown at all to its consumer, or to who
	// speaks for them in a role; of one that is not, nobody heard here.
	Shown func(a debt.Account, all []debt.Statement, s debt.Statement, by represent.Role, now time.Time) bool
	// Consents lists the consumer's consents to their e-mail address, the newest
	// first; nil: only those that the agency names count.
	Consents func(ctx context.Context, a debt.Account) ([]contact.Consent, error)
	Words    []modelform.Words // English first
	// Agency fills in the collector's side of the facts.
	Agency func() modelform.Facts
	Zone   *time.Location // of the agency
	Now    func() time.Time
	NewID  func(prefix string) string
}

// Report says that a notice was given.
type Report struct {
	DebtRef  string
	Provided civil.Date
	Via      Method
	Source   Source
	// Reference stands on the letter; CreditorThen is whom the debt was owed to
	// on the itemization date. Both may be empty.
	Reference, CreditorThen string
	// Rows are the notice's own amounts; nil: those that are held.
	Rows *modelform.Itemization
	// ItemizationType and Itemized are as the notice has them; empty: those held.
	ItemizationType debt.ItemizationType
	Itemized        civil.Date
	// Consent names the consent to electronic notices that the agency holds.
	Consent string
}

// IncompleteError is a debt whose validation information is not whole (VAL-01).
type IncompleteError struct{ Missing []string }

// Error implements error.
func (e *IncompleteError) Error() string {
	return "validation information is missing: " + strings.Join(e.Missing, ", ")
}

// Body is what is kept of a notice.
type Body struct {
	Facts     modelform.Facts
	Documents []modelform.Document // one for each language, English first
}

// In is the notice in a language, or in English.
func (b Body) In(language string) modelform.Document {
	for _, d := range b.Documents {
		if d.Language == language {
			return d
		}
	}
	return b.Documents[0]
}

// Report keeps a notice that was given. The same again returns the one that is
// held, and false.
func (s *Service) Report(ctx context.Context, r Report) (n Notice, added bool, err error) {
	err = s.Tx.InTx(ctx, func(ctx context.Context) error {
		accountID, debtID, err := s.Accounts.DebtByRef(ctx, r.DebtRef)
		if err != nil {
			return err
		}
		n, added, err = s.keep(ctx, accountID, debtID, r)
		return err
	})
	return n, added, err
}

func (s *Service) keep(ctx context.Context, accountID debt.AccountID, debtID debt.ID, r Report) (Notice, bool, error) {
	account, st, err := s.find(ctx, accountID, debtID)
	if err != nil {
		return Notice{}, false, err
	}
	if err := s.consented(ctx, account, r); err != nil {
		return Notice{}, false, err
	}
	f, err := s.facts(account, st.Debt, r)
	if err != nil {
		return Notice{}, false, err
	}
	n := s.notice(st.Debt, f, r)
	body, err := json.Marshal(s.compose(f))
	if err != nil {
		return Notice{}, false, fmt.Errorf("write notice: %w", err)
	}
	sum := sha256.Sum256(body)
	n.Hash = hex.EncodeToString(sum[:])
	sealed, err := s.Sealer.Seal(body, string(n.ID))
	if err != nil {
		return Notice{}, false, fmt.Errorf("seal notice: %w", err)
	}
	added, err := s.Store.AddNotice(ctx, n, sealed)
	if err != nil || !added {
		return s.held(ctx, n, err)
	}
	return n, true, s.Duties.EndDuty(ctx, accountID, debtID, string(n.ID), n.At)
}

// consented refuses an electronic notice after the first communication without
// a consent that the agency names or that was given here (VAL-12).
func (s *Service) consented(ctx context.Context, a debt.Account, r Report) error {
	if r.Via != ESign || r.Consent != "" {
		return nil
	}
	if s.Consents == nil {
		return ErrNoConsent
	}
	given, err := s.Consents(ctx, a)
	if err == nil && !Electronic(given) {
		err = ErrNoConsent
	}
	return err
}

// held finds the notice that a report says again.
func (s *Service) held(ctx context.Context, again Notice, err error) (Notice, bool, error) {
	if err != nil {
		return Notice{}, false, err
	}
	all, err := s.Store.ValidationNotices(ctx, again.AccountID)
	for _, n := range all {
		if n.DebtID == again.DebtID && n.Provided == again.Provided && n.Via == again.Via {
			return n, false, nil
		}
	}
	return Notice{}, false, fmt.Errorf("notice of debt %s: %w", again.DebtID, errorOr(err, ErrNotFound))
}

func errorOr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

func (s *Service) notice(d debt.Debt, f modelform.Facts, r Report) Notice {
	n := Notice{
		ID: ID(s.NewID("vn")), AccountID: d.AccountID, DebtID: d.ID, Provided: r.Provided, Via: r.Via, Source: r.Source,
		Itemized: f.Itemized, Type: d.Itemization.Type, At: s.now(),
	}
	n.Receipt, n.End = Period(r.Provided)
	return n
}

func (s *Service) compose(f modelform.Facts) Body {
	b := Body{Facts: f}
	for _, w := range s.Words {
		b.Documents = append(b.Documents, modelform.Compose(w, f))
	}
	return b
}

// facts gathers what the notice said and refuses what it cannot have said.
func (s *Service) facts(a debt.Account, d debt.Debt, r Report) (modelform.Facts, error) {
	f := s.Agency()
	i := d.Itemization
	f.Consumer = modelform.Party{Name: strings.TrimSpace(a.Consumer.FirstName + " " + a.Consumer.LastName), Lines: addressLines(a.Consumer.Address)}
	f.Reference, f.Kind, f.AccountEnding = r.Reference, string(d.Type), d.AccountNumberLast4
	f.CreditorNow, f.CreditorThen = d.CreditorName, firstOf(r.CreditorThen, d.OriginalCreditorName, d.CreditorName)
	f.ItemizationType, f.Itemized = string(i.Type), i.Date
	f.Rows = modelform.Itemization{Owed: i.Amount, Interest: i.Interest, Fees: i.Fees, Paid: i.Credits, Now: i.Total()}
	if r.Rows != nil {
		f.Rows = *r.Rows
	}
	f.Provided = r.Provided
	_, f.End = Period(r.Provided)
	return f, s.refuse(f, r)
}

func (s *Service) refuse(f modelform.Facts, r Report) error {
	switch {
	case !r.Via.Valid():
		return ErrMethod
	case r.Provided.IsZero() || r.Provided.After(civil.Of(s.now().In(s.Zone))) || r.Provided.Before(f.Itemized):
		return ErrDay
	case r.ItemizationType != "" && string(r.ItemizationType) != f.ItemizationType, !r.Itemized.IsZero() && r.Itemized != f.Itemized:
		return ErrItemized
	case r.Rows != nil && !r.Rows.Adds():
		return ErrSum
	}
	if missing := f.Missing(); len(missing) > 0 {
		return &IncompleteError{Missing: missing}
	}
	return nil
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

func addressLines(a debt.Address) []string {
	var lines []string
	for _, l := range []string{a.Line1, a.Line2, strings.Trim(strings.TrimSpace(a.City+", "+a.State+" "+a.PostalCode), ", ")} {
		if l != "" {
			lines = append(lines, l)
		}
	}
	return lines
}

// find reads an account and one of its debts.
func (s *Service) find(ctx context.Context, accountID debt.AccountID, debtID debt.ID) (debt.Account, debt.Statement, error) {
	account, err := s.Accounts.Account(ctx, accountID)
	if err != nil {
		return account, debt.Statement{}, err
	}
	all, err := s.Accounts.AccountStatements(ctx, accountID)
	if err != nil {
		return account, debt.Statement{}, err
	}
	for _, st := range all {
		if st.Debt.ID == debtID {
			return account, st, nil
		}
	}
	return account, debt.Statement{}, ErrNotFound
}

// now is the time as it is stored: UTC, in microseconds.
func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }
