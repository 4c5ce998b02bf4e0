package demo

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"quittance/frontend/paths"
	"quittance/payments"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/plans/schedule"
	"quittance/portal/debt"
	"quittance/portal/dispute"
	"quittance/portal/intake"
	"quittance/portal/terms"
)

// What befalls people whose facts change between two steps.

// told takes in a file of one account, in which its debt has another status.
func told(i int, status debt.Status) act {
	return func(ctx context.Context, s *simulation) error {
		s.People[i].Debts[0].status = string(status)
		s.books.turn(person(i), string(status))
		s.say("a file says of %s: %s", person(i), status)
		return s.fileOf(ctx, i)
	}
}

// fileOf takes in a file of one account as the system of record has it now.
func (s *simulation) fileOf(ctx context.Context, i int) error {
	r, err := s.cutFile(ctx, person(i))
	if err == nil && r.Updated != 1 {
		err = fmt.Errorf("the file of %s: %+v", person(i), r)
	}
	return err
}

// cutFile takes in a file of one account, or of all, as the system of record has
// them now. It is cut when we know of each posting that it contains: one whose
// acknowledgement got lost would be taken off twice until the next file, for
// whoever is in doubt shows the lower balance.
func (s *simulation) cutFile(ctx context.Context, only string) (intake.Report, error) {
	for range 2 { // what got lost at first is sent again
		if err := s.work(ctx); err != nil {
			return intake.Report{}, err
		}
		s.Clock.Move(5 * time.Minute)
	}
	now := s.Clock.Now()
	at := snapshot{placed: s.first, asOf: civil.Of(now), at: now, version: 1 + s.Clock.days(), posted: s.books.postings(), only: only}
	s.books.tellFile(only)
	return s.Portal.Importer.Import(ctx, bytes.NewReader(at.file(s.People)), intake.Options{Format: intake.CSV})
}

// leavesOpen leaves a payment at the bank's check, and lets a file take the debt
// back meanwhile.
func leavesOpen(ctx context.Context, s *simulation) error {
	if err := pays(recalledOpen, payments.Card, "pm_card_threeDSecure2Required")(ctx, s); err != nil {
		return err
	}
	p, truth, err := s.Portal.Payments.Refresh(ctx, s.cast.paid[recalledOpen].ID)
	if err != nil || p.Status != payments.NeedsAction {
		return fmt.Errorf("the payment of %s does not wait: %s, %w", person(recalledOpen), p.Status, err)
	}
	s.say("and leaves it at the bank's check")
	if err := told(recalledOpen, debt.Recalled)(ctx, s); err != nil {
		return err
	}
	if err := s.work(ctx); err != nil {
		return err
	}
	return s.goesOn(ctx, truth.ActionURL)
}

// goesOn goes on at the bank's check as if nothing had happened, a moment later.
func (s *simulation) goesOn(ctx context.Context, check string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, check, strings.NewReader(url.Values{"action": {"complete"}}.Encode()))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	stays := http.Client{Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := stays.Do(request)
	if err != nil {
		return err
	}
	answer.Body.Close()
	if s.Processor.ChargeCount(string(s.cast.paid[recalledOpen].ID)) != 0 {
		s.wrongs = append(s.wrongs, fmt.Sprintf("%s was charged at the bank's check although the debt had been recalled (STS-01)", person(recalledOpen)))
	}
	s.say("%s goes on at the bank's check", person(recalledOpen))
	return nil
}

// paysAll pays all that a person may pay.
func paysAll(i int, method payments.Method, card string) act {
	return func(ctx context.Context, s *simulation) error {
		_, st, err := s.FirstDebt(ctx, person(i))
		if err != nil {
			return err
		}
		p, err := s.Pay(ctx, person(i), fmt.Sprintf("sim/all/%d", i), st.Payable(), method, card)
		s.say("%s pays all of it, %s, by %s", person(i), p.Amount, said(method))
		return err
	}
}

// fallen lowers a balance in the system of record while all of it is on its way.
func fallen(ctx context.Context, s *simulation) error {
	s.books.credit(person(overpaid)+"-1", s.cast.amount[overpaid])
	s.say("a file lowers the balance of %s by %s while all of it is on its way", person(overpaid), s.cast.amount[overpaid])
	return s.fileOf(ctx, overpaid)
}

// heldMoney lets finance decide about money that came too late: of one person it
// goes back in its time, of the other now, at the agency's risk.
func heldMoney(ctx context.Context, s *simulation) error {
	b, err := s.desk(ctx)
	if err != nil {
		return err
	}
	for _, e := range []struct {
		i               int
		do, risk, words string
	}{{bankrupt, "back", "", "in its time"}, {lossy, "now", "yes", "at once"}} {
		page, err := b.get(ctx, paths.ConsoleHeld)
		if err != nil {
			return err
		}
		p := s.cast.paid[e.i]
		fields := url.Values{"payment": {string(p.ID)}, "debt": {p.Allocations[0].DebtID}, "do": {e.do}, "risk": {e.risk}, "amount": {p.Amount.Decimal()}}
		if _, err := b.press(ctx, page, paths.ConsoleHeld, fields); err != nil {
			return fmt.Errorf("held money of %s: %w", person(e.i), err)
		}
		s.say("finance sends %s's %s back %s", person(e.i), p.Amount, e.words)
	}
	return nil
}

// creditsBack lets finance send back, by one press each, what was paid too much.
func creditsBack(ctx context.Context, s *simulation) error {
	b, err := s.desk(ctx)
	if err != nil {
		return err
	}
	page, err := b.get(ctx, paths.ConsoleCredits)
	if err != nil {
		return err
	}
	back := 0
	for _, form := range page.Find("form") {
		if sends := form.Find(`input[value="refund"]`); len(sends) == 1 && strings.HasPrefix(form.Attrs["action"], paths.ConsoleCredits) {
			if _, err := b.press(ctx, form, form.Attrs["action"], url.Values{"act": {"refund"}, "amount": {form.Find(`input[name="amount"]`)[0].Attrs["value"]}}); err != nil {
				return err
			}
			back++
		}
	}
	s.say("finance sends %d credits back", back)
	return nil
}

// takenBack lets a bank take back a payment of a person's, the newest that was
// taken.
func takenBack(i int, code string) act {
	return func(ctx context.Context, s *simulation) error {
		id, _, err := s.FirstDebt(ctx, person(i))
		if err != nil {
			return err
		}
		all, err := s.Portal.Store.PaymentsOfAccount(ctx, string(id), 10)
		if err != nil {
			return err
		}
		n := slices.IndexFunc(all, func(p payments.Payment) bool { return p.Status.Taken() })
		if n < 0 || !s.Processor.Return(all[n].IntentID, code) {
			return fmt.Errorf("no debit of %s can come back", person(i))
		}
		s.say("%s's bank takes %s back (%s)", person(i), all[n].Amount, code)
		return nil
	}
}

// firstCharged charges back the first card payment of who then pays again.
func firstCharged(ctx context.Context, s *simulation) error {
	p, err := s.held(ctx, paidTwice)
	if err != nil {
		return err
	}
	if s.cast.again = s.Processor.Dispute(p.IntentID, "fraudulent"); s.cast.again == "" {
		return fmt.Errorf("the charge of %s cannot be disputed", person(paidTwice))
	}
	s.say("the card payment of %s is charged back", person(paidTwice))
	return nil
}

func wonAfterAll(_ context.Context, s *simulation) error {
	s.Processor.DecideDispute(s.cast.again, true)
	s.say("%s's chargeback is won back after all was paid again", person(paidTwice))
	return nil
}

// doubts disputes a debt while a bank payment on it is on its way.
func doubts(ctx context.Context, s *simulation) error {
	id, st, err := s.FirstDebt(ctx, person(doubting))
	if err != nil {
		return err
	}
	d, err := s.Portal.Disputes.Open(ctx, id, st.Debt.ID, dispute.Filing{
		Kind: dispute.OfDebt, Scope: dispute.Whole, Language: "en", Reasons: []dispute.Reason{dispute.WrongAmount},
	}, "sim/doubts")
	s.cast.doubted = d.Reference
	s.say("%s disputes the debt while a bank payment is on its way", person(doubting))
	return err
}

// counts is the consumer's own word, on their page, that what came meanwhile
// counts all the same.
func counts(ctx context.Context, s *simulation) error {
	b, err := s.comesIn(ctx, s.Accounts[doubting])
	if err != nil {
		return err
	}
	page, err := b.get(ctx, paths.Sent(s.cast.doubted))
	if err != nil {
		return err
	}
	_, err = b.press(ctx, page, paths.Sent(s.cast.doubted)+"/payment", url.Values{"payment": {string(s.cast.paid[doubting].ID)}, "choice": {"keep"}})
	s.say("%s says that it counts all the same", person(doubting))
	return err
}

// wideTerms let one debt be settled in up to two payments.
func (s *simulation) wideTerms(ctx context.Context) error {
	file, err := terms.Read(strings.NewReader(fmt.Sprintf(
		`{"terms":[{"debt_ref":%q,"effective":%q,"settlements":[{"percent":60,"payments":2,"valid_days":30}]}]}`, person(settling)+"-1", s.first)))
	if err != nil {
		return err
	}
	_, err = (&terms.Desk{Tx: s.Portal.Store, Book: s.Portal.Store, Now: s.Clock.Now}).Set(ctx, file)
	return err
}

// longStory is from how many days on a settlement has two payments.
const longStory = 60

// parts is in how many payments the settlement is paid, and end the day on which
// the last of them comes back.
func (s *simulation) parts() (count, end int) {
	if s.options.Days < longStory {
		return 1, 24
	}
	return 2, 56
}

func settles(ctx context.Context, s *simulation) error {
	if err := s.wideTerms(ctx); err != nil {
		return err
	}
	count, _ := s.parts()
	p, _, err := s.AgreeToPlan(ctx, person(settling), payments.BankAccount, "pm_usBankAccount_success", plans.Wish{
		Kind: plans.Settlement, Rule: schedule.Rule{Rhythm: schedule.Monthly, First: civil.Of(s.Clock.Now()).AddDays(14)}, Count: count,
	})
	s.say("%s agrees to pay %s in %d, and %s is let go then", person(settling), p.Total, len(p.Installments), p.Forgiven)
	return err
}
