package console

import (
	"context"

	"quittance/frontend/pages/console"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/gate"
)

// channels says, before the click, which ways are open and which rule closes
// the others (C5). It decides nothing: sending asks again.
func (p *Pages) channels(ctx context.Context, b console.Base, l look) ([]console.Channel, error) {
	var channels []console.Channel
	for _, ch := range []contact.Channel{contact.SMS, contact.Email} {
		channel, err := p.channel(ctx, b, l, ch)
		if err != nil {
			return nil, err
		}
		channels = append(channels, channel)
	}
	return channels, nil
}

func (p *Pages) channel(ctx context.Context, b console.Base, l look, ch contact.Channel) (console.Channel, error) {
	c := l.account.Consumer
	channel := console.Channel{Kind: string(ch), To: contact.Masked(ch, contact.Address(ch, c.Phone, c.Email))}
	if channel.Closed = l.silenced(b); channel.Closed != "" {
		return channel, nil
	}
	known, err := p.Links.Book.Preferences(ctx, contact.Person{AccountID: l.account.ID, Phone: c.Phone, Email: c.Email, State: c.Address.State, ZIP: c.Address.PostalCode}, ch)
	if err != nil {
		return channel, err
	}
	_, why := contact.May(known, ch, l.now)
	if why == contact.NoConsent || why == contact.ConsentTooOld || why == contact.TooMany {
		// The person may ask for it on this very call; then only the hour counts.
		channel.Consent, known.Owed = true, true
		known.Consents = []contact.Consent{{Basis: contact.DirectConsent, At: l.now}}
		_, why = contact.May(known, ch, l.now)
	}
	if why != "" {
		channel.Closed = closed(b, string(why), why.Rule())
	}
	return channel, nil
}

func (l look) outbound(d debt.Debt) gate.Decision {
	decision, _ := l.place(d).Decide(gate.Outbound, gate.Facts{})
	return decision
}

// silenced is why nothing may be written to this consumer at all; empty when
// one debt allows it.
func (l look) silenced(b console.Base) string {
	why := closed(b, "no_debt", "GEN-01")
	for i, s := range l.statements {
		d := l.outbound(s.Debt)
		if d.Allowed {
			return ""
		}
		if i == 0 {
			why = closed(b, string(d.Reason), d.RuleIDs...)
		}
	}
	return why
}
