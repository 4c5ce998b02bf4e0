// Package gatewaytest says, as a suite of tests, what any gateway to a
// processor must do. A new gateway is ready when Run passes.
package gatewaytest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/money"
)

// Kind is a method by what happens when it is charged.
type Kind string

// The kinds that a Rig must be able to make tokens of.
const (
	CardCredit    Kind = "credit card that works"
	CardDebit     Kind = "debit card that works"
	CardPrepaid   Kind = "prepaid card that works"
	CardNoFunds   Kind = "card declined for insufficient funds"
	CardChallenge Kind = "card that needs 3-D Secure"
	CardDisputed  Kind = "card whose holder disputes the charge at once"
	BankGood      Kind = "bank account that works"
	BankNoFunds   Kind = "bank account that returns R01 instead of settling"
	BankRevoked   Kind = "bank account that settles and later returns R10"
	BankTyped     Kind = "bank account whose numbers were typed and that is verified with micro-deposits"
	// CardUnanswered is good, but whoever asks its bank hears nothing of it.
	CardUnanswered Kind = "card whose processing fails"
	// CardFailsLater can be saved. Whoever charges it hears no.
	CardFailsLater Kind = "card that can be saved and is declined"
	// CardAsksAlways can be saved. Its bank wants the consumer for each charge.
	CardAsksAlways Kind = "card that needs 3-D Secure each time"
)

// Rig is one gateway before a processor of its own that the suite can steer.
type Rig struct {
	Gateway payments.Gateway
	Hosted  payments.Hosted
	Refunds payments.Refunder
	Saver   payments.Saver
	// Token makes a one-time token as a consumer's browser does.
	Token func(t *testing.T, k Kind) string
	// Days lets days pass at the processor.
	Days func(t *testing.T, n int)
	// LoseAnswer makes the next request do its work and lose its answer.
	LoseAnswer func(t *testing.T)
	// Break makes the next request fail at the processor with nothing done.
	Break func(t *testing.T)
	// Charges counts how often the processor took money for a payment.
	Charges func(t *testing.T, id payments.ID) int
	// Prove lets the consumer pass the 3-D Secure of a setup.
	Prove func(t *testing.T, s payments.Setup)
	// Verify tells what the micro-deposits of a setup said.
	Verify func(t *testing.T, s payments.Setup)
	// Return sends a bank debit back with a return code.
	Return func(t *testing.T, intentID, code string)
	// Unreachable is the same gateway with nobody at the other end.
	Unreachable interface {
		payments.Gateway
		payments.Saver
	}
}

// Run checks a gateway. newRig is called once a test.
func Run(t *testing.T, newRig func(t *testing.T) Rig) {
	for _, c := range slices.Concat(cases, saving) {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t, newRig(t))
		})
	}
}

type testCase struct {
	name string
	run  func(*testing.T, Rig)
}

var cases = []testCase{
	{"STR02_InspectTellsTheFundingBeforeAnythingIsCharged", inspect},
	{"BeginMovesNothingAndAnswersTheSameIntentAgain", begin},
	{"ACardThatWorksIsChargedInFull", chargeCard},
	{"STR07_ChargingTwiceTakesTheMoneyOnce", chargeTwice},
	{"ADeclineIsATruthAndNotAnError", decline},
	{"ALostAnswerIsUnknownAndFetchTellsTheTruth", lostCharge},
	{"STR07_AskingAgainAfterALostAnswerTakesTheMoneyOnce", lostThenAgain},
	{"ABrokenProcessorIsUnknownAndTakesNothing", broken},
	{"NobodyAtTheOtherEndIsUnknown", unreachable},
	{"ThreeDSecureNeedsTheConsumer", challenge},
	{"STR10_ABankPaymentIsProcessingUntilItSettles", bankSettles},
	{"ABankPaymentWithoutFundsFailsWithR01", bankFails},
	{"STR12_ALateReturnWithdrawsASettledBankPayment", bankReturns},
	{"STR14_ADisputeWithdrawsTheMoney", disputed},
	{"CancelGivesUpWhatWasNotConfirmed", cancelOpen},
	{"CancelAfterTheMoneyWasTakenSaysThatItWasTaken", cancelTaken},
	{"APaymentThatWasNeverBegunHoldsNoMoney", neverBegun},
	{"ARefundIsMadeOnceAKey", refundOnce},
	{"STR13_ADisputedPaymentIsNotRefunded", refundDisputed},
	{"STR13_ARefundThatIsOnItsWayIsNotMadeAgain", refundOnItsWay},
	{"AnUnknownTokenIsRefused", unknownToken},
	{"TheHostedPageIsTheSameWhenAskedAgain", samePage},
	{"TheHostedPageWaitsUntilItIsGivenUp", closePage},
}

// Pay is a payment as the service hands it to a gateway, ready to be charged.
func Pay(id string, m payments.Method, amount money.Cents) payments.Payment {
	return payments.Payment{
		ID: payments.ID(id), Reference: "PAY-7KQ2M9XD", Amount: amount, Method: m,
		Consent: payments.Consent{IP: "203.0.113.9", UserAgent: "suite", Language: "es", At: time.Unix(1, 0)},
	}
}

func (k Kind) method() payments.Method {
	switch k {
	case BankGood, BankNoFunds, BankRevoked, BankTyped:
		return payments.BankAccount
	}
	return payments.Card
}

// begun is a payment with an intent and a token.
func begun(t *testing.T, r Rig, k Kind) payments.Payment {
	t.Helper()
	p := Pay("pay_"+t.Name()[len(t.Name())-12:], k.method(), 15000)
	p.Token = r.Token(t, k)
	id, err := r.Gateway.Begin(t.Context(), p)
	if err != nil || id == "" {
		t.Fatalf("begin: %q, %v", id, err)
	}
	p.IntentID = id
	return p
}

// charged is a payment that was charged, and what the gateway answered.
func charged(t *testing.T, r Rig, k Kind) (payments.Payment, payments.Truth) {
	t.Helper()
	p := begun(t, r, k)
	truth, err := r.Gateway.Charge(t.Context(), p)
	if err != nil {
		t.Fatalf("charge: %v", err)
	}
	return p, truth
}

func fetch(t *testing.T, r Rig, p payments.Payment) payments.Truth {
	t.Helper()
	truth, err := r.Gateway.Fetch(t.Context(), p)
	if err != nil {
		t.Fatalf("fetch: %v", err)
	}
	return truth
}

func want[T comparable](t *testing.T, what string, got, expected T) {
	t.Helper()
	if got != expected {
		t.Errorf("%s is %v, want %v", what, got, expected)
	}
}

func wantUnknown(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, payments.ErrUnknownOutcome) {
		t.Errorf("%s: %v, want ErrUnknownOutcome", what, err)
	}
}

func wantRefused(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, payments.ErrRefused) {
		t.Errorf("%s: %v, want ErrRefused", what, err)
	}
}
