package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"quittance/payments"
	"quittance/portal/debt"
)

var (
	_ payments.Transactor = (*Store)(nil)
	_ payments.Store      = (*Store)(nil)
	_ payments.Watchlist  = (*Store)(nil)
)

// paymentColumns are all columns of a payment but posted_at, which belongs to
// the postings, in the order of paymentRow.into.
const paymentColumns = `p.id, p.reference, p.account_id, p.request_key, p.request_hash, p.amount_cents, p.method,
	p.status, p.token, p.detail_type, p.detail_brand, p.detail_last4, p.detail_funding, p.detail_wallet,
	p.detail_country, p.detail_holder, p.consent_hash, p.consent_text, p.consent_session, p.consent_ip,
	p.consent_user_agent, p.consent_language, p.consent_at, p.intent_id, p.checkout_id, p.charge_id,
	p.failure_code, p.failure_return_code, p.refunded_cents, p.withdrawn_cents, p.revision, p.created_at,
	p.submitted_at, p.expected_by, p.confirmed_at, p.reversible_until, p.closed_at, p.observed_at, p.check_at,
	p.saved_customer, p.saved_method, p.saved_mandate, p.unattended, p.paid_by, p.paid_by_id, p.detail_fingerprint, p.detail_expires, p.purpose`

const insertPayment = `INSERT INTO payments (id, reference, account_id, request_key, request_hash, amount_cents, method,
	status, token, detail_type, detail_brand, detail_last4, detail_funding, detail_wallet,
	detail_country, detail_holder, consent_hash, consent_text, consent_session, consent_ip,
	consent_user_agent, consent_language, consent_at, intent_id, checkout_id, charge_id,
	failure_code, failure_return_code, refunded_cents, withdrawn_cents, revision, created_at,
	submitted_at, expected_by, confirmed_at, reversible_until, closed_at, observed_at, check_at,
	saved_customer, saved_method, saved_mandate, unattended, paid_by, paid_by_id, detail_fingerprint, detail_expires, purpose)
	VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
	ON CONFLICT (account_id, request_key) DO NOTHING`

const updatePayment = `UPDATE payments SET method = ?, status = ?, token = ?, detail_type = ?, detail_brand = ?,
	detail_last4 = ?, detail_funding = ?, detail_wallet = ?, detail_country = ?, detail_holder = ?,
	consent_hash = ?, consent_text = ?, consent_session = ?, consent_ip = ?, consent_user_agent = ?,
	consent_language = ?, consent_at = ?, intent_id = ?, checkout_id = ?, charge_id = ?, failure_code = ?,
	failure_return_code = ?, refunded_cents = ?, withdrawn_cents = ?, revision = ?, submitted_at = ?,
	expected_by = ?, confirmed_at = ?, reversible_until = ?, closed_at = ?, observed_at = ?, check_at = ?,
	detail_fingerprint = ?, detail_expires = ?
	WHERE id = ? AND revision = ?`

// selectPayment reads payments with their allocations in one statement: one
// row for each allocation.
const selectPayment = `SELECT ` + paymentColumns + `, a.debt_id, a.debt_ref, a.creditor_ref, a.amount_cents, a.held,
	a.refunded_cents, a.from_credit_cents, ` + orderedColumn + `
	FROM payments p JOIN payment_allocations a ON a.payment_id = p.id `

// CreatePayment implements payments.Store: a payment row and one row for each
// allocation, unless the account used the request key before.
func (s *Store) CreatePayment(ctx context.Context, p payments.Payment) (kept payments.Payment, created bool, err error) {
	err = s.InTx(ctx, func(ctx context.Context) error {
		sealed, err := s.sealConsent(p)
		if err != nil {
			return err
		}
		rows, err := s.exec(ctx, insertPayment, paymentValues(sealed)...)
		if err != nil {
			return err
		}
		if rows == 0 {
			kept, err = s.PaymentByKey(ctx, p.AccountID, p.RequestKey)
			return err
		}
		kept, created = p, true
		return s.batch(ctx, insertAllocations(p))
	})
	if err != nil {
		return payments.Payment{}, false, fmt.Errorf("create payment: %w", err)
	}
	return kept, created, nil
}

func insertAllocations(p payments.Payment) step {
	var args []any
	for i, a := range p.Allocations {
		args = append(args, string(p.ID), i, a.DebtID, a.DebtRef, a.CreditorRef, int64(a.Amount))
	}
	return step{
		query: `INSERT INTO payment_allocations (payment_id, position, debt_id, debt_ref, creditor_ref, amount_cents)
			VALUES ` + tuples(len(p.Allocations), 6),
		args: args, touches: int64(len(p.Allocations)),
	}
}

// Payment implements payments.Store.
func (s *Store) Payment(ctx context.Context, id payments.ID) (payments.Payment, error) {
	return s.onePayment(ctx, `WHERE p.id = ?`, string(id))
}

// PaymentByKey implements payments.Store.
func (s *Store) PaymentByKey(ctx context.Context, accountID, requestKey string) (payments.Payment, error) {
	return s.onePayment(ctx, `WHERE p.account_id = ? AND p.request_key = ?`, accountID, requestKey)
}

// PaymentByReference finds an account's payment by the reference that people
// see; payments.ErrNotFound, also for a payment of another account.
func (s *Store) PaymentByReference(ctx context.Context, accountID, reference string) (payments.Payment, error) {
	return s.onePayment(ctx, `WHERE p.account_id = ? AND p.reference = ?`, accountID, reference)
}

// PaymentNamed finds a payment of any account by the reference that people see;
// payments.ErrNotFound.
func (s *Store) PaymentNamed(ctx context.Context, reference string) (payments.Payment, error) {
	return s.onePayment(ctx, `WHERE p.reference = ?`, reference)
}

// newestPayments adds nothing to its limit: a bare LIMIT ? makes SQLite compile
// the statement anew for each value.
const newestPayments = `WHERE p.id IN (SELECT id FROM payments WHERE account_id = ?
	ORDER BY created_at DESC, id DESC LIMIT ? + 0) ORDER BY p.created_at DESC, p.id DESC, a.position`

// PaymentsOfAccount lists an account's payments, newest first.
func (s *Store) PaymentsOfAccount(ctx context.Context, accountID string, limit int) ([]payments.Payment, error) {
	return s.payments(ctx, newestPayments, accountID, limit)
}

// PaymentsOn implements credit.Books.
func (s *Store) PaymentsOn(ctx context.Context, id debt.ID, limit int) ([]payments.Payment, error) {
	return s.payments(ctx, `WHERE p.id IN (SELECT q.id FROM payments q JOIN payment_allocations o ON o.payment_id = q.id WHERE o.debt_id = ?
		ORDER BY q.created_at DESC, q.id DESC LIMIT ? + 0) ORDER BY p.created_at DESC, p.id DESC, a.position`, string(id), limit)
}

// LockPayments implements credit.Books.
func (s *Store) LockPayments(ctx context.Context, ids []payments.ID) error {
	match, list := s.oneOf("p.id", texts(ids))
	if err := s.lookups(ctx, s.lockPayment(ctx, `WHERE `+match+` ORDER BY p.id`, list)...); err != nil {
		return fmt.Errorf("lock payments: %w", err)
	}
	return nil
}

// onePayment locks the payment before it reads anything of it: what was kept of its
// parts comes from the same moment as the payment itself.
func (s *Store) onePayment(ctx context.Context, where string, args ...any) (payments.Payment, error) {
	var found []payments.Payment
	err := s.lookups(ctx, append(s.lockPayment(ctx, where, args...), s.paymentsLookup(&found, where+` ORDER BY a.position`, args...))...)
	switch {
	case err != nil:
		return payments.Payment{}, fmt.Errorf("load payment: %w", err)
	case len(found) == 0:
		return payments.Payment{}, payments.ErrNotFound
	}
	return found[0], nil
}

// lockPayment locks payments in a transaction on PostgreSQL.
func (s *Store) lockPayment(ctx context.Context, where string, args ...any) []lookup {
	lock := s.forUpdate(ctx, "p")
	if lock == "" {
		return nil
	}
	return []lookup{{query: `SELECT p.id FROM payments p ` + where + lock, args: args, scan: func(row) error { return nil }}}
}

// PaymentOf implements payments.Store.
func (s *Store) PaymentOf(ctx context.Context, intentID, checkoutID string) (payments.ID, error) {
	query, arg := `SELECT id FROM payments WHERE intent_id = ?`, intentID
	if intentID == "" {
		query, arg = `SELECT id FROM payments WHERE checkout_id = ?`, checkoutID
	}
	var id string
	err := s.queryRow(ctx, []any{&id}, query, arg)
	if errors.Is(err, sql.ErrNoRows) && intentID != "" && checkoutID != "" {
		return s.PaymentOf(ctx, "", checkoutID)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return "", payments.ErrNotFound
	}
	return payments.ID(id), err
}

// SavePayment implements payments.Store: the row under compare-and-set, what of
// it is held or went back, and what the change posts to the ledger, in one round trip on PostgreSQL.
func (s *Store) SavePayment(ctx context.Context, c payments.Change) error {
	sealed, err := s.sealConsent(c.After)
	if err != nil {
		return fmt.Errorf("save payment: %w", err)
	}
	steps := []step{{
		query: updatePayment, touches: 1, otherwise: payments.ErrStale,
		args: append(mutableValues(sealed), string(c.After.ID), c.Before.Revision),
	}}
	for _, a := range c.After.Allocations {
		// Held may be of this change and in Before already, so it is written again.
		if was := slices.Index(c.Before.Allocations, a); was < 0 || a.Held != "" {
			steps = append(steps, step{
				query: `UPDATE payment_allocations SET held = ?, refunded_cents = ?, from_credit_cents = ? WHERE payment_id = ? AND debt_id = ?`,
				args:  []any{a.Held, int64(a.Refunded), int64(a.FromCredit), string(c.After.ID), a.DebtID}, touches: 1,
			})
		}
	}
	posts, err := insertTransfers(c.Transfers)
	if err != nil {
		return fmt.Errorf("save payment: %w", err)
	}
	err = s.InTx(ctx, func(ctx context.Context) error { return s.batch(ctx, append(steps, posts...)...) })
	if err != nil {
		return fmt.Errorf("save payment: %w", err)
	}
	return nil
}

// DuePayments implements payments.Watchlist.
func (s *Store) DuePayments(ctx context.Context, now time.Time, limit int) ([]payments.ID, error) {
	var due []payments.ID
	err := s.query(ctx, func(r row) error {
		var id string
		err := r.Scan(&id)
		due = append(due, payments.ID(id))
		return err
	}, `SELECT id FROM payments WHERE check_at IS NOT NULL AND check_at <= ? ORDER BY check_at, id LIMIT ?`, at(now), limit)
	return due, err
}

// NoteCheck implements payments.Watchlist.
func (s *Store) NoteCheck(ctx context.Context, id payments.ID, observedAt, checkAt time.Time) error {
	rows, err := s.exec(ctx, `UPDATE payments SET observed_at = ?, check_at = ? WHERE id = ?`,
		at(observedAt), at(checkAt), string(id))
	if err == nil && rows == 0 {
		return payments.ErrNotFound
	}
	return err
}

// payments reads payments whose allocations stand on rows next to each other.
func (s *Store) payments(ctx context.Context, where string, args ...any) ([]payments.Payment, error) {
	var all []payments.Payment
	err := s.lookups(ctx, s.paymentsLookup(&all, where, args...))
	return all, err
}

func (s *Store) paymentsLookup(all *[]payments.Payment, where string, args ...any) lookup {
	return lookup{query: selectPayment + where, args: args, scan: func(r row) error {
		p, a, err := scanPayment(r)
		if err == nil {
			err = s.openConsent(&p)
		}
		if err != nil {
			return err
		}
		if n := len(*all); n == 0 || (*all)[n-1].ID != p.ID {
			*all = append(*all, p)
		}
		last := &(*all)[len(*all)-1]
		last.Allocations = append(last.Allocations, a)
		return nil
	}}
}

func scanPayment(r row) (p payments.Payment, a payments.Allocation, err error) {
	var consent, created, submitted, expected, confirmed, reversible, closed, observed, check stamp
	var intent, checkout optional
	var unattended int64
	d, c := &p.Details, &p.Consent
	err = r.Scan(&p.ID, &p.Reference, &p.AccountID, &p.RequestKey, &p.RequestHash, &p.Amount, &p.Method,
		&p.Status, &p.Token, &d.Type, &d.Brand, &d.Last4, &d.Funding, &d.Wallet, &d.Country, &d.HolderID,
		&c.TextHash, &c.Text, &c.SessionID, &c.IP, &c.UserAgent, &c.Language, &consent, &intent, &checkout, &p.ChargeID,
		&p.Failure.Code, &p.Failure.ReturnCode, &p.Refunded, &p.Withdrawn, &p.Revision, &created,
		&submitted, &expected, &confirmed, &reversible, &closed, &observed, &check,
		&p.Saved.CustomerID, &p.Saved.MethodID, &p.Saved.MandateID, &unattended, &p.By, &p.ByID, &d.Fingerprint, &d.Expires, &p.Purpose, &a.DebtID, &a.DebtRef, &a.CreditorRef, &a.Amount, &a.Held,
		&a.Refunded, &a.FromCredit, &a.Ordered)
	p.IntentID, p.CheckoutID = string(intent), string(checkout)
	c.At, p.CreatedAt, p.SubmittedAt, p.ExpectedBy = consent.Time, created.Time, submitted.Time, expected.Time
	p.ConfirmedAt, p.ReversibleUntil, p.ClosedAt = confirmed.Time, reversible.Time, closed.Time
	p.ObservedAt, p.CheckAt, p.Unattended = observed.Time, check.Time, unattended == 1
	return p, a, err
}

// consented are the columns of a payment that tell of who agreed to it. They
// stand sealed by a key of no single account, for payments of many are read at a
// time, and are emptied when the account is erased.
func consented(c *payments.Consent) map[string]*string {
	return map[string]*string{"consent_text": &c.Text, "consent_ip": &c.IP, "consent_user_agent": &c.UserAgent}
}

func (s *Store) sealConsent(p payments.Payment) (payments.Payment, error) {
	var err error
	for column, text := range consented(&p.Consent) {
		if err == nil {
			*text, err = s.lasting.text(*text, "payments."+column+":"+string(p.ID))
		}
	}
	return p, err
}

func (s *Store) openConsent(p *payments.Payment) error {
	var err error
	for column, text := range consented(&p.Consent) {
		if err == nil {
			*text, err = s.lasting.plain(*text, "payments."+column+":"+string(p.ID))
		}
	}
	return err
}

// paymentValues are the arguments of insertPayment.
func paymentValues(p payments.Payment) []any {
	d, c, unattended := p.Details, p.Consent, 0
	if p.Unattended {
		unattended = 1
	}
	return []any{string(p.ID), p.Reference, p.AccountID, p.RequestKey, p.RequestHash, int64(p.Amount), string(p.Method),
		string(p.Status), p.Token, string(d.Type), d.Brand, d.Last4, d.Funding, d.Wallet, d.Country, d.HolderID,
		c.TextHash, c.Text, c.SessionID, c.IP, c.UserAgent, c.Language, at(c.At), optional(p.IntentID), optional(p.CheckoutID), p.ChargeID,
		p.Failure.Code, p.Failure.ReturnCode, int64(p.Refunded), int64(p.Withdrawn), p.Revision, at(p.CreatedAt),
		at(p.SubmittedAt), at(p.ExpectedBy), at(p.ConfirmedAt), at(p.ReversibleUntil), at(p.ClosedAt), at(p.ObservedAt), at(p.CheckAt),
		p.Saved.CustomerID, p.Saved.MethodID, p.Saved.MandateID, unattended, p.By, p.ByID, d.Fingerprint, d.Expires, p.Purpose}
}

// mutableValues are the arguments of updatePayment before its condition. What
// a payment is of, whom and how much never changes.
func mutableValues(p payments.Payment) []any {
	d, c := p.Details, p.Consent
	return []any{string(p.Method), string(p.Status), p.Token, string(d.Type), d.Brand, d.Last4, d.Funding, d.Wallet,
		d.Country, d.HolderID, c.TextHash, c.Text, c.SessionID, c.IP, c.UserAgent, c.Language, at(c.At),
		optional(p.IntentID), optional(p.CheckoutID), p.ChargeID, p.Failure.Code, p.Failure.ReturnCode,
		int64(p.Refunded), int64(p.Withdrawn), p.Revision, at(p.SubmittedAt), at(p.ExpectedBy), at(p.ConfirmedAt),
		at(p.ReversibleUntil), at(p.ClosedAt), at(p.ObservedAt), at(p.CheckAt), d.Fingerprint, d.Expires}
}
