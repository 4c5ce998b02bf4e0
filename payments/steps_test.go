package payments

import (
	"errors"
	"testing"
	"time"
)

func TestAStepThatComesTooLateMovesNothing(t *testing.T) {
	t.Parallel()
	for _, s := range everyStatus {
		p := paid(s)
		open := s == Started || s == Ready
		if _, err := choose(p, "other", Details{}, noon); errors.Is(err, ErrNotNow) == open {
			t.Errorf("choose when %s: %v", s, err)
		}
		if c := lose(p, noon); c.Moved != (s == Submitting) {
			t.Errorf("lose when %s: %s", s, c.After.Status)
		}
		if c := begin(p, "pi_2", noon); c.Moved || c.After.IntentID != "pi_1" {
			t.Errorf("begin when %s with an intent: %s", s, c.After.IntentID)
		}
		if c := giveUp(p, Canceled, "", noon); c.Moved {
			t.Errorf("give up when %s with an intent", s)
		}
		p.IntentID = ""
		if c := giveUp(p, Canceled, "", noon); c.Moved != s.Holds() || c.Moved && c.After.ClosedAt.IsZero() {
			t.Errorf("give up when %s: %s", s, c.After.Status)
		}
		if c := begin(p, "pi_2", noon); c.Moved != (s == Submitting) {
			t.Errorf("begin when %s", s)
		}
	}
}

func TestAPaymentThatWasNeverSubmittedIsAsOldAsItself(t *testing.T) {
	t.Parallel()
	p := Payment{CreatedAt: noon}
	if !p.since().Equal(noon) {
		t.Errorf("since %v", p.since())
	}
	p.SubmittedAt = noon.Add(time.Minute)
	if !p.since().Equal(p.SubmittedAt) {
		t.Errorf("since %v", p.since())
	}
}
