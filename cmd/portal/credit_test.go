package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/outbox"
	"quittance/portal/store/storetest"
)

// owe hands in, over the API, a file in which the first debt of a sample person
// stands as said, as of the first instant of the day.
func (r *rehearsal) owe(t *testing.T, ref string, version int, balance money.Cents, status debt.Status) string {
	t.Helper()
	return r.places(t, r.row(t, ref, 0, version, balance, status))
}

// debtsOf reads the debts of a sample person, in the order of their file.
func (r *rehearsal) debtsOf(t *testing.T, ref string) []debt.Statement {
	t.Helper()
	id, _, err := r.FirstDebt(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	all, err := r.Portal.Store.AccountStatements(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(all, func(a, b debt.Statement) int { return strings.Compare(a.Debt.Ref, b.Debt.Ref) })
	return all
}

// row is a file in which one debt of a sample person stands as said, as of the
// first instant of the day.
func (r *rehearsal) row(t *testing.T, ref string, n, version int, balance money.Cents, status debt.Status) string {
	t.Helper()
	st := r.debtsOf(t, ref)[n]
	a, err := r.Portal.Store.Account(t.Context(), st.Debt.AccountID)
	if err != nil {
		t.Fatal(err)
	}
	c, d, i := a.Consumer, st.Debt, st.Debt.Itemization
	return fmt.Sprintf("account_ref,debt_ref,creditor_ref,creditor_name,original_creditor_name,debt_type,account_number_last4,first_name,last_name,"+
		"date_of_birth,address_line1,city,state,postal_code,phone,email,language,itemization_type,itemization_date,itemization_amount,"+
		"interest_added,fees_added,payments_credits,balance,balance_as_of,balance_version,description,status\n"+
		"%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,en,%s,%s,%s,%s,%s,%s,%s,%s,%d,\"%s\",%s\n", ref, d.Ref, d.CreditorRef, d.CreditorName,
		d.OriginalCreditorName, d.Type, d.AccountNumberLast4, c.FirstName, c.LastName, c.DateOfBirth, c.Address.Line1, c.Address.City, c.Address.State,
		c.Address.PostalCode, c.Phone, c.Email, i.Type, i.Date, i.Amount.Decimal(), i.Interest.Decimal(), i.Fees.Decimal(),
		(i.Amount + i.Interest + i.Fees - balance).Decimal(), balance.Decimal(), civil.Of(r.Clock.Now().UTC()), version, d.Description, status)
}

// places hands in a file over the API and returns the report.
func (r *rehearsal) places(t *testing.T, file string) string {
	t.Helper()
	status, body := r.call(t, r.bearer(t, "", identity.PlacementsWrite), http.MethodPost, "/api/v1/placements", "text/csv", []byte(file))
	if status >= 300 || strings.Contains(body, `"refused":1`) {
		t.Fatalf("%d %s", status, body)
	}
	return body
}

// holds reads what the API says of the first debt of a sample person.
func (r *rehearsal) standsAt(t *testing.T, ref string) (owed, credit money.Cents) {
	t.Helper()
	_, st, err := r.FirstDebt(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	return st.Owed, st.Credit
}

// says holds pages of a signed-in person against what they must say.
func (p *payer) says(t *testing.T, path string, wants ...string) {
	t.Helper()
	page, _ := p.get(path)
	for _, want := range wants {
		if !strings.Contains(page, want) {
			t.Errorf("%s does not say %q:\n%s", path, want, textOf(page))
		}
	}
}

var tags = regexp.MustCompile(`(?s)<(script|style).*?</(script|style)>|<[^>]*>`)

// textOf is the text of a page.
func textOf(page string) string {
	return strings.Join(strings.Fields(tags.ReplaceAllString(page, " ")), " ")
}

// finance signs in who may send money back.
func (r *rehearsal) finance(t *testing.T) *agent {
	t.Helper()
	const email, password = "fin@acme.example", "correct horse battery staple"
	if _, err := r.Portal.Desk.Add(t.Context(), email, "Fin", password, identity.RoleFinance); err != nil && !errors.Is(err, identity.ErrTaken) {
		t.Fatal(err)
	}
	a := newAgent(t, r.URL)
	if status := a.signIn(email, password); status != http.StatusSeeOther {
		t.Fatalf("finance: %d", status)
	}
	return a
}

var creditForm = regexp.MustCompile(`action="(/console/credits/crd_[A-Z0-9]+)"`)

// waits is the address of the first credit in the queue.
func (a *agent) waits() string {
	a.t.Helper()
	_, page := a.get("/console/credits")
	found := creditForm.FindStringSubmatch(page)
	if found == nil {
		a.t.Fatalf("no credit waits: %s", textOf(page))
	}
	return found[1]
}

// presses a button of a credit, as the page shows it now.
func (a *agent) presses(credit, act string) (int, string) {
	a.t.Helper()
	return a.do(http.MethodPost, credit, url.Values{"act": {act}, "amount": {a.amountOf("/console/credits", credit, act)}})
}

var hiddenAmount = regexp.MustCompile(`name="amount" value="([^"]*)"`)

// amountOf is the amount in the first form of a page that holds all the words;
// empty where none does.
func (a *agent) amountOf(path string, words ...string) string {
	a.t.Helper()
	_, page := a.get(path)
	for _, form := range strings.Split(page, "<form")[1:] {
		form, _, _ = strings.Cut(form, "</form>")
		found := hiddenAmount.FindStringSubmatch(form)
		if found != nil && !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(form, `"`+w+`"`) }) {
			return found[1]
		}
	}
	return ""
}

// decidesHeld says what becomes of held money, as the page shows it now.
func (a *agent) decidesHeld(form url.Values) (int, string) {
	a.t.Helper()
	if amount := a.amountOf("/console/held", form.Get("payment"), form.Get("debt")); amount != "" {
		form.Set("amount", amount)
	}
	return a.do(http.MethodPost, "/console/held", form)
}

func (a *agent) sees(want string, there bool) {
	a.t.Helper()
	status, page := a.get("/console/credits")
	if status != http.StatusOK || strings.Contains(page, want) != there {
		a.t.Errorf("%d, %q there: %v\n%s", status, want, !there, textOf(page))
	}
}

func (r *rehearsal) moves(t *testing.T, days int) {
	t.Helper()
	if err := r.MoveDays(t.Context(), days); err != nil {
		t.Fatal(err)
	}
}

// balanced compares our books with the system of record's, and asks the ledger
// whether it sums to zero.
func (r *rehearsal) balanced(t *testing.T) {
	t.Helper()
	if err := r.Portal.Store.CheckLedger(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestAMT07_F1_MoreThanIsOwedIsACreditThatIsToldAndSentBack pays all of a debt
// from a bank account and lets a file lower the balance while the bank moves the
// money (F1, the first case).
func TestAMT07_F1_MoreThanIsOwedIsACreditThatIsToldAndSentBack(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		paid, err := r.Pay(t.Context(), "A-1002", "key-1", 482_17, payments.BankAccount, "pm_usBankAccount_success")
		if err != nil {
			t.Fatal(err)
		}
		r.owe(t, "A-1002", 2, 332_17, debt.Active)
		r.moves(t, 7)
		if owed, credit := r.standsAt(t, "A-1002"); owed != -150_00 || credit != 150_00 {
			t.Errorf("owed %s, a credit of %s", owed, credit)
		}
		id, st, _ := r.FirstDebt(t.Context(), "A-1002")
		told := r.told(t, id, outbox.PaymentOverpaid)
		if len(told) != 1 || told[0].Credit.AmountCents != 150_00 || told[0].Credit.DebtRef != "A-1002-1" || told[0].Credit.PaymentReference != paid.Reference {
			t.Errorf("told %d times: %+v", len(told), told)
		}
		const sentence = "You paid $150.00 more than was owed"
		ben := r.visitor(t, "A-1002")
		ben.says(t, "/account", sentence+". We send it back.")
		ben.says(t, "/debts/"+string(st.Debt.ID), sentence+". We send it back.")
		ben.says(t, "/payments/"+string(paid.ID), sentence+" to Riverside Hospital. We send it back.")
		_, body := r.call(t, r.bearer(t, "", identity.AccountsRead), http.MethodGet, "/api/v1/accounts/A-1002/balance", "", nil)
		if !strings.Contains(body, `"credit_cents":15000`) || !strings.Contains(body, `"payable_cents":0`) {
			t.Error(body)
		}
		fin := r.finance(t)
		fin.sees("Send back $150.00", true)
		fin.sees("can still take this payment back until", true)
		it := fin.waits()
		if status, page := fin.presses(it, "refund"); status != http.StatusSeeOther {
			t.Fatalf("%d %s", status, textOf(page))
		}
		fin.sees("$150.00 is on its way back", true)
		if status, _ := fin.presses(it, "refund"); status != http.StatusUnprocessableEntity {
			t.Errorf("a second press: %d", status)
		}
		r.moves(t, 8)
		if owed, credit := r.standsAt(t, "A-1002"); owed != 0 || credit != 0 {
			t.Errorf("afterwards: owed %s, a credit of %s", owed, credit)
		}
		if sent := r.told(t, id, outbox.PaymentRefunded); len(sent) != 1 || sent[0].Payment.Allocations[0].ChangeCents != 150_00 {
			t.Errorf("sent back: %+v", sent)
		}
		r.finance(t).sees("crd_", false)
		if page, _ := r.visitor(t, "A-1002").get("/account"); strings.Contains(page, sentence) {
			t.Error("the page still tells of it")
		}
		r.balanced(t)
	})
}

// TestAMT07_F1_AFileThatDoesNotShowACreditLeavesItStanding lets the next file say
// that nothing is owed, of books that know of no credit (F1, the second and third
// case).
func TestAMT07_F1_AFileThatDoesNotShowACreditLeavesItStanding(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		if _, err := r.Pay(t.Context(), "A-1002", "key-1", 482_17, payments.BankAccount, "pm_usBankAccount_success"); err != nil {
			t.Fatal(err)
		}
		r.owe(t, "A-1002", 2, 0, debt.Paid) // paid another way meanwhile
		r.moves(t, 7)
		const sentence = "You paid $482.17 more than was owed. We send it back."
		r.visitor(t, "A-1002").says(t, "/account", sentence)
		r.moves(t, 1)
		report := r.owe(t, "A-1002", 3, 0, debt.Paid)
		if !strings.Contains(report, "credit_kept") {
			t.Errorf("the report does not say so: %s", report)
		}
		if owed, credit := r.standsAt(t, "A-1002"); owed != 0 || credit != 482_17 {
			t.Errorf("owed %s, a credit of %s", owed, credit)
		}
		r.visitor(t, "A-1002").says(t, "/account", sentence)
		fin := r.finance(t)
		fin.sees("$482.17 of it is not in the last file", true)
		if status, page := fin.presses(fin.waits(), "elsewhere"); status != http.StatusSeeOther {
			t.Fatalf("%d %s", status, textOf(page))
		}
		fin.sees("crd_", false)
		if owed, credit := r.standsAt(t, "A-1002"); owed != 0 || credit != 0 {
			t.Errorf("afterwards: owed %s, a credit of %s", owed, credit)
		}
		r.balanced(t)
	})
}

// TestAMT07_F1_BooksThatStateACreditSettleItThemselves places a balance below
// zero, and then none, in the words of the agency's own books.
func TestAMT07_F1_BooksThatStateACreditSettleItThemselves(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		r.owe(t, "A-1002", 2, -87_83, debt.Active)
		if owed, credit := r.standsAt(t, "A-1002"); owed != -87_83 || credit != 87_83 {
			t.Errorf("owed %s, a credit of %s", owed, credit)
		}
		r.visitor(t, "A-1002").says(t, "/account", "There is $87.83 here that is yours. We send it back.", "You do not owe us anything.")
		fin := r.finance(t)
		fin.sees("$87.83", true)
		if id, _, _ := r.FirstDebt(t.Context(), "A-1002"); len(r.told(t, id, outbox.PaymentOverpaid)) != 0 {
			t.Error("the system of record was told what it said itself")
		}
		r.owe(t, "A-1002", 3, 0, debt.Active)
		fin.sees("crd_", false)
		if owed, credit := r.standsAt(t, "A-1002"); owed != 0 || credit != 0 {
			t.Errorf("afterwards: owed %s, a credit of %s", owed, credit)
		}
		r.balanced(t)
	})
}

// TestAMT07_F04_ABalanceBelowZeroIsTakenIn reads the public case.
func TestAMT07_F04_ABalanceBelowZeroIsTakenIn(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		for _, name := range []string{"F03-base.setup.csv", "F04-credit-balance.csv"} {
			r.places(t, string(read(t, "testdata/cases/"+name)))
		}
		code, err := r.Portal.Codebook().ReferenceCode(t.Context(), "BK-1")
		if err != nil {
			t.Fatal(err)
		}
		r.comesIn(t, code.Code, "12207").says(t, "/account", "There is $87.83 here that is yours. We send it back.", "You do not owe us anything.")
	})
}

// TestSTR14_F1_ADisputeThatIsWonAfterItWasPaidAgainIsACredit (F1, the fourth
// case).
func TestSTR14_F1_ADisputeThatIsWonAfterItWasPaidAgainIsACredit(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		ctx := t.Context()
		first, err := r.Pay(ctx, "A-1002", "key-1", 40_00, payments.Card, "pm_card_visa")
		if err != nil {
			t.Fatal(err)
		}
		of := r.Processor.Dispute(first.IntentID, "fraudulent")
		r.moves(t, 1)
		if owed, _ := r.standsAt(t, "A-1002"); owed != 482_17 {
			t.Fatalf("owed %s while the dispute is open", owed)
		}
		if _, err := r.Pay(ctx, "A-1002", "key-2", 482_17, payments.Card, "pm_card_visa"); err != nil {
			t.Fatal(err)
		}
		if !r.Processor.DecideDispute(of, true) {
			t.Fatal("the dispute is not open")
		}
		r.moves(t, 2)
		if owed, credit := r.standsAt(t, "A-1002"); owed != -40_00 || credit != 40_00 {
			t.Errorf("owed %s, a credit of %s", owed, credit)
		}
		r.visitor(t, "A-1002").says(t, "/account", "You paid $40.00 more than was owed. We send it back.")
		fin := r.finance(t)
		if status, page := fin.presses(fin.waits(), "refund"); status != http.StatusSeeOther {
			t.Fatalf("%d %s", status, textOf(page))
		}
		r.moves(t, 1)
		if owed, credit := r.standsAt(t, "A-1002"); owed != 0 || credit != 0 {
			t.Errorf("afterwards: owed %s, a credit of %s", owed, credit)
		}
	})
}
