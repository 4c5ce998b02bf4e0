package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/retention"
)

// LegalHolds keeps accounts from being erased; it is retention's Holds.
type LegalHolds interface {
	Place(ctx context.Context, account, by, reason string) (retention.Hold, error)
	Lift(ctx context.Context, account string) (bool, error)
	Of(ctx context.Context, account string) (retention.Hold, bool, error)
}

type legalHoldInput struct {
	By     string `json:"by" minLength:"1" maxLength:"200" doc:"Who wants it, as you name them."`
	Reason string `json:"reason" minLength:"1" maxLength:"200" doc:"A case number. No personal data."`
}

type legalHoldBody struct {
	AccountRef string     `json:"account_ref"`
	Held       bool       `json:"held"`
	By         string     `json:"by,omitempty"`
	Reason     string     `json:"reason,omitempty"`
	Since      *time.Time `json:"since,omitempty"`
}

type legalHoldOutput struct{ Body legalHoldBody }

type accountPath struct {
	Ref string `path:"ref" doc:"Your own number of the account, percent-encoded."`
}

const legalHoldPath = "/api/v1/accounts/{ref}/legal-hold"

func (s *server) legalHoldRoutes() {
	huma.Register(s.api, operation(http.MethodGet, legalHoldPath, "legal-hold", "Whether an account is under a legal hold", identity.RecordsWrite, http.StatusNotFound), s.legalHold)
	place := operation(http.MethodPut, legalHoldPath, "place-legal-hold", "Keep everything of an account", identity.RecordsWrite,
		http.StatusNotFound, http.StatusUnprocessableEntity)
	place.Description = "While it stands nothing of the account is erased, however old it is. The same hold again changes nothing; another takes its place. " +
		"It does not keep you from collecting, and says nothing of whether you may."
	huma.Register(s.api, place, s.placeLegalHold)
	lift := operation(http.MethodDelete, legalHoldPath, "lift-legal-hold", "Lift the legal hold of an account", identity.RecordsWrite, http.StatusNotFound)
	lift.Description = "What is past its time is then erased by the next daily run."
	lift.DefaultStatus = http.StatusOK
	huma.Register(s.api, lift, s.liftLegalHold)
}

func (s *server) heldAccount(ctx context.Context, escaped string) (debt.Account, error) {
	ref, err := unescaped("account", escaped)
	if err != nil {
		return debt.Account{}, s.fail(ctx, err)
	}
	account, found, err := s.Accounts.AccountByRef(ctx, ref)
	switch {
	case err != nil:
		return debt.Account{}, s.fail(ctx, err)
	case !found:
		return debt.Account{}, problem(http.StatusNotFound, "not-found", "There is no such account.")
	}
	return account, nil
}

func (s *server) legalHold(ctx context.Context, in *accountPath) (*legalHoldOutput, error) {
	account, err := s.heldAccount(ctx, in.Ref)
	if err != nil {
		return nil, err
	}
	h, held, err := s.LegalHolds.Of(ctx, string(account.ID))
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	return describeHold(account, h, held), nil
}

func (s *server) placeLegalHold(ctx context.Context, in *struct {
	Ref  string `path:"ref" doc:"Your own number of the account, percent-encoded."`
	Body legalHoldInput
}) (*legalHoldOutput, error) {
	account, err := s.heldAccount(ctx, in.Ref)
	if err != nil {
		return nil, err
	}
	h, err := s.LegalHolds.Place(ctx, string(account.ID), in.Body.By, in.Body.Reason)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	return describeHold(account, h, true), nil
}

func (s *server) liftLegalHold(ctx context.Context, in *accountPath) (*legalHoldOutput, error) {
	account, err := s.heldAccount(ctx, in.Ref)
	if err != nil {
		return nil, err
	}
	if _, err := s.LegalHolds.Lift(ctx, string(account.ID)); err != nil {
		return nil, s.fail(ctx, err)
	}
	return describeHold(account, retention.Hold{}, false), nil
}

func describeHold(a debt.Account, h retention.Hold, held bool) *legalHoldOutput {
	return &legalHoldOutput{legalHoldBody{AccountRef: a.Ref, Held: held, By: h.By, Reason: h.Reason, Since: when(h.At)}}
}
