package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/represent"
)

// Representatives records who may speak for a consumer; package represent's
// service does.
type Representatives interface {
	Record(ctx context.Context, id debt.AccountID, e represent.Entry, by string) (represent.Representative, error)
	Revoke(ctx context.Context, account debt.AccountID, id represent.ID, by string) error
	Of(ctx context.Context, id debt.AccountID) ([]represent.Representative, error)
	Code(r represent.Representative) (string, error)
}

type representativeRequest struct {
	Role        string `json:"role" enum:"executor,guardian,parent,spouse" doc:"executor is also an administrator or personal representative of an estate. An attorney is none of these: claim an attorney instead."`
	Name        string `json:"name" minLength:"1" maxLength:"200"`
	PostalCode  string `json:"postal_code,omitempty" maxLength:"10" doc:"Their ZIP code; needed where people sign in with it."`
	DateOfBirth string `json:"date_of_birth,omitempty" maxLength:"10" doc:"YYYY-MM-DD; needed where people sign in with it."`
	Phone       string `json:"phone,omitempty" maxLength:"40"`
	Email       string `json:"email,omitempty" maxLength:"200"`
	Language    string `json:"language,omitempty" enum:"en,es"`
	DocumentID  string `json:"document_id" minLength:"1" maxLength:"200" doc:"Your own number of the paper that shows the role, such as letters testamentary."`
	CheckedBy   string `json:"checked_by" minLength:"1" maxLength:"200" doc:"Who looked at the paper."`
	From        string `json:"from,omitempty" maxLength:"10" doc:"First day, YYYY-MM-DD; today when left out."`
	Until       string `json:"until,omitempty" maxLength:"10" doc:"Last day, YYYY-MM-DD; until revoked when left out."`
}

type representativeBody struct {
	ID            string     `json:"id"`
	AccountRef    string     `json:"account_ref"`
	Role          string     `json:"role"`
	Name          string     `json:"name"`
	PostalCode    string     `json:"postal_code,omitempty"`
	DateOfBirth   string     `json:"date_of_birth,omitempty"`
	Phone         string     `json:"phone,omitempty"`
	Email         string     `json:"email,omitempty"`
	Language      string     `json:"language,omitempty"`
	DocumentID    string     `json:"document_id"`
	CheckedBy     string     `json:"checked_by"`
	From          string     `json:"from"`
	Until         string     `json:"until,omitempty"`
	RecordedBy    string     `json:"recorded_by"`
	RecordedAt    time.Time  `json:"recorded_at"`
	RevokedAt     *time.Time `json:"revoked_at,omitempty"`
	RevokedBy     string     `json:"revoked_by,omitempty"`
	ReferenceCode string     `json:"reference_code,omitempty" doc:"Their own code to sign in with, beside the personal detail; send it to them and to nobody else. Only where one is recorded."`
}

type representativeEnd struct {
	State string `json:"state" enum:"revoked"`
}

type representativeList struct {
	Representatives []representativeBody `json:"representatives" doc:"The newest first."`
}

type representativeOutput struct{ Body representativeBody }

const representativesPath = "/api/v1/accounts/{ref}/representatives"

func (s *server) representativeRoutes() {
	record := keyed(operation(http.MethodPost, representativesPath, "record-representative", "Let somebody speak for a consumer", identity.PlacementsWrite,
		http.StatusNotFound, http.StatusUnprocessableEntity))
	record.Description = "An executor of somebody who died, a guardian, a parent of a minor or a spouse gets a reference code of their own. " +
		"What each role may see and do follows the account's status. The same person by the same role and document again is the one that is held."
	record.DefaultStatus = http.StatusCreated
	huma.Register(s.api, record, s.recordRepresentative)
	list := operation(http.MethodGet, representativesPath, "representatives", "Who may speak for a consumer", identity.AccountsRead, http.StatusNotFound)
	huma.Register(s.api, list, s.representatives)
	end := operation(http.MethodPut, representativesPath+"/{id}", "revoke-representative", "End what a representative may do", identity.PlacementsWrite,
		http.StatusNotFound, http.StatusUnprocessableEntity)
	end.Description = "At once, also where they are signed in. Revoked again nothing happens."
	end.DefaultStatus = http.StatusNoContent
	huma.Register(s.api, end, s.revokeRepresentative)
}

func (s *server) recordRepresentative(ctx context.Context, in *struct {
	Ref  string `path:"ref"`
	Body representativeRequest
}) (*representativeOutput, error) {
	account, err := s.represented(ctx, in.Ref)
	if err != nil {
		return nil, err
	}
	entry, fault := in.Body.entry()
	if fault != nil {
		return nil, fault
	}
	made, err := s.Representatives.Record(ctx, account.ID, entry, "token:"+string(caller(ctx).ID))
	var problems represent.Problems
	if errors.As(err, &problems) {
		return nil, invalidFields(problems)
	}
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	body := describeRepresentative(made, account.Ref)
	if body.ReferenceCode, err = s.Representatives.Code(made); err != nil {
		return nil, s.fail(ctx, err)
	}
	return &representativeOutput{body}, nil
}

func (r representativeRequest) entry() (represent.Entry, *Problem) {
	e := represent.Entry{
		Role:       represent.Role(r.Role),
		Person:     represent.Person{Name: r.Name, PostalCode: r.PostalCode, Phone: r.Phone, Email: r.Email, Language: r.Language},
		DocumentID: r.DocumentID, CheckedBy: r.CheckedBy,
	}
	for _, day := range []struct {
		name, text string
		date       *civil.Date
	}{{"date_of_birth", r.DateOfBirth, &e.Person.Born}, {"from", r.From, &e.From}, {"until", r.Until, &e.Until}} {
		if day.text == "" {
			continue
		}
		var err error
		if *day.date, err = civil.Parse(day.text); err != nil {
			return e, invalid("body."+day.name, "is no day; write YYYY-MM-DD")
		}
	}
	return e, nil
}

func invalidFields(problems represent.Problems) *Problem {
	p := problem(http.StatusUnprocessableEntity, "invalid", "Some fields are not as they should be.")
	for _, f := range problems {
		p.Errors = append(p.Errors, Fault{Location: "body." + string(f), Message: "is missing or not as it should be"})
	}
	return p
}

func (s *server) representatives(ctx context.Context, in *struct {
	Ref string `path:"ref"`
}) (*struct{ Body representativeList }, error) {
	account, err := s.represented(ctx, in.Ref)
	if err != nil {
		return nil, err
	}
	all, err := s.Representatives.Of(ctx, account.ID)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	body := representativeList{Representatives: []representativeBody{}}
	for _, one := range all {
		body.Representatives = append(body.Representatives, describeRepresentative(one, account.Ref))
	}
	return &struct{ Body representativeList }{body}, nil
}

func (s *server) revokeRepresentative(ctx context.Context, in *struct {
	Ref  string `path:"ref"`
	ID   string `path:"id"`
	Body representativeEnd
}) (*struct{}, error) {
	account, err := s.represented(ctx, in.Ref)
	if err != nil {
		return nil, err
	}
	id, err := unescaped("representative", in.ID)
	if err == nil {
		err = s.Representatives.Revoke(ctx, account.ID, represent.ID(id), "token:"+string(caller(ctx).ID))
	}
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	return nil, nil
}

// represented finds the account of the path. To a creditor there is nobody who
// speaks for a consumer (DSC-06).
func (s *server) represented(ctx context.Context, escaped string) (debt.Account, error) {
	ref, err := unescaped("account", escaped)
	if err != nil {
		return debt.Account{}, s.fail(ctx, err)
	}
	account, found, err := s.Accounts.AccountByRef(ctx, ref)
	if err != nil {
		return account, s.fail(ctx, err)
	}
	if !found || !caller(ctx).Creditors.All() {
		return account, problem(http.StatusNotFound, "not-found", "There is no such account.")
	}
	return account, nil
}

func describeRepresentative(r represent.Representative, ref string) representativeBody {
	body := representativeBody{
		ID: string(r.ID), AccountRef: ref, Role: string(r.Role), Name: r.Person.Name, PostalCode: r.Person.PostalCode,
		DateOfBirth: r.Person.Birth, Phone: r.Person.Phone, Email: r.Person.Email, Language: r.Person.Language,
		DocumentID: r.DocumentID, CheckedBy: r.CheckedBy, From: r.From.String(), RecordedBy: r.RecordedBy, RecordedAt: r.CreatedAt,
		RevokedAt: when(r.RevokedAt), RevokedBy: r.RevokedBy,
	}
	if !r.Until.IsZero() {
		body.Until = r.Until.String()
	}
	return body
}
