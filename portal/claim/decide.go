package claim

import (
	"context"
	"errors"
	"fmt"

	"quittance/plans/civil"
)

// Decide takes the word of the system of record, which alone confirms or
// clears. What is cleared is released; plans do not go on by themselves.
func (s *Service) Decide(ctx context.Context, id ID, d Decision) (Claim, error) {
	var decided Claim
	err := s.Tx.InTx(ctx, func(ctx context.Context) error {
		held, err := s.Store.ClaimByID(ctx, id)
		if err != nil {
			return err
		}
		if decided, err = decide(held, d, s.now()); err != nil || decided == held {
			return err
		}
		if decided.State == Cleared {
			if _, err := s.Holds.Release(ctx, string(id)); err != nil {
				return err
			}
		}
		return s.Store.SaveClaim(ctx, decided)
	})
	if err != nil {
		return Claim{}, fmt.Errorf("decide on claim: %w", err)
	}
	return decided, nil
}

// byConsumer is who ends a claim by their own act.
const byConsumer = "consumer"

// Direct ends what a person said of an attorney, by their own recorded act: from
// now on they are dealt with directly (STS-03). What was held is released; no
// plan goes on by itself. ErrNotFound where nothing is open, ErrStands where the
// system of record has confirmed it.
func (s *Service) Direct(ctx context.Context, r Request) (Claim, error) {
	ended, err := s.takeBack(ctx, r, Attorney)
	if err != nil {
		return Claim{}, fmt.Errorf("end what was said of an attorney: %w", err)
	}
	return ended, nil
}

// Alive ends what somebody with a link said of a death, by the recorded act of
// whoever signed in since and says that they are this person (STS-02). Its errors
// are those of Direct; ErrStands also where it was said by somebody who had
// signed in.
func (s *Service) Alive(ctx context.Context, r Request) (Claim, error) {
	ended, err := s.takeBack(ctx, r, Death)
	if err != nil {
		return Claim{}, fmt.Errorf("take back what was said of a death: %w", err)
	}
	return ended, nil
}

// Doubted reports whether whoever signs in is asked about the claim: nobody knows
// who said it.
func (c Claim) Doubted() bool { return c.Kind == Death && c.Door == ByLink && c.State == Claimed }

// TakenBack reports whether whoever signed in said that they are alive.
func (c Claim) TakenBack() bool {
	return c.Kind == Death && c.State == Cleared && c.DecidedBy == byConsumer
}

// takeBack ends an open claim by the consumer's own act.
func (s *Service) takeBack(ctx context.Context, r Request, kind Kind) (Claim, error) {
	var ended Claim
	err := s.Tx.InTx(ctx, func(ctx context.Context) error {
		held, err := s.Store.OpenClaim(ctx, r.AccountID, kind)
		if err != nil {
			return err
		}
		if held.State != Claimed || kind == Death && !held.Doubted() {
			return ErrStands
		}
		if ended, err = decide(held, Decision{State: Cleared, By: byConsumer, On: civil.Of(s.now())}, s.now()); err != nil {
			return err
		}
		debts, err := s.debts(ctx, r.AccountID)
		if err != nil {
			return err
		}
		if _, err := s.Holds.Release(ctx, string(ended.ID)); err != nil {
			return err
		}
		if err := s.Store.SaveClaim(ctx, ended); err != nil {
			return err
		}
		if err := s.report(ctx, ended, r); err != nil {
			return err
		}
		return s.tell(ctx, ended, r.Details, debts)
	})
	return ended, err
}

// bySystemOfRecord is who confirms a claim by giving a debt the same status.
const bySystemOfRecord = "system of record"

// Sweep ends pauses whose day has come, and confirms what the system of record
// says by itself. It is a job of package worker and returns how many it moved.
func (s *Service) Sweep(ctx context.Context, limit int) (int, error) {
	over, err := s.Lists.OverduePauses(ctx, s.now(), limit)
	if err != nil {
		return 0, fmt.Errorf("pauses that are over: %w", err)
	}
	agreed, err := s.Lists.Agreed(ctx, limit)
	if err != nil {
		return 0, fmt.Errorf("claims that are confirmed: %w", err)
	}
	var failed error
	for _, id := range over {
		failed = errors.Join(failed, s.endOne(ctx, id))
	}
	for _, id := range agreed {
		_, err := s.Decide(ctx, id, Decision{State: Confirmed, By: bySystemOfRecord, On: civil.Of(s.now())})
		if !errors.Is(err, ErrCleared) { // it was cleared meanwhile
			failed = errors.Join(failed, err)
		}
	}
	return len(over) + len(agreed), failed
}

func (s *Service) endOne(ctx context.Context, id ID) error {
	return s.Tx.InTx(ctx, func(ctx context.Context) error {
		c, err := s.Store.ClaimByID(ctx, id)
		if err != nil || c.State != Claimed || c.Until.IsZero() || s.now().Before(c.Until) {
			return err
		}
		return s.end(ctx, c)
	})
}

// end closes a pause and what it held.
func (s *Service) end(ctx context.Context, c Claim) error {
	c.State, c.DecidedAt = Over, s.now()
	if _, err := s.Holds.Release(ctx, string(c.ID)); err != nil {
		return err
	}
	return s.Store.SaveClaim(ctx, c)
}

// Find returns a claim; ErrNotFound.
func (s *Service) Find(ctx context.Context, id ID) (Claim, error) { return s.Store.ClaimByID(ctx, id) }

// Newest lists the newest claims, only those that wait when so asked.
func (s *Service) Newest(ctx context.Context, openOnly bool, limit int) ([]Claim, error) {
	return s.Lists.Claims(ctx, openOnly, limit)
}
