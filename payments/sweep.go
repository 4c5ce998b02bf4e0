package payments

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// How often the processor is asked, at least, about a payment of which no
// event comes, and until when. Between, the pace slows with age.
const (
	waitingEvery = time.Hour            // the bank is moving the money, or it ended a moment ago
	takenEvery   = 24 * time.Hour       // money was taken: a return or dispute may come
	endedUntil   = 3 * 24 * time.Hour   // nothing was taken; a late surprise is looked for
	takenUntil   = 120 * 24 * time.Hour // cardholders commonly have 120 days (STR-14)
)

// Sweep takes back what may not be paid any more, and refreshes the payments
// that are due to be asked about: those whose answer or events were lost, and
// those the consumer abandoned. It returns how many were looked at; the errors of
// the others are joined, and each of them is asked about again later.
func (s *Service) Sweep(ctx context.Context, limit int) (int, error) {
	n, failed := s.resolve(ctx, limit)
	ids, err := s.Watch.DuePayments(ctx, s.now(), limit)
	if err != nil {
		return n, errors.Join(failed, err)
	}
	for _, id := range ids {
		if ctx.Err() != nil {
			return n, errors.Join(failed, ctx.Err())
		}
		if _, _, err := s.Refresh(ctx, id); err != nil {
			failed = errors.Join(failed, fmt.Errorf("refresh %s: %w", id, err))
			continue
		}
		n++
	}
	if failed != nil {
		s.Log.WarnContext(ctx, "some payments could not be refreshed", slog.Int("refreshed", n), slog.Any("error", failed))
	}
	return n, failed
}

// askLater keeps a payment that could not be asked about from being asked
// about at once again.
func (s *Service) askLater(ctx context.Context, p Payment) error {
	return s.commit(context.WithoutCancel(ctx), func(ctx context.Context) error {
		held, err := s.Store.Payment(ctx, p.ID)
		if err != nil {
			return err
		}
		return s.Watch.NoteCheck(ctx, p.ID, held.ObservedAt, s.nextCheck(held))
	})
}

// overdue reports whether a payment waited too long for the consumer or for
// the processor's answer.
func (s *Service) overdue(p Payment) bool {
	until := s.deadline(p)
	return !until.IsZero() && !s.now().Before(until)
}

// deadline is when a payment is given up; zero when it is not ours to give up.
func (s *Service) deadline(p Payment) time.Time {
	switch p.Status {
	case Started, Ready:
		return p.CreatedAt.Add(s.AbandonAfter)
	case Submitting, Checking:
		return p.since().Add(s.StaleAfter)
	case NeedsAction:
		return p.since().Add(s.AbandonAfter)
	}
	return time.Time{}
}

// since is when the payment was submitted or, where it was not, made.
func (p Payment) since() time.Time {
	if p.SubmittedAt.IsZero() {
		return p.CreatedAt
	}
	return p.SubmittedAt
}

// nextCheck is when to ask about the payment; zero for never again.
func (s *Service) nextCheck(p Payment) time.Time {
	now := s.now()
	if until := s.deadline(p); until.After(now) {
		return until
	}
	switch {
	case p.Status.InFlight() && p.Status != Processing:
		return pace(p.since(), now, s.StaleAfter)
	case p.Status.Holds():
		return pace(p.since(), now, waitingEvery)
	case p.Ordered() > 0:
		return now.Add(waitingEvery)
	case p.Status.Taken() && now.Before(p.ConfirmedAt.Add(takenUntil)):
		return pace(p.ConfirmedAt, now, takenEvery)
	case p.Status.Ended() && p.known() && now.Before(p.ClosedAt.Add(endedUntil)):
		return pace(p.ClosedAt, now, waitingEvery)
	}
	return time.Time{}
}

// pace waits a quarter of the payment's age, but at least so long.
func pace(since, now time.Time, least time.Duration) time.Time {
	return now.Add(max(least, now.Sub(since)/4))
}
