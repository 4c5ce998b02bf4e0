package stripegw

import (
	"regexp"

	"github.com/stripe/stripe-go/v79"

	"quittance/payments"
)

// returnCodes is the Nacha return code behind the processor's word for a bank's
// refusal, before or after the money was taken (rules.md J). Where several
// codes share a word the most cautious one stands: R10 stops the mandate and
// opens a review.
var returnCodes = map[string]string{
	"insufficient_funds":                  "R01",
	"account_closed":                      "R02",
	"bank_account_closed":                 "R02",
	"no_account":                          "R03",
	"bank_account_bad_routing_numbers":    "R03",
	"incorrect_account_details":           "R03",
	"account_number_invalid":              "R04",
	"invalid_account_number":              "R04",
	"bank_account_invalid_details":        "R04",
	"debit_not_authorized":                "R10",
	"bank_account_restricted":             "R16",
	"bank_account_frozen":                 "R16",
	"bank_cannot_process":                 "R16",
	"bank_account_unusable":               "R20",
	"payment_method_bank_account_blocked": "R16",
}

// returnCode is the form of a Nacha return code.
var returnCode = regexp.MustCompile(`^R[0-9]{2}$`)

// failure words a refused attempt, of an intent or (nil) a setup. A bank account's own return code, where the
// processor names it, is believed over the table.
func failure(se *stripe.Error, pi *stripe.PaymentIntent, method payments.Method) payments.Failure {
	f := payments.Failure{Code: code(se)}
	if method != payments.BankAccount {
		return f
	}
	f.ReturnCode = blockedCode(se.PaymentMethod)
	if f.ReturnCode == "" && pi != nil {
		f.ReturnCode = blockedCode(pi.PaymentMethod)
	}
	if f.ReturnCode == "" {
		f.ReturnCode = returnCodes[f.Code]
	}
	return f
}

// blockedCode is the network's code for which an account was blocked (STR-15).
func blockedCode(m *stripe.PaymentMethod) string {
	if m == nil || m.USBankAccount == nil || m.USBankAccount.StatusDetails == nil || m.USBankAccount.StatusDetails.Blocked == nil {
		return ""
	}
	return string(m.USBankAccount.StatusDetails.Blocked.NetworkCode)
}

// disputeFailure words a dispute. The processor's dispute has no bank account
// type at this version, so the charge's type decides (STR-12). The network's own
// code, where it is named, is believed over the table.
func disputeFailure(d *stripe.Dispute, method payments.Method) payments.Failure {
	f := payments.Failure{Code: string(d.Reason)}
	switch {
	case method != payments.BankAccount:
	case returnCode.MatchString(d.NetworkReasonCode):
		f.ReturnCode = d.NetworkReasonCode
	default:
		f.ReturnCode = returnCodes[f.Code]
	}
	return f
}
