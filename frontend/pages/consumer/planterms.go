package consumer

import (
	"strings"

	"quittance/payments/money"
)

// PlanTerms are the terms of a plan that a person agrees to: account, each
// amount and date, the end, and how to stop (REG-02, REG-06).
type PlanTerms struct {
	AgencyLegalName string
	AgencyPhone     string
	Creditor        string
	Original        string // first owed to; may be empty
	Account         string // ending of the account at the creditor; may be empty
	What            string
	Kind            PlanKind
	Method          MethodView // empty: each payment is made by hand
	Meanwhile       Meanwhile
	Old             MethodView // of MeanwhileOld
	Lines           []PlanLine
	Total, Forgiven money.Cents
	// Email is the masked address on file, to which the notice of each payment
	// goes; empty: notices come by mail (PDN-03).
	Email string
}

// Meanwhile is how a running plan is paid while the bank checks its new account.
type Meanwhile string

// What happens until then.
const (
	MeanwhileNone    Meanwhile = ""        // there is nothing before it
	MeanwhileOld     Meanwhile = "old"     // the account or card until now is charged
	MeanwhileHand    Meanwhile = "hand"    // each payment is made by hand
	MeanwhileNothing Meanwhile = "nothing" // nothing is taken
)

// PlanText is what a person agrees to, in three parts. The page shows exactly
// these paragraphs and String is what is kept of them.
type PlanText struct{ Lead, Dates, Rest []string }

// String is the whole text, a paragraph a line.
func (t PlanText) String() string {
	all := append(append(append([]string(nil), t.Lead...), t.Dates...), t.Rest...)
	return strings.Join(all, "\n")
}

// PlanAuthorizationText is what is agreed to when a plan is signed or changed.
func PlanAuthorizationText(b Base, t PlanTerms) PlanText {
	text := PlanText{Lead: t.lead(b)}
	for _, l := range t.Lines {
		text.Dates = append(text.Dates, b.T("legal.plan_line", "date", l.Date, "amount", l.Amount))
	}
	text.Rest = append(t.end(b), t.stop(b)...)
	return text
}

func (t PlanTerms) lead(b Base) []string {
	lead := []string{b.T("legal.plan_debt", "agency", t.AgencyLegalName, "creditor", t.Creditor, "what", t.What)}
	if t.Original != "" && t.Original != t.Creditor {
		lead = append(lead, b.T("legal.plan_original", "original", t.Original))
	}
	if t.Account != "" {
		lead = append(lead, b.T("legal.plan_account", "digits", t.Account))
	}
	if t.Method.Kind == MethodNone {
		return append(lead, b.T("legal.plan_by_hand", "agency", t.AgencyLegalName))
	}
	lead = append(lead, b.T("legal.plan_authorize", "agency", t.AgencyLegalName, "account", methodWords(b, t.Method)))
	return append(lead, t.meanwhile(b)...)
}

func (t PlanTerms) meanwhile(b Base) []string {
	switch t.Meanwhile {
	case MeanwhileOld:
		return []string{b.T("legal.plan_until_old", "account", methodWords(b, t.Old))}
	case MeanwhileHand:
		return []string{b.T("legal.plan_until_hand")}
	case MeanwhileNothing:
		return []string{b.T("legal.plan_until_nothing")}
	}
	return nil
}

func (t PlanTerms) end(b Base) []string {
	if len(t.Lines) == 0 {
		return nil
	}
	last := t.Lines[len(t.Lines)-1]
	rest := []string{
		b.T("legal.plan_end", "date", last.Date, "amount", last.Amount, "n", len(t.Lines), "total", t.Total),
		b.T("legal.plan_no_cost"),
	}
	if t.Forgiven > 0 {
		return append(rest, b.T("legal.plan_forgiven", "amount", t.Forgiven), b.T("legal.plan_forgiven_missed"), b.T("legal.plan_less_settled"))
	}
	return append(rest, b.T("legal.plan_less"))
}

func (t PlanTerms) stop(b Base) []string {
	if t.Method.Kind == MethodNone {
		return []string{b.T("legal.plan_hand_stop", "phone", t.AgencyPhone)}
	}
	return []string{
		b.T("legal.plan_not_before"),
		t.notices(b),
		b.T("legal.plan_stop", "phone", t.AgencyPhone),
		b.T("legal.plan_stop_bank"),
		b.T("legal.plan_hand_too"),
		b.T("legal.plan_other_amount"),
		b.T("legal.authorize_return"),
	}
}

// notices says how each payment is announced, and is the consent to e-mail for
// it (PDN-03, COM-05).
func (t PlanTerms) notices(b Base) string {
	if t.Email == "" {
		return b.T("legal.plan_notice_mail", "agency", t.AgencyLegalName)
	}
	return b.T("legal.plan_notice_email", "agency", t.AgencyLegalName, "email", t.Email, "phone", t.AgencyPhone)
}
