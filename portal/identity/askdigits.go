package identity

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"quittance/portal/debt"
	"quittance/portal/represent"
)

// DigitAsk is somebody's wish for six digits. What becomes of it is decided
// apart from the answer, so that neither words nor time tell whether the fact was
// right, or whether there is anybody to write to (S2, DSC-04).
type DigitAsk struct {
	StepUp    StepUpID
	AccountID debt.AccountID // made up where nothing is granted
	Speaker   represent.ID
	Granted   bool // the fact was right
	At        time.Time
}

// askFor is how long a wish waits to be answered.
const askFor = time.Minute

// unanswered marks the token of digits of which nobody is told that they were sent.
const unanswered = "asked"

// AskDigits takes the wish of whoever gives the fact for a code to the contact on
// file, also while strangers' misses make the code wait: only who has the phone
// learns whether the fact was right, so it is no guess, and strangers use nothing
// up. The token is for the page that takes the digits. It returns ErrPending (also
// for a visit by a link, which shows possession itself), ErrMalformedFactor or a
// Hold.
func (v *Verifier) AskDigits(ctx context.Context, pending string, given Factor, visitor Visitor) (stepUp string, err error) {
	visit, err := v.readVisit(pending)
	if err != nil || !isCode(visit.Subject) {
		return "", errors.Join(ErrPending, err)
	}
	if given.kind != string(v.Factor) {
		return "", ErrMalformedFactor
	}
	w := DigitAsk{StepUp: newStepUpID(), AccountID: debt.AccountID("acc_" + rand.Text()), At: v.now()}
	var held *Hold
	err = v.Tx.InTx(ctx, func(ctx context.Context) error {
		if visitor, held, err = v.enter(ctx, visit, visitor); err != nil || held != nil {
			return err
		}
		return v.ask(ctx, visit.Subject, w, given, visitor)
	})
	if err != nil {
		return "", fmt.Errorf("ask for digits: %w", err)
	}
	if held != nil {
		return "", *held
	}
	return v.stepUpTokens().sign(claims{Subject: string(w.StepUp), ID: unanswered}, w.At.Add(stepUpFor))
}

func (v *Verifier) ask(ctx context.Context, bucket string, w DigitAsk, given Factor, visitor Visitor) error {
	c, err := v.claimant(ctx, bucket)
	if err != nil {
		return err
	}
	matched, _, err := v.fits(ctx, c, given, w.At)
	if err != nil {
		return err
	}
	if matched {
		w.Granted, w.AccountID, w.Speaker = true, c.AccountID, c.Speaking.ID
	}
	slot := slotNumber(keyed(v.Keys.tally, "digits", string(w.StepUp)), TicketSlots)
	if err := v.StepUps.AddDigitAsk(ctx, slot, w); err != nil {
		return fmt.Errorf("add digit ask: %w", err)
	}
	// In the order of every try: two who count the same in two orders wait for each
	// other for ever.
	for _, counted := range [][]Slot{{v.Keys.slot(TallyPaused, bucket)}, v.Keys.places(visitor.Address)} {
		if err := v.Tallies.AddTallies(ctx, hourOf(w.At), counted...); err != nil {
			return fmt.Errorf("count: %w", err)
		}
	}
	return nil
}

// SendDigits answers wishes whose fact was right, as far as the rules of the
// step-up let something go out, and forgets the others. It returns how many it
// looked at.
func (v *Verifier) SendDigits(ctx context.Context, limit int) (int, error) {
	wishes, err := v.StepUps.ListDigitAsks(ctx, limit)
	if err != nil {
		return 0, fmt.Errorf("wishes for digits: %w", err)
	}
	var failed error
	for _, w := range wishes {
		if err := v.Tx.InTx(ctx, func(ctx context.Context) error { return v.answerAsk(ctx, w) }); err != nil {
			failed = errors.Join(failed, fmt.Errorf("answer a wish for digits: %w", err))
		}
	}
	return len(wishes), failed
}

func (v *Verifier) answerAsk(ctx context.Context, w DigitAsk) error {
	taken, err := v.StepUps.TakeDigitAsk(ctx, w.StepUp)
	if err != nil || !taken || !v.now().Before(w.At.Add(askFor)) { // another process answered
		return err
	}
	p, err := v.asked(ctx, StepUp{AccountID: w.AccountID, Speaker: w.Speaker})
	if err != nil {
		return fmt.Errorf("person: %w", err)
	}
	if answer, err := v.barred(ctx, p); err != nil || answer != nil {
		return err
	}
	_, _, err = v.askPossession(ctx, claimant{Person: p, known: true, path: ByCode}, w.StepUp)
	return err
}

// blind reports whether a token is of digits that were asked for without an
// answer.
func (v *Verifier) blind(token string) bool {
	c, err := v.stepUpTokens().read(token)
	return err == nil && c.ID == unanswered
}

// confirmBlind takes digits that were asked for without an answer. Whatever does
// not open reads the same and costs the same: wrong, used, old, tried too often,
// or never sent.
func (v *Verifier) confirmBlind(ctx context.Context, token, digits string) (r Result, err error) {
	c, err := v.stepUpTokens().read(token)
	if err != nil {
		return r, errors.Join(ErrStepUpOver, err)
	}
	var answer error
	err = v.Tx.InTx(ctx, func(ctx context.Context) error {
		r, answer, err = v.confirmAsked(ctx, StepUpID(c.Subject), digits)
		if err != nil || answer == nil {
			return err
		}
		return v.Tallies.AddTallies(ctx, hourOf(v.now()), v.Keys.slot(TallyPaused, c.Subject))
	})
	if err != nil || answer != nil {
		return Result{}, errors.Join(err, answer)
	}
	return r, nil
}

func (v *Verifier) confirmAsked(ctx context.Context, id StepUpID, digits string) (r Result, answer, err error) {
	s, err := v.StepUps.StepUp(ctx, id)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return r, nil, fmt.Errorf("step-up: %w", err)
	}
	if err == nil && s.live(v.now()) {
		if r, answer, err = v.confirm(ctx, s, digits); answer != nil {
			answer = ErrWrongDigits
		}
		return r, answer, err
	}
	s.ID = id
	if err := v.StepUps.SaveStepUp(ctx, s); err != nil && !errors.Is(err, ErrNotFound) { // the work of a wrong one
		return r, nil, fmt.Errorf("save step-up: %w", err)
	}
	return r, ErrWrongDigits, nil
}

// live reports whether digits may be tried.
func (s StepUp) live(now time.Time) bool {
	return s.UsedAt.IsZero() && s.Tries < mostTries && now.Before(s.SentAt.Add(DigitsFor))
}
