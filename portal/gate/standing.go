package gate

import (
	"slices"

	"quittance/payments/money"
	"quittance/portal/debt"
)

// Standing is everything a debt counts as at once. The strictest answer wins
// (GEN-03).
type Standing struct {
	Statuses []debt.Status
	// DisputedPart is how many cents are disputed where only a part is; the rest
	// may be paid by the consumer's own act, never by itself (DIS-04).
	DisputedPart money.Cents
	// Off says why the portal is off where the consumer lives: then nothing is
	// allowed (STA-05). Empty is on.
	Off Reason
	// Joint means that others owe the debt too. A debt has one plan at a time, and
	// theirs may not be told of: no new one begins here.
	Joint bool
}

// Decide asks the table for each status: the first that denies decides, and
// what is allowed is allowed in every way that any status asks for; last comes
// the place. The status returned is the one the answer came from.
func (s Standing) Decide(a Action, f Facts) (Decision, debt.Status) {
	if a == Keep {
		a, s.Statuses = Pay, s.unpaid()
	}
	d, from := s.decideAll(a, f)
	if d.Allowed && s.Joint && a == Plan {
		return Decision{Reason: IsJoint, RuleIDs: []string{"GEN-01", "DSC-05"}}, from
	}
	if d.Allowed && s.Off != Plain {
		return Decision{Reason: s.Off, RuleIDs: union([]string{"GEN-01"}, offRules[s.Off])}, from
	}
	return d, from
}

// unpaid are the statuses without that the debt is paid: money that comes for it
// then is too much, and no money that may not be kept.
func (s Standing) unpaid() []debt.Status {
	all := slices.Clone(s.Statuses)
	for i := range all {
		if all[i] == debt.Paid {
			all[i] = debt.Active
		}
	}
	return all
}

func (s Standing) decideAll(a Action, f Facts) (Decision, debt.Status) {
	if len(s.Statuses) == 0 {
		return Decide(a, "", f), ""
	}
	answer, from := Decision{Allowed: true}, s.Statuses[0]
	if f.Role != "" {
		if answer = s.speaks(a, f.Role); !answer.Allowed {
			return answer, s.Strictest()
		}
	}
	for _, status := range s.Statuses {
		d := s.decide(a, status, f)
		if !d.Allowed {
			return d, status
		}
		if answer.Reason == Plain && d.Reason != Plain {
			answer.Reason, from = d.Reason, status
		}
		answer.WholeOnly = answer.WholeOnly || d.WholeOnly
		answer.Withheld += d.Withheld
		answer.RuleIDs = union(answer.RuleIDs, d.RuleIDs)
	}
	if answer.WholeOnly && answer.Withheld > 0 {
		return Decision{Reason: IsDisputed, RuleIDs: answer.RuleIDs}, debt.Disputed // the whole may not be paid, and a part not either
	}
	return answer, from
}

// Strictest is the status that a page speaks of. A dispute of a part yields to
// every other special status.
func (s Standing) Strictest() debt.Status { return debt.Strictest(s.Statuses) }

// decide lets the undisputed part of a debt be paid by whoever asks for it.
func (s Standing) decide(a Action, status debt.Status, f Facts) Decision {
	if status == debt.Disputed && s.DisputedPart > 0 && a == Pay && f.ByConsumer {
		return Decision{Allowed: true, Withheld: s.DisputedPart, Reason: WithStatus, RuleIDs: []string{"DIS-04", "AMT-06"}}
	}
	return Decide(a, status, f)
}

func union(have, more []string) []string {
	for _, id := range more {
		if !slices.Contains(have, id) {
			have = append(have, id)
		}
	}
	return have
}
