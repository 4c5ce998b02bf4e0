package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"quittance/plans"
	"quittance/portal/debt"
	"quittance/portal/identity"
)

// Plans reads plans; plans.ErrNotFound.
type Plans interface {
	Plan(ctx context.Context, id plans.ID) (plans.Plan, error)
	PlansOfAccount(ctx context.Context, accountID string) ([]plans.Plan, error)
}

type planBody struct {
	ID              string            `json:"id"`
	Reference       string            `json:"reference" doc:"What the consumer sees."`
	AccountRef      string            `json:"account_ref"`
	DebtRef         string            `json:"debt_ref"`
	CreditorRef     string            `json:"creditor_ref"`
	Kind            string            `json:"kind" doc:"installments, settlement or later."`
	Status          string            `json:"status" doc:"awaiting, active, paused, broken, completed or canceled."`
	Reason          string            `json:"reason,omitempty" doc:"Why it stands where it stands. Not for creditors' tokens."`
	Charging        string            `json:"charging" doc:"manual or automatic."`
	Method          string            `json:"method,omitempty" doc:"Of an automatic plan."`
	TotalCents      int64             `json:"total_cents" doc:"What the consumer agreed to pay."`
	ForgivenCents   int64             `json:"forgiven_cents" doc:"What is let go when a settlement is completed."`
	PaidCents       int64             `json:"paid_cents"`
	LeftCents       int64             `json:"left_cents"`
	Rhythm          string            `json:"rhythm"`
	Version         int               `json:"version" doc:"Of the signed schedule."`
	Terms           planTerms         `json:"terms" doc:"The terms that it was agreed under."`
	NextDue         string            `json:"next_due,omitempty" doc:"YYYY-MM-DD."`
	NextAmountCents int64             `json:"next_amount_cents,omitempty"`
	CreatedAt       time.Time         `json:"created_at"`
	ChangedAt       time.Time         `json:"changed_at"`
	EndedAt         *time.Time        `json:"ended_at,omitempty"`
	Installments    []installmentBody `json:"installments"`
}

type planTerms struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
}

type installmentBody struct {
	Number      int    `json:"number"`
	Due         string `json:"due" doc:"YYYY-MM-DD."`
	AmountCents int64  `json:"amount_cents"`
	PaidCents   int64  `json:"paid_cents"`
	Status      string `json:"status" doc:"scheduled, charging, paid, failed or dropped."`
}

type accountPlans struct {
	AccountRef string     `json:"account_ref"`
	Plans      []planBody `json:"plans" doc:"The newest first."`
}

func (s *server) planRoutes() {
	huma.Register(s.api, operation(http.MethodGet, "/api/v1/plans/{id}", "plan", "One plan", identity.PaymentsRead, http.StatusNotFound), s.plan)
	ofAccount := operation(http.MethodGet, "/api/v1/accounts/{ref}/plans", "account-plans", "The plans of an account", identity.AccountsRead, http.StatusNotFound)
	huma.Register(s.api, ofAccount, s.plansOfAccount)
}

func (s *server) plan(ctx context.Context, in *struct {
	ID string `path:"id"`
}) (*struct{ Body planBody }, error) {
	id, err := unescaped("plan", in.ID)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	p, err := s.Plans.Plan(ctx, plans.ID(id))
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	if !caller(ctx).Creditors.See(p.Debt.CreditorRef) {
		return nil, s.fail(ctx, plans.ErrNotFound)
	}
	account, err := s.Accounts.Account(ctx, debt.AccountID(p.AccountID))
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	return &struct{ Body planBody }{describePlan(p, account.Ref, caller(ctx).Creditors)}, nil
}

// plansOfAccount answers a creditor that has no debt of the account as if there
// were no such account (DSC-06).
func (s *server) plansOfAccount(ctx context.Context, in *struct {
	Ref string `path:"ref" doc:"Your own number of the account, percent-encoded."`
}) (*struct{ Body accountPlans }, error) {
	ref, err := unescaped("account", in.Ref)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	account, err := s.ownAccount(ctx, ref)
	if err != nil {
		return nil, err
	}
	own := caller(ctx).Creditors
	list, err := s.Plans.PlansOfAccount(ctx, string(account.ID))
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	body := accountPlans{AccountRef: account.Ref, Plans: []planBody{}}
	for _, p := range list {
		if own.See(p.Debt.CreditorRef) {
			body.Plans = append(body.Plans, describePlan(p, account.Ref, own))
		}
	}
	return &struct{ Body accountPlans }{body}, nil
}

// ownAccount finds an account of which the caller may know.
func (s *server) ownAccount(ctx context.Context, ref string) (debt.Account, error) {
	account, found, err := s.Accounts.AccountByRef(ctx, ref)
	if err != nil {
		return debt.Account{}, s.fail(ctx, err)
	}
	if own := caller(ctx).Creditors; found && !own.All() {
		statements, err := s.Accounts.AccountStatements(ctx, account.ID)
		if err != nil {
			return debt.Account{}, s.fail(ctx, err)
		}
		found = slices.ContainsFunc(statements, func(st debt.Statement) bool { return own.See(st.Debt.CreditorRef) })
	}
	if !found {
		return debt.Account{}, problem(http.StatusNotFound, "not-found", "There is no such account.")
	}
	return account, nil
}

func describePlan(p plans.Plan, ref string, to debt.Creditors) planBody {
	body := planBody{
		ID: string(p.ID), Reference: p.Reference, AccountRef: ref, DebtRef: p.Debt.Ref, CreditorRef: p.Debt.CreditorRef,
		Kind: string(p.Kind), Status: string(p.Status), Charging: string(p.Charging), TotalCents: int64(p.Total),
		ForgivenCents: int64(p.Forgiven), PaidCents: int64(p.PaidSoFar()), LeftCents: int64(p.Left()), Rhythm: string(p.Rule.Rhythm),
		Version: p.Version, Terms: planTerms{ID: p.Terms.ID, Version: p.Terms.Version}, CreatedAt: p.CreatedAt, ChangedAt: p.ChangedAt,
		EndedAt: when(p.EndedAt), Installments: make([]installmentBody, 0, len(p.Installments)),
	}
	if to.All() {
		body.Reason = string(p.Reason)
	}
	if p.Charging == plans.Automatic {
		body.Method = string(p.Details.Type)
	}
	if next, ok := p.Next(); ok && p.Status.Running() {
		body.NextDue, body.NextAmountCents = next.Due.String(), int64(next.Owed())
	}
	for _, i := range p.Installments {
		body.Installments = append(body.Installments, installmentBody{
			Number: i.Number, Due: i.Due.String(), AmountCents: int64(i.Amount), PaidCents: int64(i.Paid), Status: string(i.Status),
		})
	}
	return body
}
