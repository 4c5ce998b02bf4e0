package app

import (
	"context"
	"log/slog"
	"time"

	"quittance/frontend/locale"
	"quittance/frontend/mail"
	"quittance/frontend/sms"
	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/portal/contact"
	"quittance/portal/credit"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/notice"
)

// messenger tells people what became of their money, and of their plans without
// their own doing: by email what and how much, or else by text that there is news
// (SMS-04). Where neither is allowed the pages alone say it, as they always do.
type messenger struct {
	people identity.People
	book   *contact.Book
	may    identity.Receipts
	queue  *notice.Queue
	words  words
	zone   *time.Location
	log    *slog.Logger
}

var (
	_ payments.Watcher = (*messenger)(nil)
	_ plans.Watcher    = (*messenger)(nil)
	_ credit.Watcher   = (*messenger)(nil)
)

// PaymentChanged implements payments.Watcher.
func (m *messenger) PaymentChanged(ctx context.Context, c payments.Change) error {
	p, moves := c.After, moneyMoves(c, civil.Of(m.book.Now().In(m.zone)))
	if !c.Moved || len(moves) == 0 {
		return nil
	}
	w := mail.MoneyWords{
		Reference: p.Reference, Moves: moves, Method: mail.MethodWords{Card: p.Method == payments.Card, Last4: p.Details.Last4}, URL: m.words.public + "/",
	}
	if !p.ExpectedBy.IsZero() {
		w.ClearsBy = civil.Of(p.ExpectedBy.In(m.zone))
	}
	about := news{account: debt.AccountID(p.AccountID), asked: !p.Unattended}
	if len(p.Allocations) == 1 {
		about.debt = debt.ID(p.Allocations[0].DebtID)
	}
	return m.tell(ctx, about, func(in *locale.Printer) mail.Message { return mail.Money(in, m.words.sender(), w) })
}

// PlanChanged implements plans.Watcher.
func (m *messenger) PlanChanged(ctx context.Context, c plans.Change) error {
	turn := planTurn(c)
	if turn == "" {
		return nil
	}
	p := c.After
	w := mail.PlanMoved{Reference: p.Reference, Turn: turn, URL: m.words.public + "/", CardEnds: p.CardLastDay()}
	if next, ok := p.Next(); ok && p.Status.Running() {
		w.Next, w.On = next.Owed(), next.Due
	}
	return m.tell(ctx, news{account: debt.AccountID(p.AccountID), debt: debt.ID(p.Debt.ID)}, func(in *locale.Printer) mail.Message { return mail.Plan(in, m.words.sender(), w) })
}

// MoreThanOwed implements credit.Watcher. By text it is no second message: that
// there is news, the payment's own says.
func (m *messenger) MoreThanOwed(ctx context.Context, c credit.Credit, by payments.Payment) error {
	about := news{account: c.AccountID, debt: c.DebtID, noText: by.AccountID == string(c.AccountID)}
	w := mail.OverpaidWords{Amount: c.Amount(), On: civil.Of(m.book.Now().In(m.zone)), URL: m.words.public + "/"}
	return m.tell(ctx, about, func(in *locale.Printer) mail.Message { return mail.Overpaid(in, m.words.sender(), w) })
}

// moneyMoves is what a change of a payment is to the person whose money it is.
// What failed while they were looking, the page said.
func moneyMoves(c payments.Change, today civil.Date) (moves []mail.Moved) {
	for _, n := range c.News {
		if turn, amount := moneyMove(c, n); amount > 0 {
			moves = append(moves, mail.Moved{Turn: turn, Amount: amount, On: today})
		}
	}
	return moves
}

func moneyMove(c payments.Change, n payments.News) (mail.Turn, money.Cents) {
	before, after := c.Before, c.After
	switch n {
	case payments.NewsSubmitted:
		return mail.Sent, after.Amount
	case payments.NewsConfirmed:
		if after.Method == payments.BankAccount {
			return mail.Cleared, amountOf(c.Landed())
		}
		return mail.Paid, amountOf(c.Landed())
	case payments.NewsHeld:
		return mail.Held, amountOf(apart(after))
	case payments.NewsReleased:
		return mail.Counted, amountOf(c.Landed())
	case payments.NewsRefunded:
		return mail.Refunded, after.Refunded - before.Refunded
	case payments.NewsReversed: // what the bank takes back after a refund is our loss, and nothing to the person
		return cameBack(after), after.Withdrawn - before.Withdrawn - after.Lost() + before.Lost()
	case payments.NewsReinstated:
		if after.Status == payments.Held {
			return mail.Held, after.Net()
		}
		return mail.Again, after.Net() - before.Net()
	case payments.NewsFailed:
		return ended(before, after)
	}
	return "", 0
}

func cameBack(p payments.Payment) mail.Turn {
	if p.Method == payments.Card {
		return mail.ChargedBack
	}
	return mail.Returned
}

// ended is a payment that took nothing: the bank sent it back, or nobody was
// looking. One that did not reach the processor is tried again.
func ended(before, after payments.Payment) (mail.Turn, money.Cents) {
	switch {
	case after.Failure.Code == payments.FailureUnreachable:
		return "", 0
	case before.Status == payments.Processing && after.Status == payments.Failed:
		return mail.Returned, after.Amount
	case after.Unattended, before.Status == payments.Processing, before.Status == payments.Checking:
		return mail.Failed, after.Amount
	}
	return "", 0
}

func apart(p payments.Payment) (all []payments.Allocation) {
	for _, a := range p.Allocations {
		if a.Held != "" {
			all = append(all, a)
		}
	}
	return all
}

func amountOf(all []payments.Allocation) (sum money.Cents) {
	for _, a := range all {
		sum += a.Amount
	}
	return sum
}

// planTurn is what a change of a plan is to whoever agreed to it; empty: nothing
// that their own act, or a payment, does not tell.
func planTurn(c plans.Change) mail.PlanTurn {
	gone := !c.After.Status.Running() && c.Before.Status.Running()
	switch {
	case !c.Moved:
		return ""
	case gone && (c.Why == plans.BalanceFell || c.Why == plans.Housekeeping):
		return mail.PlanEnded
	case c.Why == plans.BalanceFell:
		return mail.PlanLess
	case c.Why == plans.CardRunsOut:
		return mail.PlanCard
	case c.Why == plans.NoticeMissing, c.Why == plans.WeWereLate:
		return mail.PlanLater
	}
	return ""
}

// news is whom a message is to, and what about.
type news struct {
	account debt.AccountID
	debt    debt.ID // empty: more than one
	asked   bool    // it answers what the person did themselves (COM-11)
	noText  bool
}

// newsFor is for how long it is of use to hear what became of money.
const newsFor = 14 * 24 * time.Hour

// tell queues a message by the first channel that is open. The hour is looked at
// when it leaves, and so is all else, once more.
func (m *messenger) tell(ctx context.Context, about news, write func(*locale.Printer) mail.Message) error {
	if !m.book.On[contact.Email] && !m.book.On[contact.SMS] {
		return nil
	}
	person, err := m.people.Person(ctx, about.account)
	if err != nil {
		return err
	}
	to := person.Reach()
	to.DebtID = about.debt
	for _, ch := range []contact.Channel{contact.Email, contact.SMS} {
		if about.noText && ch == contact.SMS {
			continue
		}
		known, err := m.book.Preferences(ctx, to, ch)
		if err != nil {
			return err
		}
		if may, why := contact.May(known, ch, m.book.Now()); !may && !why.Waits() {
			continue
		}
		if _, reason, err := m.may.MayTell(ctx, about.account, about.debt); err != nil || reason != "" {
			return err
		}
		return m.send(ctx, about, ch, known.Address, person.Language, write)
	}
	return nil
}

func (m *messenger) send(ctx context.Context, about news, ch contact.Channel, address, language string, write func(*locale.Printer) mail.Message) error {
	in, text := m.words.book.Printer(language), notice.Text{}
	if ch == contact.Email {
		text = emailed(write(in))
	} else if words, err := sms.News(in, m.words.agency.Name, m.words.public+"/"); err == nil {
		text.Plain = words
	} else { // money is not undone because a name is too long for a text
		m.log.WarnContext(ctx, "nobody was told of money by text", "account", about.account, "error", err)
		return nil
	}
	_, err := m.queue.Add(ctx, notice.Message{
		AccountID: about.account, DebtID: about.debt, To: address, Channel: ch, Kind: notice.KindMoney, Language: language, Text: text,
		ExpiresAt: m.book.Now().Add(newsFor), Asked: about.asked,
	})
	return err
}
