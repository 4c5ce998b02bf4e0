package outbox

import (
	"context"
	"fmt"
	"slices"
	"time"

	"quittance/portal/debt"
)

// Overlap is how long a replaced signing secret goes on signing beside the new
// one (W7).
const Overlap = 24 * time.Hour

// Desk is where endpoints are managed. All fields are required.
type Desk struct {
	Tx       Transactor
	Store    Endpoints
	Recorder *Recorder
	Sealer   Sealer
	Client   *Client
	Now      func() time.Time
	Stamp    func() time.Time // see Deliverer.Stamp; nil is Now
	NewID    func() EndpointID
}

// NewEndpoint is what is asked for when an endpoint is made.
type NewEndpoint struct {
	URL, Description string
	CreditorRef      string
	Types            []Type
	PostsOnReceipt   bool
}

// Create makes an endpoint and returns its signing secret, which is shown this
// once. It is told of what happens from now on.
func (d *Desk) Create(ctx context.Context, n NewEndpoint) (Endpoint, string, error) {
	if err := d.Client.guard.checkURL(n.URL); err != nil {
		return Endpoint{}, "", err
	}
	if err := checkTypes(n.Types); err != nil {
		return Endpoint{}, "", err
	}
	e := Endpoint{
		ID: d.NewID(), URL: n.URL, Description: n.Description, CreditorRef: n.CreditorRef, Types: n.Types,
		Status: Active, CreatedAt: d.now(), PostsOnReceipt: n.PostsOnReceipt,
	}
	secret, err := d.addSecret(&e)
	if err != nil {
		return Endpoint{}, "", err
	}
	if err := d.Store.CreateEndpoint(ctx, e); err != nil {
		return Endpoint{}, "", fmt.Errorf("create endpoint: %w", err)
	}
	return e, secret, nil
}

// Edit changes what is not nil. Status may be set to Active, Paused or Closed.
type Edit struct {
	URL, Description *string
	Types            *[]Type
	Status           *EndpointStatus
	PostsOnReceipt   *bool
}

// Change edits an endpoint.
func (d *Desk) Change(ctx context.Context, id EndpointID, edit Edit) (Endpoint, error) {
	return d.update(ctx, id, func(ctx context.Context, e *Endpoint) error {
		if edit.URL != nil {
			if err := d.Client.guard.checkURL(*edit.URL); err != nil {
				return err
			}
			e.URL = *edit.URL
		}
		if edit.Description != nil {
			e.Description = *edit.Description
		}
		if edit.Types != nil {
			if err := checkTypes(*edit.Types); err != nil {
				return err
			}
			e.Types = *edit.Types
		}
		if edit.PostsOnReceipt != nil {
			e.PostsOnReceipt = *edit.PostsOnReceipt
		}
		if edit.Status == nil {
			return nil
		}
		return d.setStatus(ctx, e, *edit.Status)
	})
}

// Rotate gives an endpoint a new signing secret, shown this once. The old one
// goes on signing beside it for Overlap.
func (d *Desk) Rotate(ctx context.Context, id EndpointID) (Endpoint, string, error) {
	secret := ""
	e, err := d.update(ctx, id, func(_ context.Context, e *Endpoint) error {
		now := d.now()
		e.Secrets = slices.DeleteFunc(e.Secrets, func(s Secret) bool { return !s.NotAfter.IsZero() && !now.Before(s.NotAfter) })
		for i := range e.Secrets {
			if e.Secrets[i].NotAfter.IsZero() {
				e.Secrets[i].NotAfter = now.Add(Overlap)
			}
		}
		var err error
		secret, err = d.addSecret(e)
		return err
	})
	return e, secret, err
}

// Resume makes a paused or disabled endpoint active and sends it, in its own
// order, everything it has not received.
func (d *Desk) Resume(ctx context.Context, id EndpointID) (Endpoint, error) {
	return d.update(ctx, id, func(ctx context.Context, e *Endpoint) error { return d.setStatus(ctx, e, Active) })
}

// Replay sends deliveries again, each with its first webhook-id and body and a
// fresh timestamp, and returns how many.
func (d *Desk) Replay(ctx context.Context, s Selection) (int64, error) {
	var count int64
	_, err := d.update(ctx, s.Endpoint, func(ctx context.Context, _ *Endpoint) error {
		var err error
		count, err = d.Store.Requeue(ctx, s, d.now())
		return err
	})
	return count, err
}

// Test posts an endpoint.test event at once, outside any sequence, and returns
// what became of it.
func (d *Desk) Test(ctx context.Context, id EndpointID) (Attempt, error) {
	e, err := d.Store.Endpoint(ctx, id)
	if err != nil {
		return Attempt{}, err
	}
	if e.Status == Closed {
		return Attempt{}, ErrClosed
	}
	keys, err := keysAt(e, d.Sealer, d.now())
	if err != nil {
		return Attempt{}, err
	}
	event, err := d.Recorder.testEvent(e.ID)
	if err != nil {
		return Attempt{}, err
	}
	body, err := Body(event, 0, debt.AllCreditors())
	if err != nil {
		return Attempt{}, err
	}
	stamp := d.now()
	if d.Stamp != nil {
		stamp = d.Stamp()
	}
	return d.Client.post(ctx, e.URL, event.ID, body, keys, stamp, d.now()).Attempt, nil
}

// update loads, changes and saves an endpoint that is not closed.
func (d *Desk) update(ctx context.Context, id EndpointID, change func(context.Context, *Endpoint) error) (Endpoint, error) {
	var e Endpoint
	err := d.Tx.InTx(ctx, func(ctx context.Context) error {
		var err error
		if e, err = d.Store.Endpoint(ctx, id); err != nil {
			return err
		}
		if e.Status == Closed {
			return ErrClosed
		}
		if err := change(ctx, &e); err != nil {
			return err
		}
		return d.Store.SaveEndpoint(ctx, e)
	})
	return e, err
}

// setStatus moves an endpoint to a status a person may ask for.
func (d *Desk) setStatus(ctx context.Context, e *Endpoint, to EndpointStatus) error {
	from := e.Status
	if from == to {
		return nil
	}
	e.Status, e.Reason = to, ""
	switch to {
	case Active:
		e.FailingSince, e.AlertedAt, e.HoldUntil, e.Failures = time.Time{}, time.Time{}, time.Time{}, 0
		if _, err := d.Store.Requeue(ctx, Selection{Endpoint: e.ID, Undelivered: true}, d.now()); err != nil {
			return err
		}
		return d.Recorder.endpointChanged(ctx, EndpointResumed, *e)
	case Paused:
		e.Reason = "manual"
		if from == Disabled {
			return nil
		}
		return d.Recorder.endpointChanged(ctx, EndpointPaused, *e)
	case Closed:
		e.Secrets = nil
		return nil
	default:
		return ErrBadStatus
	}
}

func checkTypes(types []Type) error {
	for _, t := range types {
		if !t.Known() {
			return ErrBadType
		}
	}
	return nil
}

func (d *Desk) addSecret(e *Endpoint) (string, error) {
	secret := NewSecret()
	sealed, err := d.Sealer.Seal([]byte(secret), purpose(e.ID))
	if err != nil {
		return "", fmt.Errorf("seal signing secret: %w", err)
	}
	e.Secrets = append([]Secret{{Sealed: sealed}}, e.Secrets...)
	return secret, nil
}

func (d *Desk) now() time.Time { return d.Now().UTC().Truncate(time.Microsecond) }
