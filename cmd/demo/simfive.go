package demo

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"quittance/frontend/htmlcheck"
	"quittance/frontend/paths"
	"quittance/payments"
	"quittance/payments/ledger"
	"quittance/payments/money"
	"quittance/plans"
	"quittance/portal/debt"
)

// holder is one person with all whose amounts there are to look at.
type holder struct {
	account  Account
	id       debt.AccountID
	debts    []debt.Statement
	payments []payments.Payment
	plans    []plans.Plan
}

func (h holder) ref(debtID string) string {
	for _, s := range h.debts {
		if string(s.Debt.ID) == debtID {
			return s.Debt.Ref
		}
	}
	return ""
}

// shut reports whether there is nothing left to sign in for (REG-03).
func (h holder) shut() bool {
	return len(h.plans) == 0 && !slices.ContainsFunc(h.payments, func(p payments.Payment) bool { return !p.Status.Ended() }) &&
		!slices.ContainsFunc(h.debts, func(s debt.Statement) bool { return s.Debt.Status != debt.Recalled })
}

func (s *simulation) holders(ctx context.Context) (all []holder, err error) {
	for _, a := range s.Accounts {
		h := holder{account: a}
		if h.id, _, err = s.FirstDebt(ctx, a.Ref); err != nil {
			return nil, err
		}
		if h.debts, err = s.Portal.Store.AccountStatements(ctx, h.id); err != nil {
			return nil, err
		}
		if h.payments, err = s.Portal.Store.PaymentsOfAccount(ctx, string(h.id), 10_000); err != nil {
			return nil, err
		}
		if h.plans, err = s.Portal.Plans.PlansOf(ctx, string(h.id)); err != nil {
			return nil, err
		}
		all = append(all, h)
	}
	return all, nil
}

// five holds all five books against each other, fact by fact: what the processor,
// our ledger, the events and the system of record tell, and what stands on the
// pages that each person and the console get. Where webhooks wait, the two who
// have not got them are not asked. On a day within the story nothing is asked of
// what the processor did and we have not heard of yet.
func (s *simulation) five(ctx context.Context, v *verdict, within bool) error {
	all, err := s.holders(ctx)
	if err != nil {
		return err
	}
	v.told = facts{}
	pending := s.tellProcessor(v.told, all)
	if err := s.tellLedger(ctx, v, all); err != nil {
		return err
	}
	if v.waiting == 0 {
		s.tellCreditor(v.told, all)
	}
	for _, h := range all {
		if err := s.readPerson(ctx, v, h); err != nil {
			return fmt.Errorf("%s reads their pages: %w", h.account.Ref, err)
		}
	}
	if err := s.readConsole(ctx, v, all); err != nil {
		return fmt.Errorf("the console: %w", err)
	}
	for _, h := range all {
		for _, p := range h.plans {
			v.names[string(p.ID)] = fmt.Sprintf("%s of %s", p.Reference, h.account.Ref)
		}
	}
	var left map[string]bool
	if within {
		left = unheard(all, v.wrong, pending)
	}
	v.differing = v.told.compare(left)
	return nil
}

// tellProcessor tells what the processor took, moves and gave back. It returns
// what is on its way, by payment.
func (s *simulation) tellProcessor(f facts, all []holder) map[string]money.Cents {
	const here = "at the processor"
	pending, amounts, kept, back := map[string]money.Cents{}, map[string]money.Cents{}, map[string]money.Cents{}, map[string]money.Cents{}
	for _, c := range s.Processor.PendingCharges() {
		id := c.Metadata["payment_id"]
		pending[id] += money.Cents(c.Amount)
		amounts[id] += money.Cents(c.Amount)
	}
	for _, c := range s.Processor.Charges() {
		id := c.Metadata["payment_id"]
		amounts[id] += money.Cents(c.Amount)
		kept[id] += max(0, money.Cents(c.Amount-c.AmountRefunded-c.Withdrawn+c.Reinstated))
		back[id] += money.Cents(c.AmountRefunded)
	}
	for _, h := range all {
		way := map[string]money.Cents{}
		for _, p := range h.payments {
			id := string(p.ID)
			f.tell(aKept+id, here, kept[id])
			f.tell(aRefunded+id, here, back[id])
			if amounts[id] > 0 {
				f.tell(anAmountOf+id, here, amounts[id])
			}
			for _, a := range p.Allocations {
				if pending[id] > 0 {
					way[h.ref(a.DebtID)] += a.Amount
				}
			}
		}
		for _, d := range h.debts {
			f.tell(aWay+d.Debt.Ref, here, way[d.Debt.Ref])
		}
		for _, p := range h.plans {
			paid := paidUnder(p, h.payments, kept)
			f.tell(aPaid+string(p.ID), here, paid)
			if p.Status != plans.Canceled {
				f.tell(aLeft+string(p.ID), here, p.Total-paid)
			}
		}
	}
	return pending
}

// paidUnder is what the processor kept of the payments that count for a plan:
// those on its debt since it was agreed on, none of them held.
func paidUnder(p plans.Plan, all []payments.Payment, kept map[string]money.Cents) (sum money.Cents) {
	for _, one := range all {
		counts := !one.CreatedAt.Before(p.CreatedAt) && slices.ContainsFunc(one.Allocations, func(a payments.Allocation) bool {
			return a.DebtID == p.Debt.ID && a.Held == ""
		})
		if counts {
			sum += kept[string(one.ID)]
		}
	}
	return sum
}

// tellLedger tells what our ledger holds, by folds of its transfers alone.
func (s *simulation) tellLedger(ctx context.Context, v *verdict, all []holder) error {
	const here = "in our ledger"
	letGo := s.road.letGo()
	for _, h := range all {
		for _, d := range h.debts {
			id := string(d.Debt.ID)
			transfers, err := s.Portal.Store.Transfers(ctx, ledger.Debt(id), ledger.Held(id), ledger.Credit(id))
			if err != nil {
				return err
			}
			balance := ledger.Balance(transfers, ledger.Debt(id))
			v.told.tell(aOwed+d.Debt.Ref, here, max(0, balance-letGo[d.Debt.Ref]))
			v.told.tell(aHeld+d.Debt.Ref, here, -ledger.Balance(transfers, ledger.Held(id)))
			v.told.tell(aCredit+d.Debt.Ref, here, max(0, -balance)-ledger.Balance(transfers, ledger.Credit(id)))
		}
		for _, p := range h.payments {
			v.told.tell(aKept+string(p.ID), here, max(0, v.books.ledger[string(p.ID)].net()))
		}
	}
	return nil
}

// tellCreditor tells what the system of record holds, and what it learned from
// the events alone: of a plan's next payment the amount that was told of it.
func (s *simulation) tellCreditor(f facts, all []holder) {
	var refs []string
	itemized := map[string]money.Cents{}
	for _, h := range all {
		for _, d := range h.debts {
			refs = append(refs, d.Debt.Ref)
		}
	}
	for _, p := range s.People {
		itemized[p.Ref] = p.Debts[0].Amount
	}
	stated := s.books.tell(f, s.road.letGo(), func(account string) money.Cents { return itemized[account] })
	s.road.tell(f, refs, stated)
	for _, h := range all {
		for _, p := range h.plans {
			for _, i := range p.Installments {
				if amount, known := s.road.installment(string(p.ID), i.Number); known && i.Status == plans.Scheduled && i.Owed() > 0 {
					if p.Status == plans.Active {
						f.tell(aNext+p.Debt.Ref, "by the events", amount)
					}
					break
				}
			}
		}
	}
}

// unheard are the names of what the processor did and we have not heard of yet.
func unheard(all []holder, wrong []mismatch, pending map[string]money.Cents) map[string]bool {
	left := map[string]bool{}
	differs := map[string]bool{}
	for _, m := range wrong {
		differs[m.payment] = !maps.Equal(m.held[0], m.held[1])
	}
	for _, h := range all {
		for _, p := range h.payments {
			moves := p.Status.InFlight() && p.Status != payments.NeedsAction
			if moves == (pending[string(p.ID)] > 0) && !differs[string(p.ID)] {
				continue
			}
			left[string(p.ID)], left[h.account.Ref] = true, true
			for _, a := range p.Allocations {
				left[h.ref(a.DebtID)] = true
			}
			for _, plan := range h.plans {
				left[string(plan.ID)] = true
			}
		}
	}
	return left
}

// glance reads a page and takes what it tells. An amount on it that tells nothing
// is a fault.
func (s *simulation) glance(ctx context.Context, v *verdict, b *browser, path, page string, read func(*reader)) error {
	content, err := b.get(ctx, path)
	if err != nil {
		return err
	}
	return s.take(v, content, page, read)
}

func (s *simulation) take(v *verdict, content *htmlcheck.Node, page string, read func(*reader)) error {
	r, err := newReader(content, s.words)
	if err != nil {
		return fmt.Errorf("%s: %w", page, err)
	}
	read(r)
	v.told.read(page, r)
	for _, text := range r.unbound() {
		v.faults = append(v.faults, fmt.Sprintf("on %s an amount tells nothing that is known: %q", page, text))
	}
	return nil
}

// readPerson lets a person sign in and read their account and what it leads to:
// each debt, each plan, and what was paid with its receipts.
func (s *simulation) readPerson(ctx context.Context, v *verdict, h holder) error {
	b, err := s.comesIn(ctx, h.account)
	if h.shut() && errors.Is(err, errNotIn) {
		return nil // everything was taken back, and there is nothing to look up
	}
	if err != nil {
		return err
	}
	refs := map[string]string{}
	for _, d := range h.debts {
		refs[string(d.Debt.ID)] = d.Debt.Ref
	}
	overview, err := b.get(ctx, paths.Account)
	if err != nil {
		return err
	}
	of := func(page string) string { return page + " of " + h.account.Ref }
	if err := s.take(v, overview, of("the account"), func(r *reader) { r.account(h.account.Ref, refs) }); err != nil {
		return err
	}
	more := overview.Find(".debt-more")
	if len(more) == 0 {
		return nil // it stands still: there is one page, without an amount
	}
	for _, link := range more {
		ref := refs[after(link.Attrs["href"], "/debts/")]
		if err := s.glance(ctx, v, b, link.Attrs["href"], of("the debt"), func(r *reader) { r.debt(ref) }); err != nil {
			return err
		}
	}
	for _, p := range h.plans {
		if err := s.glance(ctx, v, b, paths.Plan(string(p.ID)), of("the plan"), func(r *reader) { r.plan(string(p.ID), p.Debt.Ref) }); err != nil {
			return err
		}
	}
	for _, p := range h.payments {
		if !p.Status.Taken() && p.Status != payments.Processing {
			continue
		}
		d := h.debts[slices.IndexFunc(h.debts, func(d debt.Statement) bool { return string(d.Debt.ID) == p.Allocations[0].DebtID })].Debt
		id, receipt := string(p.ID), of("the receipt "+p.Reference)
		if err := s.glance(ctx, v, b, paths.Receipt(p.Reference), receipt, func(r *reader) { r.receipt(id, d.Ref, d.CreditorName) }); err != nil {
			return err
		}
		if p.Status == payments.Processing {
			continue // its page asks the processor, and tells the same
		}
		if err := s.glance(ctx, v, b, paths.Payment(id), of("the page of "+p.Reference), func(r *reader) { r.outcome(id, d.Ref, d.CreditorName) }); err != nil {
			return err
		}
	}
	return nil
}

// readConsole reads what a collector and finance see.
func (s *simulation) readConsole(ctx context.Context, v *verdict, all []holder) error {
	b, err := s.desk(ctx)
	if err != nil {
		return err
	}
	var refs []string
	for _, h := range all {
		for _, d := range h.debts {
			refs = append(refs, d.Debt.Ref)
		}
		if err := s.glance(ctx, v, b, paths.ConsoleAccount(string(h.id)), "the console's page of "+h.account.Ref, (*reader).deskAccount); err != nil {
			return err
		}
	}
	if err := s.glance(ctx, v, b, paths.ConsoleHeld, "the console's held money", func(r *reader) { r.deskHeld(refs) }); err != nil {
		return err
	}
	return s.glance(ctx, v, b, paths.ConsoleCredits, "the console's credits", func(r *reader) { r.deskCredits(refs) })
}

// lookEvery is on how many days within the story all five books are held against
// each other: each tenth.
const lookEvery = 10

// lookHours are two more stops on such a day: what got lost at the first is sent
// again at the second.
var lookHours = []time.Duration{22 * time.Hour, 23 * time.Hour}

// look holds the books against each other on a day within the story. What we
// have not heard of yet may differ; nothing else.
func (s *simulation) look(ctx context.Context, day int) error {
	for _, hour := range lookHours {
		s.moveTo(s.first.AddDays(day).In(time.UTC).Add(hour))
		if err := s.work(ctx); err != nil {
			return err
		}
	}
	v, err := s.verdict(ctx)
	if err != nil {
		return err
	}
	if err := s.five(ctx, &v, true); err != nil {
		return err
	}
	s.looks++
	s.say("five books are held against each other, of %d facts", len(v.told))
	if v.waiting == 0 {
		v.wrong = slices.DeleteFunc(v.wrong, func(m mismatch) bool { return !maps.Equal(m.held[0], m.held[1]) })
	} else {
		v.wrong = nil
	}
	v.unequal = nil // the facts tell it too
	s.early = append(s.early, v.findings(fmt.Sprintf("on day %d", day))...)
	return nil
}
