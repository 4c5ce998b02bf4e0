package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/portal/debt"
	"quittance/portal/identity"
)

type paymentBody struct {
	ID              string           `json:"id"`
	Reference       string           `json:"reference" doc:"What the consumer sees."`
	AccountRef      string           `json:"account_ref"`
	Status          string           `json:"status" doc:"started, ready, submitting, checking, needs_action, processing, confirmed, held (taken, and on no debt), failed, canceled, reversed or refunded."`
	AmountCents     int64            `json:"amount_cents" doc:"A creditor's token sees the sum of its own allocations."`
	Currency        string           `json:"currency"`
	Method          string           `json:"method"`
	RefundedCents   *int64           `json:"refunded_cents,omitempty" doc:"Given back in all. Not for creditors' tokens."`
	WithdrawnCents  *int64           `json:"withdrawn_cents,omitempty" doc:"Taken back by the bank. Of a part the rest stands, and the payment stays confirmed or held. Not for creditors' tokens."`
	ProcessorRef    string           `json:"processor_ref,omitempty" doc:"Not for creditors' tokens."`
	CreatedAt       time.Time        `json:"created_at"`
	SubmittedAt     *time.Time       `json:"submitted_at,omitempty"`
	ExpectedBy      *time.Time       `json:"expected_by,omitempty"`
	ConfirmedAt     *time.Time       `json:"confirmed_at,omitempty"`
	ReversibleUntil *time.Time       `json:"reversible_until,omitempty"`
	Allocations     []allocationBody `json:"allocations"`
}

type allocationBody struct {
	DebtRef     string `json:"debt_ref"`
	CreditorRef string `json:"creditor_ref"`
	AmountCents int64  `json:"amount_cents"`
	NetCents    int64  `json:"net_cents" doc:"What of it is left now, after refunds and reversals."`
	Held        bool   `json:"held,omitempty" doc:"It was taken, and does not stand on the debt."`
}

type balanceBody struct {
	AccountRef string        `json:"account_ref"`
	Debts      []debtBalance `json:"debts"`
}

type debtBalance struct {
	DebtRef       string    `json:"debt_ref"`
	CreditorRef   string    `json:"creditor_ref"`
	Status        string    `json:"status" doc:"As you last stated it. What you stated before stays in force where it was stricter, until somebody confirms this one in the console."`
	BalanceCents  int64     `json:"balance_cents" doc:"Owed now: your last balance less the payments it does not contain yet, less what is excluded."`
	Excluded      []leftOut `json:"excluded,omitempty" doc:"Amounts added after the itemization date that the consumer is not asked for."`
	CreditCents   int64     `json:"credit_cents,omitempty" doc:"Paid beyond the debt, or stated by you below zero: it is the consumer's and goes back."`
	PendingCents  int64     `json:"pending_cents" doc:"Reserved by payments that were sent and have no outcome yet."`
	HeldCents     int64     `json:"held_cents" doc:"Taken for the debt and not on it: it is put there later, or goes back."`
	PayableCents  int64     `json:"payable_cents" doc:"What the consumer could pay now: 0 where the debt may not be paid, whatever is owed."`
	ReportedCents int64     `json:"reported_cents" doc:"The balance as you last stated it."`
	ReportedAsOf  time.Time `json:"reported_as_of"`
	Version       int64     `json:"balance_version,omitempty"`
}

type leftOut struct {
	Part        string `json:"part" enum:"interest,fees"`
	AmountCents int64  `json:"amount_cents"`
	Rule        string `json:"rule" doc:"AMT-04: no authority was given. Otherwise the rule of a compliance pack that forbids the amount."`
}

func (s *server) paymentRoutes() {
	huma.Register(s.api, operation(http.MethodGet, "/api/v1/payments/{id}", "payment", "One payment", identity.PaymentsRead, http.StatusNotFound), s.payment)
	stop := operation(http.MethodPost, "/api/v1/payments/{id}/cancellation", "stop-payment", "Stop a payment that is not sent yet", identity.PaymentsWrite,
		http.StatusNotFound, http.StatusConflict, http.StatusServiceUnavailable)
	stop.Description = "For a consumer who asks for it while the payment waits for a check at the bank. What is sent cannot be stopped: refund it once it is confirmed. Asked again it is the same, so it takes no Idempotency-Key."
	huma.Register(s.api, stop, s.stopPayment)
	balance := operation(http.MethodGet, "/api/v1/accounts/{ref}/balance", "balance", "What is owed on an account", identity.AccountsRead, http.StatusNotFound)
	huma.Register(s.api, balance, s.balance)
}

func (s *server) payment(ctx context.Context, in *struct {
	ID string `path:"id"`
}) (*struct{ Body paymentBody }, error) {
	id, err := unescaped("payment", in.ID)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	p, err := s.Payments.Payment(ctx, payments.ID(id))
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	account, err := s.Accounts.Account(ctx, debt.AccountID(p.AccountID))
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	body := describePayment(p, account.Ref, caller(ctx).Creditors)
	if len(body.Allocations) == 0 {
		return nil, s.fail(ctx, payments.ErrNotFound)
	}
	return &struct{ Body paymentBody }{body}, nil
}

// stopPayment gives a payment up at the processor first. What went through
// meanwhile is not stopped, whatever was asked.
func (s *server) stopPayment(ctx context.Context, in *struct {
	ID string `path:"id"`
}) (*struct{ Body paymentBody }, error) {
	id, err := unescaped("payment", in.ID)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	p, err := s.Payments.Payment(ctx, payments.ID(id))
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	if p, err = s.Stopper.Cancel(ctx, p.AccountID, p.ID); err == nil && !p.Status.Ended() {
		err = payments.ErrNotNow
	}
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	account, err := s.Accounts.Account(ctx, debt.AccountID(p.AccountID))
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	return &struct{ Body paymentBody }{describePayment(p, account.Ref, caller(ctx).Creditors)}, nil
}

// describePayment shows a payment, to a creditor only its own part (DSC-06).
func describePayment(p payments.Payment, ref string, to debt.Creditors) paymentBody {
	body := paymentBody{
		ID: string(p.ID), Reference: p.Reference, AccountRef: ref, Status: string(p.Status), Currency: money.Currency,
		Method: string(p.Method), CreatedAt: p.CreatedAt, SubmittedAt: when(p.SubmittedAt), ExpectedBy: when(p.ExpectedBy),
		ConfirmedAt: when(p.ConfirmedAt), ReversibleUntil: when(p.ReversibleUntil), Allocations: []allocationBody{},
	}
	net := p.Shares()
	for i, a := range p.Allocations {
		if !to.See(a.CreditorRef) {
			continue
		}
		body.AmountCents += int64(a.Amount)
		body.Allocations = append(body.Allocations, allocationBody{
			DebtRef: a.DebtRef, CreditorRef: a.CreditorRef, AmountCents: int64(a.Amount), NetCents: int64(net[i]), Held: a.Held != "",
		})
	}
	if to.All() {
		body.RefundedCents, body.WithdrawnCents = new(int64(p.Refunded)), new(int64(p.Withdrawn))
		body.ProcessorRef = p.IntentID
	}
	return body
}

func (s *server) balance(ctx context.Context, in *struct {
	Ref string `path:"ref" doc:"Your own number of the account, percent-encoded."`
}) (*struct{ Body balanceBody }, error) {
	ref, err := unescaped("account", in.Ref)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	account, found, err := s.Accounts.AccountByRef(ctx, ref)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	none := problem(http.StatusNotFound, "not-found", "There is no such account.")
	if !found {
		return nil, none
	}
	statements, err := s.Accounts.AccountStatements(ctx, account.ID)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	body := balanceBody{AccountRef: ref, Debts: []debtBalance{}}
	open, err := s.Gate.Open(ctx, account, statements)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	for i, st := range statements {
		if caller(ctx).Creditors.See(st.Debt.CreditorRef) {
			body.Debts = append(body.Debts, describeDebt(st, open[i].Max))
		}
	}
	if len(body.Debts) == 0 && !caller(ctx).Creditors.All() {
		return nil, none
	}
	return &struct{ Body balanceBody }{body}, nil
}

func describeDebt(st debt.Statement, payable money.Cents) debtBalance {
	var out []leftOut
	for _, e := range st.Excluded {
		out = append(out, leftOut{Part: string(e.Part), AmountCents: int64(e.Amount), Rule: e.Rule})
	}
	return debtBalance{
		Excluded: out,
		DebtRef:  st.Debt.Ref, CreditorRef: st.Debt.CreditorRef, Status: string(st.Debt.Status),
		BalanceCents: int64(st.Owed), CreditCents: int64(st.Credit), PendingCents: int64(st.Pending), HeldCents: int64(st.Held), PayableCents: int64(payable),
		ReportedCents: int64(st.Debt.Snapshot.Balance), ReportedAsOf: st.Debt.Snapshot.AsOf, Version: st.Debt.Snapshot.Version,
	}
}
