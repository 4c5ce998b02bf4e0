package consumer

import (
	"quittance/payments/money"
	"quittance/portal/debt"
	"quittance/portal/gate"
)

// balances is the balance of one debt, parted into what its owner is asked for and
// what nobody asks for now. The three parts sum to the balance, in cents, none of
// them negative: what a page shows of a debt is made of them alone, so that no
// two figures of it contradict each other.
type balances struct {
	owed     money.Cents
	disputed money.Cents // until it is answered (DIS-02, DIS-04)
	onHold   money.Cents // not to be paid here as the debt stands
}

func (b balances) total() money.Cents { return b.owed + b.disputed + b.onHold }

// balances decides it for one debt of the account.
func (v view) balances(s debt.Statement) balances {
	return balancesOf(s, v.status(s.Debt), v.ask(gate.Pay, s.Debt))
}

// balancesOf parts a balance by the status that counts for the debt and the gate's
// answer to paying it. Of a debt that is paid or taken back nothing is asked. Who
// may not pay for somebody else changes nothing about what is owed.
func balancesOf(s debt.Statement, status debt.Status, pay gate.Decision) balances {
	balance := max(0, s.Owed)
	part, whole := s.Debt.InDispute()
	switch {
	case status == debt.Recalled || status == debt.Paid:
		return balances{}
	case whole || s.Debt.Status == debt.Disputed || pay.Reason == gate.IsDisputed:
		return balances{disputed: balance}
	}
	parted := balances{disputed: min(part, balance)}
	if rest := balance - parted.disputed; pay.Allowed || pay.Reason == gate.NotForRole {
		parted.owed = rest
	} else {
		parted.onHold = rest
	}
	return parted
}

// since is what became of a debt after the balance that the collector told: the
// cents that were paid here, and any other change of the balance, signed. What is
// held is not paid.
func (b balances) since(s debt.Statement) (paid, other money.Cents) {
	for _, m := range s.OnTheWay {
		if m.Confirmed && !m.Held {
			paid += m.Amount
		}
	}
	return paid, b.total() - s.Debt.Itemization.Total() + paid
}
