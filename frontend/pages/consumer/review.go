package consumer

// The texts whose wording is kept as proof are made here, so that the page and
// the record can not differ.

// AuthorizationText is what a consumer agrees to before a bank account is
// debited once: account, amount, day, and until when it can be stopped (ACH-03,
// REG-02, REG-08). The page shows exactly these paragraphs.
func AuthorizationText(b Base, a Authorization) []string {
	return []string{
		b.T("legal.authorize", "agency", a.AgencyLegalName, "amount", a.Amount, "account", methodWords(b, a.Account), "date", a.On),
		b.T("legal.authorize_once", "date", a.ClearsBy),
		b.T("legal.authorize_revoke", "phone", a.AgencyPhone),
		b.T("legal.authorize_return"),
	}
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
