package store

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"quittance/plans"
)

var (
	_ plans.Transactor = (*Store)(nil)
	_ plans.Store      = (*Store)(nil)
	_ plans.Papers     = (*Store)(nil)
)

// planColumns are all columns of a plan in the order of scanPlan.
const planColumns = `p.id, p.reference, p.account_id, p.request_key, p.debt_id, p.debt_ref, p.creditor_ref, p.created_at,
	p.kind, p.total_cents, p.forgiven_cents, p.rhythm, p.first_on, p.other_day, p.passed_dates, p.charging, p.customer_id,
	p.method_id, p.mandate_id, p.detail_type, p.detail_brand, p.detail_last4, p.detail_funding, p.detail_wallet, p.detail_country,
	p.detail_holder, p.detail_expires, p.setup_id, p.terms, p.status, p.reason, p.version, p.skipped, p.resume_on, p.revision,
	p.activated_at, p.changed_at, p.ended_at, p.incoming_setup, p.incoming_details, p.incoming_signed_at, p.card_told`

// insertPlan adds nothing when the request key was used before, and nothing
// when the debt has a running plan; then no transaction is lost.
const insertPlan = `INSERT INTO plans (id, reference, account_id, request_key, debt_id, debt_ref, creditor_ref, created_at,
	kind, total_cents, forgiven_cents, rhythm, first_on, other_day, passed_dates, charging, customer_id, method_id,
	mandate_id, detail_type, detail_brand, detail_last4, detail_funding, detail_wallet, detail_country,
	detail_holder, detail_expires, setup_id, terms, status, reason, version, skipped, resume_on, revision,
	activated_at, changed_at, ended_at, incoming_setup, incoming_details, incoming_signed_at, card_told)
	VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING`

const updatePlan = `UPDATE plans SET kind = ?, total_cents = ?, forgiven_cents = ?, rhythm = ?, first_on = ?, other_day = ?,
	passed_dates = ?, charging = ?, customer_id = ?, method_id = ?, mandate_id = ?, detail_type = ?, detail_brand = ?, detail_last4 = ?,
	detail_funding = ?, detail_wallet = ?, detail_country = ?, detail_holder = ?, detail_expires = ?, setup_id = ?, terms = ?, status = ?,
	reason = ?, version = ?, skipped = ?, resume_on = ?, revision = ?, activated_at = ?, changed_at = ?, ended_at = ?,
	incoming_setup = ?, incoming_details = ?, incoming_signed_at = ?, card_told = ?
	WHERE id = ? AND revision = ?`

// selectPlan reads plans with their installments in one statement, one row for
// each installment, so that both are of the same moment.
const selectPlan = `SELECT ` + planColumns + `, ` + installmentColumns + `
	FROM plans p JOIN plan_installments i ON i.plan_id = p.id `

// running is plans.Status.Running as the index plans_running has it.
const running = `status IN ('awaiting', 'active', 'paused', 'broken')`

// CreatePlan implements plans.Store.
func (s *Store) CreatePlan(ctx context.Context, p plans.Plan, a plans.Agreement) (kept plans.Plan, created bool, err error) {
	head, err := planValues(p)
	if err != nil {
		return plans.Plan{}, false, err
	}
	signature, err := s.insertAgreement(ctx, p.AccountID, a)
	if err != nil {
		return plans.Plan{}, false, err
	}
	err = s.InTx(ctx, func(ctx context.Context) error {
		rows, err := s.exec(ctx, insertPlan, head...)
		if err != nil {
			return err
		}
		if rows == 0 {
			kept, err = s.planInTheWay(ctx, p)
			return err
		}
		kept, created = p, true
		return s.batch(ctx, append(saveInstallments(plans.Plan{}, p), signature)...)
	})
	if err != nil {
		return plans.Plan{}, false, fmt.Errorf("create plan: %w", err)
	}
	return kept, created, nil
}

// planInTheWay finds why a plan was not added: the plan of the same request
// key, or plans.ErrRunning.
func (s *Store) planInTheWay(ctx context.Context, p plans.Plan) (plans.Plan, error) {
	same, err := s.onePlan(ctx, `WHERE p.account_id = ? AND p.request_key = ?`, p.AccountID, p.RequestKey)
	if !errors.Is(err, plans.ErrNotFound) {
		return same, err
	}
	_, err = s.RunningPlan(ctx, p.Debt.ID)
	switch {
	case err == nil:
		return plans.Plan{}, plans.ErrRunning
	case errors.Is(err, plans.ErrNotFound):
		return plans.Plan{}, fmt.Errorf("%w: plans", gorm.ErrDuplicatedKey) // its id or reference
	}
	return plans.Plan{}, err
}

// Plan implements plans.Store.
func (s *Store) Plan(ctx context.Context, id plans.ID) (plans.Plan, error) {
	return s.onePlan(ctx, `WHERE p.id = ?`, string(id))
}

// RunningPlan implements plans.Store.
func (s *Store) RunningPlan(ctx context.Context, debtID string) (plans.Plan, error) {
	return s.onePlan(ctx, `WHERE p.debt_id = ? AND p.`+running, debtID)
}

// PlansOfAccount implements plans.Store.
func (s *Store) PlansOfAccount(ctx context.Context, accountID string) ([]plans.Plan, error) {
	var all []plans.Plan
	err := s.lookups(ctx, plansLookup(&all, `WHERE p.account_id = ? ORDER BY p.created_at DESC, p.id DESC, i.due, i.number`, accountID))
	if err != nil {
		return nil, fmt.Errorf("load plans: %w", err)
	}
	return all, nil
}

// onePlan locks the plan before it reads anything of it: what comes after a
// lock was committed before the lock was given.
func (s *Store) onePlan(ctx context.Context, where string, args ...any) (plans.Plan, error) {
	var found []plans.Plan
	var reads []lookup
	if lock := s.forUpdate(ctx, "p"); lock != "" {
		reads = append(reads, lookup{query: `SELECT p.id FROM plans p ` + where + lock, args: args, scan: func(row) error { return nil }})
	}
	reads = append(reads, plansLookup(&found, where+` ORDER BY i.due, i.number`, args...))
	if err := s.lookups(ctx, reads...); err != nil {
		return plans.Plan{}, fmt.Errorf("load plan: %w", err)
	}
	if len(found) == 0 {
		return plans.Plan{}, plans.ErrNotFound
	}
	return found[0], nil
}

// SavePlan implements plans.Store: the plan under compare-and-set, and of the
// installments those that changed, in one round trip on PostgreSQL.
func (s *Store) SavePlan(ctx context.Context, c plans.Change) error {
	values, err := mutablePlan(c.After)
	if err != nil {
		return err
	}
	steps := []step{{
		query: updatePlan, args: append(values, string(c.After.ID), c.Before.Revision), touches: 1, otherwise: plans.ErrStale,
	}}
	steps = append(steps, saveInstallments(c.Before, c.After)...)
	if c.Agreement != nil {
		signature, err := s.insertAgreement(ctx, c.After.AccountID, *c.Agreement)
		if err != nil {
			return err
		}
		steps = append(steps, signature)
	}
	err = s.InTx(ctx, func(ctx context.Context) error { return s.batch(ctx, steps...) })
	if err != nil {
		return fmt.Errorf("save plan: %w", err)
	}
	return nil
}

func plansLookup(all *[]plans.Plan, where string, args ...any) lookup {
	return lookup{query: selectPlan + where, args: args, scan: func(r row) error {
		p, i, terms, err := scanPlan(r)
		if err != nil {
			return err
		}
		if n := len(*all); n == 0 || (*all)[n-1].ID != p.ID {
			if p.Terms, err = readTerms(terms); err != nil {
				return err
			}
			*all = append(*all, p)
		}
		last := &(*all)[len(*all)-1]
		last.Installments = append(last.Installments, i)
		return nil
	}}
}

func scanPlan(r row) (p plans.Plan, i plans.Installment, terms string, err error) {
	var created, activated, changed, ended, incoming, chargeAt, noticeSent stamp
	var details string
	var first, resume, due, noticeOn day
	var missed, unanswered int64
	d := &p.Details
	err = r.Scan(&p.ID, &p.Reference, &p.AccountID, &p.RequestKey, &p.Debt.ID, &p.Debt.Ref, &p.Debt.CreditorRef, &created,
		&p.Kind, &p.Total, &p.Forgiven, &p.Rule.Rhythm, &first, &p.Rule.OtherDay, &p.Rule.Passed, &p.Charging, &p.Saved.CustomerID,
		&p.Saved.MethodID, &p.Saved.MandateID, &d.Type, &d.Brand, &d.Last4, &d.Funding, &d.Wallet, &d.Country,
		&d.HolderID, &d.Expires, &p.SetupID, &terms, &p.Status, &p.Reason, &p.Version, &p.Skipped, &resume, &p.Revision,
		&activated, &changed, &ended, &p.Incoming.SetupID, &details, &incoming, &p.CardTold,
		&i.Number, &due, &chargeAt, &i.Amount, &i.Paid, &i.Status, &i.Attempts, &i.Retries, &i.PaymentID, &i.Failure.Code,
		&i.Failure.ReturnCode, &i.Notice.State, &noticeOn, &i.Notice.MessageID, &noticeSent, &missed, &unanswered)
	if err != nil {
		return p, i, terms, err
	}
	p.Rule.First, p.ResumeOn, p.Incoming.SignedAt = first.Date, resume.Date, incoming.Time
	p.CreatedAt, p.ActivatedAt, p.ChangedAt, p.EndedAt = created.Time, activated.Time, changed.Time, ended.Time
	i.Due, i.ChargeAt, i.Notice.On, i.Notice.SentAt, i.Missed = due.Date, chargeAt.Time, noticeOn.Date, noticeSent.Time, missed == 1
	i.Unanswered = unanswered == 1
	p.Incoming.Details, err = readDetails(details)
	return p, i, terms, err
}

// planValues are the arguments of insertPlan.
func planValues(p plans.Plan) ([]any, error) {
	rest, err := mutablePlan(p)
	return append([]any{
		string(p.ID), p.Reference, p.AccountID, p.RequestKey, p.Debt.ID, p.Debt.Ref, p.Debt.CreditorRef, at(p.CreatedAt),
	}, rest...), err
}

// mutablePlan are the arguments of updatePlan before its condition. Whose plan
// it is and of which debt never changes.
func mutablePlan(p plans.Plan) ([]any, error) {
	terms, err := writeTerms(p.Terms)
	if err != nil {
		return nil, err
	}
	incoming, err := writeDetails(p.Incoming.Details)
	d := p.Details
	return []any{string(p.Kind), int64(p.Total), int64(p.Forgiven), string(p.Rule.Rhythm), day{p.Rule.First}, p.Rule.OtherDay,
		p.Rule.Passed, string(p.Charging), p.Saved.CustomerID, p.Saved.MethodID, p.Saved.MandateID, string(d.Type), d.Brand, d.Last4, d.Funding,
		d.Wallet, d.Country, d.HolderID, d.Expires, p.SetupID, terms, string(p.Status), string(p.Reason), p.Version, p.Skipped,
		day{p.ResumeOn}, p.Revision, at(p.ActivatedAt), at(p.ChangedAt), at(p.EndedAt),
		p.Incoming.SetupID, incoming, at(p.Incoming.SignedAt), p.CardTold}, err
}
