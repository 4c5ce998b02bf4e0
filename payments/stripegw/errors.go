package stripegw

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/stripe/stripe-go/v79"

	"quittance/payments"
)

// failed turns an error of the SDK into one of package payments and logs it,
// with codes only. What is not certainly a refusal counts as unknown.
func (g *Gateway) failed(op string, err error) error {
	var se *stripe.Error
	if !errors.As(err, &se) || se.HTTPStatusCode == 0 {
		g.log.Warn("the processor's answer was lost", slog.String("call", op))
		return fmt.Errorf("%s: %w", op, payments.ErrUnknownOutcome)
	}
	g.log.Warn("the processor refused a call", slog.String("call", op),
		slog.Int("status", se.HTTPStatusCode), slog.String("code", code(se)),
		slog.String("param", se.Param), slog.String("request", se.RequestID))
	kind := payments.ErrRefused
	if unknown(se) {
		kind = payments.ErrUnknownOutcome
	}
	if se.Code == stripe.ErrorCodeAmountTooSmall {
		kind = fmt.Errorf("%w: %w", payments.ErrRefused, payments.ErrTooLittle)
	}
	return fmt.Errorf("%s: %w (status %d, %s)", op, kind, se.HTTPStatusCode, code(se))
}

// unknown reports whether an earlier or concurrent request with the same key
// may have acted, or whether the processor itself does not know.
func unknown(se *stripe.Error) bool {
	switch {
	case se.HTTPStatusCode >= 500, se.HTTPStatusCode == http.StatusConflict, se.HTTPStatusCode == http.StatusTooManyRequests:
		return true
	case se.Type == stripe.ErrorTypeIdempotency:
		// The key was used with other parameters: an earlier request exists.
		return true
	}
	return false
}

// declined reports whether the processor carried out the request and the bank
// said no.
func declined(err error) (*stripe.Error, bool) {
	var se *stripe.Error
	if errors.As(err, &se) && se.HTTPStatusCode == http.StatusPaymentRequired {
		return se, true
	}
	return nil, false
}

// movedOn reports whether the object is past the state that a call needs: it
// was acted on before.
func movedOn(err error) bool {
	var se *stripe.Error
	if !errors.As(err, &se) || se.HTTPStatusCode != http.StatusBadRequest {
		return false
	}
	return se.Code == stripe.ErrorCodePaymentIntentUnexpectedState || se.Code == stripe.ErrorCodeSetupIntentUnexpectedState
}

// unauthorized reports whether the processor would not debit an account because
// its mandate is not active.
func unauthorized(err error) bool {
	var se *stripe.Error
	return errors.As(err, &se) && se.Code == stripe.ErrorCodePaymentIntentMandateInvalid
}

// code is the most telling of an error's codes. The bank's own word goes first.
func code(se *stripe.Error) string {
	switch {
	case se.DeclineCode != "":
		return string(se.DeclineCode)
	case se.Code != "":
		return string(se.Code)
	case se.Type != "":
		return string(se.Type)
	}
	return "unnamed"
}
