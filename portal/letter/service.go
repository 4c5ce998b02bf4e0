package letter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"quittance/payments"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/gate"
	"quittance/portal/pack"
)

// Service writes letters and sees that they go out. All fields are required.
type Service struct {
	Tx      Transactor
	Store   Store
	Records Records
	Courier Courier
	Law     gate.Law
	Sealer  Sealer
	Now     func() time.Time
	NewID   func() string
}

var (
	_ plans.Watcher    = (*Service)(nil)
	_ payments.Watcher = (*Service)(nil)
)

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// mailDays is how many days before the last one an account of a plan is
// written, so that it can still be mailed.
const mailDays = 7

// PlanChanged implements plans.Watcher: a plan that was agreed on is confirmed
// in writing, and accounted for from then on.
func (s *Service) PlanChanged(ctx context.Context, c plans.Change) error {
	if !c.Moved || c.Why != plans.Enrolled {
		return nil
	}
	p := c.After
	return s.owe(ctx, debt.AccountID(p.AccountID), []debt.ID{debt.ID(p.Debt.ID)}, pack.Plan, "plan/"+string(p.ID), p, Confirmation, Accounting)
}

// PaymentChanged implements payments.Watcher: who has paid a debt off gets that
// in writing, unless money is held for it, and in writing too that it holds no
// more when what paid it came back.
func (s *Service) PaymentChanged(ctx context.Context, c payments.Change) error {
	if !c.Moved {
		return nil
	}
	occasion, paid := "paid/"+string(c.After.ID), c.Landed()
	switch {
	case slices.Contains(c.News, payments.NewsReversed), slices.Contains(c.News, payments.NewsRefunded):
		return s.withdraw(ctx, debt.AccountID(c.After.AccountID), debtsOf(c.After.Allocations))
	case slices.Contains(c.News, payments.NewsReinstated):
		occasion, paid = fmt.Sprintf("%s/%d", occasion, c.After.Revision), c.After.Allocations
	case !slices.Contains(c.News, payments.NewsConfirmed) && !slices.Contains(c.News, payments.NewsReleased):
		return nil
	}
	ids := debtsOf(paid)
	return s.owe(ctx, debt.AccountID(c.After.AccountID), ids, pack.Payment, occasion, plans.Plan{}, Satisfaction)
}

func debtsOf(allocations []payments.Allocation) (ids []debt.ID) {
	for _, a := range allocations {
		ids = append(ids, debt.ID(a.DebtID))
	}
	return ids
}

// Heard is told, inside its transaction, that a consumer hears of these debts
// here: papers that the law of the place wants with that are asked for, once.
func (s *Service) Heard(ctx context.Context, id debt.AccountID, of []debt.ID) error {
	return s.owe(ctx, id, of, pack.FirstNotice, "first", plans.Plan{})
}

// PayOff writes the letter that says what pays a debt off today; asked for
// again on the same day it is the same letter. ErrClosed where nothing is owed.
func (s *Service) PayOff(ctx context.Context, id debt.AccountID, of debt.ID) (Letter, error) {
	var found Letter
	err := s.Tx.InTx(ctx, func(ctx context.Context) error {
		account, statement, err := s.find(ctx, id, of)
		if err != nil {
			return err
		}
		if statement.Owed <= 0 {
			return ErrClosed
		}
		today := s.today(account)
		l := s.letter(statement, Payoff, "payoff/"+string(of)+"/"+today.String()+"/"+statement.Owed.String(), today)
		l.Due = today.AddDays(usual[Payoff])
		added, err := s.Store.AddLetter(ctx, l)
		if err == nil && added {
			found = l
			return s.give(ctx, account, statement, plans.Plan{}, &found)
		}
		found, err = s.byOccasion(ctx, l, err)
		return err
	})
	return found, err
}

func (s *Service) byOccasion(ctx context.Context, l Letter, err error) (Letter, error) {
	if err != nil {
		return l, err
	}
	all, err := s.Of(ctx, l.AccountID)
	for _, have := range all {
		if have.Occasion == l.Occasion {
			return have, err
		}
	}
	return l, errors.Join(err, ErrNotFound)
}

// owe keeps what is owed of debts on an occasion, the portal's own kinds and
// those that the law of the place asks for besides, and writes what is to be
// written at once.
func (s *Service) owe(ctx context.Context, id debt.AccountID, ids []debt.ID, on pack.Trigger, occasion string, p plans.Plan, kinds ...Kind) error {
	account, err := s.Records.Account(ctx, id)
	if err != nil {
		return err
	}
	statements, err := s.Records.AccountStatements(ctx, id)
	if err != nil {
		return err
	}
	today := s.today(account)
	for _, st := range statements {
		if !slices.Contains(ids, st.Debt.ID) || on == pack.Payment && (st.Owed > 0 || st.Held > 0) {
			continue
		}
		law := s.law(account, st.Debt, today)
		for _, kind := range asked(law, on, kinds) {
			l := s.letter(st, kind, fmt.Sprintf("%s/%s/%s", occasion, st.Debt.ID, kind), today)
			l.Subject = string(p.ID)
			s.term(&l, law, on, today)
			if err := s.begin(ctx, account, st, p, l); err != nil {
				return fmt.Errorf("%s of debt %s: %w", kind, st.Debt.ID, err)
			}
		}
	}
	return nil
}

func (s *Service) law(a debt.Account, d debt.Debt, day civil.Date) pack.Effects {
	return s.Law.Resolve(pack.Facts{State: a.Consumer.Address.State, PostalCode: a.Consumer.Address.PostalCode, DebtType: string(d.Type), Day: day})
}

// asked are the kinds with those of the law.
func asked(law pack.Effects, on pack.Trigger, kinds []Kind) []Kind {
	all := slices.Clone(kinds)
	for _, d := range law.Documents {
		if d.On == on && !slices.Contains(all, Kind(d.Name)) {
			all = append(all, Kind(d.Name))
		}
	}
	return all
}

// term fills in by when: the law's days where it names any, else the usual.
func (s *Service) term(l *Letter, law pack.Effects, on pack.Trigger, today civil.Date) {
	days := law.DocumentDays(string(l.Kind), on)
	l.Required = days > 0
	if days == 0 {
		days = usual[l.Kind]
	}
	l.Due = today.AddDays(days)
	if l.Kind == Accounting {
		l.MakeOn = today.AddDays(max(1, days-mailDays))
	}
}

func (s *Service) letter(st debt.Statement, k Kind, occasion string, today civil.Date) Letter {
	return Letter{
		ID: s.NewID(), AccountID: st.Debt.AccountID, DebtID: st.Debt.ID, DebtRef: st.Debt.Ref, CreditorRef: st.Debt.CreditorRef,
		Kind: k, Occasion: occasion, State: Waiting, OwedAt: s.now(), MakeOn: today, Amount: max(0, st.Owed),
	}
}

// begin keeps a letter and, where its day is today, writes it.
func (s *Service) begin(ctx context.Context, a debt.Account, st debt.Statement, p plans.Plan, l Letter) error {
	added, err := s.Store.AddLetter(ctx, l)
	if err != nil || !added || l.MakeOn.After(s.today(a)) {
		return err
	}
	return s.give(ctx, a, st, p, &l)
}

// give writes a letter and sends it on its way.
func (s *Service) give(ctx context.Context, a debt.Account, st debt.Statement, p plans.Plan, l *Letter) error {
	l.Amount, l.MadeAt = max(0, st.Owed), s.now()
	var sealed []byte
	if l.Kind.Ours() {
		text, err := json.Marshal(write(a, st, p, s.today(a)))
		if err != nil {
			return err
		}
		if sealed, err = s.Sealer.Seal(text, row(l.ID)); err != nil {
			return err
		}
	}
	if err := s.send(ctx, l); err != nil {
		return err
	}
	return s.Store.SaveLetter(ctx, *l, sealed)
}

func row(id string) string { return "letters/" + id }

// send decides how a letter goes out: what no law asks for stands in the
// portal; the rest goes by e-mail where it may, else by mail.
func (s *Service) send(ctx context.Context, l *Letter) error {
	if l.Kind.Ours() && !l.Required {
		return s.given(ctx, l, ByPortal, s.now())
	}
	if l.Kind.Ours() {
		message, err := s.Courier.Email(ctx, *l)
		if err != nil || message != "" {
			l.State, l.Message = Queued, message
			return err
		}
	}
	return s.mail(ctx, l)
}

func (s *Service) mail(ctx context.Context, l *Letter) (err error) {
	l.State = Mail
	l.Message, err = s.Courier.Mail(ctx, *l)
	return err
}

func (s *Service) given(ctx context.Context, l *Letter, by Way, when time.Time) error {
	l.State, l.Way, l.GivenAt = Given, by, when.UTC().Truncate(time.Microsecond)
	if by == ByMail {
		return nil // the system of record has said so itself
	}
	return s.Courier.Sent(ctx, *l)
}

// WentOut hears that a message left, or an event was posted: the letter counts
// as given then. Other messages are left alone.
func (s *Service) WentOut(ctx context.Context, message string, when time.Time) error {
	return s.follow(ctx, message, Given, func(ctx context.Context, l *Letter) error {
		by := ByMail
		if l.State == Queued {
			by = ByEmail
		}
		return s.given(ctx, l, by, when)
	})
}

// Lost hears that a message did not arrive: the letter goes by mail then, unless
// nobody may be told of its debt any more.
func (s *Service) Lost(ctx context.Context, message string) error {
	return s.follow(ctx, message, Mail, func(ctx context.Context, l *Letter) error {
		told, err := s.mayTell(ctx, *l)
		switch {
		case err != nil:
			return err
		case told:
			return s.mail(ctx, l)
		}
		l.State = Over
		return nil
	})
}

// mayTell asks whether the consumer may be told of a letter's debt (STS-01, STS-02,
// STS-05, STS-06).
func (s *Service) mayTell(ctx context.Context, l Letter) (bool, error) {
	account, err := s.Records.Account(ctx, l.AccountID)
	if err != nil {
		return false, err
	}
	all, err := s.Records.AccountStatements(ctx, l.AccountID)
	person, told := gate.Person{Born: account.Consumer.DateOfBirth}, false
	for _, st := range all {
		person.Debts = append(person.Debts, st.Debt)
	}
	for _, st := range all {
		if d, _ := person.Standing(st.Debt, s.today(account)).Decide(gate.View, gate.Facts{}); st.Debt.ID == l.DebtID {
			told = d.Allowed
		}
	}
	return told, err
}

func (s *Service) follow(ctx context.Context, message string, to State, do func(ctx context.Context, l *Letter) error) error {
	return s.Tx.InTx(ctx, func(ctx context.Context) error {
		found, err := s.Store.Letters(ctx, Query{Message: message, Most: 1})
		if err != nil || len(found) == 0 {
			return err
		}
		l, err := s.Store.LockLetter(ctx, found[0].ID)
		if err != nil || l.Message != message || !slices.Contains(moves[l.State], to) {
			return err
		}
		if err := do(ctx, &l); err != nil {
			return err
		}
		return s.Store.SaveLetter(ctx, l, nil)
	})
}

// Write is a job: letters whose day has come are written, and the next account
// of a plan that still runs is put down. It returns how many it looked at.
func (s *Service) Write(ctx context.Context, most int) (int, error) {
	due, err := s.Store.Letters(ctx, Query{State: Waiting, By: civil.Of(s.now()), Most: most})
	if err != nil {
		return 0, err
	}
	for _, l := range due {
		if err := s.Tx.InTx(ctx, func(ctx context.Context) error { return s.account(ctx, l.ID) }); err != nil {
			return 0, fmt.Errorf("letter %s: %w", l.ID, err)
		}
	}
	return len(due), nil
}

func (s *Service) account(ctx context.Context, id string) error {
	l, err := s.Store.LockLetter(ctx, id)
	if err != nil || l.State != Waiting {
		return err
	}
	p, err := s.Records.Plan(ctx, plans.ID(l.Subject))
	if err != nil {
		return err
	}
	switch {
	case !p.Status.Running():
		l.State = Over
		return s.Store.SaveLetter(ctx, l, nil)
	case p.Status != plans.Active: // it rests, maybe since nobody may be written to
		l.MakeOn = l.MakeOn.AddDays(mailDays)
		return s.Store.SaveLetter(ctx, l, nil)
	}
	a, st, err := s.find(ctx, l.AccountID, l.DebtID)
	if err != nil {
		return err
	}
	if err := s.give(ctx, a, st, p, &l); err != nil {
		return err
	}
	next := s.letter(st, Accounting, l.Occasion+"+", l.MakeOn)
	next.Subject = l.Subject
	s.term(&next, s.law(a, st.Debt, s.today(a)), pack.Plan, l.Due)
	_, err = s.Store.AddLetter(ctx, next)
	return err
}

func (s *Service) find(ctx context.Context, id debt.AccountID, of debt.ID) (debt.Account, debt.Statement, error) {
	account, err := s.Records.Account(ctx, id)
	if err != nil {
		return account, debt.Statement{}, err
	}
	all, err := s.Records.AccountStatements(ctx, id)
	i := slices.IndexFunc(all, func(st debt.Statement) bool { return st.Debt.ID == of })
	if err != nil || i < 0 {
		return account, debt.Statement{}, errors.Join(err, ErrNotFound)
	}
	return account, all[i], nil
}

func (s *Service) today(a debt.Account) civil.Date {
	return gate.Day(s.now(), a.Consumer.Address.State)
}

// Of lists the letters of an account that were written, the newest first.
func (s *Service) Of(ctx context.Context, id debt.AccountID) ([]Letter, error) {
	all, err := s.Store.Letters(ctx, Query{Account: id, Most: mostListed})
	all = slices.DeleteFunc(all, func(l Letter) bool { return l.MadeAt.IsZero() || !l.Kind.Ours() })
	slices.SortStableFunc(all, func(a, b Letter) int { return b.MadeAt.Compare(a.MadeAt) })
	return all, err
}

// mostListed is how many letters of one account are read.
const mostListed = 500

// ToMail is the agency's queue: letters that are to be mailed, the earliest due
// first.
func (s *Service) ToMail(ctx context.Context, most int) ([]Letter, error) {
	return s.Store.Letters(ctx, Query{State: Mail, Most: most})
}

// Read opens a letter of an account as it was written; ErrNotFound, also for
// another's.
func (s *Service) Read(ctx context.Context, id debt.AccountID, letter string) (Letter, Facts, error) {
	all, err := s.Of(ctx, id)
	i := slices.IndexFunc(all, func(l Letter) bool { return l.ID == letter })
	if err != nil || i < 0 {
		return Letter{}, Facts{}, errors.Join(err, ErrNotFound)
	}
	sealed, err := s.Store.SealedLetter(ctx, letter)
	if err != nil {
		return Letter{}, Facts{}, err
	}
	text, err := s.Sealer.Open(sealed, row(letter))
	if err != nil {
		return Letter{}, Facts{}, err
	}
	var f Facts
	return all[i], f, json.Unmarshal(text, &f)
}
