package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"quittance/plans/civil"
	"quittance/portal/claim"
	"quittance/portal/identity"
)

// ClaimDesk reads what people said of their lives, and takes what the system of
// record makes of it.
type ClaimDesk interface {
	Find(ctx context.Context, id claim.ID) (claim.Claim, error)
	Newest(ctx context.Context, openOnly bool, limit int) ([]claim.Claim, error)
	// Said returns what was added, the newest word for each field.
	Said(ctx context.Context, id claim.ID) (claim.Details, error)
	Decide(ctx context.Context, id claim.ID, d claim.Decision) (claim.Claim, error)
}

type claimBody struct {
	ID         string        `json:"id"`
	Reference  string        `json:"reference" doc:"What the person was given to read aloud."`
	AccountRef string        `json:"account_ref"`
	Kind       string        `json:"kind" doc:"hardship, illness, disaster, death, bankruptcy, attorney, servicemember, identity_theft, minor or wrong_person."`
	State      string        `json:"state" doc:"claimed, confirmed, cleared, or over for a pause whose day has come."`
	Door       string        `json:"door" doc:"Who said so: consumer, or link for somebody who holds a texted link and saw nothing."`
	ClaimedAt  time.Time     `json:"claimed_at"`
	Until      *time.Time    `json:"until,omitempty" doc:"When a pause ends by itself."`
	Consented  bool          `json:"consented" doc:"The person has an attorney and asked to pay here themselves all the same."`
	Stopped    stoppedBody   `json:"stopped"`
	DecidedAt  *time.Time    `json:"decided_at,omitempty"`
	DecidedBy  string        `json:"decided_by,omitempty"`
	DecidedOn  string        `json:"decided_on,omitempty" doc:"YYYY-MM-DD."`
	Said       *claimDetails `json:"said,omitempty" doc:"What was added; only where one claim is asked for."`
}

type stoppedBody struct {
	Links    int `json:"links"`
	Plans    int `json:"plans"`
	Messages int `json:"messages"`
}

type claimDetails struct {
	CaseNumber string `json:"case_number,omitempty"`
	Chapter    string `json:"chapter,omitempty"`
	Name       string `json:"name,omitempty" doc:"Of the attorney or guardian, or of whoever told us."`
	Phone      string `json:"phone,omitempty"`
	Email      string `json:"email,omitempty"`
	Relation   string `json:"relation,omitempty"`
}

type claimDecision struct {
	State string `json:"state" enum:"confirmed,cleared"`
	By    string `json:"by" minLength:"1" maxLength:"200" doc:"Who decided."`
	On    string `json:"on" doc:"The day on which they did, YYYY-MM-DD."`
}

type claimList struct {
	Claims []claimBody `json:"claims" doc:"The newest first, 100 at most."`
}

func (s *server) claimRoutes() {
	list := operation(http.MethodGet, "/api/v1/claims", "claims", "What people said of their lives", identity.AccountsRead)
	huma.Register(s.api, list, s.claims)
	one := operation(http.MethodGet, "/api/v1/claims/{id}", "claim", "One claim, with what was said", identity.AccountsRead, http.StatusNotFound)
	huma.Register(s.api, one, s.claim)
	decide := operation(http.MethodPut, "/api/v1/claims/{id}", "decide-claim", "Confirm or clear a claim", identity.PlacementsWrite,
		http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity)
	decide.Description = "A claim took effect when it was made. Confirming it lets it stand; clearing it ends what it held, and no plan goes on by itself. " +
		"The same decision again changes nothing. A debt that you place with the same status confirms it too."
	huma.Register(s.api, decide, s.decideClaim)
}

// claims answers a creditor with an empty list: what happens in a person's life
// is told to creditors only where a law says so, by its event.
func (s *server) claims(ctx context.Context, in *struct {
	Open bool `query:"open" doc:"Only those that wait to be confirmed or cleared."`
}) (*struct{ Body claimList }, error) {
	body := claimList{Claims: []claimBody{}}
	if !caller(ctx).Creditors.All() {
		return &struct{ Body claimList }{body}, nil
	}
	all, err := s.Claims.Newest(ctx, in.Open, 100)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	for _, c := range all {
		described, err := s.describeClaim(ctx, c)
		if err != nil {
			return nil, err
		}
		body.Claims = append(body.Claims, described)
	}
	return &struct{ Body claimList }{body}, nil
}

func (s *server) claim(ctx context.Context, in *struct {
	ID string `path:"id"`
}) (*struct{ Body claimBody }, error) {
	id, err := s.claimID(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	c, err := s.Claims.Find(ctx, id)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	said, err := s.Claims.Said(ctx, id)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	body, err := s.describeClaim(ctx, c)
	body.Said = &claimDetails{
		CaseNumber: said.CaseNumber, Chapter: said.Chapter, Name: said.Name, Phone: said.Phone, Email: said.Email, Relation: said.Relation,
	}
	return &struct{ Body claimBody }{body}, err
}

func (s *server) decideClaim(ctx context.Context, in *struct {
	ID   string `path:"id"`
	Body claimDecision
}) (*struct{ Body claimBody }, error) {
	id, err := s.claimID(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	on, err := civil.Parse(in.Body.On)
	if err != nil {
		return nil, s.fail(ctx, claim.ErrDecision)
	}
	c, err := s.Claims.Decide(ctx, id, claim.Decision{State: claim.State(in.Body.State), By: in.Body.By, On: on})
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	body, err := s.describeClaim(ctx, c)
	return &struct{ Body claimBody }{body}, err
}

// claimID reads the id of the path; to a creditor there is no claim.
func (s *server) claimID(ctx context.Context, escaped string) (claim.ID, error) {
	id, err := unescaped("claim", escaped)
	if err == nil && !caller(ctx).Creditors.All() {
		err = claim.ErrNotFound
	}
	if err != nil {
		return "", s.fail(ctx, err)
	}
	return claim.ID(id), nil
}

func (s *server) describeClaim(ctx context.Context, c claim.Claim) (claimBody, error) {
	account, err := s.Accounts.Account(ctx, c.AccountID)
	if err != nil {
		return claimBody{}, s.fail(ctx, err)
	}
	body := claimBody{
		ID: string(c.ID), Reference: c.Reference, AccountRef: account.Ref, Kind: string(c.Kind), State: string(c.State), Door: string(c.Door),
		ClaimedAt: c.CreatedAt, Until: when(c.Until), Consented: !c.ConsentAt.IsZero(), Stopped: stoppedBody(c.Stopped),
		DecidedAt: when(c.DecidedAt), DecidedBy: c.DecidedBy,
	}
	if !c.DecidedOn.IsZero() {
		body.DecidedOn = c.DecidedOn.String()
	}
	return body, nil
}
