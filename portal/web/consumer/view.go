package consumer

import (
	"errors"
	"slices"
	"time"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/payments"
	"quittance/payments/banking"
	"quittance/payments/money"
	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/gate"
	"quittance/portal/pack"
	"quittance/portal/represent"
	"quittance/portal/web"
)

// view is one account as the pages show it: what is held of it, and today.
type view struct {
	account    debt.Account
	statements []debt.Statement
	payments   []payments.Payment // newest first
	zone       *time.Location
	now        time.Time
	today      civil.Date // the agency's
	day        civil.Date // that has come for the consumer, by which the law counts
	person     gate.Person
	consented  bool           // to be dealt with directly although represented (STS-03)
	role       represent.Role // of who is here for the consumer; empty is the consumer (DSC-05)
	byID       string         // which of those it is
	law        gate.Law
	places     map[debt.ID]placed
	signed     map[debt.ID]bool // on which a plan was signed, of those that were taken back
	visible    []debt.Statement // see shown
}

// placed is how a debt stands under the law of where the consumer lives, and
// what that law asks for.
type placed struct {
	standing gate.Standing
	effects  pack.Effects
}

// mostPayments is how many payments the overview lists.
const mostPayments = 50

func (p *Pages) load(r *web.Request) (view, error) {
	now := p.Now()
	v := view{zone: p.Zone, now: now, today: civil.Of(now.In(p.Zone)), role: r.Session().Speaker.Role, byID: string(r.Session().Speaker.ID), law: p.Law, places: map[debt.ID]placed{}}
	var err error
	if v.account, v.statements, v.payments, err = p.Accounts.Overview(r.Context(), me(r), mostPayments); err != nil {
		return v, err
	}
	v.day = gate.Day(now, v.account.Consumer.Address.State)
	v.person = gate.Person{Born: v.account.Consumer.DateOfBirth}
	for _, s := range v.statements {
		v.person.Debts = append(v.person.Debts, s.Debt)
	}
	if p.ClaimRecords != nil && v.counts(debt.Attorney) {
		v.consented, err = p.ClaimRecords.PayConsent(r.Context(), v.account.ID)
	}
	if err == nil {
		err = p.addSigned(r, &v)
	}
	v.visible = v.see()
	return v, err
}

// addSigned adds which debts that the creditor took back have a plan: what a person
// signed stays theirs to read (REG-03, REC-02).
func (p *Pages) addSigned(r *web.Request, v *view) error {
	recalled := func(s debt.Statement) bool { return s.Debt.Counts(debt.Recalled) }
	if p.Plans == nil || !slices.ContainsFunc(v.statements, recalled) {
		return nil
	}
	all, err := p.Plans.PlansOf(r.Context(), string(v.account.ID))
	v.signed = map[debt.ID]bool{}
	for _, plan := range all {
		v.signed[debt.ID(plan.Debt.ID)] = true
	}
	return err
}

// status is the one that counts for a debt today.
func (v view) status(d debt.Debt) debt.Status { return v.person.Status(d, v.day) }

// ask asks the gate's tables, to show what is open. It decides nothing: the
// services ask again, under lock, before anything moves.
func (v view) ask(a gate.Action, d debt.Debt) gate.Decision {
	standing, _ := v.place(d)
	decision, _ := standing.Decide(a, gate.Facts{ByConsumer: true, Consent: v.consented, Role: v.role})
	return decision
}

// place asks once for each debt.
func (v view) place(d debt.Debt) (gate.Standing, pack.Effects) {
	have, known := v.places[d.ID]
	if !known {
		have.standing, have.effects = v.person.Standing(d, v.day).In(v.law, v.account.Consumer.Address, d, v.day)
		v.places[d.ID] = have
	}
	return have.standing, have.effects
}

// holds is which neutral page a status leads to when no debt may be shown, the
// strictest first (rules.md O).
var holds = []struct {
	status debt.Status
	page   consumer.Hold
}{
	{debt.Bankruptcy, consumer.HoldBankruptcy}, {debt.Deceased, consumer.HoldDeceased}, {debt.Minor, consumer.HoldMinor},
	{debt.IdentityTheft, consumer.HoldIdentity}, {debt.Attorney, consumer.HoldAttorney}, {debt.UnderReview, consumer.HoldOther},
}

// hold reports whether the whole account stands still: there is nothing to
// show but what a special status holds back (STS-01 … STS-06). A represented
// person who asked to pay here all the same sees the account (STS-03).
func (v view) hold() consumer.Hold {
	if v.off() {
		return consumer.HoldPlace
	}
	for _, s := range v.shown() {
		if v.lifted() || v.ask(gate.View, s.Debt).Reason != gate.Limited {
			return consumer.HoldNone
		}
	}
	for _, row := range holds {
		if v.counts(row.status) {
			return row.page
		}
	}
	return consumer.HoldNone
}

// lifted reports whether what a status shows to nobody else is shown to who is
// here: a represented person who asked for it, or who speaks for somebody who
// died or is a minor. Of a represented person the lawyer is asked (STS-03).
func (v view) lifted() bool { return v.consented || v.role != "" && !v.counts(debt.Attorney) }

// off reports whether the portal is off for all that the consumer owes (STA-05).
func (v view) off() bool {
	for _, s := range v.statements {
		if standing, _ := v.place(s.Debt); standing.Off == gate.Plain {
			return false
		}
	}
	return len(v.statements) > 0
}

// counts reports whether any debt of the account counts as the status.
func (v view) counts(status debt.Status) bool {
	for _, s := range v.statements {
		if slices.Contains(v.person.Standing(s.Debt, v.day).Statuses, status) {
			return true
		}
	}
	return false
}

// errHeld is for a page of an account that stands still: it leads to the one
// that says so.
var errHeld = errors.New("the account is held")

// unlessHeld leads to the account where a handler finds it held.
func unlessHeld(route web.Route) web.Route {
	handler := route.Handler
	route.Handler = func(r *web.Request) error {
		err := handler(r)
		if errors.Is(err, errHeld) {
			return r.SeeOther(paths.Account)
		}
		return err
	}
	return route
}

// viewable asks whether a page about these debts may be shown (GEN-01): errHeld,
// or web.ErrNotFound for a debt that may not be seen among others that may.
func (p *Pages) viewable(r *web.Request, debtIDs ...string) error {
	v, err := p.load(r)
	if err != nil {
		return err
	}
	if v.hold() != consumer.HoldNone {
		return errHeld
	}
	for _, id := range debtIDs {
		if s, ok := v.statement(id); ok && !v.ask(gate.View, s.Debt).Allowed {
			return web.ErrNotFound
		}
	}
	return nil
}

// shown are the debts whose amounts may be seen.
func (v view) shown() []debt.Statement { return v.visible }

// see finds them, once a page. One that the collector took back is hidden
// unless there is a payment to look up, or a plan that was signed (STS-09).
func (v view) see() []debt.Statement {
	var shown []debt.Statement
	for _, s := range v.statements {
		if v.ask(gate.View, s.Debt).Allowed && (!s.Debt.Counts(debt.Recalled) || v.everPaid(s.Debt.ID) || v.signed[s.Debt.ID]) {
			shown = append(shown, s)
		}
	}
	return shown
}

func (v view) everPaid(id debt.ID) bool {
	for _, p := range v.payments {
		if p.Status.Taken() && allocated(p, id) > 0 {
			return true
		}
	}
	return false
}

// statement finds a debt of the account.
func (v view) statement(id string) (debt.Statement, bool) {
	for _, s := range v.statements {
		if string(s.Debt.ID) == id {
			return s, true
		}
	}
	return debt.Statement{}, false
}

// payable is what can be paid on a debt now. What waits for the person counts as
// free: choosing again gives it up. The disputed part may not be paid (DIS-04).
func (v view) payable(s debt.Statement) money.Cents {
	return max(0, s.Free()-v.ask(gate.Pay, s.Debt).Withheld)
}

// replaceable reports whether choosing again gives this payment up: it was
// never submitted, or waits for a step that the consumer did not take.
func replaceable(p payments.Payment) bool {
	return p.Status == payments.Started || p.Status == payments.Ready || p.Status == payments.NeedsAction
}

// unsent reports whether a payment may still be reviewed, sent or left.
func unsent(p payments.Payment) bool {
	return p.Status == payments.Started || p.Status == payments.Ready
}

func allocated(p payments.Payment, id debt.ID) money.Cents {
	var sum money.Cents
	for _, a := range p.Allocations {
		if a.DebtID == string(id) {
			sum += a.Amount
		}
	}
	return sum
}

func (v view) canPay(s debt.Statement) bool {
	return v.closed(s) == consumer.ClosedNot
}

// closed says why a debt cannot be paid now.
func (v view) closed(s debt.Statement) consumer.Closed {
	switch {
	case v.status(s.Debt) == debt.Disputed && (!v.ask(gate.Pay, s.Debt).Allowed || v.balances(s).owed == 0):
		return consumer.ClosedDisputed
	case s.Debt.Counts(debt.Paid) || s.Owed <= 0:
		return consumer.ClosedPaid
	case !v.ask(gate.Pay, s.Debt).Allowed:
		return consumer.ClosedHold
	case v.payable(s) > 0:
		return consumer.ClosedNot
	case s.Held > 0:
		return consumer.ClosedHold
	}
	for _, p := range v.payments {
		if (p.Status == payments.Submitting || p.Status == payments.Checking) && allocated(p, s.Debt.ID) > 0 {
			return consumer.ClosedChecking
		}
	}
	return consumer.ClosedPending
}

// asOf is the day of the oldest balance shown: the page claims no more.
func (v view) asOf() civil.Date {
	var oldest time.Time
	for _, s := range v.shown() {
		if at := s.Debt.Snapshot.AsOf; oldest.IsZero() || at.Before(oldest) {
			oldest = at
		}
	}
	return v.snapshotDay(oldest)
}

// snapshotDay is the day that a collector wrote: a plain date stands for its
// first instant in UTC, so it must not slip to the day before here.
func (v view) snapshotDay(at time.Time) civil.Date {
	if at.IsZero() {
		return civil.Date{}
	}
	if at = at.UTC(); at.Equal(at.Truncate(24 * time.Hour)) {
		return civil.Of(at)
	}
	return civil.Of(at.In(v.zone))
}

func (v view) dayOf(at time.Time) civil.Date {
	if at.IsZero() {
		return civil.Date{}
	}
	return civil.Of(at.In(v.zone))
}

// clearsBy is the day by which a bank payment that is sent at a time should
// have worked.
func (v view) clearsBy(sent time.Time) civil.Date { return v.dayOf(banking.ClearsBy(sent)) }
