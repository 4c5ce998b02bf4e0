package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"quittance/plans"
	"quittance/portal/identity"
	"quittance/portal/terms"
)

// TermsDesk sets what creditors allow: *terms.Refused names the fields at
// fault, plans.ErrStale that somebody else was faster.
type TermsDesk interface {
	Set(ctx context.Context, f terms.File) ([]plans.Terms, error)
}

type heldTerms struct {
	Terms []heldVersion `json:"terms" doc:"One for each that was sent, in order."`
}

type heldVersion struct {
	ID        string `json:"id" doc:"Names whom the terms are for; the same over all versions."`
	Version   int    `json:"version" doc:"Rises by one with each change."`
	Effective string `json:"effective" doc:"The first day, YYYY-MM-DD."`
}

func (s *server) termsRoutes() {
	o := operation(http.MethodPut, "/api/v1/terms", "set-terms", "Set what plans may look like", identity.PlacementsWrite, http.StatusUnprocessableEntity, http.StatusConflict)
	o.Description = "All of the terms are taken in or none. The same again changes nothing; other words are a next version, which begins on its first day. " +
		"Plans keep the terms they were agreed under. What is not given is as in the portal's own terms. No field adds anything to what is owed."
	huma.Register(s.api, o, s.setTerms)
}

func (s *server) setTerms(ctx context.Context, in *struct{ Body terms.File }) (*struct{ Body heldTerms }, error) {
	held, err := s.Terms.Set(ctx, in.Body)
	var refused *terms.Refused
	if errors.As(err, &refused) {
		return nil, atFault(refused)
	}
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	body := heldTerms{Terms: make([]heldVersion, 0, len(held))}
	for _, t := range held {
		body.Terms = append(body.Terms, heldVersion{ID: t.ID, Version: t.Version, Effective: t.Effective.String()})
	}
	return &struct{ Body heldTerms }{body}, nil
}

func atFault(refused *terms.Refused) *Problem {
	var faults []Fault
	for _, f := range refused.Faults[:min(len(refused.Faults), mostFaults)] {
		faults = append(faults, Fault{Location: "body." + f.Field, Message: f.Message})
	}
	return problem(http.StatusUnprocessableEntity, "invalid", "Some fields are not as they should be. Nothing was changed.", faults...)
}
