package consumer

import (
	"quittance/frontend/pages/consumer"
	"quittance/payments"
)

// reasons puts the processor's codes into what a person can do about them. A
// code that is not here is "it did not go through": nobody is blamed (look.md).
var reasons = map[string]consumer.Reason{
	"card_declined":                         consumer.ReasonDeclined,
	"generic_decline":                       consumer.ReasonDeclined,
	"do_not_honor":                          consumer.ReasonDeclined,
	"insufficient_funds":                    consumer.ReasonFunds,
	"expired_card":                          consumer.ReasonExpired,
	"incorrect_cvc":                         consumer.ReasonIncorrect,
	"incorrect_number":                      consumer.ReasonIncorrect,
	"incorrect_zip":                         consumer.ReasonIncorrect,
	"invalid_cvc":                           consumer.ReasonIncorrect,
	"invalid_number":                        consumer.ReasonIncorrect,
	"invalid_expiry_month":                  consumer.ReasonIncorrect,
	"invalid_expiry_year":                   consumer.ReasonIncorrect,
	"authentication_required":               consumer.ReasonAuthentication,
	"payment_intent_authentication_failure": consumer.ReasonAuthentication,
	"card_not_supported":                    consumer.ReasonLimit,
	"transaction_not_allowed":               consumer.ReasonLimit,
	"currency_not_supported":                consumer.ReasonLimit,
	"withdrawal_count_limit_exceeded":       consumer.ReasonLimit,
	"card_velocity_exceeded":                consumer.ReasonLimit,
	"account_closed":                        consumer.ReasonAccountClosed,
	"bank_account_closed":                   consumer.ReasonAccountClosed,
	"no_account":                            consumer.ReasonAccountClosed,
	"invalid_account_number":                consumer.ReasonAccountClosed,
	"debit_not_authorized":                  consumer.ReasonNotAuthorized,
	"bank_account_restricted":               consumer.ReasonLimit,
	"payment_method_bank_account_blocked":   consumer.ReasonLimit,
}

// returns does so for the codes by which banks send ACH debits back (ACH-08).
var returns = map[string]consumer.Reason{
	"R01": consumer.ReasonFunds,
	"R02": consumer.ReasonAccountClosed,
	"R03": consumer.ReasonAccountClosed,
	"R04": consumer.ReasonAccountClosed,
	"R05": consumer.ReasonNotAuthorized,
	"R07": consumer.ReasonNotAuthorized,
	"R08": consumer.ReasonStopped,
	"R09": consumer.ReasonFunds,
	"R10": consumer.ReasonNotAuthorized,
	"R11": consumer.ReasonNotAuthorized,
	"R16": consumer.ReasonLimit,
	"R20": consumer.ReasonLimit,
	"R29": consumer.ReasonNotAuthorized,
}

func reasonOf(f payments.Failure) consumer.Reason {
	if reason, known := returns[f.ReturnCode]; known {
		return reason
	}
	return reasons[f.Code]
}
