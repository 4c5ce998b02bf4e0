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
func (p *Pages) channels(ctx context.Context, l look) ([]console.Channel, error) {
	var channels []console.Channel
	for _, ch := range []contact.Channel{contact.SMS, contact.Email} {
		channel, err := p.channel(ctx, l, ch)
		if err != nil {
			return nil, err
		}
		channels = append(channels, channel)
	}
	return channels, nil
}

func (p *Pages) channel(ctx context.Context, l look, ch contact.Channel) (console.Channel, error) {
	c := l.account.Consumer
	channel := console.Channel{Kind: string(ch), To: contact.Masked(ch, contact.Address(ch, c.Phone, c.Email))}
	if channel.Closed = l.silenced(); channel.Closed != "" {
		return channel, nil
	}
	known, err := p.Links.Book.Preferences(ctx, contact.Person{AccountID: l.account.ID, Phone: c.Phone, Email: c.Email, State: c.Address.State, ZIP: c.Address.PostalCode}, ch)
	if err != nil {
		return channel, err
	}
	_, why := contact.May(known, ch, l.now)
	if why == contact.NoConsent || why == contact.ConsentTooOld {
		// The person may agree on this very call; then only the hour counts.
		channel.Consent = true
		known.Consents = []contact.Consent{{Basis: contact.DirectConsent, At: l.now}}
		_, why = contact.May(known, ch, l.now)
	}
	if why != "" {
		channel.Closed = inWords(string(why), why.Rule())
	}
	return channel, nil
}

func (l look) outbound(d debt.Debt) gate.Decision {
	decision, _ := l.place(d).Decide(gate.Outbound, gate.Facts{})
	return decision
}

// silenced is why nothing may be written to this consumer at all; empty when
// one debt allows it.
func (l look) silenced() string {
	closed := inWords("no_debt", "GEN-01")
	for i, s := range l.statements {
		d := l.outbound(s.Debt)
		if d.Allowed {
			return ""
		}
		if i == 0 {
			closed = inWords(string(d.Reason), d.RuleIDs...)
		}
	}
	return closed
}
