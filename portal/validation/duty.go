package validation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/represent"
)

// Begin is told, inside its transaction, that a consumer, or who speaks for them
// in a role, hears of their debts here: where no notice of one is known, the
// system of record is asked at once to mail it, within five days (VAL-10).
// Looking at the portal is no notice (VAL-11). Whoever hears of a debt next
// begins nothing anew.
func (s *Service) Begin(ctx context.Context, accountID debt.AccountID, by represent.Role) error {
	ids, err := s.Duties.Unnoticed(ctx, accountID)
	if err != nil || len(ids) == 0 {
		return err
	}
	account, err := s.Accounts.Account(ctx, accountID)
	if err != nil {
		return err
	}
	all, err := s.Accounts.AccountStatements(ctx, accountID)
	if err != nil {
		return err
	}
	now := s.now()
	for _, st := range all {
		if !slices.Contains(ids, st.Debt.ID) || st.Owed <= 0 || !s.Shown(account, all, st, by, now) {
			continue
		}
		if err := s.owe(ctx, st, now); err != nil {
			return fmt.Errorf("notice owed on debt %s: %w", st.Debt.ID, err)
		}
	}
	return nil
}

func (s *Service) owe(ctx context.Context, st debt.Statement, now time.Time) error {
	due := civil.Of(now.In(s.Zone)).AddDays(dutyDays)
	event, err := s.Mail.NoticeOwed(ctx, st, due)
	if err != nil {
		return err
	}
	_, err = s.Duties.BeginDuty(ctx, Duty{
		DebtID: st.Debt.ID, AccountID: st.Debt.AccountID, EventID: event, BeganAt: now, Due: due,
		AlertAt: now.AddDate(0, 0, alertDays),
	})
	return err
}

// Mailed hears that the system of record mailed what an event asked for: the
// notice counts as given on that day.
func (s *Service) Mailed(ctx context.Context, event string, at time.Time) error {
	open, err := s.Duties.OpenDuties(ctx, DutyQuery{EventID: event, Most: 1})
	if err != nil || len(open) == 0 {
		return err
	}
	d := open[0]
	_, _, err = s.keep(ctx, d.AccountID, d.DebtID, Report{Provided: civil.Of(at.In(s.Zone)), Via: Mail, Source: Asked})
	var lacks *IncompleteError
	if errors.As(err, &lacks) {
		return nil // the posting stands; the duty stays open, and its alarm says so
	}
	return err
}

// Overdue tells of notices that are still owed on the third day, and ends the
// duty where the debt was paid meanwhile (VAL-10). It returns how many it looked
// at.
func (s *Service) Overdue(ctx context.Context, most int) (int, error) {
	open, err := s.Duties.OpenDuties(ctx, DutyQuery{Before: s.now(), Untold: true, Most: most})
	if err != nil {
		return 0, err
	}
	for _, d := range open {
		if err := s.Tx.InTx(ctx, func(ctx context.Context) error { return s.warn(ctx, d) }); err != nil {
			return 0, fmt.Errorf("notice owed on debt %s: %w", d.DebtID, err)
		}
	}
	return len(open), nil
}

func (s *Service) warn(ctx context.Context, d Duty) error {
	_, st, err := s.find(ctx, d.AccountID, d.DebtID)
	if err != nil {
		return err
	}
	if st.Owed <= 0 {
		return s.Duties.EndDuty(ctx, d.AccountID, d.DebtID, "paid", s.now())
	}
	if err := s.Duties.Alerted(ctx, d.AccountID, d.DebtID, s.now()); err != nil {
		return err
	}
	return s.Alarm.NoticeOverdue(ctx, d)
}

// closed are the statuses in which no notice is owed on a debt: nobody asks for it
// any more. Whoever hears of it when it is collected again begins anew.
var closed = []debt.Status{debt.Recalled, debt.Bankruptcy, debt.Paid}

// Turned hears, in the transaction that changed it, that a debt has another
// status.
func (s *Service) Turned(ctx context.Context, whose debt.AccountID, id debt.ID, to debt.Status) error {
	if !slices.Contains(closed, to) {
		return nil
	}
	return s.Duties.EndDuty(ctx, whose, id, string(to), s.now())
}

// Owed lists the notices that are owed and that somebody was told of, for the
// agency's queue.
func (s *Service) Owed(ctx context.Context, most int) ([]Duty, error) {
	return s.Duties.OpenDuties(ctx, DutyQuery{Before: s.now(), Most: most})
}

// OwedTo lists the notices that an account still waits for.
func (s *Service) OwedTo(ctx context.Context, id debt.AccountID) ([]Duty, error) {
	return s.Duties.OpenDuties(ctx, DutyQuery{Account: id, Most: 100})
}
