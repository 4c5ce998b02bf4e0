package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// formView is a page with fields.
type formView struct {
	view
	Types       []string
	Method      string
	AccountType string
	About       string
	CancelURL   string
	Problem     string            // what went wrong with the whole
	Values      map[string]string // what was typed, but for secrets
	Wrong       map[string]string // what is wrong, by field
}

// Both says whether the person has a choice.
func (v formView) Both() bool { return len(v.Types) > 1 }

// Has says whether a way to pay is offered.
func (v formView) Has(kind string) bool {
	for _, t := range v.Types {
		if t == kind {
			return true
		}
	}
	return false
}

// Button is the sentence on the button.
func (v formView) Button() string { return fmt.Sprintf(v.T("pay_now"), dollars(v.Amount)) }

// Words are the phrases for errors the frame's script may need.
func (v formView) Words() string {
	out, _ := json.Marshal(refusals(v.Lang))
	return string(out)
}

type fieldView struct{ Name, Label, Mode, Auto, Max, Value, Wrong string }

// Field describes one input.
func (v formView) Field(name string) fieldView {
	f := fieldView{Name: name, Label: v.T(name), Mode: "numeric", Auto: "off", Max: "23", Value: v.Values[name], Wrong: v.Wrong[name]}
	switch name {
	case "number":
		f.Auto = "cc-number"
	case "expiry":
		f.Auto, f.Max = "cc-exp", "7"
	case "cvc":
		f.Auto, f.Max = "cc-csc", "4"
	case "zip":
		f.Auto, f.Max = "postal-code", "10"
	case "name":
		f.Mode, f.Auto, f.Max = "", "name", "100"
	case "routing":
		f.Max = "9"
	case "account":
		f.Max = "17"
	case "code":
		f.Mode, f.Max = "", "6"
	}
	return f
}

// typedMethod turns the fields of a form into the parameters of a new method.
// It returns what is missing, by field.
func typedMethod(r *http.Request) (params, map[string]string) {
	value := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	wrong := map[string]string{}
	need := func(name, code string) string {
		if value(name) == "" {
			wrong[name] = code
		}
		return value(name)
	}
	kind := orString(value("method"), "card")
	fields := []param{{flat: "type", value: kind}}
	add := func(flat, value string) { fields = append(fields, param{flat: flat, value: value}) }
	if kind == "us_bank_account" {
		add("billing_details.name", need("name", "incomplete_name"))
		add("us_bank_account.routing_number", need("routing", "incomplete_routing"))
		add("us_bank_account.account_number", need("account", "incomplete_account"))
		add("us_bank_account.account_type", value("account_type"))
		if value("deposits") != "" {
			add("us_bank_account.verification_method", "microdeposits")
		}
		return fields, wrong
	}
	month, year, ok := parseExpiry(need("expiry", "incomplete_expiry"))
	if !ok {
		wrong["expiry"] = "incomplete_expiry"
	}
	add("card.number", need("number", "incomplete_number"))
	add("card.cvc", need("cvc", "incomplete_cvc"))
	add("card.exp_month", month)
	add("card.exp_year", year)
	add("billing_details.address.postal_code", value("zip"))
	return fields, wrong
}

// parseExpiry reads MM/YY, MMYY, MM / YYYY and the like.
func parseExpiry(text string) (month, year string, ok bool) {
	month, year, cut := strings.Cut(strings.ReplaceAll(text, " ", ""), "/")
	if digits := month; !cut && (len(digits) == 4 || len(digits) == 6) {
		month, year = digits[:2], digits[2:]
	}
	_, err1 := strconv.ParseUint(month, 10, 8)
	_, err2 := strconv.ParseUint(year, 10, 16)
	return month, year, err1 == nil && err2 == nil && (len(year) == 2 || len(year) == 4)
}

// fieldOf says beside which field an error belongs; "" above the form.
func fieldOf(e *apiError) string {
	switch e.Code {
	case "incorrect_number":
		return "number"
	case "invalid_expiry_month", "invalid_expiry_year":
		return "expiry"
	case "invalid_cvc":
		return "cvc"
	case "routing_number_invalid":
		return "routing"
	case "account_number_invalid":
		return "account"
	}
	return ""
}

// said is an error in the person's language.
func said(lang string, e *apiError) string {
	for _, code := range []string{e.DeclineCode, e.Code} {
		if _, ok := phrases["error."+code]; ok {
			return phrase(lang, "error."+code)
		}
	}
	switch {
	case strings.HasSuffix(e.Code, "mismatch"):
		return phrase(lang, "error.mismatch")
	case e.Code == exceeded:
		return phrase(lang, "error.attempts_exceeded")
	}
	return phrase(lang, "error.other")
}
