package gate

import (
	"slices"

	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/pack"
)

// Law knows what the rules of a place come to; pack.Places does.
type Law interface {
	Resolve(f pack.Facts) pack.Effects
}

// Why a place denies everything, in package pack's words.
const (
	StateOff       Reason = pack.NotListed
	LicenseMissing Reason = pack.LicenseMissing
	StateUnknown   Reason = pack.PlaceUnknown
)

// offRules are the rules behind each of them.
var offRules = map[Reason][]string{
	StateOff: {"STA-05"}, LicenseMissing: {"STA-03", "STA-05"}, StateUnknown: {"GEN-03", "STA-05"},
}

// In places a standing where the consumer lives: it returns it with Off filled
// in, and what the law there asks for. Without a Law the portal is off
// (GEN-01).
func (s Standing) In(law Law, home debt.Address, d debt.Debt, day civil.Date) (Standing, pack.Effects) {
	if law == nil {
		s.Off = StateUnknown
		return s, pack.Effects{Off: true, Reason: pack.PlaceUnknown}
	}
	effects := law.Resolve(pack.Facts{
		State: home.State, PostalCode: home.PostalCode, DebtType: string(d.Type), Day: day,
		TimeBarred: slices.Contains(s.Statuses, debt.TimeBarred),
	})
	if effects.Off {
		s.Off = Reason(effects.Reason)
	}
	return s, effects
}

// Channel is the way by which something would reach the consumer or their
// money.
type Channel string

// Channels of decisions.
const (
	Page    Channel = "page"    // the consumer is looking
	Message Channel = "message" // an e-mail or a text
	Worker  Channel = "worker"  // nobody is looking
)

// channel is the one an action goes by.
func channel(a Action, f Facts) Channel {
	switch {
	case a == Outbound:
		return Message
	case a == Autopay || a == Keep || a == UseCard && !f.ByConsumer:
		return Worker
	}
	return Page
}
