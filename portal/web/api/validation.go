package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"quittance/frontend/modelform"
	"quittance/payments/money"
	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/validation"
)

// Validation keeps validation notices; it is validation's Service.
type Validation interface {
	Report(ctx context.Context, r validation.Report) (validation.Notice, bool, error)
	OfDebt(ctx context.Context, ref string) ([]validation.Notice, error)
}

type noticeReport struct {
	ProvidedOn string         `json:"provided_on" format:"date" doc:"The day on which you gave the notice: mailed, said or sent it. YYYY-MM-DD."`
	Method     string         `json:"method" enum:"mail,oral,e_initial,e_esign" doc:"How. e_initial is electronic and in the first communication; e_esign is electronic after it, with the consumer's consent."`
	Reference  string         `json:"reference,omitempty" maxLength:"40" doc:"The reference number on your letter."`
	Creditor   string         `json:"creditor_on_itemization_date,omitempty" maxLength:"200" doc:"The original creditor's name, or the creditor's, without it."`
	Amounts    *noticeAmounts `json:"itemization,omitempty" doc:"The rows of your notice. Without them, those of the placement."`
	Consent    string         `json:"consent_ref,omitempty" maxLength:"100" doc:"Your own number of the consent to electronic notices; e_esign needs it."`
}

type noticeAmounts struct {
	Type     string `json:"type" enum:"last_statement,charge_off,last_payment,transaction,judgment"`
	Date     string `json:"date" format:"date"`
	Amount   int64  `json:"amount_cents" minimum:"0" doc:"Owed on the date."`
	Interest int64  `json:"interest_added_cents" minimum:"0"`
	Fees     int64  `json:"fees_added_cents" minimum:"0"`
	Credits  int64  `json:"payments_credits_cents" minimum:"0"`
	Total    int64  `json:"total_cents" minimum:"0" doc:"Must be amount + interest + fees − credits."`
}

type noticeBody struct {
	ID         string    `json:"id"`
	DebtRef    string    `json:"debt_ref"`
	ProvidedOn string    `json:"provided_on"`
	ReceivedOn string    `json:"assumed_received_on" doc:"Five days of Regulation F later."`
	EndsOn     string    `json:"period_ends_on" doc:"The last day of the validation period."`
	Method     string    `json:"method"`
	Source     string    `json:"source" doc:"system_of_record, or mail_required where you mailed what the portal asked for."`
	SHA256     string    `json:"sha256" doc:"Of what the portal keeps of it."`
	At         time.Time `json:"recorded_at"`
}

type debtNotices struct {
	DebtRef string       `json:"debt_ref"`
	Notices []noticeBody `json:"notices"`
}

type noticeOutput struct {
	Status int
	Body   noticeBody
}

const noticesPath = "/api/v1/debts/{ref}/validation-notices"

func (s *server) validationRoutes() {
	o := operation(http.MethodPost, noticesPath, "report-validation-notice", "Report a validation notice", identity.PlacementsWrite,
		http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity)
	o.Description = "The portal keeps the notice as it was given and shows the consumer that, whatever the balance is later. " +
		"The same report again changes nothing, so no Idempotency-Key is needed. The itemization date is fixed from then on. " +
		"A consumer's look at the portal is never taken for a notice."
	o.DefaultStatus = http.StatusCreated
	o.Responses = map[string]*huma.Response{"200": {Description: "It was reported before."}}
	huma.Register(s.api, o, s.reportNotice)
	huma.Register(s.api, operation(http.MethodGet, noticesPath, "validation-notices", "The validation notices of a debt", identity.PlacementsWrite, http.StatusNotFound), s.noticesOfDebt)
}

func (s *server) reportNotice(ctx context.Context, in *struct {
	Ref  string `path:"ref" doc:"Your own number of the debt, percent-encoded."`
	Body noticeReport
}) (*noticeOutput, error) {
	ref, err := unescaped("debt", in.Ref)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	r, err := in.Body.report(ref)
	if err != nil {
		return nil, err
	}
	n, added, err := s.Validation.Report(ctx, r)
	if p := unnoticed(err); p != nil {
		return nil, p
	}
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	out := &noticeOutput{Status: http.StatusOK, Body: describeNotice(n, ref)}
	if added {
		out.Status = http.StatusCreated
	}
	return out, nil
}

func (b noticeReport) report(ref string) (validation.Report, error) {
	r := validation.Report{
		DebtRef: ref, Via: validation.Method(b.Method), Source: validation.Reported,
		Reference: b.Reference, CreditorThen: b.Creditor, Consent: b.Consent,
	}
	var err error
	if r.Provided, err = civil.Parse(b.ProvidedOn); err != nil {
		return r, invalid("body.provided_on", "Not a day.")
	}
	if a := b.Amounts; a != nil {
		if r.Itemized, err = civil.Parse(a.Date); err != nil {
			return r, invalid("body.itemization.date", "Not a day.")
		}
		r.ItemizationType = debt.ItemizationType(a.Type)
		r.Rows = &modelform.Itemization{
			Owed: money.Cents(a.Amount), Interest: money.Cents(a.Interest), Fees: money.Cents(a.Fees), Paid: money.Cents(a.Credits), Now: money.Cents(a.Total),
		}
	}
	return r, nil
}

// unnoticed says which field of a report cannot be true.
func unnoticed(err error) *Problem {
	var lacks *validation.IncompleteError
	switch {
	case errors.Is(err, validation.ErrDay):
		return invalid("body.provided_on", "Must be a day from the itemization date until today.")
	case errors.Is(err, validation.ErrSum):
		return invalid("body.itemization.total_cents", "Is not amount + interest + fees − credits.")
	case errors.Is(err, validation.ErrNoConsent):
		return invalid("body.consent_ref", "e_esign needs the consent under which the notice was sent.")
	case errors.As(err, &lacks):
		p := problem(http.StatusUnprocessableEntity, "not-presentable", "The validation information of this debt is not whole, so no notice of it can be kept.")
		for _, item := range lacks.Missing {
			p.Errors = append(p.Errors, Fault{Location: item, Message: "is missing"})
		}
		return p
	}
	return nil
}

func (s *server) noticesOfDebt(ctx context.Context, in *struct {
	Ref string `path:"ref" doc:"Your own number of the debt, percent-encoded."`
}) (*struct{ Body debtNotices }, error) {
	ref, err := unescaped("debt", in.Ref)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	all, err := s.Validation.OfDebt(ctx, ref)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	body := debtNotices{DebtRef: ref, Notices: []noticeBody{}}
	for _, n := range all {
		body.Notices = append(body.Notices, describeNotice(n, ref))
	}
	return &struct{ Body debtNotices }{body}, nil
}

func describeNotice(n validation.Notice, ref string) noticeBody {
	return noticeBody{
		ID: string(n.ID), DebtRef: ref, ProvidedOn: n.Provided.String(), ReceivedOn: n.Receipt.String(), EndsOn: n.End.String(),
		Method: string(n.Via), Source: string(n.Source), SHA256: n.Hash, At: n.At,
	}
}
