package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"quittance/portal/identity"
	"quittance/portal/outbox"
)

type endpointBody struct {
	ID             string     `json:"id"`
	URL            string     `json:"url"`
	Description    string     `json:"description,omitempty"`
	CreditorRef    string     `json:"creditor_ref,omitempty" doc:"When set, only this creditor's debts are told."`
	Types          []string   `json:"types" doc:"Events it is told of; none means all."`
	Status         string     `json:"status" enum:"active,paused,disabled,closed"`
	Reason         string     `json:"reason,omitempty" doc:"Why it is not active: failing, gone or manual."`
	LastSequence   int64      `json:"last_sequence"`
	FailingSince   *time.Time `json:"failing_since,omitempty"`
	CreatedAt      time.Time  `json:"created_at"`
	PostsOnReceipt bool       `json:"posts_on_receipt" doc:"Your plain 2xx to a payment's event means that the payment is booked. Leave it out if you answer with, or send later, a transaction id: a balance is taken to contain a payment only once it is booked."`
	Secret         string     `json:"secret,omitempty" doc:"The signing secret, shown when it is made and never again."`
}

type endpointOutput struct {
	Location string `header:"Location"`
	Body     endpointBody
}

type newEndpoint struct {
	URL            string   `json:"url" minLength:"1" maxLength:"2048" doc:"https, to a public host."`
	Description    string   `json:"description,omitempty" maxLength:"200"`
	CreditorRef    string   `json:"creditor_ref,omitempty" maxLength:"64"`
	Types          []string `json:"types,omitempty" maxItems:"64"`
	PostsOnReceipt bool     `json:"posts_on_receipt,omitempty" doc:"Your plain 2xx to a payment's event means that the payment is booked. Leave it out if you answer with, or send later, a transaction id: a balance is taken to contain a payment only once it is booked."`
}

type editEndpoint struct {
	URL            *string   `json:"url,omitempty" minLength:"1" maxLength:"2048"`
	Description    *string   `json:"description,omitempty" maxLength:"200"`
	Types          *[]string `json:"types,omitempty" maxItems:"64"`
	Status         *string   `json:"status,omitempty" enum:"active,paused,closed"`
	PostsOnReceipt *bool     `json:"posts_on_receipt,omitempty"`
}

// ToEndpoint is the part of an address that names an endpoint; exported for
// huma, which does not look into embedded types that are not.
type ToEndpoint struct {
	ID string `path:"id"`
}

const endpointsPath = "/api/v1/endpoints"

func (s *server) endpointRoutes() {
	read, write := identity.EndpointsRead, identity.EndpointsWrite
	one := endpointsPath + "/{id}"
	huma.Register(s.api, operation(http.MethodGet, endpointsPath, "endpoints", "List webhook endpoints", read), s.endpoints)
	create := keyed(operation(http.MethodPost, endpointsPath, "createEndpoint", "Make a webhook endpoint", write, http.StatusUnprocessableEntity))
	create.DefaultStatus = http.StatusCreated
	huma.Register(s.api, create, s.createEndpoint)
	huma.Register(s.api, operation(http.MethodGet, one, "endpoint", "One webhook endpoint", read, http.StatusNotFound), s.endpoint)
	huma.Register(s.api, operation(http.MethodPatch, one, "changeEndpoint", "Change, pause or close an endpoint", write, http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity), s.changeEndpoint)
	rotate := keyed(operation(http.MethodPost, one+"/rotate", "rotateSecret", "Replace the signing secret", write, http.StatusNotFound))
	rotate.Description = "The old secret goes on signing beside the new one for 24 hours."
	huma.Register(s.api, rotate, s.rotate)
	resume := operation(http.MethodPost, one+"/resume", "resumeEndpoint", "Send again what a paused endpoint missed", write, http.StatusNotFound, http.StatusConflict)
	huma.Register(s.api, resume, s.resume)
	huma.Register(s.api, operation(http.MethodPost, one+"/test", "testEndpoint", "Send a test event now", write, http.StatusNotFound, http.StatusConflict), s.test)
	s.deliveryRoutes(one)
}

func (s *server) endpoints(ctx context.Context, _ *struct{}) (*struct {
	Body struct {
		Endpoints []endpointBody `json:"endpoints"`
	}
}, error) {
	all, err := s.Endpoints.Endpoints(ctx)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	out := &struct {
		Body struct {
			Endpoints []endpointBody `json:"endpoints"`
		}
	}{}
	out.Body.Endpoints = []endpointBody{}
	for _, e := range all {
		if mayHandle(ctx, e) {
			out.Body.Endpoints = append(out.Body.Endpoints, describeEndpoint(e))
		}
	}
	return out, nil
}

// mayHandle reports whether an endpoint is the caller's: a token of some creditors
// handles their endpoints only (S10).
func mayHandle(ctx context.Context, e outbox.Endpoint) bool {
	own := caller(ctx).Creditors
	return own.All() || e.CreditorRef != "" && own.See(e.CreditorRef)
}

// ownEndpoint finds an endpoint that the caller may handle. Somebody else's is
// not found.
func (s *server) ownEndpoint(ctx context.Context, escaped string) (outbox.Endpoint, error) {
	id, err := unescaped("endpoint", escaped)
	if err != nil {
		return outbox.Endpoint{}, s.fail(ctx, err)
	}
	e, err := s.Endpoints.Endpoint(ctx, outbox.EndpointID(id))
	if err == nil && !mayHandle(ctx, e) {
		err = outbox.ErrNoEndpoint
	}
	if err != nil {
		return outbox.Endpoint{}, s.fail(ctx, err)
	}
	return e, nil
}

func (s *server) createEndpoint(ctx context.Context, in *struct{ Body newEndpoint }) (*endpointOutput, error) {
	creditor := in.Body.CreditorRef
	if own := caller(ctx).Creditors; !own.All() {
		if only, one := own.Only(); one && creditor == "" {
			creditor = only
		}
		if creditor == "" {
			return nil, invalid("body.creditor_ref", "Name one of the token's creditors: "+strings.Join(own.Refs(), ", ")+".")
		}
		if !own.See(creditor) {
			return nil, problem(http.StatusForbidden, "forbidden", "The token makes endpoints for its own creditors: "+strings.Join(own.Refs(), ", ")+".")
		}
	}
	e, secret, err := s.Desk.Create(ctx, outbox.NewEndpoint{
		URL: in.Body.URL, Description: in.Body.Description, CreditorRef: creditor, Types: types(in.Body.Types), PostsOnReceipt: in.Body.PostsOnReceipt,
	})
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	out := &endpointOutput{Location: endpointsPath + "/" + string(e.ID), Body: describeEndpoint(e)}
	out.Body.Secret = secret
	return out, nil
}

func (s *server) endpoint(ctx context.Context, in *ToEndpoint) (*endpointOutput, error) {
	e, err := s.ownEndpoint(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &endpointOutput{Body: describeEndpoint(e)}, nil
}

func (s *server) changeEndpoint(ctx context.Context, in *struct {
	ToEndpoint
	Body editEndpoint
}) (*endpointOutput, error) {
	e, err := s.ownEndpoint(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	edit := outbox.Edit{URL: in.Body.URL, Description: in.Body.Description, Status: (*outbox.EndpointStatus)(in.Body.Status), PostsOnReceipt: in.Body.PostsOnReceipt}
	if in.Body.Types != nil {
		edit.Types = new(types(*in.Body.Types))
	}
	e, err = s.Desk.Change(ctx, e.ID, edit)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	return &endpointOutput{Body: describeEndpoint(e)}, nil
}

func (s *server) rotate(ctx context.Context, in *ToEndpoint) (*endpointOutput, error) {
	e, err := s.ownEndpoint(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	e, secret, err := s.Desk.Rotate(ctx, e.ID)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	out := &endpointOutput{Body: describeEndpoint(e)}
	out.Body.Secret = secret
	return out, nil
}

func (s *server) resume(ctx context.Context, in *ToEndpoint) (*endpointOutput, error) {
	e, err := s.ownEndpoint(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	e, err = s.Desk.Resume(ctx, e.ID)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	return &endpointOutput{Body: describeEndpoint(e)}, nil
}

func describeEndpoint(e outbox.Endpoint) endpointBody {
	body := endpointBody{
		ID: string(e.ID), URL: e.URL, Description: e.Description, CreditorRef: e.CreditorRef, Types: []string{},
		Status: string(e.Status), Reason: e.Reason, LastSequence: e.LastSequence, FailingSince: when(e.FailingSince), CreatedAt: e.CreatedAt,
		PostsOnReceipt: e.PostsOnReceipt,
	}
	for _, t := range e.Types {
		body.Types = append(body.Types, string(t))
	}
	return body
}

func types(names []string) []outbox.Type {
	var all []outbox.Type
	for _, n := range names {
		all = append(all, outbox.Type(n))
	}
	return all
}
