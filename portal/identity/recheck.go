package identity

import (
	"context"
	"fmt"
	"time"

	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/notice"
)

// Recheck asks once more, as a message is about to leave (COM-01, SMS-02). It
// is a notice.Guard. All fields are required.
type Recheck struct {
	People     People
	Book       *contact.Book
	Permission Permission
	Receipts   Receipts
	Now        func() time.Time
}

// Receipts answers as Permission does, of a word about money that the person sent
// themselves; of is the debt that it is about, empty where it is of several.
type Receipts interface {
	MayTell(ctx context.Context, id debt.AccountID, of debt.ID) (rule, reason string, err error)
}

var _ notice.Guard = (*Recheck)(nil)

// MaySend implements notice.Guard.
func (g *Recheck) MaySend(ctx context.Context, m notice.Message) (string, error) {
	p, err := g.People.Person(ctx, m.AccountID)
	if err != nil {
		return "", fmt.Errorf("person: %w", err)
	}
	to := p.Reach()
	to.DebtID, to.Leaving = m.DebtID, true
	if m.Kind.Elsewhere() {
		to.Phone, to.Email = m.To, m.To
	}
	if m.Channel == contact.SMS && !m.Kind.Asked() {
		if err := g.Book.Freshen(ctx, to); err != nil {
			return "", err
		}
	}
	known, err := g.Book.Preferences(ctx, to, m.Channel)
	if err != nil {
		return "", err
	}
	if known.On && known.Address != m.To {
		return "address_changed", nil
	}
	known.Asked, known.Owed = m.Kind.Asked(), m.Kind.Owed() || m.Asked
	known.Security = m.Kind.Security()
	if ok, why := contact.May(known, m.Channel, g.Now()); !ok {
		return string(why), nil
	}
	if known.Asked {
		return "", nil
	}
	var reason string
	if m.Kind.Receipt() {
		_, reason, err = g.Receipts.MayTell(ctx, m.AccountID, m.DebtID)
	} else {
		_, reason, err = g.Permission.MayWrite(ctx, m.AccountID)
	}
	return reason, err
}
