package payments

import "errors"

// Errors of this package. The edge turns each into words of its own.
var (
	ErrNotFound      = errors.New("no such payment")
	ErrNoAmount      = errors.New("choose at least one debt and an amount")
	ErrNoKey         = errors.New("request has no key of its own")
	ErrTwice         = errors.New("the same debt was chosen twice")
	ErrWholeOnly     = errors.New("only the whole amount can be paid on the debt")
	ErrBadAmount     = errors.New("amount is not one that can be paid")
	ErrTooMuch       = errors.New("amount is more than can be paid on the debt now")
	ErrWhichDebt     = errors.New("name the debt of the payment that the money is from")
	ErrTooLittle     = errors.New("amount is below what the processor accepts")
	ErrDebtClosed    = errors.New("debt cannot be paid now")
	ErrKeyReused     = errors.New("the same request key came with different content")
	ErrNotNow        = errors.New("payment is not in a state that allows this")
	ErrMoved         = errors.New("what the payment was made for is not open any more")
	ErrTooEarly      = errors.New("a bank may still take the payment back")
	ErrMethodRefused = errors.New("this kind of card cannot be used for these debts")
	ErrDeclines      = errors.New("too many cards were declined today")
	ErrNeedsConsent  = errors.New("the authorization was not agreed to")
	ErrStale         = errors.New("payment was changed by someone else meanwhile")
	ErrWrongTruth    = errors.New("the processor's record does not match the payment")
	// ErrUnknownOutcome is what a Gateway returns when it cannot tell whether
	// the processor acted: a timeout, a broken connection, a server error.
	ErrUnknownOutcome = errors.New("the processor's answer was lost")
	// ErrRefused is what a Gateway returns when the processor refused the
	// request itself: nothing happened and asking again will not help.
	ErrRefused = errors.New("the processor refused the request")
	// ErrUnsigned is what ParseEvent returns for anything it cannot prove to
	// come from the processor.
	ErrUnsigned = errors.New("event is not signed by the processor")
	// ErrWrongMode is returned for an event of the processor's test mode where
	// live ones are expected, and the other way round.
	ErrWrongMode = errors.New("event is of the processor's other mode")
	ErrPaused    = errors.New("payments are paused because the books do not balance")
)
