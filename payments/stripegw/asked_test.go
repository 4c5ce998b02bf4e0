package stripegw

import (
	"slices"
	"strings"
	"testing"

	"quittance/payments"
)

// TestACH01_EveryBankAccountIsValidatedBeforeItIsDebited looks at each way in
// which an account first reaches the processor: none of them may skip it.
func TestACH01_EveryBankAccountIsValidatedBeforeItIsDebited(t *testing.T) {
	t.Parallel()
	g, c := with(t, map[string]string{"POST /v1/customers": `200 {"id":"cus_1","object":"customer"}`})
	p := payment()
	p.IntentID, p.Method = "", payments.BankAccount
	g.Begin(t.Context(), p)
	g.OpenPage(t.Context(), p, "https://a/b", "https://a/c")
	g.SaveMethod(t.Context(), payments.SaveRequest{Key: "k", AccountID: "acc_1", Token: "ctoken_1", Method: payments.BankAccount, Consent: p.Consent})
	asked := 0
	for i, form := range c.forms {
		for name, values := range form {
			if strings.Contains(name, "verification_method") {
				asked++
				if !slices.Equal(values, []string{"automatic"}) {
					t.Errorf("%s: %s is %v", c.seen[i].URL.Path, name, values)
				}
			}
		}
	}
	if asked != 3 {
		t.Errorf("validation was asked for %d times; want for the payment, the hosted page and the saved method", asked)
	}
}

func TestAMT03_CardAndBankAccountCostTheSame(t *testing.T) {
	t.Parallel()
	amounts := map[payments.Method]string{}
	for _, method := range []payments.Method{payments.Card, payments.BankAccount} {
		g, c := with(t, nil)
		p := payment()
		p.IntentID, p.Method = "", method
		g.Begin(t.Context(), p)
		amounts[method] = c.forms[0].Get("amount") + c.forms[0].Get("application_fee_amount")
	}
	if amounts[payments.Card] != "15000" || amounts[payments.BankAccount] != amounts[payments.Card] {
		t.Errorf("amounts %v", amounts)
	}
}
