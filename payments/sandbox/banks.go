package sandbox

// testBank is one of Stripe's test bank accounts (routing number 110000000) and
// what a debit of it does.
type testBank struct {
	account, id string
	fails       string // the return code with which it fails on the settlement day
	returns     string // the return code with which it comes back after success
	soon        bool   // it comes back at once rather than days later
	never       bool   // it stays processing
	overLimit   bool   // it is refused at once: weekly limit
	noDeposits  bool   // micro-deposits cannot be sent to it
	blocked     bool   // it is refused at once: too risky
}

const testRouting = "110000000"

// testBanks is Stripe's table, but for debitNotAuthorized: see doc.go.
var testBanks = []testBank{
	{account: "000123456789", id: "success"},
	{account: "000111111113", id: "accountClosed", fails: "R02"},
	{account: "000111111116", id: "noAccount", fails: "R03"},
	{account: "000222222227", id: "insufficientFunds", fails: "R01"},
	{account: "000333333335", id: "debitNotAuthorized", returns: "R10"},
	{account: "000555555559", id: "dispute", returns: "R10", soon: true},
	{account: "000666666661", id: "failMicrodeposits", noDeposits: true},
	{account: "000777777771", id: "weeklyLimitExceeded", overLimit: true},
	{account: "000000000009", id: "processing", never: true},
	{account: "000000004954", id: "riskLevelHighest", blocked: true},
}

func bankByAccount(account string) (testBank, bool) {
	for _, b := range testBanks {
		if b.account == account {
			return b, true
		}
	}
	return testBank{}, false
}

func bankByID(name string) (testBank, bool) {
	for _, b := range testBanks {
		if b.id == name {
			return b, true
		}
	}
	return testBank{}, false
}

// returnCode says how Stripe words a return of the network: as the failure of a
// debit that has not succeeded, and as the dispute of one that has.
type returnCode struct {
	failure, message string
	reason           string // of the dispute
	blocks           bool   // the account is of no use any more
}

const unauthorizedDebit = "The customer has notified their bank that this payment was unauthorized."

var returnCodes = map[string]returnCode{
	"R01": {"insufficient_funds", "The customer's account has insufficient funds to cover this payment.", "insufficient_funds", false},
	"R02": {"account_closed", "The customer's bank account has been closed.", "bank_cannot_process", true},
	"R03": {"no_account", "The customer's bank account could not be located.", "incorrect_account_details", true},
	"R04": {"no_account", "The customer's bank account number is not valid.", "incorrect_account_details", true},
	"R05": {"debit_not_authorized", unauthorizedDebit, "debit_not_authorized", true},
	"R07": {"debit_not_authorized", unauthorizedDebit, "debit_not_authorized", true},
	"R08": {"debit_not_authorized", "The customer has stopped this payment.", "debit_not_authorized", true},
	"R09": {"insufficient_funds", "The customer's account has uncollected funds.", "insufficient_funds", false},
	"R10": {"debit_not_authorized", unauthorizedDebit, "debit_not_authorized", true},
	"R11": {"debit_not_authorized", unauthorizedDebit, "debit_not_authorized", true},
	"R16": {"bank_account_restricted", "The customer's bank account is frozen.", "bank_cannot_process", true},
	"R20": {"bank_account_unusable", "The customer's bank account does not allow debits.", "bank_cannot_process", true},
	"R29": {"debit_not_authorized", unauthorizedDebit, "debit_not_authorized", true},
}

// validRouting checks the nine digits of a routing number.
func validRouting(n string) bool {
	if len(n) != 9 {
		return false
	}
	sum := 0
	for i, weight := range []int{3, 7, 1, 3, 7, 1, 3, 7, 1} {
		if n[i] < '0' || n[i] > '9' {
			return false
		}
		sum += weight * int(n[i]-'0')
	}
	return sum%10 == 0
}
