package consumer

import "quittance/frontend/paths"

// The texts whose wording is kept as proof are made here, so that the page and
// the record can not differ.

// AuthorizationText is what a consumer agrees to before a bank account is
// debited once: account, amount, day, and until when it can be stopped (ACH-03,
// REG-02, REG-08); or a saved card is charged once. Of what a plan is charged with it
// says that this is apart from the plan's permission, which covers no other amount
// or day. The page shows exactly these paragraphs.
func AuthorizationText(b Base, a Authorization) []string {
	var text []string
	if a.Account.Kind == MethodCard {
		text = []string{
			b.T("legal.authorize_card", "agency", a.AgencyLegalName, "amount", a.Amount, "card", methodWords(b, a.Account), "date", a.On),
			b.T("legal.authorize_card_once", "phone", a.AgencyPhone),
		}
	} else {
		text = []string{
			b.T("legal.authorize", "agency", a.AgencyLegalName, "amount", a.Amount, "account", methodWords(b, a.Account), "date", a.On),
			b.T("legal.authorize_once", "date", a.ClearsBy),
			b.T("legal.authorize_revoke", "phone", a.AgencyPhone),
			b.T("legal.authorize_return"),
		}
	}
	if a.Saved {
		text = append(text, b.T("legal.authorize_apart"))
	}
	return text
}

// permission and agree are the words of the box beside it.
func (p Review) permission() (title, agree string) {
	if p.Method.Kind == MethodCard {
		return p.T("plan.text"), p.T("legal.authorize_card_yes")
	}
	return p.T("review.authorize_title"), p.T("legal.authorize_yes")
}

// changes is where the choice behind the payment is made again.
func (p Review) changes() string {
	if p.Plan != nil {
		return paths.PlanPay(p.Plan.PlanID)
	}
	return paths.Choose
}

// before is the step before this one: what is saved is not given again.
func (p Review) before() string {
	if p.Authorization != nil && p.Authorization.Saved {
		return p.changes()
	}
	return paths.Method(p.PaymentID)
}

// tell is what the box agrees to.
func (p Review) tell() string {
	if p.Tell.ByText {
		return p.T("review.tell_sms", "to", p.Tell.To)
	}
	return p.T("review.tell_email", "to", p.Tell.To)
}

func (p Review) tellHint() string {
	hint := p.T("review.tell_hint")
	if p.Tell.AtWork {
		hint = p.T("reach.attest") + ". " + p.T("reach.attest_hint") + " " + hint
	}
	return hint
}

// DisclosureText is what is shown of one debt before it is paid: the original
// creditor, something that tells the debt apart, and where more is to be found
// (AMT-08).
func DisclosureText(b Base, l ReviewLine) []string {
	original := l.OriginalCreditor
	if original == "" {
		original = l.Creditor
	}
	first := b.T("review.first_owed", "original", original)
	if l.What != "" {
		first = b.T("review.for", "what", l.What) + " " + first
	}
	text := []string{first}
	if l.AccountEnding != "" {
		text = append(text, b.T("review.ending", "digits", l.AccountEnding))
	}
	if !l.Since.IsZero() {
		text = append(text, b.T("review.since", "date", l.Since))
	}
	return text
}
