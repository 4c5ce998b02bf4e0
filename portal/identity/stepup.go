package identity

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"quittance/portal/contact"
	"quittance/portal/notice"
)

// Why possession was not shown.
var (
	ErrNoContact       = errors.New("no number or address on file to which a code may go")
	ErrMalformedDigits = errors.New("not six digits")
	ErrWrongDigits     = errors.New("not the code that was sent")
	// ErrStepUpOver says that the visitor must start with the code again: the
	// digits were used, too old, or tried too often.
	ErrStepUpOver = errors.New("the code that was sent can no longer be used")
	// ErrWait is wrapped by Wait.
	ErrWait = errors.New("too many codes were asked for")
)

// Wait says how long until another code may be sent; zero is not online.
type Wait struct{ For time.Duration }

// Error implements error.
func (w Wait) Error() string { return fmt.Sprintf("%s: wait %s", ErrWait, w.For) }

// Unwrap makes it an ErrWait.
func (Wait) Unwrap() error { return ErrWait }

// Limits of one-time codes (ASVS 6.5.5, 6.6.3).
const (
	DigitsFor     = 10 * time.Minute
	mostTries     = 5 // at all the codes of one step-up together
	mostSends     = 3
	mostSendsADay = 6 // to one person, of codes that were not used
	betweenSends  = 30 * time.Second
	stepUpFor     = 30 * time.Minute
	stepUpPrefix  = "step:"
	digitsLength  = 6
	digitsCeiling = 1_000_000
)

func (v *Verifier) stepUpTokens() signer {
	return signer{key: v.Keys.stepUp, audience: "verify", kind: "step_up", now: v.Now}
}

func newStepUpID() StepUpID { return StepUpID("stp_" + rand.Text()) }

// sendsWait is how long no more digits go to a person, by those that went. A code
// that was sent and not used counts like a failure, so that nobody can have a phone
// flooded or guess for long: five tries at each of six codes a day.
func sendsWait(past []Attempt, now time.Time) time.Duration {
	sent := sinceSuccess(past, now)
	if len(sent) < mostSendsADay {
		return 0
	}
	return max(0, sent[len(sent)-mostSendsADay].At.Add(day).Sub(now))
}

// askPossession sends six digits.
func (v *Verifier) askPossession(ctx context.Context, c claimant, id StepUpID) (r Result, answer, err error) {
	now := v.now()
	past, err := v.Attempts.Attempts(ctx, c.stepUpBucket(), MostInARow)
	if err != nil {
		return r, nil, fmt.Errorf("attempts: %w", err)
	}
	if wait := max(Decide(past, now).Wait, sendsWait(past, now)); wait > 0 {
		return r, Wait{For: wait}, nil
	}
	if v.Book == nil {
		return r, ErrNoContact, nil
	}
	ch, to, err := v.reachable(ctx, c.Person)
	if err != nil || to == "" {
		return r, ErrNoContact, err
	}
	s := StepUp{
		ID: id, AccountID: c.AccountID, Speaker: c.Speaking.ID, Path: c.path, LinkID: c.link.ID,
		Channel: ch, CreatedAt: now,
	}
	digits := s.renew(v.Keys, now)
	if err := v.StepUps.AddStepUp(ctx, s); err != nil {
		return r, nil, fmt.Errorf("add step-up: %w", err)
	}
	if err := v.sendDigits(ctx, s, c.Person, to, digits); err != nil {
		return r, nil, err
	}
	r = Result{Channel: ch}
	r.StepUp, err = v.stepUpTokens().sign(claims{Subject: string(s.ID)}, now.Add(stepUpFor))
	return r, nil, err
}

// reachable is the channel and address a code may go to: as configured, or the
// other one; to is empty when there is neither.
func (v *Verifier) reachable(ctx context.Context, p Person) (ch contact.Channel, to string, err error) {
	order := []contact.Channel{contact.SMS, contact.Email}
	if v.StepUp == contact.Email {
		order = []contact.Channel{contact.Email, contact.SMS}
	}
	for _, ch := range order {
		known, err := v.Book.Preferences(ctx, p.Reach(), ch)
		if err != nil {
			return "", "", err
		}
		known.Asked = true
		if ok, _ := contact.May(known, ch, v.now()); ok {
			return ch, known.Address, nil
		}
	}
	return "", "", nil
}

// Reach is how the person is reached.
func (p Person) Reach() contact.Person {
	return contact.Person{AccountID: p.AccountID, Phone: p.Phone, Email: p.Email, State: p.State, ZIP: p.PostalCode}
}

// stepUpBucket counts the codes that went to a person.
func (p Person) stepUpBucket() string {
	return stepUpPrefix + cmp.Or(string(p.Speaking.ID), string(p.AccountID))
}

// stepUpKind is the kind of the message: a representative's address is not the
// consumer's on file.
func (p Person) stepUpKind() notice.Kind {
	if p.Speaking.ID != "" {
		return notice.KindStepUpFor
	}
	return notice.KindStepUp
}

// asked is whose possession a step-up asks for.
func (v *Verifier) asked(ctx context.Context, s StepUp) (Person, error) {
	if s.Speaker != "" {
		return v.People.PersonSpeaking(ctx, s.Speaker)
	}
	return v.People.Person(ctx, s.AccountID)
}

// renew puts new digits into the step-up; the old ones no longer count.
func (s *StepUp) renew(k Keys, now time.Time) (digits string) {
	n, err := rand.Int(rand.Reader, big.NewInt(digitsCeiling))
	if err != nil {
		panic("identity: crypto/rand cannot fail: " + err.Error())
	}
	digits = fmt.Sprintf("%0*d", digitsLength, n)
	s.CodeHash, s.SentAt, s.Sends = s.hash(k, digits), now, s.Sends+1
	return digits
}

func (s *StepUp) hash(k Keys, digits string) []byte { return keyed(k.digits, string(s.ID), digits) }

func (v *Verifier) sendDigits(ctx context.Context, s StepUp, p Person, to, digits string) error {
	err := v.Attempts.SaveAttempt(ctx, Attempt{Bucket: p.stepUpBucket(), At: s.SentAt, Outcome: Failed})
	if err != nil {
		return fmt.Errorf("save attempt: %w", err)
	}
	text, err := v.Words.StepUpText(p.Language, s.Channel, digits)
	if err != nil {
		return fmt.Errorf("words: %w", err)
	}
	_, err = v.Messages.Add(ctx, notice.Message{
		AccountID: p.AccountID, To: to, Channel: s.Channel, Kind: p.stepUpKind(), Language: p.Language,
		Text: text, ExpiresAt: s.SentAt.Add(DigitsFor),
	})
	return err
}

// Confirm takes the six digits and opens the session. It returns
// ErrMalformedDigits, ErrWrongDigits or ErrStepUpOver; of digits that were asked
// for without an answer (AskDigits) ErrWrongDigits for all but the first.
func (v *Verifier) Confirm(ctx context.Context, token, typed string) (Result, error) {
	digits, ok := parseDigits(typed)
	if !ok {
		return Result{}, ErrMalformedDigits
	}
	if v.blind(token) {
		return v.confirmBlind(ctx, token, digits)
	}
	var result Result
	answer, err := v.stepUp(ctx, token, func(ctx context.Context, s StepUp) (answer, err error) {
		result, answer, err = v.confirm(ctx, s, digits)
		return answer, err
	})
	if err != nil || answer != nil {
		return Result{}, errors.Join(answer, err)
	}
	return result, nil
}

// stepUp runs fn on a live step-up in a transaction that is kept even when the
// answer is a refusal.
func (v *Verifier) stepUp(ctx context.Context, token string, fn func(context.Context, StepUp) (answer, err error)) (answer, err error) {
	c, err := v.stepUpTokens().read(token)
	if err != nil {
		return errors.Join(ErrStepUpOver, err), nil
	}
	err = v.Tx.InTx(ctx, func(ctx context.Context) error {
		s, err := v.StepUps.StepUp(ctx, StepUpID(c.Subject))
		if errors.Is(err, ErrNotFound) || err == nil && (!s.UsedAt.IsZero() || s.Tries >= mostTries) {
			answer = ErrStepUpOver
			return nil
		}
		if err != nil {
			return fmt.Errorf("step-up: %w", err)
		}
		answer, err = fn(ctx, s)
		return err
	})
	return answer, err
}

func (v *Verifier) confirm(ctx context.Context, s StepUp, digits string) (r Result, answer, err error) {
	now := v.now()
	if !now.Before(s.SentAt.Add(DigitsFor)) {
		return r, ErrStepUpOver, nil
	}
	s.Tries++
	right := hmac.Equal(s.CodeHash, s.hash(v.Keys, digits))
	if right {
		s.UsedAt = now
	}
	if err := v.StepUps.SaveStepUp(ctx, s); err != nil {
		return r, nil, fmt.Errorf("save step-up: %w", err)
	}
	switch {
	case !right && s.Tries >= mostTries:
		return r, ErrStepUpOver, nil
	case !right:
		return r, ErrWrongDigits, nil
	}
	p, err := v.asked(ctx, s)
	if err != nil {
		return r, nil, fmt.Errorf("person: %w", err)
	}
	if answer, err = v.barred(ctx, p); err != nil || answer != nil {
		return r, answer, err
	}
	err = v.Attempts.SaveAttempt(ctx, Attempt{Bucket: p.stepUpBucket(), At: now, Outcome: Passed})
	if err != nil {
		return r, nil, fmt.Errorf("save attempt: %w", err)
	}
	if r, err = v.admit(ctx, claimant{Person: p, path: s.Path}, true); errors.Is(err, ErrSpeaksNoMore) {
		return r, ErrStepUpOver, nil
	}
	return r, nil, err
}

// barred answers ErrStepUpOver to a person who may not come in any more.
func (v *Verifier) barred(ctx context.Context, p Person) (answer, err error) {
	fits, err := v.Sessions.fits(ctx, p.AccountID, p.Speaking.Speaker())
	if err == nil && (!fits || p.shut(v.now())) {
		answer = ErrStepUpOver
	}
	return answer, err
}

// Resend sends new digits by the same channel; the old ones no longer count. It
// returns a Wait or ErrStepUpOver.
func (v *Verifier) Resend(ctx context.Context, token string) error {
	if v.blind(token) { // another code would tell that there was a first
		return ErrStepUpOver
	}
	answer, err := v.stepUp(ctx, token, v.resend)
	return errors.Join(answer, err)
}

func (v *Verifier) resend(ctx context.Context, s StepUp) (answer, err error) {
	now := v.now()
	if s.Sends >= mostSends {
		return ErrStepUpOver, nil
	}
	if free := s.SentAt.Add(betweenSends); now.Before(free) {
		return Wait{For: free.Sub(now)}, nil
	}
	p, err := v.asked(ctx, s)
	if err != nil {
		return nil, fmt.Errorf("person: %w", err)
	}
	if answer, err = v.barred(ctx, p); err != nil || answer != nil {
		return answer, err
	}
	past, err := v.Attempts.Attempts(ctx, p.stepUpBucket(), MostInARow)
	if err != nil {
		return nil, fmt.Errorf("attempts: %w", err)
	}
	if wait := sendsWait(past, now); wait > 0 {
		return Wait{For: wait}, nil
	}
	to := contact.Address(s.Channel, p.Phone, p.Email)
	digits := s.renew(v.Keys, now)
	if err := v.StepUps.SaveStepUp(ctx, s); err != nil {
		return nil, fmt.Errorf("save step-up: %w", err)
	}
	return nil, v.sendDigits(ctx, s, p, to, digits)
}

func parseDigits(typed string) (string, bool) {
	if len(typed) > maxTyped {
		return "", false
	}
	digits := joined(Plain(typed))
	return digits, len(digits) == digitsLength && strings.Trim(digits, "0123456789") == ""
}
