package sandbox

import (
	"fmt"
	"net/http"
)

// apiError is Stripe's error object with the status it travels under. An error
// raised before an operation began is not kept under its idempotency key.
type apiError struct {
	Charge        maybe  `json:"charge,omitempty"`
	Code          string `json:"code,omitempty"`
	DeclineCode   string `json:"decline_code,omitempty"`
	DocURL        string `json:"doc_url,omitempty"`
	Message       string `json:"message"`
	Param         string `json:"param,omitempty"`
	PaymentIntent object `json:"payment_intent,omitempty"`
	PaymentMethod object `json:"payment_method,omitempty"`
	SetupIntent   object `json:"setup_intent,omitempty"`
	Type          string `json:"type"`

	status int
	began  bool
}

// at returns the error with the parameter it is about.
func (e *apiError) at(param string) *apiError {
	e.Param = param
	return e
}

// plain is the error as it is kept in last_payment_error: without the intent
// that holds it.
func (e *apiError) plain() *apiError {
	kept := *e
	kept.PaymentIntent, kept.SetupIntent = nil, nil
	return &kept
}

func invalid(code, format string, args ...any) *apiError {
	e := &apiError{Type: "invalid_request_error", Code: code, Message: fmt.Sprintf(format, args...), status: http.StatusBadRequest}
	if code != "" {
		e.DocURL = "https://stripe.com/docs/error-codes/" + hyphens(code)
	}
	return e
}

func hyphens(code string) string {
	out := []byte(code)
	for i, b := range out {
		if b == '_' {
			out[i] = '-'
		}
	}
	return string(out)
}

func missing(param string) *apiError {
	return invalid("parameter_missing", "Missing required param: %s.", param).at(param)
}

func unknownID(kind, id, param string) *apiError {
	e := invalid("resource_missing", "No such %s: '%s'", kind, id).at(param)
	e.status = http.StatusNotFound
	return e
}

func unauthorized(code, message string) *apiError {
	e := invalid(code, "%s", message)
	e.status = http.StatusUnauthorized
	return e
}

// declined is the refusal of a bank or of the challenge: 402, type card_error.
func declined(d decline) *apiError {
	e := invalid(d.code, "%s", d.message)
	e.Type, e.DeclineCode, e.status, e.began = "card_error", d.declineCode, http.StatusPaymentRequired, true
	return e
}

func unexpectedState(object, id, format string, args ...any) *apiError {
	return invalid(object+"_unexpected_state", format, args...).at(id)
}

func serverError() *apiError {
	return &apiError{Type: "api_error", Message: "An error occurred. This one was ordered from the sandbox.", status: http.StatusInternalServerError}
}
