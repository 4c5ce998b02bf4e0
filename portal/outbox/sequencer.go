package outbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"quittance/portal/debt"
)

// SequenceBatch is how many events one transaction of the Sequencer numbers.
const SequenceBatch = 500

// Sequencer gives events their place in the feed and, per endpoint, their
// gapless sequence. One works at a time, over all processes. It numbers only
// what it can see, that is, what is committed: an event never gets a number
// below one that a reader has already passed. All fields are required.
type Sequencer struct {
	Tx    Transactor
	Store Sequence
	Now   func() time.Time
}

// Step numbers up to SequenceBatch events and returns how many; 0 also when
// another process is at it.
func (s *Sequencer) Step(ctx context.Context) (int, error) {
	waiting, err := s.Store.Unsequenced(ctx, 1)
	if err != nil || len(waiting) == 0 {
		return 0, err
	}
	count := 0
	err = s.Tx.InTx(ctx, func(ctx context.Context) error {
		last, err := s.Store.LockSequence(ctx)
		if err != nil {
			return err
		}
		events, err := s.Store.Unsequenced(ctx, SequenceBatch)
		if err != nil || len(events) == 0 {
			return err
		}
		endpoints, err := s.Store.OpenEndpoints(ctx)
		if err != nil {
			return err
		}
		numbering, err := number(last, events, endpoints, s.Now())
		if err != nil {
			return err
		}
		count = len(events)
		return s.Store.SaveNumbering(ctx, numbering)
	})
	if errors.Is(err, ErrBusy) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("number events: %w", err)
	}
	return count, nil
}

// number decides who is told what under which number.
func number(last int64, events []Event, endpoints []Endpoint, now time.Time) (Numbering, error) {
	n := Numbering{Positions: map[EventID]int64{}, Last: last, Sequences: map[EndpointID]int64{}}
	for _, e := range events {
		n.Last++
		n.Positions[e.ID] = n.Last
	}
	for _, to := range endpoints {
		sequence := to.LastSequence
		for _, e := range events {
			if !Sees(e, debt.CreditorsOf(to.CreditorRef), to.Types) {
				continue
			}
			sequence++
			body, err := Body(e, sequence, debt.CreditorsOf(to.CreditorRef))
			if err != nil {
				return Numbering{}, err
			}
			n.Deliveries = append(n.Deliveries, Delivery{
				Endpoint: to.ID, Sequence: sequence, Event: e.ID, Type: e.Type, Body: body,
				OccurredAt: e.OccurredAt, State: Pending, NextAt: now,
			})
		}
		if sequence > to.LastSequence {
			n.Sequences[to.ID] = sequence
		}
	}
	return n, nil
}
