package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"quittance/portal/identity"
)

type codeBody struct {
	AccountRef    string    `json:"account_ref"`
	ReferenceCode string    `json:"reference_code" doc:"As it is printed, K7Q2-9MXD-4F. It is the consumer's credential: print it, do not keep it."`
	Words         codeWords `json:"words" doc:"Three words to print beside the code, by the letter's language. Whoever gets the letter can type them at /is-this-real and hear whether it came from you."`
}

// codeWords are not the Words of terms, which the description names too.
type codeWords struct {
	EN string `json:"en" example:"river lamp seven"`
	ES string `json:"es"`
}

func (s *server) codeRoutes() {
	o := operation(http.MethodGet, "/api/v1/accounts/{ref}/code", "referenceCode", "The code for an account's letter", identity.CodesRead, http.StatusNotFound, http.StatusTooManyRequests)
	o.Description = "For whoever prints letters. It may be asked at any time after placing, also again; each time is in the audit log. " +
		"Creditors' tokens cannot: the code opens every debt of the account. " +
		"A token may ask for a tenth of the accounts in an hour, and for 100 at least."
	huma.Register(s.api, o, s.referenceCode)
}

func (s *server) referenceCode(ctx context.Context, in *struct {
	Ref string `path:"ref" doc:"Your own number of the account, percent-encoded."`
}) (*struct{ Body codeBody }, error) {
	ref, err := unescaped("account", in.Ref)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	letter, err := s.Codes.ReferenceCode(ctx, ref)
	var spent identity.SpentError
	if errors.As(err, &spent) {
		wait := max(1, int(spent.Until.Sub(s.Now()).Seconds()))
		return nil, huma.ErrorWithHeaders(problem(http.StatusTooManyRequests, "too-many", "This token has read as many codes as an hour allows. Ask again later, or print letters by portal codes."),
			http.Header{"Retry-After": {strconv.Itoa(wait)}})
	}
	if errors.Is(err, identity.ErrNotFound) {
		return nil, problem(http.StatusNotFound, "not-found", "There is no such account.")
	}
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	return &struct{ Body codeBody }{codeBody{AccountRef: ref, ReferenceCode: letter.Code, Words: codeWords{letter.Words["en"], letter.Words["es"]}}}, nil
}
