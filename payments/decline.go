package payments

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// DeclinesADay is how many cards may be declined in 24 hours: of an account, and
// of one card by its fingerprint. After that a person has to call; a bank
// account stays open. Charges of plans do not count, for nobody chose a card for
// them just then.
const DeclinesADay = 5

const declinesFor = 24 * time.Hour

// CardDeclines is the kind of the warning that no more cards are taken.
const CardDeclines WarningKind = "card_declines"

// Tries is how many cards were declined lately, those included that are being
// asked about right now: they may be declined too.
type Tries struct{ OfAccount, OfCard int }

func (t Tries) over() bool { return max(t.OfAccount, t.OfCard) >= DeclinesADay }

// Declines remembers declined cards.
type Declines interface {
	// AddDecline notes one of a payment; the same revision is noted once.
	AddDecline(ctx context.Context, p Payment, at time.Time) error
	// RemoveDecline takes one back that did not come to be.
	RemoveDecline(ctx context.Context, p Payment) error
	// Tries counts since a time what the payment's account and its card, if its
	// fingerprint is known, were declined, and their other payments by card that a
	// person started and whose outcome is open. Until the transaction ends nobody else
	// counts either.
	Tries(ctx context.Context, p Payment, since time.Time) (Tries, error)
}

// blameless are failures that say nothing of a card: nobody was asked, or who was
// asked could not answer. Who tries out cards learns nothing by them, and whose
// card is good may try again. The last two name no cause at all.
var blameless = map[string]bool{
	FailureRefused: true, FailureUnreachable: true,
	"processing_error": true, "issuer_not_available": true, "try_again_later": true, "reenter_transaction": true,
	"api_error": true, "invalid_request_error": true,
}

// declined reports whether a truth tells of a card to which its bank said no: the
// payment failed by it, or, on the hosted page where another may be tried, one
// more attempt did.
func declined(before, after Payment, t Truth) bool {
	if before.Method != Card || before.Unattended || t.Failure == (Failure{}) || blameless[t.Failure.Code] || after.Status.Taken() {
		return false
	}
	return after.Status == Failed && before.Status != Failed && before.Status != Canceled || t.ChargeID != "" && t.ChargeID != before.ChargeID
}

func (s *Service) noteDecline(ctx context.Context, c Change) error {
	if s.Declines == nil || !c.Declined {
		return nil
	}
	return s.Declines.AddDecline(ctx, c.After, s.now())
}

// shutPage gives up a payment that waits on the hosted page where too many cards
// were declined: there one after the other can be tried.
func (s *Service) shutPage(ctx context.Context, id ID) error {
	p, err := s.Store.Payment(ctx, id)
	if err != nil || p.Status != NeedsAction || p.CheckoutID == "" {
		return err
	}
	err = s.commit(ctx, func(ctx context.Context) error { return s.mayTry(ctx, p) })
	if !errors.Is(err, ErrDeclines) {
		return err
	}
	if _, _, err = s.recall(ctx, p); err != nil {
		s.Log.WarnContext(ctx, "a hosted page with too many declined cards could not be shut", slog.String("payment", string(id)), slog.Any("error", err))
	}
	return nil // Sweep asks about the payment again
}

// mayTry returns ErrDeclines where too many cards were declined; that somebody
// has to look is kept.
func (s *Service) mayTry(ctx context.Context, p Payment) error {
	if s.Declines == nil || p.Method != Card || p.Unattended {
		return nil
	}
	now := s.now()
	tries, err := s.Declines.Tries(ctx, p, now.Add(-declinesFor))
	if err != nil {
		return fmt.Errorf("count declines: %w", err)
	}
	if !tries.over() {
		return nil
	}
	if s.Warnings != nil {
		w := Warning{Kind: CardDeclines, Subject: p.AccountID, State: now.Format(time.DateOnly)}
		about := p.ID
		if p.Amount == 0 {
			about = "" // a card that is only saved pays nothing yet
		}
		if err := s.Warnings.Warn(ctx, w, about, now); err != nil {
			return err
		}
	}
	return refusal{ErrDeclines}
}

// counted lets cards be saved only while not too many were declined: saving asks
// the card's bank too.
type counted struct {
	Saver
	service *Service
}

// Counted makes a Saver count declined cards as payments are counted. What is
// refused for it is ErrMethodRefused and ErrDeclines.
func (s *Service) Counted(saver Saver) Saver { return counted{saver, s} }

// SaveMethod implements Saver. The card counts as declined until its bank has
// said yes, so that parallel tries do not pass.
func (c counted) SaveMethod(ctx context.Context, r SaveRequest) (Setup, error) {
	s := c.service
	if s.Declines == nil || r.Method != Card {
		return c.Saver.SaveMethod(ctx, r)
	}
	tried := Payment{ID: ID(r.Key), AccountID: r.AccountID, Method: Card}
	err := s.commit(ctx, func(ctx context.Context) error {
		if err := s.mayTry(ctx, tried); err != nil {
			return err
		}
		return s.Declines.AddDecline(ctx, tried, s.now())
	})
	if err != nil {
		if errors.Is(err, ErrDeclines) {
			err = errors.Join(ErrMethodRefused, err)
		}
		return Setup{}, err
	}
	setup, err := c.Saver.SaveMethod(ctx, r)
	if err != nil && !errors.Is(err, ErrRefused) {
		return setup, err // nobody knows: it counts
	}
	return setup, errors.Join(err, s.commit(ctx, func(ctx context.Context) error {
		if err := s.Declines.RemoveDecline(ctx, tried); err != nil || setup.State != SetupFailed || blameless[setup.Failure.Code] {
			return err
		}
		tried.Revision, tried.Details = s.now().UnixMicro(), setup.Details // each card of a draft counts
		return s.Declines.AddDecline(ctx, tried, s.now())
	}))
}
