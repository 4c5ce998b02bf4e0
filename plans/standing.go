package plans

import (
	"context"
	"errors"
	"slices"
)

// DebtsChanged hears, in the transaction that changed them, that debts of an
// account may stand otherwise than before: each running plan of theirs that may
// not be charged now rests or ends at once, with all that was not submitted
// (DIS-02, WHK-06). Nothing resumes by itself (DIS-03).
func (s *Service) DebtsChanged(ctx context.Context, accountID string, debtIDs []string) error {
	all, err := s.Store.PlansOfAccount(ctx, accountID)
	if err != nil {
		return err
	}
	for _, p := range all {
		if !p.Status.Running() || !slices.Contains(debtIDs, p.Debt.ID) {
			continue
		}
		if _, err := s.change(ctx, p.ID, s.stood); err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
	}
	return nil
}

// stood decides what becomes of a plan as its debt stands now.
func (s *Service) stood(ctx context.Context, p Plan) (Change, error) {
	if !p.Status.Running() {
		return unmoved(p), nil
	}
	subject, ends, err := s.Debts.Unattended(ctx, p)
	if err != nil || subject.Refusal == "" {
		return unmoved(p), err
	}
	next := p.clone()
	if ends {
		if err := next.cancel(Reason(subject.Refusal)); err != nil {
			return unmoved(p), err
		}
		return moved(p, next, Housekeeping, s.now(), NewsCanceled), nil
	}
	switch {
	case p.Status == Paused && p.Reason == ByConsumer: // it would wake by itself
		next.Reason = Reason(subject.Refusal)
		return moved(p, next, Housekeeping, s.now()), nil
	case p.Status != Active:
		return unmoved(p), nil
	}
	next.Status, next.Reason = Paused, Reason(subject.Refusal)
	return moved(p, next, Housekeeping, s.now(), NewsPaused), nil
}
